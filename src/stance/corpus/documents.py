"""Files and folders → Documents. What is read is what is scored: offsets stay true to the text."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.corpus._dates import DateColumn, Order, known_order
from stance.corpus._formats import FORMER, PAGES, ROWS, TEXTS, read_documents
from stance.corpus._json import json_object
from stance.corpus._kinds import EXPORTS, FOREIGN
from stance.corpus._row import FIELDS, Notice
from stance.corpus.encodings import clean, decoded, known
from stance.corpus.shown import as_shown
from stance.corpus.sizes import document_size
from stance.corpus.streams import LARGEST, RowFault, check_lasting, name_of, read_whole
from stance.resources import SAMPLE_ARTICLE
from stance.schema import CorpusWarning, Document, StanceError


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row or a file that could not be read, and why.

    Attributes
    ----------
    line
        The line of a text file, the row of a Parquet file; None if no one line is meant.
    whole_file
        Whether the file, or the rest of it, is lost with it.

    Examples
    --------
    >>> print(Rejected(Path("rows.jsonl"), 2, "no 'text'."))
    rows.jsonl, line 2: no 'text'.
    """

    path: Path
    line: int | None
    reason: str
    whole_file: bool = False

    def __str__(self) -> str:
        return f"{self.path}{f', line {self.line}' if self.line else ''}: {self.reason}"


def read_corpus(
    paths: str | Path | Iterable[str | Path] | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    dates: str | None = None,
) -> list[Document]:
    """Read documents from texts, pages, tables and folders of them.

    Parameters
    ----------
    paths
        One path or several; the sample article if left out. See :func:`stream_corpus`.
    columns
        Our field → their column, as ``{"text": "body"}``.
    encoding
        The encoding of the files, if it is not found right.
    dates
        What comes first in dates of digits: ``"day-first"`` or ``"month-first"``.

    Returns
    -------
    list of Document
        In the order of the files. Line ends are untouched; a byte-order mark is
        dropped; control characters are replaced one for one by a space.

    Raises
    ------
    StanceError
        At the first file or row that cannot be read, at an empty text, or if
        two documents share an id.

    Warns
    -----
    CorpusWarning
        For what was left out or is not sure, as a date that could mean two days:
        it is kept in ``metadata``, and ``date`` is None.

    Examples
    --------
    >>> document, = read_corpus()
    >>> document.id, len(document.text)
    ('alaska_summit', 3046)
    """
    if paths is None:
        return [Document("alaska_summit", decoded(SAMPLE_ARTICLE.read_bytes()))]
    found = _checked(paths, columns, encoding, dates)
    documents, held = [], 0
    for document in _kept(found, _raise, keep_empty=False):
        held += document_size(document)
        if held > MOST_HELD:
            raise StanceError(
                f"the texts and what they carry take more than {MOST_HELD / 2**20:.0f} MiB, the limit for what is held "
                "at once. Leave out columns that nobody needs, give fewer files, or use stance batch, which reads a "
                "corpus piece by piece."
            )
        documents.append(document)
    return documents


MOST_HELD = 2 * LARGEST
"""Bytes that all documents may take which are read into one list: twice a text file at its limit."""


def stream_corpus(
    paths: str | Path | Iterable[str | Path],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    dates: str | None = None,
    strict: bool = False,
    rejected: Callable[[Rejected], None],
) -> Iterator[Document]:
    """Read documents one by one, however many there are; only their ids are kept in memory.

    Parameters
    ----------
    paths
        Files and folders. ``.jsonl`` and ``.ndjson`` hold an object on each
        line, ``.json`` an array of them, ``.csv``, ``.tsv`` and ``.parquet`` a
        row for each document; ``.html`` is a page, whose article is taken;
        ``.docx`` and ``.rtf`` (extra ``exports``) hold one text, or several as
        Nexis and Factiva export them. PDF, XML, mails and other kinds that are
        no text are rejected with what to do; any other file is a text.
        All but Parquet may end in ``.gz`` or ``.zst``. Of a folder all files of
        these kinds are read, those in folders below too, hidden ones left out.
    columns
        Our field (id, text, title, outlet, date, url) → their column. Other
        columns are kept as metadata. Rows without an id column are numbered.
    encoding
        The encoding of the files. If left out it is found, or the file rejected.
    dates
        What comes first in dates of digits: ``"day-first"`` or ``"month-first"``.
        If left out, those that could mean two days are not read.
    strict
        Whether to stop at the first row or file that cannot be read.
    rejected
        Called with each of them otherwise.

    Yields
    ------
    Document
        In the order of the files; ``text`` may be empty. Of two with the same id the first.

    Raises
    ------
    StanceError
        At once, if a path does not exist, or columns or encoding are not known;
        later only if ``strict``.

    Warns
    -----
    CorpusWarning
        As :func:`read_corpus`.

    Examples
    --------
    >>> [d.id for d in stream_corpus(str(SAMPLE_ARTICLE), rejected=print)]
    ['alaska_summit']
    """
    found = _checked(paths, columns, encoding, dates)
    return _kept(found, _raise if strict else rejected, keep_empty=True)


