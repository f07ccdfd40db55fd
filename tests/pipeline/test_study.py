"""A whole study: what it leaves, with frames and without."""

import json

import numpy as np
import pandas as pd
import pytest

import stance
from stance.codebook import Frame
from stance.pipeline.study import run
from stance.results.folder import read_folder
from stance.schema import Document, StanceError
from tests.support.fakes import FakeModel

RISK = Frame(label="Risk", set="case", hypotheses=("{actor} sees a risk.", "{actor} fears {target}."))


LAW = Frame(label="Law", set="generic", hypotheses=("It is about law.",))


FRAMES = {"risk": RISK, "law": LAW}


TEXT = "Trump warned that the talks could fail. Putin arrived. Envoys said that nobody knew."


HOSTILE = {
    "risk": Frame(label="<script>alert(1)</script>", hypotheses=RISK.hypotheses),
    "law": Frame(label='=HYPERLINK("http://x.example")', hypotheses=LAW.hypotheses),
}


class Sure(FakeModel):
    """A model that finds every frame."""

    def predict(self, pairs):
        return np.tile([0.9, 0.05, 0.05], (len(pairs), 1))


def test_a_run_leaves_its_frames_marked_as_exploratory(tmp_path, codebook):
    book = codebook.model_copy(update={"frames": HOSTILE})
    out = tmp_path / "run"
    analysis = run([Document("d", TEXT)], book, book.target(), Sure(), out)
    written = pd.read_csv(out / "scores" / "frames.csv")
    assert written["target"].tolist() == analysis.frames["target"].tolist() == ["risk", "law"] * 2
    assert "scores/frames.csv" in json.loads((out / "manifest.json").read_text())["files"]
    folder = read_folder(out)
    assert folder.names.frames == {key: frame.label for key, frame in HOSTILE.items()}
    assert set(folder.scores) == {"stance", "sentiment", "frames"}
    page = (out / "report.html").read_text()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    assert "Frames (exploratory)" in page
    assert stance.check(out) == []


def test_a_codebook_without_frames_leaves_none(tmp_path, codebook, fake_model):
    book = codebook.model_copy(update={"frames": {}})
    out = tmp_path / "run"
    assert run([Document("d", TEXT)], book, book.target(), fake_model, out).frames is None
    assert not (out / "scores" / "frames.csv").exists()
    assert "exploratory" not in (out / "report.html").read_text()
    assert read_folder(out).names.frames == {}


def test_texts_without_statements_leave_an_empty_table(tmp_path, codebook, fake_model):
    book = codebook.model_copy(update={"frames": FRAMES})
    out = tmp_path / "run"
    analysis = run([Document("d", "Putin arrived in the morning.")], book, book.target(), fake_model, out)
    assert analysis.frames.empty and read_folder(out).scores["frames"].empty


def test_texts_in_another_language_alone_are_named(tmp_path, codebook, fake_model):
    french = (
        "Le président Poutine a déclaré vendredi que les négociations étaient utiles et qu’elles allaient continuer."
    )
    with (
        pytest.warns(UserWarning, match="left out"),
        pytest.raises(StanceError, match=r"Left out: Lettre, which seems to be written in 'fr'.* So is 1 more"),
    ):
        run([Document(name, french) for name in ("Lettre", "Note")], codebook, codebook.target(), fake_model, tmp_path)
