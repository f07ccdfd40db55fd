"""The numbers README quotes are those the cards' evaluations hold."""

import json
import re

import pytest

from stance.models import WEIGHTS

ROWS = {
    "NewsMTSC, real-world news (dev_rw)": ("NewsMTSC dev_rw", "macro_f1"),
    "NewsMTSC, several targets (dev_mt)": ("NewsMTSC dev_mt", "macro_f1"),
    "VAST, unseen topics (dev)": ("VAST dev, seen == 0", "macro_f1"),
    "directed_sentiment, F1 of favor and against (dev)": ("directed_sentiment dev", "f1_sides"),
    "plain inference, accuracy (LingNLI dev)": ("LingNLI dev", "accuracy"),
}


@pytest.mark.parametrize("heading", ROWS)
def test_the_table_of_models_is_what_was_measured(pytestconfig, heading):
    text = (pytestconfig.rootpath / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^\| {re.escape(heading)} \|(.*)\|$", text, flags=re.MULTILINE)
    name, column = ROWS[heading]
    for cell, model in zip(line.split("|"), ("base", "small"), strict=True):
        sets = json.loads((WEIGHTS / model / "evaluation.json").read_text(encoding="utf-8"))["sets"]
        (measured,) = (entry[column] for entry in sets if entry["set"] == name)
        assert cell.strip() == f"{measured:.3f}".lstrip("0"), model
