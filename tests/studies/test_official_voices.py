"""The job that makes the official voices: what it does to texts, and what it counts. All sentences are invented."""

import json

import nbformat
import pandas as pd
import pytest

import stance
from stance.attribution.publishers import publisher_of
from stance.results.manifest import check
from stance.schema import Document, StanceError


@pytest.fixture(scope="module")
def job(script):
    return script("studies/official_2022/study.py")


@pytest.fixture(scope="module")
def book(pytestconfig):
    return stance.read_codebook(pytestconfig.rootpath / "studies/official_2022/codebook.yml")


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("Rain fell. Ann Lee: Hello. Bo Kim: Yes.", ["Rain fell.", "Ann Lee: Hello.", "Bo Kim: Yes."]),
        ("President of Freedonia Ann Lee: Hello. Question: Why?", ["Ann Lee: Hello.", "Question: Why?"]),
        ("Minister Ann Lee Lee AnnMinister of Rain: Yes.", ["Ann Lee: Yes."]),
        ("It is so, Remark: No. Ann Lee:(Smiling.) Yes.", ["It is so,", "Remark: No.", "Ann Lee: (Smiling.) Yes."]),
        ("Ann Lee (retranslated): Yes.", ["Ann Lee: Yes."]),
        ("We want this: more rain. It is clear: no.", ["We want this: more rain. It is clear: no."]),
    ],
)
def test_turns_stand_in_paragraphs_of_their_own(job, text, paragraphs):
    assert job.with_turns(text).split("\n\n") == paragraphs


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("One\ntwo.\n\n[Three](https://x.org) \\[four\\]", "One two.\n\nThree [four]"),
        (
            "**THE PRESIDENT:**\xa0 Hi.\n \nQ\xa0\xa0 Why?\n\nTHE VICE PRESIDENT: So.",
            "PRESIDENT BIDEN: Hi.\n\nQ: Why?\n\nVICE PRESIDENT HARRIS: So.",
        ),
    ],
)
def test_markdown_is_taken_off(job, text, plain):
    assert job.from_markdown(text) == plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia and Ukraine hold talks.", True),
        ("Russian and Ukrainian negotiators met.", True),
        ("Moscow wants Negotiations with Kiev.", True),
        ("Russia and Freedonia hold talks.", False),
        ("Ukraine holds talks with Freedonia.", False),
        ("Russia and Ukraine are countries.", False),
        ("He talks of Minsk, Russia and Ukraine.", True),
        ("Minsk is a city, as are Moscow and Kiev.", False),
    ],
)
def test_the_filter(job, text, expected):
    assert job.passes(Document("d", text)) is expected


ROWS = {
    "kremlin_press_2021_2022.jsonl": {
        "link": "http://en.kremlin.ru/1", "headline": "One", "date": "2022-03-01T10:00:00Z",
        "body": "Vladimir Putin: Rain fell. We want talks with Ukraine. Joe Bloggs: Russia rejects talks with Ukraine.",
    },
    "president_gov_ua_2021_2022.jsonl": {
        "link": "https://www.president.gov.ua/en/1", "headline": "Two", "date": "2022-05-01T10:00:00Z",
        "body": "We are ready for talks with Russia. Talks with Freedonia went well. Ukraine fears Russia.",
    },
    "whitehouse_ukraine_2021_2024.jsonl": {
        "url": "https://bidenwhitehouse.archives.gov/1", "title": "Three", "date": "2021-11-01",
        "text": "Putin said that Russia refuses talks with Ukraine.\n\nWe back talks between Ukraine and Russia.",
    },
}  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "corpora").mkdir()
    for name, row in ROWS.items():
        late = row | {"date": "2023-01-01", "link": "l", "url": "l", "body": "x", "text": "x"}
        (tmp_path / "corpora" / name).write_text("".join(json.dumps(r) + "\n" for r in (row, row, late)))
    monkeypatch.setenv("STANCE_SHARED", str(tmp_path))
    return tmp_path


def test_only_a_governments_own_words_on_negotiating_are_asked_about(job, book, folder, fake_model):
    documents = job.read(folder / "corpora")
    assert [(d.date, publisher_of(d, book).actor) for d in documents] == [
        ("2022-03-01", "kremlin"), ("2022-05-01", "kyiv"), ("2021-11-01", "white_house"),
    ]  # fmt: skip
    said, felt = job.scored(documents, book, fake_model, step=lambda message: None)
    assert said[["actor", "text"]].to_numpy().tolist() == [
        ["kremlin", "We want talks with Ukraine."],
        ["kyiv", "We are ready for talks with Russia."],
        ["white_house", "We back talks between Ukraine and Russia."],
    ]
    assert set(zip(felt["voice"], felt["target"], strict=True)) <= {
        (a, b) for a in book.actors for b in book.actors if a != b
    }
    assert said["net"].notna().all()


def test_the_job_writes_counts_and_means_only(job, folder, fake_model, monkeypatch, tmp_path):
    monkeypatch.setattr(stance, "load_model", lambda *a, **k: fake_model)
    job.main(["--out", str(tmp_path / "out")])
    assert check(tmp_path / "out") == []
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {e["from"] for e in manifest["files"].values()} == {"data"}
    assert {tuple(e["inputs"]["documents"]) for e in manifest["files"].values()} == {("official_2022 (3 documents)",)}
    table = pd.read_csv(tmp_path / "out" / "tables" / "06_official_voices.csv")
    assert set(table["note"]) == {"insufficient data"}
    written = "".join(p.read_text() for p in (tmp_path / "out" / "tables").glob("*.csv"))
    assert "We " not in written and "talks with" not in written


def test_without_the_texts_it_says_so(job, tmp_path, monkeypatch):
    monkeypatch.delenv("STANCE_SHARED", raising=False)
    with pytest.raises(StanceError, match="make studies needs the texts; see docs/howto/reproduce.md"):
        job.main([])
    monkeypatch.setenv("STANCE_SHARED", str(tmp_path))
    with pytest.raises(StanceError, match="Not found: kremlin_press"):
        job.main([])


def test_the_notebook_and_the_job_state_the_same_filter(job, pytestconfig):
    notebook = nbformat.read(pytestconfig.rootpath / "notebooks" / "06_official_voices.ipynb", as_version=4)
    told = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    for pattern in (job.NEGOTIATIONS, job.UKRAINE, job.RUSSIA):
        assert pattern in told
    assert all(name in told for name in job.PERIODS)
