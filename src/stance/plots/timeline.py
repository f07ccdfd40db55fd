"""Scores period by period."""

from __future__ import annotations

import datetime
import math
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stance.numbers import signed
from stance.plots.looks import (
    GREY,
    RULE,
    SMALL,
    WIDE,
    brief,
    canvas,
    colours,
    glyphs,
    is_narrow,
    legible,
    letter,
    marks,
    nothing,
    text_size,
)  # fmt: skip
from stance.schema import StanceError

_LEFT = len("negative −1") + 1
"""Characters at the left of a panel, at least: the ends of its scale."""
_BOLD = 1.25
"""How much wider bold type is, and a mark beside it, as matplotlib's own font has them."""
_HALF = 1.3
"""Half the width of the first number, in sizes of its type: what names keep free of it."""
_FILLED = 0.85
"""The share of its room that a line of a label may take, so that neighbours stay apart."""
_NUMBER = len("n = 127*") + 1
"""Characters that a number with "n =" needs; where there is less room, the number stands alone."""


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
        What :func:`stance.timeline` gives: one line for each actor, or value of its last column if actor is none, a
        panel for each value of its other columns. By voice and target it is drawn as sentiment. Stance and sentiment
        together are such tables one below the other, with ``measure`` (stance or sentiment), ``holder`` and ``target``.
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
        If a column is missing, an event's date is none, or there are events and the table has no days.

    Examples
    --------
    >>> table = pd.DataFrame({"measure": "stance", "holder": "a", "target": "t", "period": ["early", "late"],
    ...                       "n_documents": [30, 3], "mean": [.2, None], "low": [.1, None], "high": [.3, None],
    ...                       "note": ["", "insufficient data"]})
    >>> len(plot_timeline(table, {"a": "A"}).axes)
    1
    """
    title = "Voices over time"
    if table.empty:
        return nothing(title, "No document falls into any period.", width)
    table, silent = _with_means(_drawn(table))
    known = [*table["holder"], *table.loc[table["measure"] == "sentiment", "target"]]
    names = brief({**names, **{key: str(key) for key in known if key not in names}}, width)
    happening = _happening(table, events or {})
    panels = _panels(table, names, target)
    columns = 1 if is_narrow(width) else min(2, len(panels))
    rows = -(-len(panels) // columns)
    reasons = [n for n in dict.fromkeys(table["note"].fillna("")) if n]
    signs = dict(zip(reasons, "*†‡§", strict=False))
    why = "".join(f" {sign} {reason}." for reason, sign in signs.items())
    happened = " Dotted: " + "; ".join(f"{n} {e}" for n, (_, e) in enumerate(happening, 1)) + "." if happening else ""
    labels = _Labels.of(table, names, width, columns)
    sparse = f" Labelled: one period in {labels.step}." if labels.step > 1 else ""
    note = (
        "Mark: mean net score of the documents, each counted once, as the model reads them; bar: 95 % interval over "
        "documents, which knows nothing of the model's errors. Below: number of documents."
        f"{sparse}{silent}{why}{happened}"
    )
    with canvas(width, 0.5 + 6.8 * rows, title, note, _words(table, names, target)) as figure:
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for ax, (heading, part, series, (low, high)) in zip(axes, panels, strict=False):
            _periods(ax, part, series, names, signs, labels)
            for number, (x, _) in enumerate(happening, 1):
                ax.axvline(x, color=GREY, linewidth=0.8, linestyle=":", zorder=0)
                ax.text(x, 1.0, f" {number}", fontsize="x-small", color=GREY, va="top")
            ax.set_title("\n".join(textwrap.wrap(heading, 24)))
            ax.set_yticks([-1, -0.5, 0, 0.5, 1], [f"{low} −1", "−0.5", "0", "+0.5", f"{high} +1"])
            ax.tick_params(axis="y", labelsize="small")
        for ax in axes[len(panels) :]:
            ax.remove()
    return figure


@dataclass(frozen=True, slots=True)
class _Labels:
    """How periods are written below a panel: the lines of each, how many have words, and the size of these."""

    lines: Mapping[str, str]
    step: int
    short: bool
    size: float

    @classmethod
    def of(cls, table: pd.DataFrame, names: Mapping[str, str], width: float, columns: int) -> _Labels:
        """What fits a panel of a figure of this width in cm, names and numbers at its left taken off."""
        size = SMALL * text_size(width)
        periods = list(dict.fromkeys(map(str, table["period"])))
        named = max(len(names.get(str(a), "")) + 3 for a in [*table["holder"], *table["target"]])
        room = max(1.0, width / columns / letter(size) - max(_LEFT, _BOLD * named)) / len(periods)
        longest = max(len(word) for period in periods for word in period.split())
        lines = {p: "\n".join(textwrap.wrap(p, max(longest, int(_FILLED * room)))) for p in periods}
        return cls(lines, math.ceil((longest + 2) / room), room < _NUMBER, size)

    @property
    def below(self) -> float:
        """Points from the axis to the first row of numbers."""
        return 5 + 1.25 * self.size * (1 + max(words.count("\n") + 1 for words in self.lines.values()))


def _drawn(table: pd.DataFrame) -> pd.DataFrame:
    """A table with what is drawn in ``measure``, ``holder``, ``target`` and ``panel``, where timeline left its own."""
    if missing := [c for c in ("period", "n_documents", "mean", "low", "high", "note") if c not in table]:
        raise StanceError(f"plot_timeline finds no column {missing[0]!r}. Give it the table that timeline makes.")
    if {"measure", "holder", "target"} <= set(table):
        return table if "panel" in table else table.assign(panel="")
    by = list(table.columns[: list(table.columns).index("period")])
    if not by:
        raise StanceError("plot_timeline finds no column before 'period' that says whose mean it is. Name one: by=….")
    felt = {"voice", "target"} <= set(by)
    holder = "voice" if felt else "actor" if "actor" in by else by[-1]
    others = [c for c in by if c != holder and not (felt and c == "target")]
    panel = table[others].replace({"role": _ROLES}).astype(str).agg(", ".join, axis=1) if others else ""
    return table.assign(
        measure="sentiment" if felt else "stance",
        holder=table[holder].astype(str),
        target=table["target"].astype(str) if felt else "",
        panel=panel,
    )


def _with_means(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The panels that show a mean, if any does, and a sentence on those that are left out."""
    shown = table.groupby("panel")["mean"].transform("count") > 0
    if shown.all() or not shown.any():
        return table, ""
    names = ", ".join(dict.fromkeys(table.loc[~shown, "panel"]))
    return table[shown], f" Not drawn, since no period has enough documents: {names}."


