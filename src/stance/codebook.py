"""The researcher's file: actors, targets, frames and their hypotheses, read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pydantic

from stance import resources
from stance.choices import Choices
from stance.entries import Actor, Frame, Hypotheses, Narration, Publisher, Target
from stance.naming import folded
from stance.schema import NARRATOR, Measure, StanceError, sha256
from stance.strict import Strict, first_fault, parse_yaml

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
    """Actors, targets and frames of a study, checked when read."""

    actors: dict[str, Actor] = pydantic.Field(description="The camps, each under a key; one or more.")
    targets: dict[str, Target] = pydantic.Field(
        description="What stances are toward, each under a key; one or more. The first is the default."
    )
    frames: dict[str, Frame] = pydantic.Field(
        {},
        description="What statements may dwell on. Nobody has measured how well a model reads them: they are "
        "exploratory, good for finding passages.",
    )
    publishers: dict[str, Publisher] = pydantic.Field(
        {},
        description="Whose words unattributed text is, by the outlet of a document or the host of its url (any "
        "subdomain fits). Each sentence in which nobody is quoted is then a statement of the publisher.",
    )
    narrator: Narration | None = pydantic.Field(
        None,
        description="Makes each sentence in which nobody is quoted a statement of the outlet or author, whoever that "
        "is. Left out, narration is nobody's statement.",
    )
    groups: dict[str, tuple[str, ...]] = pydantic.Field(
        {},
        description="Whom words for several mean: {both sides: [kremlin, kyiv]} gives each statement of both sides to "
        "the two. An actor stands for its state, or for its first entity; kyiv.zelenskyy means that entity.",
    )
    multiverse: Choices = pydantic.Field(
        default_factory=Choices, description="The choices under which findings are looked at again."
    )
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
