"""Labelled rows → (premise, hypothesis, label) examples."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stance.codebook import ADDRESSED
from stance.resources import INVENTED
from stance.schema import StanceError
from stance.scoring.entailment import phrase
from stance.scoring.premises import mark
from stance.scoring.rows import places_of
from stance.training.names import capitalised, hypothesis_name, names, new_name, topics, used_name
from stance.training.recipe import DataSet, Recipe, Stage, checked

LABELS = ("entailment", "neutral", "contradiction")
_POLARITY = {
    "favor": 1, "positive": 1, "none": 0, "neutral": 0, "against": -1, "negative": -1,
}  # fmt: skip
Spans = dict[str, tuple[int, int]]
_MARKED = ("holder", "target", "statement")
"""In the order of the draws: another order gives other examples."""


@dataclass(frozen=True, slots=True)
class Example:
    """One row as the encoder sees it; ``label`` indexes :data:`LABELS`, None where only a teacher knows."""

    premise: str
    hypothesis: str
    label: int | None


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file.

    Raises
    ------
    StanceError
        If a line is no JSON object, or there is none.
    """
    rows = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError:
                raise StanceError(f"Line {number} of {path} is not JSON. Mend or remove it.") from None
    if not rows:
        raise StanceError(f"{path} holds no rows.")
    return rows


def examples_of(stage: Stage, recipe: Recipe, data: Path) -> list[Example]:
    """All examples of a stage, in a fixed order that depends on the seed only."""
    made: list[Example] = []
    for number, dataset in enumerate(stage.sets):
        rng = random.Random(f"{recipe.seed}/{stage.name}/{number}")
        path = checked(INVENTED if dataset.format == "written" else data, dataset.file, dataset.sha256)
        rows = _chosen(_complete(read_rows(path), dataset.format, path), dataset, rng)
        maker = {"nli": _nli, "written": _written, "reported": _reported}.get(dataset.format, _aspect)
        found = list(maker(rows, dataset, recipe, rng))
        made += [replace(e, label=None) for e in found] if dataset.unlabelled else found
    random.Random(f"{recipe.seed}/{stage.name}").shuffle(made)
    return made


_COLUMNS = {"nli": ("premise", "hypothesis"), "written": ("text",)}


def _complete(rows: list[dict[str, Any]], form: str, path: Path) -> list[dict[str, Any]]:
    """The rows, once each has its columns and a known label."""
    known = set(LABELS) if form == "nli" else set(_POLARITY)
    for number, row in enumerate(rows, 1):
        for column in (*_COLUMNS.get(form, ("text", "target")), "label"):
            if not isinstance(row.get(column), str):
                raise StanceError(f"Row {number} of {path} has no {column!r}. Rows of the format {form} need it.")
        if row["label"] not in known:
            raise StanceError(
                f"Row {number} of {path} has the label {row['label']!r}. "
                f"The format {form} knows: {', '.join(sorted(known))}."
            )
        if form == "reported" and not isinstance(row.get("addressed"), bool):
            raise StanceError(f"Row {number} of {path}: 'addressed' must be true or false.")
        if form in ("stance", "sentiment", "reported"):
            try:
                places_of(row)
            except ValueError as error:
                raise StanceError(f"Row {number} of {path}: {error}.") from None
    return rows


def _chosen(rows: list[dict[str, Any]], dataset: DataSet, rng: random.Random) -> list[dict[str, Any]]:
    kept = [
        r
        for r in rows
        if (dataset.only is None or r["label"] in dataset.only)
        and (dataset.kinds is None or r.get("kind") in dataset.kinds)
        and (_POLARITY.get(r["label"], 1) or rng.random() < dataset.keep_none)
    ]
    rng.shuffle(kept)
    return kept[: dataset.cap]


def _nli(rows: Iterable[dict], dataset: DataSet, recipe: Recipe, rng: random.Random) -> Iterator[Example]:
    for row in rows:
        yield Example(row["premise"], row["hypothesis"], LABELS.index(row["label"]))


def _aspect(rows: list[dict], dataset: DataSet, recipe: Recipe, rng: random.Random) -> Iterator[Example]:
    """Stance and sentiment rows, each time with another wording."""
    templates = _templates(recipe, dataset.format)
    for row in rows:
        for template, direction in rng.sample(templates, min(dataset.repeats, len(templates))):
            label = 1 - direction * _POLARITY[row["label"]]
            yield _seen(row, template, label, dataset, recipe, rng)
    targets = [row["target"] for row in rows]
    for row in rng.sample(rows, int(dataset.unrelated * len(rows))):
        other = rng.choice(targets)
        if other != row["target"]:
            template, _ = rng.choice(templates)
            yield Example(row["text"], phrase(template, None, other), LABELS.index("neutral"))


