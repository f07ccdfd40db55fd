import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.analysis.bootstrap import resamples
from stance.validation.gold import Marked
from stance.validation.unitizing import continuum, laid, located, where_alpha, whose_alpha


def text_of(length, first, second):
    """A text in which two readers marked units, as (start, end, value)."""
    return continuum(range(length), *([(range(a, b), value) for a, b, value in units] for units in (first, second)))


def segments(length, units):
    """Units and the gaps between them, as the papers have them: (start, end, value), None for a gap."""
    found, at = [], 0
    for start, end, value in sorted(units):
        found += [(at, start, None)] * (at < start) + [(start, end, value)]
        at = end
    return found + [(at, length, None)] * (at < length)


def overlap(a, b):
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def defined(length, first, second):
    """Both alphas by the definition, pair of segments by pair of segments."""
    both = segments(length, first), segments(length, second)
    pairs = [(g, h, overlap(g, h)) for i in (0, 1) for g in both[i] for h in both[1 - i]]
    everything = [g for part in both for g in part]
    total = sum(n for *_, n in pairs)
    gaps = sum(n for g, _, n in pairs if g[2] is None)
    alone = sum((b - a) if value is None else (b - a) ** 2 for a, b, value in everything)
    expected = gaps * (total - gaps) / (total - alone / total)
    observed = sum(n for g, h, n in pairs if (g[2] is None) < (h[2] is None))
    where = 1 - observed / expected if expected else np.nan
    shared = [(g, h, n) for g, h, n in pairs if g[2] is not None and h[2] is not None]
    total = sum(n for *_, n in shared)
    if not total:
        return where, np.nan
    expected, observed = total, total
    lengths = [(g, sum(overlap(g, h) for h in both[1 - i] if h[2] is not None)) for i in (0, 1) for g in both[i]]
    lengths = [(g, n) for g, n in lengths if g[2] is not None]
    alone = sum(n**2 for _, n in lengths)
    for value in {g[2] for g, _ in lengths}:
        of_value = [n for g, n in lengths if g[2] == value]
        same = (sum(of_value) ** 2 - sum(n**2 for n in of_value)) / (total - alone / total)
        expected -= same
        observed -= sum(n for g, h, n in shared if g[2] == h[2] == value)
    return where, 1 - observed / expected if expected > 1e-9 else np.nan


@st.composite
def readings(draw):
    length = draw(st.integers(2, 30))

    def units():
        edges = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
        pairs = list(zip(edges[::2], edges[1::2], strict=False))
        return [(a, b, draw(st.sampled_from("xyz"))) for a, b in pairs]

    return length, units(), units()


@pytest.mark.parametrize(
    ("length", "first", "second", "where"),
    [
        (10, [(0, 4, "x")], [(0, 4, "x")], 1),
        # 8 places in units, 12 in gaps; chance: 8 · 12 / (20 - (12 + 16 + 16) / 20); 4 readings differ
        (10, [(0, 4, "x")], [(2, 6, "x")], 1 - 4 / (96 / 17.8)),
        # nothing in common, so less than chance
        (10, [(0, 4, "x")], [(6, 10, "x")], 1 - 8 / (96 / 17.8)),
        # one found, one missed: 4 differ; 12 in units, 8 in gaps; 8 + 3 · 16 pairs with itself
        (10, [(0, 4, "x"), (5, 9, "x")], [(0, 4, "x")], 1 - 4 / (96 / (20 - 56 / 20))),
        (10, [], [], np.nan),
        (4, [(0, 4, "x")], [(0, 4, "y")], np.nan),
    ],
)
def test_where_by_hand(length, first, second, where):
    assert where_alpha([text_of(length, first, second)])[0] == pytest.approx(where, nan_ok=True)


@pytest.mark.parametrize(
    ("first", "second", "whose"),
    [
        ([(0, 3, "x"), (5, 8, "y")], [(0, 3, "x"), (5, 8, "y")], 1),
        # 3 + 3 places, 12 readings: 9 are x, 3 are y, 6 differ. Chance alike: x 81 - 27, y 9 - 9, over 12 - 36 / 12
        ([(0, 3, "x"), (5, 8, "y")], [(0, 3, "x"), (5, 8, "x")], 1 - 6 / (12 - 54 / 9)),
        # where only one has a unit does not count
        ([(0, 3, "x"), (5, 8, "y")], [(0, 3, "x"), (5, 8, "y"), (8, 10, "x")], 1),
        ([(0, 3, "x")], [(0, 3, "x")], np.nan),
        ([(0, 3, "x")], [(5, 8, "x")], np.nan),
    ],
)
def test_whose_by_hand(first, second, whose):
    assert whose_alpha([text_of(10, first, second)])[0] == pytest.approx(whose, nan_ok=True)


