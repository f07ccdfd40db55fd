"""The numbers README quotes are those the models' evaluations hold."""

import json
import re

import pytest

from stance.models import WEIGHTS

ROWS = {
    "NewsMTSC dev_rw: real-world news, macro-F1": ("NewsMTSC dev_rw", "macro_f1"),
    "NewsMTSC dev_mt: several targets, macro-F1": ("NewsMTSC dev_mt", "macro_f1"),
    "VAST dev, unseen topics: macro-F1": ("VAST dev, seen == 0", "macro_f1"),
    "directed_sentiment dev: F1 of favor and against": ("directed_sentiment dev", "f1_sides"),
    "LingNLI dev, plain inference: accuracy": ("LingNLI dev", "accuracy"),
}


@pytest.mark.parametrize("heading", ROWS)
def test_the_table_of_models_is_what_was_measured(pytestconfig, heading):
    text = (pytestconfig.rootpath / "README.md").read_text(encoding="utf-8")
    (models,) = re.findall(r"^\| development set: measure \|(.*)\|$", text, flags=re.MULTILINE)
    (line,) = re.findall(rf"^\| {re.escape(heading)} \|(.*)\|$", text, flags=re.MULTILINE)
    name, column = ROWS[heading]
    assert "base" in models
    for model, cell in zip(models.split("|"), line.split("|"), strict=True):
        sets = json.loads((WEIGHTS / model.strip() / "evaluation.json").read_text(encoding="utf-8"))["sets"]
        (measured,) = (entry[column] for entry in sets if entry["set"] == name)
        assert cell.strip() == f"{measured:.3f}".lstrip("0"), model
