"""What a file is, by its name and its first bytes: people rename files, and most of them are no text."""

from __future__ import annotations

import codecs
import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from stance.corpus.streams import name_of, open_bytes, read_whole
from stance.schema import StanceError

_HEAD = 4096
"""Bytes in which a file shows what it is: enough for the headers of a mail."""

_XML = "an XML file. Export its articles as text, HTML or CSV"
_OFFICE = "a spreadsheet. Save its sheet as CSV in UTF-8, one row for each text"
_SLIDES = "a set of slides. Save the words as a .txt file"
_WORD = "an old Word file. Save it as .docx or .txt"
_BOOK = "an electronic book. Convert it to .txt or .html, for example with calibre or pandoc"
_ARCHIVE = "an archive. Unpack it, and give the folder"
_MAIL = (
    "a mail: headers, quoted answers and attachments are not its text. Save the text of the mail as a .txt file, "
    "and each attachment as a file of its own"
)
_MEDIA = "no text. Give a transcript of it as a .txt file"
_PDF = "a PDF. Convert it to text first, for example with pdftotext, and see that columns of print were not mixed"
_DATA = "a data file of a statistics program. Save it as CSV in UTF-8 or as Parquet"
_ODT = "an OpenDocument text. Save it as .docx or .txt"
_JSON = "JSON. Give an array of objects, each with a text, as .json, or one object on each line as .jsonl"
FOREIGN: Mapping[str, str] = {
    **dict.fromkeys((".xml", ".nitf", ".newsml", ".rss", ".atom", ".tei"), _XML),
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers"), _OFFICE),
    **dict.fromkeys((".ppt", ".pptx", ".odp", ".key"), _SLIDES),
    **dict.fromkeys((".epub", ".mobi", ".azw", ".azw3"), _BOOK),
    **dict.fromkeys((".zip", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz"), _ARCHIVE),
    **dict.fromkeys((".eml", ".msg", ".mbox", ".pst", ".mht", ".mhtml"), _MAIL),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".mp3", ".mp4", ".wav", ".m4a"), _MEDIA),
    **dict.fromkeys((".sav", ".dta", ".rds", ".rdata", ".rda", ".sas7bdat", ".pkl", ".feather"), _DATA),
    ".pdf": _PDF,
    **dict.fromkeys((".doc", ".dot", ".pages", ".wpd"), _WORD),
    ".odt": _ODT,
}
"""Suffixes of files that are never read as text, what they are, and what to do."""
EXPORTS = (".docx", ".rtf")
"""What news archives export: Word and Rich Text files."""

