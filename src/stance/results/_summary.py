"""What a report sums up: each actor's means toward each target, and by outlet, with intervals where there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stance.analysis.intervals import INSUFFICIENT
from stance.numbers import counted
from stance.resources import caution
from stance.results._passages import Composer
from stance.results._statements import NOTABLE, Mean, Portrait, Statement, means_of, portraits
from stance.results._words import short, voice
from stance.results.folder import Folder

_MOST_OUTLETS = 12
"""Outlets that have a column each in a table that is still read across; scores/ has them all."""


def targets_of(folder: Folder) -> dict[str, str]:
    """What the stance is toward: ids with their labels."""
    ids = dict.fromkeys(str(t or "") for t in folder.scores["stance"]["target"])
    named = {t: short(folder.names.targets.get(t, t), 100) for t in ids if t}
    return named or {"": "the target"}


def summary(folder: Folder, every: Sequence[Statement], composer: Composer, most: int) -> dict[str, Any]:
    """The tables of a report's summary, one for each target, and its notes.

    Parameters
    ----------
    folder
        From :func:`stance.results.folder.read_folder`.
    every
        From :func:`stance.results._statements.statements`.
    composer
        Names and colours of the page.
    most
        How many actors are shown.
    """
    names = folder.names.actors
    tables, means, found = [], [], []
    for number, (target, label) in enumerate(targets_of(folder).items()):
        parts = {(p.actor, p.role): p for p in portraits(every, folder.scores, names, target)}
        found = list(dict.fromkeys(actor for actor, _ in parts))
        means += [mean for p in parts.values() for mean in (p.stance, p.sentiment) if mean]
        people = [
            {
                "actor": composer.tag(a),
                **{role: _part(parts.get((a, role)), target, composer, folder) for role in ("source", "mention")},
            }
            for a in found[:most]
        ]
        tables.append(
            {
                "target": label,
                "people": people,
                "felt": number == 0,
                "outlets": _outlets(folder, target, found[:most], composer),
            }
        )
    notes = _notes(folder, means)
    if absent := [short(label, 60) for a, label in names.items() if a not in found]:
        more = f" and {len(absent) - 20} more" if len(absent) > 20 else ""
        notes.append(f"Of the codebook, no passage was found for: {', '.join(absent[:20])}{more}.")
    if left := max(0, len(found) - most):
        notes.append(f"{counted(left, 'more actor')} of the codebook are left out here; scores/ has them all.")
    return {"summaries": tables, "summary_notes": notes, "notable": NOTABLE}


def without_reason(note: str) -> str:
    """A note of a table without the words that the page says once.

    Examples
    --------
    >>> without_reason("insufficient data: 3 of 20 texts")
    '3 of 20 texts'
    """
    return "too few texts" if note == INSUFFICIENT else note.removeprefix(f"{INSUFFICIENT}: ")


def _notes(folder: Folder, means: Sequence[Mean]) -> list[str]:
    """Why there is no interval: every reason once, the numbers of texts in order."""
    told = [mean.note for mean in means]
    told += [str(n) for e in folder.exhibits if e.table is not None and "note" in e.table for n in e.table["note"]]
    reasons = dict.fromkeys(note for note in told if note)
    few = [without_reason(note) for note in reasons if note.startswith(INSUFFICIENT)]
    said = []
    if few:
        of_one = len(folder.documents) == 1
        said.append(f"{INSUFFICIENT}: {'this describes one text' if of_one else 'fewer than 20 texts'}")
    said += [
        note for note in dict.fromkeys(mean.note for mean in means if mean.note) if not note.startswith(INSUFFICIENT)
    ]
    careful = caution(folder.inputs.model)
    return ([careful[0].upper() + careful[1:]] if careful else []) + (
        [f"Where no 95 % interval is given: {'; '.join(said)}."] if said else []
    )


def _part(portrait: Portrait | None, target: str, composer: Composer, folder: Folder) -> dict[str, Any] | None:
    """One actor in one role, as the summary shows it."""
    if portrait is None:
        return None
    return {
        "n": portrait.stance.n if portrait.stance else 0,
        "of": folder.totals.by.get((portrait.actor, portrait.role), 0) if folder.totals else portrait.n_segments,
        "stance": portrait.stance,
        "sentiment": portrait.sentiment,
        "quotes": [
            ("most in favor", _quote(portrait.favor, target, composer)),
            ("most against", _quote(portrait.against, target, composer)),
        ],
    }


def _quote(statement: Statement | None, target: str, composer: Composer) -> dict[str, Any] | None:
    if statement is None:
        return None
    return {
        "text": short(statement.segment.text, 240),
        "who": voice(statement.segment, composer),
        "stance": statement.stances[target],
        "number": composer.numbers.get(statement.segment.id),
    }


def _outlets(folder: Folder, target: str, actors: Sequence[str], composer: Composer) -> dict[str, Any] | None:
    """What each outlet reports the actors to say: a row for each actor, a column for each outlet."""
    whose = {d.id: d.outlet for d in folder.documents if d.outlet}
    outlets = list(dict.fromkeys(whose.values()))
    if folder.totals:  # of a batch, the scores name the outlets of all texts
        outlets = [str(o) for o in folder.scores["stance"]["outlet"].dropna().unique()]
    if len(outlets) < 2:
        return None
    table = folder.scores["stance"]
    table = table[(table["role"] == "source") & (table["target"].fillna("") == target)]
    by_outlet = table["outlet"] if folder.totals else table["document"].map(whose)
    cells = {o: means_of(table[by_outlet == o]) for o in outlets[:_MOST_OUTLETS]}
    rows = [(composer.tag(a), [cells[o].get(("source", a, target)) for o in cells]) for a in actors]
    rows = [(tag, means) for tag, means in rows if any(means)]
    return {"names": [short(o, 40) for o in cells], "rows": rows, "left": len(outlets) - len(cells)} if rows else None
