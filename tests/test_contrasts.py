import pandas as pd
import pytest

from stance.contrasts import contrast, summarize

TABLE = pd.DataFrame(
    [
        ("source", "a", 0.6, 0.5, 0.7),
        ("source", "a", 0.2, 0.1, 0.4),
        ("source", "b", -0.5, -0.6, -0.2),
        ("mention", "a", -0.9, -1.0, -0.8),
        ("source", "c", None, None, None),
        ("source", None, 0.9, 0.9, 0.9),
    ],
    columns=["role", "actor", "net", "net_min", "net_max"],
).assign(entity="e", voice="v")


def test_speaking_and_being_spoken_about_are_never_averaged():
    summary = summarize(TABLE).set_index(["role", "actor"])
    assert summary.loc[("source", "a"), "mean"] == pytest.approx(0.4)
    assert summary.loc[("mention", "a"), "mean"] == pytest.approx(-0.9)
    assert summary.loc[("source", "a"), ["low", "high"]].tolist() == pytest.approx([0.3, 0.55])


def test_actors_without_scores_and_rows_without_actor_are_left_out():
    assert set(summarize(TABLE)["actor"]) == {"a", "b"}


def test_a_contrast_is_a_minus_b_with_its_widest_range():
    (row,) = contrast(TABLE).query("role == 'source'").to_dict("records")
    assert (row["a"], row["b"], row["n_a"], row["n_b"]) == ("a", "b", 2, 1)
    assert [row["difference"], row["low"], row["high"]] == pytest.approx([0.9, 0.5, 1.15])


@pytest.mark.parametrize("function", [summarize, contrast])
def test_an_unknown_grouping(function):
    with pytest.raises(ValueError, match=f"'by' parameter of {function.__name__} must be .* Got 'speaker'"):
        function(TABLE, by="speaker")
