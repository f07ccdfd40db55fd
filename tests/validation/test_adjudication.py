"""Differences of annotators: listed, decided, and read back as what counts."""

import csv

import pandas as pd
import pytest

from stance.schema import StanceError
from stance.validation.adjudication import disagreements, write_adjudication
from stance.validation.intercoder import agreement
from stance.validation.labels import ADJUDICATED, read_labels, read_sheet
from stance.validation.references import match, reference
from stance.validation.sheet_formats import COLUMNS, fingerprint, sheet_bytes
from tests.cli.test_cli import stance_command

GIVEN = {"ann": ["favor", "favor", "none", "against", ""], "bob": ["favor", "none", "none", "favor", "none"]}
"""Of five units; the second and the fourth differ."""


def sheet_of(path, labels, annotator):
    rows = []
    for number, label in enumerate(labels, 1):
        text = f"=text {number}"
        rows.append(
            dict.fromkeys(COLUMNS, "")
            | {"unit": f"d:{number} tram", "document": "d", "segment": f"d:{number}", "target": "tram", "actor": "a", "role": "source",
               "measure": "stance", "text": text, "sha256": fingerprint(text, ""), "inclusion_probability": "0.5",
               "annotator": annotator, "label": label, "note": "hard" if label == "against" else ""}
        )  # fmt: skip
    path.write_bytes(sheet_bytes(rows, "csv", ()))
    return path


@pytest.fixture
def sheets(tmp_path):
    return [sheet_of(tmp_path / f"{name}.csv", labels, name) for name, labels in GIVEN.items()]


def decide(path, *labels, annotator=""):
    """Fill in a sheet as a spreadsheet leaves it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, label in zip(rows, labels, strict=True):
        row |= {"label": label, "annotator": annotator}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


SCORES = pd.DataFrame(
    {"segment": [f"d:{n}" for n in range(1, 6)], "target": "tram", "document": "d", "role": "source", "actor": "a",
     "label": "favor",
     "net": [0.7] * 5, "p_favor": 0.8, "p_against": 0.1, "p_none": 0.1}
)  # fmt: skip


def test_units_on_which_annotators_differ_are_listed(sheets):
    units = disagreements(read_sheet(*sheets))
    assert units[["unit", "given", "annotator", "label", "note"]].to_numpy().tolist() == [
        ["d:2 tram", "ann: favor; bob: none", "", "", ""],
        ["d:4 tram", "ann: against; bob: favor", "", "", "ann: hard"],
    ]


@pytest.mark.parametrize("annotator", ["", "cleo", "ann"])
def test_what_is_decided_counts_whoever_decided(sheets, tmp_path, annotator):
    path = write_adjudication(disagreements(read_sheet(*sheets)), tmp_path / "decide.csv")
    decide(path, "against", "none", annotator=annotator)
    labels = read_labels(*sheets, path)
    found = reference(labels).set_index("unit")
    assert found["label"].tolist() == ["favor", "against", "none", "none", "none"]
    assert found["annotators"].tolist() == [2, 2, 2, 2, 1]
    assert disagreements(read_sheet(*sheets, path)).empty
    assert reference(labels, annotator="bob")["label"].tolist() == GIVEN["bob"]
    assert reference(labels, annotator=ADJUDICATED)["label"].dropna().tolist() == ["against", "none"]


def test_a_decision_stands_above_a_majority(sheets, tmp_path):
    path = write_adjudication(disagreements(read_sheet(*sheets)), tmp_path / "decide.csv")
    third = sheet_of(tmp_path / "cleo.csv", ["", "favor", "", "", ""], "cleo")
    assert reference(read_labels(*sheets, third))["label"].iloc[1] == "favor"
    decide(path, "none", "")
    found = reference(read_labels(*sheets, third, path))
    assert found["label"].iloc[1] == "none" and found["label"].iloc[3] is None


def test_what_is_decided_is_no_agreement(sheets, tmp_path):
    path = write_adjudication(disagreements(read_sheet(*sheets)), tmp_path / "decide.csv")
    decide(path, "favor", "favor")
    pd.testing.assert_frame_equal(agreement(read_labels(*sheets)), agreement(read_labels(*sheets, path)))


def test_what_counts_is_said_first(sheets, tmp_path):
    said = match(read_labels(*sheets), SCORES).counted
    assert said.startswith("3 of 5 drawn units count; left out: 2 on which annotators differ (")
    path = write_adjudication(disagreements(read_sheet(*sheets)), tmp_path / "decide.csv")
    decide(path, "favor", "none")
    assert match(read_labels(*sheets, path), SCORES).counted == "5 of 5 drawn units count."
    unscored = SCORES.assign(net=[0.7, 0.7, None, 0.7, 0.7])
    assert "1 without a score" in match(read_labels(*sheets, path), unscored).counted


def test_a_decided_text_may_not_be_changed_either(sheets, tmp_path):
    path = write_adjudication(disagreements(read_sheet(*sheets)), tmp_path / "decide.csv")
    path.write_text(path.read_text(encoding="utf-8-sig").replace("text 2", "text 20"), encoding="utf-8")
    with pytest.raises(StanceError, match="were changed since"):
        read_labels(*sheets, path)


def test_on_the_command_line(sheets, tmp_path, capsys):
    path = tmp_path / "decide.csv"
    code, out, _ = stance_command("agreement", *sheets, "--adjudicate", path, capsys=capsys)
    assert code == 0 and f"2 units on which annotators differ written to {path}" in out
    before = path.read_bytes()
    code, out, err = stance_command("agreement", *sheets, "--adjudicate", path, capsys=capsys)
    assert (code, out) == (2, "") and "may hold decisions" in err and path.read_bytes() == before
    decide(path, "favor", "none")
    more = tmp_path / "more.csv"
    code, out, _ = stance_command("agreement", *sheets, path, "--adjudicate", more, capsys=capsys)
    assert code == 0 and "2 units decided by adjudication" in out and "no sheet was written" in out
    assert not more.exists()
    scores = tmp_path / "stance.csv"
    SCORES.to_csv(scores, index=False)
    code, out, _ = stance_command("validate", scores, *(f"--labels={sheet}" for sheet in sheets), capsys=capsys)
    assert code == 0 and out.startswith("3 of 5 drawn units count; left out: 2 on which")
