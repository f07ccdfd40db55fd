"""What others wrote acts nowhere: in no terminal, no spreadsheet, no Markdown; and tables come back as they were."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus.rows import GUARDED, csv_bytes, read_rows
from stance.corpus.spreadsheets import spreadsheet_csv, spreadsheet_rows
from stance.inert import guarded, markdown, unguarded, visible
from stance.schema import StanceError

ACTING = [chr(i) for i in (*range(32), *range(127, 160)) if chr(i) not in "\n\t"]
ACTING += ["\u202e", "\u2066", "\u2028", "\ud800", "\udcff"]


@pytest.mark.parametrize("sign", ACTING)
def test_no_control_character_is_left(sign):
    for shown in (visible(f"a{sign}b"), visible(f"a{sign}b", lines=True)):
        assert sign not in shown and shown.startswith("a\\") and shown.endswith("b")


@given(st.text())
def test_what_a_person_can_read_stays(text):
    plain = "".join(c for c in text if c.isprintable())
    assert visible(plain) == plain
    assert visible(visible(text)) == visible(text)
    visible(text).encode()  # there are no halves of characters in it


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "=", "-", "- no", "--", "'=1", "'", "''",
     "-2+3+cmd|' /C calc'!A0", '=HYPERLINK("http://x.example","y")', "@anna said so", "+49 30 1234 ext", "-1e5x"],
)  # fmt: skip
def test_no_cell_is_a_formula(cell):
    assert guarded(cell) == f"'{cell}" and unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "a=1", "1-1", "-0.4", "+3", "-1,234.5", "-.5", "-1e-05", "-12%", "“=1”", " =1"])
def test_numbers_and_words_stay(cell):
    assert guarded(cell) == cell


CELLS = st.text(alphabet="=+-@'\t\r\n＝a1.,;\"é ", max_size=6)


@settings(deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_a_table_comes_back_as_it_went_and_holds_no_formula(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    table = pd.DataFrame([("x", *row, n) for n, row in enumerate(rows)], columns=["id", "text", "-note", "n"])
    path.write_bytes(csv_bytes(table))
    for line in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
        assert [cell for cell in line if guarded(cell) != cell and not cell.startswith("'")] == []
    read = read_rows(path)
    assert read["text"].tolist() == table["text"].tolist()
    assert read["-note"].tolist() == table["-note"].tolist()
    assert list(read) == list(table)


def test_a_table_without_formulas_has_no_further_column():
    table = pd.DataFrame({"text": ["a", None], "net": [-0.5, 1.0], "kind": pd.Categorical(["x", "y"])})
    assert csv_bytes(table) == b"text,net,kind\na,-0.5,x\n,1.0,y\n"


def test_a_table_of_somebody_else_is_never_changed(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("text,target\n'@anna said so,rain\n'- no,snow\n")
    assert read_rows(path)["text"].tolist() == ["'@anna said so", "'- no"]


def test_the_name_of_the_column_is_kept():
    with pytest.raises(StanceError, match=GUARDED):
        csv_bytes(pd.DataFrame({GUARDED: ["x"]}))


def test_a_lone_line_end_begins_no_row(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(csv_bytes(pd.DataFrame({"text": ["a\r=1+1,b"], "target": ["c"]})))
    assert read_rows(path).to_dict("records") == [{"text": "a\r=1+1,b", "target": "c"}]


@settings(deadline=None)
@given(st.lists(CELLS.filter(lambda cell: "\r" not in cell), min_size=1, max_size=4))
def test_a_spreadsheet_comes_back_as_it_went(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("sheet") / "t.csv"
    rows = [{"a": "x", "b": cell} for cell in cells]
    path.write_bytes(spreadsheet_csv(rows, ["a", "b"]))
    assert [row for _, row in spreadsheet_rows(path, ["a", "b"], "a test")] == rows


@pytest.mark.parametrize(
    "text",
    ["<b>x</b>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "![x](http://x.example/p.png)",
     "`x`", "*x*", "__x__", "~~x~~", "a | b", "x\n# y", "x\n\n- y", "&lt;", "$x$", "<!-- x", "<http://x.example>", "\\<b>"],
)  # fmt: skip
def test_no_markup_is_left(text):
    shown = markdown(text)
    assert "\n" not in shown
    for sign in "<>|":
        assert sign not in shown
    for at, sign in enumerate(shown):
        if sign in "`*_[]~$":
            assert shown[at - 1] == "\\"
