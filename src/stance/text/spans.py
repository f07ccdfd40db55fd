"""Stretches of a text: made of tokens, trimmed, one inside another, and asked for what covers or touches a place."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from spacy.tokens import Token

Offsets = tuple[tuple[int, int], ...]
"""Stretches of a text, left to right."""

_LEADING = " \t\r\n,;:.—–-"
_TRAILING = " \t\r\n,;:—–-"
T = TypeVar("T")


class Intervals(Generic[T]):
    """Items with the stretch [start, end) each of them covers, looked up without going through all of them.

    Parameters
    ----------
    stretches
        Triples of start, end and item.

    Examples
    --------
    >>> marks = Intervals([(0, 4, "a"), (2, 9, "b"), (20, 30, "c")])
    >>> list(marks.touching(3, 5)), list(marks.covering(3, 4))
    (['a', 'b'], ['a', 'b'])
    >>> marks.touches(10, 20), marks.covers(21, 22)
    (False, True)
    """

    def __init__(self, stretches: Iterable[tuple[int, int, T]]) -> None:
        self._stretches = sorted(stretches, key=lambda s: s[:2])
        self._starts = [s[0] for s in self._stretches]
        self._longest = max((end - start for start, end, _ in self._stretches), default=0)

    def __iter__(self) -> Iterator[T]:
        """All items, by their start."""
        return (item for _, _, item in self._stretches)

    def touching(self, start: int, end: int) -> Iterator[T]:
        """Items that share a character with [start, end), by their start."""
        first = bisect.bisect_left(self._starts, start - self._longest)
        last = bisect.bisect_left(self._starts, end)
        return (item for a, b, item in self._stretches[first:last] if a < end and start < b)

    def covering(self, start: int, end: int) -> Iterator[T]:
        """Items whose stretch holds all of [start, end), by their start."""
        first = bisect.bisect_left(self._starts, start - self._longest)
        last = bisect.bisect_right(self._starts, start)
        return (item for a, b, item in self._stretches[first:last] if a <= start and end <= b)

    def touches(self, start: int, end: int) -> bool:
        """Whether an item shares a character with [start, end)."""
        return any(True for _ in self.touching(start, end))

    def covers(self, start: int, end: int) -> bool:
        """Whether an item's stretch holds all of [start, end)."""
        return any(True for _ in self.covering(start, end))


def runs(tokens: Iterable[Token]) -> Offsets:
    """Stretches of neighbouring tokens, punctuation at their ends cut."""
    ordered = enumerate(sorted(tokens, key=lambda t: t.i))
    groups = ([t for _, t in group] for _, group in itertools.groupby(ordered, key=lambda pair: pair[1].i - pair[0]))
    return tuple(offsets for group in groups for offsets in stretch(group[0], group[-1]))


def stretch(first: Token, last: Token) -> Offsets:
    """From the first to the last of two tokens, trimmed; empty if nothing is left."""
    between = first.doc[first.i : last.i + 1]
    text = between.text  # of the two and what is between: Doc.text would build the whole document's
    return tuple((first.idx + start, first.idx + end) for start, end in trimmed(text, 0, len(text)))


def trimmed(text: str, start: int, end: int) -> Offsets:
    """Offsets without surrounding space and punctuation; a sentence's full stop inside quotes stays.

    Examples
    --------
    >>> trimmed("He left, she said.", 7, 18)
    ((9, 17),)
    """
    while start < end and text[start] in _LEADING:
        start += 1
    while start < end and text[end - 1] in _TRAILING + ".":
        end -= 1
    return ((start, end),) if any(c.isalnum() for c in text[start:end]) else ()


def parents_of(found: Sequence[tuple[Offsets, Offsets]]) -> list[int | None]:
    """For each attribution the innermost one whose content holds its cue and is longer than its own content.

    Parameters
    ----------
    found
        Content and cue of each.
    """
    lengths = [sum(end - start for start, end in content) for content, _ in found]
    contents = Intervals((*part, i) for i, (content, _) in enumerate(found) for part in content)
    parents: list[int | None] = []
    for i, (_, cue) in enumerate(found):
        covering = contents.covering(*cue[0]) if cue else ()
        around = [(lengths[j], j) for j in covering if j != i and lengths[j] > lengths[i]]
        parents.append(min(around)[1] if around else None)
    return parents
