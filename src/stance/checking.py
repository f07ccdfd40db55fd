"""All faults of a codebook at once, each with its line and key, where reading it stops at the first."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import pydantic

from stance.codebook import Codebook
from stance.schema import StanceError
from stance.strict import Fault, Place, dotted, faults_of, parse_yaml, places

_HYPOTHESES = {"favor": ["{actor} supports {target}."], "against": ["{actor} opposes {target}."]}
_STAND_IN = "⁂1"
"""Stands for a name while others are tried: no text of a person begins like this, and it counts as a name."""


def codebook_faults(path: str | Path) -> list[Fault]:
    """Everything that is wrong with a codebook.

    Faults that hide others are the exception: of a file that is no YAML, only
    what keeps it from being read is known.

    Parameters
    ----------
    path
        A YAML file.

    Returns
    -------
    list of Fault
        In the order of the file; none if :func:`stance.read_codebook` takes it.

    Raises
    ------
    StanceError
        If the file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> book = "actors: {a: {label: A, entities: {x: {name: Ann, alias: [Ms. A]}}}}\\ntarget: {}"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "mine.yml").write_text(book)
    ...     for fault in codebook_faults(Path(folder, "mine.yml")):
    ...         print(fault_line(fault))
    line 1, actors.a.entities.x.alias: unknown key; did you mean 'aliases'?
    line 2, target: unknown key; did you mean 'targets'?
    """
    source = Path(path)
    try:
        data = source.read_bytes()
    except OSError as error:
        raise StanceError(
            f"The codebook {source} cannot be read ({error.strerror}). Give the path of a YAML file, "
            "or make one: stance init FOLDER"
        ) from None
    lines, faults = places(data)
    if faults and not lines:
        return faults
    try:
        content = parse_yaml(data, twice=True)
    except ValueError as error:
        return [Fault((), f"not valid YAML: {error}; give each key and value as plain text, list or mapping")]
    if not isinstance(content, dict):
        return [Fault((), "the file must hold the keys 'actors' and 'targets' at its top level")]
    found = [f._replace(line=_line(f.place, lines)) for f in content_faults(content)]
    return sorted([*faults, *found], key=lambda f: (f.line or 0, f.place == ()))


def _line(place: Place, lines: Mapping[Place, int]) -> int | None:
    """The line of a place, or of what is nearest above it: a key that is missing stands nowhere."""
    for end in range(len(place), 0, -1):
        if (line := lines.get(tuple(p if isinstance(p, int) else str(p) for p in place[:end]))) is not None:
            return line
    return None


def fault_line(fault: Fault) -> str:
    """A fault as a line of text.

    Examples
    --------
    >>> fault_line(Fault(("targets",), "this key is required; add it", 3))
    'line 3, targets: this key is required; add it'
    """
    where = ", ".join(filter(None, (f"line {fault.line}" if fault.line else "", dotted(fault.place))))
    return f"{where}: {fault.what}" if where else fault.what


def content_faults(content: Mapping[str, Any]) -> list[Fault]:
    """Everything that is wrong with a codebook's content.

    First each key by itself, which pydantic does at once. Then what only shows
    between keys, such as a name under two actors: :class:`stance.Codebook` stops
    at the first of these, so names are put in one by one, and who is refused is at fault.

    Examples
    --------
    >>> ann, bob = ({"label": "L", "entities": {"e": {"name": n, "aliases": ["Ed", n]}}} for n in ("Ann", "Bob"))
    >>> aim = {"label": "t", "hypotheses": {"favor": ["yes"], "against": ["no"]}}
    >>> groups = {"both": ["a", "c"]}
    >>> for fault in content_faults({"actors": {"a": ann, "b": bob}, "targets": {"t": aim}, "groups": groups}):
    ...     print(fault_line(fault))
    actors.b.entities.e.aliases.0: the alias 'Ed' stands under both actors.a.entities.e and actors.b.entities.e; \
keep it under one of them
    groups.both: there is no actor 'c'; write one of: a, b
    """
    try:
        Codebook.model_validate(content)
        return []
    except pydantic.ValidationError as error:
        whole = faults_of(error)
    # A list is called empty where each of its items is refused: the items' faults say why.
    inner = [told for told in whole if not any(o != told and _within(o.place, told.place) for o in whole)]
    single = [fault for told in inner if told.place for fault in _each(told, content)]
    between = _between(content, {fault.place for fault in single})
    if not single and not between:
        return whole  # what is of the whole file: no actor, say
    return [*single, *between]


def _each(fault: Fault, content: Mapping[str, Any]) -> Iterator[Fault]:
    """A fault of a list, by its items: each of them may have one."""
    value = _at(content, fault.place)
    if isinstance(value, list) and value and not fault.what.startswith("unknown key"):
        alone = [(n, _refused(_with(content, fault.place, [item]), fault.place)) for n, item in enumerate(value)]
        if any(what for _, what in alone):
            yield from (Fault((*fault.place, n), what) for n, what in alone if what)
            return
    if fault.what.startswith("unknown key"):
        near = difflib.get_close_matches(str(fault.place[-1]), _known(fault.place[:-1]), 1)
        yield Fault(fault.place, f"unknown key; did you mean {near[0]!r}?" if near else fault.what)
    elif not _misspelt(fault, content):
        yield fault


def _misspelt(fault: Fault, content: Mapping[str, Any]) -> bool:
    """Whether a key is missing because it stands there misspelt, which is told already."""
    if not fault.what.startswith("this key is required"):
        return False
    beside = _at(content, fault.place[:-1])
    known = _known(fault.place[:-1])
    unknown = [str(key) for key in beside if key not in known] if isinstance(beside, dict) else []
    return any(difflib.get_close_matches(key, known, 1) == [str(fault.place[-1])] for key in unknown)


def _refused(content: Mapping[str, Any], place: Place) -> str:
    """What is wrong at a place; empty if nothing is."""
    try:
        Codebook.model_validate(content)
    except pydantic.ValidationError as error:
        return next((f.what for f in faults_of(error) if f.place[: len(place)] == place), "")
    return ""


def _known(place: Place) -> list[str]:
    """The keys that may stand at a place, as the codebook's own classes say."""
    model: Any = Codebook
    for part in place:
        if isinstance(model, type) and issubclass(model, pydantic.BaseModel):
            fields = {f.alias or name: f.annotation for name, f in model.model_fields.items()}
            model = fields.get(str(part))
        else:  # of a mapping or a list: what its values are
            model = next((a for a in reversed(get_args(model)) if a is not Ellipsis), None)
    model = next((a for a in get_args(model) if a is not type(None)), model) if type(None) in get_args(model) else model
    if not (isinstance(model, type) and issubclass(model, pydantic.BaseModel)):
        return []
    return [f.alias or name for name, f in model.model_fields.items()]


