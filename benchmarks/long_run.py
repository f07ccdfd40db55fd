"""A long run of ``stance batch``: rate and memory as they go, killed twice and started again; CSV on the output.

``python benchmarks/long_run.py 200000 FOLDER --model small --workers 2``. The documents are made by rule: a headline
and one or two short sentences. Columns: seconds since the beginning, starts so far, shards that are done, documents a
second since the row before, megabytes of the largest process and of all of them.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

HEADLINES = ("Talks go on", "No deal on day {}", "Envoys meet again", "A long night", "Plan {} is back")
SPEAKERS = ("Putin", "Kyiv", "Zelensky", "Trump", "Moscow", "The White House", "Macron", "A mediator")
SAID = (
    "said that round {} of the talks was useful.", "rejected plan {} on Monday.", "welcomed the talks in hall {}.",
    "told reporters that meeting {} came too late.", "called proposal {} a step forward.",
    "warned that the talks about point {} were a trap.",
)  # fmt: skip
EVERY = 10
"""Seconds between two rows: many shards would else be too few, and few shards too many."""


def corpus(path: Path, n: int) -> None:
    rng = random.Random(1)  # noqa: S311
    with path.open("w") as file:
        for i in range(n):
            said = [f"{rng.choice(SPEAKERS)} {rng.choice(SAID)}" for _ in range(rng.randint(1, 2))]
            headline, *said = (words.format(rng.randrange(10**6)) for words in (rng.choice(HEADLINES), *said))
            file.write(json.dumps({"id": f"d{i}", "text": headline + "\n\n" + " ".join(said)}) + "\n")


def memory(pid: int) -> tuple[int, int]:
    """Megabytes of the largest process of a run, and of all; what several share counts in each."""
    try:
        parent = psutil.Process(pid)
        held = [p.memory_info().rss for p in (parent, *parent.children(recursive=True))]
    except psutil.NoSuchProcess:
        return 0, 0
    return round(max(held) / 1e6), round(sum(held) / 1e6)


def watched(command: list[str], out: Path, size: int, kills: list[int]) -> Iterator[list[object]]:
    """A row every few seconds, until all is done."""
    began = time.monotonic()
    for start in itertools.count(1):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seen, at = len(list(out.glob("sentiment/*.parquet"))), time.monotonic()
        while process.poll() is None:
            time.sleep(EVERY)
            done, now = len(list(out.glob("sentiment/*.parquet"))), time.monotonic()
            rate = (done - seen) * size / (now - at)
            yield [round(now - began), start, done, round(rate, 1), *memory(process.pid)]
            seen, at = done, now
            if kills and done >= kills[0]:
                kills.pop(0)
                process.kill()
        if process.wait() == 0:
            return
        if process.returncode > 0:
            raise SystemExit(f"The run ended with exit code {process.returncode}: start {' '.join(command)} by hand.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="small")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--shard-size", type=int, default=500)
    parser.add_argument("--kill-at", type=int, nargs="*", help="once so many shards are done; else at thirds of all")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    corpus(options.folder / "corpus.jsonl", options.documents)
    out = options.folder / "out"
    command = [sys.executable, "-m", "stance", "batch", str(options.folder / "corpus.jsonl"), "--out", str(out)]
    command += ["--model", options.model, "--wordings", "one", "--workers", str(options.workers)]
    command += ["--shard-size", str(options.shard_size)]
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["seconds", "start", "shards", "documents a second", "largest process (MB)", "all processes (MB)"])
    shards = -(-options.documents // options.shard_size)
    kills = [shards // 3, 2 * shards // 3] if options.kill_at is None else options.kill_at
    for row in watched(command, out, options.shard_size, kills):
        rows.writerow(row)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
