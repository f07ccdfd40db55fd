"""Does a finding survive every reasonable choice? The specification curve of Simonsohn, Simmons and Nelson (2020)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from stance import columns as names
from stance.analysis.groups import sampled_column
from stance.analysis.intervals import LEAST, difference_interval
from stance.choices import Choices
from stance.numbers import counted
from stance.schema import StanceError

CHOICES = ("model", "wording", "addressed", "confidence", "unit", "copies", "roles")
"""What can be chosen, as columns of :func:`multiverse`, in the order of the figure."""
OWN, MEAN = "model's own", "mean of all"
"""The default threshold of ``p_addressed``, and the default wording."""
_MOST = 5_000
"""Specifications of one contrast: more is no curve that anybody reads, and takes minutes."""
_NEEDED = ("document", "segment", "role", "actor", "target", "sentence", "net", "p_favor", "p_against", "model")
Correct = Callable[[pd.DataFrame, str, str], tuple[float, float, float] | None]
"""Estimates a − b with its interval from rows of one specification and people's labels; None if it cannot."""


def multiverse(
    table: pd.DataFrame,
    wordings: pd.DataFrame | None = None,
    choices: Choices | None = None,
    *,
    by: str = "actor",
    correct: Correct | None = None,
) -> pd.DataFrame:
    """Every contrast under every combination of choices: the table of a specification curve.

    Nothing is scored anew: thresholds, units and wordings are taken from what is stored. So the choices must be
    stored, too: several models mean the score tables of several runs, one below the other.

    Parameters
    ----------
    table
        A stance table from :func:`stance.to_frame`, of one target, or several of different models below each other.
    wordings
        From :func:`stance.analysis.wordings_frame`: the net of each wording. Left out: only their mean.
    choices
        Which thresholds, units and so on; left out: those of :class:`stance.choices.Choices`. Declare them in the
        codebook before looking.
    by
        Whose means are compared.
    correct
        Estimates from people's labels, too, where it can; see ``stance.validation.correction``.

    Returns
    -------
    pandas.DataFrame
        One row per target, pair (``a``, ``b``), estimator (``naive``, ``DSL``) and specification: the columns of
        :data:`CHOICES`, ``n_a``, ``n_b``, ``documents``, ``estimate`` (a − b, in [-2, 2]), ``low`` and ``high``
        (95 %, over documents; empty below 20 of them on either side), and ``default``, whether it is the
        first of every choice: unless the codebook says otherwise, what
        :func:`stance.contrast` shows. A specification that leaves either side empty has no estimate.

    Raises
    ------
    StanceError
        If a column is missing, there are no two groups, or there is only one specification, or more than 5,000.

    Examples
    --------
    >>> rows = pd.DataFrame({"document": "d", "segment": list("xyz"), "role": "source", "actor": ["a", "a", "b"],
    ...                      "target": "talks", "sentence": list("xyz"), "net": [.5, .1, -.4], "p_favor": [.5, .1, 0],
    ...                      "p_against": [0, 0, .4], "confidence": [.9, .6, .9], "model": "m"})
    >>> choices = Choices(confidence=(0, .8), unit=("statement",), roles=("source",))
    >>> multiverse(rows, choices=choices)["estimate"].tolist()
    [0.7, 0.9]
    """
    chosen = choices or Choices()
    _check(table, by)
    options = _options(table, wordings, chosen)
    size = int(np.prod([len(values) for values in options.values()]))
    if not 2 <= size <= _MOST:
        raise StanceError(
            f"These choices make {counted(size, 'specification')}; a multiverse has 2 to {_MOST:,}. "
            + ("Declare several under 'multiverse' in the codebook." if size < 2 else "Declare fewer.")
        )
    nets, pairs = _nets(table, wordings), list(_pairs(table, by))
    told = _told(table)
    if correct is None:  # a correction alone reads the other columns
        table = table[[c for c in table if c in {*_NEEDED, by, "confidence", "cluster", "p_addressed"}]]
    found = []
    for combination in itertools.product(*options.values()):
        specification = dict(zip(options, combination, strict=True))
        if specification["addressed"] != OWN and specification["model"] not in told:
            continue  # of a model that was not taught to say, every threshold counts the same
        rows = _specified(table, nets, specification, by)
        default = all(values[0] == value for values, value in zip(options.values(), combination, strict=True))
        for target, a, b in pairs:
            pair = {"target": target, "a": a, "b": b}
            mine = rows[rows["target"] == target]
            lines = _estimates(mine, a, b, by, correct)
            found += [pair | specification | line | {"default": default} for line in lines]
    return pd.DataFrame(found, columns=list(names.MULTIVERSE))


