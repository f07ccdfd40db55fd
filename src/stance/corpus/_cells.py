"""What spreadsheets do to a table: a line that names the separator, signs of their own in cells, cells cut short."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable

_SEPARATOR = re.compile(r'"?sep=(?P<mark>[^"\r\n])"?[,;\t]*\r?\n?', re.I)
_ESCAPE = re.compile(r"_x(?:(?P<end>000D)_(?:\r?\n)?|(?P<code>00[01][0-9A-F]|005F)_)", re.I)
LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds: what is just as long was cut."""
_HALF = re.compile(r"&(?:#[0-9a-fx]{0,7}|(?P<name>[a-z]{2,8}))$", re.I)
_ENTITIES = ("amp", "quot", "apos", "nbsp", "lsquo", "rsquo", "ldquo", "rdquo", "ndash", "mdash", "hellip")
"""Entities that text on pages is full of, whose beginnings are told from names such as R&D and AT&T."""


def declared_separator(line: str) -> str | None:
    """The separator that a first line ``sep=;`` names, as Excel writes it.

    Examples
    --------
    >>> declared_separator("sep=;\\n"), declared_separator("id;text\\n")
    (';', None)
    """
    found = _SEPARATOR.fullmatch(line.removeprefix("\ufeff"))
    return found["mark"] if found else None


def likely_separator(head: str, needed: Collection[str] = ()) -> str:
    """What parts the columns of a header: what gives the columns that are needed, then what gives most.

    Examples
    --------
    >>> likely_separator("id;text"), likely_separator("id\\ttext"), likely_separator("text")
    (';', '\\t', ',')
    """
    return max(",;\t|", key=lambda mark: (len(set(needed) & set(cells_of(head, mark))), len(cells_of(head, mark))))


def cells_of(line: str, separator: str) -> list[str]:
    """The cells of a line; none if it is no CSV.

    Examples
    --------
    >>> cells_of('a,"b,c"', ",")
    ['a', 'b,c']
    """
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def repeated(header: Iterable[str]) -> str | None:
    """The first name that several columns have, so that the cells of one would be lost; those without a name are none.

    Examples
    --------
    >>> repeated(["id", "text", "text"]), repeated(["id", "", ""])
    ('text', None)
    """
    seen: set[str] = set()
    for name in header:
        if name in seen and name.strip():
            return name
        seen.add(name)
    return None


def unescaped(cell: str) -> str:
    """A cell without the signs that Excel writes in place of line ends and other control characters.

    Examples
    --------
    >>> unescaped("One._x000D_\\nTwo."), unescaped("the key _x12AB_")
    ('One.\\nTwo.', 'the key _x12AB_')
    """
    if "_" not in cell:  # asked of every cell of a table
        return cell
    return _ESCAPE.sub(lambda m: "\n" if m["end"] else chr(int(m["code"], 16)), cell)


def cut_short(cell: str) -> bool:
    """Whether the end of a cell is missing: it is as long as Excel allows, or ends inside an entity.

    Examples
    --------
    >>> cut_short("alive &am"), cut_short("at AT&T"), cut_short("alive &amp;")
    (True, False, False)
    """
    half = _HALF.search(cell, max(0, len(cell) - 10)) if "&" in cell[-10:] else None
    named = half and half["name"]
    return len(cell) == LONGEST_CELL or bool(half and (not named or any(e.startswith(named) for e in _ENTITIES)))
