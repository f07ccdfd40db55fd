import itertools

import numpy as np
import pytest
from scipy import stats

from stance.analysis import intervals as inference
from stance.analysis.intervals import adjusted, difference_interval, equal_means_p, mean_interval, permutation_p


@pytest.fixture(scope="module")
def study(script):
    return script("benchmarks/coverage.py")


def by_hand(values, in_a, clusters):
    """Difference and cluster-robust error, written out."""
    n, ids = len(values), np.unique(clusters)
    a, b = values[in_a].mean(), values[~in_a].mean()
    sums = [
        (values[in_a & (clusters == g)] - a).sum() / in_a.sum()
        - (values[~in_a & (clusters == g)] - b).sum() / (~in_a).sum()
        for g in ids
    ]
    return a - b, np.sqrt(np.square(sums).sum() * len(ids) / (len(ids) - 1) * (n - 1) / (n - 2))


@pytest.mark.parametrize("shared", [1.0, 0.0, 0.5])
def test_the_interval_is_that_of_the_textbook(study, shared):
    values, in_a, clusters = study.simulate(np.random.default_rng(1), shared=shared, sizes="1 to 20, mean 4")
    difference, error = by_hand(values, in_a, clusters)
    half = stats.t.ppf(0.975, 29) * error
    assert difference_interval(values, in_a, clusters) == pytest.approx((difference - half, difference + half))


def test_fewer_documents_of_one_actor_leave_fewer_degrees_of_freedom(study):
    values, in_a, clusters = study.simulate(np.random.default_rng(1), shared=0.0, fewer=0.5)
    difference, error = by_hand(values, in_a, clusters)
    assert difference_interval(values, in_a, clusters)[1] == pytest.approx(difference + stats.t.ppf(0.975, 14) * error)


def test_one_statement_a_document_is_students_mean():
    values = np.random.default_rng(0).normal(size=25)
    expected = stats.t.interval(0.95, 24, values.mean(), stats.sem(values))
    assert mean_interval(values, np.array([f"d{i}" for i in range(25)])) == pytest.approx(expected)


def test_a_weighted_mean_and_its_error_written_out():
    rng = np.random.default_rng(2)
    values, clusters, weights = rng.normal(size=24), np.repeat(np.arange(8), 3), rng.uniform(0.2, 3, 24)
    mean = np.average(values, weights=weights)
    sums = np.bincount(clusters, weights * (values - mean))
    half = stats.t.ppf(0.975, 7) * np.sqrt(np.square(sums).sum() * 8 / 7) / weights.sum()
    assert mean_interval(values, clusters, weights) == pytest.approx((mean - half, mean + half))
    assert mean_interval(values, clusters, weights * 9) == pytest.approx((mean - half, mean + half))
    assert mean_interval(values, clusters, np.full(24, 9)) == pytest.approx(mean_interval(values, clusters))


@pytest.mark.parametrize(
    ("design", "sizes", "noise", "spread", "low", "high"),
    [
        (1.0, "1 to 20, mean 4", "normal", 1.0, 0.925, 0.97),
        (0.0, "1 to 20, mean 4", "normal", 1.0, 0.925, 0.97),
        (0.5, "1 to 20, mean 4", "normal", 1.0, 0.925, 0.97),
        (0.5, "4 each", "uniform", 1.0, 0.925, 0.97),
        (0.0, "4 each", "lognormal", -1.0, 0.85, 0.97),
    ],
)
def test_intervals_of_30_documents_hold_the_truth(study, design, sizes, noise, spread, low, high):
    rng = np.random.default_rng(6)
    intervals = (difference_interval(*study.simulate(rng, 30, design, sizes, noise, spread)) for _ in range(study.RUNS))
    coverage = np.mean([bottom <= 0 <= top for bottom, top in intervals])
    print(
        f"{design:.0%} of documents shared, {sizes}, {noise}: {coverage:.1%} of {study.RUNS} intervals hold the truth"
    )
    assert low <= coverage <= high


