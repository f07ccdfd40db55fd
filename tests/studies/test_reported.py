"""The labels of reported stance: whole, consistent, and joined where their texts are."""

import json

import pytest

from stance.validation.reported import ReportedLabel


@pytest.fixture(scope="module")
def job(script):
    return script("studies/reported.py")


@pytest.mark.parametrize("name", ["development", "training", "training_news"])
def test_every_label_is_valid_and_holds_no_text(pytestconfig, name):
    lines = (pytestconfig.rootpath / "gold/reported" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    labels = [ReportedLabel.model_validate_json(line) for line in lines]
    assert all(label.addressed or label.label == "none" for label in labels)
    assert {label.annotator for label in labels} == {"A", "B"}
    assert not {"text", "statement", "holder"} & set(json.loads(lines[0]))


def test_development_and_training_share_no_document(pytestconfig):
    folder = pytestconfig.rootpath / "gold/reported"
    documents = [
        {json.loads(line)["sha256"] for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()}
        for name in ("development", "training", "training_news")
    ]
    assert documents[0].isdisjoint(documents[1] | documents[2])


def test_labels_and_texts_fit(job, shared, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("STANCE_SHARED", str(shared))
    job.main([str(tmp_path)])
    printed = capsys.readouterr()
    assert "0 left out" in printed.out and not printed.err
    rows = [json.loads(line) for line in (tmp_path / "development.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(
        row["text"][row["holder_start"] : row["holder_end"]].split() for row in rows if row["holder_start"] is not None
    )


def test_without_texts_it_says_so(job, monkeypatch, tmp_path):
    monkeypatch.delenv("STANCE_SHARED", raising=False)
    with pytest.raises(job.StanceError, match="The labels need their texts"):
        job.main([str(tmp_path)])
