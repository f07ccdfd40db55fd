"""Loading from everywhere, refusing what is not safe, and the direction of the bundled model."""

import json
import shutil
import time

import numpy as np
import pytest

import stance
from stance import resources
from stance.codebook import SENTIMENT, STANCE
from stance.resources import model_fingerprint, model_hash
from stance.schema import StanceError
from stance.scoring.entailment import judge
from stance.scoring.premises import Item

REVISION = "0123456789abcdef0123456789abcdef01234567"


def changed(tiny, tmp_path, **changes):
    folder = tmp_path / "changed"
    shutil.copytree(tiny, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | changes))
    return folder


def test_the_bundled_model_is_the_default(model):
    assert model.name == model_fingerprint()
    assert set(model.labels) == {"entailment", "neutral", "contradiction"}
    assert str(next(model._model.parameters()).dtype) == "torch.float32"


def test_a_local_folder(tiny):
    loaded = stance.load_model(tiny)
    assert loaded.labels == ("not_entailment", "entailment")
    (judgement,) = judge([Item("A text.", None, "it")], STANCE, loaded)
    assert len(judgement.by_wording) == 2


def test_a_hub_model_from_the_cache(tiny, tmp_path):
    snapshot = tmp_path / "models--org--tiny" / "snapshots" / REVISION
    shutil.copytree(tiny, snapshot)
    for name in (f"org/tiny@{REVISION}", "org/tiny"):
        loaded = stance.load_model(name, revision=None if "@" in name else REVISION, cache=tmp_path)
        assert loaded.name == f"org/tiny@{REVISION}+{model_hash(tiny)[:12]}/torch"


def test_a_hub_model_that_is_not_there_fails_fast(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    began = time.monotonic()
    with pytest.raises(StanceError, match="not in the hub's cache and could not be fetched"):
        stance.load_model("org/none", revision=REVISION, cache=tmp_path)
    assert time.monotonic() - began < 20
    stance.load_model()


@pytest.mark.parametrize(
    ("name", "revision", "sentence"),
    [
        ("attribution", None, r"No model 'attribution'. Give a bundled model \(base, small\)"),
        ("org/model", None, "needs a pinned revision of 40 hexadecimal digits"),
        ("org/model", "main", "needs a pinned revision of 40 hexadecimal digits"),
        ("nothing", None, "No model 'nothing'"),
        ("../secret", None, "No model '../secret'"),
    ],
)
def test_names_that_mean_nothing(name, revision, sentence):
    with pytest.raises(StanceError, match=sentence):
        stance.load_model(name, revision=revision)


def test_weights_in_other_formats_are_refused(tiny, tmp_path):
    folder = changed(tiny, tmp_path)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(StanceError, match=r"no \.safetensors weights"):
        stance.load_model(folder)


def test_code_of_its_own_is_refused(tiny, tmp_path):
    with pytest.raises(StanceError, match="brings code of its own"):
        stance.load_model(changed(tiny, tmp_path, auto_map={"AutoModel": "evil.Model"}))


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda f: [p.unlink() for p in f.glob("tokenizer*")], "holds no tokenizer"),
        (lambda f: (f / "config.json").write_text("[]"), "must hold an object"),
        (lambda f: (f / "model.safetensors").write_bytes(b"not weights"), "cannot be loaded"),
    ],
)
def test_broken_folders_are_refused(tiny, tmp_path, harm, sentence):
    folder = changed(tiny, tmp_path)
    harm(folder)
    with pytest.raises(StanceError, match=sentence):
        stance.load_model(folder)


def test_missing_weights_are_not_made_up(tiny, tmp_path):
    from safetensors.torch import load_file, save_file

    folder = changed(tiny, tmp_path)
    weights = load_file(folder / "model.safetensors")
    kept = {name: w for name, w in weights.items() if not name.startswith("classifier")}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(StanceError, match="would be random numbers"):
        stance.load_model(folder)


def test_labels_must_be_those_of_inference(tiny, tmp_path):
    with pytest.raises(StanceError, match="must be an inference model"):
        stance.load_model(changed(tiny, tmp_path, id2label={"0": "LABEL_0", "1": "LABEL_1"}))


def test_an_unknown_backend():
    with pytest.raises(StanceError, match="must be one of torch, onnx, onnx-int8, onnx-int7. Got 'tpu'"):
        stance.load_model(backend="tpu")


def test_one_by_one_or_in_a_batch(model, sample):
    sentences = [s for s in sample[0].text.split(". ") if s][:12]
    pairs = [(s, "The text supports the talks.") for s in sentences]
    together = model.predict(pairs)
    alone = np.vstack([model.predict([pair]) for pair in pairs])
    assert np.abs(together - alone).max() < 1e-5
    assert np.abs(together.sum(axis=1) - 1).max() < 1e-9


