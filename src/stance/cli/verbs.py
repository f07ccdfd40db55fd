"""The verbs of the command in the order in which a study needs them, each with an example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from stance import __version__
from stance.cli.analysing import report, results, run, segment
from stance.cli.batching import batch
from stance.cli.labelling import agreement, sample, validate
from stance.cli.modelling import calibrate, evaluate, finetune, train
from stance.cli.multiverse import multiverse
from stance.cli.rows import score
from stance.cli.starting import check, init
from stance.cli.targets import targets
from stance.cli.terminal import say

BEGIN, READ, TRUST, MODELS, PROJECT = (
    "Begin", "Read texts", "How far to trust it", "Models", "The results of this project"
)  # fmt: skip
VERBS: tuple[tuple[Callable[..., Any], str, str], ...] = (
    (init, BEGIN, "stance init study --ask"),
    (check, BEGIN, "stance check codebook.yml texts"),
    (run, READ, "stance run texts --codebook codebook.yml --out results"),
    (report, READ, "stance report results -o page.html"),
    (segment, READ, "stance segment texts --codebook codebook.yml -o segments.jsonl --review review.csv"),
    (batch, READ, "stance batch corpus --codebook codebook.yml --model small --out big"),
    (targets, READ, "stance targets results --most 10"),
    (score, READ, "stance score rows.csv --measure stance -o scored.csv"),
    (sample, TRUST, "stance sample results -n 100 -o sheet.csv"),
    (agreement, TRUST, "stance agreement ann.csv bob.csv --adjudicate decide.csv"),
    (validate, TRUST,
     "stance validate results --labels ann.csv --labels bob.csv --labels decide.csv"),
    (multiverse, TRUST, "stance multiverse results --labels ann.csv"),
    (evaluate, MODELS, "stance evaluate --data labels.csv --model base --model small"),
    (calibrate, MODELS, "stance calibrate labels.csv --model small -o calibration.json"),
    (finetune, MODELS, "stance finetune labels.csv --model small --out mine"),
    (train, MODELS, "stance train --recipe src/stance/training/recipes/small.yml --data sets --out model"),
    (results, PROJECT, "stance results --check"),
)  # fmt: skip
"""The verbs in the order in which a study needs them, each with its group and an example."""


def add_to(app: typer.Typer) -> None:
    """Add the verbs to a command; an example stands at the end of the help of each."""
    for verb, group, example in VERBS:
        app.command(rich_help_panel=group, epilog=f"Example: [bold]{example}[/]")(verb)


def _version(asked: bool) -> None:
    if asked:
        say(f"stance {__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help="Say which version this is.", callback=_version, is_eager=True)
]
"""The option of the command itself."""
