"""The rest of a file that is lost is a lost file, and budgets cover everything that is held: each case is a kind."""

import gzip
import hashlib
import json
import os
import warnings

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from stance.corpus import _formats, _parquet, documents, streams
from stance.corpus._parquet import batches
from stance.corpus.documents import read_corpus, stream_corpus
from stance.corpus.rows import read_rows
from stance.corpus.sizes import document_size, size_of
from stance.corpus.spreadsheets import spreadsheet_rows
from stance.schema import CorpusWarning, Document, StanceError

ROWS = [f"{i},Kyiv welcomed the talks {i}." for i in range(1, 41)]
TABLE = "\n".join(["id,text", *ROWS]) + "\n"


def stream(paths, **options):
    faults = []
    return list(stream_corpus(paths, rejected=faults.append, **options)), faults


def write(path, data):
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def lost(path, kept, *sentences):
    """The file fails, says why, stops the strict reader, and keeps what stands before; nothing else is read of it."""
    documents_, faults = stream(path)
    whole = [fault for fault in faults if fault.whole_file]
    assert len(whole) == 1, faults
    for sentence in sentences:
        assert sentence in whole[0].reason
    assert [d.id for d in documents_] == kept
    with pytest.raises(StanceError):
        stream(path, strict=True)


def noise(number, size):
    """Letters that do not compress, the same ones for the same number."""
    return hashlib.shake_256(str(number).encode()).hexdigest(size)


def with_row(number, row):
    return "\n".join(["id,text", *ROWS[: number - 1], row, *ROWS[number:]]) + "\n"


def ids(last):
    return [str(i) for i in range(1, last + 1)]


NEVER = "is never closed"
MARKS = [",", ";", "\t", "|"]


def parted_by(data, mark):
    """A table with another separator: the two signs change places, so that it is as odd as it was."""
    return data.translate(str.maketrans({",": mark, mark: ","}))


