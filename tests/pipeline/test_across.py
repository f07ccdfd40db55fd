"""Many texts: ``run`` becomes a batch by itself, and outlets, months, copies and what was not read come out."""

import pandas as pd
import pytest

from stance.cli import batching, main
from stance.cli.batching import is_large
from stance.pipeline.across import across
from stance.pipeline.study_file import Study
from stance.results.manifest import check
from stance.results.shards import Batch
from tests.pipeline.test_batch import TEXTS, inline, job  # noqa: F401

COPY = "Putin said the talks were useful, and that the delegations would meet again in Geneva in the spring."


@pytest.fixture
def given(tmp_path):
    """Eight rows: an empty text, two near copies, one that names nobody; and a file that is empty."""
    rows = tmp_path / "texts/rows.csv"
    rows.parent.mkdir()
    texts = [*TEXTS, COPY, COPY.replace("spring", "Spring"), "It rained.", ""]
    table = pd.DataFrame({"id": [f"r{i}" for i in range(len(texts))], "text": texts})
    table["outlet"] = ["Post", "Herald"] * 4 + ["Post"]
    table["date"] = [f"2025-0{1 + i % 3}-10" for i in range(len(texts))]
    table.loc[0, "date"] = "03.04.2025"  # April or March: nobody said
    table.assign(desk="news").to_csv(rows, index=False)
    (tmp_path / "texts/void.txt").write_text("")
    return rows.parent


@pytest.fixture
def run(inline, job, given, monkeypatch, tmp_path, capsys):  # noqa: F811
    monkeypatch.setattr(batching, "MANY", 6)
    monkeypatch.setattr("stance.pipeline.shard.Job.of", classmethod(lambda cls, *a, **k: job))

    def command(*more):
        with pytest.raises(SystemExit) as stopped:
            main(["run", str(given), "--out", str(tmp_path / "out"), *more])
        return stopped.value.code, capsys.readouterr()

    return command


def test_run_is_a_batch_by_itself_and_goes_on_where_it_stopped(run, tmp_path):
    code, shown = run()
    assert code == 1 and "worked on in shards" in shown.err and "void.txt" in shown.err  # a file could not be read
    assert "Stance toward the talks" in shown.out and "9 documents in 2 shards" in shown.out
    out = tmp_path / "out"
    assert check(out) == [] and Batch.of(out).rejected()[0] == 1
    page = (out / "report.html").read_text()
    assert "One row or file was given and could not be read" in page and "void.txt: the file is empty" in page
    assert "2 texts without scores (1: empty text; 1: names no actor of the codebook)" in page
    assert "1 text is a near copy of another" in page and "1 text without a date, in no timeline" in page
    _, again = run()
    assert "2 of them finished before" in again.out


def test_a_batch_has_the_tables_of_a_study(run, tmp_path):
    run()
    rows = pd.read_csv(tmp_path / "out/scores/by_document.csv")
    assert {"document", "actor", "mean", "n", "outlet", "date", "cluster", "desk"} <= set(rows)
    assert rows.set_index("document")["cluster"][["r5", "r6"]].tolist() == ["r5", "r5"]
    outlets = pd.read_csv(tmp_path / "out/tables/06_outlets.csv")
    assert set(outlets["outlet"]) == {"Post", "Herald"}
    months = pd.read_csv(tmp_path / "out/tables/06_months.csv")
    assert set(months["period"]) == {"2025-01", "2025-02", "2025-03"} and months["mean"].isna().all()
    assert not (tmp_path / "out/figures/06_months.svg").exists()  # no month has enough texts for a mean


def test_another_study_in_the_folder_is_replaced_only_when_told(run, given, tmp_path):
    from stance.codebook import read_codebook
    from stance.pipeline.study import run as run_study
    from stance.schema import Document
    from tests.support.fakes import FakeModel

    book, out = read_codebook(), tmp_path / "out"
    run_study([Document("d", COPY)], book, book.target(), FakeModel(), out)
    code, shown = run()
    assert code == 2 and "holds results that are no batch" in shown.err and (out / "scores/stance.csv").exists()
    run("--force")
    assert Batch.of(out).documents == 9 and check(out) == []


@pytest.mark.parametrize(
    ("most", "more", "large"),
    [
        (8, {}, True),
        (9, {}, False),
        (2, {"corrections": "review.csv"}, False),
        (2, {"model": "openai:some"}, False),
    ],
)
def test_how_many_are_many(given, monkeypatch, most, more, large):
    monkeypatch.setattr(batching, "MANY", most)
    assert is_large(Study((given,), **more)) is large


def test_long_texts_are_many(given, monkeypatch):
    monkeypatch.setattr("stance.corpus.documents.MOST_HELD", 500)
    assert is_large(Study((given,)))


@pytest.mark.parametrize(
    ("outlets", "dates", "names"),
    [
        (["A", "B"] * 2, [None] * 4, ["06_outlets", "06_outlet_contrasts"]),
        (["A", "B", "C", "D"], ["2025-01-01"] * 4, []),
        ([None] * 4, ["2025-01-01", "2025-02", "2025-02-03", None], ["06_months"]),
        (["A"] * 4, ["1990-01-01", "2025-02-03"] * 2, ["06_years"]),
    ],
)
def test_what_is_compared_is_what_the_texts_have(outlets, dates, names):
    table = pd.DataFrame({"document": list("abcd"), "role": "source", "actor": ["x", "y"] * 2, "target": "t"})
    table = table.assign(outlet=outlets, date=dates, net=[0.1, 0.2, 0.3, 0.4], net_min=0.0, net_max=0.5)
    assert [shown.name for shown in across(table, {"x": "X", "y": "Y"}, "t")] == names
