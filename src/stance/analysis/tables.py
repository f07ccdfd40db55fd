"""Scores and segments → DataFrames: the bridge to pandas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from stance.codebook import Hypotheses
from stance.columns import SCORE, SEGMENT, WORDINGS
from stance.numbers import listed
from stance.schema import LABELS, Document, Measure, Score, Segment, StanceError

COLUMNS = tuple(SCORE)
"""The columns of all score tables; see :func:`columns_of`. What else is known of documents comes behind them."""


def columns_of(measure: Measure) -> list[str]:
    """The columns of a score table: the ``p_…`` columns are those of its measure.

    Examples
    --------
    >>> [column for column in columns_of("stance") if column.startswith("p_")]
    ['p_favor', 'p_against', 'p_none', 'p_addressed']
    """
    mine = (*LABELS[measure], *(["addressed"] if measure == "stance" else []))
    return [c for c in COLUMNS if not c.startswith("p_") or c.split("_")[1] in mine]


def to_frame(scores: Iterable[Score], digits: int = 4, measure: Measure | None = None) -> pd.DataFrame:
    """One tidy table of scores: one row per segment × target, or segment × frame.

    Parameters
    ----------
    scores
        Of one measure: what :func:`stance.score_stance`,
        :func:`stance.score_sentiment` or :func:`stance.score_frames` returned.
    digits
        Decimals of probabilities and nets.
    measure
        Whose columns a table of no scores has; left out: those of stance.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`columns_of`, then one for each further column that documents came with
        (``metadata``), under its own name, or with ``document_`` before it where that name is taken. ``confidence``
        is that of the attribution, ``sentence`` what the model read around ``text``.
        ``net`` is the probability of the first label minus that of the second,
        in [-1, 1]; ``net_min`` and ``net_max`` its range over wordings. For frames
        ``p_present_min`` and ``p_present_max`` are the range of ``p_present``. Rows
        that could not be scored have empty probabilities and a ``reason``. A
        statement that does not take the target up has a ``reason``, too, and its
        probabilities, with ``p_addressed``, but neither label nor net: it counts nowhere.

    Raises
    ------
    ValueError
        If the scores are of several measures, which never share a column.

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
    measures = {score.measure for score in scores} | ({measure} if measure else set())
    if len(measures) > 1:
        raise ValueError(
            f"to_frame takes the scores of one measure. Got {listed(sorted(measures))}: make a table of each."
        )
    columns = columns_of(measures.pop() if measures else "stance")
    further = {key: None for score in scores for key in score.segment.document.metadata}
    named = {key: f"document_{key}" if key in COLUMNS else key for key in further}
    rows = [_row(score, digits) | _further(score.segment.document, named) for score in scores]
    return pd.DataFrame(rows, columns=[*columns, *named.values()])


def wordings_frame(scores: Iterable[Score], hypotheses: Hypotheses, digits: int = 4) -> pd.DataFrame:
    """The net of every wording of the question, one row per segment and wording; for :func:`stance.multiverse`.

    Parameters
    ----------
    scores
        From :func:`stance.score_stance`, with all wordings. What does not take the target up is in it, too.
    hypotheses
        The target's, in whose order scores keep their wordings.
    digits
        Decimals.

    Returns
    -------
    pandas.DataFrame
        ``segment``, ``target``, ``wording`` and ``net``, in [-1, 1], with the ``model``.

    Examples
    --------
    >>> from stance import Document, load_model, read_codebook, score_stance, segment
    >>> codebook = read_codebook()
    >>> segments = segment([Document("d", "Putin praised the talks.")], codebook)
    >>> scores = score_stance(segments, codebook.target(), load_model("small"))
    >>> len(wordings_frame(scores, codebook.target().hypotheses)) % 4
    0
    """
    asked = [*hypotheses.favor, *hypotheses.against]
    rows = [
        {
            "segment": score.segment.id,
            "target": score.target,
            "wording": asked[number] if len(score.by_wording) == len(asked) else f"wording {number + 1}",
            "net": round(favor - against, digits),
            "model": score.model,
        }
        for score in scores
        for number, (favor, against, _) in enumerate(score.by_wording)
    ]
    return pd.DataFrame(rows, columns=list(WORDINGS))


