"""The numbers that README and the site quote are those the models' evaluations hold."""

import json
import re

import pandas as pd
import pytest

import stance
from stance.resources import ANNOTATIONS, WEIGHTS

ROWS = {
    "reported stance in news: macro-F1": ("reported dev", "macro_f1"),
    "… hard statements (irony, implicature, concession): accuracy": ("reported dev, hard", "accuracy"),
    "who is for or against whom in news (SEESAW): macro-F1": ("SEESAW dev", "macro_f1"),
    "NewsMTSC dev_rw: real-world news, macro-F1": ("NewsMTSC dev_rw", "macro_f1"),
    "NewsMTSC dev_mt: several targets, macro-F1": ("NewsMTSC dev_mt", "macro_f1"),
    "VAST dev, unseen topics: macro-F1": ("VAST dev, seen == 0", "macro_f1"),
    "directed_sentiment dev: F1 of favor and against": ("directed_sentiment dev", "f1_sides"),
    "LingNLI dev, plain inference: accuracy": ("LingNLI dev", "accuracy"),
}


@pytest.mark.parametrize("page", ["README.md", "docs/models.md"])
def test_the_table_of_models_is_what_was_measured(pytestconfig, page):
    text = (pytestconfig.rootpath / page).read_text(encoding="utf-8")
    (models,) = re.findall(r"^\| development set: measure \|(.*)\|$", text, flags=re.MULTILINE)
    assert models.split() == ["base", "|", "small"]
    shown = {
        heading: line
        for heading in ROWS
        for line in re.findall(rf"^\| {re.escape(heading)} \|(.*)\|$", text, flags=re.MULTILINE)
    }
    assert len(shown) == (len(ROWS) if page == "docs/models.md" else 3)
    for heading, line in shown.items():
        name, column = ROWS[heading]
        for model, cell in zip(models.split("|"), line.split("|"), strict=True):
            sets = json.loads((WEIGHTS / model.strip() / "evaluation.json").read_text(encoding="utf-8"))["sets"]
            (measured,) = (entry[column] for entry in sets if entry["set"] == name)
            assert cell.strip() == f"{measured:.3f}".lstrip("0"), (heading, model)


def test_readme_says_how_much_the_weights_are_and_how_well_statements_are_found(pytestconfig):
    text = " ".join((pytestconfig.rootpath / "README.md").read_text(encoding="utf-8").split())
    size = sum(path.stat().st_size for path in WEIGHTS.rglob("*.safetensors"))
    assert f"{size / 1e6:.0f} MB of weights" in text
    content, source = found_on_campaign_news()
    assert f"F1 of contents {content}, with the right source {source}" in text
    assert len((pytestconfig.rootpath / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


def found_on_campaign_news():
    """F1 of contents, and with the right source, from the card of the tagger."""
    card = (WEIGHTS / "attribution" / "README.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| together \|(.*)\|$", card, flags=re.MULTILINE)
    return [cell.split()[0].lstrip("0") for cell in row.split("|")[2:4]]


@pytest.fixture
def trust(pytestconfig):
    text = (pytestconfig.rootpath / "docs" / "models.md").read_text(encoding="utf-8")
    return " ".join(text.split("## Can I trust the numbers?")[1].split())


def short(value):
    """As README writes numbers: −.24"""
    return f"{value:.2f}".replace("0.", ".").replace("-", "−")


def test_trust_quotes_what_the_simulations_say(trust, pytestconfig):
    table = pd.read_csv(pytestconfig.rootpath / "results/tables/07_label_error.csv").set_index(["model", "estimator"])
    small, base = table.loc["small"], table.loc["base"]
    assert (
        f"a contrast of {short(small['truth'].iloc[0])} came out as {short(small.loc['naive', 'mean_estimate'])} with small, "
        f"and its interval held the truth in {small.loc['naive', 'coverage']:.0%}".replace("%", " %")
    ) in trust
    for rows, words in ((small, "it came out as"), (base, "corrected")):
        estimate, held = short(rows.loc["DSL", "mean_estimate"]), f"{rows.loc['DSL', 'coverage']:.0%}"[:-1]
        assert re.search(rf"{words} {estimate},?( and held it in| and) {held} %", trust)
    naive = base.loc["naive"]
    assert f"With base: {short(naive['mean_estimate'])} and {naive['coverage']:.0%}"[:-1] in trust
    covered = pd.read_csv(pytestconfig.rootpath / "results/tables/00_coverage.csv").query("documents == 30")
    even = covered[covered["distribution"].isin(["normal", "uniform"])]["coverage"]
    assert f"{100 * even.min():.0f} to {100 * even.max():.0f} %" in trust
    assert f"at worst {covered['coverage'].min():.0%}".replace("%", " %") in trust


def test_trust_quotes_the_cards(trust):
    content, source = found_on_campaign_news()
    assert f"F1 of contents is {content} and with the right source {source}" in trust
    for model in ("base", "small"):
        sets = json.loads((WEIGHTS / model / "evaluation.json").read_text(encoding="utf-8"))["sets"]
        (news,) = (entry["macro_f1"] for entry in sets if entry["set"] == "NewsMTSC dev_rw")
        assert f"{news:.3f}".lstrip("0") + f" with {model}" in trust


def test_trust_quotes_the_two_annotations(trust, pytestconfig):
    labels = stance.validation.read_labels(*sorted(ANNOTATIONS.glob("*.csv")))
    found = stance.validation.agreement(labels).query("target == '' and label == ''").set_index("measure")
    assert f"alpha {short(found['alpha']['stance'])} (stance)" in trust
    alpha, low, high = (short(found[column]["sentiment"]) for column in ("alpha", "low", "high"))
    assert f"{alpha} [{low}, {high}] (sentiment)" in trust and "not by people" in trust
    for name in "AB":
        said = []
        for measure, what in (("stance", "statements"), ("sentiment", "clauses")):
            own = labels[labels["measure"] == measure]
            scores = pd.read_csv(pytestconfig.rootpath / "results" / "scores" / f"{measure}.csv")
            row = (
                stance.validation.accuracy(own, scores, annotator=name)
                .query("group == 'all' and metric == 'accuracy'")
                .iloc[0]
            )
            said.append(f"{row['n'] * row['value']:.0f} of {row['n']} {what}")
        assert f"{name}'s" in trust and " and ".join(said) in trust


@pytest.mark.parametrize("measure", ["stance", "sentiment"])
def test_both_annotations_are_of_the_same_units_of_the_article_as_it_is_segmented(measure, pytestconfig):
    a, b = (stance.validation.read_labels(ANNOTATIONS / f"{measure}.{name}.csv") for name in "AB")
    assert sorted(a["unit"]) == sorted(b["unit"]) and set(a["annotator"]) == {"A"} and set(b["annotator"]) == {"B"}
    scores = pd.read_csv(pytestconfig.rootpath / "results" / "scores" / f"{measure}.csv")
    role = {"stance": "source", "sentiment": "mention"}[measure]
    rows = scores[(scores["role"] == role) & scores["actor"].notna() & (scores["n_wordings"] > 0)]
    assert sorted(rows["segment"] + " " + rows["target"]) == sorted(b["unit"])
    assert (b["label"] != "").all()


def test_annotation_a_is_what_its_script_makes(shared, script, monkeypatch, tmp_path):
    job = script("studies/annotation_a.py")
    monkeypatch.setattr(job, "ANNOTATIONS", tmp_path)
    job.main()
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (ANNOTATIONS / made.name).read_bytes(), made.name
