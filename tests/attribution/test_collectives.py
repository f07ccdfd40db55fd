"""Sources that mean several actors: all of them, and nobody where others come into question."""

import pytest

BOTH = {"kremlin", "white_house"}


@pytest.mark.parametrize(
    ("text", "cue", "actors"),
    [
        ("Russia and the United States began talks on Monday. Both delegations said that the harvest was safe.", "said", BOTH),
        ("Russia and the United States signed the treaty in May. The parties pledged to share the water.", "pledged", BOTH),
        ("Putin hosted Trump at the palace. The sides agreed that the port would be shared.", "agreed", BOTH),
        ("Lavrov and Rubio spoke by phone. The two foreign ministers said that the harvest was safe.", "said", BOTH),
        ("Putin met with Trump. The leaders expressed the hope that it would rain.", "expressed", BOTH),
        ("Putin spoke by telephone with Nikol Pashinyan about Trump. The leaders agreed to continue contacts.", "agreed", {None}),
        ("Putin wrote to Trump and Zelensky. The parties said that the talks would go on.", "said", {None}),
        ("Putin wrote to Trump. Both sides of the Atlantic said that the talks would go on.", "said", {None}),
        ("Putin wrote to Trump. The parties of the opposition said that the talks would go on.", "said", {None}),
        ("It rained. The parties said that the talks would go on.", "said", {None}),
        ("PUTIN: In our view, the ferry is late.", "In our view", {"kremlin"}),
        ("PUTIN: We believe that the ferry is late.", "believe", {"kremlin"}),
    ],
)  # fmt: skip
def test_whom_a_collective_source_means(of_text, text, cue, actors):
    found = [s for s in of_text(text) if s.role == "source"]
    whose = {s.actor for s in found if [c.text for c in s.cue] == [cue]} or {s.actor for s in found}
    assert whose == actors
