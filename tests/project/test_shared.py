"""Measures on data that users do not have: skipped with a sentence where it is absent."""

import json
import subprocess
import sys

import pandas as pd
import pytest

import stance
from stance.results.records import segments_jsonl


@pytest.fixture(scope="module")
def attribution_scores(shared, tmp_path_factory, sample, codebook):
    path = tmp_path_factory.mktemp("scores") / "segments.jsonl"
    path.write_text(segments_jsonl(stance.segment(sample, codebook)), encoding="utf-8")
    scorer, gold = shared / "tools" / "score_attributions.py", shared / "gold" / "gold_seed.json"
    done = subprocess.run(
        [sys.executable, scorer, gold, path, "--document", "alaska_summit"], capture_output=True, text=True, check=True
    )
    print(done.stdout)
    return {
        line.split(":")[0]: float(line.split("F1 ")[1].split()[0]) for line in done.stdout.splitlines() if "F1" in line
    }


def test_the_right_actor_is_found_in_the_sample(attribution_scores):
    assert attribution_scores["+actor"] >= 0.70


def test_sentiment_on_newsmtsc(shared, model):
    from sklearn.metrics import f1_score

    rows = [json.loads(line) for line in (shared / "data" / "newsmtsc" / "dev_rw.jsonl").open(encoding="utf-8")]
    scored = stance.score_rows(pd.DataFrame(rows), "sentiment", model)
    score = f1_score(scored["input_label"], scored["label"], average="macro")
    print(f"NewsMTSC dev_rw macro-F1 {score:.3f}")
    assert score >= 0.72
