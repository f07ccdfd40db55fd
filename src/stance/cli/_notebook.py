"""The notebook of a new study: it lies beside the study's codebook and texts, and runs on them."""

from __future__ import annotations

import json
from typing import Any

_TITLE = """\
# Who stands where on {target}

Run all cells: they read what `study.yml` names. The same on the command line: `{command}`."""
_CELLS = (
    ("code", """\
%matplotlib inline
import stance

study = stance.read_study("study.yml")  # what the command line reads, too
codebook, documents = study.codebook(), study.documents()
segments = stance.segment(documents, codebook)
listed = stance.segments_frame(segments)
print(len(documents), "texts,", len(segments), "segments")"""),
    ("markdown", """\
## Who says what

Who speaks and who is spoken about, each with the words of the text. Where this is wrong, everything below is: read it \
first. Corrections by hand: `stance segment texts --codebook codebook.yml --review review.csv -o segments.jsonl`."""),
    ("code", """\
listed[["document", "role", "actor", "entity", "voice", "text"]].head(30)"""),
    ("markdown", """\
## Stance toward {target}

A bar is the range over the wordings of the question, not a confidence interval."""),
    ("code", """\
model = stance.load_model(study.model)
target = codebook.target(study.target)
scores = stance.to_frame(stance.score_stance(segments, target, model))
stance.plot_stance(scores, codebook.names, target.label)"""),
    ("code", """\
stance.summarize(scores).style.hide().format(precision=2, na_rep="")"""),
    ("markdown", """\
## The evidence

Where sentence and score disagree, believe the sentence. What was not scored says why in `reason`."""),
    ("code", """\
columns = ["document", "actor", "entity", "text", "label", "net", "reason"]
scores.loc[scores["role"] == "source", columns].sort_values(["actor", "net"])"""),
    ("markdown", """\
## How the camps differ"""),
    ("code", """\
contrasts = stance.contrast(scores)
contrasts.style.hide().format(precision=2, na_rep="")"""),
    ("markdown", """\
## How the camps speak of each other"""),
    ("code", """\
sentiment = stance.to_frame(stance.score_sentiment(segments, model), measure="sentiment")
stance.plot_matrix(sentiment, codebook.names)"""),
    ("markdown", """\
## Before you publish

Draw a sample, have two people label it, and hold the scores against their labels: `stance sample`, `stance agreement` \
and `stance validate`, on the folder that `stance run` writes."""),
)  # fmt: skip


def notebook(target: str, command: str) -> str:
    """The notebook as its file holds it.

    Parameters
    ----------
    target
        What the study asks about, for its headings.
    command
        What does the same on the command line.

    Examples
    --------
    >>> cells = json.loads(notebook("the bridge", "stance run texts"))["cells"]
    >>> cells[0]["source"][0]
    '# Who stands where on the bridge\\n'
    """
    cells = [("markdown", _TITLE.format(target=target, command=command))]
    cells += [(kind, text.format(target=target) if kind == "markdown" else text) for kind, text in _CELLS]
    content = {
        "cells": [_cell(number, kind, text) for number, (kind, text) in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
