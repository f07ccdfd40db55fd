"""What half the bytes cost: python benchmarks/storage.py FOLDER RECIPE DATA [--rows 400]; CSV on the output.

FOLDER holds a model in half precision, such as those of stance 0.1. Its matrices are packed as the bundled ones are
(int8 by output channel), and both are asked the same rows of the recipe's development sets, one wording each: how many
labels are the same, how far probabilities move, and macro-F1 of both. Needs the data sets that the recipe names.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from pathlib import Path

import numpy as np

from stance.scoring.loading import load_model
from stance.scoring.networks import load_network, load_tokenizer
from stance.scoring.premises import MARKS
from stance.training.measured import development_set
from stance.training.model_folder import write_model
from stance.training.recipe import Recipe, read_recipe
from stance.validation.evaluation import predictor
from stance.validation.metrics import f1_by_label


def packed(folder: Path, out: Path) -> None:
    """The same model with half the bytes."""
    marks = {key: MARKS[key] for key in load_model(folder).marks}
    write_model(load_network(folder), load_tokenizer(folder), out, marks, storage="int8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=int, default=400, help="of each set, at most")
    options = parser.parse_args()
    recipe = read_recipe(options.recipe)
    if not isinstance(recipe, Recipe):
        parser.error(f"{options.recipe} makes no inference model")
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(["set", "n", "same_label", "mean_move", "largest_move", "macro_f1", "macro_f1_packed"])
    with tempfile.TemporaryDirectory() as place:
        packed(options.folder, Path(place))
        models = [load_model(options.folder), load_model(place)]
        for model in models:
            model.calibration = {}
        for entry in recipe.evaluate:
            capped = entry.model_copy(update={"cap": min(options.rows, entry.cap or options.rows)})
            labelled = development_set(capped, options.data, recipe.seed)
            found = [predictor(model)(labelled) for model in models]
            before, after = (one.probabilities for one in found if one and one.probabilities is not None)
            moves = np.abs(after - before).max(axis=1)
            scores = [f1_by_label(labelled.labels, p.argmax(axis=1)).mean() for p in (before, after)]
            same = (before.argmax(axis=1) == after.argmax(axis=1)).mean()
            lines.writerow(
                [labelled.name, len(moves), *(f"{v:.4f}" for v in (same, np.nanmean(moves), np.nanmax(moves), *scores))]
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
