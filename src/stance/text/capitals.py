"""Paragraphs in capitals, and a copy of them in the usual letters, which a parser can read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_SHARE = 0.9
"""Of a paragraph's letters; the rest is "Mc", "'s" and the like. A sentence with names and acronyms has far fewer."""
_LEAST_WORDS = 3
"""Fewer words are a label, a name or an acronym, which the parser knows in capitals."""
_WORD = re.compile(r"[^\W\d_]+")
_OPENS = re.compile(r"(?:^|(?<!\b\w)\.|[!?:;]|\s[-–—])[\s\"“”'‘’(\[>-]*$")
"""What stands before the first word of a sentence; the full stop of "U.S." does not."""
_BEFORE = 12
"""Characters that are looked at for it: a full stop, marks and space."""
_PRONOUNS = frozenset("us it me we he who".split())
"""What is a name behind *the*, where capitals hide the difference: "THE US", "THE WHO"."""
_OBJECTS = frozenset(["us", "me"])
"""Pronouns that begin no sentence."""


def in_capitals(text: str, start: int, end: int) -> bool:
    """Whether a paragraph is set in capitals.

    Parameters
    ----------
    text
        Any text.
    start, end
        A paragraph of it.

    Examples
    --------
    >>> in_capitals("THE TALKS HAVE FAILED", 0, 21), in_capitals("NATO: No US role", 0, 16)
    (True, False)
    """
    part = text[start:end]
    upper, lower = sum(map(str.isupper, part)), sum(map(str.islower, part))
    most = upper > 0 and upper >= _SHARE * (upper + lower)
    return most and len(_WORD.findall(text, start, end)) >= _LEAST_WORDS


def recased(text: str, within: Iterable[tuple[int, int]], is_word: Callable[[str], bool]) -> str:
    """A copy of a text, as long as it is, with its paragraphs in capitals as they are usually written.

    Parameters
    ----------
    text
        Any text.
    within
        Its paragraphs in capitals.
    is_word
        Whether a word in small letters is one of the language; any other is written as a name.

    Examples
    --------
    >>> recased("ANN LEE TOLD US THE US WAS LATE.", [(0, 32)], lambda word: word not in ("ann", "lee"))
    'Ann Lee told us the US was late.'
    """
    parts, last = [], 0
    for start, end in within:
        before = ""
        for match in _WORD.finditer(text, start, end):
            opens = bool(_OPENS.search(text[max(start, match.start() - _BEFORE) : match.start()]))
            parts += [text[last : match.start()], _written(text, match, before, opens, is_word)]
            before, last = match.group().lower(), match.end()
    return "".join([*parts, text[last:]])


def _written(text: str, match: re.Match[str], before: str, opens: bool, is_word: Callable[[str], bool]) -> str:
    """A word as it is usually written where it stands."""
    word = match.group()
    small = "".join(c.lower() if len(c.lower()) == 1 else c for c in word)
    initial = len(word) == 1 and (text[match.end() : match.end() + 1] == "." or small == "i")
    if initial or (small in _PRONOUNS and before == "the") or (small in _OBJECTS and opens):
        return word
    apostrophe = len(small) <= 2 and text[max(0, match.start() - 1) : match.start()] in ("'", "’")
    return small if apostrophe or (is_word(small) and not opens) else word[0] + small[1:]
