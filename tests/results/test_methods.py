"""The paragraph for a methods section holds the numbers of its tables, and no other."""

import re

import pandas as pd
import pytest

import stance
from tests.support.labelled import labels_of, scored


@pytest.fixture(scope="module")
def tables():
    scores, truth = scored()
    first = labels_of(scores, truth, annotator="Ann").assign(target="talks")
    second = labels_of(scores, truth.sample(frac=1, random_state=1), annotator="Bo").assign(target="talks")
    labels = pd.concat([first, second], ignore_index=True)
    accuracy = stance.validation.accuracy(first, scores, by="actor").assign(measure="stance", annotation="Ann")
    return accuracy, stance.validation.agreement(labels)


def test_every_number_is_in_the_tables(tables):
    accuracy, agreement = tables
    text = stance.results.methods_paragraph(accuracy, agreement, annotators="two people")
    alpha, right = agreement.iloc[0], accuracy.iloc[0]
    assert [float(n.replace("−", "-")) for n in re.findall(r"−?\d+(?:\.\d+)?", text)] == [
        round(alpha["alpha"], 2), round(alpha["low"], 2), round(alpha["high"], 2), alpha["units"],
        *(round(100 * right[c]) for c in ("value", "low", "high")), right["n"],
    ]  # fmt: skip
    assert "alpha of two people" in text and "nan" not in text


def test_what_is_not_known_is_said(tables):
    accuracy, agreement = tables
    few = agreement.assign(alpha=float("nan"), low=float("nan"), high=float("nan"), note="all labels are the same")
    assert "undefined (all labels are the same)" in stance.results.methods_paragraph(accuracy, few)
    assert "alpha" not in stance.results.methods_paragraph(accuracy)
    bare = stance.results.methods_paragraph(accuracy.assign(low=float("nan"), high=float("nan")))
    assert "[" not in bare and "nan" not in bare


def test_the_experiment_is_told_for_each_model(tables, pytestconfig):
    table = pd.read_csv(pytestconfig.rootpath / "results/tables/07_label_error.csv")
    text = stance.results.methods_paragraph(tables[0], experiment=table)
    for row in table[table["estimator"] != "PPI"].itertuples():
        assert f"{100 * row.coverage:.0f} %" in text and f"{row.mean_estimate:.2f}".replace("-", "−") in text
    assert text.count("sentences labelled by people") == table["model"].nunique()
