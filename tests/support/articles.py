"""Sixty invented articles of four invented outlets over six months, written by rule: nobody in them exists."""

import random

import pandas as pd

BOOK = """
actors:
  company:
    label: Company
    entities:
      holt: {name: Marta Holt, aliases: [Holt], pronouns: she}
  town:
    label: Town
    entities:
      varga: {name: Erik Varga, aliases: [Varga], pronouns: he}
targets:
  dam:
    label: the dam
    hypotheses:
      favor: ["{actor} supports the dam."]
      against: ["{actor} opposes the dam."]
"""
_FOR = ["a gift to the valley", "good for every farm", "safe and overdue"]
_AGAINST = ["a disaster for the river", "a threat to the village", "a waste of money"]
_OUTLETS = {"Valley Post": 0.9, "River Herald": 0.5, "The Ledger": 0.7, "Morning Line": 0.3}
"""How often the company is quoted with praise."""


def articles(n: int = 60, seed: int = 7) -> pd.DataFrame:
    """A data frame as a researcher has it: own names of columns, one that means nothing to us."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    rows = []
    for i in range(n):
        outlet = list(_OUTLETS)[i % len(_OUTLETS)]
        praise = rng.choice(_FOR if rng.random() < _OUTLETS[outlet] else _AGAINST)
        body = (
            f"The council met for the {i + 1}. time on the plans for the valley.\n\n"
            f"Marta Holt said the dam was {praise}. "
            f"Erik Varga said the dam was {rng.choice(_AGAINST)}.\n"
        )
        day = f"2025-{1 + i * 6 // n:02}-{1 + i % 28:02}"
        rows.append(
            {"nr": f"a{i:02}", "body": body, "paper": outlet, "day": day, "desk": rng.choice(["news", "local"])}
        )
    return pd.DataFrame(rows)
