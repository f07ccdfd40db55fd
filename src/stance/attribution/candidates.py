"""An attribution before it has an id, a kind and a parent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.text.spans import Offsets

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True)
class Candidate:
    """What one cue attributes to whom; offsets, not spans."""

    source: Token | None
    cue: Offsets
    content: Offsets
    confidence: float
    source_at: Offsets = ()
    """Where the source stands, if that is not the noun phrase around its head."""
    least: Offsets = ()
    """What the content holds at least, whatever a tagger makes of a turn of phrase with one reading ("X *as Y*"); its
    source stands, too."""


def distinct(found: Iterable[Candidate]) -> list[Candidate]:
    """One attribution for each cue and content, the surest first; none without content."""
    kept: dict[tuple, Candidate] = {}
    for f in sorted(found, key=lambda f: -f.confidence):
        if f.content:
            kept.setdefault((f.cue, f.content[0]), f)
    return list(kept.values())
