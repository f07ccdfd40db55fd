"""Whether a text presents a statement as made."""

import pytest

import stance
from stance.schema import Document

CASES = [
    ("Putin said he did not want the talks.", "stated"),
    ("Putin denied that the talks had failed.", "stated"),
    ("Putin does not support the talks.", "stated"),
    ("Not only Putin said that the talks had failed.", "stated"),
    ("Putin would like to see the talks go on.", "stated"),
    ("“Will the talks go on?” Putin asked.", "stated"),
    ("Putin never said that the talks had failed.", "denied"),
    ("Putin has never opposed the talks.", "denied"),
    ("Putin no longer opposes the talks.", "denied"),
    ("Putin no longer supports the talks.", "stated"),
    ("At no time did Putin claim that the talks had failed.", "denied"),
    ("Neither Putin nor Trump announced that the talks had failed.", "denied"),
    ("It is untrue that Putin called the talks a failure.", "denied"),
    ("Nobody has heard Putin say that the talks had failed.", "denied"),
    ("Putin may announce that the talks have failed.", "hypothetical"),
    ("Putin will perhaps say that the talks have failed.", "hypothetical"),
    ("Putin is expected to say that the talks have failed.", "hypothetical"),
    ("If Putin says that the talks have failed, nobody will come.", "hypothetical"),
    ("Putin should admit that the talks have failed.", "requested"),
    ("Putin had better admit that the talks have failed.", "requested"),
    ("Trump urged Putin to admit that the talks had failed.", "requested"),
    ("Trump demanded that Putin admit that the talks had failed.", "requested"),
    ("Did Putin say that the talks had failed?", "asked"),
    ("A reporter asked whether Putin had said that the talks had failed.", "asked"),
    ("Was the plan criticised by Putin?", "asked"),
    ("Which of the plans does Putin support?", "asked"),
    ("The reporter wondered whether Putin would object to the talks.", "asked"),
    ("Nobody knows if Putin approves of the talks.", "asked"),
]


ABOVE = [
    # whoever is expected, likely or sure to say something is who would say it
    ("Putin is sure to claim that the talks have failed.", "hypothetical"),
    ("Putin is bound to ask that every seat be taken.", "hypothetical"),
    ("Putin is likely to demand a second round.", "hypothetical"),
    # what did not happen above did not happen below, and the other way round where a word reverses it
    ("Putin did not fail to say that the talks had ended.", "stated"),
    ("Putin did not hesitate to call the talks a trap.", "stated"),
    ("Putin was not afraid to say that the talks had failed.", "stated"),
    ("Putin was forced to admit that the talks had failed.", "stated"),
    ("Putin had to admit that the talks had failed.", "stated"),
    ("Putin went on to say that the talks had failed.", "stated"),
    ("Putin was not happy to say that the talks had failed.", "stated"),
    ("Kyiv failed to stop what Putin called a trap.", "stated"),
    ("Putin would later say that the talks had failed.", "stated"),
    ("Putin would go on to call the talks a trap.", "stated"),
    ("Putin could be heard saying that the talks had failed.", "stated"),
    ("Putin is understood to believe that the talks have failed.", "stated"),
    ("No sooner had Putin said that the talks had failed than Trump left.", "stated"),
    ("Not until Friday did Putin admit that the talks had failed.", "stated"),
    ("There is no doubt that Putin said the talks had failed.", "stated"),
    ("It is unclear why Putin said that the talks had failed.", "stated"),
    ("When Putin said that the talks had failed, Trump left.", "stated"),
    ("Although Putin says that the talks have failed, Trump will come.", "stated"),
    ("The press went from hearing Putin say that the talks had failed to waiting for more.", "stated"),
    ("The mayor denied that Putin had ever wanted to stop the talks.", "denied"),
    ("The mayor disputes that Putin supports the talks.", "denied"),
    ("The mayor dismissed reports that Putin had criticised the talks.", "denied"),
    ("Putin denied having promised to stop the talks.", "denied"),
    ("Putin ruled out supporting the talks.", "denied"),
    ("Putin was unwilling to say that the talks had failed.", "denied"),
    ("Putin could not bring himself to say that the talks had failed.", "denied"),
    ("Putin was prevented from saying that the talks had failed.", "denied"),
    ("Putin shied away from calling the talks a trap.", "denied"),
    ("Putin was too tired to explain why the talks had failed.", "denied"),
    ("Putin was far from saying that the talks had failed.", "denied"),
    ("Rather than admit that the talks had failed, Putin left.", "denied"),
    ("Instead of admitting that the talks had failed, Putin left.", "denied"),
    ("There is no sign that Putin said the talks had failed.", "denied"),
    ("No sign whatever that Putin called the talks a trap.", "denied"),
    ("The story that Putin called the talks a trap is a myth.", "denied"),
    ("The rumour that Putin said the talks had failed is false.", "denied"),
    ("Putin only pretended to regret the talks.", "denied"),
    ("Had Putin said that the talks had failed, Trump would have left.", "hypothetical"),
    ("Putin was to have announced that the talks had failed.", "hypothetical"),
    ("As long as Putin says that the talks have failed, nobody will come.", "hypothetical"),
    ("When Putin says that the talks have failed, Trump will leave.", "hypothetical"),
    ("By the time Putin says that the talks have failed, Trump will be gone.", "hypothetical"),
    ("Assuming Putin says that the talks have failed, Trump can leave.", "hypothetical"),
    ("In case Putin claims that the talks have failed, keep the letter.", "hypothetical"),
    ("One can imagine Putin calling the talks a trap.", "hypothetical"),
    ("There is talk of Putin declaring the talks closed.", "hypothetical"),
    ("Putin is under pressure to admit that the talks have failed.", "requested"),
    ("It is vital that Putin admit that the talks have failed.", "requested"),
    ("It is up to Putin to declare the talks a failure.", "requested"),
    ("It falls to Putin to explain the failure of the talks.", "requested"),
    ("It would be right for Putin to admit that the talks have failed.", "requested"),
    ("It is time for Putin to say that the talks have failed.", "requested"),
    ("The question of what Putin promised Trump at the talks came up again.", "asked"),
    ("It is an open question whether Putin said that the talks had failed.", "asked"),
]
"""What the verbs, nouns and adjectives above a cue make of it."""


