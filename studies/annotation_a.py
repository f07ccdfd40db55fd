"""AI annotation A of the sample article, brought into sheets: python studies/annotation_a.py

Annotation A marks stances and evaluations where it found them, with their evidence. Here each unit of the sheets in
``src/stance/data/annotations`` gets the label whose evidence overlaps it most:

- stance: of the same camp, scope *sentence*; ``ambivalent``, which the codebook does not have, becomes ``none``, and a
  unit without evidence stays without a label;
- sentiment: of the same holder's camp toward the same camp; a unit without evidence is ``neutral``, since A lists every
  evaluation that it found.

The annotation is in the developers' shared folder, which ``STANCE_SHARED`` names; the sheets made from it are here.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import stance
from stance.corpus.spreadsheets import spreadsheet_csv
from stance.files import write_file
from stance.resources import ANNOTATIONS
from stance.schema import NARRATOR, Segment, StanceError
from stance.validation.sheets import instructions

RESULTS = Path(__file__).parents[1] / "results"
ROLES = {"stance": "source", "sentiment": "mention"}
STANCES = {"favor": "favor", "against": "against", "none": "none", "ambivalent": "none"}


def overlap(spans: Iterable[tuple[int, int]], evidence: Iterable[Mapping[str, Any]]) -> int:
    """Characters that spans and evidence share.

    >>> overlap([(0, 10)], [{"start": 5, "end": 20}])
    5
    """
    pieces = list(evidence)
    return sum(max(0, min(end, e["end"]) - max(start, e["start"])) for start, end in spans for e in pieces)


def best(segment: Segment, entries: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The entry whose evidence shares most with a segment; the first of several."""
    spans = [(span.start, span.end) for span in segment.spans]
    shared = [(overlap(spans, entry["pieces"]), entry) for entry in entries]
    most = max(shared, key=lambda pair: pair[0], default=(0, None))
    return most[1] if most[0] else None


def stance_labels(segments: Mapping[str, Segment], gold: Mapping[str, Any], camps: Mapping[str, str]) -> dict:
    """Labels and reasons of stance by segment."""
    entries = [{**s, "pieces": s["evidence"]} for s in gold["stances"] if s["scope"] == "sentence"]
    found = {}
    for key, segment in segments.items():
        entry = best(segment, (e for e in entries if camps.get(e["camp"]) == segment.actor))
        found[key] = (STANCES[entry["stance"]], entry["rationale"]) if entry else ("", "")
    return found


def sentiment_labels(segments: Mapping[str, Segment], gold: Mapping[str, Any], camps: Mapping[str, str]) -> dict:
    """Labels and reasons of sentiment by segment."""
    entries = [{**s, "pieces": [s["evidence"]]} for s in gold["sentiments"]]
    found = {}
    for key, segment in segments.items():
        about = (e for e in entries if camps.get(e["target_camp"]) == segment.actor)
        entry = best(segment, (e for e in about if _holds(e, segment, camps)))
        found[key] = (entry["polarity"], entry["rationale"]) if entry else ("neutral", "no evaluation listed")
    return found


def _holds(entry: Mapping[str, Any], segment: Segment, camps: Mapping[str, str]) -> bool:
    holder = NARRATOR if entry["holder"] == NARRATOR else camps.get(entry["holder_camp"])
    return holder == segment.voice


def sheet_of(measure: str, segments: Sequence[Segment]) -> pd.DataFrame:
    """The sheet of all units of the article that a model is asked about, whether or not it finds them on the matter."""
    table = pd.read_csv(RESULTS / "scores" / f"{measure}.csv")
    rows = table[(table["role"] == ROLES[measure]) & table["actor"].notna() & (table["n_wordings"] > 0)]
    rows = rows.assign(label=rows["label"].fillna("left out"))  # a sample is of rows with a label
    return stance.validation.sheet(stance.validation.sample(rows, len(rows), by=()), segments)


def main() -> None:
    """Write annotation A into sheets, with the instructions beside them."""
    shared = os.environ.get("STANCE_SHARED")
    if not shared:
        raise StanceError("Annotation A is in the developers' shared folder. STANCE_SHARED names none.")
    gold = json.loads(Path(shared, "gold", "gold_seed_stance.json").read_text(encoding="utf-8"))
    codebook = stance.read_codebook()
    camps = {label: actor for actor, label in codebook.names.items()} | {"other": "other"}
    segments = stance.segment(stance.read_corpus(), codebook)
    by_id = {s.id: s for s in segments}
    for measure, labels_of in (("stance", stance_labels), ("sentiment", sentiment_labels)):
        sheet = sheet_of(measure, segments)
        found = labels_of({key: by_id[key] for key in sheet["segment"]}, gold, camps)
        labels, notes = zip(*(found[key] for key in sheet["segment"]), strict=True)
        filled = sheet.assign(annotator="A", label=labels, note=notes)
        write_file(
            ANNOTATIONS / f"{measure}.A.csv", spreadsheet_csv(filled.astype(str).to_dict("records"), list(filled))
        )
        write_file(ANNOTATIONS / f"{measure}.instructions.md", instructions(sheet, codebook).encode())
        print(f"{measure}: {sum(map(bool, labels))} of {len(sheet)} units labelled")


if __name__ == "__main__":
    try:
        main()
    except StanceError as error:
        sys.exit(f"stance: {error}")
