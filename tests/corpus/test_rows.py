"""Tables read and written as they are."""

import json

import pandas as pd
import pytest

from stance.corpus.rows import read_rows, rows_text
from stance.schema import StanceError
from stance.scoring.rows import score_rows


def test_values_that_json_does_not_know(fake_model):
    rows = pd.DataFrame(
        [{"text": "t\ud800", "target": "x", "when": pd.Timestamp("2025-08-15"), "n": float("nan")}], dtype=object
    )
    (line,) = rows_text(score_rows(rows, "stance", fake_model), ".jsonl").decode().splitlines()
    row = json.loads(line)
    assert (row["when"], row["n"]) == ("2025-08-15 00:00:00", None)


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
