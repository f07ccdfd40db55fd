"""What a model's answers come to: labels by name, wordings, windows."""

import numpy as np
import pytest

from stance.codebook import Frame
from stance.scoring.entailment import judge_frames
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
