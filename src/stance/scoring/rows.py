"""Other people's tables: rows of text and target, read, scored and written with their columns kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from stance.codebook import WORDINGS
from stance.corpus.documents import clean
from stance.schema import LABELS, Measure, StanceError
from stance.scoring.entailment import Item, judge, mark
from stance.scoring.model import Model, as_model


def score_rows(
    rows: pd.DataFrame, measure: Measure, model: Model, *, wordings: str = "one", where: str = "the table"
) -> pd.DataFrame:
    """Score rows of text and target.

    Parameters
    ----------
    rows
        Columns ``text`` and ``target``; optionally ``start`` and ``end`` (also
        as ``target_start`` and ``target_end``), where the target stands in the
        text, and ``holder``, whose view is asked for (left empty: the text's),
        with ``holder_start`` and ``holder_end``.
    measure
        ``"stance"`` or ``"sentiment"``.
    model
        What :func:`stance.load_model` returned.
    wordings
        ``"one"`` or ``"all"``.
    where
        Where the rows come from, for error messages.

    Returns
    -------
    pandas.DataFrame
        The rows in their order with all their columns, then ``label`` and one
        ``p_…`` column for each label; with all wordings ``net_min`` and
        ``net_max``, the range of net over them. A column of the input that has one of
        these names is kept as ``input_label`` and so on. A row without text or
        target, or with offsets outside its text, is left unscored; a column
        ``reason`` then says why.

    Raises
    ------
    StanceError
        If a column is missing, or no row can be scored.

    Examples
    --------
    >>> from stance import load_model
    >>> rows = pd.DataFrame({"text": ["A brilliant speech by Biden."], "target": ["Biden"]})
    >>> score_rows(rows, "sentiment", load_model("small"))["label"].tolist()
    ['positive']
    """
    if measure not in WORDINGS:
        raise StanceError(f"The measure must be one of {', '.join(WORDINGS)}. Got {measure!r}.")
    for column in ("text", "target"):
        if column not in rows.columns:
            raise StanceError(
                f"{where} has no column {column!r}. It has: {', '.join(map(str, rows.columns))}. "
                "Rename the column that holds it."
            )
    model = as_model(model)
    items = [item_of(row, model.marks) for row in rows.to_dict("records")]
    good = [item for item in items if isinstance(item, Item)]
    if not good:
        raise StanceError(f"No row of {where} can be scored; of the first, {items[0]}.")
    judged = iter(judge(good, WORDINGS[measure], model, measure=measure, wordings=wordings))
    found = [next(judged) if isinstance(item, Item) else None for item in items]
    means = [judgement.mean if judgement else None for judgement in found]
    names = LABELS[measure]
    ranges = ["net_min", "net_max"] if wordings == "all" else []
    added = ["label", *(f"p_{name}" for name in names), *ranges, *(["reason"] if len(good) < len(items) else [])]
    scored = rows.rename(columns={c: _free(f"input_{c}", rows.columns) for c in added if c in rows.columns})
    scored["label"] = [names[int(np.argmax(mean))] if mean else None for mean in means]
    for i, name in enumerate(names):
        scored[f"p_{name}"] = [round(mean[i], 6) if mean else None for mean in means]
    for column, extreme in zip(ranges, (min, max), strict=False):
        nets = [[favor - against for favor, against, _ in j.by_wording] if j else None for j in found]
        scored[column] = [round(extreme(net), 6) if net else None for net in nets]
    if len(good) < len(items):
        scored["reason"] = [item if isinstance(item, str) else None for item in items]
    return scored


def items_of(rows: pd.DataFrame, where: str, marks: Collection[str] = ()) -> list[Item]:
    """What a model is asked about rows, every one of which must be complete.

    Parameters
    ----------
    rows
        As :func:`score_rows` takes them.
    where
        Where they come from, for the error.
    marks
        What is marked in the premise.

    Raises
    ------
    StanceError
        If a row cannot be scored.
    """
    items = []
    for number, row in enumerate(rows.to_dict("records"), 1):
        item = item_of(row, marks)
        if isinstance(item, str):
            raise StanceError(f"Row {number} of {where} cannot be used: {item}.")
        items.append(item)
    return items


def _free(name: str, taken: Iterable[str]) -> str:
    """A column name that is not taken yet."""
    while name in taken:
        name += "_"
    return name


def item_of(row: dict[Any, Any], marks: Collection[str] = ()) -> Item | str:
    """What to score in a row, or why it cannot be scored.

    Examples
    --------
    >>> item_of({"text": "A text.", "target": ""})
    "'target' is empty"
    """
    for column in ("text", "target"):
        if not isinstance(row[column], str) or not row[column].strip():
            return f"{column!r} is empty"
    if len(row["target"]) > _LONGEST_TARGET:
        return f"'target' is longer than {_LONGEST_TARGET} characters"
    text, holder = clean(row["text"]), row.get("holder")
    try:
        places = places_of(row)
    except ValueError as error:
        return str(error)
    text = mark(text, {key: place for key, place in places.items() if key in marks})
    named = clean(holder).strip() if isinstance(holder, str) else ""
    return Item(" ".join(text.split()), named or None, clean(row["target"]))


def places_of(row: Mapping[Any, Any]) -> dict[str, tuple[int, int]]:
    """Where target and holder stand in the text of a row, if it says so.

    Raises
    ------
    ValueError
        If an offset is missing, no whole number, or outside the text.

    Examples
    --------
    >>> places_of({"text": "Biden met Xi.", "target": "Xi", "start": 10, "end": "12"})
    {'target': (10, 12)}
    """
    places: dict[str, tuple[int, int]] = {}
    for key, first, last in _PLACES:
        start, end = _offset(row.get(first)), _offset(row.get(last))
        if (start is None) != (end is None) or -1 in (start, end):
            raise ValueError(f"of {first!r} and {last!r} one is missing or not a whole number")
        if start is not None and end is not None:
            if not 0 <= start < end <= len(row["text"]):
                raise ValueError(
                    f"{first} {start} and {last} {end} lie outside the text of {len(row['text'])} characters"
                )
            places[key] = (start, end)
    return places


_PLACES = (
    ("target", "start", "end"),
    ("target", "target_start", "target_end"),
    ("holder", "holder_start", "holder_end"),
)
_LONGEST_TARGET = 400
"""Characters: a target fills a part of every window, and a longer one is a text in the wrong column."""


def _offset(value: Any) -> int | None:
    """A whole number, however the file wrote it; None if left empty, -1 if it is none."""
    if value is None or value == "" or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return -1
    return int(number) if number.is_integer() and number >= 0 else -1
