"""Who speaks by the layout of a text: labels, lists, headlines, and where a turn ends."""

import pytest

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
                    "port": {"name": "Port Authority", "aliases": ["Harbour Board"], "pronouns": "it"},
                },
            },
            "union": {"label": "the union", "entities": {"stig": {"name": "Ulf Stig", "aliases": ["Stig"], "pronouns": "he"}}},
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
    ("Quay is a danger to all: Stig", [("union", "Quay is a danger to all")]),
    ("Stig set out his terms:\n\n- No night shifts\n- A second crane\n\nThe port is old.", [("union", "No night shifts"), ("union", "A second crane")]),
    ("According to Adebayo:\n\n1. The quay is safe.\n2. The cranes are new.", [("port", "The quay is safe"), ("port", "The cranes are new")]),
    ("The Port Authority’s priorities\n\n• Open the quay.\n• Hire two hundred men.", [("port", "Open the quay"), ("port", "Hire two hundred men")]),
    ("Stig listed three worries and demands:\n\n- The quay is wet.\n- Adebayo said the quay was dry.", [("union", "The quay is wet"), ("port", "the quay was dry")]),
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


@pytest.mark.parametrize(("text", "said"), [case for case in CASES if "\n\n" in case[0]])
def test_a_paragraph_below_changes_nothing_above(text, said):
    def found(words):
        return [(s.actor, s.text) for s in stance.segment([Document("d", words)], BOOK) if s.role == "source"]

    above = found(text.rpartition("\n\n")[0])
    assert found(text)[: len(above)] == above
