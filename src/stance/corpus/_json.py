"""Rows of JSON: an object on each line, or an array of them, decoded one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stance.corpus._row import Columns, Found, Row
from stance.corpus.encodings import decoded
from stance.corpus.streams import LONGEST, RowFault, open_lines, read_whole
from stance.schema import StanceError
from stance.strict import DECODER, RepeatedKeyError


class Incomplete(RowFault):
    """A line that ends before its JSON does."""


def json_object(line: str) -> dict[str, Any]:
    """The object on a line of JSON Lines.

    Raises
    ------
    RowFault
        If there is none; :class:`Incomplete` if the line ends inside one.
    """
    try:
        row = DECODER.decode(line)
    except RepeatedKeyError as error:
        raise RowFault(f"{error}. Keep one of the two.") from None
    except (ValueError, RecursionError) as error:
        why = getattr(error, "msg", "too deep or too long")
        kind = Incomplete if _ends_early(line, error) else RowFault
        raise kind(f"not valid JSON ({why}). Put one object on each line.") from None
    if not isinstance(row, dict):
        raise RowFault('not an object. Each line must look like {"id": …, "text": …}.')
    return row


def _ends_early(line: str, error: Exception) -> bool:
    """Whether the end is missing: the fault stands there, or in a string that is never closed, or in half an escape."""
    if not isinstance(error, json.JSONDecodeError) or not line.lstrip().startswith("{"):
        return False
    rest = line[error.pos :].strip()
    return not rest or error.msg.startswith("Unterminated string") or bool(_HALF.fullmatch(rest))


_HALF = re.compile(r"\\?u?[0-9a-fA-F]{0,4}|t|tr|tru|f|fa|fal|fals|n|nu|nul|-")
"""What may stand at the end of a line that was cut: half an escape, or half a word of JSON."""


def json_lines(path: Path, name: str, columns: Columns, encoding: str | None) -> Iterator[Row | Found]:
    """Rows of JSON Lines; they are numbered if the first has no id."""
    lines, numbered = open_lines(path, encoding), None
    cut: tuple[int, str] | None = None
    while True:
        lines.budget = LONGEST
        try:
            line = next(lines)
            if not line.strip():
                continue
            if cut:
                yield cut
                cut = None
            cells = json_object(line)
        except StopIteration:
            if cut:
                raise StanceError(
                    f"it ends inside the object in line {cut[0]:,}: the file was cut short, and what stood behind is "
                    "lost. Export or download it anew."
                ) from None
            return
        except Incomplete as fault:
            cut = lines.number, str(fault)
            continue
        except RowFault as fault:
            yield lines.number, str(fault)
            continue
        if numbered is None:
            numbered = "id" not in columns and "id" not in cells
        yield Row(lines.number, f"{name}-{lines.number}" if numbered else None, cells)


def json_array(path: Path, name: str, columns: Columns, encoding: str | None) -> Iterator[Row | Found]:
    """Rows of a JSON file that is an array of objects; they are numbered if the first has no id."""
    text = decoded(read_whole(path), encoding)
    numbered = None
    for number, cells in enumerate(_elements(text, columns.get("text", "text")), 1):
        if numbered is None:
            numbered = "id" not in columns and "id" not in cells
        yield Row(number, f"{name}-{number}" if numbered else None, cells)


_SPACE = re.compile(r"[ \t\n\r]*")
_FIRST = 2**13
"""Characters of an array that are looked at for its first object."""


def _elements(text: str, field: str) -> Iterator[dict[str, Any]]:
    """The objects of an array, one by one, so that no more than one of them is held."""
    at = _space(text, 0)
    if text[at : at + 1] != "[":
        _check_json(text, at)
        raise StanceError(
            f"the JSON is no array of objects, each with {field!r}. Write it so, or as JSON Lines or CSV."
        )
    at, window = _space(text, at + 1), _FIRST
    if text[at : at + 1] == "]":
        _check_end(text, at + 1)
        return
    while True:
        cells, end = _one(text, at, window)
        window = max(_FIRST, 2 * (end - at))
        if not isinstance(cells, dict):
            raise StanceError(
                f"the JSON is no array of objects, each with {field!r}. Write it so, or as JSON Lines or CSV."
            )
        at = _space(text, end)
        mark = text[at : at + 1]
        if mark not in (",", "]"):
            raise _invalid("Expecting ',' delimiter", text, at)
        yield cells
        if mark == "]":
            _check_end(text, at + 1)
            return
        at = _space(text, at + 1)


def _one(text: str, at: int, window: int) -> tuple[Any, int]:
    """The value that begins at a place, and where it ends; no more than the limit of a row is looked at."""
    while True:
        part = text[at : at + min(window, LONGEST + 1)]
        try:
            value, end = DECODER.raw_decode(part)
        except RepeatedKeyError as error:
            raise StanceError(f"{error} in one object. Keep one of the two.") from None
        except (ValueError, RecursionError) as error:
            whole = at + len(part) >= len(text)
            if whole or isinstance(error, RecursionError) or len(part) > LONGEST:
                if len(part) > LONGEST and not whole:
                    raise StanceError(
                        f"the object that begins at character {at:,} is longer than {LONGEST:,} characters, the limit "
                        "for one row. Split it."
                    ) from None
                raise _invalid(getattr(error, "msg", "too deep or too long"), text, at) from None
            window *= 8
            continue
        return value, at + end


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _check_json(text: str, at: int) -> None:
    """Tell what is no JSON at all from JSON that is no array."""
    if text[at : at + 1] not in ("{", '"') and not text[at : at + 5].startswith(("true", "false", "null")):
        try:
            json.loads(text[at : at + 100])
        except (ValueError, RecursionError) as error:
            raise _invalid(getattr(error, "msg", "too deep"), text, at) from None
    elif text[at : at + 1] == "{":
        _, end = _one(text, at, _FIRST)
        _check_end(text, end)


def _check_end(text: str, at: int) -> None:
    if _space(text, at) != len(text):
        raise _invalid("Extra data", text, _space(text, at))


def _invalid(why: str, text: str, at: int) -> StanceError:
    line = text.count("\n", 0, at) + 1
    return StanceError(
        f"not valid JSON ({why}, in what begins in line {line:,}). If each line is an object, end its name in .jsonl."
    )
