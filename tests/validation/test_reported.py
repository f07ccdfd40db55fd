"""Labels without texts, joined with texts: what fits is a row, what does not is a sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.schema import StanceError, sha256
from stance.validation.reported import reported_rows

TEXT = "It rained all day.\n\nAnn Lee said “the dam is\na gift”, and that “nobody pays for it”."
TEXTS = {("mine", "d"): TEXT}


def at(words):
    start = TEXT.index(words)
    return [start, start + len(words)]


ROW = {
    "set": "mine", "document": "d", "sha256": sha256(TEXT.encode()), "source": [at("Ann Lee")], "cue": [at("said")],
    "content": [at("“the dam is\na gift”"), at("that “nobody pays for it”")], "sentence": [TEXT.index("Ann"), len(TEXT)],
    "target": "the dam", "label": "favor", "addressed": True, "hard": False, "annotator": "A",
}  # fmt: skip


@pytest.fixture
def join(tmp_path):
    def joined(*rows, texts=TEXTS):
        path = tmp_path / "labels.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        return reported_rows(path, texts)

    return joined


def test_a_label_gets_its_text(join):
    rows, left_out = join(ROW)
    (row,) = rows.to_dict("records")
    assert left_out == []
    assert row["text"] == TEXT[TEXT.index("Ann") :]
    assert row["text"][row["holder_start"] : row["holder_end"]] == row["holder"] == "Ann Lee"
    assert row["statement"] == "“the dam is a gift” … that “nobody pays for it”"
    assert (row["target"], row["label"], row["addressed"]) == ("the dam", "favor", True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"label": "pro"}, "label: must be 'favor', 'against' or 'none'. Correct it or remove the row."),
        ({"lable": "favor"}, "lable: unknown key; check its spelling, or remove it"),
        ({"document": "e"}, "the text 'e' of mine is not there. Add it to the texts."),
        ({"sha256": "0" * 64}, "'d' is another text than the one that was labelled."),
        ({"source": [[0, 9999]]}, "the source lies outside the text of 84 characters."),
        ({"content": [[9, 5]]}, "the content lies outside the text"),
        ({"content": []}, "content: "),
        ({"content": [[18, 20]]}, "the statement holds no word."),
        ({"target": ""}, "target: "),
        ({"target": "one two three four five six seven eight nine"}, "the target has more than 8 words."),
        ({"addressed": False}, "the label is 'favor', but the target is said not to be addressed."),
    ],
)
def test_a_row_that_does_not_fit_is_named_and_the_others_go_on(join, change, sentence):
    rows, left_out = join(ROW, {**ROW, **change}, ROW)
    assert len(rows) == 2
    (said,) = left_out
    assert "labels.jsonl, line 2: " in said and sentence in said


def test_a_source_outside_its_sentence_has_no_place_in_it(join):
    rows, _ = join({**ROW, "source": [at("rained")]})
    assert rows["holder"].tolist() == ["rained"] and rows["holder_start"].isna().all()


def test_no_json_is_an_error(tmp_path):
    path = tmp_path / "labels.jsonl"
    path.write_text("not json")
    with pytest.raises(StanceError, match="line 1"):
        reported_rows(path, TEXTS)


PLACES = st.lists(st.tuples(st.integers(-5, 200), st.integers(-5, 200)).map(list), max_size=3)


@given(PLACES, PLACES, st.tuples(st.integers(-5, 200), st.integers(-5, 200)).map(list), st.text(max_size=20))
def test_no_offsets_stop_the_work(tmp_path_factory, source, content, sentence, target):
    path = tmp_path_factory.mktemp("labels") / "labels.jsonl"
    row = {**ROW, "source": source, "content": content, "sentence": sentence, "target": target}
    path.write_text(json.dumps(row), encoding="utf-8")
    rows, left_out = reported_rows(path, TEXTS)
    assert len(rows) + len(left_out) == 1
