"""What statements take sides on: signs in the grammar, groups of phrases, and nothing that depends on the order."""

import pytest

import stance
from stance.analysis._sides import SIGNS, signs_on
from stance.columns import SUGGESTION
from stance.schema import Document
from stance.text.parsed import parse
from tests.support.folders import folder_of

SIDES = (
    ("The union rejected the tram.", "tram", "position"),
    ("The tram was welcomed by the union.", "tram", "position"),
    ("The union fears the tram.", "tram", "position"),
    ("The union voiced strong opposition to the tram.", "tram", "position"),
    ("The union is in favor of the tram.", "tram", "position"),
    ("The union called for a tram.", "tram", "position"),
    ("They marched against the tram.", "tram", "position"),
    ("The union welcomed the end of the ban.", "ban", "position"),
    ("The union opposes the tram and the tunnel.", "tunnel", "position"),
    ("The fees should be lowered.", "fees", "ought"),
    ("We must build the tram.", "tram", "ought"),
    ("We have to stop the tram.", "tram", "ought"),
    ("The ban must end.", "ban", "ought"),
    ("The tram is a disaster.", "tram", "judged"),
    ("The union called the tram a monument.", "tram", "judged"),
    ("The union described the tram as reckless.", "tram", "judged"),
    ("The tax would hurt small shops.", "tax", "judged"),
    # no side
    ("The union read a report.", "report", ""),
    ("The union spoke about the tram.", "tram", ""),
    ("The tram is red.", "tram", ""),
    ("The union urged the mayor to resign.", "mayor", ""),
    ("The mayor must build a tram.", "mayor", ""),
    ("The hat protects against the sun.", "sun", ""),
    ("We need the support of the mayor.", "mayor", ""),
    ("They called for an hour and left in case of fire.", "fire", ""),
    ("The union called the tram a disaster.", "disaster", ""),
)


@pytest.mark.parametrize(("text", "noun", "sign"), SIDES)
def test_signs(text, noun, sign):
    (found,) = (token for token in parse(Document("d", text)).doc if token.text == noun)
    assert signs_on(found) == ((sign,) if sign else ())
    assert not sign or sign in SIGNS


TOWN = (
    "Putin rejected the harbor tunnel. Trump said that the tunnel was a disaster. Zelensky welcomed the tunnel. "
    "Trump said that the parking fees must be lowered. Putin said that Trump read a report. The tunnel was a disaster."
)


def suggested(codebook, *texts, **options):
    segments = stance.segment([Document(f"d{i}", text) for i, text in enumerate(texts)], codebook)
    return stance.suggest_targets(segments, codebook, **options)


def test_phrases_are_grouped_and_counted_by_statement(codebook):
    found = suggested(codebook, TOWN)
    assert list(found.columns) == list(SUGGESTION)
    tunnel, fees = found.to_dict("records")  # nobody takes a side on the report, and the narrator is nobody quoted
    assert (tunnel["statements"], tunnel["said"], tunnel["texts"], tunnel["actors"]) == (3, 3, 1, 3)
    assert tunnel["phrases"] == "tunnel 2; harbor tunnel 1" and tunnel["signs"] == "position 2; judged 1"
    assert tunnel["examples"].count(" | ") == 2 and "Volodymyr Zelensky: " in tunnel["examples"]
    assert (fees["suggestion"], fees["signs"], fees["statements"]) == ("parking fees", "ought 1", 1)
    assert len(suggested(codebook, TOWN, most=1)) == 1


def test_neither_the_order_of_texts_nor_a_copy_of_one_changes_anything(codebook):
    other = "Putin opposed the new stadium in the north of the town. Trump called for a stadium."
    found = suggested(codebook, TOWN, other)
    segments = stance.segment([Document("d1", other), Document("d0", TOWN)], codebook)
    assert stance.suggest_targets(segments, codebook).equals(found)
    copied = suggested(codebook, TOWN, other, TOWN)
    assert copied.equals(found)
    several = suggested(codebook, TOWN, TOWN + " Zelensky praised the tall lighthouse. " + other)
    assert several.set_index("suggestion")["texts"]["tunnel"] == 2


