"""Many texts: the verb ``batch``, and what ``run`` does when it is given so many."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stance.cli.asking import BaseUrl, Samples, Yes, check_batch
from stance.cli.options import (
    PATHS_HELP,
    Addressed,
    Backend,
    Calibration,
    CodebookFile,
    Columns,
    Dates,
    Encoding,
    ModelName,
    Wordings,
    check_outside,
)
from stance.cli.progress import Steps
from stance.cli.terminal import note, say
from stance.scoring.model import PREFIX

if TYPE_CHECKING:
    from stance.cli.console import Rejections
    from stance.pipeline.batch import Summary
    from stance.pipeline.shard import Job
    from stance.pipeline.study_file import Study

MANY = 1000
"""Texts above which 'run' works in shards: one shard holds so many, so that with fewer a stop would lose as much."""


def batch(
    paths: Annotated[list[Path], typer.Argument(help=PATHS_HELP)],
    out: Annotated[Path, typer.Option(help="A folder of its own; a stopped run goes on from it.")],
    codebook: CodebookFile = None,
    target: Annotated[str | None, typer.Option(help="Which target of the codebook; default: its first.")] = None,
    model: ModelName = None,
    backend: Backend = "torch",
    wordings: Annotated[
        Wordings, typer.Option(help="All wordings of the hypothesis, or one: several times faster.")
    ] = Wordings.all,
    addressed: Addressed = None,
    calibration: Calibration = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: one for each core.")] = None,
    shard_size: Annotated[int, typer.Option(min=1, help="Documents that are written together.")] = MANY,
    scheduler: Annotated[
        str | None, typer.Option(help="Work on Dask: 'local', or a scheduler's address (extra 'cluster').")
    ] = None,
    columns: Columns = None,
    encoding: Encoding = None,
    dates: Dates = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first row or file that cannot be read.")
    ] = False,
    base_url: BaseUrl = None,
    samples: Samples = 0,
    yes: Yes = False,
) -> None:
    """Segment and score a corpus of any size, shard by shard; start it again to go on where it stopped."""
    from stance.cli.console import Rejections, print_batch
    from stance.corpus.documents import parse_columns
    from stance.files import writable
    from stance.machine import cores as threads
    from stance.pipeline.shard import Job
    from stance.pipeline.study_file import Study

    check_batch(model, yes)
    study = Study(
        tuple(paths), codebook, columns=parse_columns(columns or ()), encoding=encoding, dates=dates
    )  # fmt: skip
    book = study.codebook()
    check_outside(out, paths)
    writable(out)
    with Steps("loading the model"):
        job = Job.of(
            book, target=target, model=model, backend=backend, wordings=wordings.value, addressed=addressed,
            calibration=calibration, base_url=base_url, samples=samples,
        )  # fmt: skip
    rejections = Rejections()
    summary = _in_shards(
        study, job, out, rejections, strict=strict, workers=workers or threads(), shard_size=shard_size,
        scheduler=scheduler,
    )  # fmt: skip
    print_batch(summary, rejections, job.model_name, out)
    _exit_with(summary, rejections)


def _in_shards(
    study: Study, job: Job, out: Path, rejections: Rejections, *, strict: bool = False, **how: Any
) -> Summary:
    """Score the texts of a study shard by shard, and show how far it is."""
    from stance.pipeline.batch import run_batch
    from stance.results.shards import write_left_out

    def documents() -> Any:
        rejections.begin()  # documents are read twice
        return study.stream(rejections.note, strict=strict)

    with Steps("documents") as steps:
        summary = run_batch(
            documents, job, out, progress=lambda state: steps.at(state.done, state.total, state.resumed), **how
        )
    write_left_out(out, [(str(f.path), f.line, f.reason) for f in rejections.kept], rejections.n, job.codebook)
    return summary


def _exit_with(summary: Summary, rejections: Rejections) -> None:
    if summary.failed or rejections.whole_file or not summary.documents:
        raise typer.Exit(1)


def is_large(study: Study) -> bool:
    """Whether the texts of a study are so many, or so long, that they are not held at once.

    Corrections and language models need all of them at once, and are never split: the first are counted over the
    whole, the second ask before they cost.
    """
    from stance.corpus.documents import MOST_HELD
    from stance.corpus.sizes import document_size

    if study.is_sample or study.corrections or (study.model or "").startswith(PREFIX):
        return False
    held = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said when they are read in earnest
        for number, document in enumerate(study.stream(lambda fault: None), 1):
            held += document_size(document)
            if number > MANY or held > MOST_HELD:
                return True
    return False


def run_in_shards(study: Study, folder: Path, *, force: bool, calibration: Path | None, **reader: Any) -> None:
    """Do what ``run`` does, as a batch: the folder can be gone on with, and gets its figures and page at the end."""
    from stance.cli.console import Rejections, print_batch, print_means
    from stance.machine import cores as threads
    from stance.pipeline.overview import stance_of, write_overview
    from stance.pipeline.shard import Job
    from stance.results.origins import clear
    from stance.results.shards import Batch

    book = study.codebook()
    frames = " Frames are left out." if book.frames else ""
    note(
        f"More than {MANY:,} texts, or very long ones: they are worked on in shards, as 'stance batch' does, and the "
        f"same command goes on where it stopped.{frames}"
    )
    with Steps("loading the model"):
        job = Job.of(book, target=study.target, calibration=calibration, **reader)
    if force and Batch.of(folder) is None:
        clear(folder)
    rejections = Rejections()
    summary = _in_shards(study, job, folder, rejections, workers=threads(), shard_size=MANY)
    print_batch(summary, rejections, job.model_name, folder, shown=True)
    if summary.segments:
        with Steps("drawing figures and writing the report"):
            page = write_overview(folder)
        print_means(stance_of(folder), book.names, book.target(job.target).label)
        say(f"Written to {page}: the report; figures/ and tables/ beside it")
    _exit_with(summary, rejections)
