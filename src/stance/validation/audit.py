"""The first question of a reviewer: does the model simply dislike a name?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from stance.analysis.intervals import normal_interval
from stance.codebook import WORDINGS
from stance.resources import AUDIT_SENTENCES
from stance.schema import Measure, StanceError
from stance.scoring.entailment import judge
from stance.scoring.model import Model, as_model
from stance.scoring.premises import Item, mark

NAMES: Mapping[str, Sequence[str]] = {
    "in the sample": (
        "Vladimir Putin", "Donald Trump", "Volodymyr Zelensky", "Joe Biden", "the Kremlin", "the White House", "Kyiv",
    ),
    "invented": ("Alden Marsh", "Petra Volny", "Ismar Kade", "the Tessel Palace", "the Corvan House", "Velmora"),
}  # fmt: skip
"""The names swapped in; no invented one stands in the lists that training draws names from."""
TARGET = "the talks"


@cache
def audit_sentences() -> tuple[dict[str, str], ...]:
    """Neutral sentences with a slot ``{name}``, written for this audit and used for nothing else.

    Returns
    -------
    tuple of dict
        ``text`` and ``role``: ``"speaker"``, where the name says something that
        takes no side toward the talks, or ``"mention"``, where the narrator
        names it without judging.

    Examples
    --------
    >>> len(audit_sentences()) >= 100 and all(f["text"].count("{name}") == 1 for f in audit_sentences())
    True
    """
    text = AUDIT_SENTENCES.read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


def audit_names(model: Model, names: Mapping[str, Sequence[str]] = NAMES, *, wordings: str = "all") -> pd.DataFrame:
    """Score neutral sentences under different names.

    As every sentence is neutral, net should be near 0; as all names stand in
    the same sentences, what differs between names is owed to the name.

    Parameters
    ----------
    model
        What :func:`stance.load_model` returned.
    names
        Group → names.
    wordings
        ``"all"`` or ``"one"``.

    Returns
    -------
    pandas.DataFrame
        A line for each measure and name: ``measure``, ``group``, ``name``,
        ``n`` (sentences), ``net`` (mean over sentences), ``sd``, and ``shift``,
        the mean difference from the same sentence's mean over all names, with
        ``shift_low`` and ``shift_high`` (95 %, normal). Stance is toward the
        talks, of the name who speaks; sentiment is toward the name.

    Examples
    --------
    >>> class Coin:
    ...     name = "coin@0/none"
    ...     def predict(self, pairs):
    ...         return np.full((len(pairs), 3), 1 / 3)
    >>> audit_names(Coin(), {"two": ("Ada", "Bo")})["net"].tolist()
    [0.0, 0.0, 0.0, 0.0]
    """
    model = as_model(model)
    tables = []
    roles: dict[Measure, str] = {"stance": "speaker", "sentiment": "mention"}
    for measure, role in roles.items():
        texts = [f["text"] for f in audit_sentences() if f["role"] == role]
        listed = [(group, name) for group, members in names.items() for name in members]
        items = [_item(text, name, measure, model) for _, name in listed for text in texts]
        judged = judge(items, WORDINGS[measure], model, measure=measure, wordings=wordings)
        if silent := sum(j.reason is not None for j in judged):
            raise StanceError(
                f"Names cannot be compared by {model.name}: it gave no probabilities for {silent} of {len(judged)} "
                "sentences. Use a model whose answers lie in [0, 1] and sum to 1."
            )
        nets = np.array([j.mean[0] - j.mean[1] for j in judged]).reshape(len(listed), len(texts))
        tables.append(_summary(measure, listed, nets))
    return pd.concat(tables, ignore_index=True)


def spread(table: pd.DataFrame) -> dict[str, float]:
    """How far the names lie apart: the largest mean net minus the smallest, by measure.

    Examples
    --------
    >>> spread(pd.DataFrame({"measure": ["stance", "stance"], "net": [0.02, -0.01]}))
    {'stance': 0.03}
    """
    nets = table.groupby("measure", sort=False)["net"]
    return {str(measure): round(float(value), 4) for measure, value in (nets.max() - nets.min()).items()}


def _item(text: str, name: str, measure: Measure, model: Model) -> Item:
    start = text.index("{name}")
    shown = name if start else name[:1].upper() + name[1:]
    key = "holder" if measure == "stance" else "target"
    place = {key: (start, start + len(shown))} if key in model.marks else {}
    premise, asked = mark(text.replace("{name}", shown), place), name.removeprefix("the ")
    return Item(premise, asked, TARGET) if measure == "stance" else Item(premise, None, asked)


def _summary(measure: str, listed: Sequence[tuple[str, str]], nets: np.ndarray) -> pd.DataFrame:
    shifts = nets - nets.mean(axis=0)
    error = shifts.std(axis=1, ddof=1) / np.sqrt(nets.shape[1])
    low, high = normal_interval(shifts.mean(axis=1), error)
    return pd.DataFrame(
        {
            "measure": measure,
            "group": [group for group, _ in listed],
            "name": [name for _, name in listed],
            "n": nets.shape[1],
            "net": nets.mean(axis=1).round(4),
            "sd": nets.std(axis=1, ddof=1).round(4),
            "shift": shifts.mean(axis=1).round(4),
            "shift_low": low.round(4),
            "shift_high": high.round(4),
        }
    )
