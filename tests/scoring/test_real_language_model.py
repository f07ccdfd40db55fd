"""A small language model that is real, on llama.cpp's own server: the path from texts to report, and a server that dies.

Nothing here says how well it reads: with 135 million parameters, badly.
"""

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("openai")

from stance.schema import StanceError
from stance.scoring import _server
from stance.scoring.language_model import LanguageModel
from tests.cli.test_cli import stance_command
from tests.support.llama import MISSING, NAME, llama_server, weights

pytestmark = pytest.mark.skipif(weights() is None, reason=MISSING)
PAIRS = [(f"Ann Lee said < that pier {i} is a gift >.", f"Ann Lee supports pier {i}.") for i in range(4)]
BOOK = """
actors: {kremlin: {label: Kremlin, entities: {putin: {name: Putin, aliases: [], pronouns: he}}}}
targets: {talks: {label: the talks, hypotheses: {favor: ['{actor} supports {target}.'], against: ['{actor} opposes {target}.']}}}
"""


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    monkeypatch.setattr(_server, "RETRIES", 0)
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "cache"))
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_from_texts_to_report(tmp_path, capsys):
    (tmp_path / "text.txt").write_text("Putin said that the talks were useful.")
    (tmp_path / "book.yml").write_text(BOOK)
    out = tmp_path / "out"
    with llama_server() as url:
        code, _, err = stance_command(
            "run", tmp_path / "text.txt", "--codebook", tmp_path / "book.yml", "--model", f"openai:{NAME}", "--base-url",
            url, "--yes", "--out", out, capsys=capsys,
        )  # fmt: skip
    assert code == 0, err
    (row,) = pd.read_csv(out / "scores/stance.csv").to_dict("records")
    assert row["model"].startswith(f"openai:{NAME}@") and "/schema+logprobs" in row["model"]
    assert 0 <= row["p_addressed"] <= 1
    assert np.isclose(row["p_favor"] + row["p_against"] + row["p_none"], 1, atol=1e-3)
    assert f"openai:{NAME}" in (out / "report.html").read_text()


def test_a_server_that_dies_and_comes_back(tmp_path):
    with llama_server() as url:
        first = LanguageModel(NAME, url, kept=tmp_path / "kept").predict(PAIRS[:2])
    port = int(url.rsplit(":", 1)[1].split("/")[0])
    with pytest.raises(StanceError, match="No server answers"):
        LanguageModel(NAME, url, kept=tmp_path / "kept").predict(PAIRS)
    with llama_server(port) as again:
        assert again == url
        model = LanguageModel(NAME, url, kept=tmp_path / "kept")
        found = model.predict(PAIRS)
    np.testing.assert_array_equal(found[:2], first)
    assert np.isfinite(found).all() and np.allclose(found.sum(axis=1), 1)
    np.testing.assert_array_equal(model.predict(PAIRS[::-1]), found[::-1])  # the server is gone: all of it was kept
