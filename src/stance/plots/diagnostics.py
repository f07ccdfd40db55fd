"""Figures about a model rather than a text: is it calibrated, does it dislike a name, how fast is it?"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from stance.numbers import signed
from stance.plots.looks import GREY, OKABE_ITO, RULE, WIDE, canvas, is_narrow, name_rows
from stance.validation.audit import spread

_WIDEST = 0.3
"""Half the width of the axis of shifts, so that figures of two models can be laid side by side."""
_FILLS = {"filled": "#333333", "hollow": "white", "pale": "#bbbbbb"}
"""What tells groups of names apart: no colours, which belong to actors."""
_MEASURES = {"stance": "Stance of the name toward the talks", "sentiment": "Sentiment toward the name"}


def plot_audit(table: pd.DataFrame, model: str = "", width: float = WIDE) -> Figure:
    """Mean net of neutral sentences under each name.

    Parameters
    ----------
    table
        From :func:`stance.validation.audit_names`.
    model
        The model's name, for the note.
    width
        In cm, from 6 to 60.

    Examples
    --------
    >>> line = {"measure": "stance", "group": "invented", "name": "Ada", "n": 80, "net": .01, "sd": .02,
    ...         "shift": 0, "shift_low": -.01, "shift_high": .01}
    >>> plot_audit(pd.DataFrame([line])).axes[0].get_yticklabels()[0].get_text()
    'Ada'
    """
    measures = list(dict.fromkeys(table["measure"]))
    groups = list(dict.fromkeys(table["group"]))
    apart = ", ".join(f"{measure} {value:.3f}" for measure, value in spread(table).items())
    fills = dict(zip(groups, itertools.cycle(_FILLS), strict=False))
    which = "; ".join(
        f"{fill}: {' and '.join(g for g in groups if fills[g] == fill)}" for fill in dict.fromkeys(fills.values())
    )
    note = (
        f"One wording. {which.capitalize()}. Bars: 95 % of the name's own shift. Dotted: mean over names. Largest "
        f"minus smallest: {apart}."
    )
    words = (f"{row.name}, {row.measure}: {signed(row.net)}." for row in table.itertuples(index=False))
    reach = max(_WIDEST, float((table["net"].abs() + (table["shift_high"] - table["shift"])).max()) * 1.1)
    panels = (len(measures), 1) if is_narrow(width) else (1, len(measures))
    body = panels[0] * (1.9 + 0.46 * table["name"].nunique())
    title = "The same neutral sentences under different names"
    with canvas(width, body, title, f"{note} {model}", words) as figure:
        axes = figure.subplots(*panels, sharey=True, squeeze=False).ravel()
        for ax, measure in zip(axes, measures, strict=True):
            rows = table[table["measure"] == measure].reset_index(drop=True)
            y = np.arange(len(rows))
            ax.axvline(0, color=RULE, linewidth=0.8)
            ax.axvline(rows["net"].mean(), color=RULE, linewidth=0.8, linestyle=":")
            half = rows["shift_high"] - rows["shift"]
            ax.hlines(y, rows["net"] - half, rows["net"] + half, colors=GREY, linewidth=2)
            faces = [_FILLS[fills[group]] for group in rows["group"]]
            ax.scatter(rows["net"], y, s=20, color=faces, edgecolor="#333333", linewidth=0.9, zorder=3)
            name_rows(ax, rows["name"])
            ax.set_xlim(-reach, reach)
            ax.set_title("\n".join(textwrap.wrap(_MEASURES.get(measure, measure), 28)))
            ax.set_xlabel(f"mean net of {rows['n'].iloc[0]} neutral sentences")
    return figure


def plot_reliability(calibration: Mapping[str, Mapping], name: str = "", width: float = WIDE) -> Figure:
    """Accuracy against confidence, one panel for each measure.

    Parameters
    ----------
    calibration
        By measure, as ``calibration.json`` holds it beside a model's weights.
    name
        The model's name, for the title.
    width
        In cm, from 6 to 60.

    Examples
    --------
    >>> bins = [{"low": .8, "high": .9, "confidence": .85, "accuracy": .8, "n": 40}]
    >>> entry = {"reliability": bins, "ece": .05, "ece_low": .02, "ece_high": .08, "ece_perfect": .03, "n": 40}
    >>> len(plot_reliability({"stance": entry}).axes)
    1
    """
    title = f"Is the model {name} as often right as it is sure?".replace("  ", " ")
    note = (
        "Development sets; calibrated on one half of the texts and judged on the other. Dots: mean confidence of a "
        "bin, their size the rows in it. Other domains may differ."
    )
    words = (
        f"{measure}: calibration error {e['ece']:.3f} [{e['ece_low']:.3f}, {e['ece_high']:.3f}], n = {e['n']}."
        for measure, e in calibration.items()
    )
    panels = (len(calibration), 1) if is_narrow(width) else (1, len(calibration))
    with canvas(width, 7 * panels[0], title, note, words) as figure:
        axes = figure.subplots(*panels, squeeze=False).ravel()
        for ax, (measure, entry) in zip(axes, calibration.items(), strict=True):
            bins = pd.DataFrame(entry["reliability"])
            width = bins["high"] - bins["low"]
            ax.bar(bins["low"], bins["accuracy"], width, align="edge", color="#56B4E9", edgecolor="white")
            ax.plot([0, 1], [0, 1], color=RULE, linewidth=0.8)
            ax.scatter(bins["confidence"], bins["accuracy"], s=4 + 120 * bins["n"] / bins["n"].max(), color="#0072B2")
            ax.set_xlim(0.3, 1)
            ax.set_ylim(0, 1)
            ax.set_aspect(0.7)
            ax.set_title(f"{measure} (n = {entry['n']})")
            ax.set_xlabel(
                f"confidence\nerror {entry['ece']:.3f} [{entry['ece_low']:.3f}, {entry['ece_high']:.3f}],\n"
                f"perfect {entry['ece_perfect']:.3f}"
            )
        axes[0].set_ylabel("share of right labels")
    return figure


def plot_speed(table: pd.DataFrame, width: float = WIDE) -> Figure:
    """Pairs a second of each way of scoring, beside the stock pipeline.

    Parameters
    ----------
    table
        From ``benchmarks/speed.py``: ``part``, ``model``, ``what``, ``value``, ``unit``, ``ratio``, ``low``, ``high``.
    width
        In cm, from 6 to 60.

    Examples
    --------
    >>> line = {"part": "speed", "model": "small", "what": "onnx", "value": 300, "unit": "pairs/s", "ratio": 5,
    ...         "low": 4.8, "high": 5.1}
    >>> plot_speed(pd.DataFrame([line])).axes[0].get_title(loc="left")
    'small'
    """
    rows = table[(table["part"] == "speed") & (table["unit"] == "pairs/s")]
    models = list(dict.fromkeys(rows["model"]))
    note = (
        "Same weights, pairs and core, taking turns. ×: times the faster stock way, median and range over turns. stock "
        "and torch compute in float32, onnx in int8."
    )
    words = (f"{r.model}, {r.what}: {r.value:.0f} pairs/s, {r.ratio:.1f} times." for r in rows.itertuples())
    panels = (len(models), 1) if is_narrow(width) else (1, len(models))
    with canvas(width, 4.6 * panels[0], "Scoring speed beside the stock zero-shot pipeline", note, words) as figure:
        for ax, model in zip(figure.subplots(*panels, squeeze=False).ravel(), models, strict=True):
            mine = rows[rows["model"] == model]
            stock = [what.startswith("stock") for what in mine["what"]]
            ax.barh(range(len(mine)), mine["value"], color=[OKABE_ITO[5 if s else 1] for s in stock], height=0.6)
            for at, row in enumerate(mine.itertuples()):
                times = f" {row.value:.0f}/s, {row.ratio:.1f}× [{row.low:.1f}, {row.high:.1f}]"
                ax.text(float(str(row.value)), at, times, va="center", fontsize="x-small")
            name_rows(ax, mine["what"])
            ax.set_xlim(0, mine["value"].max() * 1.9)
            ax.set_title(model)
            ax.set_xlabel("pairs a second, one core")
    return figure


def plot_draws(draws: pd.DataFrame, truth: float, width: float = WIDE) -> Figure:
    """Estimates of many samples beside the truth: what label error does, and what correcting it undoes.

    Parameters
    ----------
    draws
        One row per ``model``, sample and ``estimator``: ``estimate``, ``low``, ``high``.
    truth
        What all labels say.
    width
        In cm, from 6 to 60.

    Examples
    --------
    >>> draws = pd.DataFrame({"model": "m", "estimator": "DSL", "estimate": [.1, .2], "low": [0, .1], "high": .3})
    >>> plot_draws(draws, .12).axes[0].get_yticklabels()[0].get_text()
    'm, DSL'
    """
    parts = {
        f"{m}, {e}": part.reset_index(drop=True) for (m, e), part in draws.groupby(["model", "estimator"], sort=False)
    }
    names, shades = list(parts), list(dict.fromkeys(draws["estimator"]))
    held = {name: float(((p["low"] <= truth) & (truth <= p["high"])).mean()) for name, p in parts.items()}
    n = max(map(len, parts.values()))
    note = (
        f"Each dot an estimate from one of {n} samples; line: mean of their 95 % intervals; dashed: what all labels "
        "say. Right: how many intervals hold it."
    )
    words = (
        f"{name}: mean {signed(p['estimate'].mean())}, {held[name]:.0%} hold the truth." for name, p in parts.items()
    )
    title = "One contrast, labelled again and again"
    with canvas(width, 1.5 + 1.2 * len(names), title, note, words) as figure:
        ax = figure.add_subplot()
        ax.axvline(truth, color="black", linewidth=0.9, linestyle="--")
        for row, (name, part) in enumerate(parts.items()):
            colour = OKABE_ITO[1 + shades.index(part["estimator"].iat[0])]
            places = row - 0.3 + 0.4 * ((np.arange(len(part)) * 0.618034) % 1)  # spread evenly, without chance
            ax.scatter(part["estimate"], places, s=3, color=colour, alpha=0.5, linewidth=0)
            middle = part["estimate"].mean()
            half = (part["high"] - part["low"]).mean() / 2
            ax.plot([middle - half, middle + half], [row + 0.24] * 2, color=colour, linewidth=2)
            ax.scatter([middle], [row + 0.24], s=22, marker="D", color=colour, edgecolor="black", zorder=3)
            ax.text(1.01, row, f"{held[name]:.0%}", va="center", transform=ax.get_yaxis_transform(), fontsize="small")
        name_rows(ax, names)
        ax.set_xlabel("difference of mean net")
    return figure
