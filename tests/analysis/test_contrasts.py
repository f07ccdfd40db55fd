import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.analysis import contrasts
from stance.analysis.contrasts import ONE_TEXT, contrast, count_roles, sentiment_matrix, summarize
from stance.analysis.intervals import INSUFFICIENT, LEAST, NO_SPREAD
from stance.schema import StanceError

TABLE = pd.DataFrame(
    [
        ("source", "a", 0.6, 0.5, 0.7),
        ("source", "a", 0.2, 0.1, 0.4),
        ("source", "b", -0.5, -0.6, -0.2),
        ("mention", "a", -0.9, -1.0, -0.8),
        ("source", "c", None, None, None),
        ("source", None, 0.9, 0.9, 0.9),
    ],
    columns=["role", "actor", "net", "net_min", "net_max"],
).assign(entity="e", voice="v", document="d")
CONTRAST = [
    "role", "target", "a", "b", "n_a", "n_b", "addressed_a", "addressed_b", "documents_a", "documents_b", "mean_a",
    "mean_b", "difference", "wordings_low", "wordings_high", "low", "high", "p", "q", "note",
]  # fmt: skip
INFERRED = ["low", "high", "p", "q"]


def corpus(documents=30, actors=("a", "b"), role="source", target="talks", shift=0.2, seed=0, **more):
    """Every actor says two things in every document; the later the actor, the lower its scores."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        [(f"d{d}", actor, i) for d in range(documents) for i, actor in enumerate(actors) for _ in range(2)],
        columns=["document", "actor", "number"],
    )
    nets = (rng.normal(0, 0.2, len(rows)) - shift * rows.pop("number")).clip(-1, 1)
    return rows.assign(
        role=role, target=target, entity=rows["actor"], voice="v", net=nets, net_min=nets - 0.1, net_max=nets + 0.1
    ).assign(**more)


def test_speaking_and_being_spoken_about_are_never_averaged():
    summary = summarize(TABLE).set_index(["role", "actor"])
    assert summary.loc[("source", "a"), "mean"] == pytest.approx(0.4)
    assert summary.loc[("mention", "a"), "mean"] == pytest.approx(-0.9)
    assert summary.loc[("source", "a"), ["wordings_low", "wordings_high"]].tolist() == pytest.approx([0.3, 0.55])


def test_actors_without_scores_and_rows_without_actor_are_left_out():
    assert set(summarize(TABLE)["actor"]) == {"a", "b"}
    unscored = TABLE.assign(net=[None, 0.2, -0.5, -0.9, None, 0.9])
    assert summarize(unscored).set_index(["role", "actor"]).loc[("source", "a"), ["n", "n_unscored"]].tolist() == [1, 1]


def test_a_contrast_is_a_minus_b_with_its_widest_range():
    (row,) = contrast(TABLE).query("role == 'source'").to_dict("records")
    assert (row["a"], row["b"], row["n_a"], row["n_b"]) == ("a", "b", 2, 1)
    assert [row["difference"], row["wordings_low"], row["wordings_high"]] == pytest.approx([0.9, 0.5, 1.15])
    assert row["note"] == ONE_TEXT and np.isnan([row[c] for c in INFERRED]).all()


def test_what_is_described_by_hand():
    """Three statements of a in two documents, one more without a score; two of b in one."""
    rows = [
        ("d1", "a", 0.6, 0.5, 0.8), ("d1", "a", 0.3, 0.1, 0.4), ("d2", "a", 0.0, -0.3, 0.3), ("d3", "a", None, None, None),
        ("d1", "b", -0.5, -0.6, -0.2), ("d1", "b", -0.1, -0.2, 0.2),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["document", "actor", "net", "net_min", "net_max"]).assign(role="source")
    described = ["n", "documents", "mean", "wordings_low", "wordings_high", "n_unscored"]
    summary = summarize(table).set_index("actor")[described]
    assert summary.loc["a"].tolist() == pytest.approx([3, 2, 0.3, 0.1, 0.5, 1])
    assert summary.loc["b"].tolist() == pytest.approx([2, 1, -0.3, -0.4, 0.0, 0])
    (pair,) = contrast(table).to_dict("records")
    assert [pair[c] for c in CONTRAST[4:6] + CONTRAST[8:15]] == pytest.approx(
        [3, 2, 2, 1, 0.3, -0.3, 0.6, 0.1 - 0.0, 0.5 + 0.4]
    )


def test_who_is_how_positive_about_whom_and_who_speaks():
    """Rows of nobody known and rows without a score count in no mean; the order is that of the text."""
    rows = [
        ("mention", "b", "w", 0.4), ("mention", "a", "narrator", 0.2), ("mention", "b", "w", -0.2),
        ("mention", "a", "a", 0.5), ("mention", "b", None, 0.9), ("mention", "a", "narrator", None),
        ("source", "b", "b", None), ("source", None, "w", None),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["role", "actor", "voice", "net"]).assign(target=lambda t: t["actor"])
    assert sentiment_matrix(table).to_numpy().tolist() == [
        ["w", "b", 2, pytest.approx(0.1)], ["narrator", "a", 1, 0.2], ["a", "a", 1, 0.5],
    ]  # fmt: skip
    assert count_roles(table).to_numpy().tolist() == [["b", 1, 0, 3, 0], ["a", 0, 2, 0, 1]]
    statuses = table.assign(status=["denied", None, *["stated"] * 6])
    assert count_roles(statuses).to_numpy().tolist() == [["a", 0, 2, 0, 1], ["b", 1, 0, 2, 0]]


@pytest.mark.parametrize("function", [summarize, contrast])
def test_an_unknown_grouping(function):
    with pytest.raises(
        ValueError, match=f"table of {function.__name__} has no column 'speaker'. Name one of its columns"
    ):
        function(TABLE, by="speaker")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.drop(columns="document"), "The table of contrast has no column 'document'"),
        (lambda t: t.assign(cluster=[1, None, 1, 1, 1, 1]), "The column 'cluster' is empty in some rows"),
    ],
)
def test_faults_are_named(change, sentence):
    with pytest.raises(StanceError, match=sentence):
        contrast(change(TABLE))


def test_a_corpus_has_inference():
    table = contrast(corpus())
    assert table.columns.tolist() == CONTRAST
    (row,) = table.to_dict("records")
    assert row["low"] < row["difference"] < row["high"] and row["low"] > 0
    assert 1 / 10_000 <= row["p"] == row["q"] < 0.001 and row["note"] == ""
    assert (row["documents_a"], row["n_a"]) == (30, 60)
    assert row["wordings_low"] == pytest.approx(row["difference"] - 0.2)
    summary = summarize(corpus())
    assert (summary["low"] < summary["mean"]).all() and (summary["mean"] < summary["high"]).all()


@pytest.mark.parametrize(
    ("table", "note"),
    [
        (corpus(LEAST), ""),
        (corpus(LEAST - 1), f"{INSUFFICIENT}: 19 and 19 of 20 texts"),
        (corpus(1), ONE_TEXT),
        (pd.concat([corpus(30, ["a"]), corpus(3, ["b"])]), f"{INSUFFICIENT}: 30 and 3 of 20 texts"),
        (corpus(30, cluster=np.repeat(np.arange(15), 8)), f"{INSUFFICIENT}: 15 and 15 of 20 texts"),
        (corpus(40, cluster=np.repeat(np.arange(20), 8)), ""),
        (corpus(30, net=0.5, net_min=0.4, net_max=0.6), NO_SPREAD),
        (corpus(30, net=1 / 3, net_min=0.4, net_max=0.6), NO_SPREAD),
        (corpus(30).assign(net=lambda t: t["actor"].map({"a": 0.3, "b": -0.7})), NO_SPREAD),
    ],
)
def test_where_nothing_can_be_inferred_the_note_says_why(table, note):
    (row,) = contrast(table).to_dict("records")
    assert row["note"] == note
    assert np.isnan([row[c] for c in INFERRED]).all() == bool(note)
    assert not np.isnan(row["difference"])


def test_one_group_that_does_not_vary_is_no_obstacle():
    table = corpus().assign(net=lambda t: t["net"].where(t["actor"] == "a", -0.2))
    assert contrast(table)[INFERRED].notna().all(axis=None)
    assert summarize(table)["note"].tolist() == ["", NO_SPREAD]


@pytest.mark.parametrize(
    "table",
    [
        TABLE.head(0),
        TABLE.head(2),
        TABLE.assign(actor=None),
        TABLE.assign(net=np.nan),
        corpus(30, ["a"]),
        corpus(0),
        corpus().assign(net=lambda t: t["net"].where(t["actor"] == "a")),
    ],
)
def test_nothing_to_compare_is_an_empty_table(table):
    found = contrast(table)
    assert found.empty
    assert found.columns.tolist() == [c for c in CONTRAST if c != "target" or "target" in table]
    assert set(summarize(table).columns) > {"role", "actor", "n", "mean", "low", "high", "note"}


def test_targets_are_never_pooled():
    table = pd.concat([corpus(target="risk", shift=0.3), corpus(target="law", shift=-0.3, seed=1)])
    found = contrast(table)
    assert found["target"].tolist() == ["law", "risk"]
    assert np.sign(found["difference"]).tolist() == [-1, 1]
    pd.testing.assert_frame_equal(
        found[found["target"] == "risk"].reset_index(drop=True), contrast(table[table["target"] == "risk"])
    )
    assert summarize(table)[["target", "actor"]].to_numpy().tolist() == [
        ["risk", "a"], ["risk", "b"], ["law", "a"], ["law", "b"],
    ]  # fmt: skip


def test_sentiment_compares_targets_by_actor_and_voices_within_a_target():
    table = corpus(role="mention").assign(target=lambda t: t["actor"])
    other = corpus(role="mention", seed=3).assign(target=lambda t: t["actor"], voice="w")
    both = pd.concat([table, other])
    by_actor, by_voice = contrast(both), contrast(both, by="voice")
    assert "target" not in by_actor and by_actor[["a", "b"]].to_numpy().tolist() == [["a", "b"]]
    assert by_voice[["target", "a", "b"]].to_numpy().tolist() == [["a", "v", "w"], ["b", "v", "w"]]
    assert "target" not in summarize(both) and "target" in summarize(both, by="voice")


ROLES = (("source", 0.0), ("mention", 0.05))


def test_false_discoveries_are_controlled_within_a_target():
    actors = ["a", "b", "c"]
    both = [corpus(actors=actors, target="risk", shift=0.01), corpus(actors=actors, target="law", shift=0)]
    table = pd.concat(
        t.assign(role=role, net=t["net"] + move * (t["actor"] == "b")) for t in both for role, move in ROLES
    )
    found = contrast(table)
    for _, family in found.groupby("target"):
        p = family["p"].sort_values().to_numpy()
        assert len(p) == 6  # roles count together
        expected = [min(p[i:] * 6 / np.arange(i + 1, 7)) for i in range(6)]
        assert sorted(family["q"]) == pytest.approx(expected)


def test_the_largest_differences_come_first():
    found = contrast(pd.concat([corpus(actors=["a", "b", "c"], role=role) for role in ("mention", "source")]))
    assert found["role"].tolist() == ["source"] * 3 + ["mention"] * 3
    assert found["b"].tolist()[:1] == ["c"]
    assert (-found["difference"].abs()).groupby(found["role"]).apply(lambda d: d.is_monotonic_increasing).all()


def test_what_is_said_comes_before_what_is_said_about_and_equal_differences_by_name():
    nets = {"d": 1.0, "a": 1.0, "b": 0.0, "c": 0.0}
    rows = [(role, actor, net, net, net) for role in ("mention", "source") for actor, net in nets.items()]
    table = pd.DataFrame(rows, columns=["role", "actor", "net", "net_min", "net_max"]).assign(document="t")
    summary = summarize(table)
    assert summary.index.tolist() == list(range(8))
    assert (summary["role"] + summary["actor"]).tolist() == [
        f"{role}{x}" for role in ("source", "mention") for x in nets
    ]
    found = contrast(table)
    assert found.index.tolist() == list(range(12))
    assert (found["a"] + found["b"]).tolist() == ["ab", "ac", "bd", "cd", "ad", "bc"] * 2


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 3))
def test_the_order_of_rows_does_not_matter(random, seed):
    table = corpus(22, ["a", "b", "c"], seed=seed)
    order = list(range(len(table)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(contrast(table), contrast(table.iloc[order]), check_exact=True)


def test_a_pair_does_not_depend_on_who_else_is_there():
    three, two = contrast(corpus(actors=["a", "b", "c"])), corpus(actors=["a", "b", "c"]).query("actor != 'c'")
    row = three[(three["a"] == "a") & (three["b"] == "b")].drop(columns="q").reset_index(drop=True)
    pd.testing.assert_frame_equal(row, contrast(two).drop(columns="q"))


def test_as_many_pairs_as_the_limit_are_compared_and_no_more(monkeypatch):
    table = corpus(2, ["a", "b", "c"])
    monkeypatch.setattr(contrasts, "_MOST_PAIRS", 3)
    with warnings.catch_warnings(action="error"):  # where there are pairs, nobody is told that there are none
        assert len(contrast(table)) == 3
    monkeypatch.setattr(contrasts, "_MOST_PAIRS", 2)
    with pytest.raises(StanceError, match="3 groups make 3 pairs to compare, more than 2"):
        contrast(table)


def test_the_seed_fixes_the_permutations():
    table = corpus(shift=0.05)
    p = [contrast(table, seed=seed)["p"][0] for seed in (0, 0, 1)]
    assert p[0] == p[1] != p[2] == pytest.approx(p[0], abs=0.02)


TAKEN_UP = pd.DataFrame(
    {
        "document": "d",
        "segment": ["d:a1", "d:a2", "d:a3.1", "d:a3.2", "d:a4"],
        "role": "source",
        "actor": list("aaabb"),
        "entity": list("xyxzz"),
        "net": [0.5, np.nan, 0.1, 0.1, -0.4],
        "net_min": [0.4, np.nan, 0.0, 0.0, -0.5],
        "net_max": [0.6, np.nan, 0.2, 0.2, -0.3],
        "p_addressed": [0.9, 0.1, 0.8, 0.8, 0.7],
    }
)


def test_statements_that_do_not_take_the_target_up_count_in_no_mean_and_their_share_is_told():
    summary = summarize(TAKEN_UP).set_index("actor")
    assert summary.loc["a", ["n", "n_unscored"]].tolist() == [2, 1]
    assert summary.loc["a", "addressed"] == pytest.approx(2 / 3)
    assert summary.loc["a", "mean"] == pytest.approx(0.3)
    (pair,) = contrast(TAKEN_UP).to_dict("records")
    assert (pair["n_a"], pair["n_b"]) == (2, 2)
    assert (pair["addressed_a"], pair["addressed_b"]) == (pytest.approx(2 / 3), 1)


def test_an_actor_that_never_takes_the_target_up_is_told_with_n_0():
    table = TAKEN_UP.assign(net=np.nan, net_min=np.nan, net_max=np.nan)
    summary = summarize(table)
    assert summary["n"].tolist() == [0, 0] and summary["addressed"].tolist() == [0, 0]
    assert summary["mean"].isna().all() and set(summary["note"]) == {"no statement takes the target up"}
    assert contrast(table).empty


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("source", "a", 0.1), ("mention", "b", 0.2)], r"only b \(mention: 1 row\); a \(source: 1 row\)"),
        ([("source", "a", 0.1), ("source", "b", None)], r"only a \(source: 1 row\)"),
        (
            [("source", "a", None), ("source", "b", None)],
            "none of 2 rows has a net score, most of them since: too short",
        ),
        ([("source", None, 0.1)], "no row of the table names a group"),
    ],
)
def test_an_empty_contrast_says_why(rows, why):
    table = pd.DataFrame(rows, columns=["role", "actor", "net"]).assign(document="d", reason="too short")
    table = table.assign(net_min=table["net"], net_max=table["net"])
    with pytest.warns(UserWarning, match=why):
        assert contrast(table).empty
