import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.analysis.tables import to_frame
from stance.codebook import Hypotheses
from stance.schema import Document, Segment, Span
from stance.scoring.entailment import judge, phrase
from stance.scoring.measures import question, score_frames, score_sentiment, score_stance
from stance.scoring.model import NO_PROBABILITIES
from stance.scoring.premises import MARKS, Item, mark
from tests.support.fakes import FakeModel, Taught

BOTH = Hypotheses(favor=("{actor} likes {target}.", "{actor} backs {target}."), against=("{actor} hates {target}.",))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=30), st.text(min_size=1, max_size=5)), min_size=1, max_size=8),
    st.sampled_from(["one", "all"]),
)
def test_probabilities_sum_to_one_and_do_not_depend_on_the_others(rows, wordings):
    items = [Item(text, None, target) for text, target in rows]
    together = judge(items, BOTH, FakeModel(), wordings=wordings)
    alone = [judge([item], BOTH, FakeModel(), wordings=wordings)[0] for item in items]
    assert together == alone
    for judgement in together:
        for triple in (judgement.mean, *judgement.by_wording):
            assert sum(triple) == pytest.approx(1)


def test_identical_pairs_are_asked_once():
    model = FakeModel()
    judge([Item("same", "A", "it")] * 5, BOTH, model)
    assert [len(pairs) for pairs in model.asked] == [3]


def test_long_premises_are_read_in_windows():
    model = FakeModel()
    model.windows = lambda premise, hypothesis: [premise[:4], premise[4:]]
    (got,) = judge([Item("longtext", "A", "it")], BOTH, model, wordings="one")
    assert got.n_windows == 2


def test_wordings_are_one_or_all():
    with pytest.raises(ValueError, match="must be 'all' or 'one'. Got 'two'"):
        judge([], BOTH, FakeModel(), wordings="two")


def test_stance_keeps_every_segment_and_says_why_one_is_unscored(sample_segments, codebook, fake_model):
    scores = score_stance(sample_segments, codebook.target(), fake_model)
    assert [s.segment for s in scores] == sample_segments
    for score in scores:
        assert (score.probabilities is None) == (score.reason is not None)


def test_a_statement_inside_the_same_actors_statement_is_not_counted_twice(sample_segments, codebook, fake_model):
    scores = {s.segment.id: s for s in score_stance(sample_segments, codebook.target(), fake_model)}
    nested = [s for s in scores.values() if s.segment.role == "source" and s.segment.parent]
    assert nested
    for score in nested:
        same = scores[score.segment.parent].segment.actor == score.segment.actor
        assert (score.reason is not None) == same


def test_sentiment_asks_about_the_actor_with_the_voice_as_holder(of_text, fake_model):
    fake_model.marks = {"target"}
    segments = of_text("Trump said that Zelensky was late. Putin left.")
    score_sentiment(segments, fake_model, wordings="one")
    (pairs,) = fake_model.asked
    assert pairs == [
        ("Trump said that * Zelensky * was late.", "Donald Trump is positive about Volodymyr Zelensky."),
        ("* Putin * left.", "The text is positive about Vladimir Putin."),
    ]


def test_the_premise_is_the_full_sentence(sample_segments):
    for segment in sample_segments:
        if not segment.named:
            assert segment.context.text.split() == question(segment, None, "", {}).premise.split()


def test_holder_and_target_are_marked_where_they_stand_and_pronouns_named(of_text, fake_model, codebook):
    fake_model.marks = {"target", "holder"}
    segments = of_text("Putin spoke. He said that Zelensky was late.")
    score_sentiment(segments, fake_model, wordings="one")
    assert (
        "[ Vladimir Putin ] said that * Zelensky * was late.",
        "Vladimir Putin is positive about Volodymyr Zelensky.",
    ) in fake_model.asked[0]
    score_stance(segments, codebook.target(), fake_model, wordings="one")
    assert any(premise == "[ Vladimir Putin ] said that Zelensky was late." for premise, _ in fake_model.asked[1])


PASSAGE = Document("d", "It rained. He said his wife likes it. He left.")


def at(words, nth=0, document=PASSAGE):
    start = [m.start() for m in re.finditer(re.escape(words), document.text)][nth]
    return Span(document, start, start + len(words))


def said(spans, context, id="d:a1", document=PASSAGE, **more):
    """A statement of Putin's."""
    fields = {"actor": "kremlin", "entity": "Putin", "role": "source", "voice": "kremlin", "voice_entity": "Putin",
              "kind": "indirect", "cue": (), "source": (), "parent": None, "confidence": 1.0}  # fmt: skip
    return Segment(
        id, tuple(at(words, document=document) for words in spans), context=at(context, document=document),
        **fields | more,
    )  # fmt: skip


