"""Models that answer at once, and always the same."""

import numpy as np

from stance.scoring.model import Model


class FakeModel(Model):
    """Probabilities made from the letters of a pair: the same pair, the same row."""

    name = "fake@0/none"

    def __init__(self, labels=("entailment", "neutral", "contradiction")):
        self.labels = labels
        self.asked = []

    def predict(self, pairs):
        self.asked.append(list(pairs))
        raw = np.array([[1 + sum(map(ord, p + h)) % (7 + i) for i in range(len(self.labels))] for p, h in pairs], float)
        raw = raw.reshape(len(pairs), len(self.labels))
        return raw / raw.sum(axis=1, keepdims=True)
