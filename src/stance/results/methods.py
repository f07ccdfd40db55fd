"""What a methods section says of labels and scores, put together from the tables that were computed."""

from __future__ import annotations

import pandas as pd

_BEYOND = "None of this corrects errors of segmentation or attribution."


def methods_paragraph(
    accuracy: pd.DataFrame,
    agreement: pd.DataFrame | None = None,
    experiment: pd.DataFrame | None = None,
    *,
    annotators: str = "annotators",
) -> str:
    """A paragraph in which every number comes from a table.

    Parameters
    ----------
    accuracy
        From :func:`stance.validation.accuracy`, with the columns ``measure`` and
        ``annotation`` added: of which measure, and whose labels.
    agreement
        From :func:`stance.validation.agreement`; left out where one annotator labelled alone.
    experiment
        The table ``07_label_error``: for each ``model`` and ``estimator`` how
        far estimates were off where the truth is known.
    annotators
        What the annotators are called: say so if they are no people.

    Examples
    --------
    >>> accuracy = pd.DataFrame({"group": ["all"], "metric": ["accuracy"], "n": [20], "value": [.75], "low": [.53],
    ...                          "high": [.89], "measure": ["stance"], "annotation": ["I"]})
    >>> methods_paragraph(accuracy).split(". ")[0]
    'The model gives the label of I to 75 % [53, 89] of 20 units (stance)'
    """
    parts = [] if agreement is None else [_agreement(agreement, annotators)]
    parts.append(_accuracy(accuracy))
    if experiment is not None:
        parts += [_experiment(rows.set_index("estimator"), str(model)) for model, rows in experiment.groupby("model")]
    return " ".join([*parts, _BEYOND])


def _agreement(table: pd.DataFrame, annotators: str) -> str:
    by = table.columns[1]
    whole = table[(table[by] == "") & (table["label"] == "")]
    found = [
        f"{_number(row.alpha)} {_interval(row.low, row.high, row.note)} for {row.measure} ({row.units} units)"
        for row in whole.itertuples()
    ]
    return f"Krippendorff's alpha of {annotators} is {' and '.join(found)}."


def _accuracy(table: pd.DataFrame) -> str:
    whole = table[(table["group"] == "all") & (table["metric"] == "accuracy")]
    found = [
        f"of {row.annotation} to {_percent(row.value)} %"
        + ("" if pd.isna(row.low) else f" [{_percent(row.low)}, {_percent(row.high)}]")
        + f" of {row.n} units ({row.measure})"
        for row in whole.itertuples()
    ]
    return f"The model gives the label {', '.join(found)}."


def _experiment(rows: pd.DataFrame, model: str) -> str:
    naive, dsl = rows.loc["naive"], rows.loc["DSL"]
    return (
        f"On {naive['n_scored']:.0f} sentences labelled by people, a difference of {_number(naive['truth'])} came out "
        f"as {_number(naive['mean_estimate'])} on the mean with the model {model}, and the 95 % interval held it in "
        f"{_percent(naive['coverage'])} % of {naive['draws']:.0f} samples; corrected with {dsl['n_labelled']:.0f} "
        f"labels (design-based supervised learning) as {_number(dsl['mean_estimate'])}, and in "
        f"{_percent(dsl['coverage'])} %."
    )


def _interval(low: float, high: float, note: str) -> str:
    return f"({note})" if pd.isna(low) else f"[{_number(low)}, {_number(high)}]"


def _number(value: float) -> str:
    return "undefined" if pd.isna(value) else f"{value:.2f}".replace("-", "−")


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"
