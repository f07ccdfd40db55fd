"""Samples: their probabilities are exact, and neither luck nor the order of rows moves them."""

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stance
from stance.schema import StanceError
from stance.validation.sampling import SamplingWarning, allocation


def table(*strata):
    """A score table with so many rows of each actor and label."""
    rows = [(actor, label) for actor, label, n in strata for _ in range(n)]
    frame = pd.DataFrame(rows, columns=["actor", "label"])
    return frame.assign(segment=[f"d:{i}" for i in range(len(frame))], target="talks", document="d")


SCORES = table(("kyiv", "favor", 60), ("kyiv", "none", 25), ("kremlin", "against", 14), ("kremlin", "favor", 1))


def test_every_row_has_the_probability_of_its_stratum():
    drawn = stance.validation.sample(SCORES, 20)
    sizes = SCORES.groupby(["actor", "label"]).size()
    for stratum, rows in drawn.groupby(["actor", "label"]):
        assert (rows["inclusion_probability"] == len(rows) / sizes[stratum]).all()
    assert drawn.groupby(["actor", "label"]).size().to_dict() == {
        ("kremlin", "against"): 2, ("kremlin", "favor"): 1, ("kyiv", "favor"): 12, ("kyiv", "none"): 5,
    }  # fmt: skip
    assert not drawn.duplicated("segment").any()


def test_without_strata_all_probabilities_are_equal():
    drawn = stance.validation.sample(SCORES, 25, by=())
    assert len(drawn) == 25 and set(drawn["inclusion_probability"]) == {0.25}


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.data())
def test_probabilities_weigh_the_sample_up_to_the_whole(sizes, data):
    n = data.draw(st.integers(len(sizes), sum(sizes)))
    scores = table(*[(f"a{i}", "favor", size) for i, size in enumerate(sizes)])
    drawn = stance.validation.sample(scores, n, by="actor", seed=data.draw(st.integers(0, 99)))
    assert len(drawn) == n
    assert np.isclose((1 / drawn["inclusion_probability"]).sum(), len(scores))
    assert drawn["inclusion_probability"].between(0, 1, inclusive="right").all()
    weights = 1 / drawn.groupby("actor")["inclusion_probability"].first()
    assert (weights * drawn.groupby("actor").size()).round(9).to_dict() == scores.groupby("actor").size().to_dict()


@given(st.lists(st.integers(1, 500), min_size=1, max_size=9), st.data())
def test_shares_are_proportional_as_far_as_whole_rows_go(sizes, data):
    sizes = np.array(sizes)
    n = data.draw(st.integers(len(sizes), int(sizes.sum())))
    given_rows = allocation(sizes, n)
    assert given_rows.sum() == n and (given_rows >= 1).all() and (given_rows <= sizes).all()
    share = n * sizes / sizes.sum()
    assert (given_rows < np.maximum(share + 1, 1 + 1e-9)).all()
    if (share >= 1).all():
        assert (given_rows > share - 1 - 1e-9).all()


@pytest.mark.parametrize("by", [("actor", "label"), "actor", ()])
def test_a_seed_fixes_the_draw_whatever_the_order_of_the_rows(by):
    drawn = stance.validation.sample(SCORES, 20, by, seed=3)
    pd.testing.assert_frame_equal(
        drawn, stance.validation.sample(SCORES.sample(frac=1, random_state=1), 20, by, seed=3)
    )
    assert set(drawn["segment"]) != set(stance.validation.sample(SCORES, 20, by, seed=4)["segment"])


def test_every_row_of_a_stratum_is_drawn_as_often():
    scores = table(("kyiv", "favor", 6), ("kremlin", "favor", 3))
    drawn = pd.concat([stance.validation.sample(scores, 3, seed=seed) for seed in range(600)])
    often = drawn["segment"].value_counts()
    assert len(often) == 9 and often.between(150, 250).all()  # 200 each; more than 4 standard errors


def test_the_order_does_not_tell_the_strata():
    order = stance.validation.sample(SCORES, 40)["label"].tolist()
    assert 1 < sum(a != b for a, b in itertools.pairwise(order)) > 5


def test_rows_without_actor_or_score_are_left_out_and_that_is_said():
    scores = SCORES.assign(
        actor=[None, "", *SCORES["actor"][2:]], label=[*SCORES["label"][:-3], None, float("nan"), ""]
    )
    with pytest.warns(SamplingWarning, match="5 of 100 rows are left out: 2 without an actor, 3 with one but"):
        drawn = stance.validation.sample(scores, 95)
    assert set(drawn["inclusion_probability"]) == {1}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        stance.validation.sample(SCORES, 95)


def test_an_empty_value_is_a_stratum_of_its_own():
    scores = SCORES.assign(voice=[None, float("nan"), "", *["narrator"] * 97])
    assert stance.validation.sample(scores, 2, by="voice")["voice"].isin(["narrator"]).sum() == 1


@pytest.mark.parametrize(
    ("scores", "n", "by", "sentence"),
    [
        (SCORES, 3, ("actor", "label"), "3 rows are fewer than the 4 strata.*Ask for 4 or more"),
        (SCORES, 101, "actor", "101 rows cannot be drawn from 100"),
        (SCORES, 0, (), "at least one row"),
        (SCORES, 5, "party", "no column 'party'"),
        (SCORES.drop(columns="label"), 5, "actor", "no column 'label'"),
        (pd.concat([SCORES, SCORES.head(1)]), 5, "actor", "d:0 stands twice in the table toward talks"),
        (SCORES.assign(inclusion_probability=0.5), 5, "actor", "inclusion probabilities already"),
        (SCORES.head(0), 1, "actor", "cannot be drawn from 0"),
    ],
)
def test_what_cannot_be_drawn(scores, n, by, sentence):
    with pytest.raises(StanceError, match=sentence):
        stance.validation.sample(scores, n, by)
