"""Who says what: source, cue and content, from dependencies and quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from stance.attribution._rules import candidates
from stance.attribution._transcripts import announced_in, turns_of
from stance.attribution.candidates import Candidate
from stance.attribution.consensus import SecondOpinion, together
from stance.attribution.mentions import Resolver
from stance.schema import Attribution, Document, Referent, Span
from stance.text.quotations import Quotation, find_quotations, kind_of
from stance.text.spans import Intervals, Offsets, parents_of, runs, trimmed

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CLAUSES_IN_NOUN_PHRASES = ("relcl", "acl", "advcl", "parataxis")
_LONGEST_ASIDE = 8
"""Tokens of an apposition that still belongs to the source: "Trump's envoy, Steve Witkoff, said"."""
_LONGEST_GAP = 25
"""Words between a quotation and the one that goes on with it."""
_QUOTE_MARKS = "\"“”„«»‘’'"
_SPACE = re.compile(r"\s*")


def find_attributions(
    document: Document, parsed: Doc, resolver: Resolver, second: SecondOpinion | None = None
) -> list[Attribution]:
    """Attributions of a document in the order of their contents.

    Clausal and infinitive complements, objects of verbs of speech ("voiced
    frustration over …"), small clauses ("called the summit a victory"),
    passives with *by*, *according to*, participles controlled by the subject
    ("Trump …, warning that"), nouns with a content clause ("his pledge to
    …"), and quotations before, around and after their cue or without one.

    Parameters
    ----------
    document, parsed
        The document and its parse.
    resolver
        Whom the sources mean.
    second
        A trained tagger; without one the rules decide alone.
    """
    text = document.text
    turns = list(turns_of(text, parsed, resolver))
    words = [Quotation(*part) for turn in turns for part in turn.content]  # a turn is its speaker's own words
    quotations = Intervals((q.start, q.end, q) for q in [*find_quotations(text), *words])
    found = [f for token in parsed for f in candidates(token, quotations)]
    found = _distinct([_completed(f, text, quotations) for f in found])
    if second is not None:
        found = [_completed(f, text, quotations) for f in together(found, parsed, quotations, second)]
    announced = [_completed(f, text, quotations) for f in announced_in(text, parsed, quotations)]
    found = _distinct([*turns, *announced, *found])
    found = [_continued(f, text, quotations) for f in found]
    found = _with_floating(found, text, parsed, quotations)
    found.sort(key=lambda f: (f.content[0][0], -f.content[-1][1], f.cue))
    parents = parents_of([(f.content, f.cue) for f in found])
    kept = [i for i, f in enumerate(found) if parents[i] is not None or not _is_quoted_self(f, quotations)]
    number = {old: new for new, old in enumerate(kept, 1)}

    def actors(i: int) -> tuple[Referent, ...]:
        source, parent = found[i].source, parents[i]
        if parent is not None and _is_quoted_self(found[i], quotations):
            return actors(parent) if source is not None and source.lower_ != "you" else ()
        return resolver.resolve(source) if source is not None else ()

    return [
        _attribution(document, found[i], f"a{number[i]}", _id_of_nearest(parents, i, number), quotations, actors(i))
        for i in kept
    ]


def _attribution(
    document: Document,
    found: Candidate,
    name: str,
    parent: str | None,
    quotations: Intervals[Quotation],
    actors: tuple[Referent, ...],
) -> Attribution:
    content = tuple(Span(document, *offsets) for offsets in found.content)
    return Attribution(
        id=name,
        source=_source_spans(document, found),
        cue=tuple(Span(document, *offsets) for offsets in found.cue),
        content=content,
        kind=kind_of(document.text, found.content, quotations),
        parent=parent,
        actors=actors,
        confidence=found.confidence,
    )


def _source_spans(document: Document, found: Candidate) -> tuple[Span, ...]:
    """The noun phrase of the source, without relative clauses and long asides."""
    head = found.source
    if found.source_at:
        return tuple(Span(document, *offsets) for offsets in found.source_at)
    if head is None:
        return ()
    clauses = [c for h in (head, *head.conjuncts) for c in h.children if c.dep_ in _CLAUSES_IN_NOUN_PHRASES]
    clauses += [c for h in (head, *head.conjuncts) for c in h.children if c.dep_ == "appos" and _is_long(c)]
    asides = {t.i for c in clauses for t in c.subtree}
    kept = [t for t in head.subtree if t.i not in asides]
    around = next(run for run in _neighbours(kept) if head in run)
    return tuple(Span(document, *offsets) for offsets in runs(around))


def _is_long(aside: Token) -> bool:
    return sum(1 for _ in aside.subtree) > _LONGEST_ASIDE


def _neighbours(tokens: list[Token]) -> Iterator[list[Token]]:
    """Runs of tokens that stand side by side."""
    run: list[Token] = []
    for token in tokens:
        if run and token.i != run[-1].i + 1:
            yield run
            run = []
        run.append(token)
    yield run


# --- quotations ------------------------------------------------------------------------------


def _completed(found: Candidate, text: str, quotations: Intervals[Quotation]) -> Candidate:
    """Contents that touch a quotation take in the whole of it, unless the cue stands inside."""
    parts = []
    for start, end in found.content:
        for q in quotations.touching(start, end):
            if not any(q.start <= c < q.end for c, _ in found.cue):
                start, end = min(start, q.start), max(end, q.end)
        parts.append((start, end))
    parts.sort()
    merged = parts[:1]
    for start, end in parts[1:]:
        if start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    cut = [p for part in merged for p in _without(part, found.cue, text)]
    return replace(found, content=tuple(cut))


def _without(part: tuple[int, int], cue: Offsets, text: str) -> Iterator[tuple[int, int]]:
    """A part with the cue cut out of it."""
    start, end = part
    for first, last in cue:
        if start < last and first < end:
            if start < first:
                yield from trimmed(text, start, first)
            start = last
    if start < end:
        yield (start, end) if start == part[0] else next(iter(trimmed(text, start, end)), part)


def _continued(found: Candidate, text: str, quotations: Intervals[Quotation]) -> Candidate:
    """A quotation that no mark closes goes on in the next paragraph, if that opens with a mark."""
    content = list(found.content)
    inside = any(True for _ in quotations.covering(*found.cue[0]))
    while not inside and (last := next((q for q in quotations.touching(*content[-1]) if not q.closed), None)):
        below = _SPACE.match(text, last.end).end()  # type: ignore[union-attr]  # it matches everywhere
        following = next((q for q in quotations.touching(below, below + 1) if q.start == below), None)
        if following is None or "\n" not in text[last.end : below]:
            break
        content.append((following.start, following.end))
    return replace(found, content=tuple(content))


def _with_floating(found: list[Candidate], text: str, parsed: Doc, quotations: Intervals[Quotation]) -> list[Candidate]:
    """Sentences in quotation marks without a cue go on with what the last speaker said, if nobody else came in."""
    contents = Intervals((*part, f) for f in found for part in f.content)
    result = sorted(found, key=_end)
    last, passed = None, 0
    for q in quotations:
        while passed < len(result) and _end(result[passed]) <= q.start:
            if last is None or _end(result[passed]) >= _end(result[last]):
                last = passed
            passed += 1
        if last is None or any(True for _ in contents.touching(q.start, q.end)) or not _is_whole_sentence(text, q):
            continue
        speaker = result[last]
        gap = text[_end(speaker) : q.start]
        quoted = list(quotations.touching(*speaker.content[-1]))
        near = gap.count("\n\n") <= 1 and len(gap.split()) <= _LONGEST_GAP if quoted else not gap.strip(" .")
        if near and not _somebody_else(parsed, _end(speaker), q.start):
            result[last] = replace(speaker, content=(*speaker.content, (q.start, q.end)))
    return result


def _somebody_else(parsed: Doc, start: int, end: int) -> bool:
    """Whether a sentence that begins between two places has a subject other than a personal pronoun."""
    between = parsed.char_span(start, end, alignment_mode="contract")
    return between is not None and any(
        t.dep_ in ("nsubj", "nsubjpass") and t.pos_ in ("NOUN", "PROPN") and t.sent.start_char >= start for t in between
    )


def _end(found: Candidate) -> int:
    """Where an attribution ends: its content or its cue, whichever is later."""
    return max(found.content[-1][1], found.cue[-1][1])


def _is_whole_sentence(text: str, q: Quotation) -> bool:
    """Whether a quotation begins and ends as a sentence of its own, and is not a part of one ("“Jaws” was on")."""
    inner = text[q.start : q.end].strip(_QUOTE_MARKS + " ")
    before = text[max(0, q.start - 40) : q.start]
    opens = not before.strip() or before.rstrip()[-1] in '.!?”"’' or "\n" in before[len(before.rstrip()) :]
    closes = inner[-1:] in ".!?…—–" or not q.closed or not text[q.end : q.end + 1].strip(".\n")
    return opens and closes and inner[:1].isupper() and len(inner.split()) > 2


# --- the whole -------------------------------------------------------------------------------


def _distinct(found: list[Candidate]) -> list[Candidate]:
    """One attribution for each cue and content, the surest first; none without content."""
    kept: dict[tuple, Candidate] = {}
    for f in sorted(found, key=lambda f: -f.confidence):
        if f.content:
            kept.setdefault((f.cue, f.content[0]), f)
    return list(kept.values())


def _is_quoted_self(found: Candidate, quotations: Intervals[Quotation]) -> bool:
    """ "I think …" inside quotation marks: the words of whoever is quoted, no attribution of the text's own."""
    source = found.source
    own = source is not None and source.lower_ in ("i", "we", "you")
    return own and any(True for _ in quotations.covering(*found.cue[0]))


def _id_of_nearest(parents: list[int | None], i: int, number: dict[int, int]) -> str | None:
    """The id of the nearest ancestor that was kept."""
    parent = parents[i]
    while parent is not None and parent not in number:
        parent = parents[parent]
    return None if parent is None else f"a{number[parent]}"