@pytest.mark.parametrize(
    ("shared", "noise", "spread", "fewer"),
    [
        (1.0, "normal", 1.0, 1.0),
        (0.0, "normal", 1.0, 1.0),
        (0.5, "lognormal", 1.0, 1.0),
        (0.5, "normal", 3.0, 1.0),
        (0.0, "normal", 3.0, 0.7),
    ],
)
def test_p_values_are_uniform_where_nothing_differs(study, shared, noise, spread, fewer):
    rng = np.random.default_rng(8)
    data = (study.simulate(rng, 30, shared, "1 to 20, mean 4", noise, spread, fewer) for _ in range(1_000))
    p = np.array([permutation_p(*drawn, permutations=199) for drawn in data])
    print(f"shared {shared}, {noise}, spread {spread}, fewer {fewer}: p ≤ .05 in {np.mean(p <= 0.05):.1%}")
    assert 0.03 <= np.mean(p <= 0.05) <= 0.075
    assert 0.45 <= np.mean(p <= 0.5) <= 0.55
    assert stats.kstest(p, "uniform").pvalue > 1e-3


def test_all_exchanges_are_as_in_scipy():
    """Each actor in its own documents, one statement each: the plain permutation test."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(0.8, 1, 20), rng.normal(0, 1, 20)
    values, in_a = np.r_[a, b], np.arange(40) < 20

    def welch(x, y, axis=-1):
        return (x.mean(axis) - y.mean(axis)) / np.sqrt(x.var(axis) + y.var(axis))

    expected = stats.permutation_test((a, b), welch, n_resamples=9_999, rng=4, vectorized=True).pvalue
    assert permutation_p(values, in_a, np.arange(40)) == pytest.approx(expected, abs=0.02)


def test_swaps_within_documents_are_as_in_scipy():
    """Both actors in every document: the sign test's exchanges."""
    rng = np.random.default_rng(5)
    common = rng.normal(0, 3, 25)
    a, b = common + rng.normal(0.25, 0.5, 25), common + rng.normal(0, 0.5, 25)

    def paired(x, y, axis=-1):
        return (x - y).mean(axis) / (x - y).std(axis)

    expected = stats.permutation_test(
        (a, b), paired, permutation_type="samples", n_resamples=9_999, rng=4, vectorized=True
    ).pvalue
    found = permutation_p(np.r_[a, b], np.arange(50) < 25, np.tile(np.arange(25), 2))
    assert found == pytest.approx(expected, abs=0.02)


def exchanged(in_a, clusters):
    """Every way to exchange groups: as blocks in a document that holds both, else as whole documents."""
    held = {g: set(in_a[clusters == g]) for g in np.unique(clusters)}
    both, alone = ([g for g in held if (len(held[g]) == 2) is shared] for shared in (True, False))
    n_a = sum(held[g] == {True} for g in alone)
    for chosen in itertools.combinations(alone, n_a):
        for swapped in itertools.product([False, True], repeat=len(both)):
            turned = [g for g, turn in zip(both, swapped, strict=True) if turn]
            yield np.where(np.isin(clusters, alone), np.isin(clusters, chosen), in_a ^ np.isin(clusters, turned))


@pytest.mark.parametrize("lift", [0.0, 0.5, 2.0])
def test_p_is_the_share_of_all_exchanges_that_are_as_extreme(lift):
    """Where all can be written out: three documents of both, two of each alone. The mirror image is a tie."""
    clusters = np.array([0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 6])
    in_a = np.array([1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0], bool)
    rng = np.random.default_rng(1)
    values = rng.normal(size=14) + rng.normal(0, 2, 7)[clusters] + lift * in_a  # what is in one document is alike

    def extreme(labels):
        difference, error = by_hand(values, labels, clusters)
        return abs(difference) / error

    found = np.array([extreme(labels) for labels in exchanged(in_a, clusters)])
    assert len(found) == 48
    expected = np.mean(found >= extreme(in_a) * (1 - 1e-9))
    assert permutation_p(values, in_a, clusters) == pytest.approx(expected, abs=0.015)


def test_p_does_not_depend_on_how_much_is_computed_at_once(study, monkeypatch):
    """Nor on how often it is asked."""
    data = study.simulate(np.random.default_rng(2), shared=1.0, noise="normal")
    first = permutation_p(*data)
    assert permutation_p(*data) == first
    monkeypatch.setattr(inference, "_CELLS", 1_000)
    assert permutation_p(*data) == pytest.approx(first, abs=0.02)


