"""A language model on a server as one more reader: one question a pair, three possible answers."""

from __future__ import annotations

import json
import math
import re
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import numpy as np

from stance.numbers import counted
from stance.schema import CorpusWarning, StanceError, sha256
from stance.scoring._answers import WORDS, probabilities_of, word_of
from stance.scoring._kept import Kept
from stance.scoring._server import PROBES, WAYS, Refused, Reply, Server, Way
from stance.scoring.model import CONTRADICTION, ENTAILMENT, NEUTRAL, PREFIX, Model

PROMPT = Path(__file__).parent / "prompts/inference.md.j2"
CONCURRENCY = 4
"""Questions that wait for an answer at once: what Ollama and llama.cpp serve side by side by default."""
SAMPLE = 20
"""Questions that are timed before the others are asked."""
ADDRESSED = 0.5
"""From which probability on a statement takes the target up: a plain majority, until labels of one's own say better."""
_TRIES_AT = 1.0
"""The temperature of repeated tries, at which their shares are the model's own probabilities."""
_ODD = re.compile(r"[^\w.:/+-]")


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will ask at most, from a timed sample.

    Attributes
    ----------
    questions, known
        How many there are, and how many of them were answered before.
    tokens_in, tokens_out
        Of those still to be asked.
    seconds
        Until they are answered.
    """

    questions: int
    known: int
    tokens_in: int
    tokens_out: int
    seconds: float


class LanguageModel(Model):
    """Asks a server each pair of premise and hypothesis as one question with three answers.

    Parameters
    ----------
    name
        The model, as the server calls it.
    base_url
        The server's address, as ``http://localhost:11434/v1``; left out: ``OPENAI_BASE_URL``, or
        OpenAI's own. The key comes from ``OPENAI_API_KEY``.
    samples
        How often a question is asked where the server gives no log-probabilities: the shares of the
        answers are then the probabilities. 0: once, and the answer has probability 1.
    concurrency
        Questions that wait for an answer at once.

    Attributes
    ----------
    name
        ``openai:NAME@MODEL+prompt-HASH/WAY``: the model that answered, the prompt's hash, and how answers are
        read (``schema`` or ``words``; ``logprobs``, ``samples-K`` or ``label``).
    refused
        Why questions got no answer, and how many.
    confirm
        Called by :meth:`expect` with its estimate; may raise to stop.

    Raises
    ------
    StanceError
        If the server cannot be reached, or does not know the key or the model.
    """

    labels = (ENTAILMENT, CONTRADICTION, NEUTRAL)
    marks = frozenset({"statement"})
    defined = True
    confirm: Callable[[Estimate], Any] = staticmethod(lambda estimate: None)

    def __init__(
        self,
        name: str,
        base_url: str | None = None,
        *,
        samples: int = 0,
        concurrency: int = CONCURRENCY,
        kept: Path | None = None,
    ) -> None:
        if samples < 0 or concurrency < 1:
            raise StanceError(f"'samples' must be 0 or more and 'concurrency' 1 or more. Got {samples}, {concurrency}.")
        self.addressed = ADDRESSED
        self.refused: Counter[str] = Counter()
        self._server = Server(name, base_url)
        self._kept = Kept(kept)
        self._concurrency = concurrency
        source = PROMPT.read_text(encoding="utf-8")
        plain = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 - JSON, not markup
        self._template = plain.from_string(source)
        self._prompt = sha256(source.encode())[:8]
        self._served, self._way = self._looked_at()
        self._samples = 0 if self._way.logprobs else samples
        read = "logprobs" if self._way.logprobs else f"samples-{samples}" if samples else "label"
        how = f"{'schema' if self._way.schema else 'words'}+{read}"
        self.name = f"{PREFIX}{_plain(name)}@{_plain(self._served)}+prompt-{self._prompt}/{how}"
        self._asked_as = self.name  # results add calibration and threshold, of which no answer depends

    def _looked_at(self) -> tuple[str, Way]:
        """Who answers, and the first way of asking that works; kept for each server, model and prompt if it is sure."""
        key = self._key("way")
        if known := self._kept.get([key]).get(key):
            return known["served"], Way(known["schema"], known["logprobs"])
        why, is_sure = "", True
        for way in WAYS:
            try:
                reply, is_clean = self._look(way)
            except Refused as refusal:
                why = str(refusal)
                continue
            is_sure &= is_clean
            if reply is not None:
                served = reply.served or self._server.model
                if is_sure:
                    self._kept.put({key: {"served": served, "schema": way.schema, "logprobs": way.logprobs}})
                return served, way
        raise StanceError(f"{self._server.shown} answers no question to {self._server.model!r}: {why}.")

    def _look(self, way: Way) -> tuple[Reply | None, bool]:
        """A reply to this way of asking, None where it does not work; and whether the answers show so."""
        for probe in PROBES:
            reply = self._server.ask(self._question(probe), way)
            if word_of(reply.text) is None:
                continue  # an odd answer says nothing of the way
            if not way.logprobs or probabilities_of(reply.tokens):
                return reply, True
            if not reply.tokens:
                return None, True
        return (None if way.schema or way.logprobs else reply), False

    def _key(self, *what: str) -> str:
        """What an answer is kept under: everything that decides it."""
        return sha256(json.dumps([self._server.base_url, self._server.model, self._prompt, *what]).encode())

    def _question(self, asked: str) -> str:
        return self._template.render(question=asked)

    def known(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[float]]:
        """The answers that are kept, by pair."""
        keys = self._keys(pairs)
        found = self._kept.get(list(keys.values()))
        return {pair: _row(found[key]) for pair, key in keys.items() if key in found}

    def _keys(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
        return {pair: self._key(self._asked_as, *pair) for pair in pairs}

    def predict(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Probabilities of :attr:`labels` for (premise, hypothesis) pairs; nan where a question got no answer.

        What was answered before is not asked again, whoever asked; an interrupted run goes on where it was. The
        result depends on neither order nor concurrency.

        Parameters
        ----------
        pairs
            Premises and hypotheses.

        Raises
        ------
        StanceError
            If the server stops answering, or another model answers than before. What was answered is kept.
        """
        keys = self._keys(pairs)
        answered = self._kept.get(list(keys.values()))
        missing = [pair for pair, key in keys.items() if key not in answered]
        self.progress(len(pairs) - len(missing), len(pairs))
        answered |= self._ask({pair: keys[pair] for pair in missing}, lambda: self.progress(1, len(pairs)))
        answered |= self._kept.get([keys[pair] for pair in missing])  # the first answer counts, whoever asked
        found = [answered[keys[pair]] for pair in pairs]
        self.refused.update(answer["refused"] for answer in found if isinstance(answer, dict))
        return np.array([_row(answer) for answer in found], dtype=float).reshape(len(pairs), -1)

    def _ask(self, wanted: Mapping[tuple[str, str], str], come: Callable[[], Any] = lambda: None) -> dict[str, Any]:
        """Ask pairs and keep each answer under its key, at once; what has come is kept before an error is raised."""
        answered: dict[str, Any] = {}
        fault: StanceError | None = None
        with ThreadPoolExecutor(self._concurrency) as pool:
            waiting = {pool.submit(self._answer, pair): key for pair, key in wanted.items()}
            try:
                for done in as_completed(waiting):
                    try:
                        answer = done.result()
                    except CancelledError:
                        continue
                    except StanceError as error:
                        fault = fault or error
                        _cancel(waiting)
                        continue
                    self._kept.put({waiting[done]: answer})
                    answered[waiting[done]] = answer
                    come()
            except BaseException as stopped:  # Ctrl-C waits for no more than what is on its way
                _cancel(waiting)
                if isinstance(stopped, KeyboardInterrupt):
                    warnings.warn(
                        f"Stopped: {len(answered):,} of {counted(len(wanted), 'answer')} came and are kept. The same "
                        "again goes on from there.",
                        CorpusWarning,
                        stacklevel=3,
                    )
                raise
        if fault:
            raise fault
        return answered

    def _answer(self, pair: tuple[str, str]) -> Any:
        """Probabilities of the three words, or why there are none."""
        question = self._question(json.dumps(dict(zip(("text", "hypothesis"), pair, strict=True)), ensure_ascii=False))
        try:
            if not self._samples:
                reply = self._checked(self._server.ask(question, self._way))
                certain = _certain([reply.text])
                if not self._way.logprobs:
                    return certain
                if not (shares := probabilities_of(reply.tokens)):
                    raise Refused("the answer came without log-probabilities of yes, no and unclear")
                return shares
            tries = [
                self._checked(self._server.ask(question, self._way, temperature=_TRIES_AT, seed=seed)).text
                for seed in range(self._samples)
            ]
            return _certain(tries)
        except Refused as refusal:
            return {"refused": str(refusal)}

    def _checked(self, reply: Reply) -> Reply:
        if reply.served and reply.served != self._served:
            raise StanceError(
                f"{self._server.shown} answers {self._server.model!r} as {_plain(reply.served)} now, and did as "
                f"{_plain(self._served)} before: one result must not mix them. Name the exact version as --model."
            )
        return reply

    def expect(self, scoring: Callable[[Model], object]) -> None:
        """Tell :attr:`confirm` what a scoring will ask at most, after timing a few of its questions.

        Parameters
        ----------
        scoring
            Does what is to be done with the model it is given.
        """
        recorder = _Recorder(self)
        scoring(recorder)
        pairs = list(recorder.pairs)
        keys, known = self._keys(pairs), self.known(pairs)
        missing = [pair for pair in pairs if pair not in known]
        sample = missing[:: max(1, len(missing) // SAMPLE)][:SAMPLE]
        first, timed = sample[:1], sample[1:]  # with the first a server may still be loading the model
        self._ask({pair: keys[pair] for pair in first})
        began = time.monotonic()
        self._ask({pair: keys[pair] for pair in timed})
        each = (time.monotonic() - began) / max(1, len(timed))
        letters = [sum(map(len, pair)) + len(self._question("")) for pair in missing[: 100 * SAMPLE]]
        repeats = max(1, self._samples)
        left = len(missing) - len(sample)
        tokens = round(left * repeats * float(np.mean(letters or [0])) / _LETTERS)
        self.confirm(Estimate(len(pairs), len(known) + len(sample), tokens, left * repeats * _WORD, each * left))


_LETTERS = 4.0
"""Letters of a token in English, by the rule of thumb of the tokenizers' makers; costs are estimates."""
_WORD = 10
"""Tokens of an answer under the schema."""


class _Recorder(Model):
    """Keeps what it is asked. It answers as before where that is known, else yes, so that no question is missed."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.name, self.labels, self.marks, self.addressed = model.name, model.labels, model.marks, model.addressed
        self.defined = model.defined
        self.pairs: dict[tuple[str, str], None] = {}

    def predict(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        self.pairs |= dict.fromkeys(pairs)
        known = self._model.known(pairs)
        return np.array([known.get(pair, [1.0, 0.0, 0.0]) for pair in pairs]).reshape(len(pairs), -1)


def _certain(replies: Sequence[str]) -> list[float]:
    """Shares of the three words among replies.

    Raises
    ------
    Refused
        If none is one of the words.
    """
    words = Counter(word_of(reply) for reply in replies)
    total = sum(words[word] for word in WORDS)
    if not total:
        raise Refused("the answer is none of yes, no and unclear")
    return [words[word] / total for word in WORDS]


def _cancel(waiting: Iterable[Future[Any]]) -> None:
    for future in waiting:
        future.cancel()


def _row(answer: Any) -> list[float]:
    """A kept answer as probabilities; nan where there were none."""
    return [math.nan] * len(WORDS) if isinstance(answer, dict) else answer


def _plain(name: str) -> str:
    """A server's word for a model, without what could act in a file name, a terminal or a sheet."""
    return _ODD.sub("_", name)[:80]
