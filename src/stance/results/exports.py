"""Tables for others: tidy data for programs, LaTeX and Markdown for a paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stance.corpus.rows import rows_text
from stance.files import write_file
from stance.inert import markdown
from stance.schema import StanceError

_HEADERS = {
    "n_a": "n of a", "n_b": "n of b", "documents_a": "documents of a", "documents_b": "documents of b",
    "mean_a": "mean of a", "mean_b": "mean of b",
    "wordings_low": "wordings, lowest", "wordings_high": "wordings, highest",
    "low": "95 % from", "high": "95 % to", "n_unscored": "unscored", "n_others": "n of others",
    "words_others": "words of others", "log_odds": "log-odds ratio",
}  # fmt: skip
_PROBABILITIES = ("p", "q")
_MINUS = "\N{MINUS SIGN}"


def export(table: pd.DataFrame, path: str | Path, digits: int = 2) -> None:
    """Write a table, the suffix saying how; a file that is there is replaced.

    ``.csv`` and ``.parquet`` keep the table as it is: tidy data; in CSV, cells that a spreadsheet would
    take for formulas stand behind an apostrophe, see :func:`stance.corpus.rows.csv_bytes`.
    ``.tex`` (with the package booktabs) and ``.md`` are tables for a paper: numbers rounded, true
    minus signs, headers in words, and every text escaped, so that none of it
    acts as markup.

    Parameters
    ----------
    table
        Any table, such as :func:`stance.contrast` gives.
    path
        Ends in ``.csv``, ``.parquet``, ``.tex`` or ``.md``.
    digits
        Decimals in a paper's table; p and q have three.

    Raises
    ------
    StanceError
        If the suffix is another one, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> table = pd.DataFrame({"a": ["R&D"], "difference": [-0.456], "p": [.0001]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(table, Path(folder, "table.md"))
    ...     print(Path(folder, "table.md").read_text(encoding="utf-8"))
    | a | difference | p |
    | :-- | --: | --: |
    | R&amp;D | −0.46 | &lt;0.001 |
    """
    path = Path(path)
    write_file(path, table_bytes(table, path.suffix.lower(), digits))


def table_bytes(table: pd.DataFrame, suffix: str, digits: int = 2) -> bytes:
    """What :func:`export` writes.

    Parameters
    ----------
    table, digits
        As there.
    suffix
        ``.csv``, ``.parquet``, ``.tex`` or ``.md``.

    Raises
    ------
    StanceError
        If it is another one.
    """
    if suffix in (".csv", ".parquet"):
        return rows_text(table, suffix)
    if suffix not in _FORMS:
        raise StanceError(f"A table can be written as .csv, .parquet, .tex or .md. Got {suffix!r}: change the name.")
    return _FORMS[suffix](*_printed(table, digits)).encode()


def _printed(table: pd.DataFrame, digits: int) -> tuple[list[str], list[str], list[list[str]]]:
    """Headers, how each column is set (l or r), and rows, as they are printed but not yet escaped."""
    headers = [_plain(_HEADERS.get(str(name), str(name).replace("_", " "))) for name in table]
    sides = ["r" if pd.api.types.is_numeric_dtype(kind) else "l" for kind in table.dtypes]
    columns = [
        [_cell(value, 3 if name in _PROBABILITIES else digits, name in _PROBABILITIES) for value in values]
        for name, values in table.items()
    ]
    return headers, sides, [list(row) for row in zip(*columns, strict=True)]


def _cell(value: Any, digits: int, is_probability: bool) -> str:
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if isinstance(value, float | np.floating):
        if is_probability and value < 0.001:
            return "<0.001"
        return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", _MINUS)  # + 0.0: no negative zero
    if isinstance(value, int | np.integer):
        return str(value).replace("-", _MINUS)
    return _plain(str(value))


def _plain(text: str) -> str:
    """In one line, without characters that cannot be seen."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


# pandas' LaTeX writer leaves "[" and "*" alone, which act at the beginning of a row, and line breaks;
# its Markdown writer leaves "|", which stance.inert.markdown does not.
_LATEX = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"[": "{[}", "*": "{*}", _MINUS: "$-$", "\\": r"\textbackslash{}", "~": r"\textasciitilde{}"}
    | {"^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}"}
)


def _latex(headers: list[str], sides: list[str], rows: list[list[str]]) -> str:
    head, *body = (" & ".join(cell.translate(_LATEX) for cell in row) + r" \\" for row in (headers, *rows))
    begin, end = rf"\begin{{tabular}}{{{''.join(sides)}}}", r"\end{tabular}"
    return "\n".join([begin, r"\toprule", head, r"\midrule", *body, r"\bottomrule", end]) + "\n"


def _markdown(headers: list[str], sides: list[str], rows: list[list[str]]) -> str:
    rule = [":--" if side == "l" else "--:" for side in sides]
    head, *body = (list(map(markdown, row)) for row in (headers, *rows))
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *body))


_FORMS = {".tex": _latex, ".md": _markdown}
