"""Rows of CSV, read strictly: where a row begins is never guessed, and whoever loses lines says which and how many."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from stance.corpus._cells import cells_of, declared_separator, likely_separator, repeated
from stance.corpus._row import Columns, Found, Notice, Row, numbered
from stance.corpus.streams import LONGEST, RowFault, name_of, open_lines
from stance.schema import StanceError

_MARKS = ",;\t|"


class Lined(Protocol):
    """Lines that know where they are: :class:`stance.corpus.streams.Lines`, or those of :class:`TextLines`."""

    number: int
    budget: int
    last: str

    def __iter__(self) -> Iterator[str]: ...

    def __next__(self) -> str: ...

    def fault(self) -> str | None:
        """What was wrong with the lines since it was asked last."""


class TextLines(Iterator[str]):
    """The lines of a text that is held already.

    Attributes
    ----------
    number, last
        Of the line read last, and the line itself.
    budget
        As :class:`stance.corpus.streams.Lines` has it; not kept here.
    """

    def __init__(self, text: str):
        self._lines = io.StringIO(text, newline="")
        self.number, self.budget, self.last = 0, 0, ""

    def __next__(self) -> str:
        self.last = next(self._lines)
        self.number += 1
        return self.last

    def fault(self) -> str | None:
        """Nothing: the text was decoded as a whole."""


class Cells(NamedTuple):
    """A row: the lines it begins and ends in, and its cells or why it cannot be read."""

    first: int
    last: int
    found: list[str] | str


class Table(NamedTuple):
    """A table that is read as its rows are asked for."""

    header: list[str]
    separator: str
    rows: Iterator[Cells]


def open_table(lines: Lined, needed: Collection[str], separator: str | None = None) -> Table:
    """A table as spreadsheets save it; blank lines are passed over.

    Parameters
    ----------
    lines
        Its lines, with their ends.
    needed
        Columns by which the separator is told.
    separator
        What parts the cells, if that is known.

    Raises
    ------
    StanceError
        If its header cannot be read; while reading, if the rest of it is lost.
    """
    csv.field_size_limit(max(csv.field_size_limit(), 2**31 - 1))
    try:
        head = next(lines, "")
        if said := declared_separator(head):
            head = next(lines, "")
        mark = said or separator or likely_separator(head.rstrip("\r\n"), needed)
        header = next(csv.reader(_Pushed(head, lines), delimiter=mark, strict=True), [])
    except (RowFault, csv.Error) as error:
        raise StanceError(f"its first row, which names the columns, cannot be read: {error}") from None
    if fault := lines.fault():
        raise StanceError(f"its first row, which names the columns, cannot be read: {fault}")
    return Table(header, mark, _rows(lines, header, mark))


def whole_table(path: Path, text: str, needed: Collection[str]) -> tuple[list[str], list[Cells]]:
    """The header and the rows of a table that is held as a whole, where no row may be missing.

    Raises
    ------
    StanceError
        At the first fault; the sentence names file and line.
    """
    try:
        table = open_table(TextLines(text), needed)
        rows = list(table.rows)
    except StanceError as error:
        raise StanceError(f"{path} is not a valid CSV file: {error}") from None
    if twice := repeated(table.header):
        raise StanceError(f"{path} has two columns {twice!r}. Remove or rename one of them.")
    if bad := next((row for row in rows if isinstance(row.found, str)), None):
        raise StanceError(f"{path} is not a valid CSV file: line {bad.first:,}: {bad.found}")
    return table.header, rows


class _Pushed(Iterator[str]):
    """A line put back before the others."""

    def __init__(self, first: str, rest: Lined):
        self._first: str | None = first
        self._rest = rest

    def __next__(self) -> str:
        first, self._first = self._first, None
        return next(self._rest) if first is None else first


def _rows(lines: Lined, header: Sequence[str], separator: str) -> Iterator[Cells]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    width, full, shape = len(header), False, ""
    while True:
        first, lines.budget = lines.number + 1, LONGEST
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (RowFault, csv.Error) as error:
            _check_border(lines, first, error)
            lines.fault()
            yield Cells(first, first, f"not valid CSV: {error}" if isinstance(error, csv.Error) else str(error))
            continue
        if fault := lines.fault():
            yield Cells(first, lines.number, fault)
            continue
        if not cells:
            continue
        if lines.number > first:
            _check_swallowed(cells, width, separator, first, lines)
        if len(cells) < width and full and not lines.last.endswith(("\n", "\r")):
            raise StanceError(
                f"it ends inside a row: line {lines.number:,} has {len(cells)} of {width} cells and no line end. "
                "The file was cut short. Export or download it anew."
            )
        odd = _odd(cells, header, separator, shape)
        yield Cells(first, lines.number, odd or cells)
        if not odd and len(cells) == width:
            full, shape = True, shape or _shape(cells[0])


def _check_border(lines: Lined, first: int, error: Exception) -> None:
    """Stop where it is not sure in which line the next row begins.

    Inside quotation marks a line end is text. After a fault in the only line of a row whose quotation marks come in
    pairs, the next line begins a row; after any other fault it may stand inside a text.
    """
    last = lines.number
    marks = error.quotes if isinstance(error, RowFault) else lines.last.count('"')
    endless = "end of data" in str(error)
    if last <= first and marks % 2 == 0 and not endless:
        return
    rest = _drained(lines)
    lost = rest - first + 1
    if endless:
        why = f"a quotation mark in the row that begins in line {first:,} is never closed"
    else:
        closed = f"line {last:,}" if last > first else "the same line"
        why = f"the quotation marks of the row that begins in line {first:,} do not fit ({error}, in {closed})"
    lines_lost = f"line {first:,} is" if lost == 1 else f"lines {first:,} to {rest:,} ({lost:,} lines) are"
    raise StanceError(
        f'{why}, so that {lines_lost} lost. Close the mark, or write it twice ("") inside a text. What stands before '
        "was read."
    )


def _drained(lines: Lined) -> int:
    """The number of the last line of the file."""
    while True:
        lines.budget = LONGEST
        try:
            next(lines)
        except StopIteration:
            return lines.number
        except RowFault:
            continue


def _check_swallowed(cells: Sequence[str], width: int, separator: str, first: int, lines: Lined) -> None:
    """Stop at a cell that holds rows: one row lost its closing quotation mark, and a later one has a mark too many.

    The lines of a text do not look like rows: as many cells as the table has columns, and in the first of them
    something of the form of an id, with a digit, as in the row itself.
    """
    form = _shape(cells[0])
    if width < 2 or "9" not in form:
        return
    for cell in cells[1:]:
        if "\n" not in cell:
            continue
        held = [line for line in cell.splitlines()[1:] if line.strip()]
        like = [line.count(separator) >= width - 1 and _shape(line.partition(separator)[0]) == form for line in held]
        if held and like[0] and sum(like) >= max(1, len(like) - 1) and _follows(cells[0], held[0], separator):
            last = lines.number
            raise StanceError(
                f"the cell that begins in line {first:,} holds lines {first + 1:,} to {last:,}, which look like rows: "
                f"{_drained(lines) - first + 1:,} lines are lost. Is a quotation mark never closed, or one too many? "
                "What stands before was read."
            )


def _follows(name: str, line: str, separator: str) -> bool:
    """Whether what begins a line may be the id after another: any other one, and of two numbers the next."""
    other = line.partition(separator)[0].strip()
    return int(other) == int(name) + 1 if name.isdecimal() and other.isdecimal() else other != name


def _shape(cell: str) -> str:
    """The form of an id: ``d-0012`` is ``a-9``."""
    return _LETTERS.sub("a", _DIGITS.sub("9", cell.strip()[:60]))


_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")


def _odd(cells: Sequence[str], header: Sequence[str], separator: str, shape: str) -> str | None:
    """What is wrong with a row that can be read: too many cells, another separator, or the header once more."""
    width = len(header)
    if cells == header:
        return "the names of the columns stand here again: are two tables joined? Give each a file of its own."
    other = _parted(cells, width, separator)
    if other and (len(cells) != width or (shape and _shape(cells[0]) != shape == _shape(other[1]))):
        return f"its cells are parted by {other[0]!r}, and those of the first row by {separator!r}. Use one of them."
    if len(cells) > width and any(cells[width:]):  # empty ones are left by spreadsheets
        names = f"the first row names {width} columns"
        return f"{len(cells)} cells, and {names}. Put cells with {separator!r} in them into quotes."
    return None


def _parted(cells: Sequence[str], width: int, separator: str) -> tuple[str, str] | None:
    """Another mark that parts a row into as many cells as there are columns, and the first cell then."""
    if width < 2 or cells[0].isalnum():
        return None
    for mark in _MARKS:
        if mark == separator or mark not in cells[0]:
            continue
        if len(found := cells_of(separator.join(cells), mark)) == width:
            return mark, found[0]
    return None


def csv_rows(path: Path, name: str, columns: Columns, encoding: str | None) -> Iterator[Row | Found]:
    """Rows of a table, its separator told by its first line."""
    lines = open_lines(path, encoding, newline="", patient=True)
    needed = [columns.get(field, field) for field in ("text", *columns)]
    table = open_table(lines, needed, "\t" if name_of(path).suffix == ".tsv" else None)
    without = numbered(table.header, columns)
    row, tail, ends, is_filled = 0, "", " ", True
    for row, (first, _, cells) in enumerate(table.rows, 1):
        if isinstance(cells, str):
            yield first, cells
        else:
            is_filled, ends, tail = is_filled and bool(ends), cells[-1], lines.last
            yield Row(first, f"{name}-{row}" if without else None, dict(zip(table.header, cells, strict=False)))
    if row > 1 and is_filled and not ends and not tail.endswith(("\n", "\r")):
        yield (
            None,
            Notice(
                f"the last cell of the last row (line {lines.number:,}) is empty, which no other is, and has no line "
                "end. Was the file cut short?"
            ),
        )
