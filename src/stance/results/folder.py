"""A results folder read back: every file checked against the manifest, every value against what it may be."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd
import pydantic

from stance.analysis.tables import COLUMNS
from stance.codebook import Codebook
from stance.corpus.csv_tables import as_written
from stance.corpus.streams import read_whole
from stance.results._listed import MANIFEST, unlike
from stance.results.inputs import Inputs
from stance.results.manifest import read_manifest
from stance.results.records import DocumentRecord, SegmentRecord, damaged
from stance.schema import CorpusWarning, Document, Segment, StanceError, sha256
from stance.strict import first_fault, parse_json

SCORES = ("stance", "sentiment", "frames")
"""The tables under ``scores/``; the last need not be there."""
_PAGE = "report.html"
_EXHIBIT = re.compile(r"(figures|tables)/([\w-]+)\.(svg|png|csv)")
_NUMBERS = frozenset(c for c in COLUMNS if re.fullmatch(r"p_\w+|net\w*|n_\w+|confidence", c))
_NET = ("document", "segment", "role", "actor", "target", "net", "net_min", "net_max")
_NEEDED = {
    "stance": _NET,
    "sentiment": _NET,
    "frames": ("segment", "target", "p_present"),
    "wordings": ("segment", "target", "wording", "net", "model"),
}


class Names(pydantic.BaseModel):
    """What actors, targets and frames are called, by their ids."""

    actors: dict[str, str]
    targets: dict[str, str]
    frames: dict[str, str] = {}


_Line = TypeVar("_Line", bound=pydantic.BaseModel)


class Exhibit(NamedTuple):
    """A figure with its table; either may be missing."""

    name: str
    title: str | None
    alt: str | None
    svg: bytes | None
    png: bytes | None
    table: pd.DataFrame | None
    """As it is written: every cell a string."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How much a folder holds of which only a part was read.

    ``by`` counts passages by actor and role; ``scored`` those with a net stance; ``unknown`` those of no known actor.
    ``unscored`` counts documents without scores by reason; ``rejected`` rows and files that were not read, the first of
    which ``faults`` names; ``undated`` documents without a date.
    """

    documents: int
    segments: int
    scored: int
    unknown: int
    by: Mapping[tuple[str, str], int]
    unscored: Mapping[str, int] = field(default_factory=dict)
    rejected: int = 0
    faults: Sequence[str] = ()
    undated: int = 0


@dataclass(frozen=True, slots=True)
class Folder:
    """What one analysis left in a results folder.

    Attributes
    ----------
    names
        What actors, targets and frames are called.
    scores
        Score tables by measure: stance, sentiment, and frames if there are any.
    wordings
        The net of every wording; None in a folder of an older version.
    exhibits
        Figures and tables, by name.
    inputs
        What all of it was made from.
    packages
        The versions it was made with.
    left_out
        Names of figures and tables in the folder that were made from something else.
    totals
        Of a batch, of which only some documents are read: how much it holds. Its ``scores`` have all rows and few
        columns; ``read`` has the rows of the documents that are here, with all columns.
    """

    documents: tuple[Document, ...]
    segments: tuple[Segment, ...]
    names: Names
    scores: Mapping[str, pd.DataFrame]
    wordings: pd.DataFrame | None
    exhibits: tuple[Exhibit, ...]
    inputs: Inputs
    packages: Mapping[str, str]
    left_out: tuple[str, ...]
    totals: Totals | None = None
    read: Mapping[str, pd.DataFrame] | None = None


def names_json(codebook: Codebook) -> str:
    """What actors, targets and frames are called, as a results folder keeps it.

    Examples
    --------
    >>> from stance import read_codebook
    >>> Names.model_validate_json(names_json(read_codebook())).targets
    {'peace_talks': 'the talks'}
    """
    targets = {key: target.label for key, target in codebook.targets.items()}
    frames = {key: frame.label for key, frame in codebook.frames.items()}
    return Names(actors=codebook.names, targets=targets, frames=frames).model_dump_json(indent=1) + "\n"


def read_folder(path: str | Path) -> Folder:
    """Read what ``stance run`` wrote.

    Parameters
    ----------
    path
        The results folder. Files made from other texts, or with another
        codebook, than its segments are passed over and named.

    Warns
    -----
    CorpusWarning
        For each file, link or folder that the manifest does not list, and each listed one that is missing or altered
        and that was not needed.

    Raises
    ------
    StanceError
        If it is no results folder, or an older one without its texts, or if a
        file is missing, was altered since it was made, or is damaged.

    Examples
    --------
    >>> read_folder("no such folder")
    Traceback (most recent call last):
    stance.schema.StanceError: no such folder has no manifest.json. Give a folder that 'stance run' wrote.
    """
    files = _Files.of(Path(path))
    documents = {d.id: d for d in (line.document() for line in files.lines("documents.jsonl", DocumentRecord))}
    segments = tuple(line.segment(documents, files.root) for line in files.lines("segments.jsonl", SegmentRecord))
    try:
        names = Names.model_validate(parse_json(files.read("labels.json")))
    except pydantic.ValidationError as error:
        raise damaged(files.root / "labels.json", first_fault(error)) from None
    except StanceError:
        raise
    except ValueError as error:
        raise damaged(files.root / "labels.json", str(error)) from None
    present = [name for name in SCORES if name != "frames" or f"scores/{name}.csv" in files.own]
    scores = {name: _scores(files.read(f"scores/{name}.csv"), name, files.root) for name in present}
    told = "scores/wordings.csv" in files.own
    wordings = _scores(files.read("scores/wordings.csv"), "wordings", files.root) if told else None
    exhibits = tuple(files.exhibits())
    files.tell_of_strangers()
    return Folder(
        documents=tuple(documents.values()),
        segments=segments,
        names=names,
        scores=scores,
        wordings=wordings,
        exhibits=exhibits,
        inputs=files.inputs,
        packages={str(k): str(v) for k, v in files.packages.items()},
        left_out=files.left_out,
    )


def read_segments(path: str | Path) -> tuple[Segment, ...]:
    """Segments of a results folder alone, without the rest of it.

    Parameters
    ----------
    path
        A ``segments.jsonl``; the texts are read from the ``documents.jsonl`` beside it.

    Raises
    ------
    StanceError
        If either file is missing or damaged.

    Examples
    --------
    >>> read_segments("none/segments.jsonl")
    Traceback (most recent call last):
    stance.schema.StanceError: none/documents.jsonl cannot be read (No such file or directory). Give the segments.jsonl
    of a folder that 'stance run' wrote.
    """
    file = Path(path)
    beside = file.with_name("documents.jsonl")
    documents = {d.id: d for d in (line.document() for line in _lines(_given(beside), beside, DocumentRecord))}
    return tuple(line.segment(documents, file.parent) for line in _lines(_given(file), file, SegmentRecord))


def _given(file: Path) -> bytes:
    try:
        return read_whole(file)
    except OSError as error:
        raise StanceError(
            f"{file} cannot be read ({error.strerror}). Give the segments.jsonl of a folder that 'stance run' wrote."
        ) from None
    except StanceError as error:
        raise StanceError(f"{file}: {error}") from None


def _lines(data: bytes, file: Path, kind: type[_Line]) -> Iterator[_Line]:
    """The rows of a file of JSON lines."""
    for number, row in enumerate(data.split(b"\n"), 1):
        if row.strip():
            try:
                yield kind.model_validate(parse_json(row))
            except pydantic.ValidationError as error:
                raise damaged(file, f"line {number}: {first_fault(error)}") from None
            except ValueError as error:
                raise damaged(file, f"line {number}: {error}") from None


class _Files:
    """The files of a folder that its manifest lists and that belong together."""

    def __init__(self, root: Path, entries: Mapping[str, Any], inputs: Inputs, packages: Mapping[str, str]) -> None:
        self.root, self.inputs, self.packages = root, inputs, packages
        self.entries = entries
        self.own = {path: entry for path, entry in entries.items() if _same(Inputs(**entry["inputs"]), inputs)}
        names = {match[2] for path in entries if path not in self.own and (match := _EXHIBIT.fullmatch(path))}
        self.left_out = tuple(sorted(names))

    @classmethod
    def of(cls, root: Path) -> _Files:
        if not (root / MANIFEST).is_file():
            raise StanceError(f"{root} has no {MANIFEST}. Give a folder that 'stance run' wrote.")
        manifest = read_manifest(root)
        entries, packages = manifest["files"], manifest.get("packages")
        if "scores/stance.csv" not in entries:
            raise StanceError(f"{root} lists no scores/stance.csv. Give a folder that 'stance run' wrote.")
        inputs = Inputs(**entries["scores/stance.csv"]["inputs"])
        return cls(root, entries, inputs, packages if isinstance(packages, dict) else {})

    def tell_of_strangers(self) -> None:
        """Warn of what the folder holds beside its results, and of results that are no longer what they were."""
        for fault in unlike(self.root, self.entries, "stance run"):
            if not fault.startswith(f"{_PAGE} "):  # the page is about to be made anew
                warnings.warn(f"{self.root}: {fault}", CorpusWarning, stacklevel=4)

    def read(self, path: str) -> bytes:
        """The bytes of a file, if they are those of the manifest."""
        file = self.root / path
        if path not in self.own:
            raise StanceError(
                f"{self.root} has no {path} of the same texts as its scores: it was made by an older version, or by "
                "several runs. Run 'stance run' again."
            )
        try:
            data = file.read_bytes()
        except OSError as error:
            raise StanceError(f"{file} cannot be read ({error.strerror}). Run 'stance run' again.") from None
        if sha256(data) != self.own[path]["sha256"]:
            raise StanceError(
                f"{file} was altered since it was made, so a page of it would not show what was found. "
                "Restore it, or run 'stance run' again."
            )
        return data

    def lines(self, path: str, kind: type[_Line]) -> Iterator[_Line]:
        """The rows of a file of JSON lines."""
        return _lines(self.read(path), self.root / path, kind)

    def exhibits(self) -> Iterator[Exhibit]:
        """Figures and tables of the folder, each figure with its table, in the order of their names."""
        names = sorted({match[2] for path in self.own if (match := _EXHIBIT.fullmatch(path))})
        for name in names:
            svg, png, csv = f"figures/{name}.svg", f"figures/{name}.png", f"tables/{name}.csv"
            drawn = [self.own[path] for path in (svg, png) if path in self.own]
            yield Exhibit(
                name,
                _said(drawn, "title"),
                _said(drawn, "alt"),
                self.read(svg) if svg in self.own else None,
                self.read(png) if png in self.own else None,
                _table(self.read(csv), self.root / csv) if csv in self.own else None,
            )


def _same(inputs: Inputs, others: Inputs) -> bool:
    """Whether two results belong to one analysis; what no model was asked about has none in its inputs."""
    a, b = inputs.as_dict(), others.as_dict()
    return {**a, "model": None} == {**b, "model": None} and a["model"] in (None, b["model"])


def _said(entries: list[Mapping[str, Any]], key: str) -> str | None:
    return next((e[key] for e in entries if isinstance(e.get(key), str) and e[key].strip()), None)


def _table(data: bytes, file: Path) -> pd.DataFrame:
    try:
        return as_written(pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False))
    except pd.errors.EmptyDataError:
        return pd.DataFrame()
    except (ValueError, pd.errors.ParserError) as error:
        raise damaged(file, str(error).splitlines()[0]) from None


def _scores(data: bytes, name: str, root: Path) -> pd.DataFrame:
    """A score table: numbers are finite or missing, empty words are missing."""
    file = root / "scores" / f"{name}.csv"
    table = _table(data, file)
    if missing := [c for c in _NEEDED[name] if c not in table.columns]:
        raise damaged(file, f"no column {missing[0]!r}")
    for column in table.columns:
        if column in _NUMBERS:
            table[column] = pd.to_numeric(table[column], errors="coerce").replace([np.inf, -np.inf], np.nan)
        else:
            table[column] = table[column].astype(object).where(table[column] != "", None)
    return table
