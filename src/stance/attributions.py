"""Who says what: source, cue and content, from dependencies and quotation marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from stance.mentions import Resolver
from stance.patterns import Candidate, Offsets, candidates, runs, trimmed
from stance.quotations import Quotation, find_quotations
from stance.schema import Attribution, Document, Kind, Referent, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_QUOTE_MARKS = '"“”„«»'


def find_attributions(document: Document, parsed: Doc, resolver: Resolver) -> list[Attribution]:
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
    """
    quotations = find_quotations(document.text)
    found = [f for token in parsed for f in candidates(token, quotations)]
    found = _distinct([_completed(f, document.text, quotations) for f in found])
    found = _with_floating(found, parsed, quotations)
    found.sort(key=lambda f: (f.content[0][0], -f.content[-1][1], f.cue))
    found = [f for f in found if not (_is_quoted_self(f, quotations) and _parent(f, found) is None)]
    parents = [_parent(f, found) for f in found]
    made = []
    for number, (f, parent) in enumerate(zip(found, parents, strict=True), 1):
        spans = tuple(Span(document, *offsets) for offsets in f.content)
        made.append(
            Attribution(
                id=f"a{number}",
                source=_source_spans(document, f.source),
                cue=tuple(Span(document, *offsets) for offsets in f.cue),
                content=spans,
                kind=_kind(spans, quotations),
                parent=None if parent is None else f"a{parent + 1}",
                actors=_actors(f.source, resolver),
                confidence=f.confidence,
            )
        )
    return made


def _source_spans(document: Document, head: Token | None) -> tuple[Span, ...]:
    """The noun phrase of the source, without its relative clauses and asides."""
    if head is None:
        return ()
    asides = {t.i for c in head.children if c.dep_ in ("relcl", "acl", "advcl", "parataxis") for t in c.subtree}
    asides |= {t.i for c in head.children if c.dep_ == "appos" and c.i > head.i for t in c.subtree}
    for conjunct in head.conjuncts:
        asides |= {t.i for c in conjunct.children if c.dep_ in ("relcl", "acl", "appos") for t in c.subtree}
    kept = [t for t in head.subtree if t.i not in asides]
    run = [t for t in kept if t.i <= head.i or all(k in {x.i for x in kept} for k in range(head.i, t.i + 1))]
    return tuple(Span(document, *offsets) for offsets in runs(run))


# --- quotations ------------------------------------------------------------------------------


def _completed(found: Candidate, text: str, quotations: list[Quotation]) -> Candidate:
    """Contents that touch a quotation take in the whole of it, unless the cue stands inside."""
    parts = []
    for start, end in found.content:
        for q in quotations:
            inside = any(q.start <= c < q.end for c, _ in found.cue)
            if not inside and q.start < end and start < q.end:
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


def _with_floating(found: list[Candidate], parsed: Doc, quotations: list[Quotation]) -> list[Candidate]:
    """Sentences in quotation marks without a cue go on with what the last speaker said."""
    result = list(found)
    for q in quotations:
        if any(start < q.end and q.start < end for f in result for start, end in f.content):
            continue
        if not _is_whole_sentence(parsed, q):
            continue
        before = [(i, f) for i, f in enumerate(result) if max(f.content[-1][1], f.cue[-1][1]) <= q.start]
        if not before:
            continue
        i, last = max(before, key=lambda pair: max(pair[1].content[-1][1], pair[1].cue[-1][1]))
        gap = parsed.text[max(last.content[-1][1], last.cue[-1][1]) : q.start]
        quoted = any(p.start < end and start < p.end for p in quotations for start, end in last.content)
        if quoted and gap.count("\n\n") <= 1 and len(gap.split()) <= 25:
            result[i] = replace(last, content=(*last.content, (q.start, q.end)))
    return result


def _is_whole_sentence(parsed: Doc, q: Quotation) -> bool:
    inner = parsed.text[q.start : q.end].strip(_QUOTE_MARKS + " ")
    before = parsed.text[: q.start].rstrip()
    return (
        bool(inner)
        and inner[0].isupper()
        and (not before or before[-1] in '.!?”"' or "\n" in parsed.text[len(before) : q.start])
        and len(inner.split()) > 2
    )


# --- the whole -------------------------------------------------------------------------------


def _distinct(found: list[Candidate]) -> list[Candidate]:
    """One attribution for each cue and content, the surest first; none without content."""
    kept: dict[tuple, Candidate] = {}
    for f in sorted(found, key=lambda f: -f.confidence):
        if f.content:
            kept.setdefault((f.cue, f.content[0]), f)
    return list(kept.values())


def _is_quoted_self(found: Candidate, quotations: list[Quotation]) -> bool:
    """ "I think …" inside quotation marks: the words of whoever is quoted, no attribution of the text's own."""
    source = found.source
    return (
        source is not None
        and source.lower_ in ("i", "we", "you")
        and any(q.start <= found.cue[0][0] < q.end for q in quotations)
    )


def _parent(found: Candidate, others: list[Candidate]) -> int | None:
    """The innermost attribution whose content holds this one's cue."""
    cue = found.cue[0]
    around = [
        (end - start, i)
        for i, other in enumerate(others)
        if other is not found
        for start, end in other.content
        if start <= cue[0] and cue[1] <= end
    ]
    return min(around)[1] if around else None


def _kind(content: tuple[Span, ...], quotations: list[Quotation]) -> Kind:
    """direct: all quoted; mixed: partly; indirect: not at all."""
    quoted = total = 0
    for span in content:
        for i in range(span.start, span.end):
            if span.document.text[i].isalnum():
                total += 1
                quoted += any(q.start <= i < q.end for q in quotations)
    if not quoted:
        return "indirect"
    return "direct" if quoted == total else "mixed"


def _actors(source: Token | None, resolver: Resolver) -> tuple[Referent, ...]:
    return resolver.resolve(source) if source is not None else ()
