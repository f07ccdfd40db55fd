import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.analysis.bootstrap import resamples
from stance.scoring.entailment import tempered
from stance.validation.calibration import calibration_error, calibration_interval, fit_calibration, reliability


def drawn(n, sharpness=1.0, seed=0):
    """Probabilities, and labels that are right as often as these say; then made surer or less sure."""
    rng = np.random.default_rng(seed)
    true = rng.dirichlet((1, 1, 1), size=n)
    labels = np.array([rng.choice(3, p=row) for row in true])
    return tempered(true, 1 / sharpness), labels


@pytest.mark.parametrize(
    ("confidence", "right", "error"),
    [([0.9, 0.9], [1, 1], 0.1), ([0.9, 0.9], [0, 0], 0.9), ([0.9, 0.6], [1, 0], (0.1 + 0.6) / 2), ([1.0], [1], 0.0)],
)
def test_the_error_is_the_distance_of_accuracy_from_confidence(confidence, right, error):
    probabilities = np.array([[c, 1 - c] for c in confidence])
    assert calibration_error(probabilities, 1 - np.array(right)) == pytest.approx(error)


@pytest.mark.parametrize(("sharpness", "temperature"), [(1, 1.0), (2, 2.0), (0.5, 0.5)])
def test_the_temperature_undoes_what_was_done(sharpness, temperature):
    probabilities, labels = drawn(4000, sharpness)
    found, offset = fit_calibration(probabilities, labels)
    assert found == pytest.approx(temperature, rel=0.1)
    assert offset == pytest.approx(0, abs=0.15)


def test_the_offset_undoes_a_label_said_too_seldom():
    probabilities, labels = drawn(4000)
    seldom = tempered(probabilities, 1.0, -1.0)
    temperature, offset = fit_calibration(seldom, labels)
    assert (temperature, offset) == (pytest.approx(1, rel=0.1), pytest.approx(1, abs=0.15))
    assert calibration_error(tempered(seldom, temperature, offset), labels) < calibration_error(seldom, labels) / 2


def test_a_calibrated_model_shows_what_perfect_calibration_shows():
    probabilities, labels = drawn(2000)
    low, high, perfect = calibration_interval(probabilities, labels)
    assert 0 <= low <= calibration_error(probabilities, labels) <= high
    assert perfect == pytest.approx(calibration_error(probabilities, labels), abs=0.015)
    assert low < high
    surer = calibration_error(tempered(probabilities, 0.4), labels)
    assert surer > 3 * perfect


def test_fewer_rows_show_more_error_by_chance_alone():
    few, many = (calibration_interval(*drawn(n))[2] for n in (100, 2000))
    assert few > 2 * many


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(0.001, 1), min_size=3, max_size=3),
    st.floats(0.1, 10),
)
def test_a_temperature_keeps_the_order_and_the_sum(raw, temperature):
    probabilities = np.array(raw) / sum(raw)
    found = tempered(probabilities, temperature)
    assert found.sum() == pytest.approx(1)
    assert (np.argsort(found, kind="stable") == np.argsort(probabilities, kind="stable")).all() or np.ptp(found) < 1e-6


def test_rows_of_one_text_are_drawn_together():
    counts = resamples(6, np.array(["a", "a", "a", "b", "c", "c"]), np.random.default_rng(0), draws=50)
    assert (counts[:, 0] == counts[:, 2]).all() and (counts[:, 4] == counts[:, 5]).all()
    assert (counts[:, [0, 3, 4]].sum(axis=1) == 3).all()


def test_reliability_holds_every_row_once():
    probabilities, labels = drawn(300)
    table = reliability(probabilities, labels)
    assert table["n"].sum() == 300
    assert ((table["low"] <= table["confidence"]) & (table["confidence"] <= table["high"])).all()
