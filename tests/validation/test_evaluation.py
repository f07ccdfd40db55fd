import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score

from stance.schema import StanceError
from stance.validation.evaluation import Prediction, evaluate, predictor, read_sets
from tests.support.fakes import FakeModel

STANCE = [
    {"text": f"Text {i}.", "target": "it", "label": label, "seen": i % 2}
    for i, label in enumerate(["favor", "against", "none", "favor"] * 6)
]
SENTIMENT = [{"text": "A wonderful day.", "target": "day", "start": 12, "end": 15, "label": "positive"}] * 3
NLI = [{"premise": "It rains.", "hypothesis": "It is wet.", "label": "entailment"}] * 3


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "d" / "a" / "dev.jsonl", STANCE)
    write(tmp_path / "d" / "a" / "train.jsonl", [{"text": "never read"}])
    write(tmp_path / "d" / "b" / "dev_rw.jsonl", SENTIMENT)
    write(tmp_path / "d" / "c" / "dev.jsonl", NLI)
    write(tmp_path / "d" / "quotes.jsonl", [{"text": "x", "quotes": []}])
    return tmp_path / "d"


def test_every_set_of_a_folder_but_those_to_train_on(folder):
    sets, left_out = read_sets(folder)
    assert [(s.name, s.task, len(s.rows)) for s in sets] == [
        ("a/dev", "stance", 24), ("b/dev_rw", "sentiment", 3), ("c/dev", "nli", 3),
    ]  # fmt: skip
    assert len(left_out) == 1 and "quotes.jsonl has no column" in left_out[0]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"text": "x", "target": "y"}], "no column 'label'"),
        ([{"target": "y", "label": "favor"}], "no column 'text'"),
        ([*STANCE, {"text": "x", "target": "y", "label": "maybe"}], "the label 'maybe'"),
        ([*STANCE, {"text": "x", "target": "y", "label": "positive"}], "the label 'positive'"),
        ([{"premise": "x", "hypothesis": "y", "label": "yes"}], "the label 'yes'"),
        ([], "is empty"),
    ],
)
def test_a_set_that_cannot_be_used_is_refused_with_a_sentence(tmp_path, rows, sentence):
    with pytest.raises(StanceError, match=sentence):
        read_sets(write(tmp_path / "dev.jsonl", rows))


def test_an_empty_folder(tmp_path):
    with pytest.raises(StanceError, match="holds no labelled set"):
        read_sets(tmp_path)


def test_the_scores_are_those_of_the_library(folder):
    sets, _ = read_sets(folder / "a" / "dev.jsonl")
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet((1, 1, 1), size=24)
    found = {"one": lambda labelled: Prediction(probabilities[: len(labelled.rows)].argmax(axis=1), probabilities)}
    line = evaluate(sets, found).iloc[0]
    guessed = np.array(["favor", "against", "none"])[probabilities.argmax(axis=1)]
    truth = sets[0].rows["label"].to_numpy()
    assert line["macro_f1"] == pytest.approx(f1_score(truth, guessed, average="macro"), abs=1e-4)
    assert line["accuracy"] == pytest.approx((truth == guessed).mean(), abs=1e-4)
    assert line["f1_sides"] == pytest.approx((line["f1_favor"] + line["f1_against"]) / 2, abs=1e-4)
    assert 0 <= line["ece_low"] <= line["ece_high"] <= 1


def test_unseen_topics_and_all_sets_of_a_measure_get_their_own_lines(folder):
    write(folder / "e.jsonl", STANCE[:6])
    sets, _ = read_sets(folder)
    table = evaluate(sets, {"majority": predictor("majority"), "vader": predictor("vader")})
    lines = table[table["model"] == "majority"].set_index(["set", "task"])["n"].to_dict()
    assert lines[("a/dev, seen == 0", "stance")] == 12
    assert lines[("pooled", "stance")] == 30
    assert table.loc[table["task"] == "nli", "model"].tolist() == ["majority"]  # a lexicon infers nothing


