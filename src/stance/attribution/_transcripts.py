"""Words that the layout gives to a speaker: turns of a transcript, and what a press release announces."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stance.attribution._turn_ends import STOPS, Transcript, is_aside
from stance.attribution.candidates import Candidate
from stance.attribution.coreference import Resolver
from stance.attribution.mentions import Names
from stance.codebook import folded
from stance.text.paragraphs import Turn
from stance.text.parsed import ParsedText
from stance.text.quotations import Quotations

if TYPE_CHECKING:
    from spacy.tokens import Span as SpanOfTokens

_CONFIDENCE = 0.9
"""A rank, as that of the surest rule: PolNeAR, which confidence is measured on, has no transcripts."""
_NO_SPEAKERS = re.compile(
    r"(?:breaking|update|updated|note|editor['’]s note|watch|read|exclusive|correction|photo|photos|video|source"
    r"|sources|related|contact|date|time|place|subject|re|fact|analysis|opinion|live|key|more|what|who|why|how|when|where)\b",
    re.IGNORECASE,
)
"""Labels before a colon that are no speakers'."""
_ANY_SPEAKER = re.compile(
    r"(?:the )?(?:question|answer|q|a|reporter|journalist|correspondent|host|presenter|anchor|moderator|interviewer"
    r"|interviewee|speaker|audience)(?: \d+)?$",
    re.IGNORECASE,
)
"""Labels of speakers without a name."""
_QUESTION_WORDS = ("WP", "WP$", "WDT", "WRB")
_SMALL = frozenset("of de del der di du la le van von bin al el the and for y".split())
_ANNOUNCEMENT = re.compile(r"(?P<cue>From|(?:Statement|Remarks?|Message) (?:from|by|of))\s+(?P<name>[^:\n]{2,80}):\s*$")


def turns_of(parsed: ParsedText, resolver: Resolver) -> Iterator[Candidate]:
    """ "NAME: …": each speaker's turn.

    The first label has to name a person or body of the codebook, or be one like
    "Reporter"; its turn is its own paragraph. After it the text is a
    transcript: every label in capitals or capitalised opens a turn, resolved or
    not, and a turn runs to the next one. What a label is never depends on later
    paragraphs.

    Parameters
    ----------
    parsed
        The document.
    resolver
        Knows the codebook's names.
    """
    text, names = parsed.text, resolver.names
    turns = {bisect.bisect_right(parsed.paragraphs, (turn.name[0], len(text))) - 1: turn for turn in parsed.turns}
    opened: list[tuple[Turn, SpanOfTokens, list[tuple[int, int]]]] = []
    transcript, below = Transcript(parsed, names), (0, 0)
    for i, (start, end) in enumerate(parsed.paragraphs):
        turn = turns.get(i)
        label = None if turn is None else parsed.tokens(*turn.name)
        if turn is not None and label is not None and _opens_turn(text, turn, label, names, bool(opened)):
            opened.append((turn, label, [turn.words] if turn.words[0] < turn.words[1] else []))
            transcript.open(label, below := turn.words)
        elif (start, end) == below or len(opened) < 2 or is_aside(text[start:end]):
            continue
        elif turn is not None and _NO_SPEAKERS.match(text, *turn.name):
            transcript.end()
        elif transcript.goes_on(start, end):
            opened[-1][2].append((start, end))
    for turn, label, content in opened:
        if not content:
            continue
        colon = text.index(":", (turn.role or turn.name)[1])
        head = next((t for t in label if names.mention_at(t)), label.root)
        yield Candidate(head, ((colon, colon + 1),), tuple(content), _CONFIDENCE, (turn.name,))


def may_be_speaker(name: str) -> bool:
    """Whether a label before a colon looks like a speaker's, known or not.

    Parameters
    ----------
    name
        The label, without the colon.

    Examples
    --------
    >>> may_be_speaker("Ann of York"), may_be_speaker("The point is"), may_be_speaker("Note")
    (True, False, False)
    """
    return bool(_ANY_SPEAKER.match(name)) or (_is_capitalised(name) and not _NO_SPEAKERS.match(name))


