"""Which statements people label: a stratified sample whose inclusion probabilities are known."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from stance.schema import StanceError

_NEEDED = ("segment", "target", "actor", "label")


class SamplingWarning(UserWarning):
    """Rows that no sample was drawn from."""


def sample(table: pd.DataFrame, n: int, by: str | Sequence[str] = ("actor", "label"), seed: int = 0) -> pd.DataFrame:
    """A stratified sample of scored statements, drawn without replacement.

    Every stratum gives its share of the n rows, and at least one; which of its
    rows is left to chance. Rows without an actor or a score are left out, with a warning.

    Parameters
    ----------
    table
        A score table of one measure, from :func:`stance.to_frame`.
    n
        Rows to draw.
    by
        Columns whose values together make the strata. None of them, ``()``,
        gives a simple random sample.
    seed
        Fixes the draw, whatever the order of the rows.

    Returns
    -------
    pandas.DataFrame
        The rows drawn, all their columns, and ``inclusion_probability`` in
        (0, 1]: drawn rows of the stratum over all of them. They stand in random
        order, so that neither their order nor an early stop tells of the strata.

    Raises
    ------
    StanceError
        If a column is missing, a statement stands in the table twice, or there
        are more rows asked for than there are, or fewer than strata.

    Examples
    --------
    >>> table = pd.DataFrame({"segment": list("abcdef"), "target": "t", "actor": ["x"] * 4 + ["y"] * 2,
    ...                       "label": "favor"})
    >>> drawn = sample(table, 3, by="actor")
    >>> sorted(zip(drawn["actor"], drawn["inclusion_probability"]))
    [('x', 0.5), ('x', 0.5), ('y', 0.5)]
    """
    by = (by,) if isinstance(by, str) else tuple(by)
    rows = _eligible(table, by)
    strata = _strata(rows, by)
    sizes = np.bincount(strata)
    drawn = allocation(sizes, _possible(n, len(rows), len(sizes), by))
    turn = np.random.default_rng(seed).permutation(len(rows))
    rows, strata = rows.iloc[turn], strata[turn]
    place = pd.Series(strata).groupby(strata).cumcount().to_numpy()
    rows = rows.assign(inclusion_probability=(drawn / sizes)[strata])
    return rows[place < drawn[strata]].reset_index(drop=True)


def allocation(sizes: np.ndarray, n: int) -> np.ndarray:
    """How many rows each stratum gives: in proportion to its size, at least one and at most all.

    Parameters
    ----------
    sizes
        Rows of each stratum, 1 or more.
    n
        Rows in all, from the number of strata to the sum of sizes.

    Examples
    --------
    >>> allocation(np.array([90, 9, 1]), 10).tolist()
    [8, 1, 1]
    """
    share = n * sizes / sizes.sum()
    given = np.ones(len(sizes), dtype=int)
    for _ in range(n - len(sizes)):
        given[np.argmax(share - given)] += 1  # who lacks most is below its share, and so below its size
    return given


def _eligible(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Rows with actor and score, in an order of their own."""
    if missing := [c for c in (*_NEEDED, *by) if c not in table]:
        raise StanceError(
            f"The table has no column {missing[0]!r}, which a sample needs. It has: {', '.join(map(str, table))}."
        )
    if "inclusion_probability" in table:
        raise StanceError("The table has inclusion probabilities already. Sample from the whole score table.")
    actor, scored = _given(table["actor"]), _given(table["label"])
    if left_out := int((~(actor & scored)).sum()):
        warnings.warn(
            f"{left_out} of {len(table)} rows are left out: {int((~actor).sum())} without an actor, "
            f"{int((actor & ~scored).sum())} with one but without a score.",
            SamplingWarning,
            stacklevel=3,
        )
    rows = table[actor & scored].sort_values(["segment", "target"], key=lambda column: column.astype(str))
    if (twice := rows.duplicated(["segment", "target"])).any():
        first = rows[twice].iloc[0]
        raise StanceError(
            f"{first['segment']} stands twice in the table toward {first['target']}. Keep one row of it, so that "
            "each statement is drawn at most once."
        )
    return rows


def _given(column: pd.Series) -> pd.Series:
    return column.notna() & (column.astype(object) != "")


def _strata(rows: pd.DataFrame, by: Sequence[str]) -> np.ndarray:
    """Which stratum each row is in: 0, 1, … in the order of their values."""
    values = [rows[c].astype(object).where(_given(rows[c]), "").astype(str).rename(str(i)) for i, c in enumerate(by)]
    if not values:
        return np.zeros(len(rows), dtype=int)
    return pd.concat(values, axis=1).groupby([v.name for v in values]).ngroup().to_numpy()


def _possible(n: int, n_rows: int, n_strata: int, by: Sequence[str]) -> int:
    if n < 1:
        raise StanceError(f"A sample has at least one row. Got {n}.")
    if n > n_rows:
        raise StanceError(f"{n} rows cannot be drawn from {n_rows} with actor and score. Ask for {n_rows} or fewer.")
    if n < n_strata:
        raise StanceError(
            f"{n} rows are fewer than the {n_strata} strata, each of which must give one. Ask for {n_strata} or more, "
            f"or make fewer strata than {', '.join(by)}."
        )
    return n
