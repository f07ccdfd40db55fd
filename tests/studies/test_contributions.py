"""What training sets add: the runs that are made, and what is taken out in each."""

import pytest

from stance.scoring.premises import MARKS
from stance.training.examples import Example
from stance.training.recipe import read_recipe

BY_SET = {
    "reported": [
        Example("[ Holt ] said < the dam is a gift >.", "Holt supports the dam.", 0),
        Example("[ Holt ] said < it rained >.", "Holt speaks about the dam.", 1),
    ],
    "newsmtsc": [Example("* Varga * lied.", "The text speaks ill of Varga.", 0)],
}


@pytest.fixture(scope="module")
def job(script):
    return script("studies/contributions.py")


def test_there_is_a_run_on_everything_one_without_each_set_and_one_for_each_way_of_reading(job):
    runs = {name: (examples, marks) for name, examples, marks in job.variants(BY_SET)}
    assert list(runs) == [
        "all", "without reported", "without newsmtsc", "statement not marked", "not asked what takes the target up",
    ]  # fmt: skip
    assert len(runs["all"][0]) == 3
    assert runs["without reported"][0] == BY_SET["newsmtsc"]
    plain, marks = runs["statement not marked"]
    assert [e.premise for e in plain] == [
        "[ Holt ] said the dam is a gift.",
        "[ Holt ] said it rained.",
        "* Varga * lied.",
    ]
    assert marks == set(MARKS) - {"statement"}
    assert all("speaks about" not in e.hypothesis for e in runs["not asked what takes the target up"][0])


def test_sets_of_one_folder_and_sentences_of_the_project_go_together(job, pytestconfig):
    recipe = read_recipe(pytestconfig.rootpath / "src/stance/training/recipes/base.yml")
    names = {job.name_of(dataset) for stage in recipe.stages for dataset in stage.sets}
    assert {"reported", "seesaw", "mpqa", "written"} <= names
    assert not any(name.endswith(".jsonl") for name in names)


def test_every_set_is_sampled_and_the_sample_is_the_same_each_time(job, pytestconfig, shared):
    recipe = read_recipe(pytestconfig.rootpath / "src/stance/training/recipes/base.yml")
    stage = recipe.stages[0]
    kept = tuple(s for s in stage.sets if s.format == "written" or s.file.startswith("mpqa"))
    recipe = recipe.model_copy(update={"stages": (stage.model_copy(update={"sets": kept}),)})
    one, two = (job.sampled(recipe, shared / "data") for _ in range(2))
    assert one == two and set(one) == {"mpqa", "written"}
    assert all(one.values())
