"""One file → its documents, one small generator for each kind; a row that cannot be read is a reason, not an end."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from stance.corpus._cells import cut_short, declared_separator, likely_separator, repeated, unescaped
from stance.corpus._dates import DateColumn
from stance.corpus._exports import bundled, cover, export_text, unsure
from stance.corpus._kinds import EXPORTS, check_prose, kind_of
from stance.corpus._pages import page_document
from stance.corpus.encodings import clean, decoded, decoded_page
from stance.corpus.streams import FREE, LONGEST, MOST_EXPANDED, Lines, RowFault, name_of, open_lines, read_whole
from stance.schema import Document, StanceError
from stance.strict import RepeatedKeyError, parse_json

FIELDS = ("id", "text", "title", "outlet", "date", "url")
FORMER = {"source": "outlet"}
"""Names that a field is known by, too: tables of news call the paper their source."""
TEXTS = (".txt", ".md", ".text", ".markdown")
PAGES = (".html", ".htm", ".xhtml")
_BATCH = 64
"""Rows of Parquet that are read at once: few, since a row may hold a whole book."""

Columns = Mapping[str, str]
"""Our field → the name their column or key has; a field left out has its own name."""


class Notice(str):
    """What was left out or not sure, though the document or the file was read."""


Found = tuple[int | None, Document | str]
"""A line (or row) and the document in it, or the reason why there is none, or a :class:`Notice`."""


class Row(NamedTuple):
    """One row of a table: its line or row number, what it is called if it has no id, and its cells."""

    line: int
    name: str | None
    cells: Mapping[str, Any]


def read_documents(
    path: Path, name: str, columns: Columns, encoding: str | None, dates: DateColumn | None = None
) -> Iterator[Found]:
    """The documents of one file, read as they are asked for.

    Parameters
    ----------
    path
        The file; its suffix and its first bytes tell the kind, and any that is not known is text.
    name
        What the document is called, or the table its rows are numbered in.
    columns
        Which column or key holds which field.
    encoding
        What the user says the encoding is.
    dates
        Reads the dates of a table; what it could not read is said in the end.

    Raises
    ------
    StanceError
        If the rest of the file cannot be read; the sentence does not name it.
    """
    suffix = kind_of(path)
    if suffix in ROWS:
        yield from _table(ROWS[suffix](path, name, columns, encoding), columns, dates or DateColumn())
    elif suffix in EXPORTS:
        yield from _texts(export_text(path, suffix), clean(name))
    elif suffix in PAGES:
        html = decoded_page(read_whole(path, LONGEST), encoding)
        try:
            yield None, page_document(html, clean(name))
        except StanceError as error:
            yield None, str(error)
    else:
        text = clean(decoded(read_whole(path, LONGEST), encoding))
        if not text.strip():
            raise StanceError("the file is empty. Give a file that holds text.")
        check_prose(text)
        if len(bundled(text)) > 1 or unsure(text):
            yield from _texts(text, clean(name))
        else:
            yield None, Document(clean(name), text)


def _table(rows: Iterator[Row | Found], columns: Columns, dates: DateColumn) -> Iterator[Found]:
    """The documents in the rows of a table, then what was left out of them."""
    some, cut = False, list[int]()
    for row in rows:
        some = True
        if not isinstance(row, Row):
            yield row
            continue
        document = _document(row, columns, dates)
        if isinstance(document, Document) and cut_short(document.text):
            cut.append(row.line)
        yield row.line, document
    if not some:
        raise StanceError("the file holds no rows: it is empty. Give at least one with text.")
    for notice in dates.notices():
        yield None, Notice(notice)
    if cut:
        texts = "1 text seems" if len(cut) == 1 else f"{len(cut):,} texts seem"
        why = "ends inside an entity such as &amp;, or has 32,767 characters, where Excel cuts a cell"
        yield None, Notice(f"{texts} cut short: what is in row {cut[0]} {why}. Is the end missing?")


def _texts(text: str, name: str) -> Iterator[Found]:
    """The documents of an export: numbered if they are several."""
    pieces = bundled(clean(text))
    for number, piece in enumerate(pieces, 1):
        yield None, Document(name if len(pieces) == 1 else f"{name}-{number}", piece)
    if len(pieces) > 1:
        yield None, Notice(f"the file is an export of {len(pieces)} documents, read one by one.")
    elif unsure(text):
        yield (
            None,
            Notice("the file seems to hold several documents, but was read as one. Export each to its own file."),
        )
    if cover(pieces[0]):
        yield None, Notice("the first document begins with the cover of the export. Export without a cover page.")


def _document(row: Row, columns: Columns, dates: DateColumn) -> Document | str:
    """The document in a row, or why there is none; its text may be empty."""
    keys = {field: columns.get(field, field) for field in FIELDS}
    for former, field in FORMER.items():
        if field not in columns and _empty(row.cells.get(field)) and not _empty(row.cells.get(former)):
            keys[field] = former
    values = {field: None if _missing(v := row.cells.get(key)) else v for field, key in keys.items()}
    text, name = values["text"], row.name if values["id"] is None else _id_of(values["id"])
    if not name or not name.strip():
        return f"no {keys['id']!r}. Every row needs an id, a text or a whole number, or none has one."
    if text is None:
        has = ", ".join(map(str, row.cells))[:200] or "nothing"
        return f"no {keys['text']!r}. It has: {has}. Name what holds it with --columns text=…"
    if not isinstance(text, str):
        return f"{keys['text']!r} must be a string. Got {type(text).__name__}."
    if len(text) > LONGEST:
        return f"the text is longer than {LONGEST:,} characters, the limit for one row. Split it."
    said: dict[str, Any] = {field: _written(values[field]) for field in FIELDS[2:]}
    try:
        rest = {clean(str(k)): _plain(v) for k, v in row.cells.items() if k not in keys.values()}
    except RecursionError:
        return f"lists or objects inside each other, more than {_DEEPEST} deep."
    if said["date"] and (day := dates.read(written := said["date"], row.line)) != written:
        said["date"] = day
        rest |= {} if day else {clean(keys["date"]): written}
    return Document(clean(name), clean(unescaped(text.removeprefix("\ufeff"))), metadata=rest, **said)


_DEEPEST = 50
"""Lists or objects inside each other: far more than data has, far fewer than Python's recursion allows."""


