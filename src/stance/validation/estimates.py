"""Means and differences that hold in spite of the model's errors: scores of all units, labels of some.

Naive estimates take scores for the truth. Design-based supervised learning
(DSL) and prediction-powered inference (PPI) learn from the labelled units how
far scores are off, and widen the interval by what is not known of that.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from stance import columns as names
from stance.analysis.groups import compared_within, sampled_column
from stance.analysis.intervals import (
    INSUFFICIENT,
    LEAST,
    NO_SPREAD,
    difference_interval,
    mean_interval,
    prediction_powered,
)
from stance.schema import LABELS, StanceError
from stance.validation.references import Matched, match, probabilities_of

NET, ACTOR = "net", "actor"
NAIVE, DSL, PPI = "naive", "DSL", "PPI"
ESTIMATORS = (NAIVE, DSL, PPI)
IGNORED, SCOPE = "ignores label error", "corrects label error, not segmentation or attribution"
_ESTIMATE = tuple(names.ESTIMATE)


def corrected_estimates(
    scores: pd.DataFrame,
    labels: pd.DataFrame,
    by: str = "actor",
    *,
    outcome: str = NET,
    estimators: Sequence[str] = (NAIVE, DSL),
    groups: Sequence[str] | None = None,
    annotator: str | None = None,
) -> pd.DataFrame:
    """Means of groups and their differences, corrected by a labelled sample for the model's label errors.

    DSL (Egami, Hinck, Stewart and Wei 2023) replaces the score Q of a unit by
    Q + R/π (Y − Q), where R says whether it was labelled, Y is its label and π
    its inclusion probability. Means and differences of these are as of labels
    of everything, whatever the model's errors, as long as π is true. Two simple
    choices are made: Q is the score plus the mean error in its group, and the
    weights 1/π of a group add up to its units. So a constant error changes
    nothing. A drawn unit without a label is taken as missing at random; ties of
    annotators are not, so settle them.

    PPI (PPI++, by the package ppi-python) is for simple random samples only,
    and takes units as independent: where those of one document are alike, its
    intervals are too short. See ``benchmarks/corrections.py`` for how often each holds the truth.

    Both correct label error. Neither corrects segmentation or attribution: what
    was not found, or given to the wrong actor, stays so. Naive estimates ignore all three.

    Parameters
    ----------
    scores
        The score table of one measure that the sample was drawn from, with
        ``document`` and ``role``; a column ``cluster`` takes the place of documents. Every
        scored unit that has an actor counts, and could have been drawn.
    labels, annotator
        As for :func:`stance.validation.reference`; here with ``inclusion_probability``.
    by
        A column of the scores: what makes groups, within role and target as in :func:`stance.contrast`.
    outcome
        ``"net"``: +1, −1 or 0 for the labels favor, against, none, and the
        model's net score; or one label: its share, and the model's probability of it.
    estimators
        Any of ``"naive"``, ``"DSL"``, ``"PPI"``.
    groups
        Which groups; left out: all. One that is named must hold a label.

    Returns
    -------
    pandas.DataFrame
        ``role``, ``target`` (as in :func:`stance.contrast`), ``estimand`` (``mean`` of
        ``a``, or ``difference`` a − b), ``a``, ``b``, ``estimator``,
        ``estimate``, ``low``, ``high`` (95 %), ``n_scored``, ``n_labelled`` and
        ``note``. Intervals are cluster-robust over documents where every group
        has 20, else over units, and ``note`` says which (labels from one of many documents
        have none); t has the degrees of freedom of the
        labelled clusters of the smaller group, less one. Fewer than 20 labels in a group leave
        the interval empty. Where everything is labelled, DSL is the labels' mean.

    Raises
    ------
    StanceError
        If the two tables do not fit, an inclusion probability is missing or not
        in (0, 1], a named group holds no label, or PPI is asked of units with unequal probabilities.

    Examples
    --------
    >>> n = 200
    >>> scores = pd.DataFrame({"segment": [str(i) for i in range(n)], "document": [str(i) for i in range(n)],
    ...                        "role": "source", "target": "talks", "actor": ["x", "y"] * 100, "label": "favor",
    ...                        "net": .6, "p_favor": .6, "p_against": 0, "p_none": .4})
    >>> labels = pd.DataFrame({"unit": scores["segment"][:100] + " talks", "measure": "stance", "annotator": "i",
    ...                        "label": ["favor", "none", "favor", "favor"] * 25, "inclusion_probability": .5})
    >>> found = corrected_estimates(scores, labels)
    >>> found[["estimand", "a", "b", "estimator", "estimate"]].round(2).values.tolist()[-2:]
    [['difference', 'x', 'y', 'naive', 0.0], ['difference', 'x', 'y', 'DSL', 0.5]]
    """
    matched = match(labels, scores, annotator)
    _check(matched.rows, by, estimators, groups or ())
    rows = _outcomes(matched, by, outcome, groups)
    within = compared_within(rows, by)
    found = []
    for key, block in rows.groupby(within, sort=False):
        where = dict(zip(within, key, strict=True))
        parts = {str(name): _with_pseudo_outcomes(part) for name, part in block.groupby(by)}
        for a, part in parts.items():
            found += [where | _estimated(estimator, part, None, a, "") for estimator in estimators]
        for a, b in itertools.combinations(parts, 2):
            found += [where | _estimated(estimator, parts[a], parts[b], a, b) for estimator in estimators]
    table = pd.DataFrame(found, columns=[*within, *_ESTIMATE])
    if nobody := int(matched.rows[ACTOR].isna().sum()) if ACTOR in matched.rows else 0:
        table["note"] += f"; {nobody} units without an actor left out"
    if matched.left_out:
        table["note"] = table["note"].where(table["estimator"] == NAIVE, table["note"] + f"; {matched.left_out}")
    return table


def _check(rows: pd.DataFrame, by: str, estimators: Sequence[str], groups: Sequence[str]) -> None:
    """Whether the rows allow what is asked for."""
    if not estimators or not set(estimators) <= set(ESTIMATORS):
        raise StanceError(
            f"The estimators must be among {', '.join(ESTIMATORS)}. Got {', '.join(estimators) or 'none'}."
        )
    document = "cluster" if "cluster" in rows else "document"
    if missing := [c for c in (by, "role", document) if c not in rows]:
        raise StanceError(f"The scores have no column {missing[0]!r}, which corrected needs.")
    known = probabilities_of(rows[rows["drawn"]])
    if PPI in estimators and np.ptp(known) > 1e-9:
        raise StanceError(
            f"PPI needs a simple random sample. Here inclusion probabilities go from {known.min():.3g} to "
            f"{known.max():.3g}. Use DSL, which takes them into account."
        )
    for group in groups:
        if rows.loc[rows[by].astype(str) == str(group), "reference"].isna().all():
            raise StanceError(
                f"No unit of {group!r} has a label, so nothing is known of the errors there. Label some units, or "
                "leave the group out."
            )


def _outcomes(matched: Matched, by: str, outcome: str, groups: Sequence[str] | None) -> pd.DataFrame:
    """The rows of the groups, with what is ``sampled``, ``predicted`` and ``observed`` (NaN without a label)."""
    names, rows = LABELS[matched.measure], matched.rows.dropna(subset=[by])
    if ACTOR in rows:
        rows = rows.dropna(subset=[ACTOR])  # sample draws none of these
    if groups is not None:
        rows = rows[rows[by].astype(str).isin([str(group) for group in groups])]
    if outcome == NET:
        predicted, values = rows["net"], dict(zip(names, (1.0, -1.0, 0.0), strict=True))
    elif outcome in names:
        predicted, values = rows[f"p_{outcome}"], {name: float(name == outcome) for name in names}
    else:
        raise StanceError(f"The outcome must be one of {', '.join((NET, *names))}. Got {outcome!r}.")
    observed = rows["reference"].map(values).astype(float)
    made = rows.assign(sampled=rows[sampled_column(rows)], predicted=predicted, observed=observed)
    return made.sort_values("unit", ignore_index=True)


def _with_pseudo_outcomes(part: pd.DataFrame) -> pd.DataFrame:
    columns = (part[c].to_numpy(float) for c in ("predicted", "observed", "inclusion_probability"))
    return part.assign(pseudo=pseudo_outcomes(*columns))


def pseudo_outcomes(predicted: np.ndarray, observed: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """What stands for the labels of one group: predictions, and where there is a label, its error blown up.

    Parameters
    ----------
    predicted
        Of every unit.
    observed
        Of the labelled units; else NaN.
    probabilities
        With which the labelled units were drawn, in (0, 1].

    Returns
    -------
    numpy.ndarray
        Their mean is the mean prediction plus the mean error, weighted by
        1 / probability; NaN where nothing is labelled.

    Examples
    --------
    >>> pseudo_outcomes(np.array([.5, .5, .5, .5]), np.array([1, 0, np.nan, np.nan]), np.full(4, .5)).tolist()
    [1.5, -0.5, 0.5, 0.5]
    """
    known = ~np.isnan(observed)
    if not known.any():
        return np.full(len(predicted), np.nan)
    weights = np.where(known, 1 / np.where(known, probabilities, 1.0), 0.0)
    weights *= len(predicted) / weights.sum()
    error = np.where(known, observed, 0.0) - predicted
    mean = (weights * error).mean()
    return predicted + mean + weights * (error - mean)


def _estimated(estimator: str, a: pd.DataFrame, b: pd.DataFrame | None, *names: str) -> dict[str, Any]:
    """One line: a mean, or a difference."""
    parts = [a] if b is None else [a, b]
    n_scored, n_labelled = (sum(len(p.dropna(subset=c)) for p in parts) for c in ("predicted", "observed"))
    line = {"estimand": "mean" if b is None else "difference", "a": names[0], "b": names[1], "estimator": estimator}
    counts = {"n_scored": n_scored, "n_labelled": n_labelled}
    found = _powered(parts) if estimator == PPI else _over_clusters(parts, estimator == DSL)
    return line | found | counts


def _over_clusters(parts: list[pd.DataFrame], is_corrected: bool) -> dict[str, Any]:
    """A mean or difference with its cluster-robust interval: naive, or DSL where outcomes are corrected."""
    column, said = ("pseudo", SCOPE) if is_corrected else ("predicted", IGNORED)
    counted = [p.dropna(subset="observed") if is_corrected else p for p in parts]
    means = [p[column].mean() for p in parts]
    line = {"estimate": means[0] - (means[1] if len(means) > 1 else 0.0), "low": np.nan, "high": np.nan}
    if is_corrected and all(len(p) == len(c) for p, c in zip(parts, counted, strict=True)):
        said = f"all labelled: the labels themselves; {said}"
    if note := _too_few(counted, "labels" if is_corrected else "units"):
        return line | {"note": f"{note}; {said}"}
    are_many = all(p["sampled"].nunique() >= LEAST for p in parts)
    sampled, unit = ("sampled", "documents") if are_many else ("unit", "units, not documents")
    freedom = min(c[sampled].nunique() for c in counted) - 1
    if not freedom:
        return line | {"note": f"{INSUFFICIENT}: labels from one document only; {said}"}
    together = pd.concat(parts)
    values, clusters = together[column].to_numpy(float), together[sampled].to_numpy()
    if len(parts) == 1:
        low, high = mean_interval(values, clusters, freedom=freedom)
    else:
        low, high = difference_interval(values, np.arange(len(values)) < len(parts[0]), clusters, freedom)
    spread = NO_SPREAD if np.isnan(low) else f"over {unit}"
    return line | {"low": low, "high": high, "note": f"{spread}; {said}"}


def _too_few(counted: list[pd.DataFrame], what: str) -> str:
    sizes = [len(rows) for rows in counted]
    return "" if min(sizes) >= LEAST else f"{INSUFFICIENT}: {' and '.join(map(str, sizes))} of {LEAST} {what}"


def _powered(parts: list[pd.DataFrame]) -> dict[str, Any]:
    """A mean or difference by prediction-powered inference."""
    line = {"estimate": np.nan, "low": np.nan, "high": np.nan}
    halves = [(p[p["observed"].notna()], p[p["observed"].isna()]) for p in parts]
    for half, what in ((0, "labels"), (1, "units without a label")):
        if note := _too_few([h[half] for h in halves], what):
            return line | {"note": f"{note}; {SCOPE}"}
    labelled, others = (pd.concat([h[half] for h in halves]) for half in (0, 1))
    observed, predicted, unlabelled = (
        rows[column].to_numpy(float)
        for rows, column in ((labelled, "observed"), (labelled, "predicted"), (others, "predicted"))
    )
    in_a = None
    if len(parts) > 1:
        in_a = np.arange(len(labelled)) < len(halves[0][0]), np.arange(len(others)) < len(halves[0][1])
    estimate, low, high = prediction_powered(observed, predicted, unlabelled, in_a)
    return {"estimate": estimate, "low": low, "high": high, "note": f"units taken as independent; {SCOPE}"}
