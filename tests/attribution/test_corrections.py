import csv
import io
import warnings

import pytest

import stance
from stance.attribution.corrections import read_corrections, review_csv
from stance.schema import Document, StanceError

TEXT = "Putin said that the talks were good. “We want peace,” Trump said. Kyiv was silent. Zelensky left."


@pytest.fixture
def document():
    return Document("d", TEXT)


@pytest.fixture
def table(document, codebook):
    return list(csv.DictReader(io.StringIO(review_csv(stance.segment([document], codebook)).decode("utf-8-sig"))))


def corrected(tmp_path, rows, documents, codebook, delimiter=","):
    path = tmp_path / "corrections.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        segments = stance.segment(documents, codebook, path)
    found = [(s.entity, s.text, s.confidence) for s in segments if s.role == "source"]
    return found, [str(w.message) for w in caught]


def test_the_table_shows_what_was_found(table):
    assert [(r["entities"], r["source"], r["cue"], r["content"]) for r in table] == [
        ("Vladimir Putin", "Putin", "said", "that the talks were good"),
        ("Donald Trump", "Trump", "said", "“We want peace,”"),
    ]
    assert all(r["decision"] == "" and r["text_sha256"] for r in table)


def test_rows_without_a_decision_change_nothing(tmp_path, table, document, codebook):
    before = [(s.entity, s.text, s.confidence) for s in stance.segment([document], codebook) if s.role == "source"]
    table[0]["content"] = "something else"
    assert corrected(tmp_path, table, [document], codebook) == (before, [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"decision": "ok"}, ("Vladimir Putin", "that the talks were good", 1.0)),
        ({"decision": "delete"}, None),
        ({"decision": "edit", "entities": ""}, (None, "that the talks were good", 1.0)),
        ({"decision": "edit", "entities": "the kremlin"}, ("the Kremlin", "that the talks were good", 1.0)),
        ({"decision": "Edit", "content": "the talks"}, ("Vladimir Putin", "the talks", 1.0)),
    ],
)
def test_a_decision_is_applied(tmp_path, table, document, codebook, change, expected, delimiter):
    table[0].update(change)
    found, unfit = corrected(tmp_path, table, [document], codebook, delimiter)
    assert found == [*([expected] if expected else []), ("Donald Trump", "“We want peace,”", found[-1][2])]
    assert unfit == []


def test_a_row_can_be_added(tmp_path, table, document, codebook):
    row = dict.fromkeys(table[0], "") | {
        "decision": "add", "document": "d", "entities": "Volodymyr Zelensky", "source": "Kyiv", "content": "was silent",
    }  # fmt: skip
    found, unfit = corrected(tmp_path, [row], [document], codebook)
    assert ("Volodymyr Zelensky", "was silent", 1.0) in found
    assert len(found) == 3
    assert unfit == []


def test_both_actors_of_a_pair_can_be_given(tmp_path, table, document, codebook):
    table[0].update(decision="edit", entities="Vladimir Putin; Donald Trump")
    found, _ = corrected(tmp_path, table, [document], codebook)
    assert [f[0] for f in found] == ["Vladimir Putin", "Donald Trump", "Donald Trump"]


def test_what_is_said_about_somebody_follows_the_correction(tmp_path, codebook):
    document = Document("d", "A farmer said that Zelensky was late.")
    rows = list(csv.DictReader(io.StringIO(review_csv(stance.segment([document], codebook)).decode("utf-8-sig"))))
    rows[0].update(decision="edit", entities="Donald Trump")
    path = tmp_path / "c.csv"
    path.write_text(
        "\n".join([",".join(rows[0]), ",".join(f'"{value}"' for value in rows[0].values())]), encoding="utf-8"
    )
    (mention,) = [s for s in stance.segment([document], codebook, path) if s.role == "mention"]
    assert mention.voice == "white_house"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"content": "the talks were bad"}, "does not stand in d"),
        ({"content": ""}, "the content is empty"),
        ({"text_sha256": "0" * 64}, "another text"),
        ({"decision": "ok", "entities": "Donald Trump"}, "Decide 'edit'"),
        ({"decision": "ok", "content": "the talks"}, "Decide 'edit'"),
    ],
)
def test_what_no_longer_fits_is_said_and_nothing_else_changes(tmp_path, table, document, codebook, change, sentence):
    table[0].update({"decision": "edit"} | change)
    found, unfit = corrected(tmp_path, table, [document], codebook)
    assert [f[:2] for f in found] == [
        ("Vladimir Putin", "that the talks were good"),
        ("Donald Trump", "“We want peace,”"),
    ]
    (message,) = unfit
    assert sentence in message
    assert "line 2" in message


def test_source_and_cue_are_looked_for_near_the_content(tmp_path, table, codebook):
    text = "Putin said that rain fell.\n\nSnow fell.\n\nThe envoy of Putin said in a note, so heroes say, that all was well."
    row = dict.fromkeys(table[0], "") | {
        "decision": "add", "document": "d", "entities": "Vladimir Putin", "source": "Putin", "cue": "said", "content": "all was well",
    }  # fmt: skip
    path = tmp_path / "c.csv"
    path.write_text("\n".join([",".join(row), ",".join(row.values())]), encoding="utf-8")
    segments = stance.segment([Document("d", text)], codebook, path)
    (added,) = [s for s in segments if s.text == "all was well"]
    assert [s.start for s in (*added.source, *added.cue)] == [text.rindex("Putin"), text.rindex("said")]


