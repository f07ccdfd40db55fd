import json
import os
import shutil

import pandas as pd
import pytest
from matplotlib.figure import Figure

import stance
from stance.pipeline.study import run
from stance.results import manifest as results
from stance.results.inputs import Inputs
from stance.results.manifest import check, differences, save
from stance.results.report import write_report
from stance.schema import Document, StanceError


@pytest.fixture(scope="module")
def inputs(sample, codebook):
    return Inputs.of(sample, codebook)


@pytest.fixture
def folder(tmp_path, inputs):
    save("01_one", Figure(), pd.DataFrame({"n": [1]}), inputs, out=tmp_path / "results")
    return tmp_path / "results"


def test_a_figure_comes_with_its_table_and_entry(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    assert sorted(manifest["files"]) == ["figures/01_one.png", "figures/01_one.svg", "tables/01_one.csv"]
    assert {entry["from"] for entry in manifest["files"].values()} == {"sample"}
    assert check(folder) == []


def test_the_manifest_is_the_same_each_time(folder, inputs):
    before = (folder / "manifest.json").read_bytes()
    save("01_one", Figure(), pd.DataFrame({"n": [1]}), inputs, out=folder)
    assert (folder / "manifest.json").read_bytes() == before
    assert str(folder).encode() not in before


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda f: (f / "figures/01_one.png").write_bytes(b"x"), "figures/01_one.png was altered"),
        (lambda f: (f / "tables/01_one.csv").unlink(), "tables/01_one.csv is missing"),
        (lambda f: (f / "extra.csv").write_text("x"), "extra.csv is not listed"),
        (lambda f: (f / ".hidden").write_text("x"), ".hidden is not listed"),
        (lambda f: (f / "tables/x\x1b[2J.csv").write_text("x"), "is not listed"),
        (lambda f: (f / "notebooks").mkdir() or (f / "notebooks/x.js").write_text("x"), "notebooks/x.js is not listed"),
        (lambda f: (f / "more").mkdir(), "more is a folder without a result"),
        (lambda f: (f / "more").symlink_to(f.parent), "more is a link"),
        (lambda f: (f / "extra.csv").symlink_to(f / "tables/01_one.csv"), "extra.csv is a link"),
        (lambda f: _linked(f / "tables/01_one.csv"), "tables/01_one.csv is a link"),
        (lambda f: os.mkfifo(f / "pipe"), "pipe is not listed"),
        (lambda f: (f / "tables/01_one.csv").write_bytes(b""), "tables/01_one.csv was altered"),
    ],
)
def test_what_was_done_to_the_folder_is_named(folder, harm, sentence):
    harm(folder)
    (fault,) = check(folder)
    assert sentence in fault


def _linked(path):
    path.rename(path.parents[2] / "elsewhere.csv")
    path.symlink_to(path.parents[2] / "elsewhere.csv")


def test_the_pages_of_notebooks_are_not_listed(folder):
    (folder / "notebooks").mkdir()
    (folder / "notebooks/01.html").write_text("x")
    assert check(folder) == []


ENTRY = {"from": "data", "sha256": "0" * 64, "inputs": {"documents": {}, "codebook": "", "model": None}}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Expecting"),
        ("[]", "must hold keys and values"),
        ("3", "must hold keys and values"),
        ('{"files": [], "packages": {}}', "files: must hold keys and values"),
        ('{"files": {}, "files": {}, "packages": {}}', "the key 'files' is given twice"),
        ('{"files": {"a.csv": 3}}', "files.a.csv: "),
        ('{"files": {}, "packages": {"x": {}}}', "packages.x: "),
        ("[" * 100_000, "too deep"),
        ('{"files": {}, "n": ' + "9" * 5000 + "}", "thousands of digits"),
        (b"\xff", "UTF-8"),
        (json.dumps({"files": {"../../etc/passwd": ENTRY}}), "lists '../../etc/passwd', which is no path of a result"),
        (json.dumps({"files": {"/etc/passwd": ENTRY}}), "which is no path of a result"),
        (json.dumps({"files": {"a/../b": ENTRY}}), "which is no path of a result"),
        (json.dumps({"files": {"a": ENTRY | {"sha256": ["x"]}}}), "files.a.sha256: "),
        (json.dumps({"files": {"a": ENTRY | {"sha256": "x"}}}), "files.a.sha256: "),
        (json.dumps({"files": {"a": ENTRY | {"from": "elsewhere"}}}), "files.a.from: "),
        (json.dumps({"files": {"a": ENTRY | {"inputs": {}}}}), "files.a.inputs.documents: this key is required"),
        (json.dumps({"files": {"a": ENTRY | {"inputs": ENTRY["inputs"] | {"x": 1}}}}), "files.a.inputs.x: unknown key"),
        (
            json.dumps({"files": {"a": ENTRY | {"inputs": ENTRY["inputs"] | {"documents": {"d": [1]}}}}}),
            "documents.d: ",
        ),
    ],
)
def test_a_tampered_manifest_is_refused_with_the_reason(folder, text, why):
    (folder / "manifest.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(StanceError, match="is damaged") as caught:
        check(folder)
    assert why in str(caught.value) and "\n" not in str(caught.value)


def test_an_edited_codebook_makes_results_stale(folder, monkeypatch, tmp_path):
    edited = tmp_path / "codebook.yml"
    edited.write_bytes(stance.resources.SAMPLE_CODEBOOK.read_bytes() + b"# edited\n")
    monkeypatch.setattr(stance.resources, "SAMPLE_CODEBOOK", edited)
    assert check(folder) == ["The results are stale: the codebook changed since; run 'stance results'."]


def test_results_of_own_texts_are_marked_and_never_stale(tmp_path, codebook):
    save("01_own", None, pd.DataFrame({"n": [1]}), Inputs.of([Document("mine", "text")], codebook), out=tmp_path)
    (entry,) = json.loads((tmp_path / "manifest.json").read_text())["files"].values()
    assert entry["from"] == "data"
    assert check(tmp_path) == []


def test_own_texts_do_not_overwrite_the_sample(folder, codebook):
    with pytest.raises(StanceError, match="is a result of the sample article"):
        save("01_one", None, pd.DataFrame({"n": [2]}), Inputs.of([Document("mine", "text")], codebook), out=folder)
    assert check(folder) == []


def test_another_codebook_does_not_overwrite_the_sample_either(folder, sample, inputs):
    other = Inputs(inputs.documents, "0" * 64, None)
    with pytest.raises(StanceError, match="is a result of the sample article"):
        save("01_one", None, pd.DataFrame({"n": [2]}), other, out=folder)


def test_files_of_others_are_not_overwritten(tmp_path, inputs):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "01_one.csv").write_text("mine")
    with pytest.raises(StanceError, match="is there already"):
        save("01_one", None, pd.DataFrame({"n": [2]}), inputs, out=tmp_path)
    assert (tmp_path / "tables" / "01_one.csv").read_text() == "mine"


