import pandas as pd
import pytest
from markdown_it import MarkdownIt

from stance import export
from stance.corpus.csv_tables import GUARDED, as_written
from stance.schema import StanceError

HOSTILE = [
    "R&D_1 | 5% $x$ #2 {a} ~b^c \\input{x}",
    "<script>alert(1)</script>",
    "[link](javascript:x) ![i](y) *bold* _it_ `code` ~~no~~",
    "two\nlines\r\nand\tmore\x00\u202e",
    "*starred",
    "[bracketed",
    "=1+1",
    "\\| pipe \\",
    "&lt;b&gt; &amp;",
]


def written(table, tmp_path, suffix, **options):
    path = tmp_path / f"table{suffix}"
    export(table, path, **options)
    return path.read_text(encoding="utf-8")


def rendered(markdown):
    """Rows of cells, as text; no inline markup may be left."""
    tokens = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"]).parse(markdown)
    rows = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        if token.type == "inline":
            assert {child.type for child in token.children} <= {"text", "text_special"}, token.content
            rows[-1].append("".join(child.content for child in token.children))
    assert all(t.type.split("_")[0] in ("table", "thead", "tbody", "tr", "th", "td", "inline") for t in tokens)
    return rows


def test_markdown_shows_every_label_as_it_is(tmp_path):
    head, *rows = rendered(written(pd.DataFrame({"a_|b": HOSTILE, "n": 1}), tmp_path, ".md"))
    assert head == ["a |b", "n"]
    expected = [" ".join(text.replace("\x00", "").replace("\u202e", "").split()) for text in HOSTILE]
    assert [row[0] for row in rows] == expected


LATEX = [
    ("R&D", r"R\&D"),
    ("50%_#${}", r"50\%\_\#\$\{\}"),
    ("\\input{x}", r"\textbackslash{}input\{x\}"),
    ("~^", r"\textasciitilde{}\textasciicircum{}"),
    ("[1] *", r"{[}1] {*}"),
    ("a\n\nb", "a b"),
    ("<|>", r"\textless{}\textbar{}\textgreater{}"),
]


@pytest.mark.parametrize(("text", "cell"), LATEX)
def test_latex_escapes_every_label(tmp_path, text, cell):
    lines = written(pd.DataFrame({"x": [text], "n": [1]}), tmp_path, ".tex").splitlines()
    assert lines == [
        r"\begin{tabular}{lr}", r"\toprule", r"x & n \\", r"\midrule", rf"{cell} & 1 \\", r"\bottomrule", r"\end{tabular}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "markdown", "latex"),
    [
        ({"x": [-0.456]}, "−0.46", "$-$0.46"),
        ({"x": [-0.001]}, "0.00", "0.00"),
        ({"x": [float("nan")]}, "", ""),
        ({"x": [None]}, "", ""),
        ({"x": [-3]}, "−3", "$-$3"),
        ({"p": [0.0004]}, "&lt;0.001", r"\textless{}0.001"),
        ({"q": [0.0123]}, "0.012", "0.012"),
    ],
)
def test_numbers_are_rounded_with_true_minus_signs(tmp_path, values, markdown, latex):
    table = pd.DataFrame(values)
    assert written(table, tmp_path, ".md").splitlines()[2] == f"| {markdown} |"
    assert written(table, tmp_path, ".tex").splitlines()[4] == rf"{latex} \\"


def test_headers_are_words(tmp_path):
    table = pd.DataFrame({"documents_a": [3], "wordings_low": [0.1], "mean_without": [0.2]})
    assert written(table, tmp_path, ".md").splitlines()[0] == "| documents of a | wordings, lowest | mean without |"


def test_tidy_data_is_left_alone_and_no_cell_is_a_formula(tmp_path):
    table = pd.DataFrame({"text": HOSTILE[:3] + HOSTILE[4:], "net": 0.123456789})
    for suffix, read in ((".csv", lambda path: as_written(pd.read_csv(path))), (".parquet", pd.read_parquet)):
        export(table, tmp_path / f"t{suffix}")
        pd.testing.assert_frame_equal(read(tmp_path / f"t{suffix}"), table, check_dtype=False)
    assert pd.read_csv(tmp_path / "t.csv").loc[5, ["text", GUARDED]].tolist() == ["'=1+1", "text"]


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".tex", ".md"])
def test_the_same_bytes_each_time_even_for_empty_tables(tmp_path, suffix):
    for table in (pd.DataFrame({"a": HOSTILE, "net": -0.5}), pd.DataFrame(columns=["a", "net"])):
        path = tmp_path / f"t{suffix}"
        export(table, path)
        before = path.read_bytes()
        export(table.copy(), str(path))
        assert path.read_bytes() == before


def test_another_suffix_and_another_place(tmp_path):
    with pytest.raises(StanceError, match="can be written as .csv, .parquet, .tex or .md. Got .\\.xlsx"):
        export(pd.DataFrame({"a": [1]}), tmp_path / "t.xlsx")
    (tmp_path / "file").write_text("x")
    with pytest.raises(StanceError, match="cannot be written"):
        export(pd.DataFrame({"a": [1]}), tmp_path / "file" / "t.csv")
