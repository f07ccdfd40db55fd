"""Fine-tune a model on a researcher's own labels, and say whether it helped."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

from stance.codebook import ADDRESSED, SENTIMENT, STANCE
from stance.corpus.rows import csv_bytes
from stance.files import writable, write_file
from stance.resources import CALIBRATION, bundled_folder
from stance.schema import StanceError
from stance.scoring.entailment import phrase
from stance.scoring.loading import load_model
from stance.scoring.model import Model
from stance.scoring.premises import MARKS
from stance.scoring.rows import items_of
from stance.training.examples import LABELS, Example
from stance.training.fit import Settings, learn, untrained
from stance.training.model_folder import write_model
from stance.training.teacher import goals_of
from stance.validation.evaluation import TASKS, LabelledSet, evaluate, predictor
from stance.validation.recalibration import FEWEST as FEWEST_CALIBRATED
from stance.validation.recalibration import calibrate, calibration_json

FEWEST = 50
"""Rows: of fewer, a fifth held out says nothing."""
MOST = 5000
"""Rows: more are trained better with a recipe, which checkpoints and resumes."""
FEWEST_TEXTS = 10
"""Texts: whole texts are held out, at least two of them."""
HELD_OUT = 5
"""One of so many folds is held out."""
_EXAMPLES = 6000
"""About how many examples are seen in all: few rows are seen more often."""


@dataclass(frozen=True, slots=True)
class Finetuned:
    """What came out.

    Attributes
    ----------
    table
        :func:`stance.validation.evaluation.evaluate` of the model before and after, on the
        rows held out.
    n_train, n_held_out
        Rows learned from, and rows held out.
    calibration
        What :func:`stance.validation.recalibration.cross_fitted` found on the rows held out; None if they are too few.
    """

    table: pd.DataFrame
    n_train: int
    n_held_out: int
    calibration: dict[str, Any] | None = None


def finetune(
    labelled: LabelledSet,
    out: Path,
    model: str = "small",
    *,
    seed: int = 0,
    log: Callable[[str], None] = print,
) -> Finetuned:
    """Fine-tune a bundled model or a model folder on labelled rows.

    About a fifth of the rows, whole texts, is held out: the table says how good
    the model is on them before and after. Long texts are learned from their
    first 160 tokens.

    Parameters
    ----------
    labelled
        50 to 5,000 rows of stance or sentiment; see :func:`stance.validation.evaluation.read_sets`.
    out
        The new model folder: the model, ``evaluation.csv``, ``held_out.csv``
        (the rows not learned from) and a card.
    model
        What to start from.
    seed
        Of the split, the order and the dropout.
    log
        Receives one line of progress every few seconds.

    Returns
    -------
    Finetuned
        The table and the sizes of the two parts.

    Raises
    ------
    StanceError
        If there are too few or too many rows, fewer than two labels, rows
        without text or target, or ``out`` holds something already.
    """
    _fit_for_learning(labelled, out)
    train, held_out = _split(labelled, seed)
    folder = bundled_folder(model) or Path(model)
    if not folder.is_dir():
        raise StanceError(f"Fine-tuning starts from a bundled model or a model folder. {model!r} is neither.")
    before = load_model(model)
    if before.labels != LABELS:
        raise StanceError(
            f"Fine-tuning starts from a model with the labels {', '.join(LABELS)}, in this order. "
            f"{model} has {', '.join(before.labels)}."
        )
    writable(out)
    network, tokenizer = untrained(folder)
    examples = _examples(train, before, seed)
    log(f"{len(train.rows)} rows to learn from ({len(examples)} examples), {len(held_out.rows)} held out")
    settings = Settings(
        learning_rate=5e-5 if len(train.rows) > 500 else 3e-5,
        batch_size=16,
        max_tokens=160,
        precision="fp32",
        seed=seed,
        order=f"{seed}/finetune",
    )
    learn(network, tokenizer, examples, goals_of(examples), settings, log=log)
    write_file(out / "held_out.csv", csv_bytes(held_out.rows))
    taught = None if before.addressed is None else ADDRESSED
    write_model(network, tokenizer, out, {key: MARKS[key] for key in before.marks}, addressed=taught)
    _keep_threshold(folder, out)
    after = load_model(out)
    models = {"before": predictor(before), "after": predictor(after)}
    table = evaluate([held_out], models, seed=seed, step=log)
    found = _calibrated(held_out, after, out, seed)
    write_file(out / "evaluation.csv", csv_bytes(table))
    card = _CARD.render(
        before=before.name,
        after=load_model(out).name,
        task=labelled.task,
        lines=table.to_dict("records"),
        n=len(train.rows),
        found=found,
        fewest=FEWEST_CALIBRATED,
    )
    write_file(out / "README.md", card.encode())
    return Finetuned(table, len(train.rows), len(held_out.rows), found)


def _calibrated(held_out: LabelledSet, model: Model, out: Path, seed: int) -> dict[str, Any] | None:
    """What a calibration does on the rows held out, if they are enough; one that helps across halves is kept."""
    if len(held_out.rows) < FEWEST_CALIBRATED or held_out.rows["label"].nunique() < 2:
        return None
    try:
        entry = calibrate(held_out, model, seed=seed)
    except StanceError:  # so few texts, or so many without a score, that nothing can be fitted
        return None
    found = entry[held_out.task]
    if found["ece"] < found["ece_before"]:
        path = out / CALIBRATION
        there = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        write_file(path, calibration_json(there | entry))
    return found


def _keep_threshold(before: Path, after: Path) -> None:
    """Carry over how ``p_addressed`` is calibrated: the labels say nothing of it."""
    path = before / CALIBRATION
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if "addressed" in found:
        write_file(after / CALIBRATION, json.dumps({"addressed": found["addressed"]}, indent=1).encode())


_CARD = jinja2.Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True).from_string(  # noqa: S701 - Markdown
    """# {{ after }}

