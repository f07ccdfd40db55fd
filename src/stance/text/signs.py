"""Signs that are no words: emoji, which a parser takes for names and verbs."""

from __future__ import annotations

import re

_ONE = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff]"
_MORE = "[\ufe0e\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
SIGNS = f"(?:{_ONE}{_MORE}*)+"
"""Emoji side by side, with what joins and colours them (Unicode Technical Standard 51)."""
_SIGNS = re.compile(SIGNS)


def without_signs(text: str) -> str:
    """A copy of a text, as long as it is, with a space for each part of an emoji.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> without_signs("Ann\U0001f30a said 5 * 3 ©")
    'Ann  said 5 * 3 ©'
    """
    return text if text.isascii() else _SIGNS.sub(lambda found: " " * len(found.group()), text)
