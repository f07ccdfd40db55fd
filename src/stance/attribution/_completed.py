"""Contents end where a phrase ends: what breaks off in the middle is completed, a conjunction left over is cut."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stance.attribution._lists import is_point
from stance.attribution._pointing import pointed_to
from stance.attribution._reading import Reading
from stance.attribution.candidates import Candidate
from stance.text.spans import Intervals, Offsets

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_OPENING = frozenset("det amod compound nummod poss nmod aux auxpass neg quantmod".split())
"""Dependencies of words that wait for the one they belong to: "the", "past three"."""
_NOMINAL = ("NOUN", "PROPN", "PRON", "NUM")
_LEFT_OUT = 2
"""Words that a tagger may leave out in the middle of a content: an article and a comma. Not measured."""
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
    found = replace(found, content=_closed_up(found, reading, cues))
    *before, (start, end) = found.content
    tokens = reading.parsed.tokens(start, end)
    if tokens is None or reading.quotations.covers(end - 1, end):
        return found
    first, last = tokens[0], tokens[-1]
    while last.i > first.i and _is_left_over(last):
        last = last.nbor(-1)
    if (broken := _clause_broken_off(first, last)) is not None:
        last = broken
    while (further := _further(first, last)) is not None:
        more = last.doc[last.i + 1 : further.i + 1]
        if cues.touches(more.start_char, more.end_char) or (found.source is not None and found.source in more):
            break
        last = further
    ends = last.idx + len(last)
    return found if last == tokens[-1] else replace(found, content=(*before, (start, ends)))


def _closed_up(found: Candidate, reading: Reading, cues: Intervals[Candidate]) -> Offsets:
    """Parts of a content with a word or two left out between them, and nothing of a cue or its source, are one part."""
    parts = list(found.content[:1])
    for start, end in found.content[1:]:
        gap = parts[-1][1], start
        few = gap[0] <= gap[1] and len(reading.parsed.text[slice(*gap)].split()) <= _LEFT_OUT
        source = found.source is not None and gap[0] <= found.source.idx < gap[1]
        if few and not source and not cues.touches(*gap) and "\n" not in reading.parsed.text[slice(*gap)]:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    return tuple(parts)


def _without_hearer(found: Candidate, reading: Reading) -> Candidate:
    """ "Was clear with *Ann that* the dam would hold", "showed *her that*": who is told is no part of what is said."""
    if not found.content or not found.cue:
        return found
    cue, (start, end) = reading.parsed.tokens(*found.cue[-1]), found.content[0]
    content = reading.parsed.tokens(start, end)
    if cue is None or content is None:
        return found
    told = [c for c in cue[-1].children if c.dep_ in ("pobj", "dobj", "dative")]
    hearer = next((c for c in told if c.left_edge.i == content[0].i), None)
    after = None if hearer is None or hearer.right_edge.i + 1 >= content.end else hearer.right_edge.nbor()
    if after is None or after.lower_ != "that" or after.dep_ != "mark":
        return found
    return replace(found, content=((after.idx, end), *found.content[1:]))


def _clause_broken_off(first: Token, last: Token) -> Token | None:
    """ "*That in order to sail*, the ship was painted": the end of the clause, whose verb is not there yet."""
    verb = first.head
    whole = first.dep_ == "mark" and first.lower_ == "that" and last.i < verb.i < last.sent.end
    return verb.right_edge if whole and verb.left_edge.i == first.i else None


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