def test_an_empty_manifest_is_a_fault(tmp_path):
    (tmp_path / "manifest.json").write_text('{"files": {}, "packages": {}}')
    assert check(tmp_path) == ["manifest.json lists no result; run 'stance results' to make them."]


@pytest.mark.parametrize("name", ["../escape", "/abs", "a/../../b", ".hidden", "with space", ""])
def test_names_cannot_leave_the_folder(tmp_path, inputs, name):
    with pytest.raises(StanceError, match="must be of letters"):
        save(name, None, pd.DataFrame({"n": [1]}), inputs, out=tmp_path / "r")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_folder_that_cannot_be_written(tmp_path, inputs):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StanceError, match="cannot be written"):
        save("01_one", None, pd.DataFrame({"n": [1]}), inputs, out=tmp_path / "file" / "results")


def test_a_damaged_manifest(folder):
    (folder / "manifest.json").write_text("{")
    with pytest.raises(StanceError, match="is damaged"):
        check(folder)
    with pytest.raises(StanceError, match="has no manifest"):
        check(folder / "none")


def test_a_failed_write_leaves_the_old_file(folder, monkeypatch):
    before = (folder / "tables/01_one.csv").read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(results.Path, "replace", fail)
    with pytest.raises(StanceError, match="No space left"):
        results.write_file(folder / "tables/01_one.csv", b"new")
    assert (folder / "tables/01_one.csv").read_bytes() == before
    assert list(folder.rglob(".part-*")) == []


def test_rerun_compares_tables_by_value(folder, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    (other / "tables/01_one.csv").write_text("n\n1.00001\n")
    assert differences(folder, other) == []
    (other / "tables/01_one.csv").write_text("n\n2\n")
    assert "tables/01_one.csv comes out differently" in differences(folder, other)[0]


def test_the_whole_run_with_any_model(tmp_path, sample, codebook, fake_model):
    analysis = run(sample, codebook, codebook.target(), fake_model, tmp_path / "a")
    run(sample, codebook, codebook.target(), fake_model, tmp_path / "b")
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert [p.as_posix() for p in files if p.suffix in (".jsonl", ".json")] == [
        "documents.jsonl",
        "labels.json",
        "manifest.json",
        "segments.jsonl",
    ]
    for path in files:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes(), path
    stance_csv = pd.read_csv(tmp_path / "a" / "scores" / "stance.csv")
    assert len(stance_csv) == len(analysis.segments)


def test_a_text_without_any_actor_says_so(tmp_path, codebook, fake_model):
    with pytest.raises(StanceError, match="No actor of the codebook"):
        run([Document("d", "It rained all day.")], codebook, codebook.target(), fake_model, tmp_path / "out")


@pytest.mark.default_model
def test_the_committed_results_are_what_the_manifest_says(pytestconfig):
    assert check(pytestconfig.rootpath / "results") == []


def test_shards_without_their_configuration_are_a_sentence(tmp_path):
    (tmp_path / "manifest.json").write_text('{"files": {}, "shards": {}}')
    for read in (check, write_report):
        with pytest.raises(StanceError, match="'shards', but no 'configuration'"):
            read(tmp_path)
