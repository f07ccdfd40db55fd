"""Pairs of quotation marks: where a text sets words off as somebody's own."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STRAIGHT = '"'
_CLOSING = {"“": "”", "„": "“”", "«": "»", _STRAIGHT: _STRAIGHT + "”"}
"""What closes a quotation, by the mark that opened it."""
_OPEN = "".join(_CLOSING).replace(_STRAIGHT, "")
_PARAGRAPH_END = re.compile(r"\n\s*\n|\n(?=[\s]*[“\"„«A-Z])")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch between quotation marks, the marks included."""

    start: int
    end: int


def find_quotations(text: str) -> list[Quotation]:
    """Quotations of a text, left to right.

    Pairing starts afresh in every paragraph, so that one stray mark spoils one
    paragraph at most. A quotation still open at the paragraph's end runs to
    that end, as newspapers print a quotation of several paragraphs.

    Examples
    --------
    >>> [(q.start, q.end) for q in find_quotations('He said “no”. "Why?" she asked.')]
    [(8, 12), (14, 20)]
    """
    found: list[Quotation] = []
    start = 0
    for end in [m.start() for m in _PARAGRAPH_END.finditer(text)] + [len(text)]:
        found += _pairs(text, start, end)
        start = end
    return found


def _pairs(text: str, start: int, end: int) -> list[Quotation]:
    found: list[Quotation] = []
    opened: int | None = None
    for i in range(start, end):
        character = text[i]
        if opened is None:
            if character in _OPEN or (character == _STRAIGHT and _may_open(text, i)):
                opened = i
        elif character in _CLOSING[text[opened]]:
            found.append(Quotation(opened, i + 1))
            opened = None
    if opened is not None and text[opened:end].strip(_OPEN + _STRAIGHT + " \n"):
        closing = len(text[opened:end].rstrip())
        found.append(Quotation(opened, opened + closing))
    return found


def _may_open(text: str, i: int) -> bool:
    """A straight mark opens before a word, and not as an inch sign after a digit."""
    after = text[i + 1 : i + 2]
    before = text[i - 1 : i] if i else " "
    return bool(after) and not after.isspace() and not before.isdigit()
