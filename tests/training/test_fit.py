"""The training path on rows made here: a few steps, a stop, a resume, and a model that loads."""

import hashlib
import json

import pytest
import yaml

import stance
from stance.schema import StanceError
from stance.scoring.entailment import judge
from stance.scoring.premises import Item
from stance.training.examples import LABELS, examples_of
from stance.training.recipe import checked, read_recipe

ROWS = [
    {"text": f"The mayor praised plan {i}.", "target": f"plan {i}", "start": 18, "end": 24, "label": label}
    for i, label in enumerate(["favor", "against", "none"] * 8)
]
PAIRS = [{"premise": f"Plan {i} is new.", "hypothesis": f"Plan {i} is old.", "label": LABELS[i % 3]} for i in range(9)]


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    for name, rows in (("rows.jsonl", ROWS), ("pairs.jsonl", PAIRS)):
        (folder / name).write_text("".join(json.dumps(r) + "\n" for r in rows))
    return folder


@pytest.fixture
def recipe(tmp_path, data, base):
    def entry(file, form, **more):
        digest = hashlib.sha256((data / file).read_bytes()).hexdigest()
        return {"file": file, "sha256": digest, "origin": "here", "licence": "none", "format": form, **more}

    content = {
        "name": "tiny", "base": base, "seed": 1, "batch_size": 4, "max_tokens": 32, "precision": "fp32", "unmarked": 0.5,
        "stance": {"favor": ["{actor} supports {target}."], "against": ["{actor} opposes {target}."]},
        "sentiment": {"favor": ["{actor} likes {target}."], "against": ["{actor} hates {target}."]},
        "stages": [
            {"name": "one", "learning_rate": 1e-3, "sets": [entry("pairs.jsonl", "nli")]},
            {"name": "two", "learning_rate": 1e-3, "sets": [entry("rows.jsonl", "stance", repeats=2, unrelated=0.5, keep_none=0.5)]},
        ],
        "evaluate": [{k: v for k, v in entry("rows.jsonl", "stance").items() if k in ("file", "sha256", "format")} | {"name": "own rows"}],
    }  # fmt: skip
    path = tmp_path / "recipe.yml"
    path.write_text(yaml.safe_dump(content))
    return path


def test_examples_are_the_same_each_time_and_mirrored_wordings_mirror_the_label(recipe, data):
    plan = read_recipe(recipe)
    examples = examples_of(plan.stages[1], plan, data)
    assert examples == examples_of(plan.stages[1], plan, data)
    by_row = {}
    for e in examples:
        number = e.premise.split("plan ")[1].strip("* .")
        if e.hypothesis.endswith(f" plan {number}."):
            verb = "supports" if "supports" in e.hypothesis else "opposes"
            by_row.setdefault(number, {})[verb] = e.label
    both = [labels for labels in by_row.values() if len(labels) == 2]
    assert both
    for labels in both:
        assert labels["supports"] == 2 - labels["opposes"]


def test_train_stop_and_resume(recipe, data, tmp_path, monkeypatch):
    from stance.training import fit as fit_module
    from stance.training.card import write_card

    plan, lines = read_recipe(recipe), []
    fit_module.fit(plan, data, tmp_path / "unstopped", log=lines.append)
    monkeypatch.setattr(fit_module, "_SAVE_EVERY", 1)
    real, calls = fit_module.checkpoint, []

    def stop_after_five(*arguments):
        real(*arguments)
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(fit_module, "checkpoint", stop_after_five)
    with pytest.raises(KeyboardInterrupt):
        fit_module.fit(plan, data, tmp_path / "model", log=lines.append)
    monkeypatch.setattr(fit_module, "checkpoint", real)
    fit_module.fit(plan, data, tmp_path / "model", log=lines.append)
    assert any(line.startswith("resuming from stage 2, step 1") for line in lines)
    whole, stopped = ((tmp_path / f / "model.safetensors").read_bytes() for f in ("unstopped", "model"))
    assert whole == stopped
    card = write_card(plan, data, tmp_path / "model", "one abacus", log=lines.append)
    assert "| own rows | 24 |" in card.read_text()
    assert "Made on one abacus" in card.read_text()
    loaded = stance.load_model(tmp_path / "model")
    assert loaded.marks == {"target", "holder"}
    assert set(loaded.calibration) == {"stance"}
    (tmp_path / "model" / "evaluation_without_marks.json").write_bytes(
        (tmp_path / "model" / "evaluation.json").read_bytes()
    )
    card = write_card(plan, data, tmp_path / "model", "one abacus", log=lines.append)
    assert "was measured already" in lines[-2] and "| set | this model | without_marks |" in card.read_text()
    judge([Item("A text.", None, "it")], stance.codebook.STANCE, loaded)
    fit_module.fit(plan, data, tmp_path / "model", log=lines.append)
    assert "training is skipped" in lines[-1]