def is_no_speaker(label: str) -> bool:
    """Whether a label before a colon is surely none of a speaker: "Update".

    Examples
    --------
    >>> is_no_speaker("UPDATE 2"), is_no_speaker("Ann")
    (True, False)
    """
    return bool(_NO_SPEAKERS.match(label))


def _is_capitalised(name: str) -> bool:
    return all(word[0].isupper() or word in _SMALL for word in name.split())


def _opens_turn(text: str, turn: Turn, label: SpanOfTokens, names: Names, in_transcript: bool) -> bool:
    name = text[slice(*turn.name)]
    if _NO_SPEAKERS.match(name) or not _may_be_role(text, turn, label):
        return False
    if _ANY_SPEAKER.match(name):
        return True
    if in_transcript:
        return _is_capitalised(name)
    if turn.alone and (label[0].pos_ == "ADP" or names.mention_at(label[-1]) is None):
        return False  # "From Ann Lee:", "Ann Lee's Plans:"
    mentions = [m for t in label if (m := names.mention_at(t))]
    is_place = any(folded(m.span.text) in names.lexicon.places for m in mentions)
    if name.isupper() and len(name) > 3:  # the parser takes capitals for anything
        return bool(mentions)
    words = _is_sentence(label, turn)
    return bool(mentions) and not is_place and all(t.pos_ != "VERB" for t in label) and words


def _may_be_role(text: str, turn: Turn, label: SpanOfTokens) -> bool:
    """Whether what stands behind a comma is an office or a place, and no clause: "Ann, who left, said: …"."""
    role = None if turn.role is None else text[slice(*turn.role)]
    if role is None or not role.startswith(",") or role.isupper():
        return True
    found = label.doc.char_span(*turn.role, alignment_mode="contract")  # type: ignore[misc]
    return found is not None and all(t.pos_ not in ("VERB", "AUX", "PRON") for t in found)


def _is_sentence(label: SpanOfTokens, turn: Turn) -> bool:
    """Whether what follows a label is a sentence, and no "49 percent"."""
    words = label.doc.char_span(*turn.words, alignment_mode="contract")
    if words is None or not words.text:
        return False
    stopped = words.text[-1] in STOPS and sum(t.is_alpha for t in words) > 1
    explains = words[0].tag_ in _QUESTION_WORDS and words.text[-1] not in STOPS  # "Ann: what she wants"
    return stopped or (not explains and any(t.pos_ in ("VERB", "AUX", "INTJ") for t in words))


def without_captions(found: list[Candidate], parsed: ParsedText, names: Names) -> list[Candidate]:
    """Candidates other than those that take what stands behind a label for words of the actor it names.

    "Ann Lee: the woman behind the tram", "Ruel: what we know". Turns are not among them yet; what is quoted stays.

    Parameters
    ----------
    found
        By rules and tagger.
    parsed, names
        The document, and the codebook's names in it.
    """
    colons = {(turn.role or turn.name)[1]: turn for turn in parsed.turns}

    def is_caption(f: Candidate) -> bool:
        turn = colons.get(f.cue[0][0]) if parsed.text[slice(*f.cue[0])] == ":" else None
        label = None if turn is None else parsed.tokens(*turn.name)
        if label is None or parsed.quotations.kind_of(f.content) != "indirect":
            return False
        return any(map(names.mention_at, label)) and all(t.pos_ not in ("VERB", "AUX") for t in label)

    return [f for f in found if not is_caption(f)]


def announced_in(parsed: ParsedText, quotations: Quotations) -> Iterator[Candidate]:
    """ "From Chairwoman Y:", with the quotation in the paragraphs below.

    Parameters
    ----------
    parsed
        The document.
    quotations
        Those of the text, and speakers' turns.
    """
    for (start, end), (below, _) in itertools.pairwise(parsed.paragraphs):
        match = _ANNOUNCEMENT.match(parsed.text, start, end)
        name = parsed.tokens(*match.span("name")) if match else None
        if match and name is not None:
            quotation = next((q for q in quotations.touching(below, below + 1) if q.start == below), None)
            if quotation is not None:
                content = ((quotation.start, quotation.end),)
                yield Candidate(name.root, (match.span("cue"),), content, _CONFIDENCE)
