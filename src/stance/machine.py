"""What this machine offers: cores to compute on, a folder to keep things in."""

from __future__ import annotations

import os
from pathlib import Path


def cores() -> int:
    """The cores this process may use, or ``OMP_NUM_THREADS`` if that is set.

    Examples
    --------
    >>> cores() >= 1
    True
    """
    asked = os.environ.get("OMP_NUM_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cache_folder() -> Path:
    """Where exported models are kept: the user's cache, or the folder that ``STANCE_CACHE`` names.

    Examples
    --------
    >>> cache_folder().is_absolute()
    True
    """
    import platformdirs

    named = os.environ.get("STANCE_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("stance")
