import pytest

import stance
from stance.attribution.aliases import Lexicon
from stance.attribution.mentions import Names
from stance.schema import Document
from stance.text.parsed import parse


@pytest.fixture(scope="module")
def named(codebook):
    lexicon = Lexicon(codebook)

    def find(text):
        return [(m.span.text, m.actor, m.role) for m in Names(parse(Document("d", text)), lexicon).found]

    return find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Putin spoke.", [("Putin", "kremlin", "target")]),
        ("PUTIN spoke.", [("PUTIN", "kremlin", "target")]),
        ("The US attacked us.", [("US", "white_house", "target")]),
        ("They told us to wait.", []),
        ("He played a trump card in the kremlins.", []),
        ("The Moscow Times reported rain.", []),
        ("The Washington Post reported rain.", []),
        ("The talks took place in Moscow.", [("Moscow", "kremlin", "location")]),
        ("MOSCOW (Agency) — Rain fell.", [("MOSCOW", "kremlin", "location")]),
        ("Moscow rejected the plan.", [("Moscow", "kremlin", "target")]),
        ("He returned to Washington.", [("Washington", "white_house", "location")]),
        ("The war in Ukraine goes on.", [("Ukraine", "kyiv", "location")]),
        ("She toured a US military base.", [("US", "white_house", "attributive")]),
        ("the Russian president left.", [("the Russian president", "kremlin", "target")]),
        ("Zelenskyy and Zelensky are one.", [("Zelenskyy", "kyiv", "target"), ("Zelensky", "kyiv", "target")]),
        ("Former US President Joe Biden spoke.", [("Former US President Joe Biden", "biden", "target")]),
    ],
)
def test_names_and_their_roles(named, text, expected):
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trump met Putin. He said the talks were good.", ["white_house"]),
        ("Putin met Trump. He said the talks were good.", ["kremlin"]),
        ("Trump met Emmanuel Grégoire. Grégoire smiled. He said the talks were good.", []),
        ("The Kremlin spokesman said the talks were good.", ["kremlin"]),
        ("Trump's administration said the talks were good.", ["white_house"]),
        ("A senior Ukrainian official said the talks were good.", ["kyiv"]),
        ("A Russian opposition leader said the talks were bad.", []),
        ("A former Ukrainian official said the talks were bad.", []),
        ("An unnamed diplomat said the talks were bad.", []),
        ("Trump and Putin met. Both leaders said the talks were good.", ["kremlin", "white_house"]),
        ("Zelensky, who was not invited, said the talks were bad.", ["kyiv"]),
        ("Macron, who had warned that the talks would fail, left.", ["western_europe"]),
        ("The meeting was short. It said nothing new.", []),
        ("Zelensky said Trump was right. Later, he added that the talks were good.", ["kyiv", "kyiv"]),
        ("US President Barack Obama said the talks were good.", []),
        ("Ukrainian President Viktor Yanukovych said the talks were good.", []),
        ("Melania Trump said the talks were good.", []),
        ("The man behind the plan, Steve Witkoff, said the talks were good.", ["white_house"]),
        ("Republican Trump said the talks were good.", ["white_house"]),
        ("Eastern European leaders said the talks were good.", []),
        ("Exiled Russian officials said the talks were bad.", []),
        ("Pro-Russian officials said the talks were good.", []),
        ("A spokesman for the Ukrainian defence ministry said the talks were bad.", ["kyiv"]),
        ("Prime Minister Keir Starmer met Putin. The prime minister said the talks were bad.", ["western_europe"]),
        ("Foreign Minister Sergei Lavrov met Foreign Minister Andrii Sybiha. The minister said no more.", []),
        ("Envoy Jane Roe met Putin. The envoy said the talks were good.", []),
        ("Trump's lawyer said the talks were good.", ["white_house"]),
        ("Two of his aides met Putin. One of Trump's allies said the talks were good.", ["white_house"]),
        ("Trump left. His critics said the talks were bad.", []),
        ("Trump left. His supporters said the talks were good.", ["white_house"]),
        ("A man shot at Trump. He told police that he was sorry.", []),
        ("The suspect wrote to Putin. He said that he was sorry.", []),
        ("The river rose. Trump came. He said that it would fall.", ["white_house"]),
        ("Trump met Putin. John Smith and Bob Jones left. The two men said that rain fell.", []),
        ("The Kremlin signed a contract with Siemens. The company said that work would begin.", []),
        ("Ukraine got tanks from Rheinmetall. The manufacturer said that more would come.", []),
        ("NATO and Ukraine met. The alliance said that more would come.", ["other"]),
        ("An engineer from Moscow said that the talks were good.", []),
        ("Trump's judge said that the talks were good.", []),
        ("The US-Ukraine delegation said that the talks were good.", ["kyiv", "white_house"]),
        ("Revenue fell. Trump came. He said the talks were good.", ["white_house"]),
    ],
)
def test_whom_a_source_means(of_text, text, expected):
    sources = [s for s in of_text(text) if s.role == "source"]
    assert sorted(s.actor for s in sources if s.actor) == expected


@pytest.mark.parametrize("text", ["The dockworkers' union met.", "The dockworkers’ union met."])
def test_names_with_an_apostrophe_in_either_form(tmp_path, text):
    path = tmp_path / "codebook.yml"
    path.write_text(
        "actors: {union: {label: Union, entities: {u: {name: the dockworkers' union, aliases: []}}}}\n"
        "targets: {t: {label: T, hypotheses: {favor: ['{actor} likes it.'], against: ['{actor} hates it.']}}}\n"
    )
    assert len(list(Lexicon(stance.read_codebook(path)).find(text))) == 1


@pytest.mark.parametrize("text", ["Pu\u00adtin spoke.", "Pu\u200btin spoke.", "\ufeffVladimir\u00a0Putin spoke."])
def test_names_with_signs_that_nobody_sees(codebook, text):
    ((start, end, referent),) = Lexicon(codebook).find(text)
    assert (text[start - 1 : start].strip("\ufeff"), text[end:], referent.actor) == ("", " spoke.", "kremlin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Marko Putin, a baker, opened a shop. Putin said that bread was dear.", []),
        ("Marko Putin came. Putin said no. Vladimir Putin said that it rained. Putin said yes.", ["kremlin"] * 2),
        ("Mrs Putin said that bread was dear.", []),
        ("Putin & Co. said that bread was dear.", []),
        ("The Putin Institute said that bread was dear.", []),
        ("Putin \U0001f600 said that bread was dear.", ["kremlin"]),
    ],
)
def test_a_namesake_is_not_the_one_of_the_codebook(of_text, text, expected):
    assert [s.actor for s in of_text(text) if s.role == "source" and s.actor] == expected
