"""One text, or the passages of many: where actors speak, how often, and how they are spoken of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from stance.analysis.contrasts import sentiment_matrix
from stance.numbers import signed
from stance.plots.looks import (
    GREY,
    PALE,
    RULE,
    WIDE,
    actor_rows,
    brief,
    canvas,
    colours,
    diverging,
    ink,
    is_narrow,
    nothing,
    scale_bar,
    size_of,
)  # fmt: skip
from stance.schema import NARRATOR

NEAR_ZERO = 0.1
"""Net scores as small as this point neither way."""
_MOST_GLYPHS, _GLYPH = 60, 0.9
"""Sentences that have room for a sign each, and the share of its tile that a sign fills."""


def plot_ribbon(
    sentences: pd.DataFrame, names: Mapping[str, str], target: str = "the target", width: float = WIDE
) -> Figure:
    """A text as a ribbon: sentence by sentence who speaks, with which stance, and who is spoken about.

    Parameters
    ----------
    sentences
        From :func:`stance.by_sentence`, of one text; without scores, boxes are filled with the actor's colour.
    names
        ``codebook.names``.
    target
        How the note names the target.
    width
        In cm, from 6 to 60.

    Returns
    -------
    matplotlib.figure.Figure
        A row for each actor present, a column for each sentence, as wide as the
        sentence is long.

    Examples
    --------
    >>> import stance
    >>> codebook, documents = stance.read_codebook(), stance.read_corpus()
    >>> table = stance.by_sentence(documents[0], stance.segment(documents, codebook))
    >>> len(plot_ribbon(table, codebook.names).axes)
    1
    """
    names, scored = brief(names, width), bool(sentences["net"].notna().any())
    title = "Who speaks where, and how it stands" if scored else "Who speaks where, and who is spoken about"
    actors = [a for a in names if a in set(sentences["actor"])]
    if not actors:
        return nothing(title, "No actor of the codebook comes up in this text.", width)
    n = int(sentences["sentence"].max())
    filling = (
        f"; its filling, net stance toward {target}: ▲ favor, ▼ against, ● within {NEAR_ZERO} of 0; hatched: no score"
        if scored
        else ""
    )
    note = (
        f"Text {sentences['document'].iat[0]}; each column a sentence (n = {n}), as wide as it is long. Box: the actor "
        f"speaks{filling}. Line: the actor is spoken about. Right: sentences of either kind."
    )
    with canvas(width, 2.0 + 0.62 * len(actors), title, note, _ribbon_words(sentences, names, actors)) as figure:
        ax, *scale = figure.subplots(1, 1 + scored, width_ratios=[40, 1][: 1 + scored], squeeze=False)[0]
        for row, actor in enumerate(actors):
            mine = sentences[sentences["actor"] == actor]
            ax.axhline(row, color=PALE, zorder=0)
            for cell in mine.itertuples():
                _tile(ax, row, cell, colours(names)[actor], scored, _GLYPH * width * (n <= _MOST_GLYPHS))
            counts = f"{(mine['speaks'] > 0).sum()} / {(mine['spoken_about'] > 0).sum()}"
            ax.text(1.012, row, counts, va="center", fontsize="small", transform=ax.get_yaxis_transform())
        ax.text(1.012, -0.85, "speaks /\nspoken about", va="bottom", fontsize="x-small", color=GREY,
                transform=ax.get_yaxis_transform())  # fmt: skip
        end = float(sentences["end"].max())
        ax.set_xlim(-0.004 * end, 1.004 * end)
        actor_rows(ax, names, actors)
        every = sentences.drop_duplicates("sentence")
        shown = every[(every["sentence"] - 1) % max(1, -(-n // (6 if is_narrow(width) else 12))) == 0]
        ax.set_xticks((shown["start"] + shown["end"]) / 2, shown["sentence"])
        ax.set_xlabel("sentence")
        for place in scale:
            scale_bar(figure, place, "against", "favor")
    return figure


def _tile(ax: Axes, row: int, cell: Any, colour: str, scored: bool, glyph: float) -> None:
    """One actor in one sentence: a box where it speaks, a line where it is spoken about."""
    start, end, net = cell.start, cell.end, cell.net
    if not cell.speaks:
        ax.plot([start, end], [row, row], color=colour, linewidth=2.2, solid_capstyle="butt", alpha=0.75)
        return
    unscored = bool(np.isnan(net))
    fill = colour if not scored else "white" if unscored else diverging()((net + 1) / 2)
    ax.add_patch(
        Rectangle((start, row - 0.33), end - start, 0.66, facecolor=fill, edgecolor=colour, linewidth=1.3, zorder=2,
                  hatch="/////" if scored and unscored else None)
    )  # fmt: skip
    if glyph and not unscored:
        marker = "o" if abs(net) <= NEAR_ZERO else "^" if net > 0 else "v"
        ax.scatter([(start + end) / 2], [row], marker=marker, s=glyph, color=ink(net), linewidth=0, zorder=3)


def _ribbon_words(sentences: pd.DataFrame, names: Mapping[str, str], actors: list[str]) -> Iterator[str]:
    for actor in actors:
        mine = sentences[sentences["actor"] == actor]
        said = mine[mine["speaks"] > 0]
        scores = [f"{r.sentence}" + ("" if np.isnan(r.net) else f" ({signed(r.net)})") for r in said.itertuples()]
        where = f"speaks in sentence {', '.join(scores)}" if scores else "does not speak"
        yield f"{names[actor]} {where}; is spoken about in {(mine['spoken_about'] > 0).sum()} sentences."


_SHARES = (
    ("by_narrator", "by the narrator", 0.25, ""),
    ("by_others", "by others", 0.55, "////"),
    ("by_itself", "by itself", 0.4, "xxxx"),
)


def plot_roles(counts: pd.DataFrame, names: Mapping[str, str], width: float = WIDE) -> Figure:
    """Bars of :func:`stance.analysis.count_roles`: speech to the right, talk about the actor to the left.

    Parameters
    ----------
    counts
        From :func:`stance.analysis.count_roles`.
    names
        ``codebook.names``.
    width
        In cm, from 6 to 60.

    Examples
    --------
    >>> counts = pd.DataFrame({"actor": ["a"], "speaks": [2], "by_narrator": [1], "by_others": [0], "by_itself": [0]})
    >>> plot_roles(counts, {"a": "A"}).axes[0].get_yticklabels()[0].get_text()
    'A'
    """
    title, names = "Speaking and being spoken about", brief(names, width)
    counts = counts.set_index("actor").reindex([a for a in names if a in set(counts["actor"])])
    if counts.empty:
        return nothing(title, "No actor of the codebook speaks or is spoken about.", width)
    note = (
        "Left: clauses about the actor, in the narrator's words (light), in those of others, known to the codebook or "
        "not (hatched), or in its own (crossed). Right: statements attributed to the actor."
    )
    with canvas(width, 1.5 + 0.62 * len(counts), title, note, _role_words(counts, names)) as figure:
        ax = figure.add_subplot()
        for row, (actor, n) in enumerate(counts.iterrows()):
            _bars(ax, row, n, colours(names)[str(actor)])
        ax.axvline(0, color="black", linewidth=0.8)
        actor_rows(ax, names, map(str, counts.index))
        ax.margins(x=0.09)
        ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("←  is spoken about          segments          speaks  →")
    return figure


def _bars(ax: Axes, row: int, n: pd.Series, colour: str) -> None:
    ax.barh(row, n["speaks"], color=colour, height=0.62)
    left = 0
    for column, _, alpha, hatch in _SHARES:
        ax.barh(row, -n[column], left=-left, color=colour, alpha=alpha, hatch=hatch, height=0.62, edgecolor="white")
        left += n[column]
    for at, side, total in ((n["speaks"], "left", n["speaks"]), (-left, "right", left)):
        ax.annotate(f"{total}", (at, row), (3 if side == "left" else -3, 0), textcoords="offset points", ha=side,
                    va="center", fontsize="small", color=GREY)  # fmt: skip


def _role_words(counts: pd.DataFrame, names: Mapping[str, str]) -> Iterator[str]:
    for actor, n in counts.iterrows():
        shares = ", ".join(f"{n[column]} {whose}" for column, whose, _, _ in _SHARES)
        yield f"{names[str(actor)]} speaks {n['speaks']} times, is spoken about {shares}."


def _most_frequent(cells: pd.DataFrame, order: list[str], most: int) -> tuple[pd.DataFrame, str]:
    """Cells of those who are spoken about most and who speak of them most; and a sentence on who is left out."""
    cells, left_out = cells[cells["holder"].isin(order) & cells["target"].isin(order)], []
    for column, what in (("target", "actors spoken about"), ("holder", "who speak of them")):
        numbers = cells.groupby(column, sort=False)["n"].sum()
        if len(numbers) > most:
            kept = sorted(numbers.index, key=lambda key: (-numbers[key], order.index(key)))[:most]
            cells = cells[cells[column].isin(kept)]
            left_out.append(f" The {most} most frequent of {len(numbers)} {what}.")
    return cells, "".join(left_out)


def plot_matrix(table: pd.DataFrame, names: Mapping[str, str], width: float = WIDE) -> Figure:
    """Sentiment of each holder toward each target: rows speak about columns.

    Parameters
    ----------
    table
        A sentiment table from :func:`stance.to_frame`.
    names
        ``codebook.names``.
    width
        In cm, from 6 to 60.

    Examples
    --------
    >>> table = pd.DataFrame({"document": ["d"], "voice": ["narrator"], "target": ["a"], "net": [.2]})
    >>> plot_matrix(table, {"a": "A"}).axes[0].get_xticklabels()[0].get_text()
    'A'
    """
    cells, title = sentiment_matrix(table), "Who speaks how about whom"
    shown = {NARRATOR: "Narrator", **brief(names, width)}
    order = list(shown)
    cells, more = _most_frequent(cells, order, 6 if is_narrow(width) else 10)
    if cells.empty:
        return nothing(title, "No passage speaks about an actor of the codebook.", width)
    holders = [a for a in order if a in set(cells["holder"])]
    targets = [a for a in order if a in set(cells["target"])]
    means = cells.pivot(index="holder", columns="target", values="mean").reindex(index=holders, columns=targets)
    numbers = cells.pivot(index="holder", columns="target", values="n").reindex(index=holders, columns=targets)
    note = (
        "Net = P(positive) − P(negative), as the model reads it; mean and number of segments. "
        f"{size_of(table.dropna(subset=['net']))}; a dot: no such segment.{more}"
    )
    words = (f"{shown[c.holder]} about {shown[c.target]}: {signed(c.mean)}, n = {c.n}." for c in cells.itertuples())
    narrow = is_narrow(width) or len(targets) > 6
    with canvas(width, 2.3 + 1.2 * narrow + 0.85 * len(holders), title, note, words) as figure:
        ax, scale = figure.subplots(1, 2, width_ratios=[28, 1])
        values = means.to_numpy(float)
        ax.imshow(np.ma.masked_invalid(values), cmap=diverging(), vmin=-1, vmax=1, aspect="auto")
        for (i, j), value in np.ndenumerate(values):
            if np.isnan(value):
                ax.text(j, i, "·", ha="center", va="center", color=RULE)
                continue
            size = {"fontsize": "x-small" if narrow else "medium"}
            ax.text(j, i, signed(value), ha="center", va="bottom", color=ink(value), fontweight="bold", **size)
            ax.text(j, i + 0.06, f"n = {numbers.iat[i, j]:.0f}", ha="center", va="top", color=ink(value),
                    fontsize="xx-small" if narrow else "small")  # fmt: skip
        turned = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if narrow else {}
        ax.set_xticks(range(len(targets)), [shown[a] for a in targets], **turned)
        ax.set_yticks(range(len(holders)), [shown[a] for a in holders])
        ax.set_xlabel("spoken about")
        ax.set_ylabel("whose words")
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        scale_bar(figure, scale, "negative", "positive")
    return figure
