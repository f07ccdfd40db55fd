"""How much of a long text is read: the statement inside its document."""

import pytest

from stance.schema import sha256
from stance.validation.reported import ReportedLabel

TEXT = "It rained. " * 200 + "Ann Lee praised the dam." + " Nobody came." * 200
START = 11 * 200


@pytest.fixture(scope="module")
def job(script):
    return script("studies/long_texts.py")


def test_a_statement_stands_in_the_midst_of_its_document_with_its_holder_in_focus(job):
    label = ReportedLabel(
        set="mine", document="d", sha256=sha256(TEXT.encode()), source=((START, START + 7),), cue=(),
        content=((START + 16, START + 23),), sentence=(START, START + 24), target="taxes", label="favor", addressed=True,
        hard=False, annotator="A",
    )  # fmt: skip
    found = job.inside(label, TEXT, {"holder"})
    assert 2000 < len(found.premise) < 2100
    assert found.premise[slice(*found.focus[0])] == "Ann Lee"
    assert found.holder == "Ann Lee"


def test_without_texts_it_says_so(job, monkeypatch, tmp_path):
    monkeypatch.delenv("STANCE_SHARED", raising=False)
    with pytest.raises(job.StanceError, match="The labels need their texts"):
        job.main(["small", str(tmp_path / "out.csv")])
