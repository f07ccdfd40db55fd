"""Fuzz for a while: ``python -m tests.fuzz --seconds 600``. What is found is written to ``tests/fuzz/found``."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.harm import Files, harmed
from tests.fuzz.targets import FOUND, TARGETS, Fault, hold

_ROUND = 40
"""Inputs before it is another target's turn: few, so that a minute reaches all of them."""


def fuzz(name: str, number: int, seconds: float, count: Counter[str]) -> tuple[Files, Fault] | None:
    """One round on one target; the first input that did more than it may, with what it did."""
    target, ends = TARGETS[name], time.monotonic() + seconds
    good = target.good()
    found: list[tuple[Files, Fault]] = []

    @seed(number)
    @settings(
        max_examples=_ROUND, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(harmed(good[number % len(good)]))
    def one(files: Files) -> None:
        if found or time.monotonic() > ends:
            return
        try:
            count[f"{name}: {'read' if hold(target, files) else 'refused'}"] += 1
        except Fault as fault:
            found.append((files, fault))

    one()
    return found[0] if found else None


def keep(name: str, files: Files, good: list[Files]) -> str:
    """Write what differs from the good files to the corpus of found inputs."""
    changed = {path: data for path, data in files.items() if all(g.get(path) != data for g in good)}
    place = FOUND / name / hashlib.sha256(repr(sorted(changed.items())).encode()).hexdigest()[:8]
    for path, data in changed.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    return str(place)


def main() -> None:
    """Take the targets in turn until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="Default: another one each time.")
    parser.add_argument("--target", choices=TARGETS, action="append", help="Repeatable; default: all.")
    options = parser.parse_args()
    ends, number = time.monotonic() + options.seconds, options.seed
    count: Counter[str] = Counter()
    kinds: set[str] = set()
    while time.monotonic() < ends:
        for name in options.target or TARGETS:
            left = ends - time.monotonic()
            found = fuzz(name, number, left, count) if left > 0 else None
            if found and f"{name}: {str(found[1])[:60]}" not in kinds:
                kinds.add(f"{name}: {str(found[1])[:60]}")
                print(f"{name}: {found[1]}\n  kept in {keep(name, found[0], TARGETS[name].good())}", flush=True)
        number += 1
    print(f"seed {options.seed}; " + ", ".join(f"{what} {n:,}" for what, n in sorted(count.items())))
    if kinds:
        sys.exit(1)


if __name__ == "__main__":
    main()
