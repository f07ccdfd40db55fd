"""Answers that were given once, so that nothing is asked, or paid for, twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from stance.files import writable
from stance.machine import cache_folder
from stance.schema import StanceError


class Kept:
    """A table of answers by key, in one file of the user's cache; several processes may use it at once.

    Parameters
    ----------
    path
        The file; left out: ``language_models.sqlite`` in the cache folder.

    Raises
    ------
    StanceError
        If the file is no such table, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     kept = Kept(Path(folder) / "kept.sqlite")
    ...     kept.put({"a": [0.1, 0.9]})
    ...     found = kept.get(["a", "b"])
    ...     kept.close()
    >>> found
    {'a': [0.1, 0.9]}
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or cache_folder() / "language_models.sqlite"
        writable(self.path.parent).mkdir(parents=True, exist_ok=True)
        try:
            self._table = sqlite3.connect(self.path, timeout=60, isolation_level=None, check_same_thread=False)
            self._table.execute("PRAGMA journal_mode=WAL")
            self._table.execute("CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)")
            self._table.execute("SELECT key, answer FROM answers LIMIT 1")
        except sqlite3.Error as error:
            raise StanceError(
                f"The answers kept in {self.path} cannot be used ({error}). Move the file away: it is made anew, and "
                "what was asked before is asked again."
            ) from None

    def get(self, keys: Sequence[str]) -> dict[str, Any]:
        """The answers that are there, by key."""
        asked = "SELECT key, answer FROM answers WHERE key IN (SELECT value FROM json_each(?))"
        try:
            rows = self._table.execute(asked, (json.dumps(list(keys)),))
            found: dict[str, Any] = {key: json.loads(answer) for key, answer in rows}
        except (sqlite3.Error, ValueError) as error:
            raise StanceError(
                f"The answers kept in {self.path} cannot be read ({error}). Wait until no other run uses them, or "
                "move the file away: it is made anew."
            ) from None
        return found

    def put(self, answers: Mapping[str, Any]) -> None:
        """Keep answers, at once on disk; a key that is there keeps its first answer."""
        rows: Iterable[tuple[str, str]] = ((key, json.dumps(answer)) for key, answer in answers.items())
        try:
            self._table.executemany("INSERT OR IGNORE INTO answers VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            raise StanceError(
                f"An answer could not be kept in {self.path} ({error}). Free space, or name another folder by "
                "STANCE_CACHE, and run again: what was kept is not asked again."
            ) from None

    def close(self) -> None:
        """Close the file."""
        self._table.close()