_ROLES = {"source": "speaking", "mention": "spoken about"}


def _panels(
    table: pd.DataFrame, names: Mapping[str, str], target: str
) -> list[tuple[str, pd.DataFrame, str, tuple[str, str]]]:
    """Heading, rows, the column whose values are drawn apart, and the ends of the scale."""
    panels = []
    for what, part in table.groupby("panel", sort=False):
        beside = f" ({what})" if what else ""
        felt, held = part[part["measure"] == "sentiment"], part[part["measure"] == "stance"]
        panels.append((f"Stance toward {target}{beside}", held, "holder", ("against", "favor")))
        panels += [
            (f"{names[holder]}: sentiment toward{beside}", of_one, "target", ("negative", "positive"))
            for holder in names
            if not (of_one := felt[felt["holder"] == holder]).empty
        ]
    return [panel for panel in panels if not panel[1].empty]


def _happening(table: pd.DataFrame, events: Mapping[str, str]) -> list[tuple[float, str]]:
    """Where on the axis of periods each event lies: period i reaches from i − 0.5 to i + 0.5."""
    if events and not {"first_day", "last_day"} <= set(table):
        raise StanceError("Events need the columns first_day and last_day, which stance.timeline gives. Make it anew.")
    periods = table.drop_duplicates("period")
    found = []
    for date, what in sorted(events.items()):
        day = _day(date)
        for i, period in enumerate(periods.itertuples()):
            first, last = _day(str(period.first_day)), _day(str(period.last_day))
            if first <= day <= last:
                share = (day - first).days / ((last - first).days + 1)
                found.append((i - 0.5 + share, f"{what} ({date})"))
    return found


