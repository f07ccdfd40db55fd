"""A document and a segment as one line of a file or one row of a table: written, read, and as columns."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
import pyarrow as pa
import pydantic

from stance.analysis.tables import status_shown
from stance.schema import Document, Kind, Segment, Span, StanceError, Status

_Offsets = list[tuple[int, int]]
_OFFSETS = pa.list_(pa.list_(pa.int64()))

SEGMENT_COLUMNS = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "document", "role", "actor", "entity", "voice", "kind", "parent")),
        *((name, _OFFSETS) for name in ("spans", "cue", "source")),
        ("source_text", pa.string()),
        ("text", pa.string()),
        ("confidence", pa.float64()),
        ("status", pa.string()),
    ]
)
"""The record of a segment as the columns of a Parquet table."""


class DocumentRecord(pydantic.BaseModel):
    """A line of ``documents.jsonl``: what it has besides these keys are the document's further columns."""

    model_config = pydantic.ConfigDict(extra="allow")

    id: str
    text: str
    title: str | None = None
    outlet: Annotated[str | None, pydantic.Field(validation_alias=pydantic.AliasChoices("outlet", "source"))] = None
    date: str | None = None
    url: str | None = None
    shifts: tuple[tuple[int, int], ...] = ()

    def document(self) -> Document:
        """The document that the line was written of."""
        return Document(
            self.id, self.text, self.title, self.outlet, self.date, self.url, self.model_extra or {}, self.shifts
        )


class SegmentRecord(pydantic.BaseModel):
    """A line of ``segments.jsonl``."""

    id: str
    document: str
    role: Literal["source", "mention"]
    actor: str | None
    entity: str | None
    voice: str | None
    spans: Annotated[_Offsets, pydantic.Field(min_length=1)]
    kind: Kind | None
    cue: _Offsets
    source: _Offsets
    parent: str | None
    confidence: Annotated[float, pydantic.Field(ge=0, le=1)]
    status: Status | None = None

    def segment(self, documents: Mapping[str, Document], root: Path) -> Segment:
        """The segment as far as its line goes: what only a model reads is not in it."""
        document = documents.get(self.document)
        if document is None:
            raise damaged(root / "segments.jsonl", f"{self.id!r} is of a text that documents.jsonl does not hold")

        def spans(offsets: _Offsets) -> tuple[Span, ...]:
            return tuple(Span(document, start, end) for start, end in offsets)

        try:
            evidence, cue, source = spans(self.spans), spans(self.cue), spans(self.source)
        except StanceError as error:
            raise damaged(root / "segments.jsonl", str(error)) from None
        return Segment(
            id=self.id,
            spans=evidence,
            actor=self.actor,
            entity=self.entity,
            role=self.role,
            voice=self.voice,
            voice_entity=None,
            kind=self.kind,
            cue=cue,
            source=source,
            parent=self.parent,
            confidence=self.confidence,
            context=Span(document, min(s.start for s in evidence), max(s.end for s in evidence)),
            about=source[0] if self.role == "mention" and source else None,
            status=self.status or "stated",
        )


def documents_jsonl(documents: Iterable[Document]) -> str:
    """Texts as a results folder keeps them: one JSON object a line, further columns under their own names.

    ``shifts`` stand where offsets in the file differ. A column that has the name of one of these keys stays out.

    Examples
    --------
    >>> documents_jsonl([Document("d", "Yes.", title="T")])
    '{"id": "d", "title": "T", "outlet": null, "date": null, "url": null, "text": "Yes."}\\n'
    """
    return "".join(json.dumps(_document_row(d), ensure_ascii=False) + "\n" for d in documents)


def _document_row(document: Document) -> dict[str, Any]:
    own = {name: getattr(document, name) for name in ("id", "title", "outlet", "date", "url", "text")}
    further = {str(key): _json_value(value) for key, value in document.metadata.items() if key not in _DOCUMENT_KEYS}
    return own | ({"shifts": document.shifts} if document.shifts else {}) | further


_DOCUMENT_KEYS = frozenset([*DocumentRecord.model_fields, "source"])


def _json_value(value: Any) -> Any:
    """A value of a table as JSON has it: what is missing, or no finite number, is null; a day is its text."""
    if isinstance(value, Mapping):
        return {_json_value(str(key)): _json_value(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(one) for one in value]
    if hasattr(value, "tolist"):  # numpy's numbers and arrays
        return _json_value(value.tolist())
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # half a character is none that a file can hold
    if value is None or pd.isna(value) or value in (math.inf, -math.inf):
        return None
    return value if isinstance(value, bool | int | float) else str(value)


def segment_record(segment: Segment) -> dict[str, Any]:
    """A segment as plain data: what ``stance segment`` writes and what tables of segments hold.

    Examples
    --------
    >>> from stance import read_codebook, segment
    >>> first, *_ = segment([Document("d", "Putin said no.")], read_codebook())
    >>> record = segment_record(first)
    >>> record["actor"], record["spans"]
    ('kremlin', [[11, 13]])
    """

    def offsets(spans: Iterable[Span]) -> list[list[int]]:
        return [[span.start, span.end] for span in spans]

    return {
        "id": segment.id,
        "document": segment.document.id,
        "role": segment.role,
        "actor": segment.actor,
        "entity": segment.entity,
        "voice": segment.voice,
        "spans": offsets(segment.spans),
        "kind": segment.kind,
        "cue": offsets(segment.cue),
        "source": offsets(segment.source),
        "source_text": " … ".join(span.text for span in segment.source),
        "parent": segment.parent,
        "confidence": segment.confidence,
        "text": segment.text,
        "status": status_shown(segment),
    }


def segments_jsonl(segments: Iterable[Segment]) -> str:
    """Segments as ``stance segment`` and a results folder write them: one JSON object a line."""
    return "".join(json.dumps(segment_record(s), ensure_ascii=False) + "\n" for s in segments)


def damaged(file: Path, what: str) -> StanceError:
    """The error for a file of a results folder that is not as it was written."""
    return StanceError(f"{file} is damaged ({what}). Run 'stance run' again.")
