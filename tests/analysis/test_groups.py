"""Groups by any column, and the table that a regression takes."""

import numpy as np
import pandas as pd
import pytest

from stance.analysis.contrasts import contrast, summarize
from stance.analysis.regression import tidy
from stance.analysis.tables import to_frame
from stance.analysis.timelines import timeline
from stance.schema import Document, Score, Segment, Span, StanceError


def table_of(documents: int = 48, seed: int = 1) -> pd.DataFrame:
    """Two actors in each document, four outlets in turn; the second outlet half a point lower."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(documents):
        outlet = "abcd"[i % 4]
        for actor, shift in (("x", 0.3), ("y", -0.3)):
            net = shift + rng.normal(0, 0.1) - (0.5 if outlet == "b" else 0)
            rows.append((f"d{i}", f"2025-0{1 + i // 8}-1{i % 8}", outlet, actor, net, i % 3))
    table = pd.DataFrame(rows, columns=["document", "date", "outlet", "actor", "net", "desk"])
    return table.assign(role="source", target="dam", net_min=table["net"] - 0.1, net_max=table["net"] + 0.1)


def test_any_column_groups_and_several_do():
    table = table_of()
    assert list(summarize(table, by="outlet")["outlet"]) == list("abcd")
    both = summarize(table, by=["actor", "outlet"]).set_index(["actor", "outlet"])
    assert len(both) == 8 and both.loc[("x", "b"), "mean"] == pytest.approx(-0.2, abs=0.1)


def test_a_contrast_by_two_columns_compares_groups_that_differ_in_one():
    pairs = contrast(table_of(96), by=["actor", "outlet"])
    assert len(pairs) == 4 + 2 * 6
    first = pairs.set_index(["a", "b"])
    row = first.loc[("x · a", "x · b")]
    assert row["difference"] == pytest.approx(0.5, abs=0.1) and row["low"] < 0.5 < row["high"] and row["p"] < 0.01
    assert ("x · a", "y · a") in first.index and ("x · a", "y · b") not in first.index


def test_the_order_of_rows_and_of_columns_decides_nothing():
    table = table_of()
    shuffled = table.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(contrast(table, by="outlet"), contrast(shuffled, by="outlet"))


@pytest.mark.parametrize("function", [summarize, contrast])
@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        ("paper", "no column 'paper'. Name one of its columns: document, "),
        (["actor", "actor"], "each once"),
        ("role", "role and target are kept apart"),
        ([], "takes one column or several"),
        ("net", "another value in each of the 96 rows"),
    ],
)
def test_columns_that_make_no_groups(function, by, sentence):
    with pytest.raises(StanceError, match=sentence):
        function(table_of(), by=by)


def test_too_many_pairs_are_refused():
    table = table_of(200).assign(outlet=[f"o{i // 2 % 70}" for i in range(400)])
    with pytest.raises(StanceError, match="70 groups make 2,415 pairs"):
        contrast(table, by="outlet")


@pytest.mark.parametrize(
    ("freq", "periods"),
    [
        ("M", ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06"]),
        ("Q", ["2025Q1", "2025Q2"]),
        ("Y", ["2025"]),
    ],
)
def test_regular_periods(freq, periods):
    found = timeline(table_of(), freq=freq, by=["actor"], least=2)
    assert list(found.loc[found["actor"] == "x", "period"]) == periods
    assert (found["n_documents"].sum(), found["mean"].notna().all()) == (96, True)


def test_weeks_begin_on_monday_and_empty_ones_are_there():
    table = table_of(2).assign(date=["2025-01-05"] * 2 + ["2025-01-20"] * 2)
    found = timeline(table, freq="W", by="actor", least=2)
    assert found.loc[found["actor"] == "x", ["period", "first_day", "n_documents"]].to_numpy().tolist() == [
        ["2025-W01", "2024-12-30", 1], ["2025-W02", "2025-01-06", 0], ["2025-W03", "2025-01-13", 0],
        ["2025-W04", "2025-01-20", 1],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "given", "sentence"),
    [
        ({}, {"freq": "H"}, "one of D, W, M, Q, Y. Got 'H'"),
        ({}, {}, "Give one"),
        ({"date": None}, {"freq": "M"}, "No scored row has a day as its date"),
        ({"date": "14.05.2025"}, {"freq": "M"}, "must be written like 2022-02-24"),
        ({"date": "2025-01-01"}, {"freq": "M", "by": "paper"}, "no column 'paper'. Name one of its columns: document"),
        (
            {"date": "2025-01-01", "segment": range(96)},
            {"freq": "M", "by": "segment"},
            "'segment' has another value in each",
        ),
        ({"date": ["0001-01-01"] * 48 + ["2025-01-01"] * 48}, {"freq": "D"}, "Is a date wrong"),
    ],
)
def test_time_that_cannot_be_shown(change, given, sentence):
    with pytest.raises(StanceError, match=sentence):
        timeline(table_of().assign(**change), **given)


def test_tidy_has_a_row_for_each_document_and_actor_with_what_is_known_of_it():
    table = table_of(8).assign(p_favor=0.5, p_against=0.2, p_none=0.3, confidence=0.9)
    table.loc[(table["document"] == "d0") & (table["actor"] == "x"), "net"] = np.nan
    found = tidy(table)
    assert len(found) == 16 and list(found.columns[:7]) == [
        "document", "actor", "target", "mean", "n", "n_addressed", "confidence",
    ]  # fmt: skip
    silent = found.set_index(["document", "actor"]).loc[("d0", "x")]
    assert (np.isnan(silent["mean"]), silent["n"], silent["n_addressed"]) == (True, 1, 0)
    assert set(found["outlet"]) == set("abcd") and "desk" in found and "date" in found
    assert len(tidy(table, unit="statement")) == 15


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"unit": "month"}, "'document' or 'statement'"), ({"role": "speaker"}, "'source' or 'mention'")],
)
def test_tidy_names_its_choices(given, sentence):
    with pytest.raises(StanceError, match=sentence):
        tidy(table_of(), **given)


def test_further_columns_reach_the_score_table_under_their_own_name():
    text = "Holt praised the dam."
    document = Document("d", text, outlet="Post", date="2025-05-14", metadata={"desk": "A", "label": 3, "tags": ["x"]})
    span = Span(document, 0, len(text))
    segment = Segment("d:1", (span,), "holt", "Holt", "source", "holt", "Holt", "indirect", (), (), None, 0.9, span)
    score = Score(segment, "stance", "dam", (0.7, 0.1, 0.2), ((0.7, 0.1, 0.2),), 1, None, "m")
    (row,) = to_frame([score]).to_dict("records")
    assert (row["outlet"], row["date"], row["confidence"], row["sentence"]) == ("Post", "2025-05-14", 0.9, text)
    assert (row["desk"], row["document_label"], row["tags"], row["label"]) == ("A", 3, '["x"]', "favor")


def test_what_is_said_and_what_is_said_about_are_two_lines_in_time():
    said = table_of(8)
    both = pd.concat([said, said.assign(role="mention", net=-0.9)])
    found = timeline(both, freq="Y", by="actor", least=2)
    assert found[["role", "actor", "n_statements"]].to_numpy().tolist() == [
        ["source", "x", 8], ["source", "y", 8], ["mention", "x", 8], ["mention", "y", 8],
    ]  # fmt: skip
    alone = timeline(said, freq="Y", by="actor", least=2)
    assert found.loc[found["role"] == "source", "mean"].tolist() == pytest.approx(alone["mean"].tolist())


@pytest.mark.parametrize("name", ["mean", "n", "n_addressed"])
def test_tidy_keeps_a_column_that_has_the_name_of_one_of_its_own(name):
    table = table_of(4).assign(p_favor=0.5, p_against=0.2, p_none=0.3, **{name: "mine"})
    found = tidy(table)
    assert (found[f"document_{name}"] == "mine").all() and (found["n"] == 1).all()
