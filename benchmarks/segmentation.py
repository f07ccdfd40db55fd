"""Words per second of segmentation beside its parser alone, on one core: python benchmarks/segmentation.py

Both are timed in turn, several times, in one process; ratios hold where seconds do not.
"""

import gc
import json
import os
import statistics
import time
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import torch

import stance
from stance.attribution.segments import Segmenter
from stance.text.paragraphs import paragraphs
from stance.text.syntax import dependencies

ROUNDS = 5
PASSAGES = Path(__file__).parents[1] / "gold/passages"


def main():
    torch.set_num_threads(1)
    rows = [json.loads(line) for line in (PASSAGES / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    documents = [stance.Document(row["doc_id"], row["text"]) for row in rows]
    segmenter = Segmenter(stance.read_codebook(PASSAGES / "codebook.yml"))
    words = sum(len(d.text.split()) for d in documents)
    steps = {
        "parser alone": lambda d: dependencies(d.text, paragraphs(d.text)),
        "segmentation": segmenter.segment,
    }
    seconds = {name: [] for name in steps}
    for turn in range(ROUNDS + 1):
        if turn == 1:
            gc.freeze()  # or collections of what was loaded fall into one of the two at random
        for name, step in steps.items():
            began = time.process_time()
            for document in documents:
                step(document)
            if turn:  # the first round loads and warms up
                seconds[name].append(time.process_time() - began)
    for name, taken in seconds.items():
        print(f"{name:14} {words / statistics.median(taken):7.0f} words/s")
    ratios = [a / b for a, b in zip(seconds["parser alone"], seconds["segmentation"], strict=True)]
    spread = f"({min(ratios):.0%} to {max(ratios):.0%})"
    print(f"segmentation runs at {statistics.median(ratios):.0%} of the parser's rate {spread}")


if __name__ == "__main__":
    main()
