"""A trained second opinion on who says what: cues, and the source and content of each.

A small encoder reads one paragraph at a time and gives every token the
probability of being (part of) a cue. For each cue, its own or one that the
rules ask about, a biaffine layer (Dozat & Manning 2017) then tells for every
token whether it belongs to that cue's source, to its content, or to neither.
"""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import AutoTokenizer, BertModel, BertPreTrainedModel

from stance.corpus import clean
from stance.layout import paragraphs
from stance.models import TAGGER, bundled_folder, weights_hash
from stance.patterns import Opinion
from stance.schema import StanceError
from stance.stretches import Offsets, trimmed

NONE, SOURCE, CONTENT = range(3)
"""What a token is to a cue."""
OUTSIDE, BEGIN, INSIDE = range(3)
"""Of a cue."""
_REACH = 20
"""Tokens up to which the distance from the cue is told apart."""
_WINDOW = 254
_GAP = 1
"""Tokens of another role that do not break a stretch."""


class AttributionNetwork(BertPreTrainedModel):
    """An encoder with a head for cues and one for the roles of every token toward a cue."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        size = config.role_size
        self.bert = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.cue = nn.Linear(config.hidden_size, 3)
        self.of_token = nn.Linear(config.hidden_size, size)
        self.of_cue = nn.Linear(config.hidden_size, size)
        self.roles = nn.Parameter(torch.zeros(3, size + 1, size + 1))
        self.distance = nn.Embedding(2 * _REACH + 1, 3)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if module is self:
            nn.init.normal_(self.roles, std=0.01)

    def hidden(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Token vectors, shape (batch, tokens, hidden)."""
        return self.dropout(self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float())

    def role_logits(self, hidden: torch.Tensor, cues: Sequence[Sequence[int]], rows: Sequence[int]) -> torch.Tensor:
        """Logits of none, source and content for every token of a row toward a cue in it.

        Parameters
        ----------
        hidden
            From :meth:`hidden`.
        cues
            Tokens of each cue.
        rows
            The row of each cue.

        Returns
        -------
        torch.Tensor
            Shape (cues, tokens, 3).
        """
        tokens = hidden.shape[1]
        inside = torch.zeros(len(cues), tokens, device=hidden.device)
        place = torch.arange(tokens, device=hidden.device)
        distances = []
        for i, cue in enumerate(cues):
            inside[i, list(cue)] = 1 / len(cue)
            distances.append(place.clamp(max=cue[0]) - cue[0] + (place - cue[-1]).clamp(min=0))
        vectors = hidden[torch.tensor(rows, device=hidden.device)]
        ones = torch.ones(len(cues), tokens, 1, device=hidden.device)
        of_token = torch.cat([torch.relu(self.of_token(vectors)), ones], dim=2)
        of_cue = torch.relu(self.of_cue(torch.einsum("ct,cth->ch", inside, vectors)))
        of_cue = torch.cat([of_cue, ones[:, 0]], dim=1)
        logits = torch.einsum("ctd,ckd->ctk", of_token, torch.einsum("kde,ce->ckd", self.roles, of_cue))
        return logits + self.distance(torch.stack(distances).clamp(-_REACH, _REACH) + _REACH)


