"""What README and the site say can be typed, run and found: commands, Python, links, names, keys and columns."""

import io
import re
import runpy
import shlex
import tomllib
from contextlib import redirect_stdout
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pydantic
import pytest
import typer
import yaml

import stance
from stance.cli import app
from stance.codebook import Codebook
from stance.columns import TABLES
from stance.pipeline.study_file import Keys
from stance.resources import APART, WEIGHTS

ROOT = Path(__file__).parents[2]
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if "_made" not in path.parts
}
MADE = runpy.run_path(str(ROOT / "docs" / "made.py"))


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGES[page], flags=re.M | re.S)


COMMANDS = sorted(
    {
        (page, shlex.join(words[1:]))
        for page in PAGES
        for block in blocks(page, "sh")
        for line in block.splitlines()
        if (words := shlex.split(line, comments=True)) and Path(words[0]).name == "stance"
    }
)


@pytest.mark.parametrize(("page", "arguments"), COMMANDS)
def test_every_command_of_a_shell_block_is_one(page, arguments):
    verb, *rest = shlex.split(arguments)
    command = typer.main.get_command(app).commands[verb]
    command.make_context(verb, rest, resilient_parsing=True)  # raises where an option is not known


def test_every_other_command_of_a_shell_block_is_known():
    """What is not ours is one of a few programs; a target of make is in the Makefile."""
    made = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.M))
    for page in PAGES:
        for line in "\n".join(blocks(page, "sh")).splitlines():
            if words := shlex.split(line, comments=True):
                program = Path(words[0]).name
                assert program in {"stance", "make", "pip", "python", "python3", "pre-commit"}, (page, line)
                assert program != "make" or words[1] in made, (page, line)


@pytest.mark.parametrize("page", ["README.md", "docs/howto/texts.md", "docs/gallery.md"])
def test_python_runs_as_it_stands(page):
    code = "\n".join(blocks(page, "python"))
    with redirect_stdout(io.StringIO()) as said:
        exec(compile(code, page, "exec"), {})  # noqa: S102
    plt.close("all")
    lines = [line for block in blocks(page, "text") for line in block.splitlines()] if page == "README.md" else []
    assert [line.rstrip() for line in lines] == [line.rstrip() for line in said.getvalue().splitlines()]


def test_all_other_python_is_python():
    for page in PAGES:
        for block in blocks(page, "python"):
            compile(block, page, "exec")


def test_the_codebook_of_three_actors_is_one(tmp_path):
    (block,) = blocks("docs/howto/texts.md", "yaml")
    (tmp_path / "book.yml").write_text(block)
    assert len(stance.read_codebook(tmp_path / "book.yml").actors) == 3


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        if target.startswith(("http:", "https:")):
            continue
        name, _, anchor = target.partition("#")
        path = ((ROOT / page).parent / name).resolve() if name else ROOT / page
        assert path.exists() and "_made" not in path.parts, f"{page}: {target}"
        if anchor and path.suffix == ".md":
            headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), flags=re.M)
            slugs = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
            assert anchor in slugs, f"{page}: {target}"


@pytest.mark.parametrize(
    ("link", "led"),
    [
        ("../../src/stance/columns.py#a", "../_made/columns.md#a"),
        ("../../notebooks/07_validation.ipynb", "../_made/notebooks/07_validation.ipynb"),
        ("../models.md", "../models.md"),
        ("https://example.org/notebooks/07", "https://example.org/notebooks/07"),
    ],
)
def test_links_to_files_lead_to_the_pages_made_from_them(link, led):
    page = ROOT / "docs" / "howto" / "texts.md"
    assert MADE["for_the_site"](f"[x]({link})", page) == f"[x]({led})"
    assert all((ROOT / path).exists() for path in MADE["IN_THE_SITE"])


def test_the_reference_tells_every_command_and_option():
    text = MADE["commands"]()
    for name, command in typer.main.get_command(app).commands.items():
        assert f"### stance {name}\n" in text
        section = text.split(f"### stance {name}\n")[1].split("\n### ")[0]
        for parameter in command.params:
            assert parameter.help, f"{name} {parameter.name}"
            assert parameter.param_type_name == "argument" or parameter.opts[-1] in section


def test_the_reference_tells_every_public_name_and_each_says_what_it_is():
    for room in ("", *MADE["ROOMS"]):
        page = MADE["names"](room)
        module = stance if not room else getattr(stance, room)
        for name in module.__all__:
            if name not in MADE["ROOMS"]:
                assert f":: {name}\n" in page or f"`{name}`" in page, f"{module.__name__}.{name}"
                value = getattr(module, name)
                assert not callable(value) or value.__doc__, name


def models(annotation):
    return list(MADE["_models"](annotation))


@pytest.mark.parametrize("model", [Codebook, Keys])
def test_every_key_says_what_it_means(model):
    waiting, page = [model], MADE["codebook_keys"]()
    while waiting:
        current = waiting.pop()
        for name, field in current.model_fields.items():
            assert field.description, f"{current.__name__}.{name}"
            assert f"| `{field.alias or name}` |" in page
            waiting += models(field.annotation)
    assert issubclass(model, pydantic.BaseModel)


def test_every_column_of_the_sample_is_told():
    """The tables in results/ have no column that the reference does not tell."""
    told = {column for table in TABLES.values() for column in table} | {"by", "period", "holder", "apostrophe_before"}
    for path in [*(ROOT / "results" / "scores").glob("*.csv"), *(ROOT / "results" / "tables").glob("0[145]_*.csv")]:
        header = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        assert path.name == "05_names.csv" or set(header) <= told, f"{path.name}: {set(header) - told}"


def test_the_two_distributions_share_out_the_files():
    """The package leaves out what the weights' own distribution brings, and both carry the terms of the weights."""
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    apart = tomllib.loads((ROOT / "packaging/base/pyproject.toml").read_text())
    (package, distribution) = APART["base"]
    assert whole["exclude-package-data"]["stance"] == ["weights/base/*"]
    assert apart["project"]["name"] == distribution
    place = apart["tool"]["setuptools"]["package-dir"][f"{package}.base"]
    assert (ROOT / "packaging/base" / place).resolve() == WEIGHTS / "base"
    assert (ROOT / "packaging/base/LICENSE").read_bytes() == (WEIGHTS / "LICENSE").read_bytes()


def test_the_regression_runs_where_there_are_enough_texts():
    """On invented scores: the example beside it has two texts."""
    n = 80
    nets = np.random.default_rng(0).normal(0, 0.3, n).clip(-1, 1)
    places = {"document": [f"d{i // 2}" for i in range(n)], "segment": [f"d{i // 2}:{i}" for i in range(n)]}
    groups = {
        "actor": ["a", "b"] * (n // 2),
        "outlet": ["A", "A", "B", "B"] * (n // 4),
        "role": "source",
        "target": "t",
    }
    table = pd.DataFrame({**places, **groups, "net": nets, "p_favor": 0.4, "p_against": 0.3, "p_none": 0.3})
    (block,) = blocks("docs/howto/texts.md", r"\{code-block\} python")
    known = {"table": table, "stance": stance}
    exec(block, known)  # noqa: S102
    assert len(known["fitted"].params) == 4


def test_the_citation_names_the_version_that_this_is():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == stance.__version__
