"""Tables as spreadsheets leave them: a line that names the separator, signs in cells, cells cut short."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus._cells import LONGEST_CELL, cut_short, declared_separator, likely_separator, unescaped
from stance.corpus.documents import read_corpus
from stance.corpus.rows import read_rows
from stance.corpus.spreadsheets import spreadsheet_rows
from stance.schema import CorpusWarning


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line", ["sep={}\r\n", '"sep={}"\n', "SEP={}\n", None])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_line_that_names_the_separator(tmp_path, mark, line, encoding):
    head = line.format(mark) if line else ""
    data = head + f'id{mark}text{mark}target\na{mark}"He said: ""No{mark} never."""{mark}rain\n'
    path = tmp_path / "x.csv"
    path.write_bytes(data.encode(encoding))
    (document,) = read_corpus(path)
    assert (document.id, document.text, dict(document.metadata)) == (
        "a",
        f'He said: "No{mark} never."',
        {"target": "rain"},
    )
    assert read_rows(path).to_dict("records") == [{"id": "a", "text": document.text, "target": "rain"}]
    ((number, cells),) = spreadsheet_rows(path, ["id"], "x")
    assert (number, cells["text"]) == (3 if line else 2, document.text)


@pytest.mark.parametrize(
    ("head", "needed", "mark"),
    [
        ("id;text", [], ";"),
        ("id\ttext", [], "\t"),
        ("text", [], ","),
        ("id;text;a,b,c,d", ["text"], ";"),
        ('"id";"text, in full"', ["id"], ";"),
        ("sep", [], ","),
    ],
)
def test_the_separator_of_a_header(head, needed, mark):
    assert likely_separator(head, needed) == mark


@pytest.mark.parametrize("line", ["id;text", "sep", "sep=", "september=;", "sep=;;;x"])
def test_lines_that_name_no_separator(line):
    assert declared_separator(line) is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("He said: _x000D_\nNo._x000D_", "He said: \nNo.\n"),
        ("a_x000A_b", "a\nb"),
        ("a_x0009_b", "a\tb"),
        ("_x005F_x000D_", "_x000D_"),
        ("a_x12AB_b", "a_x12AB_b"),
        ("a\r\nb", "a\r\nb"),
    ],
)
def test_signs_that_excel_writes(cell, text):
    assert unescaped(cell) == text


@settings(deadline=None)
@given(st.text())
def test_any_other_cell_stays_as_it_is(cell):
    assert unescaped(cell) == cell or "_x" in cell.lower()


@pytest.mark.parametrize("end", ["x" * LONGEST_CELL, "alive &am", "alive &quo", "alive &#82", "no&#"])
def test_a_cell_that_was_cut_is_noticed(tmp_path, end):
    path = tmp_path / "x.csv"
    path.write_text(f"id,text\na,One.\nb,{end}\n")
    with pytest.warns(CorpusWarning, match="1 text seems cut short: what is in row 3"):
        assert [d.text for d in read_corpus(path)] == ["One.", end]


@pytest.mark.parametrize("cell", ["AT&T", "R&D", "Q & A", "alive &amp;", "S&P 500", "", "&", "Marks & Spencer"])
def test_cells_that_were_not_cut(cell):
    assert not cut_short(cell)


@pytest.mark.parametrize(("word", "begins"), [("Zoë’s “non”", b"\xef\xbb\xbf"), ("Zoe", b"text,")])
def test_a_table_with_letters_beyond_ascii_is_marked_for_spreadsheets_and_read_back(tmp_path, word, begins):
    from stance.corpus.rows import csv_bytes, read_rows

    table = pd.DataFrame({"text": [word], "target": ["x"]})
    (tmp_path / "t.csv").write_bytes(csv_bytes(table))
    assert (tmp_path / "t.csv").read_bytes().startswith(begins)
    assert list(pd.read_csv(tmp_path / "t.csv")) == ["text", "target"]
    pd.testing.assert_frame_equal(read_rows(tmp_path / "t.csv"), table, check_dtype=False)
