"""The names of a codebook as one search pattern."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from stance.attribution._plain import plain
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
    def first_names(self) -> dict[Referent, frozenset[str]]:
        """All words of each entity's names, folded: what may stand before its family name."""
        actors = self.codebook.actors.items()
        return {
            Referent(key, e.name): frozenset(word for name in (e.name, *e.aliases) for word in folded(name).split())
            for key, a in actors
            for e in a.entities.values()
        }

    @cached_property
    def family_names(self) -> dict[Referent, frozenset[str]]:
        """Names of one word that may mean each entity, and the last word of its full name; folded."""
        actors = self.codebook.actors.items()
        return {
            Referent(key, e.name): frozenset(
                [folded(e.name).split()[-1], *(n for n in map(folded, e.aliases) if " " not in n)]
            )
            for key, a in actors
            for e in a.entities.values()
        }

    @cached_property
    def groups(self) -> dict[str, tuple[Referent, ...]]:
        """Words for several actors ("both sides"), folded, and whom the codebook says they mean."""
        return {
            folded(words).strip(): tuple(dict.fromkeys(Referent(*self.codebook.member(key)) for key in members))
            for words, members in self.codebook.groups.items()
        }

    def find_groups(self, text: str) -> Iterator[tuple[int, int, tuple[Referent, ...]]]:
        """Where a text uses the codebook's words for several actors, in either case."""
        if not self.groups:
            return
        words = "|".join(_loose(w) for w in sorted(self.groups, key=lambda w: (-len(w), w)))
        copy, offsets = plain(text)
        for match in re.finditer(rf"(?<!\w)(?i:{words})(?!\w)", copy):
            yield *offsets(match.span()), self.groups[folded(match.group())]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All names as one pattern, the longest first, so that it wins."""
        written = {name for actor in self.codebook.actors.values() for name in actor.not_}
        for actor in self.codebook.actors.values():
            for entity in actor.entities.values():
                written |= {entity.name, *entity.aliases, *entity.place, *(o.title for o in entity.offices)}
        longest_first = sorted(written, key=lambda name: (-len(name), name))
        first = "".join(sorted({re.escape(plain(name)[0][:1]) for name in longest_first}))
        opens = f"(?=(?i:[{first}]))" if first else ""  # for speed: elsewhere no name is tried
        return re.compile(rf"(?<!\w){opens}(?:" + "|".join(map(_name_pattern, longest_first)) + r")(?!\w)")

    def find(self, text: str) -> Iterator[tuple[int, int, Referent]]:
        """Names in a text, left to right, without overlaps."""
        copy, offsets = plain(text)
        for match in self.pattern.finditer(copy):
            referent = self.names.get(folded(match.group()))
            if referent is not None:
                yield *offsets(match.span()), referent


def _loose(text: str) -> str:
    """A pattern for words with any space between them and either form of the apostrophe."""
    return re.sub("['’]", "['’]", re.sub(r"(\\ |\s)+", r"\\s+", re.escape(text)))


def _name_pattern(name: str) -> str:
    name = plain(name)[0]
    letters = [c for c in name if c.isalpha()]
    if len(letters) <= 4 and all(c.isupper() for c in letters):
        return _loose(name)
    if name[0].islower():
        return f"(?i:{_loose(name)})"
    return _loose(name[0]) + f"(?i:{_loose(name[1:])})"
