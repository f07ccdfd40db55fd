"""What a manifest lists: checked when it is read, and held against what lies in the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import pydantic

from stance.schema import sha256
from stance.strict import Strict, first_fault, parse_json

MANIFEST = "manifest.json"
LOCK = ".lock"
"""What keeps two batches out of one folder: no result."""
_NOTEBOOKS = ("notebooks", (".html", ".ipynb"))
"""A folder whose files of these kinds no manifest lists: 'make results' writes them after it."""


class _Inputs(Strict):
    documents: dict[str, str]
    codebook: str
    model: str | None
    corrections: str | None = None
    tagger: str | None = None


class _Entry(pydantic.BaseModel):
    from_: Literal["sample", "data"] = pydantic.Field(alias="from")
    inputs: _Inputs
    sha256: str = pydantic.Field(pattern="^[0-9a-f]{64}$")
    title: str | None = None
    alt: str | None = None


class _Shard(pydantic.BaseModel):
    documents: int
    segments: int
    input: str
    files: dict[str, str]


class _Configuration(pydantic.BaseModel):
    codebook: str
    model: str
    target: str
    tagger: str | None = None


class _Manifest(pydantic.BaseModel):
    files: dict[str, _Entry]
    packages: dict[str, str] = {}
    command: dict[str, str | float | None] = {}
    configuration: _Configuration | None = None
    shards: dict[str, _Shard] | None = None

    @pydantic.model_validator(mode="after")
    def _whole(self) -> _Manifest:
        if self.shards is not None and self.configuration is None:
            raise ValueError("it has 'shards', but no 'configuration' that says what they were made with")
        return self


def parse_manifest(data: bytes) -> dict[str, Any]:
    """What a manifest says, if it may say so.

    Raises
    ------
    ValueError
        If it is no JSON, gives a key twice, a value is of another kind than it must be, or a path could lead out
        of the folder; in one line that says which.
    """
    manifest = parse_json(data)
    try:
        _Manifest.model_validate(manifest)
    except pydantic.ValidationError as error:
        raise ValueError(first_fault(error).rstrip(".")) from None
    if outside := [path for path in listed(manifest) if not is_plain(path)]:
        raise ValueError(f"it lists {outside[0]!r}, which is no path of a result")
    return manifest


def is_older_batch(data: bytes) -> bool:
    """Whether a manifest is of a batch by a version whose folders kept neither codebook nor texts.

    Examples
    --------
    >>> is_older_batch(b'{"configuration": {}, "shards": {}}'), is_older_batch(b'{"files": {}}')
    (True, False)
    """
    manifest = parse_json(data)
    return isinstance(manifest, dict) and "shards" in manifest and "files" not in manifest


def listed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """All files that a manifest lists, those of a batch's shards among them, each with its ``sha256``.

    Examples
    --------
    >>> listed({"files": {}, "shards": {"000000": {"files": {"stance/000000.parquet": "ab"}}}})
    {'stance/000000.parquet': {'sha256': 'ab'}}
    """
    shards = manifest.get("shards", {}).values()
    return dict(manifest["files"]) | {p: {"sha256": h} for shard in shards for p, h in shard["files"].items()}


def is_plain(path: str) -> bool:
    """Whether a path is that of a result: below the folder, of letters, digits, ``_``, ``-`` and ``.``.

    Examples
    --------
    >>> is_plain("tables/01_one.csv"), is_plain("../01_one.csv"), is_plain("/etc/passwd")
    (True, False, False)
    """
    pure = PurePosixPath(path)
    return path == str(pure) and all(
        not part.startswith(".") and all(c.isalnum() or c in "_-." for c in part) for part in pure.parts
    )


def unlike(folder: Path, entries: Mapping[str, Any], remake: str) -> list[str]:
    """A sentence for each file that is missing, altered, unreadable or a link, and for what lies there unlisted.

    Parameters
    ----------
    folder
        The results folder.
    entries
        What its manifest lists, by path.
    remake
        The command that makes such results anew.
    """
    faults = []
    for path, entry in sorted(entries.items()):
        file = folder / path
        if not file.is_file():
            faults.append(f"{path} is missing; run '{remake}' to remake it.")
            continue
        try:
            same = sha256(file.read_bytes()) == entry["sha256"]
        except OSError as error:
            faults.append(f"{path} cannot be read ({error.strerror}); see who may read it.")
            continue
        if not same:
            faults.append(f"{path} was altered since it was made; run '{remake}' to remake it.")
    return faults + [_stray(path, folder / path, entries) for path in _strays(folder, entries)]


def _strays(folder: Path, entries: Mapping[str, Any]) -> Iterator[str]:
    """Paths that no result was written to: files, links, empty folders and what is neither."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        inside = Path(place).relative_to(folder)
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in sorted([*files, *links]):
            path = (inside / name).as_posix()
            known = path in entries or path in (MANIFEST, LOCK)
            if (not known or (folder / path).is_symlink()) and not _is_notebook(path):
                yield path
        own = any(entry.startswith(f"{inside.as_posix()}/") for entry in entries)  # what lay there is named as missing
        if not files and not folders and not own and place != str(folder):
            yield inside.as_posix()


def _is_notebook(path: str) -> bool:
    first, *rest = PurePosixPath(path).parts
    return first == _NOTEBOOKS[0] and len(rest) < 2 and (not rest or rest[0].endswith(_NOTEBOOKS[1]))


def _stray(path: str, file: Path, entries: Mapping[str, Any]) -> str:
    if file.is_symlink():
        return f"{path} is a link, which no result is; put the file itself there, or remove it."
    what = "is a folder without a result" if file.is_dir() else "is not listed in the manifest"
    return f"{path} {what}; remove it, or write it with stance.save."