_MAGIC = (
    (b"%PDF", _PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file, or one with a password. Save it as .docx, .csv or .txt"),
    (b"\x1f\x8b", "compressed by gzip. End its name in .gz, as in texts.csv.gz"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd. End its name in .zst, as in texts.csv.zst"),
    (b"PAR1", "a Parquet file. End its name in .parquet"),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"BZh9", _ARCHIVE),
    (b"\xfd7zXZ\x00", _ARCHIVE),
)
_IN_ZIP = (
    ("word/", ".docx"),
    ("xl/", _OFFICE),
    ("ppt/", _SLIDES),
    ("application/vnd.oasis.opendocument.text", _ODT),
    ("application/vnd.oasis.opendocument.spreadsheet", _OFFICE),
    ("application/vnd.oasis.opendocument.presentation", _SLIDES),
    ("application/epub", _BOOK),
)
_ROOT = re.compile(r"<(?:nitf|newsml|newsitem|newsmessage|rss|feed|tei(?:\.2)?|teicorpus)\b", re.I)
_PAGE = re.compile(r"(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S)
_POSTED = re.compile(r"From \S+@\S+ [^\n]*\d{4}[^\n]*\n")
"""The line before each mail of a mailbox."""
_HEADER = re.compile(r"(?P<name>[A-Za-z][A-Za-z-]*):(?:[ \t]|$)|[ \t]+\S")


def kind_of(path: Path) -> str:
    """The suffix that a file should have, for one that is renamed; its own if its bytes say nothing else.

    Raises
    ------
    StanceError
        If it is of a kind that is not read; the sentence says what it is and what to do.

    Examples
    --------
    >>> kind_of(Path("slides.pptx"))
    Traceback (most recent call last):
        ...
    stance.schema.StanceError: the file is a set of slides. Save the words as a .txt file.
    """
    suffix = name_of(path).suffix
    if suffix == ".parquet":
        return suffix  # its own reader says what is wrong
    named = FOREIGN.get(suffix)
    if named and suffix not in (".doc", ".dot"):  # archives export Rich Text under the name of Word
        raise StanceError(f"the file is {named}.")
    if not path.is_file():  # a pipe gives its bytes only once
        return suffix
    with open_bytes(path) as stream:
        head = stream.read(_HEAD)
    found = _in_zip(path, suffix) if head.startswith(b"PK\x03\x04") else _by_bytes(head, suffix)
    if found is None and (named or suffix in EXPORTS):
        raise StanceError(
            f"the file is {named}." if named else f"the file ends in {suffix}, but is none. Save it anew."
        )
    if found is None or found in (*EXPORTS, ".html"):
        return found or suffix
    raise StanceError(f"the file is {found}.")


def _in_zip(path: Path, suffix: str) -> str:
    """What an archive is by the names of its members, or by what the first of them says of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(read_whole(path))) as archive:
            names = archive.namelist()
            with archive.open(names[0]) as stream:
                says = stream.read(100).decode("latin-1") if names[0] == "mimetype" else ""
    except StanceError:
        raise
    except Exception:  # damaged: then its suffix tells, and its own reader says what is wrong
        return ".docx" if suffix == ".docx" else _ARCHIVE
    if suffix == ".docx":
        return suffix
    return next((what for sign, what in _IN_ZIP if says.startswith(sign) or _holds(names, sign)), _ARCHIVE)


def _holds(names: list[str], folder: str) -> bool:
    return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)


def _by_bytes(head: bytes, suffix: str) -> str | None:
    """A suffix, or what the file is and what to do; None if it may be what its suffix says."""
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    text = _readable(head)
    if text.startswith("{\\rtf"):
        return ".rtf"
    if suffix in _TABLES:
        return None
    if _PAGE.match(text):
        return ".html"
    if suffix in (".html", ".htm", ".xhtml"):
        return None
    if text.startswith("<?xml") or _ROOT.match(text):
        return _XML
    return _MAIL if _is_mail(text) else None


_TABLES = (".jsonl", ".ndjson", ".csv", ".tsv", ".json")


def _readable(head: bytes) -> str:
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return head.decode("utf-16" if wide else "latin-1", "replace").removeprefix("ï»¿").lstrip()


def _is_mail(text: str) -> bool:
    """Whether a text begins with the headers of a mail; a press release may say who it is from, too."""
    names = set()
    for line in text[opens.end() if (opens := _POSTED.match(text)) else 0 :].splitlines():
        if not line.strip():
            break
        found = _HEADER.match(line)
        if not found:
            return False
        names.add((found["name"] or "").lower())
    written = re.search(r"^from:.*@", text, re.I | re.M) or {"message-id", "mime-version", "received"} & names
    return {"from", "subject"} <= names and bool(written)


def check_prose(text: str) -> None:
    """Refuse JSON under the name of a text.

    Raises
    ------
    StanceError
        If the text is an object or an array of them, or its first line is one.

    Examples
    --------
    >>> check_prose("[Applause] Thank you.")
    >>> try:
    ...     check_prose('{"id": "1", "text": "It rained."}')
    ... except StanceError as error:
    ...     print(str(error)[:17])
    the file is JSON.
    """
    if not text.lstrip().startswith(("{", "[")):
        return
    for part in (text.strip(), text.strip().partition("\n")[0]):
        try:
            value = json.loads(part)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, dict | list) for v in value)):
            raise StanceError(f"the file is {_JSON}.")
