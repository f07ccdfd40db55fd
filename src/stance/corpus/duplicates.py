"""Near copies: texts that share most of their stretches of five words, as copies of one wire report do.

Signatures are datasketch's; its index of them (MinHashLSH) would hold every band
in memory, some kilobytes a text, where sorting band by band needs one column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from stance.schema import Document

if TYPE_CHECKING:
    from datasketch import MinHash

SIMILAR = 0.8
"""From which share of common stretches on (Jaccard) two texts are near copies."""
BANDS, ROWS = 21, 6
"""With 21 bands of 6, two texts that share 80 % of their stretches meet with p = .998, two that share 40 % with .08."""
SIZE = BANDS * ROWS
_STRETCH = 5
"""Words of a stretch: so many that texts on one event share few of them, so few that an edited copy shares most."""
_AT_ONCE = 10_000
"""Stretches that are hashed together, half a kilobyte for each."""
_EMPTY = np.uint32(2**32 - 1)
_WORD = re.compile(r"\w+")


def signature(text: str) -> np.ndarray:
    """What is kept of a text to find its near copies: its MinHash.

    Parameters
    ----------
    text
        Any text. One of fewer than five words is like no other but itself; one without words is like none.

    Returns
    -------
    numpy.ndarray
        126 numbers (uint32); the share of equal ones in two signatures
        estimates which share of their stretches of five words two texts have in common.

    Examples
    --------
    >>> a, b = signature("The talks ended without a result."), signature("the talks ended, without a result")
    >>> a.shape, bool((a == b).all())
    ((126,), True)
    """
    words = _WORD.findall(text.lower())
    stretches = {" ".join(words[i : i + _STRETCH]) for i in range(max(1, len(words) - _STRETCH + 1))} if words else ()
    made = _blank().copy()
    if stretches:
        encoded = [stretch.encode("utf-8", "replace") for stretch in stretches]
        for first in range(0, len(encoded), _AT_ONCE):
            made.update_batch(encoded[first : first + _AT_ONCE])
    return made.hashvalues.astype(np.uint32)


@cache
def _blank() -> MinHash:
    from datasketch import MinHash

    return MinHash(num_perm=SIZE, seed=1, scheme="affine32")


def clusters(ids: Sequence[str], signatures: Any) -> list[str]:
    """Which texts are near copies of one another.

    Parameters
    ----------
    ids
        Of the texts, each once.
    signatures
        One row for each; it may lie on disk (:class:`numpy.memmap`), since one column at a time is read.

    Returns
    -------
    list of str
        For each text the first id, in order of the alphabet, in its cluster;
        its own if nothing is like it. The order of the texts does not matter.

    Examples
    --------
    >>> same = signature("The talks ended without a result.")
    >>> clusters(["b", "a", "c"], np.stack([same, same, signature("Something else was said there.")]))
    ['a', 'a', 'c']
    """
    signatures = np.asarray(signatures) if not isinstance(signatures, np.ndarray) else signatures
    found = np.arange(len(ids))  # the cluster of each text, so far
    for band in range(BANDS if len(ids) else 0):
        columns = np.ascontiguousarray(signatures[:, band * ROWS : (band + 1) * ROWS], dtype=np.uint32)
        keys = columns.view(f"V{columns.itemsize * ROWS}").ravel()
        buckets = _buckets(keys, np.flatnonzero((columns != _EMPTY).any(axis=1)))
        alike = [pair for bucket in buckets for pair in _alike(bucket, signatures, found[bucket])]
        found = _joined(found, alike)
    first: dict[int, str] = {}
    for name, at in zip(ids, found.tolist(), strict=True):
        first[at] = min(name, first.get(at, name))
    return [first[at] for at in found.tolist()]


def _buckets(keys: np.ndarray, members: np.ndarray) -> Iterator[np.ndarray]:
    """Members with the same key, where there are several."""
    order = members[np.argsort(keys[members], kind="stable")]
    ordered = keys[order]
    starts = np.concatenate([[0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, [len(order)]])
    for i in np.flatnonzero(np.diff(starts) > 1):
        yield order[starts[i] : starts[i + 1]]


def _alike(bucket: np.ndarray, signatures: np.ndarray, found: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs of a bucket that are similar and not in one cluster yet; what a pair joins is not compared again."""
    for k, i in enumerate(bucket):
        if (found == found[0]).all():
            return
        apart = k + np.flatnonzero(found[k:] != found[k])
        for part in np.array_split(apart, len(apart) // 1000 + 1):
            similar = part[(signatures[bucket[part]] == signatures[i]).mean(axis=1) >= SIMILAR]
            for other in np.unique(found[similar]):
                yield int(i), int(bucket[np.flatnonzero(found == other)[0]])
                found[found == other] = found[k]


def _joined(found: np.ndarray, pairs: Sequence[tuple[int, int]]) -> np.ndarray:
    """Clusters, those of each pair made one."""
    a, b = np.array(pairs, dtype=int).reshape(-1, 2).T
    edges = coo_matrix((np.ones(len(a)), (found[a], found[b])), shape=(len(found), len(found)))
    return connected_components(edges, directed=False)[1][found]


def near_duplicates(documents: Iterable[Document]) -> dict[str, str]:
    """Find documents that are near copies, such as one wire report in several papers.

    Parameters
    ----------
    documents
        With different ids; they are read once, and only ids and signatures are kept.

    Returns
    -------
    dict
        Document id → the first id, in order of the alphabet, among its near copies.

    Examples
    --------
    >>> words = "The minister said on Friday that the talks in Geneva had ended without a result"
    >>> near_duplicates([Document("b", words), Document("a", words + "."), Document("c", "It rained.")])
    {'b': 'a', 'a': 'a', 'c': 'c'}
    """
    ids, signatures = [], []
    for document in documents:
        ids.append(document.id)
        signatures.append(signature(document.text))
    return dict(zip(ids, clusters(ids, np.array(signatures).reshape(-1, SIZE)), strict=True))