@pytest.mark.parametrize(
    ("data", "kept", "sentences"),
    [
        (with_row(1, '1,"Putin said yes.'), 0, (NEVER, "lines 2 to 41 (40 lines) are lost")),
        (with_row(30, '30,"A harvest failed.'), 29, (NEVER, "lines 31 to 41 (11 lines)")),
        (with_row(40, '40,"The last one.'), 39, (NEVER, "line 41 is lost")),
        (with_row(5, '5,"Two\nlines, and "" no end.'), 4, (NEVER, "lines 6 to 42 (37 lines)")),
        (with_row(5, '5,"A "" fleet'), 4, (NEVER, "(36 lines)")),
        # closed by a mark that belongs to a later row
        (with_row(5, '5,"Rates rose.').replace(ROWS[19], '20,"Quoted, too."'), 4, ("do not fit", "in line 21", "(36 lines)")),
        (with_row(5, '5,"Rates rose.').replace(ROWS[19], '20,Rates fell."'), 4, ("look like rows", "lines 7 to 21")),
        (with_row(5, '5,"Rates rose.').replace(ROWS[5], '6,Rates fell."'), 4, ("look like rows", "lines 7 to 7")),
        # a mark too many, so that it is not sure whether the row goes on
        (with_row(5, '5,"Boards of 5" width, and more."'), 4, ("do not fit", "same line")),
        (with_row(5, '5,"He said "no" to it.\nAnd left."'), 4, ("do not fit", "lines 6 to 42")),
        # two files joined, of which the second is another table
        (TABLE + "\n".join(f"{i};Ship {i} left" for i in range(50, 70)) + "\n", 40, ("the rest of the file is lost: from line 42",)),
        (TABLE + "".join(f"note {i}\n" for i in range(20)), 40, ("none of 20 rows",)),
        ("text;id\nnone,of\nthese,are\n", 0, ("none of its rows",)),
        # cut in the middle
        (("id,text,outlet\n" + "".join(f"{i},Rain {i}.,A\n" for i in range(1, 9)))[:-9], 7, ("ends inside a row", "2 of 3")),
        (TABLE.replace("talks 9.", "talks" + "\0" * 512), 8, ("line 10: 512 zero bytes",)),
        (TABLE + "\0" * 4096, 40, ("4,096 zero bytes",)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("mark", MARKS)
def test_a_csv_of_which_a_part_is_lost(tmp_path, monkeypatch, data, kept, sentences, mark):
    monkeypatch.setattr(streams, "_HEAD", 200)  # what comes later is not seen when the encoding is found
    lost(write(tmp_path / "x.csv", parted_by(data, mark)), ids(kept), *sentences)


@pytest.mark.parametrize(
    "data",
    [
        with_row(5, '5,"He said: ""No."""'),
        with_row(5, '5,"Two\nlines, with a comma"'),
        with_row(5, '5,"Losses:\n2,000 men\n3,000 horses"'),
        with_row(5, '5,"As listed:\n1,one\n2,two\nall of them, in short"'),
        with_row(5, '5,A board of 5" width'),
        with_row(5, "5,First; second; third"),
        with_row(5, "5,"),
        with_row(5, "5,cut here")[:-1],
        with_row(5, "5,one \0 byte"),
        with_row(5, "5,text,,"),
        TABLE.replace("\n", "\r\n"),
        TABLE.replace("\n", "\r"),
    ],
)
@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("first", ["", "sep={}\n"])
def test_tables_that_look_odd_and_are_whole(tmp_path, data, mark, first):
    found, faults = stream(write(tmp_path / "x.csv", first.format(mark) + parted_by(data, mark)))
    assert ([d.id for d in found], faults) == (ids(40), [])


def test_a_fault_in_one_line_costs_one_row(tmp_path, monkeypatch):
    monkeypatch.setattr(streams, "_HEAD", 20)
    data = with_row(5, '5,"He said "no" to it."').encode()
    data = data.replace(b"talks 9.", b"caf\xe9 9.").replace(b"10,Kyiv", b'10,"A\nB \xe9\nC"\n100,Kyiv')
    found, faults = stream(write(tmp_path / "x.csv", data))
    assert [fault.line for fault in faults] == [6, 10, 11]
    assert len(found) == 38 and not any(fault.whole_file for fault in faults)


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_a_row_with_another_separator_or_the_header_again(tmp_path, mark):
    data = (
        with_row(5, f"5{mark}Kyiv, said he, agreed")
        .replace(ROWS[8], f"9{mark}Rain, they say")
        .replace(ROWS[11], "id,text")
    )
    found, faults = stream(write(tmp_path / "x.csv", data))
    assert [fault.line for fault in faults] == [6, 10, 13]
    assert [w in str(f) for w, f in zip(("", "parted by", "two tables joined"), faults, strict=True)] == [True] * 3
    assert len(found) == 37


def test_a_table_as_long_as_a_sheet_of_excel(tmp_path, monkeypatch):
    monkeypatch.setattr(_formats, "_SHEETS", (41,))
    with pytest.warns(CorpusWarning, match="the table has 41 rows, where a spreadsheet ends"):
        read_corpus(write(tmp_path / "x.csv", TABLE))


@settings(deadline=None, max_examples=60)
@given(
    st.integers(1, 39), st.sampled_from(['"', '""" ', '"" "']), st.sampled_from(MARKS), st.sampled_from(["", "sep={}\r\n"])
)  # fmt: skip
def test_a_mark_that_opens_anywhere_is_noticed(tmp_path_factory, at, mark, separator, first):
    """Law: a mark that opens a cell and is never closed loses no row silently, whatever parts the cells."""
    data = first.format(separator) + parted_by(with_row(at, f"{at},{mark}Sea levels rose."), separator)
    path = write(tmp_path_factory.mktemp("m") / "x.csv", data)
    found, faults = stream(path)
    assert any(f.whole_file for f in faults) or len(found) + len(faults) == 40


OBJECTS = [json.dumps({"id": str(i), "text": f"The harvest of {i} was poor."}) for i in range(1, 21)]
LINES = "\n".join(OBJECTS) + "\n"


@pytest.mark.parametrize("end", range(2, 48))
@pytest.mark.parametrize("last", ["", "\n", "\n\n"])
def test_json_lines_cut_anywhere(tmp_path, end, last):
    lost(
        write(tmp_path / "x.jsonl", LINES + OBJECTS[0][:end] + last),
        ids(20),
        "ends inside the object in line 21",
        "cut short",
    )


@pytest.mark.parametrize(
    ("data", "kept", "sentence"),
    [
        (LINES + '{"id": "21", "text": "a\\u00', 20, "cut short"),
        (LINES + '{"id": "21", "text": "a", "n": tru', 20, "cut short"),
        (LINES + "\0" * 100, 20, "100 zero bytes"),
        (LINES.replace("harvest of 9", "\0" * 64), 8, "line 9: 64 zero bytes"),
        (LINES.replace("\n", "\r"), 0, "none of its rows"),
        (json.dumps([json.loads(o) for o in OBJECTS], indent=1), 0, "none of its rows"),
        (LINES + "<html>\n" * 12, 20, "from line 21 on, none of 12 rows"),
    ],
)
def test_json_lines_of_which_a_part_is_lost(tmp_path, data, kept, sentence):
    lost(write(tmp_path / "x.jsonl", data), ids(kept), sentence)


def test_a_bad_object_in_the_middle_costs_one_row(tmp_path):
    data = LINES.replace(OBJECTS[4], OBJECTS[4][:30]).replace(OBJECTS[7], OBJECTS[7] * 2)
    found, faults = stream(write(tmp_path / "x.jsonl", data))
    assert (len(found), [f.line for f in faults], [f.whole_file for f in faults]) == (18, [5, 8], [False] * 2)


@pytest.mark.parametrize(
    ("data", "kept", "sentence"),
    [
        ("[" + ",".join(OBJECTS), 19, "not valid JSON"),
        ("[" + ",".join(OBJECTS)[:-9], 19, "not valid JSON"),
        ("[" + ",".join(OBJECTS) + "] and more", 19, "Extra data"),
        ("[" + " ".join(OBJECTS) + "]", 0, "delimiter"),
        ("[" + ",".join(OBJECTS[:5]) + ",7]", 5, "no array of objects"),
        ("\n".join(OBJECTS), 0, "end its name in .jsonl"),
        (OBJECTS[0], 0, "no array of objects"),
        ("[]", 0, "holds no rows"),
        ("", 0, "empty"),
        ("nothing", 0, "not valid JSON"),
    ],
)
def test_an_array_of_which_a_part_is_lost(tmp_path, data, kept, sentence):
    found, (fault,) = stream(write(tmp_path / "x.json", data))
    assert fault.whole_file and sentence in fault.reason
    assert len(found) in (kept, kept + 1)


@settings(deadline=None)
@given(
    st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=30) | st.integers() | st.lists(st.none()))),
    st.integers(0, 3),
)
def test_objects_of_an_array_one_by_one(objects, indent):
    """Law: reading one by one gives what reading all at once gives."""
    from stance.corpus._json import _elements

    assert list(_elements(json.dumps(objects, indent=indent or None), "text")) == objects


