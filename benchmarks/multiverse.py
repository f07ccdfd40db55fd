"""How often a multiverse holds the truth, where it is known: python benchmarks/multiverse.py --scores build/multiverse

The contrast of studies/label_error.py: the development rows of NewsMTSC, all of which have a label, Republican minus
Democratic politicians. Models are run once, and what they say of each wording is kept as numbers, without sentences.
Again and again as many rows are drawn, 100 of them labelled at random, and the difference is estimated under every
choice: model, wording, and whether probabilities or the likeliest label count. Said is how often the intervals of a
multiverse hold the truth: on average, all of them, and that of the median. Needs the folder that ``STANCE_SHARED``
names.
"""

import argparse
import itertools
import os
import sys
import time
from pathlib import Path

sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != Path(__file__).resolve().parent]
sys.path.append(str(Path(__file__).resolve().parents[1] / "studies"))

import numpy as np
import pandas as pd
from label_error import LABELLED, NETS, _differences, rows_of

import stance
from stance.codebook import SENTIMENT
from stance.corpus.rows import csv_bytes
from stance.files import write_file
from stance.schema import LABELS
from stance.scoring.entailment import judge
from stance.scoring.rows import items_of
from stance.validation.estimates import ESTIMATORS

P = [f"p_{name}" for name in LABELS["sentiment"]]
READINGS = ("probabilities", "label")


def scored(rows, model):
    """Probabilities of every row by wording, and their mean."""
    items = items_of(rows.drop(columns="label"), "NewsMTSC", model.marks)
    judged = judge(items, SENTIMENT, model, measure="sentiment", wordings="all")
    asked = [*SENTIMENT.favor, *SENTIMENT.against]
    lines = []
    for row, one in zip(rows.itertuples(), judged, strict=True):
        named = asked if len(one.by_wording) == len(asked) else [f"wording {i + 1}" for i in range(len(one.by_wording))]
        for wording, three in (("mean", one.mean), *zip(named, one.by_wording, strict=True)):
            lines.append({"id": row.id, "wording": wording} | dict(zip(P, three, strict=True)))
    return pd.DataFrame(lines).assign(model=model.name)


def kept(rows, name, folder):
    """The scores of a model: those that are stored, or made now and stored."""
    model = stance.load_model(name)
    file = folder / f"{''.join(c if c.isalnum() else '_' for c in model.name)}.csv"
    if not file.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        write_file(file, csv_bytes(scored(rows, model)))
    return pd.read_csv(file, encoding="utf-8-sig")


def specifications(rows, scores):
    """A score table for each choice of model, wording and reading."""
    for (model, wording), part in scores.groupby(["model", "wording"], sort=False):
        three = part.set_index("id").loc[rows["id"], P].to_numpy(float)
        for reading in READINGS:
            read = three if reading == "probabilities" else np.eye(3)[three.argmax(axis=1)]
            table = pd.DataFrame(read, columns=P).assign(actor=rows["actor"], role="mention", target="politician")
            table["label"] = np.array(LABELS["sentiment"])[three.argmax(axis=1)]
            table["net"] = read[:, 0] - read[:, 1]
            yield {"model": model.split("@")[0], "wording": wording, "reading": reading}, table


def draw(tables, gold, seed):
    """One corpus under every choice: the same rows, the same labels."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, len(gold), len(gold))
    chosen = rng.permutation(len(gold))[:LABELLED]
    ids = [str(i) for i in range(len(gold))]
    labels = pd.DataFrame({"unit": [f"{i} politician" for i in chosen], "label": gold[rows][chosen]})
    labels = labels.assign(measure="sentiment", annotator="truth", inclusion_probability=LABELLED / len(gold))
    for which, table in tables:
        corpus = table.iloc[rows].reset_index(drop=True).assign(segment=ids, document=ids)
        found = stance.validation.corrected_estimates(corpus, labels, estimators=ESTIMATORS)
        yield from ({"draw": seed} | which | line for line in _differences(found))


def summed_up(lines, truth):
    """For each estimator: how often the multiverse holds the truth, has its sign, and leaves zero."""
    lines = lines.dropna(subset=["estimate", "low"]).assign(  # a draw may leave too few labels of one group
        held=(lines["low"] <= truth) & (truth <= lines["high"]),
        sign=np.sign(lines["estimate"]) == np.sign(truth),
        leaves_zero=(lines["low"] > 0) | (lines["high"] < 0),
        width=lines["high"] - lines["low"],
    )
    made = []
    for estimator, mine in lines.groupby("estimator", sort=False):
        draws = mine.groupby("draw")
        middle = draws["estimate"].median()
        ends = (draws["low"].median() <= truth) & (truth <= draws["high"].median())
        made.append(
            {
                "estimator": estimator,
                "draws": draws.ngroups,
                "specifications": int(draws.size().median()),
                "held": mine["held"].mean(),
                "all_hold": draws["held"].all().mean(),
                "median_holds": ends.mean(),
                "same_sign": mine["sign"].mean(),
                "all_same_sign": draws["sign"].all().mean(),
                "leaves_zero": mine["leaves_zero"].mean(),
                "width": mine["width"].mean(),
                "bias_of_median": middle.mean() - truth,
                "spread": (draws["estimate"].max() - draws["estimate"].min()).mean(),
            }
        )
    return pd.DataFrame(made).assign(truth=truth)


def main(arguments=None):
    """Score once, then draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", action="append", help="models that score; base and small unless given")
    parser.add_argument("--scores", type=Path, default=Path("build/multiverse"), help="where scores are kept")
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="draw no longer than this")
    parser.add_argument("--out", type=Path, help="also write the table: a .csv file")
    options = parser.parse_args(arguments)
    shared = os.environ.get("STANCE_SHARED")
    if not shared:
        sys.exit("NewsMTSC is in the developers' shared folder. STANCE_SHARED names none.")
    rows = rows_of(Path(shared) / "data" / "newsmtsc")
    means = rows["label"].map(NETS).groupby(rows["actor"]).mean()
    scores = pd.concat([kept(rows, name, options.scores) for name in options.model or ("base", "small")])
    tables = list(specifications(rows, scores))
    began, lines = time.monotonic(), []
    for seed in itertools.takewhile(lambda _: time.monotonic() - began < options.seconds, range(options.draws)):
        lines += draw(tables, rows["label"].to_numpy(), seed)
    summary = summed_up(pd.DataFrame(lines), float(means["Republicans"] - means["Democrats"]))
    print(f"{len(rows)} rows, {LABELLED} labelled, {len(tables)} specifications")
    print(summary.round(3).T.to_string(header=False))
    if options.out:
        write_file(options.out, csv_bytes(summary.round(4)))
    return summary


if __name__ == "__main__":
    main()
