"""Figures about a model rather than a text: is it calibrated, and does it dislike a name?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from stance.audit import spread
from stance.plots import OKABE_ITO, finish, style

_WIDEST = 0.3
_MEASURES = {"stance": "Stance of the name toward the talks", "sentiment": "Sentiment toward the name"}


def plot_audit(table: pd.DataFrame, model: str = "") -> Figure:
    """Mean net of neutral sentences under each name.

    Parameters
    ----------
    table
        From :func:`stance.audit_names`.
    model
        The model's name, for the note.

    Examples
    --------
    >>> line = {"measure": "stance", "group": "invented", "name": "Ada", "n": 80, "net": .01, "sd": .02,
    ...         "shift": 0, "shift_low": -.01, "shift_high": .01}
    >>> plot_audit(pd.DataFrame([line])).axes[0].get_yticklabels()[0].get_text()
    'Ada'
    """
    measures = list(dict.fromkeys(table["measure"]))
    groups = list(dict.fromkeys(table["group"]))
    with style():
        figure = Figure(figsize=(7, 1.6 + 0.24 * table["name"].nunique()))
        axes = figure.subplots(1, len(measures), sharey=True, squeeze=False)[0]
        reach = max(_WIDEST, float((table["net"].abs() + (table["shift_high"] - table["shift"])).max()) * 1.1)
        for ax, measure in zip(axes, measures, strict=True):
            rows = table[table["measure"] == measure].reset_index(drop=True)
            colours = [OKABE_ITO[1 + groups.index(g)] for g in rows["group"]]
            y = np.arange(len(rows))
            ax.axvline(0, color="#999999", linewidth=0.8)
            ax.axvline(rows["net"].mean(), color="#999999", linewidth=0.8, linestyle=":")
            half = rows["shift_high"] - rows["shift"]
            ax.hlines(y, rows["net"] - half, rows["net"] + half, colors=colours, linewidth=2)
            ax.scatter(rows["net"], y, s=28, color=colours, zorder=3)
            ax.set_yticks(y, rows["name"])
            ax.set_ylim(len(rows) - 0.5, -0.5)
            ax.tick_params(axis="y", length=0)
            ax.set_xlim(-reach, reach)
            ax.set_title(_MEASURES.get(measure, measure), fontsize=9)
            ax.set_xlabel(f"mean net of {rows['n'].iloc[0]} neutral sentences")
        apart = ", ".join(f"{measure} {value:.3f}" for measure, value in spread(table).items())
        finish(
            figure,
            "The same neutral sentences under different names",
            f"One wording. Bars: 95 % of the name's own shift. Dotted: mean over names. Largest minus smallest: "
            f"{apart}. {model}",
        )
    return figure


def plot_reliability(calibration: Mapping[str, Mapping], name: str = "") -> Figure:
    """Accuracy against confidence, one panel for each measure.

    Parameters
    ----------
    calibration
        By measure, as ``calibration.json`` holds it beside a model's weights.
    name
        The model's name, for the title.

    Examples
    --------
    >>> bins = [{"low": .8, "high": .9, "confidence": .85, "accuracy": .8, "n": 40}]
    >>> entry = {"reliability": bins, "ece": .05, "ece_low": .02, "ece_high": .08, "ece_perfect": .03, "n": 40}
    >>> len(plot_reliability({"stance": entry}).axes)
    1
    """
    with style():
        figure = Figure(figsize=(7, 3.6))
        axes = figure.subplots(1, len(calibration), squeeze=False)[0]
        for ax, (measure, entry) in zip(axes, calibration.items(), strict=True):
            bins = pd.DataFrame(entry["reliability"])
            width = bins["high"] - bins["low"]
            ax.bar(bins["low"], bins["accuracy"], width, align="edge", color="#56B4E9", edgecolor="white")
            ax.plot([0, 1], [0, 1], color="#999999", linewidth=0.8)
            ax.scatter(bins["confidence"], bins["accuracy"], s=4 + 120 * bins["n"] / bins["n"].max(), color="#0072B2")
            ax.set_xlim(0.3, 1)
            ax.set_ylim(0, 1)
            ax.set_aspect(0.7)
            ax.set_title(f"{measure} (n = {entry['n']})")
            ax.set_xlabel(
                f"confidence\nerror {entry['ece']:.3f} [{entry['ece_low']:.3f}, {entry['ece_high']:.3f}], "
                f"perfect {entry['ece_perfect']:.3f}"
            )
        axes[0].set_ylabel("share of right labels")
        finish(
            figure,
            f"Is the model {name} as often right as it is sure?".replace("  ", " "),
            "Development sets; calibrated on one half of the texts and judged on the "
            "other. Dots: mean confidence of a bin, their size the rows in it. Other domains may differ.",
        )
    return figure


def plot_speed(table: pd.DataFrame) -> Figure:
    """Pairs a second of each way of scoring, beside the stock pipeline.

    Parameters
    ----------
    table
        From ``benchmarks/speed.py``: ``part``, ``model``, ``what``, ``value``, ``unit``, ``ratio``, ``low``, ``high``.

    Examples
    --------
    >>> line = {"part": "speed", "model": "small", "what": "onnx", "value": 300, "unit": "pairs/s", "ratio": 5,
    ...         "low": 4.8, "high": 5.1}
    >>> plot_speed(pd.DataFrame([line])).axes[0].get_title(loc="left")
    'small'
    """
    rows = table[(table["part"] == "speed") & (table["unit"] == "pairs/s")]
    models = list(dict.fromkeys(rows["model"]))
    with style():
        figure = Figure(figsize=(7, 2.6))
        for ax, model in zip(figure.subplots(1, len(models), squeeze=False)[0], models, strict=True):
            mine = rows[rows["model"] == model]
            y = np.arange(len(mine))
            colours = [OKABE_ITO[5] if what.startswith("stock") else OKABE_ITO[1] for what in mine["what"]]
            ax.barh(y, mine["value"], color=colours, height=0.6)
            for at, value, ratio, low, high in zip(
                y, mine["value"], mine["ratio"], mine["low"], mine["high"], strict=True
            ):
                ax.text(value, at, f" {value:.0f}/s, {ratio:.1f}× [{low:.1f}, {high:.1f}]", va="center", fontsize=7)
            ax.set_yticks(y, mine["what"])
            ax.tick_params(axis="y", length=0)
            ax.set_ylim(len(mine) - 0.5, -0.5)
            ax.set_xlim(0, mine["value"].max() * 1.75)
            ax.set_title(model, fontsize=9)
            ax.set_xlabel("pairs a second, one core")
        finish(
            figure,
            "Scoring speed beside the stock zero-shot pipeline",
            "Same weights, pairs and core, taking turns. ×: times the faster stock way, median and range over turns. "
            "stock and torch compute in float32, onnx in int8.",
        )
    return figure
