"""What a model answers is a probability, or the row has no score and a reason."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import stance
from stance.codebook import STANCE
from stance.schema import StanceError
from stance.scoring.entailment import judge, judge_addressed, tempered
from stance.scoring.model import NO_PROBABILITIES, answers, as_model
from stance.scoring.premises import Item

GOOD = (0.7, 0.2, 0.1)


class Answers:
    """A user's own object: one row for a text that holds a word, a good one for every other."""

    name = "mine@1/none"

    def __init__(self, row, word="here", **more):
        self._row, self._word = row, word
        self.__dict__ |= more

    def predict(self, pairs):
        return [self._row if self._word in premise else GOOD[: len(self._row)] for premise, _ in pairs]


WRONG = {
    "nan": [np.nan, 0.5, 0.5],
    "all nan": [np.nan] * 3,
    "infinite": [np.inf, 0.0, 0.0],
    "minus infinity": [1.0, 0.0, -np.inf],
    "logits": [4.1, -2.0, 0.3],
    "negative, sum 1": [1.5, -0.5, 0.0],
    "percent": [70.0, 20.0, 10.0],
    "sum 2": [0.9, 0.6, 0.5],
    "sum 0": [0.0, 0.0, 0.0],
    "sigmoid of each": [0.9, 0.1, 0.2],
    "one label short of 1": [0.5, 0.3, 0.1],
    "log probabilities": [-0.1, -2.3, -4.0],
    "just outside": [1.01, -0.01, 0.0],
}


@pytest.mark.parametrize("row", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("measure", ["stance", "sentiment"])
def test_a_row_without_probabilities_has_no_score_and_a_reason(row, measure):
    rows = pd.DataFrame({"text": ["It is here.", "It is away."], "target": ["it", "it"]})
    scored = stance.score_rows(rows, measure, Answers(row), wordings="all")
    assert scored["reason"].fillna("").tolist() == [NO_PROBABILITIES, ""]
    numbers = [c for c in scored if c.startswith(("p_", "net_"))]
    assert scored["label"].isna().tolist() == [True, False]
    assert scored.loc[0, numbers].isna().all() and scored.loc[1, numbers].notna().all()


@pytest.mark.parametrize("row", WRONG.values(), ids=WRONG)
def test_segments_without_probabilities_count_nowhere(row, codebook, sample_segments):
    own = Answers(row, word="")
    scores = [
        *stance.score_stance(sample_segments, codebook.target(), own),
        *stance.score_sentiment(sample_segments, own),
        *stance.score_frames(sample_segments[:9], codebook.frames, codebook.target(), own),
    ]
    assert {score.probabilities for score in scores} == {None}
    assert all(score.reason for score in scores)
    assert NO_PROBABILITIES in {score.reason for score in scores}


@pytest.mark.parametrize(
    "row",
    [
        GOOD,
        [1.0, 0.0, 0.0],
        np.float16([0.3334, 0.3333, 0.3333]),
        [0.333, 0.333, 0.333],
        [1.0000001, 0.0, -1e-7],
        [0.6015625, 0.30078125, 0.1005859375],  # as bfloat16 rounds
        np.float32(np.exp([1, 2, 3]) / np.exp([1, 2, 3]).sum()),
    ],
)
def test_rounding_is_no_fault(row):
    found = answers(as_model(Answers(row)), [("It is here.", "It is.")])
    assert np.isfinite(found).all() and ((found >= 0) & (found <= 1)).all()
    assert abs(found.sum() - 1) <= 0.005


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.floats(0, 1, width=32), min_size=3, max_size=3).filter(lambda row: sum(row) > 0.01))
def test_what_sums_to_one_stays_as_it_is(row):
    row = np.array(row) / np.sum(row)
    assert (answers(as_model(Answers(row, word="")), [("p", "h")])[0] == row.clip(0, 1)).all()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=3, max_size=3))