@pytest.mark.parametrize("compression", ["gz", "zst"])
def test_a_compressed_file_cut_anywhere(tmp_path, compression):
    data = "".join(json.dumps({"id": str(i), "text": noise(i, 30)}) + "\n" for i in range(3000)).encode()
    packed = gzip.compress(data, mtime=0) if compression == "gz" else pyarrow.compress(data, codec="zstd", asbytes=True)
    for end in [*range(20, len(packed), len(packed) // 12), len(packed) - 9, len(packed) - 1]:
        _, faults = stream(write(tmp_path / f"x.jsonl.{compression}", packed[:end]))
        assert any(f.whole_file and "cut short" in f.reason for f in faults), end


@pytest.mark.parametrize(
    ("first", "then", "sentence"),
    [
        ("cp1252", "utf-8", "written in UTF-8, and the file in cp1252"),
        ("utf-8", "cp1252", "is not utf-8"),
        ("utf-16", "ascii", "written in one byte a letter"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_two_encodings_in_one_file(tmp_path, monkeypatch, kind, first, then, sentence):
    monkeypatch.setattr(streams, "_HEAD", 300)
    rows = [
        (str(i), "“We left” he said “it’s over.”" if then != "ascii" or i < 12 else "Nobody said a word more.")
        for i in range(16)
    ]
    lines = (
        [f"{i},{text}\n" for i, text in rows]
        if kind == "csv"
        else [json.dumps({"id": i, "text": t}, ensure_ascii=False) + "\n" for i, t in rows]
    )
    head = "id,text\n" if kind == "csv" else ""
    data = (head + "".join(lines[:12])).encode(first) + "".join(lines[12:]).encode(then)
    found, faults = stream(write(tmp_path / f"x.{kind}", data))
    assert len(found) == 12
    assert sentence in str(faults[0])


def test_a_text_with_a_gap(tmp_path):
    (fault,) = stream(write(tmp_path / "x.txt", "One. " * 40 + "\0" * 16 + " Two."))[1]
    assert fault.whole_file and "16 zero bytes stand where text was" in fault.reason


# --- Parquet -----------------------------------------------------------------------------------


def test_a_broken_row_group(tmp_path):
    path = tmp_path / "x.parquet"
    table = pyarrow.table({"id": [str(i) for i in range(300)], "text": [noise(i, 40) for i in range(300)]})
    plain = {
        "use_dictionary": False,
        "compression": "none",
        "write_statistics": False,
    }  # the text stands once, as it is
    parquet.write_table(table, path, row_group_size=100, write_page_checksum=True, **plain)
    data = bytearray(path.read_bytes())
    at = data.index(table["text"][150].as_py().encode())
    data[at : at + 8] = b"????????"
    lost(write(path, bytes(data)), [str(i) for i in range(100)], "Rows 101 to 300 could not be read")
    with pytest.raises(StanceError, match="damaged"):
        read_rows(path)


def repeating(path, cell, rows, **options):
    table = pyarrow.table({"id": [str(i) for i in range(rows)], "text": ["Kyiv agreed."] * rows, "raw": [cell] * rows})
    parquet.write_table(table, path, compression="zstd", dictionary_pagesize_limit=2**30, store_schema=False, **options)
    return path


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"use_dictionary": False, "column_encoding": {"raw": "DELTA_BYTE_ARRAY"}},
        {"row_group_size": 4},
        {"data_page_version": "2.0"},
    ],
)
@pytest.mark.parametrize("binary", [False, True])
def test_a_large_cell_that_stands_in_every_row(tmp_path, monkeypatch, options, binary):
    """A few bytes that become megabytes: the rows read at once are fewer, or the file is refused."""
    monkeypatch.setattr(_parquet, "HELD", 4 * 2**20)
    cell = "x" * 2**20
    path = repeating(tmp_path / "x.parquet", cell.encode() if binary else cell, 16, **options)
    assert path.stat().st_size < 10_000
    sizes = [batch.nbytes for batch, _ in batches(path, 64)]
    assert max(sizes) < 5 * 2**20 and sum(sizes) > 16 * 2**20
    monkeypatch.setattr(_parquet, "HELD", 2**19)
    with pytest.raises(StanceError, match="a single row may become 1 MiB large"):
        list(batches(path, 64))
    (fault,) = stream(path)[1]
    assert fault.whole_file


def test_rows_that_may_be_large_are_counted_before_they_are_made(tmp_path, monkeypatch):
    path = repeating(tmp_path / "x.parquet", "x" * 2**20, 16)
    monkeypatch.setattr("stance.corpus.rows._LARGEST", 4 * 2**20)
    with pytest.raises(StanceError, match="its rows take more than 4 MiB"):
        read_rows(path)
    monkeypatch.setattr(_formats, "MOST_BESIDE", 2**19)
    lost(path, [], "none of its rows could be read (16 of them)")


def test_a_list_that_becomes_a_million_values(tmp_path, monkeypatch):
    monkeypatch.setattr(_parquet, "FREE", 2**20)
    path = tmp_path / "x.parquet"
    parquet.write_table(pyarrow.table({"text": ["One."], "tags": [[0] * 300_000]}), path, compression="zstd")
    (fault,) = stream(path)[1]
    assert "more than 200 times its size" in fault.reason


def test_ordinary_dictionaries_are_read_at_full_speed(tmp_path):
    path = tmp_path / "x.parquet"
    columns = {f"c{i}": [f"desk {n % 7}" for n in range(200)] for i in range(20)}
    parquet.write_table(pyarrow.table({"text": [f"Text {n}." for n in range(200)], **columns}), path)
    assert [batch.num_rows for batch, _ in batches(path, 64)] == [0, 64, 64, 64, 8]
    assert len(read_rows(path)) == len(stream(path)[0]) == 200


# --- sheets and rows to score ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ('text,target\n"It rained.,it\n' + "It froze.,it\n" * 5, "lines 2 to 7 (6 lines) are lost"),
        ('text,target\nIt rained.,"it\n' + "It froze.,it\n" * 5 + 'It thawed.,"it"\n', "do not fit"),
        ("text,target\nIt rained.,it\nIt froze.\n", "line 3 has 1 cells"),
        ("text,target\nIt rained.;it\n", "1 cells|parted"),
        ("text,target\nIt rained.,it\ntext,target\n", "two tables joined"),
        ("text,target,text\na,b,c\n", "two columns 'text'"),
    ],
)
def test_rows_to_score_are_all_there(tmp_path, data, sentence):
    with pytest.raises(StanceError, match=sentence.replace("(", r"\(").replace(")", r"\)")):
        read_rows(write(tmp_path / "x.csv", data))


