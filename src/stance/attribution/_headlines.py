"""Headlines that end in a speaker: "Ceasefire will hold: Varga"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stance.attribution._reading import Reading
from stance.attribution._transcripts import is_no_speaker
from stance.attribution.candidates import Candidate

if TYPE_CHECKING:
    from spacy.tokens import Span

_CONFIDENCE = 0.8
"""Below that of a turn, whose label stands before its words: no marked set has headlines."""
_LONGEST_HEADLINE = 20
"""Words; headlines of newspapers have fewer (Dor 2003 finds 10 at most to be the rule)."""
_LONGEST_NAME = 5
"""Words behind the colon of a headline: a name with its title."""
_HEADLINE = re.compile(r"(?:(?P<label>[^\n:]{1,30}):[ \t]+)?(?P<said>[^\n:]{3,160}):[ \t]+(?P<name>[^\n:]{2,60})")


def headlines(reading: Reading) -> Iterator[Candidate]:
    """What stands before the last colon of a headline is said by whom the line ends with.

    Parameters
    ----------
    reading
        The document.
    """
    parsed = reading.parsed
    for start, end in parsed.paragraphs:
        match = _HEADLINE.fullmatch(parsed.text, start, end)
        if match is None or parsed.text[end - 1] in ".!?" or len(match["said"].split()) > _LONGEST_HEADLINE:
            continue
        if match["label"] and not is_no_speaker(match["label"]):
            continue
        name, said = parsed.tokens(*match.span("name")), parsed.tokens(*match.span("said"))
        if name is None or said is None or len(name) > _LONGEST_NAME or match["name"][0].islower():
            continue
        mentions = [t for t in name if reading.resolver.names.mention_at(t)]
        if mentions and name[-1] in mentions and len(said) > 2 and _says_something(said, reading):
            colon = match.end("said")
            yield Candidate(mentions[-1], ((colon, colon + 1),), (match.span("said"),), _CONFIDENCE)


def _says_something(said: Span, reading: Reading) -> bool:
    """Whether words say something, and do not only announce whom they are about ("The new face: Ann Lee")."""
    first = next((t for t in said if t.is_alpha), said[0])
    if first.tag_ in ("WP", "WP$", "WDT", "WRB"):
        return False
    denied = first.lower_ in ("no", "not", "never")
    clause = any(t.pos_ in ("VERB", "AUX") and t.dep_ not in ("acl", "relcl", "amod", "pcomp") for t in said)
    return denied or clause or reading.parsed.quotations.covers(said.start_char, said.end_char)
