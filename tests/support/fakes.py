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


class Taught:
    """A model that says with a fixed probability that a target is taken up where a word stands in the statement."""

    name, addressed, marks = "taught@0/none", 0.5, frozenset({"statement", "holder"})

    def __init__(self, word):
        self.word, self.asked = word, []

    def predict(self, pairs):
        self.asked += pairs
        return np.array(
            [
                [0.9, 0.1, 0.0]
                if "speaks about" not in asked or self.word in premise.partition("<")[2]
                else [0.2, 0.8, 0]
                for premise, asked in pairs
            ]
        )
