"""HTML → the main text of a page and what the page says about it; nothing is fetched."""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser
from typing import Any

from stance.corpus.encodings import clean
from stance.schema import SET_IN, Document, StanceError

LARGEST_PAGE = 16 * 2**20
"""Characters a page may have."""
MOST_ELEMENTS, DEEPEST = 50_000, 1_000
"""How many elements a page may have, and how many may be open inside each other."""
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.I)
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li option tr td th dd dt".split()
)


def page_document(html: str, name: str) -> Document:
    """The article on a page: paragraphs with a blank line between them, and its title, date, address and site.

    Parameters
    ----------
    html
        The page.
    name
        The document's id.

    Raises
    ------
    StanceError
        If the page is too large or too deep, or holds no article.
    """
    if len(html) > LARGEST_PAGE:
        raise StanceError(f"the page has more than {LARGEST_PAGE:,} characters. Save its article alone.")
    count, depth = _elements(html)
    if count > MOST_ELEMENTS or depth > DEEPEST:
        raise StanceError(
            f"the page has more than {MOST_ELEMENTS:,} elements, or {DEEPEST:,} inside each other. "
            "Save its article alone."
        )
    from trafilatura import bare_extraction

    for library in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # what fails is said in our own words
    try:
        page = bare_extraction(
            _with_speakers(clean(html)),
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except Exception as error:  # whatever a damaged page does to the parser, the next one is read
        raise StanceError(f"the page cannot be parsed ({type(error).__name__}). Save its article as text.") from None
    text = str(getattr(page, "text", None) or "")
    if not page or not text.strip():
        raise StanceError("no article was found on the page. Save its text as a .txt file.")
    title, date, url, site, host = (_said(page, key) for key in ("title", "date", "url", "sitename", "hostname"))
    paragraphs = "\n\n".join(_set_in([line for line in text.splitlines() if line.strip()], getattr(page, "body", None)))
    return Document(name, clean(paragraphs), title, site or host, date, url)


def _with_speakers(html: str) -> str:
    """A page whose block quotations keep the line that says whose they are: what finds the article drops footers."""
    written, at, depth = [], 0, 0
    for tag in _QUOTING.finditer(html):
        closing = bool(tag["closing"])
        if tag["kind"].lower() == "blockquote":
            depth = max(0, depth + (-1 if closing else 1))
        elif depth:
            dash = "" if closing or _DASH.match(html, tag.end()) else "— "
            written += [html[at : tag.start()], "</p>" if closing else f"<p>{dash}"]
            at = tag.end()
    return "".join([*written, html[at:]])


_QUOTING = re.compile(r"<(?P<closing>/?)(?P<kind>blockquote|footer)\b[^<>]*>", re.I)
_DASH = re.compile(r"(?:\s|<[^<>]*>)*(?:[-—–―]|&(?:mdash|ndash|horbar|#8212|#8211|#x2014);)", re.I)


def _set_in(lines: list[str], body: Any) -> list[str]:
    """The lines of a page, those of its block quotations set in."""
    found, at = list(lines), 0
    for quotation in () if body is None else body.iter("quote"):
        rest = "".join("".join(quotation.itertext()).split())
        first = next((i for i in range(at, len(lines)) if rest and rest.startswith(_closed(lines[i]))), None)
        while first is not None and first < len(lines) and rest and rest.startswith(_closed(lines[first])):
            rest = rest.removeprefix(_closed(lines[first]))
            found[first] = SET_IN + lines[first].lstrip()
            first = at = first + 1
    return found


def _closed(line: str) -> str:
    """A line without its space."""
    return "".join(line.split())


def _said(page: Any, key: str) -> str | None:
    value = getattr(page, key, None)
    return clean(str(value)) if value else None


def _elements(html: str) -> tuple[int, int]:
    """How many elements there are, and how many are open at most, as far as tags tell."""
    count = depth = deepest = 0
    for closing, tag in _TAG.findall(html):
        count += not closing
        if tag.lower() not in _VOID:
            depth = max(0, depth + (-1 if closing else 1))
            deepest = max(deepest, depth)
    return count, deepest


def page_words(html: str) -> str:
    """All words of a page, a blank line between what stands apart on it.

    Examples
    --------
    >>> page_words("<p>One <b>and</b></p><script>x</script><div>two.</div>")
    'One and\\n\\ntwo.'
    """
    reader = _Words()
    reader.feed(html)
    reader.close()
    blocks = (" ".join(block.split()) for block in "".join(reader.words).split("\0"))
    return clean("\n\n".join(block for block in blocks if block))


class _Words(HTMLParser):
    """The words of a page, and where a block begins or ends."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag not in _INLINE:
            self.words.append("\0")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag not in _INLINE:
            self.words.append("\0")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data.replace("\0", " "))


_UNSEEN = frozenset("script style title template noscript".split())
_INLINE = frozenset("a abbr b cite code em font i mark q s small span strong sub sup time u wbr".split())
"""Elements that stand inside a line; any other begins a block of its own."""
