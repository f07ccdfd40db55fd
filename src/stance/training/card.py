"""The card of a model: what it was made of, how good it is, and where it fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from stance.codebook import ADDRESSED
from stance.plots.diagnostics import plot_reliability
from stance.scoring.loading import load_model
from stance.training.measured import measure
from stance.training.recipe import Recipe, lineage


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(c).replace("|", "/").replace("\n", " ") for c in cells) + " |"


def _number(value: float | None, digits: int = 3) -> str:
    return "" if value is None else f"{value:.{digits}f}"


_ENVIRONMENT = jinja2.Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - Markdown
_ENVIRONMENT.filters["number"] = _number
_ENVIRONMENT.globals["row"] = _row
_CARD = _ENVIRONMENT.from_string(
    """# {{ recipe.name }}: a bundled inference model for stance and sentiment

One three-way natural-language-inference cross-encoder (entailment, neutral, contradiction) that reads a
sentence and a hypothesis: "{{ recipe.stance.favor[0] }}" for stance, "{{ recipe.sentiment.favor[0] }}" for
sentiment, where {actor} is the holder, or "The text". Entailment is favor or positive, contradiction against or
negative. Where they stand in the text, the target is marked `* like this *` and the holder `[ like this ]`
{%- if addressed %}, and of reported
speech the statement `< like this >`. By "{{ asked }}" it is asked whether a statement takes the target up at all
{%- endif %}.

{% for made in lineage %}
- {{ "Started from" if loop.first else "Which started from" }}: {{ made.base.origin }} ({{ made.base.licence }}).
{% endfor %}
- Weights: {{ "int8 by output channel, in half precision where they are no large matrix" if recipe.storage == "int8" else "half precision" }}, safetensors; loaded as float32. Name in results: `{{ name }}`.
{% if recipe.frozen %}
- The embeddings and the lowest {{ recipe.frozen }} layers are those it started from.
{% endif %}
{% if recipe.kept %}
- Of what the other layers learned, {{ "%.0f"|format(100 * (1 - recipe.kept)) }} % of the way from the start is taken (Wortsman et al. 2022).
{% endif %}
- Made on {{ device }} by
  `stance train --recipe src/stance/training/recipes/{{ recipe.name }}.yml --data DIR --out DIR`; the exact recipe is `recipe.json`.
- **For research use**: several training sets state no terms; see below and `../LICENSE`.

**Intended use.** Stance and sentiment toward named targets in English news and official texts, sentence by sentence, read
beside the sentence. Scores describe how a text reports somebody, not what that person thinks. **Not for** decisions about
persons, other languages, or registers such as chats without validation on labels of your own (`stance evaluate`,
`stance finetune`).

## How good it is
Development sets, one wording, through the same path as `stance evaluate`. {{ overlap }}
Choices between runs were made on these sets, so test sets may come out lower. ECE: expected calibration error over 15
bins, in brackets 95 % over resampled texts; "perfect": what a perfectly calibrated model would show with as many rows.
Temperatures and offsets were fitted on these very rows; the table under *Calibration* judges them on rows they were not
fitted on.

| set | rows | macro-F1 | F1 of the two sides | accuracy | F1 by label | ECE (perfect) |
|---|---|---|---|---|---|---|
{% for e in sets %}
{{ row(e.name, e.n, e.macro_f1|number, e.f1_sides|number, e.accuracy|number, e.labels, e.calibration) }}
{% endfor %}

{{ notes_on_sets }}

{% for name, pairs in pairs.items() %}
In five classes, as it is published (which of two entities is for or against the other, or neither), {{ name }} has over
{{ pairs.n }} pairs {{ pairs.micro|number }} micro-F1 and {{ pairs.macro|number }} macro-F1.
{% endfor %}

{% if others %}
Other runs, measured alike (macro-F1; their `evaluation_….json` stand beside this file):

{{ row("set", "this model", *others) }}
{{ row("---", "---", *(["---"] * (others|length))) }}
{% for e in sets %}
{{ row(e.name, e.macro_f1|number, *e.others) }}
{% endfor %}

{% endif %}
For orientation, from the literature, on the *test* sets: NewsMTSC macro-F1 rw/mt, RoBERTa-base GRU-TSC .831/.825, BERT-base
pair .801/.737 (Hamborg & Donnay 2021); VAST zero-shot macro-F1, JointCL on BERT-base .723 (Liang et al. 2022).

{% if recipe.notes %}
**What was tried.** {{ recipe.notes }}
{% endif %}

{% if contributions is not none %}
## What each training set and each way of reading adds
A fixed fifth of the training examples, one pass from the same start, all of it and without one part each (macro-F1; by
`studies/contributions.py`). Small runs for comparing with each other: two points are about one standard error.

{{ row("run", *contributions.columns) }}
{{ row("---", *(["---"] * (contributions.columns|length))) }}
{% for run, line in contributions.iterrows() %}
{{ row(run, *line.map(number)) }}
{% endfor %}

