"""Pairs of quotation marks."""

import pytest

from stance.text.quotations import find_quotations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “no” and “yes”.", ["“no”", "“yes”"]),
        ('He is 6\' 2" tall. "No," she said.', ['"No,"']),
        ("“One stray mark.\n\nThen “a pair”.", ["“One stray mark.", "“a pair”"]),
        ("„Nein“ und «non»", ["„Nein“", "«non»"]),
        ("No marks at all.", []),
        ("“A first paragraph\n\n“and a second.”", ["“A first paragraph", "“and a second.”"]),
    ],
)
def test_quotation_marks_are_paired_by_paragraph(text, expected):
    assert [text[q.start : q.end] for q in find_quotations(text)] == expected


@pytest.mark.parametrize(
    ("text", "content", "kind"),
    [
        ("He called it “a start”.", (10, 22), "mixed"),
        ("He said “no”.", (8, 12), "direct"),
        ("He said no.", (8, 10), "indirect"),
        ("He said “no”, “never”.", (8, 21), "direct"),
    ],
)
def test_how_a_content_is_given(text, content, kind):
    assert find_quotations(text).kind_of([content]) == kind
