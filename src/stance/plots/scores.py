"""Scores of actors: every segment a dot, means, differences."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stance.analysis.contrasts import summarize
from stance.analysis.groups import TOGETHER
from stance.analysis.tables import not_taken_up
from stance.numbers import counted, signed
from stance.plots.looks import (
    GREY,
    PALE,
    ROLES,
    WIDE,
    actor_rows,
    brief,
    canvas,
    colours,
    glyphs,
    has_interval,
    is_narrow,
    marks,
    name_rows,
    net_axis,
    nothing,
    size_of,
)  # fmt: skip
from stance.schema import StanceError

_MOST_PAIRS = 15
"""Pairs that are drawn: those of six actors; the table holds them all."""
_LEAST_STATEMENTS = 2
"""Statements on each side of a pair that is drawn: the mean of one is that statement, and no mean."""
_HOLLOW = "; hollow: statements that do not take the target up, which are in no mean (n = those that do, of all)"
_INTERVAL = "black line with ends: 95 % interval over texts, which knows nothing of the model's errors"


def plot_stance(
    table: pd.DataFrame, names: Mapping[str, str], target: str = "the target", width: float = WIDE
) -> Figure:
    """Every segment a dot, each actor's mean, the range over wordings, and an interval where there is one.

    Parameters
    ----------
    table
        A stance table from :func:`stance.to_frame`, of one target.
    names
        ``codebook.names``.
    target
        How the title names the target.
    width
        In cm, from 6 to 60.

    Returns
    -------
    matplotlib.figure.Figure
        What actors say beside what is said about them. An interval only from 20
        texts on: one text has none.

    Raises
    ------
    StanceError
        If the table holds several targets.

    Examples
    --------
    >>> table = pd.DataFrame({"document": ["d"], "role": ["source"], "actor": ["a"], "net": [.2],
    ...                       "net_min": [.1], "net_max": [.3]})
    >>> len(plot_stance(table, {"a": "A"}).axes)
    2
    """
    title, names = f"Stance toward {target}, as reported", brief(names, width)
    if "target" in table and len(several := sorted(set(table["target"].dropna()))) > 1:
        raise StanceError(f"The table holds several targets ({', '.join(several)}). Draw one figure for each.")
    table = table.dropna(subset=["actor"]).drop(columns="target", errors="ignore")
    scored, beside = table.dropna(subset=["net"]), not_taken_up(table)
    actors = [a for a in names if a in {*scored["actor"], *beside["actor"]}]
    if not actors:
        return nothing(title, "No segment of an actor of the codebook has a score.", width)
    summary = summarize(table).set_index(["role", "actor"])
    inferred = f"; {_INTERVAL}" if summary["low"].notna().any() else ", not an interval"
    note = (
        "Net = P(favor) − P(against), as the model reads it. Dots: segments; large mark: their mean; bar below it: "
        f"range over wordings of the question{inferred}{_HOLLOW if len(beside) else ''}. {size_of(scored)}."
    )
    counts = {
        (role, actor): _count(*(int(((t["role"] == role) & (t["actor"] == actor)).sum()) for t in (scored, beside)))
        for role, actor in itertools.product(ROLES, actors)
    }
    reach = 1.42 + _FURTHER * max(0, *(len(count) - _FITS for count in counts.values()))
    panels = (2, 1) if is_narrow(width) else (1, 2)
    body = panels[0] * (1.6 + 0.72 * len(actors))
    with canvas(width, body, title, note, _stance_words(summary, names)) as figure:
        axes = figure.subplots(*panels, sharex=panels[1] == 2, sharey=True).ravel()
        for ax, (role, heading) in zip(axes, ROLES.items(), strict=True):
            net_axis(ax, reach)
            name_rows(ax, [names[a] for a in actors])
            ax.spines["bottom"].set_bounds(-1, 1)
            ax.set_title(f"the actor {heading}")
            for row, actor in enumerate(actors):
                mine, apart = (part[(part["role"] == role) & (part["actor"] == actor)] for part in (scored, beside))
                ax.plot([-1.05, 1], [row, row], color=PALE, zorder=0)
                marker = marks(names)[actor]
                if len(apart):
                    _hollow(ax, row, apart["reading"].to_numpy(float), colours(names)[actor], marker)
                if len(mine):
                    _dots(ax, row, mine["net"].to_numpy(), summary.loc[(role, actor)], colours(names)[actor], marker)
                ax.text(reach, row, counts[role, actor], ha="right", va="center", fontsize="small", color=GREY)
        for ax in axes[:: panels[1]]:
            actor_rows(ax, names, actors)
    return figure


_FITS, _FURTHER = 12, 0.2
"""Characters of a count that fit beside the scale, and by how much it grows for each one more; measured by eye."""


def _count(scored: int, beside: int) -> str:
    """How many statements there are, of all that were asked about."""
    if not scored + beside:
        return "no segment"
    return f"n = {scored} of {scored + beside}" if beside else f"n = {scored}"


def _dots(ax: Axes, row: int, nets: np.ndarray, mean: pd.Series, colour: str, marker: str) -> None:
    shifts = np.linspace(-0.14, 0.14, len(nets)) if len(nets) > 1 else np.zeros(1)
    ax.scatter(nets, row + shifts, s=14, marker=marker, color=colour, alpha=0.45, linewidth=0, zorder=2)
    below = row + 0.3
    ax.plot([mean["wordings_low"], mean["wordings_high"]], [below, below], color=colour, linewidth=2.2,
            solid_capstyle="butt", zorder=3)  # fmt: skip
    if has_interval(mean):
        ax.errorbar(mean["mean"], row, xerr=[[mean["mean"] - mean["low"]], [mean["high"] - mean["mean"]]],
                    color="black", linewidth=1, capsize=2.5, zorder=3.5)  # fmt: skip
    ax.scatter([mean["mean"]], [row], s=44, marker=marker, color=colour, edgecolor="black", linewidth=0.8, zorder=4)


def _hollow(ax: Axes, row: int, readings: np.ndarray, colour: str, marker: str) -> None:
    """Statements that do not take the target up, where they would stand."""
    shifts = np.linspace(-0.14, 0.14, len(readings)) if len(readings) > 1 else np.zeros(1)
    ax.scatter(
        readings, row + shifts, s=16, marker=marker, facecolor="none", edgecolor=colour, linewidth=0.7, zorder=1.5
    )


def _stance_words(summary: pd.DataFrame, names: Mapping[str, str]) -> Iterator[str]:
    for (role, actor), row in summary.iterrows():
        if actor in names and row["n"] == 0:
            yield f"{names[actor]} {ROLES[role]}: no statement takes the target up."
        elif actor in names:
            interval = f", 95 % interval {signed(row['low'])} to {signed(row['high'])}" if has_interval(row) else ""
            yield (
                f"{names[actor]} {ROLES[role]}: mean net stance {signed(row['mean'])}, n = {row['n']}, wordings "
                f"{signed(row['wordings_low'])} to {signed(row['wordings_high'])}{interval}."
            )


def plot_contrast(contrasts: pd.DataFrame, names: Mapping[str, str], width: float = WIDE) -> Figure:
    """Differences between actors who speak, the largest first.

    Pairs with a single statement on a side are counted in a sentence of the note, not drawn.

    Parameters
    ----------
    contrasts
        From :func:`stance.contrast`, by actor, of one target.
    names
        ``codebook.names``.
    width
        In cm, from 6 to 60.

    Examples
    --------
    >>> contrasts = pd.DataFrame({"role": ["source"], "a": ["x"], "b": ["y"], "n_a": [2], "n_b": [3],
    ...                           "difference": [.5], "wordings_low": [.3], "wordings_high": [.7]})
    >>> plot_contrast(contrasts, {"x": "X", "y": "Y"}).axes[0].get_yticklabels()[0].get_text()
    '● X (n = 2)  minus  ■ Y (n = 3)'
    """
    title, names = "Differences between actors who speak", brief(names, width)
    every = contrasts[contrasts["role"] == "source"]
    if every.empty:
        return nothing(title, "Fewer than two actors speak: there is nothing to compare.", width)
    alone = every[["n_a", "n_b"]].min(axis=1) < _LEAST_STATEMENTS
    folded = f"{counted(int(alone.sum()), 'pair')} with n = 1 on a side: in the table only." if alone.any() else ""
    drawn = every[~alone]
    rows = drawn.loc[drawn["difference"].abs().sort_values(ascending=False, kind="stable").index]
    rows = rows.head(_MOST_PAIRS).reset_index(drop=True)
    if rows.empty:
        return nothing(title, f"No two actors make two statements each: there is no mean to compare. {folded}", width)
    note = f"{_contrast_note(rows, len(drawn))} {folded}".rstrip()
    longest = max(len(_named(a, names)) for a in [*rows["a"], *rows["b"]])
    stacked = is_narrow(width) or longest > 14
    between = "\nminus " if stacked else "  minus  "
    signs = glyphs(names)
    pairs = [
        between.join(
            f"{signs.get(a, '')} {_named(a, names)} (n = {n})".lstrip() for a, n in ((r.a, r.n_a), (r.b, r.n_b))
        )
        for r in rows.itertuples()
    ]
    body = 1.4 + (0.85 if stacked else 0.58) * len(rows)
    words = [*_contrast_words(rows, names), *([folded] if folded else [])]
    with canvas(width, body, title, note, words) as figure:
        ax = figure.add_subplot()
        ax.axvline(0, color=GREY, linewidth=0.7)
        for y, row in rows.iterrows():
            _difference(ax, float(str(y)), row)
        name_rows(ax, pairs)
        ax.tick_params(axis="y", labelsize="small")
        ax.set_xlim(-2, 2)
        ax.set_xlabel("difference of mean net stance", loc="right" if is_narrow(width) else None)
    return figure


def _named(group: str, names: Mapping[str, str]) -> str:
    """What a group is called; of several columns, each of its values."""
    return TOGETHER.join(names.get(part, part) for part in str(group).split(TOGETHER))


def _contrast_note(rows: pd.DataFrame, drawn: int) -> str:
    inferred = any(has_interval(row) for _, row in rows.iterrows())
    note = "Bar below the mark: the widest range that the wordings allow; it is no interval. " + (
        f"{_INTERVAL.capitalize()}; q: adjusted for false discoveries."
        if inferred
        else "A difference describes what was read in these texts, no more."
    )
    return note + (f" The {len(rows)} largest of {drawn}." if drawn > len(rows) else "")


def _difference(ax: Axes, at: float, row: pd.Series) -> None:
    """One pair: the difference, its range over wordings, and an interval where there is one."""
    wordings = [row["wordings_low"], row["wordings_high"]]
    ax.plot(wordings, [at + 0.28] * 2, color=GREY, linewidth=2.2, solid_capstyle="butt")
    if has_interval(row):
        ends = [[row["difference"] - row["low"]], [row["high"] - row["difference"]]]
        ax.errorbar(row["difference"], at, xerr=ends, color="black", linewidth=1, capsize=2.5, zorder=3)
        q = "q < .001" if row["q"] < 0.001 else f"q = {row['q']:.3f}".replace("0.", ".")
        ax.text(2, at, q, ha="right", va="center", fontsize="small", color=GREY)
    ax.scatter(row["difference"], at, marker="|", s=70, linewidth=2.4, color="black", zorder=4)


def _contrast_words(rows: pd.DataFrame, names: Mapping[str, str]) -> Iterator[str]:
    for _, row in rows.iterrows():
        interval = f", 95 % interval {signed(row['low'])} to {signed(row['high'])}" if has_interval(row) else ""
        yield (
            f"{_named(row['a'], names)} minus {_named(row['b'], names)}: {signed(row['difference'])}, "
            f"wordings {signed(row['wordings_low'])} to {signed(row['wordings_high'])}{interval}, "
            f"n = {row['n_a']} and {row['n_b']}."
        )
