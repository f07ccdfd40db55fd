"""A text as a ribbon for a page: where each actor speaks, with which stance, and where it is spoken about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stance.plots import looks
from stance.results._passages import Composer, Tag
from stance.results._statements import Statement

SHADES = 10
"""Steps from against to favor: more could not be told apart in a box this small."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A stretch of a text: its place and width in hundredths, its look, and the passage it leads to."""

    place: int
    width: int
    classes: str
    passage: int | None


@dataclass(frozen=True, slots=True)
class Lane:
    """The tiles of one actor, and how many they are."""

    actor: Tag
    tiles: tuple[Tile, ...]
    speaks: int
    about: int


def ribbon(statements: Sequence[Statement], end: int, target: str, composer: Composer) -> list[Lane]:
    """The lanes of a text, in the order of the codebook.

    Parameters
    ----------
    statements
        Those of the text that the page shows, whose passages were composed.
    end
        Where the page stops showing the text.
    target
        What the stance is toward.
    composer
        Names and colours of the page.
    """
    lanes: dict[int, list[Statement]] = {}
    for statement in statements:
        if statement.segment.status == "stated":
            lanes.setdefault(composer.tag(statement.segment.actor).key, []).append(statement)
    tags = {tag.key: tag for tag in composer.tags.values()}
    return [
        Lane(
            tags[key],
            tuple(
                _tile(s, max(1, end), target, composer) for s in sorted(mine, key=lambda s: s.segment.role == "source")
            ),
            sum(s.segment.role == "source" for s in mine),
            sum(s.segment.role == "mention" for s in mine),
        )
        for key, mine in sorted(lanes.items())
    ]


def shades() -> str:
    """The classes of the colours of net scores."""
    return "\n".join(f".n{i}{{background:{colour}}}" for i, colour in enumerate(looks.shades(SHADES)))


def _tile(statement: Statement, end: int, target: str, composer: Composer) -> Tile:
    spans = statement.segment.spans
    start, stop = (100 * min(at, end) // end for at in (spans[0].start, spans[-1].end))
    key = composer.tag(statement.segment.actor).key
    if statement.segment.role == "mention":
        look = f"told f{key}"
    else:
        read = statement.stances.get(target)
        look = f"says b{key} " + ("none" if read is None or read.net is None else f"n{_shade(read.net)}")
    number = composer.numbers.get(statement.segment.id)
    return Tile(start, max(1, stop - start), look, composer.first.get(number) if number else None)


def _shade(net: float) -> int:
    return round(SHADES * (min(1.0, max(-1.0, net)) + 1) / 2)
