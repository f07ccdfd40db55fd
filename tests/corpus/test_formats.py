"""Every kind of file, and every fault of each: a row or a file is named, and the rest is read."""

import gzip
import json
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from stance.corpus import streams
from stance.corpus._pages import page_document
from stance.corpus.documents import Rejected, read_corpus, read_text, stream_corpus
from stance.corpus.rows import read_rows
from stance.schema import StanceError

SAID = "The minister said on Friday that nobody in the room had expected the talks to end so early."
PAGE = f"""<html><head><title>Talks end</title><meta property="og:site_name" content="The Paper">
<meta property="article:published_time" content="2025-08-15T10:00:00Z"><link rel="canonical" href="https://paper.example/talks">
<script>alert('one')</script></head><body><nav>Home News</nav><article><h1>Talks end</h1><p>{SAID}</p>
<p>“We will meet again,” he said. <script>steal('two')</script><style>p {{}}</style>No date was given for it by anybody.</p>
</article></body></html>"""


def stream(paths, **options):
    """Documents and what was rejected."""
    faults = []
    return list(stream_corpus(paths, rejected=faults.append, **options)), faults


def packed(data, compression):
    if compression == ".gz":
        return gzip.compress(data, mtime=0)
    if compression == ".zst":
        return pyarrow.compress(data, codec="zstd", asbytes=True)
    return data


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def write_parquet(path, **columns):
    parquet.write_table(pyarrow.table(columns), path)
    return path


JSON = '{"id": "a", "text": "One."}\n{"id": "b", "text": "Two.\\n\\nThree."}\n'
CSV = 'id,text\na,One.\nb,"Two.\n\nThree."\n'


@pytest.mark.parametrize("compression", ["", ".gz", ".zst"])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.jsonl", JSON),
        ("x.NDJSON", JSON),
        ("x.csv", CSV),
        ("x.csv", CSV.replace(",", ";")),
        ("x.tsv", CSV.replace(",", "\t")),
        ("x.csv", "\ufeff" + CSV),
        ("x.csv", CSV.encode("utf-16")),
        ("x.jsonl", JSON.encode("utf-16")),
        ("x.jsonl", JSON.encode("utf-16-le")),
    ],
)
def test_tables_of_every_kind(tmp_path, name, data, compression):
    data = data.encode() if isinstance(data, str) else data
    documents, faults = stream(write(tmp_path / (name + compression), packed(data, compression)))
    assert [(d.id, d.text) for d in documents] == [("a", "One."), ("b", "Two.\n\nThree.")]
    assert faults == []


@pytest.mark.parametrize("compression", ["", ".gz", ".zst"])
def test_texts_and_pages(tmp_path, compression):
    text = write(tmp_path / f"one.two.txt{compression}", packed(b"\xef\xbb\xbfa\r\nb\x00\n", compression))
    page = write(tmp_path / f"talks.html{compression}", packed(PAGE.encode(), compression))
    (first, second), faults = stream([text, page])
    assert (first.id, first.text) == ("one.two", "a\r\nb \n")
    assert (second.id, second.title, second.outlet) == ("talks", "Talks end", "The Paper")
    assert (second.date, second.url) == ("2025-08-15", "https://paper.example/talks")
    assert f"{SAID}\n\n“We will meet again,” he said. No date" in second.text
    assert not any(word in second.text for word in ("alert", "steal", "{}", "Home"))
    assert faults == []


def test_frames_and_members_one_after_another(tmp_path):
    for compression in (".gz", ".zst"):
        lines = [packed(line.encode() + b"\n", compression) for line in JSON.splitlines()]
        documents, _ = stream(write(tmp_path / f"x.jsonl{compression}", b"".join(lines)))
        assert [d.id for d in documents] == ["a", "b"]


def test_parquet(tmp_path):
    path = write_parquet(
        tmp_path / "x.parquet", id=[1.0, None, 3.0], text=["One.", "Two.", ""], n=[1, 2, 3], date=["2025", None, None]
    )
    documents, (fault,) = stream(path)
    assert [(d.id, d.text, d.date, dict(d.metadata)) for d in documents] == [
        ("1", "One.", "2025", {"n": 1}), ("3", "", None, {"n": 3})
    ]  # fmt: skip
    assert (fault.line, "no 'id'" in fault.reason) == (2, True)


