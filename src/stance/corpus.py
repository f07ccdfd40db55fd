"""Files → Documents. What is read is what is scored: offsets stay true to the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from stance.schema import Document, StanceError

SAMPLE = files("stance") / "data/alaska_summit.txt"
_FIELDS = ("title", "source", "date", "url")
# Control characters (but tab and line ends) and lone surrogates, replaced one for one.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")


def read_corpus(paths: str | Path | Iterable[str | Path] | None = None) -> list[Document]:
    """Read documents from text files and JSON Lines.

    Parameters
    ----------
    paths
        One path or several; the sample article if left out. A ``.jsonl`` file
        holds one object a line with ``id`` and ``text``; ``title``, ``source``,
        ``date`` and ``url`` are known, other keys are kept as metadata. Any
        other file is one document, whose id is the file's name without suffix.

    Returns
    -------
    list of Document
        In the order of the files. Line ends are untouched; a byte-order mark is
        dropped; control characters are replaced one for one by a space.

    Raises
    ------
    StanceError
        If a file is missing, empty, a folder, not UTF-8 or binary, if a row
        lacks ``id`` or ``text``, or if two documents share an id.

    Examples
    --------
    >>> document, = read_corpus()
    >>> document.id, len(document.text)
    ('alaska_summit', 3046)
    """
    if paths is None:
        return [Document("alaska_summit", _without_mark(SAMPLE.read_text(encoding="utf-8")))]
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    documents: dict[str, Document] = {}
    for path in map(Path, paths):
        text = read_text(path)
        rows = _rows(path, text) if path.suffix.lower() in (".jsonl", ".ndjson") else [Document(path.stem, text)]
        for document in rows:
            if document.id in documents:
                raise StanceError(
                    f"Two documents have the id {document.id!r}, the second in {path}. Give each its own id"
                    f"{'' if path.suffix.lower() == '.jsonl' else ': the name of its file'}."
                )
            documents[document.id] = document
    return list(documents.values())


def clean(text: str) -> str:
    """Replace what no reader can show, one character for one.

    Examples
    --------
    >>> clean("a\\x00b")
    'a b'
    """
    return _UNREADABLE.sub(" ", text)


def _without_mark(text: str) -> str:
    """A cleaned text without a byte-order mark before its first character."""
    return clean(text.removeprefix("\ufeff"))


def read_text(path: Path) -> str:
    """The cleaned text of a UTF-8 file; line ends untouched.

    Raises
    ------
    StanceError
        If the file is missing, a folder, empty, binary or not UTF-8.
    """
    if path.is_dir():
        raise StanceError(f"{path} is a folder. Give the files in it, for example {path}/*.txt.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StanceError(f"{path} cannot be read ({error.strerror}). Check the path.") from None
    if b"\x00" in data[:4096]:
        raise StanceError(f"{path} is a binary file, not text. Export it as plain text in UTF-8 first.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StanceError(
            f"{path} is not UTF-8: byte {data[error.start]:#04x} at offset {error.start}. "
            "Save it as UTF-8, or convert it with iconv -f <its encoding> -t utf-8."
        ) from None
    if not clean(text).strip():
        raise StanceError(f"{path} is empty. Give a file that holds text.")
    return text.removeprefix("\ufeff") if path.suffix.lower() in (".jsonl", ".ndjson") else _without_mark(text)


def _rows(path: Path, text: str) -> Iterator[Document]:
    for number, row in json_rows(path, text):
        where = f"{path}, line {number}"
        for key in ("id", "text"):
            value = row.get(key)
            if not isinstance(value, str | int) or not clean(str(value)).strip():
                raise StanceError(f"{where}: no {key!r}. Every row needs 'id' and 'text', both not empty.")
        if not isinstance(row["text"], str):
            raise StanceError(f"{where}: 'text' must be a string. Got {type(row['text']).__name__}.")
        known = {key: str(row[key]) for key in _FIELDS if row.get(key) is not None}
        rest = {key: value for key, value in row.items() if key not in ("id", "text", *_FIELDS)}
        yield Document(clean(str(row["id"])), _without_mark(row["text"]), metadata=rest, **known)


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
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            why = getattr(error, "msg", "too deep or too long")
            raise StanceError(f"{path}, line {number}: not valid JSON ({why}). Put one object on each line.") from None
        if not isinstance(row, dict):
            raise StanceError(f'{path}, line {number}: not an object. Each line must look like {{"id": …, "text": …}}.')
        yield number, row