def test_an_ellipsis_of_the_text_is_no_gap(tmp_path, codebook):
    document = Document("d", "Putin said: “We … want peace now, we … all do.”")
    (row,) = csv.DictReader(io.StringIO(review_csv(stance.segment([document], codebook)).decode("utf-8-sig")))
    row["decision"] = "ok"
    (found,), unfit = corrected(tmp_path, [row], [document], codebook)
    assert found[1] == "“We … want peace now, we … all do.”" and unfit == []


def test_cells_that_a_spreadsheet_would_run_are_written_behind_an_apostrophe(tmp_path, codebook):
    document = Document("=1+1", '@POTUS Trump said that "=HYPERLINK(1)" was -5.')
    raw = review_csv(stance.segment([document], codebook)).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(raw))
    assert row["document"] == "'=1+1"
    assert all(not value.startswith(("=", "+", "-", "@")) for value in row.values())
    row["decision"] = "ok"
    assert corrected(tmp_path, [row], [document], codebook)[1] == []


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_and_long_cells_are_read_back(tmp_path, codebook, ends):
    document = Document("d", "TRUMP: " + "Rain fell. " * 13_000)
    raw = review_csv(stance.segment([document], codebook)).decode().replace("\n,", "\nok,").replace("\n", ends)
    path = tmp_path / "c.csv"
    path.write_bytes(raw.encode())
    assert read_corrections(path, codebook)[0].decision == "ok"


def test_what_is_quoted_follows_the_corrected_speaker(tmp_path, codebook):
    document = Document("d", "Putin said: “I believe that the talks were good.”")
    rows = list(csv.DictReader(io.StringIO(review_csv(stance.segment([document], codebook)).decode("utf-8-sig"))))
    rows[0].update(decision="edit", entities="Donald Trump")
    found, _ = corrected(tmp_path, rows, [document], codebook)
    assert {f[0] for f in found} == {"Donald Trump"}


def test_decisions_on_texts_that_are_not_there_are_said(tmp_path, table, codebook):
    table[0]["decision"] = "ok"
    _, unfit = corrected(tmp_path, table, [Document("e", TEXT)], codebook)
    assert unfit == [f"no longer fits: {tmp_path / 'corrections.csv'}, line 2: no text 'd' was given."]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"decision": "yes"}, "must be one of ok, edit, delete, add"),
        ({"decision": "edit", "entities": "Napoleon"}, "no entity of the codebook"),
        ({"decision": "ok", "content_at": "x-y"}, "offsets look like"),
        ({"decision": "ok", "content_at": ""}, "content_at is empty"),
    ],
)
def test_a_row_that_cannot_be_understood_is_an_error(tmp_path, table, document, codebook, change, sentence):
    table[0].update(change)
    with pytest.raises(StanceError, match=sentence):
        corrected(tmp_path, table, [document], codebook)


def test_one_attribution_cannot_be_decided_on_twice(tmp_path, table, document, codebook):
    table[0]["decision"] = "ok"
    with pytest.raises(StanceError, match="decided on already in .*line 2"):
        corrected(tmp_path, [*table, table[0] | {"decision": "delete"}], [document], codebook)


def test_another_table_is_refused(tmp_path, codebook):
    path = tmp_path / "c.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(StanceError, match="no column 'decision'"):
        read_corrections(path, codebook)


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ({}, {}, ["stated", "stated", "stated"]),
        ({"decision": "edit", "status": "denied"}, {}, ["denied", "denied", "denied"]),
        ({"decision": "edit", "status": "asked"}, {}, ["asked", "asked", "asked"]),
        ({"decision": "edit", "status": "denied"}, {"decision": "ok"}, ["denied", "stated", "stated"]),
        (
            {"decision": "edit", "entities": ""},
            {"decision": "edit", "status": "denied"},
            ["stated", "denied", "denied"],
        ),
        ({"decision": "delete"}, {}, ["stated", "stated"]),
    ],
)
def test_what_stands_inside_follows_the_status_of_the_correction(tmp_path, codebook, outer, inner, expected):
    document = Document("d", "Trump said that Putin had claimed that Zelensky called the talks a trap.")
    rows = list(csv.DictReader(io.StringIO(review_csv(stance.segment([document], codebook)).decode("utf-8-sig"))))
    assert [r["entities"] for r in rows] == ["Donald Trump", "Vladimir Putin", "Volodymyr Zelensky"]
    rows[0].update(outer)
    rows[1].update(inner)
    corrected(tmp_path, rows, [document], codebook)
    segments = stance.segment([document], codebook, tmp_path / "corrections.csv")
    assert [s.status for s in segments if s.role == "source"] == expected


def test_inside_a_denial_corrected_to_stated_each_has_its_own_status(tmp_path, codebook):
    document = Document("d", "Trump never said that Putin had claimed that Zelensky should call the talks a trap.")
    rows = list(csv.DictReader(io.StringIO(review_csv(stance.segment([document], codebook)).decode("utf-8-sig"))))
    assert {r["status"] for r in rows} == {"denied"}
    rows[0].update({"decision": "edit", "status": "stated"})
    corrected(tmp_path, rows, [document], codebook)
    segments = stance.segment([document], codebook, tmp_path / "corrections.csv")
    assert [s.status for s in segments if s.role == "source"] == ["stated", "stated", "requested"]
