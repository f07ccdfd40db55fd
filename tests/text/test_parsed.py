"""A document read once: each thing a text consists of is made when it is first asked for, and never again."""

from collections import Counter

import pytest

import stance
from stance.analysis.sentences import by_sentence
from stance.analysis.terms import count_terms
from stance.attribution.segments import Segmenter, segmented
from stance.schema import Document
from stance.text import parsed as home
from stance.text.paragraphs import paragraphs
from stance.text.parsed import parse
from stance.text.quotations import find_quotations

TEXT = """“Rain will stop,” Putin said on Friday. He called it “a start”.

TRUMP: The talks were good.

Zelensky said he had doubts."""


@pytest.fixture
def made(monkeypatch):
    """How often each part of a text is made, wherever it is asked for."""
    counts = Counter()

    def counting(name, real):
        def counted(*arguments):
            counts[name] += 1
            return real(*arguments)

        return counted

    for name in ("paragraphs", "find_turns", "find_quotations", "foreign_paragraphs", "dependencies"):
        monkeypatch.setattr(home, name, counting(name, getattr(home, name)))
    # What is handed on must not be made again further down, where it could be.
    monkeypatch.setattr("stance.text.quotations.paragraphs", counting("paragraphs again", paragraphs))
    monkeypatch.setattr("stance.text.language.paragraphs", counting("paragraphs again", paragraphs))
    monkeypatch.setattr("stance.text.language.find_quotations", counting("quotations again", find_quotations))
    return counts


def test_segmenting_a_document_makes_everything_once(made, codebook):
    found = Segmenter(codebook).segment(Document("d", TEXT))
    assert {s.actor for s in found.segments} >= {"kremlin", "white_house", "kyiv"}
    assert set(made) == {"paragraphs", "find_turns", "find_quotations", "foreign_paragraphs", "dependencies"}
    assert set(made.values()) == {1}


def test_what_reads_a_text_again_takes_its_parse(made, codebook):
    (found,) = segmented([Document("d", TEXT)], codebook)
    by_sentence(found.parsed, found.segments)
    count_terms(found.segments, codebook, {"d": found.parsed})
    assert made["dependencies"] == 1


def test_a_study_parses_each_document_once(made, codebook, fake_model):
    analysis = stance.analyse([Document("d", TEXT), Document("e", TEXT)], codebook, codebook.target(), fake_model)
    list(stance.pipeline.figures(analysis))
    assert made["dependencies"] == 2


def test_parts_fit_the_text():
    parsed = parse(Document("d", TEXT))
    assert [TEXT[a:b][:5] for a, b in parsed.paragraphs] == ["“Rain", "TRUMP", "Zelen"]
    assert [TEXT[q.start : q.end] for q in parsed.quotations] == ["“Rain will stop,”", "“a start”"]
    assert [TEXT[slice(*turn.name)] for turn in parsed.turns] == ["TRUMP"]
    assert "".join(t.text_with_ws for t in parsed.doc) == TEXT
    assert not list(parsed.foreign)