class Tagger:
    """A trained tagger, ready to read.

    Attributes
    ----------
    name
        ``name@revision``: the folder's name and a hash of its weights.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "config.json").is_file():
            raise StanceError(f"The tagger {folder} is not a model folder. Train one: stance train --recipe …")
        self.name = f"{folder.name}@{weights_hash(folder)[:12]}"
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._network = AttributionNetwork.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32, attn_implementation="sdpa"
        ).eval()

    def read(
        self, text: str, asked: Sequence[Offsets] = (), threshold: float = 0.5
    ) -> tuple[list[Opinion], list[Opinion | None]]:
        """Attributions that the tagger finds, and what it makes of given cues.

        A paragraph is read by itself, so that no result depends on another one.

        Parameters
        ----------
        text
            Any text.
        asked
            Cues to be judged, such as those of the rules.
        threshold
            From which probability on a token is a cue.

        Returns
        -------
        list of Opinion
            On the cues it finds, in the order of the text; without those that have no content.
        list
            One opinion for each cue asked about; None where the text there cannot be read.
        """
        own: list[Opinion] = []
        answers: list[Opinion | None] = [None] * len(asked)
        order = sorted(range(len(asked)), key=lambda i: asked[i][0][0])
        waiting = 0
        for start, end in paragraphs(text):
            first = waiting
            while waiting < len(order) and asked[order[waiting]][0][0] < end:
                waiting += 1
            here = order[first:waiting]
            found, answered = self._paragraph(text, start, end, [asked[i] for i in here], threshold)
            own += found
            for i, answer in zip(here, answered, strict=True):
                answers[i] = answer
        return own, answers

    def _paragraph(
        self, text: str, start: int, end: int, asked: Sequence[Offsets], threshold: float
    ) -> tuple[list[Opinion], list[Opinion | None]]:
        encoded = self._tokenizer(clean(text[start:end]), return_offsets_mapping=True, add_special_tokens=False)
        offsets = [(a + start, b + start) for a, b in encoded["offset_mapping"]]
        own: list[Opinion] = []
        answers: list[Opinion | None] = [None] * len(asked)
        places = [covered(offsets, cue) for cue in asked]
        in_order = sorted((place[0], i) for i, place in enumerate(places) if place)
        for low, high, mine in _windows(len(offsets)):
            ids = encoded["input_ids"][low:high]
            with torch.inference_mode():
                row = torch.tensor([[self._tokenizer.cls_token_id, *ids, self._tokenizer.sep_token_id]])
                hidden = self._network.hidden(row, torch.ones_like(row))[:, 1:-1]
                p_cue = torch.softmax(self._network.cue(hidden[0]), dim=-1).numpy()
                cues = [c for c in cues_of(p_cue, threshold) if c[0] + low in mine]
                first, last = (bisect.bisect_left(in_order, (edge, -1)) for edge in (mine.start, mine.stop))
                given = [i for _, i in in_order[first:last] if places[i][-1] < high]
                cues += [[t - low for t in places[i]] for i in given]
                if not cues:
                    continue
                roles = torch.softmax(self._network.role_logits(hidden, cues, [0] * len(cues)), dim=-1).numpy()
            stretch = offsets[low:high]
            opinions = [_opinion(text, stretch, c, p_cue, r) for c, r in zip(cues, roles, strict=True)]
            own += [o for o in opinions[: len(opinions) - len(given)] if o.content]
            for i, opinion in zip(given, opinions[len(opinions) - len(given) :], strict=True):
                answers[i] = opinion
        return own, answers


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


def _windows(tokens: int) -> Iterator[tuple[int, int, range]]:
    """Windows over a paragraph, and the tokens in each whose cues are read there: those far from its edges."""
    half = _WINDOW // 2
    if tokens <= _WINDOW:
        if tokens:
            yield 0, tokens, range(tokens)
        return
    starts = [*range(0, tokens - _WINDOW, half), tokens - _WINDOW]
    for i, low in enumerate(starts):
        first = 0 if i == 0 else (low + starts[i - 1] + _WINDOW) // 2
        last = tokens if i + 1 == len(starts) else (starts[i + 1] + low + _WINDOW) // 2
        yield low, low + _WINDOW, range(first, last)


def _opinion(
    text: str, offsets: Sequence[tuple[int, int]], cue: list[int], p_cue: np.ndarray, roles: np.ndarray
) -> Opinion:
    labels = roles.argmax(axis=1)
    labels[cue] = NONE
    source = max(_stretches(labels == SOURCE, _GAP), key=lambda s: roles[s, SOURCE].sum(), default=[])
    content = _stretches(labels == CONTENT, _GAP)
    tokens = [t for s in content for t in s]
    return Opinion(
        cue=((offsets[cue[0]][0], offsets[cue[-1]][1]),),
        source=_offsets(text, offsets, [source] if source else []),
        content=_offsets(text, offsets, content),
        p_cue=float(1 - p_cue[cue, OUTSIDE].min()),
        p_source=float(roles[source, SOURCE].mean()) if source else 0.0,
        p_content=float(roles[tokens, CONTENT].mean()) if tokens else 0.0,
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
