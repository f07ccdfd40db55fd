"""What is given twice is refused in plain words: of two cells of one name, one would be lost."""

import json

import pandas as pd
import pytest

from stance.attribution.corrections import COLUMNS, read_corrections
from stance.corpus.documents import stream_corpus
from stance.corpus.rows import read_rows
from stance.schema import StanceError
from stance.validation import sheet_formats
from stance.validation.labels import read_sheet


def refused(path):
    """What is said of the rows of a file that are not read."""
    said = []
    list(stream_corpus(path, rejected=lambda fault: said.append(str(fault))))
    return said


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", "id,text,text\n1,It rained.,It froze.\n", "two columns 'text'"),
        ("a.csv", "id,text,topic,topic\n1,It rained.,x,y\n", "two columns 'topic'"),
        ("a.tsv", "text\tnote\tnote\nIt rained.\tx\ty\n", "two columns 'note'"),
        ("a.csv", "text;note;note\nIt rained.;x;y\n", "two columns 'note'"),
        ("a.csv", '"text","A b","A b"\nIt rained.,x,y\n', "two columns 'A b'"),
        ("a.jsonl", '{"text": "It rained.", "text": "It froze."}\n', "the key 'text' is given twice"),
        ("a.jsonl", '{"text": "It rained.", "n": {"a": 1, "a": 2}}\n', "the key 'a' is given twice"),
        ("a.ndjson", '{"id": "1", "text": "It rained.", "id": "2"}\n', "the key 'id' is given twice"),
        (
            "a.json",
            '[{"text": "It rained."}, {"text": "x", "date": "y", "date": "z"}]',
            "the key 'date' is given twice",
        ),
    ],
)
def test_documents(tmp_path, name, content, sentence):
    path = tmp_path / name
    path.write_text(content)
    said, *more = refused(path)
    assert all("none of its rows could be read" in one for one in more) and len(more) <= 1
    assert sentence in said and ("Keep one" in said or "Rename or remove one" in said)


@pytest.mark.parametrize("content", ["text,,\nIt rained.,,\n", "text, , \nIt rained.,x,y\n"])
def test_columns_without_a_name_are_no_repetition(tmp_path, content):
    (tmp_path / "a.csv").write_text(content)
    assert refused(tmp_path / "a.csv") == []


def test_the_other_rows_of_json_lines_are_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "id": "b", "text": "x"}\n{"id": "c", "text": "It rained."}\n')
    said = []
    assert [d.id for d in stream_corpus(path, rejected=said.append)] == ["c"]
    assert len(said) == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", "text,target,target\nx,y,z\n", "two columns 'target'"),
        ("a.csv", "sep=;\ntext;target;n;n\nx;y;z;z\n", "two columns 'n'"),
        ("a.jsonl", '{"text": "x", "target": "y", "target": "z"}\n', "the key 'target' is given twice"),
        ("a.jsonl", '{"text": "x", "target": "y", "more": [{"a": 1, "a": 1}]}\n', "the key 'a' is given twice"),
    ],
)
def test_rows_to_score(tmp_path, name, content, sentence):
    (tmp_path / name).write_text(content)
    with pytest.raises(StanceError, match=sentence):
        read_rows(tmp_path / name)


def test_a_row_that_ends_early_has_no_cells_there_or_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("text,target,note\nx,y\n")
    try:
        assert read_rows(tmp_path / "a.csv").to_dict("records") == [{"text": "x", "target": "y", "note": ""}]
    except StanceError as error:
        assert "a.csv" in str(error)


def test_tables_that_people_edit(tmp_path, codebook):
    path = tmp_path / "a.csv"
    path.write_text(",".join([*sheet_formats.COLUMNS, "label"]) + "\n")
    with pytest.raises(StanceError, match="two columns 'label'"):
        read_sheet(path)
    path.write_text(",".join(["decision", *COLUMNS]) + "\n")
    with pytest.raises(StanceError, match="two columns 'decision'"):
        read_corrections(path, codebook)
    (tmp_path / "a.json").write_text('[{"data": {"unit": "x", "unit": "y"}}]')
    with pytest.raises(StanceError, match="the key 'unit' is given twice"):
        read_sheet(tmp_path / "a.json")
    (tmp_path / "a.jsonl").write_text('{"sheet": {}, "label": ["favor"], "label": ["against"]}\n')
    with pytest.raises(StanceError, match="the key 'label' is given twice"):
        read_sheet(tmp_path / "a.jsonl")


@pytest.mark.parametrize("digits", [13, 5000, 100_000])
@pytest.mark.parametrize("column", ["source_at", "cue_at", "content_at"])
def test_offsets_of_many_digits(tmp_path, codebook, digits, column):
    cells = dict.fromkeys(COLUMNS, "") | {"decision": "edit", "content_at": "[0:3]"} | {column: f"[1:{'9' * digits}]"}
    pd.DataFrame([cells]).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(StanceError, match=rf"line 2: the offset 9.* has {digits:,} digits"):
        read_corrections(tmp_path / "a.csv", codebook)


def test_marked_documents(tmp_path, codebook):
    from stance.validation.gold import read_gold

    for number, text in enumerate(
        [
            '{"id": "d", "text": "x", "text": "y", "quotes": []}',
            "3",
            '"x"',
            "null",
            "[" * 100_000,
            "9" * 5000,
            json.dumps([3]),
        ]
    ):
        path = tmp_path / f"{number}.json"
        path.write_text(text)
        with pytest.raises(StanceError):
            read_gold(path, codebook)
