"""Labelled rows → (premise, hypothesis, label) examples."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stance.measures import mark_target, phrase
from stance.training.recipe import DataSet, Recipe, Stage, Wordings, checked

LABELS = ("entailment", "neutral", "contradiction")
_POLARITY = {
    "favor": 1, "positive": 1, "none": 0, "neutral": 0, "against": -1, "negative": -1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One row as the encoder sees it; ``label`` indexes :data:`LABELS`."""

    premise: str
    hypothesis: str
    label: int


def read_rows(path: Path) -> list[dict]:
    """The rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def examples_of(stage: Stage, recipe: Recipe, data: Path) -> list[Example]:
    """All examples of a stage, in a fixed order that depends on the seed only."""
    made: list[Example] = []
    for number, dataset in enumerate(stage.sets):
        rng = random.Random(f"{recipe.seed}/{stage.name}/{number}")
        rows = read_rows(checked(data, dataset.file, dataset.sha256))
        if dataset.format == "nli":
            made += _nli(_capped(rows, dataset, rng))
        else:
            wordings = recipe.sentiment if dataset.format == "sentiment" else recipe.stance
            made += _aspect(_capped(rows, dataset, rng), dataset, wordings, recipe.unmarked, rng)
    random.Random(f"{recipe.seed}/{stage.name}").shuffle(made)
    return made


def _capped(rows: list[dict], dataset: DataSet, rng: random.Random) -> list[dict]:
    kept = [r for r in rows if _POLARITY.get(r["label"], 1) or rng.random() < dataset.keep_none]
    rng.shuffle(kept)
    return kept[: dataset.cap]


def _nli(rows: Iterable[dict]) -> Iterator[Example]:
    for row in rows:
        yield Example(row["premise"], row["hypothesis"], LABELS.index(row["label"]))


def _aspect(
    rows: list[dict], dataset: DataSet, wordings: Wordings, unmarked: float, rng: random.Random
) -> Iterator[Example]:
    """Stance and sentiment rows, each time with another wording."""
    templates = [(w, 1) for w in wordings.favor] + [(w, -1) for w in wordings.against]
    for row in rows:
        start, end = row.get("start", row.get("target_start")), row.get("end", row.get("target_end"))
        for template, direction in rng.sample(templates, dataset.repeats):
            premise = row["text"]
            if start is not None and end is not None and rng.random() >= unmarked:
                premise = mark_target(premise, start, end)
            label = 1 - direction * _POLARITY[row["label"]]
            yield Example(premise, phrase(template, row.get("holder"), row["target"]), label)
    targets = [row["target"] for row in rows]
    for row in rng.sample(rows, int(dataset.unrelated * len(rows))):
        other = rng.choice(targets)
        if other != row["target"]:
            template, _ = rng.choice(templates)
            yield Example(row["text"], phrase(template, None, other), LABELS.index("neutral"))
