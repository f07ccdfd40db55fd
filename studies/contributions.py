"""What each training set and each way of reading adds to a model: python studies/contributions.py RECIPE DATA OUT.csv

Trains the recipe's start on a fixed fifth of the recipe's examples, one pass: once on all sets, once without each, once
with the statement not marked, once without being asked what takes the target up. Measures every run on the recipe's
development sets (at most so many rows each) and writes one line a run and set; runs that OUT.csv holds already are
passed over, so that a stopped run goes on. These are small runs for comparing with each other: single figures move by
a point or two with the seed, and none is that of the finished model.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from stance.codebook import ADDRESSED
from stance.scoring.loading import load_model
from stance.scoring.premises import MARKS
from stance.training.encoders import start_folder
from stance.training.examples import Example, examples_of
from stance.training.fit import Settings, learn, precision, untrained
from stance.training.measured import development_set
from stance.training.model_folder import write_model
from stance.training.recipe import DataSet, Recipe, read_recipe
from stance.training.teacher import goals_of
from stance.validation.evaluation import LabelledSet, evaluate, predictor

SHARE = 0.2
"""Of the examples: a whole run takes an hour, and there are a dozen."""
ROWS = 600
"""Of each development set: two points of macro-F1 are then about one standard error."""


def name_of(dataset: DataSet) -> str:
    """What is left out together: the sets of one folder, or all that the project wrote."""
    return "written" if dataset.format == "written" else dataset.file.split("/")[0]


def sampled(recipe: Recipe, data: Path) -> dict[str, list[Example]]:
    """A fixed fifth of the examples of each set."""
    found: dict[str, list[Example]] = {}
    for stage in recipe.stages:
        for number, dataset in enumerate(stage.sets):
            examples = examples_of(stage.model_copy(update={"sets": (dataset,)}), recipe, data)
            rng = random.Random(f"{recipe.seed}/{stage.name}/{number}/contributions")  # noqa: S311
            found.setdefault(name_of(dataset), []).extend(rng.sample(examples, round(SHARE * len(examples))))
    return found


def variants(by_set: dict[str, list[Example]]) -> Iterator[tuple[str, list[Example], set[str]]]:
    """Every run: its name, its examples, and what is marked in them."""
    everything = [e for examples in by_set.values() for e in examples]
    yield "all", everything, set(MARKS)
    for left_out in by_set:
        others = [e for name, examples in by_set.items() if name != left_out for e in examples]
        yield f"without {left_out}", others, set(MARKS)
    plain = [replace(e, premise=unmarked(e.premise)) for e in everything]
    yield "statement not marked", plain, set(MARKS) - {"statement"}
    verb = ADDRESSED.split("{actor}")[1].split("{target}")[0]
    yield "not asked what takes the target up", [e for e in everything if verb not in e.hypothesis], set(MARKS)


def unmarked(premise: str) -> str:
    """A premise without the signs around its statement."""
    opening, closing = MARKS["statement"]
    return premise.replace(opening, "", 1).replace(closing, "", 1) if opening in premise else premise


def development(recipe: Recipe, data: Path) -> list[LabelledSet]:
    """The recipe's development sets, at most so many rows each."""
    entries = [entry.model_copy(update={"cap": min(ROWS, entry.cap or ROWS)}) for entry in recipe.evaluate]
    return [development_set(entry, data, recipe.seed) for entry in entries]


def run(
    name: str, examples: list[Example], marks: set[str], recipe: Recipe, start: Path, sets: list[LabelledSet]
) -> pd.DataFrame:
    """Train and measure one run."""
    examples = random.Random(f"{recipe.seed}/contributions").sample(examples, len(examples))  # noqa: S311
    network, tokenizer = untrained(start)
    settings = Settings(
        recipe.stages[0].learning_rate,
        recipe.batch_size,
        recipe.max_tokens,
        precision(recipe.precision),
        seed=recipe.seed,
        order=f"{recipe.seed}/contributions",
    )
    learn(network, tokenizer, examples, goals_of(examples), settings, log=lambda line: None)
    with tempfile.TemporaryDirectory() as folder:
        write_model(network, tokenizer, Path(folder), {key: MARKS[key] for key in marks})
        table = evaluate(sets, {name: predictor(load_model(folder))}, seed=recipe.seed)
    columns = ["set", "task", "n", "macro_f1", "f1_sides", "accuracy"]
    return table.loc[table["set"] != "pooled", columns].round(4).assign(run=name, n_examples=len(examples))


def main(arguments: list[str] | None = None) -> None:
    """Make every run that is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args(arguments)
    recipe = read_recipe(options.recipe)
    if not isinstance(recipe, Recipe):
        parser.error(f"{options.recipe} makes no inference model")
    done = pd.read_csv(options.out) if options.out.is_file() else pd.DataFrame(columns=["run"])
    sets = development(recipe, options.data)
    with tempfile.TemporaryDirectory() as work:
        start = start_folder(recipe.base, options.data, Path(work))
        for name, examples, marks in variants(sampled(recipe, options.data)):
            if name in set(done["run"]):
                continue
            done = pd.concat([done, run(name, examples, marks, recipe, start, sets)], ignore_index=True)
            done.to_csv(options.out, index=False)
            print(
                done[done["run"] == name][["run", "set", "macro_f1"]].to_string(index=False, header=False), flush=True
            )


if __name__ == "__main__":
    main()
