"""The verbs that measure and make models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.asking import BaseUrl, PriceOf, Samples, Yes, before_asking, note_refused
from stance.cli.options import MODELS_HELP, CodebookFile, ModelName, Wordings, complete_model
from stance.cli.progress import Steps
from stance.cli.terminal import note, say
from stance.numbers import counted
from stance.schema import StanceError
from stance.scoring.model import PREFIX

if TYPE_CHECKING:
    from stance.schema import Attribution, Document
    from stance.scoring.model import Model
    from stance.validation.gold import Marked


def evaluate(
    data: Annotated[Path, typer.Option(help="A file of labelled rows, or a folder; files named train* are skipped.")],
    model: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Repeatable: {MODELS_HELP} Besides, the baselines 'majority' and 'vader'.",
            autocompletion=complete_model,
        ),
    ] = None,
    wordings: Annotated[
        Wordings, typer.Option(help="One wording of the hypothesis, or the mean of all.")
    ] = Wordings.one,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the table goes: a .csv file.")] = Path(
        "evaluation.csv"
    ),
    seed: Annotated[int, typer.Option(help="Of the resampling.")] = 0,
    codebook: CodebookFile = None,
    base_url: BaseUrl = None,
    samples: Samples = 0,
    price: PriceOf = None,
    yes: Yes = False,
) -> None:
    """Measure on your labels: models on rows of text, target and label, or who-says-what on marked documents.

    Rows give macro-F1, accuracy and calibration, several models compared with the first. Marked documents (gold JSON,
    or JSON Lines as of PolNeAR) give how many attributions are found, and with the right source and actor;
    and Krippendorff's alpha for unitizing: how far both agree on where statements are, and on whose.
    Sentences with a cue and its status (gold/status.jsonl) give which status is found: stated, denied and so on.
    """
    from stance.resources import DEFAULT
    from stance.validation.evaluation import BASELINES
    from stance.validation.gold import is_gold
    from stance.validation.statuses import is_statuses

    if out.suffix.lower() != ".csv":
        raise StanceError(f"The output {out} must be a .csv file. Change its name.")
    if (
        out.exists()
        and data.exists()
        and (out.samefile(data) or (data.is_dir() and data.resolve() in out.resolve().parents))
    ):
        raise StanceError(f"{out} is among the data and would be lost. Give the table another --out.")
    if is_gold(data) or is_statuses(data):
        if model:
            raise StanceError(f"{data} holds marked attributions, which no --model is asked about. Leave --model out.")
        _evaluate_marked(data, codebook, out, seed)
        return

    def load(name: str, steps: Steps) -> Model:
        found = _loaded(name, base_url, samples)
        if name.startswith(PREFIX):
            before_asking(found, steps, price, yes)
        return found

    _evaluate_rows(data, model or [DEFAULT, *BASELINES], wordings, out, seed, load)


def _evaluate_rows(
    data: Path, asked_for: Sequence[str], wordings: Wordings, out: Path, seed: int, load: Callable[[str, Steps], Model]
) -> None:
    from stance.cli.console import print_evaluation
    from stance.corpus.rows import csv_bytes
    from stance.files import writable, write_file
    from stance.validation.evaluation import BASELINES, predictor, read_sets
    from stance.validation.evaluation import evaluate as evaluated

    sets, left_out = read_sets(data)
    for sentence in left_out:
        note(f"left out: {sentence}", "dim")
    writable(out.parent)
    names = list(dict.fromkeys(asked_for))
    with Steps("loading the models") as steps:
        models = {name: name if name in BASELINES else load(name, steps) for name in names}
        for asked in models.values():
            if not isinstance(asked, str):
                asked.progress = steps.advance
                asked.expect(lambda reader: [predictor(reader, wordings.value)(s) for s in sets])
        loaded = {name: predictor(asked, wordings.value) for name, asked in models.items()}
        table = evaluated(sets, loaded, seed=seed, step=steps.step)
    print_evaluation(table)
    for asked in models.values():
        note_refused(asked)
    for line in table[table["unscored"] > 0].itertuples():
        note(f"{line.unscored} rows of {line.set} could not be scored by {line.model}: counted as errors")
    write_file(out, csv_bytes(table))
    say(f"{counted(len(sets), 'set')}, {wordings.value} wording(s); written to {out}")


def _loaded(name: str, base_url: str | None, samples: int) -> Model:
    """A model; the address belongs to language models alone."""
    from stance.scoring.loading import load_model

    return load_model(name, base_url=base_url, samples=samples) if name.startswith(PREFIX) else load_model(name)


def _evaluate_marked(data: Path, codebook: Path | None, out: Path, seed: int) -> None:
    from stance.validation.gold import is_gold

    if is_gold(data):
        _evaluate_attributions(data, codebook, out, seed)
    else:
        _evaluate_statuses(data, codebook, out)


def _evaluate_statuses(data: Path, codebook: Path | None, out: Path) -> None:
    from stance.attribution.segments import bundled_tagger
    from stance.cli.console import print_statuses
    from stance.codebook import read_codebook
    from stance.corpus.rows import csv_bytes
    from stance.files import writable, write_file
    from stance.validation.statuses import attributions_in, read_statuses, status_confusion

    marked = read_statuses(data)
    writable(out.parent)
    find = attributions_in(read_codebook(codebook), bundled_tagger())
    with Steps("segmenting") as steps:

        def found(document: Document) -> list[Attribution]:
            steps.advance(1, len(marked))
            return find(document)

        table = status_confusion(marked, found)
    print_statuses(table)
    write_file(out, csv_bytes(table.reset_index()))
    say(f"{counted(len(marked), 'sentence')} with a marked cue; written to {out}")


def _evaluate_attributions(data: Path, codebook: Path | None, out: Path, seed: int) -> None:
    from stance.attribution.segments import Segmenter
    from stance.cli.console import print_attributions
    from stance.codebook import read_codebook
    from stance.corpus.rows import csv_bytes
    from stance.files import writable, write_file
    from stance.validation.gold import found_in, read_gold, score_attributions

    book = read_codebook(codebook)
    gold = read_gold(data, book)
    writable(out.parent)
    segmenter = Segmenter(book)
    notes: list[str] = []

    def find(document: Document) -> list[Marked]:
        found = segmenter.segment(document)
        notes.extend(found.notes)
        return found_in(found.segments)

    with Steps("segmenting") as steps:
        table = score_attributions(gold, find, seed=seed, step=lambda text: steps.advance(1, len(gold)))
    print_attributions(table)
    write_file(out, csv_bytes(table))
    for sentence in notes:
        note(sentence)
    say(f"{counted(len(gold), 'document')} with marked attributions; written to {out}")


def calibrate(
    labels: Annotated[Path, typer.Argument(help="A .csv, .jsonl or .parquet file: text, target, label[, holder].")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the calibration goes: a .json file.")],
    model: ModelName = None,
    wordings: Annotated[
        Wordings, typer.Option(help="One wording of the hypothesis, or the mean of all, as you score.")
    ] = Wordings.one,
    seed: Annotated[int, typer.Option(help="Of the halves.")] = 0,
    base_url: BaseUrl = None,
    samples: Samples = 0,
    price: PriceOf = None,
    yes: Yes = False,
) -> None:
    """Mend a model's probabilities by labels of your own, 40 or more, that it has not learned from."""
    from stance.files import writable, write_file
    from stance.resources import DEFAULT
    from stance.validation.evaluation import predictor, read_sets
    from stance.validation.recalibration import calibrate as fitted
    from stance.validation.recalibration import calibration_json

    if labels.is_dir():
        raise StanceError(f"{labels} is a folder. Give one file of labelled rows.")
    if out.suffix.lower() != ".json":
        raise StanceError(f"The calibration {out} must be a .json file. Change its name.")
    (labelled,), _ = read_sets(labels)
    writable(out.parent)
    with Steps("loading the model") as steps:
        loaded = _loaded(model or DEFAULT, base_url, samples)
        loaded.progress = steps.advance
        before_asking(loaded, steps, price, yes)
        loaded.expect(lambda reader: predictor(reader, wordings.value)(labelled))
        steps.step(f"scoring {counted(len(labelled.rows), 'row')}")
        found = fitted(labelled, loaded, wordings=wordings.value, seed=seed)
    note_refused(loaded)
    entry = found[labelled.task]
    write_file(out, calibration_json(found))
    say(
        f"{counted(entry['n'], 'row')} of {labelled.task} by {loaded.name}: temperature {entry['temperature']:g}, "
        f"offset {entry['offset']:g}. Calibration error {entry['ece_before']:.3f} before, {entry['ece']:.3f} after "
        f"[{entry['ece_low']:.3f}, {entry['ece_high']:.3f}], across halves of the texts; "
        f"{entry['ece_perfect']:.3f} if perfect."
    )
    say(f"Written to {out}: score with it by --calibration {out}")


