"""Markup → the text that a reader sees, and a map back to the file.

Only what is surely markup is read as such: a star, an underscore or a bracket that stands alone is a sign of the text.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from stance.corpus._edits import Edit, Shifts, applied, places_of, shifts_of
from stance.schema import SET_IN, Document

_ADDRESS = r"(?:https?://|mailto:|www\.|[/#.])[^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[ \t]+[\"'][^\"'\n]*[\"'])?"
_LINK = re.compile(rf"(?P<image>!)?\[(?P<text>[^\[\]\n]{{0,300}}(?:\n[^\[\]\n]{{1,300}})?)\]\({_ADDRESS}\)")
_NOTE = re.compile(r"(?<=[\w.,;:!?”\"’')\]])\[\^?\d{1,3}\](?!\()")
_DEFINED = re.compile(r"^[ ]{0,3}\[[^\]\n]{1,60}\]:[ \t]+(?:https?://|/|#|<)\S+[^\n]*$", re.M)
_REFERRED = re.compile(r"\[(?P<text>[^\[\]\n]{1,200})\]\[\d{1,3}\]")
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(?=\S)", re.M)
_UNDERLINE = re.compile(r"(?<=\S)\n[ ]{0,3}(?:={3,}|-{3,})[ \t]*$", re.M)
_RULE = re.compile(r"^[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$", re.M)
_QUOTED = re.compile(r"^[ ]{0,3}>(?:[ \t]>)*[ \t]?(?=[^>\n])(?!\s*\d)|^[ ]{0,3}>[ \t]*$", re.M)
_BULLET = re.compile(r"^(?P<before>[ \t]*)[*+](?=[ \t]+\S)", re.M)
_BOTH = re.compile(r"(?<![*\w])\*{3}(?=[^\s*])(?P<text>[^*\n]{1,500}?)(?<=[^\s*])\*{3}(?!\*)")
_STRONG = re.compile(r"(?<![*\w])\*\*(?=[^\s*])(?P<text>[^*]{1,1000}?)(?<=[^\s*])\*\*(?!\*)")
_STRONG_LINE = re.compile(r"(?<![\w_])__(?=[^\s_])(?P<text>[^_\n]{1,1000}?)(?<=[^\s_])__(?![\w_])")
_SLANTED = re.compile(r"(?<![*\w\\])\*(?=[^\s*])(?P<text>[^*\n]{1,500}?)(?<=[^\s*\\])\*(?![*\w])")
_SLANTED_LINE = re.compile(r"(?<![\w_\\/])_(?=[^\s_])(?P<text>[^_\n]{1,500}?)(?<=[^\s_\\])_(?![\w_/])")
_ESCAPED = re.compile(r"\\(?=[*_#\[\]`>])")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,5}|#[xX][0-9A-Fa-f]{2,5});")
_TAG = re.compile(
    r"<(?:br|hr)[ \t]*/?>"
    r"|</?(?:p|div|li|ul|ol|blockquote|h[1-6]|b|i|em|strong|u|span|a|font|sup|sub|small)(?:[ \t][^<>\n]{0,400})?/?>",
    re.I,
)
_BLOCK = re.compile(r"</?(?:p|div|li|ul|ol|blockquote|h[1-6]|br|hr)\b", re.I)
_MOST_NESTED = 4
"""Times that text is read for marks inside marks: bold in a link in italics."""
_LEAST_WIDTH, _GREATEST_WIDTH = 50, 110
"""Characters of a line that a program has wrapped: from a narrow column to 100 and a margin. Longer lines are
paragraphs, shorter ones verses, lists and addresses."""


def as_shown(document: Document) -> Document:
    """A document with the text that a reader sees, and where each of its signs stood.

    Parameters
    ----------
    document
        As it was read from a file.

    Examples
    --------
    >>> found = as_shown(Document("d", "**Ann Lee** [said](https://a.example/1) no."))
    >>> found.text, found.in_file(found.text.index("said"))
    ('Ann Lee said no.', 13)
    """
    text, shifts = shown(document.text)
    if shifts and document.shifts:
        before = places_of(document.shifts, len(document.text))
        shifts = shifts_of(before[places_of(shifts, len(text))])
    return document if text == document.text else replace(document, text=text, shifts=shifts or document.shifts)


def shown(raw: str) -> tuple[str, Shifts]:
    """The text that a reader sees, and its map.

    Parameters
    ----------
    raw
        A text as it stands in a file.

    Returns
    -------
    str
        The text without marks.
    tuple
        Pairs of an offset in it and one in ``raw``; empty where nothing moved.

    Examples
    --------
    >>> shown("5 * 3 * 2, a_b_c, [sic] and #1")
    ('5 * 3 * 2, a_b_c, [sic] and #1', ())
    >>> shown("# News\\n\\nIt *was* so.[1]")
    ('News\\n\\nIt was so.', ((0, 2), (9, 12), (12, 16), (16, 23)))
    """
    text, places = raw, np.arange(len(raw) + 1) if _may_be_marked(raw) else None
    if places is not None:
        for _ in range(_MOST_NESTED):
            edits = _chosen(text)
            if not edits:
                break
            text, places = applied(text, places, edits)
    wrapped = _unwrapped(text)
    return wrapped, () if places is None or text == raw else shifts_of(places)


def _may_be_marked(t: str) -> bool:
    """Whether a text has a sign that no marked text is without; asked of every text, and so sign by sign."""
    if "*" in t or "_" in t or "[" in t or "<" in t or ">" in t or "&" in t or "#" in t or "\\" in t:
        return True
    return ("---" in t or "===" in t) and _UNDERLINED.search(t) is not None


_UNDERLINED = re.compile(r"^[-=]{3,}", re.M)


def _chosen(text: str) -> list[Edit]:
    """What is to be changed, from left to right; of two that overlap the first kind."""
    found: list[Edit] = []
    taken = bytearray(len(text))
    for kind in _KINDS:
        for edits in kind(text):
            if not any(any(taken[start:end]) for start, end, _ in edits):
                found += edits
                for start, end, _ in edits:
                    taken[start:end] = b"\x01" * (end - start)
    return sorted(found)


def _lines(text: str) -> Iterator[list[Edit]]:
    """Marks at the start of lines, and lines that are nothing but marks."""
    for pattern in (_DEFINED, _RULE, _UNDERLINE, _HEADING):
        for match in pattern.finditer(text):
            if match.end() > match.start():
                yield [(match.start(), match.end(), "")]
    last = None
    for match in _QUOTED.finditer(text):
        words = not text[match.start() : match.end()].isspace() and text[match.end() : match.end() + 1].strip() != ""
        opens = words and (match.start() - 1 != last or _STARTS.match(text, match.end()) is not None)
        last = text.find("\n", match.end()) if words else None
        yield [(match.start(), match.end(), SET_IN if opens else "")]
    for match in _BULLET.finditer(text):
        yield [(match.end("before"), match.end(), "-")]


def _links(text: str) -> Iterator[list[Edit]]:
    for match in _LINK.finditer(text):
        start, end = match.span("text")
        yield [(match.start(), start, ""), (end, match.end(), "")]
    for match in _REFERRED.finditer(text):
        start, end = match.span("text")
        yield [(match.start(), start, ""), (end, match.end(), "")]
    for match in _NOTE.finditer(text):
        yield [(match.start(), match.end(), "")]


def _marked(text: str) -> Iterator[list[Edit]]:
    """Bold and italics: the marks go, the words stay."""
    for pattern in (_BOTH, _STRONG, _STRONG_LINE, _SLANTED, _SLANTED_LINE):
        for match in pattern.finditer(text):
            start, end = match.span("text")
            if "\n\n" not in match["text"]:
                yield [(match.start(), start, ""), (end, match.end(), "")]
    for match in _ESCAPED.finditer(text):
        yield [(match.start(), match.end(), "")]


def _tagged(text: str) -> Iterator[list[Edit]]:
    inside = 0
    for match in _TAG.finditer(text):
        tag = match.group()
        inside = max(0, inside + (tag[:11].lower() == "<blockquote") - (tag[:12].lower() == "</blockquote"))
        block = _BLOCK.match(tag)
        if block and tag[1] == "/" and text[match.end() :].lstrip(" \t")[:1] == "\n":
            block = None
        sign = f"\n\n{SET_IN if inside and tag[1] != '/' else ''}" if block else ""
        yield [(match.start(), match.end(), sign)]
    for match in _ENTITY.finditer(text):
        sign = html.unescape(match.group())
        if sign != match.group():
            yield [(match.start(), match.end(), " " if sign == "\xa0" else sign)]


_KINDS: tuple[Callable[[str], Iterator[list[Edit]]], ...] = (_lines, _links, _tagged, _marked)
"""In this order: a star that begins a line is a bullet before it may open italics."""


def _unwrapped(text: str) -> str:
    """Lines that a program has wrapped, joined by a space: no offset moves.

    A program breaks a line where the next word no longer fits. A block of three lines or more is wrapped if that
    holds for every break in it, but for those before an item of a list, a turn or a heading, and those that Markdown
    makes by two spaces, which stay.
    """
    if text.count("\n") < 2:
        return text
    return _BLOCKS.sub(lambda match: _joined(match.group()), text)


_BLOCKS = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*){2,}")
_STARTS = re.compile(r"[ \t]*(?:[-•‣*–—>#|]|\(?\w{1,3}[.)][ \t]|[^\W\d_][\w.'’ -]{0,40}:[ \t])")


def _joined(block: str) -> str:
    lines = block.split("\n")
    width = max(len(line.strip(SET_IN).rstrip()) for line in lines)
    kept = [bool(_STARTS.match(line)) or before.endswith("  ") for before, line in itertools.pairwise(lines)]
    breaks = [(lines[i].rstrip(), lines[i + 1]) for i, stays in enumerate(kept) if not stays]
    full = all(len(before) + 1 + len(line.split(maxsplit=1)[0]) > width for before, line in breaks)
    if not (_LEAST_WIDTH <= width <= _GREATEST_WIDTH and full):
        return block
    return lines[0] + "".join(("\n" if stays else " ") + line for line, stays in zip(lines[1:], kept, strict=True))
