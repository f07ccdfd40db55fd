"""Ways of reading reported speech: what each shows a model."""

import pytest

from stance.schema import sha256
from stance.validation.reported import ReportedLabel

TEXT = "It rained. Ann Lee, asked in Tarn, praised the dam as a gift. Nobody else came."
LABEL = ReportedLabel(
    set="mine", document="d", sha256=sha256(TEXT.encode()), source=((11, 18),), cue=((35, 42),), content=((43, 60),),
    sentence=(11, 61), target="the dam", label="favor", addressed=True, hard=False, annotator="A",
)  # fmt: skip


@pytest.fixture(scope="module")
def job(script):
    return script("studies/units.py")


@pytest.mark.parametrize(
    ("way", "before", "shown"),
    [
        ("sentence", False, "[ Ann Lee ], asked in Tarn, praised the * dam * as a gift."),
        ("statement", False, "[ Ann Lee ], asked in Tarn, praised < the * dam * as a gift >."),
        ("alone", False, "[ Ann Lee ] praised: the * dam * as a gift"),
        ("alone", True, "It rained. [ Ann Lee ] praised: the * dam * as a gift"),
    ],
)
def test_every_way_shows_what_it_is_called(job, way, before, shown):
    assert job.premise(LABEL, TEXT, way, before) == (shown, "Ann Lee")


def test_without_texts_it_says_so(job, monkeypatch, tmp_path):
    monkeypatch.delenv("STANCE_SHARED", raising=False)
    with pytest.raises(job.StanceError, match="The labels need their texts"):
        job.main(["small", str(tmp_path / "out.csv")])
