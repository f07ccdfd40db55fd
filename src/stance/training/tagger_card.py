"""Measure a trained tagger beside the rules, and write its card."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from stance.attribution.consensus import ALONE, Opinion
from stance.attribution.segments import Segmenter
from stance.attribution.tagger import Confidence, Tagger, log_odds
from stance.codebook import Codebook, read_codebook
from stance.resources import CONFIDENCE, WEIGHTS
from stance.schema import Document
from stance.text.parsed import parse
from stance.text.spans import Offsets
from stance.training.recipe import AttributionRecipe, checked
from stance.validation.gold import GoldDocument, Marked, found_in, read_gold, right_or_not, score_attributions
from stance.validation.statuses import attributions_in, read_statuses, status_confusion

_STATUS_GOLD = WEIGHTS.parents[2] / "gold/status.jsonl"
_NEARLY_FREE = 100.0
"""Inverse strength of the penalty; some, so that a set without errors has a curve."""
_FOLDS = 5
"""Parts of the documents: the confidence of each is judged by a curve fitted to the others."""
_CARD = jinja2.Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True).from_string(  # noqa: S701 - Markdown
    """# {{ recipe.name }}: sources, cues and contents

A bidirectional LSTM that reads the parse of one paragraph at a time ({{ sizes.parser }}: words, tags, dependencies and the parser's
own vectors) and marks cues of attribution ("said", "according to"); for each cue, its own or one the rules ask about, a
second small LSTM, told where every word stands as seen from that cue, marks source and content. In this project it is a
second opinion: the rules and it together decide who says what, and their agreement is the confidence.

- Weights: {{ "%.1f"|format(parameters / 1e6) }} million, half precision, safetensors; loaded as float32. Name in results: `{{ found.tagger }}`.
- Made on {{ device }} by `stance train --recipe src/stance/training/recipes/{{ recipe.name }}.yml --data DIR --out DIR`;
  the exact recipe is `recipe.json`.
- **For research use**: the training set states no terms; see below and `../LICENSE`.

## How good it is
{{ found.sets|join(", ") }}: found where the contents' letters and digits overlap by at least half (`stance evaluate` measures the
same way); in brackets 95 % over resampled documents. Thresholds, sizes and the curve of confidence were chosen on this set,
so unseen texts may come out lower. Rules and tagger together are not measurably better here than the tagger alone: what the
rules add is the resolving of actors, and statements inside others, transcripts and announcements, none of which this set marks.

| | marked | found | content F1 | + source F1 | recall of indirect speech |
|---|---|---|---|---|---|
{% for name, run in found.runs.items() %}
| {{ name }} | {{ run[0].gold }} | {{ run[0].found }} | {{ "%.3f [%.3f, %.3f]"|format(run[0].content_f1, run[0].content_low, run[0].content_high) }} | {{ "%.3f [%.3f, %.3f]"|format(run[0].source_f1, run[0].source_low, run[0].source_high) }} | {{ "%.3f"|format(run[3].content_recall) }} |
{% endfor %}

