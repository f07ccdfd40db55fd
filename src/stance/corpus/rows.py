"""Tables read and written as they are: JSON Lines, CSV, Parquet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow

from stance.corpus._cells import unescaped
from stance.corpus._csv import whole_table
from stance.corpus._parquet import batches
from stance.corpus.csv_tables import as_written, csv_bytes
from stance.corpus.documents import json_rows, read_text
from stance.corpus.streams import name_of
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
        table = _parquet_table(path)
    else:
        raise StanceError(f"{path} must be a .jsonl, .csv or .parquet file. Got {suffix or 'no suffix'!r}.")
    if table.empty:
        raise StanceError(f"{path} holds no rows. Give at least one row with text and target.")
    return table


def _csv_table(path: Path) -> pd.DataFrame:
    header, rows = whole_table(path, read_text(path, limit=_LARGEST), ("text", "target"))
    names = [name or f"Unnamed: {i}" for i, name in enumerate(header)]
    if short := next((row for row in rows if len(row.found) < len(header)), None):
        raise StanceError(
            f"{path} is not a valid CSV file: line {short.first:,} has {len(short.found)} cells, and the first row "
            f"names {len(header)} columns."
        )
    cells = ([unescaped(cell) for cell in row.found[: len(names)]] for row in rows)
    return as_written(pd.DataFrame(cells, columns=names, dtype=object))


def _parquet_table(path: Path) -> pd.DataFrame:
    if not path.exists():
        raise StanceError(f"{path} cannot be read (no such file). Check the path.")
    parts, held = [], 0
    try:
        for part, _ in batches(path, _AT_ONCE):
            held += part.nbytes
            if held > _LARGEST:
                raise StanceError(
                    f"its rows take more than {_LARGEST / 2**20:.0f} MiB, the limit for one table. Split it."
                )
            parts.append(part)
    except StanceError as error:
        raise StanceError(f"{path}: {error}") from None
    empty, *filled = parts
    table = pyarrow.Table.from_batches(
        [batch.replace_schema_metadata() for batch in filled], empty.schema.remove_metadata()
    )
    try:
        return table.replace_schema_metadata(empty.schema.metadata).to_pandas()
    except (ValueError, pyarrow.ArrowException) as error:
        raise StanceError(f"{path} holds what cannot be read: {' '.join(str(error).split())[:200]}") from None


_AT_ONCE = 4096
"""Rows of Parquet that are read at once into a table that is held anyway."""
_LARGEST = 2**29
"""Bytes of a table, decompressed: it is held as bytes, as text and as cells, and a small file may become endless."""


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
