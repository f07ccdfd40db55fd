"""Sentiment between two entities as five classes."""

import numpy as np
import pandas as pd
import pytest

from stance.schema import LABELS
from stance.validation.directions import five_classes

ROWS = pd.DataFrame(
    {
        "id": list("aabbccdd"),
        "holder_start": [0, 9, 9, 0, 0, 9, 0, 9],
        "label": ["favor", "none", "none", "against", "none", "none", "none", "favor"],
    }
)


def sure(labels):
    return np.eye(3)[[LABELS["stance"].index(label) for label in labels]] * 0.9 + 1 / 30


def test_what_is_right_in_both_directions_is_right():
    assert five_classes(ROWS, sure(ROWS["label"])) == {"n": 4, "micro": 1.0, "macro": pytest.approx(0.8)}


def test_the_direction_matters_and_the_order_of_the_rows_does_not():
    turned = sure(["none", "favor", *ROWS["label"][2:]])
    assert five_classes(ROWS, turned)["micro"] == 0.75
    order = [1, 0, 3, 2, 5, 4, 7, 6]
    again = five_classes(ROWS.iloc[order].reset_index(drop=True), turned[order])
    assert again == five_classes(ROWS, turned)


def test_of_two_sides_the_more_probable_counts():
    both = sure(ROWS["label"])
    both[1] = [0.5, 0.1, 0.4]
    assert five_classes(ROWS, both)["micro"] == 1.0
    both[1] = [0.95, 0.0, 0.05]
    assert five_classes(ROWS, both)["micro"] == 0.75


def test_rows_without_pairs_have_no_such_measure():
    assert five_classes(ROWS.drop(columns="id"), sure(ROWS["label"])) == {}
