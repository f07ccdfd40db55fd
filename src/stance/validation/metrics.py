"""Measures of how well labels were found."""

from __future__ import annotations

import numpy as np


def f1_by_label(
    truth: np.ndarray, found: np.ndarray, weights: np.ndarray | None = None, n_labels: int = 3
) -> np.ndarray:
    """F1 of each label.

    Parameters
    ----------
    truth, found
        Shape (rows,): indices of labels.
    weights
        Shape (draws, rows): how often each row counts; left out: once.
    n_labels
        How many labels there are.

    Returns
    -------
    numpy.ndarray
        Shape (draws, labels), or (1, labels); 0 for a label that neither occurs nor is found.

    Examples
    --------
    >>> f1_by_label(np.array([0, 0, 1]), np.array([0, 1, 1])).round(3).tolist()
    [[0.667, 0.667, 0.0]]
    """
    weights = np.ones((1, len(truth))) if weights is None else weights
    scores = np.zeros((len(weights), n_labels))
    for label in range(n_labels):
        hit, both = (found == label) & (truth == label), weights @ (found == label) + weights @ (truth == label)
        np.divide(2 * (weights @ hit), both, out=scores[:, label], where=both > 0)
    return scores
