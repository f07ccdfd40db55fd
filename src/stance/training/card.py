"""Measure a trained model on development sets and write its card."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jinja2
import pandas as pd
from sklearn.metrics import f1_score

from stance.models import CrossEncoder, load_model
from stance.rows import score_rows
from stance.schema import LABELS
from stance.training.examples import read_rows
from stance.training.recipe import Evaluation, Recipe, checked

_CARD = jinja2.Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True).from_string(  # noqa: S701 - Markdown
    """# {{ recipe.name }}: the bundled inference model

One three-way natural-language-inference cross-encoder (entailment, neutral, contradiction) that reads a
sentence and a hypothesis: "{{ recipe.stance.favor[0] }}" for stance, "{{ recipe.sentiment.favor[0] }}" for
sentiment, where {actor} is the holder, or "The text". Entailment is favor or positive, contradiction against or
negative. Where the target stands in the text it is marked `* like this *`.

- Base encoder: {{ recipe.base.origin }} ({{ recipe.base.licence }}).
- Weights: half precision, safetensors; loaded as float32. Model name in results: `{{ name }}`.
- Made by `stance train --recipe src/stance/training/recipes/{{ recipe.name }}.yml --data DIR --out DIR`; the exact recipe is `recipe.json`.
- **For research use**: several training sets state no terms; see below and `../LICENSE`.

## How good it is
Macro-F1 over the three labels on development sets, through `stance score`. None of these rows was trained on.

| set | rows | one wording | all wordings | F1 by label (one wording) | note |
|---|---|---|---|---|---|
{% for e in evaluations %}
| {{ e.name }} | {{ e.rows }} | {{ "%.3f"|format(e.one) }} | {{ "%.3f"|format(e.all) }} | {% for label, f in e.by_label.items() %}{{ label }} {{ "%.2f"|format(f) }}{{ ", " if not loop.last }}{% endfor %} | {{ e.note }} |
{% endfor %}

{% if recipe.notes %}
{{ recipe.notes }}
{% endif %}

## What it was trained on
| file | from | terms | stage | use |
|---|---|---|---|---|
{% for stage in recipe.stages %}
{% for s in stage.sets %}
| {{ s.file }} | {{ s.origin }} | {{ s.licence }} | {{ stage.name }} | {{ s.format }}{% if s.cap %}, at most {{ s.cap }} rows{% endif %}{% if s.repeats > 1 %}, {{ s.repeats }} wordings a row{% endif %}{% if s.keep_none < 1 %}, {{ s.keep_none }} of the none rows{% endif %}{% if s.unrelated %}, {{ s.unrelated }} unrelated targets added{% endif %} |
{% endfor %}
{% endfor %}

## Where it fails
- Its probabilities are not yet calibrated: read them as an order, not as frequencies.
- Stance of a holder toward a target in news (`directed_sentiment`) is the weakest measure: read the sentence beside the score.
- Irony and "who profits" ("called the summit a victory for his rival") are often read by their words.
- It reads {{ max_tokens }} tokens at once; longer text is read in overlapping windows and counted.
- English only. Scores describe how a text reports somebody, not what that person thinks.
"""
)


def write_card(recipe: Recipe, data: Path, folder: Path, log: Callable[[str], None] = print) -> Path:
    """Evaluate a model folder on the recipe's development sets and write its card.

    Parameters
    ----------
    recipe
        Names the development sets.
    data
        Folder that holds them.
    folder
        The trained model; ``README.md`` and ``evaluation.json`` are written into it.
    log
        Receives one line for each set.

    Returns
    -------
    Path
        The card.
    """
    model = load_model(folder)
    evaluations = []
    for evaluation in recipe.evaluate:
        result = _evaluated(evaluation, data, model)
        log(
            f"{evaluation.name}: macro-F1 {result['one']:.3f} (all wordings {result['all']:.3f}), {result['rows']} rows"
        )
        evaluations.append(result)
    (folder / "evaluation.json").write_text(json.dumps(evaluations, indent=1) + "\n", encoding="utf-8")
    card = folder / "README.md"
    card.write_text(card_text(recipe, evaluations, model), encoding="utf-8")
    return card


def card_text(recipe: Recipe, evaluations: list[dict], model: CrossEncoder) -> str:
    """The model card in Markdown.

    Parameters
    ----------
    recipe
        What the model was made from.
    evaluations
        What ``evaluation.json`` holds.
    model
        The model, for its name and how much it reads at once.
    """
    name = f"{recipe.name}@{model.name.split('@')[1]}"
    return _CARD.render(recipe=recipe, evaluations=evaluations, name=name, max_tokens=model.max_tokens) + "\n"


def _evaluated(evaluation: Evaluation, data: Path, model: CrossEncoder) -> dict:
    rows = read_rows(checked(data, evaluation.file, evaluation.sha256))
    rows = [r for r in rows if all(str(r[key]) == str(value) for key, value in evaluation.where.items())]
    frame = pd.DataFrame(rows).rename(columns={"target_start": "start", "target_end": "end"})
    columns = [c for c in ("text", "target", "start", "end", "holder") if c in frame.columns]
    result: dict = {"name": evaluation.name, "rows": len(rows), "note": evaluation.note}
    labels = LABELS[evaluation.format]
    for wordings in ("one", "all"):
        scored = score_rows(frame[columns], evaluation.format, model, wordings=wordings)
        predicted = scored["label"].fillna("unscored")  # counts as an error
        by_label = f1_score(frame["label"], predicted, labels=labels, average=None)
        result[wordings] = round(float(by_label.mean()), 4)
        if wordings == "one":
            result["by_label"] = {label: round(float(f), 4) for label, f in zip(labels, by_label, strict=True)}
    return result
