"""The ``stance`` command: one thin function per verb."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import typer
from rich.markup import escape

from stance.cli import analysing, labelling, modelling
from stance.cli.options import err
from stance.schema import CorpusWarning, StanceError

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
    """Run the command; every error the user can mend is one sentence and exit code 2, every warning one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default", CorpusWarning)
            warnings.showwarning = _sentence(warnings.showwarning)
            app(args=list(arguments) if arguments is not None else None)
    except StanceError as error:
        err.print(f"[bold red]stance:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)


def _sentence(otherwise: Callable[..., None]) -> Callable[..., None]:
    """What shows a warning: one about texts as a sentence, any other as before."""

    def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        if issubclass(category, CorpusWarning):
            err.print(str(message), soft_wrap=True, markup=False)
        else:
            otherwise(message, category, *place, **more)

    return show
