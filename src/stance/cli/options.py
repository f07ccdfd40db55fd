"""What several verbs share: arguments and options, the console for messages, where nothing may be written."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stance.schema import StanceError

PATHS_HELP = "Texts, HTML, Word, RTF, JSON Lines, CSV, Parquet, or folders of them; .gz and .zst too."
Paths = Annotated[list[Path] | None, typer.Argument(help=PATHS_HELP)]
Columns = Annotated[
    list[str] | None,
    typer.Option(help="Which column holds what, as text=body,id=link; repeatable."),
]
Encoding = Annotated[str | None, typer.Option(help="The texts' encoding, as cp1252; default: found, if it is sure.")]
Dates = Annotated[
    str | None,
    typer.Option(
        help="What comes first in dates like 03/04/2025: day-first or month-first; default: they are left out."
    ),
]
CodebookFile = Annotated[Path | None, typer.Option("--codebook", help="Your codebook (YAML); default: the sample's.")]
Corrections = Annotated[
    Path | None, typer.Option(help="A table from 'stance segment --review', with your decisions in it.")
]
ModelName = Annotated[
    str | None, typer.Option("--model", help="A bundled model, a folder, or hub-org/name@revision; default: bundled.")
]
Backend = Annotated[
    str, typer.Option(help="torch: float32, the reference; onnx: int8, several times faster (extra 'fast').")
]

Addressed = Annotated[
    float | None,
    typer.Option(
        min=0, max=1, help="From which p_addressed on a statement takes the target up; default: the model's own."
    ),
]


class Measures(StrEnum):
    """What can be scored."""

    stance = "stance"
    sentiment = "sentiment"


class Wordings(StrEnum):
    """How many wordings of the hypothesis are asked."""

    one = "one"
    all = "all"


def check_outside(out: Path, inputs: Sequence[Path]) -> None:
    """Refuse to write into a folder that is read: the next run would take results for texts."""
    for folder in inputs:
        if folder.is_dir() and folder.resolve() in (out.resolve(), *out.resolve().parents):
            raise StanceError(
                f"{out} lies in {folder}, where it would be read as a text next time. Choose another place."
            )
