"""Batches: what a run leaves behind when it is killed, tampered with, repeated, or given something else."""

import errno
import gzip
import json
import os
import resource
import signal
from collections import Counter

import filelock
import pandas as pd
import pytest

import stance
from stance.attribution.segments import Segmenter
from stance.cli import main
from stance.pipeline._executors import Executed, execute
from stance.pipeline.batch import Summary, run_batch, shards
from stance.pipeline.shard import SCHEMAS, Job, _Tools
from stance.schema import Document, StanceError, sha256
from tests.support.fakes import FakeModel

TEXTS = [
    "Putin said the talks were useful. Kyiv was not invited.",
    "Zelensky rejected the plan on Monday. “We will not give up land,” he said.",
    "Trump told reporters that the meeting had been a ten. The Kremlin agreed.",
    "Moscow welcomed the summit.",
    "The White House praised Zelensky for his patience.",
]
DOCUMENTS = [Document(f"d{i}", text) for i, text in enumerate(TEXTS)]
MEASURES = ("stance", "sentiment")


@pytest.fixture
def job(codebook):
    return Job(codebook, "peace_talks", "small", "torch", "one", "fake@0/none")


@pytest.fixture
def inline(monkeypatch, codebook):
    """Shards in this process, with a model that answers at once."""

    def one_by_one(items, work, **_):
        for number, shard in items:
            function, *arguments = work(number, shard)
            try:
                yield Executed(number, shard, function(*arguments))
            except Exception as error:
                yield Executed(number, shard, error=error)

    tools = _Tools(Segmenter(codebook, tagger=None), FakeModel(), codebook.target("peace_talks"))
    monkeypatch.setattr("stance.pipeline.batch.execute", one_by_one)
    monkeypatch.setattr("stance.pipeline.shard._tools", lambda job: tools)


def contents(folder):
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != ".lock")
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def scores(folder, measure="stance"):
    frame = pd.read_parquet(folder / measure).sort_values("segment", ignore_index=True)
    return frame.drop(columns="model")


def run(job, out, documents=DOCUMENTS, size=2, **options):
    return run_batch(lambda: iter(documents), job, out, shard_size=size, **options)


def test_what_is_written(inline, job, tmp_path, codebook):
    summary = run(job, tmp_path / "out")
    assert summary == Summary(5, {}, summary.segments, 3, 0, 0)
    tables = {name: pd.read_parquet(tmp_path / "out" / name) for name in ("documents", "segments", *MEASURES)}
    for name, table in tables.items():
        assert list(table.columns) == SCHEMAS[name].names
    assert tables["documents"]["document"].tolist() == [d.id for d in DOCUMENTS]
    assert len(tables["segments"]) == summary.segments == tables["documents"]["segments"].sum()
    segments = [s for d in DOCUMENTS for s in batches_segments(d, codebook)]
    alone = stance.to_frame(
        stance.score_stance(segments, codebook.target("peace_talks"), FakeModel(), wordings="one"), 6
    )
    both = tables["stance"].merge(alone, on="segment", suffixes=("", "_alone"))
    assert len(both) == len(alone) and (both["net"] - both["net_alone"]).abs().max() < 1e-12


def batches_segments(document, codebook):
    return Segmenter(codebook, tagger=None).segment(document).segments


@pytest.mark.parametrize("size", [1, 3, 100])
def test_how_documents_are_split_changes_no_score(inline, job, tmp_path, size):
    run(job, tmp_path / "two")
    run(job, tmp_path / "other", DOCUMENTS[::-1], size)
    for measure in MEASURES:
        pd.testing.assert_frame_equal(scores(tmp_path / "two", measure), scores(tmp_path / "other", measure))


def test_long_documents_close_a_shard():
    long = [Document(str(i), "x" * 40) for i in range(5)]
    assert [len(s) for s in shards(long, 3, characters=80)] == [2, 2, 1]