def multiverse_summary(found: pd.DataFrame) -> pd.DataFrame:
    """How far each contrast survives.

    Parameters
    ----------
    found
        From :func:`multiverse`.

    Returns
    -------
    pandas.DataFrame
        One row per target, pair and estimator: ``specifications``, how many of them are ``empty``, the ``default``
        estimate, the ``median``, ``lowest`` and ``highest``, ``same_sign`` (the share of those with an estimate that
        have the sign of the median), and ``leaves_zero`` (of those with an interval, the share whose interval
        leaves zero; empty where none has one).

    Examples
    --------
    >>> rows = pd.DataFrame({"target": "t", "a": "x", "b": "y", "estimator": "naive", "default": [True, False, False],
    ...                      "estimate": [.4, .2, -.1], "low": np.nan, "high": np.nan})
    >>> multiverse_summary(rows)[["median", "same_sign"]].round(2).values.tolist()
    [[0.2, 0.67]]
    """
    lines = []
    for key, rows in found.groupby(["target", "a", "b", "estimator"], sort=False):
        values = rows["estimate"].dropna()
        sure = rows.dropna(subset=["low", "high"])
        apart = (sure["low"] > 0) | (sure["high"] < 0)
        median = values.median()
        lines.append(
            dict(zip(("target", "a", "b", "estimator"), key, strict=True))
            | {
                "specifications": len(rows),
                "empty": len(rows) - len(values),
                "default": rows.loc[rows["default"].astype(bool), "estimate"].mean(),
                "median": median,
                "lowest": values.min(),
                "highest": values.max(),
                "same_sign": float((np.sign(values) == np.sign(median)).mean()) if len(values) else np.nan,
                "leaves_zero": float(apart.mean()) if len(sure) else np.nan,
            }
        )
    return pd.DataFrame(lines)


def _check(table: pd.DataFrame, by: str) -> None:
    if missing := [c for c in (*_NEEDED, by) if c not in table]:
        raise StanceError(f"The table of multiverse has no column {missing[0]!r}. Give a stance table of to_frame.")
    if table.loc[table["net"].notna(), by].nunique() < 2:
        raise StanceError(f"A contrast needs two values of {by!r} with scores. The table has fewer.")


def _options(table: pd.DataFrame, wordings: pd.DataFrame | None, chosen: Choices) -> dict[str, list[Any]]:
    """What each choice may be, the default first."""
    asked = [] if wordings is None else list(dict.fromkeys(wordings["wording"]))
    return {
        "model": list(dict.fromkeys(table["model"])),
        "wording": [MEAN, *(asked if len(asked) > 1 and chosen.wordings else [])],
        "addressed": [OWN, *(chosen.addressed if _told(table) else [])],
        "confidence": list(chosen.confidence) if "confidence" in table else [0.0],
        "unit": list(chosen.unit),
        "copies": list(chosen.copies) if "cluster" in table else ["all"],
        "roles": list(chosen.roles),
    }


def _told(table: pd.DataFrame) -> set[str]:
    """The models that say whether a statement takes the target up."""
    return set(table.loc[table["p_addressed"].notna(), "model"]) if "p_addressed" in table else set()


def _nets(table: pd.DataFrame, wordings: pd.DataFrame | None) -> Mapping[str, pd.Series]:
    """The net of every row by wording, also of those that do not take the target up."""
    nets = {MEAN: table["net"].fillna(table["p_favor"] - table["p_against"])}
    if wordings is not None:
        keys = ["segment", "target", "model"]
        places = pd.MultiIndex.from_frame(table[keys])
        for wording, rows in wordings.groupby("wording", sort=False):
            nets[str(wording)] = pd.Series(
                rows.drop_duplicates(keys).set_index(keys)["net"].reindex(places).to_numpy(), table.index
            )
    return nets