{% endif %}
## Calibration
One temperature and one offset of the third label (none, neutral) for each measure: vector scaling (Guo et al. 2017) with a
single bias, since training showed fewer neutral sentences than news holds. Fitted on one half of the development texts
and judged on the other, both ways. The offset moves labels, not only probabilities.

| measure | sets | rows | temperature, offset | of the halves | ECE before | ECE after | perfect |
|---|---|---|---|---|---|---|---|
{% for m, c in calibration.items() %}
{{ row(m, c.sets|join(", "), c.n, "%.2f, %+.2f"|format(c.temperature, c.offset), c.of_halves, c.ece_before|number, "%.3f [%.3f, %.3f]"|format(c.ece, c.ece_low, c.ece_high), c.ece_perfect|number) }}
{% endfor %}

{% if calibration %}
![Reliability](reliability.png)
{% endif %}

{% if addressed %}
**Does the statement take the target up?** `p_addressed` on {{ addressed.n }} statements: area under the curve
{{ addressed.auc|number }}. The threshold {{ addressed.threshold }} keeps {{ "%.1f"|format(100 * addressed.sides_kept) }} % of the statements for or against
the target and {{ "%.1f"|format(100 * addressed.addressed_kept) }} % of all that take it up, and leaves out {{ "%.1f"|format(100 * addressed.others_left_out) }} %
of those that do not. It was chosen on these rows, for the first of these shares. Another one: `--addressed`.
{% for name, share in said_so.items() %}
Of the statements of {{ name }} that do not take the target up, {{ "%.1f"|format(100 * share) }} % are left out or labelled none.
{% endfor %}
{% endif %}

This is for one wording; the mean over all wordings is judged under *Wording*. Calibration holds for these sets taken
together. It does not carry over to other domains, nor to each of these sets: the share of neutral sentences in yours
will differ. Check it on labels of your own.

## Wording
Each wording of the hypothesis alone, on up to 200 rows of a set. Shift: mean absolute distance of net from that of the
first wording; for "all", the mean range over wordings, macro-F1 of their mean, and its calibration error.

| set | wording | macro-F1 | shift of net | ECE (perfect) |
|---|---|---|---|---|
{% for w in wordings %}
{{ row(w.set, w.wording, w.macro_f1|number, w.shift|number, "%.3f (%.3f)"|format(w.ece, w.ece_perfect) if w.ece is defined else "") }}
{% endfor %}

## Names
{{ audit_n }} neutral sentences for each measure, written for this audit, under different names, one wording. Mean net
should be 0, and the same for all names. Largest minus smallest: {{ spread }}.
{% for name, value in other_spreads.items() %}
Of the run `{{ name }}`: {{ value }}.
{% endfor %}

| measure | group | name | mean net | sd | shift from the mean of all names [95 %] |
|---|---|---|---|---|---|
{% for a in audit %}
{{ row(a.measure, a.group, a.name, "%+.3f"|format(a.net), a.sd|number, "%+.3f [%+.3f, %+.3f]"|format(a.shift, a.shift_low, a.shift_high)) }}
{% endfor %}

## Where it fails
- Stance of a holder toward a target in news (`directed_sentiment`) is the weakest measure: read the sentence beside the score.
- Irony, and who profits from what, are often read by their words.
- It reads {{ max_tokens }} tokens at once; longer text is read in overlapping windows and counted.
{% if failures %}

Of the sentences written for this project with labels, which it was not trained on, these are the errors it was surest of:

| sentence | holder | target | label | read as |
|---|---|---|---|---|
{% for f in failures %}
{{ row(f.text, f.holder, f.target, f.label, f.read) }}
{% endfor %}
{% endif %}

## For publication
Larger inference models from the hub may read better, and a second model is the cheapest check of a finding:
`stance run --model organisation/model@<40-digit revision>`, or `load_model("organisation/model", revision="…")`. Candidates,
by what is published of their labels (neither loaded nor measured here, where no hub could be reached): `MoritzLaurer/DeBERTa-v3-large-mnli-fever-anli-ling-wanli`
(three labels) and `mlburnham/Political_DEBATE_large_v1.0` (two labels, political texts). Report model and revision.

