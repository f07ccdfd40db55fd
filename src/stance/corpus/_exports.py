"""Word and Rich Text files, as archives of news export them → text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from stance.corpus.streams import FREE, LONGEST, read_whole
from stance.schema import StanceError

_WORDS = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_UNSEEN = frozenset(("Fallback", "del", "moveFrom", "rPr", "pPr"))
"""Elements whose words are not on the page: the other version of a text box, and what was deleted or moved away."""
_PARTS = re.compile(r"word/document\d{0,2}\.xml")


def export_text(path: Path, kind: str) -> str:
    """The words of a Word or Rich Text file, a blank line between paragraphs; pictures, notes and headers are left out.

    Parameters
    ----------
    path
        The file.
    kind
        ``.docx`` or ``.rtf``.

    Raises
    ------
    StanceError
        If it is damaged, too large, or has a password; the sentence does not name it.
    """
    data = read_whole(path, 4 * FREE if kind == ".docx" else FREE)
    paragraphs = docx_paragraphs(data) if kind == ".docx" else rtf_paragraphs(data)
    text = "\n\n".join(p for p in (p.strip() for p in paragraphs) if p)
    if not text:
        raise StanceError("the file holds no words. Is its text a picture? Then it must be read by an OCR program.")
    if len(text) > LONGEST:
        raise StanceError(f"the text is longer than {LONGEST:,} characters, the limit for one text. Split it.")
    return text


def docx_paragraphs(data: bytes) -> Iterator[str]:
    """The paragraphs of a Word file, in order.

    Raises
    ------
    StanceError
        If it is damaged, has a password, or expands beyond 64 MiB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = next((i for i in archive.infolist() if _PARTS.fullmatch(i.filename)), None)
            if part is None:
                raise StanceError("the file is no Word text, though its name says so. Save it as .docx or .txt.")
            if part.flag_bits & 1:
                raise StanceError("the file has a password. Save it without one.")
            with archive.open(part) as stream:
                xml = stream.read(FREE + 1)
    except StanceError:
        raise
    except Exception as error:  # whatever a damaged file does to the library, the next one is read
        raise StanceError(f"the Word file is damaged ({' '.join(str(error).split())[:100]}). Save it anew.") from None
    if len(xml) > FREE:
        raise StanceError(f"the words of the file take more than {FREE / 2**20:.0f} MiB. Split it.")
    return iter(_Words(xml).paragraphs)


class _Words:
    """The paragraphs in the XML of a Word file; no entity is ever expanded, and none is fetched."""

    def __init__(self, xml: bytes):
        self.paragraphs: list[str] = []
        self._open: list[list[str]] = []
        self._unseen = 0
        self._in_text = False
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = self._characters, self._doctype
        try:
            parser.Parse(xml, True)
        except expat.ExpatError as error:
            raise StanceError(f"the Word file is damaged ({error}). Save it anew.") from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if local in _UNSEEN or self._unseen:
            self._unseen += 1
        elif space in _WORDS and local == "p":
            self._open.append([])
        elif space in _WORDS and local == "t":
            self._in_text = True
        elif space in _WORDS and local in _MARKS and self._open:
            self._open[-1].append(_MARKS[local])

    def _end(self, name: str) -> None:
        space, _, local = name.rpartition(" ")
        if self._unseen:
            self._unseen -= 1
        elif space in _WORDS and local == "p":
            self.paragraphs.append("".join(self._open.pop()))
        elif space in _WORDS and local == "t":
            self._in_text = False

    def _characters(self, text: str) -> None:
        if self._in_text and self._open and not self._unseen:
            self._open[-1].append(text)

    def _doctype(self, *_: Any) -> None:
        raise StanceError("the Word file declares entities of its own, which no word processor does. Save it anew.")


def rtf_paragraphs(data: bytes) -> Iterator[str]:
    """The paragraphs of a Rich Text file, in order.

    Raises
    ------
    StanceError
        If it is damaged, or the extra ``exports`` is not installed.
    """
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError:
        raise StanceError(
            "Rich Text (.rtf) needs the extra 'exports': pip install 'stance-suite[exports]'. "
            "Or save the file as .docx or as plain text in UTF-8."
        ) from None
    page = re.search(rb"\\ansicpg(\d{3,5})", data[:4096])
    try:
        raw = data.decode(f"cp{page[1].decode()}" if page else "cp1252", "replace")
    except LookupError:
        raw = data.decode("cp1252", "replace")
    raw = _CLOSING.sub(r"\\rdblquote  ", _LINK.sub(r'\1 {}"', _CELL.sub(r"\\par ", raw)))
    try:
        text = rtf_to_text(raw, errors="replace")
    except Exception as error:  # whatever a damaged file does to the library, the next one is read
        raise StanceError(f"the Rich Text cannot be parsed ({type(error).__name__}). Save it as text.") from None
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # letters beyond 65,535 come in halves
    return iter(joined.replace("\xad", "").split("\n"))


_LINK = re.compile(r'(HYPERLINK)\s+"', re.I)
"""The address of a link: parted from it, since the library would put the address among the words."""
_CLOSING = re.compile(r"\\rdblquote (?=[A-Za-z])")
"""A closing quotation mark whose space ends the control word, so that none is left: no word begins right behind it."""
_CELL = re.compile(r"(?<!\\)\\(?:nest)?cell(?![a-z])\s?")
"""The end of a cell of a table: a paragraph, where the library would write an upright stroke."""