def _reported(rows: list[dict], dataset: DataSet, recipe: Recipe, rng: random.Random) -> Iterator[Example]:
    """Stance rows, and of each whether it takes the target up."""
    yield from _aspect(rows, dataset, recipe, rng)
    for row in rows:
        label = LABELS.index("entailment" if row["addressed"] else "neutral")
        yield _seen(row, ADDRESSED, label, dataset, recipe, rng)


def _seen(row: dict, template: str, label: int, dataset: DataSet, recipe: Recipe, rng: random.Random) -> Example:
    """A row under one wording, now and then with other names, and not always marked."""
    text, spans, named = row["text"], places_of(row), {k: row.get(k) for k in ("holder", "target")}
    if dataset.swap and rng.random() < dataset.swap:
        text, spans, named = _swapped(text, spans, named, rng)
    spans = {k: spans[k] for k in _MARKED if k in spans and rng.random() >= recipe.unmarked}
    return Example(" ".join(mark(text, spans).split()), phrase(template, named["holder"], named["target"] or ""), label)


def _templates(recipe: Recipe, form: str) -> list[tuple[str, int]]:
    """Wordings with their direction: 1 favorable, -1 not."""
    wordings = recipe.sentiment if form == "sentiment" else recipe.stance
    return [(w, 1) for w in wordings.favor] + [(w, -1) for w in wordings.against]


def _swapped(text: str, spans: Spans, named: dict, rng: random.Random) -> tuple[str, Spans, dict]:
    """Holder and target under other names, wherever they stand; unchanged unless both are plain names."""
    new = dict(named)
    renamed: dict[str, str] = {}
    for key, name in named.items():
        if name is None:
            continue
        bare = re.sub(r"['’]s?$", "", name)
        if not re.fullmatch(r"[A-Z][\w.-]+(?: [A-Z][\w.-]+)*", bare):
            return text, spans, named
        renamed[bare] = new_name(rng, avoid=renamed.values())
        new[key] = name.replace(bare, renamed[bare])
    pattern = "|".join(sorted(map(re.escape, renamed), key=len, reverse=True))
    matches = list(re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text))

    def moved(position: int) -> int:
        return position + sum(len(renamed[m.group()]) - len(m.group()) for m in matches if m.end() <= position)

    if any(m.start() < p < m.end() for m in matches for span in spans.values() for p in span):
        return text, spans, named
    places = {key: (moved(start), moved(end)) for key, (start, end) in spans.items()}
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", lambda m: renamed[m.group()], text), places, new


def _written(rows: list[dict], dataset: DataSet, recipe: Recipe, rng: random.Random) -> Iterator[Example]:
    """Sentences the project wrote, their slots filled with other names each time."""
    for row in rows:
        for _ in range(dataset.repeats):
            yield _filled(row, recipe, rng)
            if row.get("mirror"):
                text = row["text"].format(holder="{holder}", target="{other}", other="{target}", third="{third}")
                yield _filled({**row, "text": text, "label": row["mirror"]}, recipe, rng)
            if row.get("reverse"):
                text = row["text"].format(holder="{target}", target="{holder}", other="{other}", third="{third}")
                yield _filled({**row, "text": text, "label": row["reverse"]}, recipe, rng)


def _filled(row: dict[str, Any], recipe: Recipe, rng: random.Random) -> Example:
    actors = dict(zip(("holder", "target", "other", "third"), names(rng, 4), strict=True))
    filled = {slot: used_name(actor, rng) for slot, actor in actors.items()}
    target = hypothesis_name(actors["target"])
    if "target" in row:
        filled["target"], target = topics(row["target"], rng)
    spans: Spans = {}
    text = ""
    for part in re.split(r"(\{\w+\})", row["text"]):
        slot = part[1:-1]
        words = filled[slot] if part.startswith("{") else part
        if not text:
            words = capitalised(words)
        if part.startswith("{") and slot in ("holder", "target") and slot not in spans and rng.random() >= 0.5:
            spans[slot] = (len(text), len(text) + len(words))
        text += words
    template, direction = rng.choice(_templates(recipe, "stance" if rng.random() < 0.7 else "sentiment"))
    label = 1 - direction * _POLARITY[row["label"]]
    holder = hypothesis_name(row["holder"] if "holder" in row else actors["holder"]) or None
    return Example(mark(text, spans), phrase(template, holder, target), label)
