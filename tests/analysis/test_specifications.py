"""A multiverse: the default is what contrast shows, every choice does what it says, and nothing depends on the order."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stance
from stance.analysis.intervals import LEAST
from stance.analysis.specifications import CHOICES, MEAN, OWN, curve, multiverse, multiverse_summary, varied
from stance.choices import Choices
from stance.resources import SAMPLE_CODEBOOK
from stance.schema import StanceError, sha256
from stance.validation.correcting import correcting
from stance.validation.estimates import corrected_estimates
from tests.support.labelled import labels_of, scored


def corpus(documents=30, seed=0, shift=0.3):
    """Two actors with two statements and one mention each a document; every third statement is beside the target."""
    rng = np.random.default_rng(seed)
    rows = []
    for d in range(documents):
        for actor, mean in (("x", shift), ("y", 0.0)):
            for number, role in enumerate(("source", "source", "mention")):
                favor = float(np.clip(mean / 2 + 0.4 + 0.2 * rng.standard_normal(), 0, 1))
                addressed = None if role == "mention" else 0.2 if (d + number) % 3 == 0 else 0.9
                beside = addressed is not None and addressed < 0.5
                rows.append(
                    {
                        "document": f"d{d}", "segment": f"d{d}:{actor}{number}", "role": role, "actor": actor,
                        "target": "talks", "sentence": f"s{number // 2}", "confidence": 0.6 + 0.3 * (number % 2),
                        "p_favor": favor, "p_against": 0.4, "p_none": max(0.0, 0.6 - favor), "p_addressed": addressed,
                        "net": None if beside else favor - 0.4, "label": None if beside else "favor", "model": "m",
                        "net_min": None if beside else favor - 0.5, "net_max": None if beside else favor - 0.3,
                        "cluster": f"c{d // 2}",
                    }
                )  # fmt: skip
    table = pd.DataFrame(rows)
    return table.astype({"net": float, "net_min": float, "net_max": float, "p_addressed": float})


def wordings(table):
    nets = table["p_favor"] - table["p_against"]
    parts = [
        table[["segment", "target", "model"]].assign(wording=w, net=nets + shift)
        for w, shift in (("one", 0.1), ("other", -0.1))
    ]
    return pd.concat(parts, ignore_index=True)


ONE = {"addressed": (), "confidence": (0.0,), "unit": ("statement",), "copies": ("all",), "roles": ("source",)}


def chosen(**varied_):
    return Choices(**{**ONE, **varied_})


def test_the_default_is_what_contrast_shows():
    table = corpus(60)
    found = multiverse(table, wordings(table), chosen(addressed=(0.0,)))
    (default,) = found[found["default"]].to_dict("records")
    shown = stance.contrast(table).query("role == 'source'").iloc[0]
    assert default["wording"] == MEAN and default["addressed"] == OWN
    assert default["estimate"] == pytest.approx(shown["difference"], abs=1e-6)
    assert (default["low"], default["high"]) == pytest.approx((shown["low"], shown["high"]), abs=1e-6)


def estimates(table, told=None, **varied_):
    found = multiverse(table, told, chosen(**varied_))
    return found["estimate"].tolist()


def difference(rows):
    means = rows.groupby("actor")["net"].mean()
    return means["x"] - means["y"]


def test_what_each_choice_does():
    table = corpus(8)
    table = table[table["segment"] != "d0:x0"]  # so that the parts differ
    source = table[table["role"] == "source"]
    counted = source.dropna(subset=["net"])
    every = source.assign(net=source["p_favor"] - source["p_against"])
    assert estimates(table, addressed=(0.0,)) == pytest.approx([difference(counted), difference(every)], abs=1e-6)
    assert estimates(table, confidence=(0.0, 0.8))[1] == pytest.approx(
        difference(counted[counted["confidence"] >= 0.8]), abs=1e-6
    )
    assert estimates(table, roles=("source", "both"))[1] == pytest.approx(
        difference(table.dropna(subset=["net"])), abs=1e-6
    )
    by_document = counted.groupby(["document", "actor"], as_index=False)["net"].mean()
    assert estimates(table, unit=("statement", "document"))[1] == pytest.approx(difference(by_document), abs=1e-6)
    first = counted[counted["document"].isin([f"d{d}" for d in range(0, 8, 2)])]
    assert estimates(table, copies=("all", "first"))[1] == pytest.approx(difference(first), abs=1e-6)
    _, one, other = estimates(table, wordings(table))
    assert one == pytest.approx(other, abs=1e-6) == pytest.approx(difference(counted), abs=1e-6)


def test_models_stand_side_by_side():
    table = corpus(6)
    other = table.assign(model="n", net=table["net"] / 2)
    found = multiverse(pd.concat([table, other], ignore_index=True), choices=chosen())
    assert found["model"].tolist() == ["m", "n"]
    assert found["estimate"].iloc[1] == pytest.approx(found["estimate"].iloc[0] / 2, abs=1e-6)


def test_thresholds_vary_only_models_that_say_what_takes_the_target_up():
    table = corpus(6)
    silent = table.assign(model="n", p_addressed=np.nan, net=table["p_favor"] - table["p_against"])
    found = multiverse(pd.concat([table, silent], ignore_index=True), choices=chosen(addressed=(0.0, 0.95)))
    assert found[["model", "addressed"]].to_numpy().tolist() == [["m", OWN], ["m", 0.0], ["m", 0.95], ["n", OWN]]
    assert multiverse_summary(found)["specifications"].tolist() == [4]


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(seed):
    table, some = corpus(6), chosen(unit=("statement", "document"), roles=("source", "both"))
    order = sorted(table.index, key=lambda i: sha256(f"{seed} {i}".encode()))
    turned = table.loc[order].reset_index(drop=True)
    one, other = (multiverse(t, wordings(table), some) for t in (table, turned))
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)


def test_a_specification_that_leaves_nothing_is_said():
    found = multiverse(corpus(6), choices=chosen(confidence=(0.0, 1.0)))
    assert found["estimate"].isna().tolist() == [False, True]
    summary = multiverse_summary(found).iloc[0]
    assert (summary["specifications"], summary["empty"], summary["same_sign"]) == (2, 1, 1.0)
    assert len(curve(found, "talks", "x", "y")) == 1
    assert varied(found) == ["confidence"]


@pytest.mark.parametrize(
    ("table", "choices", "sentence"),
    [
        (corpus(4).drop(columns="sentence"), None, "no column 'sentence'"),
        (corpus(4).query("actor == 'x'"), None, "needs two values of 'actor'"),
        (corpus(4), chosen(), "make 1 specification; .* Declare several under 'multiverse'"),
        (corpus(4), Choices(addressed=tuple(i / 300 for i in range(300))), "Declare fewer"),
    ],
)
def test_what_is_no_multiverse(table, choices, sentence):
    with pytest.raises(StanceError, match=sentence):
        multiverse(table, choices=choices)


@pytest.mark.parametrize(
    "wrong", [{"unit": ["word"]}, {"confidence": [2]}, {"unit": []}, {"roles": ["both", "both"]}, {"x": 1}]
)
def test_choices_that_are_none(wrong):
    with pytest.raises(ValueError, match=r"multiverse|unit|confidence|roles|x"):
        Choices(**wrong)


def test_corrected_estimates_stand_beside_the_naive_ones():
    table = corpus(60)
    drawn = table[table["net"].notna() & (table["role"] == "source")]
    labels = pd.DataFrame(
        {
            "unit": drawn["segment"] + " talks", "measure": "stance", "annotator": "i", "inclusion_probability": 1.0,
            "label": np.where(drawn["actor"] == "x", "against", "favor"),
        }
    )  # fmt: skip
    found = multiverse(table, choices=chosen(unit=("statement", "document")), correct=correcting(labels))
    corrected = found[found["estimator"] == "DSL"]
    assert corrected["unit"].tolist() == ["statement"]
    assert corrected["estimate"].iloc[0] == pytest.approx(-2, abs=1e-6)  # what people say, whatever the model does


SCORES, TRUTH = scored(120, actors=("a", "b", "c"), tilt=(0, 1.5, 0))
"""Rows that a specification leaves, of three actors; the model is too friendly to one."""
SHEET = labels_of(SCORES, TRUTH, range(90), 0.75)


def test_a_correction_is_the_difference_of_the_two_that_are_asked_for_in_their_order():
    two = SCORES[SCORES["actor"] != "c"]
    shown = corrected_estimates(two, SHEET[SHEET["unit"].isin(two["segment"] + " talks")], estimators=("DSL",))
    row = shown[shown["estimand"] == "difference"].iloc[0]
    for annotator in (None, "i"):
        correct = correcting(pd.concat([SHEET, SHEET.assign(annotator="j", label="none")][: 1 + bool(annotator)]),
                             annotator=annotator)  # fmt: skip
        assert correct(SCORES, "a", "b") == pytest.approx(tuple(row[["estimate", "low", "high"]]))
        assert correct(SCORES, "b", "a") == pytest.approx(tuple(-row[["estimate", "high", "low"]]))
    roles = SCORES.assign(role=np.where(np.arange(120) % 2, "source", "mention"))  # the specification chose both
    assert correcting(SHEET)(roles, "a", "b") == correcting(SHEET)(SCORES, "a", "b")


def labels_left(n):
    """The sheet with so many labels of actor a."""
    of_a = np.flatnonzero(SCORES["actor"].to_numpy()[:90] == "a")
    assert len(of_a) > LEAST
    return SHEET.assign(label=SHEET["label"].mask(np.isin(np.arange(90), of_a[n:])))


@pytest.mark.parametrize(
    ("rows", "labels", "is_corrected"),
    [
        (SCORES, labels_left(LEAST), True),
        (SCORES, labels_left(LEAST - 1), False),
        (SCORES, labels_left(0), False),
        (SCORES, SHEET.assign(label=SHEET["label"].where(SCORES["actor"][:90] != "a", "")), False),
        (SCORES.drop(columns=["p_favor", "segment"]), SHEET, False),  # documents, not statements
        (SCORES.drop(columns="label"), SHEET, False),
        (SCORES.assign(label=SCORES["label"].where(SCORES.index % 5 > 0)), SHEET, False),  # some could not be drawn
        (SCORES.assign(label=SCORES["label"].where(SCORES["actor"] != "c")), SHEET, True),  # nobody asked about c
        (SCORES.assign(net=SCORES["net"].where(SCORES.index % 15 > 0)), SHEET, True),  # these do not count
        (SCORES, SHEET.drop(columns="inclusion_probability"), False),
    ],
)
def test_where_nothing_can_be_corrected_there_is_no_estimate(rows, labels, is_corrected):
    assert (correcting(labels)(rows, "a", "b") is not None) is is_corrected


def test_labels_of_another_annotator_and_several_targets_make_no_correction():
    few = pd.concat([labels_left(LEAST - 1), SHEET.assign(annotator="j")], ignore_index=True)
    assert correcting(few, annotator="i")(SCORES, "a", "b") is None
    assert correcting(few, annotator="j")(SCORES, "a", "b") == correcting(SHEET)(SCORES, "a", "b")
    scores, truth = scored(240)
    two = scores.assign(target=np.where(np.arange(240) % 2, "talks", "law"))
    assert correcting(labels_of(two, truth))(two, "a", "b") is None


def test_every_choice_is_a_column():
    assert set(CHOICES) <= set(multiverse(corpus(4), choices=chosen(roles=("source", "both"))).columns)


def test_on_the_command_line(tmp_path, capsys):
    from tests.cli.test_cli import stance_command

    text = tmp_path / "t.txt"
    text.write_text("Putin said that the talks were useful. Zelensky rejected the talks.")
    out, book = tmp_path / "run", tmp_path / "codebook.yml"
    choices = "multiverse: {unit: [statement, document], roles: [source], confidence: [0]}\n"
    book.write_text(SAMPLE_CODEBOOK.read_text().partition("\nframes:")[0] + "\n" + choices)
    command = ("run", text, "--model", "small", "--codebook", book, "--out", out)
    assert stance_command(*command, capsys=capsys)[0] == 0
    code, said, err = stance_command("multiverse", out, capsys=capsys)
    assert code == 0, err
    assert "Kremlin − Kyiv" in said and "of 40" in said  # five wordings, four thresholds, two units
    assert (out / "figures/08_multiverse_1_kremlin_kyiv.svg").is_file()
    assert stance.check(out) == []
    code, _, err = stance_command("multiverse", out, out, capsys=capsys)
    assert code == 2 and "one folder for each model" in " ".join(err.split())
    assert stance_command("report", out, capsys=capsys)[0] == 0
    assert "under every choice" in (out / "report.html").read_text()
