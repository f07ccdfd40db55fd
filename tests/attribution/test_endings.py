"""Where a content ends: with the phrase that it breaks off in, and without a conjunction left over."""

import pytest

import stance
from stance.attribution._completed import completed
from stance.attribution._reading import Reading
from stance.attribution.aliases import Lexicon
from stance.attribution.candidates import Candidate
from stance.attribution.coreference import Resolver
from stance.attribution.mentions import Names
from stance.schema import Document
from stance.text.parsed import parse

BOOK = stance.read_codebook()


@pytest.mark.parametrize(
    ("text", "broken", "whole"),
    [
        ("Putin said the ferry would run in the spring.", "the ferry would run in the", "the ferry would run in the spring"),
        ("Putin praised the nurses and went home.", "the nurses and", "the nurses"),
        ("Putin praised the nurses and the cooks of the town.", "the nurses", "the nurses and the cooks of the town"),
        ("Putin praised the nurses and the cooks of the town.", "the nurses and", "the nurses and the cooks of the town"),
        ("Putin stressed the importance of cleaning the river and planting trees along it.", "the importance of cleaning the river", "the importance of cleaning the river and planting trees along it"),
        ("Putin said that the roof leaked and that the school would close in May.", "that the roof leaked", "that the roof leaked and that the school would close in May"),
        ("Putin described three old demands: slow trains, late buses and closed roads.", "three old demands", "three old demands: slow trains, late buses and closed roads"),
        ("Putin praised the nurses who stayed all night.", "the nurses", "the nurses who stayed all night"),
        ("Putin praised the nurses, who stayed all night.", "the nurses", "the nurses"),
        ("Putin described the hall: a gallery, a stage and two doors.", "the hall", "the hall"),
        ("Putin praised the nurses.", "the nurses", "the nurses"),
        ("Putin praised the nurses, the mayor left.", "the nurses", "the nurses"),
    ],
)  # fmt: skip
def test_contents_end_where_a_phrase_ends(text, broken, whole):
    parsed = parse(Document("d", text))
    reading = Reading(parsed, Resolver(Names(parsed, Lexicon(BOOK))), None, (), parsed.quotations)
    start, cue = text.index(broken), parsed.doc[1]
    found = Candidate(parsed.doc[0], ((cue.idx, cue.idx + len(cue)),), ((start, start + len(broken)),), 0.9)
    (made,) = completed([found], reading)
    assert [text[a:b] for a, b in made.content] == [whole]


@pytest.mark.parametrize(
    ("text", "actor", "content"),
    [
        ("Trump criticized Biden for what he described as policy failures that fueled the war.", "white_house", "policy failures that fueled the war"),
        ("Trump and Macron reaffirmed the importance of continued support for Ukraine and imposing costs on Russia.", "white_house", "the importance of continued support for Ukraine and imposing costs on Russia"),
        ("Putin described three proposals: lowering fares and closing the pier.", "kremlin", "three proposals: lowering fares and closing the pier"),
    ],
)  # fmt: skip
def test_what_is_said_is_whole(of_text, text, actor, content):
    assert (actor, content) in {(s.actor, s.text) for s in of_text(text) if s.role == "source"}
