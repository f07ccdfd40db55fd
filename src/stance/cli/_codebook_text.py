"""A codebook written out with a comment on every key: from another codebook, or from answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from stance.codebook import STANCE, Codebook, Frame, folded

_PLAIN = re.compile(r"[A-Za-z][\w .'’-]*[\w.]")
_YAML_WORDS = frozenset("y n yes no on off true false null none".split())
_PRONOUN = re.compile(r"\s*\((he|she|it|they)\)\s*$", re.IGNORECASE)

_HEAD = """\
# Who stands where on {target}: the codebook of this study.
# Change it as you like, and look what is wrong with it: stance check {file}
# Keys such as {key} are yours to choose: letters, digits and underscores. Lines that begin with # are comments.

# The actors: camps that speak or are spoken about. Each has a label, which stands in figures, and its entities:
# the persons, offices and bodies that belong to it.
actors:
"""
_FIRST = """\
      # name: as premises and tables show it. aliases: every other way in which texts name it. A name of up to four
      # capitals is found as it stands (US, never us); of others, the first letter counts and the rest may be in
      # either case. The longest name wins. A name may stand under one actor only.
      # pronouns: he, she, it or they; without it, no pronoun is taken to mean the entity.
"""
_PLACES = """\
      # place: names that may also mean the town or country. "In {place}" is then no statement about the actor.
"""
_NOT = """\
    # not: what looks like a name above and means something else, such as a newspaper.
"""
_OPTIONAL = """\
    # Titles that several people held, with their days (put this into an entity; either day may be left out):
    #   offices: [{{title: the Mayor, from: 2021-01-20, to: 2025-01-19}}]