def steps(monkeypatch, kill_at, when):
    """Count the renames that make files appear, and die at one of them."""
    from pathlib import Path

    rename, count = Path.replace, iter(range(1000))

    def counted(self, target):
        step = next(count)
        if step == kill_at and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        made = rename(self, target)
        if step == kill_at and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return made

    monkeypatch.setattr(Path, "replace", counted)
    return count


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
def test_killed_at_any_step_and_started_again(inline, job, tmp_path, monkeypatch):
    run(job, tmp_path / "whole")
    whole = contents(tmp_path / "whole")
    with monkeypatch.context() as patch:
        count = steps(patch, None, "")
        run(job, tmp_path / "counted")
        n_steps = next(count)
    # manifest; codebook, labels, manifest; tables and manifest of each shard; duplicates, manifest
    assert n_steps == 1 + 3 + 3 * (4 + 1) + 2
    for step in range(n_steps):
        for when in ("before", "after"):
            out = tmp_path / f"{step}-{when}"
            child = os.fork()
            if child == 0:
                steps(monkeypatch, step, when)
                run(job, out)
                os._exit(0)
            assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
            kept = {p: p.stat().st_ino for p in finished(out)}
            summary = run(job, out)
            assert contents(out) == whole, (step, when)
            assert {p: p.stat().st_ino for p in kept} == kept, "a finished shard was touched"
            assert summary.resumed == len(kept) // 4


def finished(out):
    if not (out / "manifest.json").exists():
        return []
    entries = json.loads((out / "manifest.json").read_text())["shards"].values()
    return [out / path for entry in entries for path in entry["files"]]


def test_a_tampered_shard_is_redone_alone(inline, job, tmp_path):
    run(job, tmp_path)
    before = contents(tmp_path)
    inodes = {path: path.stat().st_ino for path in finished(tmp_path)}
    edited = tmp_path / "stance/000001.parquet"
    edited.write_bytes(edited.read_bytes()[:-1] + b"?")
    (tmp_path / "segments/000002.parquet").unlink()
    assert run(job, tmp_path).resumed == 1
    assert contents(tmp_path) == before
    redone = {path for path, inode in inodes.items() if path.stat().st_ino != inode}
    assert not any(path.stem == "000000" for path in redone)


@pytest.mark.parametrize(
    ("changes", "size", "documents", "sentence"),
    [
        ({"wordings": "all"}, 2, DOCUMENTS, "wordings: one then, all now"),
        ({"model_name": "fake@1/none"}, 2, DOCUMENTS, "model: fake@0/none then, fake@1/none now"),
        ({}, 3, DOCUMENTS, "shard_size: 2 then, 3 now"),
        ({}, 2, [Document("d0", "Other."), *DOCUMENTS[1:]], "Shard 0 .* was made from other documents"),
        ({}, 2, DOCUMENTS[:2], "2 more shards"),
    ],
)
def test_another_configuration_is_refused(inline, job, tmp_path, changes, size, documents, sentence):
    from dataclasses import replace

    run(job, tmp_path)
    before = contents(tmp_path)
    with pytest.raises(StanceError, match=sentence):
        run(replace(job, **changes), tmp_path, documents, size)
    assert contents(tmp_path) == before


def test_another_version_is_refused(inline, job, tmp_path, monkeypatch):
    run(job, tmp_path)
    monkeypatch.setattr(stance, "__version__", "0.0.0")
    with pytest.raises(StanceError, match=r"version: .* then, 0.0.0 now"):
        run(job, tmp_path)


