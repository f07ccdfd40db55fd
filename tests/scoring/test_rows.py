"""Rows of a user's table: scored, each with its reason where it cannot be."""

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus.rows import read_rows, rows_text
from stance.schema import StanceError
from stance.scoring.premises import around, parts, sentence_ends
from stance.scoring.rows import item_of, score_rows
from tests.support.fakes import FakeModel, Taught

ROWS = [
    {
        "id": "b",
        "text": "A fine speech by Biden.",
        "target": "Biden",
        "start": 17,
        "end": 22,
        "label": "given",
        "n": 1.5,
    },
    {"id": "a", "text": "A poor speech.", "target": "Biden", "holder": "Trump"},
]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_rows_keep_their_columns_and_order(tmp_path, suffix, fake_model):
    path = tmp_path / f"rows{suffix}"
    path.write_bytes(rows_text(pd.DataFrame(ROWS), suffix))
    scored = score_rows(read_rows(path), "sentiment", fake_model)
    assert scored["id"].tolist() == ["b", "a"]
    assert list(scored.columns) == [
        "id", "text", "target", "start", "end", "input_label", "n", "holder", "label", "p_positive", "p_negative", "p_neutral",
    ]  # fmt: skip
    assert scored["input_label"].tolist()[0] == "given"
    assert scored[["p_positive", "p_negative", "p_neutral"]].sum(axis=1).tolist() == pytest.approx([1, 1], abs=1e-5)
    out = tmp_path / f"out{suffix}"
    out.write_bytes(rows_text(scored, suffix))
    assert len(read_rows(out)) == 2


def test_json_rows_come_back_as_they_were(tmp_path, fake_model):
    row = {"text": "t", "target": "x", "list": [1, 2], "whole": 3, "none": None, "nested": {"a": "ü"}}
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row) + "\n")
    (line,) = rows_text(score_rows(read_rows(path), "stance", fake_model), ".jsonl").decode().splitlines()
    assert {k: json.loads(line)[k] for k in row} == row


def test_target_and_holder_reach_the_model(fake_model):
    fake_model.marks = {"target"}
    score_rows(pd.DataFrame(ROWS), "sentiment", fake_model)
    assert fake_model.asked == [
        [
            ("A fine speech by * Biden *.", "The text is positive about Biden."),
            ("A poor speech.", "Trump is positive about Biden."),
        ]
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": " "}, "'text' is empty"),
        ({"target": None}, "'target' is empty"),
        ({"end": None}, "of 'start' and 'end' one is missing"),
        ({"end": 900}, "lie outside the text"),
        ({"start": "x"}, "of 'start' and 'end' one is missing or not a whole number"),
        ({"start": "x", "end": "y"}, "not a whole number"),
        ({"start": 0.5, "end": 1.5}, "not a whole number"),
        ({"target": "x" * 401}, "'target' is longer than 400 characters"),
        ({"holder": "x" * 401}, "'holder' is longer than 400 characters"),
        ({"statement": "an open gate"}, "'statement' does not stand in 'text'"),
        ({"statement": "… — …"}, "'statement' holds no word"),
        ({"statement_start": 3}, "of 'statement_start' and 'statement_end' one is missing"),
        ({"statement_start": 3, "statement_end": 3}, "lie outside the text"),
        ({"text": "A  fine day.", "start": 1, "end": 3}, "the text is blank"),
        ({"holder_start": 30, "holder_end": 99}, "lie outside the text"),
    ],
)
def test_a_bad_row_is_left_unscored_with_its_reason(fake_model, change, reason):
    scored = score_rows(pd.DataFrame([ROWS[0] | change, ROWS[1]]), "sentiment", fake_model)
    assert reason in scored["reason"][0]
    assert pd.isna(scored["label"][0])
    assert isinstance(scored["label"][1], str)


def test_with_all_wordings_their_range_is_reported(fake_model):
    rows = pd.DataFrame([ROWS[0], ROWS[1]])
    scored = score_rows(rows, "stance", fake_model, wordings="all")
    net = scored["p_favor"] - scored["p_against"]
    assert ((scored["net_min"] - 1e-6 <= net) & (net <= scored["net_max"] + 1e-6)).all()
    assert (scored["net_min"] < scored["net_max"]).any()
    assert "net_min" not in score_rows(rows, "stance", fake_model)