def test_models_are_compared_in_pairs(folder):
    sets, _ = read_sets(folder / "a" / "dev.jsonl")
    right = sets[0].labels
    models = {
        "wrong": lambda labelled: Prediction((labelled.labels + 1) % 3, None),
        "right": lambda labelled: Prediction(labelled.labels, None),
        "alike": lambda labelled: Prediction((labelled.labels + 1) % 3, None),
    }
    table = evaluate(sets, models).set_index(["set", "model"])
    assert len(right) == 24
    better, same = table.loc[("dev", "right")], table.loc[("dev", "alike")]
    assert (better["difference"], better["difference_low"] > 0.9) == (1.0, True)
    assert (same["difference"], same["difference_low"], same["difference_high"]) == (0, 0, 0)
    assert pd.isna(table.loc[("dev", "wrong"), "difference"])


def test_vader_reads_the_tone_and_majority_the_most_frequent():
    from stance.validation.evaluation import LabelledSet

    rows = pd.DataFrame(
        {
            "text": ["A wonderful, great success.", "A horrible disaster.", "A table.", "A chair."],
            "target": "it",
            "label": ["positive", "negative", "neutral", "neutral"],
        }
    )
    labelled = LabelledSet("own", "sentiment", rows)
    assert predictor("vader")(labelled).labels.tolist() == [0, 1, 2, 2]
    assert predictor("majority")(labelled).labels.tolist() == [2] * 4
    with pytest.raises(StanceError, match="must be one of majority, vader"):
        predictor("guess")


def test_a_row_that_cannot_be_scored_counts_as_an_error(folder):
    sets, _ = read_sets(write(folder / "f.jsonl", [*STANCE[:2], {"text": "", "target": "it", "label": "none"}]))
    found = predictor(FakeModel())(sets[0])
    assert found.labels[2] == -1
    line = evaluate(sets, {"fake": lambda labelled: found}).iloc[0]
    assert line["accuracy"] <= 2 / 3 + 1e-4 and line["unscored"] == 1 and pd.notna(line["ece"])


def test_files_of_one_name_and_two_kinds_are_two_sets(tmp_path):
    write(tmp_path / "dev.jsonl", STANCE)
    pd.DataFrame(STANCE[:5]).to_csv(tmp_path / "dev.csv", index=False)
    sets, _ = read_sets(tmp_path)
    table = evaluate(sets, {"right": lambda labelled: Prediction(labelled.labels, None)})
    assert (table["accuracy"] == 1).all() and sorted(table["n"]) == [3, 5, 12, 24, 29]  # with seen == 0 and pooled


def test_a_label_that_does_not_occur_does_not_count(tmp_path):
    sets, _ = read_sets(write(tmp_path / "dev.jsonl", STANCE[:2]))
    line = evaluate(sets, {"right": lambda labelled: Prediction(labelled.labels, None)}).iloc[0]
    assert (line["macro_f1"], line["f1_sides"]) == (1, 1)


@pytest.mark.parametrize("seen", [0, 0.0, "0", False])
def test_unseen_topics_are_found_however_they_are_written(tmp_path, seen):
    sets, _ = read_sets(write(tmp_path / "dev.jsonl", [{**row, "seen": seen} for row in STANCE[:3]] + STANCE[3:4]))
    table = evaluate(sets, {"majority": predictor("majority")})
    assert "dev, seen == 0" in set(table["set"])


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_hard_rows_and_those_off_the_target_get_their_own_lines(tmp_path, suffix):
    rows = [{**row, "hard": i < 3, "addressed": i % 2 == 0} for i, row in enumerate(STANCE)]
    path = tmp_path / f"dev{suffix}"
    if suffix == ".csv":
        pd.DataFrame(rows).to_csv(path, index=False)
    else:
        write(path, rows)
    sets, _ = read_sets(path)
    lines = evaluate(sets, {"majority": predictor("majority")}).set_index("set")["n"]
    assert lines["dev, hard"] == 3 and lines["dev, not addressed"] == len(rows) // 2


def test_nothing_measured_is_an_error(tmp_path):
    sets, _ = read_sets(write(tmp_path / "dev.jsonl", NLI))
    with pytest.raises(StanceError, match="can be measured on these sets"):
        evaluate(sets, {"vader": predictor("vader")})


def test_long_premises_of_inference_sets_are_read_in_windows(tmp_path):
    model = FakeModel()
    model.windows = lambda premise, hypothesis: [premise[:4], premise[4:]]
    sets, _ = read_sets(write(tmp_path / "dev.jsonl", NLI))
    predictor(model)(sets[0])
    assert [len(pairs) for pairs in model.asked] == [2]
