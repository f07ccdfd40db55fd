"""A data frame of articles as documents: what travels along, and what is refused."""

import datetime
import warnings

import pandas as pd
import pytest

import stance
from stance.corpus.frames import as_documents, documents_from_frame
from stance.schema import CorpusWarning, Document, StanceError

FRAME = pd.DataFrame(
    {
        "key": [7, 8],
        "body": ["Holt praised the dam.", "Varga called the dam a gift."],
        "paper": ["Post", None],
        "day": ["2025-05-14", "15 May 2025"],
        "desk": ["A", "B"],
        "words": [4, 6],
    }
)
NAMED = {"id": "key", "text": "body", "outlet": "paper", "date": "day"}


def test_named_columns_become_fields_and_the_others_travel_along():
    first, second = documents_from_frame(FRAME, **NAMED)
    assert (first.id, first.outlet, first.date) == ("7", "Post", "2025-05-14")
    assert (second.id, second.outlet, second.date) == ("8", None, "2025-05-15")
    assert dict(second.metadata) == {"desk": "B", "words": 6}


def test_columns_of_our_names_need_no_naming_and_rows_without_id_are_numbered():
    frame = pd.DataFrame({"text": ["One.", "Two."], "date": ["2025-05-14"] * 2, "source": ["Post", "Times"]})
    assert [(d.id, d.date, d.outlet) for d in documents_from_frame(frame)] == [
        ("row-1", "2025-05-14", "Post"),
        ("row-2", "2025-05-14", "Times"),
    ]


@pytest.mark.parametrize(
    ("day", "read"),
    [
        (pd.Timestamp("2025-05-14"), "2025-05-14"),
        (pd.Timestamp("2025-05-14 09:30", tz="UTC"), "2025-05-14"),
        (datetime.date(2025, 5, 14), "2025-05-14"),
        (pd.NaT, None),
        ("25.12.2025", "2025-12-25"),
        ("2025-05", "2025-05"),
    ],
)
def test_dates_as_frames_hold_them(day, read):
    (document,) = documents_from_frame(pd.DataFrame({"text": ["One."], "date": [day]}))
    assert document.date == read


def test_a_date_that_could_mean_two_days_is_asked_about():
    frame = pd.DataFrame({"text": ["One."], "date": ["03/04/2025"]})
    with pytest.warns(CorpusWarning, match="day-first or month-first"):
        (document,) = documents_from_frame(frame)
    assert (document.date, document.metadata["date"]) == (None, "03/04/2025")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert documents_from_frame(frame, dates="day-first")[0].date == "2025-04-03"


@pytest.mark.parametrize(
    ("frame", "named", "sentence"),
    [
        (FRAME, {}, r"no column 'text'. It has: 'key', 'body', .* Name yours: documents_from_frame\(frame, text='…'\)"),
        (FRAME, {"text": ["body", "key"]}, r"takes one column as text, by its name. Got \['body', 'key'\]"),
        (FRAME, NAMED | {"outlet": "source"}, r"no column 'source'.* outlet='…'"),
        (FRAME.assign(key=7), NAMED, r"Rows 1 and 2 of the frame have the same id, '7'"),
        (FRAME.assign(key=[7, None]), NAMED, r"Row 2 of the frame: no 'key'"),
        (FRAME.assign(body=["One.", None]), NAMED, r"1 of 2 rows have no 'body', the first of them row 2"),
        (FRAME.assign(body=["One.", " \n"]), NAMED, r"Row 2 of the frame has an empty 'body'"),
        (FRAME.assign(body=["One.", 5]), NAMED, r"Row 2 of the frame: 'body' must be a string. Got int"),
        (pd.DataFrame([["a", "b"]], columns=["text", "text"]), {}, r"two columns 'text'"),
        (FRAME.iloc[:0], NAMED, r"no rows"),
        ({"text": ["One."]}, {}, r"takes a pandas data frame. Got dict"),
    ],
)
def test_faults_are_named(frame, named, sentence):
    with pytest.raises(StanceError, match=sentence):
        documents_from_frame(frame, **named)


def test_segment_takes_documents_texts_and_frames(codebook, tmp_path):
    text = "Putin said the talks were useful."
    for given in (text, [text], Document("d", text), pd.DataFrame({"text": [text]})):
        assert [(s.actor, s.text) for s in stance.segment(given, codebook) if s.role == "source"] == [
            ("kremlin", "the talks were useful")
        ]
    file = tmp_path / "article.txt"
    file.write_text(text)
    with pytest.raises(StanceError, match=r"is a file. Read it first: read_corpus"):
        as_documents(str(file))
    with pytest.raises(StanceError, match="files are read by read_corpus"):
        as_documents(file)
    with pytest.raises(StanceError, match="Text 2 must be a string or a document. Got int"):
        as_documents([text, 5])
    with pytest.raises(StanceError, match="documents_from_frame"):
        stance.read_corpus(pd.DataFrame({"text": [text]}))


def test_segment_reads_a_codebook_by_its_path(tmp_path):
    from stance.resources import SAMPLE_CODEBOOK

    path = tmp_path / "mine.yml"
    path.write_bytes(SAMPLE_CODEBOOK.read_bytes())
    assert stance.segment("Putin said no.", str(path))[0].actor == "kremlin"
