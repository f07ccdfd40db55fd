"""Scores and labels made up for tests."""

import numpy as np
import pandas as pd

from stance.schema import LABELS


def scored(n=400, seed=0, documents=60, actors=("a", "b"), tilt=(0.0, 0.0), measure="stance"):
    """A score table, and the true label of each row; ``tilt`` moves the model's favor of each actor's statements."""
    rng = np.random.default_rng(seed)
    names = LABELS[measure]
    truth = rng.choice(3, n, p=[0.4, 0.25, 0.35])
    actor = rng.choice(len(actors), n)
    logits = 1.5 * np.eye(3)[truth] + rng.normal(0, 0.8, (n, 3))
    logits[:, 0] += np.asarray(tilt)[actor]
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    table = pd.DataFrame(
        {
            "document": [f"d{i}" for i in rng.integers(0, documents, n)],
            "segment": [f"s{i}" for i in range(n)],
            "role": "source",
            "actor": np.array(actors)[actor],
            "kind": rng.choice(["direct", "indirect"], n),
            "target": "talks",
            "label": [names[i] for i in p.argmax(axis=1)],
            **{f"p_{name}": p[:, i] for i, name in enumerate(names)},
            "net": p[:, 0] - p[:, 1],
        }
    )
    return table, pd.Series([names[i] for i in truth])


def labels_of(table, truth, rows=None, probability=1.0, annotator="i", measure="stance"):
    """Labels of some rows of a score table: numbers of rows, or all."""
    chosen = np.arange(len(table)) if rows is None else np.asarray(rows)
    return pd.DataFrame(
        {
            "unit": (table["segment"] + " " + table["target"]).to_numpy()[chosen],
            "measure": measure,
            "annotator": annotator,
            "label": np.asarray(truth, dtype=object)[chosen],
            "inclusion_probability": np.broadcast_to(probability, len(table))[chosen],
        }
    )
