"""Items of a list that a sentence or heading above them gives to a speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from stance.attribution import _cues as cues
from stance.attribution._reading import Reading
from stance.attribution.candidates import Candidate
from stance.attribution.coreference import Resolver
from stance.text.paragraphs import item_words
from stance.text.spans import Offsets

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_CONFIDENCE = 0.8
"""Below that of a turn, whose label stands beside its words: no marked set has lists."""
_POINTS = cues.OF_SPEECH | frozenset(
    "point term condition item goal principle step measure commitment objective aim reason list question".split()
)
"""Nouns for what a list may hold that somebody says: "three demands", "her terms"."""
_ANYTHING = frozenset("thing following this these".split())
_INTRODUCING = frozenset(
    "list set lay give name present make issue outline have raise put offer publish follow send submit table".split()
)
"""Verbs by which, with one of these nouns, somebody's list is introduced."""
_TAIL = re.compile(r"[;,]?\s*\b(?:and|or)$|[.;,]$")
"""What ties an item to the next one: "lower fares; and"."""


def listed(found: Sequence[Candidate], reading: Reading) -> Iterator[Candidate]:
    """Each item of a list that follows a sentence or heading which gives it to somebody.

    Items inside an item that ends with a colon and names a speaker are that
    speaker's; other inner items are whose the outer ones are.

    Parameters
    ----------
    found
        What is attributed already: an item that says itself who speaks keeps its speaker.
    reading
        The document.
    """
    parsed = reading.parsed
    taken = [place for f in found for place in (*f.cue, *(p for p in f.content if reading.quotations.covers(*p)))]
    taken += [place for turn in reading.turns for place in turn.content]
    heads: list[tuple[int, tuple[Token, Offsets] | None]] = []
    above: tuple[int, int] | None = None
    for start, end in parsed.paragraphs:
        words = item_words(parsed.text, start, end)
        if words is None:
            above, heads = (start, end), []
            continue
        if above is not None:
            heads = [(-1, speaker_of(parsed.tokens(*above), reading.resolver))]
            above = None
        indent = start - parsed.text.rfind("\n", 0, start)
        heads = [h for h in heads if h[0] < indent]
        own = speaker_of(parsed.tokens(*words), reading.resolver) if parsed.text[end - 1] == ":" else None
        head = heads[-1][1] if heads else None
        if own is not None:
            heads.append((indent, own))
        elif head is not None and not any(words[0] <= a and b <= words[1] for a, b in taken):
            source, cue = head
            yield Candidate(source, cue, (_without_tail(parsed.text, *words),), _CONFIDENCE)


def _without_tail(text: str, start: int, end: int) -> tuple[int, int]:
    tail = _TAIL.search(text, start, end)
    return start, tail.start() if tail and tail.start() > start else end


def speaker_of(head: Span | None, resolver: Resolver) -> tuple[Token, Offsets] | None:
    """Who, by the words before a list or block, says what is in it, and by which of them.

    Parameters
    ----------
    head
        The paragraph above.
    resolver
        Whom its expressions mean.
    """
    sentences = [] if head is None else list({t.sent.start: t.sent for t in head if t.is_alpha}.values())
    if head is None or not sentences:
        return None
    last = sentences[-1]
    if len(sentences) > 1 and last[0].lower_ in ("they", "these", "those") and last.root.lemma_ == "be":
        last = sentences[-2]  # "Ann has three demands. They are:"
    words = [t for t in last if head.start_char <= t.idx < head.end_char and not t.is_space]
    opens = head.text.rstrip().endswith(":")
    points = [t for t in words if t.lemma_.lower() in _POINTS and t.pos_ in ("NOUN", "PROPN")]
    speakers = [t for t in words if resolver.resolve(t)]
    if opens:
        for token in speakers:
            if (cue := _cue_of(token)) is not None:
                return token, cue
        if speakers and all(resolver.names.mention_at(t) for t in words if t.is_alpha):  # a name and a colon
            return speakers[-1], ((head.end_char - 1, head.end_char),)
    if any(t.pos_ in ("VERB", "AUX") and t.lemma_ not in ("be", "follow") for t in words if t.dep_ != "acl"):
        return None
    owners = [t for t in speakers if t.dep_ == "poss" or (t.dep_ == "pobj" and t.head.lower_ in ("of", "by", "from"))]
    owned = [(t, p) for t in owners for p in points if _belongs(t, p)]
    return next(((t, ((p.idx, p.idx + len(p)),)) for t, p in owned), None)


def _belongs(owner: Token, point: Token) -> bool:
    """Whether a point is somebody's: "her terms", "the terms of the union"."""
    return any(a.i == point.i for a in owner.ancestors)


def _cue_of(speaker: Token) -> Offsets | None:
    """The words by which a sentence that ends with a colon introduces what somebody says."""
    verb = speaker.head
    if speaker.dep_ == "pobj" and verb.lower_ == "to" and verb.head.lower_ == "according":
        return ((verb.head.idx, verb.idx + len(verb)),)
    if speaker.dep_ == "pobj" and verb.lower_ == "by" and verb.dep_ == "agent":  # "demands made by Ann"
        things = [verb.head.head, *(c for c in verb.head.children if c.dep_ == "nsubjpass")]
        made = verb.head.lemma_.lower() in _INTRODUCING | cues.SPEECH | cues.OBJECT
        return _place(verb.head) if made and any(is_point(t) for t in things) else None
    return _place(verb) if speaker.dep_ == "nsubj" and _introduces(verb) else None


def _introduces(verb: Token) -> bool:
    """ "Ann said", "Ann made three demands", "Ann asked for", and no "Ann knows three languages"."""
    lemma = verb.lemma_.lower()
    rights = [c for c in verb.rights if c.dep_ in ("dobj", "prep", "prt", "ccomp", "xcomp", "dative")]
    things = [t for c in rights for t in (c, *c.conjuncts, *(g for g in c.children if g.dep_ == "pobj"))]
    if any(is_point(t) for t in things):
        return lemma in cues.VERBS or lemma in _INTRODUCING
    asks = any(c.dep_ in ("prep", "prt") and c.lower_ in cues.PREPOSITIONS.get(lemma, ()) for c in rights)
    if lemma in cues.INFINITIVE or asks:
        return True
    return lemma in cues.SPEECH | cues.OBJECT and not any(c.dep_ == "dobj" and c.pos_ == "NOUN" for c in rights)


def is_point(token: Token) -> bool:
    """A noun for what is said, "the following", or a bare number: "three things", "the following three".

    Parameters
    ----------
    token
        Any token of a parse.
    """
    return token.lemma_.lower() in _POINTS | _ANYTHING or (token.pos_ == "NUM" and token.dep_ == "dobj")


def _place(token: Token) -> Offsets:
    return ((token.idx, token.idx + len(token)),)
