"""One export of several documents, as archives of news write it → where each of them stands."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

Place = tuple[int, int]

_NUMBER = r"Document [A-Z]{2,8}\d{10,14}[a-z0-9]{6,14}"
_ENDS = re.compile(rf"^[ \t]*(?:End of Document|(?:AN[ \t]+)?{_NUMBER})[ \t]*\r?$", re.I | re.M)
"""The line behind each document: of Nexis, and of Factiva with the number of the document in it."""
_NUMBERED = re.compile(
    r"^[ \t]*(?:(?P<a>\d{1,4}) of (?P<of_a>\d{1,4}) DOCUMENTS|Document (?P<b>\d{1,4}) of (?P<of_b>\d{1,4}))[ \t]*\r?$",
    re.M,
)
"""The line before each document: of an older Nexis, and of ProQuest."""
_RULE = re.compile(r"^[ \t]*(?:_{20,}|-{20,}|={20,})[ \t]*\r?$", re.M)
_SAYS = re.compile(r"^[ \t]*(Full text|Load-Date|Publication title|ProQuest document ID|Length):", re.I | re.M)
"""What a document says of itself, once."""
_LOADED = re.compile(
    r"^[ \t]*Load-Date:[^\n]*(?:\n\s*(?:(?:Language|Publication-Type|Document-Type|Journal-Code):|Copyright )[^\n]*)*",
    re.I | re.M,
)
"""The last lines of a document of Nexis."""
_COVER = re.compile(r"^(?:Job Number|Client/Matter|Search Terms):", re.M)
_MAY_BE = re.compile(rf"End of Document|{_NUMBER}|Document \d+ of \d|\d of \d+ DOCUMENTS|Load-Date:|Full text:", re.I)


def bundled(text: str) -> list[Place]:
    """Where the documents of an export stand, without the lines between them; all of the text if it is one document.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> bundled("One.\\n\\nEnd of Document\\n\\nTwo.\\n\\nEnd of Document")
    [(0, 4), (23, 27)]
    >>> bundled("At the end of document two, he said no.")
    [(0, 39)]
    """
    for borders in _BORDERS:
        if found := _between(text, borders(text)):
            return found
    return [(0, len(text))]


def _ended(text: str) -> list[Place]:
    return [m.span() for m in _ENDS.finditer(text)]


def _numbered(text: str) -> list[Place]:
    """Lines that count the documents one by one."""
    lines = list(_NUMBERED.finditer(text))
    numbers = [int(m["a"] or m["b"]) for m in lines]
    counted = len(lines) > 1 and all(b == a + 1 for a, b in itertools.pairwise(numbers))
    return [m.span() for m in lines] if counted and len({m["of_a"] or m["of_b"] for m in lines}) == 1 else []


def _ruled(text: str) -> list[Place]:
    """Lines of strokes between documents each of which says where its full text begins, as ProQuest has them."""
    rules = [m.span() for m in _RULE.finditer(text)]
    inner = list(_between(text, rules))
    while inner and not _says(text, inner[-1]):
        inner.pop()  # what the archive says of itself
    several = len(inner) > 1 and all(len(said := _says(text, p)) == len(set(said)) > 0 for p in inner)
    return rules if several else []


def _loaded(text: str) -> list[Place]:
    """What follows the last line of each document, if nothing does that has no last line."""
    ends = [m.end() for m in _LOADED.finditer(text)]
    whole = len(ends) > 1 and not text[ends[-1] :].strip()
    return [(end, end) for end in ends] if whole else []


_BORDERS: tuple[Callable[[str], list[Place]], ...] = (_ended, _numbered, _ruled, _loaded)
"""In this order: what an archive writes between documents, then what each of them says of itself."""


def _says(text: str, place: Place) -> list[str]:
    return [m[1].lower() for m in _SAYS.finditer(text, *place)]


def _between(text: str, borders: list[Place]) -> list[Place]:
    """What stands between borders, without space around it; nothing where there is no border."""
    edges = [0, *itertools.chain(*borders), len(text)] if borders else []
    return list(_trimmed(text, zip(edges[::2], edges[1::2], strict=True)))


def _trimmed(text: str, places: Iterator[Place]) -> Iterator[Place]:
    for start, end in places:
        piece = text[start:end]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def may_be_bundled(text: str) -> bool:
    """Whether a text or page holds what archives write between documents.

    Examples
    --------
    >>> may_be_bundled("<p>End of Document</p>"), may_be_bundled("<p>The end.</p>")
    (True, False)
    """
    return bool(_MAY_BE.search(text))


def unsure(text: str) -> bool:
    """Whether one text seems to be several, whose borders are not sure: what each document says of itself comes again.

    Examples
    --------
    >>> unsure("Full text: One.\\nLoad-Date: May 1, 2025"), unsure("Full text: One.\\nBut.\\nFull text: Two.")
    (False, True)
    """
    said = _says(text, (0, len(text)))
    return len(said) > len(set(said))


def cover(text: str) -> bool:
    """Whether the first document begins with the cover of an export: who searched for what, and a list of titles.

    Examples
    --------
    >>> cover("Job Number: 1\\nSearch Terms: dam"), cover("The dam.")
    (True, False)
    """
    return bool(_COVER.search(text[:4000]))
