"""What a report says of texts that do not count, or count together: not read, without scores, near copies."""

from __future__ import annotations

from collections.abc import Sequence

from stance.numbers import counted
from stance.results._statements import Statement
from stance.results._words import short
from stance.results.folder import Folder, Totals

_NAMED = 3
"""Rows or files not read that are named on the page; left_out.csv lists them."""


def apart(folder: Folder, every: Sequence[Statement]) -> list[str]:
    """A sentence for each kind of text that does not count as the others do.

    Parameters
    ----------
    folder
        From :func:`stance.results.folder.read_folder`.
    every
        From :func:`stance.results._statements.statements`.
    """
    said = _of_batch(folder.totals) if folder.totals else _without_passage(folder, every)
    return [*said, *_undated(folder), *_copies(folder)]


def _of_batch(totals: Totals) -> list[str]:
    said = []
    if totals.rejected:
        named = "; ".join(short(fault.rstrip("."), 200) for fault in totals.faults[:_NAMED])
        rest = " Others are listed in left_out.csv." if totals.rejected > _NAMED else ""
        what = "One row or file was" if totals.rejected == 1 else f"{totals.rejected:,} rows or files were"
        said.append(f"{what} given and could not be read: {named}.{rest}")
    if totals.unscored:
        reasons = "; ".join(f"{n:,}: {reason}" for reason, n in totals.unscored.items())
        said.append(f"{counted(sum(totals.unscored.values()), 'text')} without scores ({reasons}).")
    return said


def _without_passage(folder: Folder, every: Sequence[Statement]) -> list[str]:
    known = {s.segment.document.id for s in every if s.segment.actor is not None}
    silent = [d for d in folder.documents if d.id not in known]
    if not silent:
        return []
    named = ", ".join(short(d.title or d.id, 60) for d in silent[:_NAMED])
    more = f" and {len(silent) - _NAMED} more" if len(silent) > _NAMED else ""
    return [
        f"{counted(len(silent), 'text')} without a passage of the codebook's actors, or not in English: {named}{more}."
    ]


def _undated(folder: Folder) -> list[str]:
    """How many texts have no date, where others have one: they are in no timeline."""
    totals = folder.totals
    n = totals.documents if totals else len(folder.documents)
    undated = totals.undated if totals else sum(not d.date for d in folder.documents)
    return [f"{counted(undated, 'text')} without a date, in no timeline."] if 0 < undated < n else []


def _copies(folder: Folder) -> list[str]:
    table = folder.scores["stance"]
    if "cluster" not in table:
        return []
    copies = table.drop_duplicates("document")
    n = int((copies["cluster"] != copies["document"]).sum())
    alike = len(copies) - copies["cluster"].nunique()
    if not n or not alike:
        return []
    is_ = "is a near copy of another" if alike == 1 else "are near copies of others"
    return [f"{counted(alike, 'text')} {is_}: means count all of them, intervals each set of copies as one text."]
