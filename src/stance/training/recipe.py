"""The recipe: every set, cap, wording, seed and rate that makes a model, as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pydantic

from stance import schema
from stance.resources import WEIGHTS
from stance.schema import StanceError
from stance.strict import Strict, first_fault, parse_yaml

RECIPES = WEIGHTS.parent / "training/recipes"
"""Those of the bundled models."""
Format = Literal["sentiment", "stance", "reported", "nli", "written"]
"""``reported`` is stance in reported speech, with what takes the target up; see :mod:`stance.validation.reported`."""


class DataSet(Strict):
    """One file of labelled rows and how much of it is used."""

    file: str
    """Below the data folder; of the format ``written``, below ``training/sentences``."""
    sha256: str
    origin: str
    licence: str
    format: Format
    only: tuple[str, ...] | None = None
    """The labels used; left out: all."""
    kinds: tuple[str, ...] | None = None
    """Of rows that have a ``kind``, those used; left out: all."""
    cap: int | None = None
    repeats: int = 1
    """How often each row is used, each time with another wording."""
    keep_none: float = pydantic.Field(1.0, ge=0, le=1)
    """Share of the ``none`` rows kept."""
    unlabelled: bool = False
    """Learn from the teacher alone: the row's label does not fit the format it is used in."""
    swap: float = pydantic.Field(0.0, ge=0, le=1)
    """Share of the rows whose holder and target are given other names, wherever they stand in the text."""
    unrelated: float = pydantic.Field(0.0, ge=0, le=1)
    """Extra ``none`` rows made by pairing texts with another row's target, as a share of the rows."""


class Base(Strict):
    """The encoder that training starts from, as installed Python packages carry it."""

    packages: tuple[str, ...]
    """Distributions, as pip names them."""
    path: str
    """A folder inside the one package; or, with several, the pattern of a zip archive's parts."""
    sha256: str
    """Of ``model.safetensors``."""
    origin: str
    licence: str


class Earlier(Strict):
    """A model of this project that training goes on from."""

    model: str
    """A bundled model, or a folder below the data folder."""
    sha256: str
    """Of its weight files, as :func:`stance.resources.weights_hash` gives it."""
    origin: str
    licence: str
    recipe: str
    """The recipe beside this one that made it: its sets are part of this model, too."""


class Teacher(Strict):
    """A model whose probabilities are learned."""

    model: str
    """A bundled model, or a folder."""
    sha256: str
    """Of its weight files, as :func:`stance.resources.weights_hash` gives it."""


class Wordings(Strict):
    """Hypotheses for and against, with ``{actor}`` and ``{target}``."""

    favor: tuple[str, ...]
    against: tuple[str, ...]


class Stage(Strict):
    """One pass over some sets, with its own learning rate."""

    name: str
    """Also the seed of its examples: two stages of one name have the same ones."""
    after: int | None = None
    """Position of the stage whose end it starts from, counted from 0; left out: the one before."""
    learning_rate: float
    epochs: int = pydantic.Field(1, ge=1)
    teacher: float = pydantic.Field(0.0, ge=0, le=1)
    """Weight of the teacher's probabilities beside the label's."""
    sets: tuple[DataSet, ...]


class Evaluation(Strict):
    """A development file that the model card reports on."""

    name: str
    file: str
    sha256: str
    format: Format
    note: str = ""
    cap: int | None = None
    """At most so many rows, drawn by the recipe's seed."""


