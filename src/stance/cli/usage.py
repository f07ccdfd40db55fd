"""How texts use the names of a codebook, as ``stance check`` shows it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from stance.attribution.usage import NamesInUse, NameUse
from stance.cli.terminal import say, wide
from stance.numbers import counted

SPEAKERS = 10
"""Unknown speakers that are named: whom a codebook lacks is among the most frequent, and the rest are one-offs."""


def print_usage(used: NamesInUse, texts: int) -> None:
    """Print which names are found and how often, which never, which mean several, and who speaks besides.

    Parameters
    ----------
    used
        What was counted.
    texts
        In how many texts.
    """
    labels, uses = used.codebook.names, used.uses()
    wide().print(_found(uses, labels, texts))
    _list("Never found:", _never(uses, labels))
    places = [f"{u.name} ({labels[u.actor]}, {u.hits})" for u in uses if u.only_places]
    _list("Found as a place or beside another noun only, which says nothing about the actor:", places)
    several = [f"{s.name} ({', '.join(labels[a] for a in s.actors)}): {s.why}" for s in used.shared()]
    _list("May mean several:", several)
    unknown = used.unknown()
    speakers = [f"{name} ({n})" for name, n in unknown[:SPEAKERS]]
    if len(unknown) > SPEAKERS:
        speakers.append(f"and {len(unknown) - SPEAKERS} more")
    _list("Speak in these texts, and the codebook does not know them:", [", ".join(speakers)] * bool(speakers))


def _found(uses: Iterable[NameUse], labels: dict[str, str], texts: int) -> Table:
    table = Table(title=f"Names found in {counted(texts, 'text')}", title_justify="left")
    table.add_column("actor")
    table.add_column("name")
    for heading in ("found", "as a place", "beside a noun", "elsewhere"):
        table.add_column(heading, justify="right")
    for use in uses:
        if use.hits:
            numbers = (str(n or "") for n in (use.hits, use.places, use.modifiers, use.otherwise))
            table.add_row(labels[use.actor], use.name, *numbers)
    table.caption = "elsewhere: in a longer name, as somebody else's, or in other letter case; not counted"
    table.caption_justify = "left"
    return table


def _never(uses: Iterable[NameUse], labels: dict[str, str]) -> list[str]:
    """One line an actor."""
    lines: dict[str, list[str]] = {}
    for use in uses:
        if not use.hits:
            words = f"{use.name} (elsewhere {use.otherwise})" if use.otherwise else use.name
            lines.setdefault(use.actor, []).append(words)
    return [f"{labels[actor]}: {', '.join(names)}" for actor, names in lines.items()]


def _list(title: str, lines: list[str]) -> None:
    if lines:
        say(title)
        for line in lines:
            say(f"  {line}")
