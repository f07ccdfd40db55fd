"""What is found does not depend on what else is read: not on batches, and not on later paragraphs, with one exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stance
from stance.attribution import tagger
from stance.attribution.segments import Segmenter
from stance.schema import SET_IN, Document

BOOK = stance.read_codebook()
PARAGRAPHS = st.sampled_from(
    [
        "“The bridge is fine.” The mayor will sign, Putin said.", "Putin met Trump. The leaders agreed that it rained.",
        "Trump praised the nurses and the cooks of the town, and then, after a long and rainy evening, went home.",
        "Macron described three demands: lower fares, a later bus and a roof.", "Both delegations said it was late.",
        f"{SET_IN}The ferry is late.", "Zelensky wrote on Monday:", "MR. PUTIN: It rained.", "He doubts that it will stop.",
    ]
)  # fmt: skip


def said(text):
    """Cue, actor, confidence and places of what is found, by the place of the cue."""
    found = [s for s in Segmenter(BOOK).segment(Document("d", text)).segments if s.role == "source"]
    places = [[[(p.start, p.end) for p in part] for part in (s.cue, s.source, s.spans)] for s in found]
    return [(s.actor, s.confidence, *place) for s, place in zip(found, places, strict=True)]


@settings(max_examples=20)
@given(st.lists(PARAGRAPHS, min_size=2, max_size=6), st.sampled_from([1, 40, 100_000]))
def test_batches_of_the_tagger_change_nothing(paragraphs, together):
    text = "\n\n".join(paragraphs)
    as_usual = said(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tagger, "_TOGETHER", together)
        assert said(text) == as_usual


@settings(max_examples=25)
@given(st.lists(PARAGRAPHS, min_size=1, max_size=5), PARAGRAPHS)
def test_a_last_paragraph_changes_nothing_above(before, last):
    above = "\n\n".join(before)
    whole, alone = said(f"{above}\n\n{last}"), said(above)
    reaching = [f[2] for f in whole if max(end for part in f[2:] for _, end in part) > len(above)]
    assert [f for f in whole if f[2] not in reaching] == [f for f in alone if f[2] not in reaching]


def test_but_the_line_below_a_block_quotation_says_whose_it_is():
    block = f"Putin wrote:\n\n{SET_IN}The ferry is late."
    assert [f[0] for f in said(block)] == ["kremlin"]
    assert [f[0] for f in said(f"{block}\n\n— Emmanuel Macron")] == ["western_europe"]
