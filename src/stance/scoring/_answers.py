"""What a language model's reply means: one of three words, and how likely each was."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

WORDS = ("yes", "no", "unclear")
"""Entailment, contradiction and neutral. Their first letters differ, so that the first piece of a word is enough."""
SCHEMA = {
    "type": "json_schema",
    "json_schema": {
        "name": "answer",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"answer": {"type": "string", "enum": list(WORDS)}},
            "required": ["answer"],
            "additionalProperties": False,
        },
    },
}
"""What servers that constrain a reply are given."""
LEAST = 0.5
"""Of all probability, what the three words must hold together. Below, the reply is no answer to the question, and the
proportion of the three would be made of crumbs: a plain majority, not measured."""
_BEFORE = re.compile(r'^\s*(?:\{\s*"answer"\s*:\s*)?["\'*(]*\s*')
"""What may stand before the word."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a reply, with the pieces that could have stood there and their log-probabilities."""

    text: str
    alternatives: tuple[tuple[str, float], ...]


def word_of(reply: str) -> str | None:
    """The one of the three words that a reply is; None if it is something else.

    Examples
    --------
    >>> word_of('{"answer": "no"}'), word_of(" Unclear."), word_of("Yes and no"), word_of("not sure")
    ('no', 'unclear', None, None)
    """
    try:
        found = json.loads(reply)
        reply = found["answer"] if isinstance(found, dict) and isinstance(found.get("answer"), str) else reply
    except (ValueError, RecursionError):
        pass
    bare = re.sub(r"[^\w\s]", "", reply).strip().casefold()
    return bare if bare in WORDS else None


def probabilities_of(tokens: Sequence[Token]) -> tuple[float, ...] | None:
    """How likely each word was where the reply has its word, in the order of :data:`WORDS`; None if it has none.

    Parameters
    ----------
    tokens
        The reply, piece by piece.

    Examples
    --------
    >>> reply = [Token('{"answer": "', ()), Token("yes", (("yes", -0.105), ("no", -2.996), ("un", -2.996)))]
    >>> [round(p, 2) for p in probabilities_of(reply)]
    [0.9, 0.05, 0.05]
    """
    before = _BEFORE.match("".join(token.text for token in tokens))
    at = before.end() if before else 0
    start = 0
    for token in tokens:
        if start + len(token.text) > at:
            return _shares(token, token.text[: at - start])
        start += len(token.text)
    return None


def _shares(token: Token, lead: str) -> tuple[float, ...] | None:
    """The probability of each word among the alternatives to a piece, whose first marks may be no part of it."""
    mass = dict.fromkeys(WORDS, 0.0)
    for text, log in token.alternatives:
        piece = text.removeprefix(lead).strip(" \t\n\"'*(▁Ġ").casefold()
        bare = re.match(r"\w*", piece)
        begun = [word for word in WORDS if bare and bare.group() and word.startswith(bare.group())]
        if len(begun) == 1 and math.isfinite(log):
            mass[begun[0]] += math.exp(min(log, 0.0))
    total = sum(mass.values())
    return tuple(p / total for p in mass.values()) if total >= LEAST else None
