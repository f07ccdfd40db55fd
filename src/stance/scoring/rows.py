"""Other people's tables: rows of text and target, read, scored and written with their columns kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from stance.codebook import ADDRESSED, WORDINGS
from stance.corpus.documents import clean
from stance.schema import LABELS, Measure, StanceError
from stance.scoring.entailment import Judgement, judge, judge_addressed, not_addressed, phrase
from stance.scoring.model import NO_PROBABILITIES, Model, as_model
from stance.scoring.premises import Item, Place, item, place_of, places_of_name


def score_rows(
    rows: pd.DataFrame,
    measure: Measure,
    model: Model,
    *,
    wordings: str = "one",
    where: str = "the table",
    columns: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Score rows of text and target.

    Parameters
    ----------
    rows
        Columns ``text`` and ``target``; optionally ``start`` and ``end`` (also
        as ``target_start`` and ``target_end``), where the target stands in the
        text, and ``holder``, whose view is asked for (left empty: the text's),
        with ``holder_start`` and ``holder_end``. Of reported speech, ``statement``,
        what the holder says, or ``statement_start`` and ``statement_end``: then
        that is what is read, and its sentence around it.
    measure
        ``"stance"`` or ``"sentiment"``.
    model
        What :func:`stance.load_model` returned.
    wordings
        ``"one"`` or ``"all"``.
    where
        Where the rows come from, for error messages.
    columns
        Which column holds what, as ``{"text": "body"}``, of :data:`ROW_FIELDS`; others are found by name.

    Returns
    -------
    pandas.DataFrame
        The rows in their order with all their columns, then ``label`` and one
        ``p_…`` column for each label; with all wordings ``net_min`` and
        ``net_max``, the range of net over them. For stance, ``p_addressed``: the
        probability that the holder takes the target up at all, where a row has a
        holder and the model was taught to say; of a statement below ``model.addressed``
        the label is none, and a column ``reason`` says so. A column of the input that has
        one of these names is kept as ``input_label`` and so on. A row without text or
        target, with offsets outside its text, or that the model did not answer by
        probabilities, is left unscored, and ``reason`` says why.

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
    named = _named(rows, columns or {}, where)
    model = as_model(model)
    items = [_readable(item_of(row, model.marks), measure, model) for row in named.to_dict("records")]
    good = [found for found in items if isinstance(found, Item)]
    if not good:
        raise StanceError(f"No row of {where} can be scored; of the first, {items[0]}.")
    judged = iter(judge(good, WORDINGS[measure], model, measure=measure, wordings=wordings))
    taken_up, reasons = _addressed(items, measure, model)
    found = [next(judged) if isinstance(one, Item) else None for one in items]
    _leave_unanswered(found, taken_up, reasons)
    means = [judgement.mean if judgement else None for judgement in found]
    names = LABELS[measure]
    labels = [names[int(np.argmax(mean))] if mean else None for mean in means]
    made: dict[str, list[Any]] = {
        "label": ["none" if label and reason else label for label, reason in zip(labels, reasons, strict=True)],
        **{f"p_{name}": [round(mean[i], 6) if mean else None for mean in means] for i, name in enumerate(names)},
    }
    if any(p is not None for p in taken_up):
        made["p_addressed"] = [None if p is None else round(p, 6) for p in taken_up]
    if wordings == "all":
        counted = [j if reason is None else None for j, reason in zip(found, reasons, strict=True)]
        nets = [[favor - against for favor, against, _ in j.by_wording] if j else None for j in counted]
        made |= {f"net_{end.__name__}": [round(end(net), 6) if net else None for net in nets] for end in (min, max)}
    if any(reasons) or "reason" in rows:
        made["reason"] = reasons
    scored = rows.rename(columns={c: _free(f"input_{c}", rows.columns) for c in made if c in rows.columns})
    for name, values in made.items():
        scored[name] = values
    return scored


def _named(rows: pd.DataFrame, columns: Mapping[str, str], where: str) -> pd.DataFrame:
    """The rows with their columns under the names that fields have; a column that another one stands for is hidden."""
    if unknown := [field for field in columns if field not in ROW_FIELDS]:
        raise StanceError(f"{unknown[0]!r} is no field of a row. Columns are named for {', '.join(ROW_FIELDS)}.")
    for field in dict.fromkeys(("text", "target", *columns)):
        if (column := columns.get(field, field)) not in rows.columns:
            raise StanceError(
                f"{where} has no column {column!r}. It has: {', '.join(map(str, rows.columns))}. "
                f"Say which one holds it: --columns {field}=NAME, or columns={{{field!r}: …}}."
            )
    return rows.assign(**{field: rows[column] for field, column in columns.items()})


def _leave_unanswered(found: list[Judgement | None], taken_up: list[float | None], reasons: list[str | None]) -> None:
    """Take out what the model did not answer by probabilities, and say so."""
    for i, judgement in enumerate(found):
        if judgement and (judgement.reason or reasons[i] == NO_PROBABILITIES):
            found[i], taken_up[i], reasons[i] = None, None, NO_PROBABILITIES


def _readable(found: Item | str, measure: Measure, model: Model) -> Item | str:
    """The item, or why its names leave no room for its text."""
    if isinstance(found, str) or len(found.target) + len(found.holder or "") < _SHORT_NAMES:
        return found
    wordings = WORDINGS[measure]
    try:
        for wording in (*wordings.favor, *wordings.against, ADDRESSED):
            model.windows(found.premise, phrase(wording, found.holder, found.target))
    except StanceError as fault:
        return str(fault).rstrip(".")
    return found


def _addressed(
    items: Sequence[Item | str], measure: Measure, model: Model
) -> tuple[list[float | None], list[str | None]]:
    """Of each row the probability that it takes the target up, and why it has no label, or only none."""
    asked = [i for i, one in enumerate(items) if isinstance(one, Item) and one.holder and measure == "stance"]
    told = judge_addressed([one for i in asked if isinstance(one := items[i], Item)], model)
    found: list[float | None] = [None] * len(items)
    for i, p in zip(asked, told, strict=True):
        found[i] = p
    reasons = [
        one if isinstance(one, str) else not_addressed(p, model) if one.stated else None
        for one, p in zip(items, found, strict=True)
    ]
    return [None if p is None or np.isnan(p) else p for p in found], reasons


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
        found = item_of(row, marks)
        if isinstance(found, str):
            raise StanceError(f"Row {number} of {where} cannot be used: {found}.")
        items.append(found)
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
    text, holder = clean(row["text"]), row.get("holder")
    named = clean(holder).strip() if isinstance(holder, str) else ""
    for column, name in (("target", row["target"]), ("holder", named)):
        if len(name) > _LONGEST_NAME:
            return f"{column!r} is longer than {_LONGEST_NAME} characters"
    target = clean(row["target"])
    try:
        places = places_of(row)
        if "statement" not in places and isinstance(row.get("statement"), str) and row["statement"].strip():
            places["statement"] = _stated(row["statement"], text)
    except ValueError as error:
        return str(error)
    elsewhere = [] if "target" in places else places_of_name(target, text)
    return item(text, named or None, target, places, marks, elsewhere, place_of(named, text))


def _stated(statement: str, text: str) -> Place:
    """Where a statement stands, its parts joined by an ellipsis.

    Raises
    ------
    ValueError
        If it does not, or holds no word.
    """
    parts = [part for part in re.split(r"\s*(?:…|\.\.\.)\s*", statement) if part.strip()]
    if not any(c.isalnum() for c in statement):
        raise ValueError("'statement' holds no word: leave it empty, or give what the holder says")
    places: list[Place] = []
    for part in parts:
        words = clean(part).split()
        pattern = r"\s+".join(map(re.escape, words))
        pattern = (
            (r"(?<!\w)" if words[0][0].isalnum() else "") + pattern + (r"(?!\w)" if words[-1][-1].isalnum() else "")
        )
        found = re.compile(pattern).search(text, places[-1][1] if places else 0)
        if not found:
            raise ValueError("'statement' does not stand in 'text': give its words as they stand there")
        places.append(found.span())
    return places[0][0], places[-1][1]


def places_of(row: Mapping[Any, Any]) -> dict[str, tuple[int, int]]:
    """Where target, holder and statement stand in the text of a row, if it says so.

    Raises
    ------
    ValueError
        If an offset is missing, no whole number, or outside the text, or nothing stands there.

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
            if not row["text"][start:end].strip():
                raise ValueError(f"between {first} {start} and {last} {end} the text is blank")
            places[key] = (start, end)
    return places


_PLACES = (
    ("target", "start", "end"),
    ("target", "target_start", "target_end"),
    ("holder", "holder_start", "holder_end"),
    ("statement", "statement_start", "statement_end"),
)
ROW_FIELDS = ("text", "target", "holder", "statement", *dict.fromkeys(c for _, *pair in _PLACES for c in pair))
"""What a row may say: see :func:`score_rows`."""
_LONGEST_NAME = 400
"""Characters: target and holder fill a part of every window, and a longer one is a text in the wrong column."""
_SHORT_NAMES = 100
"""Characters of target and holder that always leave room: a character is hardly ever two tokens."""


def _offset(value: Any) -> int | None:
    """A whole number, however the file wrote it; None if left empty, -1 if it is none."""
    if value is None or value == "" or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return -1
    return int(number) if number.is_integer() and number >= 0 else -1
