"""Shared pieces: the sample, a fake model, and the shared folder where there is one."""

import importlib.util
import os
from pathlib import Path

import hypothesis
import pytest

import stance
from stance.resources import WEIGHTS
from stance.schema import Document
from tests.support.fakes import FakeModel

hypothesis.settings.register_profile("unhurried", deadline=None)  # machines differ; speed is measured in benchmarks/
hypothesis.settings.register_profile(
    "repeated", deadline=None, derandomize=True
)  # the same examples in each run, for CI
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def script(pytestconfig):
    """Load a script that is no part of the package, by its path in the project."""

    def load(path):
        spec = importlib.util.spec_from_file_location(Path(path).stem + "_script", pytestconfig.rootpath / path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(autouse=True)
def _small_by_default(request, monkeypatch):
    """Tests that do not care which model take the small one."""
    if "default_model" not in request.keywords:
        monkeypatch.setattr("stance.resources.DEFAULT", "small")


@pytest.fixture(autouse=True, scope="session")
def _own_cache(pytestconfig, tmp_path_factory):
    """Exported models stay out of the user's cache, and are kept for the next run of the tests."""
    before = os.environ.get("STANCE_CACHE")
    kept = getattr(pytestconfig, "cache", None)  # None with -p no:cacheprovider
    os.environ["STANCE_CACHE"] = str(kept.mkdir("stance") if kept else tmp_path_factory.mktemp("exports"))
    yield
    if before is None:
        del os.environ["STANCE_CACHE"]
    else:
        os.environ["STANCE_CACHE"] = before


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """A random two-layer model, saved as any other is."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("models") / "tiny"
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30522, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, id2label={0: "not_entailment", 1: "entailment"},
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(WEIGHTS / "small").save_pretrained(folder)
    return folder


@pytest.fixture
def fake_model():
    return FakeModel()


@pytest.fixture(scope="session")
def codebook():
    return stance.read_codebook()


@pytest.fixture(scope="session")
def sample():
    return stance.read_corpus()


@pytest.fixture(scope="session")
def sample_segments(sample, codebook):
    return stance.segment(sample, codebook)


@pytest.fixture(scope="session")
def model():
    return stance.load_model("small")


@pytest.fixture(scope="session")
def shared():
    folder = os.environ.get("STANCE_SHARED")
    if not folder or not Path(folder).is_dir():
        pytest.skip("needs the developers' shared folder, named by STANCE_SHARED")
    return Path(folder)


@pytest.fixture
def of_text(codebook):
    """Segments of a text, with the sample's codebook."""
    return lambda text: stance.segment([Document("d", text)], codebook)