def test_columns_are_mapped_and_the_rest_is_kept(tmp_path):
    columns = {"text": "body", "id": "link", "url": "link", "title": "headline"}
    cells = {"link": "u1", "body": "One.", "headline": "H", "text": "teaser", "n": "7"}
    (document,), _ = stream(write(tmp_path / "x.jsonl", json.dumps(cells)), columns=columns)
    assert (document.id, document.url, document.title, document.text) == ("u1", "u1", "H", "One.")
    assert dict(document.metadata) == {"text": "teaser", "n": "7"}
    (other,), _ = stream(write(tmp_path / "x.csv", "link,body,headline,text,n\nu1,One.,H,teaser,7\n"), columns=columns)
    assert (other, dict(other.metadata)) == (document, dict(document.metadata))


@pytest.mark.parametrize(
    ("name", "data"), [("x.csv", "text\nOne.\nTwo.\n"), ("x.jsonl", '{"text": "One."}\n{"text": "Two."}\n')]
)
def test_rows_without_ids_are_numbered(tmp_path, name, data):
    assert [d.id for d in stream(write(tmp_path / name, data))[0]] == ["x-1", "x-2"]


def test_a_csv_that_spreadsheets_could_not_hold(tmp_path):
    long = "word " * 100_000
    (document, empty), faults = stream(write(tmp_path / "x.csv", f'id,text\na,"{long}"\nb,\n'))
    assert (document.text, empty.text, faults) == (long, "", [])


def test_an_empty_text_is_passed_on_and_stops_the_strict_reader(tmp_path):
    path = write(tmp_path / "x.jsonl", '{"id": "a", "text": ""}\n')
    assert [d.text for d in stream(path, strict=True)[0]] == [""]
    with pytest.raises(StanceError, match="x.jsonl, line 1: no 'text'"):
        read_corpus(path)