def test_columns_of_the_same_name_are_kept(fake_model):
    rows = pd.DataFrame([{"text": "", "target": "x", "label": 1, "input_label": 2, "reason": 3}, ROWS[1]])
    scored = score_rows(rows, "stance", fake_model)
    assert scored.columns.is_unique
    assert [scored[c][0] for c in ("input_label_", "input_label", "input_reason")] == [1, 2, 3]


def test_nothing_to_score_is_an_error(fake_model):
    with pytest.raises(StanceError, match=r"No row of my\.csv can be scored; of the first, 'text' is empty"):
        score_rows(pd.DataFrame([{"text": "", "target": "x"}]), "stance", fake_model, where="my.csv")
    with pytest.raises(StanceError, match="has no column 'target'. It has: text"):
        score_rows(pd.DataFrame([{"text": "t"}]), "stance", fake_model)
    with pytest.raises(StanceError, match="must be one of stance, sentiment. Got 'frame'"):
        score_rows(pd.DataFrame(ROWS), "frame", fake_model)


REPORTED = {
    "text": "Holt called the dam a gift and, Varga said, “the weather is mild”.",
    "holder": "Varga",
    "target": "the dam",
}


def scored_by(model, *rows):
    return score_rows(pd.DataFrame(rows), "stance", model)


def test_the_statement_is_what_is_read():
    model = Taught("dam")
    scored = scored_by(
        model, REPORTED | {"statement": "“the  weather is mild”"}, REPORTED | {"statement": "the dam a gift"}
    )
    assert {premise for premise, _ in model.asked} == {
        "Holt called the dam a gift and, Varga said, < “the weather is mild” >.",
        "Holt called < the dam a gift > and, Varga said, “the weather is mild”.",
    }
    assert scored["p_addressed"].tolist() == pytest.approx([0.2, 0.9])
    assert scored["label"].tolist() == ["none", "favor"]
    assert scored["reason"][0] == "the statement does not take the target up (p_addressed 0.2000, below 0.5)"
    assert pd.isna(scored["reason"][1])


def test_a_statement_in_parts_is_read_from_its_first_to_its_last():
    model = Taught("dam")
    scored_by(
        model,
        {"text": "“The dam,” Holt said, “is a gift.” It is.", "target": "dam", "statement": "The dam … is a gift"},
    )
    assert model.asked[0][0] == "“< The dam,” Holt said, “is a gift >.” It is."


def test_rows_without_statement_say_how_likely_they_take_the_target_up_and_keep_their_label():
    scored = scored_by(Taught("dam"), REPORTED, {"text": "The weather is mild.", "target": "the dam"})
    assert scored["label"].tolist() == ["favor", "favor"]
    assert "reason" not in scored
    assert scored["p_addressed"].notna().tolist() == [True, False]


def test_a_user_sets_from_when_on_a_target_is_taken_up():
    row = REPORTED | {"statement": "the weather is mild"}
    model = Taught("dam")
    model.addressed = 0.1
    assert scored_by(model, row)["label"].tolist() == ["favor"]


@pytest.mark.parametrize(
    ("text", "statement", "marked"),
    [
        ("Another aide said no.", "no", "Another aide said < no >."),
        ("In Britain, he said it.", "it", "In Britain, he said < it >."),
        ("Holt said “no”.", "“no”", "Holt said < “no” >."),
    ],
)
def test_a_short_statement_is_not_looked_for_inside_words(text, statement, marked):
    model = Taught("no")
    scored_by(model, {"text": text, "target": "dam", "statement": statement})
    assert model.asked[0][0] == marked


def test_an_empty_cell_is_no_statement():
    rows = pd.DataFrame([REPORTED | {"statement": s} for s in ("", None, float("nan"), "  ")])
    scored = score_rows(rows, "stance", Taught("nowhere"))
    assert scored["label"].tolist() == ["favor"] * 4
    assert "reason" not in scored


def test_a_reason_of_the_users_own_is_kept_apart():
    scored = scored_by(Taught("dam"), REPORTED | {"reason": "pilot"})
    assert scored["input_reason"].tolist() == ["pilot"] and scored["reason"].isna().all()


def test_what_does_not_take_the_target_up_has_no_range_of_net():
    rows = pd.DataFrame([REPORTED | {"statement": "the weather is mild"}, REPORTED | {"statement": "the dam a gift"}])
    scored = score_rows(rows, "stance", Taught("dam"), wordings="all")
    assert scored["net_min"].notna().tolist() == [False, True]


