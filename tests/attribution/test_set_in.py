"""Block quotations, copied posts and emoji: whose words they are, on files as people have them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stance
from stance.corpus.documents import read_corpus
from stance.schema import SET_IN, Document
from tests.attribution.test_layout import BOOK

PAGE = (
    "<html><body><article><p>The quay was built in 1911 by a company that no longer exists, from stone of the island.</p>"
    "{}<p>The last ship with passengers left it in the autumn of 1964, and since then it has been for grain.</p></article></body></html>"
)  # fmt: skip

CASES = [
    ("x.md", "Stig wrote to his men:\n\n> The quay is wet.\n> It is cold, too.\n\nThe port is old.", [("union", "The quay is wet. … It is cold, too.")]),
    ("x.md", "Adebayo spoke to the men in March.\n\n> We open.\n>\n> We stay open.\n\nThe port is old.", [("port", "We open. … We stay open.")]),
    ("x.md", "The port is old.\n\n> It should be closed.\n>\n> — Ulf Stig, union leader\n\nIt was built in 1911.", [("union", "It should be closed.")]),
    ("x.md", "Stig wrote:\n\n> We open on Monday.\n>\n> — Lola Adebayo on X", [("port", "We open on Monday.")]),
    ("x.md", "Stig wrote:\n\n> I slept well.\n>\n> — Ann Lee, passenger", []),
    ("x.md", "Stig wrote:\n\n> I slept well.\n>\n> — Ann Lee, passenger\n\nThe port is old.", []),
    ("x.md", "The port is old.\n\n> A harbour for the world.\n\nSo says the stone. Stig was born there.", []),
    ("x.md", "Stig was blunt:\n\n> - No night shifts.\n> - A second crane.", [("union", "No night shifts. … A second crane.")]),
    ("x.md", "Stig gave a speech:\n\n> > The quay is wet.", [("union", "The quay is wet.")]),
    ("x.md", "The ship Adebayo owns was late.\n\n> It rained.", []),
    ("x.txt", "In his letter Stig wrote:\n\n    The quay is wet.\n    It is cold, too.\n\nThe port is old.", [("union", "The quay is wet. … It is cold, too.")]),
    ("x.txt", "    Stig said he was tired.\n\n    The quay was wet.\n\n    It rained.", [("union", "he was tired")]),
    ("x.txt", "Stig said he was tired.\n\n    The quay was wet.\n\n    It rained.", [("union", "he was tired")]),
    ("x.txt", "The port is old.\n\n    Nobody should work there.\n\n    -- Ulf Stig\n\nIt was built in 1911.", [("union", "Nobody should work there.")]),
    ("x.txt", "We open on Monday 🚢\n\n— Lola Adebayo (@adebayo) May 3, 2025\n\nIt rained.", [("port", "We open on Monday 🚢")]),
    ("x.txt", "“We open on Monday.”\n\n— Lola Adebayo\n\nIt rained.", [("port", "“We open on Monday.”")]),
    ("x.txt", "It rained on Monday.\n\n— Lola Adebayo", []),
    ("x.txt", "Adebayo wrote on her page:\n\nWe open on Monday.\n\nIt rained.", [("port", "We open on Monday.")]),
    ("x.txt", "The ship that Adebayo owns has three decks:\n\nThe first is for grain.", []),
    ("x.html", PAGE.format("<p>Stig wrote to his men:</p><blockquote><p>The quay is wet.</p><p>It is cold.</p></blockquote>"), [("union", "The quay is wet. … It is cold.")]),
    ("x.html", PAGE.format('<blockquote class="twitter-tweet"><p>We open on Monday.</p>&mdash; Lola Adebayo (@adebayo) <a href="https://twitter.com/a/status/1">May 3, 2025</a></blockquote>'), [("port", "We open on Monday.")]),
    ("x.html", PAGE.format("<blockquote><p>We open on Monday.</p><cite>Lola Adebayo</cite></blockquote>"), [("port", "We open on Monday.")]),
    ("x.html", PAGE.format("<blockquote><p>We open on Monday.</p><footer>— <cite>Lola Adebayo</cite></footer></blockquote>"), [("port", "We open on Monday.")]),
    ("x.html", PAGE.format("<blockquote>We open on Monday.<footer>Lola Adebayo, in <cite>The Harbour</cite></footer></blockquote>"), [("port", "We open on Monday.")]),
    ("x.html", PAGE.format("<p>Stig wrote:</p><blockquote><p>The quay is wet.</p><footer>Ann Lee, passenger</footer></blockquote>"), []),
    ("x.csv", 'id,text\n1,"<p>Stig wrote:</p><blockquote><p>The quay is wet.</p></blockquote><p>It rained.</p>"\n', [("union", "The quay is wet.")]),
    ("x.txt", "⚓ Adebayo: We open.\n\n🛠️ Stig: You do not.", [("port", "We open."), ("union", "You do not.")]),
    ("x.txt", "Adebayo ⚓: We open.\n\nStig 👷‍♂️: You do not.", [("port", "We open."), ("union", "You do not.")]),
    ("x.txt", "Stig👷🏽 said the quay was wet.", [("union", "the quay was wet")]),
    ("x.txt", "“We open,” Adebayo 🚢🚢 said.", [("port", "“We open,”")]),
    ("x.txt", "14:05 GMT – Stig: We wait.\n\n14:20 GMT – Adebayo: So do we.", [("union", "We wait."), ("port", "So do we.")]),
    ("x.txt", "9h05: Stig: We wait.\n\n9h20: Adebayo: So do we.", [("union", "We wait."), ("port", "So do we.")]),
    ("x.txt", "1\n00:00:01,000 --> 00:00:02,000\nSTIG: We wait.\n\n2\n00:00:02,500 --> 00:00:04,000\nADEBAYO: So do we.", [("union", "We wait."), ("port", "So do we.")]),
]  # fmt: skip


def said_in(document):
    return [(s.actor, s.text) for s in stance.segment([document], BOOK) if s.role == "source" and s.actor]


@pytest.mark.parametrize(("name", "written", "said"), CASES)
def test_whose_words_are_set_apart(tmp_path, name, written, said):
    (tmp_path / name).write_text(written, encoding="utf-8")
    (document,) = read_corpus(tmp_path / name)
    assert said_in(document) == said


PARAGRAPHS = st.sampled_from(
    [
        f"{SET_IN}We open.", f"{SET_IN}We stay.\nAll of us.", "    It is wet.", "Stig wrote:", "Adebayo spoke in March.",
        "The quay is old.", "STIG: We wait.", "- One crane.", "Stig 👷 said it was wet.", "12h05 - ADEBAYO: We open.", "🚢",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(PARAGRAPHS, min_size=1, max_size=6), PARAGRAPHS)
def test_a_last_paragraph_changes_nothing_above(before, last):
    above = "\n\n".join(before)

    def found(text):
        sources = [s for s in stance.segment([Document("d", text)], BOOK) if s.role == "source"]
        parts = [[[(p.start, p.end) for p in part] for part in (s.cue, s.source, s.spans)] for s in sources]
        return [(cue, s.actor, places) for s, places in zip(sources, parts, strict=True) for cue in [places[0]]]

    whole = found(f"{above}\n\n{last}")
    reaching = [cue for cue, _, parts in whole if max(end for part in parts for _, end in part) > len(above)]
    assert [f for f in whole if f[0] not in reaching] == [f for f in found(above) if f[0] not in reaching]