def _specified(table: pd.DataFrame, nets: Mapping[str, pd.Series], chosen: Mapping[str, Any], by: str) -> pd.DataFrame:
    """The rows that a specification counts, with their net."""
    kept = (table["model"] == chosen["model"]) & table[by].notna()
    if chosen["addressed"] == OWN:
        kept &= table["net"].notna()
    else:
        kept &= table["p_favor"].notna() & ~(table["p_addressed"] < chosen["addressed"])
    if chosen["confidence"]:
        kept &= table["confidence"] >= chosen["confidence"]
    if chosen["roles"] != "both":
        kept &= table["role"] == chosen["roles"]
    rows = table[kept].assign(net=nets[chosen["wording"]][kept])
    sampled = sampled_column(rows)
    if chosen["copies"] == "first":
        first = rows.groupby("cluster")["document"].transform("min")
        rows = rows[rows["document"] == first]
    within = {"statement": None, "sentence": ["document", "sentence"], "document": ["document"]}[chosen["unit"]]
    if within:
        keys = list(dict.fromkeys([*within, sampled, "target", by]))
        rows = rows.groupby(keys, sort=False, as_index=False, dropna=False).agg(
            net=("net", "mean"), segment=("segment", "first")
        )
    return rows.assign(cluster=rows[sampled].astype(str))


def _pairs(table: pd.DataFrame, by: str) -> Iterator[tuple[str, Any, Any]]:
    """Every two groups that have scores toward one target."""
    scored = table.dropna(subset=[by, "net"])
    for target, rows in scored.groupby("target"):
        for a, b in itertools.combinations(sorted(set(rows[by])), 2):
            yield str(target), a, b


def _estimates(rows: pd.DataFrame, a: Any, b: Any, by: str, correct: Correct | None) -> Iterator[dict[str, Any]]:
    """The difference of two groups, as the model reads them and as corrected by labels."""
    one, other = (rows[rows[by] == name].dropna(subset=["net"]) for name in (a, b))
    counts = {"n_a": len(one), "n_b": len(other)}
    counts["documents"] = pd.concat([one["document"], other["document"]]).nunique()
    naive = {"estimator": "naive", "estimate": np.nan, "low": np.nan, "high": np.nan}
    if len(one) and len(other):
        naive["estimate"] = round(float(one["net"].mean() - other["net"].mean()), 6)
        if min(one["cluster"].nunique(), other["cluster"].nunique()) >= LEAST:
            both = pd.concat([one, other])
            in_a = np.arange(len(both)) < len(one)
            naive["low"], naive["high"] = difference_interval(
                both["net"].to_numpy(float), in_a, both["cluster"].to_numpy()
            )
    yield counts | naive
    if correct and (found := correct(rows, a, b)):
        yield counts | dict(zip(("estimator", "estimate", "low", "high"), ("DSL", *found), strict=True))


def curve(found: pd.DataFrame, target: str, a: Any, b: Any) -> pd.DataFrame:
    """The specifications of one contrast that have an estimate, the lowest first.

    Examples
    --------
    >>> rows = pd.DataFrame({"target": "t", "a": "x", "b": "y", "estimate": [.2, np.nan, -.1]})
    >>> curve(rows, "t", "x", "y")["estimate"].tolist()
    [-0.1, 0.2]
    """
    mine = found[(found["target"] == target) & (found["a"] == a) & (found["b"] == b)]
    return mine.dropna(subset=["estimate"]).sort_values("estimate", kind="stable", ignore_index=True)


def varied(found: pd.DataFrame) -> list[str]:
    """The choices that have several options here.

    Examples
    --------
    >>> varied(pd.DataFrame({"unit": ["statement", "document"], "model": ["m", "m"]}))
    ['unit']
    """
    return [c for c in CHOICES if c in found and len(set(found[c])) > 1]
