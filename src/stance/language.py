"""In which language a text is written: only English is read, and others are reported instead of guessed at."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SURE = 0.9
_FEWEST_LETTERS = 40
"""Shorter texts are taken for English."""
_ENOUGH = 20_000
"""Characters that are looked at."""
_NO_LANGUAGE = "zxx"


@functools.cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def foreign(text: str) -> str | None:
    """The code of the language a text is written in, if it is surely not English (Lui & Baldwin 2012).

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str or None
        An ISO 639 code; None for English, and where it is too short or unclear.

    Examples
    --------
    >>> foreign("Der Präsident sagte am Montag, dass die Gespräche nützlich gewesen seien.")
    'de'
    >>> foreign("The president said on Monday that the talks had been useful.") is None
    True
    """
    head = text[:_ENOUGH]
    if sum(c.isalpha() for c in head) < _FEWEST_LETTERS:
        return None
    language, confidence = _identifier().classify(head)
    return language if language not in ("en", _NO_LANGUAGE) and confidence >= _SURE else None
