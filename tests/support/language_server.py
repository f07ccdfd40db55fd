"""A server of OpenAI's protocol on loopback that answers by rule, and can be told to fail in any of the usual ways."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORDS = ("yes", "no", "unclear")


def shares(question: str) -> list[float]:
    """Probabilities that depend on the letters of a question alone."""
    asked = question.partition('{"text"')[2]
    raw = [1 + sum(map(ord, asked)) % (5 + 2 * i) for i in range(3)]
    return [value / sum(raw) for value in raw]


class Served:
    """What a running server was asked, and how it behaves.

    Attributes
    ----------
    asked
        The questions, in the order in which they came.
    logprobs, schema
        ``True``; ``"empty"``: the flag is taken and nothing given; ``False``: refused with 400.
    before
        Called with each body before it is answered: returns None, or (status, body) instead of an answer.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.logprobs: bool | str = True
        self.schema: bool = True
        self.model = "tiny-1.0"
        self.answer: Callable[[str], str] | None = None
        self.before: Callable[[dict[str, Any]], tuple[int, str] | None] = lambda body: None
        self.lock = threading.Lock()
        self.url = ""

    def reply(self, body: dict[str, Any]) -> tuple[int, str]:
        question = body["messages"][0]["content"]
        with self.lock:
            self.asked.append(question)
            self.bodies.append(body)
        if (early := self.before(body)) is not None:
            return early
        if ("response_format" in body and not self.schema) or (body.get("logprobs") and self.logprobs is False):
            return 400, json.dumps({"error": {"message": "unsupported field"}})
        probabilities = shares(question)
        word = self.answer(question) if self.answer else WORDS[probabilities.index(max(probabilities))]
        text = json.dumps({"answer": word}) if "response_format" in body and word in WORDS else word
        choice: dict[str, Any] = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": "stop",
        }
        if body.get("logprobs"):
            choice["logprobs"] = {"content": self.tokens(text, word, probabilities) if self.logprobs is True else []}
        usage = {"prompt_tokens": len(question) // 4, "completion_tokens": 3, "total_tokens": len(question) // 4 + 3}
        return 200, json.dumps(
            {
                "id": "x",
                "object": "chat.completion",
                "created": 0,
                "model": self.model,
                "choices": [choice],
                "usage": usage,
            }
        )

    def tokens(self, text: str, word: str, probabilities: list[float]) -> list[dict[str, Any]]:
        pieces = [piece for piece in text.partition(word) if piece] if word else []
        top = [{"token": w, "logprob": math.log(p)} for w, p in zip(WORDS, probabilities, strict=True)]
        other = [{"token": "perhaps", "logprob": -3.0}]
        return [
            {"token": p, "logprob": -0.1, "top_logprobs": (top if word in WORDS else other) if p == word else []}
            for p in pieces
        ]


@contextmanager
def language_server() -> Iterator[Served]:
    """A server on a free port of loopback, for as long as the block lasts."""
    served = Served()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, text = served.reply(body)
            if status == 0:  # the connection breaks
                self.connection.close()
                return
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            if status == 429:
                self.send_header("Retry-After", "0.01")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
