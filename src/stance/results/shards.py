"""A batch's folder read back: the columns and rows that are asked for, never all of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pydantic

from stance.analysis.groups import with_clusters
from stance.codebook import Codebook
from stance.corpus.rows import csv_bytes
from stance.results._listed import MANIFEST
from stance.results.inputs import Inputs
from stance.results.manifest import read_manifest, write
from stance.results.records import DocumentRecord, SegmentRecord
from stance.schema import Document, Segment, StanceError, sha256
from stance.strict import first_fault

LEFT_OUT = "left_out.csv"
"""Rows and files that were not read, with the reason."""
_DUPLICATES = "duplicates.parquet"
_CELL = 100
"""Characters of a word that groups or orders texts: what is longer is a text of its own."""
_AT_ONCE = 16_384
"""Rows that are read at once: a few megabytes of statements. A choice, not measured."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The folder that ``stance batch`` wrote: its shards, as its manifest lists them."""

    root: Path
    manifest: Mapping[str, Any]

    @classmethod
    def of(cls, folder: str | Path) -> Batch | None:
        """The batch that a folder holds; None if it holds none.

        Examples
        --------
        >>> Batch.of("no such folder") is None
        True
        """
        root = Path(folder)
        if not (root / MANIFEST).is_file():
            return None
        manifest = read_manifest(root)
        return cls(root, manifest) if "shards" in manifest else None

    @property
    def inputs(self) -> Inputs:
        """What it was made from; its documents go by one hash for all shards."""
        shards, told = self.manifest["shards"], self.manifest["configuration"]
        inputs = "".join(shards[name]["input"] for name in sorted(shards))
        documents = {f"{self.documents} documents": sha256(inputs.encode())}
        return Inputs(documents, told["codebook"], told["model"], None, told["tagger"])

    @property
    def documents(self) -> int:
        """How many documents it holds."""
        return sum(shard["documents"] for shard in self.manifest["shards"].values())

    @property
    def n_segments(self) -> int:
        """How many segments it holds."""
        return sum(shard["segments"] for shard in self.manifest["shards"].values())

    def table(
        self, name: str, columns: Collection[str] | None = None, where: Mapping[str, Collection[str]] | None = None
    ) -> pd.DataFrame:
        """Columns of one of its tables; of all rows, or of those that hold one of some values.

        Parameters
        ----------
        name
            ``documents``, ``segments``, ``stance`` or ``sentiment``.
        columns
            Those wanted that the table has; all if left out.
        where
            A column and the values that rows may have in it.
        """
        dataset = self._dataset(name)
        known = [c for c in dataset.schema.names if columns is None or c in columns]
        try:
            read = dataset.to_table(columns=known, filter=_filter(where), batch_size=_AT_ONCE)
        except (OSError, pa.ArrowException) as error:
            raise self._damaged(name, error) from None
        return read.to_pandas(split_blocks=True, self_destruct=True)

    def clusters(self) -> dict[str, str]:
        """Document → the first of its near copies; empty while the batch is not done."""
        file = self.root / _DUPLICATES
        if _DUPLICATES not in self.manifest["files"]:
            return {}
        try:
            found = pq.read_table(file, columns=["document", "cluster"]).to_pandas()
        except (OSError, pa.ArrowException) as error:
            raise self._damaged(_DUPLICATES, error) from None
        return dict(zip(found["document"], found["cluster"], strict=True))

    def scores(self, measure: str, columns: Collection[str] | None = None) -> pd.DataFrame:
        """Columns of a score table, and ``cluster``, by which copies of one text are counted once.

        Parameters
        ----------
        measure
            ``stance`` or ``sentiment``.
        columns
            As for :meth:`table`; without ``document`` among them, nothing is said of copies.
        """
        table = self.table(measure, columns)
        copies = self.clusters() if "document" in table else {}
        return with_clusters(table, copies) if copies else table

    def further(self) -> pd.DataFrame:
        """What else is known of documents, as columns by document: words, numbers and yes or no.

        Long texts and lists are left out: no regression takes them, and they may be most of a corpus.
        """
        known: dict[str, dict[str, Any]] = {}
        for rows in self.rows("documents", ("document", "metadata")):
            for document, held in zip(rows["document"], rows["metadata"], strict=True):
                known[document] = self._cells(held) if isinstance(held, str) else {}
        return pd.DataFrame.from_dict(known, orient="index")

    def _cells(self, held: str) -> dict[str, Any]:
        try:
            return {k: v for k, v in json.loads(held).items() if _is_cell(v)}
        except (ValueError, AttributeError) as error:
            raise self._damaged("documents", error) from None

    def rejected(self) -> tuple[int, list[str]]:
        """How many rows or files could not be read, and what is known of each of the first."""
        if LEFT_OUT not in self.manifest["files"]:
            return 0, []
        try:
            found = pd.read_csv(self.root / LEFT_OUT, dtype=str, keep_default_na=False, encoding="utf-8-sig")
            more = int(found.loc[found["path"] == "", "line"].astype(int).sum())
            known = found[found["path"] != ""]
            said = [
                f"{path}{f', line {line}' if line else ''}: {reason}"
                for path, line, reason in zip(known["path"], known["line"], known["reason"], strict=True)
            ]
        except (OSError, ValueError, KeyError) as error:
            raise self._damaged(LEFT_OUT, error) from None
        return len(known) + more, said

    def rows(self, name: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Columns of one of its tables, some rows at a time, in the order of the documents."""
        try:
            for batch in self._dataset(name).to_batches(columns=list(columns), batch_size=_AT_ONCE):
                if batch.num_rows:
                    yield batch.to_pandas()
        except (OSError, pa.ArrowException) as error:
            raise self._damaged(name, error) from None

    def texts(self, ids: Collection[str]) -> dict[str, Document]:
        """Some of its documents, by id, in the order of the corpus."""
        columns = ("document", "text", "title", "outlet", "date", "url", "shifts")
        found = self.table("documents", columns, {"document": ids}).rename(columns={"document": "id"})
        if "text" not in found:
            raise _older(self.root)
        records = (_record(DocumentRecord, row, self.root).document() for row in found.to_dict("records"))
        return {d.id: d for d in records}

    def segments(self, documents: Mapping[str, Document], ids: Collection[str] | None = None) -> tuple[Segment, ...]:
        """The segments of some documents, or those among them that are named."""
        found = self.table("segments", None, {"document": documents} if ids is None else {"id": ids})
        rows = (_record(SegmentRecord, row, self.root) for row in found.to_dict("records"))
        return tuple(row.segment(documents, self.root) for row in rows if row.document in documents)

    def _dataset(self, name: str) -> Any:
        files = [p for s in self.manifest["shards"].values() for p in s["files"] if p.startswith(f"{name}/")]
        if not files:
            raise StanceError(f"{self.root} holds no finished shard. Start 'stance batch' again to go on with it.")
        try:
            return ds.dataset([str(self.root / path) for path in sorted(files)], format="parquet")
        except (OSError, pa.ArrowException) as error:
            raise self._damaged(name, error) from None

    def _damaged(self, name: str, error: Exception) -> StanceError:
        said = " ".join(str(error).split())[:200]
        return StanceError(
            f"The shards under {self.root / name} cannot be read ({said}). Start 'stance batch' again, which makes "
            "those that are missing or altered."
        )


def write_left_out(
    folder: str | Path, rejected: Sequence[tuple[str, int | None, str]], n: int, codebook: Codebook
) -> None:
    """List what a batch was given and could not read.

    Parameters
    ----------
    folder
        The batch's.
    rejected
        Path, line and reason of each of the first.
    n
        How many there were; what is not listed is counted in a last row without a path.
    codebook
        Of the batch.
    """
    table = pd.DataFrame(rejected, columns=["path", "line", "reason"]).astype({"line": "Int64"})
    if more := n - len(rejected):
        table.loc[len(table)] = [None, more, "more that are not listed"]
    write({LEFT_OUT: csv_bytes(table)}, Inputs.of((), codebook), out=folder)


def _is_cell(value: Any) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and len(value) <= _CELL)


def _filter(where: Mapping[str, Collection[str]] | None) -> Any:
    if where is None:
        return None
    ((column, values),) = where.items()
    return ds.field(column).isin(pa.array(list(values), pa.string()))


def _record(kind: Any, row: Mapping[Any, Any], root: Path) -> Any:
    """A row of Parquet as the record of a line; missing cells are None, arrays are lists."""
    plain = {
        str(k): [list(map(int, pair)) for pair in v] if hasattr(v, "__len__") and not isinstance(v, str) else v
        for k, v in row.items()
        if not (isinstance(v, float) and v != v)  # a cell that pandas holds as NaN is missing
    }
    plain = dict.fromkeys(map(str, row)) | plain
    try:
        return kind.model_validate({k: v for k, v in plain.items() if v is not None or k != "shifts"})
    except pydantic.ValidationError as error:
        raise StanceError(
            f"A shard in {root} is damaged ({first_fault(error)}). Start 'stance batch' again, which makes it anew."
        ) from None


def _older(root: Path) -> StanceError:
    return StanceError(
        f"{root} is a batch of an older version of stance, which kept no texts. Run 'stance batch' into a new folder."
    )
