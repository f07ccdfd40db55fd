"""Estimates from people's labels inside a multiverse: the same correction in every specification that allows one."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from stance.analysis.intervals import LEAST
from stance.schema import StanceError
from stance.validation.estimates import DSL, corrected_estimates

Correct = Callable[[pd.DataFrame, str, str], tuple[float, float, float] | None]


def correcting(labels: pd.DataFrame, by: str = "actor", annotator: str | None = None) -> Correct:
    """What :func:`stance.multiverse` corrects with: design-based supervised learning on labels of a sample.

    A correction makes one error rarer and the other more frequent: naive intervals leave zero too often (type I), since
    they ignore the model's errors; corrected ones are wider, so that a true difference is missed more often (type II).

    Parameters
    ----------
    labels, annotator
        As for :func:`stance.validation.corrected_estimates`.
    by
        What makes groups.

    Returns
    -------
    callable
        Takes the rows of a specification and two groups; gives estimate, low and high of their difference, or None:
        where units are not statements, where statements count that could not be drawn, and where either group has
        fewer than 20 labels.

    Examples
    --------
    >>> labels = pd.DataFrame({"unit": ["x talks"], "measure": "stance", "annotator": "i", "label": ["favor"],
    ...                        "inclusion_probability": .5})
    >>> rows = pd.DataFrame({"segment": ["x"], "target": "talks", "actor": "a", "p_favor": .5, "net": .5})
    >>> correcting(labels)(rows, "a", "b")
    """
    labels = labels if annotator is None else labels[labels["annotator"] == annotator]
    given = labels[labels["label"].notna() & (labels["label"] != "")]

    def correct(rows: pd.DataFrame, a: str, b: str) -> tuple[float, float, float] | None:
        if "p_favor" not in rows:
            return None
        mine = rows[rows[by].isin([a, b]) & rows["net"].notna()].assign(role="both")  # the specification chose them
        if "label" not in mine or mine["label"].isna().any():
            return None  # what counts at another threshold alone could not be drawn
        units = mine["segment"] + " " + mine["target"]
        counts = mine.loc[units.isin(given["unit"]), by].value_counts()
        if len(counts) < 2 or counts.min() < LEAST:
            return None
        inside = labels[labels["unit"].isin(units)]
        try:
            found = corrected_estimates(mine, inside, by, estimators=(DSL,), annotator=annotator)
        except StanceError:  # this specification leaves what cannot be corrected
            return None
        lines = found[found["estimand"] == "difference"]
        if len(lines) != 1:
            return None
        line = lines.iloc[0]
        sign = 1 if line["a"] == a else -1
        low, high = sorted((sign * line["low"], sign * line["high"]))
        return sign * line["estimate"], low, high

    return correct
