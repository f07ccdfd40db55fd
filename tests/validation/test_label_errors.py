import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score
from statsmodels.stats.proportion import proportion_confint

from stance.analysis.intervals import INSUFFICIENT, equal_means_p, proportion_interval
from stance.cli.console import print_validation
from stance.cli.labelling import validated
from stance.schema import LABELS, StanceError
from stance.validation.calibration import calibration_error, calibration_interval
from stance.validation.label_errors import accuracy, differential_error
from tests.support.labelled import labels_of, scored


def of(table, metric, label="", group="all"):
    chosen = table[(table["metric"] == metric) & (table["label"] == label) & (table["group"] == group)]
    return chosen.iloc[0]


@pytest.mark.parametrize("measure", ["stance", "sentiment"])
@pytest.mark.parametrize("weighted", [False, True])
def test_numbers_are_those_of_scikit_learn(measure, weighted):
    scores, truth = scored(measure=measure)
    p = np.where(np.arange(400) % 3 == 0, 0.2, 0.8) if weighted else np.full(400, 0.5)
    table = accuracy(labels_of(scores, truth, probability=p, measure=measure), scores, by=())
    weights, found = 1 / p, scores["label"]
    assert of(table, "accuracy")["value"] == pytest.approx(accuracy_score(truth, found, sample_weight=weights))
    macro = f1_score(truth, found, average="macro", sample_weight=weights)
    assert of(table, "macro_f1")["value"] == pytest.approx(macro)
    for metric, score in {"precision": precision_score, "recall": recall_score, "f1": f1_score}.items():
        for name in LABELS[measure]:
            expected = score(truth, found, labels=[name], average="macro", sample_weight=weights)
            assert of(table, metric, name)["value"] == pytest.approx(expected)


def test_where_all_count_alike_intervals_are_wilsons():
    scores, truth = scored()
    table = accuracy(labels_of(scores, truth), scores)
    right = int((truth == scores["label"]).sum())
    row = of(table, "accuracy")
    assert (row["low"], row["high"]) == pytest.approx(proportion_confint(right, 400, method="wilson"))
    without = accuracy(labels_of(scores, truth).drop(columns="inclusion_probability"), scores)
    pd.testing.assert_frame_equal(table, without)


def test_every_value_lies_in_its_interval_and_groups_are_all_there():
    scores, truth = scored()
    table = accuracy(labels_of(scores, truth, range(250), 0.6), scores)
    assert list(dict.fromkeys(zip(table["by"], table["group"], strict=True))) == [
        ("all", "all"), ("actor", "a"), ("actor", "b"), ("role", "source"), ("kind", "direct"), ("kind", "indirect")
    ]  # fmt: skip
    known = table.dropna(subset="low")
    assert len(known) == len(table) == 6 * 12
    assert ((known["low"] <= known["value"]) & (known["value"] <= known["high"])).all()
    assert table.loc[(table["by"] == "actor") & (table["metric"] == "accuracy"), "n"].sum() == 250


def test_a_rare_label_drawn_more_often_does_not_change_what_is_estimated():
    scores, truth = scored(3_000, seed=4)
    p = np.where(scores["label"] == "against", 0.8, 0.1)
    drawn = np.flatnonzero(np.random.default_rng(1).random(3_000) < p)
    labels = labels_of(scores, truth, drawn, p)
    everything = accuracy(labels_of(scores, truth), scores, by=())
    weighted, alike = (accuracy(x, scores, by=()) for x in (labels, labels.drop(columns="inclusion_probability")))
    true = of(everything, "recall", "against")["value"]
    row = of(weighted, "recall", "against")
    assert row["low"] <= true <= row["high"]
    assert of(alike, "recall", "against")["low"] > true
    assert weighted["value"].between(weighted["low"], weighted["high"]).all()
    for metric, label in (("macro_f1", ""), ("f1", "against")):
        row, plain = of(weighted, metric, label), of(alike, metric, label)
        assert row["low"] <= of(everything, metric, label)["value"] <= row["high"]
        assert (row["low"] + row["high"]) / 2 == pytest.approx(row["value"], abs=0.02)
        assert abs(plain["value"] - row["value"]) > 0.02
    probabilities = scores.loc[drawn, ["p_favor", "p_against", "p_none"]].to_numpy()
    index = truth[drawn].map({"favor": 0, "against": 1, "none": 2}).to_numpy()
    expected = calibration_error(probabilities, index, weights=1 / p[drawn])
    assert of(weighted, "calibration_error")["value"] == pytest.approx(expected)


