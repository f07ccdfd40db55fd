"""A text as names are looked for in it: without invisible signs, accents in one form, every hyphen the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from stance.naming import HYPHENS, INVISIBLE

_MARKS = "\u0300-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a"
"""Accents that are written as a sign of their own, behind the letter."""
_ODD = re.compile(f"[^{_MARKS}{INVISIBLE}][{INVISIBLE}]*[{_MARKS}][{_MARKS}{INVISIBLE}]*|[{INVISIBLE}]+|[{HYPHENS}]")
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_HYPHEN = re.compile(f"[{HYPHENS}]")

Offsets = Callable[[tuple[int, int]], tuple[int, int]]
"""Start and end in the copy → start and end in the text."""


def plain(text: str) -> tuple[str, Offsets]:
    """A copy in which names can be looked for, and what leads from its offsets back to the text's.

    A text without such signs is its own copy, so that most texts cost one search.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> copy, offsets = plain("So Dra\u00adgic\u0301 said.")
    >>> copy, offsets((3, 9))
    ('So Dragić said.', (3, 11))
    """
    if text.isascii() or not _ODD.search(text):
        return text, lambda span: span
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    read = 0
    for odd in _ODD.finditer(text):
        parts.append(text[read : odd.start()])
        starts += range(read, odd.start())
        ends += range(read + 1, odd.start() + 1)
        parts.append(unicodedata.normalize("NFC", _HYPHEN.sub("-", _UNSEEN.sub("", odd.group()))))
        starts += [odd.start()] * len(parts[-1])
        ends += [odd.end()] * len(parts[-1])
        read = odd.end()
    parts.append(text[read:])
    starts += range(read, len(text))
    ends += range(read + 1, len(text) + 1)
    return "".join(parts), lambda span: (starts[span[0]], ends[span[1] - 1])
