"""The scores of a results folder and the segments behind them, whichever command made it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from stance.analysis.tables import COLUMNS
from stance.corpus.rows import read_rows
from stance.results.folder import read_segments
from stance.results.origins import MEASURES, results_folder
from stance.results.shards import Batch
from stance.schema import Segment, StanceError

SCORED = frozenset(c for c in COLUMNS if c not in ("date", "outlet", "text", "sentence", "reason", "model"))
"""Columns that means and errors are computed from: without the texts, which are most of a table."""


@dataclass(frozen=True, slots=True)
class Scores:
    """A score table and where it lies.

    Attributes
    ----------
    path
        The file; of a batch, the folder of its measure.
    folder
        The results folder it lies in, if it lies in one.
    batch
        The batch, if the folder holds one.
    """

    path: Path
    folder: Path | None
    batch: Batch | None

    def table(self, columns: Collection[str] | None = None) -> pd.DataFrame:
        """The table; of a batch, only the columns that are named."""
        return read_rows(self.path) if self.batch is None else self.batch.scores(self.path.name, columns)

    def whole(self, drawn: pd.DataFrame) -> pd.DataFrame:
        """Rows that were drawn from some columns, with all their columns, in their order."""
        if self.batch is None:
            return drawn
        rows = self.batch.table(self.path.name, where={"segment": drawn["segment"].astype(str).tolist()})
        own = drawn[["segment", "target", *drawn.columns.difference(rows.columns)]].astype({"target": object})
        return own.merge(rows, on=["segment", "target"], how="left")[[*rows.columns, "inclusion_probability"]]

    def segments(self, drawn: pd.DataFrame) -> tuple[Segment, ...] | None:
        """The segments that rows are of, with their texts; None where the folder has none."""
        if self.batch is not None:
            return self.batch.segments(self.batch.texts(set(drawn["document"])), set(drawn["segment"]))
        beside = self.folder and self.folder / "segments.jsonl"
        if not beside or not (beside.is_file() and beside.with_name("documents.jsonl").is_file()):
            return None
        return read_segments(beside)


def scores_of(path: str | Path) -> Scores:
    """The scores that a path means: a results folder's stance, a measure of a batch, or a table.

    Parameters
    ----------
    path
        A results folder; the folder ``stance`` or ``sentiment`` of a batch; or a file.

    Raises
    ------
    StanceError
        If a folder is given that is no results folder.

    Examples
    --------
    >>> import tempfile
    >>> scores_of(tempfile.gettempdir())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    stance.schema.StanceError: ... is no results folder: it has no manifest.json. Give a folder that 'stance run' or
    'stance batch' wrote, or a score table.
    """
    given = Path(path)
    folder = results_folder(given)
    batch = Batch.of(folder) if folder else None
    if not given.is_dir():
        return Scores(given, folder or given.resolve().parent.parent, None)  # one shard is a table like any other
    if folder is None:
        raise StanceError(
            f"{given} is no results folder: it has no manifest.json. Give a folder that 'stance run' or 'stance batch' "
            "wrote, or a score table."
        )
    if batch is not None:
        return Scores(folder / (given.name if given.name in MEASURES else "stance"), folder, batch)
    return Scores(folder / "scores" / "stance.csv", folder, None)
