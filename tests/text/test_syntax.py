"""Very long paragraphs are parsed in pieces: nothing is lost, and sentences are those of the whole."""

from hypothesis import given, settings
from hypothesis import strategies as st

from stance.text import syntax
from stance.text.syntax import dependencies, pieces

SENTENCES = [
    "Ann left early.",
    "“We will stay,” Bob said.",
    "Did it rain? ",
    "No!",
    "Mr. Fox of the U.S. team saw 3.5 km.",
]


@settings(deadline=None)
@given(st.text(st.sampled_from("ab .!?”\n"), max_size=60), st.integers(2, 20))
def test_pieces_are_the_text_in_order(text, most):
    found = list(pieces(text, 0, len(text), most))
    assert "".join(text[a:b] for a, b in found) == text
    assert all(0 < b - a <= most for a, b in found) or not text


def test_pieces_end_with_sentences():
    text = " ".join(SENTENCES[:2] * 20)
    assert all(text[:end].rstrip().endswith((".", "”")) for _, end in pieces(text, 0, len(text), 100))
    assert [text[a:b] for a, b in pieces("One two three", 0, 13, 8)] != []


def test_a_long_paragraph_is_parsed_as_its_sentences_are(monkeypatch):
    text = " ".join(SENTENCES[:2] * 12)
    whole = dependencies(text, [(0, len(text))])
    monkeypatch.setattr(syntax, "LONGEST", 90)
    monkeypatch.setattr(syntax, "_TOGETHER", 200)
    monkeypatch.setattr(syntax, "pieces", lambda t, a, b: pieces(t, a, b, 90))
    read = []
    language = syntax._language()
    pipe = language.pipe

    def piped(texts):
        read.append(list(texts))
        return pipe(read[-1])

    monkeypatch.setattr(language, "pipe", piped)
    cut = dependencies(text, [(0, len(text))])
    assert cut.text == text
    assert max(len(piece) for group in read for piece in group) <= 90
    assert max(sum(map(len, group)) for group in read) <= 200
    assert [s.text.strip() for s in cut.sents] == [s.text.strip() for s in whole.sents]
    assert [(t.text, t.tag_, t.dep_, t.head.i) for t in cut] == [(t.text, t.tag_, t.dep_, t.head.i) for t in whole]