HE, WIFE, IT = (at("He"), "Vladimir Putin"), (at("his wife"), "Anna"), (at("it", 0), "the deal")
OUTSIDE = (at("It"), "The sky"), (at("He", 1), "Nobody")


@pytest.mark.parametrize(
    ("named", "places", "premise"),
    [
        ((), {}, "He said his wife likes it"),
        (OUTSIDE, {"target": at("rained")}, "He said his wife likes it"),
        ((), {"holder": at("He"), "target": at("it")}, "[ He ] said his wife likes * it *"),
        ((HE, IT), {"holder": HE[0], "target": IT[0]}, "[ Vladimir Putin ] said his wife likes * the deal *"),
        (
            (*OUTSIDE, WIFE, HE, IT),
            {"holder": HE[0], "target": IT[0], "statement": at("his wife likes it")},
            "[ Vladimir Putin ] said < Anna likes * the deal * >",
        ),
        ((HE, WIFE), {"target": at("his")}, "Vladimir Putin said * Anna * likes it"),  # a part of it is all of it
        ((HE, WIFE), {"target": at("wife")}, "Vladimir Putin said Anna likes it"),  # nothing is left of it
    ],
)
def test_names_stand_for_pronouns_and_marks_stay_where_they_were(named, places, premise):
    segment = said(["his wife likes it"], "He said his wife likes it")
    assert question(segment, None, "it", places, MARKS, named).premise == premise


@pytest.mark.parametrize(
    ("target", "places", "focus"),
    [
        ("he", {}, [(0, 2)]),
        ("It", {}, [(23, 25)]),
        ("it", {"target": at("wife")}, [(12, 16)]),
        ("he", {"statement": at("his wife likes it")}, [(8, 25)]),
        ("it", {"statement": at("his wife likes it")}, [(23, 25)]),
    ],
)
def test_a_target_is_read_where_it_stands_or_where_it_is_named(target, places, focus):
    segment = said(["his wife likes it"], "He said his wife likes it")
    assert question(segment, None, target, places).focus == tuple(focus)


class Told(Taught):
    """Takes the target up in words with "talks", and only where the holder is not Lavrov."""

    marks = frozenset({"statement"})

    def predict(self, pairs):
        self.asked += pairs
        is_up = ["speaks about" not in h or ("Lavrov" not in h and "talks" in p.partition("<")[2]) for p, h in pairs]
        return np.array([[0.9, 0.1, 0.0] if up else [0.2, 0.8, 0.0] for up in is_up])


TOGETHER = "said together with another of the same actor, whose statement is scored"
BESIDE = "the statement does not take the target up (p_addressed 0.2000, below 0.5)"
NOBODY = "the source is no actor of the codebook, or unclear"
DENIED = "not stated: the text says that it was not said"
INSIDE = "inside another statement of the same actor, which is scored"
LAVROV = {"entity": "Lavrov"}
MENTION = {"id": "d:m1", "role": "mention", "about": at("He")}


@pytest.mark.parametrize(
    ("made", "reasons"),
    [
        ([MENTION, {}, {"id": "d:a2", **LAVROV}], [None, None, BESIDE]),
        ([{"id": "d:a0", "actor": None}, {}, {"id": "d:a2", **LAVROV}], [NOBODY, None, BESIDE]),
        ([{"status": "denied"}, {"id": "d:a2"}], [DENIED, None]),
        ([{**MENTION, "status": "denied"}], [DENIED]),
        ([{"id": "d:a1.1"}, {"id": "d:a1.2"}], [None, TOGETHER]),
        ([{"id": "d:a1.1", **LAVROV}, {"id": "d:a1.2"}], [BESIDE, None]),
        ([{"id": "d:a1.1"}, {"id": "d:a1.2", **LAVROV}], [None, BESIDE]),
        ([{"id": "d:a1.1"}, {"id": "d:a1.2", "actor": "white_house"}], [None, None]),
        ([{}, {"id": "d:a2", "parent": "d:a1"}], [None, INSIDE]),
        ([LAVROV, {"id": "d:a2", "parent": "d:a1"}], [BESIDE, None]),
        ([{"status": "denied"}, {"id": "d:a2", "parent": "d:a1"}], [DENIED, None]),
        ([{}, {"id": "d:a2", "parent": "d:a1", "actor": "white_house"}], [None, None]),
        ([{}, {**MENTION, "parent": "d:a1"}], [None, None]),
    ],
)
def test_what_counts_and_why_the_rest_does_not(made, reasons, codebook):
    document = Document("d", "He said the talks failed.")
    segments = [said(["the talks failed"], document.text, document=document, **{"id": "d:a1", **one}) for one in made]
    scores = score_stance(segments, codebook.target(), Told(""))
    assert [s.reason for s in scores] == reasons
    assert [s.probabilities is not None for s in scores] == [reason in (None, BESIDE) for reason in reasons]
    statements = [s for s in scores if s.segment.role == "source"]
    frames = score_frames(segments, codebook.frames, codebook.target(), Told(""))
    assert [s.reason for s in frames] == [s.reason for s in statements for _ in codebook.frames]
    assert [s.probabilities is not None for s in frames] == [s.reason is None for s in frames]