def test_what_the_codebook_has_is_known_and_its_actors_are_no_targets(codebook):
    found = suggested(codebook, "Trump said that Putin was a disaster. Putin rejected the talks with Kyiv.")
    assert found[["suggestion", "known"]].to_numpy().tolist() == [["talks", "peace_talks"]]


def test_what_is_not_stated_takes_no_side(codebook):
    assert suggested(codebook, "Putin did not say that the tunnel was a disaster.").empty
    assert suggested(codebook, "The tunnel was a disaster.").empty
    assert list(stance.suggest_targets([], codebook).columns) == list(SUGGESTION)


def test_a_bar_in_a_text_parts_no_examples(codebook):
    found = suggested(codebook, "Putin said that the tunnel | road was a disaster.")
    assert " | " not in "".join(found["examples"])


@pytest.fixture
def made(tmp_path, codebook, fake_model):
    text = Document("d", TOWN)
    stance.run([text], codebook, codebook.target(), fake_model, tmp_path / "run")
    return tmp_path / "run"


def test_on_the_command_line(made, capsys, tmp_path):
    from tests.cli.test_cli import stance_command

    before = (made / "codebook.yml").read_bytes()
    code, said, err = stance_command("targets", made, capsys=capsys)
    assert code == 0, err
    assert "1. tunnel: 3 of 3 statements on it take a side, by 3 actors in 1 text (position 2; judged 1)" in said
    assert "no finding" in err
    listed = (made / "tables/targets.csv").read_text(encoding="utf-8-sig").splitlines()
    assert listed[0].startswith("suggestion,phrases") and len(listed) == 3
    assert stance.check(made) == [] and (made / "codebook.yml").read_bytes() == before
    code, said, _ = stance_command("targets", made, "--most", 1, "-o", tmp_path / "t.csv", capsys=capsys)
    assert code == 0 and len((tmp_path / "t.csv").read_text().splitlines()) == 2
    assert stance_command("report", made, capsys=capsys)[0] == 0


def test_of_many_texts_some_are_drawn_and_it_says_so(tmp_path, codebook, fake_model, capsys):
    from tests.cli.test_cli import stance_command

    texts = [
        Document(f"d{i}", f"Putin rejected the {name} tunnel.") for i, name in enumerate(("north", "south", "west"))
    ]
    stance.run(texts, codebook, codebook.target(), fake_model, tmp_path / "run")
    command = ("targets", tmp_path / "run", "--texts", 2, "-o", tmp_path / "t.csv")
    code, said, err = stance_command(*command, capsys=capsys)
    assert code == 0 and "2 of 3 texts with statements were read, drawn at random (seed 0)" in err
    assert stance_command(*command, capsys=capsys)[1] == said


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (lambda made: [made.parent], "is no results folder"),
        (lambda made: [made.parent / "none"], "none is no folder"),
        (lambda made: [made / "scores/stance.csv"], "is no folder. Give one"),
        (lambda made: [made, "-o", made.parent / "t.txt"], "must be a .csv file"),
        (lambda made: [made, "-o", made / "t.csv"], "would be read as a text"),
        (lambda made: [(made / "segments.jsonl").unlink() or made], "has no segments.jsonl"),
    ],
)
def test_faults_are_one_sentence(made, given, sentence, capsys):
    from tests.cli.test_cli import stance_command

    code, _, err = stance_command("targets", *given(made), capsys=capsys)
    assert code == 2 and sentence in " ".join(err.split()) and "Traceback" not in err


def test_a_folder_without_statements_says_so(tmp_path, codebook, fake_model, capsys):
    from tests.cli.test_cli import stance_command

    stance.run([Document("d", "Kyiv was not invited.")], codebook, codebook.target(), fake_model, tmp_path / "run")
    code, said, _ = stance_command("targets", tmp_path / "run", capsys=capsys)
    assert code == 0 and "No statement shows a sign of taking a side" in said
    by_hand = folder_of(tmp_path / "old")  # its manifest lists no codebook
    code, _, err = stance_command("targets", by_hand, capsys=capsys)
    assert code == 2 and "keeps no codebook" in err
