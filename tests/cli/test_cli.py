"""The command line as users and other tools see it: files, exit codes, one sentence for each fault."""

import json
import subprocess
import sys

import pandas as pd
import pytest

from stance import cli
from stance.validation import audit


def stance_command(*arguments, capsys=None):
    """Exit code, standard output, standard error."""
    try:
        cli.main([str(a) for a in arguments])
        code = 0
    except SystemExit as stop:
        code = stop.code or 0
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def run_stance(capsys):
    return lambda *arguments: stance_command(*arguments, capsys=capsys)


@pytest.fixture
def article(tmp_path, sample):
    path = tmp_path / "alaska_summit.txt"
    path.write_text(sample[0].text, encoding="utf-8")
    return path


def test_dates_that_are_not_sure_are_asked_about(run_stance, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("id,text,date\na,It rained.,03/04/2025\n")
    code, _, err = run_stance("segment", path, "-o", tmp_path / "s.jsonl")
    assert code == 0
    assert f"{path}: 1 date could be day-first or month-first, the first of them '03/04/2025' (row 2)." in err
    assert "CorpusWarning" not in err
    assert "03/04/2025" not in run_stance("segment", path, "-o", tmp_path / "s.jsonl", "--dates", "day-first")[2]


def test_segment(run_stance, tmp_path, article, sample_segments):
    code, out, _ = run_stance("segment", article, "-o", tmp_path / "s.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "s.jsonl").read_text().splitlines()]
    assert code == 0
    assert [r["id"] for r in rows] == [s.id for s in sample_segments]
    assert f"{len(rows)} segments" in out


@pytest.mark.parametrize("measure", ["stance", "sentiment"])
def test_score(run_stance, tmp_path, measure):
    rows = tmp_path / "rows.jsonl"
    rows.write_text(
        json.dumps({"id": 1, "text": "Biden gave a brilliant speech.", "target": "Biden", "start": 0, "end": 5}) + "\n"
    )
    code, *_ = run_stance("score", rows, "--measure", measure, "-o", tmp_path / "out.csv")
    assert code == 0
    (row,) = pd.read_csv(tmp_path / "out.csv").to_dict("records")
    assert row["label"] in ("favor", "positive")


def test_score_says_how_many_statements_do_not_take_the_target_up(run_stance, tmp_path, monkeypatch):
    from stance.scoring.model import as_model
    from tests.support.fakes import Taught

    asked = {}

    def load_model(name, *, addressed, **others):
        asked.update(addressed=addressed)
        return as_model(Taught("dam"))

    monkeypatch.setattr("stance.scoring.loading.load_model", load_model)
    rows = tmp_path / "rows.csv"
    rows.write_text(
        "text,target,holder,statement\n"
        "Holt said the dam is a gift.,the dam,Holt,the dam is a gift\n"
        "Holt said it rained.,the dam,Holt,it rained\n"
        "Holt said it rained.,the dam,Holt,nowhere to be found\n"
    )
    code, out, _ = run_stance("score", rows, "--measure", "stance", "--addressed", "0.4", "-o", tmp_path / "out.csv")
    assert code == 0 and asked == {"addressed": 0.4}
    assert "2 rows scored by taught@0/none (1 left unscored, 1 do not take the target up: see the column reason)" in out
    scored = pd.read_csv(tmp_path / "out.csv")
    assert scored["label"].fillna("").tolist() == ["favor", "none", ""]
    assert scored["p_addressed"].tolist()[:2] == [0.9, 0.2]
    assert "does not stand in 'text'" in scored["reason"][2]


def test_run_says_what_does_not_take_the_target_up(run_stance, tmp_path, monkeypatch):
    from tests.support.fakes import Taught

    monkeypatch.setattr("stance.scoring.loading.load_model", lambda *a, **k: Taught("talks"))
    text = tmp_path / "a.txt"
    text.write_text("Putin said that the talks were useful. Lavrov said that the weather was mild. Trump left.")
    code, out, _ = run_stance("run", text, "--out", tmp_path / "out")
    assert code == 0
    assert "1 of 2" in out and "1 statement left out: the target is not taken up there" in out
    table = pd.read_csv(tmp_path / "out/tables/04_stance.csv").set_index(["role", "actor"])
    assert table.loc[("source", "kremlin"), ["n", "addressed"]].tolist() == [1, 0.5]
    listed = pd.read_csv(tmp_path / "out/tables/05_framings.csv")
    assert listed["net"].notna().tolist() == [True, False]
    assert "p_addressed 0.2000, below 0.5" in (tmp_path / "out/report.html").read_text()


def test_evaluate(run_stance, tmp_path):
    rows = [
        {"text": "Kyiv praised the plan.", "target": "the plan", "holder": "Kyiv", "label": "favor"},
        {"text": "Kyiv rejected the plan.", "target": "the plan", "holder": "Kyiv", "label": "against"},
    ]
    (tmp_path / "dev.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    arguments = ("--model", "small", "--model", "majority", "--out", tmp_path / "table.csv")
    code, out, _ = run_stance("evaluate", "--data", tmp_path / "dev.jsonl", *arguments)
    table = pd.read_csv(tmp_path / "table.csv").set_index("model")
    assert code == 0 and "macro-F1" in out
    assert table.loc["small", "accuracy"] == 1
    assert table.loc["majority", "accuracy"] == 0.5
    assert table.loc["majority", "difference"] < 0


def test_run_with_own_text_and_codebook(run_stance, tmp_path, article, codebook):
    code, out, _ = run_stance("run", article, "--target", "peace_talks", "--out", tmp_path / "out")
    assert code == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "figures",
        "codebook.yml",
        "documents.jsonl",
        "labels.json",
        "manifest.json",
        "report.html",
        "scores",
        "segments.jsonl",
        "tables",
    }
    assert "Kremlin" in out
    assert run_stance("results", "--dir", tmp_path / "out", "--check")[0] == 0
    (tmp_path / "out" / "tables" / "04_stance.csv").unlink()
    code, out, _ = run_stance("results", "--dir", tmp_path / "out", "--check")
    assert (code, "tables/04_stance.csv is missing" in out) == (1, True)


def test_results_of_own_texts_cannot_be_rerun(run_stance, tmp_path):
    text = tmp_path / "mine.txt"
    text.write_text("Putin said that the talks were good.")
    assert run_stance("run", text, "--out", tmp_path / "out")[0] == 0
    code, _, err = run_stance("results", "--dir", tmp_path / "out", "--check", "--rerun")
    assert (code, "cannot be rerun without their texts" in err) == (2, True)


def test_results_are_remade_and_compared(run_stance, tmp_path, monkeypatch):
    few = [next(f for f in audit.audit_sentences() if f["role"] == role) for role in ("speaker", "mention")]
    monkeypatch.setattr(audit, "audit_sentences", lambda: few)  # all of them take half the time
    folder = tmp_path / "results"
    assert run_stance("results", "--dir", folder)[0] == 0
    table = folder / "scores" / "stance.csv"
    table.write_text(table.read_text().replace("favor", "against"))
    code, out, _ = run_stance("results", "--dir", folder, "--check", "--rerun")
    assert code == 1
    told = [line for line in out.splitlines() if ".csv" in line or ".json" in line or ".png" in line]
    assert len(told) == 2, "every other file comes out as it was"
    assert "scores/stance.csv was altered" in told[0]
    assert "scores/stance.csv comes out differently" in told[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "none.txt"], "none.txt cannot be read"),
        (["run", "empty"], "the folder holds no texts"),
        (["run", "pages", "--out", "pages/out"], "would be read as a text next time"),
        (["segment", "pages", "-o", "pages/out.jsonl"], "would be read as a text next time"),
        (["run", "rows.csv", "--columns", "text"], "--columns takes field=column"),
        (["run", "rows.csv", "--columns", "body=text"], "'body' is no field of a document"),
        (["run", "rows.csv", "--columns", "text=a,text=b"], "names 'text' twice"),
        (
            ["segment", "rows.csv", "-o", "out.jsonl", "--columns", "id=link"],
            "no column 'link'. It has: 'text', 'target'",
        ),
        (["run", "file.txt", "--dates", "klingon"], "--dates is day-first"),
        (["run", "file.txt", "--encoding", "klingon"], "No text encoding is called 'klingon'"),
        (["run", "--target", "war"], "no target 'war'"),
        (["run", "--codebook", "none.yml"], "none.yml cannot be read"),
        (["run", "--model", "none"], "No model 'none'"),
        (["run", "--out", "file.txt/out"], "cannot be written"),
        (["segment", "none.txt", "-o", "out.jsonl"], "none.txt cannot be read"),
        (["segment", "file.txt", "-o", "file.txt/out.jsonl"], "cannot be written"),
        (["score", "file.txt", "--measure", "stance", "-o", "out.csv"], "must be a .jsonl, .csv or .parquet file"),
        (["score", "rows.csv", "--measure", "stance", "-o", "out.doc"], "must be a .jsonl, .csv or .parquet file"),
        (
            ["score", "rows.csv", "--measure", "stance", "-o", "out.csv", "--backend", "tpu"],
            "must be one of torch, onnx",
        ),
        (["results", "--dir", "none", "--check"], "has no manifest.json"),
        (["results", "--rerun"], "--rerun belongs to --check"),
        (["evaluate", "--data", "none"], "none must be a .jsonl, .csv or .parquet file"),
        (["evaluate", "--data", "rows.csv"], "has no column 'label'"),
        (["evaluate", "--data", "rows.csv", "-o", "out.json"], "must be a .csv file"),
        (["evaluate", "--data", "labels.csv", "--out", "labels.csv"], "is among the data and would be lost"),
        (["evaluate", "--data", ".", "--out", "labels.csv"], "is among the data and would be lost"),
        (["evaluate", "--data", "labels.csv", "--model", "none"], "No model 'none'"),
        (["finetune", ".", "--out", "m"], ". is a folder"),
        (["finetune", "labels.csv", "--out", "m"], "takes 50 to 5,000 rows"),
        (["train", "--recipe", "none.yml", "--data", ".", "--out", "m"], "none.yml"),
    ],
)
def test_every_fault_is_one_sentence_and_exit_code_2(run_stance, tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.txt").write_text("Putin said no.")
    (tmp_path / "empty").mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "file.txt").write_text("Putin said no.")
    (tmp_path / "rows.csv").write_text("text,target\nA text,it\n")
    (tmp_path / "labels.csv").write_text("text,target,label\nA text,it,favor\n")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run_stance(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.startswith("stance: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "arguments", [["score", "x.csv", "--measure", "mood", "-o", "y.csv"], ["nonsense"], ["segment"]]
)
def test_wrong_usage_is_exit_code_2(run_stance, arguments):
    assert run_stance(*arguments)[0] == 2


def test_importing_stance_loads_nothing_heavy():
    code = "import sys, stance; print([m for m in ('torch', 'transformers', 'spacy', 'pandas', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_command_is_installed():
    done = subprocess.run([sys.executable, "-m", "stance", "--help"], capture_output=True, text=True, check=True)
    for verb in ("run", "segment", "score", "results", "train"):
        assert verb in done.stdout


def test_a_study_file_says_what_run_does_and_options_count_first(run_stance, tmp_path, monkeypatch):
    (tmp_path / "mine.txt").write_text("Putin said that the talks were good.")
    (tmp_path / "study.yml").write_text("{texts: mine.txt, out: made}")
    assert run_stance("run", "--study", tmp_path / "study.yml")[0] == 0
    assert (tmp_path / "made" / "report.html").is_file()
    monkeypatch.setenv("STANCE_STUDY", str(tmp_path / "study.yml"))
    assert run_stance("run", "--out", tmp_path / "other")[0] == 0
    assert json.loads((tmp_path / "other" / "documents.jsonl").read_text())["id"] == "mine"
    (tmp_path / "mine.txt").unlink()
    code, _, err = run_stance("run")
    assert (code, "texts: 'mine.txt' is not there" in " ".join(err.split())) == (2, True)
