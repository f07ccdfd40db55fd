"""Tables that people edit: no cell of them acts as a formula, and they are read as a spreadsheet saves them."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from stance.corpus._cells import declared_separator, likely_separator, repeated
from stance.corpus.documents import read_text
from stance.inert import guarded, unguarded
from stance.schema import StanceError


def spreadsheet_csv(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> bytes:
    """Rows as CSV in UTF-8 with a byte-order mark, which spreadsheets need.

    Parameters
    ----------
    rows
        Cells by column.
    columns
        In their order.

    Examples
    --------
    >>> spreadsheet_csv([{"a": "=1+1", "b": "x"}], ["a", "b"]).decode("utf-8-sig")
    "a,b\\n'=1+1,x\\n"
    """
    table = io.StringIO()
    writer = csv.DictWriter(table, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        cells = {k: unix_ends(v) for k, v in row.items()}  # the writer leaves a lone \r unquoted
        writer.writerow({k: guarded(v) for k, v in cells.items()})
    return table.getvalue().encode("utf-8-sig")


def spreadsheet_rows(path: Path, needed: Collection[str], made_by: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV table as a spreadsheet saves it, with the number of their last line.

    Cells may be parted by commas, semicolons or tabs; line ends come as ``\\n``.

    Parameters
    ----------
    path
        The file.
    needed
        Columns it must have.
    made_by
        The command that writes such tables, for the message.

    Raises
    ------
    StanceError
        If it cannot be read, is no CSV, or lacks a column.
    """
    text = unix_ends(read_text(path))
    head, _, rest = text.partition("\n")
    said = declared_separator(head)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    separator = said or likely_separator(head, needed)
    reader = csv.DictReader(io.StringIO(rest if said else text), delimiter=separator)
    try:
        if missing := [c for c in needed if c not in (reader.fieldnames or ())]:
            raise StanceError(f"{path} has no column {missing[0]!r}. Start from the table that {made_by} writes.")
        if twice := repeated(reader.fieldnames or ()):
            raise StanceError(f"{path} has two columns {twice!r}. Remove the one that {made_by} did not write.")
        for row in reader:
            cells = {k: v or "" for k, v in row.items() if isinstance(k, str)}
            yield reader.line_num + bool(said), {k: unguarded(v) for k, v in cells.items()}
    except csv.Error as error:
        raise StanceError(
            f"{path}, line {reader.line_num}: no CSV ({error}). Save the table as CSV in UTF-8."
        ) from None


def unix_ends(text: str) -> str:
    """A text with one kind of line end, however a spreadsheet left it.

    Examples
    --------
    >>> unix_ends("a\\r\\nb\\rc")
    'a\\nb\\nc'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n")
