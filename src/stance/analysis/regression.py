"""Scores → one row for each document and actor: what a regression takes."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from stance.analysis.tables import COLUMNS, measure_of
from stance.schema import StanceError

_NEEDED = ("document", "role", "actor", "net")
_KEPT = ("date", "outlet", "cluster")


def tidy(
    scores: pd.DataFrame,
    unit: Literal["document", "statement"] = "document",
    role: Literal["source", "mention"] = "source",
) -> pd.DataFrame:
    """One row for each document, actor and target, ready for statsmodels or R.

    Parameters
    ----------
    scores
        A score table of one measure, from :func:`stance.to_frame`.
    unit
        ``"document"``: the statements of an actor in a document are averaged;
        ``"statement"``: each scored statement is a row.
    role
        What actors say (``"source"``), or what is said about them (``"mention"``).

    Returns
    -------
    pandas.DataFrame
        ``document``, ``actor``, ``target``; by document then ``mean``, the mean net in [-1, 1], ``n``, the statements
        listed, ``n_addressed``, those that take the target up and are in the mean, and ``confidence``, the mean over
        these; by statement ``segment``, ``net`` and ``confidence``. Then ``date``, ``outlet``, ``cluster`` (copies of
        one text) and the documents' further columns, where the table has them (one named as a column above gets
        ``document_`` before its name). A document in which an actor says nothing on the target has an empty ``mean``:
        it is no zero. Cluster standard errors by ``cluster``, or by ``document`` where there is none; they know
        nothing of the model's errors (see :func:`stance.validation.corrected_estimates`).

    Raises
    ------
    StanceError
        If a column is missing, or ``unit`` or ``role`` is another one.

    Examples
    --------
    >>> scores = pd.DataFrame({"document": ["d1", "d1", "d2"], "role": "source", "actor": "kyiv", "outlet": "Times",
    ...                        "target": "talks", "net": [.5, .1, None], "p_favor": .5, "p_against": .2, "p_none": .3})
    >>> tidy(scores)[["document", "actor", "mean", "n", "n_addressed"]].values.tolist()
    [['d1', 'kyiv', 0.3, 2, 2], ['d2', 'kyiv', nan, 1, 0]]
    """
    if unit not in ("document", "statement"):
        raise StanceError(f"The 'unit' parameter of tidy is 'document' or 'statement'. Got {unit!r}.")
    if role not in ("source", "mention"):
        raise StanceError(f"The 'role' parameter of tidy is 'source' or 'mention'. Got {role!r}.")
    if missing := [column for column in _NEEDED if column not in scores]:
        raise StanceError(
            f"The table of tidy has no column {missing[0]!r}. It needs {', '.join(_NEEDED)}, as in a table that "
            "stance.to_frame makes."
        )
    measure_of(scores)
    rows = scores[(scores["role"] == role) & scores["actor"].notna()]
    rows = rows[rows["status"].fillna("stated") == "stated"] if "status" in rows else rows
    confidence = rows["confidence"] if "confidence" in rows else pd.Series(float("nan"), index=rows.index)
    rows = rows.assign(confidence=confidence.where(rows["net"].notna()))
    made_here = {"mean", "n", "n_addressed"} if unit == "document" else set()
    rows = rows.rename(columns={c: f"document_{c}" for c in rows.columns if c in made_here})
    known = [c for c in _KEPT if c in rows] + [c for c in rows if c not in (*COLUMNS, *_KEPT)]
    key = ["document", "actor", *(["target"] if "target" in rows else [])]
    if unit == "statement":
        named = [*key, *(["segment"] if "segment" in rows else []), "net", "confidence", *known]
        return rows.dropna(subset=["net"])[named].reset_index(drop=True)
    groups = rows.groupby(key, sort=False)
    made = groups.agg(
        mean=("net", "mean"), n=("net", "size"), n_addressed=("net", "count"), confidence=("confidence", "mean")
    )
    return made.join(groups[known].first()).reset_index() if known else made.reset_index()
