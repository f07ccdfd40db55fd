"""How surely a mean or a difference is known from texts: pure statistics on arrays.

Statements of one document go together, so what is sampled is the *cluster*: a
document, or copies of one text.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from stance.schema import StanceError

LEAST = 20
"""Documents, or clusters of them, below which nothing is inferred."""
INSUFFICIENT, NO_SPREAD = "insufficient data", "no spread, so no interval"
PERMUTATIONS = 9_999
"""With the observed one 10,000: a p of .05 is then known to within .004 (Monte Carlo error)."""
_NOTHING = (float("nan"), float("nan"))
_NORMAL = 1.96
"""Standard errors on each side of a normal estimate that make 95 %."""
_SMALLEST_ERROR = 1e-9
_CELLS = 2**20
"""Permutations × clusters that are computed at once."""


def mean_interval(
    values: np.ndarray, clusters: np.ndarray, weights: np.ndarray | None = None, freedom: int | None = None
) -> tuple[float, float]:
    """95 % interval of a mean, cluster-robust, with Student's t on G − 1 degrees of freedom.

    Parameters
    ----------
    values
        One number for each observation.
    clusters
        Which of the G clusters each belongs to, 2 or more; any labels.
    weights
        How much each counts; left out: all alike.
    freedom
        Other degrees of freedom than G − 1.

    Returns
    -------
    float, float
        NaN where the values do not vary.

    Examples
    --------
    >>> low, high = mean_interval(np.array([.1, .2, .3, .4]), np.arange(4))
    >>> round(low, 2), round(high, 2)
    (0.04, 0.46)
    """
    freedom = len(np.unique(clusters)) - 1 if freedom is None else freedom
    return _interval(values, np.ones((len(values), 1)), clusters, freedom, weights)


def difference_interval(
    values: np.ndarray, in_a: np.ndarray, clusters: np.ndarray, freedom: int | None = None
) -> tuple[float, float]:
    """95 % interval of a difference of means, a − b, cluster-robust.

    One regression on both groups, so that a cluster may hold both. Student's t
    has min(G_a, G_b) − 1 degrees of freedom, where G counts the clusters that
    hold a group.

    Parameters
    ----------
    values
        One number for each observation.
    in_a
        Whether it belongs to a; else to b.
    clusters
        Which cluster it belongs to; at least two hold a, at least two hold b.
    freedom
        Other degrees of freedom than these.

    Returns
    -------
    float, float
        NaN where the values do not vary within either group.

    Examples
    --------
    >>> values, in_a = np.array([.5, .4, .6, .1, .0, .2]), np.arange(6) < 3
    >>> low, high = difference_interval(values, in_a, np.arange(6))
    >>> round(low, 2), round(high, 2)
    (0.05, 0.75)
    """
    if freedom is None:
        freedom = min(len(np.unique(clusters[in_a])), len(np.unique(clusters[~in_a]))) - 1
    return _interval(values, np.column_stack([np.ones(len(values)), in_a]), clusters, freedom)


def _interval(
    values: np.ndarray, design: np.ndarray, clusters: np.ndarray, freedom: int, weights: np.ndarray | None = None
) -> tuple[float, float]:
    """The 95 % interval of the last coefficient: errors cluster-robust, t on the degrees of freedom given."""
    from scipy.stats import t

    fit = _fit(values, design, clusters, weights)
    estimate, error = float(fit.params[-1]), float(fit.bse[-1])
    if not error > _SMALLEST_ERROR:
        return _NOTHING
    half = float(t.ppf(0.975, freedom)) * error
    return estimate - half, estimate + half


def _fit(values: np.ndarray, design: np.ndarray, clusters: np.ndarray, weights: np.ndarray | None) -> Any:
    """A regression with cluster-robust errors."""
    from statsmodels.api import WLS

    codes = np.unique(clusters, return_inverse=True)[1]
    return WLS(values, design, 1.0 if weights is None else weights).fit(cov_type="cluster", cov_kwds={"groups": codes})


def equal_means_p(
    values: np.ndarray, groups: np.ndarray, clusters: np.ndarray, weights: np.ndarray | None = None
) -> float:
    """p-value of several groups having one mean: a Wald test with cluster-robust errors.

    It is compared with F on k − 1 and G − 1 degrees of freedom, where G counts
    the clusters of the one of the k groups that has the fewest.

    Parameters
    ----------
    values
        One number for each observation.
    groups
        Which of the k groups it belongs to, 2 or more; any labels.
    clusters
        Which cluster it belongs to; at least two hold each group.
    weights
        How much it counts; left out: all alike.

    Returns
    -------
    float
        NaN where the values do not vary within any group.

    Examples
    --------
    >>> values = np.sin(np.arange(60.))
    >>> round(equal_means_p(values, np.arange(60) % 2, np.arange(60)), 2)
    0.95
    >>> equal_means_p(values + (np.arange(60) % 2), np.arange(60) % 2, np.arange(60)) < 1e-5
    True
    """
    from scipy.stats import f

    codes = np.unique(groups, return_inverse=True)[1]
    design = np.eye(codes.max() + 1)[codes]
    fit = _fit(values, design, clusters, weights)
    if not (np.asarray(fit.bse) > _SMALLEST_ERROR).any():
        return float("nan")
    contrasts = np.column_stack([-np.ones(design.shape[1] - 1), np.eye(design.shape[1] - 1)])
    statistic = float(np.squeeze(fit.wald_test(contrasts, use_f=True, scalar=True).statistic))
    fewest = min(len(np.unique(clusters[codes == code])) for code in range(design.shape[1]))
    return float(f.sf(statistic, len(contrasts), fewest - 1))


def normal_interval(estimate: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % intervals of estimates with normal errors.

    Parameters
    ----------
    estimate, error
        Values and their standard errors, shaped alike.

    Examples
    --------
    >>> normal_interval(np.array([1.0]), np.array([0.5]))
    (array([0.02]), array([1.98]))
    """
    return estimate - _NORMAL * error, estimate + _NORMAL * error