def _further(document: Document, named: Mapping[str, str]) -> dict[str, Any]:
    """What else is known of a document, as cells: lists and objects as JSON."""
    return {
        named[key]: json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | Mapping) else value
        for key, value in document.metadata.items()
    }


def _row(score: Score, digits: int) -> dict[str, Any]:
    segment = score.segment
    row: dict[str, Any] = {
        "document": segment.document.id,
        "date": segment.document.date,
        "outlet": segment.document.outlet,
        "segment": segment.id,
        "role": segment.role,
        "actor": segment.actor,
        "entity": segment.entity,
        "voice": segment.voice,
        "kind": segment.kind,
        "status": status_shown(segment),
        "confidence": segment.confidence,
        "target": score.target,
        "text": " ".join(segment.text.split()),
        "sentence": " ".join(segment.context.text.split()),
        "n_wordings": len(score.by_wording),
        "n_windows": score.n_windows,
        "reason": score.reason,
        "model": score.model,
    }
    if score.probabilities is None:
        return row
    names = LABELS[score.measure]
    row |= {f"p_{name}": round(p, digits) for name, p in zip(names, score.probabilities, strict=True)}
    if score.addressed is not None:
        row["p_addressed"] = round(score.addressed, digits)
    if score.reason is not None:
        return row
    nets = [favor - against for favor, against, _ in score.by_wording]
    row |= {
        "label": names[int(np.argmax(score.probabilities))],
        "net": round(score.probabilities[0] - score.probabilities[1], digits),
        "net_min": round(min(nets), digits),
        "net_max": round(max(nets), digits),
    }
    if score.measure == "frame":
        present = [p for p, _, _ in score.by_wording]
        row |= {"p_present_min": round(min(present), digits), "p_present_max": round(max(present), digits)}
    return row


def status_shown(segment: Segment) -> str | None:
    """The status of a segment as tables have it: empty for words about an actor, unless they are nobody's statement.

    Parameters
    ----------
    segment
        Any segment.
    """
    return segment.status if segment.role == "source" or segment.status != "stated" else None


def taking_up(rows: pd.DataFrame) -> float:
    """Of the statements that were asked whether they take the target up: the share that does; NaN if none was.

    Examples
    --------
    >>> taking_up(pd.DataFrame({"p_addressed": [.9, .1, np.nan], "net": [.5, np.nan, .2]}))
    0.5
    """
    if "p_addressed" not in rows or not (asked := rows["p_addressed"].notna()).any():
        return float("nan")
    return float(rows.loc[asked, "net"].notna().mean())


def not_taken_up(table: pd.DataFrame) -> pd.DataFrame:
    """Statements that do not take the target up, with what their net would be as ``reading``.

    Examples
    --------
    >>> table = pd.DataFrame({"net": [np.nan, .5], "p_addressed": [.1, .9], "p_favor": [.3, .6], "p_against": [.1, .1]})
    >>> not_taken_up(table)["reading"].round(2).tolist()
    [0.2]
    """
    if "p_addressed" not in table:
        return table.iloc[:0].assign(reading=float("nan"))
    found = table[table["net"].isna() & table["p_addressed"].notna()]
    return found.assign(reading=found["p_favor"] - found["p_against"])


def measure_of(table: pd.DataFrame) -> Measure:
    """The measure that a score table is of, told by its ``p_…`` columns.

    Raises
    ------
    StanceError
        If they are those of no measure.

    Examples
    --------
    >>> measure_of(pd.DataFrame(columns=["p_favor", "p_against", "p_none"]))
    'stance'
    """
    for measure, names in LABELS.items():
        if all(f"p_{name}" in table for name in names):
            return measure
    wanted = " or ".join(", ".join(f"p_{name}" for name in names) for names in LABELS.values())
    raise StanceError(
        f"This is no score table: it has no columns {wanted}. Give what to_frame returns, or a file from scores/."
    )


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
                "position": round(s.spans[0].start / len(s.document.text), 4),
                "confidence": s.confidence,
                "status": status_shown(s),
            }
            for s in segments
        ],
        columns=list(SEGMENT),
    )  # fmt: skip
