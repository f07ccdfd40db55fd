"""The researcher's file: actors, targets, frames and their hypotheses, read strictly."""

from __future__ import annotations

import datetime
import re
import string
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

import pydantic

from stance import resources
from stance.choices import Choices
from stance.naming import checked_name, folded
from stance.schema import NARRATOR, Measure, StanceError, sha256
from stance.strict import Strict, first_fault, parse_yaml


class Office(Strict):
    """A title that means whoever held the office at a document's date; both days count."""

    title: str = pydantic.Field(pattern=r"\w")
    from_: datetime.date | None = pydantic.Field(None, alias="from")
    to: datetime.date | None = None

    @pydantic.field_validator("from_", "to", mode="before")
    @classmethod
    def _day(cls, value: Any) -> Any:
        if value is not None and type(value) is not datetime.date:
            raise ValueError(f"write a day, such as 2021-01-20. Got {value!r}")
        return value

    @pydantic.model_validator(mode="after")
    def _in_order(self) -> Office:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError(f"{self.title!r} ends on {self.to}, before it begins on {self.from_}")
        return self

    def held(self, date: datetime.date | None) -> bool:
        """Whether it was held on a day; any day if that is not known."""
        if date is None:
            return True
        return (self.from_ is None or self.from_ <= date) and (self.to is None or date <= self.to)


class Entity(Strict):
    """One person or body of an actor.

    ``aliases`` are the names that count as a mention; ``place`` lists those
    among them, or others, that may also mean the town; ``pronouns`` is the
    subject pronoun that can stand for the entity: he, she, it or they;
    ``offices`` are titles that mean it at some dates only.
    """

    name: str = pydantic.Field(min_length=1)
    aliases: tuple[str, ...]
    pronouns: Literal["he", "she", "it", "they"] | None = None
    place: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()

    @pydantic.field_validator("aliases", "place")
    @classmethod
    def _names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(checked_name(name) for name in names)

    @pydantic.field_validator("name")
    @classmethod
    def _name(cls, name: str) -> str:
        if ";" in name:
            raise ValueError("a name cannot hold a semicolon, which stands between several names")
        return checked_name(name)


