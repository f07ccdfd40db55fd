"""The names of a codebook as one search pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from stance.codebook import Codebook, folded
from stance.schema import Referent


@dataclass(frozen=True)
class Lexicon:
    """Where a text uses a name of the codebook.

    Acronyms match exactly ("US", never "us"); other names match their first
    letter as written and the rest in either case; the longest name wins.
    """

    codebook: Codebook

    @cached_property
    def names(self) -> dict[str, Referent | None]:
        """Every name, folded, to whom it means; None for what the codebook excludes."""
        names: dict[str, Referent | None] = {}
        for key, actor in self.codebook.actors.items():
            for entity in actor.entities.values():
                for name in (entity.name, *entity.aliases, *entity.place):
                    names.setdefault(folded(name), Referent(key, entity.name))
        for actor in self.codebook.actors.values():
            names.update((folded(phrase), None) for phrase in actor.not_)
        return names

    @cached_property
    def places(self) -> frozenset[str]:
        """Folded names that may mean the town."""
        actors = self.codebook.actors.values()
        return frozenset(folded(p) for a in actors for e in a.entities.values() for p in e.place)

    @cached_property
    def pronouns(self) -> dict[str, str | None]:
        """The subject pronoun of each entity, by its name."""
        actors = self.codebook.actors.values()
        return {e.name: e.pronouns for a in actors for e in a.entities.values()}

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All names, longest first."""
        written = {name for actor in self.codebook.actors.values() for name in actor.not_}
        for actor in self.codebook.actors.values():
            for entity in actor.entities.values():
                written |= {entity.name, *entity.aliases, *entity.place}
        longest_first = sorted(written, key=lambda name: (-len(name), name))
        return re.compile(r"(?<!\w)(?:" + "|".join(map(_name_pattern, longest_first)) + r")(?!\w)")

    def find(self, text: str) -> Iterator[tuple[int, int, Referent]]:
        """Names in a text, left to right, without overlaps."""
        for match in self.pattern.finditer(text):
            referent = self.names.get(folded(match.group()))
            if referent is not None:
                yield match.start(), match.end(), referent


def _name_pattern(name: str) -> str:
    def loose(text: str) -> str:
        return re.sub("['’]", "['’]", re.sub(r"(\\ |\s)+", r"\\s+", re.escape(text)))

    letters = [c for c in name if c.isalpha()]
    if len(letters) <= 4 and all(c.isupper() for c in letters):
        return loose(name)
    if name[0].islower():
        return f"(?i:{loose(name)})"
    return loose(name[0]) + f"(?i:{loose(name[1:])})"
