"""What a model is asked and what its answers come to: items and hypotheses → probabilities.

The *premise* is a text, the *hypothesis* a wording with holder and target filled
in. Nothing here knows what a segment is, nor which model answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from stance.codebook import ADDRESSED, Frame, Hypotheses
from stance.schema import Measure, StanceError
from stance.scoring.model import CONTRADICTION, ENTAILMENT, NEUTRAL, NO_PROBABILITIES, Model, answers, as_model
from stance.scoring.premises import Item, parts

REPORTED = "reported"
"""Beside the measures in a calibration: stance of statements whose holder and wording are known."""
TEXT_AS_HOLDER = "The text"
Triple = tuple[float, float, float]
_Plan = list[list[tuple[str, int]]]
"""The hypotheses of each wording with their direction: 1 favorable, -1 not."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities of an item: the mean over wordings, each wording, and how many windows were read."""

    mean: Triple
    by_wording: tuple[Triple, ...]
    n_windows: int

    @property
    def reason(self) -> str | None:
        """Why this is no score; None if it is one. What a model did not answer is nan here."""
        return None if all(map(math.isfinite, self.mean)) else NO_PROBABILITIES


def phrase(wording: str, holder: str | None, target: str) -> str:
    """A hypothesis: the wording with holder and target filled in.

    Examples
    --------
    >>> phrase("{actor} supports {target}.", None, "the talks")
    'The text supports the talks.'
    """
    return wording.format(actor=holder or TEXT_AS_HOLDER, target=target)


def _hypothesis(wording: str, item: Item, model: Model) -> str:
    """What is asked of an item, with the target's definition for a model that reads one."""
    asked = phrase(wording, item.holder, item.target)
    return f"{asked} ({item.target}: {item.definition})" if model.defined and item.definition else asked


def judge(
    items: Sequence[Item],
    hypotheses: Hypotheses,
    model: Model,
    *,
    measure: Measure | None = None,
    wordings: str = "all",
) -> list[Judgement]:
    """Probabilities of (favor, against, none) for each item.

    A three-way model needs one hypothesis: entailment of a favorable wording is
    favor, contradiction is against, neutral is none, and the other way round
    for an unfavorable one. A two-way model (entailment or not) needs both: with
    entailments e_f and e_a, favor ∝ e_f (1 − e_a), against ∝ e_a (1 − e_f) and
    none ∝ (1 − e_f)(1 − e_a). Identical pairs are predicted once; the windows of
    an over-long premise are averaged, weighted by their length. Where the model
    brings a calibration for the measure, that of each wording is applied; see
    :func:`tempered`.

    Parameters
    ----------
    items
        What to score.
    hypotheses
        The wordings.
    model
        A :class:`~stance.scoring.model.Model`, or an object with ``name`` and ``predict(pairs)``.
    measure
        Whose calibration is used; left out: none.
    wordings
        ``"all"`` or ``"one"``.

    Raises
    ------
    ValueError
        If ``wordings`` is neither, or the model's labels are not those of
        inference.
    """
    model = as_model(model)
    plan = _plan(hypotheses, CONTRADICTION not in model.labels, _checked(wordings))
    return _judged([(item, plan) for item in items], model, measure)


def judge_addressed(items: Sequence[Item], model: Model) -> list[float | None]:
    """The probability that each item's holder takes the target up at all; None of a model that was not taught to say.

    It is nan where the model gave no probability.

    Parameters
    ----------
    items
        Statements with their holders.
    model
        A :class:`~stance.scoring.model.Model`, or an object with ``name`` and ``predict(pairs)``.

    Examples
    --------
    >>> class Taught(Model):
    ...     name, addressed = "taught@0/none", 0.5
    ...     def predict(self, pairs):
    ...         return np.tile([0.75, 0.25, 0.0], (len(pairs), 1))
    >>> judge_addressed([Item("Biden said < that Xi won >.", "Biden", "Xi")], Taught())
    [0.75]
    """
    model = as_model(model)
    if model.addressed is None:
        return [None] * len(items)
    entailed, _ = read([(item, _hypothesis(ADDRESSED, item, model)) for item in items], model)
    entailed = entailed[:, model.labels.index(ENTAILMENT)]
    both = np.column_stack([entailed, 1 - entailed])
    return tempered(both, *model.calibration.get("addressed", (1.0, 0.0)))[:, 0].tolist()


