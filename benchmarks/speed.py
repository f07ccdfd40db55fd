"""How fast, how faithful, how much memory: python benchmarks/speed.py [--out results]

Compared is the stock ``pipeline("zero-shot-classification")`` of transformers in float32, with the same weights, texts
and one core, at its faster of batch 1 and 8. All ways of scoring take turns in one process, so that what else the
machine does falls on all alike; ratios hold where rates do not. Sets of the developers' shared folder (STANCE_SHARED)
are used if they are there, else the invented passages in gold/passages.
"""

import argparse
import contextlib
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false")
ALL_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]

import numpy as np
import pandas as pd
import psutil
import torch
from transformers import pipeline

import stance
from stance.codebook import STANCE
from stance.corpus.rows import read_rows
from stance.plots.diagnostics import plot_speed
from stance.schema import sha256
from stance.scoring.entailment import judge, phrase
from stance.scoring.premises import Item
from stance.scoring.rows import score_rows

ROUNDS = 5
TEXTS = 64
PASSAGES = Path(__file__).parents[1] / "gold/passages/dev.jsonl"
TARGET = "the talks"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default="results")
    parser.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS), help="what to measure anew")
    arguments = parser.parse_args()
    file = Path(arguments.out) / "tables/00_speed.csv"
    columns = ["part", "model", "what", "value", "unit", "ratio", "low", "high", "to"]
    for name in arguments.part:
        table = pd.DataFrame(PARTS[name](), columns=columns)
        print(table.to_string(index=False), flush=True)
        if file.is_file():
            before = pd.read_csv(file, keep_default_na=False, na_values={c: [""] for c in ("ratio", "low", "high")})
            table = pd.concat([before[before["part"] != name], table], ignore_index=True)
        table = table.sort_values("part", key=lambda part: part.map(list(PARTS).index), kind="stable")
        inputs = stance.Inputs({"benchmark texts": sha256("\n".join(texts()).encode())}, "", None)
        stance.save("00_speed", plot_speed(table), table, inputs, out=arguments.out)


def texts():
    """Sentences of news, in an order that mixes lengths."""
    shared = os.environ.get("STANCE_SHARED")
    if shared and (file := Path(shared) / "data/newsmtsc/dev_rw.jsonl").is_file():
        found = list(dict.fromkeys(read_rows(file)["text"]))
    else:
        found = [line for row in PASSAGES.open() for line in json.loads(row)["text"].split(". ") if len(line) > 40]
    return found[:: max(1, len(found) // TEXTS)][:TEXTS]


def pinned(core=ALL_CORES[0]):
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    torch.set_num_threads(1)


def turns(ways, rounds=ROUNDS):
    """Seconds of each way of doing the same, taking turns; the first turn warms up."""
    seconds = {name: [] for name in ways}
    for turn in range(rounds + 1):
        if turn == 1:
            gc.collect()
            gc.freeze()
        for name, way in ways.items():
            began = time.process_time()
            way()
            if turn:
                seconds[name].append(time.process_time() - began)
    return seconds


def speed():
    """Pairs per second, and three-way stance of texts, over the stock pipeline."""
    pinned()
    read = texts()
    for name in ("small", "base"):
        plain, fast = stance.load_model(name), stance.load_model(name, backend="onnx")
        stock = pipeline("zero-shot-classification", model=plain._model, tokenizer=plain._tokenizer, device=-1)
        wordings = (*STANCE.favor, *STANCE.against)[:3]
        labels = [phrase(wording, None, TARGET) for wording in wordings]
        pairs = [(text, label) for text in read for label in labels]

        def asked(batch, read=read, labels=labels, stock=stock):
            return stock(read, labels, hypothesis_template="{}", batch_size=batch)

        items = [Item(text, None, TARGET) for text in read]
        ways = {
            "stock, batch 1": lambda: asked(1),
            "stock, batch 8": lambda: asked(8),
            "torch": lambda plain=plain, pairs=pairs: plain.predict(pairs),
            "onnx": lambda fast=fast, pairs=pairs: fast.predict(pairs),
            "onnx, stance": lambda fast=fast, items=items: judge(items, STANCE, fast, measure="stance", wordings="one"),
        }
        seconds = turns(ways, ROUNDS if name == "small" else 2)
        best = min(("stock, batch 1", "stock, batch 8"), key=lambda way: statistics.median(seconds[way]))
        for way in ways:
            done, unit = (len(pairs), "pairs/s") if way != "onnx, stance" else (len(read), "texts/s")
            yield line("speed", name, way, done, unit, seconds[way], seconds[best], best)
            if way == best:
                yield line("speed", name, "stock, three labels", len(read), "texts/s", seconds[best])
    size = 1024
    left, right = torch.randn(size, size), torch.randn(size, size)
    taken = turns({"product": lambda: [left @ right for _ in range(20)]})["product"]
    gflops = 20 * 2 * size**3 / 1e9
    yield line("speed", "", "matrix product, float32", gflops, "GFLOP/s", taken)


def line(part, model, what, done, unit, seconds, others=None, to=""):
    """A rate, and how many times as fast as another way: the median over turns, and its range."""
    row = {"part": part, "model": model, "what": what, "value": done / statistics.median(seconds), "unit": unit}
    if others is not None:
        ratios = [b / a for a, b in zip(seconds, others, strict=True)]
        row |= {"ratio": statistics.median(ratios), "low": min(ratios), "high": max(ratios), "to": to}
    return row


def fidelity():
    """Labels that int8 leaves as float32 has them, on development rows of news."""
    shared = os.environ.get("STANCE_SHARED")
    folder = Path(shared or ".") / "data/newsmtsc"
    files = sorted(folder.glob("dev*.jsonl"))
    if not files:
        print("labels of int8 and float32 are compared on NewsMTSC, which STANCE_SHARED would hold", file=sys.stderr)
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(ALL_CORES))
    for name in ("small", "base"):
        plain, fast = stance.load_model(name), stance.load_model(name, backend="onnx")
        rows = pd.concat([read_rows(file) for file in files], ignore_index=True).rename(columns={"label": "gold"})
        scored = {m.name: score_rows(rows, "sentiment", m) for m in (plain, fast)}
        a, b = scored[plain.name], scored[fast.name]
        columns = [c for c in a if c.startswith("p_")]
        same, shift = float((a["label"] == b["label"]).mean()), float((a[columns] - b[columns]).abs().to_numpy().mean())
        yield {"part": "fidelity", "model": name, "what": "labels equal to float32", "value": same, "unit": "share"}
        yield {"part": "fidelity", "model": name, "what": "mean shift of a probability", "value": shift, "unit": ""}


def start():
    """Seconds until ``import stance`` is done, and of a whole ``stance run`` on the sample article, warm."""
    code = "import time; t = time.perf_counter(); import stance; print(time.perf_counter() - t)"
    taken = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
             for _ in range(ROUNDS)]  # fmt: skip
    yield {"part": "start", "model": "", "what": "import stance", "value": statistics.median(taken), "unit": "s"}
    for name in ("small", "base"):
        for backend in ("torch", "onnx"):
            seconds = []
            for _ in range(2):
                with tempfile.TemporaryDirectory() as folder:
                    seconds.append(command("run", "--model", name, "--backend", backend, "--out", folder)[0])
            what = f"stance run, all outputs, {backend}"
            yield {"part": "start", "model": name, "what": what, "value": seconds[-1], "unit": "s"}


