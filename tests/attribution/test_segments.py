import json

import pytest

import stance
from stance.results.records import segments_jsonl
from stance.schema import Document

KEYS = [
    "id", "document", "role", "actor", "entity", "voice", "spans", "kind", "cue", "source", "source_text",
    "parent", "confidence", "text", "status",
]  # fmt: skip


def test_a_line_carries_the_contract(sample_segments):
    for segment in sample_segments:
        row = json.loads(segments_jsonl([segment]))
        assert list(row) == KEYS
        text = segment.document.text
        assert [text[a:b] for a, b in row["spans"]] == [s.text for s in segment.spans]


def test_words_in_a_quotation_are_not_the_narrators(of_text):
    mentions = {
        s.entity: s.voice
        for s in of_text("Putin left early. Trump said that Zelensky was late.")
        if s.role == "mention"
    }
    assert mentions == {"Vladimir Putin": "narrator", "Volodymyr Zelensky": "white_house"}


def test_words_of_an_unknown_speaker_have_no_voice(of_text):
    (mention,) = [s for s in of_text("A farmer said that Zelensky was late.") if s.role == "mention"]
    assert mention.voice is None


def test_a_mention_is_its_clause(of_text):
    (mention,) = [s for s in of_text("The rain fell, and Zelensky left the room.") if s.role == "mention"]
    assert mention.text == "Zelensky left the room"


def test_nobody_says_he_of_himself(of_text):
    segments = of_text("Trump met Zelensky. “He wants all of it,” Trump said.")
    assert not [s for s in segments if s.role == "mention" and s.voice == "white_house" and s.entity == "Donald Trump"]


def test_places_and_modifiers_are_no_mentions(of_text):
    assert of_text("The war in Ukraine goes on near a US base.") == []


def test_a_pronoun_is_replaced_in_the_premise_only(of_text):
    from stance.scoring.measures import question

    (source,) = [s for s in of_text("Trump arrived late. He said that the talks were good.") if s.role == "source"]
    assert source.source[0].text == "He"
    assert question(source, None, "", {}).premise == "Donald Trump said that the talks were good."


def test_every_camp_of_the_article_is_found(sample_segments):
    speaking = {s.actor for s in sample_segments if s.role == "source"}
    assert speaking - {"other"} == {"kremlin", "white_house", "kyiv", "western_europe", "biden"}


def test_documents_do_not_touch_each_other(codebook):
    one, two = Document("one", "Putin said that rain fell."), Document("two", "Trump said that snow fell.")
    together = stance.segment([one, two], codebook)
    assert together == stance.segment([one], codebook) + stance.segment([two], codebook)


GERMAN = "Putin sagte am Freitag in Alaska, dass die Gespräche nützlich gewesen seien und weitergehen würden."


def test_a_text_that_is_not_english_is_left_out_with_a_sentence(codebook):
    documents = [Document("deutsch", GERMAN), Document("d", "Putin said that rain fell.")]
    with pytest.warns(UserWarning, match="left out: deutsch, which seems to be written in 'de'"):
        segments = stance.segment(documents, codebook)
    assert {s.document.id for s in segments} == {"d"}


@pytest.mark.parametrize(
    "text",
    [
        "PUTIN SAID THAT THE TALKS HAD BEEN USEFUL AND THAT HE WOULD COME BACK TO ALASKA.",
        "Рutin sаid thаt the tаlks hаd been useful, and that he would come back to Alaska.",
        "Putin said: «Les pourparlers étaient utiles.» He then left for the airport, and the press went home.",
        "Putin\u200f said that\u202e the talks\u2066 had been useful and would be held again within the week.",
        "Putin said that \x01 the talks \x00 had been useful and would be held again within the week",
        "“Putin said 'that «the talks” had been „useful’ and would be held again within the week",
        "No sentence ends here and " * 200 + "Putin said that the talks were good",
    ],
)
def test_odd_english_is_read_as_it_stands(of_text, text):
    for segment in of_text(text):
        assert all(text[s.start : s.end] == s.text for s in (*segment.spans, *segment.source, *segment.cue))


def test_paragraphs_in_another_language_are_left_out_and_the_others_read(codebook):
    text = f"Putin said that rain fell.\n\n{GERMAN}\n\n“Les pourparlers étaient très utiles pour la paix,” Trump said."
    with pytest.warns(UserWarning, match="left out: 1 paragraph of d, which seems to be written in 'de'"):
        segments = stance.segment([Document("d", text)], codebook)
    assert [s.actor for s in segments if s.role == "source"] == ["kremlin", "white_house"]
    assert not [s for s in segments if s.role == "mention"]
