import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stance.analysis.timelines import INSUFFICIENT, NO_SPREAD, timeline
from stance.schema import Document, StanceError

PERIODS = {"early": ("2021-01-01", "2021-06-30"), "late": ("2021-07-01", "2021-12-31")}


def documents(n, date="2021-02-03"):
    return [Document(f"d{i}", "text", date=date) for i in range(n)]


def table_of(nets, **more):
    return pd.DataFrame({"document": [f"d{i}" for i in range(len(nets))], "actor": "a", "net": nets, **more})


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(-100, 100).map(lambda n: n / 100), min_size=20, max_size=40).filter(lambda v: len(set(v)) > 1)
)
def test_documents_as_clusters_are_students_interval(nets):
    row = timeline(table_of(nets), documents(len(nets)), PERIODS).iloc[0]
    low, high = stats.t.interval(0.95, len(nets) - 1, np.mean(nets), stats.sem(nets))
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((np.mean(nets), low, high))


def test_clusters_widen_what_copies_would_narrow():
    """Every document twice: G clusters of two, by hand."""
    nets = np.linspace(-0.5, 0.7, 25)
    both = np.repeat(nets, 2)
    found = timeline(table_of(both, cluster=np.repeat(np.arange(25), 2)), documents(50), PERIODS).iloc[0]
    sums = 2 * (nets - nets.mean())
    error = np.sqrt((sums**2).sum() * (25 / 24) * (49 / 49)) / 50
    half = stats.t.ppf(0.975, 24) * error
    assert (found["low"], found["high"]) == pytest.approx((nets.mean() - half, nets.mean() + half))
    naive = timeline(table_of(both), documents(50), PERIODS).iloc[0]
    assert naive["high"] - naive["low"] < found["high"] - found["low"]


def test_a_document_counts_once_however_much_it_says():
    table = pd.concat([table_of([0.5] + [-0.5] * 19 + [-0.4])] + [table_of([0.5])] * 10)
    row = timeline(table, documents(21), PERIODS).iloc[0]
    assert (row["n_documents"], row["n_statements"]) == (21, 31)
    assert row["mean"] == pytest.approx((0.5 - 0.5 * 19 - 0.4) / 21)


@pytest.mark.parametrize(
    ("nets", "clusters", "note"),
    [
        ([0.1, 0.2] * 10, None, ""),
        ([0.1, 0.2] * 9 + [0.1], None, INSUFFICIENT),
        ([0.1, 0.2] * 20, [i // 3 for i in range(40)], INSUFFICIENT),
        ([0.3] * 30, None, NO_SPREAD),
        ([1 / 3] * 30, None, NO_SPREAD),
        ([None] * 30, None, None),
    ],
)
def test_cells_that_cannot_be_told_are_empty(nets, clusters, note):
    table = table_of(nets, **({"cluster": clusters} if clusters else {}))
    found = timeline(table, documents(len(nets)), PERIODS)
    assert found.empty == (note is None)
    for row in found.to_dict("records")[:1]:
        assert row["note"] == note
        assert np.isnan(row["mean"]) == (note == INSUFFICIENT)
        assert np.isnan([row["low"], row["high"]]).all() == bool(note)


def test_every_group_has_every_period_by_its_documents_day():
    days = ["2021-06-30", "2021-07-01T09:00:00Z", "2020-12-31", None]
    found = timeline(
        table_of([0.1] * 5), [Document(f"d{i}", "t", date=d) for i, d in enumerate(days)], PERIODS, least=2
    )
    assert found[["period", "n_documents", "note"]].to_numpy().tolist() == [
        ["early", 1, INSUFFICIENT],
        ["late", 1, INSUFFICIENT],
    ]


def test_groups_may_be_pairs():
    table = table_of([0.1] * 4).assign(voice=["x", "x", "y", None])
    found = timeline(table, documents(4), PERIODS, by=["voice", "actor"])
    assert found[["voice", "actor", "n_documents"]].to_numpy().tolist() == [
        ["x", "a", 2], ["x", "a", 0], ["y", "a", 1], ["y", "a", 0],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"least": 1}, "'least' parameter of timeline must be 2 or more. Got 1"),
        ({"by": ["entity"]}, "has no column 'entity'"),
        ({"table": table_of([0.1, 0.2], cluster=[1, None])}, "'cluster' is empty in some rows"),
        ({"documents": [Document("d0", "t", date="2021/01/05")]}, "date '2021/01/05' of 'd0' must be written like"),
    ],
)
def test_faults_are_named(change, sentence):
    given_ = {"table": table_of([0.1, 0.2]), "documents": documents(2), "periods": PERIODS} | change
    with pytest.raises(StanceError, match=sentence):
        timeline(**given_)
