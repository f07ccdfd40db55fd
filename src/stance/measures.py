"""Stance and sentiment: Segments → Scores.

Both are read as inference: the *premise* is the full sentence around a
segment, the *hypothesis* says that somebody supports, or is positive about,
somebody or something. Any object with ``name`` and ``predict(pairs)`` can
score; see :class:`Model`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from stance.codebook import SENTIMENT, Hypotheses, Target
from stance.schema import NARRATOR, Measure, Score, Segment, Span

ENTAILMENT, NEUTRAL, CONTRADICTION, NOT_ENTAILMENT = "entailment", "neutral", "contradiction", "not_entailment"
TEXT_AS_HOLDER = "The text"
Triple = tuple[float, float, float]


class Model(Protocol):
    """What :func:`score_stance` and :func:`score_sentiment` need.

    ``predict`` takes (premise, hypothesis) pairs and returns one row of
    probabilities for each, whose columns are ``labels``: entailment, neutral
    and contradiction unless the object says otherwise. Optional: ``labels``;
    ``marks``, which of ``"target"`` and ``"holder"`` are to be marked in the
    premise; ``calibration``, temperature and offset by measure; ``windows(premise, hypothesis)``, the
    parts of an over-long premise.
    """

    @property
    def name(self) -> str:
        """``name@revision/backend``."""

    def predict(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Probabilities, one row for each pair."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to score: a premise, who holds the view, and toward what.

    ``holder`` None stands for the text itself.
    """

    premise: str
    holder: str | None
    target: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities of an item: the mean over wordings, each wording, and how many windows were read."""

    mean: Triple
    by_wording: tuple[Triple, ...]
    n_windows: int


MARKS = {"target": ("* ", " *"), "holder": ("[ ", " ]")}
"""What the bundled models see around target and holder where they stand in the premise."""


def mark(text: str, places: Mapping[str, tuple[int, int]]) -> str:
    """Mark where target and holder stand, as the bundled models were trained.

    Parameters
    ----------
    text
        The premise.
    places
        Start and end of ``"target"``, ``"holder"`` or both. Of two places that
        overlap, the target is marked.

    Examples
    --------
    >>> mark("Biden met Xi.", {"target": (10, 12), "holder": (0, 5)})
    '[ Biden ] met * Xi *.'
    """
    kept = dict(places)
    if len(kept) == 2 and kept["holder"][0] < kept["target"][1] and kept["target"][0] < kept["holder"][1]:
        del kept["holder"]
    for key, (start, end) in sorted(kept.items(), key=lambda item: -item[1][0]):
        opening, closing = MARKS[key]
        text = f"{text[:start]}{opening}{text[start:end]}{closing}{text[end:]}"
    return text


def phrase(wording: str, holder: str | None, target: str) -> str:
    """A hypothesis: the wording with holder and target filled in.

    Examples
    --------
    >>> phrase("{actor} supports {target}.", None, "the talks")
    'The text supports the talks.'
    """
    return wording.format(actor=holder or TEXT_AS_HOLDER, target=target)


def premise_of(
    segment: Segment, places: Mapping[str, Span] | None = None, named: Iterable[tuple[Span, str]] = ()
) -> str:
    """What a model reads: the full sentences, pronouns replaced by the name they stand for.

    Parameters
    ----------
    segment
        The segment to score.
    places
        Where target and holder stand, to be marked; see :func:`mark`.
    named
        Further pronouns and the names they stand for.
    """
    names = {(span.start, span.end): name for span, name in (*named, *segment.named)}
    inside = {
        key: (span.start, span.end)
        for key, span in (places or {}).items()
        if segment.context.start <= span.start and span.end <= segment.context.end
    }
    text, shift = segment.context.text, segment.context.start
    moved = {key: [start - shift, end - shift] for key, (start, end) in inside.items()}
    for (start, end), name in sorted(names.items(), reverse=True):
        if not (shift <= start and end <= segment.context.end):
            continue
        text = text[: start - shift] + name + text[end - shift :]
        for place in moved.values():
            place[:] = [_after(p, start - shift, end - shift, len(name)) for p in place]
    marked = mark(text, {key: (start, end) for key, (start, end) in moved.items() if start < end})
    return re.sub(r"\s+", " ", marked)


def _after(position: int, start: int, end: int, length: int) -> int:
    """Where a position lies once ``start:end`` is replaced by something of another length."""
    if position <= start:
        return position
    return position + length - (end - start) if position >= end else start + length


def score_stance(segments: Iterable[Segment], target: Target, model: Model, *, wordings: str = "all") -> list[Score]:
    """The stance of each segment's actor toward a target.

    Parameters
    ----------
    segments
        What :func:`stance.segment` returned. Kept but unscored, with a reason,
        are segments without an actor, and statements inside another statement
        of the same actor: their sentence counts once.
    target
        An entry of ``codebook.targets``.
    model
        What :func:`stance.load_model` returned, or any :class:`Model`.
    wordings
        ``"all"`` hypotheses of the target, or only the first (``"one"``).

    Returns
    -------
    list of Score
        In the order of the segments; probabilities of favor, against, none.

    Examples
    --------
    >>> import numpy as np
    >>> from stance import read_codebook, read_corpus, segment
    >>> class Coin:
    ...     name = "coin@0/none"
    ...     def predict(self, pairs):
    ...         return np.full((len(pairs), 3), 1 / 3)
    >>> codebook = read_codebook()
    >>> first, *_ = segment(read_corpus(), codebook)
    >>> score, = score_stance([first], codebook.targets["peace_talks"], Coin())
    >>> score.target, round(sum(score.probabilities), 6)
    ('peace_talks', 1.0)
    """
    segments = list(segments)
    marks = getattr(model, "marks", ())
    reasons = _reasons(segments)
    items = [
        Item(premise_of(s, _holder(s) if "holder" in marks else {}), s.entity, target.label)
        for s, reason in zip(segments, reasons, strict=True)
        if reason is None
    ]
    judged = iter(judge(items, target.hypotheses, model, measure="stance", wordings=wordings))
    return [
        _score(s, "stance", target.id, None if reason else next(judged), reason, model)
        for s, reason in zip(segments, reasons, strict=True)
    ]


def _holder(segment: Segment) -> dict[str, Span]:
    """Where the actor stands: the source of what it says, or its mention."""
    span = segment.source[0] if segment.role == "source" and segment.source else segment.about
    return {"holder": span} if span is not None else {}


def _reasons(segments: Sequence[Segment]) -> list[str | None]:
    """Why a segment gets no stance score, or None."""
    actors = {(_statement(s.id), s.actor) for s in segments}
    reasons: list[str | None] = []
    for s in segments:
        if s.actor is None:
            reasons.append("the source is no actor of the codebook, or unclear")
        elif s.role == "source" and s.parent and (s.parent, s.actor) in actors:
            reasons.append("inside another statement of the same actor, which is scored")
        else:
            reasons.append(None)
    return reasons


def _statement(segment_id: str) -> str:
    """The id of the statement that a segment of one of its several sources belongs to."""
    return re.sub(r"(:a\d+)\.\d+$", r"\1", segment_id)


def score_sentiment(
    segments: Iterable[Segment], model: Model, *, hypotheses: Hypotheses = SENTIMENT, wordings: str = "all"
) -> list[Score]:
    """The sentiment toward each actor who is spoken about, with the voice as holder.

    Parameters
    ----------
    segments
        What :func:`stance.segment` returned; those with role ``"mention"`` are
        scored, others passed over.
    model
        What :func:`stance.load_model` returned, or any :class:`Model`.
    hypotheses
        Wordings for positive (``favor``) and negative (``against``).
    wordings
        ``"all"`` of them, or only the first (``"one"``).

    Returns
    -------
    list of Score
        Probabilities of positive, negative, neutral; ``target`` is the actor
        spoken about.
    """
    marks = getattr(model, "marks", ())
    segments = list(segments)
    sources = {s.id: s for s in segments if s.role == "source" and s.source}
    mentions = [s for s in segments if s.role == "mention"]

    def places(s: Segment) -> dict[str, Span]:
        source = sources.get(s.parent or "")
        found = {"target": s.about, "holder": source.source[0] if source else None}
        return {key: span for key, span in found.items() if span is not None and key in marks}

    reasons = [None if s.voice else "these are the words of somebody the codebook does not know" for s in mentions]
    items = [
        Item(
            premise_of(s, places(s), sources[s.parent].named if s.parent in sources else ()),
            None if s.voice == NARRATOR else s.voice_entity,
            s.entity or "",
        )
        for s, reason in zip(mentions, reasons, strict=True)
        if reason is None
    ]
    judged = iter(judge(items, hypotheses, model, measure="sentiment", wordings=wordings))
    return [
        _score(s, "sentiment", s.actor or "", None if reason else next(judged), reason, model)
        for s, reason in zip(mentions, reasons, strict=True)
    ]


def _score(
    segment: Segment, measure: Measure, target: str, judgement: Judgement | None, reason: str | None, model: Model
) -> Score:
    if judgement is None:
        return Score(segment, measure, target, None, (), 0, reason, model.name)
    return Score(segment, measure, target, judgement.mean, judgement.by_wording, judgement.n_windows, None, model.name)


def judge(
    items: Sequence[Item],
    hypotheses: Hypotheses,
    model: Model,
    *,
    measure: Measure | None = None,
    wordings: str = "all",
) -> list[Judgement]:
    """Probabilities of (favor, against, none) for each item.

    A three-way model needs one hypothesis: entailment of a favorable wording is
    favor, contradiction is against, neutral is none, and the other way round
    for an unfavorable one. A two-way model (entailment or not) needs both: with
    entailments e_f and e_a, favor ∝ e_f (1 − e_a), against ∝ e_a (1 − e_f) and
    none ∝ (1 − e_f)(1 − e_a). Identical pairs are predicted once; the windows of
    an over-long premise are averaged, weighted by their length. Where the model
    brings a calibration for the measure, that of each wording is applied; see
    :func:`tempered`.

    Parameters
    ----------
    items
        What to score.
    hypotheses
        The wordings.
    model
        A :class:`Model`.
    measure
        Whose calibration is used; left out: none.
    wordings
        ``"all"`` or ``"one"``.

    Raises
    ------
    ValueError
        If ``wordings`` is neither, or the model's labels are not those of
        inference.
    """
    if wordings not in ("all", "one"):
        raise ValueError(f"The 'wordings' parameter must be 'all' or 'one'. Got {wordings!r}.")
    labels = labels_of(model)
    plan = _plan(hypotheses, CONTRADICTION not in labels, wordings)
    pairs = [
        (item.premise, phrase(wording, item.holder, item.target))
        for item in items
        for step in plan
        for wording, _ in step
    ]
    rows, windows = read(pairs, model)
    shape = (len(items), len(plan), len(plan[0]))
    temperature, offset = getattr(model, "calibration", {}).get(measure, (1.0, 0.0))
    judged = []
    for by_wording, parts in zip(rows.reshape(*shape, len(labels)), windows.reshape(shape), strict=True):
        triples = [
            tempered(_triple(row, labels, [direction for _, direction in step]), temperature, offset)
            for row, step in zip(by_wording, plan, strict=True)
        ]
        judged.append(
            Judgement(_as_triple(np.mean(triples, axis=0)), tuple(map(_as_triple, triples)), int(parts.max()))
        )
    return judged


def labels_of(model: Model) -> tuple[str, ...]:
    """The columns of a model's answers."""
    return tuple(getattr(model, "labels", (ENTAILMENT, NEUTRAL, CONTRADICTION)))


