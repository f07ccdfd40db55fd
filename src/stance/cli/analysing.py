"""The verbs that read texts: segments, scores, results and their page."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.asking import BaseUrl, PriceOf, Samples, Yes, before_asking, check_asked, note_refused
from stance.cli.batching import is_large, run_in_shards
from stance.cli.options import (
    Addressed,
    Backend,
    Calibration,
    CodebookFile,
    Columns,
    Corrections,
    Dates,
    Encoding,
    Force,
    ModelName,
    Paths,
    StudyFile,
    check_outside,
)
from stance.cli.progress import Steps
from stance.cli.terminal import note, say
from stance.numbers import counted
from stance.resources import caution
from stance.schema import StanceError

if TYPE_CHECKING:
    from stance.codebook import Codebook
    from stance.pipeline.study import Analysis


def run(
    paths: Paths = None,
    study: StudyFile = None,
    codebook: CodebookFile = None,
    target: Annotated[str | None, typer.Option(help="Which target of the codebook; default: its first.")] = None,
    model: ModelName = None,
    backend: Backend = "torch",
    addressed: Addressed = None,
    calibration: Calibration = None,
    out: Annotated[Path | None, typer.Option(help="Where results go; default: stance_results.")] = None,
    corrections: Corrections = None,
    columns: Columns = None,
    encoding: Encoding = None,
    dates: Dates = None,
    force: Force = False,
    base_url: BaseUrl = None,
    samples: Samples = 0,
    price: PriceOf = None,
    yes: Yes = False,
) -> None:
    """Segment texts, score stance and sentiment, draw the figures. Without PATHS: the sample article."""
    from stance.attribution.segments import SegmentationWarning
    from stance.corpus.documents import parse_columns
    from stance.files import writable
    from stance.pipeline.study import run as run_analysis
    from stance.pipeline.study_file import Study, read_study
    from stance.scoring.loading import load_model

    plan = (Study() if study is None else read_study(study)).but(
        texts=tuple(paths or ()), codebook_file=codebook, target=target, model=model, out=out, corrections=corrections,
        columns=parse_columns(columns or ()), encoding=encoding, dates=dates,
    )  # fmt: skip
    check_asked(plan.model, base_url=base_url, samples=samples, price=price, yes=yes)
    folder = plan.out or Path("stance_results")
    book, reader = plan.codebook(), {"model": plan.model, "backend": backend, "addressed": addressed}
    aim = book.target(plan.target)
    check_outside(folder, plan.texts)
    writable(folder)
    if is_large(plan):
        run_in_shards(plan, folder, force=force, calibration=calibration, **reader)
        return
    documents = plan.documents()
    reader["model"] = plan.model and Path(plan.model).name
    with Steps("loading the model") as steps, warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always", SegmentationWarning)
        loaded = load_model(
            plan.model,
            backend=backend,
            addressed=addressed,
            calibration=calibration,
            base_url=base_url,
            samples=samples,
        )
        loaded.progress = steps.advance
        before_asking(loaded, steps, price, yes)
        analysis = run_analysis(
            documents, book, aim, loaded, folder, step=steps.step, corrections=plan.corrections,
            progress=steps.advance, force=force, command=reader,
        )  # fmt: skip
    for warning in notes:
        note(str(warning.message))
    note_refused(loaded)
    if plan.corrections is not None:
        say(_applied(plan.corrections, book, [str(warning.message) for warning in notes]))
    _tell(analysis, folder)


def _tell(analysis: Analysis, folder: Path) -> None:
    """What came out, and where it is."""
    from stance.cli.console import print_means

    unresolved = sum(s.actor is None for s in analysis.segments)
    say(
        f"{counted(len(analysis.documents), 'text')}, {len(analysis.segments)} segments ({unresolved} with no known "
        f"actor); model {analysis.inputs.model}."
    )
    print_means(analysis.stance, analysis.codebook.names, analysis.target.label)
    if said := caution(analysis.inputs.model):
        note(said)
    say(
        f"Written to {folder}/: report.html to read; documents.jsonl, segments.jsonl, scores/, tables/, figures/, "
        "labels.json, codebook.yml, manifest.json"
    )


def _applied(corrections: Path, book: Codebook, notes: Sequence[str]) -> str:
    """How many decisions of a table were applied, and how many matched nothing."""
    from stance.attribution.corrections import read_corrections
    from stance.attribution.segments import NO_LONGER

    decided = len(read_corrections(corrections, book))
    missing = sum(sentence.startswith(NO_LONGER) for sentence in notes)
    return f"{decided - missing} of {decided} decisions of {corrections} applied; {missing} matched nothing."


def report(
    folder: Annotated[Path, typer.Argument(help="A results folder, as 'stance run' leaves it.", metavar="RUN_DIR")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="An .html file; default: report.html in the folder.")
    ] = None,
) -> None:
    """Make one page of a results folder: summary, figures, the text with every score and its evidence."""
    from stance.results.report import write_report
    from stance.results.shards import Batch

    if out is None and Batch.of(folder) is not None:
        from stance.pipeline.overview import write_overview

        written = write_overview(folder)
    else:
        written = write_report(folder, out)
    say(f"Written to {written} ({written.stat().st_size / 1e6:.1f} MB)")


def segment(
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the segments go: a .jsonl file.")],
    paths: Paths = None,
    study: StudyFile = None,
    codebook: CodebookFile = None,
    review: Annotated[
        Path | None, typer.Option(help="Also write a table of who says what, to be corrected by hand: a .csv file.")
    ] = None,
    corrections: Corrections = None,
    columns: Columns = None,
    encoding: Encoding = None,
    dates: Dates = None,
) -> None:
    """Write who says what, and who is spoken about, one JSON object a line."""
    from stance.attribution.corrections import review_csv
    from stance.attribution.segments import Segmenter
    from stance.corpus.documents import parse_columns
    from stance.files import writable, write_file
    from stance.pipeline.study_file import Study, read_study
    from stance.results.records import segments_jsonl

    plan = (Study() if study is None else read_study(study)).but(
        texts=tuple(paths or ()), codebook_file=codebook, corrections=corrections,
        columns=parse_columns(columns or ()), encoding=encoding, dates=dates,
    )  # fmt: skip
    if not plan.texts:
        raise StanceError("Give texts to segment, or a study file that names them: --study study.yml.")
    book, corrections, documents = plan.codebook(), plan.corrections, plan.documents()
    segmenter = Segmenter(book, corrections)
    _check_outputs(out, review, [*plan.texts, *((corrections,) if corrections else ())])
    for folder in (out.parent, *((review.parent,) if review else ())):
        writable(folder)
    segments, notes, unfit = [], [], 0
    with Steps("segmenting") as steps:
        for document in documents:
            found = segmenter.segment(document)
            segments += found.segments
            notes += found.notes
            unfit += len(found.unfit)
            steps.advance(1, len(documents))
    write_file(out, segments_jsonl(segments).encode())
    if not any(s.actor for s in segments):
        note(f"no actor of the codebook ({', '.join(book.actors)}) was found; another one: --codebook FILE")
    say(f"{len(segments)} segments of {counted(len(documents), 'text')} written to {out}")
    if corrections:
        missing, decided = segmenter.absent(documents), len(segmenter.corrections)
        say(f"{decided - len(missing) - unfit} of {decided} decisions applied.")
        notes = [*missing, *notes]
    for sentence in notes:
        note(sentence)
    if review:
        write_file(review, review_csv(segments))
        say(f"Write ok, edit, delete or add in the column 'decision' of {review}; then --corrections {review}")


def _check_outputs(out: Path, review: Path | None, inputs: Sequence[Path]) -> None:
    """Refuse to write over what was given."""
    if review is not None and review.suffix.lower() != ".csv":
        raise StanceError(f"The table to review {review} must be a .csv file. Change its name.")
    if review is not None and review.exists():
        raise StanceError(f"{review} is there already, and may hold decisions. Give the new table another name.")
    if review is not None and review.resolve() == out.resolve():
        raise StanceError(f"{out} cannot hold both segments and the table to review. Give one of them another name.")
    if out.exists() and any(path.exists() and out.samefile(path) for path in inputs):
        raise StanceError(f"{out} is an input, which would be lost. Give the output another name.")
    for written in (out, *((review,) if review else ())):
        check_outside(written, inputs)


def results(
    directory: Annotated[Path, typer.Option("--dir", help="The results folder.")] = Path("results"),
    check: Annotated[bool, typer.Option("--check", help="Verify the folder against its manifest.")] = False,
    rerun: Annotated[
        bool, typer.Option("--rerun", help="With --check: recompute, and compare tables by value.")
    ] = False,
) -> None:
    """Remake the results of the sample article, or check them."""
    from stance.results.manifest import check as check_folder

    if not check:
        if rerun:
            raise StanceError("--rerun belongs to --check: stance results --check --rerun")
        _run_sample(directory)
        say(f"The results of the sample article were remade in {directory}/")
        return
    faults = check_folder(directory)
    if rerun:
        from stance.results.manifest import differences, read_manifest

        origins = [entry["from"] for entry in read_manifest(directory)["files"].values()]
        if "sample" not in origins:
            raise StanceError(
                f"{directory} holds no result of the sample article, and others cannot be rerun without their texts. "
                "Leave --rerun out: the files are checked by hash."
            )
        if own := origins.count("data"):
            say(f"{own} files come from other data: checked by hash, not rerun.")
        with tempfile.TemporaryDirectory() as remade:
            _run_sample(Path(remade))
            faults += differences(directory, Path(remade))
    for fault in faults:
        say(fault)
    if faults:
        raise typer.Exit(1)
    say(f"{directory} is what its manifest says{' and comes out the same when remade' if rerun else ''}.")


def _run_sample(out: Path) -> None:
    from stance.codebook import read_codebook
    from stance.corpus.documents import read_corpus
    from stance.pipeline.study import run as run_analysis
    from stance.scoring.loading import load_model

    codebook = read_codebook()
    with Steps("remaking the results") as steps:
        documents, target, model = read_corpus(), codebook.target(), load_model()
        model.progress = steps.advance
        run_analysis(documents, codebook, target, model, out, step=steps.step, audit=True, progress=steps.advance)
