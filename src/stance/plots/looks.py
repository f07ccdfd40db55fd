"""What all figures share: type, colours, title, note, and words for those who cannot see them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files

import matplotlib
import matplotlib.style
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from stance.schema import NARRATOR

WIDE, NARROW = 16.0, 8.0
"""Width of a figure in cm: across the page, and of one column."""
OKABE_ITO = ("#D55E00", "#0072B2", "#E69F00", "#009E73", "#56B4E9", "#CC79A7", "#999933", "#882255")
"""One colour for each actor, in the codebook's order; distinguishable with colour-blind eyes."""
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "p")
GLYPHS = "●■◆▲▼✚✖⬟"
"""One shape for each actor, beside the colour: as a mark, and in words."""
GREY, PALE, RULE = "#555555", "#eeeeee", "#999999"
ROLES = {"source": "speaks", "mention": "is spoken about"}

_STYLE = str(files("stance") / "plots" / "stance.mplstyle")
_CM = 1 / 2.54
_POINT = 2.54 / 72
_TITLE, _NOTE = 1.2, 0.833
"""Sizes of large and small type, as multiples of the usual."""


def is_narrow(width: float) -> bool:
    """Whether a figure of this width in cm is laid out for one column."""
    return width < 12


@contextmanager
def style(width: float = WIDE) -> Iterator[None]:
    """The look of every figure.

    Parameters
    ----------
    width
        In cm; narrow figures have smaller type.

    Examples
    --------
    >>> import matplotlib
    >>> with style():
    ...     matplotlib.rcParams["svg.hashsalt"] is None
    False
    """
    with matplotlib.style.context(_STYLE, after_reset=True):
        matplotlib.rcParams["font.size"] = 7.2 if is_narrow(width) else 8.6
        yield


@contextmanager
def canvas(width: float, body: float, title: str, note: str = "", alt: Iterable[str] = ()) -> Iterator[Figure]:
    """A figure to draw on, with title and note; once drawn, its layout is computed and kept.

    So drawing again changes nothing. The layout's solver is not exact to the last
    digit; positions are rounded.

    Parameters
    ----------
    width, body
        Width, and the height between title and note, in cm.
    title, note
        Wrapped to the width; the figure grows by the lines they take.
    alt
        Sentences for those who cannot see the figure, made from its table; see :func:`alt_text`.

    Raises
    ------
    ValueError
        If the width is not between 6 and 60 cm.
    """
    if not 6 <= width <= 60:
        raise ValueError(f"The 'width' parameter of a figure is in cm, from 6 to 60. Got {width!r}.")
    with style(width):
        size = matplotlib.rcParams["font.size"]
        heading, below = wrapped(title, width, size * _TITLE * 1.2), wrapped(note, width, size * _NOTE)
        lines = 1.3 * size * _POINT * (_TITLE * (heading.count("\n") + 1) + _NOTE * (below.count("\n") + bool(below)))
        figure = Figure(figsize=(width * _CM, (body + lines + 0.4) * _CM), layout="constrained", dpi=200)
        figure.get_layout_engine().set(h_pad=0.06, w_pad=0.04)  # type: ignore[union-attr, call-arg]
        texts = [
            figure.suptitle(heading, x=0.01, ha="left", va="top", linespacing=1.1),
            figure.supxlabel(below, x=0.01, ha="left", color=GREY),
        ]
        figure.set_label(" ".join([title.rstrip(".") + ".", *alt]))
        yield figure
        for _ in range(3):  # each time nearer to what words below axes need
            figure.draw_without_rendering()
        figure.set_layout_engine("none")
        for ax in figure.axes:
            ax.set_position(Bbox.from_bounds(*(round(float(value), 5) for value in ax.get_position().bounds)))
        for text in texts:
            x, y = text.get_position()
            text.set_position((round(x, 5), round(y, 5)))


def wrapped(text: str, width: float, size: float) -> str:
    """A text in lines that fit a width in cm, set in type of ``size`` points."""
    most = int((width - 0.3) / _POINT / (0.52 * size))
    return "\n".join(textwrap.wrap(" ".join(text.split()), max(10, most)))


def alt_text(figure: Figure) -> str:
    """What a figure shows, in words: its title and the numbers of its table.

    Parameters
    ----------
    figure
        Of this package; of others, nothing is known.

    Examples
    --------
    >>> alt_text(nothing("Who speaks", "Nobody speaks."))
    'Who speaks. Nobody speaks.'
    """
    return str(figure.get_label())


def nothing(title: str, sentence: str, width: float = WIDE) -> Figure:
    """A figure that says why there is nothing to draw."""
    with canvas(width, 1.6, title, alt=[sentence]) as figure:
        figure.text(0.5, 0.4, wrapped(sentence, width, 8.6), ha="center", va="center", color=GREY)
    return figure


def colours(names: Mapping[str, str]) -> dict[str, str]:
    """The colour of each actor; the narrator is grey.

    Examples
    --------
    >>> colours({"kremlin": "Kremlin"})
    {'kremlin': '#D55E00', 'narrator': '#555555'}
    """
    palette = {actor: OKABE_ITO[i % len(OKABE_ITO)] for i, actor in enumerate(names)}
    return {**palette, NARRATOR: GREY}


def diverging() -> Colormap:
    """From against (red) over 0 (white) to favor (blue), in steps that look even: Crameri's vik, turned round."""
    from cmcrameri import cm

    return cm.vik_r


def brief(names: Mapping[str, str], width: float) -> dict[str, str]:
    """Labels on one line, cut where they are too long for a figure of this width in cm.

    Examples
    --------
    >>> brief({"un": "United  Nations Security Council"}, 8)
    {'un': 'United Nations Se…'}
    """
    most = 18 if is_narrow(width) else 26
    lines = {key: " ".join(label.split()) for key, label in names.items()}
    return {key: line if len(line) <= most else f"{line[: most - 1].rstrip()}…" for key, line in lines.items()}


def ink(value: float) -> str:
    """The colour of words on a cell of that net score."""
    return "white" if abs(value) > 0.5 else "black"


def size_of(table: pd.DataFrame) -> str:
    """ "One text, n = 12 segments": what a figure rests on."""
    documents, segments = table["document"].nunique(), len(table)
    text = "One text" if documents == 1 else f"{documents} texts"
    return f"{text}, n = {segments} segment{'s' if segments != 1 else ''}"


def has_interval(row: pd.Series) -> bool:
    """Whether a row of a summary or contrast has an interval over documents."""
    return "low" in row and pd.notna(row["low"])


def scale_bar(figure: Figure, place: Axes, low: str, high: str) -> None:
    """The colours of net scores from −1 to +1, with what they mean at either end."""
    bar = figure.colorbar(ScalarMappable(Normalize(-1, 1), diverging()), cax=place)
    bar.set_ticks([-1, 0, 1], labels=[low, "0", high])
    bar.ax.tick_params(labelsize="small", length=2)
    bar.outline.set_visible(False)


def net_axis(ax: Axes, reach: float = 1.0) -> None:
    """A horizontal axis of net scores from against to favor."""
    ax.axvline(0, color=RULE, linewidth=0.7, zorder=1)
    ax.set_xticks([-1, 0, 1], ["against\n−1", "0", "favor\n+1"])
    ax.set_xlim(-1.05, reach)


def name_rows(ax: Axes, names: Iterable[str], colours: Iterable[str] = ()) -> None:
    """Rows from top to bottom, named at the left, without an axis line."""
    names = list(names)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.45, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    for label, colour in zip(ax.get_yticklabels(), colours, strict=False):
        label.set_color(colour)
