"""The ``stance`` command: one thin function per verb."""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from stance import cli_annotation
from stance.cli_validate import validate
from stance.schema import StanceError

if TYPE_CHECKING:
    from stance.gold import Marked
    from stance.schema import Document

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Who stands where in news and official texts.",
)  # fmt: skip
_err = Console(stderr=True, highlight=False)

_PATHS_HELP = "Texts, HTML, JSON Lines, CSV, Parquet, or folders of them; .gz and .zst too."
Paths = Annotated[list[Path] | None, typer.Argument(help=_PATHS_HELP)]
Columns = Annotated[
    list[str] | None,
    typer.Option(help="Which column holds what, as text=body,id=link; repeatable."),
]
Encoding = Annotated[str | None, typer.Option(help="The texts' encoding, as cp1252; default: found, if it is sure.")]
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


class Measures(StrEnum):
    """What can be scored."""

    stance = "stance"
    sentiment = "sentiment"


class Wordings(StrEnum):
    """How many wordings of the hypothesis are asked."""

    one = "one"
    all = "all"


app.command()(cli_annotation.sample)
app.command()(cli_annotation.agreement)
app.command()(validate)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; every error the user can mend is one sentence and exit code 2."""
    try:
        app(args=list(arguments) if arguments is not None else None)
    except StanceError as error:
        _err.print(f"[bold red]stance:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)


@app.command()
def run(
    paths: Paths = None,
    codebook: CodebookFile = None,
    target: Annotated[str | None, typer.Option(help="Which target of the codebook; default: its first.")] = None,
    model: ModelName = None,
    backend: Backend = "torch",
    out: Annotated[Path, typer.Option(help="Where results go.")] = Path("stance_results"),
    corrections: Corrections = None,
    columns: Columns = None,
    encoding: Encoding = None,
) -> None:
    """Segment texts, score stance and sentiment, draw the figures. Without PATHS: the sample article."""
    from stance.analysis import run as run_analysis
    from stance.codebook import read_codebook
    from stance.console import print_summary
    from stance.corpus import parse_columns, read_corpus
    from stance.files import writable
    from stance.models import load_model
    from stance.segments import SegmentationWarning

    book = read_codebook(codebook)
    aim = book.target(target)
    documents = read_corpus(paths or None, columns=parse_columns(columns or ()), encoding=encoding)
    _check_outside(out, paths or ())
    writable(out)
    with _err.status("loading the model") as status, warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always", SegmentationWarning)
        loaded = load_model(model, backend=backend)
        analysis = run_analysis(
            documents, book, aim, loaded, out, step=lambda text: status.update(text), corrections=corrections
        )
    for warning in notes:
        _err.print(str(warning.message), soft_wrap=True, markup=False)
    unresolved = sum(s.actor is None for s in analysis.segments)
    n = len(documents)
    typer.echo(
        f"{n} text{'s' if n != 1 else ''}, {len(analysis.segments)} segments ({unresolved} with no known actor); "
        f"model {analysis.inputs.model}."
    )
    print_summary(analysis)
    typer.echo(
        f"Written to {out}/: report.html to read; documents.jsonl, segments.jsonl, scores/, tables/, figures/, "
        "labels.json, manifest.json"
    )


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A results folder, as 'stance run' leaves it.", metavar="RUN_DIR")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="An .html file; default: report.html in the folder.")
    ] = None,
) -> None:
    """Make one page of a results folder: summary, figures, the text with every score and its evidence."""
    from stance.report import write_report

    written = write_report(folder, out)
    typer.echo(f"Written to {written} ({written.stat().st_size / 1e6:.1f} MB)")


@app.command()
def segment(
    paths: Annotated[list[Path], typer.Argument(help=_PATHS_HELP)],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the segments go: a .jsonl file.")],
    codebook: CodebookFile = None,
    review: Annotated[
        Path | None, typer.Option(help="Also write a table of who says what, to be corrected by hand: a .csv file.")
    ] = None,
    corrections: Corrections = None,
    columns: Columns = None,
    encoding: Encoding = None,
) -> None:
    """Write who says what, and who is spoken about, one JSON object a line."""
    from rich.progress import track

    from stance.codebook import read_codebook
    from stance.corpus import parse_columns, read_corpus
    from stance.corrections import absent, read_corrections, review_csv
    from stance.files import writable, write_file
    from stance.lexicon import Lexicon
    from stance.segments import second_opinion, segment_document, to_json

    book = read_codebook(codebook)
    lexicon = Lexicon(book)
    documents = read_corpus(paths, columns=parse_columns(columns or ()), encoding=encoding)
    decided = read_corrections(corrections, book) if corrections else []
    _check_outputs(out, review, [*paths, *((corrections,) if corrections else ())])
    for folder in (out.parent, *((review.parent,) if review else ())):
        writable(folder)
    second = second_opinion()
    found = [
        segment_document(document, lexicon, decided, second)
        for document in track(documents, "segmenting", console=_err, transient=True)
    ]
    segments = [s for one in found for s in one.segments]
    write_file(out, "".join(to_json(s) + "\n" for s in segments).encode())
    if not any(s.actor for s in segments):
        _err.print(f"no actor of the codebook ({', '.join(book.actors)}) was found; another one: --codebook FILE")
    typer.echo(
        f"{len(segments)} segments of {len(documents)} text{'s' if len(documents) != 1 else ''} written to {out}"
    )
    if corrections:
        missing = absent(decided, documents)
        applied = len(decided) - len(missing) - sum(len(one.unfit) for one in found)
        typer.echo(f"{applied} of {len(decided)} decisions applied.")
        for sentence in missing:
            _err.print(f"no longer fits: {sentence}", soft_wrap=True, markup=False)
    for note in (note for one in found for note in one.notes):
        _err.print(note, soft_wrap=True, markup=False)
    if review:
        write_file(review, review_csv(segments))
        typer.echo(f"Write ok, edit, delete or add in the column 'decision' of {review}; then --corrections {review}")


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
        _check_outside(written, inputs)


def _check_outside(out: Path, inputs: Sequence[Path]) -> None:
    """Refuse to write into a folder that is read: the next run would take results for texts."""
    for folder in inputs:
        if folder.is_dir() and folder.resolve() in (out.resolve(), *out.resolve().parents):
            raise StanceError(
                f"{out} lies in {folder}, where it would be read as a text next time. Choose another place."
            )


@app.command()
def score(
    rows: Annotated[Path, typer.Argument(help="A .jsonl, .csv or .parquet file with text and target.")],
    measure: Annotated[Measures, typer.Option(help="What to score.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A .jsonl, .csv or .parquet file.")],
    model: ModelName = None,
    backend: Backend = "torch",
    wordings: Annotated[
        Wordings, typer.Option(help="One wording of the hypothesis, or the mean of all.")
    ] = Wordings.one,
) -> None:
    """Score rows of text and target; columns and order are kept."""
    from rich.progress import Progress

    from stance.files import writable, write_file
    from stance.models import load_model
    from stance.rows import read_rows, rows_text, score_rows

    if out.suffix.lower() not in (".jsonl", ".csv", ".parquet"):
        raise StanceError(f"The output {out} must be a .jsonl, .csv or .parquet file. Change its name.")
    if out.exists() and rows.exists() and out.samefile(rows):
        raise StanceError(f"{out} is the input itself, which would be lost. Give the output another name.")
    frame = read_rows(rows)
    writable(out.parent)
    loaded = load_model(model, backend=backend)
    with Progress(console=_err, transient=True) as progress:
        task = progress.add_task("scoring", total=None)
        loaded.progress = lambda done, total: progress.update(task, advance=done, total=total)
        scored = score_rows(frame, measure.value, loaded, wordings=wordings.value, source=str(rows))
    write_file(out, rows_text(scored, out.suffix.lower()))
    unscored = int(scored["label"].isna().sum())
    note = f" ({unscored} left unscored: see the column reason)" if unscored else ""
    typer.echo(f"{len(scored) - unscored} rows scored by {loaded.name}{note}, written to {out}")


@app.command()
def batch(
    paths: Annotated[list[Path], typer.Argument(help=_PATHS_HELP)],
    out: Annotated[Path, typer.Option(help="A folder of its own; a stopped run goes on from it.")],
    codebook: CodebookFile = None,
    target: Annotated[str | None, typer.Option(help="Which target of the codebook; default: its first.")] = None,
    model: ModelName = None,
    backend: Backend = "torch",
    wordings: Annotated[
        Wordings, typer.Option(help="All wordings of the hypothesis, or one: several times faster.")
    ] = Wordings.all,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: one for each core.")] = None,
    shard_size: Annotated[int, typer.Option(min=1, help="Documents that are written together.")] = 1000,
    scheduler: Annotated[
        str | None, typer.Option(help="Work on Dask: 'local', or a scheduler's address (extra 'cluster').")
    ] = None,
    columns: Columns = None,
    encoding: Encoding = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first row or file that cannot be read.")
    ] = False,
) -> None:
    """Segment and score a corpus of any size, shard by shard; start it again to go on where it stopped."""
    from stance.batch import batch as run_batch
    from stance.codebook import read_codebook
    from stance.console import Rejections, document_progress, print_batch
    from stance.corpus import parse_columns, stream_corpus
    from stance.files import writable
    from stance.onnx_encoder import threads
    from stance.shards import Job

    book = read_codebook(codebook)
    mapping = parse_columns(columns or ())
    _check_outside(out, paths)
    writable(out)
    with _err.status("loading the model"):
        plan = Job.of(book, target=target, model=model, backend=backend, wordings=wordings.value)
    rejections = Rejections()

    def documents() -> Iterator[Document]:
        rejections.begin()  # documents are read twice
        return stream_corpus(paths, columns=mapping, encoding=encoding, strict=strict, rejected=rejections.note)

    with document_progress() as update:
        summary = run_batch(
            documents,
            plan,
            out,
            workers=workers or threads(),
            shard_size=shard_size,
            scheduler=scheduler,
            progress=update,
        )
    print_batch(summary, rejections, plan.model_name, out)
    if summary.failed or rejections.whole_file or not summary.documents:
        raise typer.Exit(1)


@app.command()
def results(
    directory: Annotated[Path, typer.Option("--dir", help="The results folder.")] = Path("results"),
    check: Annotated[bool, typer.Option("--check", help="Verify the folder against its manifest.")] = False,
    rerun: Annotated[
        bool, typer.Option("--rerun", help="With --check: recompute, and compare tables by value.")
    ] = False,
) -> None:
    """Remake the results of the sample article, or check them."""
    from stance.results import check as check_folder

    if not check:
        if rerun:
            raise StanceError("--rerun belongs to --check: stance results --check --rerun")
        _run_sample(directory)
        typer.echo(f"The results of the sample article were remade in {directory}/")
        return
    faults = check_folder(directory)
    if rerun:
        from stance.results import differences, read_manifest

        origins = [entry["from"] for entry in read_manifest(directory)["files"].values()]
        if "sample" not in origins:
            raise StanceError(
                f"{directory} holds no result of the sample article, and others cannot be rerun without their texts. "
                "Leave --rerun out: the files are checked by hash."
            )
        if own := origins.count("data"):
            typer.echo(f"{own} files come from other data: checked by hash, not rerun.")
        with tempfile.TemporaryDirectory() as remade:
            _run_sample(Path(remade))
            faults += differences(directory, Path(remade))
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise typer.Exit(1)
    typer.echo(f"{directory} is what its manifest says{' and comes out the same when remade' if rerun else ''}.")


def _run_sample(out: Path) -> None:
    from stance.analysis import run as run_analysis
    from stance.codebook import read_codebook
    from stance.corpus import read_corpus
    from stance.models import load_model

    codebook = read_codebook()
    with _err.status("remaking the results") as status:
        documents, target, model = read_corpus(), codebook.target(), load_model()
        run_analysis(documents, codebook, target, model, out, step=lambda text: status.update(text), audit=True)


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option(help="A file of labelled rows, or a folder; files named train* are skipped.")],
    model: Annotated[
        list[str] | None,
        typer.Option(help="Repeatable: a bundled model, a folder, hub-org/name@revision, 'majority' or 'vader'."),
    ] = None,
    wordings: Annotated[
        Wordings, typer.Option(help="One wording of the hypothesis, or the mean of all.")
    ] = Wordings.one,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the table goes: a .csv file.")] = Path(
        "evaluation.csv"
    ),
    seed: Annotated[int, typer.Option(help="Of the resampling.")] = 0,
    codebook: CodebookFile = None,
) -> None:
    """Measure on your labels: models on rows of text, target and label, or who-says-what on marked documents.

    Rows give macro-F1, accuracy and calibration, several models compared with the first. Marked documents (gold JSON,
    or JSON Lines as of PolNeAR) give how many attributions are found, and with the right source and actor.
    """
    from stance.console import print_evaluation
    from stance.evaluation import BASELINES, predictor, read_sets
    from stance.evaluation import evaluate as evaluated
    from stance.files import writable, write_file
    from stance.gold import is_gold
    from stance.models import DEFAULT, load_model
    from stance.tables import csv_bytes

    if out.suffix.lower() != ".csv":
        raise StanceError(f"The output {out} must be a .csv file. Change its name.")
    if (
        out.exists()
        and data.exists()
        and (out.samefile(data) or (data.is_dir() and data.resolve() in out.resolve().parents))
    ):
        raise StanceError(f"{out} is among the data and would be lost. Give the table another --out.")
    if is_gold(data):
        if model:
            raise StanceError(f"{data} holds marked attributions, which no --model is asked about. Leave --model out.")
        _evaluate_attributions(data, codebook, out, seed)
        return
    sets, left_out = read_sets(data)
    for sentence in left_out:
        _err.print(f"left out: {sentence}", soft_wrap=True, style="dim")
    writable(out.parent)
    names = list(dict.fromkeys(model or [DEFAULT, *BASELINES]))
    loaded = {name: predictor(name if name in BASELINES else load_model(name), wordings.value) for name in names}
    with _err.status("measuring") as status:
        table = evaluated(sets, loaded, seed=seed, step=lambda text: status.update(text))
    print_evaluation(table)
    for line in table[table["unscored"] > 0].itertuples():
        _err.print(f"{line.unscored} rows of {line.set} could not be scored by {line.model}: counted as errors")
    write_file(out, csv_bytes(table))
    typer.echo(f"{len(sets)} set{'s' if len(sets) != 1 else ''}, {wordings.value} wording(s); written to {out}")


def _evaluate_attributions(data: Path, codebook: Path | None, out: Path, seed: int) -> None:
    from stance.codebook import read_codebook
    from stance.console import print_attributions
    from stance.files import writable, write_file
    from stance.gold import found_in, read_gold, score_attributions
    from stance.lexicon import Lexicon
    from stance.segments import second_opinion, segment_document
    from stance.tables import csv_bytes

    book = read_codebook(codebook)
    lexicon = Lexicon(book)
    gold = read_gold(data, book)
    writable(out.parent)
    second = second_opinion()

    notes: list[str] = []

    def find(document: Document) -> list[Marked]:
        found = segment_document(document, lexicon, second=second)
        notes.extend(found.notes)
        return found_in(found.segments)

    with _err.status("segmenting") as status:
        table = score_attributions(gold, find, seed=seed, step=status.update)
    print_attributions(table)
    write_file(out, csv_bytes(table))
    for note in notes:
        _err.print(note, soft_wrap=True, markup=False)
    typer.echo(f"{len(gold)} document{'s' if len(gold) != 1 else ''} with marked attributions; written to {out}")


@app.command()
def finetune(
    labels: Annotated[Path, typer.Argument(help="A .csv, .jsonl or .parquet file: text, target, label[, holder].")],
    out: Annotated[Path, typer.Option(help="The new model folder.")],
    model: Annotated[str, typer.Option(help="What to start from: a bundled model or a model folder.")] = "small",
    seed: Annotated[int, typer.Option(help="Of the split and the order.")] = 0,
) -> None:
    """Fine-tune a model on your own 50 to 5,000 labels, and see before and after on rows held out."""
    from stance.console import print_evaluation
    from stance.evaluation import read_sets
    from stance.files import writable
    from stance.training.finetune import finetune as finetuned

    if labels.is_dir():
        raise StanceError(f"{labels} is a folder. Give one file of labelled rows.")
    (labelled,), _ = read_sets(labels)
    writable(out.parent)
    made = finetuned(labelled, out, model, seed=seed, log=lambda line: print(line, flush=True))
    print_evaluation(made.table)
    typer.echo(f"Written to {out}/: score with it by --model {out}")


@app.command()
def train(
    recipe: Annotated[Path, typer.Option(help="A recipe, such as src/stance/training/recipes/small.yml.")],
    data: Annotated[Path, typer.Option(help="The folder with the data sets the recipe names.")],
    out: Annotated[Path, typer.Option(help="Where the model folder goes; a stopped run goes on from here.")],
) -> None:
    """Train a model, evaluate it, and write its card. Needs the extra 'train' and data of your own."""
    from stance.training.recipe import Recipe, read_recipe

    plan = read_recipe(recipe)
    try:
        from stance.training.attribution import fit_tagger
        from stance.training.attribution_card import write_tagger_card
        from stance.training.card import write_card
        from stance.training.fit import fit, trained_on
    except ModuleNotFoundError as error:
        raise StanceError(f"Training needs the package {error.name}: pip install -e '.[train]'") from None
    if not data.is_dir():
        raise StanceError(f"The data folder {data} is not there. Give the folder that holds the recipe's files.")

    if out.exists() and not out.is_dir():
        raise StanceError(f"{out} is a file, and the model needs a folder. Give another --out.")

    def log(line: str) -> None:
        print(line, flush=True)

    if isinstance(plan, Recipe):
        fit(plan, data, out, log=log)
        write_card(plan, data, out, trained_on(), log=log)
    else:
        fit_tagger(plan, data, out, log=log)
        write_tagger_card(plan, data, out, trained_on(), log=log)


if __name__ == "__main__":
    main()
