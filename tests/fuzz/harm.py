"""Harm done to files: good ones are changed in their bytes, in a cell, or in a value of what they say."""

from __future__ import annotations

import csv
import io
import json
import struct
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Files = dict[str, bytes]
"""Contents by path in a folder."""

_DEEP, _BIG, _TWICE = "@deep@", "@big@", "@twice@"
"""What no writer of JSON writes: put in afterwards."""
_RAW = {
    f'"{_DEEP}"': "[" * 3000 + "]" * 3000,
    f'"{_BIG}"': "9" * 5000,
    f'"{_TWICE}"': '{"a": 1, "a": 2}',
}
VALUES: list[Any] = [
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**64), 10**30, 0.5, -0.0, 1e308, float("nan"), float("inf"),
    "", " ", "x", "²", "١", "\x00", "\x1b[31m", "\ud800", "a\nb", "=1+1", "../x", "/etc/passwd", "https://x.example",
    "{actor}", "{", "%s", "[/b]", "<b>", "1e999", "NaN", "2021-13-45", "9" * 5000, "x" * 70_000,
    [], {}, [[]], [None], ["x"], {"a": {}}, {"": ""}, [[["x"]]], _DEEP, _BIG, _TWICE,
]  # fmt: skip
"""Values of the wrong kind, size or depth."""
TOKENS = [
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b'"', b"'", b",", b";", b"\t", b"{", b"}", b"[",
    b"]", b":", b"<<: ", b"&a ", b"*a", b"- ", b"? ", b"!!int ", b"!!python/object ", b"---\n", b"<", b">", b"&amp;",
    b"<!--", b"=", b"\x1b[31m", b"\xed\xa0\x80", b"\xc3", b"\x80", "“".encode(), "ß".encode(), b"9" * 5000,
    b"[" * 3000, b"(" * 3000, b"\\u", b"\\ud800", b"{\\rtf1", b"PK\x03\x04", b"\x1f\x8b", b"PAR1",
]  # fmt: skip
"""Bytes that mean something to one reader or another."""


@st.composite
def harmed(draw: st.DrawFn, good: Files) -> Files:
    """Good files with one to three faults; now and then one file is gone, or a strange one beside them."""
    files = dict(good)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(files)))
        ways = [_bytes]
        if _lines_of_json(files[name]) is not None:
            ways += [_value, _value, _value]
        if name.endswith(".csv"):
            ways += [_cell, _cell]
        if name.endswith(".safetensors"):
            ways += [_header]
        files[name] = draw(st.sampled_from(ways))(draw, files[name])
    if len(files) > 1 and draw(st.integers(0, 19)) == 0:
        del files[draw(st.sampled_from(sorted(files)))]
    return files


def _bytes(draw: st.DrawFn, data: bytes) -> bytes:
    start = draw(st.integers(0, len(data)))
    end = min(len(data), start + draw(st.sampled_from([0, 0, 1, 2, 8, 100, 10**9])))
    middle = draw(st.sampled_from(TOKENS) | st.binary(max_size=8) | st.just(data[start:end] * 2))
    return data[:start] + middle + data[end:]


def _lines_of_json(data: bytes) -> list[Any] | None:
    """The values of a file of JSON, or of JSON lines; None if it is neither."""
    try:
        return [json.loads(data)]
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line) for line in data.splitlines() if line.strip()] or None
    except (ValueError, RecursionError):
        return None


def _value(draw: st.DrawFn, data: bytes) -> bytes:
    values = _lines_of_json(data)
    assert values is not None
    at = draw(st.integers(0, len(values) - 1))
    holder = {"": values[at]}
    parent, key = draw(st.sampled_from(list(_places(holder))))
    way = draw(st.sampled_from(["put", "put", "put", "drop", "wrap", "name", "add"]))
    if way == "put":
        parent[key] = draw(st.sampled_from(VALUES))
    elif way == "drop":
        parent[key] = None
        if parent is not holder:
            del parent[key]
    elif way == "wrap":
        parent[key] = draw(st.sampled_from([[parent[key]], {"a": parent[key]}, [parent[key], parent[key]]]))
    elif isinstance(parent[key], dict):
        parent[key][str(draw(st.sampled_from(VALUES)))[:60]] = draw(st.sampled_from(VALUES))
    elif isinstance(parent[key], list):
        parent[key].append(draw(st.sampled_from(VALUES)))
    values[at] = holder[""]
    text = "\n".join(json.dumps(value, ensure_ascii=draw(st.booleans())) for value in values)
    for word, raw in _RAW.items():
        text = text.replace(word, raw)
    return text.encode("utf-8", "surrogatepass")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each holder and key of a value."""
    keys: Any = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def _cell(draw: st.DrawFn, data: bytes) -> bytes:
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"), newline="")))
    except csv.Error:
        return data
    rows = [row for row in rows if row]
    if not rows:
        return data
    row = draw(st.sampled_from(rows))
    at = draw(st.integers(0, len(row) - 1))
    way = draw(st.sampled_from(["put", "put", "copy", "drop", "add"]))
    if way == "put":
        row[at] = str(draw(st.sampled_from(VALUES)))
    elif way == "copy":
        row[at] = draw(st.sampled_from(draw(st.sampled_from(rows))))
    elif way == "drop":
        del row[at]
    else:
        row.insert(at, draw(st.sampled_from(row)))
    table = io.StringIO(newline="")
    csv.writer(table).writerows(rows)
    return table.getvalue().encode("utf-8", "surrogatepass")


def _header(draw: st.DrawFn, data: bytes) -> bytes:
    """Weights with another header of safetensors: names, kinds, shapes and places of the tensors."""
    (length,) = struct.unpack("<Q", data[:8])
    if length > len(data):
        return data
    try:
        header = _value(draw, data[8 : 8 + length])
    except (AssertionError, ValueError):
        return data
    return struct.pack("<Q", len(header)) + header + data[8 + length :]
