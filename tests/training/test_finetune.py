"""Fine-tuning on labels of one's own, with a model small enough to learn in a second."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

import stance
from stance.cli import app
from stance.schema import StanceError
from stance.training import finetune as module
from stance.validation.evaluation import read_sets

LABELS = ("favor", "against", "none")


def rows(n, labels=LABELS):
    return [
        {"text": f"The {'good' if i % 3 == 0 else 'bad'} plan {i // 2}.", "target": "the plan", "label": labels[i % len(labels)],
         "holder": "" if i % 2 else "The mayor"}
        for i in range(n)
    ]  # fmt: skip


@pytest.fixture
def tiny(tmp_path):
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    from stance.resources import WEIGHTS
    from stance.training.examples import LABELS as INFERENCE

    folder = tmp_path / "tiny"
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30522, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        id2label=dict(enumerate(INFERENCE)), label2id={v: i for i, v in enumerate(INFERENCE)},
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(WEIGHTS / "small").save_pretrained(folder)
    return folder


@pytest.fixture
def labels(tmp_path):
    path = tmp_path / "labels.csv"
    pd.DataFrame(rows(60)).to_csv(path, index=False)
    return path


def test_before_and_after_on_texts_never_learned_from(labels, tiny, tmp_path, monkeypatch):
    learned = []
    real = module._examples
    monkeypatch.setattr(module, "_examples", lambda *a: learned.extend(real(*a)) or learned)
    (labelled,), _ = read_sets(labels)
    made = module.finetune(labelled, tmp_path / "mine", str(tiny), log=lambda line: None)
    assert made.n_train + made.n_held_out == 60 and 6 <= made.n_held_out <= 18
    assert made.table["model"].tolist() == ["before", "after"]
    assert pd.notna(made.table["difference"].iloc[1])
    held_out = set(pd.read_csv(tmp_path / "mine" / "held_out.csv")["text"])
    assert held_out and not any(e.premise in held_out for e in learned)
    assert "fine-tuned on" in (tmp_path / "mine" / "README.md").read_text()
    rescored = stance.score_rows(pd.read_csv(labels), "stance", stance.load_model(tmp_path / "mine"))
    assert len(rescored) == 60


def test_the_same_seed_gives_the_same_model(labels, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_EXAMPLES", 120)
    (labelled,), _ = read_sets(labels)
    for name in ("one", "two"):
        module.finetune(labelled, tmp_path / name, str(tiny), log=lambda line: None)
    one, two = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two"))
    assert one == two


def test_a_model_that_was_taught_what_takes_a_target_up_keeps_its_threshold(labels, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_EXAMPLES", 120)
    config = json.loads((tiny / "config.json").read_text())
    (tiny / "config.json").write_text(json.dumps(config | {"addressed": stance.codebook.ADDRESSED}))
    entry = {"temperature": 1.5, "offset": 0.1, "threshold": 0.37}
    (tiny / "calibration.json").write_text(
        json.dumps({"addressed": entry, "stance": {"temperature": 2.0, "offset": 0.0}})
    )
    (labelled,), _ = read_sets(labels)
    module.finetune(labelled, tmp_path / "mine", str(tiny), log=lambda line: None)
    loaded = stance.load_model(tmp_path / "mine")
    assert loaded.addressed == 0.37 and dict(loaded.calibration) == {"addressed": (1.5, 0.1)}


@pytest.mark.parametrize(("after", "is_kept"), [(0.05, True), (0.1, False), (0.17, False)])
def test_a_calibration_is_kept_only_where_it_helps_on_texts_it_was_not_fitted_on(
    labels, tmp_path, monkeypatch, model, after, is_kept
):
    (labelled,), _ = read_sets(labels)
    entry = {"temperature": 2.0, "offset": 0.0, "ece_before": 0.1, "ece": after, "ece_perfect": 0.02}
    monkeypatch.setattr(module, "calibrate", lambda *a, **kw: {"stance": entry})
    monkeypatch.setattr(module, "calibration_json", lambda found: json.dumps(found).encode())
    assert module._calibrated(labelled, model, tmp_path, 0) == entry
    assert (tmp_path / "calibration.json").is_file() is is_kept
    line = {"model": "m", "n": 60, "macro_f1": 0.5, "accuracy": 0.5, "ece": 0.1, "ece_perfect": 0.1}
    lines = [line | {"difference": 0.0, "difference_low": 0.0, "difference_high": 0.0}] * 2
    said = module._CARD.render(before="b", after="a", task="stance", lines=lines, n=9, found=entry, fewest=40)
    assert ("are left as trained" in said) is not is_kept and ("are calibrated on the rows" in said) is is_kept


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (rows(49), "takes 50 to 5,000 rows. labels has 49"),
        (rows(60, ("favor",)), "Every row of labels is labelled 'favor'"),
        (
            [*rows(60), {"text": " ", "target": "x", "label": "none"}],
            "Row 61 of labels cannot be used: 'text' is empty",
        ),
        ([*rows(60), {**rows(1)[0], "start": 0, "end": 999}], "Row 61 of labels cannot be used: start 0 and end 999"),
        ([{**row, "text": "One text."} for row in rows(60)], "fewer than 10 different texts"),
        ([*rows(40), *[{**row, "text": "One text."} for row in rows(90)]], "share one text"),
        ([{"premise": "x", "hypothesis": "y", "label": "entailment"}] * 60, "not premises and hypotheses"),
    ],
)
def test_labels_that_nothing_can_be_learned_from(made, sentence, tmp_path):
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in made))
    (labelled,), _ = read_sets(path)
    with pytest.raises(StanceError, match=sentence):
        module.finetune(labelled, tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_a_model_with_other_labels_is_refused(labels, tiny, tmp_path):
    config = json.loads((tiny / "config.json").read_text())
    config["id2label"] = dict(enumerate(("contradiction", "neutral", "entailment")))
    config["label2id"] = {v: k for k, v in config["id2label"].items()}
    (labelled,), _ = read_sets(labels)
    (tiny / "config.json").write_text(json.dumps(config))
    with pytest.raises(StanceError, match="in this order"):
        module.finetune(labelled, tmp_path / "mine", str(tiny))
    with pytest.raises(StanceError, match="is neither"):
        module.finetune(labelled, tmp_path / "mine", "organisation/model@" + "0" * 40)
    assert not (tmp_path / "mine").exists()


def test_nothing_is_written_over(labels, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("")
    result = CliRunner().invoke(app, ["finetune", str(labels), "--out", str(tmp_path / "full")])
    assert isinstance(result.exception, StanceError) and "is not an empty folder" in str(result.exception)
