"""Labels mend probabilities: the error falls on texts that were not fitted on, and results say with what they were mended."""

import json
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

import stance
from stance.schema import StanceError
from stance.validation.evaluation import LabelledSet
from stance.validation.recalibration import FEWEST, calibrate, calibration_json, cross_fitted
from tests.cli.test_cli import stance_command

LABELS = ("favor", "against", "none")


def labelled(n, texts=None, labels=LABELS):
    rows = [
        {
            "text": f"The mayor spoke about plan {i % (texts or n)}.",
            "target": "the plan",
            "label": labels[i % len(labels)],
        }
        for i in range(n)
    ]
    return LabelledSet("mine", "stance", pd.DataFrame(rows))


class TooSure:
    """Right in six rows of ten, and always all but certain."""

    name = "sure@0/none"
    calibration = MappingProxyType({"stance": (9.0, 4.0), "sentiment": (2.0, 0.0)})

    def predict(self, pairs):
        rows = []
        for premise, _ in pairs:
            number = int(premise.split()[-1].rstrip("."))
            said = number % 3 if number % 5 < 3 else (number + 1) % 3
            rows.append([0.98 if column == (0, 2, 1)[said] else 0.01 for column in range(3)])
        return np.array(rows)


def test_the_error_falls_on_texts_it_did_not_see():
    entry = calibrate(labelled(300), TooSure())["stance"]
    assert entry["temperature"] > 1.5
    assert entry["ece_before"] > 0.3 > 0.12 > entry["ece"]  # its own calibration is put aside
    assert entry["n"] == 300 and entry["sets"] == ["mine"]


def test_texts_stay_on_one_side():
    entry = cross_fitted(np.full((40, 3), 1 / 3), np.arange(40) % 3, np.arange(40) // 2, seed=1)
    assert len(entry["halves"]) == 2


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (labelled(FEWEST - 1), "needs 40 scored rows"),
        (labelled(60, labels=("favor",)), "with 1: label more"),
        (labelled(60, texts=1), "of 1 texts"),
        (
            LabelledSet("n", "nli", pd.DataFrame({"premise": ["a"], "hypothesis": ["b"], "label": ["neutral"]})),
            "of nli",
        ),
    ],
)
def test_what_is_too_little(rows, sentence):
    with pytest.raises(StanceError, match=sentence):
        calibrate(rows, TooSure())


def test_a_file_takes_the_place_of_the_model_s_own(tmp_path):
    path = tmp_path / "mine.json"
    path.write_bytes(calibration_json({"stance": {"temperature": 3.0, "offset": 0.5}}))
    plain, mended = stance.load_model("small"), stance.load_model("small", calibration=path)
    assert mended.calibration["stance"] == (3.0, 0.5)
    assert mended.calibration["sentiment"] == plain.calibration["sentiment"]
    assert "reported" in plain.calibration and "reported" not in mended.calibration  # theirs holds for statements, too
    assert mended.name.startswith(f"{plain.name}, calibration ")
    path.write_bytes(calibration_json({"stance": {"temperature": 3.1, "offset": 0.5}}))
    assert stance.load_model("small", calibration=path).name != mended.name


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("no.json", None, "cannot be read"),
        ("c.yml", "{}", "must be a .json file"),
        ("c.json", '{"stance": 1}', "must be like"),
        ("c.json", '{"stance": {"temperature": 0, "offset": 0}}', "must be like"),
    ],
)
def test_a_file_that_is_none(tmp_path, name, content, sentence):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(StanceError, match=sentence):
        stance.load_model("small", calibration=tmp_path / name)


def test_on_the_command_line(tmp_path, capsys):
    labels, out, scored = tmp_path / "labels.csv", tmp_path / "c.json", tmp_path / "scored.csv"
    labelled(60).rows.to_csv(labels, index=False)
    code, said, err = stance_command("calibrate", labels, "--model", "small", "-o", out, capsys=capsys)
    assert code == 0, err
    assert "Calibration error" in said and set(json.loads(out.read_text())) == {"stance"}
    command = ("score", labels, "--measure", "stance", "--model", "small", "--calibration", out, "-o", scored)
    code, said, err = stance_command(*command, capsys=capsys)
    assert code == 0, err
    assert ", calibration " in " ".join(said.split())


def test_a_batch_carries_it(tmp_path, capsys):
    (tmp_path / "c.json").write_bytes(calibration_json({"stance": {"temperature": 2.0, "offset": 0.0}}))
    (tmp_path / "t.txt").write_text("Putin said that the talks were useful.")
    command = ("batch", tmp_path / "t.txt", "--model", "small", "--workers", 1, "--out", tmp_path / "out")
    code, _, err = stance_command(*command, "--calibration", tmp_path / "c.json", capsys=capsys)
    assert code == 0, err
    assert pd.read_parquet(tmp_path / "out/stance")["model"].str.contains(", calibration ").all()
