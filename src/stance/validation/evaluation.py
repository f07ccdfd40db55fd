"""How good models are on labelled rows, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from stance.analysis.bootstrap import percentile_interval, resamples
from stance.columns import EVALUATION
from stance.corpus.rows import read_rows
from stance.schema import LABELS, StanceError
from stance.scoring.entailment import read
from stance.scoring.model import CONTRADICTION, ENTAILMENT, NEUTRAL, Model, as_model
from stance.scoring.rows import score_rows
from stance.validation.calibration import calibration_error, calibration_interval
from stance.validation.metrics import f1_by_label

Task = Literal["stance", "sentiment", "nli"]
TASKS: dict[Task, tuple[str, str, str]] = {
    "stance": LABELS["stance"], "sentiment": LABELS["sentiment"], "nli": (ENTAILMENT, CONTRADICTION, NEUTRAL),
}  # fmt: skip
"""The labels of each task, the two that take a side first."""
BASELINES = ("majority", "vader")


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Rows of one file with their labels.

    Attributes
    ----------
    name
        The file's path below the folder, without its suffix.
    rows
        Columns ``text``, ``target`` and ``label``, or ``premise``,
        ``hypothesis`` and ``label``; others are kept.
    """

    name: str
    task: Task
    rows: pd.DataFrame

    @property
    def labels(self) -> np.ndarray:
        """Shape (rows,): indices into the labels of the task."""
        return np.array([TASKS[self.task].index(label) for label in self.rows["label"]])

    @property
    def groups(self) -> np.ndarray:
        """Shape (rows,): which rows share a text."""
        texts = self.rows["premise" if self.task == "nli" else "text"]
        return pd.factorize(texts.map(lambda text: " ".join(str(text).split())))[0]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is said of each row of a set.

    Attributes
    ----------
    labels
        Shape (rows,): indices into the labels of the task, -1 where a row cannot be scored.
    probabilities
        Shape (rows, 3), not a number where a row cannot be scored; None where there are none.
    """

    labels: np.ndarray
    probabilities: np.ndarray | None


Predictor = Callable[[LabelledSet], Prediction | None]
"""Predicts a set, or returns None if it does not apply to its task."""


def read_sets(path: str | Path) -> tuple[list[LabelledSet], list[str]]:
    """Read labelled sets: one file, or every file below a folder but those named ``train*``.

    Parameters
    ----------
    path
        A ``.jsonl``, ``.csv`` or ``.parquet`` file, or a folder of them.
        Stance and sentiment rows have ``text``, ``target`` and ``label``
        (favor, against, none or positive, negative, neutral), inference rows
        ``premise``, ``hypothesis`` and ``label``.

    Returns
    -------
    list of LabelledSet, list of str
        The sets, and a sentence for each file of the folder left out.

    Raises
    ------
    StanceError
        If a file cannot be read, lacks a column or has a label that is none of
        its task's; if a folder holds no set.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.csv"
    ...     _ = path.write_text("text,target,label\\nIt rained.,rain,none\\n")
    ...     (found,), left_out = read_sets(path)
    >>> found.name, found.task, len(found.rows), left_out
    ('mine', 'stance', 1, [])
    """
    path = Path(path)
    if not path.is_dir():
        return [_read_set(path, path.stem)], []
    files = sorted(p for p in path.rglob("*") if p.suffix.lower() in (".jsonl", ".csv", ".parquet"))
    sets, left_out = [], []
    for file in files:
        if file.name.startswith("train"):
            continue
        try:
            sets.append(_read_set(file, file.relative_to(path).with_suffix("").as_posix()))
        except _NoSetError as error:
            left_out.append(str(error))
    if not sets:
        raise StanceError(
            f"{path} holds no labelled set (files named train* are skipped). {' '.join(left_out)}".strip()
        )
    return sets, left_out


class _NoSetError(StanceError):
    """A file of rows that is not one of labelled rows."""


def _read_set(path: Path, name: str) -> LabelledSet:
    rows = read_rows(path)
    missing = [c for c in ("text", "target", "label") if c not in rows.columns]
    if missing and not {"premise", "hypothesis", "label"} <= set(rows.columns):
        raise _NoSetError(
            f"{path} has no column {missing[0]!r}: sets have text, target and label, or premise, hypothesis and label."
        )
    found = set(rows["label"].map(str))
    tasks: list[Task] = ["nli"] if missing else ["stance", "sentiment"]
    task = next((k for k in tasks if found & set(TASKS[k])), tasks[0])
    if unknown := sorted(found - set(TASKS[task])):
        raise StanceError(
            f"{path} has the label {unknown[0]!r}, which a set of {task} does not know. "
            f"Its labels are {', '.join(TASKS[task])}."
        )
    return LabelledSet(name, task, rows)


def predictor(model: Model | str, wordings: str = "one") -> Predictor:
    """What labels a set: a model, or a baseline by its name.

    Parameters
    ----------
    model
        What :func:`stance.load_model` returned; ``"majority"``, each set's most
        frequent label; or ``"vader"``, the lexicon of Hutto and Gilbert (2014),
        which reads the text alone, whatever the target.
    wordings
        ``"one"`` or ``"all"`` hypotheses of a model.

    Examples
    --------
    >>> texts = {"text": ["It rained.", "It froze."], "target": ["rain", "frost"]}
    >>> rows = pd.DataFrame({**texts, "label": ["none", "none"]})
    >>> predictor("majority")(LabelledSet("two", "stance", rows)).labels.tolist()
    [2, 2]
    """
    if model == "majority":
        return _majority
    if model == "vader":
        return _vader
    if isinstance(model, str):
        raise StanceError(f"The baseline must be one of {', '.join(BASELINES)}. Got {model!r}.")
    reader = as_model(model)
    return lambda labelled: _by_model(labelled, reader, wordings)


def _majority(labelled: LabelledSet) -> Prediction:
    labels = labelled.labels
    return Prediction(np.full(len(labels), np.bincount(labels).argmax()), None)


def _vader(labelled: LabelledSet) -> Prediction | None:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    if labelled.task == "nli":
        return None
    analyzer = SentimentIntensityAnalyzer()
    compound = np.array([analyzer.polarity_scores(str(text))["compound"] for text in labelled.rows["text"]])
    return Prediction(np.select([compound >= 0.05, compound <= -0.05], [0, 1], 2), None)


def _by_model(labelled: LabelledSet, model: Model, wordings: str) -> Prediction | None:
    if labelled.task == "nli":
        names = model.labels
        if CONTRADICTION not in names:
            return None  # a two-way model cannot be measured on three labels
        pairs = list(zip(labelled.rows["premise"].map(str), labelled.rows["hypothesis"].map(str), strict=True))
        found = read(pairs, model)[0][:, [names.index(label) for label in TASKS["nli"]]]
        return as_prediction(found)
    scored = score_rows(labelled.rows, labelled.task, model, wordings=wordings, where=labelled.name)
    names = LABELS[labelled.task]
    found = scored[[f"p_{label}" for label in names]].to_numpy(dtype=float)
    labels = [names.index(label) if label in names else -1 for label in scored["label"]]  # none where not taken up
    return Prediction(np.array(labels), found)


def as_prediction(probabilities: np.ndarray) -> Prediction:
    """The most probable label of each row; -1 where a row has no probabilities.

    Examples
    --------
    >>> as_prediction(np.array([[0.1, 0.7, 0.2], [np.nan] * 3])).labels.tolist()
    [1, -1]
    """
    unscored = np.isnan(probabilities).any(axis=1)
    labels = np.where(unscored, -1, np.nan_to_num(probabilities).argmax(axis=1))
    return Prediction(labels, probabilities)


def evaluate(
    sets: Sequence[LabelledSet],
    models: Mapping[str, Predictor],
    *,
    seed: int = 0,
    step: Callable[[str], None] = lambda message: None,
) -> pd.DataFrame:
    """One table of every set and model.

    Parameters
    ----------
    sets
        From :func:`read_sets`. Lines of their own get rows with ``seen == 0`` (unseen
        topics), with ``hard``, and with ``addressed`` false (the statement does not take the target up).
    models
        Name → :func:`predictor`. The others are compared with the first.
    seed
        Of every resampling.
    step
        Told in a few words what happens next.

    Returns
    -------
    pandas.DataFrame
        ``set``, ``task``, ``model``, ``n``, ``unscored`` (rows that could not be
        scored: errors, left out of calibration), ``macro_f1`` (mean over the
        labels that occur in the set), ``f1_sides`` (mean over those that take a
        side), ``accuracy``, ``f1_…`` by label; ``ece``, the expected calibration error over 15 bins,
        with ``ece_low`` and ``ece_high`` (95 %, texts resampled) and
        ``ece_perfect``, what a perfectly calibrated model would show;
        ``difference`` in macro-F1 from the first model with its 95 % interval,
        paired, texts resampled. The lines ``pooled`` hold all sets of a task.

    Examples
    --------
    >>> texts = {"text": ["It rained.", "It froze."], "target": ["rain", "frost"]}
    >>> rows = pd.DataFrame({**texts, "label": ["none", "favor"]})
    >>> table = evaluate([LabelledSet("two", "stance", rows)], {"majority": predictor("majority")})
    >>> table[["set", "model", "n", "accuracy"]].to_dict("records")
    [{'set': 'two', 'model': 'majority', 'n': 2, 'accuracy': 0.5}]
    """
    lines = []
    predictions: dict[tuple[int, str], Prediction] = {}
    for number, labelled in enumerate(sets):
        for name, predict in models.items():
            step(f"{name} on {labelled.name} ({len(labelled.rows)} rows)")
            found = predict(labelled)
            if found is not None:
                predictions[number, name] = found
    if not predictions:
        raise StanceError(f"None of the models ({', '.join(models)}) can be measured on these sets.")
    first = next(iter(models))
    for labelled, rows in _parts(sets):
        for name in models:
            found = _joined(predictions, rows, name)
            if found is None:
                continue
            line = {"set": labelled.name, "task": labelled.task, "model": name, **_measured(labelled, found, seed)}
            reference = _joined(predictions, rows, first)
            if name != first and reference is not None:
                line |= _difference(labelled, found, reference, seed)
            lines.append(line)
    return pd.DataFrame(lines).reindex(columns=list(COLUMNS))


COLUMNS = tuple(EVALUATION)

Part = tuple[LabelledSet, list[tuple[int, np.ndarray]]]
"""Rows that get a line, and where they stand: the number of a set and the rows in it."""


_APART = (("seen", 0, "seen == 0"), ("hard", 1, "hard"), ("addressed", 0, "not addressed"))
"""Rows that get a line of their own: the column, its value, and what they are called."""
_TRUTH = {"true": 1, "false": 0}
"""As CSV files write them."""


def _parts(sets: Sequence[LabelledSet]) -> list[Part]:
    """What gets a line: each set, some of its rows apart, and all sets of a task together."""
    parts: list[Part] = []
    for number, labelled in enumerate(sets):
        parts.append((labelled, [(number, np.arange(len(labelled.rows)))]))
        for column, value, name in _APART:
            if column in labelled.rows:
                said = labelled.rows[column].map(lambda v: _TRUTH.get(str(v).strip().lower(), v))
                chosen = np.flatnonzero(pd.to_numeric(said, errors="coerce") == value)
                if len(chosen):
                    part = LabelledSet(f"{labelled.name}, {name}", labelled.task, labelled.rows.iloc[chosen])
                    parts.append((part, [(number, chosen)]))
    for task in TASKS:
        same = [(number, s) for number, s in enumerate(sets) if s.task == task]
        if len(same) > 1:
            together = LabelledSet("pooled", task, pd.concat([s.rows for _, s in same], ignore_index=True))
            parts.append((together, [(number, np.arange(len(s.rows))) for number, s in same]))
    return parts


def _joined(
    predictions: Mapping[tuple[int, str], Prediction], rows: list[tuple[int, np.ndarray]], model: str
) -> Prediction | None:
    if any((number, model) not in predictions for number, _ in rows):
        return None
    found = [(predictions[number, model], index) for number, index in rows]
    probabilities = [p.probabilities[i] for p, i in found if p.probabilities is not None]
    return Prediction(
        np.concatenate([p.labels[i] for p, i in found]),
        np.concatenate(probabilities) if len(probabilities) == len(found) else None,
    )


def _measured(labelled: LabelledSet, found: Prediction, seed: int) -> dict[str, float]:
    truth, names = labelled.labels, TASKS[labelled.task]
    by_label = f1_by_label(truth, found.labels)[0]
    there = np.isin([0, 1, 2], truth)
    sides = there & [True, True, False]
    line = {
        "n": len(truth),
        "unscored": int((found.labels < 0).sum()),
        "macro_f1": float(by_label[there].mean()),
        "f1_sides": float(by_label[sides].mean()) if sides.any() else float("nan"),
        "accuracy": float((truth == found.labels).mean()),
        **{f"f1_{name}": float(value) for name, value in zip(names, by_label, strict=True)},
    }
    scored = found.labels >= 0
    if found.probabilities is not None and scored.any():
        probabilities, right = found.probabilities[scored], truth[scored]
        low, high, perfect = calibration_interval(probabilities, right, labelled.groups[scored], seed=seed)
        line |= {"ece": calibration_error(probabilities, right), "ece_low": low, "ece_high": high}
        line["ece_perfect"] = perfect
    return {key: round(value, 4) for key, value in line.items()}


def _difference(labelled: LabelledSet, found: Prediction, reference: Prediction, seed: int) -> dict[str, float]:
    """The difference in macro-F1, paired, and its 95 % interval over resampled texts."""
    truth = labelled.labels
    there = np.isin([0, 1, 2], truth)

    def macro(labels: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        return f1_by_label(truth, labels, weights)[:, there].mean(axis=1)

    weights = resamples(len(truth), labelled.groups, np.random.default_rng(seed))
    drawn = macro(found.labels, weights) - macro(reference.labels, weights)
    low, high = percentile_interval(drawn)
    values = {
        "difference": (macro(found.labels) - macro(reference.labels))[0],
        "difference_low": low,
        "difference_high": high,
    }
    return {key: round(float(value), 4) for key, value in values.items()}
