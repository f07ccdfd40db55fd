from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stance
from stance.analysis.terms import LEAST_WORDS, count_terms, distinctive_phrases, keyness, log_odds
from stance.schema import Document, Segment, Span, StanceError


def said(document, actor, words, number, **more):
    start = document.text.index(words)
    span = Span(document, start, start + len(words))
    given_ = {"kind": "indirect", "cue": (), "source": (), "parent": None, "confidence": 1.0, "context": span} | more
    return Segment(f"{document.id}:a{number}", (span,), actor, "E", "source", actor, "E", **given_)


def counted(segments, codebook, kind="word"):
    found = count_terms(segments, codebook)
    found = found[found["kind"] == kind]
    return {actor: dict(zip(part["term"], part["n"], strict=True)) for actor, part in found.groupby("actor")}


@pytest.fixture(scope="module")
def nested():
    document = Document("d", "He said that she thinks that the old bridges need new paint.")
    whole, inner = "she thinks that the old bridges need new paint", "the old bridges need new paint"
    return document, whole, inner


def test_a_statement_inside_one_of_the_same_actor_counts_once(nested, codebook):
    document, whole, inner = nested
    outer = said(document, "kremlin", whole, 1)
    twice = [outer, said(document, "kremlin", inner, 2, parent=outer.id)]
    pd.testing.assert_frame_equal(count_terms(twice, codebook), count_terms([outer], codebook))
    assert set(count_terms([outer], codebook)["words"]) == {9}


def test_a_statement_inside_one_of_another_actor_is_the_inner_ones(nested, codebook):
    document, whole, inner = nested
    found = counted([said(document, "kremlin", whole, 1), said(document, "kyiv", inner, 2)], codebook)
    assert found == {"kremlin": {"think": 1}, "kyiv": {"old": 1, "bridge": 1, "need": 1, "new": 1, "paint": 1}}
    unknown = counted([said(document, "kremlin", whole, 1), said(document, None, inner, 2)], codebook)
    assert unknown == {"kremlin": {"think": 1}}


def test_two_who_say_it_together_both_say_it(nested, codebook):
    document, _, inner = nested
    found = counted([said(document, actor, inner, i) for i, actor in enumerate(("kremlin", "kyiv"))], codebook)
    assert found["kremlin"] == found["kyiv"]


def test_names_and_stop_words_are_no_terms(codebook):
    document = Document("d", "She would like Vladimir Putin and the Kremlin to hold fair and honest talks.")
    segment = said(document, "kyiv", document.text, 1)
    assert set(counted([segment], codebook)["kyiv"]) == {"like", "hold", "fair", "honest", "talk"}
    phrases = counted([segment], codebook, "phrase")
    assert list(phrases["kyiv"]) == ["fair and honest talk"]


def test_mentions_are_not_what_an_actor_says(codebook):
    segments = stance.segment([Document("d", "Kyiv was not invited to the long talks.")], codebook)
    assert {s.role for s in segments} == {"mention"}
    assert count_terms(segments, codebook).empty
    assert count_terms([], codebook).columns.tolist() == ["actor", "kind", "term", "n", "words"]


def test_each_document_is_parsed_once(codebook, monkeypatch):
    parsed = Counter()
    import stance.analysis.terms as home

    real = home.parse
    monkeypatch.setattr(home, "parse", lambda document: parsed.update([document.id]) or real(document))
    documents = [Document(f"d{i}", "The old bridges need paint. New roads cost money.") for i in range(2)]
    segments = [said(d, "kyiv", part, i) for d in documents for i, part in enumerate(("old bridges", "New roads"))]
    count_terms([*segments, said(Document("e", "Nobody knows."), None, "Nobody", 1)], codebook)
    assert parsed == {"d0": 1, "d1": 1}


def table_of(counts, words=LEAST_WORDS, kind="word"):
    rows = [(actor, kind, term, n, words) for actor, terms in counts.items() for term, n in terms.items()]
    return pd.DataFrame(rows, columns=["actor", "kind", "term", "n", "words"])


def test_log_odds_by_hand():
    """Monroe, Colaresi and Quinn (2008), equations 16, 19 and 22, in fractions; prior of 10 words: 4, 6."""
    delta, error = log_odds(np.array([6, 4]), np.array([2, 8]), prior=10)
    assert delta[0] == pytest.approx(np.log((6 + 4) / (10 + 10 - 6 - 4)) - np.log((2 + 4) / (10 + 10 - 2 - 4)))
    assert error[0] == pytest.approx(np.sqrt(1 / 10 + 1 / 6))


