"""The pages that are made from the code (commands, keys, columns, names), and the cards and notebooks as stored."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pydantic
import typer

import stance
from stance.cli import app
from stance.cli.verbs import VERBS
from stance.codebook import Codebook
from stance.columns import TABLES
from stance.pipeline.study_file import Keys
from stance.resources import bundled_folder

ROOT = Path(__file__).parent.parent
ROOMS = ("corpus", "text", "attribution", "scoring", "analysis", "validation", "plots", "results", "pipeline")

IN_THE_SITE = {
    "notebooks": "notebooks",
    "src/stance/columns.py": "columns.md",
    "src/stance/entries.py": "codebook.md",
    "src/stance/cli/verbs.py": "commands.md",
    "src/stance/__init__.pyi": "api_stance.md",
    **{f"src/stance/weights/{name}/README.md": f"cards/{name}.md" for name in ("base", "small", "attribution")},
}
"""What a page links to, so that the link works where only the sources are shown; and the page made from it."""


def for_the_site(text: str, page: Path) -> str:
    """A page whose links lead to the pages made from files, in place of the files themselves."""

    def led(link: re.Match[str]) -> str:
        name, hash_, anchor = link[1].partition("#")
        if not name or ":" in name:
            return link[0]
        path = os.path.relpath(page.parent / name, ROOT)
        first, _, rest = path.partition("/")
        made = IN_THE_SITE.get(path) or (first in IN_THE_SITE and rest and f"{IN_THE_SITE[first]}/{rest}")
        return f"]({os.path.relpath(ROOT / 'docs' / '_made' / made, page.parent)}{hash_}{anchor})" if made else link[0]

    return re.sub(r"\]\(([^)\s]+)\)", led, text)


def everything(docs: Path) -> None:
    """Write all made pages into ``docs/_made``, anew."""
    target = docs / "_made"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    pages = {"commands": commands(), "codebook": codebook_keys(), "columns": columns()}
    pages |= {f"api_{room or 'stance'}": names(room) for room in ("", *ROOMS)}
    for name, text in pages.items():
        (target / f"{name}.md").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "results" / "figures", target / "results" / "figures")
    _notebooks(target)
    _cards(target)


def _plain(text: str | None) -> str:
    """Help without the marks of the terminal, safe in a table of Markdown."""
    text = re.sub(r"\[/?(bold|dim|italic)?\]", "", text or "")
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("{", "\\{")


def commands() -> str:
    """Every command with its arguments and options, from the commands themselves."""
    group = typer.main.get_command(app)
    lines = ["# The command line", "", "`stance --help` and `stance VERB --help` say the same in a terminal.", ""]
    heading = ""
    for function, panel, example in VERBS:
        if panel != heading:
            heading = panel
            lines += [f"## {panel}", ""]
        verb = group.commands[function.__name__.replace("_", "-")]
        lines += [f"### stance {verb.name}", "", _plain(verb.help), "", "```sh", example, "```", ""]
        lines += ["| argument or option | meaning |", "|---|---|"]
        lines += [f"| {_called(p)} | {_meaning(p)} |" for p in verb.params if p.name != "help"]
        lines += [""]
    return "\n".join(lines)


def _called(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar or parameter.name.upper()}`"
    return ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))


def _meaning(parameter: Any) -> str:
    said = _plain(getattr(parameter, "help", ""))
    named = [choice.value for choice in _choices(parameter.type_descriptor.annotation)]
    default = getattr(parameter.default, "value", parameter.default)
    tail = [f"One of: {', '.join(f'`{n}`' for n in named)}."] if named else []
    tail += [f"Default: `{default}`."] if isinstance(default, str | int | float) and default is not False else []
    return " ".join([said, *tail]) or " "


def _choices(annotation: Any) -> list[Enum]:
    """The values of an option that takes one of a few, also where it may be left out or repeated."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return list(annotation)
    return [choice for part in get_args(annotation) for choice in _choices(part)]


def codebook_keys() -> str:
    """Every key of a codebook and of a study file, from the models that read them."""
    lines = ["# Keys of the codebook", ""]
    lines += [
        "A codebook is a YAML file. `stance init` writes one with comments, `stance check` names all its faults.",
        "",
    ]
    lines += _keys(Codebook, "The codebook")
    lines += ["# Keys of a study file", "", "`stance run --study study.yml` and the notebooks read it.", ""]
    return "\n".join([*lines, *_keys(Keys, "The study file")])


