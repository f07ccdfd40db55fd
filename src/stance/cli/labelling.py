"""The verbs for labels by hand: what to label, how far annotators agree, how good scores are on them."""

from __future__ import annotations

import shlex
import warnings
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.options import FolderCodebook
from stance.cli.terminal import note, say
from stance.numbers import counted
from stance.schema import StanceError

if TYPE_CHECKING:
    import pandas as pd

    from stance.codebook import Codebook
    from stance.results.scores import Scores


def sample(
    scores: Annotated[Path, typer.Argument(help="A results folder, or a score table: scores/sentiment.csv of one.")],
    n: Annotated[int, typer.Option("-n", help="How many statements.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="The sheet: .csv, .json for Label Studio, .jsonl for the others.")
    ],
    by: Annotated[
        str, typer.Option(help="Columns that make the strata, parted by commas; '' for a simple random sample.")
    ] = "actor,label",
    role: Annotated[
        Role | None, typer.Option(help="source: what actors say; mention: what is said about them; default: both.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 0,
    codebook: FolderCodebook = None,
    segments: Annotated[
        Path | None,
        typer.Option(help="A segments.jsonl with documents.jsonl beside it, for the context; default: the folder's."),
    ] = None,
    format: Annotated[
        str | None, typer.Option(help="csv, label-studio, prodigy or doccano; default: told by the suffix.")
    ] = None,
) -> None:
    """Draw statements to be labelled by hand, and write the sheet with instructions beside it."""
    from stance.results.folder import read_segments
    from stance.results.scores import scores_of
    from stance.validation.sampling import SamplingWarning
    from stance.validation.sampling import sample as sampled
    from stance.validation.sheet_formats import format_of
    from stance.validation.sheets import sheet, write_sheet

    format_of(out, format)
    given = scores_of(scores)
    book = _codebook(given, codebook)
    strata = tuple(c for c in map(str.strip, by.split(",")) if c)
    table = given.table({"segment", "target", "actor", "label", *strata, *(["role"] if role else [])})
    if role:
        table = _in_role(table, role)
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always", SamplingWarning)
        drawn = given.whole(sampled(table, n, strata, seed))
    for warning in notes:
        note(str(warning.message))
    known = read_segments(segments) if segments else given.segments(drawn)
    if known is None:
        note("without context: there are no segments.jsonl and documents.jsonl; give them by --segments FILE")
    written = write_sheet(sheet(drawn, known), out, book, format)
    say(f"{n} statements of {drawn['document'].nunique()} texts written to {', '.join(map(str, written))}")


class Role(StrEnum):
    """What an actor does in a segment."""

    source = "source"
    mention = "mention"


def _in_role(table: pd.DataFrame, role: str) -> pd.DataFrame:
    if "role" not in table:
        raise StanceError("The score table has no column 'role'. Leave --role out, or give a results folder.")
    return table[table["role"] == role]


def _codebook(scores: Scores, given: Path | None) -> Codebook:
    """The codebook named, or the one that the results folder of the scores was made with."""
    from stance.codebook import read_codebook
    from stance.results.manifest import read_manifest
    from stance.results.origins import codebook_of

    if given is None:
        return codebook_of(scores.folder or scores.path.parent)
    book = read_codebook(given)
    entries = read_manifest(scores.folder)["files"].values() if scores.folder else ()
    known = {entry["inputs"]["codebook"] for entry in entries} - {""}
    if known and book.fingerprint not in known:
        note(f"{given} is not the codebook that {scores.folder} was made with")
    return book


def agreement(
    sheets: Annotated[list[Path], typer.Argument(help="Labelled sheets: CSV, or exports of the tools.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Also write the table: a .csv file.")] = None,
    by: Annotated[str, typer.Option(help="A column whose values are looked at one by one, too.")] = "target",
    seed: Annotated[int, typer.Option(help="Of the resampling.")] = 0,
    adjudicate: Annotated[
        Path | None,
        typer.Option(
            help="Also write the units on which annotators differ, to be decided: a .csv file. Filled in, it is given "
            "among the sheets, and its labels count."
        ),
    ] = None,
) -> None:
    """Say how far annotators agree: Krippendorff's alpha for each measure and label."""
    from stance.cli.console import print_agreement
    from stance.corpus.rows import csv_bytes
    from stance.files import write_file
    from stance.validation.adjudication import disagreements, write_adjudication
    from stance.validation.intercoder import agreement as agreed
    from stance.validation.labels import ADJUDICATED, LABEL_COLUMNS, labelled, read_sheet

    if out is not None and out.suffix.lower() != ".csv":
        raise StanceError(f"The output {out} must be a .csv file. Change its name.")
    if out is not None and out.exists() and any(path.exists() and out.samefile(path) for path in sheets):
        raise StanceError(f"{out} is a sheet, which would be lost. Give the output another name.")
    sheet = read_sheet(*sheets)
    given = labelled(sheet)
    table = agreed(given[list(LABEL_COLUMNS)], by, seed)
    decided = given["annotator"] == ADJUDICATED
    units = disagreements(sheet)
    if adjudicate is not None and len(units):
        write_adjudication(units, adjudicate)
    print_agreement(table)
    own = given[~decided]
    names = ", ".join(f"{name} ({count})" for name, count in own["annotator"].value_counts(sort=False).items())
    more = f" {counted(int(decided.sum()), 'unit')} decided by adjudication." if decided.any() else ""
    say(f"{len(own)} labels on {own['unit'].nunique()} units; by {names}.{more}")
    if adjudicate is not None:
        say(_differing(len(units), adjudicate, sheets))
    if out is not None:
        write_file(out, csv_bytes(table))
        say(f"Written to {out}")


def _differing(n: int, written: Path, sheets: list[Path]) -> str:
    """What to do with the units on which annotators differ."""
    if not n:
        return "The annotators differ on no unit that is not decided: no sheet was written."
    given = " ".join(f"--labels {shlex.quote(str(path))}" for path in (*sheets, written))
    return (
        f"{counted(n, 'unit')} on which annotators differ written to {written}: fill its column label. Then: "
        f"stance validate SCORES {given}"
    )


def validate(
    scores: Annotated[Path, typer.Argument(help="What the sheets were drawn from: a results folder or a score table.")],
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
    from stance.cli.console import print_validation
    from stance.corpus.rows import csv_bytes
    from stance.files import writable, write_file
    from stance.results.scores import SCORED, scores_of
    from stance.validation.estimates import DSL, ESTIMATORS, NAIVE
    from stance.validation.labels import read_labels
    from stance.validation.references import match

    if out is not None and out.exists() and not out.is_dir():
        raise StanceError(f"{out} is a file, and the tables need a folder. Give another --out.")
    if out is not None:
        writable(out)
    estimators = ESTIMATORS if ppi else (NAIVE, DSL)
    given, scored = read_labels(*labels), scores_of(scores).table(SCORED | {by})
    tables = validated(given, scored, by, outcome, estimators, annotator)
    say(match(given, scored, annotator).counted)
    print_validation(tables)
    if out is not None:
        for name, table in tables.items():
            write_file(out / f"{name}.csv", csv_bytes(table))
        say(f"Written to {out}/: {', '.join(f'{name}.csv' for name in tables)}")


def validated(
    labels: pd.DataFrame,
    scores: pd.DataFrame,
    by: str,
    outcome: str,
    estimators: tuple[str, ...],
    annotator: str | None = None,
) -> dict[str, pd.DataFrame]:
    """The three tables of the verb by name; see the functions of these names."""
    from stance.validation.estimates import corrected_estimates
    from stance.validation.label_errors import accuracy, differential_error

    return {
        "accuracy": accuracy(labels, scores, by, annotator=annotator),
        "differential_error": differential_error(labels, scores, by, annotator=annotator),
        "corrected": corrected_estimates(
            scores, labels, by, outcome=outcome, estimators=estimators, annotator=annotator
        ),
    }
