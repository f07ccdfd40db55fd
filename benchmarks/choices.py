"""What the chosen numbers of attribution do: python benchmarks/choices.py [--out results]

Each of the numbers below is moved while the others stay, and the invented passages in gold/passages (dev) are
measured: with the right actor, since that is what salience decides. Where ``STANCE_SHARED`` names a folder with
PolNeAR, so are the first documents of its development set, which decide the numbers of the tagger and of quotations.
Written to results/tables/00_choices.csv; the comment at each number says what was seen.
"""

import argparse
import json
import os
from pathlib import Path

import pandas as pd

import stance
from stance.attribution import _contents, _quoted, attributions, consensus
from stance.attribution import _salience as salience
from stance.attribution.segments import Segmenter
from stance.schema import sha256
from stance.validation.gold import found_in, read_gold, score_attributions

ROOT = Path(__file__).parents[1]
PASSAGES = ROOT / "gold/passages"
DOCUMENTS = 30
CHOICES = {
    (salience, "HORIZON"): (1, 2, 4, 6),
    (salience, "STEP"): (1, 2, 5, 8),
    (salience, "MAIN_SUBJECT"): (0, 2, 6, 9),
    (salience, "OTHER_SUBJECT"): (0, 2, 4),
    (consensus, "DOUBT"): (0.0, 0.05, 0.2, 0.3),
    (consensus, "SURE"): (0.3, 0.7, 1.1),
    (consensus, "ALONE"): (0.2, 0.3, 0.5, 0.6),
    (consensus, "_SAME"): (0.3, 0.7),
    (_quoted, "_LONGEST_GAP"): (0, 10, 50),
    (attributions, "_LONGEST_ASIDE"): (0, 4, 16),
    (_contents, "_LONGEST_PARENTHESIS"): (6, 10, 25),
}
"""The numbers, and what else they are set to."""


def sets(folder):
    """Marked documents by name, each set with its codebook."""
    book = stance.read_codebook(PASSAGES / "codebook.yml")
    yield "invented passages", book, read_gold(PASSAGES / "dev.jsonl", book)
    polnear = Path(os.environ.get("STANCE_SHARED", "none")) / "data/polnear/dev.jsonl"
    if polnear.is_file():
        some = folder / "polnear.jsonl"
        some.write_text("".join(polnear.read_text(encoding="utf-8").splitlines(keepends=True)[:DOCUMENTS]))
        sample = stance.read_codebook()
        yield f"PolNeAR dev, {DOCUMENTS} documents", sample, read_gold(some, sample)


def measured(name, book, gold):
    """F1 of content, with the source, and with the right actor."""
    segmenter = Segmenter(book)
    line = score_attributions(gold, lambda document: found_in(segmenter.segment(document).segments)).iloc[0]
    return {"set": name, **{f"{step}_f1": line[f"{step}_f1"] for step in ("content", "source", "actor")}}


def main():
    import tempfile

    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default="results")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        every = list(sets(Path(folder)))
    rows = [{"number": "as chosen", "value": "", **measured(*one)} for one in every]
    for (module, number), values in CHOICES.items():
        chosen = getattr(module, number)
        for value in values:
            setattr(module, number, value)
            rows += [{"number": number.strip("_"), "value": value, **measured(*one)} for one in every]
            print(json.dumps(rows[-len(every) :]), flush=True)
        setattr(module, number, chosen)
        rows += [{**row, "number": number.strip("_"), "value": f"{chosen} (chosen)"} for row in rows[: len(every)]]
    table = pd.DataFrame(rows).sort_values(["set", "number"], kind="stable", ignore_index=True)
    print(table.to_string(index=False))
    made = sha256(b"".join(p.read_bytes() for p in (Path(__file__), PASSAGES / "dev.jsonl")))
    stance.save(
        "00_choices", None, table.astype({"value": str}), stance.Inputs({"choices": made}, "", None), out=arguments.out
    )


if __name__ == "__main__":
    main()
