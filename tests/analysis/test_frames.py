import numpy as np
import pandas as pd
import pytest

import stance
from stance.analysis.contrasts import contrast, summarize
from stance.analysis.frames import EXPLORATORY, frame_profile
from stance.analysis.tables import to_frame
from stance.codebook import Frame
from stance.pipeline.study import analyse
from stance.schema import Document, StanceError
from stance.scoring.entailment import judge_frames
from stance.scoring.measures import score_frames, score_stance
from stance.scoring.premises import Item, mark
from tests.support.framed import FRAMED

RISK = Frame(label="Risk", set="case", hypotheses=("{actor} sees a risk.", "{actor} fears {target}."))
LAW = Frame(label="Law", set="generic", hypotheses=("It is about law.",))
FRAMES = {"risk": RISK, "law": LAW}
TEXT = "Trump warned that the talks could fail. Putin arrived. Envoys said that nobody knew."


def by_segment(scores):
    found = {}
    for score in scores:
        found.setdefault(score.segment.id, []).append(score)
    return found


def test_only_statements_are_scored_each_with_every_frame(sample_segments, codebook, fake_model):
    scores = score_frames(sample_segments, FRAMES, codebook.target(), fake_model)
    statements = [s for s in sample_segments if s.role == "source"]
    assert [(s.segment, s.target) for s in scores] == [(s, frame) for s in statements for frame in FRAMES]
    reasons = {s.segment.id: s.reason for s in score_stance(sample_segments, codebook.target(), fake_model)}
    assert {s.reason for s in scores} > {None} and {s.measure for s in scores} == {"frame"}
    for score in scores:
        assert score.reason == reasons[score.segment.id]
        assert (score.probabilities is None) == (score.reason is not None)
        assert score.probabilities is None or sum(score.probabilities) == pytest.approx(1)


def test_the_premise_is_that_of_stance(of_text, codebook, fake_model):
    fake_model.marks = {"target", "holder"}
    score_frames(of_text("Putin spoke. He said that rain was near."), {"risk": RISK}, codebook.target(), fake_model)
    assert fake_model.asked == [
        [
            ("[ Vladimir Putin ] said that rain was near.", "Vladimir Putin sees a risk."),
            ("[ Vladimir Putin ] said that rain was near.", "Vladimir Putin fears the talks."),
        ]
    ]


def test_a_table_of_frames(of_text, codebook, fake_model):
    table = to_frame(score_frames(of_text(TEXT), FRAMES, codebook.target(), fake_model))
    assert set(table["role"]) == {"source"} and table["target"].tolist() == ["risk", "law"] * 2
    scored = table.dropna(subset=["net"])
    assert scored["actor"].tolist() == ["white_house"] * 2
    assert (scored["net"] - (scored["p_present"] - scored["p_denied"])).abs().max() < 2e-4
    assert (scored["p_present_min"] <= scored["p_present"]).all() and (
        scored["p_present"] <= scored["p_present_max"]
    ).all()
    assert scored["n_wordings"].tolist() == [2, 1] and set(scored["label"]) <= {"present", "denied", "absent"}
    assert table.loc[table["net"].isna(), "reason"].notna().all()


@pytest.mark.parametrize(("text", "frames"), [("Putin arrived.", FRAMES), (TEXT, {})])
def test_without_statements_or_frames_nothing_is_found(of_text, codebook, fake_model, text, frames):
    scores = score_frames(of_text(text), frames, codebook.target(), fake_model)
    assert scores == [] and not any(fake_model.asked)
    table = to_frame(scores, measure="frame")
    assert "p_present" in table and frame_profile(table, FRAMES).empty


ROWS = pd.DataFrame(
    [
        ("d1", "source", "a", "law", 0.9, 0.0, 0.8, 1.0),
        ("d1", "source", "a", "risk", 0.2, 0.5, 0.1, 0.3),
        ("d2", "source", "a", "risk", 0.6, 0.1, 0.4, 0.8),
        ("d1", "source", "b", "risk", 0.4, 0.4, 0.4, 0.4),
        ("d1", "source", "b", "risk", None, None, None, None),
        ("d1", "source", None, "risk", 0.4, 0.4, 0.4, 0.4),
        ("d1", "mention", "b", "risk", 0.4, 0.4, 0.4, 0.4),
    ],
    columns=["document", "role", "actor", "target", "p_present", "p_denied", "p_present_min", "p_present_max"],
)


