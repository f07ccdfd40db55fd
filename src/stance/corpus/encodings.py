"""Bytes → text: which encoding a text is in, told only where it is sure; what no reader can show is blanked."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from stance.schema import StanceError

# Control characters (but tab and line ends) and lone surrogates, replaced one for one.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The encodings of one byte a letter that are told apart. Others must be declared.
_SINGLE = (
    "cp1252", "cp1250", "iso8859_2", "cp1254", "cp1257",
    "cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic", "mac_roman",
)  # fmt: skip
_ENOUGH = 5
"""Letters beyond ASCII that any encoding other than cp1252 needs: fewer can look right by chance."""
_NEVER_SURE = ("mac_roman",)  # it only raises doubts
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1c-\x1f]")
_SAMPLE = 65_536
"""Bytes that a guess is made from: its time grows with them, and a text says what it is written in early on."""
# In place of "latin-1" the Web reads what Windows writes.
_WEB = {"iso8859-1": "cp1252", "ascii": "cp1252"}


def clean(text: str) -> str:
    """Replace what no reader can show, one character for one.

    Examples
    --------
    >>> clean("a\\x00b")
    'a b'
    """
    return text if text.isprintable() else _UNREADABLE.sub(" ", text)  # most cells are one line of letters


def gap_in(text: str) -> str | None:
    """A sentence about a run of zero bytes: where a disk was full or a machine stopped, they stand in place of text.

    Examples
    --------
    >>> gap_in("One.\\0 Two."), gap_in("One." + "\\0" * 512)[:26]
    (None, '512 zero bytes stand where')
    """
    if "\0" * _GAP not in text:
        return None
    longest = max(re.findall("\0+", text), key=len)
    return f"{len(longest):,} zero bytes stand where text was: the file is damaged. Restore or export it anew."


_GAP = 8
"""Zero bytes in a row that no text holds; a single one is a slip, and is read as a space."""


def known(encoding: str | None) -> str | None:
    """The name of a declared encoding, as Python knows it.

    Raises
    ------
    StanceError
        If Python knows no text encoding of that name.

    Examples
    --------
    >>> known("Windows-1251"), known("UTF8"), known(None)
    ('cp1251', 'utf-8', None)
    """
    if encoding is None:
        return None
    try:
        b"a".decode(encoding, "replace")  # refuses codecs that are not from bytes to text
        return codecs.lookup(encoding).name
    except (LookupError, ValueError):
        raise StanceError(
            f"No text encoding is called {encoding!r}. Write it as utf-8, cp1252, cp1251, koi8-r or utf-16."
        ) from None


def encoding_of(data: bytes, declared: str | None = None, *, whole: bool = True) -> str:
    """The encoding of a text.

    A byte-order mark counts most, then what is declared, then whether the bytes
    are UTF-8 or UTF-16. Of the encodings with one byte a letter, one is taken
    only if every other that gives a natural text gives the same.

    Parameters
    ----------
    data
        The text, or its beginning.
    declared
        The name of the encoding, if somebody says so.
    whole
        Whether this is all of the text; otherwise its last letter may be cut.

    Raises
    ------
    StanceError
        If the bytes are no text, or their encoding is not sure.

    Examples
    --------
    >>> encoding_of("It’s over.".encode("cp1252"))
    'cp1252'
    >>> encoding_of("Переговоры закончились без результата.".encode("cp1251"))
    'cp1251'
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if declared:
        return declared
    fault = _utf8_fault(data, whole)
    controls = len(_BINARY.findall(data))
    if controls and (wide := _wide(data)):
        return wide
    if controls and (fault or data.count(b"\x00") * 10 > len(data)):
        raise StanceError("the file is a binary file, not text. Export it as plain text in UTF-8 first.")
    if not fault:
        return "utf-8-sig"
    if found := _single(data):
        return found
    raise StanceError(
        f"the file is not UTF-8: byte {data[fault.start]:#04x} at offset {fault.start}, and its encoding is not sure. "
        "Declare it, for example --encoding cp1252, or save the file as UTF-8."
    )


def decoded(data: bytes, declared: str | None = None) -> str:
    """The text of a whole file, without its byte-order mark; nothing else is changed.

    Raises
    ------
    StanceError
        If the bytes are no text, or not in the encoding declared, or in none that is sure.

    Examples
    --------
    >>> decoded("Łódź".encode("utf-16"))
    'Łódź'
    """
    encoding = encoding_of(data, declared)
    try:
        text = data.decode(encoding, _errors(encoding, "strict")).removeprefix("\ufeff")
    except UnicodeError as error:
        raise StanceError(_unfit(encoding, error, data)) from None
    if gap := gap_in(text):
        raise StanceError(gap)
    return text


def decoded_page(data: bytes, declared: str | None = None) -> str:
    """The text of a HTML page: as :func:`decoded`, and the page may declare its encoding itself.

    A page that is valid UTF-8 is taken for that, whatever it says: browsers save pages so.

    Raises
    ------
    StanceError
        As :func:`decoded`.

    Examples
    --------
    >>> decoded_page('<meta charset="windows-1251"><p>Встреча'.encode("cp1251"))[-7:]
    'Встреча'
    """
    said = _PAGE_SAYS.search(data[:4096])
    if declared or not said or any(data.startswith(mark) for mark, _ in _MARKS) or not _utf8_fault(data, True):
        return decoded(data, declared)
    try:
        name = known((said.group(1) or said.group(2)).decode("ascii")) or ""
        return decoded(data, _WEB.get(name, name))
    except StanceError:
        return decoded(data)


