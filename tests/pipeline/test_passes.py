"""What was counted is what is scored: a document that vanishes, comes, or changes between the readings is noticed."""

import os

import pytest

from stance.pipeline._passes import Passes
from stance.pipeline.batch import shards
from stance.schema import Document, StanceError

FIRST = [Document(f"d{i}", f"Text {i}.", metadata={"desk": "A", "tags": ["x"]}) for i in range(5)]


def twice(second):
    readings = iter([FIRST, second])
    passes = Passes(lambda: iter(next(readings)))
    assert passes.count() == len(FIRST)
    return passes.again()


def test_the_same_documents():
    assert list(twice([Document(d.id, d.text, metadata=dict(d.metadata)) for d in FIRST])) == FIRST


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (FIRST[:4], "5 documents were counted, and 4 could be read again"),
        ([], "5 documents were counted, and 0 could be read again"),
        (FIRST[1:], "'d1' is not what was counted as document 1 of 5"),
        ([*FIRST[:2], *FIRST[3:]], "'d3' is not what was counted as document 3 of 5"),
        ([*FIRST, Document("d9", "Late.")], "5 documents were counted, and 'd9' came after them"),
        ([*FIRST[:4], Document("d4", "Text 4!", metadata=FIRST[4].metadata)], "'d4' is not what was counted"),
        ([*FIRST[:4], Document("d4", "Text 4.", metadata={"desk": "A", "tags": ["y"]})], "'d4' is not what"),
        ([*FIRST[:4], Document("d4", "Text 4.", date="2025", metadata=FIRST[4].metadata)], "'d4' is not what"),
        ([FIRST[1], FIRST[0], *FIRST[2:]], "'d1' is not what was counted as document 1"),
    ],
)
def test_other_documents(second, sentence):
    with pytest.raises(StanceError, match=sentence):
        list(twice(second))


def test_a_shard_counts_what_documents_carry():
    heavy = [Document(str(i), "x", metadata={"raw": "y" * 400}) for i in range(5)]
    assert [len(s) for s in shards(heavy, 3, characters=900)] == [2, 2, 1]
    nested = [Document(str(i), "x", metadata={"tags": [[]] * 10}) for i in range(4)]
    assert [len(s) for s in shards(nested, 3, characters=1400)] == [2, 2]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_in_place_of_a_file_never_hangs(tmp_path):
    from stance.corpus.documents import stream_corpus

    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a", "text": "One."}\n')

    def documents():
        return stream_corpus(path, rejected=lambda fault: None)

    passes = Passes(documents)
    assert passes.count() == 1
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(StanceError, match="is a pipe"):
        list(passes.again())