@given(readings())
def test_it_is_what_the_papers_define(read):
    text = text_of(*read)
    found = where_alpha([text])[0], whose_alpha([text])[0]
    assert found == pytest.approx(defined(*read), nan_ok=True)
    assert not any(alpha > 1 + 1e-9 for alpha in found)


@given(readings())
def test_the_two_readers_are_equals(read):
    length, first, second = read
    there, back = text_of(length, first, second), text_of(length, second, first)
    assert where_alpha([there]) == pytest.approx(where_alpha([back]), nan_ok=True)
    assert whose_alpha([there]) == pytest.approx(whose_alpha([back]), nan_ok=True)


@given(readings(), st.integers(1, 5))
def test_where_a_unit_lies_in_the_text_is_the_same(read, by):
    """Gaps before and after are gaps; only how many there are counts."""
    length, first, second = read
    moved = [[(a + by, b + by, value) for a, b, value in units] for units in (first, second)]
    before, after = text_of(length + by, first, second), text_of(length + by, *moved)
    assert where_alpha([before]) == pytest.approx(where_alpha([after]), nan_ok=True)
    assert whose_alpha([before]) == pytest.approx(whose_alpha([after]), nan_ok=True)


@given(readings())
def test_the_same_marks_agree_wholly(read):
    length, units, _ = read
    text = text_of(length, units, units)
    for alpha in (where_alpha([text])[0], whose_alpha([text])[0]):
        assert alpha == pytest.approx(1) or np.isnan(alpha)


def test_chance_gives_nothing():
    rng = np.random.default_rng(2)

    def units():
        starts = np.cumsum(rng.integers(10, 122, 60))  # all over the text
        return [(int(a), int(a + rng.integers(3, 10)), "xy"[rng.integers(2)]) for a in starts]

    found = [text_of(4000, units(), units()) for _ in range(200)]
    assert np.mean([where_alpha([text])[0] for text in found]) == pytest.approx(0, abs=0.03)
    assert np.nanmean([whose_alpha([text])[0] for text in found]) == pytest.approx(0, abs=0.05)


@given(readings(), readings())
def test_texts_are_read_as_one_and_may_be_weighted(a, b):
    joined = a[0] + b[0], *(a[i] + [(x + a[0], y + a[0], value) for x, y, value in b[i]] for i in (1, 2))
    texts = [text_of(*a), text_of(*b)]
    for measure in (where_alpha, whose_alpha):
        assert measure(texts) == pytest.approx(measure([text_of(*joined)]), nan_ok=True)
        twice = measure(texts, np.array([[2, 1], [0, 1]]))
        assert twice == pytest.approx(np.concatenate([measure([texts[0], *texts]), measure(texts[1:])]), nan_ok=True)


def said(start, end, actor="ann", level="core"):
    return Marked(level, "direct", (), ((start, end),), frozenset({actor}))


def test_what_need_not_be_found_is_left_out():
    text = "abcdefghij"
    found = laid(text, [said(0, 4), said(2, 4, "bob", "nested"), said(6, 8, "bob", "optional")], [said(0, 4)])
    assert found.units.shape == (2, 8)
    assert where_alpha([found]) == pytest.approx(1)


def test_of_statements_inside_others_the_outer_one_counts():
    found = laid("abcdefghij", [said(0, 4)], [said(2, 6, "bob", "nested"), said(0, 4)])
    assert found.units.tolist() == [[0] * 4 + [-1] * 6, [1] * 4 + [2] * 2 + [-1] * 4]


def test_an_interval_takes_texts_as_they_are_drawn():
    texts = [text_of(20, [(0, 6, "x"), (9, 12, "y")], [(0, 6 - i % 3, "x"), (9, 12, "xy"[i % 2])]) for i in range(20)]
    found = located(texts, resamples(20, None, np.random.default_rng(0)), valued=True)
    for name in ("where", "whose"):
        assert found[f"{name}_low"] < found[f"{name}_alpha"] < found[f"{name}_high"] <= 1
    assert set(located(texts, None, valued=True)) == {"where_alpha", "whose_alpha"}
    assert set(located(texts[:1], None, valued=False)) == {"where_alpha"}
    assert np.isnan(located([text_of(5, [], [])], np.ones((3, 1)), valued=True)["where_alpha"])
