"""The bytes and lines of a file, compressed or not, never more of it in memory than a limit."""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from stance.corpus.encodings import encoding_of, gap_in
from stance.schema import StanceError

LARGEST = 256 * 2**20
"""Bytes a file that is read whole may have, decompressed, unless the reader sets less."""
LONGEST = 16 * 2**20
"""Characters a line, or a row of a table, may have, and bytes a text or a page."""
MOST_EXPANDED = 200
"""How many times larger than itself a compressed file may become, once it is beyond 64 MiB."""
_HEAD = 4 * 2**20
"""Bytes at the beginning that the encoding is looked for in, so that a file of any size can be read as a stream."""
FREE = 64 * 2**20
_COMPRESSED = (".gz", ".zst")


class Name(NamedTuple):
    """The parts of a file's name: ``a.b.csv.gz`` is stem ``a.b``, suffix ``.csv``, compression ``.gz``."""

    stem: str
    suffix: str
    compression: str


def name_of(path: Path) -> Name:
    """Split a file's name.

    Examples
    --------
    >>> name_of(Path("folder/a.b.CSV.gz"))
    Name(stem='a.b', suffix='.csv', compression='.gz')
    """
    compression = path.suffix.lower() if path.suffix.lower() in _COMPRESSED else ""
    inner = Path(path.stem) if compression else path
    return Name(inner.stem, inner.suffix.lower(), compression)


def open_bytes(path: Path) -> io.BufferedReader:
    """Open a file for reading, decompressed as it is read.

    Raises
    ------
    StanceError
        If it is a pipe or a device; while reading, if it is damaged, or expands
        more than :data:`MOST_EXPANDED` times.
    """
    raw = open(path, "rb", buffering=0, opener=_at_once)  # noqa: SIM115 - a path has no opener; who reads closes
    try:
        check_lasting(os.fstat(raw.fileno()).st_mode)
    except StanceError:
        raw.close()
        raise
    inner: Any = raw
    compression = name_of(path).compression
    if compression == ".gz":
        inner = gzip.GzipFile(fileobj=io.BufferedReader(raw))
    elif compression == ".zst":
        import pyarrow

        inner = pyarrow.input_stream(raw, compression="zstd", buffer_size=0)
    else:
        return io.BufferedReader(raw)
    return io.BufferedReader(_Expanding(raw, inner), 2**16)


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for somebody to write into a named pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def check_lasting(mode: int) -> None:
    """Refuse what gives its bytes only once, or never ends: every file is read from its beginning several times.

    Parameters
    ----------
    mode
        Of the file, as ``stat`` gives it.

    Raises
    ------
    StanceError
        If it is a pipe, a socket or a device.

    Examples
    --------
    >>> check_lasting(Path(__file__).stat().st_mode)
    """
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        raise StanceError(
            "this is a pipe, whose bytes can be read only once, and files are read several times. Write them to a file "
            "first, and give that."
        )
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise StanceError("this is a device, not a file. Write the texts to a file first, and give that.")


