import pytest

from stance.analysis.tables import COLUMNS, columns_of, to_frame
from stance.scoring.measures import score_sentiment, score_stance


@pytest.fixture
def scores(sample_segments, codebook, fake_model):
    return score_stance(sample_segments, codebook.target(), fake_model)


def test_the_columns_are_the_contract(scores, sample_segments, fake_model):
    shared = [c for c in COLUMNS if not c.startswith("p_")]
    own = {
        "stance": (scores, ["p_favor", "p_against", "p_none", "p_addressed"]),
        "sentiment": (score_sentiment(sample_segments, fake_model), ["p_positive", "p_negative", "p_neutral"]),
        "frame": ([], ["p_present", "p_denied", "p_absent", "p_present_min", "p_present_max"]),
    }
    for measure, (found, probabilities) in own.items():
        columns = list(to_frame(found, measure=measure).columns)
        assert columns == columns_of(measure)
        assert [c for c in columns if not c.startswith("p_")] == shared
        assert [c for c in columns if c.startswith("p_")] == probabilities


def test_one_row_for_each_score_and_the_net_within_its_range(scores):
    frame = to_frame(scores)
    assert len(frame) == len(scores)
    scored = frame.dropna(subset=["net"])
    assert ((scored["net"] - (scored["p_favor"] - scored["p_against"])).abs() < 2e-4).all()
    assert (scored["net_min"] <= scored["net"] + 1e-4).all()
    assert (scored["net"] <= scored["net_max"] + 1e-4).all()
    assert frame.loc[frame["net"].isna(), "reason"].notna().all()


def test_measures_are_not_mixed(scores, sample_segments, fake_model):
    with pytest.raises(ValueError, match="scores of one measure. Got sentiment and stance"):
        to_frame(scores[:1] + score_sentiment(sample_segments, fake_model)[:1])
    with pytest.raises(ValueError, match="scores of one measure. Got frame and stance"):
        to_frame(scores[:1], measure="frame")
