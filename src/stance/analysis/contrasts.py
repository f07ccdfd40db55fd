"""Differences between actors: described always, inferred where there are documents enough."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from stance import columns as names
from stance.analysis.groups import columns_by, labelled, rows_by_group
from stance.analysis.intervals import (
    INSUFFICIENT,
    LEAST,
    NO_SPREAD,
    adjusted,
    difference_interval,
    mean_interval,
    permutation_p,
)
from stance.analysis.tables import taking_up
from stance.numbers import counted
from stance.schema import NARRATOR, StanceError

ONE_TEXT = "insufficient data: this describes one text"


def summarize(table: pd.DataFrame, by: str | Sequence[str] = "actor") -> pd.DataFrame:
    """Mean net score of each group, speaking and spoken about kept apart.

    Parameters
    ----------
    table
        A score table of one measure, from :func:`stance.to_frame`. Rows without
        the group are passed over. A column ``cluster`` (copies of one text, say)
        takes the place of documents as what is sampled.
    by
        The columns that make a group, one or several: ``"actor"``, ``"voice"``, ``["actor", "outlet"]``.

    Returns
    -------
    pandas.DataFrame
        One row per role, target and group, in the order of first appearance:
        ``n`` scored segments in ``documents``, ``addressed``, the share of its
        statements that take the target up and so count, their ``mean`` net in [-1, 1], and
        two ranges that are never added up. ``wordings_low`` to ``wordings_high``
        are the means of the segments' lowest and highest wordings: no interval
        of confidence. ``low`` to ``high`` is a 95 % interval over documents,
        cluster-robust, which knows nothing of the model's errors; below 20 documents it is
        empty, and ``note`` says why. ``n_unscored`` counts segments without net.

        There is no column ``target`` where the table has none, or where it is
        what is compared: in a sentiment table, by actor or entity.

    Raises
    ------
    StanceError
        If a column is missing or has a value of its own in every row, or a cluster is named for only some of the rows.

    Examples
    --------
    >>> table = pd.DataFrame({"document": "d", "role": "source", "actor": ["a", "a", "b"], "net": [.5, .1, -.4],
    ...                       "net_min": [.4, .0, -.5], "net_max": [.6, .2, -.3]})
    >>> summarize(table)[["actor", "n", "mean", "note"]].round(2).values.tolist()[0]
    ['a', 2, 0.3, 'insufficient data: this describes one text']
    """
    rows, within = rows_by_group(table, by, "summarize", _SCORED)
    keys = [*within, *columns_by(by)]
    found = []
    for key, group in rows.groupby(keys, sort=False):
        scored = group.dropna(subset=["net"])
        share = taking_up(group)
        if len(scored) or share == 0:
            counts = {"n": len(scored), "addressed": share}
            counts |= {"documents": scored["document"].nunique(), "mean": scored["net"].mean()}
            wordings = {"wordings_low": scored["net_min"].mean(), "wordings_high": scored["net_max"].mean()}
            unscored = {"n_unscored": len(group) - len(scored)}
            found.append(dict(zip(keys, key, strict=True)) | counts | wordings | _spread(scored) | unscored)
    columns = list(names.SUMMARY)
    summary = pd.DataFrame(found, columns=[*keys, *columns])
    return summary.sort_values("role", ascending=False, kind="stable", ignore_index=True)


def contrast(table: pd.DataFrame, by: str | Sequence[str] = "actor", seed: int = 0) -> pd.DataFrame:
    """Differences of mean net score between every two groups of the same role and target.

    One text is described: counts, means, difference, and the widest range the
    wordings allow. Where both groups have 20 documents (or clusters), there is
    inference, too. The interval is that of a regression on both groups,
    cluster-robust by document, with Student's t on min(G_a, G_b) − 1 degrees of
    freedom; see ``benchmarks/coverage.py`` for how often it holds the truth. The
    p-value exchanges actors where they vary: within a document that holds both,
    else as whole documents. Neither knows of the model's errors.

    Parameters
    ----------
    table, by
        As for :func:`summarize`. The order of rows does not matter. Of several columns, groups that differ in one of
        them are compared: two actors in one outlet, one actor in two outlets.
    seed
        Fixes the permutations.

    Returns
    -------
    pandas.DataFrame
        One row per role, target and pair, ``a`` before ``b`` in the alphabet:
        ``n_a``, ``n_b``, ``addressed_a``, ``addressed_b``, ``documents_a``, ``documents_b``, ``mean_a``, ``mean_b``,
        ``difference`` (a − b, in [-2, 2]), ``wordings_low`` to ``wordings_high``,
        ``low`` to ``high`` (95 %), ``p``, ``q`` and ``note``, which says why there
        is no interval; the largest differences first. ``q`` is p
        adjusted for false discoveries (Benjamini and Hochberg) among all
        pairs of one target in this table, so give it one measure and one corpus.
        ``target`` as in :func:`summarize`.

    Raises
    ------
    StanceError
        As :func:`summarize`; and if there are more than 2,000 pairs.

    Warns
    -----
    UserWarning
        If there is no pair, with what there is in its place.

    Examples
    --------
    >>> table = pd.DataFrame({"document": "d", "role": "source", "actor": ["a", "a", "b"], "net": [.5, .1, -.4],
    ...                       "net_min": [.4, .0, -.5], "net_max": [.6, .2, -.3]})
    >>> contrast(table)[["a", "b", "difference"]].round(2).values.tolist()
    [['a', 'b', 0.7]]
    """
    rows, within = rows_by_group(table, by, "contrast", _SCORED)
    rows["group"] = labelled(rows, by)
    values = dict(zip(rows["group"], rows[columns_by(by)].itertuples(index=False), strict=True))
    shares = {key: taking_up(group) for key, group in rows.groupby([*within, "group"])}
    scored = rows.dropna(subset=["net"])
    scored = scored.sort_values(["cluster", *_SCORED])  # so that sums come out alike
    found = []
    for key, block in scored.groupby(within):
        groups = dict(iter(block.groupby("group")))
        for a, b in _pairs(sorted(groups), values):
            sides = {"a": a, "b": b, "addressed_a": shares[(*key, a)], "addressed_b": shares[(*key, b)]}
            found.append(dict(zip(within, key, strict=True)) | sides | _compared(groups[a], groups[b], seed))
    if not found:
        warnings.warn(_nothing_to_compare(rows, scored, within), stacklevel=2)
    pairs = pd.DataFrame(found, columns=[*within, *_PAIR])
    family = within[1:]  # one target; roles count together
    pairs["q"] = pairs.groupby(family)["p"].transform(adjusted) if family else adjusted(pairs["p"].to_numpy())
    order = [("role", False), *((column, True) for column in family), ("size", False), ("a", True), ("b", True)]
    sized = pairs.assign(size=pairs["difference"].abs())
    names, ascending = map(list, zip(*order, strict=True))
    return sized.sort_values(names, ascending=ascending, ignore_index=True).drop(columns="size")


def _nothing_to_compare(rows: pd.DataFrame, scored: pd.DataFrame, within: Sequence[str]) -> str:
    """Why no two groups are compared, and what would help."""
    if rows.empty:
        return "Nothing to compare: no row of the table names a group. Does the codebook have the names of the texts?"
    if scored.empty:
        reasons = rows["reason"].dropna() if "reason" in rows else pd.Series(dtype=object)
        why = f", most of them since: {reasons.mode()[0]}" if len(reasons) else ""
        return f"Nothing to compare: none of {counted(len(rows), 'row')} has a net score{why}."
    found = [
        f"{group} ({', '.join(map(str, key))}: {counted(len(part), 'row')})"
        for (*key, group), part in list(scored.groupby([*within, "group"]))[:_NAMED]
    ]
    return (
        f"Nothing to compare: it takes two groups of one {' and '.join(within)}, and with a net score there are only "
        f"{'; '.join(found)}. The column reason says why other rows have none."
    )


_NAMED = 6
"""Groups that the message names: where none of them can be paired there are hardly more, and a line stays a line."""


def _pairs(groups: Sequence[Any], values: Mapping[Any, Sequence[Any]]) -> list[tuple[Any, Any]]:
    """Every two groups that differ in one column only."""
    pairs = [
        (a, b)
        for a, b in itertools.combinations(groups, 2)
        if sum(x != y for x, y in zip(values[a], values[b], strict=True)) == 1
    ]
    if len(pairs) > _MOST_PAIRS:
        raise StanceError(
            f"{len(groups):,} groups make {len(pairs):,} pairs to compare, more than {_MOST_PAIRS:,}. Take a column "
            "with fewer values, or some of the rows."
        )
    return pairs


_MOST_PAIRS = 2000
"""Of 60 groups, each tested by thousands of permutations: minutes. More is no table that anybody reads."""
_PAIR = tuple(names.CONTRAST)
_SCORED = ("net", "net_min", "net_max")


def _spread(scored: pd.DataFrame) -> dict[str, Any]:
    """The interval of a mean over documents, or why there is none."""
    clusters = scored["cluster"].to_numpy()
    if not len(clusters):
        return {"low": np.nan, "high": np.nan, "note": "no statement takes the target up"}
    if note := _too_few(clusters):
        return {"low": np.nan, "high": np.nan, "note": note}
    low, high = mean_interval(scored["net"].to_numpy(float), clusters)
    return {"low": low, "high": high, "note": NO_SPREAD if np.isnan(low) else ""}


def _compared(a: pd.DataFrame, b: pd.DataFrame, seed: int) -> dict[str, Any]:
    """Two groups of one role and target side by side."""
    difference = a["net"].mean() - b["net"].mean()
    described = {
        "n_a": len(a), "n_b": len(b),
        "documents_a": a["document"].nunique(), "documents_b": b["document"].nunique(),
        "mean_a": a["net"].mean(), "mean_b": b["net"].mean(), "difference": difference,
        "wordings_low": a["net_min"].mean() - b["net_max"].mean(),
        "wordings_high": a["net_max"].mean() - b["net_min"].mean(),
    }  # fmt: skip
    if note := _too_few(a["cluster"].to_numpy(), b["cluster"].to_numpy()):
        return described | {"low": np.nan, "high": np.nan, "p": np.nan, "note": note}
    values = np.concatenate([a["net"], b["net"]]).astype(float)
    clusters = np.concatenate([a["cluster"], b["cluster"]])
    in_a = np.arange(len(values)) < len(a)
    low, high = difference_interval(values, in_a, clusters)
    p = permutation_p(values, in_a, clusters, seed)
    return described | {"low": low, "high": high, "p": p, "note": NO_SPREAD if np.isnan(low) else ""}


def _too_few(*groups: np.ndarray) -> str:
    """Why nothing is inferred from the clusters of these groups; empty where there are enough."""
    counts = [len(set(clusters)) for clusters in groups]
    if min(counts) >= LEAST:
        return ""
    if len(set().union(*groups)) == 1:
        return ONE_TEXT
    return f"{INSUFFICIENT}: {' and '.join(map(str, counts))} of {LEAST} texts"


def sentiment_matrix(table: pd.DataFrame) -> pd.DataFrame:
    """Mean net sentiment of each holder toward each target, with the number of segments.

    Parameters
    ----------
    table
        A sentiment table from :func:`stance.to_frame`.

    Returns
    -------
    pandas.DataFrame
        One row per ``holder`` (the voice) and ``target``: ``n`` and ``mean``.

    Examples
    --------
    >>> table = pd.DataFrame({"voice": ["narrator", "narrator"], "target": ["a", "a"], "net": [.2, .4]})
    >>> sentiment_matrix(table).round(2).values.tolist()
    [['narrator', 'a', 2, 0.3]]
    """
    groups = table.dropna(subset=["voice", "net"]).groupby(["voice", "target"], sort=False)["net"]
    return groups.agg(n="count", mean="mean").reset_index().rename(columns={"voice": "holder"})


def count_roles(segments: pd.DataFrame) -> pd.DataFrame:
    """How often each actor speaks, is spoken about by the narrator, and by others.

    Returns
    -------
    pandas.DataFrame
        Columns ``actor``, ``speaks``, ``by_narrator``, ``by_others``, ``by_itself``.

    Examples
    --------
    >>> table = pd.DataFrame({"actor": ["a", "a"], "role": ["source", "mention"], "voice": ["a", "narrator"]})
    >>> count_roles(table).values.tolist()
    [['a', 1, 1, 0, 0]]
    """
    known = segments.dropna(subset=["actor"])
    if "status" in known:  # what is only asked of somebody, or denied, is not said
        known = known[known["status"].fillna("stated") == "stated"]
    mention = known["role"] == "mention"
    narrator, own = known["voice"] == NARRATOR, known["voice"] == known["actor"]
    flags = pd.DataFrame(
        {
            "actor": known["actor"],
            "speaks": ~mention,
            "by_narrator": mention & narrator,
            "by_others": mention & ~narrator & ~own,
            "by_itself": mention & own,
        }
    )
    return flags.groupby("actor", sort=False).sum().astype(int).reset_index()
