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

    ``holder`` None stands for the text itself; ``focus``, where in the premise
    the target stands, or failing that what is known to matter. A premise too long
    to be read at once is read there.
    """

    premise: str
    holder: str | None
    target: str
    focus: tuple[Place, ...] = ()


MARKS = {"target": ("* ", " *"), "holder": ("[ ", " ]"), "statement": ("< ", " >")}
"""What the bundled models see around target, holder and statement where they stand in the premise."""


def mark(text: str, places: Mapping[str, Place]) -> str:
    """Mark where target, holder and statement stand, as the bundled models were trained.

    Parameters
    ----------
    text
        The premise.
    places
        Start and end of ``"target"``, ``"holder"`` and ``"statement"``, or of some of
        them. Of target and holder that overlap, the target is marked; a statement
        that cuts through either is marked around it.

    Examples
    --------
    >>> mark("Biden met Xi.", {"target": (10, 12), "holder": (0, 5)})
    '[ Biden ] met * Xi *.'
    >>> mark("Biden said Xi won.", {"target": (11, 13), "statement": (11, 17)})
    'Biden said < * Xi * won >.'
    """
    pieces, last = [], 0
    for position, sign in _signs(places):
        pieces += [text[last:position], sign]
        last = position
    return "".join([*pieces, text[last:]])


def _signs(places: Mapping[str, Place]) -> list[tuple[int, str]]:
    """What is put in where: at one position what closes comes first, then what opens; the statement outside."""
    kept = dict(places)
    if "holder" in kept and "target" in kept and _overlap(kept["holder"], kept["target"]):
        del kept["holder"]
    if "statement" in kept:
        cut = [place for place in kept.values() if _overlap(place, kept["statement"])]
        kept["statement"] = min(start for start, _ in cut), max(end for _, end in cut)
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
    >>> item("Biden  met Xi.", None, "Xi", {"target": (11, 13)}, {"target"})
    Item(premise='Biden met * Xi *.', holder=None, target='Xi', focus=((12, 14),))
    """
    start = len(text) - len(text.lstrip())

    def evened(position: int) -> int:
        return len(re.sub(r"\s+", " ", text[start:position]))

    even = {key: (evened(a), evened(b)) for key, (a, b) in places.items()}
    shown = {key: place for key, place in even.items() if key in marks}
    signs = _signs(shown)

    def moved(position: int) -> int:
        return position + sum(len(sign) for at, sign in signs if at <= position)

    targets = [*(place for key, place in even.items() if key == "target"), *((evened(a), evened(b)) for a, b in more)]
    known = targets or [even[key] for key in ("statement", "holder") if key in even][:1]
    focus = tuple((moved(a), moved(b - 1) + 1) for a, b in dict.fromkeys(known))
    return Item(mark(" ".join(text.split()), shown), holder, target, focus)


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
