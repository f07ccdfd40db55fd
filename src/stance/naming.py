"""How names are compared: what a reader does not see, or sees as the same, makes no difference."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
"""Signs that a reader does not see, as a range of a pattern: soft hyphens, joiners, directions, variants."""
HYPHENS = "\u2010\u2011"
"""What may stand for a hyphen: the one that is no minus, and the one that lets no line end."""


def folded(name: str) -> str:
    """A name as names are compared: case, spaces, invisible signs and the form of apostrophe, hyphen and accents aside.

    Parameters
    ----------
    name
        As a text or a codebook writes it.

    Examples
    --------
    >>> folded("The  Kremlin’s")
    "the kremlin's"
    >>> folded("Moreau\u2011Li\u00adnd")
    'moreau-lind'
    """
    if not name.isascii():
        name = unicodedata.normalize("NFC", re.sub(f"[{HYPHENS}]", "-", re.sub(f"[{INVISIBLE}]", "", name)))
    return re.sub(r"\s+", " ", name).replace("’", "'").replace("İ", "i").replace("ı", "i").casefold()


def checked_name(name: str) -> str:
    """A name without space around it and with single spaces inside.

    Parameters
    ----------
    name
        As a codebook writes it.

    Raises
    ------
    ValueError
        If it holds no letter.

    Examples
    --------
    >>> checked_name(" Ann   Lee ")
    'Ann Lee'
    """
    if not re.search(r"\w", name):
        raise ValueError("a name must hold at least one letter")
    return " ".join(name.split())
