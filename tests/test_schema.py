import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.schema import Document, Span, StanceError

TEXT = st.text(min_size=1, max_size=60)


@given(TEXT, st.data())
def test_a_span_is_a_view(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert Span(Document("d", text), start, end).text == text[start:end]


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 9)])
def test_a_span_outside_its_document_is_refused(start, end):
    with pytest.raises(StanceError, match="must lie inside its document"):
        Span(Document("d", "text"), start, end)


@pytest.mark.parametrize(
    ("a", "b", "holds"), [((0, 2), (2, 4), False), ((0, 4), (1, 2), True), ((0, 3), (2, 4), False)]
)
def test_containment(a, b, holds):
    document = Document("d", "text")
    a, b = Span(document, *a), Span(document, *b)
    assert a.contains(b) == holds


def test_documents_are_frozen():
    with pytest.raises(AttributeError):
        Document("d", "text").text = "other"
