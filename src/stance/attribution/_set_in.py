"""Block quotations, and posts copied into a text: whose they are by the words above or the line below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from stance.attribution import _cues as cues
from stance.attribution._lists import speaker_of
from stance.attribution.candidates import Candidate
from stance.attribution.coreference import Resolver
from stance.schema import SET_IN
from stance.text.paragraphs import item_words
from stance.text.parsed import ParsedText
from stance.text.spans import Offsets

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_CONFIDENCE = 0.8
"""Below that of a turn, whose label stands beside its words: no marked set has block quotations."""
_BY_COLON = 0.7
"""A paragraph like any other below "Ann wrote on her page:"."""
_DEEP = 3
"""Spaces of plain text that set a block in; two are what some programs put before every line."""
_BY = re.compile(r"\s*(?P<dash>--|[—–―])[ \t]*(?P<name>[^\W\d_][^\n]{1,140})")
_NAME_ALONE = re.compile(r"(?P<dash>)(?P<name>[^\W\d_][^\n:;!?]{1,80}[^\n:;!?.])")
_POSTED = re.compile(r"\(@\w{2,30}\)|\b(?:on|via) (?:X|Twitter|Telegram|Facebook|Instagram|Threads|Bluesky|Mastodon)\b")
"""What stands in the line below a post: a handle, or where it was posted."""
_FIRST_NAME = 6
"""Tokens within which such a line names the speaker, titles before: "— Foreign Minister Ann Lee"."""
_WRITING = cues.SPEECH | frozenset("post blog publish message text put speak read begin open start go run".split())
"""Verbs by which a sentence that ends in a colon gives what stands below it."""


class _Head(NamedTuple):
    """Who says what is set in, by which words, and where the name stands if it is not the noun phrase."""

    source: Token | None
    cue: Offsets
    at: Offsets = ()


def set_in(parsed: ParsedText, resolver: Resolver, turns: Sequence[Candidate]) -> Iterator[Candidate]:
    """Words that the layout sets apart, each block with its speaker; a block whose speaker is not known is left out.

    The line below a block ("— Ann Lee, mayor") says more than the sentence above it.

    Parameters
    ----------
    parsed
        The document.
    resolver
        Whom its expressions mean.
    turns
        Words that are a speaker's by their label already.
    """
    places = parsed.paragraphs
    taken = {i for i, place in enumerate(places) if _is_taken(place, turns)}
    i = 0
    while i < len(places):
        first = i
        while i < len(places) and i not in taken and _is_set_in(parsed.text, places, i, first):
            i += 1
        if i > first:
            yield from _block(first, i, parsed, resolver)
        elif i not in taken:
            yield from _beside_a_line(i, parsed, resolver, turns)
        i = max(i, first + 1)


def _is_taken(place: tuple[int, int], turns: Sequence[Candidate]) -> bool:
    return any(a < place[1] and place[0] < b for f in turns for a, b in (*f.content, *f.cue))


def _is_set_in(text: str, places: Sequence[tuple[int, int]], i: int, first: int) -> bool:
    """Whether a paragraph is in a block: set in by a mark, or all of its lines by space, below one that is not."""
    start, end = places[i]
    line = text.rfind("\n", 0, start) + 1
    if i > first and line > 0 and text[places[i - 1][1] : start].count("\n") == 1:
        return True  # the next line of the same block
    if SET_IN in text[line:start]:
        return True
    deep = all(_depth(one) >= _DEEP for one in text[line:end].split("\n"))
    return deep and first > 0 and item_words(text, start, end) is None and not _is_deep(text, places[first - 1])


def _is_deep(text: str, place: tuple[int, int]) -> bool:
    line = text.rfind("\n", 0, place[0]) + 1
    return _depth(text[line : place[1]]) >= _DEEP


def _depth(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _block(first: int, end: int, parsed: ParsedText, resolver: Resolver) -> Iterator[Candidate]:
    """What is set in, given to whom the line below names, or else the sentence above."""
    text, places = parsed.text, parsed.paragraphs
    words = [_words(text, *place) for place in places[first:end]]
    marked = SET_IN in text[text.rfind("\n", 0, words[0][0]) + 1 : places[first][0]]
    below = places[end] if end < len(places) else None
    line = _BY.fullmatch(text, *places[end - 1]) or (_NAME_ALONE.fullmatch(text, *words[-1]) if marked else None)
    by = _named(line, parsed, resolver) if line is not None and len(words) > 1 else None
    if by is not None:
        words.pop()
    elif below is not None and (after := _BY.fullmatch(text, *below)) is not None:
        by = _named(after, parsed, resolver)
    elif line is not None and line["dash"] and len(words) > 1:
        return  # somebody whom the codebook does not know
    if by is None and first > 0:
        by = _introduced(parsed.tokens(*places[first - 1]), parsed, resolver, sure=marked)
    if by is not None:
        yield Candidate(by.source, by.cue, tuple(words), _CONFIDENCE, by.at)


def _words(text: str, start: int, end: int) -> tuple[int, int]:
    return item_words(text, start, end) or (start, end)


def _beside_a_line(i: int, parsed: ParsedText, resolver: Resolver, turns: Sequence[Candidate]) -> Iterator[Candidate]:
    """A paragraph like any other, with the line of a post below it, or a sentence above that ends with a colon."""
    text, places = parsed.text, parsed.paragraphs
    start, end = places[i]
    if item_words(text, start, end) is not None or _BY.match(text, start, end):
        return
    line = _BY.fullmatch(text, *places[i + 1]) if i + 1 < len(places) else None
    quoted = any(q.start == start and q.end == end for q in parsed.quotations.covering(start, end))
    if line is not None and (quoted or _POSTED.search(line["name"])):
        by = _named(line, parsed, resolver)
        if by is not None:
            yield Candidate(by.source, by.cue, ((start, end),), _CONFIDENCE, by.at)
    elif (
        i > 0
        and not _is_taken(places[i - 1], turns)
        and "\n\n" in text[places[i - 1][1] : start]
        and not parsed.quotations.touches(start, start + 1)
        and not any(turn.alone and turn.name[0] == start for turn in parsed.turns)
    ):  # a label that has its line to itself may open a turn, and is nobody's words
        above = places[i - 1]
        if item_words(text, *above) is None:
            by = _introduced(parsed.tokens(*above), parsed, resolver, sure=False)
            if by is not None:
                yield Candidate(by.source, by.cue, ((start, end),), _BY_COLON, by.at)


def _named(line: re.Match[str], parsed: ParsedText, resolver: Resolver) -> _Head | None:
    """Whom a line such as "— Ann Lee (@annlee) May 3" begins with."""
    name = parsed.tokens(*line.span("name"))
    for token in [] if name is None else name[:_FIRST_NAME]:
        mention = resolver.names.mention_at(token)
        if mention is not None:
            place = (mention.span.start, mention.span.end)
            return _Head(token, (line.span("dash") if line["dash"] else place,), (place,))
    return None


def _introduced(above: Span | None, parsed: ParsedText, resolver: Resolver, sure: bool) -> _Head | None:
    """Whom the last sentence above a block lets speak; where the block is not ``sure`` to be one, by a colon only."""
    colon = above is not None and above.text.rstrip().endswith(":")
    if above is None or not (colon or sure):
        return None
    sentences = list({t.sent.start: t.sent for t in above if t.is_alpha}.values())
    if not sentences:
        return None
    if colon and (found := speaker_of(above, resolver)) is not None:
        return _Head(*found)
    root = sentences[-1].root
    verbs = [root, *root.conjuncts]
    for verb in verbs:
        speaks = verb.lemma_.lower() in _WRITING or (colon and sure)
        subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
        if speaks and subject is not None and resolver.resolve(subject):
            return _Head(subject, ((verb.idx, verb.idx + len(verb)),))
    return None
