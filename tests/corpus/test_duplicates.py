"""Near copies: the same clusters in whatever order, and nothing joined that is not alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus.duplicates import SIZE, clusters, near_duplicates, signature
from stance.schema import Document

WORDS = [f"word{i}" for i in range(300)]


def changed(*places):
    """A text of 300 words, some of them replaced."""
    return " ".join(f"other{i}" if i in places else word for i, word in enumerate(WORDS))


def test_a_wire_report_and_its_copies():
    documents = [
        Document("paper", changed() + " (Agency)"),
        Document("agency", changed()),
        Document("edited", "By our staff. " + changed(40, 41, 200)),
        Document("rewritten", changed(*range(0, 300, 7))),
        Document("another", "Nothing of this was said in the other town, where it rained all day."),
    ]
    found = near_duplicates(documents)
    assert found == {
        "paper": "agency", "agency": "agency", "edited": "agency", "rewritten": "rewritten", "another": "another"
    }  # fmt: skip
    assert near_duplicates(documents[::-1]) == found


@pytest.mark.parametrize("text", ["", " \n", "—", "…"])
def test_texts_without_words_are_like_nothing(text):
    assert near_duplicates([Document("a", text), Document("b", text)]) == {"a": "a", "b": "b"}


def test_short_texts_are_like_themselves_only():
    documents = [Document(str(i), text) for i, text in enumerate(["Yes.", "yes", "No.", "Yes, yes."])]
    assert near_duplicates(documents) == {"0": "0", "1": "0", "2": "2", "3": "3"}


def test_no_documents():
    assert near_duplicates([]) == {}


def test_signatures_estimate_what_is_shared_and_never_change():
    a, b = signature(changed()), signature(changed(150))
    assert a.shape == (SIZE,)
    assert a.dtype == np.uint32
    assert (a == b).mean() == pytest.approx(291 / 301, abs=0.05)
    assert (signature("The talks ended.") == signature("the TALKS, ended")).all()
    assert signature("The talks ended.")[:3].tolist() == KNOWN


KNOWN = [387318701, 1948226066, 1697643398]


def test_signatures_may_lie_on_disk(tmp_path):
    rows = np.memmap(tmp_path / "signatures", np.uint32, "w+", shape=(3, SIZE))
    rows[:] = [signature(t) for t in (changed(), "Something else.", changed(299))]
    assert clusters(["c", "b", "a"], rows) == ["a", "b", "a"]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from([0, 1, 5, 9, 30, 60, 90, 120]), min_size=1, max_size=8), st.randoms())
def test_order_does_not_matter(changes, random):
    texts = {f"d{i}": changed(*range(0, 3 * n, 3)) for i, n in enumerate(changes)}
    ids = list(texts)
    before = dict(zip(ids, clusters(ids, [signature(texts[i]) for i in ids]), strict=True))
    random.shuffle(ids)
    assert dict(zip(ids, clusters(ids, [signature(texts[i]) for i in ids]), strict=True)) == before
    assert all(first <= name and before[first] == first for name, first in before.items())
