"""What stands in a codebook: entities, actors, targets, frames and voices, each key with its meaning."""

from __future__ import annotations

import datetime
import re
import string
from typing import Annotated, Any, Literal

import pydantic

from stance.naming import checked_name
from stance.strict import Strict


class Office(Strict):
    """A title that means whoever held the office at a document's date; both days count."""

    title: str = pydantic.Field(pattern=r"\w", description="The title, as texts write it: US President.")
    from_: datetime.date | None = pydantic.Field(
        None, alias="from", description="The first day in office, as 2021-01-20; open if left out."
    )
    to: datetime.date | None = pydantic.Field(None, description="The last day in office; open if left out.")

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
    """One person or body of an actor."""

    name: str = pydantic.Field(
        min_length=1, description="How hypotheses and tables call it; it counts as an alias, too."
    )
    aliases: tuple[str, ...] = pydantic.Field(
        description="Other names, as texts write them; [] if there are none. Where two begin at the same word, the "
        "longer one counts. Acronyms match exactly (US, never us), other names from a capital on. Possessives match, "
        "plurals do not."
    )
    pronouns: Literal["he", "she", "it", "they"] | None = pydantic.Field(
        None, description="The pronoun that can stand for it."
    )
    place: tuple[str, ...] = pydantic.Field(
        (), description='Names that may also mean a place: "in Moscow" is not the Kremlin.'
    )
    offices: tuple[Office, ...] = pydantic.Field(
        (),
        description="Titles that mean it at some dates only. Who is meant follows from the date of the document, and "
        "stays open where two held the office and the date is unknown.",
    )

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
    """A camp: one or more persons and bodies that count as one side."""

    label: str = pydantic.Field(min_length=1, description="What figures and tables call it.")
    entities: dict[str, Entity] = pydantic.Field(min_length=1, description="Its persons and bodies, each under a key.")
    not_: tuple[str, ...] = pydantic.Field(
        (), alias="not", description="Phrases that only look like one of its names: Moscow Times."
    )

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

    favor: Wordings = pydantic.Field(
        description="Sentences that hold if the actor is for the target; {actor} and {target} are filled in."
    )
    against: Wordings = pydantic.Field(description="Sentences that hold if the actor is against it.")


class Target(Strict):
    """What a stance is toward; ``id`` is its key in the codebook."""

    label: str = pydantic.Field(min_length=1, description="What hypotheses, figures and tables call it: the talks.")
    definition: str | None = pydantic.Field(None, description="What counts as the target; annotators read it.")
    hypotheses: Hypotheses = pydantic.Field(description="The sentences that a model is asked about.")
    _id: str = pydantic.PrivateAttr("")

    @property
    def id(self) -> str:
        """The target's key in the codebook; its label if it stands in none."""
        return self._id or self.label


class Frame(Strict):
    """A way of presenting the target: some of its aspects made salient. Its id is its key in the codebook."""

    label: str = pydantic.Field(pattern=r"\w", description="What figures and tables call it.")
    set: str = pydantic.Field(
        "frames", pattern=r"\w", description="The family it belongs to, in free words: case, generic."
    )
    definition: str | None = pydantic.Field(None, description="What counts as the frame.")
    hypotheses: Wordings = pydantic.Field(description="Sentences that hold where the frame is present.")


class Publisher(Strict):
    """Whose words a publisher's own texts are: an actor of the codebook, and the key of one of its entities."""

    actor: str = pydantic.Field(description="An actor of the codebook.")
    entity: str = pydantic.Field(description="The key of one of its entities.")


class Narration(Strict):
    """Whose words a text's narration is where no publisher is listed: a voice that the document itself names."""

    label: str = pydantic.Field(
        "Own voice", pattern=r"\w", description="What these voices are called together, and one that has no name."
    )
    by: str = pydantic.Field(
        "outlet", pattern=r"\w", description="The column that names the voice: the outlet, an author."
    )
