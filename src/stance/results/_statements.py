"""Segments with their scores beside them, and what they come to for each actor: the matter of a report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from stance.analysis.contrasts import summarize
from stance.schema import Segment

PRESENT = 0.5
"""From which probability on a frame is named."""
NOTABLE = 0.1
"""How far from zero a statement must be to stand for its actor."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One net score with its range over wordings; without one, ``reason`` says why."""

    net: float | None
    low: float | None
    high: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A segment and what was read in it; what nobody asked about is missing, or None.

    ``stances`` are by target; ``frames`` are those likely present, the likeliest
    first; ``framed`` is whether frames were asked about at all.
    """

    segment: Segment
    stances: Mapping[str, Reading]
    sentiment: Reading | None
    frames: tuple[tuple[str, float], ...] = ()
    framed: bool = False

    @property
    def measures(self) -> list[str]:
        """The measures that have a score here."""
        asked = {"stance": [*self.stances.values()], "sentiment": [self.sentiment] if self.sentiment else []}
        return [m for m, read in asked.items() if any(r.net is not None for r in read)] + ["frames"] * self.framed


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean net score of ``n`` segments; without an interval over documents, ``note`` says why."""

    n: int
    mean: float
    wordings: tuple[float, float] | None
    interval: tuple[float, float] | None
    note: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """One actor in one role: how often, how it stands on the mean, and the strongest statement each way."""

    actor: str
    role: Literal["source", "mention"]
    n_segments: int
    stance: Mean | None
    sentiment: Mean | None
    favor: Statement | None
    against: Statement | None


def statements(segments: Iterable[Segment], scores: Mapping[str, pd.DataFrame]) -> list[Statement]:
    """Every segment with its scores.

    Parameters
    ----------
    segments
        In the order they are to be shown.
    scores
        Score tables by measure: stance, sentiment, and frames if there are any.

    Examples
    --------
    >>> from stance import Document, read_codebook, segment
    >>> found = segment([Document("d", "Putin said no.")], read_codebook())
    >>> scores = pd.DataFrame({"segment": ["d:a1"], "label": ["against"], "net": [-0.6], "net_min": [-0.7],
    ...                        "net_max": [-0.5], "reason": [None]})
    >>> [(s.segment.text, s.stances["talks"].net) for s in statements(found, {"stance": scores.assign(target="talks")})]
    [('no', -0.6)]
    """
    stances: dict[str, dict[str, Reading]] = {}
    for row in scores["stance"].to_dict("records") if "stance" in scores else ():
        stances.setdefault(str(row["segment"]), {})[row["target"] or ""] = _reading(row)
    felt = (
        {str(row["segment"]): _reading(row) for row in scores["sentiment"].to_dict("records")}
        if "sentiment" in scores
        else {}
    )
    frames = _frames(scores["frames"]) if "frames" in scores else {}
    return [
        Statement(
            segment,
            stances.get(segment.id, {}),
            felt.get(segment.id),
            tuple(frames.get(segment.id, ())),
            segment.id in frames,
        )
        for segment in segments
    ]


def portraits(
    every: Sequence[Statement], scores: Mapping[str, pd.DataFrame], actors: Iterable[str], target: str = ""
) -> list[Portrait]:
    """What the scores come to for each actor, speaking and spoken about kept apart.

    Parameters
    ----------
    every
        From :func:`statements`.
    scores
        The tables they were made with.
    actors
        In the order they are to be shown; those without a segment are passed over.
    target
        What the stance is toward.

    Examples
    --------
    >>> from stance import Document, read_codebook, segment
    >>> every = statements(segment([Document("d", "Putin said no.")], read_codebook()), {})
    >>> [(p.actor, p.role, p.n_segments) for p in portraits(every, {}, ["kremlin", "kyiv"])]
    [('kremlin', 'source', 1)]
    """
    tables = {measure: scores[measure] for measure in ("stance", "sentiment") if measure in scores}
    if "sentiment" in tables:  # toward the actor itself, whatever the table calls it
        tables["sentiment"] = tables["sentiment"].drop(columns="target", errors="ignore")
    means = {measure: means_of(table) for measure, table in tables.items()}
    mine: dict[tuple[str | None, str], list[Statement]] = {}
    for statement in every:
        mine.setdefault((statement.segment.actor, statement.segment.role), []).append(statement)
    roles: tuple[Literal["source", "mention"], ...] = ("source", "mention")
    return [
        Portrait(
            actor,
            role,
            len(mine[actor, role]),
            means.get("stance", {}).get((role, actor, target)),
            means.get("sentiment", {}).get((role, actor, "")),
            _farthest(mine[actor, role], target, 1),
            _farthest(mine[actor, role], target, -1),
        )
        for actor in actors
        for role in roles
        if (actor, role) in mine
    ]


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, float | int) and math.isfinite(value) else None


def _reading(row: Mapping[Any, Any]) -> Reading:
    net = _number(row.get("net"))
    reason = row.get("reason")
    said = reason if isinstance(reason, str) and reason else "no score" if net is None else ""
    return Reading(net, _number(row.get("net_min")), _number(row.get("net_max")), said)


def _frames(table: pd.DataFrame) -> dict[str, list[tuple[str, float]]]:
    found: dict[str, list[tuple[str, float]]] = {}
    for row in table.to_dict("records"):
        p = _number(row.get("p_present"))
        if p is not None:
            likely = found.setdefault(str(row["segment"]), [])
            if p >= PRESENT:
                likely.append((str(row["target"]), p))
    return {segment: sorted(likely, key=lambda pair: -pair[1]) for segment, likely in found.items()}


def means_of(table: pd.DataFrame) -> dict[tuple[str, str, str], Mean]:
    """By role, actor and target; in a table of sentiment, whose target is the actor, that is empty."""
    if table.empty:
        return {}
    means = {}
    for row in summarize(table, "actor").query("n > 0").to_dict("records"):
        wordings, interval = _pair(row, "wordings_low", "wordings_high"), _pair(row, "low", "high")
        mean = Mean(int(row["n"]), float(row["mean"]), wordings, interval, str(row["note"] or ""))
        means[str(row["role"]), str(row["actor"]), str(row.get("target") or "")] = mean
    return means


def _pair(row: Mapping[Any, Any], low: str, high: str) -> tuple[float, float] | None:
    a, b = _number(row.get(low)), _number(row.get(high))
    return None if a is None or b is None else (a, b)


def _farthest(mine: Sequence[Statement], target: str, sign: int) -> Statement | None:
    """The first statement farthest from zero on one side of it, if any is notably far."""
    reached = [(sign * r.net, s) for s in mine if (r := s.stances.get(target)) and r.net is not None]
    best = max(reached, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= NOTABLE else None
