"""The verbs that a study begins with: its folder, and what is wrong with its codebook."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.options import PATHS_HELP, Columns, Dates, Encoding, StudyFile
from stance.cli.progress import Steps
from stance.cli.terminal import note, say
from stance.numbers import counted
from stance.schema import StanceError

if TYPE_CHECKING:
    from stance.cli._codebook_text import Camp, Member, Plan
    from stance.codebook import Codebook
    from stance.schema import Document

CODEBOOK, TEXTS, NOTEBOOK, NOTE, STUDY = "codebook.yml", "texts", "study.ipynb", "README.md", "study.yml"
_STUDY = """\
# What this study consists of; paths are read from this folder. stance run --study study.yml
# The notebooks of the project read the file that the variable STANCE_STUDY names, or their first cell.
texts: texts
codebook: codebook.yml
out: results
# Optional:
# target: the key of a target in the codebook; without it, the first
# model: small
# corrections: review.csv
# annotations: [sheet_ann.csv, sheet_bob.csv]
# columns: {text: body, id: link}
# encoding: cp1252
# dates: day-first
"""
_NOTE = (
    "Put your texts into texts/: .txt, .html, .docx or .rtf, one text a file; or .csv, .jsonl or .parquet with a "
    "column text; in study.yml, 'columns' names other columns."
)


def init(
    folder: Annotated[Path, typer.Argument(help="The folder of the study; made if it is not there.", metavar="DIR")],
    ask: Annotated[bool, typer.Option("--ask", help="Ask five questions, and write your answers.")] = False,
) -> None:
    """Begin a study: a commented codebook, a folder for texts, and a notebook that runs on them."""
    from stance.cli._codebook_text import codebook_text, generic_frames, sample_plan
    from stance.cli._notebook import notebook
    from stance.codebook import read_codebook
    from stance.files import writable, write_file

    if folder.exists() and not folder.is_dir():
        raise StanceError(f"{folder} is a file, and a study needs a folder. Give another name.")
    for name in (CODEBOOK, NOTEBOOK, NOTE, STUDY):
        if (folder / name).exists():
            raise StanceError(f"{folder / name} is there already, and is not written over. Give another folder.")
    writable(folder)
    sample = read_codebook()
    plan = _asked() if ask else sample_plan(sample)
    run = f"stance run --study {STUDY}"
    files = {
        CODEBOOK: codebook_text(plan, generic_frames(sample), CODEBOOK),
        NOTEBOOK: notebook(plan.target, run),
        STUDY: _STUDY,
        NOTE: f"{_NOTE}\n\nThen, in this folder:\n\n    stance check --study {STUDY}\n    {run}\n",
    }
    for name, text in files.items():
        write_file(folder / name, text.encode())
    (folder / TEXTS).mkdir(exist_ok=True)
    say(f"Written to {folder}/: {CODEBOOK}, {STUDY}, {NOTEBOOK}, {NOTE}, and the folder {TEXTS}/.")
    say(_NOTE)
    if not ask:
        say(f"Change the actors and the target in {CODEBOOK}: they are those of an example.")
    study = shlex.quote(str(folder / STUDY))
    for line in ("Next:", f"  stance check --study {study}", f"  stance run --study {study}"):
        say(line)


def _asked() -> Plan:
    """Five questions; the fourth once for each camp, and again where its answer does not fit those before."""
    from stance.cli._codebook_text import Plan, names_of

    say("Five questions. What you answer can be changed in the codebook later.")
    target = _answer("1. What are people for or against? As it fits into '… supports ___', such as the new bridge")
    definition = _answer("2. What counts as support for it, in a sentence? Enter: say it later", empty=True)
    labels = names_of(_answer("3. Which camps take part? Parted by commas, such as Council, Residents"))
    plan = Plan(target, definition)
    for label in labels:
        plan.camps.append(_camp(plan, label))
    excluded = names_of(
        _answer(
            "5. What looks like one of these names and means something else? Such as Council Tax; Enter: nothing",
            empty=True,
        )
    )
    _exclude(plan, excluded)
    return plan


def _answer(question: str, *, empty: bool = False) -> str:
    """What is typed in, without the space around it; asked again while there is nothing, unless that is an answer."""
    while True:
        given: str = typer.prompt(question, default="" if empty else None, show_default=False)
        if given.strip() or empty:
            return " ".join(given.split())


def _camp(plan: Plan, label: str) -> Camp:
    from stance.cli._codebook_text import Camp, members_of

    question = (
        f"4. Who belongs to {label}? Persons and bodies, parted by commas; each other name behind a '=' of its own, "
        "the pronoun in brackets, such as Ana Ruiz = the mayor = Ms Ruiz (she), town hall (it)"
    )
    while True:
        camp = Camp(label, members_of(_answer(question)))
        if not (faults := _faults_with(plan, camp)):
            say(f"Understood as {counted(len(camp.members), 'member')}: {'; '.join(map(_understood, camp.members))}.")
            return camp
        for fault in faults:
            note(fault)


def _understood(member: Member) -> str:
    """A member in words, so that a comma in the wrong place shows."""
    names = f", also {', '.join(member.aliases)}" if member.aliases else ""
    return f"{member.name}{names}{f' ({member.pronouns})' if member.pronouns else ''}"


def _exclude(plan: Plan, names: Iterable[str]) -> None:
    """Put what is excluded into the first camp, whose names come first in the file; what does not fit is said."""
    from dataclasses import replace

    for name in names:
        first, *others = plan.camps
        tried = replace(first, excluded=(*first.excluded, name))
        if faults := _faults_of([tried, *others]):
            note(f"left out: {faults[0]}")
        else:
            plan.camps[0] = tried


def _faults_with(plan: Plan, camp: Camp) -> list[str]:
    return _faults_of([*plan.camps, camp]) if camp.members else ["Name at least one person or body."]


def _faults_of(camps: list[Camp]) -> list[str]:
    """What is wrong with some camps, as sentences."""
    from stance.checking import content_faults
    from stance.cli._codebook_text import Plan, codebook_text
    from stance.strict import parse_yaml

    content = parse_yaml(codebook_text(Plan("it", "", camps), {}).encode())
    return [fault.what for fault in content_faults(content)]


def check(
    codebook: Annotated[Path | None, typer.Argument(help="Your codebook (YAML); or --study.")] = None,
    paths: Annotated[list[Path] | None, typer.Argument(help=PATHS_HELP, metavar="[TEXTS]...")] = None,
    study: StudyFile = None,
    columns: Columns = None,
    encoding: Encoding = None,
    dates: Dates = None,
) -> None:
    """Say all that is wrong with a codebook; with TEXTS, also how they use its names."""
    from stance.checking import codebook_faults, fault_line
    from stance.codebook import read_codebook
    from stance.corpus.documents import parse_columns
    from stance.pipeline.study_file import Study, read_study

    plan = (Study() if study is None else read_study(study)).but(
        texts=tuple(paths or ()), codebook_file=codebook, columns=parse_columns(columns or ()), encoding=encoding,
        dates=dates,
    )  # fmt: skip
    codebook = plan.codebook_file
    if codebook is None:
        raise StanceError("Give a codebook, or a study file that names one: stance check codebook.yml, or --study.")
    if faults := codebook_faults(codebook):
        for fault in faults:
            say(f"{codebook}{', ' if fault.line else ': '}{fault_line(fault)}")
        after = "; texts are looked at once there are none" if plan.texts else ""
        note(f"{counted(len(faults), 'fault')}{after}")
        raise typer.Exit(1)
    book = read_codebook(codebook)
    entities = [e for a in book.actors.values() for e in a.entities.values()]
    names = sum(len({e.name, *e.aliases, *e.place}) for e in entities)
    say(
        f"{codebook} has no faults: {counted(len(book.actors), 'actor')} with {counted(names, 'name')}, "
        f"{counted(len(book.targets), 'target')}, {counted(len(book.frames), 'frame')}."
    )
    if plan.texts:
        _show_names(book, plan.documents())


def _show_names(book: Codebook, documents: list[Document]) -> None:
    from stance.attribution.segments import Segmenter
    from stance.attribution.usage import NamesInUse
    from stance.cli.usage import print_usage

    segmenter, used = Segmenter(book), NamesInUse(book)
    notes: list[str] = []
    with Steps("looking for names") as steps:
        for document in documents:
            found = segmenter.segment(document)
            used.add(found)
            notes += found.left_out
            steps.advance(1, len(documents))
    for sentence in notes:
        note(sentence)
    print_usage(used, len(documents))
