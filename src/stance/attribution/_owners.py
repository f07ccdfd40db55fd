"""Whose a quotation is: its layout says which cue it may belong to, and it belongs to one only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from stance.attribution import _cues as cues
from stance.attribution._reading import Reading
from stance.attribution.candidates import Candidate
from stance.text.quotations import Quotation, ends_sentence, has_stop, last_sign
from stance.text.spans import Offsets, trimmed

if TYPE_CHECKING:
    from spacy.tokens import Span

_STAND_FOR = frozenset("this that these those it so such be".split())
"""Words that say nothing themselves, and point to what stands before them."""


def owned(found: list[Candidate], reading: Reading) -> list[Candidate]:
    """Quotations left to the cue beside them: none goes to the subject of the next sentence, none to two."""
    kept = [f for c in found if (f := _without_strangers(c, reading)).content]
    claims: dict[Quotation, list[tuple[int, int, Candidate]]] = defaultdict(list)
    for f in kept:
        for part in f.content:
            if (q := _quotation_of(part, f, reading)) is not None:
                claims[q].append((*_closeness(f.cue[0], q, reading.parsed.text), f))
    losers = {(id(c), q) for q, of in claims.items() for c in _losers(of) if q.closed}
    if not losers:
        return kept
    parts = ((f, tuple(p for p in f.content if (id(f), _quotation_of(p, f, reading)) not in losers)) for f in kept)
    return [f if content == f.content else replace(f, content=content) for f, content in parts if content]


def _losers(claims: list[tuple[int, int, Candidate]]) -> list[Candidate]:
    """All who claim a quotation but the one that stands best beside it, and cues that run into that one's."""
    ranked = sorted(claims, key=lambda c: (*c[:2], -c[2].confidence))
    return [c for _, _, c in ranked[1:] if c.cue != ranked[0][2].cue]


def _without_strangers(found: Candidate, reading: Reading) -> Candidate:
    """A candidate without the quotations that end their sentence before its own begins."""
    cue = reading.parsed.tokens(*found.cue[0])
    if cue is None:
        return found
    kept = tuple(own for part in found.content for own in _own_part(part, found, cue, reading))
    return found if kept == found.content else replace(found, content=kept)


def _own_part(part: tuple[int, int], found: Candidate, cue: Span, reading: Reading) -> Offsets:
    """A part without such a quotation; of "“It is fine.” The mayor will sign, Ann said" the second sentence."""
    text = reading.parsed.text
    if (q := _quotation_of(part, found, reading)) is not None:
        return () if _is_before(q, cue, text) else (part,)
    quotations, own = reading.parsed.quotations, part
    for q in quotations.touching(*part):
        inside = own[0] <= q.start and q.end <= part[1] and len(set(quotations.covering(q.start, q.end))) == 1
        if inside and _opens_sentence(text[q.end : part[1]]) and _is_before(q, cue, text, apart=True):
            for rest in trimmed(text, q.end, part[1]):
                own = (own[0], q.end) if _points_back(reading.parsed.tokens(*rest)) else rest
    return (own,)


def _opens_sentence(rest: str) -> bool:
    """Whether words after a quotation begin as a sentence does."""
    first = rest.lstrip()[:1]
    return first.isupper() or first.isdigit()


def _points_back(rest: Span | None) -> bool:
    """Whether a sentence's words stand for the quotation before it: "“Taxes will fall.” *That is* what Ann said"."""
    words = [] if rest is None else [t for t in rest if t.is_alpha]
    return bool(words) and all(t.lemma_.lower() in _STAND_FOR for t in words)


def _quotation_of(part: tuple[int, int], found: Candidate, reading: Reading) -> Quotation | None:
    """The quotation that a part of a content lies in, if the cue is outside it."""
    around = [q for q in reading.parsed.quotations.covering(*part) if not q.start <= found.cue[0][0] < q.end]
    return max(around, key=lambda q: q.end - q.start, default=None)


def _is_before(q: Quotation, cue: Span, text: str, apart: bool = False) -> bool:
    """Whether a quotation closes a sentence, and the cue stands in a later one; ``apart``: words of its own with it."""
    if not q.closed or cue.start_char < q.end:
        return False
    between = text[q.end : cue.start_char]
    follows = last_sign(q, text) in ("!", "?") and _opens_sentence(between)
    answers = apart or cue.root.lemma_.lower() in cues.ANSWERING
    return ends_sentence(q, text) or has_stop(between) or (follows and answers)


class _Place(NamedTuple):
    """How a cue stands to a quotation: the lower, the closer."""

    rank: int
    distance: int


def _closeness(cue: tuple[int, int], q: Quotation, text: str) -> _Place:
    """Joined by a colon or comma, or else in the same sentence, or else apart."""
    first = cue[1] <= q.start
    between = text[cue[1] : q.start] if first else text[q.end : cue[0]]
    apart = has_stop(between) or "\n\n" in between
    inner = last_sign(q, text)
    joint = between.rstrip()[-1:] in (":", ",") if first else inner in (",", "—", "–") or between.lstrip()[:1] == ","
    return _Place(2 if apart else 0 if joint else 1, len(between))
