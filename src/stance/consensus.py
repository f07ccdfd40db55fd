"""Rules and tagger together: which attributions are kept, where they stand, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from stance.intervals import Intervals
from stance.patterns import Candidate, Opinion
from stance.stretches import Offsets, parents_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

DOUBT = 0.10
"""Rules' attributions whose cue the tagger gives less than this are dropped."""
ALONE = 0.5
"""The tagger's own attributions need this probability of cue and content together."""
TAKE = 0.5
"""From which probability of its content on the tagger's content is taken where the two differ."""


class SecondOpinion(Protocol):
    """What reads a text and has an opinion on cues; see :class:`stance.tagger.Tagger`."""

    def read(
        self, text: str, asked: Sequence[Offsets] = (), threshold: float = 0.5
    ) -> tuple[list[Opinion], list[Opinion | None]]:
        """Its own attributions, and one opinion for each cue asked about."""
        ...


def together(found: list[Candidate], text: str, parsed: Doc, second: SecondOpinion) -> list[Candidate]:
    """Attributions of the rules and of a second opinion.

    Parameters
    ----------
    found
        Those of the rules.
    text, parsed
        The document's.
    second
        The tagger.
    """
    own, asked = second.read(text, [f.cue for f in found])
    nested = parents_of([(f.content, f.cue) for f in found])
    kept = []
    for f, opinion, parent in zip(found, asked, nested, strict=True):
        judged = f if parent is not None else _judged(f, opinion)  # it was not trained on nested ones
        kept += [] if judged is None else [judged]
    cues = Intervals((*part, f) for f in found for part in f.cue)
    for opinion in own:
        if any(True for part in opinion.cue for _ in cues.touching(*part)):
            continue
        if opinion.p_cue * opinion.p_content >= ALONE:
            source = _head(parsed, opinion.source)
            kept.append(Candidate(source, opinion.cue, opinion.content, round(opinion.p_cue * opinion.p_content, 2)))
    return kept


def _judged(found: Candidate, opinion: Opinion | None) -> Candidate | None:
    if opinion is None:
        return found
    if opinion.p_cue < DOUBT:
        return None
    content = found.content
    if opinion.content and opinion.p_content >= TAKE:
        content = opinion.content
    return replace(found, content=content, confidence=round(opinion.p_cue, 2))


def _head(parsed: Doc, spans: Offsets) -> Token | None:
    """The head of the first of some stretches."""
    if not spans:
        return None
    tokens = parsed.char_span(*spans[0], alignment_mode="expand")
    return None if tokens is None else tokens.root
