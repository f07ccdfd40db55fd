"""Runs of ``stance batch`` that are disturbed on purpose: killed, starved of disk, or robbed of a worker.

``python -m tests.support.chaos CORPUS OUT`` is such a run with a model that answers at once, in real processes.
"""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from stance.schema import sha256

SIGNALS, WHO = ("KILL", "TERM", "INT", "HUP"), ("main", "group", "worker")
WAYS = ("disk", *(f"{sign} {who}" for sign in SIGNALS for who in WHO))
"""A disk that is full, and which signal goes to the main process alone, to all (as Ctrl-C does), or to one worker."""
_PAUSE = 0.05
"""Seconds at most between the event and the harm, so that it falls between any two steps of writing."""
_WAIT = 300
"""Seconds until a run that does nothing is a failed test; none should come near it."""


@dataclass(frozen=True)
class Harm:
    """What is done to a run, once it has written so many files more than were there."""

    way: str
    files: int
    pause: float
    room: int
    """Bytes that a file may have where the disk is full."""


def harms(seed, n, most=40):
    """Some harms, the same for the same seed; each way is taken before one is taken again."""
    rng = random.Random(seed)  # noqa: S311
    ways = rng.sample(WAYS, len(WAYS)) * (n // len(WAYS) + 1)
    return [Harm(way, rng.randrange(most), rng.uniform(0, _PAUSE), rng.randrange(100, 4000)) for way in ways[:n]]


def contents(folder):
    """Bytes by path, without what is no result."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != ".lock")
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def disturbed(command, out, harm=None):
    """Run a command on a folder, do a harm to it, and return its exit code and what it said.

    A run that is done before its harm comes is left in peace.
    """

    def starve():
        resource.setrlimit(resource.RLIMIT_FSIZE, (harm.room, harm.room))

    before = _count(out)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True,
        preexec_fn=starve if harm and harm.way == "disk" else None,
    )  # fmt: skip
    if harm and harm.way != "disk":
        _wait(lambda: process.poll() is not None or _count(out) - before >= harm.files)
        time.sleep(harm.pause)
        _harm(process.pid, harm.way)
    said, complained = process.communicate(timeout=_WAIT)
    return process.returncode, said + complained


def _count(out):
    return sum(1 for _ in out.rglob("*")) if out.exists() else 0


def _harm(pid, way):
    try:
        sign, who = way.split()
        number = signal.Signals[f"SIG{sign}"]
        if who == "main":
            os.kill(pid, number)
        elif who == "group":
            os.killpg(pid, number)
        else:
            workers = [c for c in psutil.Process(pid).children() if "spawn_main" in " ".join(c.cmdline())]
            for worker in workers[:1]:
                worker.send_signal(number)
    except (ProcessLookupError, psutil.NoSuchProcess):
        pass  # it is done already


def _wait(come):
    ends = time.monotonic() + _WAIT
    while not come():
        assert time.monotonic() < ends, "nothing happens"
        time.sleep(0.002)


def check_halfway(out):
    """After any harm: the manifest can be read, and each shard that it names is there to the last byte."""
    if (out / "manifest.json").exists():
        for entry in json.loads((out / "manifest.json").read_bytes())["shards"].values():
            for path, known in entry["files"].items():
                assert sha256((out / path).read_bytes()) == known, path


def left_over(command):
    """Processes of a command that outlive their parent, after the moment that it takes them to notice."""
    out = command[-1]

    def living():
        return [p for p in psutil.process_iter(["cmdline"]) if out in (p.info["cmdline"] or [])]

    _wait(lambda: not living())


def write_corpus(path, n):
    """A corpus by rule."""
    rows = [
        f"Putin said that the talks of day {i} were useful. Kyiv rejected plan {i}; Trump praised it." for i in range(n)
    ]
    path.write_text("".join(json.dumps({"id": f"d{i}", "text": text}) + "\n" for i, text in enumerate(rows)))
    return path


def score_fake(shard, folder, name, job):
    """A shard with a model that answers at once; everything else is as it is."""
    from stance.attribution.segments import Segmenter
    from stance.pipeline import shard as module
    from tests.support.fakes import FakeModel

    module._held.setdefault(
        (job.codebook.fingerprint, job.target, job.model_name, job.backend, job.base_url or ""),
        module._Tools(Segmenter(job.codebook, tagger=None), FakeModel(), job.codebook.target(job.target)),
    )
    return module.score_shard(shard, folder, name, job)


def main(corpus, out):
    """A batch of two workers, with the exit codes of the command."""
    from stance.cli.faults import told
    from stance.codebook import read_codebook
    from stance.corpus.documents import read_corpus
    from stance.pipeline import batch
    from stance.pipeline.shard import Job

    batch.score_shard = score_fake
    book = read_codebook()
    job = Job(book, book.target(None).id, "fake", "torch", "one", "fake@0/none")
    with told(debug=False):
        batch.run_batch(lambda: read_corpus(Path(corpus)), job, out, workers=2, shard_size=2)


if __name__ == "__main__":
    from tests.support import chaos  # so that workers find the function by its name

    chaos.main(*sys.argv[1:])
