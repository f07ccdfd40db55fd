"""A server that speaks OpenAI's protocol: Ollama, vLLM, llama.cpp or a paid service. The only home of ``openai``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from stance.schema import StanceError
from stance.scoring._answers import SCHEMA, Token

RETRIES = 6
"""The client waits .5 to 8 seconds between tries, or as long as the server asks for: half a minute in all, in which a
server that is starting again is back."""
TIMEOUT = 120.0
"""Seconds for one word: a large model on a laptop may have to be loaded first."""
_MOST_TOKENS = 16
"""``{"answer": "unclear"}`` is 8 to 11 tokens in the tokenizers of Llama, Qwen and GPT."""
_ALTERNATIVES = 20
"""What OpenAI's protocol gives at most."""


class Refused(Exception):
    """The server does not answer this one question; others it may."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a server is asked: with a schema for the reply or not, with log-probabilities or not."""

    schema: bool
    logprobs: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the words, their tokens with alternatives if the server gives them, and which model answered."""

    text: str
    tokens: tuple[Token, ...]
    served: str


class Server:
    """One model of one server.

    Parameters
    ----------
    model
        As the server calls it.
    base_url
        Its address; left out: ``OPENAI_BASE_URL``, or OpenAI's own.

    Raises
    ------
    StanceError
        If the extra ``llm`` is missing, or the address is none.
    """

    def __init__(self, model: str, base_url: str | None = None) -> None:
        try:
            import openai
        except ModuleNotFoundError:
            raise StanceError("A language model needs the package openai: pip install 'stance-suite[llm]'") from None
        self.model = model
        self.base_url = (base_url or os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1").rstrip("/")
        if not self.base_url.startswith(("http://", "https://")):
            raise StanceError(
                f"The address {self.base_url!r} must begin with http:// or https://, as http://localhost:11434/v1."
            )
        parts = urlsplit(self.base_url)
        self.shown = f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"
        self._openai = openai
        key = os.environ.get("OPENAI_API_KEY") or "EMPTY"  # what vLLM's users write; local servers ask for none
        self._client = openai.OpenAI(api_key=key, base_url=self.base_url, max_retries=RETRIES, timeout=TIMEOUT)

    def ask(self, question: str, way: Way, *, temperature: float = 0.0, seed: int = 0) -> Reply:
        """One question, one reply.

        Raises
        ------
        Refused
            If the server does not take this question.
        StanceError
            If the server cannot be reached, does not know the key or the model, or keeps failing.
        """
        asked: dict[str, Any] = {"response_format": SCHEMA} if way.schema else {}
        if way.logprobs:
            asked |= {"logprobs": True, "top_logprobs": _ALTERNATIVES}
        try:
            found = self._client.chat.completions.create(
                model=self.model,
                messages=[{"role": "user", "content": question}],
                temperature=temperature,
                seed=seed,
                max_tokens=_MOST_TOKENS,
                **asked,
            )
        except self._openai.OpenAIError as error:
            raise self._told(error) from None
        except ValueError as error:  # a body that is no JSON
            raise self._no_reply(_short(error)) from None
        try:
            return _reply(found)
        except (AttributeError, TypeError, ValueError, KeyError, IndexError) as error:
            raise self._no_reply(type(error).__name__) from None

    def _no_reply(self, why: str) -> StanceError:
        """What stands for something else than an answer: a proxy's page, a provider's error."""
        return StanceError(
            f"{self.shown} replies with something that is no answer of this protocol ({why}). See that the address is "
            "right and the service works, and run again: what was answered is kept and not asked again."
        )

    def _told(self, error: Exception) -> Exception:
        """A client's error in words: of this question alone, or of all."""
        openai = self._openai
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            return StanceError(f"{self.shown} does not take the key. Set OPENAI_API_KEY to one that it knows.")
        if isinstance(error, openai.NotFoundError):
            return StanceError(
                f"{self.shown} has no model {self.model!r}, or is no address of this protocol ({_short(error)}). "
                f"See what it has: {self.shown}/models"
            )
        if isinstance(error, openai.APITimeoutError | openai.APIConnectionError):
            return StanceError(
                f"No server answers at {self.shown}. Start it, or give its address: --base-url or OPENAI_BASE_URL. "
                "What was answered before is kept and not asked again."
            )
        if not isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError):
            return StanceError(
                f"{self.shown} keeps failing ({_short(error)}). Run the same again later: "
                "what was answered is kept and not asked again."
            )
        return Refused(f"the server refused the question ({_short(error)})")


def _reply(found: Any) -> Reply:
    """What is needed of a reply; servers leave out, or fill oddly, nearly everything else."""
    choice = found.choices[0]
    listed = getattr(getattr(choice, "logprobs", None), "content", None) or []
    tokens = tuple(
        Token(str(t.token), tuple((str(a.token), float(a.logprob)) for a in t.top_logprobs or [])) for t in listed
    )
    return Reply(choice.message.content or "", tokens, str(getattr(found, "model", "") or ""))


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


_PROBE = '{{"text": "Ann Lee said that < {} >.", "hypothesis": "Ann Lee supports the bridge."}}'
PROBES = tuple(map(_PROBE.format, ("the bridge is a gift to us", "the bridge must not be built", "it will rain")))
"""Questions whose answers do not matter: they are asked, until one is a clean answer, to see what the server gives."""
WAYS = (Way(True, True), Way(False, True), Way(True, False), Way(False, False))
"""Which are tried, the most telling first: a schema makes every reply an answer, log-probabilities grade it."""