"""
_TARGETS = """
# What they are for or against. The first one is used unless --target names another.
# label is put into the questions for {{target}}, so it must fit there: "{{actor}} supports {label}."
# definition says to human readers and annotators what counts as support.
# hypotheses are what the model is asked; several wordings show how much the wording matters.
targets:
"""
_FRAMES = """
# Ways of presenting the target; take out those you do not need, or all. They are exploratory: no labelled sample
# says how often a model reads them rightly. These five are the generic frames of Semetko & Valkenburg (2000).
frames:
"""
_MORE = """
# Optional. Whose words unattributed text is, by a document's outlet or the host of its url:
# publishers:
#   example.org: {{actor: {actor}, entity: {entity}}}
# Or of everybody, without a list: what nobody is quoted with is a statement of the document's outlet. by may name
# another column, such as author; label is what these voices are called together.
# narrator: {{label: The press, by: outlet}}
# Words that mean several actors:
# groups:
#   both sides: [{actors}]
"""


@dataclass(frozen=True, slots=True)
class Member:
    """A person or body of a camp."""

    name: str
    aliases: tuple[str, ...] = ()
    pronouns: str | None = None
    place: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Camp:
    """An actor to be written."""

    label: str
    members: tuple[Member, ...]
    excluded: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """What goes into a new codebook."""

    target: str
    definition: str
    camps: list[Camp] = field(default_factory=list)
    target_key: str = ""


def sample_plan(sample: Codebook, camps: int = 2, members: int = 2) -> Plan:
    """A small codebook that shows how it is done: the first camps of another, some entities of each.

    Parameters
    ----------
    sample
        Where they are from.
    camps, members
        How many of each: two are enough to show what a list looks like. An entity with a place comes on top.
    """
    aim = sample.target()
    plan = Plan(aim.label, aim.definition or "", target_key=aim.id)
    for actor in list(sample.actors.values())[:camps]:
        entities = list(actor.entities.values())
        places = [e for e in entities[members:] if e.place][:1]
        chosen = [Member(e.name, e.aliases[:3], e.pronouns, e.place) for e in (*entities[:members], *places)]
        plan.camps.append(Camp(actor.label, tuple(chosen), actor.not_[:2]))
    return plan


def generic_frames(sample: Codebook) -> dict[str, Frame]:
    """The frames of a codebook that fit any case."""
    return {key: frame for key, frame in sample.frames.items() if frame.set == "generic"}


def members_of(answer: str) -> tuple[Member, ...]:
    """Persons and bodies as they are typed in: parted by commas, other names behind ``=``, a pronoun in brackets.

    A person's family name is added as an alias.

    Examples
    --------
    >>> members_of("Ana Ruiz = the mayor (she), town hall")
    (Member(name='Ana Ruiz', aliases=('the mayor', 'Ruiz'), pronouns='she', place=()), Member(name='town hall',
    aliases=(), pronouns=None, place=()))
    """
    found = []
    for part in _parts(answer):
        pronoun = _PRONOUN.search(part)
        name, *aliases = [" ".join(n.split()) for n in _PRONOUN.sub("", part).split("=") if n.strip()] or [""]
        said = pronoun.group(1).lower() if pronoun else None
        words = name.split()
        if said in ("he", "she") and len(words) > 1 and words[-1] not in aliases:
            aliases.append(words[-1])
        if name:
            found.append(Member(name, tuple(aliases), said))
    return tuple(found)


def _parts(answer: str) -> list[str]:
    return [part.strip() for part in answer.split(",") if part.strip()]


def names_of(answer: str) -> tuple[str, ...]:
    """Names as they are typed in: parted by commas.

    Examples
    --------
    >>> names_of("Kyiv Post, , chicken Kiev")
    ('Kyiv Post', 'chicken Kiev')
    """
    return tuple(_parts(answer))


def keys_of(labels: Iterable[str]) -> list[str]:
    """Keys made from labels: small letters, digits and underscores, each once.

    Examples
    --------
    >>> keys_of(["Town Hall", "town-hall", "Ελλάδα", "the narrator", "Narrator"])
    ['town_hall', 'town_hall_2', 'ελλάδα', 'the_narrator', 'narrator_2']
    """
    taken = {"narrator"}
    keys = []
    for label in labels:
        stem = re.sub(r"\W+", "_", folded(label)).strip("_") or "key"
        key, number = stem, 2
        while key in taken:
            key, number = f"{stem}_{number}", number + 1
        taken.add(key)
        keys.append(key)
    return keys


def codebook_text(plan: Plan, frames: Mapping[str, Frame], file: str = "codebook.yml") -> str:
    """A codebook in YAML, with a comment on every key.

    Examples
    --------
    >>> text = codebook_text(Plan("the bridge", "", [Camp("Council", (Member("Ana Ruiz", ("Ruiz",), "she"),))]), {})
    >>> print(next(line for line in text.splitlines() if "Ana" in line))
          ana_ruiz: {name: Ana Ruiz, aliases: [Ruiz], pronouns: she}
    """
    keys = keys_of(camp.label for camp in plan.camps)
    parts = [_HEAD.format(target=plan.target, file=file, key=_key(keys[0]) if keys else "council")]
    told = {"place": False}
    for number, (key, camp) in enumerate(zip(keys, plan.camps, strict=True)):
        parts.append(_camp(key, camp, first=number == 0, told=told))
    target_key = plan.target_key or keys_of([re.sub(r"^(?:the|a|an)\s+", "", plan.target, flags=re.IGNORECASE)])[0]
    parts += [_TARGETS.format(label=plan.target), _target(target_key, plan)]
    if frames:
        parts += [_FRAMES, *(_frame(key, frame) for key, frame in frames.items())]
    if keys:
        entity = keys_of(m.name for m in plan.camps[0].members)[:1]
        parts.append(
            _MORE.format(actor=_key(keys[0]), entity=_key(*entity or ["x"]), actors=", ".join(map(_key, keys[:2])))
        )
    return "".join(parts)


def _camp(key: str, camp: Camp, *, first: bool, told: dict[str, bool]) -> str:
    lines = [f"  {_key(key)}:\n    label: {_scalar(camp.label)}\n    entities:\n"]
    if first:
        lines.append(_FIRST)
    for name, member in zip(keys_of(m.name for m in camp.members), camp.members, strict=True):
        if member.place and not told["place"]:
            told["place"] = True
            lines.append(_PLACES.format(place=member.place[0]))
        more = f", pronouns: {member.pronouns}" if member.pronouns else ""
        more += f", place: {_list(member.place)}" if member.place else ""
        lines.append(f"      {_key(name)}: {{name: {_scalar(member.name)}, aliases: {_list(member.aliases)}{more}}}\n")
    if first:
        lines.append(_OPTIONAL.format())
        lines.append(_NOT)
    lines.append(f"    not: {_list(camp.excluded)}\n" if camp.excluded or first else "")
    return "".join(lines)


def _target(key: str, plan: Plan) -> str:
    definition = plan.definition or f"Say here what counts as support for {plan.target}, and what does not."
    return (
        f"  {_key(key)}:\n    label: {_scalar(plan.target)}\n    definition: {_scalar(definition)}\n    hypotheses:\n"
        f"      favor:\n{_items(STANCE.favor, 8)}      against:\n{_items(STANCE.against, 8)}"
    )


def _frame(key: str, frame: Frame) -> str:
    definition = f"    definition: {_scalar(frame.definition)}\n" if frame.definition else ""
    return (
        f"  {_key(key)}:\n    label: {_scalar(frame.label)}\n    set: {_scalar(frame.set)}\n{definition}"
        f"    hypotheses:\n{_items(frame.hypotheses, 6)}"
    )


def _items(values: Iterable[str], indent: int) -> str:
    return "".join(f"{' ' * indent}- {json.dumps(value, ensure_ascii=False)}\n" for value in values)


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_scalar, values))}]"


def _key(word: str) -> str:
    return _scalar(word)


def _scalar(word: str) -> str:
    """A word as YAML, in quotation marks where YAML would take it for something else."""
    plain = _PLAIN.fullmatch(word) and word.lower() not in _YAML_WORDS
    return word if plain else json.dumps(word, ensure_ascii=False)
