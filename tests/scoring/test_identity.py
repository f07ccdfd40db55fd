"""The name of a model covers everything that decides its scores, and nothing else."""

import json
import shutil

import pandas as pd
import pytest

import stance
from stance.resources import CALIBRATION, TAGGER, WEIGHTS, model_hash, tagger_fingerprint
from stance.schema import StanceError


@pytest.fixture
def folder(tiny, tmp_path):
    return shutil.copytree(tiny, tmp_path / "mine")


def edit(folder, name, **changes):
    path = folder / name
    data = json.loads(path.read_text()) if path.is_file() else {}
    path.write_text(json.dumps({k: v for k, v in (data | changes).items() if v is not ...}))


def other_weights(folder):
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"] += 1
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def other_vocabulary(folder):
    path = folder / "tokenizer.json"
    data = json.loads(path.read_text())
    vocabulary = data["model"]["vocab"]
    vocabulary["peace"], vocabulary["war"] = vocabulary["war"], vocabulary["peace"]
    path.write_text(json.dumps(data))


DECIDING = {
    "labels the other way round": lambda f: edit(
        f, "config.json", id2label={"0": "entailment", "1": "not_entailment"}, label2id=...
    ),
    "weights": other_weights,
    "a calibration": lambda f: edit(f, CALIBRATION, stance={"temperature": 2.0, "offset": 0.1}),
    "marks": lambda f: edit(f, "config.json", marks={"target": ["* ", " *"]}),
    "a question": lambda f: edit(f, "config.json", addressed="{actor} speaks about {target}."),
    "another activation": lambda f: edit(f, "config.json", hidden_act="relu"),
    "another norm": lambda f: edit(f, "config.json", layer_norm_eps=0.1),
    "fewer positions": lambda f: edit(f, "config.json", max_position_embeddings=32),
    "other words": other_vocabulary,
    "capitals kept": lambda f: edit(f, "tokenizer_config.json", do_lower_case=False),
    "another class of tokenizer": lambda f: edit(f, "tokenizer_config.json", tokenizer_class="MPNetTokenizer"),
    "fewer tokens at once": lambda f: edit(f, "tokenizer_config.json", model_max_length=20),
    "a token added": lambda f: edit(f, "added_tokens.json", **{"[NEW]": 30522}),
    "a special token": lambda f: edit(f, "special_tokens_map.json", **{"sep_token": "[CLS]"}),
    "a vocabulary added": lambda f: (f / "vocab.txt").write_text("[UNK]\nwar\n"),
}


@pytest.mark.parametrize("change", DECIDING.values(), ids=DECIDING)
def test_what_decides_scores_changes_the_name(change, folder):
    before = model_hash(folder)
    change(folder)
    assert model_hash(folder) != before


IDLE = {
    "the version that wrote it": lambda f: edit(f, "config.json", transformers_version="9.0"),
    "where it came from": lambda f: edit(f, "config.json", _name_or_path="/home/a/model"),
    "the order of keys": lambda f: (f / "config.json").write_text(
        json.dumps(dict(reversed(json.loads((f / "config.json").read_text()).items())), indent=3)
    ),
    "a card": lambda f: (f / "README.md").write_text("# A model"),
    "a number type": lambda f: edit(f, "config.json", dtype="float16"),
    "a file that is not read": lambda f: (f / "generation_config.json").write_text("{}"),
}


@pytest.mark.parametrize("change", IDLE.values(), ids=IDLE)
def test_what_decides_nothing_leaves_the_name(change, folder):
    before = model_hash(folder)
    change(folder)
    assert model_hash(folder) == before


def test_names_carry_that_hash_however_the_model_is_opened(folder, tmp_path):
    assert stance.load_model(folder).name == f"mine@{model_hash(folder)[:12]}/torch"
    revision = "0123456789abcdef0123456789abcdef01234567"
    snapshot = shutil.copytree(folder, tmp_path / "cache/models--org--tiny/snapshots" / revision)
    names = []
    for labels in ({"0": "not_entailment", "1": "entailment"}, {"0": "entailment", "1": "not_entailment"}):
        edit(snapshot, "config.json", id2label=labels, label2id=...)
        names.append(stance.load_model(f"org/tiny@{revision}", cache=tmp_path / "cache").name)
    assert names[0] != names[1] and all(name.startswith(f"org/tiny@{revision}+") for name in names)


def test_a_stopped_run_does_not_go_on_with_labels_turned_round(folder, tmp_path):
    from stance.pipeline.shard import Job, score_shard
    from stance.schema import Document

    job = Job.of(stance.read_codebook(), model=str(folder), wordings="one")
    edit(folder, "config.json", id2label={"0": "entailment", "1": "not_entailment"}, label2id=...)
    assert Job.of(stance.read_codebook(), model=str(folder), wordings="one").configuration() != job.configuration()
    with pytest.raises(StanceError, match="has other weights of"):
        score_shard([Document("d", "Biden spoke.")], str(tmp_path / "out"), "000000", job)


def test_the_tagger_is_named_by_its_settings_too(tmp_path):
    folder = shutil.copytree(WEIGHTS / TAGGER, tmp_path / TAGGER)
    assert f"{TAGGER}@{model_hash(folder)[:12]}" == tagger_fingerprint()
    tags = json.loads((folder / "config.json").read_text())["tags"]
    edit(folder, "config.json", tags=tags[::-1])
    assert f"{TAGGER}@{model_hash(folder)[:12]}" != tagger_fingerprint()


def test_the_recipe_of_a_backend_is_part_of_the_name(tiny, tmp_path, monkeypatch):
    from stance.scoring.onnx_encoder import RECIPES

    monkeypatch.setenv("STANCE_CACHE", str(tmp_path))
    assert stance.load_model(tiny, backend="onnx-int7").name.endswith(f"/onnx-{RECIPES[7]}")


def test_scores_are_as_they_were(model):
    """The way a folder is opened changed; what it says must not."""
    rows = pd.DataFrame({"text": ["A brilliant speech by Biden."], "target": ["Biden"]})
    assert stance.score_rows(rows, "sentiment", model)["label"].tolist() == ["positive"]
