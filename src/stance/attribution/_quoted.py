"""Contents and quotation marks: a content takes in whole quotations, goes on in the next paragraph, or floats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from stance.attribution._reading import Reading
from stance.attribution.candidates import Candidate
from stance.text.parsed import ParsedText
from stance.text.quotations import Quotation
from stance.text.spans import Intervals, Offsets, trimmed

_LONGEST_GAP = 25
"""Words between a quotation and the one that goes on with it: about a sentence of the narrator's. Marked sets do not
tell: 0 to 50 find the same in them."""
_BEFORE = 40
"""Characters that are looked at for the end of the sentence before a quotation; more than any space between."""
_QUOTE_MARKS = "\"“”„«»‘’'"
_SPACE = re.compile(r"\s*")


def whole(found: Candidate, reading: Reading) -> Candidate:
    """Contents that touch a quotation take in the whole of it, unless the cue stands inside."""
    parts = []
    for start, end in found.content:
        for q in reading.quotations.touching(start, end):
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
    cut = [p for part in merged for p in _without(part, found.cue, reading.parsed.text)]
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


def continued(found: list[Candidate], reading: Reading) -> list[Candidate]:
    """A quotation that no mark closes goes on in the next paragraph, if that opens with a mark."""
    return [_continued(f, reading) for f in found]


def _continued(found: Candidate, reading: Reading) -> Candidate:
    text, quotations = reading.parsed.text, reading.quotations
    content = list(found.content)
    inside = quotations.covers(*found.cue[0])
    while not inside and (last := next((q for q in quotations.touching(*content[-1]) if not q.closed), None)):
        below = _SPACE.match(text, last.end).end()  # type: ignore[union-attr]  # it matches everywhere
        following = next((q for q in quotations.touching(below, below + 1) if q.start == below), None)
        if following is None or "\n" not in text[last.end : below]:
            break
        content.append((following.start, following.end))
    return replace(found, content=tuple(content))


def floating(found: list[Candidate], reading: Reading) -> list[Candidate]:
    """Sentences in quotation marks without a cue go on with what the last speaker said, if nobody else came in."""
    text, quotations = reading.parsed.text, reading.quotations
    contents = Intervals((*part, f) for f in found for part in f.content)
    result = sorted(found, key=_end)
    last, passed = None, 0
    for q in quotations:
        while passed < len(result) and _end(result[passed]) <= q.start:
            if last is None or _end(result[passed]) >= _end(result[last]):
                last = passed
            passed += 1
        if last is None or contents.touches(q.start, q.end) or not is_whole_sentence(text, q):
            continue
        speaker = result[last]
        gap = text[_end(speaker) : q.start]
        quoted = quotations.touches(*speaker.content[-1])
        near = gap.count("\n\n") <= 1 and len(gap.split()) <= _LONGEST_GAP if quoted else not gap.strip(" .")
        if near and not _somebody_else(reading.parsed, _end(speaker), q.start):
            result[last] = replace(speaker, content=(*speaker.content, (q.start, q.end)))
    return result


def _somebody_else(parsed: ParsedText, start: int, end: int) -> bool:
    """Whether a sentence that begins between two places has a subject other than a personal pronoun."""
    between = parsed.doc.char_span(start, end, alignment_mode="contract")
    return between is not None and any(
        t.dep_ in ("nsubj", "nsubjpass") and t.pos_ in ("NOUN", "PROPN") and t.sent.start_char >= start for t in between
    )


def _end(found: Candidate) -> int:
    """Where an attribution ends: its content or its cue, whichever is later."""
    return max(found.content[-1][1], found.cue[-1][1])


def is_whole_sentence(text: str, q: Quotation, introduced: bool = False) -> bool:
    """Whether a quotation begins and ends as a sentence of its own, and is not a part of one ("“Jaws” was on").

    Parameters
    ----------
    text
        The text it stands in.
    introduced
        Whether a colon or comma stands before it, and a word may be all of it.
    """
    inner = text[q.start : q.end].strip(_QUOTE_MARKS + " ")
    before = text[max(0, q.start - _BEFORE) : q.start]
    opens = not before.strip() or before.rstrip()[-1] in '.!?”"’' or "\n" in before[len(before.rstrip()) :]
    closes = inner[-1:] in ".!?…—–" or not q.closed or not text[q.end : q.end + 1].strip(".\n")
    return closes and inner[:1].isupper() and (introduced or (opens and len(inner.split()) > 2))
