"""What answers: the base class of every model, and a user's own object made one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from stance.schema import StanceError

ENTAILMENT, NEUTRAL, CONTRADICTION, NOT_ENTAILMENT = "entailment", "neutral", "contradiction", "not_entailment"
PREFIX = "openai:"
"""What a model's name begins with that is asked over OpenAI's protocol."""
NO_PROBABILITIES = "the model gave no probabilities: they must lie in [0, 1] and sum to 1"
"""Why an item has no score that was asked about."""
_BESIDE_ONE = 0.005
"""How far the sum of an answer may lie from 1: bfloat16 leaves 0.004, and rounding to three decimals 0.0015."""
_BESIDE_RANGE = 1e-6
"""How far below 0 or above 1: what averaging in float32 leaves; it is cut off."""


class Model(ABC):
    """Gives probabilities of inference for pairs of premise and hypothesis.

    Derive from it and give :attr:`name` and :meth:`predict`; the rest has
    defaults. Functions that score also take any other object with these two.

    Attributes
    ----------
    name
        ``name@revision/backend``, as results carry it.
    labels
        The columns of what :meth:`predict` returns: entailment, neutral and
        contradiction, or entailment and not_entailment.
    marks
        What is to be marked in the premise: of ``"target"``, ``"holder"`` and ``"statement"``, or nothing.
    calibration
        Temperature and offset of the neutral label by measure; a measure that
        is not there is taken as it comes.
    defined
        Whether hypotheses are followed by the codebook's definition of the target, for models that can read one.
    progress
        Called after each batch with its number of pairs and the number of all.

    Examples
    --------
    >>> class Unmoved(Model):
    ...     name = "unmoved@0/none"
    ...     def predict(self, pairs):
    ...         return np.tile([0.1, 0.8, 0.1], (len(pairs), 1))
    >>> Unmoved().windows("A premise.", "A hypothesis.")
    ['A premise.']
    """

    name: str
    labels: tuple[str, ...] = (ENTAILMENT, NEUTRAL, CONTRADICTION)
    marks: frozenset[str] = frozenset()
    calibration: Mapping[str, tuple[float, float]] = MappingProxyType({})
    addressed: float | None = None
    defined: bool = False
    progress: Callable[[int, int], Any] = staticmethod(lambda done, total: None)

    @abstractmethod
    def predict(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Probabilities of :attr:`labels`, one row for each pair; rows sum to 1."""

    def windows(self, premise: str, hypothesis: str) -> list[str]:
        """The parts in which a premise is read: here itself, however long it is."""
        return [premise]

    def expect(self, scoring: Callable[[Model], object]) -> None:  # noqa: B027
        """Told before a study what it will score, by a function that does so with any model: of no use here."""


class _Given(Model):
    """A user's object, with what it has of the rest."""

    def __init__(self, given: Any) -> None:
        self.name = given.name
        self._predict = given.predict
        if hasattr(given, "labels"):
            self.labels = tuple(given.labels)
        if hasattr(given, "marks"):
            self.marks = frozenset(given.marks)
        if hasattr(given, "calibration"):
            self.calibration = given.calibration
        self.addressed = getattr(given, "addressed", None)
        self.defined = bool(getattr(given, "defined", False))
        self._windows = getattr(given, "windows", super().windows)

    def predict(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        return self._predict(pairs)

    def windows(self, premise: str, hypothesis: str) -> list[str]:
        return self._windows(premise, hypothesis)


def answers(model: Model, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """What a model answers, checked: the one place where its answers come in.

    Parameters
    ----------
    model
        Any.
    pairs
        Premises and hypotheses.

    Returns
    -------
    numpy.ndarray
        Shape (pairs, labels). A row that is not finite, does not lie in [0, 1] or does not sum
        to 1 says nothing, and is nan throughout.

    Raises
    ------
    StanceError
        If there is not one row for each pair, with one number for each label: then no answer can
        be told from another.

    Examples
    --------
    >>> class Unsure(Model):
    ...     name = "unsure@0/none"
    ...     def predict(self, pairs):
    ...         return [[0.2, 0.7, 0.1], [2.0, -1.0, 0.0]]
    >>> answers(Unsure(), [("A premise.", "One."), ("A premise.", "Another.")]).tolist()
    [[0.2, 0.7, 0.1], [nan, nan, nan]]
    """
    wanted = (len(pairs), len(model.labels))
    if not pairs:
        return np.zeros(wanted)
    given = model.predict(pairs)
    try:
        found = np.asarray(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise StanceError(
            f"The model {model.name} answers with no numbers ({' '.join(str(error).split())[:99]}). "
            f"Its 'predict' must return {wanted[0]} rows of {wanted[1]} probabilities."
        ) from None
    if found.shape != wanted:
        raise StanceError(
            f"The model {model.name} answers in the shape {found.shape}. Its 'predict' must return one row for each "
            f"pair and one number for each of its labels ({', '.join(model.labels)}): here {wanted}."
        )
    with np.errstate(invalid="ignore", over="ignore"):
        good = ((found >= -_BESIDE_RANGE) & (found <= 1 + _BESIDE_RANGE)).all(axis=1)
        good &= np.abs(found.sum(axis=1) - 1) <= _BESIDE_ONE
    return np.where(good[:, None], found.clip(0, 1), np.nan)


def as_model(given: Any) -> Model:
    """A :class:`Model`, whichever object with ``name`` and ``predict`` was given.

    The one door through which a user's own model comes in; every function that
    scores opens it first.

    Parameters
    ----------
    given
        A model, or an object with ``name`` and ``predict(pairs)``, and
        optionally ``labels``, ``marks``, ``calibration``, ``addressed`` and ``windows``.

    Raises
    ------
    StanceError
        If it has no name or cannot predict.

    Examples
    --------
    >>> as_model("base")
    Traceback (most recent call last):
    stance.schema.StanceError: A model needs 'name' and 'predict(pairs)'. Got 'base'. Load one:
    stance.load_model('base').
    """
    if isinstance(given, Model):
        return given
    if not isinstance(getattr(given, "name", None), str) or not callable(getattr(given, "predict", None)):
        what = repr(given) if isinstance(given, str) else type(given).__name__
        load = f"stance.load_model({given!r})" if isinstance(given, str) else "stance.load_model()"
        raise StanceError(f"A model needs 'name' and 'predict(pairs)'. Got {what}. Load one: {load}.")
    return _Given(given)