def _day(date: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(date)
    except ValueError:
        raise StanceError(f"The date of an event must be written like 2022-02-24. Got {date!r}.") from None


def _periods(
    ax: Axes, part: pd.DataFrame, series: str, names: Mapping[str, str], signs: Mapping[str, str], labels: _Labels
) -> None:
    """One panel: each series dodged a little, and the number of documents below."""
    periods = list(dict.fromkeys(part["period"]))
    present = [a for a in names if a in set(part[series])]
    shifts = min(0.16, 0.8 / len(present)) * (np.arange(len(present)) - (len(present) - 1) / 2)
    for row, (name, shift) in enumerate(zip(present, shifts, strict=True)):
        cells = part[part[series] == name].set_index("period").reindex(periods)
        x, colour = np.arange(len(periods)) + shift, colours(names)[name]
        ax.vlines(x, cells["low"], cells["high"], color=colour, linewidth=2)
        ax.plot(x, cells["mean"], color=colour, linewidth=0.7, alpha=0.5, zorder=1)
        ax.scatter(x, cells["mean"], marker=marks(names)[name], s=26, color=colour, edgecolor="white", linewidth=0.4,
                   zorder=3)  # fmt: skip
        y = -labels.below - 1.45 * labels.size * row
        named = f"{glyphs(names)[name]} {names[name]}"
        bold = {"fontweight": "bold", "color": legible(colour)}
        _below(ax, (-0.55, -_HALF * labels.size), y, named, ha="right", **bold)
        for i, cell in list(enumerate(cells.itertuples()))[:: labels.step]:
            n = 0 if pd.isna(cell.n_documents) else int(cell.n_documents)
            sign = signs.get(cell.note, "") if isinstance(cell.note, str) else ""
            _below(ax, (i, 0), y, f"{'' if labels.short else 'n = '}{n}{sign}", ha="center", color=GREY)
    ax.axhline(0, color=RULE, linewidth=0.7, zorder=0)
    ax.set_xlim(-0.55, len(periods) - 0.45)
    ax.set_ylim(-1, 1)
    ax.set_xticks(
        range(0, len(periods), labels.step), [labels.lines[str(p)] for p in periods[:: labels.step]], fontsize="small"
    )
    ax.tick_params(axis="x", length=0)


def _below(ax: Axes, at: tuple[float, float], points: float, words: str, **looks: Any) -> None:
    """Words under a place of an axis, so many points beside and below it."""
    place: dict[str, Any] = {
        "xycoords": ax.get_xaxis_transform(),
        "xytext": (at[1], points),
        "textcoords": "offset points",
    }
    ax.annotate(words, (at[0], 0), va="center", fontsize="small", annotation_clip=False, **place, **looks)


def _words(table: pd.DataFrame, names: Mapping[str, str], target: str) -> Iterator[str]:
    for row in table.itertuples():
        about = target if row.measure == "stance" else names.get(str(row.target), row.target)
        apart = f" ({row.panel})" if row.panel else ""
        who = f"{names.get(str(row.holder), row.holder)}, {row.measure} toward {about}{apart}, {row.period}"
        if pd.isna(row.mean):
            yield f"{who}: {row.note or 'no mean'}."
        else:
            interval = "" if pd.isna(row.low) else f" [{signed(row.low)}, {signed(row.high)}]"
            yield f"{who}: {signed(row.mean)}{interval}, {row.n_documents:.0f} documents."