def not_addressed(p: float | None, model: Model) -> str | None:
    """Why a statement with this probability of taking the target up counts nowhere; None if it counts.

    Parameters
    ----------
    p
        From :func:`judge_addressed`.
    model
        Brings the threshold: its ``addressed``.

    Raises
    ------
    ValueError
        If the threshold lies outside [0, 1].

    Examples
    --------
    >>> class Taught(Model):
    ...     name, addressed = "taught@0/none", 0.5
    ...     def predict(self, pairs): ...
    >>> not_addressed(0.124, Taught())
    'the statement does not take the target up (p_addressed 0.1240, below 0.5)'
    """
    least = model.addressed
    if least is not None and not 0 <= least <= 1:
        raise ValueError(f"The threshold of p_addressed must lie in [0, 1]. Got {least!r}.")
    if p is None or least is None or p >= least:
        return None
    if math.isnan(p):
        return NO_PROBABILITIES
    return f"the statement does not take the target up (p_addressed {p:.4f}, below {least:g})"


def judge_frames(
    items: Sequence[Item], frames: Iterable[Frame], model: Model, *, wordings: str = "all"
) -> list[Judgement]:
    """Probabilities of (present, denied, absent) for each item and frame.

    Entailment of a wording is present, contradiction is denied, neutral is
    absent. A two-way model cannot tell denied from absent: denied is 0. All
    pairs are predicted at once, and nothing is calibrated: there is no labelled
    sample of frames.

    Parameters
    ----------
    items
        What to score.
    frames
        What may be present.
    model
        A :class:`~stance.scoring.model.Model`, or an object with ``name`` and ``predict(pairs)``.
    wordings
        ``"all"`` or ``"one"``.

    Returns
    -------
    list of Judgement
        By item, then frame.

    Raises
    ------
    ValueError
        As :func:`judge`.
    """
    most = 1 if _checked(wordings) == "one" else None
    plans = [[[(wording, 1)] for wording in frame.hypotheses[:most]] for frame in frames]
    return _judged([(item, plan) for item in items for plan in plans], as_model(model))


def _checked(wordings: str) -> str:
    if wordings not in ("all", "one"):
        raise ValueError(f"The 'wordings' parameter must be 'all' or 'one'. Got {wordings!r}.")
    return wordings


def tempering(model: Model, measure: Measure, *, stated: bool = False) -> tuple[float, float]:
    """A model's temperature and offset.

    Parameters
    ----------
    model
        Brings them; what it does not bring is taken as it comes.
    measure
        ``"stance"`` or ``"sentiment"``.
    stated
        Whether what is read is known to be somebody's statement: such texts are silent less often than sentences at
        large, so that one offset for both would turn statements that take a side into none (``training/measured``).

    Examples
    --------
    >>> class Taught(Model):
    ...     name, calibration = "taught@0/none", {"stance": (1.5, 0.9), "reported": (1.2, 0.1)}
    ...     def predict(self, pairs): ...
    >>> tempering(Taught(), "stance"), tempering(Taught(), "stance", stated=True), tempering(Taught(), "sentiment")
    ((1.5, 0.9), (1.2, 0.1), (1.0, 0.0))
    """
    known = model.calibration
    return known[REPORTED] if stated and measure == "stance" and REPORTED in known else known.get(measure, (1.0, 0.0))


