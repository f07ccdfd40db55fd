import json
import re

import numpy as np
import pandas as pd
import pytest

from stance.plots import plot_audit
from stance.training.names import _lists
from stance.validation import audit_names
from stance.validation.audit import NAMES, audit_sentences, spread


class Grudge:
    """A model that dislikes one name."""

    name = "grudge@0/none"

    def __init__(self, marks=()):
        self.marks, self.asked = marks, []

    def predict(self, pairs):
        self.asked += pairs
        return np.array([[0.1, 0.3, 0.6] if "Bo" in hypothesis else [0.2, 0.6, 0.2] for _, hypothesis in pairs])


def test_a_grudge_shows():
    table = audit_names(Grudge(), {"x": ("Ada", "Bo"), "y": ("Cy",)}, wordings="one").set_index(["measure", "name"])
    assert table.loc[("stance", "Bo"), "net"] == pytest.approx(-0.5)
    assert table.loc[("sentiment", "Ada"), "net"] == 0
    assert table.loc[("stance", "Bo"), "shift"] < -0.3 < table.loc[("stance", "Cy"), "shift"]
    assert spread(table.reset_index()) == {"stance": 0.5, "sentiment": 0.5}


def test_the_name_stands_in_text_and_hypothesis_and_is_marked():
    model = Grudge(marks={"target", "holder"})
    audit_names(model, {"x": ("the Kremlin",)}, wordings="one")
    for premise, hypothesis in model.asked:
        assert re.search(r"\[ [Tt]he Kremlin \]|\* [Tt]he Kremlin \*", premise)
        assert not premise.startswith("the ")
        assert "Kremlin" in hypothesis and "the Kremlin" not in hypothesis


def test_the_sentences_are_many_and_used_for_nothing_else(pytestconfig):
    assert min(sum(f["role"] == role for f in audit_sentences()) for role in ("speaker", "mention")) >= 50
    folder = pytestconfig.rootpath / "src" / "stance" / "training" / "sentences"
    rows = [json.loads(line) for p in folder.glob("*.jsonl") for line in p.read_text(encoding="utf-8").splitlines()]
    written = "\n".join(row["text"] for row in rows)
    for sentence in audit_sentences():
        assert max(re.split(r"\{name\}", sentence["text"]), key=len).strip() not in written


def test_no_invented_name_of_the_audit_stands_in_training():
    lists = _lists()
    known = {n for key in ("persons", "bodies", "real_persons", "real_bodies") for n in lists[key]}
    assert not known & set(NAMES["invented"])


def test_the_figure_shows_every_name_and_how_far_they_lie_apart():
    table = audit_names(Grudge(), {"x": ("Ada", "Bo")}, wordings="one")
    figure = plot_audit(pd.DataFrame(table))
    assert [t.get_text() for t in figure.axes[0].get_yticklabels()] == ["Ada", "Bo"]
    assert "0.500" in figure._supxlabel.get_text()
