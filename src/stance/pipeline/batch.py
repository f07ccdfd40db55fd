"""Many documents: shards, processes or a cluster, and a run that goes on where it stopped.

A shard is some documents in the order they are read. :func:`score_shard` makes
its tables from nothing but the documents and the :class:`Job`; a manifest
records what each shard was made from and the hashes of its files.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from stance.corpus.duplicates import SIZE, clusters
from stance.corpus.sizes import document_size
from stance.files import write_file
from stance.pipeline._executors import Executed, execute
from stance.pipeline._passes import Passes
from stance.pipeline.shard import TABLES, Job, parquet_bytes, score_shard
from stance.results.folder import names_json
from stance.results.inputs import Inputs
from stance.results.lock import locked
from stance.results.manifest import LOCK, MANIFEST, read_manifest, write
from stance.results.origins import codebook_files
from stance.schema import Document, StanceError, sha256

_PART = ".part-"
_CHARACTERS = 20_000_000
"""A shard is closed early at this size, so that long documents, or what they carry, do not pile up."""


@dataclass(frozen=True, slots=True)
class State:
    """How far a run is: documents of finished shards, those of an earlier run among them."""

    done: int
    resumed: int
    total: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What is in a batch's folder after a run, and what the run did for it."""

    documents: int
    unscored: Mapping[str, int]
    """Documents without scores, by reason."""
    segments: int
    shards: int
    resumed: int
    """Shards that were finished before."""
    duplicates: int
    """Documents that are nearly the same as another one."""
    failed: Mapping[int, str] = field(default_factory=dict)
    """Shards that could not be made, and why."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """Questions that a language model did not answer, by reason."""


def run_batch(
    documents: Callable[[], Iterable[Document]],
    job: Job,
    out: str | Path,
    *,
    workers: int = 1,
    shard_size: int = 1000,
    scheduler: str | None = None,
    progress: Callable[[State], Any] = lambda state: None,
) -> Summary:
    """Segment and score documents shard by shard; finished shards are not touched again.

    Parameters
    ----------
    documents
        Gives the documents, each time the same; called twice, first to count,
        and held against what was counted.
    job
        What to do with them: :meth:`stance.pipeline.shard.Job.of`.
    out
        A folder of its own. Written are ``documents/``, ``segments/``, ``stance/``
        and ``sentiment/``, one Parquet file a shard, ``duplicates.parquet`` and
        the manifest.
    workers
        Processes that work at the same time.
    shard_size
        Documents a shard; memory grows with it, and a stop loses at most one
        shard per worker.
    scheduler
        Left out: processes of this machine. ``"local"`` or an address: Dask.
    progress
        Told after every shard.

    Raises
    ------
    StanceError
        If another run uses the folder, it holds another configuration or other
        documents, or it cannot be written; if a document is not what was counted.

    Examples
    --------
    >>> import tempfile
    >>> from stance.codebook import read_codebook
    >>> from stance.corpus.documents import read_corpus
    >>> job = Job.of(read_codebook(), model="small", wordings="one")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     summary = run_batch(read_corpus, job, folder)
    >>> summary.documents, summary.shards
    (1, 1)
    """
    if shard_size < 1 or workers < 1:
        raise StanceError("--shard-size and --workers must be 1 or more.")
    folder = Path(out).resolve()
    with locked(folder, "Wait until it is done, or give another --out."):
        manifest = _manifest(folder, job, shard_size)
        _tidy(folder)
        passes = Passes(documents)
        total = passes.count()
        _write_manifest(folder, manifest)
        _write_names(folder, job, manifest)
        run = _Run(job, folder, manifest, total, progress)
        run.go(shards(passes.again(), shard_size), workers, scheduler)
        _tidy(folder)
        return run.summary()


class _Run:
    """One run over the shards of a folder: which are done, which failed, and the manifest that says so."""

    def __init__(
        self, job: Job, folder: Path, manifest: dict[str, Any], total: int, progress: Callable[[State], Any]
    ) -> None:
        self._job, self._folder, self._manifest, self._total, self._progress = job, folder, manifest, total, progress
        self._finished: dict[str, Any] = manifest["shards"]
        self._failed: dict[int, str] = {}
        self._done = self._resumed = self._kept = 0

    def go(self, all_shards: Iterable[list[Document]], workers: int, scheduler: str | None) -> None:
        """Make every shard that is not there yet."""
        seen: set[str] = set()
        for result in execute(self._waiting(all_shards, seen), self._work, workers=workers, scheduler=scheduler):
            self._take(result, on_cluster=scheduler is not None)
        if more := sorted(set(self._finished) - seen):
            raise StanceError(
                f"{self._folder} holds {len(more)} more shards than the documents given now fill. Give the same "
                "input, or another --out."
            )

    def _waiting(self, all_shards: Iterable[list[Document]], seen: set[str]) -> Iterator[tuple[int, list[Document]]]:
        """Shards that have to be made; those that are there are counted."""
        for number, shard in enumerate(all_shards):
            entry = self._finished.get(_name(number))
            seen.add(_name(number))
            if entry is not None and entry["input"] != fingerprint(shard):
                raise StanceError(
                    f"Shard {number} in {self._folder} was made from other documents than those given now. Give the "
                    "same input in the same order, or another --out."
                )
            if entry is None or not _intact(self._folder, entry):
                yield number, shard
                continue
            self._done, self._resumed, self._kept = self._done + len(shard), self._resumed + len(shard), self._kept + 1
            self._progress(State(self._done, self._resumed, self._total))

    def _work(self, number: int, shard: list[Document]) -> tuple[Any, ...]:
        return score_shard, shard, str(self._folder), _name(number), self._job

    def _take(self, result: Executed, on_cluster: bool) -> None:
        """Enter a shard that was made, or failed, into the manifest."""
        name = _name(result.number)
        if result.error is not None:
            _refuse_if_hopeless(result)
            self._failed[result.number] = str(result.error)
            self._finished.pop(name, None)
        else:
            self._finished[name] = {"input": fingerprint(result.shard), **result.value}
            if on_cluster and not _intact(self._folder, self._finished[name]):
                raise StanceError(
                    f"The cluster's workers do not write to {self._folder}. Give --out a folder that all of them see."
                )
            self._done += len(result.shard)
        _write_manifest(self._folder, self._manifest)
        self._progress(State(self._done, self._resumed, self._total))

    def summary(self) -> Summary:
        """What is in the folder now; near copies are marked."""
        entries = self._finished.values()
        unscored: Counter[str] = Counter()
        refused: Counter[str] = Counter()
        for entry in entries:
            unscored.update(entry["unscored"])
            refused.update(entry.get("refused", {}))
        return Summary(
            documents=sum(entry["documents"] for entry in entries),
            unscored=dict(sorted(unscored.items())),
            segments=sum(entry["segments"] for entry in entries),
            shards=len(entries),
            resumed=self._kept,
            duplicates=_write_duplicates(self._folder, sorted(self._finished), self._job),
            failed=self._failed,
            refused=refused,
        )


def shards(documents: Iterable[Document], size: int, characters: int = _CHARACTERS) -> Iterator[list[Document]]:
    """Documents in groups, in their order.

    Parameters
    ----------
    documents
        Read one by one.
    size
        At most so many documents.
    characters
        A group is closed once it holds so many, in texts and in what they carry
        (:func:`stance.corpus.sizes.document_size`).

    Examples
    --------
    >>> [len(s) for s in shards([Document("a", "x"), Document("b", "y"), Document("c", "z")], 2)]
    [2, 1]
    """
    shard: list[Document] = []
    held = 0
    for document in documents:
        shard.append(document)
        held += document_size(document)
        if len(shard) >= size or held >= characters:
            yield shard
            shard, held = [], 0
    if shard:
        yield shard


def fingerprint(shard: Iterable[Document]) -> str:
    """One hash of ids, texts and what else of documents decides a result.

    Examples
    --------
    >>> fingerprint([Document("a", "x")])[:8], fingerprint([Document("a", "y")])[:8]
    ('e989e26a', 'fac97be3')
    """
    whole = hashlib.sha256(b"[")  # as JSON of the list would be, which is not held: a shard may carry 20 MB
    for number, d in enumerate(shard):
        row = [d.id, d.text, d.title, d.outlet, d.date, d.url, dict(d.metadata)]
        whole.update((", " if number else "").encode() + json.dumps(row, sort_keys=True, default=str).encode())
    whole.update(b"]")
    return whole.hexdigest()


def _name(number: int) -> str:
    return f"{number:06}"


def _tidy(folder: Path) -> None:
    """Remove what a killed run, or a worker of this one that was killed, left half written."""
    for place in (folder, *(folder / table for table in TABLES)):
        for part in place.glob(f"{_PART}*"):
            part.unlink(missing_ok=True)


def _manifest(folder: Path, job: Job, shard_size: int) -> dict[str, Any]:
    """The manifest of an earlier run with the same configuration, or a new one."""
    configuration = job.configuration() | {"shard_size": shard_size}
    path = folder / MANIFEST
    if not path.exists():
        if strangers := sorted(p.name for p in folder.iterdir() if p.name != LOCK and not p.name.startswith(_PART)):
            raise StanceError(
                f"{folder} holds files of something else ({strangers[0]}). Give --out a folder of its own."
            )
        return {"configuration": configuration, "files": {}, "shards": {}}
    manifest = read_manifest(folder)
    if "shards" not in manifest:
        raise StanceError(f"{folder} holds results that are no batch. Give --out a folder of its own.")
    try:
        before = dict(manifest["configuration"])
        for name, entry in manifest["shards"].items():
            counts = [
                entry["documents"],
                entry["segments"],
                *entry["unscored"].values(),
                *entry.get("refused", {}).values(),
            ]
            files = {f"{table}/{name}.parquet" for table in TABLES}
            if set(entry["files"]) != files or not all(isinstance(n, int) for n in counts):
                raise ValueError("not the entry of a shard")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StanceError(f"{path} is damaged or not of a batch. Restore it, or give another --out.") from None
    if changed := [key for key in sorted({*before, *configuration}) if before.get(key) != configuration.get(key)]:
        named = "; ".join(f"{key}: {before.get(key)} then, {configuration.get(key)} now" for key in changed)
        raise StanceError(f"{folder} was begun with another configuration ({named}). Use that, or another --out.")
    return manifest | {"configuration": configuration}


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    write_file(folder / MANIFEST, (json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode())


def _intact(folder: Path, entry: Mapping[str, Any]) -> bool:
    """Whether the files of a shard are there and unchanged."""
    return all(
        (folder / path).is_file() and sha256((folder / path).read_bytes()) == known
        for path, known in entry["files"].items()
    )


def _refuse_if_hopeless(result: Executed) -> None:
    """Stop for what would meet every shard alike: a disk that is full, a model that is gone."""
    if isinstance(result.error, StanceError | OSError):
        raise StanceError(f"Shard {result.number}: {result.error}") from None


def _write_names(folder: Path, job: Job, manifest: dict[str, Any]) -> None:
    """The codebook and what it calls actors and targets, as any results folder keeps them."""
    files = {**codebook_files(job.codebook), "labels.json": names_json(job.codebook).encode()}
    command = {"verb": "batch", "target": job.target, "backend": job.backend, "wordings": job.wordings}
    write(files, Inputs.of((), job.codebook), out=folder, command=command)
    manifest |= {key: value for key, value in read_manifest(folder).items() if key != "shards"}


def _write_duplicates(folder: Path, names: Iterable[str], job: Job) -> int:
    """Which documents are near-duplicates of others, over all shards; how many are not the first of their kind."""
    ids: list[str] = []
    with tempfile.TemporaryFile() as signatures:  # half a kilobyte a document: kept on disk
        for name in names:
            table = pq.read_table(folder / "documents" / f"{name}.parquet", columns=["document", "signature"])
            ids += table["document"].to_pylist()
            signatures.writelines(table["signature"].to_pylist())
        signatures.flush()
        shape = (len(ids), SIZE)
        rows = np.memmap(signatures, np.uint32, "r", shape=shape) if ids else np.zeros(shape, np.uint32)
        found = clusters(ids, rows)
    copies = [{"document": d, "cluster": c} for d, c in zip(ids, found, strict=True)]
    write({"duplicates.parquet": parquet_bytes(copies, "duplicates")}, Inputs.of((), job.codebook), out=folder)
    return sum(row["document"] != row["cluster"] for row in copies)