def test_log_odds_are_those_of_the_posterior():
    """Draws from the two Dirichlet posteriors: the same middle and width, where counts are not tiny."""
    rng = np.random.default_rng(0)
    n, others = np.array([400, 120, 60, 900, 2000]), np.array([300, 240, 50, 1500, 1400])
    prior = 500 * (n + others) / (n + others).sum()
    drawn = [rng.dirichlet(counts + prior, 200_000) for counts in (n, others)]
    delta = np.log(drawn[0] / (1 - drawn[0])) - np.log(drawn[1] / (1 - drawn[1]))
    mean, error = log_odds(n, others)
    assert mean == pytest.approx(delta.mean(axis=0), abs=0.005)
    rare = (n + others) / (n + others).sum() < 0.1  # the published error leaves out a part that grows with frequency
    assert error[rare] == pytest.approx(delta.std(axis=0)[rare], rel=0.06)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)).filter(any), min_size=2, max_size=30))
def test_turned_round_the_odds_turn_sign(pairs):
    n, others = np.array(pairs).T
    (delta, error), (turned, same) = log_odds(n, others), log_odds(others, n)
    assert np.isfinite(delta).all() and (error > 0).all()
    assert delta == pytest.approx(-turned) and error == pytest.approx(same)


def test_keyness_ranks_what_sets_an_actor_apart():
    counts = {"a": {"war": 80, "peace": 20, "talk": 50, "rare": 2}, "b": {"war": 20, "peace": 80, "talk": 50}}
    found = keyness(table_of(counts))
    assert found.columns.tolist() == [
        "actor", "kind", "term", "n", "n_others", "words", "words_others", "log_odds", "low", "high", "z",
    ]  # fmt: skip
    assert found.groupby("actor", sort=False)["term"].first().to_dict() == {"a": "war", "b": "peace"}
    war = found.iloc[0]
    assert (war["n"], war["n_others"], war["words"], war["words_others"]) == (80, 20, LEAST_WORDS, LEAST_WORDS)
    assert 0 < war["low"] < war["log_odds"] < war["high"]
    assert found.set_index(["actor", "term"]).loc[("a", "rare"), "low"] < 0
    assert keyness(table_of(counts), most=1)["term"].tolist() == ["war", "peace"]


def test_words_and_phrases_are_counted_apart():
    words, phrases = {"a": {"war": 80, "peace": 20}, "b": {"war": 20, "peace": 80}}, {"a": {"x y": 9}, "b": {"v w": 9}}
    found = keyness(pd.concat([table_of(words), table_of(phrases, kind="phrase")]))
    alone = keyness(table_of(words))
    pd.testing.assert_frame_equal(found[found["kind"] == "word"].reset_index(drop=True), alone)


@pytest.mark.parametrize(
    "terms",
    [
        table_of({"a": {"x": 9, "y": 1}, "b": {"x": 1, "y": 9}}, words=LEAST_WORDS - 1),
        table_of({"a": {"x": 9, "y": 1}}),
        table_of({}),
        table_of({"a": {"x": 9}, "b": {"x": 9}}),
        pd.concat([table_of({"a": {"x": 9, "y": 1}}), table_of({"b": {"x": 1, "y": 9}}, words=40)]),
    ],
)
def test_too_few_words_are_no_keyness(terms):
    found = keyness(terms)
    assert found.empty
    assert "log_odds" in found


def test_a_prior_of_nothing():
    with pytest.raises(StanceError, match="'prior' parameter of keyness must be above 0. Got 0"):
        keyness(table_of({"a": {"x": 1}}), prior=0)


def test_distinctive_phrases_are_said_more_often_than_by_all_others():
    phrases = {
        "a": {"fair deal": 2, "long war": 1, "own way": 1},
        "b": {"long war": 1, "new paint": 3},
        "c": {"own way": 2},
    }
    found = distinctive_phrases(table_of(phrases, 40, "phrase"))
    assert found[["actor", "term", "n", "n_others", "words_others"]].to_numpy().tolist() == [
        ["a", "fair deal", 2, 0, 80], ["b", "new paint", 3, 0, 80], ["c", "own way", 2, 1, 80],
    ]  # fmt: skip
    assert distinctive_phrases(table_of({})).columns.tolist() == found.columns.tolist()


def test_the_sample_has_distinctive_phrases(sample_segments, codebook):
    terms = count_terms(sample_segments, codebook)
    assert keyness(terms).empty
    found = distinctive_phrases(terms, most=5)
    assert found["actor"].nunique() >= 3 and (found.groupby("actor").size() <= 5).all()
