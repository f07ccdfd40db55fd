"""The ``stance`` command: one thin function per verb."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer
from rich.markup import escape

from stance.cli import analysing, labelling, modelling
from stance.cli.options import err
from stance.schema import StanceError

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Who stands where in news and official texts.",
)  # fmt: skip
for verb in (
    labelling.sample, labelling.agreement, labelling.validate,
    analysing.run, analysing.report, analysing.segment, analysing.score, analysing.batch, analysing.results,
    modelling.evaluate, modelling.finetune, modelling.train,
):  # fmt: skip
    app.command()(verb)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; every error the user can mend is one sentence and exit code 2."""
    try:
        app(args=list(arguments) if arguments is not None else None)
    except StanceError as error:
        err.print(f"[bold red]stance:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