def test_whatever_comes_in_only_probabilities_come_out(row):
    (found,) = answers(as_model(Answers(row, word="")), [("p", "h")])
    assert np.isnan(found).all() or (((found >= 0) & (found <= 1)).all() and abs(found.sum() - 1) <= 0.005 + 3e-6)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.ones((3, 2)) / 3, "in the shape"),
        (np.ones((2, 2)) / 2, "in the shape"),
        (np.ones(6) / 3, "in the shape"),
        ([[0.5, 0.5, 0.0]], "in the shape"),
        (None, "in the shape|no numbers"),
        ([["favor", "x", "y"]] * 2, "no numbers"),
        ([[0.1, 0.9], [0.2, 0.3, 0.5]], "no numbers"),
        ([{"label": "entailment"}] * 2, "no numbers"),
    ],
)
def test_answers_that_cannot_be_told_apart_are_refused(given, said):
    own = Answers(GOOD)
    own.predict = lambda pairs: given
    with pytest.raises(StanceError, match=said):
        answers(as_model(own), [("p", "h"), ("p", "other")])


@pytest.mark.parametrize("row", [[np.nan, np.nan], [0.9, 0.9], [0.0, 0.0], [-0.2, 1.2]])
def test_a_model_of_two_labels_gives_no_label_by_default(row):
    own = Answers(row, word="", labels=("entailment", "not_entailment"))
    (judgement,) = judge([Item("A text.", None, "it")], STANCE, own)
    assert judgement.reason == NO_PROBABILITIES


def test_one_wording_or_one_window_is_enough_to_have_no_score():
    own = Answers([np.nan] * 3, word="second", windows=lambda premise, hypothesis: premise.split("|"))
    found = judge([Item("first|second", None, "it"), Item("first", None, "it")], STANCE, own)
    assert [j.reason for j in found] == [NO_PROBABILITIES, None]


def test_whether_a_statement_takes_the_target_up_is_a_probability_too(codebook, sample_segments):
    class Half(Answers):
        addressed = 0.5

        def predict(self, pairs):
            return [[np.nan] * 3 if "speaks about" in h else GOOD for _, h in pairs]

    own = Half(GOOD)
    assert np.isnan(judge_addressed([Item("x", "A", "it")], own)[0])
    scores = stance.score_stance(sample_segments, codebook.target(), own)
    asked = [s for s in scores if s.reason == NO_PROBABILITIES]
    assert asked and all(s.probabilities is None and s.addressed is None for s in asked)
    rows = pd.DataFrame({"text": ["Biden said it rained."], "target": ["rain"], "holder": ["Biden"]})
    rows["statement"] = "it rained"
    scored = stance.score_rows(rows, "stance", own)
    assert scored["reason"].tolist() == [NO_PROBABILITIES] and scored["label"].isna().all()


@pytest.mark.parametrize("temperature", [0, -1.0, float("nan"), float("inf")])
def test_a_calibration_that_turns_answers_round_is_refused(temperature):
    with pytest.raises(StanceError, match="temperature above 0"):
        tempered(np.array([0.7, 0.3]), temperature)
    with pytest.raises(StanceError, match="temperature above 0"):
        own = Answers(GOOD, calibration={"stance": (temperature, 0.0)})
        judge([Item("A text.", None, "it")], STANCE, own, measure="stance")


def test_names_are_not_compared_by_a_model_that_does_not_answer():
    with pytest.raises(StanceError, match="gave no probabilities for"):
        stance.validation.audit_names(Answers([np.nan] * 3, word=""), {"one": ("Ada", "Bo")}, wordings="one")


@pytest.mark.parametrize("backend", ["torch"])
def test_weights_that_are_no_numbers(tiny, tmp_path, backend):
    import shutil

    import torch
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(tiny, tmp_path / "broken")
    weights = load_file(folder / "model.safetensors")
    weights["classifier.weight"] = torch.full_like(weights["classifier.weight"], float("nan"))
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    rows = pd.DataFrame({"text": ["It rained."], "target": ["rain"]})
    scored = stance.score_rows(rows, "stance", stance.load_model(folder, backend=backend))
    assert scored["reason"].tolist() == [NO_PROBABILITIES]
