"""Figures and page of a batch, drawn from columns of its shards: memory does not grow with its texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from stance import plots
from stance.analysis.contrasts import contrast, count_roles, sentiment_matrix, summarize
from stance.analysis.tables import COLUMNS
from stance.pipeline.across import across, by_document
from stance.pipeline.study import Result
from stance.results.lock import locked
from stance.results.manifest import read_manifest, save, write
from stance.results.origins import codebook_of
from stance.results.report import BUSY, write_report
from stance.results.shards import Batch
from stance.schema import StanceError

_NETS = (
    "document",
    "date",
    "outlet",
    "role",
    "actor",
    "voice",
    "target",
    "net",
    "net_min",
    "net_max",
    "p_addressed",
    "p_favor",
    "p_against",
    "p_none",
    "status",
    "confidence",
)


def write_overview(folder: str | Path) -> Path:
    """Write the figures, tables and page of a batch into its folder, as ``stance run`` does for a study.

    Parameters
    ----------
    folder
        What :func:`stance.pipeline.batch.run_batch` wrote.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    StanceError
        If the folder holds no batch, or another run is working in it.

    Examples
    --------
    >>> write_overview("no such folder")
    Traceback (most recent call last):
    stance.schema.StanceError: no such folder holds no batch. Give a folder that 'stance batch' wrote.
    """
    if Batch.of(folder) is None:
        raise StanceError(f"{folder} holds no batch. Give a folder that 'stance batch' wrote.")
    with locked(Path(folder), BUSY):
        batch = Batch(Path(folder), read_manifest(Path(folder)))
        stance = batch.scores("stance", _NETS)
        for r in _results(batch, stance):
            save(r.name, r.figure, r.table, r.inputs, out=batch.root, also=r.also)
        further = batch.further()
        further = further[[c for c in further if c not in COLUMNS and c not in stance]]
        write(by_document(stance.join(further, on="document")), batch.inputs, out=batch.root)
        return write_report(batch.root)


def stance_of(folder: str | Path) -> pd.DataFrame:
    """The stance of a batch, in the columns that means are computed from.

    Parameters
    ----------
    folder
        What :func:`stance.pipeline.batch.run_batch` wrote.
    """
    batch = Batch.of(folder)
    return pd.DataFrame(columns=_NETS) if batch is None else batch.scores("stance", _NETS)


def _results(batch: Batch, stance: pd.DataFrame) -> Iterator[Result]:
    """The figures of a study that are of a corpus as a whole, with their tables."""
    codebook, inputs = codebook_of(batch.root), batch.inputs
    names = codebook.names
    counts = count_roles(batch.table("segments", ("actor", "role", "voice", "status")))
    yield Result("02_roles", plots.plot_roles(counts, names), counts, inputs)
    sentiment = batch.scores("sentiment", _NETS)
    if len(sentiment):
        yield Result("03_sentiment", plots.plot_matrix(sentiment, names), sentiment_matrix(sentiment), inputs)
    if not stance["net"].notna().any():
        return
    target = codebook.target(str(batch.manifest["configuration"]["target"])).label
    yield Result("04_stance", plots.plot_stance(stance, names, target), summarize(stance), inputs)
    contrasts = contrast(stance)
    yield Result("05_contrasts", plots.plot_contrast(contrasts, names), contrasts, inputs, (".md", ".tex"))
    for shown in across(stance, names, target):
        yield Result(*shown[:3], inputs, shown.also)
