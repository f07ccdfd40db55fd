"""A researcher's day: from a data frame of articles to contrasts, months, a page and a regression."""

import pandas as pd
import pytest
import statsmodels.formula.api as smf

import stance
from stance.results.manifest import check
from stance.schema import LABELS
from stance.scoring.measures import score_stance
from tests.cli.test_cli import stance_command
from tests.support.articles import BOOK, articles


class Words:
    """Reads stance from a few words, so that the day takes seconds."""

    name = "words"

    def predict(self, pairs):
        assert LABELS["stance"] == ("favor", "against", "none")
        found = []
        for premise, hypothesis in pairs:
            kind = any(word in premise for word in ("gift", "good", "safe"))
            same = kind == ("supports" in hypothesis)
            found.append((0.8, 0.1, 0.1) if same else (0.1, 0.1, 0.8))
        return found


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("day") / "dam.yml"
    path.write_text(BOOK)
    return path


@pytest.fixture(scope="module")
def table(book):
    documents = stance.documents_from_frame(articles(), id="nr", text="body", outlet="paper", date="day")
    codebook = stance.read_codebook(book)
    return stance.to_frame(
        score_stance(stance.segment(documents, book), codebook.target(), stance.scoring.as_model(Words()))
    )


def test_the_frame_comes_back_in_every_row(table):
    said = table[table["role"] == "source"]
    assert set(said["outlet"]) == set(articles()["paper"]) and set(said["desk"]) == {"news", "local"}
    assert said["document"].nunique() == 60 and set(said["actor"]) == {"company", "town"}


def test_actors_in_outlets_are_contrasted_with_intervals(table):
    overall = stance.contrast(table).query("role == 'source'").iloc[0]
    assert overall["difference"] > 0 and overall["low"] < overall["difference"] < overall["high"]
    by_outlet = stance.summarize(table, by=["actor", "outlet"]).query("role == 'source'")
    assert len(by_outlet) == 8 and by_outlet["note"].str.contains("15 of 20 texts").all()
    pairs = stance.contrast(table, by="outlet").query("role == 'source'")
    assert len(pairs) == 6


def test_months_have_means(table):
    months = stance.timeline(table[table["role"] == "source"], freq="M", by="actor", least=5)
    assert list(months["period"].unique()) == [f"2025-0{m}" for m in range(1, 7)]
    assert months["low"].notna().any()


def test_a_regression_takes_the_tidy_table(table):
    rows = stance.tidy(table)
    assert len(rows) == 120
    fit = smf.ols("mean ~ C(actor) + C(outlet)", rows).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["document"])[0]}
    )
    assert fit.params["C(actor)[T.town]"] < 0 and fit.pvalues["C(actor)[T.town]"] < 0.01


COLUMNS = "id=nr,text=body,outlet=paper,date=day"


def test_two_commands_do_the_same(table, book, tmp_path, monkeypatch, capsys):
    articles().to_csv(tmp_path / "articles.csv", index=False)
    monkeypatch.setattr("stance.scoring.loading.load_model", lambda *_, **__: stance.scoring.as_model(Words()))
    given = (str(tmp_path / "articles.csv"), "--columns", COLUMNS)
    out = tmp_path / "results"
    assert stance_command("check", str(book), *given, capsys=capsys)[0] == 0
    assert stance_command("run", *given, "--codebook", str(book), "--out", str(out), capsys=capsys)[0] == 0
    rows = pd.read_csv(out / "scores" / "by_document.csv", encoding="utf-8-sig")
    assert rows["mean"].tolist() == pytest.approx(stance.tidy(table)["mean"].tolist())
    page = (out / "report.html").read_text()
    assert all(name in page for name in ("Valley Post", "River Herald", "The Ledger", "Morning Line"))
    assert (out / "tables" / "06_months.csv").is_file() and check(out) == []
