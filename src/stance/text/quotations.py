"""Pairs of quotation marks: where a text sets words off as somebody's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stance.schema import Kind
from stance.text.paragraphs import paragraphs
from stance.text.spans import Intervals

_STRAIGHT = '"'
_CLOSING = {"“": "”", "„": "“”", "«": "»", "»": "«", _STRAIGHT: _STRAIGHT + "”"}
"""What closes a quotation, by the mark that opened it."""
_OPEN = "“„«"
_SINGLE = {"‘": "’", "'": "'’"}
"""Marks that are apostrophes, too."""
_MARKS = "\"“”„«»‘’' "
_STOP = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[^a-z\s])")
"""The end of a sentence, as far as its look tells."""
_ABBREVIATED = re.compile(r"\b(?:[A-Z]|[A-Z][a-z]{0,2})\.$")
""" "U.S.", "Mr.", "J.": a full stop that ends no sentence."""
_ELISION = re.compile(r"(?:em|tis|twas|til|till|cause|bout|round|n)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch between quotation marks, the marks included; where no mark closes it, up to the paragraph's end."""

    start: int
    end: int
    closed: bool = True


class Quotations(Intervals[Quotation]):
    """Quotations of a text, asked for by place.

    Parameters
    ----------
    text
        The text.
    found
        Its quotations.
    """

    def __init__(self, text: str, found: Iterable[Quotation]) -> None:
        super().__init__((q.start, q.end, q) for q in found)
        self._text = text

    def kind_of(self, content: Iterable[tuple[int, int]]) -> Kind:
        """How a content is given: direct where all of it is quoted, mixed where a part is, else indirect.

        Parameters
        ----------
        content
            Offsets into the text.

        Examples
        --------
        >>> find_quotations("He called it “a start”.").kind_of([(10, 22)])
        'mixed'
        """
        quoted = total = 0
        for start, end in content:
            total += sum(map(str.isalnum, self._text[start:end]))
            for q in self.touching(start, end):  # by their start; what two of them hold counts once
                start = max(start, q.start)
                quoted += sum(map(str.isalnum, self._text[start : min(end, q.end)]))
                start = max(start, min(end, q.end))
        if not quoted:
            return "indirect"
        return "direct" if quoted == total else "mixed"

    def and_also(self, more: Iterable[Quotation]) -> Quotations:
        """These quotations and others, as one."""
        return Quotations(self._text, [*self, *more])


def find_quotations(text: str, within: Iterable[tuple[int, int]] | None = None) -> Quotations:
    """Quotations of a text, left to right.

    Pairing starts afresh in every paragraph, so that one stray mark spoils one
    paragraph at most. A quotation still open at the paragraph's end runs to
    that end, as newspapers print a quotation of several paragraphs. Single
    marks count where they stand around words and are no apostrophes.

    Parameters
    ----------
    text
        Any text.
    within
        Its paragraphs, if they are known already.

    Examples
    --------
    >>> [(q.start, q.end) for q in find_quotations('He said “no”. "Why?" she asked.')]
    [(8, 12), (14, 20)]
    >>> [(q.start, q.end) for q in find_quotations("The players’ boss called it ‘the players’ day’.")]
    [(28, 46)]
    """
    found: list[Quotation] = []
    for start, end in paragraphs(text) if within is None else within:
        found += _pairs(text, start, end)
    return Quotations(text, found)


def last_sign(q: Quotation, text: str) -> str:
    """The last character inside a quotation's marks.

    Examples
    --------
    >>> last_sign(Quotation(0, 5), "“No,” he said.")
    ','
    """
    return text[q.start : q.end].rstrip(_MARKS)[-1:]


def ends_sentence(q: Quotation, text: str) -> bool:
    """Whether a quotation ends with a full stop, and the next sentence begins after it.

    Parameters
    ----------
    q
        A quotation that a mark closes.
    text
        The text it stands in.
    """
    after = text[q.end : q.end + 1]
    following = text[q.end :].lstrip(" ")[:1]
    stopped = last_sign(q, text) in (".", "…") or after == "."
    return stopped and (after == "." or not following.islower()) and following not in (",", "—", "–", "-")


def has_stop(between: str) -> bool:
    """Whether a sentence ends within some words.

    Examples
    --------
    >>> has_stop(" he said. Then "), has_stop(" Mr. Lee told the U.S. Senate "), has_stop("")
    (True, False, False)
    """
    return any(not _ABBREVIATED.search(between[: m.start() + 1]) for m in _STOP.finditer(between))


def _pairs(text: str, start: int, end: int) -> list[Quotation]:
    found: list[Quotation] = []
    opened: int | None = None
    i = start
    while i < end:
        character = text[i]
        if opened is not None:
            if character in _CLOSING[text[opened]]:
                if any(c.isalnum() for c in text[opened:i]):
                    found.append(Quotation(opened, i + 1))
                opened = None
        elif character in _OPEN or (character == _STRAIGHT and _may_open(text, i)):
            opened = i
        elif character in _SINGLE and (closing := _single(text, i, end)) is not None:
            found.append(Quotation(i, closing + 1))
            i = closing
        i += 1
    if opened is not None and text[opened:end].strip(_OPEN + _STRAIGHT + " \n"):
        closing = len(text[opened:end].rstrip())
        found.append(Quotation(opened, opened + closing, closed=False))
    return found


def _may_open(text: str, i: int) -> bool:
    """A straight mark opens before a word, and not as an inch sign after a digit."""
    after = text[i + 1 : i + 2]
    before = text[i - 1 : i] if i else " "
    return bool(after) and not after.isspace() and not before.isdigit()


def _single(text: str, i: int, end: int) -> int | None:
    """Where a single mark's quotation closes; None where it is an apostrophe, or nothing closes it.

    The first mark that ends a word closes, unless it may be a possessive
    ("the players’") and a better one follows before the next opening mark.
    """
    before, rest = text[i - 1 : i] if i else " ", text[i + 1 : i + 2]
    if before.isalnum() or not rest.isalpha() or _ELISION.match(text, i + 1, end):
        return None
    possessive = None
    for mark in _SINGLE_MARK.finditer(text, i + 1, min(end, i + _LONGEST_SINGLE)):
        at = mark.start()
        if text[at] == "‘" or (text[at] == "'" and text[at - 1].isspace()):
            break  # the next one opens
        if text[at] not in _SINGLE[text[i]] or text[at - 1].isspace() or text[at + 1 : at + 2].isalnum():
            continue
        if text[at - 1] != "s":
            return at
        possessive = at
    return possessive


_LONGEST_SINGLE = 2_000
"""Characters within which a single mark has to be closed."""
_SINGLE_MARK = re.compile("[‘’']")
