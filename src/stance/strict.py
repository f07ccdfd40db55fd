"""Files read strictly: YAML without a key given twice, no key that is unknown, each fault named by its key."""

from __future__ import annotations

from typing import Any

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


def parse_yaml(data: bytes) -> Any:
    """What a YAML file says, as plain data.

    Parameters
    ----------
    data
        The bytes of the file.

    Raises
    ------
    ValueError
        If it is not valid YAML, or gives a key twice; in one line.

    Examples
    --------
    >>> parse_yaml(b"a: [1, 2]")
    {'a': [1, 2]}
    """
    try:
        return yaml.load(data, Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())) from None


_MENDS = {
    "extra_forbidden": "unknown key; check its spelling, or remove it",
    "missing": "this key is required; add it",
    "tuple_type": "must be a list, such as [one, two]",
}


def first_fault(error: pydantic.ValidationError) -> str:
    """The first fault of a file as ``key.path: what is wrong``, and how many more there are.

    Parameters
    ----------
    error
        What pydantic raised.
    """
    faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")  # a misspelt key first
    first = faults[0]
    where = ".".join(str(part) for part in first["loc"])
    what = _MENDS.get(first["type"], first["msg"].removeprefix("Value error, "))
    more = f" (and {len(faults) - 1} more faults)" if len(faults) > 1 else ""
    return f"{where}: {what}{more}." if where else f"{what}{more}."