class Actor(Strict):
    """A camp: its label in figures, its entities, and phrases that look like it but are not."""

    label: str = pydantic.Field(min_length=1)
    entities: dict[str, Entity] = pydantic.Field(min_length=1)
    not_: tuple[str, ...] = pydantic.Field((), alias="not")

    @pydantic.field_validator("not_")
    @classmethod
    def _phrases(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(checked_name(phrase) for phrase in phrases)


def _checked_wordings(wordings: tuple[str, ...]) -> tuple[str, ...]:
    """Hypotheses with no other placeholder than those that are filled in."""
    for wording in wordings:
        try:
            parsed = list(string.Formatter().parse(wording))
        except ValueError as error:
            raise ValueError(f"{wording!r} has a brace that does not close ({error})") from None
        fields = {f"{name}!{turn}" if turn else f"{name}:{form}" if form else name for _, name, form, turn in parsed}
        if wrong := {field for field in fields if field is not None} - {"actor", "target"}:
            raise ValueError(
                f"{wording!r} uses {{{min(wrong)}}}; only {{actor}} and {{target}} are filled in, as they are"
            )
        if not re.search(r"\w", wording):
            raise ValueError(f"a hypothesis must hold words. Got {wording!r}")
    return wordings


Wordings = Annotated[tuple[str, ...], pydantic.Field(min_length=1), pydantic.AfterValidator(_checked_wordings)]
"""One hypothesis or more that a text may entail; ``{actor}`` and ``{target}`` are filled in."""


class Hypotheses(Strict):
    """Wordings for and against."""

    favor: Wordings
    against: Wordings


class Target(Strict):
    """What a stance is toward; ``id`` is its key in the codebook."""

    label: str = pydantic.Field(min_length=1)
    definition: str | None = None
    hypotheses: Hypotheses
    _id: str = pydantic.PrivateAttr("")

    @property
    def id(self) -> str:
        """The target's key in the codebook; its label if it stands in none."""
        return self._id or self.label


class Frame(Strict):
    """A way of presenting the target: some of its aspects made salient. Its id is its key in the codebook.

    ``set`` is the family it belongs to, in free words: frames of this case, say, or generic ones.
    """

    label: str = pydantic.Field(pattern=r"\w")
    set: str = pydantic.Field("frames", pattern=r"\w")
    definition: str | None = None
    hypotheses: Wordings


class Publisher(Strict):
    """Whose words a publisher's own texts are: an actor of the codebook, and the key of one of its entities."""

    actor: str
    entity: str


class Narration(Strict):
    """Whose words a text's narration is where no publisher is listed: a voice that the document itself names.

    ``by`` is the document's ``outlet`` or the column that names it, such as an author's;
    ``label`` is what all these voices are called together, and each where its document names none.
    """

    label: str = pydantic.Field("Own voice", pattern=r"\w")
    by: str = pydantic.Field("outlet", pattern=r"\w")


STANCE = Hypotheses(
    favor=("{actor} supports {target}.", "{actor} is in favor of {target}."),
    against=("{actor} opposes {target}.", "{actor} is against {target}."),
)
"""Wordings for a target that no codebook describes."""

SENTIMENT = Hypotheses(
    favor=("{actor} is positive about {target}.", "{actor} speaks well of {target}."),
    against=("{actor} is negative about {target}.", "{actor} speaks ill of {target}."),
)
"""Wordings of sentiment toward a target; ``{actor}`` is the holder, or "The text"."""

ADDRESSED = "{actor} speaks about {target}."
"""Whether a statement takes the target up at all: what models are taught, and asked."""

WORDINGS: Mapping[Measure, Hypotheses] = MappingProxyType({"stance": STANCE, "sentiment": SENTIMENT})
"""The wordings of measures that can be asked without a codebook."""


class Codebook(Strict):
    """Actors, targets and frames of a study, checked when read.

    ``frames`` are ways of presenting the target; they are exploratory, as long
    as no labelled sample says how well they are read. ``publishers`` says whose
    words unattributed text is, by a document's ``source`` or the host of its
    ``url``; see :func:`stance.attribution.publishers.publisher_of`. ``groups``
    says whom words for several mean: ``both sides: [orvia, lesk]`` gives each
    statement of "both sides" to the two. An actor stands for its state, or for
    its first entity if it has none; ``orvia.varga`` means that entity. ``narrator``
    makes what nobody is quoted with a statement of the document's outlet or
    author, whichever they are; left out, narration is nobody's statement. ``multiverse`` declares the
    choices under which findings are looked at again; see :func:`stance.multiverse`.
    """

    actors: dict[str, Actor]
    targets: dict[str, Target]
    frames: dict[str, Frame] = pydantic.Field({})
    publishers: dict[str, Publisher] = pydantic.Field({})
    narrator: Narration | None = None
    groups: dict[str, tuple[str, ...]] = pydantic.Field({})
    multiverse: Choices = pydantic.Field(default_factory=Choices)
    _written: bytes = pydantic.PrivateAttr(b"")
    _read: bytes = pydantic.PrivateAttr(b"")

    @property
    def written(self) -> bytes:
        """The file the codebook came from, byte for byte; empty if it was made, or changed, in code."""
        return self._written if self._content() == self._read else b""

    @property
    def fingerprint(self) -> str:
        """The sha256 of the file the codebook came from; of its content if it was made, or changed, in code."""
        return sha256(self.written or self._content())

    def _content(self) -> bytes:
        return self.model_dump_json(by_alias=True).encode()

    @property
    def names(self) -> dict[str, str]:
        """Actors, in the codebook's order, with their names in figures; last its ``narrator``, if any."""
        own = {NARRATOR: self.narrator.label} if self.narrator else {}
        return {key: actor.label for key, actor in self.actors.items()} | own

    def target(self, name: str | None = None) -> Target:
        """A target by its id; the first one if no id is given.

        Raises
        ------
        StanceError
            If the codebook has no such target.

        Examples
        --------
        >>> read_codebook().target().label
        'the talks'
        """
        if name is None:
            name = next(iter(self.targets))
        if name not in self.targets:
            raise StanceError(
                f"The codebook has no target {name!r}. It has: {', '.join(self.targets)}. "
                "Name one of these or add yours under 'targets'."
            )
        return self.targets[name]

    def frame(self, name: str) -> Frame:
        """A frame by its id.

        Raises
        ------
        StanceError
            If the codebook has no such frame.

        Examples
        --------
        >>> read_codebook().frame("risk").label
        'risk'
        """
        if name not in self.frames:
            known = ", ".join(self.frames) or "none"
            raise StanceError(f"The codebook has no frame {name!r}. It has: {known}. Add yours under 'frames'.")
        return self.frames[name]

    @pydantic.model_validator(mode="after")
    def _consistent(self) -> Codebook:
        if not self.actors or not self.targets:
            raise ValueError("a codebook needs at least one actor and one target")
        for key, target in self.targets.items():
            target._id = key
        owners = self._owners()
        for actor, entry in self.actors.items():
            for key, entity in entry.entities.items():
                for office in entity.offices:
                    self._check_free(office.title, f"actors.{actor}.entities.{key}.offices", owners)
        for actor, entry in self.actors.items():
            for excluded in entry.not_:
                self._check_free(excluded, f"actors.{actor}.not", owners)
        self._check_publishers()
        self._check_groups(owners)
        return self

    def _owners(self) -> dict[str, tuple[str, str]]:
        """The actor of each name, and the key it stands under; no name stands under two actors."""
        owners: dict[str, tuple[str, str]] = {}
        for actor, entry in self.actors.items():
            if actor == NARRATOR:
                raise ValueError("actors.narrator: this name is kept for the voice of the text itself")
            for key, entity in entry.entities.items():
                where = f"actors.{actor}.entities.{key}"
                for alias in (entity.name, *entity.aliases, *entity.place):
                    other, place = owners.setdefault(folded(alias), (actor, where))
                    if other != actor:
                        raise ValueError(
                            f"the alias {alias!r} stands under both {place} and {where}; keep it under one of them"
                        )
        return owners

    @staticmethod
    def _check_free(name: str, where: str, owners: Mapping[str, tuple[str, str]]) -> None:
        if folded(name) in owners:
            raise ValueError(
                f"{where}: {name!r} is also an alias under {owners[folded(name)][1]}; remove one of the two"
            )

    def _check_groups(self, owners: Mapping[str, tuple[str, str]]) -> None:
        written: dict[str, str] = {}
        for words, members in self.groups.items():
            where = f"groups.{words}"
            if not re.search(r"\w", words):
                raise ValueError(f"{where}: write the words that mean the group, such as 'both sides'")
            if (other := written.setdefault(folded(words).strip(), words)) != words:
                raise ValueError(f"{where} is groups.{other} once more; remove one of the two")
            self._check_free(words, where, owners)
            if not members:
                raise ValueError(f"{where}: the group is empty; name its actors, such as [{next(iter(self.actors))}]")
            for member in members:
                self.member(member, where)

    def member(self, key: str, where: str = "groups") -> tuple[str, str]:
        """The actor and the name of the entity that a key of a group means (``actor`` or ``actor.entity``).

        Raises ValueError, with the place ``where``, if the codebook has none.

        Examples
        --------
        >>> read_codebook().member("kyiv")
        ('kyiv', 'Kyiv')
        """
        if key in self.actors:
            entities = list(self.actors[key].entities.values())
            return key, next((e for e in entities if e.place), entities[0]).name
        actor, _, entity = key.partition(".")
        if actor not in self.actors:
            raise ValueError(f"{where}: there is no actor {actor!r}; write one of: {', '.join(self.actors)}")
        if entity not in (known := self.actors[actor].entities):
            raise ValueError(f"{where}: {actor} has no entity {entity!r}; write one of: {', '.join(known)}")
        return actor, known[entity].name

    def _check_publishers(self) -> None:
        keys: dict[str, str] = {}
        for key, publisher in self.publishers.items():
            actor = self.actors.get(publisher.actor)
            if actor is None:
                raise ValueError(
                    f"publishers.{key}.actor: there is no actor {publisher.actor!r}; write one of: "
                    f"{', '.join(self.actors)}"
                )
            if publisher.entity not in actor.entities:
                raise ValueError(
                    f"publishers.{key}.entity: {publisher.actor} has no entity {publisher.entity!r}; write one of: "
                    f"{', '.join(actor.entities)}"
                )
            if "/" in key or not re.search(r"\w", key):
                raise ValueError(f"publishers.{key}: write a document's 'outlet' or a bare host, such as example.org")
            if (other := keys.setdefault(folded(key), key)) != key:
                raise ValueError(f"publishers.{key} is publishers.{other} once more; remove one of the two")


def read_codebook(path: str | Path | None = None) -> Codebook:
    """Read and check a codebook.

    Parameters
    ----------
    path
        A YAML file; the codebook of the sample article if left out.

    Raises
    ------
    StanceError
        If the file is missing or not YAML, a key is unknown or missing, two
        actors share an alias, or a hypothesis has another placeholder than
        ``{actor}`` and ``{target}``. The message names the file and the key.

    Examples
    --------
    >>> list(read_codebook().actors)
    ['kremlin', 'white_house', 'kyiv', 'western_europe', 'biden', 'other']
    """
    source = resources.SAMPLE_CODEBOOK if path is None else Path(path)
    try:
        data = source.read_bytes()
    except OSError as error:
        raise StanceError(
            f"The codebook {source} cannot be read ({error.strerror}). Give the path of a YAML file."
        ) from None
    try:
        content = parse_yaml(data)
    except ValueError as error:
        raise StanceError(f"The codebook {source} is not valid YAML: {error}.") from None
    if not isinstance(content, dict):
        raise StanceError(f"The codebook {source} must hold the keys 'actors' and 'targets' at its top level.")
    try:
        codebook = Codebook.model_validate(content)
    except pydantic.ValidationError as error:
        raise StanceError(f"The codebook {source}: {first_fault(error, 'stance check')}") from None
    codebook._written, codebook._read = data, codebook._content()
    return codebook
