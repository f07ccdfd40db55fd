"""Document → Segments: which stretch belongs to which actor, as source or as mention."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from stance.attribution.attributions import find_attributions
from stance.attribution.consensus import SecondOpinion
from stance.attribution.corrections import Correction, absent, corrected, read_corrections
from stance.attribution.lexicon import Lexicon
from stance.attribution.mentions import Resolver, with_roles
from stance.attribution.publishers import publisher_of, voiced
from stance.codebook import Codebook
from stance.resources import TAGGER, bundled_folder
from stance.schema import NARRATOR, Attribution, Document, Mention, Referent, Segment, Span
from stance.text.language import foreign_paragraphs
from stance.text.paragraphs import paragraphs
from stance.text.spans import Intervals
from stance.text.syntax import parse

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Sentences = Intervals[tuple[int, int]]
_FINITE_CLAUSES = ("ROOT", "ccomp", "advcl", "relcl", "conj", "parataxis", "csubj")


def segment(documents: Iterable[Document], codebook: Codebook, corrections: str | Path | None = None) -> list[Segment]:
    """Segment documents by actor.

    A document that is not in English is left out, with a warning.

    Every attribution becomes a segment with role ``"source"``: one for each
    actor that its source means ("both leaders" gives two), or one without an
    actor where the source is unknown or unclear. Every clause that speaks
    about an actor becomes a segment with role ``"mention"``; names that are
    mere places or modifiers ("in Ukraine", "US base") do not.

    Where the codebook knows a document's publisher, every sentence that is
    attributed to nobody becomes a segment with role ``"source"`` of the
    publisher, and its voice takes the place of the narrator's.

    Parameters
    ----------
    documents
        What :func:`stance.read_corpus` returned.
    codebook
        The actors to look for.
    corrections
        A table as ``stance segment --review`` writes it, with your decisions;
        a warning says which of them no longer fit.

    Returns
    -------
    list of Segment
        By document; sources first, then mentions, each in the order of the text.

    Examples
    --------
    >>> from stance import read_codebook
    >>> text = "Putin said the talks were useful. Kyiv was not invited."
    >>> for s in segment([Document("d", text)], read_codebook()):
    ...     print(s.role, s.actor, s.voice, "|", s.text)
    source kremlin kremlin | the talks were useful
    mention kyiv narrator | Kyiv was not invited
    """
    lexicon = Lexicon(codebook)
    decided = read_corrections(corrections, codebook) if corrections is not None else []
    second = second_opinion()
    segments: list[Segment] = []
    documents = list(documents)
    for sentence in absent(decided, documents):
        warnings.warn(f"no longer fits: {sentence}", SegmentationWarning, stacklevel=2)
    for document in documents:
        found = segment_document(document, lexicon, decided, second)
        segments += found.segments
        for note in found.notes:
            warnings.warn(note, SegmentationWarning, stacklevel=2)
    return segments


class SegmentationWarning(UserWarning):
    """A document that was left out, or a correction that no longer fits."""


class Segmented(NamedTuple):
    """Mentions and segments of one document, and sentences on what could not be done."""

    mentions: list[Mention]
    segments: list[Segment]
    unfit: list[str] = []  # noqa: RUF012 - never changed
    """Corrections that were not applied."""
    left_out: list[str] = []  # noqa: RUF012
    """What of the document was not read."""

    @property
    def notes(self) -> list[str]:
        """All of it, as it is shown."""
        return [*(f"no longer fits: {sentence}" for sentence in self.unfit), *self.left_out]


def second_opinion() -> SecondOpinion | None:
    """The bundled tagger, which reads beside the rules; None where none is bundled."""
    if bundled_folder(TAGGER) is None:
        return None
    from stance.attribution.tagger import load_tagger

    return load_tagger()


def segment_document(
    document: Document,
    lexicon: Lexicon,
    corrections: Sequence[Correction] = (),
    second: SecondOpinion | None = None,
) -> Segmented:
    """Mentions and segments of one document.

    Parameters
    ----------
    document
        The text.
    lexicon
        The names of a codebook: ``Lexicon(codebook)``.
    corrections
        From :func:`stance.attribution.corrections.read_corrections`.
    second
        From :func:`second_opinion`; without one the rules decide alone.
    """
    foreign = foreign_paragraphs(document.text)
    if len(foreign) == sum(1 for _ in paragraphs(document.text)):
        unfit = [f"{c.where}: {document.id} was left out." for c in corrections if c.document == document.id]
        return Segmented([], [], unfit, [_left_out(document, foreign)] if foreign else [])
    parsed = parse(document)
    resolver = Resolver(document, parsed, lexicon.at(document.date))
    attributions = find_attributions(document, parsed, resolver, second)
    outside = Intervals(foreign)
    attributions = [
        replace(a, content=read)
        for a in attributions
        if (read := tuple(span for span in a.content if not any(_touched(outside, [span]))))
    ]
    attributions, unfit = corrected(document, attributions, corrections) if corrections else (attributions, [])
    mentioned = [m for m in resolver.named if not any(_touched(outside, [m.span]))]
    named = with_roles(mentioned, (span for a in attributions for span in a.source))
    sentences = Intervals((s.start_char, s.end_char, (s.start_char, s.end_char)) for s in parsed.sents)
    sources = [s for a in attributions for s in _from_attribution(a, parsed, resolver, sentences)]
    mentions = _from_mentions(document, parsed, resolver, named, attributions, sentences)
    if publisher := publisher_of(document, lexicon.codebook):
        read_here = (s for s in sentences if not any(True for _ in outside.touching(*s)))
        own, mentions = voiced(publisher, document, attributions, read_here, mentions)
        sources += own
    return Segmented(named, sources + mentions, unfit, [_left_out(document, foreign)] if foreign else [])


def _touched(stretches: Intervals[str], spans: Iterable[Span]) -> Iterator[str]:
    return (language for span in spans for language in stretches.touching(span.start, span.end))


def _left_out(document: Document, foreign: list[tuple[int, int, str]]) -> str:
    whole = len(foreign) == sum(1 for _ in paragraphs(document.text))
    one = whole or len(foreign) == 1
    what = document.id if whole else f"{len(foreign)} paragraph{'' if one else 's'} of {document.id}"
    languages = " and ".join(sorted({repr(language) for _, _, language in foreign}))
    return f"left out: {what}, which seem{'s' if one else ''} to be written in {languages}; only English is supported."


def _from_attribution(attribution: Attribution, parsed: Doc, resolver: Resolver, sentences: Sentences) -> list[Segment]:
    document = attribution.content[0].document
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
                context=_sentences(sentences, document, (*attribution.content, *attribution.source, *attribution.cue)),
                named=_renamed(attribution, parsed, resolver, entity),
            )
        )
    return made


def _renamed(
    attribution: Attribution, parsed: Doc, resolver: Resolver, entity: str | None
) -> tuple[tuple[Span, str], ...]:
    """The source, where it is a pronoun or a title in lower case, and the name it stands for."""
    if entity is None or len(attribution.actors) > 1 or len(attribution.source) != 1:
        return ()
    source = attribution.source[0]
    tokens = parsed.char_span(source.start, source.end, alignment_mode="expand")
    if tokens is None or resolver.mention_at(tokens.root) or any(t.pos_ == "PROPN" for t in tokens):
        return ()
    if tokens.root.tag_ == "PRP$":
        return ((source, f"{entity}'s"),)
    return ((source, entity),)


def _from_mentions(
    document: Document,
    parsed: Doc,
    resolver: Resolver,
    named: list[Mention],
    attributions: list[Attribution],
    sentences: Sentences,
) -> list[Segment]:
    """One segment for each clause, entity and voice that speaks about it."""
    contents = Intervals((c.start, c.end, (c.end - c.start, a)) for a in attributions for c in a.content)
    names = [m for m in named if m.role == "target"]
    candidates = [*((m, None) for m in names), *_pronoun_mentions(document, parsed, resolver, attributions)]
    candidates.sort(key=lambda pair: pair[0].span.start)
    by_name = set(names)
    made: list[Segment] = []
    seen: set[tuple[Any, ...]] = set()
    for mention, name in candidates:
        tokens = parsed.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
        head = parsed[0] if tokens is None else tokens.root
        holder = _innermost(contents, mention.span)
        if _is_speaker_in_own_quotation(mention, holder, by_name):
            continue
        clause = _clause_spans(document, head, holder, mention.span)
        voices: list[Referent | None] = [Referent(NARRATOR, NARRATOR)]
        if holder is not None:
            voices = list(holder.actors) or [None]
        for voice in voices:
            key = (mention.entity, voice, clause)
            if key in seen:
                continue
            seen.add(key)
            made.append(
                Segment(
                    id=f"{document.id}:m{len(made) + 1}",
                    spans=clause,
                    actor=mention.actor,
                    entity=mention.entity,
                    role="mention",
                    voice=voice.actor if voice else None,
                    voice_entity=voice.entity if voice and voice.actor != NARRATOR else None,
                    kind=holder.kind if holder else None,
                    cue=(),
                    source=(mention.span,),
                    parent=f"{document.id}:{holder.id}" if holder else None,
                    confidence=1.0 if mention in by_name else 0.7,
                    context=_sentences(sentences, document, clause),
                    named=() if name is None else ((mention.span, name),),
                    about=mention.span,
                )
            )
    return made


def _pronoun_mentions(
    document: Document, parsed: Doc, resolver: Resolver, attributions: list[Attribution]
) -> Iterable[tuple[Mention, str | None]]:
    """Personal pronouns and pairs that stand for an actor who is spoken about."""
    sources = Intervals((s.start, s.end, s) for a in attributions for s in a.source)
    for token in parsed:
        if token.pos_ == "NOUN" and (resolver.mention_at(token) or token.lemma_.lower() not in _PAIR_HEADS):
            continue
        if token.pos_ != "NOUN" and token.tag_ != "PRP":
            continue
        first = token.left_edge if token.pos_ == "NOUN" else token
        span = Span(document, first.idx, token.idx + len(token))
        if any(True for _ in sources.touching(span.start, span.end)):
            continue
        referents = resolver.resolve(token)
        if token.pos_ != "NOUN" and len(referents) != 1:
            continue
        for referent in referents:
            name = referent.entity if len(referents) == 1 else None
            yield Mention(span, referent.actor, referent.entity, "target"), name


_PAIR_HEADS = frozenset("leader president nation country side man counterpart government capital power".split())


def _clause_spans(document: Document, head: Token, holder: Attribution | None, mention: Span) -> tuple[Span, ...]:
    """The clause a mention stands in; inside a quotation or report, no more than its content."""
    verb = next((t for t in (head, *head.ancestors) if t.dep_ in _FINITE_CLAUSES and t.pos_ in ("VERB", "AUX")), None)
    root = verb if verb is not None else head.sent.root
    start, end = root.left_edge.idx, root.right_edge.idx + len(root.right_edge)
    if holder is not None:
        content = next((s for s in holder.content if s.contains(mention)), holder.content[0])
        start, end = max(start, content.start), min(end, content.end)
    text = document.text
    while start < end and not text[start].isalnum() and text[start] not in "“\"'‘":
        start += 1
    while start < end and not text[end - 1].isalnum() and text[end - 1] not in "”\"'’%":
        end -= 1
    return (Span(document, min(start, mention.start), max(end, mention.end)),)


def _is_speaker_in_own_quotation(mention: Mention, holder: Attribution | None, by_name: set[Mention]) -> bool:
    """Whether a resolver took a pronoun inside a direct quotation for the one who speaks: he would say *I*."""
    if holder is None or holder.kind != "direct" or mention in by_name:
        return False
    return Referent(mention.actor, mention.entity) in holder.actors


def _innermost(contents: Intervals[tuple[int, Attribution]], span: Span) -> Attribution | None:
    """The attribution with the shortest content that holds a span."""
    holding = [(length, a.id, a) for length, a in contents.covering(span.start, span.end)]
    return min(holding, key=lambda h: h[:2])[2] if holding else None


def _sentences(sentences: Sentences, document: Document, spans: Iterable[Span]) -> Span:
    """The full sentences around some spans."""
    spans = list(spans)
    touched = list(sentences.touching(min(s.start for s in spans), max(s.end for s in spans)))
    first, last = touched[0][0], touched[-1][1]
    text = document.text[first:last]
    return Span(document, first + len(text) - len(text.lstrip()), last - (len(text) - len(text.rstrip())))
