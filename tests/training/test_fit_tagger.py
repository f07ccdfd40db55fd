"""The tagger's training on documents made here: a stop, a resume, and a tagger that reads."""

import hashlib
import json

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.attribution.network import Tree
from stance.attribution.tagger import Confidence, Tagger, _windows, cues_of
from stance.schema import Document, StanceError
from stance.text.parsed import parse
from stance.training import fit_tagger as attribution
from stance.training.recipe import read_recipe
from stance.training.tagger_card import confidence_table, fit_confidence

SENTENCES = ["Ana Sol said that {} was late.", "{} was late, said Bo Lund.", "Nobody saw {}."]


def document(number):
    text, quotes = "", []
    for i, frame in enumerate(SENTENCES):
        text += ("\n\n" if text else "") + frame.format(f"train {number}")
        start = len(text) - len(frame.format(f"train {number}"))
        if i < 2:
            source = ("Ana Sol", "Bo Lund")[i]
            content = f"that train {number} was late" if i == 0 else f"train {number} was late"
            quotes.append(
                {
                    key: [[text.index(part, start), text.index(part, start) + len(part)]]
                    for key, part in (("source", source), ("cue", "said"), ("content", content))
                }
            )
    return {"id": f"d{number}", "text": text, "quotes": quotes}


@pytest.fixture
def recipe(tmp_path):
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "marked.jsonl"
    path.write_text("".join(json.dumps(document(i)) + "\n" for i in range(12)))
    marked = {
        "file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "origin": "here", "licence": "none",
    }  # fmt: skip
    content = {
        "task": "attribution", "name": "tiny", "seed": 1, "hidden": 8, "roles": 4, "dropout": 0.1, "epochs": 2,
        "batch_size": 4, "learning_rate": 1e-2, "sets": [marked], "evaluate": [marked],
    }  # fmt: skip
    recipe = tmp_path / "recipe.yml"
    recipe.write_text(yaml.safe_dump(content))
    return recipe


def test_train_stop_resume_and_read(recipe, tmp_path, monkeypatch):
    plan, lines = read_recipe(recipe), []
    attribution.fit_tagger(plan, tmp_path / "data", tmp_path / "unstopped", log=lines.append)
    monkeypatch.setattr(attribution, "_SAVE_EVERY", 1)
    real, calls = attribution.checkpoint, []

    def stop_after_five(*arguments):
        real(*arguments)
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(attribution, "checkpoint", stop_after_five)
    with pytest.raises(KeyboardInterrupt):
        attribution.fit_tagger(plan, tmp_path / "data", tmp_path / "tagger", log=lines.append)
    monkeypatch.setattr(attribution, "checkpoint", real)
    attribution.fit_tagger(plan, tmp_path / "data", tmp_path / "tagger", log=lines.append)
    assert any(line.startswith("resuming from stage 1, step 5") for line in lines)
    whole, stopped = ((tmp_path / f / "model.safetensors").read_bytes() for f in ("unstopped", "tagger"))
    assert whole == stopped
    attribution.fit_tagger(plan, tmp_path / "data", tmp_path / "tagger", log=lines.append)
    assert "training is skipped" in lines[-1]

    tagger = Tagger(tmp_path / "tagger")
    text = document(3)["text"]
    cue = text.index("said")
    asked = [((cue, cue + 4),), ((len(text) + 5, len(text) + 6),)]
    own, (answer, nothing) = tagger.read(parse(Document("d", text)), asked, threshold=0.0)
    assert answer.cue == ((cue, cue + 4),) and nothing is None
    assert 0 <= answer.p_cue <= 1 and 0 <= answer.p_content <= 1
    for opinion in (answer, *own):
        for start, end in (*opinion.cue, *opinion.source, *opinion.content):
            assert 0 <= start < end <= len(text)
    first = text.index("\n\n")
    alone = tagger.read(parse(Document("d", text[:first])), asked[:1], threshold=0.0)[0]
    assert alone == [o for o in own if o.cue[0][0] < first]
    assert not any(start < cue + 4 and cue < end for o in own for start, end in o.cue)