def _keys(model: type[pydantic.BaseModel], title: str) -> list[str]:
    lines = [f"## {title}", "", "| key | meaning | needed |", "|---|---|---|"]
    below: dict[str, type[pydantic.BaseModel]] = {}
    for name, field in model.model_fields.items():
        needed = "yes" if field.is_required() else ""
        lines.append(f"| `{field.alias or name}` | {_plain(field.description)} | {needed} |")
        below |= dict.fromkeys([field.alias or name], found) if (found := next(_models(field.annotation), None)) else {}
    lines.append("")
    for key, inner in below.items():
        lines += _keys(inner, f"{title} › {key}" if title != "The codebook" else key)
    return lines


def _models(annotation: Any) -> Iterator[type[pydantic.BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def columns() -> str:
    """Every column of every table, from the module that the code takes their names from."""
    lines = [
        "# Columns of the tables",
        "",
        "A name means the same in every table, unless a table below gives its own meaning.",
        "",
    ]
    lines += [
        "In a CSV only, and only where needed, a column `apostrophe_before` names cells that begin as a formula",
        "",
    ]
    lines[-2] += " does: they stand behind an apostrophe."
    for title, table in TABLES.items():
        head, _, where = title.partition(": ")
        lines += [f"## {head}", "", f"{where}.", "", "| column | meaning |", "|---|---|"]
        lines += [f"| `{name}` | {_plain(meaning)} |" for name, meaning in table.items()] + [""]
    return "\n".join(lines)


def names(room: str) -> str:
    """The public names of the package, or those of a room that the package itself does not offer."""
    module = importlib.import_module(f"stance.{room}" if room else "stance")
    offered = [n for n in module.__all__ if not n.startswith("_") and n not in ROOMS]
    own = [n for n in offered if not room or n not in stance.__all__]
    also = [n for n in offered if n not in own]
    lines = [f"# {module.__name__}", "", (module.__doc__ or "").split("\n")[0], ""]
    if also:
        lines += [
            "Also offered here, and documented under [stance](api_stance.md): "
            + ", ".join(f"`{n}`" for n in also)
            + ".",
            "",
        ]
    if own:
        lines += ["```{eval-rst}", f".. currentmodule:: {module.__name__}", "", ".. autosummary::"]
        lines += ["   :nosignatures:", ""]
        lines += [f"   {name}" for name in own] + [""]
        for name in own:
            value = getattr(module, name)
            kind = "class" if isinstance(value, type) else "function" if callable(value) else "data"
            lines += [f".. auto{kind}:: {name}"]
            lines += ["   :members:", "   :exclude-members: model_config"] if kind == "class" else []
            lines += [""]
        lines += ["```"]
    return "\n".join(lines)


def _notebooks(target: Path) -> None:
    """Executed, where ``make results`` left them so; else as they are committed, without outputs."""
    (target / "notebooks").mkdir()
    left_out = []
    for stored in sorted((ROOT / "notebooks").glob("*.ipynb")):
        executed = ROOT / "results" / "notebooks" / stored.name
        left_out += [] if executed.is_file() else [stored.stem]
        shutil.copy(executed if executed.is_file() else stored, target / "notebooks" / stored.name)
    if left_out:
        print(f"Left out: the outputs of {', '.join(left_out)}. 'make results' executes the notebooks.")


def _cards(target: Path) -> None:
    """The cards of the models, of those whose folder is here."""
    (target / "cards").mkdir()
    for name in ("base", "small", "attribution"):
        folder = bundled_folder(name)
        page = target / "cards" / f"{name}.md"
        if folder is None:
            page.write_text(f"# {name}\n\nThis model was not there when the site was built.\n", encoding="utf-8")
            print(f"Left out: the card of {name}, whose weights are not installed.")
            continue
        text = (folder / "README.md").read_text(encoding="utf-8")
        page.write_text(re.sub(r"(?<!!)\[([^\]]+)\]\((?!https?:)[^)]+\)", r"\1", text), encoding="utf-8")
        for picture in folder.glob("*.png"):
            shutil.copy(picture, target / "cards" / f"{name}_{picture.name}")
        page.write_text(
            page.read_text(encoding="utf-8").replace("](reliability.png", f"]({name}_reliability.png"), encoding="utf-8"
        )


def public() -> dict[str, list[str]]:
    """The public names of each room and of the package, as the reference tells them."""
    return {
        room: list(importlib.import_module(f"stance.{room}" if room else "stance").__all__) for room in ("", *ROOMS)
    }


if __name__ == "__main__":
    print(json.dumps(public(), indent=2))