def proportion_interval(share: float, n: float) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927).

    Parameters
    ----------
    share
        In [0, 1].
    n
        How many it is a share of; of unequal weights, how many alike would be as sure.

    Examples
    --------
    >>> low, high = proportion_interval(0.9, 20)
    >>> round(low, 2), round(high, 2)
    (0.7, 0.97)
    """
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(share * n, n, method="wilson")
    return float(low), float(high)


def prediction_powered(
    labels: np.ndarray, predicted: np.ndarray, unlabelled: np.ndarray, in_a: tuple[np.ndarray, np.ndarray] | None = None
) -> tuple[float, float, float]:
    """A mean, or a difference of means, by prediction-powered inference (PPI++; Angelopoulos, Duchi, Zrnic 2023).

    The work is done by ppi_py, its tuning included. Labelled and unlabelled
    observations are taken as independent draws from one population.

    Parameters
    ----------
    labels, predicted
        What was labelled and what was predicted, of the same observations.
    unlabelled
        What was predicted of the others.
    in_a
        Whether each of the labelled, and each of the unlabelled, belongs to a,
        for a difference a − b; left out: a mean.

    Returns
    -------
    float, float, float
        Estimate and 95 % interval.

    Raises
    ------
    StanceError
        If the extra ``validation`` is not installed.
    """
    try:
        with warnings.catch_warnings():  # importing it silences every warning
            import ppi_py
    except ModuleNotFoundError:
        raise StanceError(
            "Prediction-powered inference needs the package ppi-python: pip install -e '.[validation]'. Or leave PPI "
            "out of the estimators."
        ) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if in_a is None:
            low, high = ppi_py.ppi_mean_ci(labels, predicted, unlabelled, alpha=0.05)
        else:
            design = [np.column_stack([np.ones(len(part)), part]) for part in in_a]
            low, high = ppi_py.ppi_ols_ci(design[0], labels, predicted, design[1], unlabelled, alpha=0.05, coord=1)
    low, high = float(low[-1]), float(high[-1])
    return (low + high) / 2, low, high


def permutation_p(
    values: np.ndarray, in_a: np.ndarray, clusters: np.ndarray, seed: int = 0, permutations: int = PERMUTATIONS
) -> float:
    """p-value of a difference of means, by exchanging groups where they vary.

    In a cluster that holds both groups, what is a's and what is b's swap as two
    blocks; clusters that hold one group exchange their labels as wholes. The
    statistic is the difference over its cluster-robust error, so that unequal
    sizes and variances do little harm. ``scipy.stats.permutation_test`` does
    either kind of exchange, but not both in one table.

    Parameters
    ----------
    values, in_a, clusters
        As for :func:`difference_interval`.
    seed
        Fixes the permutations.
    permutations
        How many are drawn.

    Returns
    -------
    float
        Two-sided, (1 + those at least as extreme) / (1 + permutations); NaN
        where the values do not vary within either group.

    Examples
    --------
    >>> values, in_a = np.tile([.9, .1], 25) + np.repeat(np.arange(25), 2) / 100, np.arange(50) % 2 == 0
    >>> permutation_p(values + np.sin(np.arange(50)) / 9, in_a, np.repeat(np.arange(25), 2), permutations=999)
    0.001
    """
    codes = np.unique(clusters, return_inverse=True)[1]
    values = values - values.mean()
    n_clusters = int(codes.max()) + 1
    a, b = (_blocks(values[part], codes[part], n_clusters) for part in (in_a, ~in_a))
    of_a, both = a[:, 0] > 0, (a[:, 0] > 0) & (b[:, 0] > 0)
    first, second = np.where(of_a[:, None], a, b), np.where(both[:, None], b, 0.0)
    difference, error = _difference(first, second, of_a[None])
    if not error[0] > _SMALLEST_ERROR:
        return float("nan")
    observed = abs(difference[0] / error[0]) * (1 - 1e-9)  # ties are ties, however the last digit falls
    rng = np.random.default_rng(seed)
    at_once = max(1, _CELLS // n_clusters)
    reached = 0
    for done in range(0, permutations, at_once):
        labels = np.empty((min(at_once, permutations - done), n_clusters), bool)
        labels[:, both] = rng.random((len(labels), both.sum())) < 0.5
        labels[:, ~both] = rng.permuted(np.tile(of_a[~both], (len(labels), 1)), axis=1)
        difference, error = _difference(first, second, labels)
        reached += int((np.abs(difference) >= observed * error).sum())
    return (1 + reached) / (1 + permutations)


def _blocks(values: np.ndarray, codes: np.ndarray, n_clusters: int) -> np.ndarray:
    """Number and sum of the values in each cluster, shape (clusters, 2)."""
    counts = np.bincount(codes, minlength=n_clusters)
    return np.column_stack([counts, np.bincount(codes, values, minlength=n_clusters)])


def _difference(first: np.ndarray, second: np.ndarray, is_a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Difference of means and its cluster-robust error, for each row of labels.

    ``is_a`` says whose the first block of each cluster is; the second is the other's.
    """
    chosen = is_a[:, :, None]
    residuals, means = [], []
    for block in (np.where(chosen, first, second), np.where(chosen, second, first)):
        counts, sums = block[..., 0], block[..., 1]
        total = counts.sum(axis=1, keepdims=True)
        mean = sums.sum(axis=1, keepdims=True) / total
        residuals.append((sums - mean * counts) / total)
        means.append(mean[:, 0])
    return means[0] - means[1], np.sqrt(((residuals[0] - residuals[1]) ** 2).sum(axis=1))


def adjusted(p: np.ndarray) -> np.ndarray:
    """p-values adjusted to control the false-discovery rate (Benjamini and Hochberg 1995).

    Parameters
    ----------
    p
        Of one family; NaN where there is none, which does not count.

    Examples
    --------
    >>> adjusted(np.array([.01, np.nan, .04])).tolist()
    [0.02, nan, 0.04]
    """
    from scipy.stats import false_discovery_control

    p = np.asarray(p, dtype=float)
    known = ~np.isnan(p)
    q = np.full(len(p), np.nan)
    if known.any():
        q[known] = false_discovery_control(p[known])
    return q
