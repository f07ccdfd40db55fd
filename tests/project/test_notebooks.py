"""Every notebook runs from its folder, and leaves results as the manifest says."""

import shutil

import nbformat
import pytest
from nbclient import NotebookClient

from stance.cli import main
from stance.resources import SAMPLE_ARTICLE
from stance.results.manifest import check

pytestmark = pytest.mark.default_model
NAMES = [
    "01_corpus", "02_segments", "03_sentiment", "04_stance", "05_framings", "06_official_voices", "07_validation",
    "08_multiverse",
]  # fmt: skip
SCORING = ["03_sentiment", "04_stance", "05_framings"]


@pytest.fixture(scope="module")
def copy(tmp_path_factory, pytestconfig):
    folder = tmp_path_factory.mktemp("project")
    for name in ("notebooks", "results", "studies"):
        ignored = (
            shutil.ignore_patterns(".ipynb_checkpoints") if name == "notebooks" else shutil.ignore_patterns("notebooks")
        )
        shutil.copytree(pytestconfig.rootpath / name, folder / name, ignore=ignored)
    return folder


def executed(path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    return notebook


def runs(path, results):
    shown = [o for c in executed(path).cells if c.cell_type == "code" for o in c.outputs]
    assert any("image/png" in o.get("data", {}) for o in shown)
    assert check(results) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name not in SCORING])
def test_it_runs(copy, name):
    runs(copy / "notebooks" / f"{name}.ipynb", copy / "results")


@pytest.mark.parametrize("name", SCORING)
def test_those_that_score_run_on_the_small_model(copy, monkeypatch, name):
    """With the larger one they take four times as long; make results runs them with it."""
    text = copy / "alaska_summit.txt"
    text.write_bytes(SAMPLE_ARTICLE.read_bytes())
    (copy / "study.yml").write_text("{texts: alaska_summit.txt, model: small, out: made}")
    monkeypatch.setenv("STANCE_STUDY", str(copy / "study.yml"))
    runs(copy / "notebooks" / f"{name}.ipynb", copy / "made")


@pytest.fixture
def study(copy, monkeypatch):
    """A study of one short text, its codebook without frames."""
    folder = copy / "mine"
    folder.mkdir(exist_ok=True)
    (folder / "mine.txt").write_text("Putin said that the talks were good. Zelensky rejected the talks. Trump left.")
    wordings = "{favor: ['{actor} supports {target}.'], against: ['{actor} opposes {target}.']}"
    (folder / "book.yml").write_text(
        f"""actors: {{kremlin: {{label: Kremlin, entities: {{putin: {{name: Putin, aliases: [], pronouns: he}}}}}}}}
targets: {{talks: {{label: the talks, hypotheses: {wordings}}}}}
"""
    )
    (folder / "study.yml").write_text("{texts: mine.txt, codebook: book.yml, model: small, out: made}")
    monkeypatch.setenv("STANCE_STUDY", str(folder / "study.yml"))
    return folder


def test_they_turn_to_the_study_that_a_variable_names_and_say_what_is_empty(copy, study):
    notebook = executed(copy / "notebooks" / "05_framings.ipynb")
    assert check(copy / "results") == []
    assert (study / "made" / "figures" / "05_framings.png").is_file()
    said = "".join(o.get("text", "") for c in notebook.cells if c.cell_type == "code" for o in c.outputs)
    assert "nothing to compare" in said and "has no frames" in said


def test_where_there_is_no_multiverse_the_notebook_says_why(copy, study):
    text = study / "mine.txt"
    text.write_text("Putin said that the talks were good.")
    with pytest.raises(SystemExit, match="0"):
        main(["run", "--study", str(study / "study.yml"), "--force"])
    notebook = executed(copy / "notebooks" / "08_multiverse.ipynb")
    said = "".join(o.get("text", "") for c in notebook.cells if c.cell_type == "code" for o in c.outputs)
    assert "There is no multiverse: A contrast needs two values of 'actor'" in said
    assert check(study / "made") == []
