"""Labels that people gave beside the scores of a model: one label for each unit, joined, faults named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from stance.schema import LABELS, Measure, StanceError
from stance.validation.labels import ADJUDICATED, labelled

TIE, UNLABELLED = "no majority", "no label"


def reference(labels: pd.DataFrame, annotator: str | None = None) -> pd.DataFrame:
    """One label for each unit that was drawn.

    It is the label of a named annotator; else the one that was decided by
    adjudication; else the one that more than half of the unit's annotators
    gave: of two, what both say. No vote is cast for a tie; the unit stays without a label.

    Parameters
    ----------
    labels
        One row per unit and annotator: ``unit``, ``measure`` (one of them),
        ``annotator``, ``label`` (empty where none was given) and, if known, ``inclusion_probability``.
    annotator
        Whose labels count; left out: the majority's.

    Returns
    -------
    pandas.DataFrame
        One row per unit, in the order of first appearance: ``unit``, ``measure``,
        ``label`` (None where there is none), ``annotators`` (how many labelled
        it), ``inclusion_probability``, and ``note``, which says why there is no label.

    Raises
    ------
    StanceError
        If a column is missing, there are several measures, a label is none of
        the measure's, an annotator labelled a unit twice, is not there, or a
        unit has several inclusion probabilities.

    Examples
    --------
    >>> labels = pd.DataFrame({"unit": ["u", "u", "v", "v"], "measure": "stance", "annotator": ["x", "y"] * 2,
    ...                        "label": ["favor", "favor", "none", "against"]})
    >>> reference(labels)[["unit", "label", "note"]].values.tolist()
    [['u', 'favor', ''], ['v', None, 'no majority']]
    >>> reference(labels, annotator="y")["label"].tolist()
    ['favor', 'against']
    """
    rows = _checked(labels)
    if annotator is not None:
        known = sorted(set(rows["annotator"]))
        if annotator not in known:
            raise StanceError(f"The labels hold no annotator {annotator!r}. They are: {', '.join(map(str, known))}.")
        rows = rows.assign(label=rows["label"].where(rows["annotator"] == annotator))
    units = rows.drop_duplicates("unit").dropna(subset="unit").set_index("unit")
    own, given = rows["annotator"] != ADJUDICATED, rows["label"].notna()
    decided = (given & ~own).groupby(rows["unit"], sort=False).transform("any").astype(bool)
    votes = rows[given & (~own | ~decided)].groupby(["unit", "label"], sort=False).size().reset_index(name="votes")
    most = votes.sort_values("votes", ascending=False, kind="stable").drop_duplicates("unit").set_index("unit")
    cast = votes.groupby("unit")["votes"].sum().reindex(units.index, fill_value=0)
    clear = most["label"][most["votes"] * 2 > cast[most.index]].reindex(units.index)
    labelled_by = (given & own).groupby(rows["unit"]).sum().reindex(units.index)
    found = pd.DataFrame(
        {
            "unit": units.index,
            "measure": units["measure"].to_numpy(),
            "label": clear.to_numpy(),
            "annotators": labelled_by.where(labelled_by > 0, cast).to_numpy(),
            "inclusion_probability": units["inclusion_probability"].to_numpy(),
            "note": np.select([clear.notna(), cast > 0], ["", TIE], UNLABELLED),
        },
        dtype=object,
    ).astype({"annotators": int, "inclusion_probability": float})
    return found.assign(label=_words(found["label"]))


def _checked(labels: pd.DataFrame) -> pd.DataFrame:
    """The rows, empty labels as None, if they may be used."""
    if labels.empty:
        raise StanceError("There are no labels. Give at least one row.")
    if "measure" in labels and len(measures := sorted(set(labels["measure"]))) > 1:
        got = ", ".join(measures)
        raise StanceError(
            f"The labels must be of one measure. Got: {got}. Keep the rows of one in the column 'measure'."
        )
    labelled(labels)
    rows = labels.assign(label=_words(labels["label"]))
    if "inclusion_probability" not in rows:
        return rows.assign(inclusion_probability=np.nan)
    rows["inclusion_probability"] = pd.to_numeric(rows["inclusion_probability"], errors="coerce")
    several = rows.groupby("unit", sort=False)["inclusion_probability"].nunique(dropna=False)
    if (several > 1).any():
        raise StanceError(
            f"labels: {several.idxmax()} has several values of 'inclusion_probability'. "
            "Give the sheets of one sample, where each unit has one."
        )
    return rows


def _words(column: pd.Series) -> pd.Series:
    """A column of words, its empty cells None."""
    words = column.astype(object)
    return words.where(words.notna() & (words != ""), None)


@dataclass(frozen=True, slots=True)
class Matched:
    """Scores with the labels beside them.

    Attributes
    ----------
    measure
        What was labelled and scored.
    rows
        The scored rows of the score table, with ``unit``; ``reference``, the
        unit's label, None where it has none; ``drawn``, whether it stands among
        the labels; and its ``inclusion_probability``, NaN where that is unknown.
    ties, unlabelled, unscored
        Units that were drawn but have no majority, no label, or a label and no score.
    """

    measure: Measure
    rows: pd.DataFrame
    ties: int
    unlabelled: int
    unscored: int

    @property
    def labelled(self) -> pd.DataFrame:
        """The rows that have a label."""
        return self.rows[self.rows["reference"].notna()].reset_index(drop=True)

    @property
    def counted(self) -> str:
        """How many of the drawn units count, and why the others do not, as a sentence."""
        n = len(self.labelled)
        total = n + self.ties + self.unlabelled + self.unscored
        why = (
            (self.ties, "on which annotators differ (decide them by: stance agreement SHEETS --adjudicate FILE)"),
            (self.unlabelled, "without a label"),
            (self.unscored, "without a score of the model, which may find that they do not take the target up"),
        )
        said = ", ".join(f"{left} {what}" for left, what in why if left)
        return f"{n} of {total} drawn units count{f'; left out: {said}' if said else ''}."

    @property
    def left_out(self) -> str:
        """Which drawn units count for nothing; empty if all do."""
        counts = ((self.ties, "without a majority"), (self.unlabelled, "without a label"), (self.unscored, "unscored"))
        said = ", ".join(f"{n} {what}" for n, what in counts if n)
        return f"units left out: {said}" if said else ""


def match(labels: pd.DataFrame, scores: pd.DataFrame, annotator: str | None = None) -> Matched:
    """Put the label of each unit beside its score.

    Parameters
    ----------
    labels, annotator
        As for :func:`reference`.
    scores
        A score table of the same measure, from :func:`stance.to_frame` or read
        from its CSV. Rows without a score are no part of what is estimated.

    Raises
    ------
    StanceError
        As :func:`reference`; if a column is missing, a unit stands twice in the
        scores, or not at all; if no unit has both label and score.

    Examples
    --------
    >>> scores = pd.DataFrame({"segment": ["d:1", "d:2"], "target": "talks", "label": "favor",
    ...                        "p_favor": .8, "p_against": .1, "p_none": .1, "net": .7})
    >>> labels = pd.DataFrame({"unit": ["d:2 talks"], "measure": "stance", "annotator": "x", "label": "none"})
    >>> match(labels, scores).rows[["unit", "reference", "drawn"]].values.tolist()
    [['d:1 talks', None, False], ['d:2 talks', 'none', True]]
    """
    one = reference(labels, annotator)
    measure: Measure = one["measure"].iloc[0]
    table = _scored(scores, measure)
    lost = one.loc[~one["unit"].isin(table["unit"]), "unit"]
    if len(lost):
        raise StanceError(
            f"{len(lost)} of {len(one)} labelled units are not in the scores, the first {lost.iloc[0]!r}. "
            "Give the scores that the sample was drawn from."
        )
    there = table["net"].notna() & table["label"].notna()
    unscored = one["label"].notna() & one["unit"].isin(table.loc[~there, "unit"])
    of_unit = one.set_index("unit")
    rows = table[there].reset_index(drop=True)
    rows = rows.assign(
        reference=_words(rows["unit"].map(of_unit["label"])),
        drawn=rows["unit"].isin(of_unit.index),
        inclusion_probability=rows["unit"].map(of_unit["inclusion_probability"]).astype(float),
    )
    if rows["reference"].isna().all():
        raise StanceError("No unit has both a label and a score. Fill the column 'label' of the sheet.")
    notes = one["note"].value_counts()
    return Matched(measure, rows, int(notes.get(TIE, 0)), int(notes.get(UNLABELLED, 0)), int(unscored.sum()))


def _scored(scores: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The score table with units, its numbers as numbers and empty words as None."""
    names = LABELS[measure]
    numbers = [*(f"p_{name}" for name in names), "net"]
    wanted = ("segment", "target", "label", *numbers)
    if missing := [c for c in wanted if c not in scores]:
        raise StanceError(
            f"The scores have no column {missing[0]!r}. Labels of {measure} need: {', '.join(wanted)}. "
            "Give the score table of the same measure."
        )
    words = {c: _words(scores[c]) for c in scores if c not in numbers}
    table = scores.assign(**words, **{c: pd.to_numeric(scores[c], errors="coerce") for c in numbers})
    table["unit"] = table["segment"].astype(str) + " " + table["target"].astype(str)
    if (twice := table.duplicated("unit")).any():
        row = twice.idxmax()
        raise StanceError(f"scores, row {row}: the unit {table['unit'][row]!r} stands there twice. Keep one of them.")
    unknown = table[table["label"].notna() & ~table["label"].isin(names)]
    if len(unknown):
        first = unknown.iloc[0]
        raise StanceError(
            f"scores, row {first.name}: the label of {first['unit']} must be one of {', '.join(names)}, or empty. "
            f"Got {first['label']!r}."
        )
    return table


def probabilities_of(drawn: pd.DataFrame) -> np.ndarray:
    """The inclusion probabilities of drawn units.

    Parameters
    ----------
    drawn
        Rows with ``unit`` and ``inclusion_probability``.

    Raises
    ------
    StanceError
        If one is missing or not in (0, 1].

    Examples
    --------
    >>> probabilities_of(pd.DataFrame({"unit": ["u"], "inclusion_probability": [.2]})).tolist()
    [0.2]
    """
    known = drawn["inclusion_probability"].to_numpy(float)
    wrong = ~((known > 0) & (known <= 1))
    if wrong.any():
        unit, value = drawn["unit"].iloc[int(wrong.argmax())], known[wrong.argmax()]
        got = "none" if np.isnan(value) else f"{value:g}"
        raise StanceError(
            f"labels: the 'inclusion_probability' of {unit} must be above 0 and at most 1. Got {got}. "
            "Keep the column that the sample came with; 1 if every unit was to be labelled."
        )
    return known
