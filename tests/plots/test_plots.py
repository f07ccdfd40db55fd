import re

import matplotlib.colors
import matplotlib.text
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import stance
from stance import plots
from stance.analysis.contrasts import contrast, count_roles, summarize
from stance.analysis.evidence import framing_table
from stance.analysis.sentences import by_sentence
from stance.analysis.tables import segments_frame, to_frame
from stance.numbers import signed
from stance.plots.looks import GLYPHS, MARKERS, OKABE_ITO, brief, diverging, marks
from stance.results.manifest import _rendered
from stance.schema import StanceError
from stance.scoring.measures import score_sentiment, score_stance
from tests.support.fakes import FakeModel

WIDTHS = (plots.NARROW, plots.WIDE)


@pytest.fixture(scope="module")
def tables(sample_segments, codebook):
    fake_model = FakeModel()
    scores = to_frame(score_stance(sample_segments, codebook.target(), fake_model))
    frame = segments_frame(sample_segments)
    document = sample_segments[0].document
    return {
        "presence": by_sentence(document, sample_segments),
        "ribbon": by_sentence(document, sample_segments, scores),
        "roles": count_roles(frame),
        "matrix": to_frame(score_sentiment(sample_segments, fake_model)),
        "stance": scores,
        "framings": framing_table(scores, frame, ["kremlin", "white_house", "kyiv"]),
        "contrast": contrast(scores),
        "frames": profile("kremlin", "kyiv"),
        "timeline": TIMELINE,
    }


DRAW = {
    "presence": plots.plot_ribbon,
    "ribbon": plots.plot_ribbon,
    "roles": plots.plot_roles,
    "matrix": plots.plot_matrix,
    "stance": plots.plot_stance,
    "framings": plots.plot_framings,
    "contrast": plots.plot_contrast,
    "frames": plots.plot_frames,
    "timeline": plots.plot_timeline,
}


def profile(*actors):
    rows = [("case", "risk"), ("case", "law"), ("generic", "conflict")]
    return pd.DataFrame(
        [(s, f, a, 3, 0.1 + 0.2 * i) for s, f in rows for i, a in enumerate(actors)],
        columns=["set", "frame", "actor", "n", "present"],
    )


def cells(*rows):
    columns = ["measure", "holder", "target", "period", "n_documents", "mean", "low", "high", "note"]
    return pd.DataFrame(rows, columns=columns)


TIMELINE = cells(
    ("stance", "kremlin", "t", "early", 30, 0.2, 0.1, 0.3, ""),
    ("stance", "kremlin", "t", "late", 7, None, None, None, "insufficient data"),
    ("stance", "kyiv", "t", "early", 25, -0.4, None, None, "no spread, so no interval"),
    ("stance", "kyiv", "t", "late", 41, -0.1, -0.2, 0.0, ""),
    ("sentiment", "kyiv", "kremlin", "early", 33, -0.6, -0.8, -0.4, ""),
    ("sentiment", "kyiv", "kremlin", "late", 0, None, None, None, "insufficient data"),
)


@pytest.fixture(scope="module")
def figures(tables, codebook):
    return {name: draw(tables[name], codebook.names) for name, draw in DRAW.items()}


def texts(figure):
    return [t.get_text() for t in figure.findobj(matplotlib.text.Text) if t.get_text()]


def corpus(documents=25):
    """Two actors who each say two things in every document."""
    rng = np.random.default_rng(0)
    rows = [(f"d{d}", a) for d in range(documents) for a in ("kremlin", "kyiv") for _ in range(2)]
    table = pd.DataFrame(rows, columns=["document", "actor"]).assign(role="source", target="t")
    nets = rng.normal(0, 0.2, len(table)) + 0.3 * (table["actor"] == "kremlin")
    return table.assign(net=nets, net_min=nets - 0.05, net_max=nets + 0.05)


@pytest.mark.parametrize("name", DRAW)
def test_every_figure_has_a_title_a_note_and_words(figures, codebook, name):
    figure = figures[name]
    assert figure.get_suptitle().strip()
    assert figure.get_supxlabel().strip()
    alt = plots.alt_text(figure)
    assert alt.startswith(" ".join(figure.get_suptitle().split()))
    assert codebook.names["kremlin"] in alt and re.search(r"\d", alt)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", DRAW)
