"""How far two readers agree on where in a text statements are, and on whose: Krippendorff's alpha for unitizing.

A *unit* is a stretch that a reader marked; what lies between is a gap. Alpha
compares how much of the text both read alike with how much they would by
chance, where a unit stays in one piece and is never compared with itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from stance.analysis.bootstrap import percentile_interval
from stance.text.spans import Offsets

Stretch = tuple[Collection[int], Hashable]
"""What a reader marked: places, and the value given to them."""
_GAP = -1
_LEAD = re.compile(r"\W*(that|of|about)\b(?=\W)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Continuum:
    """One text as two readers marked it.

    Attributes
    ----------
    units
        Shape (2, places): the number of the unit that holds a place, -1 for a gap.
        The units of both readers are numbered in one row.
    values
        What each unit was said to be.
    """

    units: np.ndarray
    values: tuple[Hashable, ...]


def continuum(places: Sequence[int], first: Sequence[Stretch], second: Sequence[Stretch]) -> Continuum:
    """Lay what two readers marked over the places of a text.

    Parameters
    ----------
    places
        Those that count, in order.
    first, second
        What each marked. A place belongs to the first stretch that holds it. A
        stretch that others interrupt is several units.

    Examples
    --------
    >>> found = continuum(range(6), [({0, 1, 4}, "ann")], [({1, 2}, "bob"), ({2, 3}, "ann")])
    >>> found.units.tolist()
    [[0, 0, -1, -1, 1, -1], [-1, 2, 2, 3, -1, -1]]
    >>> found.values
    ('ann', 'ann', 'bob', 'ann')
    """
    at = {place: i for i, place in enumerate(places)}
    rows: list[np.ndarray] = []
    values: list[Hashable] = []
    for stretches in (first, second):
        owner = np.full(len(at), _GAP)
        for number, (held, _) in reversed(list(enumerate(stretches))):
            owner[[at[place] for place in held if place in at]] = number
        begins = (np.diff(owner, prepend=_GAP) != 0) & (owner != _GAP)
        rows.append(np.where(owner == _GAP, _GAP, len(values) - 1 + np.cumsum(begins)))
        values += [stretches[number][1] for number in owner[begins]]
    return Continuum(np.array(rows), tuple(values))


def letters(text: str, spans: Offsets) -> set[int]:
    """Places of the letters and digits of a content, without a leading *that*, *of* or *about*.

    Parameters
    ----------
    text
        Of the document.
    spans
        Of the content.

    Examples
    --------
    >>> sorted(letters("that 4 go", ((0, 9),)))
    [5, 7, 8]
    """
    places: set[int] = set()
    for start, end in spans:
        lead = _LEAD.match(text[start:end])
        places |= {i for i in range(start + (lead.end() if lead else 0), end) if text[i].isalnum()}
    return places


class Marking(Protocol):
    """A statement that was marked or found."""

    @property
    def level(self) -> str:
        """``core``: has to be found; nested and optional ones may be."""
        ...

    @property
    def content(self) -> Offsets:
        """Where it stands."""
        ...

    @property
    def actors(self) -> Hashable:
        """Whose it is."""
        ...


def laid(text: str, marked: Sequence[Marking], found: Sequence[Marking]) -> Continuum:
    """Lay the statements marked and those found over the letters and digits of a text.

    Of statements inside others, the outer one holds the place. Places held only by
    marked ones that need not be found (nested, optional) are left out.

    Parameters
    ----------
    text
        Of the document.
    marked, found
        With offsets into it. Their value is their actors.

    Examples
    --------
    >>> from stance.validation.gold import Marked
    >>> said = [Marked("core", "direct", ((3, 5),), ((0, 2),), frozenset({"ann"}))]
    >>> laid("go, x", said, []).units.tolist()
    [[0, 0, -1], [-1, -1, -1]]
    """

    def stretches(statements: Iterable[Marking]) -> list[Stretch]:
        return [(letters(text, s.content), s.actors) for s in statements]

    core = stretches(m for m in marked if m.level == "core")
    rest = stretches(m for m in marked if m.level != "core")
    spare = {i for held, _ in rest for i in held} - {i for held, _ in core for i in held}
    places = [i for i, letter in enumerate(text) if letter.isalnum() and i not in spare]
    return continuum(places, core, stretches(sorted(found, key=lambda f: f.level == "nested")))


def located(texts: Sequence[Continuum], weights: np.ndarray | None, valued: bool) -> dict[str, float]:
    """Both alphas, with 95 % intervals over resampled texts.

    ``where_alpha``: do marked and found contents cover the same letters and
    digits of the texts? ``whose_alpha``: where both have one, do they give it to the same
    actors (none of the codebook is an answer like others)? F1 counts
    statements; the alphas count letters, so that a long one that is missed costs
    more, and take off what chance would give.

    Parameters
    ----------
    texts
        From :func:`continuum`.
    weights
        From :func:`stance.analysis.bootstrap.resamples`; None: no intervals.
    valued
        Whether units have values; else there is only ``where``.

    Returns
    -------
    dict of str to float
        ``where_alpha``, ``where_low``, ``where_high``, and ``whose_…`` likewise.

    Examples
    --------
    >>> located([continuum(range(9), [({1, 2}, "ann")], [({1, 2}, "ann")])], None, valued=False)
    {'where_alpha': 1.0}
    """
    found = {}
    for name, measure in (("where", where_alpha), ("whose", whose_alpha))[: 1 + valued]:
        found[f"{name}_alpha"] = float(measure(texts)[0])
        if weights is not None and not np.isnan(drawn := measure(texts, weights)).all():
            found[f"{name}_low"], found[f"{name}_high"] = percentile_interval(drawn)
    return found


def where_alpha(texts: Sequence[Continuum], weights: np.ndarray | None = None) -> np.ndarray:
    """How far two readers agree on where units are: the binary alpha for unitizing.

    Parameters
    ----------
    texts
        Read as one, one after the other.
    weights
        Shape (draws, texts): how often each counts; once if left out.

    Returns
    -------
    numpy.ndarray
        Shape (draws,): 1 for the same units, 0 for what chance gives, below 0 for
        less. NaN where there are no units, or nothing else.

    References
    ----------
    Krippendorff, K., Mathet, Y., Bouvry, S., and Widlöcher, A. (2016). On the reliability of
    unitizing textual continua: Further developments. Quality & Quantity 50(6).

    Examples
    --------
    Of ten places, one reader marks 0 to 3, the other 2 to 5. They differ in 4 of
    20 readings; chance gives 8 · 12 / (20 - 44 / 20), since the gaps' 12 and the
    units' 4² + 4² pairs with themselves do not count:

    >>> text = continuum(range(10), [(range(4), "")], [(range(2, 6), "")])
    >>> where_alpha([text]).round(3).tolist()
    [0.258]
    """
    sums = np.zeros((len(texts), 4))
    for i, text in enumerate(texts):
        marked = text.units != _GAP
        sizes = np.bincount(text.units[marked])
        alone = (sizes**2).sum() + (~marked).sum()
        sums[i] = marked.size, marked.sum(), (marked[0] != marked[1]).sum(), alone
    total, units, differing, alone = (_weights(weights, len(texts)) @ sums).T
    return _alpha(differing, units * (total - units), total, alone)


def whose_alpha(texts: Sequence[Continuum], weights: np.ndarray | None = None) -> np.ndarray:
    """How far two readers agree on what units are, where both have one: the coding alpha for unitizing.

    Parameters
    ----------
    texts, weights
        As for :func:`where_alpha`.

    Returns
    -------
    numpy.ndarray
        Shape (draws,), as of :func:`where_alpha`; only places count that both readers
        gave to a unit. NaN where there are none, or all have one value.

    References
    ----------
    As for :func:`where_alpha`.

    Examples
    --------
    Both have a unit at 3 + 3 + 2 places, half of whose 16 readings are ann's; 4
    readings differ; chance gives (16² - 8² - 8²) / (16 - 44 / 16):

    >>> first = [(range(4), "ann"), (range(6, 10), "bob"), (range(12, 14), "bob")]
    >>> second = [(range(1, 4), "ann"), (range(6, 9), "bob"), (range(12, 14), "ann")]
    >>> whose_alpha([continuum(range(16), first, second)]).round(3).tolist()
    [0.586]
    """
    names = {value: i for i, value in enumerate(dict.fromkeys(value for text in texts for value in text.values))}
    lengths, alone, differing = np.zeros((len(texts), len(names))), np.zeros(len(texts)), np.zeros(len(texts))
    for i, text in enumerate(texts):
        both = text.units[:, (text.units != _GAP).all(axis=0)]
        if not both.size:
            continue
        codes = np.array([names[value] for value in text.values])
        lengths[i] = np.bincount(codes[both].ravel(), minlength=len(names))
        alone[i] = (np.bincount(both.ravel()) ** 2).sum()
        differing[i] = 2 * (codes[both[0]] != codes[both[1]]).sum()
    drawn = _weights(weights, len(texts))
    by_value = drawn @ lengths
    total = by_value.sum(axis=1)
    return _alpha(drawn @ differing, total**2 - (by_value**2).sum(axis=1), total, drawn @ alone)


def _weights(weights: np.ndarray | None, texts: int) -> np.ndarray:
    return np.ones((1, texts)) if weights is None else weights


def _alpha(differing: np.ndarray, pairs: np.ndarray, total: np.ndarray, alone: np.ndarray) -> np.ndarray:
    """One minus observed over expected disagreement; ``alone``: pairs of a unit, or a place of a gap, with itself."""
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = pairs / (total - alone / total)
        return np.where(pairs > 0, 1 - differing / expected, np.nan)
