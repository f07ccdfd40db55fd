"""How far annotators agree: Krippendorff's alpha with an interval, and who chose what where another chose otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from stance.analysis.bootstrap import percentile_interval
from stance.analysis.intervals import INSUFFICIENT, LEAST, NO_SPREAD
from stance.columns import AGREEMENT
from stance.schema import LABELS, StanceError
from stance.validation.labels import ADJUDICATED, labelled

DRAWS = 2_000
"""Resamples of the units."""
NO_OVERLAP = "no overlap between annotators: nobody labelled the same units"
NO_VARIATION = "all labels are the same, so alpha is undefined"
_ALL = ""
"""Stands for all groups, and for all labels."""
_CELLS = 2**22
"""Draws × units that are computed at once."""


def agreement(labels: pd.DataFrame, by: str = "target", seed: int = 0) -> pd.DataFrame:
    """Krippendorff's alpha for nominal data, for each measure, each group in it, and each label against the rest.

    Annotators may have labelled different units. Only units with two labels or
    more count. What was decided afterwards, where they differ, is no label of theirs and is left out.

    Parameters
    ----------
    labels
        From :func:`stance.validation.read_labels`.
    by
        A column whose values are looked at one by one, too, where it has several.
    seed
        Fixes the resampling.

    Returns
    -------
    pandas.DataFrame
        ``measure``, the group (empty: all), ``label`` (empty: all labels; else
        this one against the rest), ``units`` with two labels or more, the
        ``annotators`` who gave them, and ``labels``, how many those are.
        ``alpha`` is 1 for perfect agreement and 0 for what chance gives.
        ``low`` to ``high`` is its 95 % percentile interval from 2,000
        resamples of the units; resamples in which the labels do not vary are
        left out. It takes units for independent, though those of one text may not
        be. ``agreement`` is the share of pairs of labels of one unit that are the
        same, in [0, 1]. What cannot be computed is empty, and ``note`` says
        why: fewer than 20 units have no interval.

    Raises
    ------
    StanceError
        If a column is missing, nothing is labelled, or somebody labelled a unit twice.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability.

    Examples
    --------
    >>> labels = pd.DataFrame({"unit": ["u", "v", "w"] * 2, "measure": "stance", "target": "t",
    ...                        "annotator": list("aaabbb"),
    ...                        "label": ["favor", "none", "none", "favor", "none", "favor"]})
    >>> agreement(labels)[["label", "units", "alpha", "agreement"]].round(2).values.tolist()[0]
    ['', 3, 0.44, 0.67]
    """
    rows = labelled(labels)
    rows = rows[rows["annotator"] != ADJUDICATED]
    columns = [c for c in rows if c not in ("unit", "measure", "annotator", "label")]
    if by not in columns:
        raise StanceError(
            f"Agreement cannot be split by {by!r}. Name another column in 'by': {', '.join(columns) or 'none is left'}."
        )
    if rows.empty:
        raise StanceError("The labels hold no label yet. Fill in the column label.")
    found = []
    for measure, names in LABELS.items():
        own = rows[rows["measure"] == measure]
        for group, part in _groups(own, by):
            counts, annotators = _counts(part, names)
            for label in (_ALL, *names):
                table = counts if label == _ALL else _against_rest(counts, names.index(label))
                head = {"measure": measure, by: group, "label": label, "units": len(counts), "annotators": annotators}
                found.append(head | {"labels": int(counts.sum())} | _measured(table, seed))
    return pd.DataFrame(found, columns=[by if name == "target" else name for name in AGREEMENT])


def alpha(counts: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Krippendorff's alpha for nominal data.

    Parameters
    ----------
    counts
        Shape (units, labels): how many annotators gave a unit a label; two or more labels for each unit.
    weights
        Shape (draws, units): how often each unit counts; once if left out.

    Returns
    -------
    numpy.ndarray
        Shape (draws,), at most 1; NaN where only one label was given.

    Examples
    --------
    >>> alpha(np.array([[2, 0], [1, 1], [0, 2]])).round(3).tolist()
    [0.444]
    """
    weights = np.ones((1, len(counts))) if weights is None else weights
    sizes = counts.sum(axis=1)
    differing = (sizes**2 - (counts**2).sum(axis=1)) / (sizes - 1)
    total, by_label = weights @ sizes, weights @ counts
    expected = total**2 - (by_label**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (total - 1) * (weights @ differing) / expected, np.nan)


