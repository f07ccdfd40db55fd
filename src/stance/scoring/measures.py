"""Stance, sentiment and frames: Segments → Scores.

All are read as inference: the *premise* is the full sentence around a
segment, the *hypothesis* says that somebody supports, or is positive about,
somebody or something, or presents it in some way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from stance.codebook import SENTIMENT, Frame, Hypotheses, Target
from stance.schema import NARRATOR, Measure, Score, Segment, Span, Status, statement_id
from stance.scoring.entailment import Judgement, judge, judge_addressed, judge_frames, not_addressed
from stance.scoring.model import NO_PROBABILITIES, Model, as_model
from stance.scoring.premises import Item, item, places_of_name


def question(
    segment: Segment,
    holder: str | None,
    target: str,
    places: Mapping[str, Span | None],
    marks: Collection[str] = (),
    named: Iterable[tuple[Span, str]] = (),
) -> Item:
    """What a model reads: the full sentences, pronouns replaced by the name they stand for.

    Parameters
    ----------
    segment
        The segment to score.
    holder, target
        Whose view, of what.
    places
        Where target, holder and statement stand. A long text is read around the target,
        which is looked for by name in the statement if its place is not given.
    marks
        Which of them the model sees marked.
    named
        Further pronouns and the names they stand for.
    """
    names = {(span.start, span.end): name for span, name in (*named, *segment.named)}
    text, shift = segment.context.text, segment.context.start
    moved = {
        key: [span.start - shift, span.end - shift]
        for key, span in places.items()
        if span is not None and shift <= span.start and span.end <= segment.context.end
    }
    for (start, end), name in sorted(names.items(), reverse=True):
        if not (shift <= start and end <= segment.context.end):
            continue
        text = text[: start - shift] + name + text[end - shift :]
        for place in moved.values():
            place[:] = [_after(p, start - shift, end - shift, len(name)) for p in place]
    found = {key: (start, end) for key, (start, end) in moved.items() if start < end}
    elsewhere = [] if "target" in found else list(places_of_name(target, text, *found.get("statement", (0, None))))
    return item(text, holder, target, found, marks, elsewhere)


def _after(position: int, start: int, end: int, length: int) -> int:
    """Where a position lies once ``start:end`` is replaced by something of another length."""
    if position <= start:
        return position
    return position + length - (end - start) if position >= end else start + length


def score_stance(
    segments: Iterable[Segment],
    target: Target,
    model: Model,
    *,
    wordings: str = "all",
) -> list[Score]:
    """The stance of each segment's actor toward a target, and whether its statement takes the target up at all.

    Parameters
    ----------
    segments
        What :func:`stance.segment` returned. Kept but unscored, with a reason,
        are segments without an actor, what the text does not present as stated, and
        statements inside another statement of the same actor: their sentence counts once.
    target
        An entry of ``codebook.targets``.
    model
        What :func:`stance.load_model` returned, or any object with ``name`` and ``predict(pairs)``.
    wordings
        ``"all"`` hypotheses of the target, or only the first (``"one"``).

    Returns
    -------
    list of Score
        In the order of the segments; probabilities of favor, against, none. A
        statement whose probability of taking the target up lies below
        ``model.addressed`` has these and a reason, and counts nowhere: set it to 0
        to count every statement, higher to count only what is surely on the matter.

    Raises
    ------
    ValueError
        If ``model.addressed`` lies outside [0, 1].

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
    found = _asked(segments, target, model)
    judged = iter(
        judge([one for one, *_ in found if one], target.hypotheses, model, measure="stance", wordings=wordings)
    )
    return [
        _score(s, "stance", target.id, next(judged) if one else None, reason, model, p)
        for s, (one, reason, p) in zip(segments, found, strict=True)
    ]


_NOT_STATED: Mapping[Status, str] = {
    "denied": "not stated: the text says that it was not said",
    "hypothetical": "not stated: the text only supposes or expects it",
    "requested": "not stated: it is asked or demanded of the speaker",
    "asked": "not stated: the text asks whether it was said",
}
"""Why what is not presented as said gets no score."""
_Asked = tuple[Item | None, str | None, float | None]
"""What is asked of a segment, why it counts nowhere, and the probability that it takes the target up."""