def test_nothing_is_cut_off_or_written_over_something_else(tables, codebook, name, width):
    figure = DRAW[name](tables[name], codebook.names, width=width)
    assert figure.get_size_inches()[0] * 2.54 == pytest.approx(width)
    drawer, page = FigureCanvasAgg(figure).get_renderer(), figure.bbox.padded(2)
    places = [(text.get_text(), text.get_window_extent(drawer)) for text in written(figure)]
    for words, box in places:
        assert page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1, words
    headings = {figure.get_suptitle(), figure.get_supxlabel()}
    kept_free = [(words, box.padded(-2)) for words, box in places if words in headings]
    for words, box in places:
        assert not [h for h, at in kept_free if h != words and at.overlaps(box.padded(-2))], words


def written(figure):
    """All words that are drawn; ticks outside an axis's limits are not."""
    texts = [*figure.texts, figure._suptitle, figure._supxlabel]
    for ax in figure.axes:
        texts += [*ax.texts, ax._left_title, ax.xaxis.label, ax.yaxis.label]
        texts += ax.get_legend().get_texts() if ax.get_legend() else []
        for axis in (ax.xaxis, ax.yaxis) if ax.axison else ():
            low, high = sorted(axis.get_view_interval())
            texts += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [text for text in texts if text.get_text().strip()]


@pytest.mark.parametrize("kind", ["png", "svg"])
@pytest.mark.parametrize("name", DRAW)
def test_figures_are_byte_stable(tables, figures, codebook, name, kind):
    """Drawn twice, and made anew: the layout's solver differs in the last digits from one figure to the next."""
    first = _rendered(figures[name], kind)
    assert first == _rendered(figures[name], kind)
    assert first == _rendered(DRAW[name](tables[name], codebook.names), kind)


def test_a_width_that_is_none(codebook):
    with pytest.raises(ValueError, match="'width' parameter of a figure is in cm, from 6 to 60. Got 600"):
        plots.plot_frames(profile("kremlin"), codebook.names, width=600)


@pytest.mark.parametrize("name", ["matrix", "stance", "framings"])
def test_figures_say_what_they_rest_on(figures, name):
    assert "One text, n = " in figures[name].get_supxlabel().replace("\n", " ")


def test_the_ribbon_has_a_box_for_every_sentence_an_actor_speaks_in(figures, tables):
    for name in ("presence", "ribbon"):
        boxes = list(figures[name].axes[0].patches)
        assert len(boxes) == (tables[name]["speaks"] > 0).sum()


def test_the_ribbon_points_where_the_stance_does(tables, figures):
    spoken = tables["ribbon"][tables["ribbon"]["speaks"] > 0]
    shapes = [len(c.get_paths()[0].vertices) for c in figures["ribbon"].axes[0].collections]
    assert len(shapes) == spoken["net"].notna().sum()
    turned = tables["ribbon"].assign(net=tables["ribbon"]["net"] * 0)
    round_ = plots.plot_ribbon(turned, {a: a for a in turned["actor"].dropna()}).axes[0].collections
    assert len({len(c.get_paths()[0].vertices) for c in round_}) == 1
    assert not figures["presence"].axes[0].collections


def test_every_scored_segment_is_a_dot(figures, tables):
    dots = sum(len(c.get_offsets()) for ax in figures["stance"].axes for c in ax.collections if c.get_sizes()[0] == 14)
    assert dots == tables["stance"].dropna(subset=["net", "actor"]).shape[0]


def test_means_are_where_the_table_says(figures, tables):
    marks = [float(c.get_offsets()[0][0]) for c in figures["stance"].axes[0].collections if c.get_sizes()[0] == 44]
    expected = summarize(tables["stance"]).query("role == 'source'")["mean"]
    assert np.allclose(sorted(marks), sorted(expected))


