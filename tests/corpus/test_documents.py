import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stance
from stance.corpus.documents import clean
from stance.schema import StanceError


def test_the_sample_is_the_article_unchanged(sample):
    (article,) = sample
    known = "6722b2c527c23b3c5ec70b7be6b89eb50ee9481673ee78bf9e5d96c18cf43916"
    assert article.sha256 == known
    data = stance.resources.SAMPLE_ARTICLE.read_bytes()
    assert hashlib.sha256(data).hexdigest() == known


def test_text_files_keep_their_line_ends(tmp_path):
    path = tmp_path / "one.two.txt"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\nc\x00"[:8])
    (document,) = stance.read_corpus(path)
    assert (document.id, document.text) == ("one.two", "a\r\nb\n")


def test_json_lines_keep_other_keys_as_metadata(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"id": 7, "text": "t", "title": "T", "country": "UA"}) + "\n\n")
    (document,) = stance.read_corpus([path])
    assert (document.id, document.title, dict(document.metadata)) == ("7", "T", {"country": "UA"})


def test_lone_surrogates_do_not_stop_the_writing(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "a\\ud800", "text": "Putin\\ud800 said no."}\n')
    (document,) = stance.read_corpus(path)
    assert (document.id, document.text) == ("a ", "Putin  said no.")


@given(st.text(max_size=80))
def test_cleaning_keeps_offsets(text):
    assert len(clean(text)) == len(text)
    clean(text).encode("utf-8")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("empty.txt", b" \n", "is empty"),
        ("latin.txt", "Łódź".encode("latin2"), "is not UTF-8: byte 0xa3 at offset 0"),
        ("image.txt", b"\x89PNG\x00\x00", "is a binary file"),
        ("rows.jsonl", b'{"id": "a"}\n', "rows.jsonl, line 1: no 'text'"),
        ("rows.jsonl", b'{"id": "a", "text": "t"}\n{"text": "t"}\n', "rows.jsonl, line 2: no 'id'"),
        ("rows.jsonl", b"{not json}\n", "rows.jsonl, line 1: not valid JSON"),
        ("rows.jsonl", b"[" * 100_000 + b"\n", "line 1: not valid JSON"),
        ("rows.jsonl", b'{"id": "a", "text": "\\u0001"}\n', "no 'text'"),
        ("control.txt", b"\x01\x02", "is empty"),
        ("rows.jsonl", b"[1]\n", "line 1: not an object"),
        ("rows.jsonl", b'{"id": "a", "text": 5}\n', "'text' must be a string"),
        ("rows.jsonl", b'{"id": "a", "text": "t"}\n{"id": "a", "text": "u"}\n', "Two documents have the id 'a'"),
    ],
)
def test_bad_files_are_named(tmp_path, name, data, sentence):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(StanceError, match=sentence):
        stance.read_corpus(path)


def test_a_folder_and_a_missing_file(tmp_path):
    with pytest.raises(StanceError, match="the folder holds no texts"):
        stance.read_corpus(tmp_path)
    with pytest.raises(StanceError, match="cannot be read"):
        stance.read_corpus(tmp_path / "none.txt")
