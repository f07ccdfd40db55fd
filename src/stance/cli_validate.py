"""``stance validate``: how good scores are on labelled sheets, and what that does to the estimates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.schema import StanceError

if TYPE_CHECKING:
    import pandas as pd


def validate(
    scores: Annotated[Path, typer.Argument(help="The score table that the sheets were drawn from: .csv or .parquet.")],
    labels: Annotated[list[Path], typer.Option(help="A labelled sheet; repeatable.")],
    by: Annotated[str, typer.Option(help="What is compared: a column of the scores.")] = "actor",
    outcome: Annotated[str, typer.Option(help="net, or the label whose share is estimated.")] = "net",
    annotator: Annotated[str | None, typer.Option(help="Whose labels count; default: the majority's.")] = None,
    ppi: Annotated[
        bool, typer.Option("--ppi", help="Also estimate by PPI: simple random samples only (extra 'validation').")
    ] = False,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="A folder for the tables, as CSV.")] = None,
) -> None:
    """Hold scores against labels: accuracy by group, whether errors differ, and estimates corrected for them."""
    from stance import read_labels  # from a module of its own
    from stance.console import print_validation
    from stance.estimates import DSL, ESTIMATORS, NAIVE
    from stance.files import writable, write_file
    from stance.rows import read_rows
    from stance.tables import csv_bytes

    if out is not None and out.exists() and not out.is_dir():
        raise StanceError(f"{out} is a file, and the tables need a folder. Give another --out.")
    if out is not None:
        writable(out)
    estimators = ESTIMATORS if ppi else (NAIVE, DSL)
    tables = validated(read_labels(*labels), read_rows(scores), by, outcome, estimators, annotator)
    print_validation(tables)
    if out is not None:
        for name, table in tables.items():
            write_file(out / f"{name}.csv", csv_bytes(table))
        typer.echo(f"Written to {out}/: {', '.join(f'{name}.csv' for name in tables)}")


def validated(
    labels: pd.DataFrame,
    scores: pd.DataFrame,
    by: str,
    outcome: str,
    estimators: tuple[str, ...],
    annotator: str | None = None,
) -> dict[str, pd.DataFrame]:
    """The three tables of the verb by name; see the functions of these names."""
    from stance.estimates import corrected
    from stance.validation import accuracy, differential_error

    return {
        "accuracy": accuracy(labels, scores, by, annotator=annotator),
        "differential_error": differential_error(labels, scores, by, annotator=annotator),
        "corrected": corrected(scores, labels, by, outcome=outcome, estimators=estimators, annotator=annotator),
    }
