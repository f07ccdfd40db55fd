"""Every notebook runs from its folder, and leaves results as the manifest says."""

import shutil

import nbformat
import pytest
from nbclient import NotebookClient

from stance.results.manifest import check

pytestmark = pytest.mark.default_model
NAMES = ["01_corpus", "02_segments", "03_sentiment", "04_stance", "05_framings", "06_official_voices", "07_validation"]


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


@pytest.mark.parametrize("name", NAMES)
def test_it_runs(copy, name):
    notebook = executed(copy / "notebooks" / f"{name}.ipynb")
    shown = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    assert any("image/png" in o.get("data", {}) for o in shown)
    assert check(copy / "results") == []


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


@pytest.mark.parametrize(("name", "made"), [("04_stance", "04_stance"), ("05_framings", "05_framings")])
def test_it_turns_to_the_study_that_a_variable_names_and_says_what_is_empty(copy, study, name, made):
    notebook = executed(copy / "notebooks" / f"{name}.ipynb")
    assert check(copy / "results") == []
    assert (study / "made" / "figures" / f"{made}.png").is_file()
    said = "".join(o.get("text", "") for c in notebook.cells if c.cell_type == "code" for o in c.outputs)
    assert name != "05_framings" or ("nothing to compare" in said and "has no frames" in said)