RAIN = "It rained all day in the hills above Tarn, and nobody went out. " * 12
LONG = f"{RAIN}Holt called the dam a gift. {RAIN}Varga said that Lesk was lost, or so she thought. {RAIN}The dam leaks. {RAIN}"


def read_of(row, text=LONG):
    model = FakeModel()
    scored_by(model, {"text": text} | row)
    return [premise for premise, _ in model.asked[0]]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"target": "Lesk"}, ["Lesk was lost"]),
        ({"target": "the  Dam"}, ["called the dam a gift", "The dam leaks"]),
        ({"target": "taxes", "holder": "Holt"}, ["Holt called"]),
        ({"target": "taxes", "statement": "or so she thought"}, ["or so she thought"]),
        ({"target": "dam", "statement": "Lesk was lost"}, ["Lesk was lost"]),
        ({"target": "that town", "start": LONG.index("Lesk"), "end": LONG.index("Lesk") + 4}, ["Lesk was lost"]),
        ({"target": "Lesk", "holder": "Holt"}, ["Lesk was lost"]),
    ],
)
def test_a_long_text_is_read_around_what_it_is_asked_about(row, words):
    read = read_of(row)
    assert len(read) == len(words)
    assert all(word in premise and len(premise) < 620 for word, premise in zip(words, read, strict=True))


def test_the_sentence_that_names_the_holder_is_read_too():
    (read,) = read_of({"target": "Lesk", "holder": "Holt"})
    assert read.startswith("Holt called the dam a gift. … ") and "Lesk was lost" in read


@pytest.mark.parametrize("row", [{"target": "taxes"}, {"target": "taxes", "holder": "Zelenko"}])
def test_a_long_text_that_names_neither_target_nor_holder_is_read_whole(row):
    assert read_of(row) == [" ".join(LONG.split())]


def test_a_short_text_is_read_whole():
    assert read_of({"target": "dam"}, "Holt rose. The dam leaks.") == ["Holt rose. The dam leaks."]


def test_a_long_text_without_points_is_read_around_its_target_all_the_same():
    (read,) = read_of(
        {"target": "Lesk"}, "and then it rained " * 200 + "and Lesk was lost " + "and it rained on " * 200
    )
    assert "and Lesk was lost" in read and 300 < len(read) <= 520
    assert not read.startswith("nd") and read.split()[-1] in {"and", "it", "rained", "on"}


@given(st.text("ab. ", min_size=1, max_size=60), st.data())
def test_what_is_read_around_a_place_holds_the_place(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = around(sentence_ends(text), (start, end), data.draw(st.integers(0, 80)))
    assert 0 <= first <= start < end <= last <= len(text)


def test_a_text_with_many_mentions_is_read_in_one_pass():
    text = "".join(f"The dam, day {i}.\n\n" for i in range(4000))
    found = item_of({"text": text, "target": "the dam"}, {"target"})
    assert len(found.focus) == 4000
    first, last = (found.premise[slice(*found.focus[i])] for i in (0, -1))
    assert (first, last) == ("dam", "dam")
    assert len(parts(found)) < len(found.premise) / 200


def test_columns_may_have_other_names(fake_model):
    plain = pd.DataFrame({"text": ["Ann praised the plan."], "target": ["the plan"], "holder": ["Ann"]})
    other = plain.rename(columns={"text": "body", "target": "topic", "holder": "who"}).assign(text="a column beside")
    named = {"text": "body", "target": "topic", "holder": "who"}
    found = score_rows(other, "stance", fake_model, columns=named)
    pd.testing.assert_frame_equal(
        found[["label", "p_favor"]], score_rows(plain, "stance", fake_model)[["label", "p_favor"]]
    )
    assert list(found)[:4] == ["body", "topic", "who", "text"]


@pytest.mark.parametrize(
    ("columns", "what"),
    [({"text": "bdy"}, "no column 'bdy'.*--columns text=NAME"), ({"txt": "text"}, "'txt' is no field of a row")],
)
def test_a_column_that_is_not_there_is_named(fake_model, columns, what):
    with pytest.raises(StanceError, match=what):
        score_rows(pd.DataFrame({"text": ["Yes."], "target": ["x"]}), "stance", fake_model, columns=columns)