class _Expanding(io.RawIOBase):
    """A decompressed stream that stops where it grows beyond all measure."""

    def __init__(self, raw: IO[bytes], inner: Any):
        self._raw, self._inner, self._read = raw, inner, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            why = " ".join(str(error).split())[:120]
            raise StanceError(f"the file is damaged or cut short ({why}). Compress it anew.") from None
        self._read += len(data)
        if self._read > max(FREE, MOST_EXPANDED * self._raw.tell()):
            raise StanceError(
                f"the file expands to more than {MOST_EXPANDED} times its size, as a decompression bomb does. "
                "Decompress it yourself if you trust it."
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


def read_whole(path: Path, limit: int = LARGEST) -> bytes:
    """All bytes of a file, decompressed.

    Raises
    ------
    StanceError
        If they are more than ``limit``, none, or damaged.
    """
    with open_bytes(path) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise StanceError(f"the file holds more than {limit / 2**20:.0f} MiB, the limit for one text. Split it.")
    if not data:
        raise StanceError("the file is empty. Put its text into it, or take the file out.")
    return data


class RowFault(Exception):
    """A line or row that cannot be read, while those after it can.

    Attributes
    ----------
    quotes
        Quotation marks in the line: where they come in pairs, a row of CSV that began in it ended in it.
    """

    def __init__(self, why: str, quotes: int = 0):
        super().__init__(why)
        self.quotes = quotes


class Lines(Iterator[str]):
    """The lines of a text, with their line ends; the next one can be asked for after a :class:`RowFault`.

    Attributes
    ----------
    number
        Of the line read last, from 1.
    last
        The line read last.
    budget
        Characters that may still be read before a row counts as too long; whoever reads sets it anew for each row.
    """

    def __init__(self, stream: IO[bytes], encoding: str, newline: str, patient: bool = False):
        self._encoding, self._wide = encoding, encoding.startswith(("utf-16", "utf-32"))
        self._single = not encoding.startswith("utf")
        errors = "surrogatepass" if self._wide else "surrogateescape"
        self._text = io.TextIOWrapper(stream, encoding, errors, newline)
        self.number, self.budget, self.last = 0, LONGEST, ""
        self._patient = patient
        self._fault: str | None = None

    def __next__(self) -> str:
        self.last = line = self._text.readline(LONGEST + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > LONGEST:
            self._pass_over(line)
        self.budget -= len(line)
        if self.budget < 0:
            raise RowFault(f"a row longer than {LONGEST:,} characters ends here. Is a quotation mark never closed?")
        if not line.isascii() or "\0" in line:
            why = self._misread(line)
            if why and not self._patient:
                raise RowFault(why)
            self._fault = self._fault or why
        return line

    def fault(self) -> str | None:
        """Of patient lines, what was wrong with those since this was asked last: a row is read to its end first."""
        why, self._fault = self._fault, None
        return why

    def _pass_over(self, line: str) -> None:
        quotes = line.count('"')
        while not line.endswith(("\n", "\r")) and (line := self._text.readline(LONGEST)):
            quotes += line.count('"')
        raise RowFault(f"longer than {LONGEST:,} characters, the limit for one row. Split it.", quotes)

    def _misread(self, line: str) -> str | None:
        """What shows that the bytes of a line are not in the encoding of the file."""
        if (gap := gap_in(line)) and not self._wide:
            raise StanceError(f"line {self.number:,}: {gap}")
        name = self._encoding.removesuffix("-sig")
        if self._wide:
            if len(line) >= _SURE and not any(c.isascii() and c.isalnum() for c in line) and _is_ascii(line, name):
                return f"written in one byte a letter, and the file in {name}. Save all of it in one encoding."
            return None
        if self._single and _is_utf8(line, self._encoding):
            return f"written in UTF-8, and the file in {name}. Save all of it in one encoding."
        if odd := _ESCAPED.search(line):
            return (
                f"byte {ord(odd.group()) - 0xDC00:#04x} is not {name}. Declare the encoding, for example "
                "--encoding cp1252."
            )
        return None


_ESCAPED = re.compile("[\udc80-\udcff]")
_SURE = 8
"""Letters of UTF-16 whose bytes are all ASCII that are no chance: Chinese texts have other bytes among so many."""


def _is_utf8(line: str, encoding: str) -> bool:
    """Whether bytes read with one byte a letter are UTF-8 with letters beyond ASCII: no chance, but a mixture."""
    try:
        return not line.encode(encoding, "surrogateescape").decode("utf-8").isascii()
    except UnicodeError:
        return False


def _is_ascii(line: str, encoding: str) -> bool:
    try:
        return line.strip().encode("utf-16-le" if encoding.startswith("utf-16") else encoding, "replace").isascii()
    except UnicodeError:
        return False


def open_lines(path: Path, encoding: str | None, newline: str = "\n", patient: bool = False) -> Lines:
    """The lines of a file, in the encoding declared or found in its beginning.

    Parameters
    ----------
    path
        The file.
    encoding
        What the user says it is in.
    newline
        As :class:`io.TextIOWrapper` takes it.
    patient
        Whether what is wrong with a line is kept for :meth:`Lines.fault`, and the line given.

    Raises
    ------
    StanceError
        If the file is empty, binary, damaged, or of an encoding that is not sure.
    """
    with open_bytes(path) as stream:
        head, whole = _beginning(stream)
    if not head:
        raise StanceError("the file is empty. Put its text into it, or take the file out.")
    return Lines(open_bytes(path), encoding_of(head, encoding, whole=whole), newline, patient)


def _beginning(stream: io.BufferedReader) -> tuple[bytes, bool]:
    """What a file begins with, as far as it can be read, and whether that is all."""
    head = bytearray()
    try:
        while len(head) < _HEAD:
            part = stream.read1(min(2**13, _HEAD - len(head)))
            if not part:
                return bytes(head), True
            head += part
    except StanceError:
        if not head:
            raise
    return bytes(head), False
