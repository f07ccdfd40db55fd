"""Who speaks by the layout of a text: labels, lists, headlines, and where a turn ends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stance
from stance.codebook import Codebook
from stance.schema import Document

BOOK = Codebook.model_validate(
    {
        "actors": {
            "port": {
                "label": "the port",
                "entities": {
                    "adebayo": {"name": "Lola Adebayo", "aliases": ["Adebayo"], "pronouns": "she"},
                    "simkova": {"name": "Jana Šimková", "aliases": ["Šimková"], "pronouns": "she"},
                    "port": {"name": "Port Authority", "aliases": ["Harbour Board"], "pronouns": "it"},
                },
            },
            "union": {"label": "the union", "entities": {"stig": {"name": "Ulf Stig", "aliases": ["Stig"], "pronouns": "he"}, "kovac": {"name": "Peter Kováč", "aliases": ["Kováč"], "pronouns": "he"}}},
        },
        "targets": {
            "quay": {"label": "the quay", "hypotheses": {"favor": ["{actor} supports {target}."], "against": ["{actor} opposes {target}."]}}
        },
    }
)  # fmt: skip

CASES = [
    ("[12:30] ADEBAYO: The cranes stand still.\n\n[12:31] STIG: They should.", [("port", "The cranes stand still."), ("union", "They should.")]),
    (">> STIG: Nobody was asked.\n\n>> ADEBAYO: Everybody was.", [("union", "Nobody was asked."), ("port", "Everybody was.")]),
    ("LOLA ADEBAYO, HARBOUR MASTER: We open on Monday.\n\nULF STIG, UNION LEADER: We do not.", [("port", "We open on Monday."), ("union", "We do not.")]),
    ("Stig (by telephone): We will not load.\n\nAdebayo: You will.", [("union", "We will not load."), ("port", "You will.")]),
    ("ADEBAYO: Good morning, everyone.\n\nSTIG: Morning.", [("port", "Good morning, everyone."), ("union", "Morning.")]),
    ("Adebayo: Quay to open\n\nStig: Quay unsafe\n\nTwo thousand men work at the quay.\n\nThe cranes are old.", [("port", "Quay to open"), ("union", "Quay unsafe")]),
    ("MR. STIG: We will not load.\n\nMS. ADEBAYO: You will.", [("union", "We will not load."), ("port", "You will.")]),
    ("MR. KOVÁČ: We will not load.\n\nDR. ŠIMKOVÁ: You will.", [("union", "We will not load."), ("port", "You will.")]),
    ("MR. KOVÁČ said the quay was wet.", [("union", "the quay was wet")]),
    ("MS. KOVÁČ: We will not load.", []),
    ("Quay is a danger to all: Stig", [("union", "Quay is a danger to all")]),
    ("Stig set out his terms:\n\n- No night shifts\n- A second crane\n\nThe port is old.", [("union", "No night shifts"), ("union", "A second crane")]),
    ("According to Adebayo:\n\n1. The quay is safe.\n2. The cranes are new.", [("port", "The quay is safe"), ("port", "The cranes are new")]),
    ("The Port Authority’s priorities\n\n• Open the quay.\n• Hire two hundred men.", [("port", "Open the quay"), ("port", "Hire two hundred men")]),
    ("Stig listed three worries and demands:\n\n- The quay is wet.\n- Adebayo said the quay was dry.", [("union", "The quay is wet"), ("port", "the quay was dry")]),
    ("ADEBAYO [00:12]: We open.\n\nSTIG [00:20]: You do not.", [("port", "We open."), ("union", "You do not.")]),
    ("9.05am – Stig: We wait.\n9.06am – Adebayo: So do we.", [("union", "We wait."), ("port", "So do we.")]),
    ("ADEBAYO:\n\nThe quay is dry.\n\nSTIG:\n\nIt is wet.", [("port", "The quay is dry."), ("union", "It is wet.")]),
    ("Adebayo: Quay to open\nStig: Quay unsafe", [("port", "Quay to open"), ("union", "Quay unsafe")]),
    ("STIG: It is wet.\n\nADEBAYO: It is dry.\n\nThe two met in March.\n\nThe quay was closed.", [("union", "It is wet."), ("port", "It is dry.")]),
    ("STIG: It is wet.\n\nADEBAYO: I doubt it.\n\nThe water is low.\n\n(Laughter)\n\nWe have measured it.", [("union", "It is wet."), ("port", "I doubt it. … The water is low. … We have measured it.")]),
    ("STIG: It is wet.\n\nADEBAYO: It is dry.\n\nNote: This was cut.\n\nThis interview has been edited.", [("union", "It is wet."), ("port", "It is dry.")]),
    ("UPDATE: Quay is a danger: Stig", [("union", "Quay is a danger")]),
    ("No quay for us: Adebayo", [("port", "No quay for us")]),
    ("The man behind the quay: Ulf Stig", []),
    ("Stig: The man behind the quay", []),
    ("Adebayo: what she wants", []),
    ("Three demands were made by Stig:\n\n- Fewer ships;\n- more men; and\n- a roof.", [("union", "Fewer ships"), ("union", "more men"), ("union", "a roof")]),
    ("Stig spoke in March. He gave two reasons:\n\n- The quay is wet.\n- The quay is cold.", [("union", "The quay is wet"), ("union", "The quay is cold")]),
    ("Both sides spoke:\n\n- Stig said:\n  - The quay is wet.\n- Adebayo said:\n  - The quay is dry.", [("union", "The quay is wet"), ("port", "The quay is dry")]),
    ("Stig knows three harbours:\n\n- Port Wick\n- Port Ann", []),
    ("STIG SAID THE QUAY WAS WET. “IT IS A DANGER,” ADEBAYO SAID.", [("union", "THE QUAY WAS WET"), ("port", "“IT IS A DANGER,”")]),
    ("ACCORDING TO STIG, THE QUAY IS WET.\n\nAdebayo said the quay was dry.", [("union", "THE QUAY IS WET"), ("port", "the quay was dry")]),
    ("What to bring:\n\n- A coat.\n- Boots.", []),
    ("Adebayo travelled with three ministers:\n\n- The minister of trade\n- The minister of fish", []),
    ("Note: Stig was ill.\n\nUpdate: Adebayo left.", []),
    ("The train leaves at 10:30: Stig is on it.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), CASES)
def test_whom_the_layout_gives_words_to(text, said):
    found = [(s.actor, s.text) for s in stance.segment([Document("d", text)], BOOK) if s.role == "source" and s.actor]
    assert [(actor, words.strip(" .")) for actor, words in found] == [
        (actor, words.strip(" .")) for actor, words in said
    ]


@pytest.mark.parametrize(("text", "said"), [case for case in CASES if "\n\n" in case[0] and "measured" not in case[0]])
def test_a_paragraph_below_changes_nothing_above(text, said):
    def found(words):
        return [(s.actor, s.text) for s in stance.segment([Document("d", words)], BOOK) if s.role == "source"]

    above = found(text.rpartition("\n\n")[0])
    assert found(text)[: len(above)] == above


PARAGRAPHS = st.sampled_from(
    [
        "STIG: It is wet.", "ADEBAYO:", "Adebayo: Quay to open", "The two met in March.", "- The quay is dry.", "  - It is not.",
        "Stig made three demands:", "THE QUAY IS WET, STIG SAID.", "Quay is a danger: Stig", "(Laughter)", "Note: This was cut.", "We know it.",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(PARAGRAPHS, min_size=1, max_size=6), PARAGRAPHS)
def test_whatever_the_layout_a_last_paragraph_changes_nothing_above(before, last):
    above = "\n\n".join(before)

    def found(text):
        sources = [s for s in stance.segment([Document("d", text)], BOOK) if s.role == "source"]
        places = [
            (s.actor, s.kind, [[(p.start, p.end) for p in part] for part in (s.cue, s.source, s.spans)])
            for s in sources
        ]
        return [(place[2][0], place) for place in places]

    whole = found(f"{above}\n\n{last}")
    reaching = [cue for cue, (_, _, parts) in whole if max(end for part in parts for _, end in part) > len(above)]
    assert [f for f in whole if f[0] not in reaching] == [f for f in found(above) if f[0] not in reaching]


def test_us_in_capitals_is_a_name_only_where_it_cannot_be_a_pronoun(codebook):
    def actors(text):
        return {m.actor for m in stance.segment([Document("d", text)], codebook) if m.role == "mention" or m.actor}

    assert "white_house" in actors("THE US SAID THE TALKS WERE USEFUL.")
    assert "white_house" not in actors("PUTIN TOLD US THAT THE TALKS WERE USEFUL.")


def test_a_label_with_nothing_below_it_is_nobody_s_words():
    assert not [s for s in stance.segment([Document("d", "ADEBAYO:\n\nADEBAYO:")], BOOK) if s.role == "source"]
