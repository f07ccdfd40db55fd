"""Means over time with intervals: many documents, grouped by period."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from stance.analysis.intervals import INSUFFICIENT, LEAST, NO_SPREAD, mean_interval
from stance.analysis.tables import sampled_column
from stance.schema import Document, StanceError


def timeline(
    table: pd.DataFrame,
    documents: Iterable[Document],
    periods: Mapping[str, tuple[str, str]],
    by: Sequence[str] = ("actor",),
    least: int = LEAST,
) -> pd.DataFrame:
    """Mean net score of each group in each period, with a 95 % interval over documents.

    A document counts once: the mean of its scored rows. The interval is
    cluster-robust with Student's t on G − 1 degrees of freedom, where G counts
    the clusters: documents, or what a column ``cluster`` of ``table`` says (copies
    of one text, say). It describes the documents as a sample of such documents;
    it knows nothing of the model's errors, nor of what segmentation missed.

    Parameters
    ----------
    table
        A score table from :func:`stance.to_frame`; rows without ``net`` are passed over.
    documents
        Whose ``date`` (ISO) decides the period; those without one, or outside
        all periods, are passed over.
    periods
        First and last day by name, in order.
    by
        Columns that make a group.
    least
        At least so many clusters, or the cell is empty; 2 or more.

    Returns
    -------
    pandas.DataFrame
        For every group and period: the columns of ``by``, ``period`` with
        ``first_day`` and ``last_day``, ``n_documents``, ``n_statements``, ``mean``, ``low``, ``high``, ``note``.
        Too few clusters leave all three empty, no spread leaves the interval
        empty; ``note`` then says so.

    Raises
    ------
    StanceError
        If ``least`` is below 2, a column is missing, or a cluster is named for
        only some of the rows.

    Examples
    --------
    >>> documents = [Document(str(i), "text", date="2022-01-01") for i in range(4)]
    >>> table = pd.DataFrame({"document": ["0", "1", "2", "3"], "actor": "a", "net": [.1, .2, .3, .4]})
    >>> found = timeline(table, documents, {"winter": ("2021-12-01", "2022-02-28")}, least=4)
    >>> found[["actor", "period", "n_documents", "mean", "low", "high"]].round(2).to_numpy().tolist()
    [['a', 'winter', 4, 0.25, 0.04, 0.46]]
    """
    if least < 2:
        raise StanceError(f"The 'least' parameter of timeline must be 2 or more. Got {least!r}.")
    wanted = ("document", "net", *by)
    if missing := [c for c in wanted if c not in table]:
        raise StanceError(f"The table of timeline has no column {missing[0]!r}. It needs: {', '.join(wanted)}.")
    dates = {d.id: _day(d) for d in documents}
    rows = table.dropna(subset=["net", *by])
    rows = rows.assign(
        period=[_period(dates.get(d, ""), periods) for d in rows["document"]],
        cluster=rows[sampled_column(rows)],
    )
    per_document = (
        rows.groupby([*by, "period", "document"], sort=False)
        .agg(net=("net", "mean"), n=("net", "size"), cluster=("cluster", "first"))
        .reset_index()
    )
    cells = []
    for key in rows[list(by)].drop_duplicates().itertuples(index=False):
        group = dict(zip(by, key, strict=True))
        mine = per_document[np.logical_and.reduce([per_document[c] == value for c, value in group.items()])]
        for period in periods:
            cell = mine[mine["period"] == period]
            first, last = periods[period]
            counts = {
                "period": period,
                "first_day": first,
                "last_day": last,
                "n_documents": len(cell),
                "n_statements": int(cell["n"].sum()),
            }
            cells.append({**group, **counts, **_mean(cell, least)})
    columns = [*by, "period", "first_day", "last_day", "n_documents", "n_statements", "mean", "low", "high", "note"]
    return pd.DataFrame(cells, columns=columns)


def _day(document: Document) -> str:
    day = (document.date or "")[:10]
    if day and not _ISO.fullmatch(day):
        raise StanceError(f"The date {document.date!r} of {document.id!r} must be written like 2022-02-24.")
    return day


_ISO = re.compile(r"\d{4}-[01]\d-[0-3]\d")


def _period(date: str, periods: Mapping[str, tuple[str, str]]) -> str | None:
    return next((name for name, (first, last) in periods.items() if date and first <= date <= last), None)


def _mean(cell: pd.DataFrame, least: int) -> dict[str, float | str]:
    """Mean of document means and its interval, or why there is none."""
    if cell["cluster"].nunique() < least:
        return {"mean": np.nan, "low": np.nan, "high": np.nan, "note": INSUFFICIENT}
    nets = cell["net"].to_numpy(float)
    low, high = mean_interval(nets, cell["cluster"].to_numpy())
    return {"mean": float(nets.mean()), "low": low, "high": high, "note": NO_SPREAD if np.isnan(low) else ""}
