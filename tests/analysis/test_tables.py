import json

import pandas as pd
import pytest

from stance.analysis.tables import COLUMNS, columns_of, to_frame
from stance.corpus.rows import read_rows, rows_text
from stance.schema import StanceError
from stance.scoring.measures import score_sentiment, score_stance
from stance.scoring.rows import score_rows


@pytest.fixture
def scores(sample_segments, codebook, fake_model):
    return score_stance(sample_segments, codebook.target(), fake_model)


def test_the_columns_are_the_contract(scores, sample_segments, fake_model):
    shared = [c for c in COLUMNS if not c.startswith("p_")]
    own = {
        "stance": (scores, ["p_favor", "p_against", "p_none"]),
        "sentiment": (score_sentiment(sample_segments, fake_model), ["p_positive", "p_negative", "p_neutral"]),
        "frame": ([], ["p_present", "p_denied", "p_absent", "p_present_min", "p_present_max"]),
    }
    for measure, (found, probabilities) in own.items():
        columns = list(to_frame(found, measure=measure).columns)
        assert columns == columns_of(measure)
        assert [c for c in columns if not c.startswith("p_")] == shared
        assert [c for c in columns if c.startswith("p_")] == probabilities


def test_one_row_for_each_score_and_the_net_within_its_range(scores):
    frame = to_frame(scores)
    assert len(frame) == len(scores)
    scored = frame.dropna(subset=["net"])
    assert ((scored["net"] - (scored["p_favor"] - scored["p_against"])).abs() < 2e-4).all()
    assert (scored["net_min"] <= scored["net"] + 1e-4).all()
    assert (scored["net"] <= scored["net_max"] + 1e-4).all()
    assert frame.loc[frame["net"].isna(), "reason"].notna().all()


def test_measures_are_not_mixed(scores, sample_segments, fake_model):
    with pytest.raises(ValueError, match="scores of one measure. Got sentiment and stance"):
        to_frame(scores[:1] + score_sentiment(sample_segments, fake_model)[:1])
    with pytest.raises(ValueError, match="scores of one measure. Got frame and stance"):
        to_frame(scores[:1], measure="frame")


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
        ({"target": "x" * 401}, "longer than 400 characters"),
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


def test_values_that_json_does_not_know(fake_model):
    rows = pd.DataFrame(
        [{"text": "t\ud800", "target": "x", "when": pd.Timestamp("2025-08-15"), "n": float("nan")}], dtype=object
    )
    (line,) = rows_text(score_rows(rows, "stance", fake_model), ".jsonl").decode().splitlines()
    row = json.loads(line)
    assert (row["when"], row["n"]) == ("2025-08-15 00:00:00", None)


def test_nothing_to_score_is_an_error(fake_model):
    with pytest.raises(StanceError, match=r"No row of my\.csv can be scored; of the first, 'text' is empty"):
        score_rows(pd.DataFrame([{"text": "", "target": "x"}]), "stance", fake_model, source="my.csv")
    with pytest.raises(StanceError, match="has no column 'target'. It has: text"):
        score_rows(pd.DataFrame([{"text": "t"}]), "stance", fake_model)
    with pytest.raises(StanceError, match="must be one of stance, sentiment. Got 'frame'"):
        score_rows(pd.DataFrame(ROWS), "frame", fake_model)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("rows.txt", b"text", "must be a .jsonl, .csv or .parquet file"),
        ("rows.csv", b"text,target\n", "holds no rows"),
        ("rows.csv", b'text,target\n"a,b\n', "not a valid CSV"),
        ("rows.csv", b"text,target\na,b,c,d\n", "not a valid CSV"),
        ("rows.parquet", b"PAR0", "not a valid Parquet"),
        ("rows.csv", b"text,target\n\xe8\xea\xf0,it\n", "not UTF-8"),
    ],
)
def test_bad_files(tmp_path, name, data, sentence):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(StanceError, match=sentence):
        read_rows(path)
