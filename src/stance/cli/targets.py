"""The verb that suggests targets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.options import FolderCodebook, check_outside
from stance.cli.progress import Steps
from stance.cli.terminal import note, say
from stance.numbers import counted
from stance.schema import Segment, StanceError

if TYPE_CHECKING:
    import pandas as pd

    from stance.results.inputs import Inputs
    from stance.results.scores import Scores


def targets(
    folder: Annotated[
        Path,
        typer.Argument(help="A results folder, as 'stance run' or 'stance batch' leaves it.", metavar="RUN_DIR"),
    ],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="A .csv file; default: tables/targets.csv in the folder.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="How many suggestions.")] = 20,
    texts: Annotated[
        int, typer.Option(min=1, help="How many texts are read again; of more, so many are drawn at random.")
    ] = 2000,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 0,
    codebook: FolderCodebook = None,
) -> None:
    """List what statements take sides on, as suggestions for the targets of a codebook; nothing is added to it.

    Phrases are found by signs in the grammar, such as "rejected …" or "… must end". No model is asked.
    """
    from stance.analysis.targets import suggest_targets
    from stance.codebook import read_codebook
    from stance.corpus.rows import csv_bytes
    from stance.files import write_file
    from stance.results.manifest import save
    from stance.results.origins import codebook_of
    from stance.results.scores import scores_of

    if out is not None:
        _check_output(out, folder)
    if not folder.is_dir():
        raise StanceError(f"{folder} is no folder. Give one that 'stance run' or 'stance batch' wrote.")
    given = scores_of(folder)
    root = given.folder or folder
    book = codebook_of(root) if codebook is None else read_codebook(codebook)
    drawn, there = _drawn(given, texts, seed)
    read = set(drawn["document"])
    with Steps("reading the statements again"):
        segments = _statements(given, drawn)
        found = suggest_targets([s for s in segments if s.document.id in read], book, most)
    _show(found)
    if len(read) < there:
        note(f"{len(read)} of {there} texts with statements were read, drawn at random (seed {seed}); more: --texts")
    note(
        "A sign is a reason to look, and no finding: which side it is, and how many take it, says a model once the "
        "target is in the codebook."
    )
    if out is None:
        save("targets", None, found, _inputs(given, root), out=root)
        say(f"Written to {root}/tables/targets.csv")
    else:
        write_file(out, csv_bytes(found))
        say(f"Written to {out}")


def _check_output(out: Path, folder: Path) -> None:
    if out.suffix.lower() != ".csv":
        raise StanceError(f"The output {out} must be a .csv file. Change its name.")
    check_outside(out, [folder])


def _drawn(given: Scores, texts: int, seed: int) -> tuple[pd.DataFrame, int]:
    """The rows of the statements that are read again, and how many texts there are; of near copies one."""
    from stance.analysis.groups import sampled_column

    table = given.table({"document", "segment", "target", "role", "status"})
    rows = table[table["role"] == "source"]
    if "status" in rows:
        rows = rows[rows["status"] == "stated"]
    rows = rows.drop_duplicates("segment")
    one = rows.groupby(sampled_column(rows))["document"].min() if len(rows) else rows["document"]
    known = one.drop_duplicates().sort_values()
    chosen = known.sample(min(texts, len(known)), random_state=seed)
    return rows[rows["document"].isin(chosen)], len(known)


def _statements(given: Scores, drawn: pd.DataFrame) -> Iterable[Segment]:
    """The segments of some rows, with their texts."""
    if drawn.empty:
        return ()
    segments = given.segments(drawn)
    if segments is None:
        raise StanceError(
            f"{given.folder} has no segments.jsonl with documents.jsonl beside it: an older version made it. Run "
            "'stance run' again."
        )
    return segments


def _inputs(given: Scores, root: Path) -> Inputs:
    from stance.results.inputs import Inputs
    from stance.results.manifest import read_manifest

    if given.batch is not None:
        return given.batch.inputs
    return Inputs(**read_manifest(root)["files"]["scores/stance.csv"]["inputs"])


def _show(found: pd.DataFrame) -> None:
    """The suggestions as a list to read."""
    if found.empty:
        say("No statement shows a sign of taking a side on a noun phrase.")
    for number, row in enumerate(found.itertuples(), 1):
        known = f"; in the codebook: {row.known}" if row.known else ""
        sides = f"{row.statements} of {counted(row.said, 'statement')} on it take{'s' * (row.statements == 1)} a side"
        say(
            f"{number}. {row.suggestion}: {sides}, by {counted(row.actors, 'actor')} in {counted(row.texts, 'text')} "
            f"({row.signs}){known}"
        )
        if ";" in row.phrases:
            say(f"   as: {row.phrases}")
        for example in row.examples.split(" | "):
            say(f"   {example}")
