"""Whether two files of results say the same but for the last digits, as two processors compute them."""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import PurePosixPath

TOLERANCE = 1e-3
"""Of numbers in tables and texts. Instruction sets differ by some 1e-6 in float32; four decimals are written, and two
or three are read."""
_POINTS = 0.5
"""Of coordinates in a figure: a sixth of a millimetre, which nobody sees."""
_SHADE = 2
"""Of 255, in a colour."""
_TOKEN = re.compile(r"#[0-9a-f]{6}\b|\b[a-z]*[0-9a-f]{10}\b|[-+−]?\d+\.\d+(?:e[-+]?\d+)?")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_ID = re.compile(r"[a-z]*[0-9a-f]{10}")


def agree(path: str, before: bytes, after: bytes) -> bool:
    """Whether a file made again differs from the one there only in the last digits of its decimal numbers.

    Whole numbers, words and everything else must be the same. In figures (``.svg``) the names matplotlib derives from
    what is drawn may differ, and colours by a shade.

    Parameters
    ----------
    path
        Of the file: its suffix says what it holds.
    before, after
        Its bytes.

    Examples
    --------
    >>> agree("t.csv", b"actor,net\\nkyiv,-0.8612\\n", b"actor,net\\nkyiv,-0.8613\\n")
    True
    >>> agree("t.csv", b"actor,net\\nkyiv,-0.86\\n", b"actor,net\\nkyiv,-0.88\\n")
    False
    >>> agree("t.csv", b"actor,n\\nkyiv,12\\n", b"actor,n\\nkyiv,13\\n")
    False
    """
    if before == after:
        return True
    suffix = PurePosixPath(path).suffix
    if suffix not in (".csv", ".jsonl", ".json", ".md", ".tex", ".svg"):
        return False
    try:
        old, new = before.decode("utf-8-sig"), after.decode("utf-8-sig")  # older tables have no byte-order mark
    except UnicodeDecodeError:
        return False
    if _TOKEN.sub("", old) != _TOKEN.sub("", new):
        return False
    named: dict[str, str] = {}
    tolerance = _POINTS if suffix == ".svg" else TOLERANCE
    return all(
        one is not None and other is not None and _alike(one, other, tolerance, named)
        for one, other in zip_longest(_TOKEN.findall(old), _TOKEN.findall(new))
    )


def _alike(one: str, other: str, tolerance: float, named: dict[str, str]) -> bool:
    if one == other:
        return True
    if _COLOUR.fullmatch(one) and _COLOUR.fullmatch(other):
        pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
        return all(abs(a - b) <= _SHADE for a, b in pairs)
    if _ID.fullmatch(one) and _ID.fullmatch(other):
        return named.setdefault(one, other) == other and named.setdefault(f"back to {other}", one) == one
    try:
        numbers = [float(number.replace("−", "-")) for number in (one, other)]
    except ValueError:
        return False
    return abs(numbers[0] - numbers[1]) <= tolerance + 1e-9  # 0.331 and 0.332 are 0.0010000000000000009 apart
