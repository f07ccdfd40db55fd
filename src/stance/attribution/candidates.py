"""An attribution before it has an id, a kind and a parent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.text.spans import Offsets

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True)
class Candidate:
    """An attribution before it has an id, a kind and a parent; offsets, not spans."""

    source: Token | None
    cue: Offsets
    content: Offsets
    confidence: float
    source_at: Offsets = ()
    """Where the source stands, if that is not the noun phrase around its head."""
