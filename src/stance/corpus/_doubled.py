"""UTF-8 that a program read in another encoding and wrote anew ("DragiÄ‡", "Itâ€™s"): as it was meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from stance.corpus._edits import Edit, Shifts, applied, shifts_of
from stance.corpus.encodings import oddities

_MOST_TIMES = 3
"""Times that a text may have gone through it: each makes a sign two or three times as long."""
_AROUND = 3
"""Signs around a place that say whether it looks like a word."""
_LETTERS = (*range(0x80, 0x180), 0x18F, *range(0x1A0, 0x1B1), *range(0x1CD, 0x1DD), *range(0x218, 0x21C), 0x259)
_TWO_BYTES = frozenset((*_LETTERS, *range(0x370, 0x600)))
"""Letters of two bytes that names in English texts have; "CAFÉ”" would give others, of phonetics."""


class _Reading(NamedTuple):
    """How one encoding shows what was UTF-8."""

    byte: dict[str, int]
    found: re.Pattern[str]
    sure: str
    """How a dash and curly marks begin in it: nothing else looks so."""
    by_looks: bool
    """Whether signs that stand as they would in no words are enough."""


def _reading(codec: str, by_looks: bool, short: bool = True) -> _Reading:
    """What bytes above 127 look like in an encoding; of ``short``, also those of two bytes a letter."""
    byte = {chr(b): b for b in range(0x80, 0xA0)} if codec == "cp1252" else {}
    for b in range(0x80, 0x100):
        byte[bytes([b]).decode(codec, "replace")] = b
    byte.pop("\ufffd", None)
    within = {(a, z): "".join(re.escape(c) for c, b in byte.items() if a <= b <= z) for a, z in _RANGES}
    more = f"[{within[0x80, 0xBF]}]"
    sure = bytes((0xE2, 0x80)).decode(codec)
    all_lengths = f"[{within[0xC2, 0xDF]}]{more}|[{within[0xE0, 0xEF]}]{more}{{2}}|[{within[0xF0, 0xF4]}]{more}{{3}}"
    found = re.compile(f'{all_lengths if short else sure + more}|{re.escape(sure)}(?=[\\s.,;:!?)"]|$)')
    return _Reading(byte, found, sure, by_looks)


_RANGES = ((0x80, 0xBF), (0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4))
_READINGS = (
    _reading("cp1252", by_looks=True),  # Latin-1, too
    _reading("mac_roman", by_looks=True),
    _reading("cp437", by_looks=False),
    _reading("cp850", by_looks=False),
    _reading("cp1251", by_looks=False, short=False),
)
""" "Від" is a word where Cyrillic is read, so that of Windows-1251 only dashes and marks are told; encodings with lines
for tables need such a mark somewhere."""


class Mended(NamedTuple):
    """A text as it was meant."""

    text: str
    shifts: Shifts
    """An offset of it, and the one in the text given; empty where nothing was mended."""
    example: str
    """What one of the places looked like, and what it was read as; empty where nothing was mended."""


def mended(raw: str) -> Mended:
    """A text whose signs beyond ASCII were read in the wrong encoding and written anew, as it was meant.

    Any other text stays as it is: a place counts only if some place of the text could not stand so in any words.

    Parameters
    ----------
    raw
        Any text.

    Examples
    --------
    >>> mended("DragiÄ‡ said: â€œNo.â€\x9d").text
    'Dragić said: “No.”'
    >>> mended("“CAFÉ” and “PÂTÉ”…").example
    ''
    """
    if raw.isascii():
        return Mended(raw, (), "")
    text, places, example = raw, None, ""
    for _ in range(_MOST_TIMES):
        likely = sorted(_READINGS, key=lambda reading: reading.sure not in text)
        found = next((f for reading in likely if (f := list(_edits(text, reading)))), None)
        if not found:
            break
        start, end, sign = found[0]
        example = example or f"{text[start:end]!r} for {sign!r}"
        text, places = applied(text, np.arange(len(raw) + 1) if places is None else places, found)
    return Mended(text, () if places is None else shifts_of(places), example)


def _edits(text: str, reading: _Reading) -> Iterator[Edit]:
    """Every place to be mended, if one of them is sure."""
    edits = [(*m.span(), sign) for m in reading.found.finditer(text) if (sign := _meant(m.group(), reading))]
    if any(_is_sure(text, start, end, reading) for start, end, _ in edits):
        yield from edits


def _meant(found: str, reading: _Reading) -> str | None:
    """The sign that some others stand for; None if there is none that a text may hold."""
    if found == reading.sure:
        return "”"  # its third byte is no letter of Windows-1252, and programs leave it out
    try:
        sign = bytes(reading.byte[c] for c in found).decode("utf-8")
    except UnicodeDecodeError:
        return None
    kind = unicodedata.category(sign)
    return None if kind in ("Cn", "Co", "Cs") or (len(found) == 2 and ord(sign) not in _TWO_BYTES) else sign


def _is_sure(text: str, start: int, end: int, reading: _Reading) -> bool:
    """Whether the signs at a place stand as they would in no words."""
    if text.startswith(reading.sure, start):
        return True
    if not reading.by_looks:
        return False
    if text[start] == "Â":
        return not text[start - 1 : start].isupper() and not text[start + 1].isalpha()
    first = max(0, start - _AROUND)
    return any(start <= first + i < end for i in oddities(text[first : end + _AROUND]))
