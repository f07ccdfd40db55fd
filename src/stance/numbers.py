"""How numbers are said in figures, pages and on the command line."""

from __future__ import annotations

from collections.abc import Sequence


def signed(value: float) -> str:
    """A score with its sign, as figures and sentences print it.

    Examples
    --------
    >>> signed(-0.456)
    '−0.46'
    """
    return f"{value:+.2f}".replace("-", "−")


def counted(n: int, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "text"), counted(2500, "text")
    ('1 text', '2,500 texts')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last
