"""Stretches of a text that can be asked what covers or touches a place, without looking at all of them."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Intervals(Generic[T]):
    """Items with the stretch [start, end) each of them covers.

    Parameters
    ----------
    stretches
        Triples of start, end and item.

    Examples
    --------
    >>> marks = Intervals([(0, 4, "a"), (2, 9, "b"), (20, 30, "c")])
    >>> list(marks.touching(3, 5)), list(marks.covering(3, 4))
    (['a', 'b'], ['a', 'b'])
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
