"""An encoder inside an installed package, tiny."""

import hashlib

import pytest


def distribution(site, name, files):
    """What pip leaves behind when it has installed a package."""
    info = site / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "RECORD").write_text("".join(f"{file.as_posix()},,\n" for file in files))


@pytest.fixture
def base(tmp_path, monkeypatch):
    """A tiny encoder inside an installed package, as the real one is."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertModel

    from stance.resources import WEIGHTS

    folder = tmp_path / "tiny_base_package"
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30522, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertModel(config).save_pretrained(folder / "model")
    AutoTokenizer.from_pretrained(WEIGHTS / "small").save_pretrained(folder / "model")
    distribution(tmp_path, "tiny-base", [p.relative_to(tmp_path) for p in (folder / "model").iterdir()])
    monkeypatch.syspath_prepend(str(tmp_path))
    return {
        "packages": ["tiny-base"],
        "path": "tiny_base_package/model",
        "sha256": hashlib.sha256((folder / "model" / "model.safetensors").read_bytes()).hexdigest(),
        "origin": "made here",
        "licence": "none",
    }
