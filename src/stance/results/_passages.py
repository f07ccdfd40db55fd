"""How a page names and colours actors, and a text as the passages that lead to their statements."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from stance.plots.highlights import UNRESOLVED, Piece, line, pieces, stripes, tones
from stance.plots.looks import colours
from stance.schema import Document, Segment


@dataclass(frozen=True, slots=True)
class Tag:
    """How an actor is shown: its number, by which styles and filters know it, its label, and a code of its own."""

    key: int
    label: str
    code: str


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one look, and the numbers of the statements they are evidence of."""

    text: str
    classes: str
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Runs that lead to the same statements.

    Attributes
    ----------
    id
        Its number, if it is the first of one of its statements: a stop of the Tab key.
    rows
        The statements' numbers, the innermost first; none for plain text.
    code
        Of the actors who speak, where their words begin.
    """

    id: int | None
    rows: tuple[int, ...]
    classes: str
    code: str
    runs: tuple[Run, ...]


def tags(names: Mapping[str, str], longest: int = 60) -> dict[str | None, Tag]:
    """A tag for each actor, and one under None for words whose actor is not known.

    Parameters
    ----------
    names
        Actors with their names.
    longest
        Characters of a label that are shown.

    Examples
    --------
    >>> [tag.code for tag in tags({"kremlin": "Kremlin", "white_house": "White House", "kyiv": "Kyiv"}).values()]
    ['Kr', 'WH', 'Ky', '?']
    """
    taken: set[str] = set()
    found: dict[str | None, Tag] = {}
    for key, (actor, label) in enumerate(names.items()):
        words = re.findall(r"[^\W_]+", label) or [""]
        initials = ["".join(word[0] for word in words[:3]).upper()] if len(words) > 1 else []
        tries = [*initials, *(words[0][:n].capitalize() for n in (2, 3, 4))]
        code = next((t for t in tries if t and t.casefold() not in taken), str(key + 1))
        taken.add(code.casefold())
        found[actor] = Tag(key, label if len(label) <= longest else f"{label[:longest]} …", code)
    found[None] = Tag(len(names), "no known actor", "?")
    return found


class Composer:
    """Texts → passages, for one page.

    Parameters
    ----------
    names
        Actors with their names.
    numbers
        Numbers of the statements that the page shows, by the id of their segment.

    Examples
    --------
    >>> [passage] = Composer({}, {}).compose(Document("d", "2 < 3"), [])
    >>> passage.runs[0].text, passage.rows
    ('2 < 3', ())
    """

    def __init__(self, names: Mapping[str, str], numbers: Mapping[str, int]) -> None:
        self.tags = tags(names)
        self.numbers = numbers
        self.first: dict[int, int] = {}
        """The first passage of each statement."""
        self._palette = colours(names)
        self._combined: dict[str, str] = {}
        self._passages = itertools.count(1)

    def compose(self, document: Document, segments: Iterable[Segment], end: int | None = None) -> list[Passage]:
        """The passages of a text.

        Parameters
        ----------
        document, segments
            The text, and those of its segments that the page shows.
        end
            Where the page stops showing it.
        """
        end = len(document.text) if end is None else end
        shown = (p for p in pieces(document, segments) if p.start < end)
        return [
            self._passage([*group], rows, document.text[:end])
            for rows, group in itertools.groupby(shown, key=self._rows)
        ]

    def css(self) -> str:
        """The classes of what was composed so far."""
        rules = []
        for actor, tag in self.tags.items():
            colour = self._palette[actor] if actor is not None else UNRESOLVED
            rules += [
                f".t{tag.key}{{background:{stripes([colour])};border-bottom-color:{colour}}}",
                f".c{tag.key}{{background:{colour}33;border-color:{colour}}}",
                f".f{tag.key}{{background:{colour}}}",
                f".b{tag.key}{{border-color:{colour}}}",
                f".e{tag.key}{{border-left-color:{colour}}}",
                f".o{tag.key}{{outline-color:{colour}}}",
            ]
        rules += [f".{name}{{background:{background}}}" for background, name in self._combined.items()]
        return "\n".join(rules) + "\n"

    def _rows(self, piece: Piece) -> tuple[int, ...]:
        """The statements that a piece leads to: whose words, then who is spoken about, then what it stands in."""
        return tuple(dict.fromkeys(self.numbers[s.id] for s in (*piece.words_of, *piece.about, *piece.statements)))

    def _passage(self, group: list[Piece], rows: tuple[int, ...], text: str) -> Passage:
        head, number = group[0], next(self._passages)
        new = [row for row in rows if row not in self.first]
        self.first |= dict.fromkeys(new, number)
        classes, code = [], ""
        if speaking := head.words_of:
            classes += ["words", line(speaking), *self._tones(speaking)]
            if self.numbers[speaking[0].id] in new:
                code = "+".join(dict.fromkeys(self.tag(s.actor).code for s in speaking))
        if head.about:
            classes += ["about", f"o{self.tag(head.about[0].actor).key}"]
        runs = tuple(
            Run(text[p.start : p.end], " ".join(_looks(p)), tuple(sorted(map(self.numbers.__getitem__, _evidenced(p)))))
            for p in group
        )
        return Passage(number if new else None, rows, " ".join(classes), code, runs)

    def tag(self, actor: str | None) -> Tag:
        """An actor's tag; that of an unknown actor if it is not in the codebook."""
        return self.tags.get(actor, self.tags[None])

    def _tones(self, speaking: tuple[Segment, ...]) -> Iterator[str]:
        yield f"t{self.tag(speaking[0].actor).key}"
        colours = tones(speaking, self._palette)
        if len(colours) > 1:
            yield self._combined.setdefault(stripes(colours), f"s{len(self._combined)}")


def _looks(piece: Piece) -> Iterator[str]:
    if piece.speaks:
        yield "speaker"
    if piece.cues:
        yield "cue"


def _evidenced(piece: Piece) -> Iterable[str]:
    return {s.id for s in (*piece.statements, *piece.speaks, *piece.cues, *piece.about, *piece.clauses)}
