"""Weights in half the bytes: what they lose, and that a folder of them is read like any other."""

import shutil

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

import stance
from stance.resources import INDEX, WEIGHTS, weight_files, weights_hash
from stance.schema import StanceError
from stance.scoring.networks import load_network, load_tokenizer
from stance.scoring.packing import PACKED, SCALE, load_weights, pack, shards, unpack
from stance.training.model_folder import write_folder

PAIRS = [
    ("Kyiv welcomed the plan.", "Kyiv supports the plan."),
    ("Kyiv rejected the plan as a fraud.", "Kyiv supports the plan."),
    ("The plan was printed on Monday.", "Kyiv supports the plan."),
]


@given(st.integers(0, 2**16), st.floats(1e-6, 1e3))
@settings(max_examples=20, deadline=None)
def test_no_number_moves_by_more_than_half_a_step_of_its_row(seed, size):
    matrix = torch.randn(300, 256, generator=torch.Generator().manual_seed(seed)) * size
    packed = pack({"w": matrix})
    assert ((unpack(packed)["w"] - matrix).abs() <= packed["w" + SCALE] * 0.501).all()


def test_a_row_of_zeros_stays_one():
    assert not unpack(pack({"w": torch.zeros(256, 256)}))["w"].any()


@pytest.fixture(scope="module")
def packed_small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packed") / "small"
    folder.mkdir()
    write_folder(load_network(WEIGHTS / "small"), load_tokenizer(WEIGHTS / "small"), folder, "int8")
    return folder


def test_a_packed_folder_takes_half_the_bytes_and_says_nearly_the_same(packed_small):
    numbers = sum(p.numel() for p in load_network(packed_small).parameters())
    assert sum(p.stat().st_size for p in weight_files(packed_small)) < 0.52 * 2 * numbers
    before, after = (stance.load_model(f).predict(PAIRS) for f in ("small", packed_small))
    assert np.abs(before - after).max() < 0.05
    assert (before.argmax(axis=1) == after.argmax(axis=1)).all()


def test_of_several_weight_files_those_count_that_the_index_lists(packed_small, tmp_path):
    folder = tmp_path / "listed"
    shutil.copytree(packed_small, folder)
    before = weights_hash(folder)
    (folder / "model-left-over.safetensors").write_bytes(b"of an earlier version")
    assert weights_hash(folder) == before
    assert len(load_weights(folder)) == len(load_weights(packed_small))


@pytest.mark.parametrize(
    ("index", "said"),
    [("[]", "no index"), ("{", "no index"), ('{"weight_map": {"w": "../gone.safetensors"}}', "lists gone.safetensors")],
)
def test_an_index_that_cannot_be_followed_is_said(tmp_path, index, said):
    (tmp_path / INDEX).write_text(index)
    with pytest.raises(StanceError, match=said):
        weights_hash(tmp_path)


def test_a_packed_model_that_lacks_a_matrix_is_refused(packed_small, tmp_path):
    from safetensors.torch import load_file

    folder = tmp_path / "broken"
    shutil.copytree(packed_small, folder)
    (path,) = folder.glob("*.safetensors")
    tensors = load_file(path)
    del tensors["classifier.weight"]
    save_file(tensors, path, metadata={PACKED: SCALE})
    with pytest.raises(StanceError, match="incomplete: classifier.weight"):
        stance.load_model(folder)


def test_parts_hold_everything_once_and_each_can_be_known_by_its_scales():
    packed = pack({f"w{i}": torch.ones(256, 256) for i in range(5)} | {"b": torch.ones(256)})
    parts = shards(packed, 150_000)
    assert sorted(name for part in parts for name in part) == sorted(packed)
    assert len(parts) == 3
    assert all((name + SCALE in part) for part in parts for name in part if name.startswith("w") and SCALE not in name)


def test_a_model_whose_own_weights_are_called_scale_is_no_packed_one(tmp_path):
    save_file({"layer.scale": torch.ones(3), "layer.weight": torch.ones(3, 3)}, tmp_path / "model.safetensors")
    assert set(load_weights(tmp_path)) == {"layer.scale", "layer.weight"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e6])
def test_numbers_that_cannot_be_kept_are_refused(value):
    with pytest.raises(ValueError, match="cannot"):
        pack({"w": torch.full((300, 300), value)})
