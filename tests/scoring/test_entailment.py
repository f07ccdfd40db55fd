"""What a model's answers come to: labels by name, wordings, windows."""

import numpy as np
import pytest

from stance.codebook import Frame, Hypotheses
from stance.schema import StanceError
from stance.scoring.entailment import judge, judge_addressed, judge_frames, not_addressed, read, tempered
from stance.scoring.model import NO_PROBABILITIES
from stance.scoring.premises import Item
from tests.support.fakes import FakeModel

RISK = Frame(label="Risk", set="case", hypotheses=("{actor} sees a risk.", "{actor} fears {target}."))


LAW = Frame(label="Law", set="generic", hypotheses=("It is about law.",))


FRAMES = {"risk": RISK, "law": LAW}


class Table:
    """A model whose answers are given by hypothesis."""

    name = "table@0/none"

    def __init__(self, answers, labels=("contradiction", "entailment", "neutral")):
        self.answers, self.labels = answers, labels

    def predict(self, pairs):
        return np.array([self.answers[hypothesis] for _, hypothesis in pairs])


def test_labels_become_present_denied_and_absent_by_name():
    answers = {"A sees a risk.": [0.1, 0.7, 0.2], "A fears it.": [0.3, 0.1, 0.6], "It is about law.": [0.5, 0.2, 0.3]}
    risk, law = judge_frames([Item("text", "A", "it")], [RISK, LAW], Table(answers))
    assert risk.by_wording == ((0.7, 0.1, 0.2), (0.1, 0.3, 0.6))
    assert risk.mean == pytest.approx((0.4, 0.2, 0.4))
    assert law.by_wording == ((0.2, 0.5, 0.3),) and law.mean == (0.2, 0.5, 0.3)


def test_two_labels_cannot_deny():
    answers = {"A sees a risk.": [0.3, 0.7], "A fears it.": [0.9, 0.1]}
    (risk,) = judge_frames([Item("text", "A", "it")], [RISK], Table(answers, ("not_entailment", "entailment")))
    assert risk.by_wording == (pytest.approx((0.7, 0, 0.3)), pytest.approx((0.1, 0, 0.9)))


def test_all_pairs_are_asked_at_once_and_each_once(fake_model):
    items = [Item("one", "A", "it"), Item("two", "A", "it"), Item("one", "B", "it")]
    judged = judge_frames(items, FRAMES.values(), fake_model)
    assert len(judged) == 6
    (pairs,) = fake_model.asked
    assert sorted(pairs) == sorted(
        {
            (i.premise, w.format(actor=i.holder, target="it"))
            for i in items
            for f in FRAMES.values()
            for w in f.hypotheses
        }
    )
    assert [len(j.by_wording) for j in judge_frames(items, FRAMES.values(), FakeModel(), wordings="one")] == [1] * 6


def test_nothing_is_calibrated(fake_model):
    items = [Item("one", "A", "it")]
    raw = judge_frames(items, [RISK], fake_model)
    fake_model.calibration = {"stance": (3.0, 1.0), "frame": (3.0, 1.0), None: (3.0, 1.0)}
    assert judge_frames(items, [RISK], fake_model) == raw


def test_long_premises_are_read_in_windows(fake_model):
    fake_model.windows = lambda premise, hypothesis: [premise[:2], premise[2:]] if "law" in hypothesis else [premise]
    risk, law = judge_frames([Item("longtext", "A", "it")], [RISK, LAW], fake_model)
    assert (risk.n_windows, law.n_windows) == (1, 2)
    parts = fake_model.predict([("lo", "It is about law."), ("ngtext", "It is about law.")])
    assert law.mean == pytest.approx(tuple(np.average(parts, axis=0, weights=[2, 6])[[0, 2, 1]]))


def test_wordings_are_one_or_all():
    with pytest.raises(ValueError, match="must be 'all' or 'one'. Got 'two'"):
        judge_frames([], [RISK], FakeModel(), wordings="two")


ASKED = Hypotheses(favor=("A likes it.", "A wants it."), against=("A hates it.", "A fights it.", "A fears it."))
ITEM = Item("text", "A", "it")


def test_a_contradicted_wording_is_its_opposite():
    told = [[0.1, 0.7, 0.2], [0.3, 0.5, 0.2], [0.6, 0.1, 0.3], [0.2, 0.2, 0.6], [0.0, 0.9, 0.1]]
    (found,) = judge([ITEM], ASKED, Table(dict(zip((*ASKED.favor, *ASKED.against), told, strict=True))))
    expected = [[0.7, 0.1, 0.2], [0.5, 0.3, 0.2], [0.6, 0.1, 0.3], [0.2, 0.2, 0.6], [0.0, 0.9, 0.1]]
    np.testing.assert_allclose(found.by_wording, expected)
    assert found.mean == pytest.approx(np.mean(expected, axis=0)) and found.n_windows == 1


