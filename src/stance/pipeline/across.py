"""What several texts have that one has not: outlets, months, near copies, and a row for each text and actor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from stance.analysis.contrasts import contrast, summarize
from stance.analysis.regression import tidy
from stance.analysis.timelines import timeline
from stance.corpus.rows import csv_bytes
from stance.plots import plot_timeline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BY_DOCUMENT = "scores/by_document.csv"
"""The table for a regression: one row for each text and actor."""
_OUTLETS = 12
"""Outlets that are compared pair by pair, those with the most texts: of twelve there are 66 pairs for each actor."""
_PAIRED = 5_000
"""Statements up to which pairs are compared: 36 pairs of 2,000 statements take 13 s on a core, and it grows with both.
Above it, the means by actor and outlet have their intervals, and :func:`stance.contrast` is there for who can wait."""
_MONTHS = 36
"""Months that are drawn; over a longer time it is years, whose labels still fit below a figure."""


class Shown(NamedTuple):
    """A table, with its figure if there is one, and the further forms in which it is kept."""

    name: str
    figure: Figure | None
    table: pd.DataFrame
    also: tuple[str, ...] = ()


def across(stance: pd.DataFrame, names: Mapping[str, str], target: str) -> Iterator[Shown]:
    """The results of a corpus that ask for outlets or dates, as far as its texts have any.

    Parameters
    ----------
    stance
        The score table of stance.
    names
        What actors are called.
    target
        What the stance is toward.

    Examples
    --------
    >>> [shown.name for shown in across(pd.DataFrame(columns=["document", "role", "actor", "net"]), {}, "")]
    []
    """
    scored = stance[stance["net"].notna() & stance["actor"].notna()]
    said = scored[scored["role"] == "source"]
    if len(compared := _compared(said)) > 1:
        yield Shown("06_outlets", None, summarize(said, by=["actor", "outlet"]), (".md", ".tex"))
        if len(said) <= _PAIRED:
            pairs = contrast(said[said["outlet"].isin(compared)], by=["actor", "outlet"])
            yield Shown("06_outlet_contrasts", None, pairs, (".md", ".tex"))
    if freq := _freq(said):
        cells = timeline(said, freq=freq)
        figure = plot_timeline(cells, names, target) if cells["mean"].notna().any() else None
        yield Shown("06_months" if freq == "M" else "06_years", figure, cells)


def by_document(stance: pd.DataFrame) -> dict[str, bytes]:
    """The file with a row for each text and actor, from :func:`stance.tidy`; none where nobody speaks.

    Parameters
    ----------
    stance
        The score table of stance.

    Examples
    --------
    >>> table = pd.DataFrame({"document": ["d", "e"], "role": "source", "actor": "kyiv", "net": [.5, .1],
    ...                       "p_favor": .5, "p_against": .2, "p_none": .3})
    >>> by_document(table)["scores/by_document.csv"].decode("utf-8-sig").splitlines()[1]
    'd,kyiv,0.5,1,1,'
    """
    rows = tidy(stance)
    return {BY_DOCUMENT: csv_bytes(rows.round(4))} if len(rows) else {}


def _compared(said: pd.DataFrame) -> list[str]:
    """The outlets with the most texts; none where each has one, so that there is nothing to compare."""
    if "outlet" not in said:
        return []
    texts = said.dropna(subset=["outlet"]).groupby("outlet")["document"].nunique()
    return list(texts.sort_values(ascending=False, kind="stable").index[:_OUTLETS]) if (texts > 1).any() else []


def _freq(said: pd.DataFrame) -> str | None:
    """Months or years, whichever the days of some statements ask for; None where they fall into one month."""
    days = said["date"].dropna().astype(str) if "date" in said else pd.Series(dtype=str)
    months = sorted(days[days.str.fullmatch(r"\d{4}-\d\d-\d\d.*")].str[:7].unique())
    if len(months) < 2:
        return None
    return "M" if len(pd.period_range(months[0], months[-1], freq="M")) <= _MONTHS else "Y"
