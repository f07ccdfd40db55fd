"""A document with all that a text consists of: the one thing that travels where a text is read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from stance.schema import Document
from stance.text.capitals import in_capitals, recased
from stance.text.language import foreign_paragraphs
from stance.text.paragraphs import Turn, find_turns, paragraphs
from stance.text.quotations import Quotations, find_quotations
from stance.text.signs import without_signs
from stance.text.spans import Intervals
from stance.text.syntax import dependencies, is_word

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


class ParsedText:
    """A document, and its paragraphs, quotations, turns and parse: each made once, when it is first asked for.

    Parameters
    ----------
    document
        The text; offsets everywhere are into it.

    Examples
    --------
    >>> parsed = ParsedText(Document("d", "Putin spoke. Trump listened."))
    >>> list(parsed.sentences)
    [(0, 12), (13, 28)]
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text

    @cached_property
    def paragraphs(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each paragraph."""
        return tuple(paragraphs(self.text))

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Paragraphs that open with a label and a colon."""
        return tuple(find_turns(self.text, self.paragraphs))

    @cached_property
    def quotations(self) -> Quotations:
        """What stands between quotation marks."""
        return find_quotations(self.text, self.paragraphs)

    @cached_property
    def foreign(self) -> Intervals[str]:
        """Paragraphs that are surely not in English, each with the code of its language."""
        return Intervals(foreign_paragraphs(self.text, self.paragraphs, self.quotations))

    @cached_property
    def capitals(self) -> Intervals[None]:
        """Paragraphs that are set in capitals."""
        return Intervals((start, end, None) for start, end in self.paragraphs if in_capitals(self.text, start, end))

    @cached_property
    def doc(self) -> Doc:
        """Sentences, tags, lemmas and dependencies; offsets of tokens are the document's.

        What is set in capitals is read as it is usually written, an emoji as space.
        """
        capitals = [p for p in self.paragraphs if self.capitals.covers(*p)]
        text = recased(self.text, capitals, is_word) if capitals else self.text
        return dependencies(without_signs(text), self.paragraphs)

    @cached_property
    def sentences(self) -> Intervals[tuple[int, int]]:
        """Start and end of each sentence; space between paragraphs is one of its own."""
        return Intervals((s.start_char, s.end_char, (s.start_char, s.end_char)) for s in self.doc.sents)

    def tokens(self, start: int, end: int) -> Span | None:
        """The tokens that share a character with [start, end); None where there is none."""
        return self.doc.char_span(start, end, alignment_mode="expand")


def parse(document: Document) -> ParsedText:
    """A document ready to be read: its paragraphs, quotations and parse.

    Examples
    --------
    >>> [token.lemma_ for token in parse(Document("d", "Trump listened.")).doc]
    ['trump', 'listen', '.']
    """
    return ParsedText(document)
