"""The fast backend: the same score for the same pair, near float32, exported once and kept."""

import copy
import json
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stance
from stance import machine
from stance.codebook import STANCE
from stance.pipeline.shard import Job
from stance.schema import StanceError
from stance.scoring import onnx_encoder
from stance.scoring._onnx_export import TEXTS, _smoothed
from stance.scoring.entailment import judge
from stance.scoring.premises import Item

PAIRS = [
    ("Kyiv welcomed the plan.", "Kyiv supports the plan."),
    ("“Never,” said the minister, and left the hall without another word.", "The minister opposes the talks."),
    ("It rained.", "The text supports the talks."),
    ("The senator " + "again and again " * 40 + "praised the accord.", "The senator supports the accord."),
]


@pytest.fixture(scope="module")
def fast():
    return stance.load_model("small", backend="onnx")


def test_the_backend_is_part_of_the_name(fast, model):
    assert fast.name == model.name.replace("/torch", f"/onnx-{onnx_encoder.RECIPES[onnx_encoder.best_bits()]}")
    assert (fast.labels, fast.marks, fast.calibration) == (model.labels, model.marks, model.calibration)


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(len(PAIRS))), batch_size=st.integers(1, 5))
def test_a_score_depends_on_nothing_but_its_pair(fast, order, batch_size):
    alone = np.vstack([fast.predict([pair]) for pair in PAIRS])
    together = fast.predict([PAIRS[i] for i in order], batch_size=batch_size)
    assert np.array_equal(together, alone[list(order)])
    assert np.allclose(together.sum(axis=1), 1)


def test_the_number_of_threads_changes_nothing(fast, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    one = fast.predict(PAIRS)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert machine.cores() == 3
    assert np.array_equal(fast.predict(PAIRS), one)


@pytest.mark.parametrize("backend", ["onnx", "onnx-int7"])
def test_it_says_what_float32_says(backend, model):
    fast = stance.load_model("small", backend=backend)
    rows = [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()][
        1::6
    ]  # others than calibrated on
    items = [Item(row["text"], row["holder"], row["target"]) for row in rows]
    exact, near = (
        np.array([j.mean for j in judge(items, STANCE, m, measure="stance", wordings="one")]) for m in (model, fast)
    )
    assert (exact.argmax(axis=1) == near.argmax(axis=1)).mean() >= 0.95
    assert np.abs(exact - near).mean() < 0.02


def test_where_products_overflow_weights_have_seven_bits_and_eight_are_refused(monkeypatch, tiny, tmp_path):
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path))
    monkeypatch.setattr(onnx_encoder, "exact_products", lambda: False)
    assert stance.load_model(tiny, backend="onnx").name.endswith("/onnx-int7-2")
    with pytest.raises(StanceError, match="products of int8 overflow"):
        stance.load_model(tiny, backend="onnx-int8")


def test_a_job_is_computed_alike_by_all_its_workers(monkeypatch, tiny, tmp_path, codebook):
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path))
    for exact, bits in ((True, 8), (False, 7)):
        monkeypatch.setattr(onnx_encoder, "exact_products", lambda exact=exact: exact)
        assert Job.of(codebook, model=str(tiny), backend="onnx").backend == f"onnx-int{bits}"


def test_nothing_asked_is_nothing_answered(fast):
    assert fast.predict([]).shape == (0, 3)


def test_smoothing_alters_nothing_in_float32(model):
    import torch

    network = model._model
    texts = [dict(model._tokenizer(*pair, return_tensors="pt")) for pair in PAIRS]
    smoothed = _smoothed(copy.deepcopy(network), texts)
    with torch.inference_mode():
        for text in texts:
            assert torch.allclose(network(**text).logits, smoothed(**text).logits, atol=1e-4)


def test_a_damaged_export_is_made_anew(fast, tmp_path, monkeypatch, tiny):
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path))
    first = stance.load_model(tiny, backend="onnx").predict(PAIRS[:2])
    (file,) = (tmp_path / "onnx").iterdir()
    file.write_bytes(file.read_bytes()[:1000])
    assert np.allclose(stance.load_model(tiny, backend="onnx").predict(PAIRS[:2]), first)
    assert [p.name for p in (tmp_path / "onnx").iterdir()] == [file.name]


def test_other_weights_are_another_export(tmp_path, monkeypatch, tiny):
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "cache"))
    other = tmp_path / "other"
    shutil.copytree(tiny, other)
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"hidden_act": "relu"}))
    a, b = (stance.load_model(folder, backend="onnx").predict(PAIRS[:2]) for folder in (tiny, other))
    assert len(list((tmp_path / "cache/onnx").iterdir())) == 2
    assert not np.array_equal(a, b)


def test_a_cache_that_cannot_be_written(tmp_path, monkeypatch, tiny):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "file"))
    with pytest.raises(StanceError, match="STANCE_CACHE"):
        stance.load_model(tiny, backend="onnx")


def test_an_export_that_strays_is_refused(tmp_path, monkeypatch, tiny):
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path))
    monkeypatch.setattr("stance.scoring._onnx_export._FARTHEST", 0.0)
    with pytest.raises(StanceError, match="differ from float32"):
        stance.load_model(tiny, backend="onnx")
    assert not list((tmp_path / "onnx").iterdir())


def test_without_the_extra(monkeypatch, tiny):
    def missing():
        raise ModuleNotFoundError("onnx")

    monkeypatch.setattr(onnx_encoder, "exact_products", missing)
    with pytest.raises(StanceError, match="needs the extra 'fast'"):
        stance.load_model(tiny, backend="onnx")