def test_intervals_of_weighted_shares_hold_the_truth():
    rng, inside = np.random.default_rng(2), 0
    for _ in range(1_000):
        stratum = rng.random(300) < 0.3
        weights, hits = np.where(stratum, 1.0, 4.0), rng.random(300) < np.where(stratum, 0.6, 0.85)
        low, high = proportion_interval((weights @ hits) / weights.sum(), weights.sum() ** 2 / (weights**2).sum())
        inside += low <= (0.3 * 0.6 + 0.7 * 4 * 0.85) / (0.3 + 0.7 * 4) <= high
    print(f"{inside / 10:.1f} % of weighted shares' intervals hold the truth")
    assert 920 <= inside <= 975


def test_few_labels_give_a_note_and_no_interval():
    scores, truth = scored()
    table = accuracy(labels_of(scores, truth, range(19)), scores, by="actor")
    row = of(table, "accuracy")
    assert np.isnan(row["low"]) and row["note"] == f"{INSUFFICIENT}: 19 of 20 labels" and row["value"] > 0
    assert accuracy(labels_of(scores, truth, range(20)), scores, by=())["low"].notna().iloc[0]


def test_calibration_counts_units_by_weight():
    p, truth = np.array([[0.9, 0.1, 0], [0.9, 0.1, 0], [0.2, 0.1, 0.7]]), np.array([0, 1, 2])
    doubled = calibration_error(p[[0, 0, 0, 1, 2]], truth[[0, 0, 0, 1, 2]])
    assert calibration_error(p, truth, weights=np.array([3, 1, 1])) == pytest.approx(doubled)


def test_the_same_whatever_the_order_of_rows():
    scores, truth = scored()
    labels = labels_of(scores, truth, range(0, 400, 2), 0.5)
    mixed = labels.sample(frac=1, random_state=1), scores.sample(frac=1, random_state=2)
    for function in (accuracy, differential_error):
        pd.testing.assert_frame_equal(function(labels, scores), function(*mixed))


@pytest.mark.parametrize(("tilt", "sign"), [((1.0, 0.0), 1), ((0.0, 1.0), -1)])
def test_favor_for_one_actor_shows_in_the_errors(tilt, sign):
    scores, truth = scored(tilt=tilt)
    found = differential_error(labels_of(scores, truth, range(300), 0.75), scores).set_index("group")
    assert sign * (found["error"]["a"] - found["error"]["b"]) > 0.1
    assert found["p"]["all"] < 0.01
    assert found["error"]["a" if sign > 0 else "b"] > 0


def test_an_error_is_the_models_net_less_the_labels():
    scores, truth = scored()
    found = differential_error(labels_of(scores, truth), scores).set_index("group")
    nets = truth.map({"favor": 1, "against": -1, "none": 0})
    assert found["error"]["all"] == pytest.approx((scores["net"] - nets).mean())
    assert found["note"]["a"] == "over documents"
    few = differential_error(labels_of(scores, truth), scores.assign(document="d")).set_index("group")
    assert few["note"]["a"] == "over units"
    assert few["high"]["a"] > few["error"]["a"] > few["low"]["a"]


def test_without_two_groups_of_20_there_is_no_p():
    scores, truth = scored()
    found = differential_error(labels_of(scores, truth, range(30)), scores).set_index("group")
    assert np.isnan(found["p"]["all"]) and "no p: fewer than two groups of 20 labels" in found["note"]["all"]


def test_p_of_equal_errors_is_uniform():
    rng = np.random.default_rng(3)
    groups, clusters = np.arange(120) % 3, np.arange(120) // 3
    p = np.array(
        [
            equal_means_p(rng.normal(size=40)[clusters] * 0.6 + rng.normal(size=120) * (1 + groups), groups, clusters)
            for _ in range(1_000)
        ]
    )
    print(f"p ≤ .05 in {np.mean(p <= 0.05):.1%}")
    assert 0.03 <= np.mean(p <= 0.05) <= 0.075
    assert 0.45 <= np.mean(p <= 0.5) <= 0.55


@pytest.mark.parametrize("function", [accuracy, differential_error])
def test_a_column_that_is_not_there_is_named(function):
    scores, truth = scored(50)
    with pytest.raises(StanceError, match="no column 'party'"):
        function(labels_of(scores, truth), scores, by="party")