def test_what_is_not_scored_is_not_asked_and_moves_no_answer_to_another(codebook):
    """Each score is what it is alone, whatever stands before it."""
    document = Document("d", "He said the talks failed. She said the war failed.")
    words = ["He said the talks failed.", "She said the war failed."]
    mentions = [
        said([text], text, id=f"d:m{i}", role="mention", about=at("said", n, document), document=document, **more)
        for i, (n, text, more) in enumerate(
            [(0, words[0], {"status": "denied"}), (0, words[0], {"voice": None}), (1, words[1], {})]
        )
    ]
    denied, unknown, counted = score_sentiment(mentions, FakeModel())
    assert (denied.reason, denied.probabilities, denied.n_windows) == (DENIED, None, 0)
    assert unknown.reason == "these are the words of somebody the codebook does not know" and not unknown.probabilities
    assert score_sentiment(mentions[2:], FakeModel()) == [counted] and counted.n_windows == 1
    statements = [
        said([text], text, id=f"d:a{i}", document=document, **more)
        for i, (text, more) in enumerate([(words[0], {"status": "denied"}), (words[0], LAVROV), (words[1], {})])
    ]

    class Half(FakeModel):
        addressed = 0.5

        def predict(self, pairs):
            found = super().predict(pairs)
            for row, (_, asked) in zip(found, pairs, strict=True):
                if "speaks about" in asked:
                    row[:] = [0.1, 0.9, 0] if "Lavrov" in asked else [0.9, 0.1, 0]
            return found

    frames = score_frames(statements, codebook.frames, codebook.target(), Half())
    n = len(codebook.frames)
    assert frames[2 * n :] == score_frames(statements[2:], codebook.frames, codebook.target(), Half())
    assert not any(s.probabilities for s in frames[: 2 * n])
    silent = FakeModel()
    score_stance(statements[:1], codebook.target(), silent)
    assert not any(silent.asked)


def test_a_statement_whose_address_is_not_known_has_no_score(codebook):
    class Silent(Told):
        def predict(self, pairs):
            return np.array([[np.nan] * 3 if "speaks about" in h else [0.9, 0.1, 0.0] for _, h in pairs])

    (score,) = score_stance([said(["likes it"], "He said his wife likes it")], codebook.target(), Silent(""))
    assert (score.reason, score.probabilities) == (NO_PROBABILITIES, None)


def test_a_statement_in_two_parts_is_marked_from_the_first_to_the_last(codebook):
    model = Told("")
    score_stance([said(["said his", "likes it"], "He said his wife likes it")], codebook.target(), model)
    assert {premise for premise, _ in model.asked} == {"He < said his wife likes it >"}


@pytest.mark.parametrize(
    ("source", "voice", "holder"),
    [((at("He"),), "kremlin", "[ He ]"), ((), "kremlin", "He"), ((at("He"),), "narrator", "[ He ]")],
)
def test_the_holder_of_a_sentiment_stands_where_the_statement_has_its_source(source, voice, holder):
    model = FakeModel()
    model.marks = {"holder"}
    outer = said(["his wife likes it"], "He said his wife likes it", source=source)
    mention = said(
        ["his wife likes it"], "He said his wife likes it", id="d:m1", role="mention", parent="d:a1", voice=voice,
        about=at("wife"), actor="a", entity="Anna",
    )  # fmt: skip
    (score,) = score_sentiment([outer, mention], model, wordings="one")
    who = "The text" if voice == "narrator" else "Putin"
    assert model.asked == [[(f"{holder} said his wife likes it", f"{who} is positive about Anna.")]]
    assert score.target == "a"


@pytest.mark.parametrize(
    ("places", "marked"),
    [
        ({"target": (0, 3), "holder": (4, 7)}, "* One * [ two ] three"),
        ({"target": (8, 13), "holder": (0, 3)}, "[ One ] two * three *"),
        ({"target": (0, 7), "holder": (4, 7)}, "* One two * three"),
        ({"holder": (4, 7)}, "One [ two ] three"),
        ({}, "One two three"),
        ({"statement": (4, 13)}, "One < two three >"),
        ({"statement": (4, 13), "target": (8, 13), "holder": (0, 3)}, "[ One ] < two * three * >"),
        ({"statement": (4, 13), "target": (4, 7)}, "One < * two * three >"),
        ({"statement": (0, 13), "holder": (4, 7)}, "One [ two ] three"),
        ({"statement": (0, 7), "holder": (4, 7)}, "< One [ two ] > three"),
        ({"statement": (5, 13), "target": (4, 7)}, "One < * two * three >"),
    ],
)
def test_marks(places, marked):
    assert mark("One two three", places) == marked


