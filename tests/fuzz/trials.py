"""A table of trials: hostile inputs, and how often each is read right, refused in a sentence, or worse.

``python -m tests.fuzz.trials`` prints it as CSV. Tables of forty known rows are harmed in ways that lose something, so
that what is read can be held against what was there; the targets of the fuzzer have no such answer, and are counted as
read or refused.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from stance.corpus.documents import stream_corpus
from stance.schema import CorpusWarning, StanceError
from tests.fuzz.harm import Files, harmed
from tests.fuzz.targets import TARGETS, Fault, Target, hold

ROWS = {f"d{i}": f"Kyiv’s envoy welcomed round {i} of the talks, and Moscow did not." for i in range(40)}
RIGHT, REFUSED, TRACEBACK, WRONG = (
    "right, or what is missing is said",
    "refused in a sentence",
    "traceback",
    "silently wrong",
)
# What counts as silently wrong includes what no reader of the format could tell: a part gone that leaves whole rows, or
# that ends in a text of one row and begins in that of another, since CSV and JSON Lines carry no sums.
EACH = 6
"""Draws of a harm for each kind of table: with five kinds and seven harms some two hundred inputs."""


def tables() -> Iterator[tuple[str, bytes]]:
    """The same rows in several kinds of file."""
    for mark in ",;\t|":
        lines = [f"id{mark}text", *(f'{name}{mark}"{text}"' for name, text in ROWS.items())]
        yield f"x{ord(mark)}.csv", ("\n".join(lines) + "\n").encode()
    yield (
        "x.jsonl",
        "".join(json.dumps({"id": k, "text": v}, ensure_ascii=False) + "\n" for k, v in ROWS.items()).encode(),
    )


def _at(rng: random.Random, data: bytes) -> int:
    return rng.randrange(data.index(b"\n") + 1, len(data) - 1)


HARMS: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "cut": lambda rng, data: data[: _at(rng, data)],
    "a quotation mark put in": lambda rng, data: (at := _at(rng, data)) and data[:at] + b'"' + data[at:],
    "a quotation mark lost": lambda rng, data: data[: (at := data.index(b'"', _at(rng, data) // 2))] + data[at + 1 :],
    "zero bytes": lambda rng, data: (at := _at(rng, data)) and data[:at] + b"\0" * 64 + data[at + 64 :],
    "a byte of another encoding": lambda rng, data: (at := _at(rng, data)) and data[:at] + b"\xe9" + data[at:],
    "a line twice": lambda rng, data: data + data[data.rindex(b"\n", 0, -1) + 1 :],
    "a part gone": lambda rng, data: (at := _at(rng, data)) and data[:at] + data[at + rng.randrange(1, 300) :],
}  # fmt: skip


def judged(name: str, data: bytes) -> str:
    """What becomes of a table: every row read as it was, or something said."""
    said: list[object] = []
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings(record=True) as noticed:
        warnings.simplefilter("always")
        path = Path(place, name)
        path.write_bytes(data)
        try:
            read = {d.id: d.text for d in stream_corpus(path, rejected=said.append)}
        except StanceError:
            return REFUSED
        except Exception:
            return TRACEBACK
    if any(getattr(fault, "whole_file", False) for fault in said):
        return REFUSED
    told = said or any(issubclass(warning.category, CorpusWarning) for warning in noticed)
    return RIGHT if read == ROWS or told else WRONG


def known_rows(count: Counter[tuple[str, str]], number: int) -> None:
    """Tables of which it is known what they held."""
    for name, data in tables():
        for harm, done in HARMS.items():
            for draw in range(EACH):
                rng = random.Random(f"{number} {name} {harm} {draw}")  # noqa: S311
                count[harm, judged(name, done(rng, data))] += 1
    for draw in range(EACH):
        packed = gzip.compress(next(tables())[1], mtime=0)
        rng = random.Random(f"{number} {draw}")  # noqa: S311
        count["a compressed file cut", judged("x.csv.gz", packed[: rng.randrange(20, len(packed) - 1)])] += 1


def fuzzed(count: Counter[tuple[str, str]], number: int, each: int = 20) -> None:
    """Harmed files for every other reader: configurations, model folders, codebooks, sheets, results folders."""
    for name, target in TARGETS.items():
        good = target.good()
        for outcome in _outcomes(target, good[number % len(good)], number, each):
            count[name, outcome] += 1


def _outcomes(target: Target, good: Files, number: int, each: int) -> list[str]:
    found: list[str] = []

    @seed(number)
    @settings(
        max_examples=each, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(harmed(good))
    def one(files: Files) -> None:
        try:
            found.append("read, not judged" if hold(target, files) else REFUSED)
        except Fault:
            found.append(TRACEBACK)

    one()
    return found


def main() -> None:
    """Print the table, and the sums on the standard error."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    count: Counter[tuple[str, str]] = Counter()
    known_rows(count, number)
    fuzzed(count, number)
    csv.writer(sys.stdout, lineterminator="\n").writerows(
        [("input", "outcome", "trials"), *((what, how, n) for (what, how), n in sorted(count.items()))]
    )
    sums: Counter[str] = Counter()
    for (_, how), n in count.items():
        sums[how] += n
    print(f"{count.total()} trials: " + ", ".join(f"{how} {n}" for how, n in sums.most_common()), file=sys.stderr)


if __name__ == "__main__":
    main()
