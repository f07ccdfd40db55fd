"""Sentiment between two entities of a sentence, as five classes: the measure published with such sets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stance.schema import LABELS
from stance.validation.metrics import f1_by_label

_CLASSES = (
    "neutral",
    "first favors second",
    "first is against second",
    "second favors first",
    "second is against first",
)


def five_classes(rows: pd.DataFrame, probabilities: np.ndarray) -> dict[str, float]:
    """Micro- and macro-F1 over pairs of entities (Park et al., Findings of ACL 2021).

    A pair is neutral if neither direction takes a side; else it has the side of
    the direction whose side is the more probable.

    Parameters
    ----------
    rows
        Two rows for each pair, one a direction, with the same ``id``:
        columns ``id``, ``label`` and ``holder_start``, which says which comes first. Others are passed over.
    probabilities
        Shape (rows, 3): favor, against, none.

    Returns
    -------
    dict
        ``n`` pairs, ``micro`` and ``macro``; empty if no rows are pairs.

    Examples
    --------
    >>> rows = pd.DataFrame({"id": ["p", "p"], "label": ["favor", "none"], "holder_start": [0, 9]})
    >>> five_classes(rows, np.array([[.8, .1, .1], [.2, .1, .7]]))["micro"]
    1.0
    """
    if not {"id", "holder_start", "label"} <= set(rows):
        return {}
    names = LABELS["stance"]
    true, read = [], []
    positions = np.arange(len(rows))
    for _, found in pd.Series(positions).groupby(rows["id"].to_numpy(), sort=False):
        if len(found) != 2:
            continue
        pair = sorted(found, key=lambda i: rows["holder_start"].iat[i])
        labelled = np.eye(len(names))[[names.index(rows["label"].iat[i]) for i in pair]]
        true.append(_class(labelled))
        read.append(_class(probabilities[pair]))
    if not true:
        return {}
    scores = f1_by_label(np.array(true), np.array(read), n_labels=len(_CLASSES))
    return {
        "n": len(true),
        "micro": round(float(np.mean(np.array(true) == np.array(read))), 4),
        "macro": round(float(np.mean(scores)), 4),
    }


def _class(both: np.ndarray) -> int:
    """The class of a pair from the probabilities of its two directions, shape (2, 3)."""
    sides = np.where((both.argmax(axis=1) < 2)[:, None], both[:, :2], -1.0)
    return 0 if sides.max() < 0 else 1 + int(sides.argmax())