@given(st.text("ab .", max_size=30), st.data())
def test_marks_take_nothing_away_and_close_what_they_open(text, data):
    place = st.tuples(*[st.integers(0, len(text))] * 2).map(sorted).filter(lambda p: p[0] < p[1])
    places = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(MARKS, place))) if text else {}
    marked = mark(text, places)
    assert re.sub(r"[\[\]<>*]", "", marked).replace(" ", "") == text.replace(" ", "")
    assert (marked.count("["), marked.count("<")) == (marked.count("]"), marked.count(">"))
    assert not marked.count("<") or marked.index("<") < marked.index(">")


def test_each_statement_of_a_sentence_is_asked_about_by_itself(of_text, codebook):
    model = Taught("talks")
    segments = of_text('Putin called the talks "a gift" and dismissed the complaints as "theatre".')
    stance = score_stance([s for s in segments if s.role == "source"], codebook.target(), model, wordings="one")
    marked = {premise for premise, asked in model.asked if "speaks about" in asked}
    assert len(marked) == len(stance) >= 2
    assert all(premise.count("<") == 1 and "[ Putin ]" in premise for premise in marked)


def test_a_statement_that_does_not_take_the_target_up_is_listed_and_counts_nowhere(of_text, codebook):
    model, target = Taught("talks"), codebook.target()
    segments = of_text("Putin said that the talks were useful. Trump said that the weather was mild.")
    scores = score_stance(segments, target, model)
    of = {s.segment.actor: s for s in scores if s.segment.role == "source"}
    assert (of["kremlin"].reason, of["kremlin"].addressed) == (None, pytest.approx(0.9))
    assert of["white_house"].reason == "the statement does not take the target up (p_addressed 0.2000, below 0.5)"
    table = to_frame(scores).set_index("actor")
    assert table.loc["white_house", "p_favor"] > 0
    assert table.loc["white_house", ["label", "net", "net_min"]].isna().all()
    frames = score_frames(segments, codebook.frames, target, model)
    assert {s.segment.actor for s in frames if s.reason is None} == {"kremlin"}
    assert all(s.addressed is None for s in scores if s.segment.role == "mention")


@pytest.mark.parametrize(("threshold", "counted"), [(0, 2), (0.2, 2), (0.21, 1), (0.95, 0)])
def test_a_user_may_set_from_when_on_a_target_is_taken_up(threshold, counted, of_text, codebook):
    segments = [
        s
        for s in of_text("Putin said that the talks were useful. Trump said that the weather was mild.")
        if s.role == "source"
    ]
    model = Taught("talks")
    model.addressed = threshold
    scores = score_stance(segments, codebook.target(), model)
    assert sum(s.reason is None for s in scores) == counted


@pytest.mark.parametrize("threshold", [-0.1, 1.5])
def test_a_threshold_is_a_probability(threshold, of_text, codebook):
    model = Taught("talks")
    model.addressed = threshold
    with pytest.raises(ValueError, match="must lie in"):
        score_stance(of_text("Putin said no."), codebook.target(), model)


def test_a_statement_that_two_of_one_actor_make_together_counts_once(of_text, codebook):
    segments = [s for s in of_text("Putin and Lavrov said that the talks were useful.") if s.role == "source"]
    assert [s.actor for s in segments] == ["kremlin", "kremlin"]
    scores = score_stance(segments, codebook.target(), Taught("talks"))
    assert [s.reason for s in scores] == [
        None,
        "said together with another of the same actor, whose statement is scored",
    ]


def test_a_statement_counts_that_takes_the_target_up_inside_one_that_does_not(of_text, codebook):
    segments = [
        s
        for s in of_text("Putin said that it rained and that Lavrov had called the talks useful.")
        if s.role == "source"
    ]
    nested = [s for s in segments if s.parent]
    assert nested, [s.text for s in segments]

    class Inner(Taught):
        def predict(self, pairs):
            return np.array(
                [
                    [0.2, 0.8, 0]
                    if "rained" in p.partition("<")[2].partition(">")[0] and "about" in h
                    else [0.9, 0.1, 0]
                    for p, h in pairs
                ]
            )

    scores = {s.segment.id: s for s in score_stance(segments, codebook.target(), Inner(""))}
    assert scores[nested[0].id].reason is None
    assert "does not take" in scores[nested[0].parent].reason


def test_phrase_and_mark():
    assert phrase("{actor} backs {target}.", "A", "{odd}") == "A backs {odd}."
    assert mark("abc", {"target": (1, 2)}) == "a* b *c"
