"""Rules and tagger together: which attributions are kept, where they stand, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from stance.attribution import _cues as cues
from stance.attribution._contents import is_silence
from stance.attribution._sources import antecedent
from stance.attribution._status import status_of
from stance.attribution.candidates import Candidate
from stance.text.parsed import ParsedText
from stance.text.quotations import Quotations
from stance.text.spans import Intervals, Offsets, parents_of, runs

if TYPE_CHECKING:
    from spacy.tokens import Token

DOUBT = 0.1
"""Rules' attributions are dropped if the tagger gives their cue less than this. 0 to .2 change F1 by .006 at most
(benchmarks/choices.py); above, what the rules know better than the tagger is lost."""
SURE = 0.5
"""Content and head of the source of the rules' attributions are the tagger's to say from this probability on: more
likely right than not. Without it, content F1 on PolNeAR falls from .711 to .669; from .3 to .7 it stays within
.010."""
ALONE = 0.4
"""The tagger's own attributions need this confidence: about half the F1 within reach, which makes F1 largest
(Lipton, Elkan & Naryanaswamy 2014). Lower finds more on PolNeAR (.723 at .2), higher errs less on the passages."""
_SAME = 0.5
"""Overlap of two contents, as intersection over union of characters, from which on they are the same: as gold is
scored."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the tagger makes of one cue; probabilities in [0, 1]."""

    cue: Offsets
    source: Offsets
    content: Offsets
    p_cue: float
    """Of the cue's surest token."""
    p_source: float
    """Mean over the tokens of the source; 0 where there is none."""
    p_content: float
    """Mean over the tokens of the content; 0 where there is none."""

    @property
    def p(self) -> float:
        """That all three are right, as if they did not depend on one another."""
        return self.p_cue * self.p_source * self.p_content


class TaggerLike(Protocol):
    """What reads a parse and has an opinion on cues; see :class:`stance.attribution.tagger.Tagger`."""

    def read(self, parsed: ParsedText, asked: Sequence[Offsets] = ()) -> tuple[list[Opinion], list[Opinion | None]]:
        """Attributions on further cues, and one opinion for each cue asked about."""
        ...

    def confidence(self, opinion: Opinion, agreed: bool) -> float:
        """How likely an attribution is right, given whether the rules say the same."""
        ...


def together(found: list[Candidate], parsed: ParsedText, quotations: Quotations, tagger: TaggerLike) -> list[Candidate]:
    """Attributions of the rules and of a tagger.

    What stands inside another statement or a quotation is left to the rules:
    PolNeAR, which the tagger learned from, marks none of it.

    Parameters
    ----------
    found
        Those of the rules.
    parsed, quotations
        The document's.
    tagger
        The trained one.
    """
    own, asked = tagger.read(parsed, [f.cue for f in found])
    said = Intervals((*part, part) for f in found for part in f.content)

    def is_quoted(cue: Offsets) -> bool:
        return quotations.covers(*cue[0])

    new = []
    for opinion in own:
        sure, content = tagger.confidence(opinion, agreed=False), _without_helpers(opinion, parsed)
        nested = is_quoted(opinion.cue) or said.covers(*opinion.cue[0])
        if sure >= ALONE and content and not nested and not _says_nothing(parsed, opinion):
            new.append(Candidate(_head(parsed, opinion.source), opinion.cue, content, sure))
    parents = parents_of([(f.content, f.cue) for f in [*found, *new]])
    kept = []
    for f, answer, parent in zip(found, asked, parents, strict=False):
        if parent is not None or answer is None or is_quoted(f.cue):
            kept.append(f)
        elif answer.p_cue >= DOUBT:
            kept.append(_judged(f, answer, parsed, tagger))
        elif f.least or _is_asked(f, parsed, quotations):
            kept.append(f)
    return kept + new


def _is_asked(found: Candidate, parsed: ParsedText, quotations: Quotations) -> bool:
    """Whether it is only asked about, which makes the tagger doubt it: it is listed as such, and counts nowhere."""
    cue = parsed.tokens(*found.cue[-1])
    return cue is not None and cue.root.pos_ == "VERB" and status_of(cue.root, found.source, quotations) == "asked"


def _says_nothing(parsed: ParsedText, opinion: Opinion) -> bool:
    """Whether the rules know better: "had attacked Odesa", "refused to comment"."""
    cue, content = (parsed.tokens(*spans[0]) for spans in (opinion.cue, opinion.content))
    deed = cue is not None and cue.root.lemma_.lower() in cues.ALSO_DEEDS
    return deed or (content is not None and is_silence(content.root))


def _judged(found: Candidate, opinion: Opinion, parsed: ParsedText, tagger: TaggerLike) -> Candidate:
    """An attribution of the rules; content and head of the source are the tagger's where it is sure."""
    head = _head(parsed, opinion.source)
    agreed = _overlap(found.content, opinion.content) >= _SAME and _is_same(found.source, head, opinion.source)
    judged = replace(found, confidence=tagger.confidence(opinion, agreed))
    if opinion.p < SURE:
        return judged
    content = _without_helpers(opinion, parsed) or found.content
    if found.least:
        holds = all(any(a <= start and end <= b for a, b in content) for start, end in found.least)
        return replace(judged, content=content) if holds else judged
    if head is not None and not _is_same(found.source, head, opinion.source):
        judged = replace(judged, source=head, source_at=())
    return replace(judged, content=content)


def _without_helpers(opinion: Opinion, parsed: ParsedText) -> Offsets:
    """The content without the cue's auxiliaries: "the plan *was* criticized"."""
    cue, content = (
        [t for part in spans for t in parsed.tokens(*part) or ()] for spans in (opinion.cue, opinion.content)
    )
    helpers = {c.i for t in cue for c in t.children if c.dep_ in ("aux", "auxpass", "neg")}
    return runs(t for t in content if t.i not in helpers) if any(t.i in helpers for t in content) else opinion.content


def _is_same(source: Token | None, head: Token | None, spans: Offsets) -> bool:
    """Whether a source of the rules is the tagger's: the same head, or inside it."""
    if source is None or head is None:
        return source is head
    return source == head or any(start <= source.idx < end for start, end in spans)


def _overlap(a: Offsets, b: Offsets) -> float:
    shared = sum(max(0, min(x[1], y[1]) - max(x[0], y[0])) for x in a for y in b)
    whole = sum(end - start for start, end in (*a, *b)) - shared
    return shared / whole if whole else 0.0


def _head(parsed: ParsedText, spans: Offsets) -> Token | None:
    """Whom the first of some stretches means: its head, or the noun that a relative pronoun there stands for."""
    if not spans:
        return None
    tokens = parsed.tokens(*spans[0])
    return None if tokens is None else antecedent(tokens.root)
