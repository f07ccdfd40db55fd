"""Tables read and written as they are: JSON Lines, CSV, Parquet."""

from __future__ import annotations

import csv
import io
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow

from stance.corpus._cells import declared_separator, likely_separator, repeated, unescaped
from stance.corpus.documents import json_rows, read_text
from stance.corpus.streams import name_of
from stance.inert import guarded, unguarded
from stance.schema import StanceError


def read_rows(path: str | Path) -> pd.DataFrame:
    """Read rows to score: JSON Lines, CSV or Parquet, columns and values kept as they are.

    JSON Lines and CSV may be compressed (``.gz``, ``.zst``), and in any encoding that is sure.

    Raises
    ------
    StanceError
        If the file is missing, empty, damaged or of another kind.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rows.csv"
    ...     _ = path.write_text("text,target\\nIt rained.,007\\n")
    ...     read_rows(path).to_dict("records")
    [{'text': 'It rained.', 'target': '007'}]
    """
    path = Path(path)
    suffix = name_of(path).suffix
    if suffix in (".jsonl", ".ndjson"):
        rows = [row for _, row in json_rows(path, read_text(path, limit=_LARGEST))]
        columns = list(dict.fromkeys(key for row in rows for key in row))
        table = pd.DataFrame({c: pd.Series([row.get(c) for row in rows], dtype=object) for c in columns})
    elif suffix == ".csv":
        table = _csv_table(path)
    elif suffix == ".parquet":
        if not path.is_file():
            raise StanceError(f"{path} cannot be read (no such file). Check the path.")
        try:
            table = pd.read_parquet(path)
        except (OSError, ValueError, pyarrow.ArrowException) as error:
            raise StanceError(f"{path} is not a valid Parquet file: {' '.join(str(error).split())[:200]}") from None
    else:
        raise StanceError(f"{path} must be a .jsonl, .csv or .parquet file. Got {suffix or 'no suffix'!r}.")
    if table.empty:
        raise StanceError(f"{path} holds no rows. Give at least one row with text and target.")
    return table


def _csv_table(path: Path) -> pd.DataFrame:
    """The rows of a CSV file, every cell a string."""
    separator, written = _parted(read_text(path, limit=_LARGEST))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # rows longer than the header
            table = pd.read_csv(
                io.StringIO(written, newline=""),
                sep=separator,
                dtype=str,
                keep_default_na=False,
                index_col=False,
            )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, pd.errors.ParserWarning) as error:
        raise StanceError(f"{path} is not a valid CSV file: {' '.join(str(error).split())}") from None
    if twice := repeated(_header(written, separator)):
        raise StanceError(f"{path} has two columns {twice!r}. Rename or remove one of them.")
    return as_written(table.fillna("").map(unescaped))  # a row that ends early has no cells there


def _header(text: str, separator: str) -> list[str]:
    """The names of the columns as they stand, since pandas gives those that repeat a number."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return next((row for row in lines if row), [])
    except csv.Error:
        return []


def _parted(text: str) -> tuple[str, str]:
    """What parts the columns of a table, and the table without a line ``sep=;`` that says so."""
    head, _, rest = text.partition("\n")
    if said := declared_separator(head):
        return said, rest
    return likely_separator(head.rstrip("\r"), ("text", "target")), text


_LARGEST = 2**31
"""Bytes of a table, decompressed: it is held whole, and a small file may become endless."""


def rows_text(rows: pd.DataFrame, suffix: str) -> bytes:
    """A table as the bytes of a ``.jsonl``, ``.csv`` or ``.parquet`` file.

    Raises
    ------
    StanceError
        If the suffix is another one.

    Examples
    --------
    >>> rows_text(pd.DataFrame({"target": ["rain"], "net": [None]}), ".jsonl")
    b'{"target": "rain", "net": null}\\n'
    """
    if suffix == ".jsonl":
        lines = (json.dumps(_plain(row), ensure_ascii=False, default=str) + "\n" for row in rows.to_dict("records"))
        return "".join(lines).encode("utf-8", "backslashreplace")  # a lone surrogate becomes its JSON escape
    if suffix == ".csv":
        return csv_bytes(rows)
    if suffix == ".parquet":
        try:
            return rows.to_parquet(index=False)
        except (ValueError, TypeError, pyarrow.ArrowException) as error:
            raise StanceError(
                f"A column holds values that Parquet cannot hold together ({' '.join(str(error).split())[:120]}). "
                "Write .jsonl instead."
            ) from None
    raise StanceError(f"The output must be a .jsonl, .csv or .parquet file. Got {suffix or 'no suffix'!r}.")


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    def value(v: Any) -> Any:
        if isinstance(v, np.generic):
            v = v.item()
        if isinstance(v, float) and np.isnan(v):
            return None  # JSON has no NaN
        return v.tolist() if isinstance(v, np.ndarray) else v

    return {str(k): value(v) for k, v in row.items()}


GUARDED = "apostrophe_before"
"""The column that a CSV has where cells begin as a formula does, and so stand behind an apostrophe: it says which."""


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as CSV: UTF-8, ``\\n`` line ends, no index; no cell of it is computed when a person opens it.

    Where a text or a name of a column begins as a formula does, it stands behind an apostrophe, and the table has a
    last column ``apostrophe_before`` that names these cells. :func:`read_rows` gives the table as it was.

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
    return written.getvalue().encode("utf-8", "replace")


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
