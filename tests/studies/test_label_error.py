"""The job that labels one contrast again and again. All sentences are invented."""

import json

import numpy as np
import pandas as pd
import pytest

import stance
from stance.plots.diagnostics import plot_draws
from stance.plots.looks import alt_text
from stance.results.manifest import check
from stance.schema import StanceError
from tests.support.fakes import FakeModel


@pytest.fixture(scope="module")
def job(script):
    return script("studies/label_error.py")


@pytest.mark.parametrize(
    ("key", "party"),
    [
        ("a_1_2_3_Donald Trump_1_9", "Republicans"),
        ("a_1_Hillary Clinton_0_15", "Democrats"),
        ("a_1_Trump and Obama_0_15", None),
        ("a_Trump_1_Senate_0_6", None),
        ("a_1_the Senate_0_10", None),
    ],
)
def test_the_group_follows_from_the_targets_name(job, key, party):
    assert job.party_of(key) == party


def test_rows_are_summed_up_by_hand(job):
    draws = pd.DataFrame(
        {"model": "m", "estimator": ["DSL", "DSL"], "estimate": [0.1, 0.4], "low": [0.0, 0.3], "high": [0.2, 0.5]}
    )
    (row,) = job.summed_up(draws, truth=0.2).to_dict("records")
    assert [row["bias"], row["rmse"], row["coverage"], row["width"]] == pytest.approx(
        [0.05, np.sqrt((0.01 + 0.04) / 2), 0.5, 0.2]
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Invented rows in the shape of the data set."""
    rng = np.random.default_rng(0)
    names = ["Donald Trump", "Barack Obama"]
    rows = [
        {
            "id": f"x_{i}_{names[i % 2]}_0_5", "text": f"Words of a day {i} and {rng.integers(99)} more.",
            "target": "he", "label": ["positive", "negative", "neutral"][rng.integers(3)],
        }
        for i in range(160)
    ]  # fmt: skip
    place = tmp_path / "data" / "newsmtsc"
    place.mkdir(parents=True)
    place.joinpath("dev_rw.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setenv("STANCE_SHARED", str(tmp_path))
    monkeypatch.setattr(stance, "load_model", lambda *a, **k: FakeModel())
    return tmp_path


def test_the_job_writes_counts_and_means_only(job, folder):
    pytest.importorskip("ppi_py", reason="needs the extra 'validation'")
    job.main(["--out", str(folder / "out"), "--draws", "2", "--model", "fake"])
    assert check(folder / "out") == []
    summary = pd.read_csv(folder / "out" / "tables" / "07_label_error.csv")
    assert summary["estimator"].tolist() == ["naive", "DSL", "PPI"]
    assert (summary["draws"] == 2).all() and (summary["n_labelled"] == 100).all()
    rows = [json.loads(line) for line in (folder / "data/newsmtsc/dev_rw.jsonl").read_text().splitlines()]
    nets = pd.DataFrame(rows).assign(net=lambda t: t["label"].map(job.NETS), party=lambda t: t["id"].map(job.party_of))
    means = nets.groupby("party")["net"].mean()
    assert summary["truth"][0] == pytest.approx(means["Republicans"] - means["Democrats"], abs=1e-4)
    written = "".join(p.read_text() for p in (folder / "out" / "tables").glob("*.csv"))
    assert "Words of" not in written and "Trump" not in written


def test_without_the_data_it_says_so(job, tmp_path, monkeypatch):
    monkeypatch.delenv("STANCE_SHARED", raising=False)
    with pytest.raises(StanceError, match="STANCE_SHARED names none"):
        job.main([])
    monkeypatch.setenv("STANCE_SHARED", str(tmp_path))
    with pytest.raises(StanceError, match="holds no development rows"):
        job.main([])


def test_the_figure_says_how_many_intervals_hold_the_truth():
    draws = pd.DataFrame(
        {"model": "m", "estimator": ["naive"] * 2 + ["DSL"] * 2, "estimate": 0.1, "low": [0, 0.2, 0, 0], "high": 0.3}
    )
    figure = plot_draws(draws, 0.1)
    shown = [t.get_text() for t in figure.axes[0].texts]
    assert shown == ["50%", "100%"]
    assert "m, naive: mean +0.10, 50% hold the truth." in alt_text(figure)


def test_the_committed_figures_are_what_the_draws_come_to(job, pytestconfig):
    tables = pytestconfig.rootpath / "results" / "tables"
    summary, draws = (pd.read_csv(tables / f"07_{name}.csv") for name in ("label_error", "draws"))
    anew = job.summed_up(draws, summary["truth"][0])
    pd.testing.assert_frame_equal(anew, summary[list(anew)], atol=5e-4, rtol=0)
