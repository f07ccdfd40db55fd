"""How often the 95 % interval of a difference holds the truth: python benchmarks/coverage.py [--out results]

Texts are simulated: documents that hold both actors, one of them, or some of either; statements of one document
alike (0.3 of the variance is the document's, 0.1 the actor's in it); the truth is no difference. Beside the interval
that stance gives stands a studentised cluster bootstrap, and how often the permutation test finds p ≤ 0.05: in 5 of
100, if it is right.
"""

import argparse
import itertools
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

import stance
from stance.analysis.intervals import difference_interval, permutation_p
from stance.schema import sha256

RUNS, DRAWS = 2_000, 499
SHARED = {"both actors in each": 1.0, "each actor in its own": 0.0, "mixed": 0.5}
"""Share of an actor's documents that hold the other, too."""
SIZES = {
    "4 each": lambda rng, n: np.full(n, 4),
    "1 to 20, mean 4": lambda rng, n: np.minimum(rng.geometric(0.25, n), 20),
}
"""Statements of an actor in a document."""
NOISES = {
    "normal": lambda rng, n: rng.normal(size=n),
    "uniform": lambda rng, n: rng.uniform(-1, 1, n) * np.sqrt(3),
    "mostly 0, some high": lambda rng, n: ((rng.random(n) < 0.15) - 0.15) / np.sqrt(0.15 * 0.85),
    "lognormal": lambda rng, n: (rng.lognormal(size=n) - np.exp(0.5)) / np.sqrt(np.exp(2) - np.exp(1)),
}
"""Distributions with mean 0 and variance 1: two symmetric, two skewed."""
CASES = {**{noise: (noise, 1.0) for noise in NOISES}, "lognormal, b's mirrored": ("lognormal", -1.0)}
"""Where both actors are skewed alike, it cancels in the difference; the last is the worst that can be."""


def simulate(rng, documents=30, shared=1.0, sizes="4 each", noise="normal", spread=1.0, fewer=1.0):
    """Values, whether each is a's, and its document.

    ``fewer`` times as many documents hold b, whose values are multiplied by ``spread``.
    """
    together = round(documents * shared * fewer)
    a = np.arange(documents)
    b = np.r_[:together, documents : documents + round(documents * fewer) - together]
    blocks, is_a = np.r_[a, b], np.arange(len(a) + len(b)) < len(a)
    counts = SIZES[sizes](rng, len(blocks))
    draw = NOISES[noise]
    by_document, by_block = draw(rng, blocks.max() + 1)[blocks], draw(rng, len(blocks))
    in_a, clusters = np.repeat(is_a, counts), np.repeat(blocks, counts)
    block = np.repeat(np.sqrt(0.3) * by_document + np.sqrt(0.1) * by_block, counts)
    values = block + np.sqrt(0.6) * draw(rng, counts.sum())
    return np.where(in_a, values, spread * values), in_a, clusters


def bootstrap_interval(rng, values, in_a, clusters, draws=DRAWS):
    """Studentised: documents drawn with replacement."""
    n = clusters.max() + 1

    def totals(part):
        return np.bincount(clusters[part], minlength=n), np.bincount(clusters[part], values[part], minlength=n)

    (n_a, sum_a), (n_b, sum_b) = totals(in_a), totals(~in_a)

    def difference(weights):
        all_a, all_b = weights @ n_a, weights @ n_b
        mean_a, mean_b = weights @ sum_a / all_a, weights @ sum_b / all_b
        parts = (sum_a - np.outer(mean_a, n_a)) / all_a[:, None] - (sum_b - np.outer(mean_b, n_b)) / all_b[:, None]
        return mean_a - mean_b, np.sqrt((weights * parts**2).sum(axis=1))

    (observed,), (error,) = difference(np.ones((1, n)))
    drawn, errors = difference(rng.multinomial(n, np.full(n, 1 / n), size=draws).astype(float))
    with np.errstate(divide="ignore", invalid="ignore"):  # a draw of one document has no error
        low, high = np.nanquantile((drawn - observed) / errors, [0.025, 0.975])
    return observed - high * error, observed - low * error


def measured(case, runs=RUNS):
    documents, (design, shared), sizes, (name, (noise, spread)) = case
    rng = np.random.default_rng(6)
    found = []
    for _ in range(runs):
        data = simulate(rng, documents, shared, sizes, noise, spread)
        low, high = difference_interval(*data)
        other_low, other_high = bootstrap_interval(rng, *data)
        p = permutation_p(*data, permutations=DRAWS)
        found.append((low <= 0 <= high, high - low, other_low <= 0 <= other_high, other_high - other_low, p <= 0.05))
    inside, width, other, other_width, rejected = np.array(found, float).T
    return {
        "documents": documents, "design": design, "statements": sizes, "distribution": name, "runs": runs,
        "coverage": inside.mean(), "width": np.median(width),
        "coverage_bootstrap": other.mean(), "width_bootstrap": np.median(other_width), "p_up_to_05": rejected.mean(),
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default="results")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    cases = list(itertools.product((20, 30, 60), SHARED.items(), SIZES, CASES.items()))
    with ProcessPoolExecutor(arguments.workers) as pool:
        table = pd.DataFrame(pool.map(measured, cases, itertools.repeat(arguments.runs)))
    print(table.round(3).to_string(index=False))
    inputs = stance.Inputs({"simulation": sha256(Path(__file__).read_bytes())}, "", None)
    stance.save("00_coverage", None, table, inputs, out=arguments.out)


if __name__ == "__main__":
    main()
