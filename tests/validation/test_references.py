import numpy as np
import pandas as pd
import pytest

from stance.schema import StanceError
from stance.validation.references import TIE, UNLABELLED, match, probabilities_of, reference
from tests.support.labelled import labels_of, scored


def votes(**given):
    rows = [(unit, f"p{i}", label) for unit, labels in given.items() for i, label in enumerate(labels)]
    return pd.DataFrame(rows, columns=["unit", "annotator", "label"]).assign(measure="stance")


@pytest.mark.parametrize(
    ("labels", "label", "annotators", "note"),
    [
        (["favor"], "favor", 1, ""),
        (["favor", "favor"], "favor", 2, ""),
        (["favor", "none"], None, 2, TIE),
        (["favor", "none", "none"], "none", 3, ""),
        (["favor", "none", "against"], None, 3, TIE),
        (["favor", "favor", "none", "against"], None, 4, TIE),
        (["", "none"], "none", 1, ""),
        (["", None], None, 0, UNLABELLED),
    ],
)
def test_one_label_is_that_of_more_than_half(labels, label, annotators, note):
    (row,) = reference(votes(u=labels)).to_dict("records")
    assert (row["label"], row["annotators"], row["note"]) == (label, annotators, note)


def test_a_named_annotator_decides_alone():
    labels = votes(u=["favor", "none"], v=["against", ""])
    assert reference(labels, "p1")["label"].tolist() == ["none", None]
    assert reference(labels, "p1")["note"].tolist() == ["", UNLABELLED]


def test_the_order_of_rows_is_nothing():
    labels = votes(u=["favor", "none", "favor"], v=["against", ""], w=["none", "favor"])
    shuffled = labels.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(*(reference(x).sort_values("unit", ignore_index=True) for x in (labels, shuffled)))


TABLE, TRUTH = scored(30)
LABELS = labels_of(TABLE, TRUTH, range(20), 0.5)


def changed(table, **cells):
    """With other values in row 3."""
    table = table.astype(dict.fromkeys(cells, object))
    for column, value in cells.items():
        table.loc[3, column] = value
    return table


@pytest.mark.parametrize(
    ("labels", "scores", "message"),
    [
        (LABELS.drop(columns="unit"), TABLE, "no column 'unit'"),
        (LABELS[:0], TABLE, "There are no labels"),
        (changed(LABELS, measure="sentiment"), TABLE, "one measure.*sentiment, stance.*column 'measure'"),
        (LABELS.assign(measure="tone"), TABLE, "Got 'tone'"),
        (changed(LABELS, label="pro"), TABLE, "labels, row 3 .s3 talks.: the label must be.*Got 'pro'"),
        (changed(LABELS, unit="s4 talks"), TABLE, "labels, row 4: i labelled s4 talks twice"),
        (
            changed(LABELS, unit="s99 talks"),
            TABLE,
            "1 of 20 labelled units are not in the scores, the first 's99 talks'",
        ),
        (LABELS.assign(label=""), TABLE, "No unit has both"),
        (LABELS, TABLE.drop(columns="p_none"), "no column 'p_none'"),
        (LABELS.assign(measure="sentiment", label="neutral"), TABLE, "no column 'p_positive'"),
        (LABELS, changed(TABLE, segment="s4"), "scores, row 4: the unit 's4 talks' stands there twice"),
        (LABELS, changed(TABLE, label="pro"), "scores, row 3: the label of s3 talks.*Got 'pro'"),
        (
            pd.concat([LABELS, LABELS.assign(annotator="j", inclusion_probability=0.4)]),
            TABLE,
            "s0 talks has several values of 'inclusion_probability'",
        ),
        (
            pd.concat([LABELS, LABELS[5:6].assign(annotator="j", inclusion_probability=None)]),
            TABLE,
            "s5 talks has several values of 'inclusion_probability'",
        ),
    ],
)
def test_what_does_not_fit_is_named(labels, scores, message):
    with pytest.raises(StanceError, match=message):
        match(labels, scores)


def test_an_unknown_annotator_is_told_who_there_is():
    with pytest.raises(StanceError, match="no annotator 'k'. They are: i"):
        match(LABELS, TABLE, "k")


@pytest.mark.parametrize("value", [0, -0.1, 1.2, np.nan, "much"])
def test_an_inclusion_probability_is_a_probability(value):
    with pytest.raises(StanceError, match="'inclusion_probability' of s3 talks must be above 0 and at most 1"):
        rows = match(changed(LABELS, inclusion_probability=value), TABLE).rows
        probabilities_of(rows[rows["drawn"]])


def test_what_counts_for_nothing_is_counted():
    labels = pd.concat([LABELS, labels_of(TABLE, TRUTH, range(20), 0.5, annotator="j")], ignore_index=True)
    labels.loc[[0, 20], "label"] = ["favor", "against"]  # a tie
    labels.loc[[1, 21], "label"] = ""
    scores = TABLE.astype({"label": object})
    scores.loc[2, ["label", "net", "p_favor", "p_against", "p_none"]] = [None, *[np.nan] * 4]
    matched = match(labels, scores)
    assert matched.left_out == "units left out: 1 without a majority, 1 without a label, 1 unscored"
    assert matched.counted.startswith("17 of 20 drawn units count; left out: 1 on which annotators differ")
    assert len(matched.rows) == 29 and len(matched.labelled) == 17
    whole = match(LABELS, TABLE)
    assert (whole.counted, whole.left_out) == ("20 of 20 drawn units count.", "")
    assert matched.rows["drawn"].sum() == 19


def test_a_table_from_a_file_is_the_same():
    """Where everything is text, and what is missing is empty."""
    text = TABLE.assign(kind=None).astype(str).replace({"None": "", "nan": ""})
    found = match(LABELS.astype(str), text).rows
    expected = match(LABELS, TABLE).rows
    assert np.allclose(found["net"], expected["net"]) and found["kind"].isna().all()
    assert found["reference"].tolist() == expected["reference"].tolist()
