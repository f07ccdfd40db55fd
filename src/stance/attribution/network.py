"""The tagger's network, and what it is told about every token of a parse.

A bidirectional LSTM reads a paragraph: for every token the word, its shape,
tag and dependency, its head's word and tag, the parser's own vector, and
whether it stands inside quotation marks. One layer gives cues. For each cue a
second, small LSTM reads the paragraph again, told where every token stands as
seen from that cue, in the line of words and in the dependency tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pydantic
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from stance.text.parsed import ParsedText
from stance.text.syntax import columns

_REACH = 30
"""Tokens up to which the distance from a cue is told apart."""
_SENTENCES = 5
"""Sentences up to which it is."""
_HEAD_REACH = 10
"""Tokens up to which the distance from the head is told apart. All of these were set once, not tuned."""
_UP = 4
"""How far up from a cue its heads are told apart."""
_WORDS, _SHAPES = 20_011, 509
"""Buckets; words that share one are read alike."""


class Sizes(pydantic.BaseModel):
    """What a tagger is built of.

    Attributes
    ----------
    tags, dependencies
        The parser's labels; one that is not listed is read as unknown.
    parser
        Name and version of the parser whose vectors it reads.
    vector
        Length of those vectors.
    hidden, roles
        Of the LSTM, and of the one that is read for each cue; each way.
    dropout
        In training.
    """

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")

    tags: tuple[str, ...]
    dependencies: tuple[str, ...]
    parser: str
    vector: int
    hidden: int
    roles: int
    dropout: float


@dataclass(frozen=True, slots=True)
class Tokens:
    """Some neighbouring tokens of a parse, as arrays of one number each; ``vector`` has a row each.

    ``head`` counts within these tokens; a head outside them is the token itself.
    ``sentence`` numbers the sentences; ``start`` and ``end`` are offsets into the text.
    """

    word: np.ndarray
    shape: np.ndarray
    tag: np.ndarray
    dependency: np.ndarray
    head: np.ndarray
    quoted: np.ndarray
    sentence: np.ndarray
    vector: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.word)

    def part(self, first: int, last: int) -> Tokens:
        """The tokens from ``first`` up to ``last``."""
        cut = {f.name: getattr(self, f.name)[first:last] for f in fields(self)}
        head = cut["head"] - first
        cut["head"] = np.where((head >= 0) & (head < last - first), head, np.arange(last - first))
        return Tokens(**cut)


def tokens_of(parsed: ParsedText, sizes: Sizes) -> Tokens:
    """What the network is told about every token of a document.

    Parameters
    ----------
    parsed
        The document.
    sizes
        Of the network.
    """
    doc = parsed.doc
    strings, found = doc.vocab.strings, columns(doc)
    quoted = np.zeros(len(doc), dtype=np.int64)
    for q in parsed.quotations:
        quoted[np.searchsorted(found.start, q.start) : np.searchsorted(found.end, q.end, side="right")] = 1
    tags, dependencies = (
        {strings[label]: number for number, label in enumerate(labels, 1)}
        for labels in (sizes.tags, sizes.dependencies)
    )
    return Tokens(
        word=(found.word % _WORDS).astype(np.int64),
        shape=(found.shape % _SHAPES).astype(np.int64),
        tag=np.array([tags.get(v, 0) for v in found.tag.tolist()], dtype=np.int64),
        dependency=np.array([dependencies.get(v, 0) for v in found.dependency.tolist()], dtype=np.int64),
        head=found.head,
        quoted=quoted,
        sentence=found.sentence,
        vector=doc.tensor.astype(np.float32),
        start=found.start,
        end=found.end,
    )


class Tree:
    """The dependencies of some tokens, asked where every token hangs as seen from a cue."""

    def __init__(self, head: Sequence[int], dependency: Sequence[int], kinds: int) -> None:
        self._head, self._dependency, self._kinds = list(head), list(dependency), kinds
        below: list[list[int]] = [[] for _ in head]
        for token, above in enumerate(self._head):
            if above != token:
                below[above].append(token)
        waiting = [t for t, above in enumerate(self._head) if above == t]
        self._order: list[int] = []
        """Heads before what hangs on them."""
        while waiting:
            token = waiting.pop()
            self._order.append(token)
            waiting += below[token]

    def places(self, cue: Sequence[int]) -> np.ndarray:
        """For every token, the first of the cue and its heads above that it hangs under, and by which dependency.

        Examples
        --------
        "Ann said he left": *said* is the root, *Ann* (1) and *left* (2) hang on it, *he* (3) on *left*.

        >>> Tree([1, 1, 3, 1], [1, 0, 3, 2], kinds=4).places([1]).tolist()
        [1, 4, 2, 2]
        """
        chain: dict[int, int] = {}
        token = next((t for t in cue if self._head[t] == t or self._head[t] not in cue), cue[0])
        while token not in chain and len(chain) < _UP:
            chain[token] = len(chain)
            token = self._head[token]
        width = self._kinds + 1
        places = [_UP * width] * len(self._head)
        for token in self._order:
            above = self._head[token]
            if token in chain:
                places[token] = chain[token] * width + self._kinds
            elif above in chain:
                places[token] = chain[above] * width + self._dependency[token]
            elif above != token:
                places[token] = places[above]
        return np.array(places, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Asked:
    """A cue in a row of a batch, and where the row's tokens stand as seen from it."""

    row: int
    cue: Sequence[int]
    distance: np.ndarray
    sentences: np.ndarray
    places: np.ndarray


