"""How a text is laid out: paragraphs, and speakers' turns in a transcript."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stance.text.signs import SIGNS

_ZONE = r"(?:[ \t](?:GMT|UTC|MSK|BST|IST|JST|E?EST|EDT|ET|C[DES]?T|CEST|EEST|EET|M[DS]T|MT|P[DS]?T))?"
_CLOCK = r"\d{1,2}(?:[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,3})?|h\d{2})(?:[ \t]?[AaPp]\.?[Mm]\.?)?"
_TIME = rf"[\[(]?{_CLOCK}{_ZONE}[\])]?"
""" "00:04", "[00:01:12]", "9.15am", "14h05", "2:05 PM ET"."""
_TIMED = rf"(?:\d{{1,5}}[ \t]*\n)?(?:{_TIME}[ \t]+-->[ \t]+{_TIME}[^\n]*\n)?"
"""The lines of a file of subtitles that say which one it is, and from when to when it is shown."""
_SIGN = rf"(?:{SIGNS}[ \t]*)?"
_MARK = rf"[ \t]*{_SIGN}(?:>{{1,3}}[ \t]*|[-–—•][ \t]+)?"
_BEFORE_NAME = rf"{_TIMED}{_MARK}(?:{_TIME}[ \t]*(?:[-–—|:][ \t]*)?)?(?:>{{1,3}}[ \t]*)?{_SIGN}"
_AFTER_NAME = (
    r",[ \t]+[^\n:,]{1,60}(?:,[ \t]+[^\n:,]{1,40})?|[ \t]*\([^()\n]{1,60}\)|[ \t]*\[[^\[\]\n]{1,60}\]"
    rf"|[ \t]+{_TIME}"
)
_LABEL = rf"{_BEFORE_NAME}(?P<name>[^\W\d_][\w.'’\- ]{{0,60}}?)(?P<role>{_AFTER_NAME})?[ \t]*{_SIGN}:"
_TURN = re.compile(_LABEL + r"[ \t]+(?=\S)")
_LABEL_LINE = re.compile(_LABEL)
"""A label that has its paragraph to itself."""
_ITEM = re.compile(r"[ \t]*(?P<mark>[-•‣▪◦*–—]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])[ \t]+(?=\S)")
""" "- ", "• ", "2. ", "(b) " at the start of a line."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A speaker's label at the start of a paragraph ("NAME:"), and the words behind it or in the paragraph below."""

    name: tuple[int, int]
    words: tuple[int, int]
    role: tuple[int, int] | None = None
    """What stands between name and colon: an office, how somebody speaks, or when."""
    alone: bool = False
    """Whether the label has its paragraph to itself; its words may be none then."""


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs one after the other, without the space around them.

    A paragraph ends at a blank line, and at a line end that follows closing
    punctuation. What is read in one never depends on another.

    Examples
    --------
    >>> list(paragraphs("One.\\n\\nTwo.\\nThree "))
    [(0, 4), (6, 10), (11, 16)]
    """
    start: int | None = None
    end = 0
    for line in _LINE.finditer(text):
        blank = line.group().isspace()
        closed = start is not None and (
            _ends(text, start, end, line.group())
            or _is_item(text, start, end, line)
            or _is_label(text, start, end, line)
        )
        if start is not None and (blank or closed):
            yield start, end
            start = None
        if not blank:
            start = line.start() + len(line.group()) - len(line.group().lstrip()) if start is None else start
            end = line.start() + len(line.group().rstrip())
    if start is not None:
        yield start, end


def _ends(text: str, start: int, end: int, following: str) -> bool:
    """Whether a paragraph ends with its line: behind closing punctuation, but not inside an open quotation."""
    if text[end - 1] not in _CLOSING or _ABBREVIATION.search(text, max(start, end - 12), end):
        return False
    start = max(start, end - _LONGEST_QUOTATION)
    opened = text.count("“", start, end) > text.count("”", start, end)
    return not opened or following.lstrip()[:1] in _OPENING


def _is_item(text: str, start: int, end: int, line: re.Match[str]) -> bool:
    """Whether a line begins an item of a list: with a mark, or with a number in a list that has begun."""
    match = _ITEM.match(text, line.start(), line.end())
    if match is None:
        return False
    return not match["mark"].strip("()").rstrip(".)").isalnum() or bool(_ITEM.match(text, start, end))


def _is_label(text: str, start: int, end: int, line: re.Match[str]) -> bool:
    """Whether a line begins with a label, as the paragraph above it does."""
    return bool(_TURN.match(text, line.start(), line.end()) and _TURN.match(text, start, end))


_LONGEST_QUOTATION = 5_000
"""Characters within which an open quotation keeps a paragraph together."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_OPENING = '“"‘„«'
_CLOSING = ".!?:;”\"'’»)"
_ABBREVIATION = re.compile(r"(?:^|\W)(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|Maj|Prof|No)\.$")
"""A full stop that ends no sentence, and so no paragraph of hard-wrapped text."""


def find_turns(text: str, within: Iterable[tuple[int, int]] | None = None) -> list[Turn]:
    """Paragraphs that open with a label and a colon, or have one alone above them.

    Whether the label names a speaker is left to the caller.

    Parameters
    ----------
    text
        Any text.
    within
        Its paragraphs, if they are known already.

    Examples
    --------
    >>> [(t.name, t.words) for t in find_turns("PUTIN: Hello.\\n\\nTRUMP (in English): Hi.")]
    [((0, 5), (7, 13)), ((15, 20), (35, 38))]
    """
    turns = []
    places = list(paragraphs(text) if within is None else within)
    for i, (start, end) in enumerate(places):
        match = _TURN.match(text, start, end)
        alone = None if match or text[end - 1] != ":" else _LABEL_LINE.fullmatch(text, start, end)
        if found := match or alone:
            words = (found.end(), end) if match else _below(text, places[i + 1 : i + 2]) or (end, end)
            role = found.span("role") if found["role"] else None
            turns.append(Turn(found.span("name"), words, role, alone=match is None))
    return turns


def _below(text: str, places: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The paragraph below a label, unless it is an item or has a label of its own."""
    for start, end in places:
        if not (_ITEM.match(text, start, end) or _LABEL_LINE.match(text, start, end)):
            return start, end
    return None


def item_words(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the words of a list's item stand; None for a paragraph that is no item.

    Parameters
    ----------
    text
        Any text.
    start, end
        A paragraph of it.

    Examples
    --------
    >>> item_words("- Peace now.", 0, 12), item_words("Peace now.", 0, 10)
    ((2, 12), None)
    """
    match = _ITEM.match(text, start, end)
    return (match.end(), end) if match else None
