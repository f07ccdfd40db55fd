"""How often corrected intervals hold the truth: python benchmarks/corrections.py [--out results]

Texts are simulated: 100 documents, in each some statements of a and some of b, those of one document alike. A
statement's label is favor, against or none; the model's net score follows it with noise and with an error that may
differ by actor, and some labels it reads the wrong way round. The truth is known: the mean net of a's labels, and its
difference from b's. Some statements are labelled, drawn in three ways: at random; a share of each actor's statements
with each of the model's labels, unequal shares; or each by itself, with a probability that grows with the score.
"""

import argparse
import itertools
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

# numba, which PPI needs, would take coverage.py beside this file for the package of that name
sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != Path(__file__).resolve().parent]

import numpy as np
import pandas as pd
from scipy.stats import norm

import stance
from stance.analysis.intervals import difference_interval, mean_interval, prediction_powered
from stance.schema import sha256
from stance.validation.estimates import pseudo_outcomes

RUNS, DOCUMENTS = 1_000, 100
THRESHOLD, MEANS = 0.7, (0.4, -0.2)
"""Labels are cuts of a normal variable, with these means for a and b."""
ERRORS = {"nothing added": (0.0, 0.0), "same": (0.2, 0.2), "differs by actor": (0.25, -0.1)}
"""What the model adds to every score of a, and of b."""
ALIKE = {"documents alike": 0.3, "independent": 0.0}
"""Share of the variance that statements of one document have in common."""


def truth():
    """Mean of a, and difference a − b."""
    a, b = (norm.cdf(mean - THRESHOLD) - norm.cdf(-THRESHOLD - mean) for mean in MEANS)
    return a, a - b


def simulate(rng, error="differs by actor", alike=0.3):
    """Labels, scores, whether each statement is a's, and its document."""
    counts = np.minimum(rng.geometric(0.25, 2 * DOCUMENTS), 20)
    in_a, documents = (np.repeat(block, counts) for block in (np.arange(2 * DOCUMENTS) < DOCUMENTS,
                                                              np.arange(2 * DOCUMENTS) % DOCUMENTS))  # fmt: skip
    by_document = rng.normal(size=DOCUMENTS)[documents]
    latent = np.sqrt(alike) * by_document + np.sqrt(1 - alike) * rng.normal(size=len(in_a)) + np.where(in_a, *MEANS)
    labels = (latent > THRESHOLD).astype(float) - (latent < -THRESHOLD)
    read = np.where(rng.random(len(labels)) < 0.08, -labels, labels)
    scores = 0.7 * read + rng.normal(0, 0.2, len(labels)) + np.where(in_a, *ERRORS[error])
    return labels, np.clip(scores, -1, 1), in_a, documents


def at_random(rng, scores, in_a, n):
    """N of all."""
    drawn = np.zeros(len(scores), bool)
    drawn[rng.permutation(len(scores))[:n]] = True
    return drawn, np.full(len(scores), n / len(scores))


def by_label(rng, scores, in_a, n):
    """As many of each stratum, actor and sign of the score: unequal shares."""
    strata = 3 * in_a + np.digitize(scores, [-0.35, 0.35])
    drawn, probabilities = np.zeros(len(scores), bool), np.ones(len(scores))
    for stratum in np.unique(strata):
        mine = np.flatnonzero(strata == stratum)
        k = min(len(mine), n // 6)
        drawn[rng.permutation(mine)[:k]] = True
        probabilities[mine] = k / len(mine)
    return drawn, probabilities


def by_score(rng, scores, in_a, n):
    """Each by itself, high scores more often: their number varies."""
    weight = 1.5 + scores
    probabilities = np.minimum(1, n * weight / weight.sum())
    return rng.random(len(scores)) < probabilities, probabilities


DESIGNS = {"at random": at_random, "by actor and label": by_label, "by score": by_score}


def intervals(labels, scores, in_a, documents, drawn, probabilities, powered=False):
    """Of a's mean and of the difference, by estimator; as :func:`stance.validation.corrected_estimates` makes them."""
    observed = np.where(drawn, labels, np.nan)
    pseudo = np.empty(len(scores))
    for part in (in_a, ~in_a):
        pseudo[part] = pseudo_outcomes(scores[part], observed[part], probabilities[part])
    n_a, n_b = (len(np.unique(documents[drawn & part])) for part in (in_a, ~in_a))
    found = {
        ("naive", "mean"): mean_interval(scores[in_a], documents[in_a]),
        ("naive", "difference"): difference_interval(scores, in_a, documents),
        ("dsl", "mean"): mean_interval(pseudo[in_a], documents[in_a], freedom=n_a - 1),
        ("dsl", "difference"): difference_interval(pseudo, in_a, documents, min(n_a, n_b) - 1),
    }
    if powered:
        own, others = drawn & in_a, ~drawn & in_a
        found["ppi", "mean"] = prediction_powered(labels[own], scores[own], scores[others])[1:]
        split = in_a[drawn], in_a[~drawn]
        found["ppi", "difference"] = prediction_powered(labels[drawn], scores[drawn], scores[~drawn], split)[1:]
    return found


def measured(case, runs=RUNS, powered=True):
    """One line for each estimand."""
    (alike_name, alike), error, (design_name, design), n = case
    rng = np.random.default_rng(11)
    a, difference = truth()
    kept = {}
    for _ in range(runs):
        labels, scores, in_a, documents = simulate(rng, error, alike)
        drawn, probabilities = design(rng, scores, in_a, n)
        found = intervals(labels, scores, in_a, documents, drawn, probabilities, powered and design is at_random)
        for key, interval in found.items():
            kept.setdefault(key, []).append(interval)
    lines = []
    for estimand, true in (("mean", a), ("difference", difference)):
        line = {"estimand": estimand, "statements": alike_name, "error": error, "labelled": design_name, "n": n}
        for estimator in ("naive", "dsl", "ppi"):
            low, high = np.array(kept.get((estimator, estimand), [(np.nan, np.nan)])).T
            known = not np.isnan(low).all()
            line |= {
                f"bias_{estimator}": ((low + high) / 2 - true).mean(),
                f"coverage_{estimator}": ((low <= true) & (true <= high)).mean() if known else np.nan,
                f"width_{estimator}": np.median(high - low),
            }
        lines.append(line | {"runs": runs})
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default="results")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    cases = list(itertools.product(ALIKE.items(), ERRORS, DESIGNS.items(), (60, 120, 240)))
    with ProcessPoolExecutor(arguments.workers) as pool:
        lines = pool.map(measured, cases, itertools.repeat(arguments.runs))
        table = pd.DataFrame(line for found in lines for line in found).round(4)
    print(table.to_string(index=False))
    inputs = stance.Inputs({"simulation": sha256(Path(__file__).read_bytes())}, "", None)
    stance.save("00_corrected", None, table, inputs, out=arguments.out)


if __name__ == "__main__":
    main()