def _plain(value: Any, depth: int = 0) -> Any:
    """Metadata that any format can hold."""
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(k)): _plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v, depth + 1) for v in value]
    return value


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _empty(value: Any) -> bool:
    return _missing(value) or value == ""


def _id_of(value: Any) -> str | None:
    """An id as text; None if it is neither text nor a whole number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a column with gaps
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _written(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return clean(value.isoformat() if hasattr(value, "isoformat") else str(value))


def json_object(line: str) -> dict[str, Any]:
    """The object on a line of JSON Lines.

    Raises
    ------
    RowFault
        If there is none.
    """
    try:
        row = parse_json(line)
    except RepeatedKeyError as error:
        raise RowFault(f"{error}. Keep one of the two.") from None
    except ValueError as error:
        raise RowFault(f"not valid JSON ({error}). Put one object on each line.") from None
    if not isinstance(row, dict):
        raise RowFault('not an object. Each line must look like {"id": …, "text": …}.')
    return row


def _json_rows(path: Path, name: str, columns: Columns, encoding: str | None) -> Iterator[Row | Found]:
    """Rows of JSON Lines; they are numbered if the first has no id."""
    lines, numbered = open_lines(path, encoding), None
    while True:
        lines.budget = LONGEST
        try:
            line = next(lines)
            if not line.strip():
                continue
            cells = json_object(line)
        except StopIteration:
            return
        except RowFault as fault:
            yield lines.number, str(fault)
            continue
        if numbered is None:
            numbered = "id" not in columns and "id" not in cells
        yield Row(lines.number, f"{name}-{lines.number}" if numbered else None, cells)


def _json_array(path: Path, name: str, columns: Columns, encoding: str | None) -> Iterator[Row | Found]:
    """Rows of a JSON file that is an array of objects; they are numbered if the first has no id."""
    try:
        rows = parse_json(decoded(read_whole(path), encoding))
    except StanceError:
        raise
    except RepeatedKeyError as error:
        raise StanceError(f"{error} in one object. Keep one of the two.") from None
    except ValueError as error:
        raise StanceError(f"not valid JSON ({error}). If each line is an object, end its name in .jsonl.") from None
    text = columns.get("text", "text")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise StanceError(f"the JSON is no array of objects, each with {text!r}. Write it so, or as JSON Lines or CSV.")
    numbered = bool(rows) and "id" not in columns and "id" not in rows[0]
    for number, cells in enumerate(rows, 1):
        yield Row(number, f"{name}-{number}" if numbered else None, cells)


def _csv_rows(path: Path, name: str, columns: Columns, encoding: str | None) -> Iterator[Row | Found]:
    """Rows of a table as spreadsheets save it, its separator told by its first line."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    lines = open_lines(path, encoding, newline="")
    try:
        head = next(lines, "")
        said = declared_separator(head)
        head = next(lines, "") if said else head
        needed = [columns.get(field, field) for field in ("text", *columns)]
        separator = said or ("\t" if name_of(path).suffix == ".tsv" else likely_separator(head, needed))
        lines_of_head = _Pushed(head, lines)
        reader = csv.reader(lines_of_head, delimiter=separator, strict=True)
        header = next(reader, [])
    except (RowFault, csv.Error) as error:
        raise StanceError(f"its first row, which names the columns, cannot be read: {error}") from None
    numbered = _numbered(header, columns)
    row = 0
    while True:
        first, lines.budget = lines.number + 1, LONGEST
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (RowFault, csv.Error) as error:
            row += 1
            yield first, f"not valid CSV: {error}" if isinstance(error, csv.Error) else str(error)
            continue
        if not cells:
            continue
        row += 1
        if len(cells) > len(header):
            names = f"the first row names {len(header)} columns"
            yield first, f"{len(cells)} cells, and {names}. Put cells with {separator!r} in them into quotes."
        else:
            yield Row(first, f"{name}-{row}" if numbered else None, dict(zip(header, cells, strict=False)))