class Recipe(Strict):
    """Everything ``stance train`` needs to know.

    See ``training/recipes/`` for the recipes of the bundled models.
    """

    name: str
    base: Base | Earlier
    seed: int
    batch_size: int
    max_tokens: int
    precision: Literal["bf16", "fp32", "auto"]
    """``auto``: bf16 where the processor computes in it; it is emulated, and slower than fp32, elsewhere."""
    storage: Literal["half", "int8"] = "half"
    """How weights are written: int8 takes half the bytes of half precision."""
    unmarked: float = pydantic.Field(ge=0, le=1)
    """Share of rows with known positions whose target is left unmarked; for holder and statement drawn apart."""
    frozen: int = pydantic.Field(0, ge=0)
    """How many of the lowest layers keep the weights they start with; with them the embeddings."""
    kept: float = pydantic.Field(0.0, ge=0, lt=1)
    """Share of the starting weights in those that are written: some of what was learned anew is given up, and less of
    what was known before is lost (Wortsman et al. 2022)."""
    teacher: Teacher | None = None
    """What stages with a ``teacher`` weight learn from."""
    stance: Wordings
    sentiment: Wordings
    stages: tuple[Stage, ...]
    average: tuple[int, ...] = ()
    """Positions of the stages whose ends are averaged, weight by weight; left out: the last one's end."""
    evaluate: tuple[Evaluation, ...]
    notes: str = ""
    """What was tried on the way, for the model card."""

    def made_from(self) -> dict[str, Any]:
        """What decides the weights: all but notes and evaluation."""
        return self.model_dump(mode="json", exclude={"notes", "evaluate"})

    def depth(self, number: int) -> int:
        """How many stages lie before one, along the stages it starts from."""
        after = self.stages[number].after
        return 0 if number == 0 else 1 + self.depth(number - 1 if after is None else after)

    @pydantic.model_validator(mode="after")
    def _in_order(self) -> Recipe:
        for number, stage in enumerate(self.stages):
            if stage.after is not None and not 0 <= stage.after < number:
                raise ValueError(
                    f"stage {number} ({stage.name!r}) starts from stage {stage.after}, which is not before it"
                )
        if wrong := [number for number in self.average if not 0 <= number < len(self.stages)]:
            raise ValueError(f"there is no stage {wrong[0]} to average; they are counted from 0")
        return self

    @pydantic.model_validator(mode="after")
    def _taught(self) -> Recipe:
        for stage in self.stages:
            if stage.teacher and not self.teacher:
                raise ValueError(f"stage {stage.name!r} gives a teacher's weight, but the recipe names no teacher")
            if not stage.teacher and any(s.unlabelled for s in stage.sets):
                raise ValueError(f"stage {stage.name!r} has unlabelled rows, but no teacher's weight")
        names = [entry.name for entry in self.evaluate]
        if len(set(names)) < len(names):
            raise ValueError("two sets to evaluate on have the same name")
        return self


class MarkedSet(Strict):
    """One file of documents with sources, cues and contents."""

    file: str
    sha256: str
    origin: str
    licence: str


class AttributionRecipe(Strict):
    """What makes the tagger of sources, cues and contents."""

    task: Literal["attribution"]
    name: str
    seed: int
    hidden: int = pydantic.Field(ge=1)
    """Of the LSTM, each way."""
    roles: int = pydantic.Field(ge=1)
    """Of the LSTM that is read for each cue, each way."""
    dropout: float = pydantic.Field(ge=0, lt=1)
    epochs: int = pydantic.Field(ge=1)
    batch_size: int = pydantic.Field(ge=1)
    learning_rate: float = pydantic.Field(gt=0)
    sets: tuple[MarkedSet, ...]
    evaluate: tuple[MarkedSet, ...]
    notes: str = ""

    def made_from(self) -> dict[str, Any]:
        """What decides the weights: all but notes and evaluation."""
        return self.model_dump(mode="json", exclude={"notes", "evaluate"})


def read_recipe(path: str | Path) -> Recipe | AttributionRecipe:
    """Read and check a training recipe.

    Parameters
    ----------
    path
        A YAML file.

    Raises
    ------
    StanceError
        If the file is missing, or a key unknown, missing or of the wrong type.

    Examples
    --------
    >>> from importlib.resources import files
    >>> read_recipe(files("stance") / "training/recipes/small.yml").name
    'small'
    """
    path = Path(str(path))
    try:
        found = parse_yaml(path.read_bytes())
        kind = AttributionRecipe if isinstance(found, dict) and "task" in found else Recipe
        return kind.model_validate(found)
    except OSError as error:
        raise StanceError(f"The recipe {path} cannot be read ({error.strerror}). Check the path.") from None
    except pydantic.ValidationError as error:
        raise StanceError(f"The recipe {path} cannot be used: {first_fault(error)}") from None
    except ValueError as error:
        raise StanceError(f"The recipe {path} is not valid YAML: {error}.") from None


def lineage(recipe: Recipe) -> list[Recipe]:
    """A recipe and those that made what it goes on from, the latest first.

    Examples
    --------
    >>> from importlib.resources import files
    >>> [r.name for r in lineage(read_recipe(files("stance") / "training/recipes/base.yml"))]
    ['base', 'base_0_1']
    """
    found = [recipe]
    while isinstance(found[-1].base, Earlier):
        before = read_recipe(RECIPES / found[-1].base.recipe)
        if not isinstance(before, Recipe) or before.name in (r.name for r in found):
            raise StanceError(f"The recipe {found[-1].base.recipe} cannot come before {recipe.name}. Name another one.")
        found.append(before)
    return found


def checked(folder: Path, file: str, sha256: str) -> Path:
    """The path of a data file, once its hash is what the recipe says."""
    path = folder / file
    if not path.is_file():
        raise StanceError(
            f"The recipe needs {file}, which is not in {folder}. The recipe's 'origin' says where it comes from."
        )
    found = schema.sha256(path.read_bytes())
    if found != sha256:
        raise StanceError(f"{path} is not the file of the recipe: sha256 {found}, expected {sha256}.")
    return path
