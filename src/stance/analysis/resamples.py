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
