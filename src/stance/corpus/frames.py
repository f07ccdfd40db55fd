"""A data frame of articles → Documents."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from stance.corpus._dates import DateColumn, known_order
from stance.corpus._formats import documents_in
from stance.corpus._row import Notice, Row
from stance.schema import CorpusWarning, Document, StanceError


def documents_from_frame(
    frame: pd.DataFrame,
    *,
    text: str = "text",
    id: str | None = None,
    title: str | None = None,
    date: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    dates: str | None = None,
) -> list[Document]:
    """Documents from the rows of a data frame.

    Parameters
    ----------
    frame
        A row for each text. Columns that are not named stay with the documents as ``metadata``, and come back as
        columns of every score table.
    text, id, title, date, outlet, url
        Which column holds what. Left out, a column of that very name is taken if there is one. Without ids the rows
        are numbered: ``row-1`` is the first.
    dates
        What comes first in dates of digits such as 03/04/2025: ``"day-first"`` or ``"month-first"``.

    Returns
    -------
    list of Document
        In the order of the rows.

    Raises
    ------
    StanceError
        If a column is not there, a text is missing or empty, or two rows have one id; the sentence names the row.

    Warns
    -----
    CorpusWarning
        For dates that could mean two days or none: each is kept in ``metadata``, and ``date`` is None.

    Examples
    --------
    >>> frame = pd.DataFrame({"body": ["Holt praised the dam."], "paper": "Post", "day": "2025-05-14", "desk": "A"})
    >>> document, = documents_from_frame(frame, text="body", outlet="paper", date="day")
    >>> document.id, document.outlet, document.date, dict(document.metadata)
    ('row-1', 'Post', '2025-05-14', {'desk': 'A'})
    """
    if not isinstance(frame, pd.DataFrame):
        raise StanceError(f"documents_from_frame takes a pandas data frame. Got {type(frame).__name__}.")
    given = {"id": id, "text": text, "title": title, "date": date, "outlet": outlet, "url": url}
    named = {field: column for field, column in given.items() if column is not None}
    _check(frame, named)
    text, name = named["text"], named.get("id", "id")
    documents: list[Document] = []
    seen: dict[str, int] = {}
    for line, found in documents_in(_rows(frame, name), named, DateColumn(known_order(dates))):
        if isinstance(found, Notice):
            warnings.warn(str(found), CorpusWarning, stacklevel=2)
        elif isinstance(found, str):
            raise StanceError(f"Row {line} of the frame: {found.split(' Name what holds it')[0]}")
        elif not found.text.strip():
            raise StanceError(
                f"Row {line} of the frame has an empty {text!r}. Leave such rows out first: "
                f"frame[frame[{text!r}].str.strip() != '']."
            )
        elif found.id in seen:
            raise StanceError(
                f"Rows {seen[found.id]} and {line} of the frame have the same id, {found.id!r}. Give each its own, or "
                "name no id, and rows are numbered."
            )
        else:
            seen[found.id] = line or 0
            documents.append(found)
    return documents


def as_documents(given: Document | str | pd.DataFrame | Iterable[Document | str]) -> list[Document]:
    """Documents from what a person has at hand: documents, texts, or a data frame with a column ``text``.

    Parameters
    ----------
    given
        Texts are numbered: ``text-1`` is the first.

    Raises
    ------
    StanceError
        If it is none of these, or a text is the path of a file.

    Examples
    --------
    >>> [d.id for d in as_documents(["Holt praised the dam.", "Varga did not."])]
    ['text-1', 'text-2']
    """
    if isinstance(given, pd.DataFrame):
        return documents_from_frame(given)
    several = [given] if isinstance(given, str | Document) else given
    if isinstance(several, Path) or not isinstance(several, Iterable):
        raise StanceError(
            f"Texts are strings, documents or a data frame; files are read by read_corpus. Got {type(given).__name__}."
        )
    documents = []
    for number, one in enumerate(several, 1):
        if isinstance(one, str) and len(one) < _PATH and len(one.split()) == 1 and Path(one).exists():
            raise StanceError(f"{one!r} is a file. Read it first: read_corpus({one!r}).")
        if not isinstance(one, str | Document):
            raise StanceError(f"Text {number} must be a string or a document. Got {type(one).__name__}.")
        documents.append(Document(f"text-{number}", one) if isinstance(one, str) else one)
    return documents


_PATH = 255
"""Characters of a file's name at most."""


def _check(frame: pd.DataFrame, named: dict[str, str]) -> None:
    """Refuse columns that are not there, or there twice."""
    has = ", ".join(map(repr, frame.columns[:40])) or "none"
    for field, column in named.items():
        if not isinstance(column, str):
            raise StanceError(f"documents_from_frame takes one column as {field}, by its name. Got {column!r}.")
        if column not in frame.columns:
            raise StanceError(
                f"The frame has no column {column!r}. It has: {has}. Name yours: documents_from_frame(frame, "
                f"{field}='…')."
            )
    if twice := frame.columns[frame.columns.duplicated()].tolist():
        raise StanceError(f"The frame has two columns {twice[0]!r}. Rename one of them.")
    text = named["text"]
    if (missing := frame[text].isna()).any():
        first = int(missing.to_numpy().argmax()) + 1
        raise StanceError(
            f"{int(missing.sum()):,} of {len(frame):,} rows have no {text!r}, the first of them row {first}. Leave "
            f"them out: frame.dropna(subset=[{text!r}])."
        )


def _rows(frame: pd.DataFrame, id_column: str) -> Iterator[Row]:
    """The rows with their cells, numbered where there is no id."""
    numbered = id_column not in frame.columns
    names = [str(column) for column in frame.columns]
    for number, cells in enumerate(frame.itertuples(index=False, name=None), 1):
        known = {name: _plain(cell) for name, cell in zip(names, cells, strict=True)}
        yield Row(number, f"row-{number}" if numbered else None, known)


def _plain(cell: object) -> object:
    """A cell as Python has it: no missing values of several kinds, days without their midnight."""
    if isinstance(cell, pd.Timestamp):
        return cell.date().isoformat() if cell == cell.normalize() else cell.isoformat()
    if cell is pd.NaT or cell is pd.NA:
        return None
    return cell.item() if hasattr(cell, "item") and getattr(cell, "ndim", None) == 0 else cell
