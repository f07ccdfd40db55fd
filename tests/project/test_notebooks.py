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


def executed(path, change=lambda source: source):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = change(cell.source)
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


def test_it_turns_to_ones_own_text(copy):
    (copy / "notebooks" / "mine.txt").write_text(
        "Putin said that the talks were good. Zelensky rejected the talks. Trump left."
    )
    executed(copy / "notebooks" / "04_stance.ipynb", lambda s: s.replace("ARTICLE = None", 'ARTICLE = "mine.txt"'))
    assert check(copy / "results") == []
    assert (copy / "my_results" / "figures" / "04_stance.png").is_file()
