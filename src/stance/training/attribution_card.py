"""Measure a trained tagger beside the rules, and write its card."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from stance.codebook import read_codebook
from stance.consensus import SecondOpinion
from stance.gold import GoldDocument, Marked, found_in, read_gold, right_or_not, score_attributions
from stance.intervals import Intervals
from stance.lexicon import Lexicon
from stance.quotations import find_quotations, kind_of
from stance.schema import Document
from stance.segments import segment_document
from stance.tagger import Tagger
from stance.training.recipe import AttributionRecipe, checked

_CARD = jinja2.Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True).from_string(  # noqa: S701 - Markdown
    """# {{ recipe.name }}: sources, cues and contents

A small encoder that reads one paragraph at a time and marks cues of attribution ("said", "according to"); for each cue, its
own or one the rules ask about, a biaffine layer (Dozat & Manning 2017) marks source and content. In this project it is a
second opinion: the rules and it together decide who says what, and their agreement is the confidence.

- Base encoder: {{ recipe.base.origin }} ({{ recipe.base.licence }}), its lowest {{ recipe.layers }} layers.
- Weights: half precision, safetensors; loaded as float32. Name in results: `{{ found.tagger }}`.
- Made on {{ device }} by `stance train --recipe src/stance/training/recipes/{{ recipe.name }}.yml --data DIR --out DIR`;
  the exact recipe is `recipe.json`.
- **For research use**: the training set states no terms; see below and `../LICENSE`.

## How good it is
{{ found.sets|join(", ") }}: found where the contents' letters and digits overlap by at least half (`stance evaluate` measures the
same way); in brackets 95 % over resampled documents. Thresholds were chosen on this set, so unseen texts may come out lower.

| | marked | found | content F1 | + source F1 | recall of indirect speech |
|---|---|---|---|---|---|
{% for name, run in found.runs.items() %}
| {{ name }} | {{ run[0].gold }} | {{ run[0].found }} | {{ "%.3f [%.3f, %.3f]"|format(run[0].content_f1, run[0].content_low, run[0].content_high) }} | {{ "%.3f [%.3f, %.3f]"|format(run[0].source_f1, run[0].source_low, run[0].source_high) }} | {{ "%.3f"|format(run[3].content_recall) }} |
{% endfor %}

Confidence of what both find together, and how much of it is marked in this set (its source included):

| confidence | found | right |
|---|---|---|
{% for line in found.confidence %}
| {{ "%.1f to %.1f"|format(line.low, line.high) }} | {{ line.n }} | {{ "%.2f"|format(line.right) }} |
{% endfor %}

{% if recipe.notes %}
**What was tried.** {{ recipe.notes }}
{% endif %}

## Limits
- English news on US politics of 2016; other registers are read by what they share with it. Transcripts, press releases
  and statements inside statements are the rules' work: the training set marks no nesting.
- It reads a paragraph by itself. {{ recipe.max_tokens }} tokens at once; longer ones in overlapping windows.
- What it finds is how a text reports somebody. Check it on texts of yours: `stance segment --review`, `stance evaluate`.

## What it was trained on
| file | from | terms |
|---|---|---|
{% for s in recipe.sets %}
| {{ s.file }} | {{ s.origin }} | {{ s.licence }} |
{% endfor %}
"""
)


def write_tagger_card(
    recipe: AttributionRecipe, data: Path, folder: Path, device: str, log: Callable[[str], None] = print
) -> Path:
    """Measure a tagger on the recipe's development set and write its card.

    Parameters
    ----------
    recipe
        Names the development set.
    data
        Folder that holds it.
    folder
        The trained tagger; ``README.md`` and ``evaluation.json`` are written into it.
    device
        What it was trained on, in words.
    log
        Receives one line for each step.

    Returns
    -------
    Path
        The card.
    """
    codebook = read_codebook()
    lexicon, tagger = Lexicon(codebook), Tagger(folder)
    gold = [g for s in recipe.evaluate for g in read_gold(checked(data, s.file, s.sha256), codebook)]

    def segmented(second: SecondOpinion | None) -> Callable[[Document], list[Marked]]:
        return lambda d: found_in(segment_document(d, lexicon, second=second).segments)

    ways = {"rules alone": segmented(None), "tagger alone": alone(tagger), "together": segmented(tagger)}
    runs = {}
    for name, find in ways.items():
        table = score_attributions(gold, find, seed=recipe.seed)
        runs[name] = json.loads(table.to_json(orient="records"))
        log(f"{name}: content F1 {runs[name][0]['content_f1']:.3f}, with source {runs[name][0]['source_f1']:.3f}")
    found: dict[str, Any] = {"tagger": tagger.name, "sets": [s.file for s in recipe.evaluate], "runs": runs}
    found["confidence"] = confidence_table(gold, lexicon, tagger).to_dict("records")
    (folder / "evaluation.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    card = folder / "README.md"
    card.write_text(_CARD.render(recipe=recipe, found=found, device=device), encoding="utf-8")
    return card


def alone(tagger: Tagger) -> Callable[[Document], list[Marked]]:
    """What a tagger finds without the rules.

    Parameters
    ----------
    tagger
        The tagger.
    """

    def find(document: Document) -> list[Marked]:
        quotations = Intervals((q.start, q.end, q) for q in find_quotations(document.text))
        return [
            Marked("core", kind_of(document.text, o.content, quotations), o.source, o.content, None)
            for o in tagger.read(document.text)[0]
        ]

    return find


def confidence_table(gold: Sequence[GoldDocument], lexicon: Lexicon, second: SecondOpinion) -> pd.DataFrame:
    """How much of what is found with a confidence is marked, source included, by tenths of confidence.

    Parameters
    ----------
    gold
        Marked documents.
    lexicon
        Names of any codebook.
    second
        The tagger.

    Returns
    -------
    pandas.DataFrame
        ``low``, ``high``, ``n``, ``right`` (a share), one row for each tenth in which something was found.
    """
    pairs = [
        pair
        for item in gold
        for pair in right_or_not(item, found_in(segment_document(item.document, lexicon, second=second).segments))
    ]
    table = pd.DataFrame(pairs, columns=["confidence", "right"])
    tenth = (table["confidence"] * 10).clip(upper=9.99).astype(int)
    lines = table.groupby(tenth)["right"].agg(["size", "mean"])
    return pd.DataFrame(
        {"low": lines.index / 10, "high": lines.index / 10 + 0.1, "n": lines["size"], "right": lines["mean"].round(4)}
    ).reset_index(drop=True)
