"""What a row of a table is, whatever kind of file it stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from stance.corpus._cells import repeated
from stance.schema import Document, StanceError

FIELDS = ("id", "text", "title", "outlet", "date", "url")

Columns = Mapping[str, str]
"""Our field → the name their column or key has; a field left out has its own name."""
Found = tuple[int | None, Document | str]
"""A line (or row) and the document in it, or the reason why there is none, or a notice."""


class Notice(str):
    """What was left out or not sure, though the document or the file was read."""


class Row(NamedTuple):
    """One row of a table: its line or row number, what it is called if it has no id, and its cells."""

    line: int
    name: str | None
    cells: Mapping[str, Any]


def numbered(header: Sequence[str], columns: Columns) -> bool:
    """Whether the rows of a table have no id.

    Raises
    ------
    StanceError
        If a column that is needed is not there, or there twice.
    """
    has = ", ".join(map(repr, header[:40])) or "none"
    for field in ("text", *columns):
        if (key := columns.get(field, field)) not in header:
            raise StanceError(f"the table has no column {key!r}. It has: {has}. Name yours with --columns {field}=…")
    if twice := repeated(header):
        raise StanceError(f"the table has two columns {twice!r}. Rename or remove one of them.")
    return columns.get("id", "id") not in header
