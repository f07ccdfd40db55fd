"""What all figures share: type, colours, title, note, and words for those who cannot see them."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files

import matplotlib
import matplotlib.style
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize, to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox, ScaledTranslation

from stance.schema import NARRATOR

WIDE, NARROW = 16.0, 8.0
"""Width of a figure in cm: across the page, and of one column."""
OKABE_ITO = ("#D55E00", "#0072B2", "#E69F00", "#009E73", "#56B4E9", "#CC79A7", "#999933", "#882255")
"""One colour for each actor, in the codebook's order; distinguishable with colour-blind eyes."""
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "p")
GLYPHS = "●■◆▲▼✚✖⬟"
"""One shape for each actor, beside the colour: as a mark, and in words."""
_LEGIBLE = 4.5
"""Least contrast of words with a white page: WCAG 2.2, level AA."""
GREY, PALE, RULE = "#555555", "#eeeeee", "#999999"
ROLES = {"source": "speaks", "mention": "is spoken about"}

_STYLE = str(files("stance") / "plots" / "stance.mplstyle")
_CM = 1 / 2.54
_POINT = 2.54 / 72
_TITLE, _NOTE = 1.2, 0.833
"""Sizes of large and small type, as multiples of the usual."""
SMALL = _NOTE
_LETTER = 0.54
"""Mean width of a letter, as a share of the size of type."""


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
        matplotlib.rcParams["font.size"] = text_size(width)
        yield


def text_size(width: float) -> float:
    """The usual size of type, in points, of a figure of this width in cm."""
    return 7.2 if is_narrow(width) else 8.6


def letter(size: float) -> float:
    """The mean width of a letter in cm, in type of ``size`` points."""
    return _LETTER * size * _POINT


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
        figure.get_layout_engine().set(h_pad=0.06, w_pad=0.06)  # type: ignore[union-attr, call-arg]
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
    most = int((width - 0.6) / letter(size))
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

    Parameters
    ----------
    names
        ``codebook.names``: the order decides. Two studies with actors in common
        show them alike if both are given ``{**first.names, **second.names}``.

    Examples
    --------
    >>> colours({"kremlin": "Kremlin"})
    {'kremlin': '#D55E00', 'narrator': '#555555'}
    """
    palette = {actor: OKABE_ITO[i % len(OKABE_ITO)] for i, actor in enumerate(names)}
    return {**palette, NARRATOR: GREY}


def marks(names: Mapping[str, str]) -> dict[str, str]:
    """The mark of each actor, as matplotlib names it; where colours come round again, marks move on by one.

    Examples
    --------
    >>> marks({"kremlin": "Kremlin", "kyiv": "Kyiv"})
    {'kremlin': 'o', 'kyiv': 's'}
    """
    rounds = len(OKABE_ITO)
    return {actor: MARKERS[(i + i // rounds) % len(MARKERS)] for i, actor in enumerate(names)}


def glyphs(names: Mapping[str, str]) -> dict[str, str]:
    """The mark of each actor as a sign among words.

    Examples
    --------
    >>> glyphs({"kremlin": "Kremlin", "kyiv": "Kyiv"})
    {'kremlin': '●', 'kyiv': '■'}
    """
    return {actor: GLYPHS[MARKERS.index(marker)] for actor, marker in marks(names).items()}


def legible(colour: str) -> str:
    """A colour for words on white: as it is, or darker until it can be read.

    Examples
    --------
    >>> legible("#0072B2"), legible("#E69F00")
    ('#0072b2', '#9c6c00')
    """
    for share in range(100, 0, -1):
        parts = [part * share / 100 for part in to_rgb(colour)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        if 1.05 / (luminance + 0.05) >= _LEGIBLE:
            return to_hex((parts[0], parts[1], parts[2]))
    return "#000000"


def diverging() -> Colormap:
    """From against (red) over 0 (white) to favor (blue), in steps that look even: Crameri's vik, turned round."""
    from cmcrameri import cm

    return cm.vik_r


def shades(steps: int) -> list[str]:
    """Colours from against to favor, as pages write them.

    Parameters
    ----------
    steps
        How many beside the first.

    Examples
    --------
    >>> shades(2)[1]
    '#ebe6e2'
    """
    from matplotlib.colors import to_hex

    return [to_hex(diverging()(i / steps)) for i in range(steps + 1)]


def brief(names: Mapping[str, str], width: float) -> dict[str, str]:
    """Labels on one line, cut where they are too long for a figure of this width in cm.

    Labels that begin alike are cut in the middle, so that they can be told apart.

    Examples
    --------
    >>> brief({"un": "United  Nations Security Council"}, 8)
    {'un': 'United Nations Se…'}
    """
    most = 18 if is_narrow(width) else 26
    lines = {key: " ".join(label.split()) for key, label in names.items()}
    cut = {key: line if len(line) <= most else f"{line[: most - 1].rstrip()}…" for key, line in lines.items()}
    shared = {label for label, n in Counter(cut.values()).items() if n > 1}
    half = most // 2
    return {
        key: f"{lines[key][:half].rstrip()}…{lines[key][half + 1 - most :].lstrip()}"
        if label in shared and len(lines[key]) > most
        else label
        for key, label in cut.items()
    }


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


def name_rows(ax: Axes, names: Iterable[str]) -> None:
    """Rows from top to bottom, named at the left, without an axis line."""
    names = list(names)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.45, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def actor_rows(ax: Axes, names: Mapping[str, str], actors: Iterable[str]) -> None:
    """Rows of actors: beside each name the mark and the colour that the actor has in every figure.

    Parameters
    ----------
    ax
        Where the rows are.
    names
        All actors with their names, in the codebook's order.
    actors
        Those that have a row.
    """
    actors = list(actors)
    name_rows(ax, [names[a] for a in actors])
    ax.tick_params(axis="y", pad=13)
    beside = ScaledTranslation(-7 / 72, 0, ax.get_figure().dpi_scale_trans)  # type: ignore[union-attr]
    for row, actor in enumerate(actors):
        ax.plot(
            [0], [row], marker=marks(names)[actor], color=colours(names)[actor], markersize=4.6, markeredgewidth=0,
            linestyle="none", clip_on=False, transform=ax.get_yaxis_transform() + beside,
        )  # fmt: skip
