import itertools
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.analysis.intervals import INSUFFICIENT, difference_interval, mean_interval, prediction_powered
from stance.schema import StanceError
from stance.validation.estimates import SCOPE, corrected_estimates, pseudo_outcomes
from tests.support.labelled import labels_of, scored

NETS = {"favor": 1.0, "against": -1.0, "none": 0.0}


@pytest.fixture(scope="module")
def study(script):
    return script("benchmarks/corrections.py")


def line(table, estimator, estimand="difference", a="a"):
    chosen = (table["estimator"] == estimator) & (table["estimand"] == estimand) & (table["a"] == a)
    return table[chosen].iloc[0]


@pytest.mark.parametrize("design", ["at random", "by actor and label", "by score"])
def test_dsl_holds_the_truth_where_naive_does_not(study, design):
    case = (("documents alike", 0.3), "differs by actor", (design, study.DESIGNS[design]), 120)
    for found in study.measured(case, powered=False):
        print(f"{design}, {found['estimand']}: naive {found['coverage_naive']:.1%}, DSL {found['coverage_dsl']:.1%}")
        assert 0.92 <= found["coverage_dsl"] <= 0.97
        assert found["coverage_naive"] < 0.2
        assert abs(found["bias_dsl"]) < 0.01 < 0.1 < abs(found["bias_naive"])


def test_ppi_holds_the_truth_where_naive_does_not(study):
    pytest.importorskip("ppi_py", reason="needs the extra 'validation'")
    case = (("independent", 0.0), "differs by actor", ("at random", study.at_random), 240)
    for found in study.measured(case):
        print(f"{found['estimand']}: naive {found['coverage_naive']:.1%}, PPI {found['coverage_ppi']:.1%}")
        assert 0.92 <= found["coverage_ppi"] <= 0.97
        assert found["coverage_naive"] < 0.2


def test_what_was_simulated_is_what_is_estimated(study):
    rng = np.random.default_rng(5)
    labels, scores, in_a, documents = study.simulate(rng)
    drawn, probabilities = study.by_label(rng, scores, in_a, 120)
    n = len(scores)
    p = {"p_favor": (1 + scores) / 2, "p_against": (1 - scores) / 2, "p_none": 0.0}
    table = pd.DataFrame(
        {
            "segment": [str(i) for i in range(n)], "document": documents, "role": "source", "target": "talks",
            "actor": np.where(in_a, "a", "b"), "label": "favor", "net": scores, **p,
        }
    )  # fmt: skip
    truth = pd.Series(labels).map({value: name for name, value in NETS.items()})
    found = corrected_estimates(table, labels_of(table, truth, np.flatnonzero(drawn), probabilities))
    expected = study.intervals(labels, scores, in_a, documents, drawn, probabilities)
    for (estimator, estimand), interval in expected.items():
        row = line(found, {"dsl": "DSL"}.get(estimator, estimator), estimand)
        assert (row["low"], row["high"]) == pytest.approx(interval)
        assert row["estimate"] == pytest.approx(sum(interval) / 2)
        assert row["note"].startswith("over documents")


numbers = st.floats(-1, 1)


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=30))
def test_where_all_is_labelled_predictions_are_nothing(rows):
    predicted, observed = np.array(rows).T
    assert pseudo_outcomes(predicted, observed, np.ones(len(rows))) == pytest.approx(observed)


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, numbers, st.floats(0.05, 1), st.booleans()), min_size=2, max_size=30), numbers)
def test_a_constant_error_shifts_nothing(rows, constant):
    predicted, observed, probabilities, known = np.array(rows).T
    known[0] = True
    observed = np.where(known, observed, np.nan)
    first, second = (pseudo_outcomes(q, observed, probabilities) for q in (predicted, predicted + constant))
    assert second == pytest.approx(first, abs=1e-9)


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=6), st.integers(1, 3))
def test_over_all_samples_the_mean_is_that_of_the_labels(rows, k):
    """Whatever the predictions: the design alone makes it so."""
    predicted, observed = np.array(rows).T
    n = len(rows)
    samples = itertools.combinations(range(n), k)
    found = [
        pseudo_outcomes(predicted, np.where(np.isin(np.arange(n), s), observed, np.nan), np.full(n, k / n)).mean()
        for s in samples
    ]
    assert np.mean(found) == pytest.approx(observed.mean(), abs=1e-9)


