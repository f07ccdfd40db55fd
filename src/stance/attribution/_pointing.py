"""Contents that only point to what is said: "said this at a meeting", "noted the following: …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.attribution._cues import SPEECH
from stance.attribution._factuality import DENYING, OPPOSING
from stance.attribution._reading import Reading
from stance.attribution.candidates import Candidate
from stance.text.spans import Offsets, trimmed

_POINTER = re.compile(r"(?:(?:about|of) )?(?:this|that|it|so|these words|the following)(?: words?)?", re.IGNORECASE)
_LEAD = re.compile(r"(?:[\w,]+ ){0,3}[\w,]+:\s*(?=[\"“«])")
"""Words between a cue and its quotation: "reads, *in part:* “…”"."""
_FORWARD = re.compile(r"\s*:\s*")


def pointed_to(found: Candidate, others: Sequence[Candidate], reading: Reading) -> Candidate | None:
    """A candidate of speech with what its content points to; None where that is somebody's already, or is not there.

    Behind a colon stands what follows; else what was said is the sentence before.

    Parameters
    ----------
    found
        Any candidate.
    others
        All that were found.
    reading
        The document.
    """
    text = reading.parsed.text
    if lead := _LEAD.match(text, *found.content[0]) if found.content else None:
        return replace(found, content=((lead.end(), found.content[0][1]), *found.content[1:]))
    if len(found.content) != 1 or not _POINTER.fullmatch(text[slice(*found.content[0])].strip()):
        return found
    if not _says(found, reading):
        return found
    start, end = found.content[0]
    paragraph = next(((a, b) for a, b in reading.parsed.paragraphs if a <= start < b), (0, len(text)))
    colon = _FORWARD.match(text, end)
    content = _behind(colon.end(), paragraph, reading) if colon else _sentence_before(start, paragraph, reading)
    if not content or _is_taken(content, found, others):
        return None
    return replace(found, content=content)


def _says(found: Candidate, reading: Reading) -> bool:
    """Whether the cue puts what is pointed to into somebody's mouth: "said this", but not "rejects this"."""
    words = [t.lemma_.lower() for part in found.cue for t in reading.parsed.tokens(*part) or ()]
    return any(w in SPEECH for w in words) and not any(w in DENYING | OPPOSING for w in words)


def _behind(place: int, paragraph: tuple[int, int], reading: Reading) -> Offsets:
    """The quotation behind a colon, or else the rest of its sentence, in the same paragraph."""
    if place >= paragraph[1]:
        return ()
    first = next(iter(reading.parsed.sentences.touching(place, paragraph[1])), None)
    end = paragraph[1] if first is None else min(first[1], paragraph[1])
    quotation = next(iter(reading.quotations.touching(place, end)), None)
    return ((place, end),) if quotation is None else ((quotation.start, quotation.end),)


def _sentence_before(place: int, paragraph: tuple[int, int], reading: Reading) -> Offsets:
    """The sentence before the one at a place, in the same paragraph."""
    before = [s for s in reading.parsed.sentences.touching(*paragraph) if s[1] <= place]
    here = next((s for s in reading.parsed.sentences.touching(place, place + 1)), None)
    before = [s for s in before if here is None or s[1] <= here[0]]
    return tuple(trimmed(reading.parsed.text, *before[-1])) if before else ()


def _is_taken(content: Offsets, found: Candidate, others: Sequence[Candidate]) -> bool:
    start, end = content[0]
    mine = (part for f in others if f is not found for part in (*f.content, *f.cue))
    return any(a < end and start < b for a, b in mine)
