"""What others wrote, so that it acts nowhere: not in a terminal, not in a spreadsheet, not in Markdown."""

from __future__ import annotations

import re

_ACTING = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
"""Control characters, among them the one that begins escape codes; line ends other than ``\\n``; signs that turn the
direction of writing; and halves of characters, which no terminal can be given."""
_CONTROLS = re.compile(f"[{_ACTING}]")
_CONTROLS_AND_ENDS = re.compile(f"[{_ACTING}\\n\\t]")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
"""What makes a spreadsheet take a cell for a formula; and the apostrophe, so that one more of them can be told."""
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|\.\d+)(e[+-]?\d+)?%?", re.I)


def visible(text: str, *, lines: bool = False) -> str:
    """A text that a terminal shows and does not obey: what would act stands there as its code.

    Parameters
    ----------
    text
        Such as the name of a file.
    lines
        Whether line ends and tabs may stay: in a name they would begin a line that looks like another message.

    Examples
    --------
    >>> print(visible("a\\x1b[31m.csv\\nall is well"))
    a\\x1b[31m.csv\\nall is well
    """
    return (_CONTROLS if lines else _CONTROLS_AND_ENDS).sub(_code, text)


def _code(found: re.Match) -> str:
    sign = found.group()
    return _SHORT.get(sign) or (f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet computes: one that would be taken for a formula stands behind an apostrophe.

    Parameters
    ----------
    cell
        Of a table; numbers stay as they are, since they come to nothing but themselves.

    Examples
    --------
    >>> guarded("=1+1"), guarded("'-"), guarded("-0.4"), guarded("1 - 1")
    ("'=1+1", "''-", '-0.4', '1 - 1')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that :func:`guarded` was given.

    Parameters
    ----------
    cell
        Of a table that was written with guarded cells.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("''-"), unguarded("'tis")
    ('=1+1', "'-", "'tis")
    """
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


_MARKDOWN = str.maketrans(
    {c: f"\\{c}" for c in "`*_[]~$^"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "\\": "&#92;"}
)


def markdown(text: str) -> str:
    """A text within a line of Markdown, so that none of it acts as markup.

    Parameters
    ----------
    text
        Its line ends become spaces, since a line of its own may be a heading, a list or a rule.

    Examples
    --------
    >>> print(markdown("*R&D* <b>"))
    \\*R&amp;D\\* &lt;b&gt;
    """
    return visible(" ".join(text.split())).translate(_MARKDOWN)