def test_an_interval_stands_beside_the_range_over_wordings_only_where_there_is_one(figures, codebook):
    table = corpus()
    for draw, given in ((plots.plot_stance, table), (plots.plot_contrast, contrast(table))):
        figure = draw(given, codebook.names)
        assert "95 % interval" in figure.get_supxlabel().replace("\n", " ")
        assert any(ax.containers for ax in figure.axes)
        assert "95 % interval" in plots.alt_text(figure)
    assert "q < .001" in texts(plots.plot_contrast(contrast(table), codebook.names))
    for name in ("stance", "contrast"):
        assert "95 %" not in figures[name].get_supxlabel().replace("\n", " ")
        assert not any(ax.containers for ax in figures[name].axes)


def test_many_differences_are_cut_and_it_is_said(codebook):
    rows = pd.DataFrame({"a": "kremlin", "b": "kyiv", "n_a": 2, "n_b": 2, "difference": np.linspace(1, 0, 20)})
    rows = rows.assign(role="source", wordings_low=-1.0, wordings_high=1.0)
    figure = plots.plot_contrast(rows, codebook.names)
    assert "The 15 largest of 20." in figure.get_supxlabel().replace("\n", " ")


def pairs(*rows):
    columns = ["a", "b", "n_a", "n_b", "difference"]
    return pd.DataFrame(rows, columns=columns).assign(role="source", wordings_low=-1.0, wordings_high=1.0)


def test_differences_are_ordered_by_size_and_pairs_with_one_statement_are_counted_not_drawn():
    names = {"x": "Ex", "y": "Why", "z": "Zed"}
    table = pairs(("x", "y", 3, 2, 0.2), ("x", "z", 3, 1, 1.9), ("y", "z", 1, 1, -1.0), ("z", "y", 2, 2, -0.9))
    figure = plots.plot_contrast(table, names)
    drawn = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert drawn == ["◆ Zed (n = 2)  minus  ■ Why (n = 2)", "● Ex (n = 3)  minus  ■ Why (n = 2)"]
    for words in (figure.get_supxlabel().replace("\n", " "), plots.alt_text(figure)):
        assert words.count("2 pairs with n = 1 on a side: in the table only.") == 1
    only = plots.plot_contrast(table[1:3], names)
    assert "No two actors make two statements each" in plots.alt_text(only) and "2 pairs" in plots.alt_text(only)
    assert "n = 1" not in figure_note(plots.plot_contrast(table[:1], names))


def figure_note(figure):
    return figure.get_supxlabel().replace("\n", " ")


def test_an_actor_has_one_colour_and_mark_in_every_figure(figures, codebook):
    """Kyiv is the third of the codebook, whichever actors a figure shows."""
    colour, marker = matplotlib.colors.to_rgba(plots.colours(codebook.names)["kyiv"]), "D"
    for name in ("presence", "ribbon", "roles", "stance"):
        ax = figures[name].axes[0]
        row = [label.get_text() for label in ax.get_yticklabels()].index("Kyiv")
        beside = [line for line in ax.lines if line.get_marker() == marker and line.get_ydata()[0] == row]
        assert [matplotlib.colors.to_rgba(line.get_color()) for line in beside] == [colour], name
    for name in ("framings", "timeline", "contrast"):
        assert any("◆ Kyiv" in text for text in texts(figures[name])), name


def test_two_studies_with_actors_in_common_show_them_alike(pytestconfig, codebook):
    other = stance.read_codebook(pytestconfig.rootpath / "studies/official_2022/codebook.yml")
    together = {**codebook.names, **other.names}
    for look in (plots.colours, marks):
        mine, joint = look(codebook.names), look(together)
        assert {a: joint[a] for a in codebook.names} == {a: mine[a] for a in codebook.names}
    assert together["white_house"] == other.names["white_house"]


@pytest.mark.parametrize("n", [9, 20, 40])
def test_colour_and_mark_together_are_an_actors_own(n):
    names = {f"a{i}": f"A{i}" for i in range(n)}
    assert len({(plots.colours(names)[a], marks(names)[a]) for a in names}) == n


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("periods", [3, 12, 24, 60])
def test_words_below_a_timeline_do_not_collide(codebook, width, periods):
    rows = [
        ("stance", a, "t", f"{2020 + i // 12}-{i % 12 + 1:02d}", 35 + i, 0.1, 0.0, 0.2, "")
        for a in ("kremlin", "white_house", "western_europe")
        for i in range(periods)
    ]
    figure = plots.plot_timeline(cells(*rows), codebook.names, width=width)
    drawer, ax = FigureCanvasAgg(figure).get_renderer(), figure.axes[0]
    low, high = ax.get_xlim()
    ticks = [t.label1 for t in ax.xaxis.get_major_ticks() if low <= t.get_loc() <= high]
    boxes = [(t.get_text(), t.get_window_extent(drawer).padded(-1)) for t in [*ax.texts, *ticks] if t.get_text()]
    assert len(boxes) > 6
    for i, (words, box) in enumerate(boxes):
        assert not [other for other, at in boxes[i + 1 :] if at.overlaps(box)], words