def _raise(fault: Rejected) -> None:
    raise StanceError(str(fault))


def parse_columns(written: Iterable[str], fields: Sequence[str] = FIELDS, what: str = "a document") -> dict[str, str]:
    """What ``--columns`` says: ``field=column``, several with commas between them.

    Parameters
    ----------
    written
        What stands behind each ``--columns``.
    fields, what
        What may be named, and of what these are the fields.

    Raises
    ------
    StanceError
        If a part is not of this form, or names a field that is not known, or one twice.

    Examples
    --------
    >>> parse_columns(["text=body,id=link", "title=headline"])
    {'text': 'body', 'id': 'link', 'title': 'headline'}
    """
    columns: dict[str, str] = {}
    for part in (part for option in written for part in option.split(",")):
        field, equals, column = (piece.strip() for piece in part.partition("="))
        if not (field and equals and column):
            raise StanceError(f"--columns takes field=column, as in text=body,id=link. Got {part!r}.")
        if field in columns:
            raise StanceError(f"--columns names {field!r} twice. Name one column for it.")
        columns[field] = column
    _check_fields(present := _present(columns), fields, what)
    return present


def _present(columns: Mapping[str, str]) -> dict[str, str]:
    """The columns under the names that fields have now."""
    named = {FORMER.get(field, field): column for field, column in columns.items()}
    if len(named) < len(columns):
        both = " and ".join(repr(name) for pair in FORMER.items() for name in pair if name in columns)
        raise StanceError(f"{both} are one field. Name one column for it.")
    return named


def _check_fields(columns: Mapping[str, str], fields: Sequence[str] = FIELDS, what: str = "a document") -> None:
    if unknown := [field for field in columns if field not in fields]:
        raise StanceError(f"{unknown[0]!r} is no field of {what}. Columns are named for {', '.join(fields)}.")


def _checked(
    paths: str | Path | Iterable[str | Path],
    columns: Mapping[str, str] | None,
    encoding: str | None,
    dates: str | None,
) -> Iterator[tuple[Path, int | None, Document | str, bool]]:
    """Everything in the files; what the user got wrong is said before any is read."""
    if hasattr(paths, "columns"):  # asked so, since pandas need not be there to read a text
        raise StanceError(
            "read_corpus reads files. A data frame becomes documents with documents_from_frame(frame, text='…')."
        )
    given = [Path(p) for p in ([paths] if isinstance(paths, str | Path) else paths)]
    for path in given:
        if not path.exists():
            raise StanceError(f"{path} cannot be read (No such file or directory). Check the path.")
        try:
            check_lasting(path.stat().st_mode)
        except StanceError as error:
            raise StanceError(f"{path}: {error}") from None
    _check_fields(named := _present(columns or {}))
    return _found(given, named, known(encoding), known_order(dates))


def _found(
    given: list[Path], columns: dict[str, str], encoding: str | None, order: Order | None
) -> Iterator[tuple[Path, int | None, Document | str, bool]]:
    """Path, line, document or reason, and whether the reason concerns the rest of the file."""
    for path, name in _files(given):
        if name is None or isinstance(name, StanceError):
            yield path, None, str(name), True
            continue
        try:
            for line, found in read_documents(path, name, columns, encoding, DateColumn(order)):
                yield path, line, found, False
        except StanceError as error:
            yield path, None, str(error), True
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or "its encoding is not what it seemed"
            yield path, None, f"the file cannot be read ({why}).", True