def _asked(segments: Sequence[Segment], target: Target, model: Model) -> list[_Asked]:
    """Of each segment, how its actor sees the target; of statements, first whether they take it up."""
    not_addressed(None, model)  # refuses a threshold before anything is read
    items = [
        replace(question(s, s.entity, target.label, _places(s), model.marks), definition=target.definition or "")
        if s.actor is not None and s.status == "stated"
        else None
        for s in segments
    ]
    told = iter(judge_addressed([i for s, i in zip(segments, items, strict=True) if i and s.role == "source"], model))
    taken_up = [next(told) if i and s.role == "source" else None for s, i in zip(segments, items, strict=True)]
    beside = [not_addressed(p, model) for p in taken_up]
    counted = {
        (statement_id(s.id), s.actor)
        for s, apart in zip(segments, beside, strict=True)
        if apart is None and s.status == "stated"
    }
    reasons = [
        NO_PROBABILITIES if apart == NO_PROBABILITIES else _reason(s, counted)
        for s, apart in zip(segments, beside, strict=True)
    ]
    said: set[tuple[str, str | None]] = set()
    for i, s in enumerate(segments):
        if s.role == "source" and reasons[i] is None and beside[i] is None:
            if (statement := (statement_id(s.id), s.actor)) in said:
                reasons[i] = "said together with another of the same actor, whose statement is scored"
            said.add(statement)
    return [
        (None if reason else one, reason or apart, None if reason else p)
        for one, reason, apart, p in zip(items, reasons, beside, taken_up, strict=True)
    ]


def _unscored(mention: Segment) -> str | None:
    """Why no sentiment is read from words about an actor."""
    if mention.status != "stated":
        return _NOT_STATED[mention.status]
    return None if mention.voice else "these are the words of somebody the codebook does not know"


def _reason(segment: Segment, counted: Collection[tuple[str, str | None]]) -> str | None:
    """Why a segment gets no score of its actor's view, or None."""
    if segment.actor is None:
        return "the source is no actor of the codebook, or unclear"
    if segment.status != "stated":
        return _NOT_STATED[segment.status]
    if segment.role == "source" and segment.parent and (segment.parent, segment.actor) in counted:
        return "inside another statement of the same actor, which is scored"
    return None


def _places(segment: Segment) -> dict[str, Span | None]:
    """Where the actor stands (the source of what it says, or its mention), and what it says."""
    if segment.role == "mention":
        return {"holder": segment.about}
    first, last = min(s.start for s in segment.spans), max(s.end for s in segment.spans)
    source = segment.source[0] if segment.source else segment.about
    return {"holder": source, "statement": Span(segment.document, first, last)}


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

    def asked(s: Segment) -> Item:
        source = sources.get(s.parent or "")
        places = {"target": s.about, "holder": source.source[0] if source else None}
        holder = None if s.voice == NARRATOR else s.voice_entity
        return question(s, holder, s.entity or "", places, model.marks, source.named if source else ())

    reasons = [_unscored(s) for s in mentions]
    items = [asked(s) for s, reason in zip(mentions, reasons, strict=True) if reason is None]
    judged = iter(judge(items, hypotheses, model, measure="sentiment", wordings=wordings))
    return [
        _score(s, "sentiment", s.actor or "", None if reason else next(judged), reason, model)
        for s, reason in zip(mentions, reasons, strict=True)
    ]


def score_frames(
    segments: Iterable[Segment],
    frames: Mapping[str, Frame],
    target: Target,
    model: Model,
    *,
    wordings: str = "all",
) -> list[Score]:
    """Which frames each statement puts the target in: exploratory, since no labelled sample says how well.

    Parameters
    ----------
    segments
        What :func:`stance.segment` returned. Only statements are asked about
        (role ``"source"``), and those that :func:`score_stance` leaves unscored, or
        finds not to take the target up, are left unscored here, for the same reasons.
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
    found = _asked(statements, target, model)
    asked = [one for one, reason, _ in found if one and reason is None]
    judged = iter(judge_frames(asked, frames.values(), model, wordings=wordings))
    return [
        _score(s, "frame", frame, next(judged) if reason is None else None, reason, model)
        for s, (_, reason, _) in zip(statements, found, strict=True)
        for frame in frames
    ]


def _score(
    segment: Segment,
    measure: Measure,
    target: str,
    judgement: Judgement | None,
    reason: str | None,
    model: Model,
    addressed: float | None = None,
) -> Score:
    if judgement is None or judgement.reason:
        why = judgement.reason if judgement else reason
        return Score(segment, measure, target, None, (), 0, why, model.name)
    return Score(
        segment,
        measure,
        target,
        judgement.mean,
        judgement.by_wording,
        judgement.n_windows,
        reason,
        model.name,
        addressed,
    )
