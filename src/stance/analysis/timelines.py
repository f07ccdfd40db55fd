"""Means over time with intervals: many documents, grouped by period."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from stance import columns as names
from stance.analysis.groups import columns_by, grouped_rows, sampled_column
from stance.analysis.intervals import INSUFFICIENT, LEAST, NO_SPREAD, mean_interval
from stance.schema import Document, StanceError


def timeline(
    table: pd.DataFrame,
    documents: Iterable[Document] | None = None,
    periods: Mapping[str, tuple[str, str]] | None = None,
    by: str | Sequence[str] = "actor",
    least: int = LEAST,
    *,
    freq: str | None = None,
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
        Whose ``date`` (ISO) decides the period; left out, the table's column ``date`` does. Documents
        without a day, or outside all periods, are passed over.
    periods
        First and last day by name, in order.
    by
        The columns that make a group, one or several; ``role`` comes first where the table has both roles.
    least
        At least so many clusters, or the cell is empty; 2 or more.
    freq
        In place of ``periods``: ``"D"``, ``"W"``, ``"M"``, ``"Q"`` or ``"Y"``, all days, weeks (from Monday), months,
        quarters or years from the first date to the last.

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
        If ``least`` is below 2, a column is missing, a date is none, there are neither periods nor a frequency, or a
        cluster is named for only some of the rows.

    Examples
    --------
    >>> documents = [Document(str(i), "text", date="2022-01-01") for i in range(4)]
    >>> table = pd.DataFrame({"document": ["0", "1", "2", "3"], "actor": "a", "net": [.1, .2, .3, .4]})
    >>> found = timeline(table, documents, {"winter": ("2021-12-01", "2022-02-28")}, least=4)
    >>> found[["actor", "period", "n_documents", "mean", "low", "high"]].round(2).to_numpy().tolist()
    [['a', 'winter', 4, 0.25, 0.04, 0.46]]
    >>> found = timeline(table.assign(date="2022-01-15"), freq="M", least=4)
    >>> found[["period", "first_day", "mean"]].to_numpy().tolist()
    [['2022-01', '2022-01-01', 0.25]]
    """
    if least < 2:
        raise StanceError(f"The 'least' parameter of timeline must be 2 or more. Got {least!r}.")
    by = columns_by(by)
    if "role" in table and "role" not in by and len(set(table["role"].dropna())) > 1:
        by = ["role", *by]  # what an actor says and what is said about it are never averaged together
    needed = ("document", "net", *(["date"] if documents is None else []))
    rows = grouped_rows(table, by, "timeline", needed).dropna(subset=["net"])
    if documents is None:
        dated = rows.drop_duplicates("document")
        dates = {d: _day(d, date) for d, date in zip(dated["document"], dated["date"], strict=True)}
    else:
        dates = {d.id: _day(d.id, d.date) for d in documents}
    if bool(periods) == bool(freq):
        raise StanceError("timeline takes 'periods', first and last day by name, or a 'freq' such as 'M'. Give one.")
    periods = periods or _regular(sorted(filter(None, dates.values())), freq or "")
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
    columns = [*by, *names.PERIOD]
    return pd.DataFrame(cells, columns=columns)


FREQUENCIES = MappingProxyType({"D": "D", "W": "W-SUN", "M": "M", "Q": "Q", "Y": "Y"})
"""What ``freq`` may be, and what pandas calls it."""
_MOST_PERIODS = 5000
"""Thirteen years of days: more is a wrong date."""


def _regular(days: Sequence[str], freq: str) -> dict[str, tuple[str, str]]:
    """All periods of one length from the first day to the last."""
    if freq not in FREQUENCIES:
        raise StanceError(f"The 'freq' parameter of timeline is one of {', '.join(FREQUENCIES)}. Got {freq!r}.")
    if not days:
        raise StanceError(
            "No scored row has a day as its date, so that there is no time to show. Name the column of dates when "
            "you read the texts: documents_from_frame(frame, date=…)."
        )
    found = pd.period_range(days[0], days[-1], freq=FREQUENCIES[freq])
    if len(found) > _MOST_PERIODS:
        raise StanceError(
            f"From {days[0]} to {days[-1]} there are {len(found):,} periods of freq={freq!r}. Is a date wrong? "
            "Or take a longer freq."
        )
    return {
        str(p) if freq != "W" else f"{p.start_time:%G-W%V}": (f"{p.start_time:%Y-%m-%d}", f"{p.end_time:%Y-%m-%d}")
        for p in found
    }


def _day(document: str, date: Any) -> str:
    """The day of a document; empty where only its month or year is known."""
    if date is None or (isinstance(date, float) and np.isnan(date)):
        return ""
    day = str(date)[:10]
    if _PART.fullmatch(day):
        return ""
    if day and not _ISO.fullmatch(day):
        raise StanceError(f"The date {date!r} of {document!r} must be written like 2022-02-24.")
    return day


_ISO = re.compile(r"\d{4}-[01]\d-[0-3]\d")
_PART = re.compile(r"\d{4}(?:-[01]\d)?")


def _period(date: str, periods: Mapping[str, tuple[str, str]]) -> str | None:
    return next((name for name, (first, last) in periods.items() if date and first <= date <= last), None)


def _mean(cell: pd.DataFrame, least: int) -> dict[str, float | str]:
    """Mean of document means and its interval, or why there is none."""
    if cell["cluster"].nunique() < least:
        return {"mean": np.nan, "low": np.nan, "high": np.nan, "note": INSUFFICIENT}
    nets = cell["net"].to_numpy(float)
    low, high = mean_interval(nets, cell["cluster"].to_numpy())
    return {"mean": float(nets.mean()), "low": low, "high": high, "note": NO_SPREAD if np.isnan(low) else ""}
