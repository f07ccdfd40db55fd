"""Paragraphs in capitals, and their copy in the usual letters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.text.capitals import in_capitals, recased


def is_word(small):
    return small in "rain fell on the quay said us who told was it i a".split()


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("RAIN FELL ON RUEL.", "Rain fell on Ruel."),
        ("ANN’S QUAY FELL. “I SAID IT.”", "Ann’s quay fell. “I said it.”"),
        ("THE WHO TOLD US A U.S. QUAY FELL.", "The WHO told us a U.S. quay fell."),
        ("US QUAY FELL ON US", "US quay fell on us"),
    ],
)
def test_a_copy_is_written_as_usual(text, copy):
    assert recased(text, [(0, len(text))], is_word) == copy


@pytest.mark.parametrize(
    ("text", "expected"), [("NATO AND THE EU", True), ("NATO EU", False), ("The US and NATO", False), ("3 4 5", False)]
)
def test_what_is_in_capitals(text, expected):
    assert in_capitals(text, 0, len(text)) is expected


@settings(deadline=None)
@given(st.text())
def test_a_copy_is_as_long_as_its_text(text):
    assert len(recased(text, [(0, len(text))], is_word)) == len(text)
