"""Contents end where a phrase ends: what breaks off in the middle is completed, a conjunction left over is cut."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stance.attribution._lists import is_point
from stance.attribution._pointing import pointed_to
from stance.attribution._reading import Reading
from stance.attribution.candidates import Candidate
from stance.text.spans import Intervals

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_OPENING = frozenset("det amod compound nummod poss nmod aux auxpass neg quantmod".split())
"""Dependencies of words that wait for the one they belong to: "the", "past three"."""
_NOMINAL = ("NOUN", "PROPN", "PRON", "NUM")
_NEAR = 12
"""Tokens within which a coordinated phrase has its head: a bound against parses that go wrong, not measured."""


def completed(found: list[Candidate], reading: Reading) -> list[Candidate]:
    """Contents up to the end of what is said.

    What is added never holds another cue: there, somebody may begin to say something else.
    """
    cues = Intervals((*part, f) for f in found for part in f.cue)
    whole = [_completed(_without_hearer(f, reading), reading, cues) for f in found]
    return [p for f in whole if (p := pointed_to(f, whole, reading)) is not None]


def _completed(found: Candidate, reading: Reading, cues: Intervals[Candidate]) -> Candidate:
    if not found.content:
        return found
    *before, (start, end) = found.content
    tokens = reading.parsed.tokens(start, end)
    if tokens is None or reading.quotations.covers(end - 1, end):
        return found
    first, last = tokens[0], tokens[-1]
    while last.i > first.i and _is_left_over(last):
        last = last.nbor(-1)
    while (further := _further(first, last)) is not None:
        more = last.doc[last.i + 1 : further.i + 1]
        if cues.touches(more.start_char, more.end_char) or (found.source is not None and found.source in more):
            break
        last = further
    ends = last.idx + len(last)
    return found if last == tokens[-1] else replace(found, content=(*before, (start, ends)))


def _without_hearer(found: Candidate, reading: Reading) -> Candidate:
    """ "Was clear with *Ann that* the dam would hold": who is told is no part of what she is told."""
    if not found.content or not found.cue:
        return found
    cue, (start, end) = reading.parsed.tokens(*found.cue[-1]), found.content[0]
    content = reading.parsed.tokens(start, end)
    if cue is None or content is None or cue[-1].pos_ != "ADP":
        return found
    hearer = next((c for c in cue[-1].children if c.dep_ == "pobj" and c.left_edge.i == content[0].i), None)
    after = None if hearer is None or hearer.right_edge.i + 1 >= content.end else hearer.right_edge.nbor()
    if after is None or after.lower_ != "that" or after.dep_ != "mark":
        return found
    return replace(found, content=((after.idx, end), *found.content[1:]))


def _is_left_over(last: Token) -> bool:
    """Whether a content ends with "and", or a comma and "and"."""
    return last.pos_ == "CCONJ" or (last.is_punct and last.nbor(-1).pos_ == "CCONJ") or last.text == ","


def _further(first: Token, last: Token) -> Token | None:
    """The last token of what belongs to a stretch still and stands right behind it; None where it is whole."""
    sentence = last.sent
    if last.i + 1 >= sentence.end:
        return None
    if last.dep_ in _OPENING and last.i < last.head.i < sentence.end:
        return last.head
    behind = last.doc[last.i + 1 : sentence.end]
    if (clause := _restricting(last)) is not None:
        return clause.right_edge
    return _coordinated(first, last, behind) or (_listed(behind) if is_point(last) else None)


def _restricting(last: Token) -> Token | None:
    """ "Failures *that fueled the war*": the verb of a relative clause without a comma, whatever a parse ties it to."""
    opener = last.nbor()
    clause = opener.head
    relative = opener.lower_ in ("that", "which", "who") and opener.dep_ in ("nsubj", "nsubjpass", "dobj")
    noun = last.pos_ in ("NOUN", "PROPN")
    return clause if relative and noun and clause.left_edge == opener and clause.dep_ in ("relcl", "advcl") else None


def _coordinated(first: Token, last: Token, behind: Span) -> Token | None:
    """ "… sanctions *and synchronizing the efforts*": what a conjunction ties to a word inside."""
    for token in behind[:_NEAR]:
        if token.dep_ == "conj" and first.i <= token.head.i <= last.i < token.left_edge.i:
            between = behind[: token.left_edge.i - behind.start]
            tied = any(t.pos_ == "CCONJ" for t in between) and all(
                t.pos_ in ("CCONJ", "ADV") or t.text == "," for t in between
            )
            return token.right_edge if tied and _are_alike(token, token.head) else None
    return None


def _are_alike(token: Token, head: Token) -> bool:
    """Whether two words are coordinated by their form as well; parses often tie a second cue to the first content."""
    if any(c.dep_ == "mark" and c.lower_ == "that" for c in token.children):
        return True
    if token.tag_ == "VBG":
        return head.tag_ == "VBG" or head.pos_ in _NOMINAL
    return token.tag_ == head.tag_ == "VB" or (token.pos_ in _NOMINAL and head.pos_ in _NOMINAL)


def _listed(behind: Span) -> Token | None:
    """ "… three conditions*: a free election and an open border*": what a colon lists, to the sentence's end."""
    if behind[0].text != ":" or len(behind) < 3 or not (behind[1].is_lower or behind[1].is_digit):
        return None
    words = [t for t in behind if not t.is_punct and not t.is_space]
    return words[-1] if any(t.dep_ == "conj" for t in words) else None