BELOW = [
    # what stands inside a denial, a refusal or a decision against it is not stated below
    ("The mayor denied that the union had ever wanted to stop the bridge.", "wanted", "denied"),
    ("The airline denies that its pilots oppose the rules.", "oppose", "denied"),
    ("The coach rejected claims that the players had criticised the referee.", "criticised", "denied"),
    ("Brandt said the party has never opposed the port.", "has never opposed", "denied"),
    ("Nobody denies that the nurses asked for more pay.", "asked", "stated"),
    ("The mayor did not deny that the nurses asked for more pay.", "asked", "denied"),
    ("The mayor never said that the nurses asked for more pay.", "asked", "denied"),
    ("The mayor refused to support the plan.", "support", "denied"),
    ("The mayor refused to support the plan.", "refused", "stated"),
    ("The mayor ruled out supporting the plan.", "supporting", "denied"),
    ("The trustees decided against supporting the library.", "supporting", "denied"),
    ("The mayor said the council supports the plan.", "supports", "stated"),
    ("The mayor praised the council for supporting the plan.", "supporting", "stated"),
    ("The mayor denied that the bridge, which the union supports, was late.", "denied", "stated"),
]


def statuses(text, codebook):
    found = stance.segment([Document("d", text)], codebook)
    return {s.status for s in found if s.role == "source" and s.entity == "Vladimir Putin"}


@pytest.fixture(scope="module")
def codebook():
    return stance.read_codebook()


@pytest.mark.parametrize(("text", "status"), CASES)
def test_the_status_of_a_statement(text, status, codebook):
    assert statuses(text, codebook) == {status}


@pytest.mark.parametrize(("text", "status"), ABOVE)
def test_what_stands_above_decides_reverses_or_leaves_it(text, status, codebook):
    assert statuses(text, codebook) == {status}


@pytest.mark.parametrize(("text", "cue", "status"), BELOW)
def test_what_stands_below_a_denial_is_denied(text, cue, status, codebook):
    found = stance.segment([Document("d", text)], codebook)
    assert {s.status for s in found if s.role == "source" and cue in [c.text for c in s.cue]} == {status}


def test_what_stands_inside_a_statement_that_is_not_made_is_not_made(codebook):
    found = stance.segment([Document("d", "If Trump says that Putin called it a trap, we will leave.")], codebook)
    assert {s.status for s in found if s.role == "source"} == {"hypothetical"}


def test_only_what_is_stated_is_scored_counted_and_drawn(codebook):
    from stance.analysis.contrasts import count_roles
    from stance.plots.highlights import highlight
    from stance.scoring.model import Model

    class Sure(Model):
        name = "sure@0/none"

        def predict(self, pairs):
            import numpy as np

            return np.tile([0.8, 0.1, 0.1], (len(pairs), 1))

    text = "Putin said the talks were useful. Trump should say the talks were a trap."
    segments = stance.segment([Document("d", text)], codebook)
    table = stance.to_frame(stance.score_stance(segments, codebook.targets["peace_talks"], Sure(), wordings="one"))
    said = table[table["role"] == "source"].set_index("actor")
    assert said.loc["kremlin", "net"] > 0 and said.loc["kremlin", "status"] == "stated"
    assert said["net"].isna()["white_house"] and "asked or demanded" in said.loc["white_house", "reason"]
    counts = count_roles(stance.segments_frame(segments)).set_index("actor")["speaks"]
    assert counts["kremlin"] == 1 and counts.get("white_house", 0) == 0
    page = highlight(segments[0].document, segments, codebook.names)
    assert "were useful</span><span>. Trump should say the talks were a trap.</span>" in page


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Trump never said that Putin lied.", "denied"),
        ("Trump should say that Putin lied.", "requested"),
        ("Trump said that Putin lied.", "stated"),
    ],
)
def test_words_about_an_actor_are_as_much_said_as_the_statement_they_stand_in(text, status, codebook, fake_model):
    segments = stance.segment([Document("d", text)], codebook)
    (about,) = (s for s in segments if s.role == "mention" and s.actor == "kremlin")
    assert (about.voice, about.status) == ("white_house", status)
    (score,) = (s for s in stance.score_sentiment(segments, fake_model, wordings="one") if s.target == "kremlin")
    assert (score.reason is None) == (status == "stated")
    counts = stance.analysis.count_roles(stance.segments_frame(segments)).set_index("actor")
    assert ("kremlin" in counts.index) == (status == "stated")
