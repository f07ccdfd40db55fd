"""Words that the layout gives to a speaker: items of a list, and headlines that end in a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from stance.attribution import _cues as cues
from stance.attribution._reading import Reading
from stance.attribution.candidates import Candidate
from stance.text.paragraphs import item_words
from stance.text.spans import Offsets

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_CONFIDENCE = 0.8
"""Below that of a turn, whose label stands beside its words: no marked set has lists or headlines."""
_LONGEST_HEADLINE = 20
"""Words; headlines of newspapers have fewer (Dor 2003 finds 10 at most to be the rule)."""
_LONGEST_NAME = 5
"""Words behind the colon of a headline: a name with its title."""
_POINTS = cues.OF_SPEECH | frozenset(
    "point term condition item goal principle step measure commitment objective aim reason list question".split()
)
"""Nouns for what a list may hold that somebody says: "three demands", "her terms"."""
_INTRODUCING = frozenset(
    "list set lay give name present make issue outline have raise put offer publish follow".split()
)
"""Verbs by which, with one of these nouns, somebody's list is introduced."""
_HEADLINE = re.compile(r"(?P<said>[^\n:]{3,160}):[ \t]+(?P<name>[^\n:]{2,60})$")


def listed(found: Sequence[Candidate], reading: Reading) -> Iterator[Candidate]:
    """Each item of a list that follows a sentence or heading which gives it to somebody.

    Parameters
    ----------
    found
        What is attributed already: an item that says itself who speaks keeps its speaker.
    reading
        The document.
    """
    parsed = reading.parsed
    head: tuple[Token, Offsets] | None = None
    taken = [place for f in found for place in (*f.cue, *(p for p in f.content if reading.quotations.covers(*p)))]
    turns = [place for turn in reading.turns for place in turn.content]
    for start, end in parsed.paragraphs:
        words = item_words(parsed.text, start, end)
        if words is None:
            head = _speaker_of(parsed.tokens(start, end), parsed.text[end - 1] == ":", reading)
        elif head is not None and not any(words[0] <= a and b <= words[1] for a, b in (*taken, *turns)):
            source, cue = head
            content = (words[0], words[1] - (parsed.text[words[1] - 1] in ".;,"))
            yield Candidate(source, cue, (content,), _CONFIDENCE)


def _speaker_of(head: Span | None, opens: bool, reading: Reading) -> tuple[Token, Offsets] | None:
    """Who, by the words before a list, says what is in it, and by which of them."""
    if head is None:
        return None
    names = [t for t in head if reading.resolver.names.mention_at(t)]
    points = [t for t in head if t.lemma_.lower() in _POINTS and t.pos_ in ("NOUN", "PROPN")]
    if opens:
        for token in names:
            verb = token.head
            if token.dep_ == "nsubj" and (
                verb.lemma_.lower() in cues.VERBS or (points and verb.lemma_.lower() in _INTRODUCING)
            ):
                return token, ((verb.idx, verb.idx + len(verb)),)
            if token.dep_ == "pobj" and token.head.lower_ == "to" and token.head.head.lower_ == "according":
                return token, ((token.head.head.idx, token.head.idx + 2),)
        if names and len(names) == len([t for t in head if t.is_alpha]):  # a name and a colon
            return names[-1], ((head.end_char - 1, head.end_char),)
    if any(t.pos_ in ("VERB", "AUX") for t in head):
        return None
    owned = [t for t in names if t.dep_ == "poss" or (t.dep_ == "pobj" and t.head.lower_ in ("of", "by", "from"))]
    if owned and points:
        return owned[0], ((points[-1].idx, points[-1].idx + len(points[-1])),)
    return None


def headlines(reading: Reading) -> Iterator[Candidate]:
    """ "Ceasefire will hold: Varga": what stands before the colon is said by whom the line ends with.

    Parameters
    ----------
    reading
        The document.
    """
    parsed = reading.parsed
    for start, end in parsed.paragraphs:
        match = _HEADLINE.fullmatch(parsed.text, start, end)
        if match is None or parsed.text[end - 1] in ".!?" or len(match["said"].split()) > _LONGEST_HEADLINE:
            continue
        name = parsed.tokens(*match.span("name"))
        if name is None or len(name) > _LONGEST_NAME or match["name"][0].islower():
            continue
        mentions = [t for t in name if reading.resolver.names.mention_at(t)]
        said = parsed.tokens(*match.span("said"))
        if mentions and said is not None and len(said) > 2 and name[-1] in mentions:
            colon = match.end("said")
            yield Candidate(mentions[-1], ((colon, colon + 1),), (match.span("said"),), _CONFIDENCE)