def test_a_profile_has_a_row_for_each_frame_and_actor():
    profile = frame_profile(ROWS, FRAMES)
    assert profile[["set", "frame", "actor", "n", "documents"]].to_numpy().tolist() == [
        ["case", "risk", "a", 2, 2],
        ["case", "risk", "b", 1, 1],
        ["generic", "law", "a", 1, 1],
    ]
    means = profile[["present", "wordings_low", "wordings_high", "denied"]]
    assert means.iloc[0].tolist() == pytest.approx([0.4, 0.25, 0.55, 0.3])
    assert set(profile["note"]) == {EXPLORATORY} and "exploratory" in EXPLORATORY
    assert frame_profile(ROWS)["frame"].tolist() == ["law", "risk", "risk"]
    assert set(frame_profile(ROWS)["set"]) == {"frames"}


def test_sets_stay_together_in_the_order_of_the_codebook():
    frames = {"risk": RISK, "law": LAW, "chance": RISK}
    table = pd.concat([ROWS.assign(target=name) for name in ("law", "chance", "risk")])
    assert list(dict.fromkeys(frame_profile(table, frames)["frame"])) == ["risk", "chance", "law"]


@pytest.mark.parametrize(
    ("table", "frames", "sentence"),
    [
        (
            ROWS.drop(columns="p_present_min"),
            None,
            "no column 'p_present_min'. Give what to_frame makes of score_frames",
        ),
        (ROWS, {"law": LAW}, r"the frame 'risk', which is not among those given \(law\)"),
        (ROWS, {}, r"the frame 'law', which is not among those given \(none\)"),
    ],
)
def test_a_profile_of_something_else(table, frames, sentence):
    with pytest.raises(StanceError, match=sentence):
        frame_profile(table, frames)


def nets(documents=25, shift=0.5):
    """Two actors in every document who differ in one of two frames."""
    rng = np.random.default_rng(0)
    rows = [(f"d{d}", actor, frame) for d in range(documents) for actor in "ab" for frame in FRAMES]
    table = pd.DataFrame(rows, columns=["document", "actor", "target"]).assign(role="source", entity="e", voice="v")
    different = (table["actor"] == "a") & (table["target"] == "risk")
    net = rng.normal(0, 0.1, len(table)) + shift * different
    return table.assign(net=net, net_min=net - 0.1, net_max=net + 0.1)


def test_frames_are_described_and_contrasted_one_by_one():
    summary = summarize(nets())
    assert list(zip(summary["target"], summary["actor"], strict=True)) == [
        ("risk", "a"), ("law", "a"), ("risk", "b"), ("law", "b"),
    ]  # fmt: skip
    both, alone = contrast(nets()), contrast(nets().query("target == 'law'"))
    assert both["target"].tolist() == ["law", "risk"]
    (law,) = both.query("target == 'law'").to_dict("records")
    assert law["q"] == pytest.approx(alone["q"].item()), "what is found of one frame does not depend on another"
    assert both.query("target == 'risk'")["q"].item() < 0.05 < law["q"]


def test_frames_cost_no_call_where_there_are_none(of_text, codebook, fake_model):
    analyse([Document("d", TEXT)], codebook.model_copy(update={"frames": {}}), codebook.target(), fake_model)
    assert len(fake_model.asked) == 2


def test_the_bundled_model_tells_a_frame_from_an_unrelated_one(codebook):
    """A floor, not a measurement: three sentences for each frame, against the frame farthest from it in the codebook."""
    base, ids = stance.load_model("base"), list(codebook.frames)
    assert {frame for frame, *_ in FRAMED} == set(ids)
    margins = []
    for frame, holder, sentence in FRAMED:
        assert sentence.startswith(holder)
        unrelated = ids[(ids.index(frame) + len(ids) // 2) % len(ids)]
        asked = [codebook.frames[frame], codebook.frames[unrelated]]
        item = Item(mark(sentence, {"holder": (0, len(holder))}), holder, codebook.target().label)
        meant, other = judge_frames([item], asked, base)
        margins.append(meant.mean[0] - other.mean[0])
    assert sum(margin > 0 for margin in margins) >= 32 and np.mean(margins) > 0.3