def test_a_zero_byte_cuts_no_cell(tmp_path):
    assert read_rows(write(tmp_path / "x.csv", "text,target\nIt\0rained.,it\n"))["text"].tolist() == ["It\0rained."]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ('unit,label\nu1,"favor\nu2,none\nu3,none\n', "is lost|are lost"),
        ('unit,label\nu1,"favor\nu2,none"\nu3,none\n', "look like rows"),
        ("unit,label\nu1,favor,more\n", "3 cells"),
        ("unit,label,label\nu1,favor,none\n", "two columns 'label'"),
        ("unit,label\nu1,favor\nu2;none\n", "parted by ';'"),
    ],
)
def test_a_sheet_is_all_there(tmp_path, data, sentence):
    with pytest.raises(StanceError, match=sentence):
        list(spreadsheet_rows(write(tmp_path / "x.csv", data), ["unit", "label"], "x"))


# --- what is held ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "size"),
    [("", 64), ("ab", 66), (1, 64), ([], 64), ([[], []], 192), ({"a": [1]}, 64 + 65 + 64 + 64), (None, 64)],
)
def test_what_a_value_takes(value, size):
    assert size_of(value) == size


@settings(deadline=None)
@given(st.recursive(st.none() | st.text() | st.integers(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)))
def test_more_takes_more(value):
    assert size_of([value, value]) == 2 * size_of(value) + 64
    assert document_size(Document("d", "x", metadata={"a": value})) == 2 + 64 + 1 + size_of(value) - 64 * isinstance(
        value, str
    )