@pytest.mark.parametrize(
    ("favor", "against", "expected"),
    [
        (0.8, 0.4, (0.48, 0.08, 0.12)),
        (1.0, 1.0, (0, 0, 1)),  # both at once says nothing
        (1.0, 0.0, (1, 0, 0)),
        (0.0, 0.0, (0, 0, 1)),
    ],
)
def test_two_labels_are_asked_for_and_against(favor, against, expected):
    answers = {wording: [1 - favor, favor] for wording in ASKED.favor}
    answers |= {wording: [1 - against, against] for wording in ASKED.against}
    (found,) = judge([ITEM], ASKED, Table(answers, ("not_entailment", "entailment")))
    assert found.by_wording == (pytest.approx(np.array(expected) / sum(expected)),) * 2  # the third has no opposite


class Calibrated(Table):
    calibration, addressed = {"stance": (2.0, 0.5), "addressed": (2.0, 0.0)}, 0.5


@pytest.mark.parametrize(("measure", "expected"), [("stance", [0.8, 0.2, 0.3]), ("sentiment", None), (None, None)])
def test_a_calibration_is_that_of_its_measure(measure, expected):
    raw = np.array([0.64, 0.04, 0.32])
    model = Calibrated({"A likes it.": raw[[1, 0, 2]]})
    (found,) = judge([ITEM], ASKED, model, measure=measure, wordings="one")
    tempered_ = np.sqrt(raw) * [1, 1, np.exp(0.5)]
    assert found.mean == pytest.approx(raw if expected is None else tempered_ / tempered_.sum())


def test_the_last_label_alone_is_moved_by_an_offset_and_zero_stays_finite():
    assert tempered(np.array([0.5, 0.25, 0.25]), 1.0, np.log(2)) == pytest.approx([0.4, 0.2, 0.4])
    assert tempered(np.array([0.8, 0.2]), 0.5, 0.0) == pytest.approx([16 / 17, 1 / 17])
    assert tempered(np.array([1.0, 0.0]), 2.0) == pytest.approx([1, 1e-6], abs=2e-6)
    rows = np.array([[0.6, 0.4], [0.1, 0.9]])
    assert tempered(rows, 3.0, 0.2) == pytest.approx(np.array([tempered(row, 3.0, 0.2) for row in rows]))


@pytest.mark.parametrize(("temperature", "offset"), [(0.0, 0.0), (-1.0, 0.0), (np.inf, 0.0), (2.0, np.nan)])
def test_a_calibration_that_is_none_is_refused(temperature, offset):
    with pytest.raises(StanceError, match="temperature above 0"):
        tempered(np.array([0.8, 0.2]), temperature, offset)


@pytest.mark.parametrize(
    ("p", "least", "reason"),
    [
        (0.5, 0.5, None), (0.4999, 0.5, "below 0.5"), (0.0, 0.0, None), (1.0, 1.0, None), (0.99, 1.0, "below 1"),
        (None, 0.5, None), (0.1, None, None), (float("nan"), 0.5, NO_PROBABILITIES),
    ],
)  # fmt: skip
def test_what_lies_at_the_threshold_counts(p, least, reason):
    model = FakeModel()
    model.addressed = least
    found = not_addressed(p, model)
    assert found is None if reason is None else reason in found


@pytest.mark.parametrize("least", [-0.01, 1.01])
def test_a_threshold_is_a_probability(least):
    model = FakeModel()
    model.addressed = least
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\]"):
        not_addressed(None, model)


def test_whether_a_target_is_taken_up_is_asked_once_and_calibrated():
    model = Calibrated({"A speaks about it.": [0.1, 0.8, 0.1]})
    assert judge_addressed([ITEM, ITEM], model) == pytest.approx([2 / 3, 2 / 3])
    assert judge_addressed([ITEM], Table({})) == [None]


def test_windows_weigh_as_much_as_they_hold():
    model = Table({"asked": [0, 0, 1]})
    model.windows = lambda premise, hypothesis: ["", "x", "yyy"]
    model.predict = lambda pairs: np.array([[1.0, 0, 0] if p == "yyy" else [0, 1.0, 0] for p, _ in pairs])
    rows, windows = read([("premise", "asked")], model)
    assert rows.tolist() == [[0.6, 0.4, 0]] and windows.tolist() == [3]


def test_a_definition_is_read_by_a_model_that_was_taught_to():
    defined = Item("text", "A", "it", definition="a thing")
    for model, asked in ((Table({}), "A likes it."), (Table({}), "A likes it. (it: a thing)")):
        model.defined = "(" in asked
        model.answers = {asked: [0.1, 0.7, 0.2]}
        (found,) = judge([defined], ASKED, model, wordings="one")
        assert found.mean == (0.7, 0.1, 0.2)


def test_statements_have_a_calibration_of_their_own():
    model = Table({"A likes it.": [0.2, 0.5, 0.3]})
    model.calibration = {"stance": (1.0, 1.0), "reported": (1.0, 0.0)}
    likes = Hypotheses(favor=("{actor} likes {target}.",), against=("No.",))
    sentence, statement = judge(
        [Item("text", "A", "it"), Item("text", "A", "it", stated=True)], likes, model, measure="stance", wordings="one"
    )
    assert statement.mean == pytest.approx((0.5, 0.2, 0.3))
    assert sentence.mean[2] > statement.mean[2]
