"""Rules and a tagger, which here says what each case needs."""

import pytest

from stance.attribution.aliases import Lexicon
from stance.attribution.attributions import find_attributions
from stance.attribution.consensus import Opinion
from stance.attribution.coreference import Resolver
from stance.attribution.mentions import Names
from stance.schema import Document
from stance.text.parsed import parse

TEXT = "Ann Lee said the bridge was safe after the storm. The talks, sources say, went well. Bo Sand mulled a bid."


def at(words, text=TEXT):
    return ((text.index(words), text.index(words) + len(words)),)


class Answering:
    """Says the same about every cue the rules ask about, and brings attributions of its own."""

    def __init__(self, answer=None, own=(), sure=0.77):
        self.answer, self.own, self.sure, self.agreed = answer, list(own), sure, {}

    def read(self, parsed, asked=()):
        return self.own, [self.answer and self.answer(cue) for cue in asked]

    def confidence(self, opinion, agreed):
        self.agreed[opinion.cue] = agreed
        return self.sure


def found(tagger, text=TEXT, codebook=None):
    parsed = parse(Document("d", text))
    resolver = Resolver(Names(parsed, Lexicon(codebook).at(None)))
    return {a.cue[0].text: a for a in find_attributions(parsed, resolver, tagger)}


def opinion(cue, source="Ann Lee", content="the bridge was safe", p=1.0, p_cue=1.0):
    return Opinion(cue, at(source), at(content), p_cue, p, 1.0)


@pytest.mark.parametrize(
    ("p", "p_cue", "source", "content", "expected"),
    [
        (1.0, 1.0, "Ann Lee", "the bridge was safe", ("Ann Lee", "the bridge was safe", 0.77, True)),
        (0.4, 1.0, "Ann Lee", "the bridge was safe", ("Ann Lee", "the bridge was safe after the storm", 0.77, True)),
        (1.0, 1.0, "Bo Sand", "the bridge was safe", ("Bo Sand", "the bridge was safe", 0.77, False)),
        (1.0, 1.0, "Ann Lee", "storm", ("Ann Lee", "storm", 0.77, False)),
        (1.0, 0.05, "Ann Lee", "the bridge was safe", None),
    ],
    ids=["sure and alike", "unsure: the rules' place stays", "another source", "another content", "no cue at all"],
)
def test_what_the_rules_find_is_judged(codebook, p, p_cue, source, content, expected):
    tagger = Answering(lambda cue: opinion(cue, source, content, p, p_cue) if cue == at("said") else None)
    said = found(tagger, codebook=codebook).get("said")
    if expected is None:
        assert said is None
        return
    assert (said.source[0].text, said.content[0].text, said.confidence) == expected[:3]
    assert tagger.agreed[at("said")] is expected[3]


def test_without_an_opinion_the_rules_stand(codebook):
    assert found(Answering(), codebook=codebook) == found(None, codebook=codebook) != {}


@pytest.mark.parametrize(
    ("text", "cue", "sure", "kept"),
    [
        ("Bo Sand mulled a bid.", "mulled", 0.4, True),
        ("Bo Sand mulled a bid.", "mulled", 0.39, False),
        ("“Bo Sand mulled a bid.”", "mulled", 0.9, False),
        ("Bo Sand attacked a bid.", "attacked", 0.9, False),
    ],
    ids=["sure", "not sure enough", "inside a quotation", "a deed"],
)
def test_what_only_the_tagger_finds(codebook, text, cue, sure, kept):
    own = Opinion(at(cue, text), at("Bo Sand", text), at("a bid", text), 1.0, 1.0, 1.0)
    attribution = found(Answering(own=[own], sure=sure), text, codebook).get(cue)
    assert (attribution is not None) == kept
    if attribution:
        assert (attribution.source[0].text, attribution.content[0].text) == ("Bo Sand", "a bid")
        assert attribution.confidence == sure


def test_a_relative_pronoun_stands_for_its_noun(codebook):
    text = "Cy Dole, who fears a delay, left early."
    own = Opinion(at("fears", text), at("who", text), at("a delay", text), 1.0, 1.0, 1.0)
    both = found(Answering(lambda cue: own), text, codebook), found(Answering(own=[own]), text, codebook)
    assert [a["fears"].source[0].text for a in both] == ["Cy Dole"] * 2


def test_what_stands_inside_another_statement_is_the_rules_own(codebook):
    text = "Ann Lee said that Bo Sand believes that the bridge is safe, and mulled a bid."
    own = Opinion(at("mulled", text), at("Bo Sand", text), at("a bid", text), 1.0, 1.0, 1.0)
    nothing = Opinion(at("said", text), (), (), 0.0, 0.0, 0.0)
    sure = Opinion(at("said", text), at("Ann Lee", text), at(text[13:-1], text), 1.0, 1.0, 1.0)
    nested = found(Answering(lambda cue: nothing, [own]), text, codebook)
    assert list(nested) == ["believes"] and nested["believes"].source[0].text == "Bo Sand"
    kept = found(Answering(lambda cue: sure if cue == at("said", text) else nothing, [own]), text, codebook)
    assert list(kept) == ["said", "believes"]


def test_what_stands_inside_a_statement_only_the_tagger_finds_is_kept(codebook):
    text = "Ann Lee mulled that Bo Sand believes that the bridge is safe."
    own = Opinion(at("mulled", text), at("Ann Lee", text), at(text[15:-1], text), 1.0, 1.0, 1.0)
    nested = found(Answering(lambda cue: Opinion(cue, (), (), 0.0, 0.0, 0.0), [own]), text, codebook)
    assert list(nested) == ["mulled", "believes"]
    assert nested["believes"].parent == nested["mulled"].id


def test_an_opinion_without_a_source_leaves_the_source_alone(codebook):
    tagger = Answering(
        lambda cue: Opinion(cue, (), at("the bridge was safe"), 1.0, 0.9, 0.9) if cue == at("said") else None
    )
    assert found(tagger, codebook=codebook)["said"].source[0].text == "Ann Lee"
