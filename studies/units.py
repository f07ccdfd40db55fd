"""What of reported speech a model should read: python studies/units.py MODEL OUT.csv [--half]

Three ways of reading (the sentence with holder and target marked; the statement marked in it, too; the statement
alone after its holder and cue), each with and without the sentence before. Each trains the bundled MODEL for one pass
over the training labels (or half of them), with one wording a row and one question whether the target is taken up, and
is measured on the development labels, of which it sees nothing. Needs the texts (see studies/reported.py). Ways that
OUT.csv holds already are passed over.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from stance.codebook import ADDRESSED, STANCE
from stance.resources import WEIGHTS
from stance.schema import LABELS, StanceError
from stance.scoring.entailment import phrase
from stance.scoring.premises import Place, mark, place_of
from stance.training.examples import Example
from stance.training.fit import Settings, learn, precision, untrained
from stance.training.teacher import goals_of
from stance.validation.metrics import f1_by_label
from stance.validation.reported import ReportedLabel

sys.path.insert(0, str(Path(__file__).parent))
from reported import GOLD, texts

WAYS = [(way, before) for way in ("sentence", "statement", "alone") for before in (False, True)]
RATES = {"base": 3e-5, "small": 5e-5}
"""Learning rates: those at which each model went on well in trials."""
SEED = 5
_DIRECTION = {"favor": 1, "none": 0, "against": -1}
_BEFORE = 300
"""Characters of the sentence before, from its end: most are shorter (those with a statement have 185 on the mean)."""


def premise(label: ReportedLabel, text: str, way: str, before: bool) -> tuple[str, str]:
    """What is read, and how it names the holder."""
    start, end = label.sentence
    holder = " ".join(" ".join(text[a:b] for a, b in label.source).split())
    if way == "alone":
        said = " … ".join(text[a:b] for a, b in label.content)
        place = place_of(label.target, said)
        cue = " ".join(text[a:b] for a, b in label.cue) or "said"
        shown = f"[ {holder} ] {cue}: {mark(said, {'target': place} if place else {})}"
    else:
        shown = mark(text[start:end], _places(label, text, way))
    if before:
        sentences = re.split(r"(?<=[.!?”])\s+", text[max(0, start - _BEFORE) : start].strip())
        shown = f"{sentences[-1]} {shown}"
    return " ".join(shown.split()), holder


def _places(label: ReportedLabel, text: str, way: str) -> dict[str, Place]:
    start, end = label.sentence
    inside = {
        "holder": [p for p in label.source[:1] if start <= p[0] and p[1] <= end],
        "statement": [p for p in label.content if start <= p[0] and p[1] <= end] if way == "statement" else [],
    }
    places = {
        k: (min(a for a, _ in found) - start, max(b for _, b in found) - start) for k, found in inside.items() if found
    }
    named = next((p for a, b in label.content if (p := place_of(label.target, text, a, b))), None)
    if named := named or place_of(label.target, text, start, end):
        places["target"] = (named[0] - start, named[1] - start)
    return places


def labels(name: str) -> list[ReportedLabel]:
    """The first annotator's."""
    lines = (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [label for line in lines if (label := ReportedLabel.model_validate_json(line)).annotator == "A"]


def measured(
    network: Any, tokenizer: Any, shown: list[tuple[str, str]], truth: list[ReportedLabel]
) -> dict[str, float]:
    """How good a way is: one favorable and one unfavorable wording, and the question what is taken up."""
    network.eval()
    names = LABELS["stance"]
    y = np.array([names.index(label.label) for label in truth])
    hard, addressed = (np.array([getattr(label, key) for label in truth]) for key in ("hard", "addressed"))

    def asked(wording: str) -> np.ndarray:
        pairs = [
            (text, phrase(wording, holder, label.target)) for (text, holder), label in zip(shown, truth, strict=True)
        ]
        return _probabilities(network, tokenizer, pairs)

    both = asked(STANCE.favor[0])[:, [0, 2, 1]] + asked(STANCE.against[0])[:, [2, 0, 1]]
    found = both.argmax(axis=1)
    taken = asked(ADDRESSED)[:, 0]
    return {
        "macro_f1": float(f1_by_label(y, found).mean()),
        "accuracy": float((found == y).mean()),
        "hard": float((found == y)[hard].mean()),
        "not_addressed_as_none": float((found == 2)[~addressed].mean()),
        "auc_addressed": float(roc_auc_score(addressed, taken)),
    }


def _probabilities(network: Any, tokenizer: Any, pairs: list[tuple[str, str]]) -> np.ndarray:
    import torch

    result = np.zeros((len(pairs), 3))
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]))
    for first in range(0, len(order), 32):
        rows = order[first : first + 32]
        encoded = tokenizer(
            [pairs[i][0] for i in rows], [pairs[i][1] for i in rows], truncation="longest_first", max_length=192,
            padding=True, return_tensors="pt",
        )  # fmt: skip
        with torch.inference_mode():
            result[rows] = torch.softmax(network(**encoded).logits, dim=-1).numpy()
    return result


def train(network: Any, tokenizer: Any, shown: list[tuple[str, str]], rows: list[ReportedLabel], rate: float) -> None:
    """One pass over the labels."""
    rng = random.Random(SEED)  # noqa: S311
    wordings = [(w, 1) for w in STANCE.favor] + [(w, -1) for w in STANCE.against]
    examples = []
    for (text, holder), row in zip(shown, rows, strict=True):
        wording, direction = rng.choice(wordings)
        examples += [
            Example(text, phrase(wording, holder, row.target), 1 - direction * _DIRECTION[row.label]),
            Example(text, phrase(ADDRESSED, holder, row.target), 0 if row.addressed else 1),
        ]
    rng.shuffle(examples)
    settings = Settings(rate, 32, 160, precision("auto"), seed=SEED, order=str(SEED))
    learn(network, tokenizer, examples, goals_of(examples), settings, log=lambda line: None)


def main(arguments: list[str] | None = None) -> None:
    """Try every way that is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=sorted(RATES))
    parser.add_argument("out", type=Path)
    parser.add_argument("--half", action="store_true", help="learn from half of the labels")
    options = parser.parse_args(arguments)
    if not os.environ.get("STANCE_SHARED"):
        raise StanceError("The labels need their texts; see docs/howto/reproduce.md. STANCE_SHARED names no folder.")
    known: Mapping[tuple[str, str], str] = texts(Path(os.environ["STANCE_SHARED"]))
    training, development = labels("training"), labels("development")
    if options.half:
        training = random.Random(SEED).sample(training, len(training) // 2)  # noqa: S311
    done = pd.read_csv(options.out).to_dict("records") if options.out.is_file() else []
    for way, before in WAYS:
        if any((row["way"], row["before"]) == (way, before) for row in done):
            continue
        network, tokenizer = untrained(WEIGHTS / options.model)
        shown = [
            [premise(row, known[row.set, row.document], way, before) for row in rows]
            for rows in (training, development)
        ]
        train(network, tokenizer, shown[0], training, RATES[options.model])
        line = {
            "model": options.model,
            "way": way,
            "before": before,
            "n_training": len(training),
            "n": len(development),
        }
        done.append(line | {k: round(v, 4) for k, v in measured(network, tokenizer, shown[1], development).items()})
        pd.DataFrame(done).to_csv(options.out, index=False)
        print(done[-1], flush=True)


if __name__ == "__main__":
    main()
