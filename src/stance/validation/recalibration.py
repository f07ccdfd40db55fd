"""A model's probabilities mended by labels: temperature and offset, and the error left on texts they did not see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from stance.schema import StanceError
from stance.scoring.entailment import recalibrated, tempered
from stance.scoring.model import Model, as_model
from stance.scoring.rows import WORDINGS
from stance.validation.calibration import calibration_error, calibration_interval, fit_calibration, reliability
from stance.validation.evaluation import LabelledSet, predictor

FEWEST = 40
"""Rows. Two numbers are fitted, on 20 rows in each half: ten a number, a common rule of thumb."""


def cross_fitted(probabilities: np.ndarray, labels: np.ndarray, texts: np.ndarray, seed: int = 0) -> dict[str, Any]:
    """A temperature and an offset, with the calibration error across halves of the texts.

    Parameters
    ----------
    probabilities
        Shape (rows, labels), as the model gives them.
    labels
        Shape (rows,): the index of the true label.
    texts
        Shape (rows,): which rows share a text; a text is never on both sides.
    seed
        Of the halves and the resampling.

    Returns
    -------
    dict
        ``temperature`` and ``offset``, fitted on all rows; ``halves``, those of each half; ``n``; ``ece_before``; and
        ``ece``, ``ece_low``, ``ece_high``, ``ece_perfect`` and ``reliability``, with each half tempered as the other
        asks.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> labels = rng.integers(0, 2, 400)
    >>> seen = np.where(rng.random(400) < .7, labels, 1 - labels)
    >>> found = cross_fitted(np.where(np.eye(2)[seen] == 1, .99, .01), labels, np.arange(400))
    >>> found["ece"] < found["ece_before"]
    True
    """
    first = np.random.default_rng(seed).permutation(texts.max() + 1)[texts] % 2 == 0
    if first.all() or not first.any():
        raise StanceError("A calibration needs several texts: these rows are of one. Label rows of more.")
    halves, crossed = [], np.zeros_like(probabilities)
    for fitted, judged in ((first, ~first), (~first, first)):
        halves.append(fit_calibration(probabilities[fitted], labels[fitted]))
        crossed[judged] = tempered(probabilities[judged], *halves[-1])
    low, high, perfect = calibration_interval(crossed, labels, texts, seed=seed)
    temperature, offset = fit_calibration(probabilities, labels)
    return {
        "temperature": temperature,
        "offset": offset,
        "halves": halves,
        "n": len(labels),
        "ece_before": round(calibration_error(probabilities, labels), 4),
        "ece": round(calibration_error(crossed, labels), 4),
        "ece_low": round(low, 4),
        "ece_high": round(high, 4),
        "ece_perfect": round(perfect, 4),
        "reliability": reliability(crossed, labels).round(4).to_dict("records"),
    }


def calibrate(labelled: LabelledSet, model: Model, *, wordings: str = "one", seed: int = 0) -> dict[str, Any]:
    """Fit a model's calibration of one measure on labels of one's own.

    Parameters
    ----------
    labelled
        Rows of stance or sentiment, from :func:`stance.validation.read_sets`: a sample of what will be scored, which
        the model has not learned from.
    model
        Any. What it brings as calibration of this measure is put aside.
    wordings
        ``"one"`` or ``"all"`` hypotheses, as will be scored.
    seed
        As for :func:`cross_fitted`.

    Returns
    -------
    dict
        The measure, with what :func:`cross_fitted` found: what a file for ``load_model(calibration=…)`` holds.

    Raises
    ------
    StanceError
        If there are fewer than 40 rows with a score, or they show fewer than two labels or texts.

    Examples
    --------
    >>> import pandas as pd
    >>> import stance
    >>> rows = pd.DataFrame({"text": [f"Lee praised pier {i}." for i in range(60)], "target": "the pier",
    ...                      "label": ["favor", "none", "favor"] * 20})
    >>> found = calibrate(LabelledSet("mine", "stance", rows), stance.load_model("small"))
    >>> found["stance"]["n"]
    60
    """
    if labelled.task not in WORDINGS:
        raise StanceError(f"Stance and sentiment are calibrated, and {labelled.name} holds rows of {labelled.task}.")
    plain = _Plain(as_model(model), labelled.task)
    found = predictor(plain, wordings)(labelled)
    assert found is not None and found.probabilities is not None  # noqa: S101 - rows of a measure have both
    scored = ~np.isnan(found.probabilities).any(axis=1)
    labels, texts = labelled.labels[scored], np.unique(labelled.groups[scored], return_inverse=True)[1]
    if len(labels) < FEWEST or len(set(labels)) < 2 or len(set(texts)) < 2:
        raise StanceError(
            f"A calibration needs {FEWEST} scored rows of several texts with two labels at least. {labelled.name} has "
            f"{len(labels)} of {len(set(texts))} texts with {len(set(labels))}: label more."
        )
    made = {"sets": [labelled.name], "model": model.name, "wordings": wordings}
    return {labelled.task: cross_fitted(found.probabilities[scored], labels, texts, seed) | made}


class _Plain(Model):
    """A model without its calibration of one measure."""

    def __init__(self, model: Model, measure: str) -> None:
        self._model = model
        self.name, self.labels, self.marks, self.addressed = model.name, model.labels, model.marks, model.addressed
        self.defined = model.defined
        self.calibration = recalibrated(model.calibration, {measure: (1.0, 0.0)})

    def predict(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        return self._model.predict(pairs)

    def windows(self, premise: str, hypothesis: str) -> list[str]:
        return self._model.windows(premise, hypothesis)


def calibration_json(found: dict[str, Any]) -> bytes:
    """A calibration as its file holds it.

    Examples
    --------
    >>> calibration_json({"stance": {"temperature": 1.2, "offset": 0.1}})[:11]
    b'{\\n "stance"'
    """
    return (json.dumps(found, indent=1) + "\n").encode()