def _at(content: Any, place: Place) -> Any:
    for part in place:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            return None
    return content


def _with(content: Any, place: Place, value: Any) -> Any:
    """A copy of a content with another value at a place."""
    copy = content.copy()
    copy[place[0]] = _with(content[place[0]], place[1:], value) if place[1:] else value
    return copy


def _between(content: Mapping[str, Any], told: set[Place]) -> list[Fault]:
    """What is wrong between keys that are right by themselves."""
    base: dict[str, Any] = {
        "actors": {},
        "targets": {_STAND_IN: {"label": _STAND_IN, "hypotheses": _HYPOTHESES}},
        "publishers": {},
        "groups": {},
    }
    faults = []
    for actor, entry in _items(content.get("actors")):
        entities = {
            key: {"name": f"{_STAND_IN} {actor} {key}", "aliases": [], "place": [], "offices": []}
            for key, _ in _items(_at(entry, ("entities",)))
        } or {_STAND_IN: {"name": f"{_STAND_IN} {actor}", "aliases": []}}
        bare = {"label": _STAND_IN, "entities": entities, "not": []}
        if what := _refusal({**base, "actors": {actor: bare}}):
            faults.append(Fault(("actors", actor), what.removeprefix(f"actors.{actor}: ")))
        else:
            base["actors"][actor] = bare
    if not base["actors"]:
        return faults
    pieces = [p for p in _pieces(content) if not any(_within(p, t) or _within(t, p) for t in told)]
    pieces = [p for p in pieces if p[0] != "actors" or p[1] in base["actors"]]

    def put(book: Any, place: Place) -> Any:
        """A book with one piece of the content more."""
        *above, last = place
        value = _at(content, place)
        if isinstance(last, int):
            return _with(book, tuple(above), [*_at(book, tuple(above)), value])
        return _with(book, place, value)

    return [*faults, *(_placed(place, what) for place, what in _culprits(base, pieces, put))]


def _placed(place: Place, what: str) -> Fault:
    """A fault whose sentence no longer begins with its place."""
    rest = what.removeprefix(dotted(place))
    if rest == what:  # of a list, not of its item
        return Fault(place, what.removeprefix(f"{dotted(place[:-1])}: "))
    key, _, rest = rest.partition(": ")
    return Fault((*place, *filter(None, [key.removeprefix(".")])), rest) if rest else Fault(place, what)


def _within(place: Place, outer: Place) -> bool:
    return place[: len(outer)] == outer


def _items(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _pieces(content: Mapping[str, Any]) -> Iterator[Place]:
    """What may be at odds with something else, in the order of the rules: names before what must differ from them."""
    later: list[Place] = []
    for actor, entry in _items(content.get("actors")):
        for key, entity in _items(_at(entry, ("entities",))):
            where: Place = ("actors", actor, "entities", key)
            yield (*where, "name")
            for field in ("aliases", "place", "offices"):
                found = [(*where, field, n) for n, _ in enumerate(_list(_at(entity, (field,))))]
                later += found if field == "offices" else ()
                yield from found if field != "offices" else ()
        later += [("actors", actor, "not", n) for n, _ in enumerate(_list(_at(entry, ("not",))))]
    yield from later
    for field in ("publishers", "groups"):
        yield from ((field, key) for key, _ in _items(content.get(field)))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _culprits(book: Any, pieces: Sequence[Place], put: Callable[[Any, Place], Any]) -> Iterator[tuple[Place, str]]:
    """Pieces that cannot join those before them, and why: halves are tried whole, so that most are tried once."""
    waiting = [list(pieces)]
    while waiting:
        part = waiting.pop()
        if not part:
            continue
        tried = book
        for place in part:
            tried = put(tried, place)
        what = _refusal(tried)
        if not what:
            book = tried
        elif len(part) == 1:
            yield part[0], what
        else:
            middle = len(part) // 2
            waiting += [part[middle:], part[:middle]]


def _refusal(content: Mapping[str, Any]) -> str:
    """The first thing that is wrong with a content; empty if nothing is."""
    try:
        Codebook.model_validate(content)
    except pydantic.ValidationError as error:
        return faults_of(error)[0].what
    return ""
