import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.analysis.contrasts import contrast
from stance.analysis.evidence import describe, robust_contrasts, strongest
from stance.schema import StanceError


def said(*rows):
    """Statements: role, actor, net; named by their place."""
    table = pd.DataFrame(rows, columns=["role", "actor", "net"])
    names = [f"s{i}" for i in range(len(table))]
    return table.assign(
        segment=names, text=names, document="d", target="talks", entity="E", net_min=table["net"], net_max=table["net"]
    )


TABLE = said(
    ("source", "a", 0.9), ("source", "a", -0.3), ("source", "a", 0.6), ("mention", "a", -0.9),
    ("source", "b", -0.5), ("source", "b", 0.1), ("source", "c", 0.2), ("source", "c", 0.2), ("source", "d", None),
)  # fmt: skip


def sides(table=TABLE, **chosen):
    found = strongest(table, contrast(table))
    for column, value in chosen.items():
        found = found[found[column] == value]
    return found


def test_what_carries_a_difference_and_what_pulls_against_it():
    a, b = sides(role="source", a="a", b="b").to_dict("records")
    assert (a["side"], a["segment"], a["counter_segment"]) == ("a", "s0", "s1")
    assert (b["side"], b["segment"], b["counter_segment"]) == ("b", "s4", "s5")
    assert [a["mean"], a["mean_without"]] == pytest.approx([0.4, 0.75])
    assert a["difference_without"] == pytest.approx(0.75 + 0.2)
    assert b["difference_without"] == pytest.approx(0.4 + 0.5)


def test_below_zero_it_is_the_other_way_round():
    turned = TABLE.assign(net=-TABLE["net"], net_min=-TABLE["net"], net_max=-TABLE["net"])
    columns = ["role", "a", "b", "side", "segment", "counter_segment"]
    pd.testing.assert_frame_equal(
        sides()[columns].sort_values(columns, ignore_index=True),
        sides(turned)[columns].sort_values(columns, ignore_index=True),
    )


def test_statements_that_all_score_the_same_have_no_counterexample():
    (side,) = sides(side="c", a="a").to_dict("records")
    assert side["segment"] == "s6" and pd.isna(side["counter_segment"])
    assert np.isnan([side["mean_without"], side["difference_without"]]).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(-10, 10)), min_size=2, max_size=12))
def test_without_a_counterexample_a_difference_is_never_smaller(drawn):
    table = said(*(("source", actor, net / 10) for actor, net in drawn))
    for side in strongest(table, contrast(table)).to_dict("records"):
        if not np.isnan(side["difference_without"]):
            sign = 1 if side["difference"] >= 0 else -1
            assert sign * side["difference_without"] >= sign * side["difference"] - 1e-9
            left = table[table["segment"] != side["counter_segment"]]
            anew = left[left["actor"] == side["side"]]["net"].mean()
            assert side["mean_without"] == pytest.approx(anew)


def test_an_index_that_repeats_and_an_empty_table():
    repeated = TABLE.set_axis([0] * len(TABLE))
    pd.testing.assert_frame_equal(sides(repeated), sides())
    empty = strongest(TABLE.head(0), contrast(TABLE.head(0)))
    assert empty.empty and empty.columns.tolist() == sides().columns.tolist()


def test_faults_are_named():
    with pytest.raises(StanceError, match="The table of strongest has no column 'text'"):
        strongest(TABLE.drop(columns="text"), contrast(TABLE))


def test_a_clear_difference_has_one_sign_and_two_statements_a_side():
    found = robust_contrasts(contrast(TABLE)).query("role == 'source'")
    assert found[["a", "b"]].to_numpy().tolist() == [["a", "b"], ["b", "c"], ["a", "c"]]
    wavering = TABLE.assign(net_max=1.0, net_min=-1.0)
    assert robust_contrasts(contrast(wavering)).empty


def corpus(documents=25):
    rng = np.random.default_rng(0)
    rows = [("source", a, 0.4 * (a == "a") + rng.normal(0, 0.1)) for _ in range(documents) for a in "ab"]
    return said(*rows).assign(document=np.repeat([f"d{i}" for i in range(documents)], 2), model="m")


CORPUS = corpus()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (TABLE.assign(model="m"), "insufficient data: this describes one text"),
        (CORPUS, "95 % interval of the difference +0."),
        (TABLE.head(2).assign(model="m"), "No difference between actors who speak is clear."),
        (TABLE.head(0).assign(model="m"), "No difference between actors who speak is clear."),
    ],
)
def test_the_paragraph_says_what_the_data_carry(table, words):
    text = describe(table, contrast(table), {key: key.upper() for key in "abcd"})
    assert words in text and "nan" not in text
    assert describe(table, contrast(table), {key: key for key in "abcd"}) == describe(table, contrast(table), {})
    assert "q = 0.000" not in text
    assert text.endswith("nothing beyond the text.") == (table is not CORPUS)
