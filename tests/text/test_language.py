"""In which language a paragraph is."""

import pytest

from stance.text import language
from stance.text.language import foreign_paragraphs

ENGLISH = (
    "The ferry company said that the new timetable would cut the journey from the island by half, and that the "
    "harbour had been told of it in May."
)
FOREIGN = {
    "nl": "De krant The Guardian schreef dat de minister of zijn woordvoerder met de vissers had gesproken over de haven.",
    "de": "Der Kapitän sagte dem Sender, das Lied The Sound of Silence and other songs habe an Bord niemand gehört.",
    "da": "Avisen The Times skrev, at ministeren ville have en ny færge til øen, og at beboerne havde ventet længe nok.",
}


def test_plain_english_needs_no_closer_look(monkeypatch):
    monkeypatch.setattr(language, "_identifier", None)  # asked for a language, it would fail
    assert foreign_paragraphs(ENGLISH) == []


@pytest.mark.parametrize("expected", FOREIGN)
def test_english_names_make_no_foreign_paragraph_english(expected):
    text = FOREIGN[expected]
    assert foreign_paragraphs(text) == [(0, len(text), expected)]
    below = f"{ENGLISH}\n\n{text}\n\n{ENGLISH}"
    assert [text for _, _, text in foreign_paragraphs(below)] == [expected]