def test_unequal_shares_of_strata_are_undone():
    """Over all samples of two from each stratum, to first order: the mean is that of the labels."""
    predicted, observed = np.linspace(-0.5, 0.5, 10), np.array([1, 1, 0, 0, -1, 0, 1, -1, 0, 0], float)
    strata = np.arange(10) < 4
    probabilities = np.where(strata, 2 / 4, 2 / 6)
    found = []
    for pair in itertools.product(itertools.combinations(range(4), 2), itertools.combinations(range(4, 10), 2)):
        drawn = np.isin(np.arange(10), np.concatenate(pair))
        found.append(pseudo_outcomes(predicted, np.where(drawn, observed, np.nan), probabilities).mean())
    assert np.mean(found) == pytest.approx(observed.mean())


def sampled(seed=0, k=200, **options):
    scores, truth = scored(seed=seed, **options)
    rows = np.random.default_rng(seed).permutation(len(scores))[:k]
    return scores, labels_of(scores, truth, rows, k / len(scores)), truth


def test_all_labelled_is_the_mean_of_the_labels():
    scores, truth = scored(tilt=(1, 0))
    found = corrected_estimates(scores, labels_of(scores, truth))
    means = truth.map(NETS).groupby(scores["actor"]).mean()
    assert line(found, "DSL", "mean", "b")["estimate"] == pytest.approx(means["b"])
    row = line(found, "DSL")
    assert row["estimate"] == pytest.approx(means["a"] - means["b"])
    assert "all labelled: the labels themselves" in row["note"]
    assert row["n_labelled"] == row["n_scored"] == 400


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_is_nothing(seed):
    scores, labels, _ = sampled(seed)
    scores["role"] = np.where(np.arange(400) % 2, "source", "mention")
    mixed = scores.sample(frac=1, random_state=seed), labels.sample(frac=1, random_state=seed + 1)
    pd.testing.assert_frame_equal(corrected_estimates(scores, labels), corrected_estimates(*mixed), check_exact=True)


@pytest.mark.parametrize("estimator", ["naive", "DSL", "PPI"])
def test_differences_turn_round_with_the_names(estimator):
    if estimator == "PPI":
        pytest.importorskip("ppi_py", reason="needs the extra 'validation'")
    scores, labels, _ = sampled()
    there = line(corrected_estimates(scores, labels, estimators=[estimator]), estimator)
    swapped = scores.assign(actor=scores["actor"].map({"a": "b", "b": "a"}))
    back = line(corrected_estimates(swapped, labels, estimators=[estimator]), estimator)
    numbers = (back["estimate"], back["low"], back["high"])
    assert numbers == pytest.approx((-there["estimate"], -there["high"], -there["low"]))


@pytest.mark.parametrize(("tilt", "sign"), [((1.5, 0.0), 1), ((0.0, 1.5), -1)])
def test_what_the_model_adds_to_one_actor_is_taken_away(tilt, sign):
    scores, labels, truth = sampled(tilt=tilt)
    found = corrected_estimates(scores, labels)
    naive, dsl = line(found, "naive"), line(found, "DSL")
    assert sign * (naive["estimate"] - dsl["estimate"]) > 0.1
    means = truth.map(NETS).groupby(scores["actor"]).mean()
    assert dsl["low"] <= means["a"] - means["b"] <= dsl["high"]
    assert dsl["high"] - dsl["low"] > naive["high"] - naive["low"]


@pytest.mark.parametrize("measure", ["stance", "sentiment"])
def test_the_share_of_one_label(measure):
    scores, truth = scored(measure=measure)
    label = {"stance": "against", "sentiment": "negative"}[measure]
    found = corrected_estimates(scores, labels_of(scores, truth, measure=measure), outcome=label)
    in_a = scores["actor"] == "a"
    assert line(found, "DSL", "mean")["estimate"] == pytest.approx((truth[in_a] == label).mean())
    assert line(found, "naive", "mean")["estimate"] == pytest.approx(scores.loc[in_a, f"p_{label}"].mean())


def test_notes_say_what_is_sampled_and_what_is_corrected():
    scores, labels, _ = sampled()
    found = corrected_estimates(scores, labels)
    assert line(found, "naive")["note"] == "over documents; ignores label error"
    assert line(found, "DSL")["note"] == f"over documents; {SCOPE}"
    one_text = corrected_estimates(scores.assign(document="d"), labels)
    assert line(one_text, "DSL")["note"] == f"over units, not documents; {SCOPE}"
    clustered = corrected_estimates(scores.assign(cluster="c"), labels)
    assert line(clustered, "DSL")["note"] == line(one_text, "DSL")["note"]
    a_in_one_text = corrected_estimates(
        scores.assign(document=scores["document"].where(scores["actor"] != "a", "d")), labels
    )
    assert line(a_in_one_text, "DSL")["note"] == line(one_text, "DSL")["note"]
    assert line(a_in_one_text, "DSL", "mean", "b")["note"] == f"over documents; {SCOPE}"


