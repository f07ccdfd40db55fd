"""One shard: documents in, four Parquet tables out."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from stance import columns as names
from stance.analysis.tables import columns_of, to_frame
from stance.attribution.segments import Segmenter
from stance.codebook import Codebook, Target
from stance.corpus.duplicates import signature
from stance.corpus.encodings import clean
from stance.files import write_file
from stance.resources import tagger_fingerprint
from stance.results.inputs import packages
from stance.results.records import SEGMENT_COLUMNS, segment_record
from stance.schema import Document, Measure, Score, Segment, StanceError, sha256
from stance.scoring.loading import load_model, settled
from stance.scoring.measures import score_sentiment, score_stance

if TYPE_CHECKING:
    from stance.scoring.model import Model

EMPTY, FOREIGN, NOBODY = "empty text", "not in English", "names no actor of the codebook"
_SCORED = {
    **dict.fromkeys(("document", "date", "outlet", "segment", "role"), pa.string()),
    **dict.fromkeys(("actor", "entity", "voice", "kind", "status"), pa.string()),
    "confidence": pa.float64(),
    **dict.fromkeys(("target", "text", "sentence", "label"), pa.string()),
    **dict.fromkeys(("p_favor", "p_against", "p_none", "p_positive", "p_negative", "p_neutral"), pa.float64()),
    "p_addressed": pa.float64(),
    **dict.fromkeys(("net", "net_min", "net_max"), pa.float64()),
    **dict.fromkeys(("n_wordings", "n_windows"), pa.int64()),
    **dict.fromkeys(("reason", "model"), pa.string()),
}  # fmt: skip


def _scored(measure: Measure) -> pa.Schema:
    return pa.schema([(name, _SCORED[name]) for name in columns_of(measure)])


SCHEMAS: Mapping[str, pa.Schema] = {
    "documents": pa.schema(
        [
            *((name, pa.string()) for name in ("document", "title", "outlet", "date", "url", "metadata", "sha256")),
            ("text", pa.string()),
            ("shifts", pa.list_(pa.list_(pa.int64()))),
            ("characters", pa.int64()),
            ("segments", pa.int64()),
            ("reason", pa.string()),
            ("note", pa.string()),
            ("signature", pa.binary()),
        ]
    ),
    "segments": SEGMENT_COLUMNS,
    "stance": _scored("stance"),
    "sentiment": _scored("sentiment"),
    "duplicates": pa.schema([(name, pa.string()) for name in names.DUPLICATES]),
}
"""The columns of every table: the same in each shard, also where one is empty."""
TABLES = ("documents", "segments", "stance", "sentiment")
"""Those that a shard has a file of."""
LAYOUT = 2
"""Of the tables: since 2 they hold the texts, which a report and a sample show around a statement."""
_PACKAGES = ("torch", "transformers", "tokenizers", "spacy", "numpy", "pandas", "pyarrow", "datasketch")


@dataclass(frozen=True, slots=True)
class Job:
    """What is done to every document; everything a worker needs, and nothing else.

    ``model_name`` is what results carry. A worker that loads other weights under
    the same name refuses to work.
    """

    codebook: Codebook
    target: str
    model: str | None
    backend: str
    wordings: str
    model_name: str
    addressed: float | None = None
    calibration: str | None = None
    base_url: str | None = None
    samples: int = 0

    @classmethod
    def of(
        cls,
        codebook: Codebook,
        *,
        target: str | None = None,
        model: str | None = None,
        backend: str = "torch",
        wordings: str = "all",
        addressed: float | None = None,
        calibration: str | Path | None = None,
        base_url: str | None = None,
        samples: int = 0,
    ) -> Job:
        """A job, its model looked up (and for the backend ``onnx`` exported) once: all workers compute alike."""
        aim = codebook.target(target)
        backend = settled(backend)
        if model is not None and Path(model).is_dir():
            model = str(Path(model).resolve())  # workers may stand elsewhere
        fitted = None if calibration is None else str(Path(calibration).resolve())
        job = cls(codebook, aim.id, model, backend, wordings, "", addressed, fitted, base_url, samples)
        return replace(job, model_name=job.load().name)

    def load(self) -> Model:
        """The model, as every worker loads it."""
        return load_model(
            self.model, backend=self.backend, addressed=self.addressed, calibration=self.calibration,
            base_url=self.base_url, samples=self.samples,
        )  # fmt: skip

    def configuration(self) -> dict[str, Any]:
        """What decides a result besides the documents, as the manifest records it."""
        from stance import __version__

        extra = ("onnxruntime",) if self.backend != "torch" else ()
        return {
            "backend": self.backend,
            "codebook": self.codebook.fingerprint,
            "layout": LAYOUT,
            "model": self.model_name,
            **{f"package {name}": version for name, version in packages((*_PACKAGES, *extra)).items()},
            "tagger": tagger_fingerprint(),
            "target": self.target,
            "version": __version__,
            "wordings": self.wordings,
        }


class _Tools(NamedTuple):
    segmenter: Segmenter
    model: Model
    target: Target


_held: dict[tuple[str, ...], _Tools] = {}
"""What this process has loaded for the job it works on."""


def _tools(job: Job) -> _Tools:
    key = (job.codebook.fingerprint, job.target, job.model_name, job.backend, job.base_url or "")
    if key not in _held:
        model = job.load()
        if model.name != job.model_name:
            raise StanceError(
                f"This worker has other weights of {job.model or 'the bundled model'}: {model.name} instead of "
                f"{job.model_name}. Install the same version of stance and of the model everywhere."
            )
        _held.clear()
        _held[key] = _Tools(Segmenter(job.codebook), model, job.codebook.target(job.target))
    return _held[key]


def score_shard(documents: Sequence[Document], folder: str, name: str, job: Job) -> dict[str, Any]:
    """Segment and score some documents, and write their tables.

    Depends on nothing but its arguments; each file is written whole or not at
    all, and comes out the same to the last byte when made again.

    Parameters
    ----------
    documents
        The shard.
    folder
        The results folder.
    name
        Of the shard's files.
    job
        What to do.

    Returns
    -------
    dict
        The hashes of the files, and counts of documents, segments, reasons
        for documents without scores, and reasons for questions that got no answer.
    """
    tools = _tools(job)
    before = refused_by(tools.model)
    segments: list[Segment] = []
    rows = []
    for document in documents:
        found, row = _segmented(document, tools)
        segments += found
        rows.append(row)
    tables = {
        "documents": rows,
        "segments": [segment_record(s) for s in segments],
        "stance": _records(score_stance(segments, tools.target, tools.model, wordings=job.wordings)),
        "sentiment": _records(score_sentiment(segments, tools.model, wordings=job.wordings)),
    }
    files = {}
    for table, records in tables.items():
        path = f"{table}/{name}.parquet"
        data = parquet_bytes(records, table)
        write_file(Path(folder) / path, data)
        files[path] = sha256(data)
    reasons = Counter(row["reason"].split(":")[0] for row in rows if row["reason"])
    return {
        "documents": len(rows),
        "segments": len(segments),
        "unscored": dict(sorted(reasons.items())),
        "files": files,
        **({"refused": dict(sorted(refused.items()))} if (refused := refused_by(tools.model) - before) else {}),
    }


def refused_by(model: object) -> Counter[str]:
    """How many questions a language model has not answered so far, by reason; none by any other model.

    Parameters
    ----------
    model
        Any.

    Examples
    --------
    >>> refused_by(object())
    Counter()
    """
    return Counter(getattr(model, "refused", {}))


def _segmented(document: Document, tools: _Tools) -> tuple[list[Segment], dict[str, Any]]:
    """The segments of a document, and its line in the table of documents."""
    segments: list[Segment] = []
    notes: list[str] = []
    if not document.text.strip():
        reason: str | None = EMPTY
    else:
        try:
            found = tools.segmenter.segment(document)
        except Exception as error:  # one bad document is reported and does not stop the corpus
            reason = f"could not be read: {type(error).__name__} {' '.join(str(error).split())[:200]}"
        else:
            segments, notes = found.segments, found.notes
            known = any(s.actor for s in segments)
            reason = None if known else FOREIGN if found.left_out and not segments else NOBODY
    row = {
        "document": document.id,
        "title": document.title,
        "outlet": document.outlet,
        "date": document.date,
        "url": document.url,
        "metadata": clean(json.dumps(dict(document.metadata), ensure_ascii=False, sort_keys=True, default=str)),
        "sha256": document.sha256,
        "text": document.text,
        "shifts": [list(pair) for pair in document.shifts],
        "characters": len(document.text),
        "segments": len(segments),
        "reason": reason,
        "note": " ".join(notes) or None,
        "signature": signature(document.text).tobytes(),
    }
    return segments, row


def _records(scores: Iterable[Score]) -> list[dict[str, Any]]:
    table = to_frame(scores, digits=6)
    return table.astype(object).where(table.notna(), None).to_dict("records")


def parquet_bytes(rows: Sequence[Mapping[str, Any]], table: str) -> bytes:
    """Rows as a Parquet file, the same bytes each time.

    Parameters
    ----------
    rows
        With the columns of the table.
    table
        A key of :data:`SCHEMAS`.

    Examples
    --------
    >>> pq.read_table(io.BytesIO(parquet_bytes([], "duplicates"))).num_columns
    2
    """
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows), schema=SCHEMAS[table]), buffer, compression="zstd")
    return buffer.getvalue()
