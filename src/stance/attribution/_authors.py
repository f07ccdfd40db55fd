"""Whose text it is, where its title says so: "Address by the President", "Statement by Ann Lee on the dam"."""

from __future__ import annotations

import re

from stance.attribution.aliases import Lexicon
from stance.schema import Document, Referent

_GENRE = re.compile(
    r"\b(?:address|statement|remarks?|speech|message|greetings?|article|essay|letter|op-ed|oration|toast)\b[^.:;]{0,40}?"
    r"\s(?:by|from|of)\s",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:.*[:–—]\s+|.*\s-\s+)?(?:(?!after|on|to|about|against|over|before|following|despite|for)[\w’'-]+\s+(?:of\s+)?)?(?:the\s+|an?\s+)?",
    re.IGNORECASE,
)
"""What may stand before, or between a dash and the speech: one word ("Opening", "Transcript of the") that makes it
nothing else's object."""
_JOINT = re.compile(r"\bjoint\b", re.IGNORECASE)
"""Of several, however many of them a title that was cut off names."""
_BETWEEN = re.compile(r"(?:(?:the|The|[A-Z][\w.’'-]*)\s+)*")
"""Words of a title that may stand before the name: "the Prime Minister"."""
_ANOTHER = re.compile(r"\s*(?:,|and|&)\s+(?:the\s+)?[A-Z]|['’]s?\b")
"""What shows that the name is not the only one, or that somebody of hers is meant."""
_AS_WELL = re.compile(r"(?:\s+of\s+[A-Z]\w+)?\s*(?:,\s*)?")
"""What may stand between an office and its holder: "Head of the Office *of Lesk* Ida Moss"."""


def author_of(document: Document, lexicon: Lexicon) -> Referent | None:
    """The person whose words a whole text is, by its title; None where it names nobody of the codebook, or a second.

    Parameters
    ----------
    document
        With a title.
    lexicon
        The codebook's names.

    Examples
    --------
    >>> from stance.codebook import read_codebook
    >>> lexicon = Lexicon(read_codebook())
    >>> author_of(Document("d", "My friends, …", title="Address by President Putin on the harvest"), lexicon)
    Referent(actor='kremlin', entity='Vladimir Putin')
    >>> author_of(Document("d", "It rained.", title="Statement by Putin and Trump"), lexicon)
    >>> author_of(Document("d", "It rained.", title="Protests after speech by Putin"), lexicon)
    """
    title = " ".join((document.title or "").split())
    genre = _GENRE.search(title)
    if genre is None or not _OPENING.fullmatch(title, 0, genre.start()) or _JOINT.search(title):
        return None
    named = [(start, end, who) for start, end, who in lexicon.find(title) if start >= genre.end()]
    if not named or not _BETWEEN.fullmatch(title, genre.end(), named[0][0]):
        return None
    end, author = named[0][1], named[0][2]
    for start, after, who in named[1:]:  # "the President of Lesk Ida Moss": an office and its holder
        if who == author and _AS_WELL.fullmatch(title, end, start):
            end = after
    if lexicon.pronouns[author.entity] not in ("he", "she") or _ANOTHER.match(title, end):
        return None
    return author
