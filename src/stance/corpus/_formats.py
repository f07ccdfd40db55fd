"""One file → its documents, one small generator for each kind; a row that cannot be read is a reason, not an end."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stance.corpus._bundles import bundled, cover, may_be_bundled, unsure
from stance.corpus._cells import cut_short, unescaped
from stance.corpus._csv import csv_rows
from stance.corpus._dates import DateColumn
from stance.corpus._doubled import mended
from stance.corpus._edits import cut_out
from stance.corpus._exports import export_text
from stance.corpus._json import json_array, json_lines
from stance.corpus._kinds import EXPORTS, check_prose, kind_of
from stance.corpus._pages import page_document, page_words
from stance.corpus._parquet import parquet_rows
from stance.corpus._row import FIELDS, Columns, Found, Notice, Row
from stance.corpus.encodings import clean, decoded, decoded_page
from stance.corpus.sizes import EACH, size_of
from stance.corpus.streams import LONGEST, read_whole
from stance.schema import Document, StanceError

FORMER = {"source": "outlet"}
"""Names that a field is known by, too: tables of news call the paper their source."""
TEXTS = (".txt", ".md", ".text", ".markdown")
PAGES = (".html", ".htm", ".xhtml")


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
        yield from documents_in(ROWS[suffix](path, name, columns, encoding), columns, dates or DateColumn())
    elif suffix in EXPORTS:
        yield from _texts(export_text(path, suffix), clean(name))
    elif suffix in PAGES:
        yield from _page(decoded_page(read_whole(path, LONGEST), encoding), clean(name))
    else:
        text = decoded(read_whole(path, LONGEST), encoding)
        if not clean(text).strip():
            raise StanceError("the file is empty. Put its text into it, or take the file out.")
        check_prose(text)
        yield from _texts(text, clean(name), whole=True)


def documents_in(rows: Iterator[Row | Found], columns: Columns, dates: DateColumn) -> Iterator[Found]:
    """The documents in the rows of a table, then what was left out of them.

    Parameters
    ----------
    rows
        Cells by column; or a reason, where a row could not be read.
    columns
        Which column holds which field.
    dates
        Reads the dates.

    Raises
    ------
    StanceError
        If there is no row.
    """
    tally, cut, doubled = _Tally(), list[int](), list[int]()
    keys = {field: columns.get(field, field) for field in FIELDS}
    former = {other: field for other, field in FORMER.items() if field not in columns}
    for row in rows:
        line, found = (row.line, _document(row, keys, former, dates)) if isinstance(row, Row) else row
        if not isinstance(found, Notice):
            tally.note(line, found)
        if isinstance(found, Document):
            if cut_short(found.text):
                cut.append(line or 0)
            if found.shifts:
                doubled.append(line or 0)
        yield line, found
    tally.check()
    if tally.rows + 1 in _SHEETS:
        yield None, Notice(f"the table has {tally.rows + 1:,} rows, where a spreadsheet ends. Is the end missing?")
    for notice in dates.notices():
        yield None, Notice(notice)
    if cut:
        texts = "1 text seems" if len(cut) == 1 else f"{len(cut):,} texts seem"
        why = "ends inside an entity such as &amp;, or has 32,767 characters, where Excel cuts a cell"
        yield None, Notice(f"{texts} cut short: what is in row {cut[0]} {why}. Is the end missing?")
    if doubled:
        texts = "1 text" if len(doubled) == 1 else f"{len(doubled):,} texts, the first"
        yield None, Notice(f"{texts} in row {doubled[0]}, {_MENDED} “â€™” for “’”, say.")


_SHEETS = (65_536, 1_048_576)
"""Rows that a sheet of Excel holds, its header among them: what has just as many was cut."""
_TAIL = 10
"""Rows one after another at the end of a file that say that its rest is lost: fewer may be a total, or notes below."""


class _Tally:
    """How many rows a table has, and how many at its end could not be read."""

    def __init__(self) -> None:
        self.rows = self._lost = 0
        self._since: int | None = None

    def note(self, line: int | None, found: Document | str) -> None:
        """Count a row."""
        self.rows += 1
        if isinstance(found, Document):
            self._lost = 0
        else:
            self._since = self._since if self._lost else line
            self._lost += 1

    def check(self) -> None:
        """Say that the file is lost, or its rest."""
        if not self.rows:
            raise StanceError("the file holds no rows: it is empty. Give at least one with text.")
        if self._lost == self.rows:
            raise StanceError(f"none of its rows could be read ({self.rows:,} of them).")
        if self._lost >= _TAIL:
            raise StanceError(
                f"the rest of the file is lost: from line {self._since:,} on, none of {self._lost:,} rows can be read."
            )


def _texts(raw: str, name: str, *, whole: bool = False) -> Iterator[Found]:
    """The documents of an export, numbered if they are several; a text that is one stays ``whole``."""
    read = mended(raw)
    text = clean(read.text)
    places = bundled(text)
    if whole and len(places) == 1:
        places = [(0, len(text))]
    for number, (start, end) in enumerate(places, 1):
        called = name if len(places) == 1 else f"{name}-{number}"
        yield None, Document(called, text[start:end], shifts=cut_out(read.shifts, start, end))
    if len(places) > 1:
        yield None, Notice(f"the file is an export of {len(places)} documents, read one by one.")
    elif unsure(text):
        yield (
            None,
            Notice("the file seems to hold several documents, but was read as one. Export each to its own file."),
        )
    if cover(text[slice(*places[0])]):
        yield None, Notice("the first document begins with the cover of the export. Export without a cover page.")
    if read.example:
        yield None, Notice(f"the file {_MENDED} {read.example}.")


_MENDED = "was UTF-8 that a program had read in another encoding, and was mended:"


def _page(raw: str, name: str) -> Iterator[Found]:
    """The article on a page, or the documents of an export that is one page."""
    read = mended(raw)
    if may_be_bundled(read.text) and len(bundled(words := page_words(read.text))) > 1:
        yield from _texts(words, name)
    else:
        try:
            yield None, page_document(read.text, name)
        except StanceError as error:
            yield None, str(error)
    if read.example:
        yield None, Notice(f"the page {_MENDED} {read.example}.")


def _document(row: Row, keys: Mapping[str, str], former: Mapping[str, str], dates: DateColumn) -> Document | str:
    """The document in a row, or why there is none; its text may be empty.

    ``keys`` names the column of every field, ``former`` the other columns in which some may stand.
    """
    cells = row.cells
    for other, field in former.items():
        if other in cells and _empty(cells.get(field)) and not _empty(cells[other]):
            keys = {**keys, field: other}
    get = cells.get
    values = [v if type(v := get(key)) is str or not _missing(v) else None for key in keys.values()]
    given, text = values[:2]
    name = row.name if given is None else _id_of(given)
    if not name or not name.strip():
        return f"no {keys['id']!r}. Every row needs an id, a text or a whole number, or none has one."
    if text is None:
        has = ", ".join(map(str, cells))[:200] or "nothing"
        return f"no {keys['text']!r}. It has: {has}. Name what holds it with --columns text=…"
    if not isinstance(text, str):
        return f"{keys['text']!r} must be a string. Got {type(text).__name__}."
    if len(text) > LONGEST:
        return f"the text is longer than {LONGEST:,} characters, the limit for one row. Split it."
    if (more := _size(cells) - len(text)) > MOST_BESIDE:
        return (
            f"what stands beside its text takes {more:,} bytes, and {MOST_BESIDE:,} is the limit. Leave out columns "
            "or keys that nobody needs."
        )
    title, outlet, date, url = [None if value is None else _written(value) for value in values[2:]]
    try:
        taken = keys.values()
        rest = {clean(str(k)): _plain(v) for k, v in cells.items() if k not in taken}
    except RecursionError:
        return f"lists or objects inside each other, more than {_DEEPEST} deep."
    if date and (day := dates.read(written := date, row.line)) != written:
        date = day
        rest |= {} if day else {clean(keys["date"]): written}
    read = mended(unescaped(text.removeprefix("\ufeff")))
    return Document(clean(name), clean(read.text), title, outlet, date, url, rest, read.shifts)


MOST_BESIDE = LONGEST // 4
"""Bytes that a document may carry besides its text: it is held and written with it, and no record is longer."""


def _size(cells: Mapping[str, Any]) -> int:
    """About how much it takes to hold a row; cells of text, of which tables consist, are summed up in one go."""
    size = 0
    for value in cells.values():
        size += EACH + len(value) if type(value) is str else size_of(value)
    return size


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
    if type(value) is str:
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a column with gaps
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _written(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return clean(value.isoformat() if hasattr(value, "isoformat") else mended(str(value)).text)


ROWS: Mapping[str, Callable[[Path, str, Columns, str | None], Iterator[Row | Found]]] = {
    ".jsonl": json_lines,
    ".ndjson": json_lines,
    ".json": json_array,
    ".csv": csv_rows,
    ".tsv": csv_rows,
    ".parquet": parquet_rows,
}
