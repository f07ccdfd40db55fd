"""Framings side by side: what each actor is reported to say, and which frames it uses."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stance.numbers import signed
from stance.plots.looks import (
    GREY,
    PALE,
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
    name_rows,
    nothing,
    size_of,
    text_size,
)  # fmt: skip
from stance.text.syntax import introduction

_LINE = 0.34
"""Height of a line of a statement, in cm."""


def plot_framings(
    statements: pd.DataFrame, names: Mapping[str, str], target: str = "the target", width: float = WIDE
) -> Figure:
    """Framings side by side: what each actor is reported to say, and how far it is from zero.

    Parameters
    ----------
    statements
        From :func:`stance.analysis.framing_table`.
    names
        ``codebook.names``.
    target
        How the title names the target.
    width
        In cm, from 6 to 60.

    Examples
    --------
    >>> statements = pd.DataFrame({"document": ["d"], "actor": ["a"], "entity": ["A"], "cue": ["said"], "text": ["yes"],
    ...                            "net": [.5], "net_min": [.4], "net_max": [.6], "n_statements": [1], "mean": [.5]})
    >>> len(plot_framings(statements, {"a": "A"}).axes)
    1
    """
    title = f"What each side is reported to say, and its stance toward {target}"
    actors = list(dict.fromkeys(statements["actor"]))
    if not actors:
        return nothing(title, "No actor of the codebook is reported to say anything.", width)
    statements = statements.assign(reading=statements.get("reading", statements["net"]))
    hollow = "; hollow: does not take the target up, and counts in no mean" if statements["net"].isna().any() else ""
    alike = statements["net"].notna() & statements.duplicated(["document", "actor", "net"], keep=False)
    shared = " Equal bars of one side: one sentence, which the model reads as a whole." if alike.any() else ""
    note = (
        "Bar: net = P(favor) − P(against), as the model reads it; line: range over wordings, no "
        f"interval{hollow}. The words are the cue and the statement, chosen by the author of the text."
        f"{shared} {size_of(statements)} shown."
    )
    columns, most = (34, 5) if is_narrow(width) else (int(58 * width / WIDE), 3)
    quoted = {i: _quoted(s, columns, most) for i, s in statements.iterrows()}
    parts = {a: statements[statements["actor"] == a] for a in actors}
    lines = {i: max(2, words.count("\n") + 1) for i, words in quoted.items()}
    heights = [sum(0.18 + _LINE * lines[i] for i in part.index) for part in parts.values()]
    body = 1.0 + sum(heights) + (1.15 if is_narrow(width) else 0.8) * len(actors)
    words = (f"{names.get(s['actor'], s['actor'])}: {_value(s)}, {quoted[i]}" for i, s in statements.iterrows())
    with canvas(width, body, title, note, (" ".join(text.split()) + "." for text in words)) as figure:
        axes = figure.subplots(len(actors), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
        for ax, actor in zip(axes, actors, strict=True):
            _side(ax, parts[actor], quoted, colours(names).get(actor, GREY), 1.9 if is_narrow(width) else 1.56)
            shown, total = int(parts[actor]["net"].notna().sum()), parts[actor]["n_statements"].iat[0]
            count = f"n = {total}" if shown == total else f"the {shown} of n = {total} farthest from 0"
            mean = f", mean {signed(parts[actor]['mean'].iat[0])}" if total else ""
            heading = f"{glyphs(names).get(actor, '')} {names.get(actor, actor)}  ({count}{mean})".lstrip()
            if is_narrow(width):  # the count has a line of its own
                heading = heading.replace("  (", "\n(", 1)
            ax.set_title(heading, color=legible(colours(names).get(actor, GREY)))
        axes[-1].set_xlim(-1.02, 4.6 if is_narrow(width) else 4.0)
        axes[-1].set_xticks([-1, 0, 1], ["against\n−1", "0", "favor\n+1"])
    return figure


def _quoted(statement: pd.Series, columns: int, most: int) -> str:
    """Who says what, in lines; cut where there are more than ``most``."""
    said = statement["text"].removeprefix("that ")
    speaker = introduction(statement["entity"], statement["cue"] if isinstance(statement["cue"], str) else "")
    return "\n".join(textwrap.wrap(f"{speaker}: {said}", columns, max_lines=most, placeholder=" …"))


def _value(statement: pd.Series) -> str:
    """The net score in words, or that there is none."""
    return "not taken up" if pd.isna(statement["net"]) else signed(statement["net"])


def _side(ax: Axes, mine: pd.DataFrame, quoted: Mapping, colour: str, left: float) -> None:
    for row, (i, statement) in enumerate(mine.iterrows()):
        if pd.isna(statement["net"]):
            ax.barh(row, statement["reading"], color="none", edgecolor=colour, linewidth=0.9, height=0.5)
            ax.text(1.06, row, "not taken\nup", va="center", fontsize="x-small", color=GREY, linespacing=0.95)
        else:
            ax.barh(row, statement["net"], color=colour, height=0.5, alpha=0.85)
            ax.plot([statement["net_min"], statement["net_max"]], [row, row], color="black", linewidth=0.9)
            ax.text(1.06, row, signed(statement["net"]), va="center", fontweight="bold", fontsize="small")
        ax.text(left, row, quoted[i], va="center", fontsize="small", linespacing=1.15)
    ax.axvline(0, color=RULE, linewidth=0.7)
    name_rows(ax, [""] * len(mine))
    ax.spines["bottom"].set_bounds(-1, 1)


_KEY, _SHARE = 5, 0.72
"""Characters that the mark of a key takes, and the share of the width that is left beside the names of frames."""


def plot_frames(
    profile: pd.DataFrame, names: Mapping[str, str], frames: Mapping[str, str] | None = None, width: float = WIDE
) -> Figure:
    """Frame profile: how likely the statements of each actor hold each frame, on the mean.

    Parameters
    ----------
    profile
        From :func:`stance.frame_profile`.
    names
        ``codebook.names``.
    frames
        How frames are named, by id.
    width
        In cm, from 6 to 60.

    Returns
    -------
    matplotlib.figure.Figure
        A panel for each set of frames, a row for each frame, a mark for each
        actor. Always called exploratory.

    Examples
    --------
    >>> profile = pd.DataFrame({"set": ["talks"], "frame": ["risk"], "actor": ["a"], "n": [3], "present": [.4]})
    >>> plot_frames(profile, {"a": "A"}, {"risk": "Risk"}).axes[1].get_yticklabels()[0].get_text()
    'Risk'
    """
    title, names = "Frames in what each actor is reported to say (exploratory)", brief(names, width)
    known = profile[profile["actor"].isin(list(names)) & profile["present"].notna()]
    if known.empty:
        return nothing(title, "No statement of an actor of the codebook was read for frames.", width)
    titles = {frame: (frames or {}).get(frame, frame) for frame in known["frame"]}
    actors = [a for a in names if a in set(known["actor"])]
    sets = {name: list(dict.fromkeys(part["frame"])) for name, part in known.groupby("set", sort=False)}
    note = (
        "Mark: mean probability that a statement holds the frame, as a model reads it that was never tested on frames: "
        "exploratory, no labelled sample. Line: range over wordings, no interval. n: statements of the actor."
    )
    words = (f"{names[r.actor]}, {titles[r.frame]}: {r.present:.2f}, n = {r.n}." for r in known.itertuples())
    rows = sum(map(len, sets.values()))
    longest = max(len(f"{names[a]} (n = 000)") for a in actors) + _KEY
    fitting = int(_SHARE * width / (longest * letter(SMALL * text_size(width))))
    columns = 1 if is_narrow(width) else max(1, min(3, fitting))
    key = -(-len(actors) // columns)
    with canvas(width, 1.6 + 0.5 * key + 0.9 * len(sets) + 0.56 * rows, title, note, words) as figure:
        heights = [0.9 * key, *(len(part) for part in sets.values())]
        legend, *axes = figure.subplots(1 + len(sets), 1, squeeze=False, height_ratios=heights)[:, 0]
        for ax, (name, part) in zip(axes, sets.items(), strict=True):
            _profile(ax, known, actors, names, part)
            name_rows(ax, ["\n".join(textwrap.wrap(titles[f], 22 if is_narrow(width) else 30)) for f in part])
            ax.set_title(str(name))
            ax.set_xlim(-0.02, 1.02)
        axes[-1].set_xlabel("mean P(present)")
        legend.axis("off")
        key_box = legend.legend(
            *axes[0].get_legend_handles_labels(), loc="center left", ncols=columns, handletextpad=0.2
        )
        key_box.set_in_layout(False)
    return figure


def _profile(ax: Axes, known: pd.DataFrame, actors: list[str], names: Mapping[str, str], frames: list[str]) -> None:
    shifts = min(0.13, 0.8 / len(actors)) * (np.arange(len(actors)) - (len(actors) - 1) / 2)
    for row in range(len(frames)):
        ax.axhline(row, color=PALE, zorder=0)
    for actor, shift in zip(actors, shifts, strict=True):
        mine = known[known["actor"] == actor]
        rows = mine.drop_duplicates("frame").set_index("frame").reindex(frames)
        y = np.arange(len(frames)) + shift
        if "wordings_low" in rows:
            ax.hlines(y, rows["wordings_low"], rows["wordings_high"], color=colours(names)[actor], linewidth=0.9)
        ax.scatter(rows["present"], y, s=24, marker=marks(names)[actor],
                   color=colours(names)[actor], edgecolor="white", linewidth=0.4, zorder=3,
                   label=f"{names[actor]} (n = {mine['n'].max()})")  # fmt: skip
