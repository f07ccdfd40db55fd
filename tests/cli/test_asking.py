"""A language model as --model: what is asked is said before, nothing is asked twice, and every fault is a sentence."""

import json

import pandas as pd
import pytest

pytest.importorskip("openai")

from stance.scoring import _server
from tests.cli.test_cli import stance_command
from tests.support.language_server import language_server

TEXT = "Putin said that the talks were useful. Zelensky rejected the talks."


@pytest.fixture
def served(monkeypatch, tmp_path):
    monkeypatch.setattr(_server, "RETRIES", 1)
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with language_server() as running:
        monkeypatch.setenv("OPENAI_BASE_URL", running.url)
        yield running


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(TEXT)
    return path


@pytest.fixture
def run_stance(capsys):
    return lambda *arguments: stance_command(*arguments, capsys=capsys)


def test_a_study_from_texts_to_report(run_stance, served, text, tmp_path):
    out = tmp_path / "results"
    code, said, err = run_stance("run", text, "--model", "openai:tiny", "--yes", "--out", out, "--price", "1 EUR")
    assert code == 0, err
    assert "questions at most" in said and "EUR" in said
    scores = pd.read_csv(out / "scores/stance.csv")
    assert scores["model"].str.startswith("openai:tiny@tiny-1.0+prompt-").all()
    assert scores["p_addressed"].notna().any()
    assert "openai:tiny" in (out / "report.html").read_text()
    asked = len(served.asked)
    assert run_stance("run", text, "--model", "openai:tiny", "--yes", "--out", out)[0] == 0
    assert len(served.asked) == asked


def test_nothing_is_sent_unasked(run_stance, served, text, tmp_path):
    code, said, err = run_stance("run", text, "--model", "openai:tiny", "--out", tmp_path / "out")
    assert code == 2
    assert "questions at most" in said and "give --yes" in err
    assert not (tmp_path / "out/scores").exists()


def test_rows(run_stance, served, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text(
        "".join(json.dumps({"text": f"Biden praised plan {i}.", "target": f"plan {i}"}) + "\n" for i in "abc")
    )
    served.before = lambda body: (400, "{}") if "plan b" in body["messages"][0]["content"] else None
    code, _, err = run_stance(
        "score", rows, "--measure", "stance", "-o", tmp_path / "s.csv", "--model", "openai:tiny", "--yes"
    )
    assert code == 0, err
    found = pd.read_csv(tmp_path / "s.csv")
    assert found["label"].isna().tolist() == [False, True, False]
    assert "1 question got no answer" in err


@pytest.mark.parametrize(
    ("verb", "more", "sentence"),
    [
        ("run", ["--price", "0.15"], "with its currency"),
        ("run", ["--model", "small", "--yes"], "--yes is an option of a language model"),
        ("run", ["--model", "small", "--price", "1 USD"], "--price is an option of a language model"),
        ("batch", ["--model", "small", "--yes"], "--yes is an option of a language model"),
        (
            "run",
            ["--model", "small", "--base-url", "http://localhost/v1"],
            "--base-url is an option of a language model",
        ),
        ("batch", [], "give --yes"),
    ],
)
def test_faults(run_stance, served, text, tmp_path, verb, more, sentence):
    more = more if "--model" in more else [*more, "--model", "openai:tiny"]
    code, _, err = run_stance(verb, text, "--out", tmp_path / "out", *more)
    assert code == 2
    assert sentence in " ".join(err.split())


def test_a_corpus(run_stance, served, text, tmp_path):
    code, _, err = run_stance(
        "batch", text, "--out", tmp_path / "out", "--model", "openai:tiny", "--yes", "--workers", 1
    )
    assert code == 0, err
    assert pd.read_parquet(tmp_path / "out/stance")["model"].str.startswith("openai:tiny@").all()


def test_a_corpus_is_told_where_the_server_is_and_tells_what_it_refused(
    run_stance, served, text, tmp_path, monkeypatch
):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    served.answer = lambda question: "perhaps"
    served.logprobs = False
    command = ("batch", text, "--out", tmp_path / "out", "--model", "openai:tiny", "--yes", "--workers", 1,
               "--base-url", served.url, "--samples", 2)  # fmt: skip
    code, out, err = run_stance(*command)
    assert code == 0, err
    assert "samples-2" in out and "got no answer, and what they ask of has no score" in err
    asked = [question for question in served.asked if "the bridge" not in question]  # that one tells how it answers
    again = run_stance(*command)  # goes on from what is there, and says the same
    assert "got no answer" in again[2] and asked
    assert [question for question in served.asked if "the bridge" not in question] == asked


def test_evaluate(run_stance, served, tmp_path):
    rows = tmp_path / "rows.csv"
    lines = [f"Lee praised pier {i}.,pier {i},{label}" for i, label in enumerate(["favor", "against", "none"] * 4)]
    rows.write_text("\n".join(["text,target,label", *lines]) + "\n")
    code, _, err = run_stance(
        "evaluate", "--data", rows, "--model", "openai:tiny", "--yes", "--out", tmp_path / "e.csv"
    )
    assert code == 0, err
