"""Labels of reported stance with their texts, for those who have these: python studies/reported.py OUT

Reads gold/reported, and from the folder that ``STANCE_SHARED`` names the texts they were made on (PolNeAR and the
official voices; see docs/howto/reproduce.md). Writes development.jsonl, training.jsonl and training_news.jsonl
into OUT, one annotator's label a row, for ``stance evaluate --data`` and ``stance train``. Prints how far annotators
agree. What is written holds texts that are not ours to give away: keep it to yourself.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import pandas as pd

from stance.files import writable, write_file
from stance.schema import LABELS, StanceError
from stance.validation.intercoder import alpha
from stance.validation.reported import reported_rows

GOLD = Path(__file__).parents[1] / "gold/reported"
SETS = {
    "polnear/train": ("data/polnear/train.jsonl", "text", "id"),
    "polnear/dev": ("data/polnear/dev.jsonl", "text", "id"),
    "corpora/kremlin_press_2021_2022": ("corpora/kremlin_press_2021_2022.jsonl", "body", "link"),
    "corpora/president_gov_ua_2021_2022": ("corpora/president_gov_ua_2021_2022.jsonl", "body", "link"),
    "corpora/whitehouse_ukraine_2021_2024": ("corpora/whitehouse_ukraine_2021_2024.jsonl", "text", "url"),
    "corpora/ungdc_2007_2024": ("corpora/ungdc_2007_2024.jsonl", "text", ("country", "session")),
}
"""Where the texts of each set stand: file, and the keys of text and name."""


def texts(folder: Path) -> dict[tuple[str, str], str]:
    """All texts that are there, by set and document."""
    found = {}
    for name, (file, text, key) in SETS.items():
        path = folder / file
        if not path.is_file():
            print(f"{file} is not there: its labels are left out", file=sys.stderr)
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            keys = key if isinstance(key, tuple) else (key,)
            found[name, "-".join(str(row[k]) for k in keys)] = row[text]
    return found


def agreement(rows: pd.DataFrame, column: str, values: tuple) -> tuple[int, float]:
    """How many rows two annotators labelled, and Krippendorff's alpha of a column."""
    unit = ["document", "text", "statement", "target", "holder_start"]
    counts = rows.groupby(unit, dropna=False)[column].value_counts().unstack(fill_value=0).reindex(columns=list(values))
    counts = counts[counts.sum(axis=1) > 1].fillna(0).to_numpy()
    return len(counts), float(alpha(counts)[0])


def main(arguments: list[str] | None = None) -> None:
    """Join labels and texts, and say how far annotators agree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="a folder outside the project")
    options = parser.parse_args(arguments)
    shared = os.environ.get("STANCE_SHARED")
    if not shared:
        raise StanceError("The labels need their texts; see docs/howto/reproduce.md. STANCE_SHARED names no folder.")
    known = texts(Path(shared))
    for name in ("development", "training", "training_news"):
        rows, left_out = reported_rows(GOLD / f"{name}.jsonl", known)
        for sentence in left_out[:3]:
            print(sentence, file=sys.stderr)
        first = rows[rows["annotator"] == "A"]
        lines = first.drop(columns="annotator").astype(object).where(first.notna(), None).to_dict("records")
        data = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        write_file(writable(options.out) / f"{name}.jsonl", data.encode())
        twice, alpha_label = agreement(rows, "label", LABELS["stance"])
        _, alpha_addressed = agreement(rows, "addressed", (True, False))
        counts = first.groupby(["label", "addressed"]).size().to_dict()
        print(f"{name}: {len(first)} rows, {len(left_out)} left out; {counts}")
        print(f"  labelled twice {twice}: alpha {alpha_label:.3f} for the label, {alpha_addressed:.3f} for addressed")


if __name__ == "__main__":
    try:
        main()
    except StanceError as error:
        sys.exit(f"stance: {error}")
