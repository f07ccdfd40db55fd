"""Annotation sheets as files: CSV for a spreadsheet, and what Label Studio, Prodigy and doccano take and give back.

In the files of the tools the unit travels whole beside what the tool shows, so
that a label comes back with its unit, whatever numbers the tool gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from stance import columns as names
from stance.corpus.documents import json_rows, read_text
from stance.corpus.spreadsheets import spreadsheet_csv, spreadsheet_rows, unix_ends
from stance.corpus.streams import name_of
from stance.schema import StanceError, sha256
from stance.strict import parse_json

COLUMNS = tuple(names.SHEET)
"""The columns of a sheet."""
GIVEN = "given"
"""A further column of a sheet by which differences are decided: who gave which label."""
NEEDED = tuple(c for c in COLUMNS if c not in ("entity", "annotator", "note"))
"""Those without which a sheet cannot be read back."""
Format = Literal["csv", "label-studio", "prodigy", "doccano"]
SUFFIXES: Mapping[Format, str] = {"csv": ".csv", "label-studio": ".json", "prodigy": ".jsonl", "doccano": ".jsonl"}
_MADE_BY = "stance sample"


class Cells(NamedTuple):
    """One unit as one annotator left it."""

    where: str
    """File and row, for messages."""
    cells: dict[str, str]


def fingerprint(text: str, context: str) -> str:
    """The sha256 of what an annotator reads; line ends do not count.

    Examples
    --------
    >>> fingerprint("a\\r\\nb", "")[:8], fingerprint("a\\nb", "")[:8]
    ('691a9f61', '691a9f61')
    """
    return sha256(unix_ends(f"{text}\0{context}").encode())


def format_of(path: Path, name: str | None = None) -> Format:
    """The format of a sheet to be written.

    Parameters
    ----------
    path
        Where it goes.
    name
        A format; if left out, the file's suffix tells.

    Raises
    ------
    StanceError
        If there is no such format, or the file's suffix does not fit or tell.

    Examples
    --------
    >>> format_of(Path("sheet.json"))
    'label-studio'
    """
    known: tuple[Format, ...] = get_args(Format)
    suffix = path.suffix.lower()
    fitting = [f for f in known if SUFFIXES[f] == suffix and name in (None, f)]
    if len(fitting) == 1:
        return fitting[0]
    if name is not None and name not in known:
        raise StanceError(f"A sheet's format must be one of {', '.join(known)}. Got {name!r}.")
    if len(fitting) > 1:
        raise StanceError(f"{path} may be for {' or '.join(fitting)}. Say which: --format {fitting[0]}.")
    wanted = ", ".join(f"{SUFFIXES[f]} ({f})" for f in known if name in (None, f))
    raise StanceError(f"The sheet {path} must end in {wanted}. Change its name.")


def sheet_bytes(rows: Sequence[Mapping[str, str]], name: Format, labels: Sequence[str]) -> bytes:
    """Rows of a sheet as a file.

    Parameters
    ----------
    rows
        Cells by column, all of them text.
    name
        The format.
    labels
        Among which annotators choose.
    """
    if name == "csv":
        return spreadsheet_csv(rows, COLUMNS)
    if name == "label-studio":
        return (json.dumps([_label_studio(row) for row in rows], ensure_ascii=False, indent=1) + "\n").encode()
    make: Callable[[Mapping[str, str], Sequence[str]], dict] = _prodigy if name == "prodigy" else _doccano
    return "".join(json.dumps(make(row, labels), ensure_ascii=False) + "\n" for row in rows).encode()


def sheet_cells(path: Path) -> Iterator[Cells]:
    """The units of a sheet that came back, once for each annotator, in whatever format it is.

    Who labelled is what the sheet itself says; else what the tool says; else
    the name of the file, as where everybody fills in a copy.

    Raises
    ------
    StanceError
        If the file cannot be read, is of another format, or gives two labels at once.
    """
    suffix = name_of(path).suffix
    if suffix not in _READERS:
        raise StanceError(f"{path} must be a .csv, .json or .jsonl file. Got {suffix or 'no suffix'!r}.")
    empty = True
    for where, cells in _READERS[suffix](path):
        empty = False
        yield Cells(where, cells | {"annotator": cells.get("annotator", "").strip() or name_of(path).stem})
    if empty:
        raise StanceError(f"{path} holds no rows. Give a sheet that {_MADE_BY} wrote.")


def _csv_cells(path: Path) -> Iterator[Cells]:
    for number, row in spreadsheet_rows(path, NEEDED, _MADE_BY):
        if any(cell.strip() for cell in row.values()):  # spreadsheets leave empty lines at the end
            yield Cells(f"{path}, line {number}", row)


def _shown(row: Mapping[str, str]) -> str:
    """What a tool that shows one text shows."""
    said = "says" if row["role"] == "source" else "is spoken about"
    who = f"{row.get('entity') or row['actor']} ({said})\nToward: {row['target']}"
    context = f"\n\nContext: {row['context']}" if row["context"] else ""
    return f"Who: {who}\n\nText: {row['text']}{context}"


def _label_studio(row: Mapping[str, str]) -> dict[str, Any]:
    """A task. What is labelled already is an annotation, whose author Label Studio takes to be who imports it."""
    task: dict[str, Any] = {"data": {c: row[c] for c in COLUMNS if c not in ("label", "note")}}
    result = []
    if row["label"]:
        result.append(_result("label", "choices", {"choices": [row["label"]]}))
    if row["note"]:
        result.append(_result("note", "textarea", {"text": [row["note"]]}))
    return task | ({"annotations": [{"result": result}]} if result else {})


def _result(name: str, kind: str, value: dict) -> dict[str, Any]:
    return {"from_name": name, "to_name": "text", "type": kind, "value": value}


def _label_studio_cells(path: Path) -> Iterator[Cells]:
    text = read_text(path)
    try:
        tasks = parse_json(text)
    except ValueError as error:
        raise StanceError(
            f"{path} is not valid JSON ({error}). Export the project from Label Studio once more."
        ) from None
    if not isinstance(tasks, list):
        raise StanceError(f"{path} must hold a list of tasks. Export from Label Studio as JSON.")
    for number, task in enumerate(tasks, 1):
        where = f"{path}, task {number}"
        data = task.get("data") if isinstance(task, dict) else None
        if not isinstance(data, dict):
            raise StanceError(f"{where}: no 'data'. Export from Label Studio as JSON, not as JSON-MIN.")
        unit = _texts(data)
        kept = [a for a in _dicts(task.get("annotations")) if not a.get("was_cancelled")]
        for annotation in kept or [{}]:
            label = [c for r in _results(annotation, "choices") for c in _list(r.get("choices"))]
            note = [t for r in _results(annotation, "textarea") for t in _list(r.get("text"))]
            said = {"label": _one(label, where), "note": "\n".join(map(str, note)), "annotator": _author(annotation)}
            yield Cells(where, unit | said | ({"annotator": unit["annotator"]} if unit.get("annotator") else {}))


def _results(annotation: Mapping[str, Any], kind: str) -> list[dict]:
    found = [r for r in _dicts(annotation.get("result")) if r.get("type") == kind]
    return [r["value"] for r in found if isinstance(r.get("value"), dict)]


def _author(annotation: Mapping[str, Any]) -> str:
    """Who made an annotation: a number, or a person with an address."""
    by = annotation.get("completed_by")
    if isinstance(by, dict):
        by = by.get("email") or by.get("id")
    return "" if by is None else str(by)


def _prodigy(row: Mapping[str, str], labels: Sequence[str]) -> dict[str, Any]:
    """A task for the interface ``choice``, and its answer where there is one."""
    task = {"text": _shown(row), "options": [{"id": label, "text": label} for label in labels], "sheet": dict(row)}
    return task | ({"accept": [row["label"]], "answer": "accept"} if row["label"] else {})


def _doccano(row: Mapping[str, str], labels: Sequence[str]) -> dict[str, Any]:
    """An example of text classification; doccano keeps other columns as they are."""
    return {"text": _shown(row), "label": [row["label"]] if row["label"] else [], "sheet": dict(row)}


def _lines_cells(path: Path) -> Iterator[Cells]:
    """Lines of Prodigy, which have options, or of doccano."""
    for number, row in json_rows(path, read_text(path)):
        where = f"{path}, line {number}"
        unit = row.get("sheet")
        if not isinstance(unit, dict):
            raise StanceError(f"{where}: no 'sheet', which tells the unit. Start from the file that {_MADE_BY} writes.")
        cells = _texts(unit)
        if missing := [c for c in NEEDED if c not in cells]:
            raise _lacking(where, missing[0])
        if str(row.get("text")).split() != _shown(cells).split():
            raise StanceError(
                f"{where}: the text shown is not that of {cells['unit']}. Label the file as {_MADE_BY} wrote it."
            )
        if "options" in row or "answer" in row:
            given = _list(row.get("accept")) if row.get("answer", "accept") == "accept" else []
            author = row.get("_annotator_id") or row.get("_session_id") or ""
        else:
            given, author = _list(row.get("label")), ""
        note = "\n".join([*filter(None, [cells.get("note", "")]), *map(str, _list(row.get("Comments")))])
        said = {"label": _one(given, where), "annotator": cells.get("annotator") or str(author), "note": note}
        yield Cells(where, cells | said)


_READERS: Mapping[str, Callable[[Path], Iterator[Cells]]] = {
    ".csv": _csv_cells, ".json": _label_studio_cells, ".jsonl": _lines_cells,
}  # fmt: skip


def _lacking(where: str, column: str) -> StanceError:
    return StanceError(f"{where}: no column {column!r}. Start from the sheet that {_MADE_BY} writes.")


def _one(given: Sequence[Any], where: str) -> str:
    if len(given) > 1:
        raise StanceError(f"{where}: {len(given)} labels at once ({', '.join(map(str, given))}). Choose one.")
    return str(given[0]) if given else ""


def _texts(cells: Mapping[Any, Any]) -> dict[str, str]:
    """Cells as text; what is nested is none of ours."""
    return {str(k): "" if v is None else str(v) for k, v in cells.items() if not isinstance(v, dict | list)}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _dicts(value: Any) -> Iterable[dict]:
    return [item for item in _list(value) if isinstance(item, dict)]