_PAGE_SAYS = re.compile(
    rb"""<meta[^>]{0,200}charset\s{0,9}=\s{0,9}["']?([\w.:-]{2,30})|^\s{0,9}<\?xml[^>]{0,99}encoding=["']([\w.:-]{2,30})""",
    re.I,
)


def _errors(encoding: str, otherwise: str) -> str:
    """How bytes that fit not are treated; a lone surrogate in UTF-16 is read, and blanked later."""
    return "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else otherwise


def _unfit(encoding: str, error: UnicodeError, data: bytes) -> str:
    start = getattr(error, "start", 0)
    byte = f": byte {data[start]:#04x} at offset {start}" if start < len(data) else ""
    name = encoding.removesuffix("-sig")
    return f"the file is not in {name}{byte}. Declare its encoding, for example --encoding cp1252."


def _utf8_fault(data: bytes, whole: bool) -> UnicodeDecodeError | None:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError as error:
        return error
    return None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte is one of few, and among them is zero."""
    sample = data[:_SAMPLE]
    for encoding, high, low in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        few = sum(map(high.count, (b"\x00", b"\x04", b"\x20")))
        if few > 0.9 * len(high) and high.count(b"\x00") and low.count(b"\x00") * 50 < len(low) + 50:
            try:
                text = sample[: len(sample) // 2 * 2].decode(encoding, "surrogatepass")
            except UnicodeDecodeError:
                return None
            return encoding if text.count(" ") * 30 > len(text) and "\x00" not in text else None
    return None


def _single(data: bytes) -> str | None:
    """The encoding with one byte a letter that is sure: all that read naturally read the same."""
    from charset_normalizer import from_bytes

    words = list(dict.fromkeys(re.findall(rb"\S{0,40}[\x80-\xff]\S{0,40}", data)))
    sample = b" \n ".join(words)[:_SAMPLE]
    readings: dict[str, str] = {}
    for encoding in _SINGLE:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        if natural(text):
            readings[encoding] = text
    if "cp1252" in readings and not any(c.isalpha() and c > "\x7f" for c in readings["cp1252"]):
        return "cp1252"  # nothing but typographic marks, all where they belong
    if len(set(readings.values())) != 1:
        return None
    encoding, text = next(iter(readings.items()))
    beyond = sum(c.isalpha() and not c.isascii() for c in text)
    if encoding in _NEVER_SURE or (encoding != "cp1252" and beyond < _ENOUGH):
        return None
    lines = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
    theirs = {str(match) for match in from_bytes(lines)}
    return encoding if lines.decode(encoding) in theirs else None


def natural(text: str) -> bool:
    """Whether words with letters beyond ASCII look like words of a European language.

    Wrong readings betray themselves by capitals inside words, signs between
    letters, mixed scripts and letters of the wrong frequency.

    Examples
    --------
    >>> natural("Łódź"), natural("Wa³êsa"), natural("cafŽ"), natural("Itâ€™s")
    (True, False, False, False)
    """
    if any(True for _ in oddities(text)):
        return False
    cyrillic = [c for c in text.lower() if "\u0400" <= c <= "\u04ff"]
    if cyrillic:
        usual = sum(c in "оаеинтсрвлі" for c in cyrillic)
        return len(cyrillic) >= 15 and usual > 0.5 * len(cyrillic) and not set(cyrillic) - set(_LETTERS)
    return not any(not word.isascii() and not re.search("[A-Za-z]", word) for word in _WORD.findall(text))


_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ"
_CONTRACTION = re.compile(r"(?:s|t|re|ve|ll|d|m)\b", re.I)


def oddities(text: str) -> Iterator[int]:  # noqa: C901 - one case a kind of character, side by side
    """Places of characters beyond ASCII that do not stand where they would in a text.

    Examples
    --------
    >>> list(oddities("It’s Łódź")), list(oddities("ItÃs"))
    ([], [2])
    """
    for i, c in enumerate(text):
        if c.isascii():
            continue
        before, after = text[i - 1] if i else " ", text[i + 1] if i + 1 < len(text) else " "
        if c.isalpha() and unicodedata.category(c) in ("Lu", "Ll"):
            odd = _odd_letter(c, before, after, text[i - 2] if i > 1 else " ")
        elif c == "’":
            stem = _WORD.search(text[max(0, i - 3) : i][::-1])
            odd = (
                before.isalpha()
                and after.isalpha()
                and not (_CONTRACTION.match(text, i + 1) or (stem and stem.start() == 0 and stem.end() == 1))
            )
        elif c in "–—":
            sides = text[max(0, i - 2) : i] + text[i + 1 : i + 3]
            odd = before.isalpha() and after.isalpha() and not (len(sides) == 4 and sides.isalpha())
        elif c in "“‘„‚«‹":
            odd = before.isalnum()
        elif c in "”»›…":
            odd = before.isalpha() and after.isalpha()
        elif c in "™®²³°":
            odd = (after.isalpha() and after not in "CF") or (c in "²³" and before.isalpha() and before != "m")
        elif c in "£€§©•·№½¼¾\xa0":
            odd = (before.isalpha() and after.isalpha()) or (c not in "•·\xa0" and after.isalpha())
        else:
            odd = True
        if odd:
            yield i


def _odd_letter(c: str, before: str, after: str, earlier: str) -> bool:
    """Whether a letter beyond ASCII stands oddly: of another script than its neighbour, or of the wrong case."""
    cyrillic = "\u0400" <= c <= "\u04ff"
    if not cyrillic and not unicodedata.name(c).startswith("LATIN"):
        return True
    if any(n.isalpha() and ("\u0400" <= n <= "\u04ff") != cyrillic for n in (before, after)):
        return True
    if c.isupper():
        return before.islower() or (before.isupper() and after.islower())
    return after.isupper() or (before.isupper() and earlier.isupper())
