"""Documents as a results folder keeps them."""

import datetime
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.results.folder import read_segments
from stance.results.records import DocumentRecord, documents_jsonl
from stance.schema import Document
from stance.strict import parse_json

OWN = {"id", "title", "outlet", "source", "date", "url", "text", "shifts"}
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


def read_back(document):
    return DocumentRecord.model_validate(parse_json(documents_jsonl([document]).encode())).document()


@given(st.dictionaries(st.text().filter(lambda key: key not in OWN), VALUES | st.lists(VALUES), max_size=4))
def test_further_columns_come_back_from_disk(metadata):
    document = Document("d", "Yes.", "T", "The Post", "2025-08-16", "https://a.example", metadata, ((0, 2),))
    found = read_back(document)
    assert found == document
    assert found.metadata == metadata
    assert found.shifts == document.shifts


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (np.int64(3), 3),
        (np.float64(0.5), 0.5),
        (np.array([1.0, np.nan]), [1.0, None]),
        (pd.Timestamp("2025-08-16"), "2025-08-16 00:00:00"),
        (datetime.date(2025, 8, 16), "2025-08-16"),
        ({"a": (1, None)}, {"a": [1, None]}),
        ("\ud800", "?"),
    ],
)
def test_what_tables_hold_becomes_json(value, kept):
    assert read_back(Document("d", "Yes.", metadata={"of": value})).metadata == {"of": kept}


def test_a_text_without_further_columns_has_none_on_disk():
    row = json.loads(documents_jsonl([Document("d", "Yes.")]))
    assert list(row) == ["id", "title", "outlet", "date", "url", "text"]


@pytest.mark.parametrize("key", sorted(OWN))
def test_a_column_never_takes_the_place_of_a_field(key):
    document = Document("d", "Yes.", outlet="The Post", metadata={key: "another", "desk": "world"})
    assert read_back(document) == document
    assert dict(read_back(document).metadata) == {"desk": "world"}


def test_segments_read_from_a_folder_have_their_documents_columns(tmp_path):
    document = Document("d", "Yes.", metadata={"desk": "world"})
    row = {"id": "d:1", "document": "d", "role": "mention", "actor": "a", "entity": "A", "voice": "narrator"}
    row |= {"spans": [[0, 3]], "kind": None, "cue": [], "source": [], "parent": None, "confidence": 1.0}
    (tmp_path / "documents.jsonl").write_text(documents_jsonl([document]))
    (tmp_path / "segments.jsonl").write_text(json.dumps(row) + "\n")
    (segment,) = read_segments(tmp_path / "segments.jsonl")
    assert segment.document.metadata == {"desk": "world"}
