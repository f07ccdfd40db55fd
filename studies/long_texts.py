"""How much of a long text to read: python studies/long_texts.py MODEL OUT.csv

Takes the development labels of reported stance (see studies/reported.py), each with up to a thousand characters of its
document on either side and nothing but its holder marked, and reads them whole and around the holder with more and
more room. MODEL is a bundled model or a folder.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from stance.codebook import STANCE
from stance.schema import LABELS, StanceError
from stance.scoring import premises
from stance.scoring.entailment import judge
from stance.scoring.loading import load_model
from stance.validation.metrics import f1_by_label
from stance.validation.reported import ReportedLabel

sys.path.insert(0, str(Path(__file__).parent))
from reported import GOLD, texts

SIDE = 1000
"""Characters: with the statement some 400 tokens, about what a paragraph or two of news hold."""
ROOMS = (0, 200, 350, 500, 1000, 10_000)
ROWS = 240
"""Of the labels, drawn once: some six minutes on two cores for all rooms; the standard error of a share is .03."""


def main(arguments: list[str] | None = None) -> None:
    """Measure every room."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("out", type=Path)
    options = parser.parse_args(arguments)
    if not os.environ.get("STANCE_SHARED"):
        raise StanceError("The labels need their texts; see docs/howto/reproduce.md. STANCE_SHARED names no folder.")
    known = texts(Path(os.environ["STANCE_SHARED"]))
    model = load_model(options.model)
    lines = (GOLD / "development.jsonl").read_text(encoding="utf-8").splitlines()
    labels = [label for line in lines if (label := ReportedLabel.model_validate_json(line)).annotator == "A"]
    labels = random.Random(3).sample(labels, ROWS)  # noqa: S311
    items = [inside(label, known[label.set, label.document], model.marks & {"holder"}) for label in labels]
    truth = np.array([LABELS["stance"].index(label.label) for label in labels])
    found = []
    for room in ROOMS:
        premises.NEAR = room  # what the study moves
        read = np.array([judgement.mean for judgement in judge(items, STANCE, model, measure="stance", wordings="one")])
        right = read.argmax(axis=1) == truth
        length = float(np.mean([len(part) for one in items for part in premises.parts(one)]))
        f1 = float(f1_by_label(truth, read.argmax(axis=1)).mean())
        line = {"room": room, "n": ROWS, "characters": length, "accuracy": float(right.mean()), "macro_f1": f1}
        found.append({key: round(value, 4) for key, value in line.items()})
        print(found[-1], flush=True)
    pd.DataFrame(found).assign(model=model.name).to_csv(options.out, index=False)


def inside(label: ReportedLabel, text: str, marks: set[str] | frozenset[str]) -> premises.Item:
    """A statement inside its document, as a row of which only the holder's place is known."""
    start, end = label.sentence
    first, last = max(0, start - SIDE), min(len(text), end + SIDE)
    a, b = label.source[0]
    places = {"holder": (a - first, b - first)} if first <= a < b <= last else {}
    return premises.item(text[first:last], " ".join(text[a:b].split()), label.target, places, marks)


if __name__ == "__main__":
    main()