@pytest.mark.parametrize("at_once", [1, 7, 100, 1_000])
def test_no_difference_has_a_p_of_1_however_many_are_computed_at_once(at_once, monkeypatch):
    monkeypatch.setattr(inference, "_CELLS", at_once * 6)
    values = np.array([1, -1, 2, -2, 0, 0, 3, -3, 1, -1, 0, 0], float)
    in_a, clusters = (
        np.array([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], bool),
        np.array([0, 1, 2, 3, 0, 1, 0, 1, 4, 5, 4, 5]),
    )
    assert permutation_p(values, in_a, clusters, permutations=100) == 1


def test_degrees_of_freedom_can_be_others():
    values, clusters, in_a = np.random.default_rng(3).normal(size=24), np.arange(24) // 2, np.arange(24) < 10
    for interval, usual in (
        (lambda **freedom: mean_interval(values, clusters, **freedom), 11),
        (lambda **freedom: difference_interval(values, in_a, clusters, **freedom), 4),
    ):
        widths = [np.diff(interval(**freedom))[0] for freedom in ({}, {"freedom": 3})]
        assert widths[1] / widths[0] == pytest.approx(stats.t.ppf(0.975, 3) / stats.t.ppf(0.975, usual))


@pytest.mark.parametrize("values", [np.full(80, 1 / 3), np.where(np.arange(80) % 2, 0.1, -0.4)])
def test_no_spread_gives_neither_interval_nor_p(values):
    in_a, clusters = np.arange(80) % 2 == 0, np.repeat(np.arange(20), 4)
    assert np.isnan(difference_interval(values, in_a, clusters)).all()
    assert np.isnan(permutation_p(values, in_a, clusters))
    assert np.isnan(mean_interval(values[in_a], clusters[in_a])).all()


BENJAMINI_HOCHBERG = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459,
    0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip
"""The 15 p-values of their paper (1995, section 3.2), where the procedure rejects four at 0.05."""


def test_false_discoveries_as_published():
    q = adjusted(np.array([*BENJAMINI_HOCHBERG[::-1], np.nan]))
    assert np.isnan(q[-1])
    assert (q[:-1][::-1] <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert np.isnan(adjusted(np.array([np.nan, np.nan]))).all()


def test_equal_means_of_two_groups_is_the_t_test_of_their_difference():
    rng = np.random.default_rng(8)
    clusters = np.repeat(np.arange(80), 2)
    in_a = clusters < 6
    values = rng.normal(size=160) + 0.6 * in_a
    low, high = difference_interval(values, in_a, clusters)
    error = (high - low) / 2 / stats.t.ppf(0.975, 5)
    expected = 2 * stats.t.sf(abs((low + high) / 2) / error, 5)
    assert equal_means_p(values, in_a, clusters) == pytest.approx(expected, rel=1e-6)


def test_equal_means_of_three_groups_written_out():
    """Hotelling's statistic of two differences; the group in the fewest clusters gives the degrees of freedom."""
    rng = np.random.default_rng(9)
    groups, clusters = np.repeat([0, 1, 2], [24, 16, 32]), np.arange(72) // 4  # in 6, 4 and 8 clusters
    values, weights = rng.normal(size=72) + 0.5 * groups, rng.uniform(0.2, 3, 72)
    means = np.array([np.average(values[groups == g], weights=weights[groups == g]) for g in range(3)])
    sums = np.zeros((18, 3))
    np.add.at(sums, (clusters, groups), weights * (values - means[groups]) / np.bincount(groups, weights)[groups])
    errors = sums.T @ sums * 18 / 17 * 71 / 69
    differences = np.array([[-1, 1, 0], [-1, 0, 1]])
    apart = differences @ means
    statistic = apart @ np.linalg.solve(differences @ errors @ differences.T, apart) / 2
    assert equal_means_p(values, groups, clusters, weights) == pytest.approx(stats.f.sf(statistic, 2, 3), rel=1e-6)


@pytest.mark.parametrize(("values", "is_nothing"), [([0.1, -0.4], True), ([1 / 3, 1 / 3], True), ([0.1, None], False)])
def test_groups_that_do_not_vary_have_no_p_unless_one_does(values, is_nothing):
    groups, clusters = np.arange(80) % 2, np.repeat(np.arange(20), 4)
    noise = np.random.default_rng(4).normal(size=80)
    column = np.where(groups == 0, values[0], noise if values[1] is None else values[1])
    assert np.isnan(equal_means_p(column, groups, clusters)) == is_nothing
