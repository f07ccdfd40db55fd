"""The verbs for labels by hand: what to label, and how far annotators agree."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from stance.schema import StanceError

if TYPE_CHECKING:
    from stance.schema import Segment

_err = Console(stderr=True, highlight=False)


def sample(
    scores: Annotated[Path, typer.Argument(help="A score table, such as scores/stance.csv of a results folder.")],
    n: Annotated[int, typer.Option("-n", help="How many statements.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="The sheet: .csv, .json for Label Studio, .jsonl for the others.")
    ],
    by: Annotated[
        str, typer.Option(help="Columns that make the strata, parted by commas; '' for a simple random sample.")
    ] = "actor,label",
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 0,
    codebook: Annotated[
        Path | None, typer.Option("--codebook", help="Says what the targets are (YAML); default: the sample's.")
    ] = None,
    segments: Annotated[
        Path | None,
        typer.Option(help="A segments.jsonl with documents.jsonl beside it, for the context; default: the folder's."),
    ] = None,
    format: Annotated[
        str | None, typer.Option(help="csv, label-studio, prodigy or doccano; default: told by the suffix.")
    ] = None,
) -> None:
    """Draw statements to be labelled by hand, and write the sheet with instructions beside it."""
    from stance.codebook import read_codebook
    from stance.rows import read_rows
    from stance.sampling import SamplingWarning
    from stance.sampling import sample as sampled
    from stance.sheet_formats import format_of
    from stance.sheets import sheet, write_sheet

    book = read_codebook(codebook)
    format_of(out, format)
    table = read_rows(scores)
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always", SamplingWarning)
        drawn = sampled(table, n, tuple(c for c in map(str.strip, by.split(",")) if c), seed)
    for note in notes:
        _err.print(str(note.message), soft_wrap=True, markup=False)
    known = _segments(scores, segments)
    if known is None:
        _err.print("without context: there are no segments.jsonl and documents.jsonl; give them by --segments FILE")
    written = write_sheet(sheet(drawn, known), out, book, format)
    typer.echo(f"{n} statements of {drawn['document'].nunique()} texts written to {', '.join(map(str, written))}")


def _segments(scores: Path, given: Path | None) -> tuple[Segment, ...] | None:
    """The segments named, or those of the results folder that the scores lie in."""
    from stance.folder import read_segments

    found = given or scores.resolve().parent.parent / "segments.jsonl"
    if given is None and not (found.is_file() and found.with_name("documents.jsonl").is_file()):
        return None
    return read_segments(found)


def agreement(
    sheets: Annotated[list[Path], typer.Argument(help="Labelled sheets: CSV, or exports of the tools.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Also write the table: a .csv file.")] = None,
    by: Annotated[str, typer.Option(help="A column whose values are looked at one by one, too.")] = "target",
    seed: Annotated[int, typer.Option(help="Of the resampling.")] = 0,
) -> None:
    """Say how far annotators agree: Krippendorff's alpha for each measure and label."""
    from stance.console import print_agreement
    from stance.files import write_file
    from stance.intercoder import agreement as agreed
    from stance.labels import labelled, read_labels
    from stance.tables import csv_bytes

    if out is not None and out.suffix.lower() != ".csv":
        raise StanceError(f"The output {out} must be a .csv file. Change its name.")
    if out is not None and out.exists() and any(path.exists() and out.samefile(path) for path in sheets):
        raise StanceError(f"{out} is a sheet, which would be lost. Give the output another name.")
    given = labelled(read_labels(*sheets))
    table = agreed(given, by, seed)
    print_agreement(table)
    names = ", ".join(f"{name} ({count})" for name, count in given["annotator"].value_counts(sort=False).items())
    typer.echo(f"{len(given)} labels on {given['unit'].nunique()} units; by {names}.")
    if out is not None:
        write_file(out, csv_bytes(table))
        typer.echo(f"Written to {out}")
