"""The specification curve: every estimate of one contrast, and below it the choices that made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stance.analysis.specifications import curve, multiverse_summary, varied
from stance.numbers import counted, signed
from stance.plots.looks import GREY, OKABE_ITO, RULE, SMALL, WIDE, canvas, is_narrow, letter, nothing, text_size

_ROW = 0.42
"""Centimetres of one option in the matrix: a line of small type."""
_CURVE = 5.0
"""Centimetres of the curve."""
_BAND = "#cccccc"
"""Intervals: paler than the strokes below, and dark enough for print."""
_SAID = {
    "model": "model", "wording": "wording", "addressed": "takes the target up from",
    "confidence": "attribution sure from", "unit": "counts once", "copies": "near copies", "roles": "what counts",
}  # fmt: skip
_OPTIONS = {
    "source": "what actors say",
    "mention": "what is said about them",
    "both": "both",
    "first": "the first alone",
}


def plot_multiverse(
    found: pd.DataFrame, a: str, b: str, names: Mapping[str, str], target: str | None = None, width: float = WIDE
) -> Figure:
    """One contrast under every choice, sorted, with the choices as a matrix below.

    Parameters
    ----------
    found
        From :func:`stance.multiverse`.
    a, b
        Which contrast: a − b.
    names
        ``codebook.names``.
    target
        Which target; left out: the first.
    width
        In cm, from 6 to 60.

    Returns
    -------
    matplotlib.figure.Figure
        The default choices are ringed; estimates corrected by labels are squares.

    Examples
    --------
    >>> rows = pd.DataFrame({"target": "t", "a": "x", "b": "y", "estimator": "naive", "default": [True, False],
    ...                      "estimate": [.4, -.1], "low": np.nan, "high": np.nan, "unit": ["statement", "document"]})
    >>> len(plot_multiverse(rows, "x", "y", {"x": "X", "y": "Y"}).axes)
    2
    """
    if found.empty:
        return nothing("Differences under every choice", "There are no two groups to compare.", width)
    aim = found["target"].iloc[0] if target is None else target
    title = f"{names.get(a, a)} − {names.get(b, b)} under every choice"
    rows = curve(found, aim, a, b)
    if rows.empty:
        return nothing(title, "No specification leaves statements on both sides.", width)
    choices = [(c, _named(list(dict.fromkeys(found[c])), 22 if is_narrow(width) else 34)) for c in varied(found)]
    lines = sum(len(options) + 1 for _, options in choices)
    summary = multiverse_summary(found[(found["target"] == aim) & (found["a"] == a) & (found["b"] == b)])
    note = _note(summary, rows)
    body = _CURVE + _ROW * lines
    with canvas(width, body, title, note, [note]) as figure:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[_CURVE, max(_ROW * lines, _ROW)])
        size = text_size(width) * SMALL
        stroke = _stroke(width, len(rows), choices, size)
        _draw_curve(above, rows, stroke)
        _draw_matrix(below, rows, choices, size, stroke)
        below.set_xlim(-0.01 * len(rows) - 1, 1.01 * len(rows))
    return figure


def _note(summary: pd.DataFrame, rows: pd.DataFrame) -> str:
    naive = summary[summary["estimator"] == "naive"].iloc[0]
    parts = [
        f"Each mark: the difference of mean nets under one of {counted(int(naive['specifications']), 'specification')}",
        f"lowest {signed(naive['lowest'])}, median {signed(naive['median'])}, highest {signed(naive['highest'])}",
        f"{naive['same_sign']:.0%} have the median's sign",
    ]
    if naive["leaves_zero"] == naive["leaves_zero"]:
        parts.append(f"of those with a 95 % interval over texts, {naive['leaves_zero']:.0%} leave zero")
    else:
        parts.append("no intervals: fewer than 20 texts on a side")
    if naive["empty"]:
        parts.append(f"{counted(int(naive['empty']), 'specification')} left a side empty")
    ringed = "; ring: the first of every choice" if rows["default"].any() else "; the default is among the empty"
    corrected = "; squares: corrected by people's labels" if (rows["estimator"] != "naive").any() else ""
    return "; ".join(parts) + ringed + corrected + "."


def _stroke(width: float, n: int, choices: Sequence[tuple[str, Mapping[Any, str]]], size: float) -> float:
    """How wide a stroke may be, in points, so that those of neighbouring specifications stay apart."""
    said = [_SAID.get(choice, choice) for choice, _ in choices] + [w for _, named in choices for w in named.values()]
    room = width - 0.8 - letter(size) * max(map(len, said), default=0)
    return float(np.clip(0.6 * room / 2.54 * 72 / n, 0.25, 1.2))


def _draw_curve(ax: Axes, rows: pd.DataFrame, stroke: float) -> None:
    places = np.arange(len(rows))
    ax.axhline(0, color=RULE, linewidth=0.8, zorder=1.5)
    sure = rows["low"].notna().to_numpy()
    ax.vlines(places[sure], rows["low"][sure], rows["high"][sure], color=_BAND, linewidth=stroke, zorder=1)
    for estimator, marker, colour in (("naive", "o", OKABE_ITO[1]), ("DSL", "s", OKABE_ITO[0])):
        mine = (rows["estimator"] == estimator).to_numpy()
        ax.scatter(places[mine], rows["estimate"][mine], s=7, marker=marker, color=colour, linewidths=0, zorder=2)
    default = rows["default"].astype(bool).to_numpy()
    ax.scatter(places[default], rows["estimate"][default], s=60, facecolors="none", edgecolors="black", zorder=3)
    ax.set_ylabel("difference of mean nets")
    ax.tick_params(axis="x", length=0, labelbottom=False)


def _draw_matrix(
    ax: Axes, rows: pd.DataFrame, choices: Sequence[tuple[str, Mapping[Any, str]]], size: float, stroke: float
) -> None:
    """A stroke where an option was chosen; options of one choice stand together below its name."""
    line, labels = 0, []
    for choice, options in choices:
        labels.append((line, _SAID.get(choice, choice), True))
        line += 1
        for option, shown in options.items():
            chosen = np.flatnonzero((rows[choice] == option).to_numpy())
            ax.vlines(chosen, line - 0.35, line + 0.35, color=GREY, linewidth=stroke)
            labels.append((line, shown, False))
            line += 1
    ax.set_ylim(line - 0.4, -0.6)
    ax.set_yticks([at for at, *_ in labels], [text for _, text, _ in labels], fontsize=size)
    for tick, (_, _, heading) in zip(ax.get_yticklabels(), labels, strict=True):
        tick.set_fontweight("bold" if heading else "normal")
    ax.tick_params(axis="both", length=0, labelbottom=False)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def _named(options: Sequence[Any], most: int) -> dict[Any, str]:
    """What the options of a choice are called, in a figure with room for so many letters; no two alike."""
    said = {option: _shown(option) for option in options}
    brief = {option: text.partition("@")[0] for option, text in said.items()}  # base@2ec5eb3ab944/torch
    if len(set(brief.values())) == len(brief):
        said = brief
    cut = {option: text if len(text) <= most else f"{text[: most - 1].rstrip()}…" for option, text in said.items()}
    taken = [text for text in cut.values() if list(cut.values()).count(text) > 1]
    ends = {option: f"{said[option][: most // 3].rstrip()}…{said[option][1 - most + most // 3 :]}" for option in cut}
    return {option: ends[option] if text in taken else text for option, text in cut.items()}


def _shown(option: object) -> str:
    """An option in words: of a wording, what stands around actor and target."""
    if isinstance(option, float):
        return f"{option:g}" if option else "any"
    text = _OPTIONS.get(str(option), str(option))
    return text.removeprefix("{actor} ").removesuffix(".").replace("{actor}", "…").replace("{target}", "…")
