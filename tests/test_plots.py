import numpy as np
import pandas as pd
import pytest

from stance import plots
from stance.contrasts import contrast, count_roles, framing_table, summarize
from stance.measures import score_sentiment, score_stance
from stance.results import _rendered
from stance.tables import segments_frame, to_frame


@pytest.fixture
def drawn(sample_segments, codebook, fake_model):
    """Every figure with its table."""
    labels = codebook.labels
    scores = to_frame(score_stance(sample_segments, codebook.target(), fake_model))
    sentiment = to_frame(score_sentiment(sample_segments, fake_model))
    frame = segments_frame(sample_segments)
    statements = framing_table(scores, segments_frame(sample_segments), ["kremlin", "white_house", "kyiv"])
    counts = count_roles(frame)
    return {
        "presence": (plots.plot_presence(frame, labels), frame),
        "roles": (plots.plot_roles(counts, labels), counts),
        "matrix": (plots.plot_matrix(sentiment, labels), sentiment),
        "stance": (plots.plot_stance(scores, labels, "the talks"), scores),
        "framings": (plots.plot_framings(statements, labels, "the talks"), statements),
        "contrast": (plots.plot_contrast(contrast(scores), labels), contrast(scores)),
    }


def texts(figure):
    import matplotlib.text

    return [t.get_text() for t in figure.findobj(matplotlib.text.Text) if t.get_text()]


def test_every_figure_has_a_title_and_says_what_it_rests_on(drawn):
    for name, (figure, _) in drawn.items():
        assert figure.get_suptitle().strip(), name
        assert figure.get_supxlabel().strip(), name
    for name in ("presence", "matrix", "stance", "framings"):
        assert "One text, n = " in drawn[name][0].get_supxlabel().replace("\n", " "), name


def test_every_scored_segment_is_a_dot(drawn):
    figure, scores = drawn["stance"]
    dots = sum(len(c.get_offsets()) for ax in figure.axes for c in ax.collections if c.get_sizes()[0] == 20)
    assert dots == scores.dropna(subset=["net", "actor"]).shape[0]


def test_means_are_where_the_table_says(drawn):
    figure, scores = drawn["stance"]
    diamonds = [float(c.get_offsets()[0][0]) for c in figure.axes[0].collections if c.get_sizes()[0] == 52]
    expected = summarize(scores).query("role == 'source'")["mean"]
    assert np.allclose(sorted(diamonds), sorted(expected))


def test_counts_stand_in_the_figure(drawn):
    figure, counts = drawn["roles"]
    assert str(counts["speaks"].max()) in texts(figure)


def test_the_framings_show_the_evidence(drawn):
    figure, statements = drawn["framings"]
    shown = " ".join(texts(figure)).replace("\n", " ")
    assert "personal victory" in shown
    assert len(figure.axes) == statements["actor"].nunique()


def test_matrix_cells_without_a_segment_are_empty_not_zero(drawn):
    assert "·" in texts(drawn["matrix"][0])


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_figures_are_byte_stable(drawn, kind):
    for figure, _ in drawn.values():
        assert _rendered(figure, kind) == _rendered(figure, kind)


def test_dollar_signs_are_not_mathematics(codebook):
    statement = {
        "document": "d",
        "actor": "kremlin",
        "entity": "P",
        "cue": "said",
        "text": "$5 and $6 <b>",
        "label": "favor",
        "net": 0.1,
    }
    table = pd.DataFrame([statement | {"net_min": 0, "net_max": 0.2, "n_statements": 1, "mean": 0.1}])
    assert _rendered(plots.plot_framings(table, codebook.labels), "png")


def test_actors_keep_their_colour(codebook):
    assert len(set(plots.colours(codebook.labels).values())) == len(codebook.labels) + 1


def test_nothing_to_draw_is_said_in_the_figure(codebook):
    empty = pd.DataFrame(columns=["document", "voice", "target", "net", "role", "actor"])
    for figure in (
        plots.plot_matrix(empty, codebook.labels),
        plots.plot_contrast(empty, codebook.labels),
        plots.plot_framings(empty, codebook.labels),
    ):
        assert any(word in " ".join(texts(figure)) for word in ("No passage", "Fewer than two", "No actor"))


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


def test_a_timeline_shows_every_mean_and_interval_where_it_is(codebook):
    figure = plots.plot_timeline(TIMELINE, codebook.labels, "the talks")
    stance_panel = figure.axes[0]
    headings = [panel.get_title(loc="left") for panel in figure.axes]
    assert headings == ["Stance toward the talks", "Kyiv: sentiment toward"]
    diamonds, lines = (
        [c for c in stance_panel.collections if hasattr(c, "get_segments") == lines] for lines in (False, True)
    )
    means = [float(y) for c in diamonds for _, y in c.get_offsets() if not np.ma.is_masked(y) and not np.isnan(y)]
    assert means == [0.2, -0.4, -0.1]
    drawn = [
        s[:, 1].tolist() for c in lines for s in map(np.asarray, c.get_segments()) if s.size and not np.isnan(s).any()
    ]
    assert drawn == [[0.1, 0.3], [-0.2, 0.0]]


def test_a_timeline_says_how_many_documents_and_where_they_are_too_few(codebook):
    shown = texts(plots.plot_timeline(TIMELINE, codebook.labels))
    for words in ("n = 30", "7: insufficient data", "25: no spread, so no interval", "n = 41", "0: insufficient data"):
        assert words in shown


def test_points_of_one_period_do_not_hide_each_other(codebook):
    panel = plots.plot_timeline(TIMELINE, codebook.labels).axes[0]
    offsets = [np.ma.filled(c.get_offsets(), np.nan) for c in panel.collections if not hasattr(c, "get_segments")]
    places = [round(float(x), 3) for x, _ in np.concatenate(offsets) if not np.isnan(x)]
    assert places
    assert len(set(places)) == len(places)


def test_a_timeline_of_nothing_says_so(codebook):
    assert any("No document" in t for t in texts(plots.plot_timeline(TIMELINE[:0], codebook.labels)))


def test_drawing_anew_gives_the_same_bytes(sample_segments, codebook, fake_model):
    """The layout's solver differs in the last digits from one figure to the next."""
    scores = to_frame(score_stance(sample_segments, codebook.target(), fake_model))
    statements = framing_table(scores, segments_frame(sample_segments), ["kremlin", "white_house", "kyiv"])
    drawn = {_rendered(plots.plot_framings(statements, codebook.labels), "svg") for _ in range(8)}
    assert len(drawn) == 1