@pytest.mark.parametrize(
    "beside",
    [
        {"raw": "x" * 5_000_000},
        {"tags": [[]] * 100_000},
        {"a": {str(i): i for i in range(50_000)}},
        {"title": "T" * 5_000_000},
    ],
)
def test_what_stands_beside_a_text_is_bounded(tmp_path, beside):
    rows = [{"id": "a", "text": "One."}, {"id": "b", "text": "Two."} | beside, {"id": "c", "text": "Three."}]
    path = write(tmp_path / "x.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    found, (fault,) = stream(path)
    assert ([d.id for d in found], fault.line) == (["a", "c"], 2)
    assert "what stands beside its text takes" in fault.reason and "Leave out" in fault.reason


@pytest.mark.parametrize("beside", [{"raw": "x" * 900}, {"tags": [[]] * 14}, {"title": "T" * 900}, {"text": "x" * 900}])
def test_what_is_held_in_one_list_is_bounded(tmp_path, monkeypatch, beside):
    monkeypatch.setattr(documents, "MOST_HELD", 5_000)
    path = write(
        tmp_path / "x.jsonl", "".join(json.dumps({"id": str(i), "text": "One."} | beside) + "\n" for i in range(8))
    )
    with pytest.raises(StanceError, match="use stance batch"):
        read_corpus(path)
    assert len(stream(path)[0]) == 8


def test_one_object_of_an_array_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr("stance.corpus._json.LONGEST", 40_000)
    path = write(tmp_path / "x.json", json.dumps([{"text": "One."}, {"text": "Two.", "tags": [[]] * 20_000}]))
    found, (fault,) = stream(path)
    assert len(found) == 1 and "longer than 40,000 characters" in fault.reason


# --- what can be read only once ----------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
@pytest.mark.parametrize("name", ["x.txt", "x.jsonl", "x.csv", "x.json", "x.parquet", "x.html", "x.docx", "x.csv.gz"])
def test_a_named_pipe_never_hangs(tmp_path, name):
    path = tmp_path / name
    os.mkfifo(path)
    with pytest.raises(StanceError, match="is a pipe"):
        stream_corpus(path, rejected=print)
    (fault,) = stream(tmp_path)[1]
    assert fault.whole_file
    if name.endswith((".jsonl", ".csv", ".parquet")):
        with pytest.raises(StanceError, match="is a pipe"):
            read_rows(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_process_substitution_and_devices(tmp_path):
    reading, writing = os.pipe()
    os.write(writing, b"Kyiv agreed.")
    os.close(writing)
    try:
        with pytest.raises(StanceError, match="is a pipe"):
            read_corpus(f"/dev/fd/{reading}")
    finally:
        os.close(reading)
    with pytest.raises(StanceError, match="is a device"):
        read_corpus("/dev/zero")


@pytest.mark.parametrize(
    ("table", "is_told"),
    [
        ("id,text\na,Rain.\nb,Sun.\nc,", True),
        ("id,text,outlet\na,Rain.,A\nb,Sun.,", True),
        ("id,text,outlet\na,Rain.,A\nb,Sun.,\n", False),  # the line is whole
        ("id,text,outlet\na,Rain.,\nb,Sun.,", False),  # others are empty, too
        ("id,text,outlet\na,Rain.,A\nb,Sun.,B", False),
        ("id,text,outlet\na,Rain.,", False),  # no row to hold it against
    ],
)
def test_a_table_that_ends_right_after_a_separator_may_be_cut(tmp_path, table, is_told):
    with warnings.catch_warnings(record=True) as noticed:
        warnings.simplefilter("always")
        stream(write(tmp_path / "t.csv", table))
    assert any("Was the file cut short?" in str(one.message) for one in noticed) == is_told
