"""What label error does to a contrast, and what correcting it undoes, where the truth is known: part of make studies.

The development rows of NewsMTSC whose target is a Republican or Democratic politician all have a label, so the
difference between the two groups is known. 500 times as many rows are drawn from them with replacement, as another
corpus of the same kind, and 100 of these labelled with known probabilities: as a stratified sample (by party and the
model's label; for DSL), and as a simple random one (for PPI). Only counts, means and intervals leave it: no sentence.
Needs the folder that ``STANCE_SHARED`` names.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

import stance
from stance.corpus.rows import read_rows
from stance.plots.diagnostics import plot_draws
from stance.schema import StanceError, sha256
from stance.scoring.rows import score_rows
from stance.validation.estimates import DSL, NAIVE, PPI

RESULTS = Path(__file__).parents[1] / "results"
DRAWS, LABELLED = 500, 100
PARTIES = {
    "Republicans": r"Trump|Cruz|McConnell|Pence|Boehner|Romney|Kasich|Rubio|Ryan|Bush|McCain|Republican|GOP",
    "Democrats": r"Obama|Clinton|Sanders|Biden|Warren|Pelosi|Schumer|Reid|Democrat|Kerry|Harris|Holder",
}
"""Words in the name of the target, which a row's id holds: mostly politicians, but also who is named like one, or is
'anti-Trump'. Rows that name neither or both are left out. The groups are what they are, and so is the truth of them."""
_ENTITY = re.compile(r"_([^_]+)_\d+_\d+$")
NETS = {"positive": 1.0, "negative": -1.0, "neutral": 0.0}


def rows_of(folder: Path) -> pd.DataFrame:
    """Rows of the two groups: ``text``, ``target``, ``label`` and ``actor``, the group."""
    files = sorted(folder.glob("dev_*.jsonl"))
    if not files:
        raise StanceError(f"{folder} holds no development rows of NewsMTSC (dev_rw.jsonl, dev_mt.jsonl).")
    rows = pd.concat([read_rows(file) for file in files], ignore_index=True)
    return rows.assign(actor=[party_of(str(key)) for key in rows["id"]]).dropna(subset="actor", ignore_index=True)


def party_of(key: str) -> str | None:
    """The group that a row's id names.

    >>> party_of("allsides_1_1_11_Ted Cruz_88_92"), party_of("x_The Senate_1_2")
    ('Republicans', None)
    """
    found = _ENTITY.search(key)
    named = [party for party, words in PARTIES.items() if found and re.search(words, found.group(1))]
    return named[0] if len(named) == 1 else None


def score_table(rows: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    """Scores of rows as a score table."""
    named = rows[["actor"]].assign(segment=rows["id"], document=rows["id"])
    probabilities = scored[["label", *(c for c in scored if c.startswith("p_"))]]
    table = pd.concat([named, probabilities], axis=1).assign(role="mention", target="politician", measure="sentiment")
    return table.assign(net=table["p_positive"] - table["p_negative"])


def estimates(table: pd.DataFrame, truth: pd.Series, seed: int) -> Iterator[dict]:
    """One corpus, labelled twice: the difference between the groups by each estimator."""
    corpus = table.sample(len(table), replace=True, random_state=seed, ignore_index=True)
    gold = truth.loc[corpus["segment"]].to_numpy()
    corpus["segment"] = corpus["document"] = [str(i) for i in range(len(corpus))]  # draws are independent
    for estimators, by in (((NAIVE, DSL), ("actor", "label")), ((PPI,), ())):
        drawn = stance.validation.sample(corpus, LABELLED, by=by, seed=seed)
        labels = drawn.assign(unit=drawn["segment"] + " " + drawn["target"], annotator="truth")
        labels["label"] = gold[drawn["segment"].astype(int)]
        found = stance.validation.corrected_estimates(corpus, labels, estimators=estimators)
        yield from ({"draw": seed} | line for line in _differences(found))


def _differences(found: pd.DataFrame) -> Iterator[dict]:
    """Republicans minus Democrats, whichever way round the table has them."""
    for row in found[found["estimand"] == "difference"].to_dict("records"):
        sign = 1 if row["a"] == "Republicans" else -1
        low, high = sorted((sign * row["low"], sign * row["high"]))
        yield {"estimator": row["estimator"], "estimate": sign * row["estimate"], "low": low, "high": high}


def summed_up(draws: pd.DataFrame, truth: float) -> pd.DataFrame:
    """Bias, error, width of the intervals, and how often they hold the truth."""
    error = draws["estimate"] - truth
    held = (draws["low"] <= truth) & (truth <= draws["high"])
    draws = draws.assign(error=error, squared=error**2, width=draws["high"] - draws["low"], held=held)
    groups = draws.groupby(["model", "estimator"], sort=False)
    made = groups[["estimate", "error", "squared", "width", "held"]].mean().assign(draws=groups.size())
    made = made.assign(rmse=np.sqrt(made["squared"]), truth=truth).reset_index()
    named = {"error": "bias", "held": "coverage", "estimate": "mean_estimate"}
    columns = ["model", "estimator", "draws", "truth", "mean_estimate", "bias", "rmse", "width", "coverage"]
    return made.rename(columns=named)[columns]


def main(arguments: Sequence[str] | None = None) -> None:
    """Remake the tables and the figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", action="append", help="models that score, base and small unless given")
    parser.add_argument("--out", type=Path, default=RESULTS, help="the results folder")
    parser.add_argument("--draws", type=int, default=DRAWS)
    options = parser.parse_args(arguments)
    shared = os.environ.get("STANCE_SHARED")
    if not shared:
        raise StanceError("NewsMTSC is in the developers' shared folder. STANCE_SHARED names none.")
    rows = rows_of(Path(shared) / "data" / "newsmtsc")
    labels = rows.set_index("id")["label"]
    means = labels.map(NETS).groupby(rows.set_index("id")["actor"]).mean()
    truth = float(means["Republicans"] - means["Democrats"])
    found, models = [], [stance.load_model(name) for name in options.model or ("base", "small")]
    for model in models:
        print(f"scoring {len(rows)} rows with {model.name}, then labelling {LABELLED} of them {options.draws} times")
        table = score_table(rows, score_rows(rows.rename(columns={"label": "gold"}), "sentiment", model))
        lines = [line for seed in range(options.draws) for line in estimates(table, labels, seed)]
        found.append(pd.DataFrame(lines).assign(model=model.name.split("@")[0].rsplit("-", 1)[-1]))
    draws = pd.concat(found, ignore_index=True)
    sizes = {"n_scored": len(rows), "n_labelled": LABELLED} | rows["actor"].value_counts().add_prefix("n_").to_dict()
    summary = summed_up(draws, truth).assign(**sizes)
    together = {f"NewsMTSC development rows ({len(rows)})": sha256("\n".join(sorted(rows["id"])).encode())}
    inputs = stance.Inputs(together, "", " and ".join(model.name for model in models))
    stance.save("07_label_error", plot_draws(draws, truth), summary, inputs, out=options.out)
    stance.save("07_draws", None, draws, inputs, out=options.out)
    print(summary.round(3).to_string(index=False))


if __name__ == "__main__":
    try:
        main()
    except StanceError as error:
        sys.exit(f"stance: {error}")
