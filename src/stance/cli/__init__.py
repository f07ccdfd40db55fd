"""The ``stance`` command: one thin function per verb."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from stance.cli.faults import DEBUG, Verbs, told, without_debug
from stance.cli.verbs import Version, add_to

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich", cls=Verbs,
    epilog="Begin: [bold]stance init study[/]. Help on one verb: [bold]stance run --help[/].",
)  # fmt: skip
add_to(app)


@app.callback(help="Who stands where in news and official texts.")
def _everywhere(
    debug: Annotated[bool, typer.Option(DEBUG, help="Anywhere: of a fault, also show where it arose.")] = False,
    version: Version = False,
) -> None:
    """Name what may stand with every verb; :func:`main` takes it out."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; every fault is one sentence, and exit code 2 if it can be mended; so is every warning."""
    given, debug = without_debug(sys.argv[1:] if arguments is None else arguments)
    with told(debug):
        app(args=given)
