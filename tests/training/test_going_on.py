"""A model that goes on from an earlier one, taught reported stance: from rows to a card, on rows made here."""

import hashlib
import json
import shutil

import pytest
import torch
import yaml
from safetensors.torch import load_file

import stance
from stance.resources import weights_hash
from stance.schema import StanceError
from stance.training.card import write_card
from stance.training.encoders import start_folder
from stance.training.examples import LABELS, examples_of
from stance.training.fit import fit, precision
from stance.training.recipe import Earlier, lineage, read_recipe

SAID = [
    {
        "text": f"On day {i} Holt said the dam was a gift, and Varga smiled.", "document": f"d{i}",
        "holder": "Holt", "holder_start": 7 + len(str(i)) + 1, "holder_end": 12 + len(str(i)),
        "statement": "the dam was a gift", "statement_start": 18 + len(str(i)), "statement_end": 36 + len(str(i)),
        "target": "the dam" if label != "none" else "the tunnel", "target_start": None, "target_end": None,
        "label": label, "addressed": label != "none" or i % 6 == 2, "hard": i % 4 == 0,
    }
    for i, label in enumerate(["favor", "against", "none"] * 8)
]  # fmt: skip


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "said.jsonl").write_text("".join(json.dumps(r) + "\n" for r in SAID))
    return folder


def plan(tmp_path, data, base, **more):
    digest = hashlib.sha256((data / "said.jsonl").read_bytes()).hexdigest()
    entry = {"file": "said.jsonl", "sha256": digest, "format": "reported"}
    content = {
        "name": "told", "base": base, "seed": 1, "batch_size": 8, "max_tokens": 48, "precision": "fp32", "unmarked": 0.0,
        "stance": {"favor": ["{actor} supports {target}."], "against": ["{actor} opposes {target}."]},
        "sentiment": {"favor": ["{actor} likes {target}."], "against": ["{actor} hates {target}."]},
        "stages": [{"name": "one", "learning_rate": 1e-3, "sets": [entry | {"origin": "here", "licence": "none", "repeats": 2}]}],
        "evaluate": [entry | {"name": "own rows"}],
    }  # fmt: skip
    path = tmp_path / "told.yml"
    path.write_text(yaml.safe_dump(content | more))
    return read_recipe(path)


def test_every_row_is_asked_for_stance_and_for_what_it_takes_up(tmp_path, data, base):
    recipe = plan(tmp_path, data, base)
    examples = examples_of(recipe.stages[0], recipe, data)
    assert len(examples) == 3 * len(SAID)
    for example in examples:
        assert "[ Holt ] said < the dam was a gift >" in example.premise.replace("* ", "").replace(" *", "")
    taken = [e for e in examples if "speaks about" in e.hypothesis]
    assert {LABELS[e.label] for e in taken if "tunnel" not in e.hypothesis} == {"entailment"}
    assert [LABELS[e.label] for e in taken].count("neutral") == sum(not row["addressed"] for row in SAID)


def test_a_row_that_does_not_say_whether_it_takes_the_target_up_is_refused(tmp_path, data, base):
    (data / "said.jsonl").write_text(json.dumps({**SAID[0], "addressed": None}) + "\n")
    recipe = plan(tmp_path, data, base)
    with pytest.raises(StanceError, match=r"Row 1 of .*'addressed' must be true or false"):
        examples_of(recipe.stages[0], recipe, data)


def test_training_goes_on_from_an_earlier_model(tmp_path, data, base):
    first = fit(plan(tmp_path, data, base), data, tmp_path / "first", log=lambda line: None)
    shutil.copytree(first, data / "told_first")
    earlier = {"model": "told_first", "sha256": weights_hash(first), "origin": "made here", "licence": "MIT", "recipe": "small_0_1.yml"}  # fmt: skip
    recipe = plan(tmp_path, data, earlier)
    lines = []
    folder = fit(recipe, data, tmp_path / "second", log=lines.append)
    assert weights_hash(folder) != weights_hash(first)
    card = write_card(recipe, data, folder, "one abacus", log=lines.append).read_text()
    assert "Started from: made here" in card and "Which started from: sentence-transformers/all-MiniLM-L6-v2" in card
    assert "| own rows, hard |" in card and "| own rows, not addressed |" in card
    assert "small_0_1: inference" in card and "`p_addressed` on 24 statements" in card
    assert "% are left out or labelled none" in card and "What each training set" not in card
    (folder / "contributions.csv").write_text("set,macro_f1,run\nown rows,.5,all\nown rows,.4,without said\n")
    card = write_card(recipe, data, folder, "one abacus", log=lines.append).read_text()
    assert "| without said | 0.400 |" in card
    model = stance.load_model(folder)
    assert model.marks == {"target", "holder", "statement"}
    assert 0 <= model.addressed <= 1 and set(model.calibration) == {"stance", "reported", "addressed"}


def test_frozen_layers_and_the_share_that_is_kept(tmp_path, data, base):
    first = fit(plan(tmp_path, data, base), data, tmp_path / "first", log=lambda line: None)
    shutil.copytree(first, data / "told_first")
    earlier = {"model": "told_first", "sha256": weights_hash(first), "origin": "made here", "licence": "MIT", "recipe": "small_0_1.yml"}  # fmt: skip
    start = weights(first)
    ends = {}
    for name, more in {"all": {}, "frozen": {"frozen": 1}, "kept": {"kept": 0.9}}.items():
        ends[name] = weights(fit(plan(tmp_path, data, earlier, **more), data, tmp_path / name, log=lambda line: None))
    moved = {name: {key for key in start if not torch.equal(start[key], end[key])} for name, end in ends.items()}
    assert {key for key in moved["all"] if "layer.0" in key or "LayerNorm" in key}
    assert moved["frozen"] and not any(part in key for key in moved["frozen"] for part in ("embeddings", "layer.0"))
    way = {name: sum(float((end[key] - start[key]).abs().sum()) for key in start) for name, end in ends.items()}
    assert 0 < way["kept"] < 0.3 * way["all"]


def weights(folder):
    return load_file(folder / "model.safetensors")


def test_the_earlier_model_must_be_the_one_of_the_recipe(tmp_path, data):
    wrong = Earlier(model="small", sha256="0" * 64, origin="elsewhere", licence="", recipe="small_0_1.yml")
    with pytest.raises(StanceError, match="starts from weights with the hash 000.*elsewhere.*Put them there"):
        start_folder(wrong, data, tmp_path)


def test_a_recipe_names_what_it_goes_on_from(pytestconfig):
    recipes = pytestconfig.rootpath / "src/stance/training/recipes"
    assert [r.name for r in lineage(read_recipe(recipes / "base.yml"))] == ["base", "base_0_1"]


@pytest.mark.parametrize(("bf16", "found"), [(True, "bf16"), (False, "fp32")])
def test_precision_is_what_the_processor_computes_in(monkeypatch, bf16, found):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": bf16, "avx2": True})
    assert precision("auto") == found
    assert precision("fp32") == "fp32"