def confusion(labels: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """How often one annotator chose a label where another chose which.

    Parameters
    ----------
    labels
        From :func:`stance.validation.read_labels`, of one measure.
    a, b
        Two annotators in it.

    Returns
    -------
    pandas.DataFrame
        Counts of units that both labelled: a's labels down, b's across, all of the measure's.

    Raises
    ------
    StanceError
        If there is no such annotator, or the labels are of several measures.

    Examples
    --------
    >>> labels = pd.DataFrame({"unit": ["u", "v"] * 2, "measure": "stance", "annotator": list("aabb"),
    ...                        "label": ["favor", "none", "favor", "favor"]})
    >>> confusion(labels, "a", "b").loc["none", "favor"]
    np.int64(1)
    """
    rows = labelled(labels)
    measures = list(rows["measure"].unique())
    if len(measures) != 1:
        got = ", ".join(measures) or "none"
        raise StanceError(f"A confusion table is of one measure. Got {got}: select the rows of one.")
    known = sorted(set(rows["annotator"]))
    if unknown := [name for name in (a, b) if name not in known]:
        raise StanceError(f"{unknown[0]!r} labelled nothing. Annotators are: {', '.join(map(str, known))}.")
    of_a, of_b = (rows[rows["annotator"] == name].set_index("unit")["label"] for name in (a, b))
    both = pd.DataFrame({"a": of_a, "b": of_b}).dropna()
    names = list(LABELS[measures[0]])
    table = pd.crosstab(both["a"], both["b"]).reindex(index=names, columns=names, fill_value=0)
    return table.rename_axis(index=a, columns=b)


def _groups(rows: pd.DataFrame, by: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """All rows, then those of each value where there are several."""
    if rows.empty:
        return  # of another measure
    yield _ALL, rows
    parts = list(rows.groupby(by))
    if len(parts) > 1:
        yield from ((str(value), part) for value, part in parts)


def _counts(rows: pd.DataFrame, names: Sequence[str]) -> tuple[np.ndarray, int]:
    """How many annotators gave each unit each label, for units with two labels or more; and how many annotators."""
    shared = rows[rows.groupby("unit")["unit"].transform("size") > 1].sort_values("unit")
    table = pd.crosstab(shared["unit"], shared["label"]).reindex(columns=list(names), fill_value=0)
    return table.to_numpy(), shared["annotator"].nunique()


def _against_rest(counts: np.ndarray, label: int) -> np.ndarray:
    return np.column_stack([counts[:, label], counts.sum(axis=1) - counts[:, label]])


def _measured(counts: np.ndarray, seed: int) -> dict[str, float | str]:
    """Alpha with its interval, and the share of pairs that agree."""
    nothing = float("nan")
    if not len(counts):
        return {"alpha": nothing, "low": nothing, "high": nothing, "agreement": nothing, "note": NO_OVERLAP}
    sizes = counts.sum(axis=1)
    same = float((counts * (counts - 1)).sum() / (sizes * (sizes - 1)).sum())
    estimate = float(alpha(counts)[0])
    low, high, note = nothing, nothing, ""
    if np.isnan(estimate):
        note = NO_VARIATION
    elif len(counts) < LEAST:
        note = f"{INSUFFICIENT}: fewer than {LEAST} units, so no interval"
    elif same == 1:
        note = NO_SPREAD
    else:
        low, high = percentile_interval(_resampled(counts, seed))
    return {"alpha": estimate, "low": low, "high": high, "agreement": same, "note": note}


def _resampled(counts: np.ndarray, seed: int) -> np.ndarray:
    """Alpha in resamples of the units."""
    rng, n = np.random.default_rng(seed), len(counts)
    at_once = max(1, _CELLS // n)
    parts = [min(at_once, DRAWS - done) for done in range(0, DRAWS, at_once)]
    return np.concatenate([alpha(counts, rng.multinomial(n, np.full(n, 1 / n), size=size)) for size in parts])