def test_a_file_of_other_rows_is_refused(recipe, tmp_path):
    path = tmp_path / "data" / "marked.jsonl"
    path.write_text(json.dumps({"text": "A text.", "target": "it"}) + "\n")
    content = yaml.safe_load(recipe.read_text())
    content["sets"][0]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    recipe.write_text(yaml.safe_dump(content))
    with pytest.raises(StanceError, match="needs 'text' and 'quotes'"):
        attribution.fit_tagger(read_recipe(recipe), tmp_path / "data", tmp_path / "out")


def test_a_quote_of_another_form_is_refused(recipe, tmp_path):
    path = tmp_path / "data" / "marked.jsonl"
    content = yaml.safe_load(recipe.read_text())
    quotes = [{"source": [[0, 1]], "content": [[2, 3]]}, {"cue": [{"start": 0}], "source": [], "content": []}]
    for number, quote in enumerate(quotes):
        path.write_text(json.dumps({"text": "A text.", "quotes": [quote]}) + "\n")
        content["sets"][0]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        recipe.write_text(yaml.safe_dump(content))
        with pytest.raises(StanceError, match=r"marked\.jsonl, line 1: every quote needs"):
            attribution.fit_tagger(read_recipe(recipe), path.parent, tmp_path / f"out{number}", log=lambda line: None)


def test_the_confidence_is_learned_and_measured_on_other_documents():
    rng = np.random.default_rng(1)
    p = rng.uniform(0, 1, 600)
    p[:60] = 0
    agreed = rng.uniform(size=600) < 0.5
    truth = Confidence(scale=0.8, agreement=1.0, missing=0.5, offset=-0.4)
    right = rng.uniform(size=600) < [truth.of(a, b) for a, b in zip(p, agreed, strict=True)]
    judged = pd.DataFrame({"document": np.arange(600) // 20, "p": p, "agreed": agreed, "right": right})
    found = fit_confidence(judged)
    assert abs(found.scale - 0.8) < 0.3 and abs(found.agreement - 1) < 0.5
    table = confidence_table(judged)
    assert table["n"].sum() == 600
    assert (table["right"] - table["said"]).abs().mul(table["n"]).sum() / 600 < 0.08


@given(st.integers(0, 50), st.integers(0, 3000))
def test_windows_read_every_token_once(first, tokens):
    read = []
    for low, high, mine in _windows(first, first + tokens):
        assert first <= low <= mine.start and mine.stop <= high <= first + tokens
        read += mine
    assert read == list(range(first, first + tokens))


TREES = st.integers(1, 12).flatmap(
    lambda n: st.tuples(*(st.integers(0, i) for i in range(n)), st.sets(st.integers(0, n - 1), min_size=1))
)


@given(TREES)
def test_every_token_has_a_place_as_seen_from_a_cue(tree):
    *head, cue = tree
    cue = sorted(cue)
    places = Tree(head, [1] * len(head), kinds=3).places(cue)
    assert len(places) == len(head) and ((places >= 0) & (places <= 16)).all()
    assert places[next((t for t in cue if head[t] not in cue), cue[0])] % 4 == 3 or any(head[t] == t for t in cue)


def test_a_tagger_for_another_parser_is_refused(tmp_path, recipe):
    attribution.fit_tagger(read_recipe(recipe), tmp_path / "data", tmp_path / "tagger", log=lambda line: None)
    path = tmp_path / "tagger" / "config.json"
    path.write_text(path.read_text().replace("3.8.0", "2.0.0"))
    with pytest.raises(StanceError, match=r"trained on parses by en_core_web_sm 2\.0\.0, and .* is installed"):
        Tagger(tmp_path / "tagger")
    path.write_text("{}")
    with pytest.raises(StanceError, match="not a tagger's folder"):
        Tagger(tmp_path / "tagger")


@settings(max_examples=50)
@given(st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=1, max_size=12), st.floats(0, 1))
def test_cues_do_not_overlap(rows, threshold):
    cues = cues_of(np.array(rows), threshold)
    flat = [i for cue in cues for i in cue]
    assert flat == sorted(set(flat))
