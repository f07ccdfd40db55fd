"""Table → Figure. Reads and writes nothing; labels and colours come from the codebook."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from stance.contrasts import matrix, summarize
from stance.schema import NARRATOR

OKABE_ITO = ("#D55E00", "#0072B2", "#E69F00", "#009E73", "#56B4E9", "#CC79A7", "#999933", "#882255")
"""One colour for each actor, in the codebook's order; distinguishable with colour-blind eyes."""

_GREY = "#555555"
_STYLE = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelcolor": "#333333",
    "xtick.color": "#333333",
    "svg.hashsalt": "stance",
    "svg.fonttype": "path",
    "text.parse_math": False,
}
_ROLES = {"source": "speaks", "mention": "is spoken about"}


@contextmanager
def style() -> Iterator[None]:
    """The look of every figure."""
    settings: dict = {**matplotlib.rcParamsDefault, **_STYLE, "backend": "agg"}
    with matplotlib.rc_context(settings):
        yield


def colours(labels: Mapping[str, str]) -> dict[str, str]:
    """The colour of each actor; the narrator is grey.

    Examples
    --------
    >>> colours({"kremlin": "Kremlin"})
    {'kremlin': '#D55E00', 'narrator': '#555555'}
    """
    palette = {actor: OKABE_ITO[i % len(OKABE_ITO)] for i, actor in enumerate(labels)}
    return {**palette, NARRATOR: _GREY}


def _size(table: pd.DataFrame) -> str:
    """ "one article, 12 segments": what a figure rests on."""
    documents, segments = table["document"].nunique(), len(table)
    text = "one text" if documents == 1 else f"{documents} texts"
    return f"{text}, n = {segments} segment{'s' if segments != 1 else ''}"


def signed(value: float) -> str:
    """A number with its sign, as figures print it."""
    return f"{value:+.2f}".replace("-", "−")


def finish(figure: Figure, title: str, note: str) -> None:
    """Title and note; then the layout is computed once and kept, so that drawing again changes nothing.

    The layout's solver is not exact to the last digit, so positions are rounded.
    """
    figure.set_layout_engine("constrained", h_pad=0.08)
    title, wrapped = "\n".join(textwrap.wrap(title, 72)), "\n".join(textwrap.wrap(note, 118))
    texts = [
        figure.suptitle(title, x=0.01, ha="left", va="top", fontsize=12, fontweight="bold", linespacing=1.0),
        figure.supxlabel(wrapped, x=0.01, ha="left", fontsize=8, color=_GREY),
    ]
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for ax in figure.axes:
        ax.set_position(Bbox.from_bounds(*(round(float(value), 5) for value in ax.get_position().bounds)))
    for text in texts:
        x, y = text.get_position()
        text.set_position((round(x, 5), round(y, 5)))


def _nothing(title: str, sentence: str) -> Figure:
    """A figure that says why there is nothing to draw."""
    with style():
        figure = Figure(figsize=(7, 1.4))
        figure.text(0.5, 0.45, sentence, ha="center", va="center", color=_GREY)
        finish(figure, title, "")
    return figure


