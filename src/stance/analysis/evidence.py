"""The statements behind means and differences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from stance import columns as names
from stance.analysis.groups import labelled, rows_by_group
from stance.analysis.tables import not_taken_up
from stance.numbers import counted, signed


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
        At most so many each: those farthest from zero, then those that do not take
        the target up.

    Returns
    -------
    pandas.DataFrame
        ``document, actor, entity, cue, text, label, net, net_min, net_max, reading,
        p_addressed, reason``, the actor's ``n_statements`` and ``mean``; by actor, the most
        favorable first. A statement that does not take the target up has no net, and
        counts in neither: ``reading`` is what its net would be.

    Examples
    --------
    >>> segments = pd.DataFrame({"segment": ["1", "2"], "cue_text": "said"})
    >>> table = pd.DataFrame({"document": "d", "segment": ["1", "2"], "role": "source", "actor": "a", "entity": "A",
    ...                       "text": ["no", "yes"], "label": ["against", "favor"], "net": [-.5, .5],
    ...                       "net_min": [-.6, .4], "net_max": [-.4, .6]})
    >>> framing_table(table, segments, ["a"])["text"].tolist()
    ['yes', 'no']
    """
    said = table[table["role"] == "source"]
    said = said.assign(cue=said["segment"].map(segments.set_index("segment")["cue_text"]), reading=said["net"])
    chosen = []
    for actor in actors:
        mine = said[said["actor"] == actor]
        scored, beside = mine[mine["net"].notna()], not_taken_up(mine)
        top = scored.loc[scored["net"].abs().sort_values(ascending=False, kind="stable").index[:per_actor]]
        top = top.sort_values("net", ascending=False, kind="stable")
        if len(beside):
            beside = beside.sort_values("p_addressed", ascending=False, kind="stable").head(per_actor - len(top))
            top = pd.concat([top, beside]) if len(top) else beside
        chosen.append(top.assign(n_statements=len(scored), mean=scored["net"].mean()))
    columns = list(names.FRAMING)
    return pd.concat(chosen, ignore_index=True).reindex(columns=columns) if chosen else pd.DataFrame(columns=columns)


def strongest(table: pd.DataFrame, contrasts: pd.DataFrame, by: str | Sequence[str] = "actor") -> pd.DataFrame:
    """For each side of each difference: the statement that carries it, and the one that pulls hardest against it.

    Where a − b is above zero, a's highest and b's lowest statement carry it, and
    a's lowest and b's highest pull against it; below zero the other way round.

    Parameters
    ----------
    table
        A score table of one measure, from :func:`stance.to_frame`.
    contrasts
        Rows of :func:`stance.contrast` of that table, by the same groups.
    by
        What :func:`stance.contrast` was given.

    Returns
    -------
    pandas.DataFrame
        Two rows per difference: ``role``, ``target`` (as in :func:`stance.contrast`),
        ``a``, ``b``, ``difference``; ``side``, which of the two, and its ``mean``; what
        carries it: ``document``, ``segment``, ``entity``, ``text``, ``net``; the same with
        ``counter_`` in front; ``mean_without`` and ``difference_without`` the counter-example.
        No counter-example where all statements of the side score the same.

    Raises
    ------
    StanceError
        As :func:`stance.summarize`.

    Examples
    --------
    >>> from stance import contrast
    >>> table = pd.DataFrame({"document": "d", "segment": list("1234"), "role": "source", "actor": list("aaab"),
    ...                       "entity": "E", "text": ["yes", "surely", "no", "never"], "net": [.8, .9, -.2, -.6]})
    >>> table = table.assign(net_min=table["net"], net_max=table["net"])
    >>> found = strongest(table, contrast(table))
    >>> found[["side", "text", "counter_text", "difference", "difference_without"]].round(2).values.tolist()
    [['a', 'surely', 'no', 1.1, 1.45], ['b', 'never', nan, 1.1, nan]]
    """
    rows, within = rows_by_group(table, by, "strongest", (*_STATEMENT, "net"))
    rows["group"] = labelled(rows, by)
    groups = dict(iter(rows.dropna(subset=["net"]).groupby([*within, "group"])))
    found = []
    for pair in contrasts.to_dict("records"):
        key = tuple(pair[column] for column in within)
        sign = 1 if pair["difference"] >= 0 else -1
        shared = {column: pair[column] for column in (*within, "a", "b", "difference")}
        for side, up in (("a", sign), ("b", -sign)):
            described = _side(groups[(*key, pair[side])], up)
            lost = described["mean_without"] - described["mean"]
            without = pair["difference"] + (lost if side == "a" else -lost)
            found.append(shared | {"side": pair[side]} | described | {"difference_without": without})
    columns = [*within, "a", "b", "difference", "side", "mean", *_STATEMENT, "net"]
    columns += [*(f"counter_{column}" for column in (*_STATEMENT, "net")), "mean_without", "difference_without"]
    return pd.DataFrame(found, columns=columns)


_STATEMENT = ("document", "segment", "entity", "text")


def _side(group: pd.DataFrame, up: int) -> dict[str, Any]:
    """What carries one side, if it stands higher (1) or lower (−1), and what pulls against it."""
    group = group.reset_index(drop=True)
    nets = up * group["net"].astype(float)
    carries, against = int(nets.idxmax()), int(nets.idxmin())
    found = {"mean": group["net"].mean(), **group.loc[carries, [*_STATEMENT, "net"]].to_dict()}
    if not nets[against] < nets[carries]:
        return found | {f"counter_{column}": np.nan for column in (*_STATEMENT, "net")} | {"mean_without": np.nan}
    counter = {f"counter_{column}": group.loc[against, column] for column in (*_STATEMENT, "net")}
    return found | counter | {"mean_without": group["net"].drop(against).mean()}


