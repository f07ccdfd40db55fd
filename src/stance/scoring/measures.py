"""Stance, sentiment and frames: Segments → Scores.

All are read as inference: the *premise* is the full sentence around a
segment, the *hypothesis* says that somebody supports, or is positive about,
somebody or something, or presents it in some way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from stance.codebook import SENTIMENT, Frame, Hypotheses, Target
from stance.schema import NARRATOR, Measure, Score, Segment, Span
from stance.scoring.entailment import Item, Judgement, judge, judge_frames, mark
from stance.scoring.model import Model, as_model


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
        What :func:`stance.load_model` returned, or any object with ``name`` and ``predict(pairs)``.
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
    model = as_model(model)
    segments = list(segments)
    reasons = _reasons(segments)
    items = _items(segments, reasons, target, model)
    judged = iter(judge(items, target.hypotheses, model, measure="stance", wordings=wordings))
    return [
        _score(s, "stance", target.id, None if reason else next(judged), reason, model)
        for s, reason in zip(segments, reasons, strict=True)
    ]


def _items(segments: Sequence[Segment], reasons: Sequence[str | None], target: Target, model: Model) -> list[Item]:
    """What is asked of segments without a reason not to: how their actor sees the target."""
    marked = "holder" in model.marks
    return [
        Item(premise_of(s, _holder(s) if marked else {}), s.entity, target.label)
        for s, reason in zip(segments, reasons, strict=True)
        if reason is None
    ]


def _holder(segment: Segment) -> dict[str, Span]:
    """Where the actor stands: the source of what it says, or its mention."""
    span = segment.source[0] if segment.role == "source" and segment.source else segment.about
    return {"holder": span} if span is not None else {}


def _reasons(segments: Sequence[Segment]) -> list[str | None]:
    """Why a segment gets no score of its actor's view, or None."""
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
        What :func:`stance.load_model` returned, or any object with ``name`` and ``predict(pairs)``.
    hypotheses
        Wordings for positive (``favor``) and negative (``against``).
    wordings
        ``"all"`` of them, or only the first (``"one"``).

    Returns
    -------
    list of Score
        Probabilities of positive, negative, neutral; ``target`` is the actor
        spoken about.

    Examples
    --------
    >>> import numpy as np
    >>> class Sure:
    ...     name = "sure@0/none"
    ...     def predict(self, pairs):
    ...         return np.tile([0.8, 0.1, 0.1], (len(pairs), 1))
    >>> from stance import Document, read_codebook, segment
    >>> segments = segment([Document("d", "Biden criticised Putin.")], read_codebook())
    >>> scores = score_sentiment(segments, Sure(), wordings="one")
    >>> [(score.target, round(score.probabilities[0], 2)) for score in scores]
    [('kremlin', 0.8)]
    """
    model = as_model(model)
    segments = list(segments)
    sources = {s.id: s for s in segments if s.role == "source" and s.source}
    mentions = [s for s in segments if s.role == "mention"]

    def places(s: Segment) -> dict[str, Span]:
        source = sources.get(s.parent or "")
        found = {"target": s.about, "holder": source.source[0] if source else None}
        return {key: span for key, span in found.items() if span is not None and key in model.marks}

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


def score_frames(
    segments: Iterable[Segment], frames: Mapping[str, Frame], target: Target, model: Model, *, wordings: str = "all"
) -> list[Score]:
    """Which frames each statement puts the target in: exploratory, since no labelled sample says how well.

    Parameters
    ----------
    segments
        What :func:`stance.segment` returned. Only statements are asked about
        (role ``"source"``), and those that :func:`score_stance` leaves unscored
        are left unscored here, for the same reasons.
    frames
        By id; ``codebook.frames``.
    target
        An entry of ``codebook.targets``: what is framed.
    model
        What :func:`stance.load_model` returned, or any object with ``name`` and ``predict(pairs)``.
    wordings
        ``"all"`` hypotheses of each frame, or only the first (``"one"``).

    Returns
    -------
    list of Score
        In the order of the segments, then of the frames; ``target`` is the
        frame's id. Probabilities of present, denied, absent, as the model gives
        them: they are not calibrated, and several frames can be present at once.

    Examples
    --------
    >>> import numpy as np
    >>> from stance import read_codebook, read_corpus, segment
    >>> class Sure:
    ...     name = "sure@0/none"
    ...     def predict(self, pairs):
    ...         return np.array([[.8, .1, .1] if "risk" in hypothesis else [.1, .8, .1] for _, hypothesis in pairs])
    >>> codebook = read_codebook()
    >>> first, *_ = score_frames(segment(read_corpus(), codebook), codebook.frames, codebook.target(), Sure())
    >>> first.measure, first.target in codebook.frames
    ('frame', True)
    """
    model = as_model(model)
    statements = [s for s in segments if s.role == "source"]
    reasons = _reasons(statements)
    items = _items(statements, reasons, target, model)
    judged = iter(judge_frames(items, frames.values(), model, wordings=wordings))
    return [
        _score(s, "frame", frame, None if reason else next(judged), reason, model)
        for s, reason in zip(statements, reasons, strict=True)
        for frame in frames
    ]


def _score(
    segment: Segment, measure: Measure, target: str, judgement: Judgement | None, reason: str | None, model: Model
) -> Score:
    if judgement is None:
        return Score(segment, measure, target, None, (), 0, reason, model.name)
    return Score(segment, measure, target, judgement.mean, judgement.by_wording, judgement.n_windows, None, model.name)