def test_labels_that_begin_alike_can_be_told_apart():
    names = {f"a{i}": f"Ministry of the Interior of Land {i}" for i in range(12)}
    assert len(set(brief(names, plots.NARROW).values())) == 12


def test_counts_stand_in_the_figure(figures, tables):
    assert str(tables["roles"]["speaks"].max()) in texts(figures["roles"])


def test_the_framings_show_the_evidence(figures, tables):
    shown = " ".join(texts(figures["framings"])).replace("\n", " ")
    assert "personal victory" in shown
    assert "personal victory" in plots.alt_text(figures["framings"])
    assert len(figures["framings"].axes) == tables["framings"]["actor"].nunique()


def test_matrix_cells_without_a_segment_are_empty_not_zero(figures):
    assert "·" in texts(figures["matrix"])


def test_frames_are_called_exploratory(figures):
    assert "exploratory" in figures["frames"].get_suptitle()
    assert [ax.get_title(loc="left") for ax in figures["frames"].axes[1:]] == ["case", "generic"]


@pytest.mark.parametrize("name", DRAW)
def test_markup_and_formulas_in_labels_are_words(tables, codebook, name):
    labels = {actor: f"<b>{label}</b> $x_1$ =1+1" for actor, label in codebook.names.items()}
    figure = DRAW[name](tables[name], labels)
    assert _rendered(figure, "png")
    assert b"<b>" not in _rendered(figure, "svg")


def test_dollar_signs_are_not_mathematics(codebook):
    table = pd.DataFrame(
        {
            "document": "d", "actor": "kremlin", "entity": "Putin", "cue": "said", "text": "it cost $5 and $x_$",
            "label": "favor", "net": [0.5], "net_min": 0.4, "net_max": 0.6, "n_statements": 1, "mean": 0.5,
        }
    )  # fmt: skip
    assert _rendered(plots.plot_framings(table, codebook.names), "png")


def test_every_actor_has_a_colour_and_a_shape_of_its_own(codebook):
    assert len(set(plots.colours(codebook.names).values())) == len(codebook.names) + 1
    assert len(set(MARKERS)) == len(MARKERS) == len(set(GLYPHS)) == len(OKABE_ITO)


def test_the_diverging_colours_are_even_on_both_sides():
    def lightness(share):
        red, green, blue, _ = diverging()(share)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    shares = np.linspace(0, 0.5, 11)
    low, high = (np.array([lightness(s) for s in side]) for side in (shares, 1 - shares))
    assert (np.diff(low) > 0).all() and (np.diff(high) > 0).all()
    assert np.abs(low - high).max() < 0.1


EMPTY = pd.DataFrame(
    columns=["document", "voice", "target", "net", "net_min", "net_max", "role", "actor", "sentence", "speaks"]
)


@pytest.mark.parametrize(
    ("draw", "table", "sentence"),
    [
        (plots.plot_ribbon, EMPTY, "No actor of the codebook comes up"),
        (plots.plot_roles, count_roles(EMPTY), "No actor of the codebook speaks"),
        (plots.plot_matrix, EMPTY, "No passage speaks about an actor"),
        (plots.plot_stance, EMPTY, "No segment of an actor"),
        (plots.plot_contrast, EMPTY, "Fewer than two actors speak"),
        (plots.plot_framings, EMPTY, "No actor of the codebook is reported"),
        (plots.plot_frames, profile(), "No statement of an actor"),
        (plots.plot_timeline, TIMELINE[:0], "No document falls into any period"),
    ],
)
def test_nothing_to_draw_is_said_in_the_figure(codebook, draw, table, sentence):
    figure = draw(table, codebook.names)
    assert sentence in " ".join(texts(figure)).replace("\n", " ")
    assert sentence in plots.alt_text(figure)


