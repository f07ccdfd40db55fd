"""The verb that scores rows of text and target."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.asking import BaseUrl, PriceOf, Samples, Yes, before_asking, note_refused
from stance.cli.options import Addressed, Backend, Calibration, Measures, ModelName, Wordings
from stance.cli.progress import Steps
from stance.cli.terminal import say
from stance.numbers import counted
from stance.schema import StanceError

if TYPE_CHECKING:
    from pandas import DataFrame

    from stance.scoring.model import Model


def score(
    rows: Annotated[Path, typer.Argument(help="A .jsonl, .csv or .parquet file with text and target.")],
    measure: Annotated[Measures, typer.Option(help="What to score.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A .jsonl, .csv or .parquet file.")],
    model: ModelName = None,
    backend: Backend = "torch",
    wordings: Annotated[
        Wordings, typer.Option(help="One wording of the hypothesis, or the mean of all.")
    ] = Wordings.one,
    addressed: Addressed = None,
    calibration: Calibration = None,
    base_url: BaseUrl = None,
    samples: Samples = 0,
    price: PriceOf = None,
    yes: Yes = False,
    columns: Annotated[
        list[str] | None, typer.Option(help="Which column holds what, as text=body,target=topic; repeatable.")
    ] = None,
) -> None:
    """Score rows of text and target; columns and order are kept."""
    from stance.corpus.documents import parse_columns
    from stance.corpus.rows import read_rows, rows_text
    from stance.files import writable, write_file
    from stance.scoring.loading import load_model
    from stance.scoring.rows import ROW_FIELDS, score_rows

    named = parse_columns(columns or (), ROW_FIELDS, "a row")
    if out.suffix.lower() not in (".jsonl", ".csv", ".parquet"):
        raise StanceError(f"The output {out} must be a .jsonl, .csv or .parquet file. Change its name.")
    if out.exists() and rows.exists() and out.samefile(rows):
        raise StanceError(f"{out} is the input itself, which would be lost. Give the output another name.")
    given = read_rows(rows)
    writable(out.parent)
    with Steps("loading the model") as steps:
        loaded = load_model(
            model, backend=backend, addressed=addressed, calibration=calibration, base_url=base_url, samples=samples
        )
        loaded.progress = steps.advance
        before_asking(loaded, steps, price, yes)

        def scored_by(reader: Model) -> DataFrame:
            return score_rows(given, measure.value, reader, wordings=wordings.value, where=str(rows), columns=named)

        steps.step(f"scoring {counted(len(given), 'row')}")
        loaded.expect(scored_by)
        scored = scored_by(loaded)
    note_refused(loaded)
    write_file(out, rows_text(scored, out.suffix.lower()))
    unscored = int(scored["label"].isna().sum())
    beside = int(scored["reason"].notna().sum()) - unscored if "reason" in scored else 0
    left = [f"{n} {what}" for n, what in ((unscored, "left unscored"), (beside, "do not take the target up")) if n]
    why = f" ({', '.join(left)}: see the column reason)" if left else ""
    say(f"{len(scored) - unscored} rows scored by {loaded.name}{why}, written to {out}")