SMALLEST = 30
"""Documents of the corpus at 1×, and in a shard."""
SENTENCES = 5


def whole_path():
    """Documents per second of ``stance batch``, its memory as the corpus grows, and two workers beside one."""
    found = [line.strip() for row in PASSAGES.open() for line in json.loads(row)["text"].split("\n") if line.strip()]
    rng = np.random.default_rng(0)
    peaks, seconds = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for times, workers in ((1, 2), (10, 1), (10, 2), (40, 1), (40, 2), (100, 2)):
            corpus = Path(folder) / f"{times}.jsonl"
            with corpus.open("w") as file:
                for i in range(times * SMALLEST):
                    chosen = "\n\n".join(rng.choice(found, SENTENCES, replace=False))
                    file.write(json.dumps({"id": f"d{i}", "text": f"{chosen}\n\nThis was report {i}."}) + "\n")
            out = Path(folder) / f"{times}-{workers}"
            options = ("--model", "small", "--backend", "onnx", "--wordings", "one", "--shard-size", str(SMALLEST // 3))
            codebook = ("--codebook", str(PASSAGES.with_name("codebook.yml")))
            taken, peak = command("batch", corpus, "--out", out, "--workers", str(workers), *codebook, *options)
            seconds[times, workers] = taken
            what = (
                f"stance batch, {times * SMALLEST} documents, {workers} worker{'s' if workers > 1 else ''}, with start"
            )
            yield {
                "part": "batch",
                "model": "small",
                "what": what,
                "value": times * SMALLEST / taken,
                "unit": "documents/s",
            }
            if workers == 2 and times in (1, 10, 100):
                peaks[times] = peak
                row = {"part": "batch", "model": "small", "what": f"peak memory, {times}×", "value": peak, "unit": "GB"}
                yield row | ({"ratio": peak / peaks[1], "to": "1×"} if times > 1 else {})
    running = {n: 30 * SMALLEST / (seconds[40, n] - seconds[10, n]) for n in (1, 2)}  # the start falls out
    for n, rate in running.items():
        row = {
            "part": "batch",
            "model": "small",
            "what": f"once running, {n} worker{'s' if n > 1 else ''}",
            "value": rate,
        }
        yield row | {"unit": "documents/s"} | ({"ratio": rate / running[1], "to": "one worker"} if n > 1 else {})


def command(*arguments):
    """Seconds and peak memory (GB, all its processes together) of a ``stance`` command."""
    began = time.perf_counter()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(ALL_CORES))
    environment = {k: v for k, v in os.environ.items() if k not in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    running = psutil.Popen(
        [sys.executable, "-m", "stance", *map(str, arguments)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    peak = 0
    while running.poll() is None:
        with contextlib.suppress(psutil.Error):
            peak = max(peak, sum(p.memory_info().rss for p in (running, *running.children(recursive=True))))
        time.sleep(0.1)
    if running.returncode:
        sys.exit(f"stance {' '.join(map(str, arguments))} failed: {running.stderr.read()[-500:]}")
    return time.perf_counter() - began, peak / 1e9


PARTS = {"speed": speed, "fidelity": fidelity, "batch": whole_path, "start": start}


if __name__ == "__main__":
    main()