def read(pairs: Sequence[tuple[str, str]], model: Model) -> tuple[np.ndarray, np.ndarray]:
    """What a model says of premises and hypotheses, long premises in windows.

    Parameters
    ----------
    pairs
        Premise and hypothesis; equal pairs are predicted once.
    model
        A :class:`Model`.

    Returns
    -------
    numpy.ndarray, numpy.ndarray
        Probabilities of the model's labels, shape (pairs, labels): the mean over
        windows, weighted by their length. And the number of windows, shape (pairs,).
    """
    split = getattr(model, "windows", lambda premise, hypothesis: [premise])
    parts = {pair: [(part, pair[1]) for part in split(*pair)] for pair in dict.fromkeys(pairs)}
    asked = {part: i for i, part in enumerate(dict.fromkeys(p for listed in parts.values() for p in listed))}
    predicted = np.asarray(model.predict(list(asked)), dtype=float).reshape(len(asked), len(labels_of(model)))
    rows = np.zeros((len(pairs), predicted.shape[1]))
    for i, pair in enumerate(pairs):
        weights = [max(1, len(premise)) for premise, _ in parts[pair]]
        rows[i] = np.average(predicted[[asked[p] for p in parts[pair]]], axis=0, weights=weights)
    return rows, np.array([len(parts[pair]) for pair in pairs], dtype=int)


