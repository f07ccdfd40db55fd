"""The door for models: ours, and whatever object a user has."""

import numpy as np
import pandas as pd
import pytest

import stance
from stance.schema import StanceError
from stance.scoring.model import Model, as_model
from tests.support.fakes import FakeModel


class Given:
    """An object of a user's that derives from nothing."""

    name = "mine@1/none"

    def predict(self, pairs):
        return np.tile([0.7, 0.2, 0.1], (len(pairs), 1))


class TwoWay(Given):
    labels = ("entailment", "not_entailment")
    marks = ("holder",)

    def predict(self, pairs):
        return np.tile([0.9, 0.1], (len(pairs), 1))


def test_a_model_passes_as_it_is():
    model = FakeModel()
    assert as_model(model) is model


def test_an_object_of_ones_own_gets_the_defaults():
    model = as_model(Given())
    assert isinstance(model, Model)
    assert (model.name, model.labels[0], model.marks, dict(model.calibration)) == (
        "mine@1/none",
        "entailment",
        frozenset(),
        {},
    )
    assert model.windows("a premise", "a hypothesis") == ["a premise"]


def test_what_an_object_has_is_kept():
    model = as_model(TwoWay())
    assert (model.labels, model.marks) == (("entailment", "not_entailment"), {"holder"})


@pytest.mark.parametrize("own", [Given(), TwoWay()])
def test_every_function_that_scores_takes_it(own, codebook, sample_segments):
    segments = sample_segments[:5]
    target = codebook.target()
    assert stance.score_stance(segments, target, own)[0].model == own.name
    assert {s.model for s in stance.score_sentiment(sample_segments[-3:], own)} == {own.name}
    assert stance.score_frames(segments, codebook.frames, target, own)[0].model == own.name
    rows = pd.DataFrame({"text": ["It rained."], "target": ["rain"]})
    assert stance.score_rows(rows, "stance", own)["label"].notna().all()
    assert len(stance.validation.audit_names(own, {"one": ("Ada", "Bo")}, wordings="one")) == 4


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("base", "A model needs 'name' and 'predict.pairs.'. Got 'base'. Load one: stance.load_model.'base'."),
        (object(), "A model needs 'name' and 'predict.pairs.'. Got object. Load one: stance.load_model.."),
    ],
)
def test_anything_else_is_refused(given, sentence, codebook):
    with pytest.raises(StanceError, match=sentence):
        stance.score_stance([], codebook.target(), given)
