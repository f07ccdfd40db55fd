"""One writer at a time: what keeps a second run, or a report, out of a folder that a batch works in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stance.results._listed import LOCK
from stance.schema import StanceError


def locked(folder: Path, advice: str) -> Any:
    """Keep others out of a folder, which is made if need be, as long as the ``with`` block lasts.

    Parameters
    ----------
    folder
        The results folder; within one process the same folder can be locked again.
    advice
        What to do if somebody else works there: a sentence.

    Raises
    ------
    StanceError
        If another process works in the folder, or it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place, locked(Path(place), "Wait."):
    ...     Path(place, ".lock").exists()
    True
    """
    import filelock

    try:
        folder.mkdir(parents=True, exist_ok=True)
        return filelock.FileLock(folder.resolve() / LOCK, timeout=0, blocking=False, is_singleton=True).acquire()
    except filelock.Timeout:
        raise StanceError(f"Another run is working in {folder}. {advice}") from None
    except OSError as error:
        raise StanceError(
            f"The folder {folder} cannot be written ({error.strerror}). Choose another with --out."
        ) from None
