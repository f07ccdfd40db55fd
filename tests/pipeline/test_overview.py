"""A batch's folder is a results folder: it is sampled, checked and shown without its codebook being named again."""

import filelock
import pytest

import stance
from stance.attribution.segments import Segmenter
from stance.cli import main
from stance.pipeline._executors import Executed
from stance.pipeline.batch import run_batch
from stance.pipeline.overview import write_overview
from stance.pipeline.shard import Job, _Tools
from stance.results.inputs import Inputs
from stance.results.manifest import check
from stance.results.origins import codebook_of, refuse_others, results_folder
from stance.results.report import write_report
from stance.results.scores import scores_of
from stance.schema import Document, StanceError
from stance.validation.labels import read_sheet
from tests.support.fakes import FakeModel


@pytest.fixture
def folder(monkeypatch, codebook, tmp_path):
    def one_by_one(items, work, **_):
        for number, shard in items:
            function, *arguments = work(number, shard)
            yield Executed(number, shard, function(*arguments))

    tools = _Tools(Segmenter(codebook, tagger=None), FakeModel(), codebook.target("peace_talks"))
    monkeypatch.setattr("stance.pipeline.batch.execute", one_by_one)
    monkeypatch.setattr("stance.pipeline.shard._tools", lambda job: tools)
    job = Job(codebook, "peace_talks", "small", "torch", "one", "fake@0/none")
    texts = ["Putin said the talks were useful. Kyiv was not invited.", "Zelensky rejected the plan on Monday."]
    documents = [Document(f"d{i}", text) for i, text in enumerate(texts * 3)]
    run_batch(lambda: iter(documents), job, tmp_path / "out", shard_size=2)
    return tmp_path / "out"


def test_a_batch_is_shown_sampled_and_checked(folder, tmp_path, capsys, codebook):
    assert codebook_of(folder).fingerprint == codebook.fingerprint
    page = write_overview(folder).read_text()
    assert "6 texts" in page and (folder / "tables/04_stance.csv").is_file() and check(folder) == []
    with pytest.raises(SystemExit, match="0"):
        main(["sample", str(folder), "-n", "6", "-o", str(tmp_path / "sheet.csv")])
    assert "Kyiv was not invited" in (tmp_path / "sheet.csv").read_text()
    assert "6 statements" in capsys.readouterr().out


def test_targets_are_suggested_from_a_batch(folder, capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["targets", str(folder)])
    said = capsys.readouterr().out  # six texts, three copies of each of two
    assert "1. plan: 1 of 1 statement on it takes a side, by 1 actor in 1 text (position 1)" in said
    assert (folder / "tables/targets.csv").is_file() and check(folder) == []


@pytest.mark.parametrize("role", ["source", "mention"])
def test_a_sample_is_of_one_role_where_one_is_named(folder, tmp_path, role):
    with pytest.raises(SystemExit, match="0"):
        main(["sample", str(folder), "-n", "3", "-o", str(tmp_path / "sheet.csv"), "--by", "", "--role", role])
    assert set(read_sheet(tmp_path / "sheet.csv")["role"]) == {role}


def test_no_study_is_written_over_a_batch_or_another_study(folder, tmp_path, codebook, sample):
    with pytest.raises(StanceError, match="holds a batch"):
        refuse_others(folder, Inputs.of(sample, codebook))
    out = tmp_path / "run"
    run = (codebook, codebook.target(), FakeModel(), out)
    stance.run([Document("d", "Putin said that the talks were useful.")], *run)
    other = [Document("d", "Kyiv said that the talks were useless.")]
    with pytest.raises(StanceError, match="made from other texts, which would be lost"):
        stance.run(other, *run)
    stance.run(other, *run, force=True)
    assert check(out) == []


def test_no_page_is_written_where_a_batch_is_working(folder, tmp_path):
    before = (folder / "manifest.json").read_bytes()
    with filelock.FileLock(folder / ".lock"):
        for make in (write_overview, write_report):
            with pytest.raises(StanceError, match=f"Another run is working in {folder}. Wait until .* -o PAGE.html"):
                make(folder)
        assert "6 texts" in write_report(folder, tmp_path / "page.html").read_text()
    assert (folder / "manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    ("inside", "kept"), [("", True), ("sentiment", True), ("documents", False), ("stance/000000.parquet", True)]
)
def test_a_folder_inside_a_results_folder_is_not_that_folder(folder, inside, kept):
    assert results_folder(folder / inside) == (folder if kept else None)
    if not kept:
        with pytest.raises(StanceError, match="is no results folder"):
            scores_of(folder / inside)


def test_a_strange_folder_inside_a_run_is_none(folder):
    for inside in ("new", "sentiment/stance"):
        (folder / inside).mkdir()
        assert results_folder(folder / inside) is None
