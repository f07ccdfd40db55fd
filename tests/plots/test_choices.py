"""The specification curve: options are told apart, strokes stay apart, and nothing to draw is said."""

import numpy as np
import pandas as pd
import pytest

from stance import plots
from stance.plots.choices import _named, plot_multiverse


def curve_of(n, models=("base@2ec5eb3ab944/torch", "small@0d/torch")):
    rows = pd.DataFrame(
        {"target": "t", "a": "x", "b": "y", "estimator": "naive", "low": np.nan, "high": np.nan}, range(n)
    )
    return rows.assign(estimate=np.linspace(-0.2, 0.5, n), model=np.resize(models, n), default=rows.index == 0)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["{actor} supports {target}.", "{actor} is against {target}."], ["supports …", "is against …"]),
        (["base@2ec5eb3ab944/torch", "small@0d/torch"], ["base", "small"]),
        (["base@2ec5eb3ab944/torch", "base@0d/torch"], ["base@2ec5eb3ab944/tor…", "base@0d/torch"]),
        ([0.0, 0.25], ["any", "0.25"]),
        (["a rather long question on it, once", "a rather long question on it, twice"],
         ["a rathe…on on it, once", "a rathe…n on it, twice"]),
    ],
)  # fmt: skip
def test_options_are_told_apart(options, named):
    assert list(_named(options, 22).values()) == named


def test_the_curve_has_most_of_the_width_and_its_strokes_stay_apart():
    for width in (plots.NARROW, plots.WIDE):
        figure = plot_multiverse(curve_of(240), "x", "y", {"x": "X", "y": "Y"}, width=width)
        above, below = figure.axes
        assert above.get_position().width > 0.6
        left, right = below.get_xlim()
        per = below.get_window_extent().width / (right - left) * 72 / figure.dpi
        strokes = [w for lines in below.collections for w in lines.get_linewidths()]
        assert strokes and max(strokes) < per


def test_nothing_to_draw_is_said():
    none = pd.DataFrame(columns=["target", "a", "b"])
    assert "no two groups" in plots.alt_text(plot_multiverse(none, None, None, {}))
    empty = curve_of(4).assign(estimate=np.nan)
    assert "leaves statements on both sides" in plots.alt_text(plot_multiverse(empty, "x", "y", {}))