## What it was trained on
| file | from | terms | stage | use |
|---|---|---|---|---|
{% for made in lineage %}
{% for stage in made.stages %}
{% for s in stage.sets %}
{{ row(s.file, s.origin, s.licence, made.name + ": " + stage.name, uses[s]) }}
{% endfor %}
{% endfor %}
{% endfor %}
"""
)


def write_card(recipe: Recipe, data: Path, folder: Path, device: str, log: Callable[[str], None] = print) -> Path:
    """Measure a model folder on the recipe's development sets and write its card.

    Parameters
    ----------
    recipe
        Names the development sets.
    data
        Folder that holds them.
    folder
        The trained model; ``README.md``, ``reliability.png``, ``evaluation.json``
        and ``calibration.json`` are written into it.
    device
        What it was trained on, in words.
    log
        Receives one line for each step.

    Returns
    -------
    Path
        The card.
    """
    found = measure(recipe, data, folder, log)
    for line in found["sets"]:
        log(f"{line['set']}: macro-F1 {line['macro_f1']:.3f}, {line['n']} rows")
    if found["calibration"]:
        figure = plot_reliability(found["calibration"], recipe.name)
        figure.savefig(folder / "reliability.png", dpi=120, metadata={"Software": None}, facecolor="white")
    card = folder / "README.md"
    card.write_text(card_text(recipe, found, folder, device), encoding="utf-8")
    return card


def card_text(recipe: Recipe, found: dict[str, Any], folder: Path, device: str) -> str:
    """The model card in Markdown.

    Parameters
    ----------
    recipe
        What the model was made from.
    found
        What ``evaluation.json`` holds.
    folder
        The model, for its name and how much it reads at once.
    device
        What it was trained on, in words.
    """
    model = load_model(folder)
    runs = {
        path.stem.removeprefix("evaluation_"): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("evaluation_*.json"))
    }
    others = {name: _scores(run) for name, run in runs.items()}
    before = lineage(recipe)
    notes = {e.name: e.note for e in recipe.evaluate if e.note}
    return _CARD.render(
        recipe=recipe,
        device=device,
        name=f"{recipe.name}@{model.name.split('@')[1]}",
        max_tokens=getattr(model, "max_tokens", None),
        others=list(others),
        overlap=_overlap(found["overlap"]),
        sets=[_set_line(line, others) for line in found["sets"]],
        notes_on_sets="\n".join(f"- {name}: {note}." for name, note in notes.items()),
        calibration={measure: _halves(entry) for measure, entry in found["calibration"].items()},
        wordings=found["wordings"],
        audit=found["audit"],
        audit_n=found["audit"][0]["n"],
        spread=_spread(found),
        other_spreads={name: _spread(run) for name, run in runs.items()},
        failures=found["failures"],
        uses={s: _use(s) for made in before for stage in made.stages for s in stage.sets},
        lineage=before,
        asked=ADDRESSED,
        said_so=found.get("said_so", {}),
        addressed=found["calibration"].get("addressed"),
        pairs=found.get("pairs", {}),
        number=_number,
        contributions=_contributions(folder / "contributions.csv"),
    )


def _contributions(path: Path) -> pd.DataFrame | None:
    """Runs in rows, sets in columns; None where nobody made the table."""
    if not path.is_file():
        return None
    table = pd.read_csv(path)
    return table.pivot_table("macro_f1", "run", "set", sort=False)


def _halves(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "of_halves": "; ".join(f"{t:.2f}, {offset:+.2f}" for t, offset in entry["halves"])}


def _overlap(rows: dict[str, int]) -> str:
    """What of the sets also stands in the training files, as was counted."""
    shared = [f"{n} of {name}" for name, n in rows.items() if n]
    if not shared:
        return "No row of theirs stands, text and target alike, in a training file."
    return f"Rows that stand, text and target alike, in a training file, too: {', '.join(shared)}."


def _spread(found: dict[str, Any]) -> str:
    """The largest minus the smallest mean net over names, of each measure."""
    return ", ".join(f"{measure} {value:.3f}" for measure, value in found["spread"].items())


def _scores(found: dict[str, Any]) -> dict[tuple[str, str], float]:
    """Macro-F1 of a run, by set and task."""
    return {(line["set"], line["task"]): line["macro_f1"] for line in found["sets"]}


def _set_line(line: dict[str, Any], others: dict[str, dict[tuple[str, str], float]]) -> dict[str, Any]:
    """A line of the table of sets, its F1 by label and its calibration in words."""
    by_label = [
        f"{k[3:]} {v:.2f}" for k, v in line.items() if k.startswith("f1_") and k != "f1_sides" and v is not None
    ]
    name = f"all sets of {line['task']}" if line["set"] == "pooled" else line["set"]
    error = f"{line['ece']:.3f} [{line['ece_low']:.3f}, {line['ece_high']:.3f}] ({line['ece_perfect']:.3f})"
    beside = [_number(scores.get((line["set"], line["task"]))) for scores in others.values()]
    return {**line, "name": name, "labels": ", ".join(by_label), "calibration": error, "others": beside}


def _use(dataset) -> str:
    """How a recipe uses a set, in words."""
    words = [dataset.format]
    if dataset.only:
        words.append(f"only {' and '.join(dataset.only)}")
    if dataset.kinds:
        words.append(f"of the kinds {' and '.join(dataset.kinds)}")
    if dataset.cap:
        words.append(f"at most {dataset.cap} rows")
    if dataset.repeats > 1:
        words.append(f"{dataset.repeats} wordings a row")
    if dataset.keep_none < 1:
        words.append(f"{dataset.keep_none} of the none rows")
    if dataset.swap:
        words.append(f"names swapped in {dataset.swap} of the rows")
    if dataset.unrelated:
        words.append(f"{dataset.unrelated} unrelated targets added")
    if dataset.unlabelled:
        words.append("labelled by the teacher")
    return ", ".join(words)