def test_a_folder_of_something_else_is_refused_and_left_alone(inline, job, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    (tmp_path / ".part-1").write_text("mine, too")
    with pytest.raises(StanceError, match=r"thesis.txt"):
        run(job, tmp_path)
    assert (tmp_path / ".part-1").read_text() == "mine, too"


def test_other_metadata_are_other_documents(inline, job, tmp_path):
    run(job, tmp_path)
    with pytest.raises(StanceError, match="other documents"):
        run(job, tmp_path, [Document("d0", TEXTS[0], metadata={"outlet": "B"}), *DOCUMENTS[1:]])


FILELESS = '{"configuration": {}, "shards": {"000000": {"input": "", "documents": 1, "segments": 1, "unscored": {}, "files": {}}}}'
UNCONFIGURED = '{"files": {}, "shards": {}}'


@pytest.mark.parametrize(
    "damage", ["", "[]", '{"configuration": {}}', '{"configuration": {}, "shards": {"0": {}}}', FILELESS, UNCONFIGURED]
)
def test_a_damaged_manifest(inline, job, tmp_path, damage):
    run(job, tmp_path)
    (tmp_path / "manifest.json").write_text(damage)
    with pytest.raises(StanceError, match="damaged"):
        run(job, tmp_path)


def test_two_runs_on_one_folder(inline, job, tmp_path):
    run(job, tmp_path)
    before = contents(tmp_path)
    with filelock.FileLock(tmp_path / ".lock"), pytest.raises(StanceError, match="Another run is working"):
        run(job, tmp_path)
    assert contents(tmp_path) == before
    run(job, tmp_path)


def test_what_a_killed_worker_left_half_written_is_gone_when_all_is_done(inline, job, tmp_path):
    half = tmp_path / "sentiment/.part-x"
    run(job, tmp_path, progress=lambda state: half.write_text("half"))
    assert not half.exists()


def test_a_folder_that_cannot_be_written(inline, job, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StanceError, match="cannot be written"):
        run(job, tmp_path / "file/out")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits the files of a forked process")
def test_a_full_disk_leaves_no_half_file(inline, job, tmp_path):
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
        try:
            run(job, tmp_path / "out", size=5)
        except StanceError as error:
            os._exit(7 if os.strerror(errno.EFBIG) in str(error) else 8)
        os._exit(0)
    assert os.WEXITSTATUS(os.waitpid(child, 0)[1]) == 7
    assert not [name for name in contents(tmp_path / "out") if ".part-" in name]
    run(job, tmp_path / "out", size=5)
    run(job, tmp_path / "whole", size=5)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_documents_without_scores_say_why(inline, job, tmp_path, monkeypatch):
    read = Segmenter.segment

    def fails(self, document):
        if document.id == "bad":
            raise RecursionError("too deep")
        return read(self, document)

    monkeypatch.setattr(Segmenter, "segment", fails)
    german = "Der Präsident sagte am Montag in Berlin, dass die Gespräche mit Putin nützlich gewesen seien. " * 4
    odd = [
        Document("empty", ""),
        Document("blank", " \n"),
        Document("german", german),
        Document("nobody", "It rained all day."),
        Document("bad", TEXTS[0]),
        Document("good", TEXTS[0]),
    ]
    summary = run(job, tmp_path, odd)
    assert summary.unscored == {
        "could not be read": 1, "empty text": 2, "names no actor of the codebook": 1, "not in English": 1,
    }  # fmt: skip
    table = pd.read_parquet(tmp_path / "documents").set_index("document")
    assert table["reason"]["bad"] == "could not be read: RecursionError too deep"
    assert "only English" in table["note"]["german"]
    assert pd.isna(table["reason"]["good"])
    assert set(pd.read_parquet(tmp_path / "stance")["document"]) == {"good"}


def test_wire_copies_are_told(inline, job, tmp_path):
    copy = " ".join(TEXTS) * 3
    summary = run(job, tmp_path, [Document("b", copy), *DOCUMENTS, Document("a", copy.replace("ten", "success"))])
    assert summary.duplicates == 1
    clusters = pd.read_parquet(tmp_path / "duplicates.parquet").set_index("document")["cluster"]
    assert clusters["a"] == clusters["b"] == "a"
    assert clusters["d0"] == "d0"


# --- workers -----------------------------------------------------------------------------------


def length(shard, folder):
    return sum(len(d.text) for d in shard)


def dies(shard, folder, always):
    """Kill the worker at document d2: each time, or the first time only."""
    if any(d.id == "d2" for d in shard):
        died = os.path.join(folder, "died")  # noqa: PTH118
        if always or not os.path.exists(died):  # noqa: PTH110
            open(died, "w").close()  # noqa: PTH123
            os.kill(os.getpid(), signal.SIGKILL)
    return len(shard)


@pytest.mark.parametrize("always", [False, True])
def test_a_worker_that_dies(tmp_path, always):
    items = ((i, [d]) for i, d in enumerate(DOCUMENTS))
    done = list(execute(items, lambda number, shard: (dies, shard, str(tmp_path), always), workers=2))
    assert Counter(r.number for r in done) == Counter(range(5))
    failed = [r for r in done if r.error is not None]
    assert [r.number for r in failed] == ([2] if always else [])
    assert all("its worker died" in str(r.error) for r in failed)


def test_a_shard_that_fails_is_reported_and_redone_later(job, tmp_path, monkeypatch, inline):
    from stance.pipeline import shard as module

    with monkeypatch.context() as patch:
        patch.setattr(module, "score_sentiment", lambda *a, **k: 1 / 0)
        summary = run(job, tmp_path)
        assert list(summary.failed) == [0, 1, 2] and summary.documents == 0
    assert run(job, tmp_path).failed == {}
    run(job, tmp_path.with_name("whole"))
    assert contents(tmp_path) == contents(tmp_path.with_name("whole"))


def test_no_scheduler_there():
    with pytest.raises(StanceError, match="No Dask scheduler answers at 'tcp://127.0.0.1:9'"):
        list(execute(iter([]), None, workers=1, scheduler="tcp://127.0.0.1:9"))


def test_processes_and_dask_write_the_same(tmp_path, codebook):
    """The real thing: two processes, a Dask cluster of two workers, and one process with larger shards."""
    job = Job.of(codebook, model="small", backend="onnx", wordings="one")
    run(job, tmp_path / "two", workers=2)
    run(job, tmp_path / "dask", workers=2, scheduler="local")
    assert contents(tmp_path / "two") == contents(tmp_path / "dask")
    run(job, tmp_path / "large", DOCUMENTS[::-1], 5, workers=1)
    for measure in MEASURES:
        pd.testing.assert_frame_equal(scores(tmp_path / "two", measure), scores(tmp_path / "large", measure))


# --- the command -------------------------------------------------------------------------------


@pytest.fixture
def command(inline, monkeypatch, job):
    monkeypatch.setattr("stance.pipeline.shard.Job.of", classmethod(lambda cls, *a, **k: job))
    return lambda *arguments: main(["batch", *map(str, arguments)])


def test_the_command(command, tmp_path, capsys):
    rows = tmp_path / "rows.csv"
    pd.DataFrame({"link": ["a", "b"], "body": TEXTS[:2], "outlet": "A", "desk": "B"}).to_csv(rows, index=False)
    with pytest.raises(SystemExit, match="0"):
        command(rows, "--out", tmp_path / "out", "--columns", "text=body,id=link")
    assert "2 documents in 1 shard" in capsys.readouterr().out
    table = pd.read_parquet(tmp_path / "out/documents")
    assert table["document"].tolist() == ["a", "b"]
    assert (table["outlet"][0], json.loads(table["metadata"][0])) == ("A", {"desk": "B"})


@pytest.fixture
def faulty(tmp_path):
    """Rows of which one is bad."""
    file = tmp_path / "rows.jsonl"
    lines = [json.dumps({"id": d.id, "text": d.text}) for d in DOCUMENTS]
    file.write_text("\n".join([*lines[:2], '{"id": "bad", "text": 5}', "{", *lines[1:]]))
    return file


def test_bad_rows_are_reported_and_the_rest_is_done(command, faulty, tmp_path, capsys):
    with pytest.raises(SystemExit, match="0"):
        command(faulty, "--out", tmp_path / "out")
    shown = capsys.readouterr()
    assert "5 documents" in shown.out
    assert [f"line {n}" in shown.err for n in (3, 4, 5)] == [True] * 3  # numeric text, no JSON, the id a second time


def test_strict_stops_at_a_bad_row(command, faulty, tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        command(faulty, "--out", tmp_path / "out", "--strict")
    assert "line 3" in capsys.readouterr().err
    assert not (tmp_path / "out/stance").exists()


def test_a_file_that_fails_is_an_exit_code(command, faulty, tmp_path, capsys):
    broken = tmp_path / "broken.jsonl.gz"
    lines = "\n".join(json.dumps({"id": f"x{i}", "text": sha256(bytes([i % 256, i // 256]))[:40]}) for i in range(500))
    broken.write_bytes(gzip.compress(lines.encode(), mtime=0)[:-2000])
    with pytest.raises(SystemExit, match="1"):
        command(broken, faulty, "--out", tmp_path / "out")
    assert "damaged or cut short" in capsys.readouterr().err
    assert {d.id for d in DOCUMENTS} <= set(pd.read_parquet(tmp_path / "out/documents")["document"])


def test_the_output_does_not_lie_among_the_input(command, tmp_path, capsys):
    (tmp_path / "a.txt").write_text(TEXTS[0])
    with pytest.raises(SystemExit, match="2"):
        command(tmp_path, "--out", tmp_path / "out")
    assert "would be read as a text" in capsys.readouterr().err


@pytest.mark.parametrize(
    "odd",
    [{"tags": ["\\ud800"]}, {"\\ud800": 1}, {"tags": json.loads("[" * 900 + "]" * 900)}],
    ids=["surrogate in a list", "surrogate in a key", "nested deeply"],
)
def test_odd_metadata_lose_no_shard(command, tmp_path, capsys, odd):
    file = tmp_path / "rows.jsonl"
    row = json.dumps({"id": "odd", "text": TEXTS[0]} | odd).replace("\\\\ud800", "\\ud800")
    file.write_text(json.dumps({"id": "good", "text": TEXTS[1]}) + "\n" + row)
    with pytest.raises(SystemExit, match="0"):
        command(file, "--out", tmp_path / "out")
    assert "good" in set(pd.read_parquet(tmp_path / "out/documents")["document"])


def test_a_name_of_odd_bytes_loses_no_shard(command, tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text(TEXTS[0])
    with pytest.raises(SystemExit, match="0"):
        command(folder, "--out", tmp_path / "out")
    assert pd.read_parquet(tmp_path / "out/documents")["document"].tolist() == ["caf "]


def test_nothing_that_can_be_read_is_an_exit_code(command, tmp_path):
    (tmp_path / "rows.jsonl").write_text("{")
    with pytest.raises(SystemExit, match="1"):
        command(tmp_path / "rows.jsonl", "--out", tmp_path / "out")


def test_a_text_lost_to_its_name_is_an_exit_code(command, tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXTS[0])
    (folder / "a.md").write_text(TEXTS[1])
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    with pytest.raises(SystemExit, match="1"):
        command(folder, "--out", tmp_path / "out")


@pytest.mark.parametrize("what", ["vanishes", "changes", "comes", "is cut", "loses a row"])
def test_what_was_counted_is_what_is_scored(command, tmp_path, capsys, monkeypatch, what):
    from stance.pipeline._passes import Passes

    folder = tmp_path / "texts"
    folder.mkdir()
    for document in DOCUMENTS:
        (folder / f"{document.id}.txt").write_text(document.text)
    rows = folder / "rows.jsonl"
    rows.write_text("".join(f'{{"id": "r{i}", "text": "Kyiv welcomed the talks."}}\n' for i in range(3)))
    count = Passes.count

    def and_then(self):
        total = count(self)
        {
            "vanishes": (folder / "d3.txt").unlink,
            "changes": lambda: (folder / "d1.txt").write_text("Putin said no."),
            "comes": lambda: (folder / "d2b.txt").write_text("Putin said no."),
            "is cut": lambda: os.truncate(rows, 70),
            "loses a row": lambda: rows.write_text(rows.read_text().split("\n", 1)[1]),
        }[what]()
        return total

    monkeypatch.setattr(Passes, "count", and_then)
    with pytest.raises(SystemExit, match="2"):
        command(folder, "--out", tmp_path / "out")
    assert "The input changed while it was read" in " ".join(capsys.readouterr().err.split())
