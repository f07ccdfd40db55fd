"""What a model is given to read: a text, with target, holder and statement marked where they stand in it.

Nothing here knows what a segment is, nor which model answers.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Place = tuple[int, int]
"""Start and end in a text."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to score: a premise, who holds the view, and toward what.

    ``holder`` None stands for the text itself; ``stated`` is whether it is known what
    exactly the holder says; ``definition``, what the codebook means by the target;
    ``focus``, where in the premise the target stands (of a
    statement, in it), or failing that what is known to matter; ``voice``, where the
    holder does. A long premise is read there; see :func:`parts`.
    """

    premise: str
    holder: str | None
    target: str
    focus: tuple[Place, ...] = ()
    stated: bool = False
    voice: Place | None = None
    definition: str = ""


MARKS = {"target": ("* ", " *"), "holder": ("[ ", " ]"), "statement": ("< ", " >")}
"""What stands around target, holder and statement in a premise, for models that were trained so. By
``studies/units_small.csv`` a statement marked in its sentence is read right as often as the statement alone (macro-F1
.703 and .701), more often than its sentence without that mark (.688); the sentence before lowers all three."""


def mark(text: str, places: Mapping[str, Place]) -> str:
    """Mark where target, holder and statement stand, as models are trained here.

    Parameters
    ----------
    text
        The premise.
    places
        Start and end of ``"target"``, ``"holder"`` and ``"statement"``, or of some of
        them. Of target and holder that overlap, the target is marked; a statement
        that cuts through either is marked around it, and one that is the whole text not at all.

    Examples
    --------
    >>> mark("Biden met Xi.", {"target": (10, 12), "holder": (0, 5)})
    '[ Biden ] met * Xi *.'
    >>> mark("Biden said Xi won.", {"target": (11, 13), "statement": (11, 17)})
    'Biden said < * Xi * won >.'
    """
    pieces, last = [], 0
    for position, sign in _signs(text, places):
        pieces += [text[last:position], sign]
        last = position
    return "".join([*pieces, text[last:]])


def _signs(text: str, places: Mapping[str, Place]) -> list[tuple[int, str]]:
    """What is put in where: at one position what closes comes first, then what opens; the statement outside."""
    kept = dict(places)
    if "holder" in kept and "target" in kept and _overlap(kept["holder"], kept["target"]):
        del kept["holder"]
    if "statement" in kept:
        cut = [place for place in kept.values() if _overlap(place, kept["statement"])]
        start, end = min(start for start, _ in cut), max(end for _, end in cut)
        kept["statement"] = start, end
        if not any(c.isalnum() for c in text[:start] + text[end:]):
            del kept["statement"]  # nothing is left to tell it from
    edges = []
    for key, (start, end) in kept.items():
        outside = key == "statement"
        edges += [(start, 1, not outside, MARKS[key][0]), (end, 0, outside, MARKS[key][1])]
    return [(position, sign) for position, *_, sign in sorted(edges)]


def item(
    text: str,
    holder: str | None,
    target: str,
    places: Mapping[str, Place],
    marks: Collection[str],
    more: Iterable[Place] = (),
    voice: Place | None = None,
) -> Item:
    """What is asked of a text: white space evened out, marked, and with what matters in it found again.

    Parameters
    ----------
    text
        As it stands.
    holder, target
        As the hypothesis names them.
    places
        Where target, holder and statement stand in the text.
    marks
        Which of them the model sees marked.
    more
        Where else the target stands.
    voice
        Where the holder is named, if ``places`` does not say so.

    Examples
    --------
    >>> found = item("Biden  met Xi.", None, "Xi", {"target": (11, 13)}, {"target"})
    >>> found.premise, found.focus
    ('Biden met * Xi *.', ((12, 14),))
    """
    shown, evened = _evened(text)
    even = {key: (evened[start], evened[end]) for key, (start, end) in places.items()}
    marked = {key: place for key, place in even.items() if key in marks}
    signs = _signs(shown, marked)

    def moved(place: Place) -> Place:
        start, last = (p + sum(len(sign) for at, sign in signs if at <= p) for p in (place[0], place[1] - 1))
        return start, last + 1

    named = [even["target"]] if "target" in even else [(evened[start], evened[end]) for start, end in more]
    if statement := even.get("statement"):
        named = [place for place in named if _overlap(place, statement)] or [statement]
    speaker = even.get("holder") or (voice and (evened[voice[0]], evened[voice[1]]))
    focus = tuple(map(moved, named or ([speaker] if speaker else [])))
    return Item(mark(shown, marked), holder, target, focus, statement is not None, speaker and moved(speaker))


def _evened(text: str) -> tuple[str, list[int]]:
    """A text with single spaces, and where each position of it has gone."""
    positions, pieces, length = [], [], 0
    for part in re.finditer(r"\s+|\S+", text):
        first, last = part.span()
        if part.group()[0].isspace():
            space = " " if first > 0 and last < len(text) else ""
            positions += [length] * (last - first)
        else:
            space = part.group()
            positions += range(length, length + last - first)
        pieces.append(space)
        length += len(space)
    return "".join(pieces), [*positions, length]


NEAR = 500
"""Characters: a longer premise is read around its focus. By ``studies/long_texts_base.csv``, of 240 statements
inside 1,000 characters on either side base reads .70 right from all of that, .77 from 1,000, .79 from 500 and from 350,
.78 from 200, .76 from the sentence alone (standard error .03). 500 keeps most of a comment whose view is spread out,
and is no longer than what models are trained on."""
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]>*]*\s+")
_CUT = " … "


def parts(asked: Item) -> list[str]:
    """What is read of a premise: all of it, or if it is long, the sentences around each place of its focus.

    The sentence in which the holder is named goes with each, for without it nobody
    could tell whose words they are.

    Examples
    --------
    >>> text = "Lee rose. " + "It rained. " * 60 + "The dam is a gift. It is. " + "It rained. " * 60
    >>> (part,) = parts(item(text, "Lee", "the dam", {"holder": (0, 3)}, (), [(674, 677)]))
    >>> part[:12], "The dam is a gift." in part, len(part) < 520
    ('Lee rose. … ', True, True)
    """
    text = asked.premise
    if len(text) <= NEAR or not asked.focus:
        return [text]
    ends = sentence_ends(text)
    voice = asked.voice and _clipped(text, asked.voice, around(ends, asked.voice, 0))
    found: list[str] = []
    span = (0, 0)
    for place in sorted(asked.focus):
        if found and span[0] <= place[0] and place[1] <= span[1]:
            continue  # stands in what is read already
        span = _clipped(text, place, around(ends, place, NEAR, span[1]))
        spans = [span] if voice is None or _overlap(voice, span) else sorted([voice, span])
        found.append(_CUT.join(text[start:end].strip() for start, end in spans))
    return list(dict.fromkeys(found))


def sentence_ends(text: str) -> list[int]:
    """Where sentences begin and end, as far as their points tell.

    Examples
    --------
    >>> sentence_ends("It rained. Lee rose.")
    [0, 11, 20]
    """
    return [0, *(m.end() for m in _SENTENCE_END.finditer(text) if m.end() < len(text)), len(text)]


def around(ends: Sequence[int], place: Place, room: int, after: int = 0) -> Place:
    """The sentences of a place, with those beside them as long as they fit.

    Parameters
    ----------
    ends
        From :func:`sentence_ends`.
    place
        What must be read.
    room
        Characters; the sentences of the place are kept whole, however long they are.
    after
        Nothing before this position is taken in beside them.

    Examples
    --------
    >>> text = "It rained. Lee praised the dam. Nobody came. It was late."
    >>> [text[slice(*around(sentence_ends(text), (26, 29), room))] for room in (0, 34)]
    ['Lee praised the dam. ', 'It rained. Lee praised the dam. ']
    """
    first, last = bisect_right(ends, place[0]) - 1, bisect_left(ends, place[1])
    while True:
        sides = [(first - 1, last)] if first > 0 and ends[first - 1] >= after else []
        sides += [(first, last + 1)] if last + 1 < len(ends) else []
        fitting = [(a, b) for a, b in sides if ends[b] - ends[a] <= room]
        if not fitting:
            return ends[first], ends[last]
        first, last = min(fitting, key=lambda side: ends[side[1]] - ends[side[0]])


def _clipped(text: str, place: Place, span: Place) -> Place:
    """The span, or of one without points for a long while the words around the place."""
    if span[1] - span[0] <= 2 * NEAR or place[1] - place[0] > NEAR:
        return span
    start, end = max(span[0], place[0] - NEAR // 2), min(span[1], place[1] + NEAR // 2)
    space = text.find(" ", start, place[0]) if start > span[0] else -1
    return (start if space < 0 else space + 1), (end if end == span[1] else max(place[1], text.rfind(" ", 0, end)))


def _overlap(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def place_of(words: str, text: str, start: int = 0, end: int | None = None) -> Place | None:
    """Where a part of a text first names something, whatever its article, case and line breaks.

    Parameters
    ----------
    words
        As a codebook names it.
    text
        Where to look.
    start, end
        The part; left out: the whole.

    Examples
    --------
    >>> place_of("the peace talks", "Peace  talks began.")
    (0, 12)
    """
    return next(places_of_name(words, text, start, end), None)


def places_of_name(words: str, text: str, start: int = 0, end: int | None = None) -> Iterator[Place]:
    """Every place at which a part of a text names something; see :func:`place_of`."""
    bare = re.sub(r"^(?:the|an?)\s+", "", words.strip(), flags=re.IGNORECASE).split()
    if bare:
        pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, bare)) + r"(?!\w)", re.IGNORECASE)
        for found in pattern.finditer(text, start, len(text) if end is None else end):
            yield found.span()
