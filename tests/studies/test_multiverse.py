"""How often a multiverse holds the truth: counted by hand, and models are run once. All rows are invented."""

import numpy as np
import pandas as pd
import pytest

from tests.support.fakes import FakeModel


@pytest.fixture(scope="module")
def job(script):
    return script("benchmarks/multiverse.py")


def test_what_is_summed_up_by_hand(job):
    lines = pd.DataFrame(
        {"draw": [0, 0, 1, 1], "estimator": "naive", "estimate": [0.2, 0.3, 0.2, -0.1], "low": [0.1, 0.25, 0.0, -0.2],
         "high": [0.3, 0.35, 0.4, 0.3]}
    )  # fmt: skip
    (row,) = job.summed_up(lines, truth=0.2).to_dict("records")
    assert (row["draws"], row["specifications"]) == (2, 2)
    assert (row["held"], row["all_hold"], row["all_same_sign"]) == (0.75, 0.5, 0.5)
    assert (row["same_sign"], row["leaves_zero"], row["spread"]) == (0.75, 0.5, pytest.approx(0.2))
    assert row["median_holds"] == 1.0  # 0.175 to 0.325, and -0.1 to 0.35


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    names = [f"a_1_{name} {i}_0_9" for i, name in enumerate(["Donald Trump", "Barack Obama"] * 60)]
    label = rng.choice(["positive", "negative", "neutral"], 120)
    actor = ["Republicans", "Democrats"] * 60
    texts = [f"Ann Lee met nobody in hall {i}." for i in range(120)]
    return pd.DataFrame({"id": names, "text": texts, "target": "Ann Lee", "label": label, "actor": actor})


def test_models_are_run_once_and_every_choice_is_drawn(job, rows, tmp_path, monkeypatch):
    asked = []
    fake = FakeModel()
    real = fake.predict
    monkeypatch.setattr(fake, "predict", lambda pairs: asked.append(len(pairs)) or real(pairs))
    monkeypatch.setattr(job.stance, "load_model", lambda name: fake)
    first = job.kept(rows, "fake", tmp_path)
    before = len(asked)
    again = job.kept(rows, "fake", tmp_path)
    assert before == len(asked) > 0 and first.equals(again) and "text" not in first
    tables = list(job.specifications(rows, first))
    assert len(tables) == (4 + 1) * 2
    monkeypatch.setattr(job, "LABELLED", 60)
    lines = pd.DataFrame(job.draw(tables, rows["label"].to_numpy(), 3))
    assert len(lines) == 10 * 3 and lines["estimate"].notna().all()
    assert lines.equals(pd.DataFrame(job.draw(tables, rows["label"].to_numpy(), 3)))
