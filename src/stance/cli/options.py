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
StudyFile = Annotated[
    Path | None,
    typer.Option(
        "--study",
        envvar="STANCE_STUDY",
        help="A study file (YAML): texts, codebook, target, model, out and so on. What is given here counts first.",
    ),
]
CodebookFile = Annotated[Path | None, typer.Option("--codebook", help="Your codebook (YAML); default: the sample's.")]
FolderCodebook = Annotated[
    Path | None, typer.Option("--codebook", help="Your codebook (YAML); default: that of the results folder.")
]
Force = Annotated[
    bool, typer.Option("--force", help="Replace results of another codebook or other texts that the folder holds.")
]
Corrections = Annotated[
    Path | None, typer.Option(help="A table from 'stance segment --review', with your decisions in it.")
]
BUNDLED = {
    "base": "the default: the most exact, on which results rest",
    "small": "several times faster and less exact, for large corpora and to try things out",
}
"""The models that come with the package, and what each is for."""
MODELS_HELP = "; ".join(f"{name} ({use})" for name, use in BUNDLED.items()) + (
    "; a folder; hub-org/name@revision; or openai:NAME, a language model."
)


def complete_model(incomplete: str) -> list[tuple[str, str]]:
    """The bundled models whose names begin so, with what each is for, for the shell.

    Examples
    --------
    >>> [name for name, use in complete_model("s")]
    ['small']
    """
    return [(name, use) for name, use in BUNDLED.items() if name.startswith(incomplete)]


ModelName = Annotated[
    str | None, typer.Option("--model", help=f"Which model: {MODELS_HELP}", autocompletion=complete_model)
]


def complete_backend(incomplete: str) -> list[str]:
    """The backends whose names begin so, for the shell.

    Examples
    --------
    >>> complete_backend("")
    ['torch', 'onnx', 'onnx-int8', 'onnx-int7']
    """
    from stance.scoring.loading import BACKENDS

    return [name for name in BACKENDS if name.startswith(incomplete)]


Backend = Annotated[
    str,
    typer.Option(
        help="torch: float32, the reference; onnx: int8, several times faster (extra 'fast'), with weights of 8 bits "
        "where the processor computes them exactly (onnx-int8), else of 7 (onnx-int7), alike on every machine.",
        autocompletion=complete_backend,
    ),
]

Addressed = Annotated[
    float | None,
    typer.Option(
        min=0, max=1, help="From which p_addressed on a statement takes the target up; default: the model's own."
    ),
]


Calibration = Annotated[
    Path | None,
    typer.Option(help="A file from 'stance calibrate', fitted for this model on labels of your own (.json)."),
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
