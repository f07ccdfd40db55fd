"""Tables written as CSV that a person may open: no cell of them is computed, and each is read back as it was."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from stance.inert import guarded, unguarded
from stance.schema import StanceError

GUARDED = "apostrophe_before"
"""The column that a CSV has where cells begin as a formula does, and so stand behind an apostrophe: it says which."""


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as CSV: UTF-8, ``\\n`` line ends, no index; no cell of it is computed when a person opens it.

    Where a text or a name of a column begins as a formula does, it stands behind an apostrophe, and the table has a
    last column ``apostrophe_before`` that names these cells. Where it holds more than ASCII, the file begins with a
    byte-order mark, without which Excel takes ``é`` for two other letters. Read by stance or pandas, it is the table
    as it was; in R, ``read.csv(file, fileEncoding = "UTF-8-BOM")``.

    Parameters
    ----------
    table
        The table.

    Raises
    ------
    StanceError
        If it has a column of that name already.

    Examples
    --------
    >>> csv_bytes(pd.DataFrame({"actor": ["kyiv"], "net": [-0.5]}))
    b'actor,net\\nkyiv,-0.5\\n'
    >>> print(csv_bytes(pd.DataFrame({"text": ["- no", "yes"]})).decode())
    text,apostrophe_before
    '- no,text
    yes,
    <BLANKLINE>
    """
    written = _Rows(newline="")
    _guarded(table).to_csv(written, index=False, lineterminator="\r\n")
    text = written.getvalue()
    return text.encode() if text.isascii() else text.encode("utf-8-sig", "replace")


class _Rows(io.StringIO):
    """Rows ended by ``\\n``, of a writer that ends them with ``\\r\\n`` and so puts a lone ``\\r`` into quotes."""

    def write(self, row: str, /) -> int:
        super().write(row.removesuffix("\r\n") + "\n")
        return len(row)


def _guarded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its acting cells behind apostrophes, and the column that names them; itself if it has none."""
    if GUARDED in table.columns:
        raise StanceError(f"The table has a column {GUARDED!r}, which is kept for what it means in CSV. Rename it.")
    cells = {i: column.map(_harmless) for i, (_, column) in enumerate(table.items()) if _may_hold_text(column)}
    changed = {i: made for i, made in cells.items() if (made != table.iloc[:, i]).where(made.notna(), False).any()}
    names = [_harmless(name) for name in table.columns]
    if not changed and names == list(table.columns):
        return table
    said = pd.Series("", index=table.index, dtype=object)
    made = table.copy()
    for i, column in changed.items():
        moved = (column != table.iloc[:, i]).where(column.notna(), False).astype(bool)
        said = said.where(~moved, said + f"{table.columns[i]}; ")
        made.isetitem(i, column)
    made.columns = pd.Index(names)
    return made.assign(**{GUARDED: said.str.removesuffix("; ").map(_harmless)})


def _may_hold_text(column: pd.Series) -> bool:
    return not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column))


def _harmless(value: Any) -> Any:
    return guarded(value) if isinstance(value, str) else value


def as_written(table: pd.DataFrame) -> pd.DataFrame:
    """A table of strings, read from CSV, as :func:`csv_bytes` was given it: without the apostrophes that it added.

    Parameters
    ----------
    table
        As read. One without the column ``apostrophe_before`` is nobody's but its author's, and stays as it is.

    Examples
    --------
    >>> as_written(pd.DataFrame({"text": ["'- no"], "apostrophe_before": ["text"]})).to_dict("records")
    [{'text': '- no'}]
    """
    if GUARDED not in table.columns:
        return table
    plain = table.drop(columns=GUARDED)
    return plain.map(lambda cell: unguarded(cell) if isinstance(cell, str) else cell).rename(columns=unguarded)