def tempered(probabilities: np.ndarray, temperature: float, offset: float = 0.0) -> np.ndarray:
    """Probabilities at a temperature: above 1 less sure, below 1 surer, the order kept.

    Parameters
    ----------
    probabilities
        Any shape; the last axis sums to 1.
    temperature
        Above 0.
    offset
        Added to the logarithm of the last label (none, neutral), which training
        may have shown more or less often than texts do.

    Examples
    --------
    >>> tempered(np.array([0.8, 0.2]), 2).round(3).tolist()
    [0.667, 0.333]
    """
    if temperature == 1.0 and offset == 0.0:
        return probabilities
    logs = np.log(np.maximum(probabilities, 1e-12)) / temperature
    logs[..., -1] += offset
    raised = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def _plan(hypotheses: Hypotheses, two_way: bool, wordings: str) -> list[list[tuple[str, int]]]:
    """The hypotheses of each wording with their direction: 1 favorable, -1 not."""
    if two_way:
        plan = [
            [(favor, 1), (against, -1)] for favor, against in zip(hypotheses.favor, hypotheses.against, strict=False)
        ]
    else:
        plan = [[(w, 1)] for w in hypotheses.favor] + [[(w, -1)] for w in hypotheses.against]
    return plan[:1] if wordings == "one" else plan


def _triple(rows: np.ndarray, labels: tuple[str, ...], directions: list[int]) -> np.ndarray:
    """(favor, against, none) from the label probabilities of one wording."""
    if len(rows) == 1:
        entailed, contradicted = rows[0][labels.index(ENTAILMENT)], rows[0][labels.index(CONTRADICTION)]
        favor, against = (entailed, contradicted) if directions[0] > 0 else (contradicted, entailed)
        return np.array([favor, against, rows[0][labels.index(NEUTRAL)]])
    e_favor, e_against = (row[labels.index(ENTAILMENT)] for row in rows)
    raw = np.array([e_favor * (1 - e_against), e_against * (1 - e_favor), (1 - e_favor) * (1 - e_against)])
    total = raw.sum()
    return raw / total if total > 0 else np.array([0.0, 0.0, 1.0])


def _as_triple(values: np.ndarray) -> Triple:
    favor, against, none = (float(v) for v in values)
    return favor, against, none
