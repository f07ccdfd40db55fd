"""In which language a text is written: only English is read, and others are reported instead of guessed at."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from stance.text.paragraphs import paragraphs
from stance.text.quotations import Quotations, find_quotations

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SURE = 0.9
"""Below it a paragraph counts as English: to leave a foreign one in costs less than to leave out an English one."""
_FEWEST_LETTERS = 40
"""A paragraph with fewer outside quotation marks is taken for what the one before it is."""
_ENOUGH = 5_000
"""Characters of a paragraph that are looked at."""
_NO_LANGUAGE = "zxx"
_ENGLISH = re.compile(r"\b(?:the|and|of|that|with|which|this|from|said|would|have|been|their)\b")
_OF_WORDS = 10
"""At least one word in so many is one of the above in a paragraph that needs no closer look: in no other language are
they as frequent, and looking closer takes a twelfth of the time of segmentation."""


@functools.cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def foreign_paragraphs(
    text: str, within: Sequence[tuple[int, int]] | None = None, quotations: Quotations | None = None
) -> list[tuple[int, int, str]]:
    """Paragraphs that are surely not in English (Lui & Baldwin 2012): start, end, and an ISO 639 code.

    What is quoted does not count, and no paragraph depends on a later one.

    Parameters
    ----------
    text
        Any text.
    within, quotations
        Its paragraphs and quotations, if they are known already.

    Examples
    --------
    >>> foreign_paragraphs("Der Präsident sagte am Montag, dass die Gespräche nützlich gewesen seien.")
    [(0, 73, 'de')]
    >>> foreign_paragraphs("The president called them « des pourparlers très utiles » on Monday.")
    []
    """
    found: list[tuple[int, int, str]] = []
    language = "en"
    within = tuple(paragraphs(text)) if within is None else within
    quotations = find_quotations(text, within) if quotations is None else quotations
    for start, end in within:
        end_of_look = min(end, start + _ENOUGH)
        narrated, at = "", start
        for q in quotations.touching(start, end_of_look):
            narrated += text[at : q.start] + " "
            at = max(at, q.end)
        narrated += text[at:end_of_look]
        if _is_plainly_english(narrated):
            language = "en"
            continue
        guess, confidence = _identifier().classify(narrated)
        if guess in ("en", _NO_LANGUAGE):
            language = "en"
        elif sum(c.isalpha() for c in narrated) >= _FEWEST_LETTERS:
            language = guess if confidence >= _SURE else "en"
        if language != "en":
            found.append((start, end, language))
    return found


def _is_plainly_english(words: str) -> bool:
    """Whether words that only English has are as frequent as it has them."""
    found = len(_ENGLISH.findall(words))
    return found > 2 and found * _OF_WORDS >= len(words.split())