def finetune(
    labels: Annotated[Path, typer.Argument(help="A .csv, .jsonl or .parquet file: text, target, label[, holder].")],
    out: Annotated[Path, typer.Option(help="The new model folder.")],
    model: Annotated[
        str, typer.Option(help="What to start from: base, small or a model folder.", autocompletion=complete_model)
    ] = "small",
    seed: Annotated[int, typer.Option(help="Of the split and the order.")] = 0,
) -> None:
    """Fine-tune a model on your own 50 to 5,000 labels, and see before and after on rows held out."""
    from stance.cli.console import print_evaluation
    from stance.files import writable
    from stance.training.finetune import finetune as finetuned
    from stance.validation.evaluation import read_sets

    if labels.is_dir():
        raise StanceError(f"{labels} is a folder. Give one file of labelled rows.")
    (labelled,), _ = read_sets(labels)
    writable(out.parent)
    made = finetuned(labelled, out, model, seed=seed, log=say)
    print_evaluation(made.table)
    say(f"Written to {out}/: score with it by --model {out}")


def train(
    recipe: Annotated[Path, typer.Option(help="A recipe, such as src/stance/training/recipes/small.yml.")],
    data: Annotated[Path, typer.Option(help="The folder with the data sets the recipe names.")],
    out: Annotated[Path, typer.Option(help="Where the model folder goes; a stopped run goes on from here.")],
) -> None:
    """Train a model, evaluate it, and write its card. Needs the extra 'train' and data of your own."""
    from stance.training.recipe import Recipe, read_recipe

    plan = read_recipe(recipe)
    try:
        from stance.training.card import write_card
        from stance.training.fit import fit, trained_on
        from stance.training.fit_tagger import fit_tagger
        from stance.training.tagger_card import write_tagger_card
    except ModuleNotFoundError as error:
        raise StanceError(f"Training needs the package {error.name}: pip install -e '.[train]'") from None
    if not data.is_dir():
        raise StanceError(f"The data folder {data} is not there. Give the folder that holds the recipe's files.")

    if out.exists() and not out.is_dir():
        raise StanceError(f"{out} is a file, and the model needs a folder. Give another --out.")

    if isinstance(plan, Recipe):
        fit(plan, data, out, log=say)
        write_card(plan, data, out, trained_on(), log=say)
    else:
        fit_tagger(plan, data, out, log=say)
        write_tagger_card(plan, data, out, trained_on(), log=say)
