"""save, manifest, check: the only writer of a results folder."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from stance.corpus.rows import csv_bytes
from stance.files import writable, write_file
from stance.plots.looks import alt_text, style
from stance.results._agreement import agree
from stance.results._listed import LOCK as LOCK
from stance.results._listed import MANIFEST, is_older_batch, is_plain, listed, parse_manifest, unlike
from stance.results.exports import table_bytes
from stance.results.inputs import Inputs, packages
from stance.schema import StanceError, sha256


def save(
    name: str,
    figure: Figure | None,
    table: pd.DataFrame,
    inputs: Inputs,
    *,
    out: str | Path = "results",
    also: Iterable[str] = (),
) -> None:
    """Write a figure with its table, and record both in the manifest.

    Parameters
    ----------
    name
        Letters, digits, ``_`` and ``-``; by convention beginning with the
        notebook's number.
    figure
        Written as PNG and SVG to ``figures/``, with its title and what it shows
        in words, which the manifest lists, too; None for a table alone.
    table
        What the figure shows; written to ``tables/``, numbers to four decimals.
    inputs
        :meth:`Inputs.of` the texts, codebook and model.
    out
        The results folder.
    also
        Further forms of the table, for a paper: ``".md"``, ``".tex"``; see :func:`stance.export`.

    Raises
    ------
    StanceError
        If the name could leave the folder, the folder cannot be written, or
        it already holds results of other inputs under this name.

    Examples
    --------
    >>> import tempfile
    >>> from stance import read_codebook, read_corpus
    >>> inputs = Inputs.of(read_corpus(), read_codebook())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save("00_example", None, pd.DataFrame({"n": [1]}), inputs, out=folder)
    ...     check(folder)
    []
    """
    tables = {f"tables/{name}.csv": csv_bytes(table.round(4))}
    write(tables | {f"tables/{name}{suffix}": table_bytes(table, suffix) for suffix in also}, inputs, out=out)
    if figure is not None:
        drawn = {f"figures/{name}.{form}": _rendered(figure, form) for form in ("png", "svg")}
        write(drawn, inputs, out=out, told=_told(figure))


def write(
    files: Mapping[str, bytes],
    inputs: Inputs,
    *,
    out: str | Path,
    versions: Mapping[str, str] | None = None,
    told: Mapping[str, str] = MappingProxyType({}),
    command: Mapping[str, Any] | None = None,
) -> None:
    """Write files under the results folder, each file whole or not at all, and list them in the manifest.

    A file of the same inputs that differs only in the last digits of its numbers, as another processor computes
    them, is left as it is.

    Parameters
    ----------
    files
        Contents by path relative to ``out``.
    inputs
        What they were made from.
    out
        The results folder; made if it is not there.
    versions
        Versions of packages that the manifest is to name; those installed here
        if left out.
    told
        What else the manifest is to say of each of these files: a figure's
        ``title``, and ``alt``, what it shows in words.
    command
        The command that makes the folder, as its ``verb`` and options; what is known stays if left out.

    Examples
    --------
    >>> import tempfile
    >>> from stance import read_codebook, read_corpus
    >>> inputs = Inputs.of(read_corpus(), read_codebook())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write({"notes.txt": b"seen"}, inputs, out=folder)
    ...     list(read_manifest(Path(folder))["files"])
    ['notes.txt']
    """
    folder, origin = writable(out), inputs.origin
    manifest = read_manifest(folder)
    entries = manifest["files"]
    for path in files:
        if not is_plain(path):
            raise StanceError(f"The result name {path!r} must be of letters, digits, '_', '-' and '.'. Rename it.")
        old = entries.get(path)
        if old and old["from"] == "sample" and origin != "sample":
            raise StanceError(
                f"{folder / path} is a result of the sample article, and this one has other inputs. "
                "Give yours a folder of its own with 'out' or --out."
            )
        if not old and not _is_what(folder / path, files[path]):
            raise StanceError(
                f"{folder / path} is there already and no result of this project. "
                "Move it, or give another folder with 'out' or --out."
            )
    made_of, kept = inputs.as_dict(), dict[str, bool]()
    for path in sorted(files, key=lambda path: path.endswith(".png")):  # a picture after the drawing that tells for it
        data, old = files[path], entries.get(path)
        kept[path] = bool(old and old["inputs"] == made_of and _as_before(folder / path, old, data, kept))
        if not kept[path]:
            write_file(folder / path, data)
            entries[path] = {"from": origin, "inputs": made_of, "sha256": sha256(data), **told}
    if command is not None:
        manifest["command"] = dict(command)
    manifest["packages"] = packages() if versions is None else dict(versions)
    write_file(folder / MANIFEST, (json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode())


def _is_what(file: Path, data: bytes) -> bool:
    """Whether a file is not there, or is what a run wrote that was killed before it could list it."""
    return not (file.exists() or file.is_symlink()) or (file.is_file() and file.read_bytes() == data)


def _as_before(file: Path, entry: Mapping[str, Any], data: bytes, kept: Mapping[str, bool]) -> bool:
    """Whether what is there may stay: unaltered, and the same but for the last digits."""
    before = file.read_bytes() if file.is_file() else b""
    if sha256(before) != entry["sha256"]:
        return False
    if file.suffix == ".png":
        drawn = file.with_suffix(".svg").name
        return before == data or (before[:24] == data[:24] and kept.get(f"{file.parent.name}/{drawn}", False))
    return agree(file.name, before, data)


def _told(figure: Figure) -> dict[str, str]:
    """Title of a figure, and what it shows in words."""
    return {"title": " ".join(figure.get_suptitle().split()), "alt": alt_text(figure)}


def _rendered(figure: Figure, form: str) -> bytes:
    buffer = io.BytesIO()
    told = _told(figure)
    metadata: dict[str, str | None] = {"Title": told["title"], "Description": told["alt"]}
    metadata |= {"Software": None} if form == "png" else {"Date": None}
    with style():
        figure.savefig(buffer, format=form, dpi=200, metadata=metadata, facecolor="white")
    return buffer.getvalue()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a results folder; an empty one if there is none.

    Raises
    ------
    StanceError
        If it is damaged, or of a batch by an older version.
    """
    path = folder / MANIFEST
    if not path.exists():
        return {"files": {}, "packages": {}}
    try:
        data = path.read_bytes()
        if is_older_batch(data):
            raise StanceError(
                f"{folder} is a batch of an older version of stance, which kept neither codebook nor texts. Run "
                "'stance batch' into a new folder."
            )
        return parse_manifest(data)
    except OSError as error:
        raise StanceError(f"{path} cannot be read ({error.strerror}). See who may read it.") from None
    except StanceError:
        raise
    except ValueError as error:
        raise StanceError(
            f"{path} is damaged, or of another version ({error}). Restore it, or give another folder."
        ) from None


