"""What a reader sees of a marked text, and where it stands in the file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus.documents import read_corpus
from stance.corpus.shown import as_shown, shown
from stance.schema import SET_IN, Document

READ = [
    ("**Ann Lee:** “No.”", "Ann Lee: “No.”"),
    ("Ann [said](https://a.example/x_(y)) no.", "Ann said no."),
    ('Ann [said](/news "a title") no.', "Ann said no."),
    ("Ann said[1] no.[^2] Bob[12] left.", "Ann said no. Bob left."),
    ("*Ann* said __no__ and _never_.", "Ann said no and never."),
    ("***Ann*** said no.", "Ann said no."),
    ("[**Ann**](https://a.example) said no.", "Ann said no."),
    ("## The talks\n\n> Ann said no.\n> Bob left.", f"The talks\n\n{SET_IN}Ann said no.\nBob left."),
    ("> Ann\n>\n> > Bob\n>> HOLT: No.", f"{SET_IN}Ann\n\n{SET_IN}Bob\n>> HOLT: No."),
    ("> - Ann\n> - Bob", f"{SET_IN}- Ann\n{SET_IN}- Bob"),
    ("<blockquote>Ann.</blockquote>Bob.", f"\n\n{SET_IN}Ann.\n\nBob."),
    ("The talks\n=========\n\nAnn said no.", "The talks\n\nAnn said no."),
    ("Ann said no.\n\n* * *\n\nBob left.", "Ann said no.\n\n\n\nBob left."),
    ("* one\n+ two\n- three", "- one\n- two\n- three"),
    ("Smith &amp; Sons&nbsp;said &#8217;no&#x2019;.", "Smith & Sons said ’no’."),
    ("Ann <b>said</b> <a href='x'>no</a>.", "Ann said no."),
    ("Ann\\*s \\[note\\]", "Ann*s [note]"),
]
PLAIN = [
    "5 * 3 * 2 = 30, a_b_c and snake_case_name, file__name__x",
    "[Trump] said [sic] that “[they] left”, see [a] and (b).",
    "We are #1! 5 > 3, 2 < 3, AT&T and R&D; &amp and &unknownthing;",
    "It was rated 5* and 4*.\n\n>> HOLT: Hello.",
    "An e-mail to a@b.example <ann@b.example> said no.",
    "10. August. One - two -- three.",
]


@pytest.mark.parametrize(("raw", "text"), READ)
def test_marks_are_read_as_what_they_show(raw, text):
    assert shown(raw)[0] == text


@pytest.mark.parametrize("raw", PLAIN)
def test_signs_that_are_no_marks_stay(raw):
    document = Document("d", raw)
    assert as_shown(document) is document


def test_the_sample_stays_as_it_is():
    (document,) = read_corpus()
    assert as_shown(document) is document


def test_wrapped_lines_are_joined_and_verses_lists_and_turns_are_not():
    words = "The minister said that the talks would go on in the border town until " * 6
    lines, line = [], ""
    for word in words.split():
        if len(line) + len(word) > 70:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    wrapped = "\n".join([*lines, line])
    assert shown(f"{wrapped}\n\nShort.")[0] == f"{wrapped.replace(chr(10), ' ')}\n\nShort."
    listed = "\n".join(f"- {one}" for one in lines)
    turns = "\n".join(f"ANN: {one}" for one in lines)
    verses = "\n".join("A rose is a rose" for _ in range(6))
    for text in (listed, turns, verses):
        assert shown(text) == (text, ())


@given(st.text(alphabet=st.sampled_from("aB1 \n*_[](){}<>&;#!\\“”-+=>.:/|`´é\u0301\u200b"), max_size=200))
@settings(max_examples=200, deadline=None)
def test_every_sign_shown_stands_in_the_file_where_the_map_says_or_for_a_mark_there(raw):
    found = as_shown(Document("d", raw or "x"))
    places = [found.in_file(i) for i in range(len(found.text) + 1)]
    assert places == sorted(places) and places[0] >= 0 and places[-1] <= len(raw or "x")
    for i, sign in enumerate(found.text):
        there = (raw or "x")[places[i] : places[i] + 1]
        assert sign == there or sign in f" -\n{SET_IN}" or there in ("&", "<")


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_read(raw):
    text, shifts = shown(raw)
    assert len(text) <= max(len(raw) * 2, 2)
    assert list(shifts) == sorted(shifts)


@given(st.lists(st.sampled_from([*(raw for raw, _ in READ), *PLAIN, "Ann said no."]), min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_paragraph_below_changes_nothing_above(paragraphs):
    upper = shown("\n\n".join(paragraphs[:-1]))[0]
    assert shown("\n\n".join(paragraphs))[0].startswith(upper)