def _kept(
    found: Iterator[tuple[Path, int | None, Document | str, bool]],
    rejected: Callable[[Rejected], None],
    *,
    keep_empty: bool,
) -> Iterator[Document]:
    """The documents, each id once; what is not kept is reported."""
    seen: set[str] = set()
    for path, line, document, whole in found:
        if isinstance(document, Notice):
            warnings.warn(f"{path}: {document}", CorpusWarning, stacklevel=2)
        elif isinstance(document, str):
            rejected(Rejected(path, line, document, whole or line is None))
        elif document.id in seen:
            named = "" if line else ": the name of its file"
            why = f"Two documents have the id {document.id!r}. Give each its own id{named}."
            rejected(Rejected(path, line, why, line is None))
        elif not keep_empty and not document.text.strip():
            rejected(Rejected(path, line, "no 'text'. Every row needs 'id' and 'text', both not empty."))
        else:
            seen.add(document.id)
            yield as_shown(document)


def _files(given: list[Path]) -> Iterator[tuple[Path, str | StanceError]]:
    """Every file and the name of what is in it, or why it is not read."""
    for path in given:
        if not path.is_dir():
            name = name_of(path)
            yield path, name.stem if name.suffix in _SUFFIXES or name.compression else path.stem
            continue
        empty = True
        for file, fault in _below(path, path.resolve()):
            empty = False
            inside = file.relative_to(path)
            yield file, fault or (inside.parent / name_of(file).stem).as_posix()
        if empty:
            yield path, StanceError("the folder holds no texts.")


_SUFFIXES = (*TEXTS, *PAGES, *ROWS, *EXPORTS)


def _below(folder: Path, root: Path) -> Iterator[tuple[Path, StanceError | None]]:
    """The files below a folder in order of their names, hidden ones and links to folders left out."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield folder, StanceError(f"the folder cannot be read ({error.strerror}).")
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith("."):
            continue
        try:
            entry.is_file()
        except OSError as error:
            yield path, StanceError(f"cannot be read ({error.strerror}).")
            continue
        if entry.is_symlink() and (entry.is_dir() or not path.resolve().is_relative_to(root)):
            yield path, StanceError("a link that leads elsewhere, which is not followed. Give its target itself.")
        elif entry.is_dir():
            yield from _below(path, root)
        elif not entry.is_file():
            yield path, StanceError("no file that can be read.")
        elif name_of(path).suffix not in (*_SUFFIXES, *FOREIGN):  # the foreign ones are refused with what to do
            yield path, StanceError(f"files of the kind {path.suffix or 'without suffix'!r} are not read from folders.")
        else:
            yield path, None


def read_text(path: Path, encoding: str | None = None, limit: int = LARGEST) -> str:
    """The cleaned text of a file, decompressed and in whatever encoding is sure; line ends untouched.

    Tables and JSON Lines are not cleaned, since their values are.

    Raises
    ------
    StanceError
        If the file is missing, a folder, empty, binary, damaged, or its encoding not sure.
    """
    if path.is_dir():
        raise StanceError(f"{path} is a folder. Give the files in it, for example {path}/*.txt.")
    try:
        text = decoded(read_whole(path, limit), encoding)
    except OSError as error:
        raise StanceError(f"{path} cannot be read ({error.strerror}). Check the path.") from None
    except StanceError as error:
        raise StanceError(f"{path}: {error}") from None
    if not clean(text).strip():
        raise StanceError(f"{path} is empty. Give a file that holds text.")
    return text if name_of(path).suffix in ROWS else clean(text)


def json_rows(path: Path, text: str) -> Iterator[tuple[int, dict]]:
    """The objects of a JSON Lines text with their line numbers.

    Raises
    ------
    StanceError
        If a line is not a JSON object; the sentence names it.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json_object(line)
        except RowFault as fault:
            raise StanceError(f"{path}, line {number}: {fault}") from None
