"""Scores and segments → DataFrames: the bridge to pandas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from stance.schema import LABELS, Document, Measure, Score, Segment, StanceError
from stance.text.intervals import Intervals
from stance.text.syntax import parse

COLUMNS = (
    "document", "segment", "role", "actor", "entity", "voice", "kind", "target", "text", "label",
    "p_favor", "p_against", "p_none", "p_positive", "p_negative", "p_neutral",
    "p_present", "p_denied", "p_absent", "p_present_min", "p_present_max",
    "net", "net_min", "net_max", "n_wordings", "n_windows", "reason", "model",
)  # fmt: skip
"""The columns of all score tables; see :func:`columns_of`."""


def columns_of(measure: Measure) -> list[str]:
    """The columns of a score table: the ``p_…`` columns are those of its measure.

    Examples
    --------
    >>> [column for column in columns_of("stance") if column.startswith("p_")]
    ['p_favor', 'p_against', 'p_none']
    """
    return [c for c in COLUMNS if not c.startswith("p_") or c.split("_")[1] in LABELS[measure]]


def sampled_column(rows: pd.DataFrame) -> str:
    """What is sampled, when statements are inferred from: ``cluster`` where rows have it, else ``document``.

    Raises
    ------
    StanceError
        If it is empty in a row.

    Examples
    --------
    >>> sampled_column(pd.DataFrame({"document": ["d"]}))
    'document'
    """
    column = "cluster" if "cluster" in rows else "document"
    if rows[column].isna().any():
        raise StanceError(f"The column {column!r} is empty in some rows. Name a {column} for every row.")
    return column


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
        ``net`` is the probability of the first label minus that of the second,
        in [-1, 1]; ``net_min`` and ``net_max`` its range over wordings. For frames
        ``p_present_min`` and ``p_present_max`` are the range of ``p_present``. Rows
        that could not be scored have empty probabilities and a ``reason``.

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
            f"to_frame takes the scores of one measure. Got {' and '.join(sorted(measures))}: make a table of each."
        )
    columns = columns_of(measures.pop() if measures else "stance")
    return pd.DataFrame([_row(score, digits) for score in scores], columns=columns)


def _row(score: Score, digits: int) -> dict[str, Any]:
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
    row |= {f"p_{name}": round(p, digits) for name, p in zip(names, score.probabilities, strict=True)}
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
            }
            for s in segments
        ],
        columns=[
            "document", "segment", "role", "actor", "entity", "voice", "kind", "source_text", "cue_text", "text",
            "start", "position", "confidence",
        ],
    )  # fmt: skip


def by_sentence(document: Document, segments: Iterable[Segment], stance: pd.DataFrame | None = None) -> pd.DataFrame:
    """A text sentence by sentence: who speaks in each, with which stance, and who is spoken about.

    Parameters
    ----------
    document
        The text.
    segments
        What :func:`stance.segment` returned; those of other documents are passed over.
    stance
        The same segments' scores of one target, from :func:`stance.to_frame`, if there are any.

    Returns
    -------
    pandas.DataFrame
        One row for each sentence and actor in it, one without actor where there
        is none: ``document``, ``sentence`` from 1 on, ``start``, ``end``, ``actor``;
        ``speaks`` and ``spoken_about``, how many of its segments touch the sentence;
        ``net``, ``net_min``, ``net_max``, means over what it says there; ``text``.

    Examples
    --------
    >>> from stance import read_codebook, segment
    >>> document = Document("d", "Nothing moved. Putin said the talks with Trump were useful.")
    >>> table = by_sentence(document, segment([document], read_codebook()))
    >>> table[["sentence", "actor", "speaks", "spoken_about"]].fillna("nobody").to_numpy().tolist()
    [[1, 'nobody', 0, 0], [2, 'kremlin', 1, 0], [2, 'white_house', 0, 1]]
    """
    places = Intervals(
        (span.start, span.end, s)
        for s in segments
        if s.document.id == document.id and s.actor is not None
        for span in s.spans
    )
    nets = ["net", "net_min", "net_max"]
    scored = pd.DataFrame(columns=nets) if stance is None else stance.set_index("segment")[nets].dropna()
    sentences = [s for s in parse(document).sents if s.text.strip()]
    rows = []
    for number, sentence in enumerate(sentences, 1):
        start, end = sentence.start_char, sentence.end_char
        inside = list({s.id: s for s in places.touching(start, end)}.values())
        place = {"document": document.id, "sentence": number, "start": start, "end": end}
        for actor in list(dict.fromkeys(s.actor for s in inside)) or [None]:
            said = [s.id for s in inside if s.actor == actor and s.role == "source"]
            about = sum(s.actor == actor and s.role == "mention" for s in inside)
            means = scored.loc[scored.index.isin(said)].astype(float).mean().round(4)
            counts = {"actor": actor, "speaks": len(said), "spoken_about": about}
            rows.append(place | counts | means.to_dict() | {"text": " ".join(sentence.text.split())})
    columns = ["document", "sentence", "start", "end", "actor", "speaks", "spoken_about", *nets, "text"]
    return pd.DataFrame(rows, columns=columns)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV: UTF-8, ``\\n`` line ends, no index."""
    return frame.to_csv(index=False, lineterminator="\n").encode("utf-8", "replace")