def test_a_full_disk_is_said_and_the_checkpoint_before_stays(recipe, data, tmp_path, monkeypatch):
    import torch

    from stance.training import fit as fit_module

    plan = read_recipe(recipe)
    monkeypatch.setattr(fit_module, "_SAVE_EVERY", 1)
    real, calls = torch.save, []

    def full(state, path):
        calls.append(1)
        if len(calls) > 2:
            path.write_bytes(b"half")
            raise RuntimeError("PytorchStreamWriter failed writing file: No space left on device")
        real(state, path)

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(StanceError, match="Free some disk and start again"):
        fit_module.fit(plan, data, tmp_path / "model", log=lambda line: None)
    monkeypatch.setattr(torch, "save", real)
    lines = []
    fit_module.fit(plan, data, tmp_path / "model", log=lines.append)
    assert "resuming from stage 1, step 2" in lines


def test_a_folder_of_another_recipe_is_refused(recipe, data, tmp_path):
    from stance.training.fit import fit

    plan = read_recipe(recipe)
    fit(plan, data, tmp_path / "model", log=lambda line: None)
    with pytest.raises(StanceError, match="belongs to another recipe"):
        fit(plan.model_copy(update={"seed": 2}), data, tmp_path / "model")


def test_another_file_than_the_recipes_is_refused(data):
    with pytest.raises(StanceError, match="is not the file of the recipe"):
        checked(data, "rows.jsonl", "0" * 64)
    with pytest.raises(StanceError, match=r"needs none\.jsonl"):
        checked(data, "none.jsonl", "0" * 64)


def test_a_recipe_with_an_unknown_key(tmp_path):
    path = tmp_path / "recipe.yml"
    path.write_text("name: x\nspeed: 3\n")
    with pytest.raises(StanceError, match="cannot be used"):
        read_recipe(path)


def test_ends_of_stages_are_averaged(recipe, data, tmp_path):
    import torch
    from safetensors.torch import load_file

    from stance.training.fit import fit

    content = yaml.safe_load(recipe.read_text())
    content["stages"].append({**content["stages"][1], "after": 0, "learning_rate": 2e-3})
    weights = {}
    for name, average in (("second", [1]), ("third", []), ("both", [1, 2])):
        recipe.write_text(yaml.safe_dump({**content, "average": average}))
        fit(read_recipe(recipe), data, tmp_path / name, log=lambda line: None)
        weights[name] = load_file(tmp_path / name / "model.safetensors")["classifier.weight"].float()
    assert not torch.equal(weights["second"], weights["third"])
    torch.testing.assert_close(weights["both"], (weights["second"] + weights["third"]) / 2, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize(
    ("change", "sentence"), [({"average": [7]}, "no stage 7 to average"), ({"after": 1}, "which is not before it")]
)
def test_stages_that_are_not_there_are_refused(recipe, change, sentence):
    content = yaml.safe_load(recipe.read_text())
    content["stages"][1] |= {k: v for k, v in change.items() if k == "after"}
    content |= {k: v for k, v in change.items() if k == "average"}
    recipe.write_text(yaml.safe_dump(content))
    with pytest.raises(StanceError, match=sentence):
        read_recipe(recipe)