def asked_about(row: int, cue: Sequence[int], tokens: Tokens, tree: Tree) -> Asked:
    """A cue, as the network is asked about it.

    Parameters
    ----------
    row
        Of the batch.
    cue
        Numbers of its tokens, in order.
    tokens, tree
        Of the row.
    """
    place = np.arange(len(tokens))
    distance = np.minimum(place - cue[0], 0) + np.maximum(place - cue[-1], 0)
    sentences = tokens.sentence - tokens.sentence[cue[0]]
    return Asked(
        row,
        cue,
        np.clip(distance, -_REACH, _REACH) + _REACH,
        np.clip(sentences, -_SENTENCES, _SENTENCES) + _SENTENCES,
        tree.places(cue),
    )


class AttributionNetwork(nn.Module):
    """Cues, and the role of every token toward a cue: none, source or content."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.word, self.shape = nn.Embedding(_WORDS, 64), nn.Embedding(_SHAPES, 16)
        self.tag = nn.Embedding(len(sizes.tags) + 1, 24)
        self.dependency = nn.Embedding(len(sizes.dependencies) + 1, 24)
        self.head = nn.Embedding(2 * _HEAD_REACH + 1, 8)
        self.quoted = nn.Embedding(2, 8)
        self.inward = nn.Linear(2 * 64 + 16 + 2 * 24 + 24 + 8 + 8 + sizes.vector, 192)
        self.reader = nn.LSTM(192, sizes.hidden, 2, bidirectional=True, batch_first=True, dropout=sizes.dropout)
        self.cue = nn.Linear(2 * sizes.hidden, 3)
        self.of_token, self.of_cue = (nn.Linear(2 * sizes.hidden, 2 * sizes.roles) for _ in range(2))
        self.distance = nn.Embedding(2 * _REACH + 1, 2 * sizes.roles)
        self.sentences = nn.Embedding(2 * _SENTENCES + 1, 2 * sizes.roles)
        self.place = nn.Embedding(_UP * self.kinds + _UP + 1, 2 * sizes.roles)
        self.for_cue = nn.LSTM(2 * sizes.roles, sizes.roles, bidirectional=True, batch_first=True)
        self.role = nn.Linear(2 * sizes.roles, 3)
        self.dropout = nn.Dropout(sizes.dropout)

    @property
    def kinds(self) -> int:
        """Of dependencies, the unknown one among them."""
        return len(self.sizes.dependencies) + 1

    def hidden(self, batch: Sequence[Tokens]) -> torch.Tensor:
        """Token vectors, shape (batch, tokens, 2 × hidden)."""
        word, shape, tag, dependency, head, quoted = (
            self._padded([getattr(tokens, name) for tokens in batch])
            for name in ("word", "shape", "tag", "dependency", "head", "quoted")
        )
        vector = self._padded([tokens.vector for tokens in batch])
        if self.training:  # words that training never saw are met by a token without one
            word = word.masked_fill(torch.rand(word.shape, device=word.device) < _UNSEEN, 0)
        away = (head - torch.arange(head.shape[1], device=head.device)).clamp(-_HEAD_REACH, _HEAD_REACH) + _HEAD_REACH
        parts = [
            self.word(word), self.word(word.gather(1, head)), self.shape(shape), self.tag(tag),
            self.tag(tag.gather(1, head)), self.dependency(dependency), self.head(away), self.quoted(quoted), vector,
        ]  # fmt: skip
        inward = self.dropout(torch.relu(self.inward(self.dropout(torch.cat(parts, dim=2)))))
        return self.dropout(_read(self.reader, inward, [len(tokens) for tokens in batch]))

    def role_logits(self, hidden: torch.Tensor, asked: Sequence[Asked]) -> torch.Tensor:
        """Logits of none, source and content for every token of a row toward a cue in it.

        Parameters
        ----------
        hidden
            From :meth:`hidden`.
        asked
            The cues.

        Returns
        -------
        torch.Tensor
            Shape (cues, tokens, 3).
        """
        rows, lengths = [a.row for a in asked], [len(a.places) for a in asked]
        length = max(lengths)
        distance, sentences, places = (
            self._padded([getattr(a, name) for a in asked]) for name in ("distance", "sentences", "places")
        )
        of_token = self.of_token(hidden[:, :length]).index_select(0, torch.tensor(rows, device=hidden.device))
        seen = of_token + self.of_cue(_means(hidden, asked))[:, None]
        seen = torch.relu(seen + self.distance(distance) + self.sentences(sentences) + self.place(places))
        read = self.dropout(_read(self.for_cue, self.dropout(seen), lengths))
        logits = self.role(read)
        return torch.nn.functional.pad(logits, (0, 0, 0, hidden.shape[1] - length))

    def _padded(self, rows: Sequence[np.ndarray]) -> torch.Tensor:
        padded = np.zeros((len(rows), max(map(len, rows)), *rows[0].shape[1:]), rows[0].dtype)
        for place, row in zip(padded, rows, strict=True):
            place[: len(row)] = row
        return torch.from_numpy(padded).to(self.cue.weight.device)


_UNSEEN = 0.05
"""Share of words that are hidden in training, so that the network knows what to make of one it never saw."""


def _means(hidden: torch.Tensor, asked: Sequence[Asked]) -> torch.Tensor:
    """The vector of each cue: the mean over its tokens."""
    places = torch.tensor([a.row * hidden.shape[1] + t for a in asked for t in a.cue], device=hidden.device)
    vectors = hidden.flatten(0, 1).index_select(0, places).split([len(a.cue) for a in asked])
    return torch.cat([v if len(v) == 1 else v.mean(dim=0, keepdim=True) for v in vectors])


def _read(lstm: nn.LSTM, rows: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
    if min(lengths) == rows.shape[1]:
        return lstm(rows)[0]
    if not lstm.training and rows.device.type == "cpu":
        return _read_each_way(lstm, rows, lengths)
    packed = pack_padded_sequence(rows, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    return pad_packed_sequence(lstm(packed)[0], batch_first=True, total_length=rows.shape[1])[0]


def _read_each_way(lstm: nn.LSTM, rows: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
    """What an LSTM makes of rows of different lengths, each way by itself and the way back from a row's own end.

    So that padding, which then follows what is read, changes nothing: packed rows need three times as long.
    """
    ahead = rows.transpose(0, 1).contiguous()  # token by token, as the LSTM reads
    row, place = torch.arange(len(rows)), torch.arange(len(ahead))[:, None]
    last = torch.tensor(lengths) - 1
    turned = (torch.where(place <= last, last - place, place) * len(rows) + row).flatten()

    def back(seen: torch.Tensor) -> torch.Tensor:
        return seen.flatten(0, 1).index_select(0, turned).view(*seen.shape[:2], -1)

    none = rows.new_zeros(1, len(rows), lstm.hidden_size)
    weights = lstm.all_weights
    for forward, backward in zip(weights[::2], weights[1::2], strict=True):
        there, and_back = (
            torch.lstm(seen, (none, none), list(of_way), True, 1, 0.0, False, False, False)[0]
            for of_way, seen in ((forward, ahead), (backward, back(ahead)))
        )
        ahead = torch.cat([there, back(and_back)], dim=2)
    return ahead.transpose(0, 1).contiguous()