@pytest.mark.parametrize(
    ("name", "data", "line", "reason"),
    [
        ("x.jsonl", "{bad}", 2, "not valid JSON"),
        ("x.jsonl", "[1]", 2, "not an object"),
        ("x.jsonl", '{"id": "z", "text": 5}', 2, "must be a string. Got int"),
        ("x.jsonl", '{"id": "z", "text": null}', 2, "no 'text'"),
        ("x.jsonl", '{"id": "z", "body": "t"}', 2, "It has: id, body"),
        ("x.jsonl", '{"id": "", "text": "t"}', 2, "no 'id'"),
        ("x.jsonl", '{"id": true, "text": "t"}', 2, "no 'id'"),
        ("x.jsonl", '{"text": "t"}', 2, "no 'id'"),
        ("x.jsonl", '{"id": "a", "text": "t"}', 2, "Two documents have the id 'a'"),
        ("x.jsonl", b'{"id": "z", "text": "caf\xe9"}', 2, "byte 0xe9 is not utf-8"),
        ("x.csv", "a,t", 3, "Two documents have the id 'a'"),
        ("x.csv", ",t", 3, "no 'id'"),
        ("x.csv", "z", 3, "no 'text'"),
        ("x.csv", "z,t,u", 3, "3 cells"),
        ("x.csv", 'z,"t"u', 3, "not valid CSV"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_read(tmp_path, monkeypatch, name, data, line, reason):
    data = data.encode() if isinstance(data, str) else data
    monkeypatch.setattr(streams, "_HEAD", 20)  # what comes later is not seen when the encoding is found
    head, tail = (
        (b"id,text\na,One.\n", b"\nb,Two.\n")
        if name == "x.csv"
        else (JSON.splitlines()[0].encode() + b"\n", b'\n{"id": "b", "text": "Two."}\n')
    )
    path = write(tmp_path / name, head + data + tail)
    documents, faults = stream(path)
    assert [d.id for d in documents] == ["a", "b"]
    (fault,) = faults
    assert (fault.path, fault.line, fault.whole_file) == (path, line, False)
    assert reason in str(fault)
    with pytest.raises(StanceError, match="line"):
        stream(path, strict=True)


def bomb(size=4 * 2**20):
    return gzip.compress(b"a " * (size // 2), 6, mtime=0)


FAULTS = [
    ("x.jsonl.gz", gzip.compress(JSON.encode(), mtime=0)[:-12], "damaged or cut short"),
    ("x.txt.gz", b"no gzip at all", "damaged or cut short"),
    ("x.txt.zst", packed(b"One. " * 900, ".zst")[:-4], "damaged or cut short"),
    ("x.txt.zst", b"no zstd at all", "damaged or cut short"),
    ("x.txt.gz", bomb(), "more than 200 times its size"),
    ("x.csv.gz", gzip.compress(b"id,text\n" + b"a,b\n" * 2**20, mtime=0), "more than 200 times its size"),
    ("x.parquet", b"PAR1 no footer PAR1", "not a valid Parquet file"),
    ("x.parquet", b"", "not a valid Parquet file"),
    ("x.txt", "García".encode("cp1252"), "Declare it, for example --encoding cp1252"),
    ("x.html", b"", "is empty"),
    ("x.txt", b"", "is empty"),
    ("x.jsonl", b"", "is empty"),
    ("x.jsonl", b"\n\n", "holds no rows"),
    ("x.csv", b"id,text\n", "holds no rows"),
    ("x.csv", b"link,body\na,b\n", "no column 'text'. It has: 'link', 'body'"),
    ("x.csv", b"id,text,text\na,b,c\n", "two columns 'text'"),
    ("x.csv", b'id,"text\na,b\n', "first row"),
    ("x.jsonl", b"\x89PNG\r\n\x00\x00\x00\xff", "is a binary file"),
]


@pytest.mark.parametrize(("name", "data", "reason"), FAULTS)
def test_a_bad_file_is_named_and_the_others_are_read(tmp_path, monkeypatch, name, data, reason):
    monkeypatch.setattr(streams, "FREE", 2**20)
    path = write(tmp_path / name, data)
    good = write(tmp_path / "good.txt", "Good.")
    documents, faults = stream([path, good])
    assert documents[-1].id == "good"
    whole = [f for f in faults if f.whole_file]
    assert (len(whole), whole[0].path, whole[0].line) == (1, path, None)
    assert reason in str(whole[0])
    with pytest.raises(StanceError, match="x"):
        read_corpus(path)


def test_rows_before_the_damage_are_kept(tmp_path):
    lines = "".join(json.dumps({"id": str(i), "text": f"Text {i * 7919}."}) + "\n" for i in range(20_000))
    documents, (fault,) = stream(write(tmp_path / "x.jsonl.gz", gzip.compress(lines.encode(), mtime=0)[:-2000]))
    assert 1000 < len(documents) < 20_000
    assert fault.whole_file


def test_a_parquet_file_cut_in_the_middle(tmp_path):
    path = write_parquet(tmp_path / "x.parquet", text=[f"Text {i}." for i in range(5000)])
    data = path.read_bytes()
    assert "not a valid Parquet" in str(stream(write(path, data[: len(data) // 2]))[1][0])
    assert stream(write(path, data[:200] + b"\xff" * 400 + data[600:]))[1]


def test_a_line_of_100_mb(tmp_path):
    path = tmp_path / "x.jsonl"
    with path.open("w") as file:
        file.write('{"id": "a", "text": "One."}\n{"id": "z", "text": "')
        for _ in range(100):
            file.write("word " * 200_000)
        file.write('"}\n{"id": "b", "text": "Two."}\n')
    documents, (fault,) = stream(path)
    assert [d.id for d in documents] == ["a", "b"]
    assert (fault.line, fault.whole_file) == (2, False)
    assert "longer than 16,777,216 characters" in str(fault)


def test_reading_is_lazy(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(JSON)
    faults = []
    reading = stream_corpus([path, write(tmp_path / "later.txt", b"\x89PNG\x00\x00")], rejected=faults.append)
    assert next(reading).id == "a"
    assert faults == []
    assert [d.id for d in reading] == ["b"]
    assert len(faults) == 1


def test_a_missing_path_is_said_before_anything_is_read(tmp_path):
    with pytest.raises(StanceError, match="none.txt cannot be read"):
        stream_corpus([write(tmp_path / "a.txt", "One."), tmp_path / "none.txt"], rejected=print)
    with pytest.raises(StanceError, match="'body' is no field"):
        stream_corpus(tmp_path, columns={"body": "text"}, rejected=print)


def test_a_folder(tmp_path):
    folder, outside = tmp_path / "texts", write(tmp_path / "outside.txt", "Outside.")
    for name, data in {
        "b.txt": "B.", "a/b.txt": "AB.", "a/page.html": PAGE, "rows.csv": "text\nOne.\n", ".hidden.txt": "H.",
        ".git/x.txt": "X.", "report.pdf": "%PDF", "c.txt.gz": gzip.compress(b"C.", mtime=0), "Makefile": "all:",
    }.items():  # fmt: skip
        write(folder / name, data)
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "inner.txt").symlink_to(folder / "b.txt")
    documents, faults = stream(folder)
    assert [d.id for d in documents] == ["a/b", "a/page", "b", "c", "inner", "rows-1"]
    assert [f.path.name for f in faults] == ["Makefile", "link.txt", "loop", "report.pdf"]
    assert all(f.whole_file for f in faults)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no texts" in str(stream(empty)[1][0])


def test_control_characters_and_lone_surrogates_keep_offsets(tmp_path):
    path = write(
        tmp_path / "x.jsonl", r'{"id": "a", "text": "A\u0000b\ud800c\u001bd", "title": "T\ud800", "k": "v\udc00"}'
    )
    (document,), _ = stream(path)
    assert (document.text, document.title, dict(document.metadata)) == ("A b c d", "T ", {"k": "v "})
    document.text.encode("utf-8")
    (wide,), _ = stream(write(tmp_path / "x.txt", b"\xff\xfea\x00\x00\xd8b\x00\x07\x00"))
    assert wide.text == "a b "


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<html><body></body></html>", "no article was found"),
        ("", "no article was found"),
        ("<div>" * 100_000, "inside each other"),
        ("<p>x" * 100_000, "elements"),
        ("x" * (17 * 2**20), "characters"),
    ],
)
def test_pages_without_an_article_or_too_large(html, reason):
    with pytest.raises(StanceError, match=reason):
        page_document(html, "page")


def test_a_page_without_an_article_is_a_file_that_cannot_be_read(tmp_path):
    (fault,) = stream(write(tmp_path / "x.html", "<html><body></body></html>"))[1]
    assert (fault.line, fault.whole_file) == (None, True)


@pytest.mark.parametrize("compression", ["", ".gz", ".zst"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_rows_to_score_in_the_same_encodings(tmp_path, encoding, compression):
    cell = "“It’s over,”\r\nhe said – and left."
    data = packed(f'text,target\n"{cell}",it\n'.encode(encoding), compression)
    assert read_rows(write(tmp_path / f"x.csv{compression}", data))["text"].tolist() == [cell]
    data = packed(json.dumps({"text": cell, "target": "it"}, ensure_ascii=False).encode(encoding), compression)
    assert read_rows(write(tmp_path / f"x.jsonl{compression}", data))["text"].tolist() == [cell]


def test_read_text_reads_what_texts_are_read_from(tmp_path):
    assert read_text(write(tmp_path / "x.txt.gz", gzip.compress("“No.”\x1a".encode("cp1252"), mtime=0))) == "“No.” "
    with pytest.raises(StanceError, match="x.txt: the file is not UTF-8"):
        read_text(write(tmp_path / "x.txt", "García".encode("cp1252")))


def test_a_rejection_is_a_sentence():
    assert str(Rejected(Path("a.txt"), None, "the file is empty.", True)) == "a.txt: the file is empty."


@pytest.mark.parametrize(
    ("row", "outlet", "more"),
    [
        ({"source": "The Hill Post"}, "The Hill Post", {}),
        ({"outlet": "The Hill Post"}, "The Hill Post", {}),
        ({"outlet": "The Hill Post", "source": "wire"}, "The Hill Post", {"source": "wire"}),
        ({"outlet": "", "source": "The Hill Post"}, "The Hill Post", {"outlet": ""}),
        ({"outlet": None, "source": "The Hill Post"}, "The Hill Post", {"outlet": None}),
        ({"outlet": "The Hill Post", "source": ""}, "The Hill Post", {"source": ""}),
        ({"paper": "The Hill Post"}, None, {"paper": "The Hill Post"}),
    ],
)
def test_a_column_named_source_is_where_a_text_appeared(tmp_path, row, outlet, more):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"id": "d", "text": "It rained.", **row}))
    (document,) = read_corpus(path)
    assert (document.outlet, dict(document.metadata)) == (outlet, more)


@pytest.mark.parametrize("field", ["source", "outlet"])
def test_a_column_may_be_named_for_either_word(tmp_path, field):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"id": "d", "text": "It rained.", "paper": "The Hill Post"}))
    (document,) = read_corpus(path, columns={field: "paper"})
    assert document.outlet == "The Hill Post"


def test_a_column_that_is_named_is_the_only_one_read(tmp_path):
    path = tmp_path / "rows.jsonl"
    rows = [
        {"id": "a", "text": "It rained.", "paper": "The Hill Post"},
        {"id": "b", "text": "It froze.", "source": "wire"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert [d.outlet for d in read_corpus(path, columns={"outlet": "paper"})] == ["The Hill Post", None]


def test_one_field_by_two_names_is_refused(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "d", "text": "It rained."}')
    with pytest.raises(StanceError, match="'source' and 'outlet' are one field. Name one column for it."):
        read_corpus(path, columns={"source": "a", "outlet": "b"})
