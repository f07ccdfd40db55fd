"""Scores period by period."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stance.numbers import signed
from stance.plots.looks import GLYPHS, GREY, MARKERS, RULE, WIDE, brief, canvas, colours, is_narrow, nothing
from stance.schema import StanceError


def plot_timeline(
    table: pd.DataFrame,
    names: Mapping[str, str],
    target: str = "the target",
    *,
    events: Mapping[str, str] | None = None,
    width: float = WIDE,
) -> Figure:
    """Stance of each holder, and sentiment of each toward the others, period by period with intervals.

    Parameters
    ----------
    table
        Of :func:`stance.timeline`, stance and sentiment one below the other:
        ``measure`` (stance or sentiment), ``holder``, ``target``, ``period``,
        ``n_documents``, ``mean``, ``low``, ``high``, ``note``; for events
        ``first_day`` and ``last_day``, too.
    names
        ``codebook.names``.
    target
        How the first panel names what the stance is toward.
    events
        What happened, by date (ISO): dotted, numbered lines where the date lies
        within its period, named in the note. Those outside all periods are left out.
    width
        In cm, from 6 to 60.

    Returns
    -------
    matplotlib.figure.Figure
        A panel for stance and one for the sentiment of each holder. Under each
        stand the documents of every cell, and in words where they are too few.

    Raises
    ------
    StanceError
        If an event's date is none, or there are events and the table has no days.

    Examples
    --------
    >>> table = pd.DataFrame({"measure": "stance", "holder": "a", "target": "t", "period": ["early", "late"],
    ...                       "n_documents": [30, 3], "mean": [.2, None], "low": [.1, None], "high": [.3, None],
    ...                       "note": ["", "insufficient data"]})
    >>> len(plot_timeline(table, {"a": "A"}).axes)
    1
    """
    title, names = "Official voices over time", brief(names, width)
    if table.empty:
        return nothing(title, "No document falls into any period.", width)
    marks = _marks(table, events or {})
    panels = _panels(table, names, target)
    columns = 1 if is_narrow(width) else min(2, len(panels))
    rows = -(-len(panels) // columns)
    reasons = [n for n in dict.fromkeys(table["note"].fillna("")) if n]
    signs = dict(zip(reasons, "*†‡§", strict=False))
    why = "".join(f" {sign} {reason}." for reason, sign in signs.items())
    happened = " Dotted: " + "; ".join(f"{n} {e}" for n, (_, e) in enumerate(marks, 1)) + "." if marks else ""
    note = (
        "Mark: mean net score of the documents, each counted once, as the model reads them; bar: 95 % interval over "
        f"documents, which knows nothing of the model's errors. Below: number of documents.{why}{happened}"
    )
    with canvas(width, 0.5 + 6.8 * rows, title, note, _words(table, names, target)) as figure:
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for ax, (heading, part, series, (low, high)) in zip(axes, panels, strict=False):
            _periods(ax, part, series, names, signs)
            for number, (x, _) in enumerate(marks, 1):
                ax.axvline(x, color=GREY, linewidth=0.8, linestyle=":", zorder=0)
                ax.text(x, 1.0, f" {number}", fontsize="x-small", color=GREY, va="top")
            ax.set_title("\n".join(textwrap.wrap(heading, 24)))
            ax.set_yticks([-1, -0.5, 0, 0.5, 1], [f"{low} −1", "−0.5", "0", "+0.5", f"{high} +1"])
            ax.tick_params(axis="y", labelsize="small")
        for ax in axes[len(panels) :]:
            ax.remove()
    return figure


def _panels(
    table: pd.DataFrame, names: Mapping[str, str], target: str
) -> list[tuple[str, pd.DataFrame, str, tuple[str, str]]]:
    """Heading, rows, the column whose values are drawn apart, and the ends of the scale."""
    felt = table[table["measure"] == "sentiment"]
    panels = [(f"Stance toward {target}", table[table["measure"] == "stance"], "holder", ("against", "favor"))]
    panels += [
        (f"{names[holder]}: sentiment toward", felt[felt["holder"] == holder], "target", ("negative", "positive"))
        for holder in names
        if holder in set(felt["holder"])
    ]
    return [panel for panel in panels if not panel[1].empty]


def _marks(table: pd.DataFrame, events: Mapping[str, str]) -> list[tuple[float, str]]:
    """Where on the axis of periods each event lies: period i reaches from i − 0.5 to i + 0.5."""
    if events and not {"first_day", "last_day"} <= set(table):
        raise StanceError("Events need the columns first_day and last_day, which stance.timeline gives. Make it anew.")
    periods = table.drop_duplicates("period")
    marks = []
    for date, what in sorted(events.items()):
        day = _day(date)
        for i, period in enumerate(periods.itertuples()):
            first, last = _day(str(period.first_day)), _day(str(period.last_day))
            if first <= day <= last:
                share = (day - first).days / ((last - first).days + 1)
                marks.append((i - 0.5 + share, f"{what} ({date})"))
    return marks


def _day(date: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(date)
    except ValueError:
        raise StanceError(f"The date of an event must be written like 2022-02-24. Got {date!r}.") from None


def _periods(ax: Axes, part: pd.DataFrame, series: str, names: Mapping[str, str], signs: Mapping[str, str]) -> None:
    """One panel: each series dodged a little, and the number of documents below."""
    periods = list(dict.fromkeys(part["period"]))
    present = [a for a in names if a in set(part[series])]
    shifts = 0.16 * (np.arange(len(present)) - (len(present) - 1) / 2)
    below = ax.get_xaxis_transform()
    for row, (name, shift) in enumerate(zip(present, shifts, strict=True)):
        cells = part[part[series] == name].set_index("period").reindex(periods)
        x, colour = np.arange(len(periods)) + shift, colours(names)[name]
        ax.vlines(x, cells["low"], cells["high"], color=colour, linewidth=2)
        ax.plot(x, cells["mean"], color=colour, linewidth=0.7, alpha=0.5, zorder=1)
        marker = MARKERS[list(names).index(name) % len(MARKERS)]
        ax.scatter(x, cells["mean"], marker=marker, s=26, color=colour, edgecolor="white", linewidth=0.4, zorder=3)
        y = -0.3 - 0.085 * row
        named = f"{GLYPHS[MARKERS.index(marker)]} {names[name]}"
        ax.text(-0.6, y, named, transform=below, ha="right", va="center", fontsize="small",
                fontweight="bold", color=colour)  # fmt: skip
        for i, cell in enumerate(cells.itertuples()):
            n = 0 if pd.isna(cell.n_documents) else int(cell.n_documents)
            words = f"n = {n}{signs.get(cell.note, '')}" if isinstance(cell.note, str) else f"n = {n}"
            ax.text(i, y, words, transform=below, ha="center", va="center", color=GREY, fontsize="small")
    ax.axhline(0, color=RULE, linewidth=0.7, zorder=0)
    ax.set_xlim(-0.55, len(periods) - 0.45)
    ax.set_ylim(-1, 1)
    ax.set_xticks(range(len(periods)), ["\n".join(textwrap.wrap(str(p), 11)) for p in periods])
    ax.tick_params(axis="x", length=0)


def _words(table: pd.DataFrame, names: Mapping[str, str], target: str) -> Iterator[str]:
    for row in table.itertuples():
        about = target if row.measure == "stance" else names.get(str(row.target), row.target)
        who = f"{names.get(str(row.holder), row.holder)}, {row.measure} toward {about}, {row.period}"
        if pd.isna(row.mean):
            yield f"{who}: {row.note or 'no mean'}."
        else:
            interval = "" if pd.isna(row.low) else f" [{signed(row.low)}, {signed(row.high)}]"
            yield f"{who}: {signed(row.mean)}{interval}, {row.n_documents:.0f} documents."
