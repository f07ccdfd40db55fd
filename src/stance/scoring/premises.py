"""What a model is given to read: a text, with target, holder and statement marked where they stand in it.

Nothing here knows what a segment is, nor which model answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

Place = tuple[int, int]
"""Start and end in a text."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to score: a premise, who holds the view, and toward what.

    ``holder`` None stands for the text itself; ``stated`` is whether it is known what
    exactly the holder says; ``focus``, where in the premise the target stands (of a
    statement, in it), or failing that what is known to matter. A premise too long to
    be read at once is read there.
    """

    premise: str
    holder: str | None
    target: str
    focus: tuple[Place, ...] = ()
    stated: bool = False


MARKS = {"target": ("* ", " *"), "holder": ("[ ", " ]"), "statement": ("< ", " >")}
"""What stands around target, holder and statement in a premise, for models that were trained so."""


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
    focus = named or [even[key] for key in ("holder",) if key in even]
    return Item(mark(shown, marked), holder, target, tuple(map(moved, focus)), statement is not None)


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
