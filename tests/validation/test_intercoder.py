"""Agreement: what Krippendorff prints, what chance gives, and what must not matter."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import stance
from stance.schema import LABELS, StanceError
from stance.validation.intercoder import NO_OVERLAP, NO_VARIATION, alpha

# Krippendorff (2011), Computing Krippendorff's alpha-reliability: one string for each observer, "." for nothing.
PUBLISHED = [
    (("0100000010", "1110010000"), 0.095),
    (("aabbdcccedda", "babbbccceddd"), 0.692),
    (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),
]


def labels_of(*observers, measure="stance", **columns):
    names = LABELS[measure]
    rows = [
        {"unit": f"u{i:03}", "measure": measure, "target": "talks", "actor": "kyiv", "annotator": f"o{number}"}
        | {"label": "" if value == "." else names[int(value)]}
        for number, values in enumerate(observers)
        for i, value in enumerate(values)
    ]
    return pd.DataFrame(rows).assign(**columns)


def first(table):
    return table.iloc[0]


@pytest.mark.parametrize(("observers", "expected"), PUBLISHED)
def test_published_examples(observers, expected):
    values = sorted({value for row in observers for value in row} - {"."})
    counts = np.array([[column.count(v) for v in values] for column in zip(*observers, strict=True)])
    assert alpha(counts[counts.sum(axis=1) > 1])[0] == pytest.approx(expected, abs=0.0005)


def test_a_published_example_from_a_table_of_labels():
    observers, expected = PUBLISHED[0]
    row = first(stance.validation.agreement(labels_of(*observers)))
    assert row["alpha"] == pytest.approx(expected, abs=0.0005)
    assert row["agreement"] == 0.6 and row["units"] == 10 and row["annotators"] == 2 and row["labels"] == 20


def pairs_alpha(observers):
    """The definition: disagreement within units over disagreement among all values of paired units, pair by pair."""
    units = [[v for v in column if v != "."] for column in zip(*observers, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    values = [v for unit in units for v in unit]
    within = sum(sum(a != b for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in units)
    among = sum(a != b for a, b in itertools.permutations(values, 2)) / (len(values) - 1)
    return 1 - within / among


coded = st.integers(2, 5).flatmap(
    lambda n: st.lists(st.lists(st.sampled_from("012."), min_size=n, max_size=n), min_size=2, max_size=12)
).map(lambda units: ["".join(values) for values in zip(*units, strict=True)])  # fmt: skip


def settled(observers):
    units = [[v for v in column if v != "."] for column in zip(*observers, strict=True)]
    return len({v for unit in units if len(unit) > 1 for v in unit}) > 1


@given(coded)
def test_alpha_is_its_definition(observers):
    assume(settled(observers))
    assert first(stance.validation.agreement(labels_of(*observers)))["alpha"] == pytest.approx(pairs_alpha(observers))


@given(coded, st.randoms(use_true_random=False))
def test_names_order_and_labels_do_not_matter(observers, random):
    assume(set("".join(observers)) != {"."})
    labels = labels_of(*observers)
    one = first(stance.validation.agreement(labels))
    order = random.sample(range(len(labels)), len(labels))
    turned = {"favor": "against", "against": "none", "none": "favor"}
    other = labels.iloc[order].assign(
        annotator=lambda rows: rows["annotator"].map(lambda name: f"other {9 - int(name[1:])}"),
        label=lambda rows: rows["label"].map(lambda label: turned.get(label, "")),
    )
    two = first(stance.validation.agreement(other))
    for column in ("alpha", "agreement", "units", "annotators", "labels"):
        assert two[column] == pytest.approx(one[column], nan_ok=True)


@given(coded)
def test_a_unit_with_one_label_changes_nothing(observers):
    assume(set("".join(observers)) != {"."})
    alone = [f"{values}{'0' if number == 0 else '.'}" for number, values in enumerate(observers)]
    one, two = (stance.validation.agreement(labels_of(*values)) for values in (observers, alone))
    pd.testing.assert_frame_equal(one, two)


def test_perfect_agreement_and_chance():
    rng = np.random.default_rng(0)
    truth, noise = ("".join(map(str, rng.integers(0, 3, 3000))) for _ in range(2))
    assert first(stance.validation.agreement(labels_of(truth, truth)))[["alpha", "note"]].tolist() == [
        1.0,
        "no spread, so no interval",
    ]
    chance = first(stance.validation.agreement(labels_of(truth, noise)))
    assert abs(chance["alpha"]) < 0.05 and chance["low"] < 0 < chance["high"]


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng, runs = np.random.default_rng(5), 300

    def observers(n):
        """Two who see the truth in 7 of 10 units and guess in the others."""
        truth = rng.integers(0, 3, n)
        return [np.where(rng.random(n) < 0.7, truth, rng.integers(0, 3, n)) for _ in range(2)]

    held = 0
    for _ in range(runs):
        row = first(stance.validation.agreement(labels_of(*observers(60))))
        held += row["low"] <= 0.7**2 <= row["high"]  # of two such observers, alpha is the chance that both see
    assert 0.91 <= held / runs <= 0.975


def test_agreement_is_the_share_of_pairs():
    three = pd.DataFrame(
        {
            "unit": ["u"] * 3 + ["v"] * 2,
            "measure": "stance",
            "target": "t",
            "annotator": list("abcab"),
            "label": ["favor", "favor", "none", "none", "none"],
        }
    )
    assert first(stance.validation.agreement(three))["agreement"] == pytest.approx(
        (1 + 1) / (3 + 1)
    )  # of four pairs, two


def test_the_seed_fixes_the_interval():
    labels = labels_of("0120120120120120120120", "0120120010120110120220")
    one, same, other = (stance.validation.agreement(labels, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert first(one)["low"] < first(one)["alpha"] < first(one)["high"]
    assert first(one)["low"] != first(other)["low"] or first(one)["high"] != first(other)["high"]


def test_each_label_is_held_against_the_rest():
    table = stance.validation.agreement(labels_of("0012", "0021")).set_index("label")
    assert table.loc["favor", "alpha"] == 1
    assert table.loc["against", "alpha"] == pytest.approx(pairs_alpha(["aaba", "aaab"]))
    assert table.loc["against", "alpha"] < 0 < table.loc["", "alpha"]


@pytest.mark.parametrize(
    ("observers", "note"),
    [
        (("01..", "..01"), NO_OVERLAP),
        (("0101",), NO_OVERLAP),
        (("0000", "0000"), NO_VARIATION),
        (("0101", "0011"), "insufficient data: fewer than 20 units, so no interval"),
    ],
)
def test_what_cannot_be_computed_is_empty_and_says_why(observers, note):
    row = first(stance.validation.agreement(labels_of(*observers)))
    assert row["note"] == note
    assert np.isnan(row["low"]) and np.isnan(row["high"])
    assert np.isnan(row["alpha"]) == (note in (NO_OVERLAP, NO_VARIATION))
    assert np.isnan(row["agreement"]) == (note == NO_OVERLAP)


def test_measures_and_groups_stay_apart():
    stance_labels = pd.concat([labels_of("001", "001"), labels_of("012", "021", unit=list("abcabc"), target="war")])
    sentiment = labels_of("01", "10", measure="sentiment", target="kyiv")
    table = stance.validation.agreement(pd.concat([stance_labels, sentiment], ignore_index=True))
    whole = table[table["label"] == ""].set_index(["measure", "target"])["units"].to_dict()
    assert whole == {("stance", ""): 6, ("stance", "talks"): 3, ("stance", "war"): 3, ("sentiment", ""): 2}
    actors = stance.validation.agreement(labels_of("0011", "0101", actor=list("abcdabcd")), by="actor")
    assert actors[actors["label"] == ""]["actor"].tolist() == ["", "a", "b", "c", "d"]


def test_confusion_counts_units_that_both_labelled():
    table = stance.validation.confusion(labels_of("0012.", "0021.", "....0"), "o0", "o1")
    assert table.to_numpy().tolist() == [[2, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert table.index.tolist() == list(LABELS["stance"]) and (table.index.name, table.columns.name) == ("o0", "o1")
    turned = stance.validation.confusion(labels_of("0012.", "0021.", "....0"), "o1", "o0")
    assert (turned.to_numpy() == table.to_numpy().T).all()


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (labels_of("..", ".."), "hold no label yet"),
        (labels_of("01", "01").drop(columns="annotator"), "no column 'annotator'"),
        (labels_of("01", "01", annotator="a"), "a labelled u000 twice"),
        (labels_of("01", "01", label="good"), "row 0 .u000.: the label must be one of favor, against, none"),
        (
            labels_of("01", "01").assign(measure="frames"),
            "row 0 .u000.: the measure must be one of stance, sentiment, frame",
        ),
    ],
)
def test_labels_that_cannot_be_used(labels, sentence):
    with pytest.raises(StanceError, match=sentence):
        stance.validation.agreement(labels)


def test_what_cannot_be_asked():
    labels = labels_of("01", "01")
    with pytest.raises(StanceError, match="cannot be split by 'party'"):
        stance.validation.agreement(labels, by="party")
    with pytest.raises(StanceError, match="'x' labelled nothing. Annotators are: o0, o1"):
        stance.validation.confusion(labels, "o0", "x")
    both = pd.concat([labels, labels_of("01", "01", measure="sentiment")], ignore_index=True)
    with pytest.raises(StanceError, match="of one measure. Got stance, sentiment"):
        stance.validation.confusion(both, "o0", "o1")
