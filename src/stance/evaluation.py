"""How good models are on labelled rows, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

from stance.calibration import calibration_error, calibration_interval, resamples
from stance.measures import CONTRADICTION, ENTAILMENT, NEUTRAL, Model
from stance.rows import read_rows, score_rows
from stance.schema import LABELS, StanceError

Kind = Literal["stance", "sentiment", "nli"]
KINDS: dict[Kind, tuple[str, str, str]] = {
    "stance": LABELS["stance"], "sentiment": LABELS["sentiment"], "nli": (ENTAILMENT, CONTRADICTION, NEUTRAL),
}  # fmt: skip
"""The labels of each kind of set, the two that take a side first."""
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
    kind: Kind
    rows: pd.DataFrame

    @property
    def labels(self) -> np.ndarray:
        """Shape (rows,): indices into the labels of the kind."""
        return np.array([KINDS[self.kind].index(label) for label in self.rows["label"]])

    @property
    def groups(self) -> np.ndarray:
        """Shape (rows,): which rows share a text."""
        return pd.factorize(self.rows["premise" if self.kind == "nli" else "text"])[0]


@dataclass(frozen=True, slots=True)
class Prediction:
    """Labels as indices, shape (rows,); probabilities, shape (rows, 3), where there are any."""

    labels: np.ndarray
    probabilities: np.ndarray | None


Predictor = Callable[[LabelledSet], Prediction | None]
"""Predicts a set, or returns None if it does not apply to its kind."""


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
        its kind's; if a folder holds no set.
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
    kinds: list[Kind] = ["nli"] if missing else ["stance", "sentiment"]
    kind = next((k for k in kinds if found & set(KINDS[k])), kinds[0])
    if unknown := sorted(found - set(KINDS[kind])):
        raise StanceError(
            f"{path} has the label {unknown[0]!r}, which a set of {kind} does not know. "
            f"Its labels are {', '.join(KINDS[kind])}."
        )
    return LabelledSet(name, kind, rows)


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
    """
    if model == "majority":
        return _majority
    if model == "vader":
        return _vader
    if isinstance(model, str):
        raise StanceError(f"The baseline must be one of {', '.join(BASELINES)}. Got {model!r}.")
    return lambda labelled: _by_model(labelled, model, wordings)


def _majority(labelled: LabelledSet) -> Prediction:
    labels = labelled.labels
    return Prediction(np.full(len(labels), np.bincount(labels).argmax()), None)


def _vader(labelled: LabelledSet) -> Prediction | None:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    if labelled.kind == "nli":
        return None
    analyzer = SentimentIntensityAnalyzer()
    compound = np.array([analyzer.polarity_scores(str(text))["compound"] for text in labelled.rows["text"]])
    return Prediction(np.select([compound >= 0.05, compound <= -0.05], [0, 1], 2), None)