def test_only_where_all_of_both_groups_is_labelled_does_the_note_say_so():
    scores, truth = scored()
    rows = np.flatnonzero((scores["actor"] == "a") | (np.arange(400) % 2 == 0))
    found = corrected_estimates(scores, labels_of(scores, truth, rows, 0.5))
    noted = [("all labelled" in line(found, "DSL", *which)["note"]) for which in (("mean", "a"), ("mean", "b"), ())]
    assert noted == [True, False, False]


def test_all_estimators_stand_side_by_side_each_inside_its_interval():
    pytest.importorskip("ppi_py", reason="needs the extra 'validation'")
    scores, labels, _ = sampled(actors=("a", "b", "c"), tilt=(1.5, 0, -1), k=250)
    found = corrected_estimates(scores, labels, estimators=("naive", "DSL", "PPI"))
    assert found["estimator"].tolist() == ["naive", "DSL", "PPI"] * 6
    means, differences = found[found["estimand"] == "mean"], found[found["estimand"] == "difference"]
    assert (means["a"] + means["b"]).tolist() == [x for x in "abc" for _ in range(3)]
    assert (differences["a"] + differences["b"]).tolist() == [x for x in ("ab", "ac", "bc") for _ in range(3)]
    assert ((found["low"] < found["estimate"]) & (found["estimate"] < found["high"])).all()
    assert differences["estimate"].tolist() == pytest.approx(
        [line(found, e, "mean", a)["estimate"] - line(found, e, "mean", b)["estimate"] for a, b in ("ab", "ac", "bc")
         for e in ("naive", "DSL", "PPI")], abs=0.02,
    )  # fmt: skip


@pytest.mark.parametrize(("few", "many"), [("a", "b"), ("b", "a")])
def test_the_group_labelled_in_fewer_documents_gives_the_degrees_of_freedom(few, many):
    scores, truth = scored(documents=40)
    near = scores["document"].isin([f"d{i}" for i in range(7)])
    labels = labels_of(scores, truth, np.flatnonzero((scores["actor"] == many) | near), 0.5)
    observed = truth.map(NETS).where((scores["actor"] == many) | near).to_numpy(float)
    in_a, pseudo = (scores["actor"] == "a").to_numpy(), np.empty(400)
    for part in (in_a, ~in_a):
        pseudo[part] = pseudo_outcomes(scores["net"].to_numpy()[part], observed[part], np.full(part.sum(), 0.5))
    found = corrected_estimates(scores, labels)
    row, mean = line(found, "DSL"), line(found, "DSL", "mean", few)
    documents = scores["document"].to_numpy()
    assert (row["low"], row["high"]) == pytest.approx(difference_interval(pseudo, in_a, documents, 6))
    own = (scores["actor"] == few).to_numpy()
    assert (mean["low"], mean["high"]) == pytest.approx(mean_interval(pseudo[own], documents[own], freedom=6))


def test_scores_that_do_not_vary_have_no_naive_interval():
    scores, labels, _ = sampled()
    found = corrected_estimates(scores.assign(net=0.25), labels)
    assert line(found, "naive")["note"] == "no spread, so no interval; ignores label error"
    assert np.isnan(line(found, "naive")["low"]) and line(found, "DSL")["low"] < line(found, "DSL")["high"]


def test_a_table_without_actors_may_be_grouped_by_something_else():
    scores, labels, _ = sampled()
    by_voice = corrected_estimates(scores.rename(columns={"actor": "voice"}), labels, "voice")
    pd.testing.assert_frame_equal(by_voice, corrected_estimates(scores, labels))


