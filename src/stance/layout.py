"""How a text is laid out: paragraphs, and speakers' turns in a transcript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TURN = re.compile(r"[ \t]*(?P<name>[^\W\d_][\w.'’\- ]{0,60}?)(?:[ \t]*\([^()\n]{1,60}\))?:[ \t]+(?=\S)")


@dataclass(frozen=True, slots=True)
class Turn:
    """A speaker's label at the start of a paragraph ("NAME:"), and the words behind it."""

    name: tuple[int, int]
    words: tuple[int, int]


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs one after the other, without the space around them.

    A paragraph ends at a blank line, and at a line end that follows closing
    punctuation. What is read in one never depends on another.

    Examples
    --------
    >>> list(paragraphs("One.\\n\\nTwo.\\nThree "))
    [(0, 4), (6, 10), (11, 16)]
    """
    start = 0
    for match in _PARAGRAPH_END.finditer(text):
        if text[start : match.start()].strip():
            yield start + len(text[start : match.start()]) - len(text[start : match.start()].lstrip()), match.start()
        start = match.end()


_PARAGRAPH_END = re.compile(r"""\s*\n[^\S\n]*\n\s*|(?<=[.!?:;”"\'’»)])[^\S\n]*\n\s*|\s*\Z""")


def find_turns(text: str) -> list[Turn]:
    """Paragraphs that open with a label and a colon.

    Whether the label names a speaker is left to the caller.

    Examples
    --------
    >>> [(t.name, t.words) for t in find_turns("PUTIN: Hello.\\n\\nTRUMP (in English): Hi.")]
    [((0, 5), (7, 13)), ((15, 20), (35, 38))]
    """
    turns = []
    for start, end in paragraphs(text):
        if match := _TURN.match(text, start, end):
            turns.append(Turn(match.span("name"), (match.end(), end)))
    return turns