def _by_model(labelled: LabelledSet, model: Model, wordings: str) -> Prediction | None:
    if labelled.kind == "nli":
        pairs = list(zip(map(str, labelled.rows["premise"]), map(str, labelled.rows["hypothesis"]), strict=True))
        names = list(getattr(model, "labels", (ENTAILMENT, NEUTRAL, CONTRADICTION)))
        if CONTRADICTION not in names:
            return None  # a two-way model cannot be measured on three labels
        found = np.asarray(model.predict(pairs))[:, [names.index(label) for label in KINDS["nli"]]]
        return Prediction(found.argmax(axis=1), found)
    scored = score_rows(labelled.rows, labelled.kind, model, wordings=wordings, source=labelled.name)
    found = scored[[f"p_{label}" for label in LABELS[labelled.kind]]].to_numpy(dtype=float)
    unscored = np.isnan(found).any(axis=1)
    labels = np.where(unscored, -1, np.nan_to_num(found).argmax(axis=1))  # -1 is always an error
    return Prediction(labels, np.where(unscored[:, None], 1 / 3, found))


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
        From :func:`read_sets`. Where a set has a column ``seen``, its rows with
        ``seen == 0`` (unseen topics) get a line of their own.
    models
        Name → :func:`predictor`. The others are compared with the first.
    seed
        Of every resampling.
    step
        Told in a few words what happens next.

    Returns
    -------
    pandas.DataFrame
        ``set``, ``kind``, ``model``, ``n``, ``macro_f1`` (mean over the three
        labels), ``f1_sides`` (mean over the two that take a side), ``accuracy``,
        ``f1_…`` by label; ``ece``, the expected calibration error over 15 bins,
        with ``ece_low`` and ``ece_high`` (95 %, texts resampled) and
        ``ece_perfect``, what a perfectly calibrated model would show;
        ``difference`` in macro-F1 from the first model with its 95 % interval,
        paired, texts resampled. The lines ``pooled`` hold all sets of a kind.
    """
    lines = []
    predictions: dict[tuple[str, str], Prediction] = {}
    for labelled in sets:
        for name, predict in models.items():
            step(f"{name} on {labelled.name} ({len(labelled.rows)} rows)")
            found = predict(labelled)
            if found is not None:
                predictions[labelled.name, name] = found
    first = next(iter(models))
    for labelled, rows in _parts(sets):
        for name in models:
            found = _joined(predictions, rows, name)
            if found is None:
                continue
            line = {"set": labelled.name, "kind": labelled.kind, "model": name, **_measured(labelled, found, seed)}
            reference = _joined(predictions, rows, first)
            if name != first and reference is not None:
                line |= _difference(labelled, found, reference, seed)
            lines.append(line)
    return pd.DataFrame(lines).reindex(columns=list(COLUMNS))


_LABELS = tuple(dict.fromkeys(label for labels in KINDS.values() for label in labels))
COLUMNS = (
    "set", "kind", "model", "n", "macro_f1", "f1_sides", "accuracy", *(f"f1_{label}" for label in _LABELS),
    "ece", "ece_low", "ece_high", "ece_perfect", "difference", "difference_low", "difference_high",
)  # fmt: skip

Part = tuple[LabelledSet, list[tuple[str, np.ndarray]]]


def _parts(sets: Sequence[LabelledSet]) -> list[Part]:
    """What gets a line: each set, its unseen topics, and all sets of a kind together."""
    parts: list[Part] = []
    for labelled in sets:
        parts.append((labelled, [(labelled.name, np.arange(len(labelled.rows)))]))
        if "seen" in labelled.rows:
            unseen = np.flatnonzero(labelled.rows["seen"].map(str) == "0")
            if len(unseen):
                part = LabelledSet(f"{labelled.name}, seen == 0", labelled.kind, labelled.rows.iloc[unseen])
                parts.append((part, [(labelled.name, unseen)]))
    for kind in KINDS:
        same = [s for s in sets if s.kind == kind]
        if len(same) > 1:
            together = LabelledSet("pooled", kind, pd.concat([s.rows for s in same], ignore_index=True))
            parts.append((together, [(s.name, np.arange(len(s.rows))) for s in same]))
    return parts


def _joined(
    predictions: Mapping[tuple[str, str], Prediction], rows: list[tuple[str, np.ndarray]], model: str
) -> Prediction | None:
    if any((name, model) not in predictions for name, _ in rows):
        return None
    found = [(predictions[name, model], index) for name, index in rows]
    probabilities = [p.probabilities[i] for p, i in found if p.probabilities is not None]
    return Prediction(
        np.concatenate([p.labels[i] for p, i in found]),
        np.concatenate(probabilities) if len(probabilities) == len(found) else None,
    )


def _measured(labelled: LabelledSet, found: Prediction, seed: int) -> dict[str, float]:
    truth, names = labelled.labels, KINDS[labelled.kind]
    by_label = f1_score(truth, found.labels, labels=[0, 1, 2], average=None, zero_division=0)
    line = {
        "n": len(truth),
        "macro_f1": float(by_label.mean()),
        "f1_sides": float(by_label[:2].mean()),
        "accuracy": float((truth == found.labels).mean()),
        **{f"f1_{name}": float(value) for name, value in zip(names, by_label, strict=True)},
    }
    if found.probabilities is not None:
        low, high, perfect = calibration_interval(found.probabilities, truth, labelled.groups, seed=seed)
        line |= {"ece": calibration_error(found.probabilities, truth), "ece_low": low, "ece_high": high}
        line["ece_perfect"] = perfect
    return {key: round(value, 4) for key, value in line.items()}


def _difference(labelled: LabelledSet, found: Prediction, reference: Prediction, seed: int) -> dict[str, float]:
    """The difference in macro-F1, paired, and its 95 % interval over resampled texts."""
    truth = labelled.labels
    weights = resamples(len(truth), labelled.groups, np.random.default_rng(seed))
    one = np.ones((1, len(truth)))
    drawn = _macro_f1(truth, found.labels, weights) - _macro_f1(truth, reference.labels, weights)
    seen = _macro_f1(truth, found.labels, one) - _macro_f1(truth, reference.labels, one)
    low, high = np.quantile(drawn, [0.025, 0.975])
    values = {"difference": seen[0], "difference_low": low, "difference_high": high}
    return {key: round(float(value), 4) for key, value in values.items()}


def _macro_f1(truth: np.ndarray, found: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Macro-F1 under each row of weights."""
    scores = []
    for label in range(3):
        hit, named, there = (found == label) & (truth == label), found == label, truth == label
        both = weights @ named + weights @ there
        scores.append(np.divide(2 * (weights @ hit), both, out=np.zeros(len(weights)), where=both > 0))
    return np.mean(scores, axis=0)