def test_windows_hold_every_character(tiny):
    loaded = stance.load_model(tiny)
    premise = " ".join(f"word{i}" for i in range(200))
    parts = loaded.windows(premise, "The text supports it.")
    assert len(parts) > 1
    covered = np.zeros(len(premise), bool)
    at = 0
    for part in parts:
        at = premise.index(part, max(0, at - len(part)))
        covered[at : at + len(part)] = True
    assert all(covered[i] or premise[i] == " " for i in range(len(premise)))
    assert loaded.windows("Short.", "The text supports it.") == ["Short."]


def test_a_hypothesis_that_fills_the_model(tiny):
    with pytest.raises(StanceError, match="leaves no room for the text"):
        stance.load_model(tiny).windows("text", "word " * 60)


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("The minister praised * Greta Holm * as a brilliant and honest leader.", "Greta Holm", 1),
        ("The minister attacked * Greta Holm * as a corrupt liar.", "Greta Holm", -1),
    ],
)
def test_sentiment_points_the_right_way(model, text, target, expected):
    (judgement,) = judge([Item(text, None, target)], SENTIMENT, model)
    net = judgement.mean[0] - judgement.mean[1]
    assert net * expected > 0.2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor welcomed the new tram line and promised to pay for it.", 1),
        ("The mayor condemned the new tram line and vowed to stop it.", -1),
    ],
)
def test_stance_points_the_right_way(model, text, expected):
    (judgement,) = judge([Item(text, "The mayor", "the new tram line")], STANCE, model)
    assert (judgement.mean[0] - judgement.mean[1]) * expected > 0.2


@pytest.fixture
def taught(tiny, tmp_path):
    """A folder whose config.json says that the model was taught what takes a target up."""
    return changed(tiny, tmp_path, addressed="{actor} speaks about {target}.", marks={"statement": ["< ", " >"]})


def test_the_threshold_of_what_takes_a_target_up_comes_with_the_weights(taught):
    assert stance.load_model(taught).addressed == 0.5
    (taught / "calibration.json").write_text(
        json.dumps({"addressed": {"temperature": 1.1, "offset": 0.2, "threshold": 0.31}})
    )
    loaded = stance.load_model(taught)
    assert (loaded.addressed, loaded.calibration["addressed"]) == (0.31, (1.1, 0.2))


def test_a_threshold_of_ones_own_stands_in_the_name_of_the_model(taught):
    loaded = stance.load_model(taught, addressed=0.7)
    assert loaded.addressed == 0.7
    assert loaded.name == stance.load_model(taught).name + ", addressed from 0.7"


@pytest.mark.parametrize("threshold", [-0.1, 1.01, float("nan")])
def test_a_threshold_must_be_a_probability(taught, threshold):
    with pytest.raises(StanceError, match="must lie in"):
        stance.load_model(taught, addressed=threshold)


def test_a_model_that_was_not_taught_has_no_threshold(tiny):
    assert stance.load_model(tiny).addressed is None
    with pytest.raises(StanceError, match="was not taught to tell whether a statement takes the target up"):
        stance.load_model(tiny, addressed=0.5)


@pytest.mark.parametrize("threshold", [1.5, "half", None])
def test_a_damaged_threshold_is_refused(taught, threshold):
    entry = {"temperature": 1.0, "offset": 0.0, "threshold": threshold}
    (taught / "calibration.json").write_text(json.dumps({"addressed": entry}))
    with pytest.raises(StanceError, match=r"must be like .*addressed\.threshold: "):
        stance.load_model(taught)


@pytest.fixture
def without_base(monkeypatch, tmp_path):
    """The bundled weights without those of base, as the package alone brings them."""
    shutil.copytree(resources.WEIGHTS / "small", tmp_path / "weights" / "small")
    monkeypatch.setattr(resources, "WEIGHTS", tmp_path / "weights")
    monkeypatch.setattr(resources, "DEFAULT", "base")
    monkeypatch.setattr(resources, "APART", {"base": ("stance_weights_of_a_test", "stance-suite-base")})
    return tmp_path


@pytest.mark.parametrize("name", [None, "base"])
def test_weights_that_are_not_installed_say_how_to_get_them(without_base, name):
    with pytest.raises(StanceError, match="'base' are not installed. pip install stance-suite-base .*--model small"):
        stance.load_model(name)
    assert resources.model_fingerprint(name) is None and stance.load_model("small").name.startswith("small@")


def test_weights_are_found_in_their_own_distribution(without_base, monkeypatch):
    package = without_base / "site" / "stance_weights_of_a_test"
    shutil.copytree(without_base / "weights" / "small", package / "base")
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(package.parent))
    assert stance.load_model().name == resources.model_fingerprint() and stance.load_model().name.startswith("base@")
