"""Files read strictly: YAML and JSON without a key given twice, no key that is unknown, each fault named by its key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pydantic
import yaml

from stance.inert import visible

_MOST_NODES = 200_000
"""Values a YAML file may come to once each ``*name`` stands for what it repeats: a hundred times the largest codebook
that we know of; nine lines of repeated repetitions come to a billion."""
_ODD = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
"""What PyYAML raises where a value is not what its form or tag says: a day that is none, a number of 5,000 digits."""
_KINDS = {
    "null": "nothing", "bool": "yes or no", "int": "a whole number", "float": "a number", "timestamp": "a day",
    "str": "a text", "seq": "a list", "map": "keys and values",
}  # fmt: skip
"""What a value may be; a tag of another kind makes objects that no file of ours holds."""
_MERGED = (
    "'<<' merges another mapping into this one, which is not done here. Write its keys out; a list can be repeated "
    "with &name and *name"
)


class Strict(pydantic.BaseModel):
    """Frozen data that refuses a key it does not know."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice instead of dropping the first, and says of every fault where it is."""

    def get_single_node(self) -> yaml.Node | None:
        node = super().get_single_node()
        if node is not None:
            _weigh(node, {})
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if kind not in _KINDS:
            what = f"{_beginning(node)} has the tag {kind!r}, which is not known here. Quote it, or leave the tag out"
            raise yaml.constructor.ConstructorError(None, None, what, node.start_mark)
        if isinstance(node, yaml.ScalarNode) and (half := _half(node.value)):
            raise yaml.constructor.ConstructorError(None, None, half, node.start_mark)
        try:
            return super().construct_object(node, deep)
        except _ODD:
            what = f"{_beginning(node)} cannot be read as {_KINDS[kind]}. Mend it, or quote it"
            raise yaml.constructor.ConstructorError(None, None, what, node.start_mark) from None

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(None, None, _MERGED, key_node.start_mark)
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | float | None):
                what = f"a key must be a word or a number, and {_beginning(key_node)} is none. Quote it"
                raise yaml.constructor.ConstructorError(None, None, what, key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


class _Lenient(_Loader):
    """The same, but of a key given twice the last one counts: to find what else is wrong."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        return yaml.SafeLoader.construct_mapping(self, node, deep)


def _beginning(node: yaml.Node) -> str:
    """What a value begins with, for a message."""
    if not isinstance(node, yaml.ScalarNode):
        return "what stands here"
    return repr(node.value if len(node.value) <= 40 else f"{node.value[:40]}…")


def _weigh(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a node comes to.

    Raises
    ------
    yaml.constructor.ConstructorError
        If they are too many, or endless.
    """
    if (found := known.get(id(node))) is not None:
        if not found:
            raise yaml.constructor.ConstructorError(
                None, None, "this repeats itself without end. Write it out", node.start_mark
            )
        return found
    known[id(node)] = 0  # being counted: who meets it again is inside it
    below: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        below = [part for pair in node.value for part in pair]
    elif isinstance(node, yaml.SequenceNode):
        below = node.value
    known[id(node)] = total = 1 + sum(_weigh(part, known) for part in below)
    if total > _MOST_NODES:
        what = f"with its repetitions (*name) this comes to more than {_MOST_NODES:,} values. Repeat less"
        raise yaml.constructor.ConstructorError(None, None, what, node.start_mark)
    return total


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
        If it is not valid YAML, gives a key twice where it must not, merges mappings, or repeats itself without end;
        in one line.

    Examples
    --------
    >>> parse_yaml(b"a: [1, 2]")
    {'a': [1, 2]}
    >>> parse_yaml(b"a: 1\\na: 2")
    Traceback (most recent call last):
    ValueError: line 2, column 1: the key 'a' is given twice
    """
    try:
        return yaml.load(data, Loader=_Lenient if twice else _Loader)  # noqa: S506 - a subclass of SafeLoader
    except RecursionError:
        raise ValueError("lists or mappings inside each other, too deep to be read. Write it flatter") from None
    except yaml.constructor.ConstructorError as error:
        raise ValueError(f"{_place(error)}{error.problem}") from None
    except yaml.MarkedYAMLError as error:
        raise ValueError(f"{_place(error)}{_problem(error)}; {_mend(error)}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(" ".join(str(error).split())) from None


def _place(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    return f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""


class RepeatedKeyError(ValueError):
    """An object of JSON gives a key twice, so that one of its values would be lost."""


def parse_json(data: str | bytes) -> Any:
    """What JSON says, as plain data.

    Parameters
    ----------
    data
        The text, or its bytes in UTF-8.

    Raises
    ------
    ValueError
        If it is not valid JSON, is too deep, holds a number of thousands of digits or half of a character, or gives a
        key twice; in one line that says why, without an end mark.

    Examples
    --------
    >>> parse_json('{"a": [1, 2]}')
    {'a': [1, 2]}
    >>> parse_json('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    stance.strict.RepeatedKeyError: the key 'a' is given twice
    """
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        found = DECODER.decode(text)
    except RepeatedKeyError:
        raise
    except RecursionError:
        raise ValueError("lists or objects inside each other, too deep to be read") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, " if "\n" in error.doc else ""
        raise ValueError(f"{error.msg}, {where}character {error.colno}") from None
    except UnicodeDecodeError:
        raise ValueError("it is not written in UTF-8") from None
    except ValueError:
        raise ValueError("a number of thousands of digits") from None
    if "\\u" in text and (half := _half(json.dumps(found, ensure_ascii=False))):
        raise ValueError(half)
    return found


def _half(text: str) -> str | None:
    """What is wrong with a text that escapes have put half of a character into, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"\\u{ord(text[error.start]):04x} is half of a character. Write the character itself, or take it out"
    return None


def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON, if each of its keys is given once.

    Parameters
    ----------
    pairs
        Its keys and values, as :mod:`json` hands them to an ``object_pairs_hook``.

    Raises
    ------
    RepeatedKeyError
        If a key is given twice.
    """
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise RepeatedKeyError(f"the key {twice!r} is given twice")
    return made


DECODER = json.JSONDecoder(object_pairs_hook=once)
"""Reads JSON of which no object gives a key twice; it raises what :mod:`json` does, and :class:`RepeatedKeyError`."""


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
    what = f"not valid YAML: {_problem(error)}, at character {mark.column + 1}; {_mend(error)}"
    return Fault((), what, mark.line + 1)


def _problem(error: Exception) -> str:
    return " ".join((getattr(error, "problem", None) or "something is wrong here").split())


def _mend(error: Exception) -> str:
    if "\\t" in _problem(error):
        return "indent by spaces, not by tabs"
    return "look at this line and the one before it: a quotation mark or bracket left open, a colon without a space"


_MENDS = {
    "extra_forbidden": "unknown key; check its spelling, or remove it",
    "missing": "this key is required; add it",
    "tuple_type": "must be a list, such as [one, two]",
    "string_type": "must be text; put it in quotation marks: YAML takes no, yes or 2024 for something else",
    "too_short": "is empty; add at least 1 item",
    "string_too_short": "is empty; write at least one letter",
    "string_pattern_mismatch": "must hold at least one letter",
    "list_type": "must be a list, such as [one, two]",
    "dict_type": "must hold keys and values",
    "model_type": "must hold keys and values",
    "model_attributes_type": "must hold keys and values",
    "recursion_loop": "holds itself; write it out",
}


def faults_of(error: pydantic.ValidationError) -> list[Fault]:
    """The faults of a file, misspelt keys first.

    Parameters
    ----------
    error
        What pydantic raised.
    """
    # A misspelt key is also a missing one: what is misspelt tells more.
    errors = error.errors(include_input=False, include_url=False)
    faults = sorted(errors, key=lambda fault: fault["type"] != "extra_forbidden")
    return [Fault(f["loc"], _what(f)) for f in faults]


def _what(fault: Mapping[str, Any]) -> str:
    """What is wrong, in our words where we have some."""
    if fault["type"] == "literal_error":
        return f"must be {fault['ctx']['expected']}"
    return _MENDS.get(fault["type"], fault["msg"].removeprefix("Value error, "))


def dotted(place: Place) -> str:
    """A place as it is written in messages: a key that a file gave shows what would act in a terminal as its code.

    Examples
    --------
    >>> dotted(("actors", "kyiv", "not", 0))
    'actors.kyiv.not.0'
    """
    return visible(".".join(str(part) for part in place))


def first_fault(error: pydantic.ValidationError, lister: str = "") -> str:
    """The first fault of a file as ``key.path: what is wrong``, and how many more there are.

    Parameters
    ----------
    error
        What pydantic raised.
    lister
        The command that lists all faults, where there is one: it counts them in its own way, so that it alone does.
    """
    first, *others = faults_of(error)
    where = dotted(first.place)
    counted = f" (and {len(others)} more fault{'s' if len(others) > 1 else ''})" if others else ""
    more = f" ({lister} lists all that is wrong)" if others and lister else counted
    return f"{where}: {first.what}{more}." if where else f"{first.what}{more}."
