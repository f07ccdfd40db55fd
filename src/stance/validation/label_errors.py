"""How good scores are on units that people labelled, and whether the errors fall on all actors alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from stance import columns as names
from stance.analysis.bootstrap import percentile_interval, resamples
from stance.analysis.groups import sampled_column
from stance.analysis.intervals import (
    INSUFFICIENT,
    LEAST,
    NO_SPREAD,
    equal_means_p,
    mean_interval,
    proportion_interval,
)
from stance.schema import LABELS, Measure, StanceError
from stance.validation.calibration import calibration_error, calibration_interval
from stance.validation.metrics import f1_by_label
from stance.validation.references import Matched, match, probabilities_of

ALL = "all"
BY = ("actor", "role", "kind")
COLUMNS = tuple(names.ACCURACY)


def accuracy(
    labels: pd.DataFrame,
    scores: pd.DataFrame,
    by: str | Sequence[str] = BY,
    *,
    annotator: str | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """How often the model says what people said, in all and in every group.

    Units count by 1 / their inclusion probability, so that the numbers are
    those of all scored units that could be drawn; without probabilities all
    count alike. Intervals are 95 % and take units as independent. Those of
    accuracy, precision and recall are Wilson's, with as many units as, alike,
    would be as sure (Kish). Those of F1 are bootstrapped over units, strata aside, and
    so rather wide than narrow; that of the calibration error as in ``stance.validation.evaluate``.

    Parameters
    ----------
    labels, annotator
        As for :func:`stance.validation.reference`, which makes one label of several.
    scores
        The score table that the labels are of.
    by
        Columns of the scores; every value of each is a group.
    seed
        Fixes the bootstrap.

    Returns
    -------
    pandas.DataFrame
        One row per group, metric and label: ``by`` and ``group`` (``all`` first),
        ``metric``, ``label`` (empty where it is of all), ``n``, ``value``, ``low``,
        ``high``, ``note``. The metrics are ``accuracy``, ``macro_f1`` (mean over
        the labels that people gave), ``calibration_error``, and of each label ``precision``,
        ``recall`` and ``f1``; ``n`` counts the units behind one. Fewer than 20
        leave the interval empty, and ``note`` says so.

    Raises
    ------
    StanceError
        If the two tables do not fit; the sentence says where.

    Examples
    --------
    >>> scores = pd.DataFrame({"segment": list("abcd"), "target": "talks", "actor": ["x", "x", "y", "y"],
    ...                        "label": ["favor", "none", "favor", "none"], "net": [.8, 0, .8, 0],
    ...                        "p_favor": [.9, .1, .9, .1], "p_against": [.1] * 4, "p_none": [0, .8, 0, .8]})
    >>> labels = pd.DataFrame({"unit": ["a talks", "b talks", "c talks"], "measure": "stance", "annotator": "i",
    ...                        "label": ["favor", "none", "none"]})
    >>> table = accuracy(labels, scores, by="actor")
    >>> table[table["metric"] == "accuracy"][["group", "n", "value"]].round(2).values.tolist()
    [['all', 3, 0.67], ['x', 2, 1.0], ['y', 1, 0.0]]
    """
    matched = match(labels, scores, annotator)
    lines: list[dict[str, Any]] = []
    for column, group, rows in _groups(matched, (by,) if isinstance(by, str) else by):
        measured = pd.DataFrame(_measured(rows, matched.measure, seed))
        lines += measured.assign(by=column, group=group).to_dict("records")
    lines[0]["note"] = _said(lines[0]["note"], matched.left_out)
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _groups(matched: Matched, by: Sequence[str]) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """All labelled rows, then those of each value of each column; with their weights and strata."""
    rows = matched.labelled.sort_values("unit", ignore_index=True)
    if missing := [column for column in by if column not in rows]:
        raise StanceError(f"The scores have no column {missing[0]!r}, which the 'by' parameter names.")
    known = rows["inclusion_probability"].notna().any()
    rows = rows.assign(weight=1 / probabilities_of(rows) if known else 1.0)
    yield ALL, ALL, rows
    for column in by:
        for group, part in rows.dropna(subset=[column]).groupby(column):
            yield column, str(group), part


def _measured(rows: pd.DataFrame, measure: Measure, seed: int) -> Iterator[dict[str, Any]]:
    """Every metric of some rows."""
    names = LABELS[measure]
    truth, found = (np.array([names.index(label) for label in rows[c]]) for c in ("reference", "label"))
    weights = rows["weight"].to_numpy(float)
    right, everything = truth == found, np.ones(len(rows), bool)
    drawn = weights * resamples(len(rows), None, np.random.default_rng(seed))
    f1, f1_drawn = f1_by_label(truth, found, weights[None])[0], f1_by_label(truth, found, drawn)
    there = np.isin(np.arange(len(names)), truth)

    yield _share("accuracy", "", right, weights, everything)
    yield _resampled("macro_f1", "", f1[there].mean(), f1_drawn[:, there].mean(axis=1), len(rows))
    yield _calibration(rows[[f"p_{name}" for name in names]].to_numpy(float), truth, weights, seed)
    for i, name in enumerate(names):
        said, meant = found == i, truth == i
        yield _share("precision", name, right, weights, said)
        yield _share("recall", name, right, weights, meant)
        yield _resampled("f1", name, f1[i], f1_drawn[:, i], int((said | meant).sum()))


def _share(metric: str, label: str, hits: np.ndarray, weights: np.ndarray, among: np.ndarray) -> dict[str, Any]:
    n, mine = int(among.sum()), weights[among]
    if not n:
        return _line(metric, label, n, np.nan)
    share = float(mine[hits[among]].sum() / mine.sum())
    return _line(metric, label, n, share, proportion_interval(share, mine.sum() ** 2 / (mine**2).sum()))


def _resampled(metric: str, label: str, value: float, drawn: np.ndarray, n: int) -> dict[str, Any]:
    return _line(metric, label, n, float(value) if n else np.nan, percentile_interval(drawn))


def _calibration(probabilities: np.ndarray, truth: np.ndarray, weights: np.ndarray, seed: int) -> dict[str, Any]:
    value = calibration_error(probabilities, truth, weights=weights)
    low, high, perfect = calibration_interval(probabilities, truth, seed=seed, weights=weights)
    line = _line("calibration_error", "", len(truth), value, (low, high))
    return line | {"note": _said(line["note"], f"{perfect:.3f} if perfectly calibrated")}


def _line(
    metric: str, label: str, n: int, value: float, interval: tuple[float, float] = (np.nan, np.nan)
) -> dict[str, Any]:
    """A row of the table; too few units leave the interval empty."""
    note = "" if n >= LEAST else f"{INSUFFICIENT}: {n} of {LEAST} labels"
    low, high = interval if not note else (np.nan, np.nan)
    return {"metric": metric, "label": label, "n": n, "value": value, "low": low, "high": high, "note": note}


def _said(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def differential_error(
    labels: pd.DataFrame, scores: pd.DataFrame, by: str = "actor", *, annotator: str | None = None
) -> pd.DataFrame:
    """Whether the model errs alike on every group: what it does not share biases a contrast.

    The error of a unit is the model's net score minus that of its label (+1, −1
    or 0 for favor, against, none): above 0 the model is too favorable.

    Parameters
    ----------
    labels, scores, annotator
        As for :func:`accuracy`; ``document`` is needed in the scores, too.
    by
        A column of the scores.

    Returns
    -------
    pandas.DataFrame
        One row for each group, then one for ``all``: ``n`` units in
        ``documents``, their mean ``error`` in [-2, 2], weighted by 1 / inclusion
        probability, ``low`` to ``high`` (95 %), ``p`` and ``note``. ``p``, in the row
        ``all``, is that of errors alike: a Wald test with robust errors over the
        groups of 20 labels or more. What is sampled is documents (or clusters, where the
        scores have a column ``cluster``) if every one of these has 20, else units; ``note`` says so.

    Raises
    ------
    StanceError
        As :func:`accuracy`.

    Examples
    --------
    >>> n = 100
    >>> scores = pd.DataFrame({"segment": [str(i) for i in range(n)], "document": [str(i) for i in range(n)],
    ...                        "target": "talks", "actor": ["x", "y"] * 50, "label": "favor", "net": .5,
    ...                        "p_favor": .5, "p_against": 0, "p_none": .5})
    >>> labels = pd.DataFrame({"unit": scores["segment"] + " talks", "measure": "stance", "annotator": "i",
    ...                        "label": ["favor", "none"] * 45 + ["none", "favor"] * 5})
    >>> found = differential_error(labels, scores)
    >>> found[["group", "n", "error"]].round(2).values.tolist()
    [['x', 50, -0.4], ['y', 50, 0.4], ['all', 100, 0.0]]
    >>> bool(found["p"].iloc[-1] < .001)
    True
    """
    matched = match(labels, scores, annotator)
    if "document" not in matched.rows:
        raise StanceError("The scores have no column 'document', which differential_error needs.")
    document = sampled_column(matched.rows)
    favor, against, _ = LABELS[matched.measure]
    (_, _, rows), *parts = _groups(matched, (by,))
    rows = rows.dropna(subset=[by])
    enough = [group for _, group, part in parts if len(part) >= LEAST]
    compared = rows[rows[by].astype(str).isin(enough)]
    texts = compared.groupby(by)[document].nunique()
    sampled = document if len(texts) and texts.min() >= LEAST else "unit"
    lines = [
        {"by": by, "group": group, **_mean_error(part, errors(part, favor, against), sampled)}
        for _, group, part in [*parts, (by, ALL, rows)]
    ]
    p, note = np.nan, f"no p: fewer than two groups of {LEAST} labels"
    if len(enough) > 1:
        columns = (compared[c].to_numpy() for c in (by, sampled, "weight"))
        p, note = equal_means_p(errors(compared, favor, against), *columns), f"p of {len(enough)} groups"
    lines[-1] |= {"p": p, "note": _said(lines[-1]["note"], note, matched.left_out)}
    return pd.DataFrame(lines, columns=list(names.DIFFERENTIAL))


def _mean_error(rows: pd.DataFrame, error: np.ndarray, sampled: str) -> dict[str, Any]:
    weights = rows["weight"].to_numpy(float)
    line = {"n": len(rows), "documents": rows["document"].nunique(), "low": np.nan, "high": np.nan}
    line["error"] = float(np.average(error, weights=weights)) if len(rows) else np.nan
    if len(rows) < LEAST:
        return line | {"note": f"{INSUFFICIENT}: {len(rows)} of {LEAST} labels"}
    low, high = mean_interval(error, rows[sampled].to_numpy(), weights)
    return line | {"low": low, "high": high, "note": NO_SPREAD if np.isnan(low) else f"over {sampled}s"}


def errors(rows: pd.DataFrame, favor: str, against: str) -> np.ndarray:
    """Net score of the model minus that of the label.

    Examples
    --------
    >>> errors(pd.DataFrame({"net": [.5, .5], "reference": ["favor", "against"]}), "favor", "against").tolist()
    [-0.5, 1.5]
    """
    label = rows["reference"].to_numpy()
    return rows["net"].to_numpy(float) - (label == favor) + (label == against)
