"""The names of a codebook as one search pattern."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
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
    date: datetime.date | None = None
    """Of the text; decides who an office's title means."""
    _dated: dict[str, Lexicon] = field(default_factory=dict, compare=False, repr=False)

    def at(self, date: str | None) -> Lexicon:
        """The names as they stood at a document's date (ISO: 2025-08-15); unchanged if that is not known.

        Where the date is not known, a title that several held means none of them.
        """
        day = (date or "")[:10]
        if not day or not any(e.offices for a in self.codebook.actors.values() for e in a.entities.values()):
            return self
        if day not in self._dated:
            try:
                self._dated[day] = Lexicon(self.codebook, datetime.date.fromisoformat(day))
            except ValueError:  # no ISO date
                self._dated[day] = self
        return self._dated[day]

    @cached_property
    def _holders(self) -> dict[str, set[Referent]]:
        """Whom each office's title means at the date: several where the date is not known."""
        holders: dict[str, set[Referent]] = {}
        for key, actor in self.codebook.actors.items():
            for entity in actor.entities.values():
                for office in entity.offices:
                    found = holders.setdefault(folded(office.title), set())
                    if office.held(self.date):
                        found.add(Referent(key, entity.name))
        return holders

    @cached_property
    def names(self) -> dict[str, Referent | None]:
        """Every name, folded, to whom it means; None for what the codebook excludes."""
        names: dict[str, Referent | None] = {}
        for key, actor in self.codebook.actors.items():
            for entity in actor.entities.values():
                for name in (entity.name, *entity.aliases, *entity.place):
                    names.setdefault(folded(name), Referent(key, entity.name))
        for title, holders in self._holders.items():
            names.setdefault(title, next(iter(holders)) if len(holders) == 1 else None)
        for actor in self.codebook.actors.values():
            names.update((folded(phrase), None) for phrase in actor.not_)
        return names

    @cached_property
    def places(self) -> frozenset[str]:
        """Folded names that may mean the town."""
        actors = self.codebook.actors.values()
        return frozenset(folded(p) for a in actors for e in a.entities.values() for p in e.place)

    @cached_property
    def states(self) -> frozenset[str]:
        """Entities with a name that may mean a place: governments, not companies."""
        actors = self.codebook.actors.values()
        return frozenset(e.name for a in actors for e in a.entities.values() if e.place)

    @cached_property
    def pronouns(self) -> dict[str, str | None]:
        """The subject pronoun of each entity, by its name."""
        actors = self.codebook.actors.values()
        return {e.name: e.pronouns for a in actors for e in a.entities.values()}

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All names as one pattern, the longest first, so that it wins."""
        written = {name for actor in self.codebook.actors.values() for name in actor.not_}
        for actor in self.codebook.actors.values():
            for entity in actor.entities.values():
                written |= {entity.name, *entity.aliases, *entity.place, *(o.title for o in entity.offices)}
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