def test_few_labels_give_an_estimate_and_no_interval():
    scores, truth = scored()
    rows = [*np.flatnonzero(scores["actor"] == "a")[:19], *np.flatnonzero(scores["actor"] == "b")[:20]]
    found = corrected_estimates(scores, labels_of(scores, truth, rows, 0.1))
    assert np.isnan(line(found, "DSL")["low"]) and line(found, "DSL")["estimate"] == pytest.approx(
        line(found, "DSL", "mean", "a")["estimate"] - line(found, "DSL", "mean", "b")["estimate"]
    )
    assert line(found, "DSL")["note"].startswith(f"{INSUFFICIENT}: 19 and 20 of 20 labels")
    assert line(found, "DSL", "mean", "b")["low"] < line(found, "DSL", "mean", "b")["high"]
    assert line(found, "naive")["low"] < line(found, "naive")["high"]


def test_few_units_give_no_naive_interval():
    scores, truth = scored(n=30)
    sizes = scores["actor"].value_counts()
    row = line(corrected_estimates(scores, labels_of(scores, truth)), "naive")
    assert np.isnan(row["low"])
    assert row["note"] == f"{INSUFFICIENT}: {sizes['a']} and {sizes['b']} of 20 units; ignores label error"


def test_a_group_without_labels_is_left_empty_unless_it_is_asked_for():
    scores, truth = scored(actors=("a", "b", "c"), tilt=(0, 0, 0))
    labels = labels_of(scores, truth, np.flatnonzero(scores["actor"] != "c")[::2], 0.5)
    found = corrected_estimates(scores, labels)
    assert np.isnan(line(found, "DSL", "mean", "c")["estimate"]) and line(found, "naive", "mean", "c")["low"] < 1
    assert np.isnan(pseudo_outcomes(np.zeros(2), np.full(2, np.nan), np.ones(2))).tolist() == [True, True]
    assert set(corrected_estimates(scores, labels, groups=["a", "b"])["a"]) == {"a", "b"}
    with pytest.raises(StanceError, match="No unit of 'c' has a label"):
        corrected_estimates(scores, labels, groups=["a", "c"])


def test_roles_and_targets_are_kept_apart():
    scores, truth = scored()
    scores["role"] = np.where(np.arange(400) % 2, "mention", "source")
    found = corrected_estimates(scores, labels_of(scores, truth))
    assert found["role"].tolist() == ["source"] * 6 + ["mention"] * 6  # in the order of the units
    toward_each_other = corrected_estimates(
        (own := scores.assign(role="mention", target=scores["actor"])), labels_of(own, truth)
    )
    assert "target" not in toward_each_other and len(toward_each_other) == 2 * 3


def test_a_sheet_half_filled_in_is_said_and_shifts_nothing():
    scores, labels, truth = sampled(tilt=(1.5, 0), k=300)
    half = labels.assign(label=labels["label"].where(np.arange(300) < 150))
    row = line(corrected_estimates(scores, half), "DSL")
    assert row["note"].endswith("units left out: 150 without a label") and row["n_labelled"] == 150
    means = truth.map(NETS).groupby(scores["actor"]).mean()
    assert row["low"] <= means["a"] - means["b"] <= row["high"]
    as_drawn = labels[:150].assign(inclusion_probability=150 / 400)
    alike = line(corrected_estimates(scores, as_drawn), "DSL")
    assert (row["estimate"], row["low"], row["high"]) == pytest.approx((alike["estimate"], alike["low"], alike["high"]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"outcome": "positive"}, "The outcome must be one of net, favor, against, none. Got 'positive'"),
        ({"estimators": ["OLS"]}, "among naive, DSL, PPI. Got OLS"),
        ({"estimators": []}, "Got none"),
        ({"by": "party"}, "no column 'party'"),
        ({"annotator": "k"}, "no annotator 'k'"),
    ],
)
def test_what_is_not_there_cannot_be_asked_for(options, message):
    scores, labels, _ = sampled()
    with pytest.raises(StanceError, match=message):
        corrected_estimates(scores, labels, **options)


@pytest.mark.parametrize("value", [np.nan, 0, 1.01])
def test_every_drawn_unit_needs_its_inclusion_probability(value):
    scores, labels, _ = sampled()
    labels.loc[11, ["label", "inclusion_probability"]] = [None, value]
    with pytest.raises(StanceError, match=f"'inclusion_probability' of {labels['unit'][11]} must be above 0"):
        corrected_estimates(scores, labels)
    with pytest.raises(StanceError, match="Got none"):
        corrected_estimates(scores, labels.drop(columns="inclusion_probability"))


def test_documents_are_named():
    scores, labels, _ = sampled()
    with pytest.raises(StanceError, match="'document' is empty in some rows"):
        corrected_estimates(scores.assign(document=[None, *scores["document"][1:]]), labels)


