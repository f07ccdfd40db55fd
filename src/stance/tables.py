"""Scores and segments ⇄ DataFrames, and the rows of other people's tables: the one bridge to pandas."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stance.codebook import SENTIMENT, STANCE
from stance.corpus import json_rows, read_text
from stance.measures import Item, Model, judge, mark_target
from stance.schema import LABELS, Measure, Score, Segment, StanceError

COLUMNS = (
    "document", "segment", "role", "actor", "entity", "voice", "kind", "target", "text", "label",
    "p_favor", "p_against", "p_none", "p_positive", "p_negative", "p_neutral",
    "net", "net_min", "net_max", "n_wordings", "n_windows", "reason", "model",
)  # fmt: skip
"""The columns of a score table; the ``p_…`` columns are those of its measure."""


def to_frame(scores: Iterable[Score]) -> pd.DataFrame:
    """One tidy table of scores: one row per segment × target.

    Parameters
    ----------
    scores
        Of one measure: what :func:`stance.score_stance` or
        :func:`stance.score_sentiment` returned.

    Returns
    -------
    pandas.DataFrame
        ``net`` is the probability of the first label minus that of the second,
        in [-1, 1]; ``net_min`` and ``net_max`` its range over wordings. Rows
        that could not be scored have empty probabilities and a ``reason``.

    Raises
    ------
    ValueError
        If the scores are of several measures: stance and sentiment never share
        a column.

    Examples
    --------
    >>> from stance.schema import Document, Score, Segment, Span
    >>> text = Span(Document("d", "Putin praised the talks."), 0, 24)
    >>> segment = Segment("d:1", (text,), "kremlin", "Putin", "source", "kremlin", "Putin",
    ...                   "indirect", (), (), None, 1.0, text)
    >>> score = Score(segment, "stance", "talks", (.7, .1, .2), ((.7, .1, .2),), 1, None, "m")
    >>> to_frame([score])[["actor", "label", "net"]].to_dict("records")
    [{'actor': 'kremlin', 'label': 'favor', 'net': 0.6}]
    """
    scores = list(scores)
    measures = {score.measure for score in scores}
    if len(measures) > 1:
        raise ValueError("to_frame takes the scores of one measure. Got stance and sentiment: make a table of each.")
    measure: Measure = measures.pop() if measures else "stance"
    columns = [c for c in COLUMNS if not c.startswith("p_") or c[2:] in LABELS[measure]]
    return pd.DataFrame([_row(score) for score in scores], columns=columns)


def _row(score: Score) -> dict[str, Any]:
    segment = score.segment
    row: dict[str, Any] = {
        "document": segment.document.id,
        "segment": segment.id,
        "role": segment.role,
        "actor": segment.actor,
        "entity": segment.entity,
        "voice": segment.voice,
        "kind": segment.kind,
        "target": score.target,
        "text": " ".join(segment.text.split()),
        "n_wordings": len(score.by_wording),
        "n_windows": score.n_windows,
        "reason": score.reason,
        "model": score.model,
    }
    if score.probabilities is None:
        return row
    names = LABELS[score.measure]
    row |= {f"p_{name}": round(p, 4) for name, p in zip(names, score.probabilities, strict=True)}
    nets = [favor - against for favor, against, _ in score.by_wording]
    row |= {
        "label": names[int(np.argmax(score.probabilities))],
        "net": round(score.probabilities[0] - score.probabilities[1], 4),
        "net_min": round(min(nets), 4),
        "net_max": round(max(nets), 4),
    }
    return row


def segments_frame(segments: Iterable[Segment]) -> pd.DataFrame:
    """Segments as a table, one row each, for looking at and counting.

    Examples
    --------
    >>> from stance import read_codebook, read_corpus, segment
    >>> frame = segments_frame(segment(read_corpus(), read_codebook()))
    >>> sorted(frame["role"].unique())
    ['mention', 'source']
    """
    return pd.DataFrame(
        [
            {
                "document": s.document.id,
                "segment": s.id,
                "role": s.role,
                "actor": s.actor,
                "entity": s.entity,
                "voice": s.voice,
                "kind": s.kind,
                "source_text": " … ".join(span.text for span in s.source),
                "cue_text": " … ".join(span.text for span in s.cue),
                "text": " ".join(s.text.split()),
                "start": s.spans[0].start,
                "confidence": s.confidence,
            }
            for s in segments
        ],
        columns=[
            "document", "segment", "role", "actor", "entity", "voice", "kind", "source_text", "cue_text", "text",
            "start", "confidence",
        ],
    )  # fmt: skip


# --- rows of other people's tables -----------------------------------------------------------


def read_rows(path: str | Path) -> pd.DataFrame:
    """Read rows to score: JSON Lines, CSV or Parquet, columns and values kept as they are.

    Raises
    ------
    StanceError
        If the file is missing, empty, damaged or of another kind.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        rows = [row for _, row in json_rows(path, read_text(path))]
        columns = list(dict.fromkeys(key for row in rows for key in row))
        frame = pd.DataFrame({c: pd.Series([row.get(c) for row in rows], dtype=object) for c in columns})
    elif suffix == ".csv":
        read_text(path)  # the same errors as for texts
        try:
            frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise StanceError(f"{path} is not a valid CSV file: {' '.join(str(error).split())}") from None
    elif suffix == ".parquet":
        if not path.is_file():
            raise StanceError(f"{path} cannot be read (no such file). Check the path.")
        try:
            frame = pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise StanceError(f"{path} is not a valid Parquet file: {' '.join(str(error).split())[:200]}") from None
    else:
        raise StanceError(f"{path} must be a .jsonl, .csv or .parquet file. Got {suffix or 'no suffix'!r}.")
    if frame.empty:
        raise StanceError(f"{path} holds no rows. Give at least one row with text and target.")
    return frame


