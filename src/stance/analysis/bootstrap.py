"""Resampled statistics and their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

DRAWS = 500
"""Resamples behind an interval or a simulated value."""


def resamples(rows: int, groups: np.ndarray | None, rng: np.random.Generator, draws: int = DRAWS) -> np.ndarray:
    """How often each row is drawn when whole groups are drawn with replacement.

    Parameters
    ----------
    rows
        How many there are.
    groups
        Shape (rows,); left out: each row is its own group.
    rng
        Draws.
    draws
        How many resamples.

    Returns
    -------
    numpy.ndarray
        Shape (draws, rows): counts.
    """
    codes = np.arange(rows) if groups is None else pd.factorize(groups)[0]
    n = int(codes.max()) + 1
    counts = rng.multinomial(n, np.full(n, 1 / n), size=draws)
    return counts[:, codes]


def percentile_interval(drawn: np.ndarray) -> tuple[float, float]:
    """The middle 95 % of a resampled statistic (Efron 1979); draws without a value are passed over.

    Parameters
    ----------
    drawn
        Shape (draws,).

    Examples
    --------
    >>> percentile_interval(np.arange(101.0))
    (2.5, 97.5)
    """
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def basic_interval(found: float, drawn: np.ndarray) -> tuple[float, float]:
    """The 95 % interval reflected at the statistic itself (Davison & Hinkley 1997), for one that resampling shifts.

    Parameters
    ----------
    found
        The statistic.
    drawn
        Shape (draws,): the resampled one.

    Examples
    --------
    >>> basic_interval(50.0, np.arange(101.0) + 10)
    (-7.5, 87.5)
    """
    low, high = percentile_interval(drawn)
    return 2 * found - high, 2 * found - low