def robust_contrasts(contrasts: pd.DataFrame) -> pd.DataFrame:
    """Differences whose sign does not hang on the wording of the question, nor on one statement alone.

    Both sides make two statements or more, and every wording gives the
    difference the same sign. That is a description: it says nothing about other texts.

    Parameters
    ----------
    contrasts
        From :func:`stance.contrast`.

    Examples
    --------
    >>> contrasts = pd.DataFrame({"n_a": [4, 4], "n_b": [2, 1], "wordings_low": .1, "wordings_high": .5})
    >>> len(robust_contrasts(contrasts))
    1
    """
    several = contrasts[["n_a", "n_b"]].min(axis=1) >= 2
    return contrasts[several & (contrasts["wordings_low"] * contrasts["wordings_high"] > 0)]


def describe(
    table: pd.DataFrame, contrasts: pd.DataFrame, names: Mapping[str, str], target: str = "the target", most: int = 2
) -> str:
    """The largest clear differences between actors who speak, and the strongest counter-example, in a paragraph.

    Statements that do not take the target up are counted and left out.

    Parameters
    ----------
    table
        A stance table from :func:`stance.to_frame`.
    contrasts
        From :func:`stance.contrast` of that table, by actor.
    names
        ``codebook.names``.
    target
        What the stance is toward.
    most
        At most so many differences.

    Examples
    --------
    >>> from stance import contrast
    >>> table = pd.DataFrame({"document": "d", "segment": list("1234"), "role": "source", "actor": list("aabb"),
    ...                       "entity": "E", "text": ["yes", "perhaps", "no", "never"], "net": [.8, .2, -.4, -.6]})
    >>> table = table.assign(net_min=table["net"], net_max=table["net"], model="m")
    >>> import textwrap
    >>> print(textwrap.fill(describe(table, contrast(table), {"a": "Ann", "b": "Bob"}, "it"), 104))
    Of 4 segments of one text, 4 could be scored for stance toward it (m). Ann (n = 2, mean net +0.50) and
    Bob (n = 2, mean net −0.50) are 1.00 apart, 1.00 to 1.00 over the wordings (insufficient data: this
    describes one text). Without the strongest counter-example, Ann and Bob would be 1.30 apart instead of
    1.00; it is by E (+0.20) and reads: perhaps. All of this describes how the text reports the actors, as a
    model reads it, and nothing beyond the text.
    """
    scored, texts = table[table["net"].notna()], table["document"].nunique()
    beside = len(not_taken_up(table))
    left_out = f" {counted(beside, 'further statement')} that {'does' if beside == 1 else 'do'} not take it up"
    models = ", ".join(dict.fromkeys(scored["model"])) or "no model"
    one = texts <= 1
    parts = [
        f"Of {len(table)} segments of {'one text' if one else f'{texts} texts'}, {len(scored)} could be scored for "
        f"stance toward {target} ({models})."
        + (f"{left_out} {'is' if beside == 1 else 'are'} left out." if beside else "")
    ]
    chosen = robust_contrasts(contrasts[contrasts["role"] == "source"]).head(most)
    parts += [_apart(row, names) for row in chosen.to_dict("records")]
    if chosen.empty:
        parts.append("No difference between actors who speak is clear.")
    counters = strongest(table, chosen).dropna(subset=["difference_without"])
    if len(counters):
        c = counters.loc[(counters["difference_without"] - counters["difference"]).abs().idxmax()]
        who, net = c["counter_entity"], signed(c["counter_net"])
        a, b = (names.get(c[s], c[s]) for s in "ab")
        parts.append(
            f"Without the strongest counter-example, {a} and {b} would be {abs(c['difference_without']):.2f} apart "
            f"instead of {abs(c['difference']):.2f}; it is by {who} ({net}) and reads: {_open(c['counter_text'])}."
        )
    whose = "the text reports" if one else "these texts report"
    beyond = "the text" if one else "them"
    parts.append(f"All of this describes how {whose} the actors, as a model reads it, and nothing beyond {beyond}.")
    return " ".join(parts)


def _open(text: str) -> str:
    """A text without its end mark, also before a closing quotation mark, to be ended by the sentence it stands in."""
    return re.sub(r"[.,;:\s]+(?=[\"'”’»]?$)", "", text)


def _apart(pair: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    """One difference as a sentence, with its interval, or why it has none."""
    low, high = sorted(abs(pair[end]) for end in ("wordings_low", "wordings_high"))
    if np.isnan(pair["low"]):
        inferred = pair["note"]
    else:
        q = f"q = {pair['q']:.3f}" if pair["q"] >= 0.0005 else "q < 0.001"
        inferred = f"95 % interval of the difference {signed(pair['low'])} to {signed(pair['high'])}, {q}"
    sides = ((names.get(pair[s], pair[s]), pair[f"n_{s}"], pair[f"mean_{s}"]) for s in "ab")
    a, b = (f"{name} (n = {n}, mean net {signed(mean)})" for name, n, mean in sides)
    apart = f"{abs(pair['difference']):.2f} apart, {low:.2f} to {high:.2f} over the wordings"
    return f"{a} and {b} are {apart} ({inferred})."
