"""Differences between actors, described. One article carries no interval and no p-value."""

from __future__ import annotations

import itertools

import pandas as pd

from stance.schema import NARRATOR

BY = ("actor", "entity", "voice")


def summarize(table: pd.DataFrame, by: str = "actor") -> pd.DataFrame:
    """Mean net score of each group, speaking and spoken about kept apart.

    Parameters
    ----------
    table
        A score table from :func:`stance.to_frame`.
    by
        ``"actor"``, ``"entity"`` or ``"voice"``.

    Returns
    -------
    pandas.DataFrame
        One row per role and group, in the order of first appearance: ``n``
        scored segments, ``mean`` net in [-1, 1], its range over wordings
        ``low`` to ``high`` (the means of the segments' lowest and highest
        wordings), and ``n_unscored``. Not an interval of confidence.

    Raises
    ------
    ValueError
        If ``by`` is none of these.

    Examples
    --------
    >>> table = pd.DataFrame({"role": "source", "actor": ["a", "a", "b"], "net": [.5, .1, -.4],
    ...                       "net_min": [.4, .0, -.5], "net_max": [.6, .2, -.3]})
    >>> summarize(table)[["actor", "n", "mean"]].round(2).values.tolist()
    [['a', 2, 0.3], ['b', 1, -0.4]]
    """
    _check(by, "summarize")
    groups = table.dropna(subset=[by]).groupby(["role", by], sort=False)
    summary = groups.agg(
        n=("net", "count"),
        mean=("net", "mean"),
        low=("net_min", "mean"),
        high=("net_max", "mean"),
        rows=("role", "size"),
    ).reset_index()
    summary["n_unscored"] = summary.pop("rows") - summary["n"]
    return summary[summary["n"] > 0].sort_values("role", ascending=False, kind="stable", ignore_index=True)


def contrast(table: pd.DataFrame, by: str = "actor") -> pd.DataFrame:
    """Differences of mean net score between every two groups of the same role.

    Parameters
    ----------
    table
        A score table from :func:`stance.to_frame`.
    by
        ``"actor"``, ``"entity"`` or ``"voice"``.

    Returns
    -------
    pandas.DataFrame
        One row per role and pair: ``a``, ``b``, ``n_a``, ``n_b``, ``mean_a``,
        ``mean_b``, ``difference`` (a − b, in [-2, 2]), and ``low`` to ``high``,
        the widest range the wordings allow; the largest differences first.

    Examples
    --------
    >>> table = pd.DataFrame({"role": "source", "actor": ["a", "a", "b"], "net": [.5, .1, -.4],
    ...                       "net_min": [.4, .0, -.5], "net_max": [.6, .2, -.3]})
    >>> contrast(table)[["a", "b", "difference"]].round(2).values.tolist()
    [['a', 'b', 0.7]]
    """
    _check(by, "contrast")
    summary = summarize(table, by)
    rows = []
    for role, group in summary.groupby("role", sort=False):
        for a, b in itertools.combinations(group.to_dict("records"), 2):
            rows.append(
                {
                    "role": role,
                    "a": a[by],
                    "b": b[by],
                    "n_a": a["n"],
                    "n_b": b["n"],
                    "mean_a": a["mean"],
                    "mean_b": b["mean"],
                    "difference": a["mean"] - b["mean"],
                    "low": a["low"] - b["high"],
                    "high": a["high"] - b["low"],
                }
            )
    columns = ["role", "a", "b", "n_a", "n_b", "mean_a", "mean_b", "difference", "low", "high"]
    frame = pd.DataFrame(rows, columns=columns)
    order = frame["difference"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].sort_values("role", ascending=False, kind="stable", ignore_index=True)


def matrix(table: pd.DataFrame) -> pd.DataFrame:
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
    >>> matrix(table).round(2).values.tolist()
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


def framing_table(table: pd.DataFrame, segments: pd.DataFrame, actors: list[str], per_actor: int = 6) -> pd.DataFrame:
    """The statements of some actors with their scores: the evidence of a contrast.

    Parameters
    ----------
    table
        A stance table from :func:`stance.to_frame`.
    segments
        The same segments from :func:`stance.segments_frame`, for their cues.
    actors
        Whose statements, in this order.
    per_actor
        At most so many each: those farthest from zero.

    Returns
    -------
    pandas.DataFrame
        ``document, actor, entity, cue, text, label, net, net_min, net_max``, the actor's
        ``n_statements`` and ``mean``; by actor, the most favorable first.

    Examples
    --------
    >>> segments = pd.DataFrame({"segment": ["1", "2"], "cue_text": "said"})
    >>> table = pd.DataFrame({"document": "d", "segment": ["1", "2"], "role": "source", "actor": "a", "entity": "A",
    ...                       "text": ["no", "yes"], "label": ["against", "favor"], "net": [-.5, .5],
    ...                       "net_min": [-.6, .4], "net_max": [-.4, .6]})
    >>> framing_table(table, segments, ["a"])["text"].tolist()
    ['yes', 'no']
    """
    scored = table[(table["role"] == "source") & table["net"].notna()]
    scored = scored.assign(cue=scored["segment"].map(segments.set_index("segment")["cue_text"]))
    chosen = []
    for actor in actors:
        mine = scored[scored["actor"] == actor]
        top = mine.loc[mine["net"].abs().sort_values(ascending=False, kind="stable").index[:per_actor]]
        chosen.append(
            top.sort_values("net", ascending=False, kind="stable").assign(
                n_statements=len(mine), mean=mine["net"].mean()
            )
        )
    columns = [
        "document",
        "actor",
        "entity",
        "cue",
        "text",
        "label",
        "net",
        "net_min",
        "net_max",
        "n_statements",
        "mean",
    ]
    return pd.concat(chosen, ignore_index=True)[columns] if chosen else pd.DataFrame(columns=columns)


def _check(by: str, function: str) -> None:
    if by not in BY:
        raise ValueError(f"The 'by' parameter of {function} must be 'actor', 'entity' or 'voice'. Got {by!r}.")
