"""The house as its imports draw it: ``python -m tests.support.floors`` prints rooms, floors and arrows.

A room is a package of ``src/stance``, or a file beside them. A floor is how many rooms one can go down from a room;
where rooms import one another in a circle, the circle is printed and there are no floors. What is imported for type checking only is no arrow; what a function imports is one.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "stance"
Graph = dict[str, set[str]]


def imported(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, in functions, too; those for type checking left out."""
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


def files(source: Path = SOURCE) -> Graph:
    """Each module and the modules of the package it imports."""
    paths = {".".join(("stance", *p.relative_to(source).with_suffix("").parts)): p for p in source.rglob("*.py")}
    modules = {name.removesuffix(".__init__"): path for name, path in paths.items()}
    return {name: {i for i in imported(path) if i in modules} - {name} for name, path in sorted(modules.items())}


def room(module: str) -> str:
    """The room of a module; the package itself is its own.

    Examples
    --------
    >>> room("stance.text.syntax"), room("stance.schema")
    ('text', 'schema')
    """
    return module.split(".")[1] if "." in module else module


def rooms(graph: Mapping[str, set[str]]) -> Graph:
    """Each room and the rooms it imports from."""
    found: Graph = {room(module): set() for module in graph}
    for module, others in graph.items():
        found[room(module)] |= {room(other) for other in others} - {room(module), "stance"}
    return found


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Modules that import one another in a circle; empty if there is none. Faces of rooms import nothing."""
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return list(error.args[1])
    return []


def floors(graph: Mapping[str, set[str]]) -> dict[str, int]:
    """The floor of every room, from 0; needs a graph without circles."""
    level: dict[str, int] = {}
    for name in TopologicalSorter(graph).static_order():
        level[name] = 1 + max((level[other] for other in graph.get(name, ())), default=-1)
    return level


def main() -> None:
    """Print the house."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="?", type=Path, default=SOURCE, help="another src/stance")
    graph = files(parser.parse_args().source)
    of_rooms = rooms(graph)
    arrows = sum(map(len, of_rooms.values()))
    print(f"{len(of_rooms)} rooms, {arrows} arrows between them; {len(graph)} files")
    for name, found in (("files", circle(graph)), ("rooms", circle(of_rooms))):
        print(f"circle of {name}: {' → '.join(found) or 'none'}")
    if not circle(of_rooms):
        level = floors(of_rooms)
        for floor in range(max(level.values()), -1, -1):
            print(f"floor {floor}  {', '.join(sorted(name for name, i in level.items() if i == floor))}")


if __name__ == "__main__":
    main()
