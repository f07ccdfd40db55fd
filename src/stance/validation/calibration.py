"""Do probabilities mean what they say? Calibration error, reliability, and how to mend it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from stance.analysis.bootstrap import DRAWS, basic_interval, resamples
from stance.scoring.entailment import tempered

BINS = 15
"""Of equal width, as in Guo et al. (2017), so that errors can be compared with published ones."""


def calibration_error(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = BINS, weights: np.ndarray | None = None
) -> float:
    """Expected calibration error of the most probable label (Guo et al. 2017).

    Parameters
    ----------
    probabilities
        Shape (rows, labels); rows sum to 1.
    labels
        Shape (rows,): the index of the true label.
    bins
        Bins of equal width over confidence.
    weights
        Shape (rows,): how much each row counts; left out: all alike.

    Returns
    -------
    float
        In [0, 1]: over bins, the mean distance of accuracy from mean confidence,
        weighted by the rows in a bin.

    Examples
    --------
    >>> calibration_error(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0, 1]))
    0.5
    """
    confidence, correct = _top(probabilities, labels)
    return float(_error(confidence, correct, _alike(labels, weights), bins)[0])


def calibration_interval(
    probabilities: np.ndarray,
    labels: np.ndarray,
    groups: np.ndarray | None = None,
    *,
    seed: int = 0,
    bins: int = BINS,
    weights: np.ndarray | None = None,
) -> tuple[float, float, float]:
    """How sure the calibration error is, and what perfect calibration would show.

    Parameters
    ----------
    probabilities, labels, bins, weights
        See :func:`calibration_error`.
    groups
        Shape (rows,): rows of one group (one text) are resampled together.
    seed
        Of the resampling.

    Returns
    -------
    tuple of float
        A 95 % interval, and the mean error if every row were right with exactly
        its confidence: with few rows that is well above zero, and the value to
        compare with. Resampling adds noise, which always adds error; so the
        interval is the reflected ("basic") one, kept above 0 and around the error.
    """
    rng = np.random.default_rng(seed)
    confidence, correct = _top(probabilities, labels)
    counted = _alike(labels, weights)
    drawn = _error(confidence, correct, resamples(len(labels), groups, rng) * counted, bins)
    perfect = [
        _error(confidence, (rng.random(len(labels)) < confidence).astype(float), counted, bins)[0] for _ in range(DRAWS)
    ]
    found = calibration_error(probabilities, labels, bins, weights)
    low, high = basic_interval(found, drawn)
    return max(0.0, min(low, found)), max(high, found), float(np.mean(perfect))


def fit_calibration(probabilities: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """The temperature and offset under which the labels are most likely.

    This is the vector scaling of Guo et al. (2017) with one bias, that of the
    last label (none, neutral).

    Parameters
    ----------
    probabilities
        Shape (rows, labels), at temperature 1.
    labels
        Shape (rows,): the index of the true label.

    Returns
    -------
    tuple of float
        Temperature, above 1 where the model was too sure; and offset, above 0
        where it said the last label too seldom. See :func:`stance.scoring.entailment.tempered`.

    Examples
    --------
    >>> too_sure = np.array([[0.99, 0.01], [0.01, 0.99]] * 4)
    >>> temperature, offset = fit_calibration(too_sure, np.array([0, 1, 0, 1, 0, 1, 1, 0]))
    >>> temperature > 1
    True
    """

    def loss(values: np.ndarray) -> float:
        found = tempered(probabilities, float(np.exp(values[0])), float(values[1]))
        return -float(np.log(np.maximum(found[np.arange(len(labels)), labels], 1e-12)).mean())

    best = minimize(loss, [0.0, 0.0], method="Nelder-Mead", bounds=[(np.log(0.1), np.log(10)), (-5, 5)])
    return round(float(np.exp(best.x[0])), 4), round(float(best.x[1]), 4)


def reliability(probabilities: np.ndarray, labels: np.ndarray, bins: int = BINS) -> pd.DataFrame:
    """Accuracy by confidence: what a reliability figure shows.

    Returns
    -------
    pandas.DataFrame
        One row for each bin that holds rows: ``low``, ``high``, ``confidence``
        (mean), ``accuracy`` and ``n``.

    Examples
    --------
    >>> reliability(np.array([[0.9, 0.1], [0.7, 0.3]]), np.array([0, 1]), bins=10)["accuracy"].tolist()
    [0.0, 1.0]
    """
    confidence, correct = _top(probabilities, labels)
    rows = pd.DataFrame({"bin": _bin(confidence, bins), "confidence": confidence, "accuracy": correct})
    table = rows.groupby("bin").agg(
        confidence=("confidence", "mean"), accuracy=("accuracy", "mean"), n=("accuracy", "size")
    )
    table.insert(0, "low", np.round(table.index / bins, 4))
    table.insert(1, "high", np.round((table.index + 1) / bins, 4))
    return table.reset_index(drop=True)


def _alike(labels: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Shape (1, rows): the weights, or ones."""
    return np.ones((1, len(labels))) if weights is None else np.asarray(weights, float)[None]


def _top(probabilities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Confidence of the most probable label, and whether it is the true one."""
    return probabilities.max(axis=1), (probabilities.argmax(axis=1) == labels).astype(float)


def _bin(confidence: np.ndarray, bins: int) -> np.ndarray:
    return np.minimum((confidence * bins).astype(int), bins - 1)


def _error(confidence: np.ndarray, correct: np.ndarray, weights: np.ndarray, bins: int) -> np.ndarray:
    """The calibration error under each row of weights."""
    inside = np.eye(bins)[_bin(confidence, bins)]
    gap = weights @ (inside * (correct - confidence)[:, None])
    return np.abs(gap).sum(axis=1) / weights.sum(axis=1)
