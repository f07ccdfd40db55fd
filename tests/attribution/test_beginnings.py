"""Where a content begins: behind the quotation that closes the sentence before, whatever stands in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stance
from stance.schema import Document

BOOK = stance.read_codebook()


def said(text):
    return [(s.actor, s.text) for s in stance.segment([Document("d", text)], BOOK) if s.role == "source" and s.actor]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“The bridge is fine.” The mayor will sign, Putin said.", [("kremlin", "The mayor will sign")]),
        ("\"We lost.\" The coach will stay until June, Trump wrote.", [("white_house", "The coach will stay until June")]),
        ("“Who pays?” The museum needs a new roof, Zelensky warned.", [("kyiv", "The museum needs a new roof")]),
        ("“Nobody asked us!” 20 farmers had complained, according to Peskov.", [("kremlin", "20 farmers had complained")]),
        (
            "“It rained,” Rubio said. “It was cold.” The ferry will run again, Lavrov claimed.",
            [("white_house", "“It rained,” … “It was cold.”"), ("kremlin", "The ferry will run again")],
        ),
        ("“She said ‘Go home.’ So I went,” Merz said.", [("western_europe", "“She said ‘Go home.’ So I went,”")]),
        ("The “best” bridge is safe, Macron said.", [("western_europe", "The “best” bridge is safe")]),
        ("“Rents are high.” This was stated by Trump.", [("white_house", "“Rents are high.”")]),
        ("“Rents will fall.” That is what Putin told tenants.", [("kremlin", "“Rents will fall.”")]),
    ],
)  # fmt: skip
def test_a_closed_quotation_is_not_glued_to_the_next_sentence(text, expected):
    assert said(text) == expected


@settings(max_examples=30)
@given(
    st.sampled_from(["The bridge is fine", "Nobody asked us", "It was cold and wet on the pier"]),
    st.sampled_from([".", "!", "?", "…"]),
    st.sampled_from(["“”", '""', "„“", "«»"]),
    st.sampled_from(["The mayor will sign", "Fares will rise in spring", "A crew repaired the roof"]),
    st.sampled_from(["Putin said", "Trump told reporters", "Zelensky added", "according to Macron"]),
)
def test_whatever_is_quoted_before_the_sentence_is_what_is_said(quoted, stop, marks, sentence, cue):
    ((_, alone),) = said(f"{sentence}, {cue}.")
    ((_, behind),) = said(f"{marks[0]}{quoted}{stop}{marks[1]} {sentence}, {cue}.")
    assert behind == alone