def recalibrated(
    before: Mapping[str, tuple[float, float]], found: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """A calibration with another in its place: one fitted for stance holds for statements, too, unless it has theirs.

    Examples
    --------
    >>> recalibrated({"stance": (1.5, 0.9), "reported": (1.2, 0.1), "sentiment": (1.1, 0.0)}, {"stance": (2.0, 0.5)})
    {'stance': (2.0, 0.5), 'sentiment': (1.1, 0.0)}
    """
    kept = {key: value for key, value in before.items() if not (key == REPORTED and "stance" in found)}
    return {**kept, **found}


def _judged(questions: Sequence[tuple[Item, _Plan]], model: Model, measure: Measure | None = None) -> list[Judgement]:
    """Each item asked by its plan, all of them in one go."""
    pairs = [
        (item, _hypothesis(wording, item, model)) for item, plan in questions for step in plan for wording, _ in step
    ]
    told = zip(*read(pairs, model), strict=True)
    judged = []
    for item, plan in questions:
        calibration = tempering(model, measure, stated=item.stated) if measure else (1.0, 0.0)
        triples, windows = [], 1
        for step in plan:
            rows, parts = zip(*islice(told, len(step)), strict=True)
            triples.append(tempered(_triple(rows, model.labels, [direction for _, direction in step]), *calibration))
            windows = max(windows, *map(int, parts))
        judged.append(Judgement(_as_triple(np.mean(triples, axis=0)), tuple(map(_as_triple, triples)), windows))
    return judged


def read(pairs: Sequence[tuple[Item | str, str]], model: Model) -> tuple[np.ndarray, np.ndarray]:
    """What a model says of premises and hypotheses, long premises in windows.

    Parameters
    ----------
    pairs
        An item or its premise, and a hypothesis; equal pairs are predicted once.
    model
        A :class:`~stance.scoring.model.Model`, or an object with ``name`` and ``predict(pairs)``.

    Returns
    -------
    numpy.ndarray, numpy.ndarray
        Probabilities of the model's labels, shape (pairs, labels): the mean over what is
        read of the premise (:func:`stance.scoring.premises.parts`), in windows where
        that is too long, weighted by their length; nan where a part was not answered
        by probabilities (:func:`stance.scoring.model.answers`). And the number of windows, shape (pairs,).
    """
    model = as_model(model)
    windows = {
        (premise, asked): [(window, asked) for window in _windows(premise, asked, model)]
        for premise, asked in dict.fromkeys(pairs)
    }
    asked = {window: i for i, window in enumerate(dict.fromkeys(w for listed in windows.values() for w in listed))}
    predicted = answers(model, list(asked))
    rows = np.zeros((len(pairs), predicted.shape[1]))
    for i, pair in enumerate(pairs):
        weights = [max(1, len(premise)) for premise, _ in windows[pair]]
        rows[i] = np.average(predicted[[asked[w] for w in windows[pair]]], axis=0, weights=weights)
    return rows, np.array([len(windows[pair]) for pair in pairs], dtype=int)


def _windows(premise: Item | str, hypothesis: str, model: Model) -> list[str]:
    """What is read of a premise, in parts that the model can read at once."""
    read_of = [premise] if isinstance(premise, str) else parts(premise)
    return [window for part in read_of for window in model.windows(part, hypothesis)]


def tempered(probabilities: np.ndarray, temperature: float, offset: float = 0.0) -> np.ndarray:
    """Probabilities at a temperature: above 1 less sure, below 1 surer, the order kept.

    Parameters
    ----------
    probabilities
        Any shape; the last axis sums to 1.
    temperature
        Above 0.
    offset
        Added to the logarithm of the last label (none, neutral), which training
        may have shown more or less often than texts do.

    Raises
    ------
    StanceError
        If the temperature is not above 0, or one of the two is not finite.

    Examples
    --------
    >>> tempered(np.array([0.8, 0.2]), 2).round(3).tolist()
    [0.667, 0.333]
    """
    if temperature == 1.0 and offset == 0.0:
        return probabilities
    if not (0 < temperature < math.inf and math.isfinite(offset)):
        raise StanceError(
            f"A calibration needs a temperature above 0 and an offset. Got {temperature!r} and {offset!r}: mend the "
            "model's 'calibration'."
        )
    logs = np.log(np.maximum(probabilities, 1e-12)) / temperature
    logs[..., -1] += offset
    raised = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def _plan(hypotheses: Hypotheses, two_way: bool, wordings: str) -> _Plan:
    """What is asked for each wording: one hypothesis, or of a two-way model one for and one against."""
    if two_way:
        plan = [
            [(favor, 1), (against, -1)] for favor, against in zip(hypotheses.favor, hypotheses.against, strict=False)
        ]
    else:
        plan = [[(w, 1)] for w in hypotheses.favor] + [[(w, -1)] for w in hypotheses.against]
    return plan[:1] if wordings == "one" else plan


def _triple(rows: Sequence[np.ndarray], labels: tuple[str, ...], directions: list[int]) -> np.ndarray:
    """(favor, against, none) from the label probabilities of one wording."""
    if len(rows) == 1:
        entailed = rows[0][labels.index(ENTAILMENT)]
        if CONTRADICTION not in labels:
            return np.array([entailed, 0.0, 1 - entailed])
        contradicted = rows[0][labels.index(CONTRADICTION)]
        favor, against = (entailed, contradicted) if directions[0] > 0 else (contradicted, entailed)
        return np.array([favor, against, rows[0][labels.index(NEUTRAL)]])
    e_favor, e_against = (row[labels.index(ENTAILMENT)] for row in rows)
    raw = np.array([e_favor * (1 - e_against), e_against * (1 - e_favor), (1 - e_favor) * (1 - e_against)])
    total = raw.sum()
    return raw / total if total != 0 else np.array([0.0, 0.0, 1.0])


def _as_triple(values: np.ndarray) -> Triple:
    favor, against, none = (float(v) for v in values)
    return favor, against, none
