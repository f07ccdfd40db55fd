"""Attributions and mentions of one document → its segments, each with role, voice and the sentences around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from stance.attribution.coreference import Resolver
from stance.schema import NARRATOR, Attribution, Mention, Referent, Segment, Span
from stance.text.parsed import ParsedText
from stance.text.spans import Intervals

if TYPE_CHECKING:
    from spacy.tokens import Token

_FINITE_CLAUSES = ("ROOT", "ccomp", "advcl", "relcl", "conj", "parataxis", "csubj")
_PAIR_HEADS = frozenset("leader president nation country side man counterpart government capital power".split())
_BY_PRONOUN = 0.7
"""Confidence of a mention by pronoun or pair; by name it is 1. A rank, no measured probability: no gold marks them."""


def source_segments(attribution: Attribution, parsed: ParsedText, resolver: Resolver) -> list[Segment]:
    """One segment for each actor whom the source means, or one without an actor."""
    document = parsed.document
    known: list[Referent | None] = list(attribution.actors) or [None]
    made = []
    for number, referent in enumerate(known):
        actor = referent.actor if referent else None
        entity = referent.entity if referent else None
        made.append(
            Segment(
                id=f"{document.id}:{attribution.id}" + (f".{number + 1}" if number else ""),
                spans=attribution.content,
                actor=actor,
                entity=entity,
                role="source",
                voice=actor,
                voice_entity=entity,
                kind=attribution.kind,
                cue=attribution.cue,
                source=attribution.source,
                parent=f"{document.id}:{attribution.parent}" if attribution.parent else None,
                confidence=attribution.confidence,
                context=_around(parsed, (*attribution.content, *attribution.source, *attribution.cue)),
                named=_renamed(attribution, parsed, resolver, entity),
                status=attribution.status,
            )
        )
    return made


def _renamed(
    attribution: Attribution, parsed: ParsedText, resolver: Resolver, entity: str | None
) -> tuple[tuple[Span, str], ...]:
    """The source, where it is a pronoun or a title in lower case, and the name it stands for."""
    if entity is None or len(attribution.actors) > 1 or len(attribution.source) != 1:
        return ()
    source = attribution.source[0]
    tokens = parsed.tokens(source.start, source.end)
    if tokens is None or resolver.names.mention_at(tokens.root) or any(t.pos_ == "PROPN" for t in tokens):
        return ()
    if tokens.root.tag_ == "PRP$":
        return ((source, f"{entity}'s"),)
    return ((source, entity),)


def mention_segments(
    named: Sequence[Mention], attributions: Sequence[Attribution], parsed: ParsedText, resolver: Resolver
) -> list[Segment]:
    """One segment for each clause, entity and voice that speaks about it."""
    contents = Intervals((c.start, c.end, (c.end - c.start, a)) for a in attributions for c in a.content)
    by_name = {m for m in named if m.role == "target"}
    candidates = [*((m, None) for m in named if m in by_name), *_by_pronoun(parsed, resolver, attributions)]
    made: dict[tuple[str, Referent | None, Span], Segment] = {}
    for mention, name in sorted(candidates, key=lambda pair: pair[0].span.start):
        holder = _innermost(contents, mention.span)
        if mention not in by_name and _would_say_i(mention, holder):
            continue
        clause = _clause(parsed, holder, mention.span)
        voices: list[Referent | None] = [Referent(NARRATOR, NARRATOR)]
        if holder is not None:
            voices = list(holder.actors) or [None]
        for voice in voices:
            key = (mention.entity, voice, clause)
            if key not in made:
                confidence = 1.0 if mention in by_name else _BY_PRONOUN
                made[key] = _mention(mention, name, voice, clause, holder, parsed, len(made) + 1, confidence)
    return list(made.values())


def _mention(
    mention: Mention,
    name: str | None,
    voice: Referent | None,
    clause: Span,
    holder: Attribution | None,
    parsed: ParsedText,
    number: int,
    confidence: float,
) -> Segment:
    document = parsed.document
    return Segment(
        id=f"{document.id}:m{number}",
        spans=(clause,),
        actor=mention.actor,
        entity=mention.entity,
        role="mention",
        voice=voice.actor if voice else None,
        voice_entity=voice.entity if voice and voice.actor != NARRATOR else None,
        kind=holder.kind if holder else None,
        cue=(),
        source=(mention.span,),
        parent=f"{document.id}:{holder.id}" if holder else None,
        confidence=confidence,
        context=_around(parsed, [clause]),
        named=() if name is None else ((mention.span, name),),
        about=mention.span,
        status=holder.status if holder else "stated",
    )


def _by_pronoun(
    parsed: ParsedText, resolver: Resolver, attributions: Iterable[Attribution]
) -> Iterator[tuple[Mention, str | None]]:
    """Personal pronouns and pairs that stand for an actor who is spoken about, with the name they stand for."""
    sources = Intervals((s.start, s.end, s) for a in attributions for s in a.source)
    for token in parsed.doc:
        is_noun = token.pos_ == "NOUN"
        if not is_noun and token.tag_ != "PRP":
            continue
        means_pair = not is_noun or token.lemma_.lower() in _PAIR_HEADS or resolver.names.group_at(token)
        if is_noun and (not means_pair or resolver.names.mention_at(token)):
            continue
        first = token.left_edge if is_noun else token
        span = Span(parsed.document, first.idx, token.idx + len(token))
        if sources.touches(span.start, span.end):
            continue
        referents = resolver.resolve(token)
        if not is_noun and len(referents) != 1:
            continue
        for referent in referents:
            name = referent.entity if len(referents) == 1 else None
            yield Mention(span, referent.actor, referent.entity, "target"), name


def _clause(parsed: ParsedText, holder: Attribution | None, mention: Span) -> Span:
    """The clause a mention stands in; inside a quotation or report, no more than its content."""
    tokens = parsed.tokens(mention.start, mention.end)
    head: Token = parsed.doc[0] if tokens is None else tokens.root
    verb = next((t for t in (head, *head.ancestors) if t.dep_ in _FINITE_CLAUSES and t.pos_ in ("VERB", "AUX")), None)
    root = verb if verb is not None else head.sent.root
    start, end = root.left_edge.idx, root.right_edge.idx + len(root.right_edge)
    if holder is not None:
        content = next((s for s in holder.content if s.contains(mention)), holder.content[0])
        start, end = max(start, content.start), min(end, content.end)
    text = parsed.text
    while start < end and not text[start].isalnum() and text[start] not in "“\"'‘":
        start += 1
    while start < end and not text[end - 1].isalnum() and text[end - 1] not in "”\"'’%":
        end -= 1
    return Span(parsed.document, min(start, mention.start), max(end, mention.end))


def _would_say_i(mention: Mention, holder: Attribution | None) -> bool:
    """Whether a resolver took a pronoun inside a direct quotation for the one who speaks, who would say *I*."""
    if holder is None or holder.kind != "direct":
        return False
    return Referent(mention.actor, mention.entity) in holder.actors


def _innermost(contents: Intervals[tuple[int, Attribution]], span: Span) -> Attribution | None:
    """The attribution with the shortest content that holds a span."""
    holding = [(length, a.id, a) for length, a in contents.covering(span.start, span.end)]
    return min(holding, key=lambda h: h[:2])[2] if holding else None


def _around(parsed: ParsedText, spans: Sequence[Span]) -> Span:
    """The full sentences around some spans."""
    touched = list(parsed.sentences.touching(min(s.start for s in spans), max(s.end for s in spans)))
    first, last = touched[0][0], touched[-1][1]
    text = parsed.text[first:last]
    return Span(parsed.document, first + len(text) - len(text.lstrip()), last - (len(text) - len(text.rstrip())))