def plot_presence(segments: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Where in the text each actor speaks and is spoken about.

    Parameters
    ----------
    segments
        From :func:`stance.segments_frame`.
    labels
        ``codebook.labels``.

    Returns
    -------
    matplotlib.figure.Figure
        One row for each actor present; the horizontal axis runs from the
        beginning to the end of the text.

    Examples
    --------
    >>> import stance
    >>> codebook = stance.read_codebook()
    >>> frame = stance.segments_frame(stance.segment(stance.read_corpus(), codebook))
    >>> len(plot_presence(frame, codebook.labels).axes)
    1
    """
    known = segments[segments["actor"].isin(list(labels))]
    actors = [a for a in labels if a in set(known["actor"])]
    palette = colours(labels)
    with style():
        figure = Figure(figsize=(7, 1.3 + 0.42 * max(1, len(actors))))
        ax = figure.add_subplot()
        for row, actor in enumerate(actors):
            mine = known[known["actor"] == actor]
            x = 100 * mine["position"]
            speaks = mine["role"] == "source"
            ax.axhline(row, color="#eeeeee", zorder=0)
            ax.scatter(
                x[~speaks],
                np.full((~speaks).sum(), row),
                s=34,
                facecolor="white",
                edgecolor=palette[actor],
                linewidth=1.4,
            )
            ax.scatter(x[speaks], np.full(speaks.sum(), row), s=46, color=palette[actor], zorder=3)
            ax.text(103, row, f"{speaks.sum()} / {(~speaks).sum()}", va="center", fontsize=9, color=palette[actor])
        ax.text(103, -0.75, "speaks /\nspoken about", va="center", fontsize=8, color=_GREY)
        ax.set_yticks(range(len(actors)), [labels[a] for a in actors])
        ax.tick_params(axis="y", length=0)
        ax.set_xlim(-2, 101)
        ax.set_ylim(len(actors) - 0.4, -0.6)
        ax.set_xlabel("position in the text (%)")
        ax.spines["left"].set_visible(False)
        finish(
            figure,
            "Who speaks, and who is spoken about",
            f"Filled: words attributed to the actor. Hollow: words about the actor. {_size(known).capitalize()}.",
        )
    return figure


def plot_roles(counts: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Bars of :func:`stance.count_roles`: speech to the right, talk about the actor to the left.

    Parameters
    ----------
    counts
        From :func:`stance.count_roles`.
    labels
        ``codebook.labels``.

    Examples
    --------
    >>> counts = pd.DataFrame({"actor": ["a"], "speaks": [2], "by_narrator": [1], "by_others": [0], "by_itself": [0]})
    >>> plot_roles(counts, {"a": "A"}).axes[0].get_yticklabels()[0].get_text()
    'A'
    """
    counts = counts.set_index("actor").reindex([a for a in labels if a in set(counts["actor"])])
    palette = colours(labels)
    with style():
        figure = Figure(figsize=(7, 1.5 + 0.42 * max(1, len(counts))))
        ax = figure.add_subplot()
        for row, (actor, n) in enumerate(counts.iterrows()):
            ax.barh(row, n["speaks"], color=palette[actor], height=0.62)
            left = 0
            for column, alpha, hatch in (
                ("by_narrator", 0.25, ""),
                ("by_others", 0.55, "///"),
                ("by_itself", 0.4, "..."),
            ):
                ax.barh(
                    row, -n[column], left=-left, color=palette[actor], alpha=alpha, hatch=hatch, height=0.62,
                    edgecolor="white", linewidth=0.6,
                )  # fmt: skip
                if n[column]:
                    ax.text(-left - n[column] / 2, row, str(n[column]), ha="center", va="center", fontsize=8)
                left += n[column]
            if n["speaks"]:
                ax.text(n["speaks"] / 2, row, str(n["speaks"]), ha="center", va="center", fontsize=8, color="white")
        ax.axvline(0, color="black", linewidth=0.8)
        ax.set_yticks(range(len(counts)), [labels[a] for a in counts.index])
        ax.tick_params(axis="y", length=0)
        ax.invert_yaxis()
        ax.spines["left"].set_visible(False)
        ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("←  segments that speak about the actor          segments the actor speaks  →")
        finish(
            figure,
            "Speaking and being spoken about",
            "Left, light: in the narrator's words; hatched: in another actor's; dotted: in its own. "
            "Right: statements attributed to the actor.",
        )
    return figure


def plot_matrix(table: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Sentiment of each holder toward each target: rows speak about columns.

    Parameters
    ----------
    table
        A sentiment table from :func:`stance.to_frame`.
    labels
        ``codebook.labels``.

    Examples
    --------
    >>> table = pd.DataFrame({"document": ["d"], "voice": ["narrator"], "target": ["a"], "net": [.2]})
    >>> plot_matrix(table, {"a": "A"}).axes[0].get_xticklabels()[0].get_text()
    'A'
    """
    cells, title = matrix(table), "Who speaks how about whom"
    if cells.empty:
        return _nothing(title, "No passage speaks about an actor of the codebook.")
    order = [NARRATOR, *labels]
    holders = [a for a in order if a in set(cells["holder"])]
    targets = [a for a in order if a in set(cells["target"])]
    names = {**labels, NARRATOR: "Narrator"}
    means = cells.pivot(index="holder", columns="target", values="mean").reindex(index=holders, columns=targets)
    numbers = cells.pivot(index="holder", columns="target", values="n").reindex(index=holders, columns=targets)
    with style():
        figure = Figure(figsize=(7, 1.9 + 0.5 * max(1, len(holders))))
        ax, scale = figure.subplots(1, 2, width_ratios=[28, 1])
        image = ax.imshow(np.ma.masked_invalid(means.to_numpy(float)), cmap="PuOr", vmin=-1, vmax=1, aspect="auto")
        for (i, j), value in np.ndenumerate(means.to_numpy(float)):
            if np.isnan(value):
                ax.text(j, i, "·", ha="center", va="center", color="#bbbbbb")
                continue
            colour = "white" if abs(value) > 0.6 else "black"
            ax.text(j, i, signed(value), ha="center", va="bottom", color=colour, fontweight="bold")
            ax.text(j, i + 0.08, f"n = {numbers.iat[i, j]:.0f}", ha="center", va="top", color=colour, fontsize=7.5)
        ax.set_xticks(range(len(targets)), [names[a] for a in targets])
        ax.set_yticks(range(len(holders)), [names[a] for a in holders])
        ax.set_xlabel("spoken about")
        ax.set_ylabel("whose words")
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        bar = figure.colorbar(image, cax=scale, label="mean net sentiment")
        bar.set_ticks([-1, 0, 1], labels=["−1 negative", "0", "+1 positive"])
        finish(
            figure,
            title,
            f"Net = P(positive) − P(negative), as the model reads it. {_size(table.dropna(subset=['net'])).capitalize()}; "
            "a dot: no such segment.",
        )
    return figure


def plot_stance(table: pd.DataFrame, labels: Mapping[str, str], target: str = "the target") -> Figure:
    """Every segment a dot, each actor's mean, and the range over wordings.

    Parameters
    ----------
    table
        A stance table from :func:`stance.to_frame`.
    labels
        ``codebook.labels``.
    target
        How the title names the target.

    Returns
    -------
    matplotlib.figure.Figure
        Left what actors say, right what is said about them; no interval: one
        text has none.

    Examples
    --------
    >>> table = pd.DataFrame({"document": ["d"], "role": ["source"], "actor": ["a"], "net": [.2],
    ...                       "net_min": [.1], "net_max": [.3]})
    >>> len(plot_stance(table, {"a": "A"}).axes)
    2
    """
    scored = table.dropna(subset=["net", "actor"])
    actors = [a for a in labels if a in set(scored["actor"])]
    summary = summarize(scored).set_index(["role", "actor"])
    palette = colours(labels)
    with style():
        figure = Figure(figsize=(7, 1.9 + 0.45 * max(1, len(actors))))
        axes = figure.subplots(1, 2, sharex=True, sharey=True)
        for ax, (role, heading) in zip(axes, _ROLES.items(), strict=True):
            for row, actor in enumerate(actors):
                mine = scored[(scored["role"] == role) & (scored["actor"] == actor)]
                ax.axhline(row, color="#eeeeee", zorder=0)
                if mine.empty:
                    ax.text(0, row, "no segment", ha="center", va="center", fontsize=8, color="#aaaaaa")
                    continue
                _dots(ax, row, mine["net"].to_numpy(), summary.loc[(role, actor)], palette[actor])
            ax.axvline(0, color="#999999", linewidth=0.8, zorder=1)
            ax.set_title(f"the actor {heading}")
            ax.set_xlim(-1.05, 1.28)
            ax.set_xticks([-1, 0, 1], ["against\n−1", "0", "favor\n+1"])
            ax.spines["left"].set_visible(False)
        axes[0].set_yticks(range(len(actors)), [labels[a] for a in actors])
        axes[0].tick_params(axis="y", length=0)
        axes[1].tick_params(axis="y", length=0)
        axes[0].set_ylim(len(actors) - 0.5, -0.6)
        finish(
            figure,
            f"Stance toward {target}, as reported",
            "Net = P(favor) − P(against), as the model reads it. Dots: segments (number at the right); diamond: mean; bar: range over "
            f"wordings of the question, not an interval. {_size(scored).capitalize()}.",
        )
    return figure


def _dots(ax: Axes, row: int, nets: np.ndarray, mean: pd.Series, colour: str) -> None:
    shifts = np.linspace(-0.16, 0.16, len(nets)) if len(nets) > 1 else np.zeros(1)
    ax.scatter(nets, row + shifts, s=20, color=colour, alpha=0.45, linewidth=0, zorder=2)
    ax.plot(
        [mean["wordings_low"], mean["wordings_high"]],
        [row, row],
        color=colour,
        linewidth=2.2,
        solid_capstyle="butt",
        zorder=3,
    )
    ax.scatter([mean["mean"]], [row], s=52, marker="D", color=colour, edgecolor="white", linewidth=0.9, zorder=4)
    ax.text(1.26, row, f"n = {len(nets)}", ha="right", va="center", fontsize=8, color=_GREY)


def plot_framings(statements: pd.DataFrame, labels: Mapping[str, str], target: str = "the target") -> Figure:
    """Framings side by side: what each actor is reported to say, and how far it is from zero.

    Parameters
    ----------
    statements
        From :func:`stance.framing_table`.
    labels
        ``codebook.labels``.
    target
        How the title names the target.

    Examples
    --------
    >>> statements = pd.DataFrame({"document": ["d"], "actor": ["a"], "entity": ["A"], "cue": ["said"], "text": ["yes"], "label": ["favor"], "net": [.5],
    ...                            "net_min": [.4], "net_max": [.6], "n_statements": [1], "mean": [.5]})
    >>> len(plot_framings(statements, {"a": "A"}).axes)
    1
    """
    actors, title = (
        list(dict.fromkeys(statements["actor"])),
        f"What each side is reported to say, and its stance toward {target}",
    )
    if not actors:
        return _nothing(title, "No actor of the codebook is reported to say anything.")
    palette = colours(labels)
    heights = [0.6 + (statements["actor"] == actor).sum() for actor in actors] or [1]
    with style():
        figure = Figure(figsize=(7.2, 1.3 + 0.47 * sum(heights)))
        axes = figure.subplots(max(1, len(actors)), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
        for ax, actor in zip(axes, actors, strict=False):
            mine = statements[statements["actor"] == actor].reset_index(drop=True)
            for row, statement in mine.iterrows():
                _statement(ax, int(str(row)), statement, palette[actor])
            ax.axvline(0, color="#999999", linewidth=0.8)
            ax.set_ylim(len(mine) - 0.4, -0.6)
            ax.set_yticks([])
            ax.spines["left"].set_visible(False)
            shown, total = len(mine), mine["n_statements"].iat[0]
            count = f"n = {total}" if shown == total else f"the {shown} of n = {total} farthest from 0"
            mean = signed(mine["mean"].iat[0])
            ax.set_title(f"{labels.get(actor, actor)}  ({count}, mean {mean})", color=palette[actor])
        axes[-1].set_xlim(-1, 3.6)
        axes[-1].set_xticks([-1, 0, 1], ["against\n−1", "0", "favor\n+1"])
        for ax in axes:
            ax.spines["bottom"].set_bounds(-1, 1)
        finish(
            figure,
            title,
            "Bar: net = P(favor) − P(against), as the model reads the whole sentence, so statements of one sentence share it; line: range over wordings, not an interval. "
            f"The words are the cue and the statement, chosen by the journalist. {_size(statements).capitalize()} shown.",
        )
    return figure


def _statement(ax: Axes, row: int, statement: pd.Series, colour: str) -> None:
    ax.barh(row, statement["net"], color=colour, height=0.5, alpha=0.85)
    ax.plot([statement["net_min"], statement["net_max"]], [row, row], color="black", linewidth=1)
    ax.text(1.08, row, signed(statement["net"]), va="center", ha="left", fontsize=8.5, fontweight="bold")
    said = statement["text"].removeprefix("that ")
    speaker = f"{statement['entity']} {statement['cue'] or ''}".strip()
    words = textwrap.shorten(f"{speaker}: {said}", 150, placeholder=" …")
    ax.text(1.42, row, "\n".join(textwrap.wrap(words, 58)[:3]), va="center", ha="left", fontsize=7.5)


def plot_contrast(contrasts: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Differences between actors who speak, the largest first.

    Parameters
    ----------
    contrasts
        From :func:`stance.contrast`.
    labels
        ``codebook.labels``.

    Examples
    --------
    >>> contrasts = pd.DataFrame({"role": ["source"], "a": ["x"], "b": ["y"], "n_a": [2], "n_b": [1],
    ...                           "difference": [.5], "wordings_low": [.3], "wordings_high": [.7]})
    >>> plot_contrast(contrasts, {"x": "X", "y": "Y"}).axes[0].get_yticklabels()[0].get_text()
    'X (n = 2)  minus  Y (n = 1)'
    """
    rows, title = (
        contrasts[contrasts["role"] == "source"].reset_index(drop=True),
        "Differences between actors who speak",
    )
    if rows.empty:
        return _nothing(title, "Fewer than two actors speak: there is nothing to compare.")
    with style():
        figure = Figure(figsize=(7, 1.5 + 0.32 * max(1, len(rows))))
        ax = figure.add_subplot()
        y = np.arange(len(rows))
        ax.hlines(y, rows["wordings_low"], rows["wordings_high"], color=_GREY, linewidth=2)
        ax.scatter(rows["difference"], y, marker="D", s=40, color="#0072B2", zorder=3)
        ax.axvline(0, color="#999999", linewidth=0.8)
        names = [
            f"{labels.get(r.a, r.a)} (n = {r.n_a})  minus  {labels.get(r.b, r.b)} (n = {r.n_b})"
            for r in rows.itertuples()
        ]
        ax.set_yticks(y, names)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.set_xlim(-2, 2)
        ax.set_xlabel("difference of mean net stance")
        finish(
            figure,
            title,
            "Bar: the widest range the wordings allow; it is not an interval, and a difference is a "
            "description of what was read, no more.",
        )
    return figure


def plot_timeline(table: pd.DataFrame, labels: Mapping[str, str], target: str = "the target") -> Figure:
    """Stance of each holder, and sentiment of each toward the others, period by period with intervals.

    Parameters
    ----------
    table
        Of :func:`stance.timeline`, stance and sentiment one below the other:
        ``measure`` (stance or sentiment), ``holder``, ``target``, ``period``,
        ``n_documents``, ``mean``, ``low``, ``high``, ``note``.
    labels
        ``codebook.labels``.
    target
        How the first panel names what the stance is toward.

    Returns
    -------
    matplotlib.figure.Figure
        A panel for stance and one for the sentiment of each holder. Under each
        stand the documents of every cell, and in words where they are too few.

    Examples
    --------
    >>> table = pd.DataFrame({"measure": "stance", "holder": "a", "target": "t", "period": ["early", "late"],
    ...                       "n_documents": [30, 3], "mean": [.2, None], "low": [.1, None], "high": [.3, None], "note": ["", "insufficient data"]})
    >>> len(plot_timeline(table, {"a": "A"}).axes)
    1
    """
    title = "Official voices over time"
    if table.empty:
        return _nothing(title, "No document falls into any period.")
    felt = table[table["measure"] == "sentiment"]
    panels = [(f"Stance toward {target}", table[table["measure"] == "stance"], "holder", ("against", "favor"))]
    panels += [
        (f"{labels[holder]}: sentiment toward", felt[felt["holder"] == holder], "target", ("negative", "positive"))
        for holder in labels
        if holder in set(felt["holder"])
    ]
    panels = [panel for panel in panels if not panel[1].empty]
    rows = (len(panels) + 1) // 2
    with style():
        figure = Figure(figsize=(9, 0.9 + 3.3 * rows))
        axes = figure.subplots(rows, min(2, len(panels)), squeeze=False).ravel()
        for ax, (heading, part, series, (low, high)) in zip(axes, panels, strict=False):
            _periods(ax, part, series, labels)
            ax.set_title("\n".join(textwrap.wrap(heading, 36)))
            ax.set_yticks([-1, -0.5, 0, 0.5, 1], [f"{low} −1", "−0.5", "0", "+0.5", f"{high} +1"])
        for ax in axes[len(panels) :]:
            ax.remove()
        finish(
            figure,
            title,
            "Diamond: mean net score of the documents, each counted once, as the model reads them; bar: 95 % interval over "
            "documents, which knows nothing of the model's errors. Below: number of documents.",
        )
    return figure


def _periods(ax: Axes, part: pd.DataFrame, series: str, labels: Mapping[str, str]) -> None:
    """One panel: each series dodged a little, and the number of documents below."""
    palette, periods = colours(labels), list(dict.fromkeys(part["period"]))
    names = [a for a in labels if a in set(part[series])]
    shifts = 0.16 * (np.arange(len(names)) - (len(names) - 1) / 2)
    below = ax.get_xaxis_transform()
    for row, (name, shift) in enumerate(zip(names, shifts, strict=True)):
        cells = part[part[series] == name].set_index("period").reindex(periods)
        x, colour = np.arange(len(periods)) + shift, palette[name]
        ax.vlines(x, cells["low"], cells["high"], color=colour, linewidth=2.2)
        ax.plot(x, cells["mean"], color=colour, linewidth=0.8, alpha=0.5, zorder=1)
        ax.scatter(x, cells["mean"], marker="D", s=24, color=colour, linewidth=0, zorder=3)
        y = -0.21 - 0.085 * row
        ax.text(
            -0.62,
            y,
            labels[name],
            transform=below,
            ha="right",
            va="center",
            fontsize=8,
            fontweight="bold",
            color=colour,
        )
        for i, cell in enumerate(cells.itertuples()):
            n = 0 if pd.isna(cell.n_documents) else int(cell.n_documents)
            note = cell.note if isinstance(cell.note, str) and cell.note else ""
            words, size = (f"{n}: {note}", 7) if note else (f"n = {n}", 8)
            ax.text(i, y, words, transform=below, ha="center", va="center", fontsize=size, color=_GREY)
    ax.axhline(0, color="#999999", linewidth=0.8, zorder=0)
    ax.set_xlim(-0.55, len(periods) - 0.45)
    ax.set_ylim(-1, 1)
    ax.set_xticks(range(len(periods)), ["\n".join(textwrap.wrap(str(p), 15)) for p in periods])
    ax.tick_params(axis="x", length=0)