def score_rows(
    rows: pd.DataFrame, measure: Measure, model: Model, *, wordings: str = "one", source: str = "the table"
) -> pd.DataFrame:
    """Score rows of text and target.

    Parameters
    ----------
    rows
        Columns ``text`` and ``target``; optionally ``start`` and ``end``, where
        the target stands in the text, and ``holder``, whose view is asked for
        (left empty: the text's).
    measure
        ``"stance"`` or ``"sentiment"``.
    model
        What :func:`stance.load_model` returned.
    wordings
        ``"one"`` or ``"all"``.
    source
        Where the rows come from, for error messages.

    Returns
    -------
    pandas.DataFrame
        The rows in their order with all their columns, then ``label`` and one
        ``p_…`` column for each label. A column of the input that has one of
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
    >>> score_rows(rows, "sentiment", load_model())["label"].tolist()
    ['positive']
    """
    if measure not in LABELS:
        raise StanceError(f"The measure must be one of {', '.join(LABELS)}. Got {measure!r}.")
    for column in ("text", "target"):
        if column not in rows.columns:
            raise StanceError(
                f"{source} has no column {column!r}. It has: {', '.join(map(str, rows.columns))}. "
                "Rename the column that holds it."
            )
    mark = bool(getattr(model, "marks_target", False))
    items = [_item(row, mark) for row in rows.to_dict("records")]
    good = [item for item in items if isinstance(item, Item)]
    if not good:
        raise StanceError(f"No row of {source} can be scored; of the first, {items[0]}.")
    judged = iter(judge(good, STANCE if measure == "stance" else SENTIMENT, model, wordings=wordings))
    means = [next(judged).mean if isinstance(item, Item) else None for item in items]
    names = LABELS[measure]
    added = ("label", *(f"p_{name}" for name in names))
    scored = rows.rename(columns={c: f"input_{c}" for c in added if c in rows.columns})
    scored["label"] = [names[int(np.argmax(mean))] if mean else None for mean in means]
    for i, name in enumerate(names):
        scored[f"p_{name}"] = [round(mean[i], 6) if mean else None for mean in means]
    if len(good) < len(items):
        scored["reason"] = [item if isinstance(item, str) else None for item in items]
    return scored


def _item(row: dict[Any, Any], mark: bool) -> Item | str:
    """What to score in a row, or why it cannot be scored."""
    for column in ("text", "target"):
        if not isinstance(row[column], str) or not row[column].strip():
            return f"{column!r} is empty"
    text, holder = row["text"], row.get("holder")
    start, end = _offset(row.get("start")), _offset(row.get("end"))
    if (start is None) != (end is None):
        return "of 'start' and 'end' one is missing or not a whole number"
    if start is not None and end is not None:
        if not 0 <= start < end <= len(text):
            return f"start {start} and end {end} lie outside the text of {len(text)} characters"
        if mark:
            text = mark_target(text, start, end)
    named = holder.strip() if isinstance(holder, str) else ""
    return Item(" ".join(text.split()), named or None, row["target"])


def _offset(value: Any) -> int | None:
    """A whole number, however the file wrote it."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return int(number) if number.is_integer() else None


def rows_text(rows: pd.DataFrame, suffix: str) -> bytes:
    """A table as the bytes of a ``.jsonl``, ``.csv`` or ``.parquet`` file.

    Raises
    ------
    StanceError
        If the suffix is another one.
    """
    if suffix == ".jsonl":
        lines = (json.dumps(_plain(row), ensure_ascii=False) + "\n" for row in rows.to_dict("records"))
        return "".join(lines).encode()
    if suffix == ".csv":
        return csv_bytes(rows)
    if suffix == ".parquet":
        return rows.to_parquet(index=False)
    raise StanceError(f"The output must be a .jsonl, .csv or .parquet file. Got {suffix or 'no suffix'!r}.")


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV: UTF-8, ``\\n`` line ends, no index."""
    return frame.to_csv(index=False, lineterminator="\n").encode()


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    def value(v: Any) -> Any:
        if isinstance(v, np.generic):
            return v.item()
        return v.tolist() if isinstance(v, np.ndarray) else v

    return {str(k): value(v) for k, v in row.items()}
