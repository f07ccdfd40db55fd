"""Whose results a folder holds: the codebook and command they were made with, and who may write there."""

from __future__ import annotations

from pathlib import Path

from stance.codebook import Codebook, read_codebook
from stance.numbers import listed
from stance.results._listed import MANIFEST
from stance.results.inputs import Inputs
from stance.results.manifest import read_manifest
from stance.schema import StanceError, sha256

CODEBOOK = "codebook.yml"
"""The codebook as it was given, beside the results that were made with it."""
_MAIN = "scores/stance.csv"
"""Every analysis writes this table: its inputs are those of the folder."""
MEASURES = ("stance", "sentiment")
"""A batch's folders of scores, each of which is one table."""
_DEPTH = 2
"""Tables lie one folder deep (``scores/``, ``stance/``), so that a file's results folder is at most two above it."""


def results_folder(path: str | Path) -> Path | None:
    """The results folder that a path is, or that a file lies in; None if there is none.

    A folder inside a results folder is none itself, but for a batch's folder of one table, such as ``stance/``.

    Examples
    --------
    >>> results_folder("no such folder/scores/stance.csv") is None
    True
    """
    given = Path(path).resolve()
    if (given / MANIFEST).is_file():
        return given
    above = next((place for place in given.parents[:_DEPTH] if (place / MANIFEST).is_file()), None)
    if above is None or not given.is_dir():
        return above
    return above if given.parent == above and given.name in MEASURES and "shards" in read_manifest(above) else None


def codebook_files(codebook: Codebook) -> dict[str, bytes]:
    """The copy of a codebook that a results folder keeps; nothing of one made in code, which has no file.

    Examples
    --------
    >>> list(codebook_files(read_codebook()))
    ['codebook.yml']
    """
    return {CODEBOOK: codebook.written} if codebook.written else {}


def codebook_of(folder: str | Path) -> Codebook:
    """The codebook that a results folder was made with.

    Raises
    ------
    StanceError
        If the folder keeps none, since an older version made it or the codebook was made in code, or if the copy
        was altered.

    Examples
    --------
    >>> codebook_of("no such folder")
    Traceback (most recent call last):
    stance.schema.StanceError: no such folder keeps no codebook: it was made by an older version of stance, or with a
    codebook made in code. Name the codebook with --codebook FILE, or make the folder again.
    """
    root = Path(folder)
    entry = read_manifest(root)["files"].get(CODEBOOK)
    if entry is None:
        raise StanceError(
            f"{root} keeps no codebook: it was made by an older version of stance, or with a codebook made in code. "
            "Name the codebook with --codebook FILE, or make the folder again."
        )
    codebook = read_codebook(root / CODEBOOK)
    if codebook.fingerprint != entry["sha256"]:
        raise StanceError(
            f"{root / CODEBOOK} was altered since the folder was made. Restore it, or name yours with --codebook FILE."
        )
    return codebook


def refuse_others(folder: str | Path, inputs: Inputs, target: str | None = None, *, force: bool = False) -> None:
    """Refuse to write an analysis over one of another codebook or other texts.

    Parameters
    ----------
    folder
        Where results are to go; it need not be there.
    inputs
        What they are made from. Results of the sample article may be made anew by every version.
    target
        Which target of the codebook.
    force
        Whether another study may be replaced. A batch never is, nor what somebody changed by hand.

    Raises
    ------
    StanceError
        If the folder holds another study, or a batch, or with ``force`` a listed file that was altered.
    """
    root = Path(folder)
    manifest = read_manifest(root)
    if "shards" in manifest:
        raise StanceError(f"{root} holds a batch, which 'stance batch' goes on with. Give another --out.")
    entry = manifest["files"].get(_MAIN)
    if entry is None or entry["from"] == inputs.origin == "sample":
        return
    if force:
        for path, known in manifest["files"].items():
            if (
                (file := root / path).is_file()
                and path != "report.html"
                and sha256(file.read_bytes()) != known["sha256"]
            ):
                raise StanceError(f"{file} was altered since it was made, and is not replaced. Move it away first.")
        return
    before, asked = entry["inputs"], (manifest.get("command") or {}).get("target")
    other = [
        what
        for what, differs in (
            ("with another codebook", before["codebook"] != inputs.codebook),
            ("from other texts", before["documents"] != dict(inputs.documents)),
            ("toward another target", bool(target and asked and target != asked)),
        )
        if differs
    ]
    if other:
        raise StanceError(
            f"{root} holds results made {listed(other)}, which would be lost. Give another --out, or --force to "
            "replace them."
        )


def clear(folder: str | Path) -> None:
    """Remove what a results folder's manifest lists, and the manifest; what else lies there stays.

    A file that was altered since it was made is somebody's work, and stays, too.
    """
    root = Path(folder)
    if not (root / MANIFEST).is_file():
        return
    for path, entry in read_manifest(root)["files"].items():
        file = root / path
        inside = root.resolve() in file.resolve().parents
        if inside and file.is_file() and not file.is_symlink() and sha256(file.read_bytes()) == entry["sha256"]:
            file.unlink()
            if file.parent != root and not any(file.parent.iterdir()):
                file.parent.rmdir()
    (root / MANIFEST).unlink()
