"""What it takes to hold a document: budgets count everything, and not its text alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stance.schema import Document

EACH = 64
"""What a value takes besides its characters: about the bytes of a short string, a number or an empty list in Python."""


def size_of(value: Any) -> int:
    """About how many bytes a value takes, with everything inside it; of text, its characters.

    Lists and objects inside each other are walked without recursion, however deep they are.

    Examples
    --------
    >>> size_of("rain"), size_of([1, {"a": "b"}])
    (68, 322)
    """
    if isinstance(value, str):
        return EACH + len(value)
    size, left = 0, [value]
    while left:
        found = left.pop()
        size += EACH
        if isinstance(found, str | bytes):
            size += len(found)
        elif isinstance(found, Mapping):
            left.extend(found)
            left.extend(found.values())
        elif isinstance(found, list | tuple):
            left.extend(found)
    return size


def document_size(document: Document) -> int:
    """About how many bytes a document takes: its text, and all that it carries.

    Parameters
    ----------
    document
        As it was read.

    Examples
    --------
    >>> document_size(Document("d", "It rained.")) < document_size(Document("d", "It rained.", title="Rain"))
    True
    """
    fields = (document.id, document.text, document.title, document.outlet, document.date, document.url)
    size = sum(map(len, filter(None, fields)))
    for key, value in document.metadata.items():
        size += EACH + len(key) + (len(value) if type(value) is str else size_of(value))
    return size
