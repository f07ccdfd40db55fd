"""Text with some of its signs replaced, and where in the text before each sign stood."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

Edit = tuple[int, int, str]
"""From where to where in the raw text stands what is shown as something else."""
Shifts = tuple[tuple[int, int], ...]
"""Where in the text shown an offset begins to differ, and the offset in the raw text that it stands for."""


def applied(text: str, places: np.ndarray, edits: Iterable[Edit]) -> tuple[str, np.ndarray]:
    """A text with edits made, and the place in the file of each of its signs.

    Parameters
    ----------
    text
        Any text.
    places
        Where each of its signs stands in the file, and where the file ends.
    edits
        From left to right; none overlaps another.

    Examples
    --------
    >>> text, places = applied("a&amp;b", np.arange(8), [(1, 6, "&")])
    >>> text, places.tolist()
    ('a&b', [0, 1, 6, 7])
    """
    parts: list[str] = []
    moved: list[np.ndarray] = []
    last = 0
    for start, end, sign in edits:
        parts += [text[last:start], sign]
        moved += [places[last:start], np.repeat(places[start], len(sign))]
        last = end
    return "".join([*parts, text[last:]]), np.concatenate([*moved, places[last:]])


def shifts_of(places: np.ndarray) -> Shifts:
    """The places at which an offset no longer follows from the one before.

    Examples
    --------
    >>> shifts_of(np.array([0, 1, 6, 7]))
    ((2, 6),)
    """
    return tuple((int(i), int(places[i])) for i in np.flatnonzero(np.diff(places, prepend=-1) != 1))


def places_of(shifts: Shifts, length: int) -> np.ndarray:
    """The place in the file of each sign of a text, and of its end.

    Examples
    --------
    >>> places_of(((2, 6),), 3).tolist()
    [0, 1, 6, 7]
    """
    at = np.array([0, *(here for here, _ in shifts)])
    moved = np.array([0, *(there - here for here, there in shifts)])
    return np.arange(length + 1) + np.repeat(moved, np.diff(at, append=length + 1))


def cut_out(shifts: Shifts, start: int, end: int) -> Shifts:
    """The map of a part of a text.

    Examples
    --------
    >>> cut_out(((2, 6), (9, 20)), 4, 8), cut_out((), 4, 8), cut_out((), 0, 8)
    (((0, 8),), ((0, 4),), ())
    """
    first = next((start + there - here for here, there in reversed(shifts) if here <= start), start)
    opens = () if start == 0 and first == 0 else ((0, first),)
    return (*opens, *((here - start, there) for here, there in shifts if start < here < end))
