"""What spreadsheets do to a table: a line that names the separator, signs of their own in cells, cells cut short."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection

_SEPARATOR = re.compile(r'"?sep=(?P<mark>[^"\r\n])"?[,;\t]*\r?\n?', re.I)
_ESCAPE = re.compile(r"_x(?:(?P<end>000D)_(?:\r?\n)?|(?P<code>00[01][0-9A-F]|005F)_)", re.I)
LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds: what is just as long was cut."""


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


def unescaped(cell: str) -> str:
    """A cell without the signs that Excel writes in place of line ends and other control characters.

    Examples
    --------
    >>> unescaped("One._x000D_\\nTwo."), unescaped("the key _x12AB_")
    ('One.\\nTwo.', 'the key _x12AB_')
    """
    return _ESCAPE.sub(lambda m: "\n" if m["end"] else chr(int(m["code"], 16)), cell)