@pytest.mark.parametrize("net", [0.5, -1.0, 0.0])
def test_scores_that_are_all_equal_and_one_actor_are_drawn(codebook, net):
    one = corpus().query("actor == 'kyiv'").assign(net=net, net_min=net, net_max=net)
    assert _rendered(plots.plot_stance(one, codebook.names), "png")
    assert "Fewer than two" in plots.alt_text(plots.plot_contrast(contrast(one), codebook.names))


def test_a_timeline_shows_every_mean_and_interval_where_it_is(codebook):
    figure = plots.plot_timeline(TIMELINE, codebook.names, "the talks")
    stance_panel = figure.axes[0]
    headings = [panel.get_title(loc="left").replace("\n", " ") for panel in figure.axes]
    assert headings == ["Stance toward the talks", "Kyiv: sentiment toward"]
    marks, lines = (
        [c for c in stance_panel.collections if hasattr(c, "get_segments") == lines] for lines in (False, True)
    )
    means = [float(y) for c in marks for _, y in c.get_offsets() if not np.ma.is_masked(y) and not np.isnan(y)]
    assert means == [0.2, -0.4, -0.1]
    drawn = [
        s[:, 1].tolist() for c in lines for s in map(np.asarray, c.get_segments()) if s.size and not np.isnan(s).any()
    ]
    assert drawn == [[0.1, 0.3], [-0.2, 0.0]]


def test_a_timeline_says_how_many_documents_and_where_they_are_too_few(codebook):
    figure = plots.plot_timeline(TIMELINE, codebook.names)
    shown = texts(figure)
    for words in ("n = 30", "n = 7*", "n = 25†", "n = 41", "n = 0*"):
        assert words in shown
    note = figure.get_supxlabel().replace("\n", " ")
    assert "* insufficient data." in note and "† no spread, so no interval." in note


def test_points_of_one_period_do_not_hide_each_other(codebook):
    panel = plots.plot_timeline(TIMELINE, codebook.names).axes[0]
    offsets = [np.ma.filled(c.get_offsets(), np.nan) for c in panel.collections if not hasattr(c, "get_segments")]
    places = [round(float(x), 3) for x, _ in np.concatenate(offsets) if not np.isnan(x)]
    assert places
    assert len(set(places)) == len(places)


DATED = TIMELINE.assign(
    first_day=TIMELINE["period"].map({"early": "2022-01-01", "late": "2022-02-01"}),
    last_day=TIMELINE["period"].map({"early": "2022-01-10", "late": "2022-02-28"}),
)


def test_events_are_dotted_lines_where_their_day_lies(codebook):
    events = {"2022-02-15": "B", "2022-01-01": "A", "2022-01-20": "between"}
    figure = plots.plot_timeline(DATED, codebook.names, events=events)
    dotted = [float(line.get_xdata()[0]) for line in figure.axes[0].lines if line.get_linestyle() == ":"]
    assert dotted == [-0.5, 1.0]
    assert "1 A (2022-01-01); 2 B (2022-02-15)" in figure.get_supxlabel().replace("\n", " ")


@pytest.mark.parametrize(
    ("table", "date", "sentence"),
    [
        (TIMELINE, "2022-01-01", "Events need the columns first_day and last_day"),
        (DATED, "in spring", "must be written like 2022-02-24. Got 'in spring'"),
    ],
)
def test_events_without_days(codebook, table, date, sentence):
    with pytest.raises(StanceError, match=sentence):
        plots.plot_timeline(table, codebook.names, events={date: "A"})


def test_signs_are_true_minus_signs():
    assert signed(-0.456) == "−0.46"


def test_stance_toward_several_targets_is_never_pooled(tables, codebook):
    two = pd.concat([tables["stance"], tables["stance"].assign(target="war")])
    with pytest.raises(StanceError, match=r"several targets \(peace_talks, war\)"):
        plots.plot_stance(two, codebook.names)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("draw", [plots.plot_stance, plots.plot_contrast, plots.plot_matrix])