class _Pushed(Iterator[str]):
    """A line put back before the others."""

    def __init__(self, first: str, rest: Lines):
        self._first: str | None = first
        self._rest = rest

    def __next__(self) -> str:
        first, self._first = self._first, None
        return next(self._rest) if first is None else first


def _numbered(header: Sequence[str], columns: Columns) -> bool:
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


def _parquet_rows(path: Path, name: str, columns: Columns, encoding: str | None) -> Iterator[Row | Found]:
    """Rows of a Parquet file, a few at a time."""
    import pyarrow
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path, buffer_size=2**20) as file:
            _check_growth(path, file.metadata)
            numbered = _numbered(file.schema_arrow.names, columns)
            number = 0
            for batch in file.iter_batches(_BATCH):
                for i in range(batch.num_rows):
                    number += 1
                    try:
                        cells = batch.slice(i, 1).to_pylist()[0]
                    except (ValueError, OverflowError) as error:
                        yield number, f"a cell cannot be read ({' '.join(str(error).split())[:100]})."
                        continue
                    yield Row(number, f"{name}-{number}" if numbered else None, cells)
    except (OSError, pyarrow.ArrowException) as error:
        raise StanceError(f"not a valid Parquet file, or damaged: {' '.join(str(error).split())[:160]}") from None


def _check_growth(path: Path, metadata: Any) -> None:
    size = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if size > max(FREE, MOST_EXPANDED * path.stat().st_size):
        raise StanceError(
            f"the file expands to more than {MOST_EXPANDED} times its size, as a decompression bomb does. "
            "Write it anew if you trust it."
        )


ROWS: Mapping[str, Callable[[Path, str, Columns, str | None], Iterator[Row | Found]]] = {
    ".jsonl": _json_rows,
    ".ndjson": _json_rows,
    ".json": _json_array,
    ".csv": _csv_rows,
    ".tsv": _csv_rows,
    ".parquet": _parquet_rows,
}
