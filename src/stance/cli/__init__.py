"""The ``stance`` command: one thin function per verb."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import typer
from rich.markup import escape

from stance.cli.options import err
from stance.cli.verbs import Version, add_to
from stance.schema import CorpusWarning, StanceError

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Who stands where in news and official texts.",
    epilog="Begin: [bold]stance init study[/]. Help on one verb: [bold]stance run --help[/].",
)  # fmt: skip
add_to(app)


@app.callback()
def _options(
    version: Version = False,
) -> None:
    pass


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
