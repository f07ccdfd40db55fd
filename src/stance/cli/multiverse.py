"""The verb that looks at a finding under every choice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.options import FolderCodebook
from stance.cli.terminal import note, say, wide
from stance.numbers import counted, signed
from stance.schema import StanceError

if TYPE_CHECKING:
    import pandas as pd

    from stance.results.folder import Folder
    from stance.validation.correcting import Correct


def multiverse(
    folders: Annotated[
        list[Path],
        typer.Argument(
            help="Results folders of one corpus, one for each model; the first receives table and figures.",
            metavar="RUN_DIR...",
        ),
    ],
    codebook: FolderCodebook = None,
    labels: Annotated[
        list[Path] | None, typer.Option(help="Sheets of people's labels, for corrected estimates; repeatable.")
    ] = None,
    most: Annotated[int, typer.Option(min=0, help="How many contrasts are drawn, the largest first.")] = 3,
) -> None:
    """Does a contrast survive every reasonable choice? All of them at once, from stored scores.

    The choices stand under 'multiverse' in the codebook: declare them before you look.
    """
    from stance.analysis.intervals import LEAST
    from stance.analysis.specifications import multiverse as specified
    from stance.analysis.specifications import multiverse_summary
    from stance.codebook import read_codebook
    from stance.plots.choices import plot_multiverse
    from stance.results.folder import read_folder
    from stance.results.manifest import save
    from stance.results.origins import codebook_of

    read = [read_folder(folder) for folder in folders]
    choices = (codebook_of(folders[0]) if codebook is None else read_codebook(codebook)).multiverse
    table, wordings = _scores(read, folders)
    correct = _correction(labels, table) if labels else None
    found = specified(table, wordings, choices, correct=correct)
    summary = multiverse_summary(found)
    first, names = read[0], read[0].names.actors
    save("08_multiverse", None, found, first.inputs, out=folders[0])
    save("08_multiverse_summary", None, summary, first.inputs, out=folders[0])
    naive = summary[summary["estimator"] == "naive"]
    order = naive["median"].abs().sort_values(ascending=False, na_position="last").index
    for number, row in enumerate(naive.loc[order].head(most).itertuples(), 1):
        figure = plot_multiverse(found, row.a, row.b, names, row.target)
        name = re.sub(r"[^\w-]", "_", f"08_multiverse_{number}_{row.a}_{row.b}", flags=re.ASCII)
        mine = found[(found["a"] == row.a) & (found["b"] == row.b) & (found["target"] == row.target)]
        save(name, figure, mine, first.inputs, out=folders[0])
    _show(summary, names)
    if labels and "DSL" not in set(summary["estimator"]):
        note(
            f"No estimate could be corrected: that takes {LEAST} labelled statements of each actor that a choice "
            "counts. Label more (stance sample), or see stance validate for what these say."
        )
    note("All choices share the model's errors: that they agree does not say that they are right.")
    say(f"{counted(len(found), 'estimate')} in {folders[0]}/tables/08_multiverse.csv; see: stance report {folders[0]}")


def _correction(sheets: list[Path], table: pd.DataFrame) -> Correct:
    """Labels that fit the scores of the first model, as a correction."""
    from stance.validation.correcting import correcting
    from stance.validation.labels import read_labels
    from stance.validation.references import match

    labels = read_labels(*sheets)
    match(labels, table[table["model"] == table["model"].iloc[0]])  # says what does not fit
    return correcting(labels)


def _scores(read: list[Folder], folders: list[Path]) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The stance tables of several folders, and the nets of their wordings."""
    import pandas as pd

    texts = [{d.id: d.text for d in folder.documents} for folder in read]
    for folder, other in zip(folders[1:], texts[1:], strict=True):
        if other != texts[0]:
            raise StanceError(f"{folder} holds other texts than {folders[0]}. A multiverse is of one corpus.")
    table = pd.concat([folder.scores["stance"] for folder in read], ignore_index=True)
    twice = table.duplicated(["segment", "actor", "target", "model"])
    if twice.any():
        raise StanceError(
            f"Two of the folders were scored by {table.loc[twice, 'model'].iloc[0]}. Give one folder for each model."
        )
    told = [folder.wordings for folder in read if folder.wordings is not None]
    return table, pd.concat(told, ignore_index=True) if told else None


def _show(summary: pd.DataFrame, names: dict[str, str]) -> None:
    from rich.table import Table

    shown = Table(title="Each contrast under every choice", title_justify="left")
    for heading in ("contrast", "by", "choices", "default", "median", "lowest … highest", "same sign", "leaves zero"):
        shown.add_column(heading)
    for row in summary.itertuples():
        shown.add_row(
            f"{names.get(row.a, row.a)} − {names.get(row.b, row.b)}",
            row.estimator,
            f"{row.specifications - row.empty} of {row.specifications}",
            *("" if v != v else signed(v) for v in (row.default, row.median)),
            "" if row.lowest != row.lowest else f"{signed(row.lowest)} … {signed(row.highest)}",
            *("" if v != v else f"{v:.0%}" for v in (row.same_sign, row.leaves_zero)),
        )
    wide().print(shown)
