"""Names and topics for the slots of the sentences the project wrote, and for swapping names in others."""

from __future__ import annotations

import random
from collections.abc import Collection
from functools import cache
from typing import Any

from stance.resources import INVENTED
from stance.strict import parse_yaml


@cache
def _lists() -> dict[str, Any]:
    return parse_yaml((INVENTED / "names.yml").read_bytes())


def names(rng: random.Random, n: int) -> list[str]:
    """Different actors: persons and bodies, invented and real, in equal shares.

    Examples
    --------
    >>> len(set(names(random.Random(1), 4)))
    4
    """
    chosen: list[str] = []
    while len(chosen) < n:
        actor = rng.choice(_lists()[rng.choice(("persons", "bodies", "real_persons", "real_bodies"))])
        if actor not in chosen:
            chosen.append(actor)
    return chosen


def new_name(rng: random.Random, avoid: Collection[str] = ()) -> str:
    """One name for a person or body that a text calls otherwise."""
    return next(n for n in (used_name(a, rng, titles=False) for a in names(rng, 4)) if n not in avoid)


def used_name(actor: str, rng: random.Random, *, titles: bool = True) -> str:
    """How a text may name an actor: persons by full name, surname or with an office."""
    lists = _lists()
    if actor not in lists["persons"] and actor not in lists["real_persons"]:
        return actor
    forms = [actor, actor.split()[-1]]
    if titles and actor in lists["persons"]:
        forms.append(f"{rng.choice(lists['offices'])} {actor}")
    return rng.choice(forms)


def hypothesis_name(actor: str) -> str:
    """How a hypothesis names an actor: without its article.

    Examples
    --------
    >>> hypothesis_name("the Kremlin")
    'Kremlin'
    """
    return actor.removeprefix("the ")


def topics(kind: str, rng: random.Random) -> tuple[str, str]:
    """How text and hypothesis name the same meeting or plan: alike in half of the cases."""
    group = rng.choice(_lists()[kind])
    in_text = rng.choice(group)
    return in_text, in_text if rng.random() < 0.5 else rng.choice(group)


def capitalised(words: str) -> str:
    """The words as a sentence begins with them."""
    return words[:1].upper() + words[1:]
