"""How texts use the names of a codebook: which are found and how often, which never, which mean several."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from stance.attribution._plain import plain
from stance.attribution.aliases import Lexicon
from stance.attribution.segments import Segmented
from stance.codebook import Codebook, folded
from stance.entries import Entity
from stance.schema import NARRATOR, Segment
from stance.text.parsed import ParsedText


class NameUse(NamedTuple):
    """One name of a codebook, and what it is in some texts."""

    actor: str
    entity: str
    name: str
    """As it stands in the codebook."""
    hits: int
    """Where it is found as a name, longer names aside, and means somebody of the codebook."""
    places: int
    """Of these, where it means the place: "in Velmar"."""
    modifiers: int
    """Of these, where it only says more about another noun: "a Velmar school"."""
    otherwise: int
    """Where its words stand without being a hit: in a longer name, as another's name, or in other letter case."""

    @property
    def only_places(self) -> bool:
        """Whether it is found, and never as somebody who speaks or is spoken about."""
        return 0 < self.hits == self.places + self.modifiers


class Shared(NamedTuple):
    """A name that may mean several."""

    name: str
    actors: tuple[str, ...]
    why: str


class NamesInUse:
    """Counts the names of a codebook in one text after another.

    Parameters
    ----------
    codebook
        Whose names are counted.

    Examples
    --------
    >>> from stance.attribution.segments import Segmenter
    >>> from stance.codebook import read_codebook
    >>> from stance.schema import Document
    >>> text = "Putin met Ann Roe in Moscow. Roe said that it rained. Vladimir Putin left."
    >>> names = NamesInUse(read_codebook())
    >>> names.add(Segmenter(names.codebook).segment(Document("d", text)))
    >>> [(use.name, use.hits, use.places, use.otherwise) for use in names.uses() if use.hits]
    [('Vladimir Putin', 1, 0, 0), ('Putin', 1, 0, 1), ('Moscow', 1, 1, 0)]
    >>> names.unknown()
    [('Roe', 1)]
    """

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.groups: Counter[str] = Counter()
        """Words for several actors, as the codebook writes them, and how often they are found."""
        self._lexicon = Lexicon(codebook)
        self._names = {key: _written(entity) for key, entity in self._entities()}
        self._roles: dict[str, Counter[str]] = defaultdict(Counter)
        self._actors: dict[str, Counter[str]] = defaultdict(Counter)
        self._anywhere: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()

    def add(self, found: Segmented) -> None:
        """Count what stands in one text."""
        text = found.parsed.text
        for mention in found.mentions:
            name = folded(mention.span.text)
            self._roles[name][mention.role] += 1
            self._actors[name][mention.actor] += 1
        words = folded(plain(text)[0])
        for name in {folded(n) for names in self._names.values() for n in names}:
            if name in words:  # far faster than a pattern, and most names are in no given text
                self._anywhere[name] += len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", words))
        for start, end, _ in self._lexicon.find_groups(text):
            self.groups[folded(text[start:end])] += 1
        for segment in found.segments:
            if segment.role == "source" and segment.actor is None and (name := _name_of(segment, found.parsed)):
                self._unknown[name] += folded(name) not in self._lexicon.names

    def uses(self) -> list[NameUse]:
        """Every name of the codebook, in its order."""
        return [
            NameUse(
                actor,
                entity,
                written,
                hits := sum((roles := self._roles.get(name := folded(written), Counter())).values()),
                roles["location"],
                roles["attributive"],
                max(0, self._anywhere[name] - hits),
            )
            for (actor, entity), names in self._names.items()
            for written in names
        ]

    def unknown(self) -> list[tuple[str, int]]:
        """Names of speakers whom the codebook does not know, and how often each speaks; the most frequent first.

        A family name counts for the one full name that ends in it.
        """
        counts: Counter[str] = Counter()
        for name, n in (+self._unknown).items():
            longer = [other for other in self._unknown if other.endswith(f" {name}")]
            counts[longer[0] if len(longer) == 1 else name] += n
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

    def shared(self) -> list[Shared]:
        """Names found in the texts that mean several actors, or may be taken for another's."""
        found = []
        for words, n in self.groups.items():
            members = tuple(dict.fromkeys(r.actor for r in self._lexicon.groups.get(words, ())))
            found.append(Shared(words, members, f"a group of the codebook, found {n} times"))
        ends = self._last_words()
        for name, actors in self._actors.items():
            if len(actors) > 1:
                counts = ", ".join(f"{actor} {n}" for actor, n in actors.most_common())
                found.append(Shared(name, tuple(actors), f"by date or namesake: {counts}"))
            elif others := {(a, e) for a, e in ends.get(name, ()) if a not in actors}:
                (mine,) = actors
                listed = sorted(others)
                full = ", ".join(entity for _, entity in listed)
                found.append(Shared(name, (mine, *(a for a, _ in listed)), f"counted for {mine}, also ends: {full}"))
        return found

    def _entities(self) -> Iterator[tuple[tuple[str, str], Entity]]:
        for key, actor in self.codebook.actors.items():
            for entity in actor.entities.values():
                yield (key, entity.name), entity

    def _last_words(self) -> dict[str, set[tuple[str, str]]]:
        """The last word of every longer name, and whose names end in it."""
        ends: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for (actor, entity), names in self._names.items():
            for words in (folded(name).split() for name in names):
                if len(words) > 1:
                    ends[words[-1]].add((actor, entity))
        return ends


def _written(entity: Entity) -> list[str]:
    """All names of an entity as they are written, each once."""
    titles = (office.title for office in entity.offices)
    names: dict[str, str] = {}
    for name in (entity.name, *entity.aliases, *entity.place, *titles):
        names.setdefault(folded(name), name)
    return list(names.values())


def _name_of(segment: Segment, parsed: ParsedText) -> str:
    """The name in a statement's source; empty where there is only a pronoun or a description."""
    if segment.voice == NARRATOR or not segment.source:
        return ""
    tokens = parsed.tokens(segment.source[0].start, segment.source[0].end)
    best: list[str] = []
    run: list[str] = []
    for token in tokens or ():
        run = [*run, token.text] if token.pos_ == "PROPN" else []
        best = max(best, run, key=len)
    return " ".join(best)
