"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from stance.schema import StanceError


def writable(out: str | Path) -> Path:
    """A folder that can be written to; this only tries, and leaves nothing behind.

    Raises
    ------
    StanceError
        If it cannot be.
    """
    folder = Path(out)
    try:
        made = [p for p in (folder, *folder.parents) if not p.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
        for path in made:
            path.rmdir()
    except OSError as error:
        raise StanceError(
            f"The folder {folder} cannot be written ({error.strerror}). Choose another with --out."
        ) from None
    return folder


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    StanceError
        If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
        Path(part.name).chmod(0o644)
        Path(part.name).replace(path)
    except OSError as error:
        if "part" in locals():
            Path(part.name).unlink(missing_ok=True)
        raise StanceError(f"{path} cannot be written ({error.strerror}). Choose another place.") from None
