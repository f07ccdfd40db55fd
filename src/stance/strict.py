"""Files read strictly: YAML without a key given twice, no key that is unknown, each fault named by its key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pydantic
import yaml


class Strict(pydantic.BaseModel):
    """Frozen data that refuses a key it does not know."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice instead of dropping the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, str) and key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is given twice", key_node.start_mark
                )
            seen.add(key) if isinstance(key, str) else None
        return super().construct_mapping(node, deep)


def parse_yaml(data: bytes, *, twice: bool = False) -> Any:
    """What a YAML file says, as plain data.

    Parameters
    ----------
    data
        The bytes of the file.
    twice
        Whether a key may be given twice; the last one counts.

    Raises
    ------
    ValueError
        If it is not valid YAML, or gives a key twice where it must not; in one line.

    Examples
    --------
    >>> parse_yaml(b"a: [1, 2]")
    {'a': [1, 2]}
    """
    try:
        return yaml.load(data, Loader=yaml.SafeLoader if twice else _Loader)  # noqa: S506 - a subclass of SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())) from None


Place = tuple[int | str, ...]
"""Keys, and numbers in lists, that lead to a value of a file."""


class Fault(NamedTuple):
    """What is wrong with a file, and where."""

    place: Place
    what: str
    """A sentence without its full stop, the mend in it."""
    line: int | None = None
    """Counted from 1; None where it is of the whole file."""


def places(data: bytes) -> tuple[dict[Place, int], list[Fault]]:
    """The line of every key and item of a YAML file, and what keeps it from being read.

    Parameters
    ----------
    data
        The bytes of the file.

    Returns
    -------
    tuple
        The lines, by place, and the faults: every key given twice, or what is no YAML.
        The latter is one fault, since nothing behind it can be read.

    Examples
    --------
    >>> places(b"a:\\n  - x\\n  - y\\na: 1\\n")
    ({('a',): 4, ('a', 0): 2, ('a', 1): 3}, [Fault(place=('a',), what="the key 'a' is given twice (first in line 1); \
remove or rename one of the two", line=4)])
    """
    try:
        root = yaml.compose(data, Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        return {}, [_no_yaml(error)]
    lines: dict[Place, int] = {}
    twice: list[Fault] = []
    for place, line in _walk(root):
        known = any(place[: len(t.place)] == t.place for t in twice)
        if place in lines and isinstance(place[-1], str) and not known:
            what = (
                f"the key {place[-1]!r} is given twice (first in line {lines[place]}); remove or rename one of the two"
            )
            twice.append(Fault(place, what, line))
        lines[place] = line
    return lines, twice


def _walk(root: yaml.Node | None) -> Iterator[tuple[Place, int]]:
    """Every key and item below a node; what an anchor repeats is gone through once, or it might never end."""
    waiting: list[tuple[Place, yaml.Node | None]] = [((), root)]
    seen: set[int] = set()
    while waiting:
        place, node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        below: list[tuple[Place, yaml.Node]] = []
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                at = (*place, str(key.value))
                yield at, key.start_mark.line + 1
                below.append((at, value))
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                yield (*place, number), item.start_mark.line + 1
                below.append(((*place, number), item))
        waiting += reversed(below)


def _no_yaml(error: Exception) -> Fault:
    """What a parser of YAML says, and how to mend it."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Fault((), f"not valid YAML: {' '.join(str(error).split())}; save it as a text in UTF-8")
    problem = getattr(error, "problem", None) or "something is wrong here"
    mend = "look at this line and the one before it: a quotation mark or bracket left open, a colon without a space"
    if "\\t" in problem:
        mend = "indent by spaces, not by tabs"
    return Fault((), f"not valid YAML: {problem}, at character {mark.column + 1}; {mend}", mark.line + 1)


_MENDS = {
    "extra_forbidden": "unknown key; check its spelling, or remove it",
    "missing": "this key is required; add it",
    "tuple_type": "must be a list, such as [one, two]",
    "string_type": "must be text; put it in quotation marks: YAML takes no, yes or 2024 for something else",
    "too_short": "is empty; add at least 1 item",
    "string_too_short": "is empty; write at least one letter",
    "string_pattern_mismatch": "must hold at least one letter",
    "dict_type": "must hold keys with their values (a dictionary), such as name: …",
    "model_type": "must hold keys with their values (a dictionary), such as name: …",
}


def faults_of(error: pydantic.ValidationError) -> list[Fault]:
    """The faults of a file, misspelt keys first.

    Parameters
    ----------
    error
        What pydantic raised.
    """
    # A misspelt key is also a missing one: what is misspelt tells more.
    faults = sorted(error.errors(include_url=False), key=lambda fault: fault["type"] != "extra_forbidden")
    return [Fault(f["loc"], _MENDS.get(f["type"], f["msg"].removeprefix("Value error, "))) for f in faults]


def dotted(place: Place) -> str:
    """A place as it is written in messages.

    Examples
    --------
    >>> dotted(("actors", "kyiv", "not", 0))
    'actors.kyiv.not.0'
    """
    return ".".join(str(part) for part in place)


def first_fault(error: pydantic.ValidationError) -> str:
    """The first fault of a file as ``key.path: what is wrong``, and how many more there are.

    Parameters
    ----------
    error
        What pydantic raised.
    """
    first, *others = faults_of(error)
    where = dotted(first.place)
    more = f" (and {len(others)} more fault{'s' if len(others) > 1 else ''})" if others else ""
    return f"{where}: {first.what}{more}." if where else f"{first.what}{more}."