def test_many_actors_with_long_names_are_drawn_without_a_clash(draw, width):
    labels = {f"a{i}": f"Actor {i} of the\nlongest name there is" for i in range(30)}
    nets = np.linspace(-1, 1, 60)
    table = pd.DataFrame(
        {"actor": list(labels) * 2, "role": ["source"] * 30 + ["mention"] * 30, "document": "d", "net": nets}
    ).assign(net_min=nets - 0.1, net_max=nets + 0.1, voice=list(labels)[::-1] * 2)
    given = contrast(pd.concat([table, table])) if draw is plots.plot_contrast else table
    given = table.assign(target=table["actor"]) if draw is plots.plot_matrix else given
    figure = draw(given, labels, width=width)
    drawer, page = FigureCanvasAgg(figure).get_renderer(), figure.bbox.padded(2)
    for text in written(figure):
        box = text.get_window_extent(drawer)
        assert page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1, text.get_text()
    if draw is not plots.plot_stance:
        assert re.search(r"The \d+ (largest|most frequent) of \d+", figure.get_supxlabel().replace("\n", " "))


def test_what_does_not_take_the_target_up_is_drawn_hollow_and_counted_apart():
    table = pd.DataFrame(
        {
            "document": "d", "segment": ["d:a1", "d:a2"], "role": "source", "actor": "a", "entity": "Ann Lee",
            "text": ["that it helps", "of rain"], "label": ["favor", None], "net": [0.5, None], "net_min": [0.4, None],
            "net_max": [0.6, None], "p_favor": [0.6, 0.2], "p_against": [0.1, 0.1], "p_addressed": [0.9, 0.1],
            "reason": [None, "does not take it up"],
        }
    )  # fmt: skip
    segments = pd.DataFrame({"segment": ["d:a1", "d:a2"], "cue_text": ["said", "warning"]})
    figure = plots.plot_stance(table, {"a": "Ann"})
    assert "n = 1 of 2" in texts(figure)
    hollow = [c for c in figure.axes[0].collections if len(c.get_offsets()) and not len(c.get_facecolor())]
    assert len(hollow) == 1 and hollow[0].get_offsets()[0][0] == pytest.approx(0.1)
    listed = framing_table(table, segments, ["a"])
    assert listed[["text", "n_statements", "mean"]].to_numpy().tolist() == [
        ["that it helps", 1, 0.5],
        ["of rain", 1, 0.5],
    ]
    figure = plots.plot_framings(listed, {"a": "Ann"})
    assert [bar.get_facecolor()[3] for bar in figure.axes[0].patches] == [0.85, 0]
    shown = " ".join(texts(figure))
    assert "Ann Lee said: it helps" in shown and "Ann Lee, warning: of rain" in shown and "(n = 1, mean" in shown


SCORED = pd.DataFrame(
    [
        {"document": f"d{n}", "role": role, "actor": actor, "voice": actor, "outlet": outlet, "target": "kyiv",
         "date": f"2025-08-{1 + n:02}", "net": 0.1 * (n % 5)}
        for n in range(8)
        for role, actor, outlet in (("source", "kremlin", "Post"), ("mention", "kyiv", "Herald"))
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("by", "panels"),
    [
        ("actor", {"Stance toward the talks (speaking)", "Stance toward the talks (spoken about)"}),
        (
            ["actor", "outlet"],
            {"Stance toward the talks (speaking, Post)", "Stance toward the talks (spoken about, Herald)"},
        ),
        ("outlet", {"Stance toward the talks (speaking)", "Stance toward the talks (spoken about)"}),
        (["voice", "target"], {"Kremlin: sentiment toward (speaking)", "Kyiv: sentiment toward (spoken about)"}),
    ],
)
def test_a_timeline_is_drawn_as_it_is_made(codebook, by, panels):
    table = stance.timeline(SCORED, freq="W", by=by, least=2)
    figure = plots.plot_timeline(table, codebook.names, "the talks")
    assert {" ".join(ax.get_title("left").split()) for ax in figure.axes} == panels
    assert len(re.findall(r"\d documents", stance.alt_text(figure))) == table["mean"].notna().sum()


def test_a_timeline_says_which_column_it_lacks(codebook):
    with pytest.raises(StanceError, match="no column 'period'"):
        plots.plot_timeline(SCORED, codebook.names)