def check(out: str | Path = "results") -> list[str]:
    """Whether a results folder is what its manifest says.

    Parameters
    ----------
    out
        The results folder.

    Returns
    -------
    list of str
        One sentence for each file that is missing, altered, unlisted or a link,
        and for each input of the sample that has changed since; empty if all is well.

    Raises
    ------
    StanceError
        If there is no manifest.

    Examples
    --------
    >>> import tempfile
    >>> from stance import read_codebook, read_corpus
    >>> inputs = Inputs.of(read_corpus(), read_codebook())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save("00_example", None, pd.DataFrame({"n": [1]}), inputs, out=folder)
    ...     _ = (Path(folder) / "tables/00_example.csv").write_text("n\\n2\\n")
    ...     check(folder)
    ["tables/00_example.csv was altered since it was made; run 'stance results' to remake it."]
    """
    folder = Path(out)
    if not (folder / MANIFEST).is_file():
        raise StanceError(f"{folder} has no {MANIFEST}. Make one with: stance results --dir {folder}")
    manifest = read_manifest(folder)
    entries, verb = manifest["files"], manifest.get("command", {}).get("verb")
    sample = any(entry["from"] == "sample" for entry in entries.values())
    remake = f"stance {verb}" if verb and not sample else "stance results"
    faults = [] if entries else [f"{MANIFEST} lists no result; run '{remake}' to make them."]
    faults += unlike(folder, listed(manifest), remake)
    stale = {
        change
        for entry in entries.values()
        if entry["from"] == "sample"
        for change in Inputs(**entry["inputs"]).stale()
    }
    faults += [f"The results are stale: {change} changed since; run 'stance results'." for change in sorted(stale)]
    return faults


def differences(folder: Path, remade: Path, tolerance: float = 1e-3) -> list[str]:
    """How the tables of one results folder differ in value from those of another.

    Parameters
    ----------
    folder, remade
        The folders; ``remade`` decides which files are compared. What ``folder``
        lists as made from other data is passed over.
    tolerance
        Largest difference of numbers that counts as the same.
    """
    faults = []
    own = {path for path, entry in read_manifest(folder)["files"].items() if entry["from"] != "sample"}
    for file in sorted(remade.rglob("*")):
        path = file.relative_to(remade)
        if file.suffix not in (".csv", ".jsonl") or path.as_posix() in own:
            continue
        if not (folder / path).is_file():
            faults.append(f"{path.as_posix()} is missing.")
        elif file.suffix == ".jsonl":
            if file.read_bytes() != (folder / path).read_bytes():
                faults.append(f"{path.as_posix()} comes out differently when remade.")
        else:
            try:
                pd.testing.assert_frame_equal(
                    pd.read_csv(folder / path), pd.read_csv(file), rtol=0, atol=tolerance, check_dtype=False
                )
            except (AssertionError, ValueError) as error:
                faults.append(f"{path.as_posix()} comes out differently when remade: {str(error).splitlines()[0]}")
    return faults