Confidence comes from a curve over the tagger's probability, whether it finds all parts, and whether the rules say the same. Here,
of all that both propose (the tagger's own findings below {{ alone }} are then left out), how much is marked in this set, its
source included; the curve of each document was fitted to other documents:

| confidence | found | mean confidence | right |
|---|---|---|---|
{% for line in found.confidence %}
| {{ "%.1f to %.1f"|format(line.low, line.high) }} | {{ line.n }} | {{ "%.2f"|format(line.said) }} | {{ "%.2f"|format(line.right) }} |
{% endfor %}

Statements inside other statements, turns of a transcript and what a press release announces keep the rules' own confidence.

{% if found.statuses %}
## Said, or only denied, supposed, asked for
`gold/status.jsonl`: {{ found.statuses.n }} sentences invented for this, each with one cue, labelled by two AI annotators (alpha 1.00, an upper
bound: see `gold/status.md`); rules were tried on the first half, the second half was kept aside. Rows are the labels, columns what is found; "not found" counts nowhere either.

| first half, second half | {{ found.statuses.columns|join(" | ") }} |
|---|{{ "---|" * found.statuses.columns|length }}
{% for label, cells in found.statuses.rows.items() %}
| {{ label }} | {{ cells|join(" | ") }} |
{% endfor %}

Of what is not stated, {{ found.statuses.left_out }} of {{ found.statuses.not_stated }} count as no statement (second half: {{ found.statuses.left_out_aside }} of {{ found.statuses.not_stated_aside }}).

{% endif %}
{% if recipe.notes %}
**What was tried.** {{ recipe.notes }}
{% endif %}

## Limits
- English news on US politics of 2016; other registers are read by what they share with it. Transcripts, press releases
  and statements inside statements are the rules' work: the training set marks no nesting.
- It reads a paragraph by itself, and needs the parser named above: with another version it refuses to load.
- A deed can be taken for a statement ("voted for the ceasefire"). Look at low confidences first.
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
    """Measure a tagger on the recipe's development set, learn its confidence there, and write its card.

    Parameters
    ----------
    recipe
        Names the development set.
    data
        Folder that holds it.
    folder
        The trained tagger; ``README.md``, ``evaluation.json`` and ``confidence.json`` are written into it.
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
    tagger = Tagger(folder)
    gold = [g for s in recipe.evaluate for g in read_gold(checked(data, s.file, s.sha256), codebook)]
    judged = judged_by_both(gold, codebook, tagger)
    (folder / CONFIDENCE).write_text(fit_confidence(judged).model_dump_json(indent=1) + "\n", encoding="utf-8")
    tagger = Tagger(folder)

    def segmented(tagger: Tagger | None) -> Callable[[Document], list[Marked]]:
        segmenter = Segmenter(codebook, tagger=tagger)
        return lambda d: found_in(segmenter.segment(d).segments)

    ways = {"rules alone": segmented(None), "tagger alone": alone(tagger), "together": segmented(tagger)}
    runs = {}
    for name, find in ways.items():
        table = score_attributions(gold, find, seed=recipe.seed)
        runs[name] = json.loads(table.to_json(orient="records"))
        log(f"{name}: content F1 {runs[name][0]['content_f1']:.3f}, with source {runs[name][0]['source_f1']:.3f}")
    found: dict[str, Any] = {"tagger": tagger.name, "sets": [s.file for s in recipe.evaluate], "runs": runs}
    found["confidence"] = confidence_table(judged).to_dict("records")
    found["statuses"] = _statuses(codebook, tagger)
    (folder / "evaluation.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    card = folder / "README.md"
    words: dict[str, Any] = {"alone": ALONE}
    words |= {
        "recipe": recipe,
        "found": found,
        "device": device,
        "sizes": tagger.sizes,
        "parameters": tagger.parameters,
    }
    card.write_text(_CARD.render(**words), encoding="utf-8")
    return card


def _statuses(codebook: Codebook, tagger: Tagger) -> dict[str, Any]:
    """The status of invented sentences, in two halves; nothing where a checkout's ``gold`` is not there."""
    if not _STATUS_GOLD.is_file():
        return {}
    marked, find = read_statuses(_STATUS_GOLD), attributions_in(codebook, tagger)
    tables = [status_confusion(half, find) for half in (marked[: len(marked) // 2], marked[len(marked) // 2 :])]
    unstated = [table.drop(index="stated") for table in tables]
    left_out = [int(table.drop(columns="stated").to_numpy().sum()) for table in unstated]
    return {
        "n": len(marked),
        "columns": list(tables[0].columns),
        "rows": {
            label: [f"{a}, {b}" for a, b in zip(tables[0].loc[label], tables[1].loc[label], strict=True)]
            for label in tables[0].index
        },
        "not_stated": int(sum(table.to_numpy().sum() for table in unstated)),
        "not_stated_aside": int(unstated[1].to_numpy().sum()),
        "left_out": sum(left_out),
        "left_out_aside": left_out[1],
    }


def alone(tagger: Tagger) -> Callable[[Document], list[Marked]]:
    """What a tagger finds without the rules.

    Parameters
    ----------
    tagger
        The tagger.
    """

    def find(document: Document) -> list[Marked]:
        parsed = parse(document)
        return [
            Marked("core", parsed.quotations.kind_of(o.content), o.source, o.content, None)
            for o in tagger.read(parsed)[0]
        ]

    return find


class _Recorder:
    """A tagger that remembers what it was asked for a confidence, and gives its plain probability."""

    def __init__(self, tagger: Tagger) -> None:
        self.read = tagger.read
        self.asked: dict[Offsets, tuple[float, bool]] = {}

    def confidence(self, opinion: Opinion, agreed: bool) -> float:
        self.asked[opinion.cue] = opinion.p, agreed
        return Confidence().of(opinion.p, agreed)


def judged_by_both(gold: Sequence[GoldDocument], codebook: Codebook, tagger: Tagger) -> pd.DataFrame:
    """What the tagger makes of each attribution found, whether the rules say the same, and whether it is marked.

    Parameters
    ----------
    gold
        Marked documents.
    codebook
        Any.
    tagger
        The tagger.

    Returns
    -------
    pandas.DataFrame
        ``document``, ``p``, ``agreed`` and ``right`` (its source included), one row for each.
    """
    rows = []
    recorder = _Recorder(tagger)
    segmenter = Segmenter(codebook, tagger=recorder)
    for item in gold:
        recorder.asked.clear()
        found = found_in(segmenter.segment(item.document).segments)
        for attribution, right in right_or_not(item, found):
            if attribution.cue in recorder.asked:
                rows.append((item.document.id, *recorder.asked[attribution.cue], right))
    return pd.DataFrame(rows, columns=["document", "p", "agreed", "right"])


def fit_confidence(judged: pd.DataFrame) -> Confidence:
    """The curve that turns the tagger's probability and the rules' agreement into a confidence.

    Parameters
    ----------
    judged
        From :func:`judged_by_both`.
    """
    if judged["right"].nunique() < 2:
        return Confidence()
    curve = LogisticRegression(C=_NEARLY_FREE).fit(_evidence(judged), judged["right"])
    scale, agreement, missing = (round(weight, 4) for weight in curve.coef_[0].tolist())
    offset = round(float(curve.intercept_[0]), 4)
    return Confidence(scale=scale, agreement=agreement, missing=missing, offset=offset)


def _evidence(judged: pd.DataFrame) -> np.ndarray:
    return np.column_stack([judged["p"].map(log_odds), judged["agreed"], judged["p"] == 0]).astype(float)


def confidence_table(judged: pd.DataFrame) -> pd.DataFrame:
    """How much of what is found with a confidence is right, by tenths of confidence.

    The confidence of each document comes from a curve fitted to the others.

    Parameters
    ----------
    judged
        From :func:`judged_by_both`.

    Returns
    -------
    pandas.DataFrame
        ``low``, ``high``, ``n``, ``said`` (mean confidence), ``right`` (a share); one row for each tenth in
        which something was found.
    """
    said = pd.Series(np.nan, index=judged.index)
    folds = pd.factorize(judged["document"])[0] % _FOLDS
    for fold in range(_FOLDS):
        curve = fit_confidence(judged[folds != fold])
        said[folds == fold] = [
            curve.of(p, a) for p, a in judged.loc[folds == fold, ["p", "agreed"]].itertuples(index=False)
        ]
    tenth = (said * 10 + 1e-9).clip(upper=9.99).astype(int)
    lines = (
        pd.DataFrame({"said": said, "right": judged["right"]})
        .groupby(tenth)
        .agg(n=("right", "size"), said=("said", "mean"), right=("right", "mean"))
    )
    edges = pd.DataFrame({"low": lines.index / 10, "high": lines.index / 10 + 0.1}, index=lines.index)
    return edges.join(lines.round(4)).reset_index(drop=True)