`{{ before }}`, fine-tuned on {{ n }} rows of {{ task }} by `stance finetune`. On the rows held out (`held_out.csv`,
whole texts, never learned from):

| model | rows | macro-F1 | accuracy | calibration error (perfect) |
|---|---|---|---|---|
{% for l in lines %}
| {{ l.model }} | {{ l.n }} | {{ "%.3f"|format(l.macro_f1) }} | {{ "%.3f"|format(l.accuracy) }} | {{ "%.3f"|format(l.ece) }} ({{ "%.3f"|format(l.ece_perfect) }}) |
{% endfor %}

The difference in macro-F1 is {{ "%+.3f"|format(lines[1].difference) }} (95 % interval {{ "%+.3f"|format(lines[1].difference_low) }} to {{ "%+.3f"|format(lines[1].difference_high) }}, texts resampled). {% if found and found.ece >= found.ece_before %}Its
probabilities are left as trained: fitted on one half of the texts held out, a calibration did not lower the error on the other ({{ "%.3f"|format(found.ece_before) }}
before and {{ "%.3f"|format(found.ece) }} after). Calibrate on more labels by `stance calibrate`.{% elif found %}Its
probabilities are calibrated on the rows held out: the calibration error, measured across halves of their texts, is {{ "%.3f"|format(found.ece_before) }}
before and {{ "%.3f"|format(found.ece) }} after ({{ "%.3f"|format(found.ece_perfect) }} if perfect); the table shows it as trained.{% else %}Its probabilities are not
calibrated: fewer than {{ fewest }} rows were held out. Do so on more labels by `stance calibrate`.{% endif %} The threshold of `p_addressed`, if the model before had one, is kept, not measured anew. The terms of the model it started from, and of your labels, go on to hold.
"""  # noqa: E501
)


def _fit_for_learning(labelled: LabelledSet, out: Path) -> None:
    n = len(labelled.rows)
    if labelled.task == "nli":
        raise StanceError("Fine-tuning takes rows of text, target and label, not premises and hypotheses.")
    if not FEWEST <= n <= MOST:
        raise StanceError(f"Fine-tuning takes {FEWEST} to {MOST:,} rows. {labelled.name} has {n}.")
    found = set(labelled.rows["label"])
    if len(found) < 2:
        raise StanceError(
            f"Every row of {labelled.name} is labelled {found.pop()!r}. Give rows of at least two of: "
            f"{', '.join(TASKS[labelled.task])}."
        )
    items_of(labelled.rows, labelled.name)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise StanceError(f"{out} is not an empty folder. Give another --out.")


def _split(labelled: LabelledSet, seed: int) -> tuple[LabelledSet, LabelledSet]:
    """Rows to learn from and rows held out: whole texts, labels in like shares."""
    if len(set(labelled.groups)) < FEWEST_TEXTS:
        raise StanceError(f"{labelled.name} has fewer than {FEWEST_TEXTS} different texts: too few to hold some out.")
    folds = StratifiedGroupKFold(HELD_OUT, shuffle=True, random_state=seed)
    splits = list(folds.split(labelled.rows, labelled.labels, labelled.groups))
    wanted = len(labelled.rows) / HELD_OUT
    train, held_out = min(splits, key=lambda split: abs(len(split[1]) - wanted))
    if not wanted / 2 <= len(held_out) <= wanted * 2:
        raise StanceError(f"Most rows of {labelled.name} share one text: a fifth of them cannot be held out.")
    parts = (labelled.rows.iloc[index].reset_index(drop=True) for index in (train, held_out))
    first, second = (LabelledSet(labelled.name, labelled.task, rows) for rows in parts)
    return first, second


def _examples(labelled: LabelledSet, model: Model, seed: int) -> list[Example]:
    """Every row under other wordings, more often the fewer rows there are."""
    hypotheses = STANCE if labelled.task == "stance" else SENTIMENT
    wordings = [(w, 1) for w in hypotheses.favor] + [(w, -1) for w in hypotheses.against]
    side = dict(zip(TASKS[labelled.task], (1, -1, 0), strict=True))
    rng = random.Random(seed)
    repeats = max(2, min(16, _EXAMPLES // len(labelled.rows)))
    made = []
    items = items_of(labelled.rows, labelled.name, model.marks)
    for item, label in zip(items, labelled.rows["label"], strict=True):
        first = rng.randrange(len(wordings))
        for number in range(first, first + repeats):
            wording, direction = wordings[number % len(wordings)]
            hypothesis = phrase(wording, item.holder, item.target)
            made.append(Example(item.premise, hypothesis, 1 - direction * side[label]))
    rng.shuffle(made)
    return made