def test_ppi_is_refused_where_shares_are_unequal():
    scores, truth = scored()
    p = np.where(scores["actor"] == "a", 0.5, 0.25)
    with pytest.raises(StanceError, match="PPI needs a simple random sample. Here .* from 0.25 to 0.5. Use DSL"):
        corrected_estimates(scores, labels_of(scores, truth, range(100), p), estimators=["PPI"])


def test_ppi_says_what_it_needs(monkeypatch):
    monkeypatch.setitem(sys.modules, "ppi_py", None)
    scores, labels, _ = sampled()
    with pytest.raises(StanceError, match=r"package ppi-python: pip install -e '.\[validation\]'"):
        corrected_estimates(scores, labels, estimators=["PPI"])


def test_ppi_without_help_from_predictions_is_the_mean_of_the_labels(monkeypatch):
    pytest.importorskip("ppi_py", reason="needs the extra 'validation'")
    for name in [name for name in sys.modules if name.split(".")[0] == "ppi_py"]:
        monkeypatch.delitem(sys.modules, name)  # it changes the filters of warnings when imported
    rng = np.random.default_rng(0)
    labels = rng.choice([-1.0, 0, 1], 60)
    before = warnings.filters[:]
    estimate, low, high = prediction_powered(labels, np.full(60, 0.3) + rng.normal(0, 1e-9, 60), np.full(200, 0.3))
    assert warnings.filters == before
    assert estimate == pytest.approx(labels.mean(), abs=1e-6)
    assert high - low == pytest.approx(2 * 1.96 * labels.std() / 60**0.5, rel=0.01)


def test_a_difference_by_ppi_without_help_from_predictions_is_that_of_the_labels():
    pytest.importorskip("ppi_py", reason="needs the extra 'validation'")
    rng = np.random.default_rng(0)
    labels, in_a = rng.choice([-1.0, 0, 1], 60), np.arange(60) < 24
    predicted = np.full(60, 0.3) + rng.normal(0, 1e-9, 60)
    estimate, low, high = prediction_powered(labels, predicted, np.full(200, 0.3), (in_a, np.arange(200) < 110))
    assert estimate == pytest.approx(labels[in_a].mean() - labels[~in_a].mean(), abs=1e-6)
    error = (labels[in_a].var() / 24 + labels[~in_a].var() / 36) ** 0.5
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.01)


def test_ppi_and_dsl_agree_where_both_apply():
    pytest.importorskip("ppi_py", reason="needs the extra 'validation'")
    scores, labels, _ = sampled(documents=400, tilt=(1.5, 0))
    found = corrected_estimates(scores, labels, estimators=["DSL", "PPI"])
    dsl, ppi = line(found, "DSL"), line(found, "PPI")
    assert abs(dsl["estimate"] - ppi["estimate"]) < 0.05
    assert ppi["high"] - ppi["low"] == pytest.approx(dsl["high"] - dsl["low"], rel=0.15)


def test_ppi_needs_units_without_a_label():
    scores, truth = scored()
    row = line(corrected_estimates(scores, labels_of(scores, truth), estimators=["PPI"]), "PPI", "mean")
    assert np.isnan(row["estimate"]) and "of 20 units without a label" in row["note"]


def test_units_without_an_actor_could_not_be_drawn_and_do_not_count():
    scores, truth = scored(n=800)
    scores["voice"] = np.where(np.arange(800) % 2, "v", "w")
    rows = np.arange(0, 800, 4)
    with_actor = corrected_estimates(scores, labels_of(scores, truth, rows, 0.25), by="voice")
    nobody = scores.assign(
        actor=None, segment="n" + scores["segment"], net=-1.0, p_favor=0.0, p_against=1.0, p_none=0.0
    )
    found = corrected_estimates(pd.concat([scores, nobody]), labels_of(scores, truth, rows, 0.25), by="voice")
    pd.testing.assert_frame_equal(found.drop(columns="note"), with_actor.drop(columns="note"))
    assert found["note"].str.contains("800 units without an actor left out").all()


def test_labels_from_one_of_many_documents_have_no_interval():
    scores, truth = scored(n=4_000)
    rows = np.flatnonzero(scores["document"] == "d0")
    assert len(rows) > 45
    found = line(corrected_estimates(scores, labels_of(scores, truth, rows, 0.5)), "DSL")
    assert np.isnan(found["low"]) and "labels from one document only" in found["note"]