def test_one_missing_inclusion_probability_among_others_is_an_error():
    scores, truth = scored(50)
    labels = labels_of(scores, truth)
    labels.loc[7, "inclusion_probability"] = np.nan
    with pytest.raises(StanceError, match="of s7 talks must be above 0 and at most 1. Got none"):
        accuracy(labels, scores)


def test_the_verb_shows_three_tables(capsys):
    scores, truth = scored()
    labels = labels_of(scores.assign(actor="[bold]x"), truth, range(200), 0.5)
    tables = validated(labels, scores, "actor", "net", ("naive", "DSL"))
    print_validation(tables)
    shown = capsys.readouterr().out
    assert "f1 against" in shown and "a − b" in shown and "not segmentation or attribution" in shown
    value = tables["corrected"].query("estimand == 'difference' and estimator == 'DSL'")["estimate"].item()
    assert f"{value:+.2f}" in shown


def test_intervals_of_f1_hold_the_truth_when_every_unit_has_its_own_probability():
    scores, truth = scored(n=3_000)
    whole = of(accuracy(labels_of(scores, truth), scores, by=()), "macro_f1")["value"]
    rng, inside, runs = np.random.default_rng(4), 0, 100
    for _ in range(runs):
        chance = 0.02 + 0.1 * rng.random(len(scores))
        rows = np.flatnonzero(rng.random(len(scores)) < chance)
        row = of(accuracy(labels_of(scores, truth, rows, chance), scores, by=()), "macro_f1")
        inside += row["low"] <= whole <= row["high"]
    assert inside >= 0.88 * runs


def unequal(seed):
    """Scores, labels, and a sample that has more of what is against, which the model takes for too favorable."""
    scores, truth = scored(n=2_000, seed=seed, tilt=(1.0, 1.0))
    chance = np.where(truth == "against", 0.4, 0.1)
    rows = np.flatnonzero(np.random.default_rng([seed, 1]).random(len(scores)) < chance)
    return scores, truth, rows, chance


def test_errors_count_units_by_weight():
    gaps, ends, plain = [], [], []
    for seed in range(20):
        scores, truth, rows, chance = unequal(seed)
        whole = differential_error(labels_of(scores, truth), scores).set_index("group")["error"]["all"]
        found = differential_error(labels_of(scores, truth, rows, chance), scores).set_index("group").loc["all"]
        gaps.append(found["error"] - whole)
        ends.append((found["low"] + found["high"]) / 2 - found["error"])
        plain.append(
            differential_error(labels_of(scores, truth, rows), scores).set_index("group")["error"]["all"] - whole
        )
    assert abs(np.mean(gaps)) < 0.02 < np.mean(plain) / 2
    assert np.allclose(ends, 0)


def test_p_of_equal_errors_counts_units_by_weight():
    p, plain = [], []
    for seed in range(60):
        scores, truth, rows, chance = unequal(seed)
        chance = np.where(scores["actor"] == "a", chance, 0.2)  # only of a are more drawn that are against
        rows = np.flatnonzero(np.random.default_rng([seed, 1]).random(len(scores)) < chance)
        for kept, weights in ((p, chance), (plain, 1.0)):
            kept.append(differential_error(labels_of(scores, truth, rows, weights), scores)["p"].iloc[-1])
    assert np.mean(np.array(p) < 0.05) < 0.2 < np.mean(np.array(plain) < 0.05)


def test_copies_of_one_text_are_one_cluster():
    scores, truth = scored()
    labels = labels_of(scores, truth)
    assert differential_error(labels, scores.assign(cluster="c"))["note"].str.contains("over units").all()
    copies = differential_error(labels, scores.assign(cluster=scores["document"].str[-1] + scores["document"].str[:2]))
    assert copies["note"].str.contains("over").all() and len(copies) == 3
    with pytest.raises(StanceError, match="'cluster' is empty"):
        differential_error(labels, scores.assign(cluster=None))


def test_intervals_of_the_calibration_error_count_units_by_weight():
    rng = np.random.default_rng(3)
    p, truth = rng.dirichlet([2, 1, 1], 120), rng.integers(0, 3, 120)
    heavy = np.where(truth == 0, 9.0, 1.0)
    weighted, plain = (calibration_interval(p, truth, seed=1, weights=w) for w in (heavy, np.ones(120)))
    error = calibration_error(p, truth, weights=heavy)
    assert weighted[0] <= error <= weighted[1] and abs(weighted[0] - plain[0]) > 0.01
