"""Fine-tune an encoder on examples: CPU or GPU, with checkpoints and resume."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from stance.codebook import ADDRESSED
from stance.schema import StanceError
from stance.scoring.networks import load_network, load_tokenizer
from stance.scoring.premises import MARKS
from stance.training.encoders import start_folder
from stance.training.examples import LABELS, Example, examples_of
from stance.training.model_folder import write_model
from stance.training.recipe import AttributionRecipe, Recipe
from stance.training.teacher import blend, goals_of, teach

_SAVE_EVERY = 200
"""Steps: a few minutes of work at most are lost."""
_LOG_EVERY = 25
_PAD = 8
"""Tokens: some 6 % fewer than with 16, and few enough lengths for oneDNN to keep a kernel of each."""
_WARM_UP = 0.06
"""Share of the steps in which the rate rises, as RoBERTa was fine-tuned (Liu et al. 2019)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How examples are learned."""

    learning_rate: float
    batch_size: int
    max_tokens: int
    precision: Literal["bf16", "fp32"]
    seed: int
    """Of the dropout; each step adds its number."""
    order: str
    """Seed of the order of batches."""


def fit(recipe: Recipe, data: Path, out: Path, log: Callable[[str], None] = print) -> Path:
    """Train every stage of the recipe and write the model folder.

    Parameters
    ----------
    recipe
        What to train on, and how.
    data
        Folder that holds the files of the recipe.
    out
        Where the model folder is written; ``out/checkpoint`` holds what a
        stopped run needs to go on. It, ``out/encoder`` and ``out/teacher_….npy``
        may be deleted afterwards.
    log
        Receives one line of progress every few seconds.

    Returns
    -------
    Path
        ``out``, holding config, half-precision weights and tokenizer.

    Raises
    ------
    StanceError
        If ``out`` belongs to another recipe, a file is not the recipe's or has
        a row without label, or the disk is full.
    """
    if not begun(recipe, out, log):
        return out
    torch.manual_seed(recipe.seed)
    model, tokenizer = untrained(start_folder(recipe.base, data, out), recipe.frozen)
    state = resume(out / "checkpoint", model, log)
    for number, stage in enumerate(recipe.stages):
        if number < state["stage"]:
            continue
        if stage.after is not None and not state["step"]:
            model.load_state_dict(_end(out, stage.after, model))
        examples = examples_of(stage, recipe, data)
        log(f"stage {stage.name}: {len(examples)} examples")
        goals = goals_of(examples)
        if stage.teacher and recipe.teacher:
            taught = teach(examples, recipe.teacher, out, recipe.max_tokens, log, data)
            goals = blend(goals, taught, stage.teacher)
        examples, goals = examples * stage.epochs, np.tile(goals, (stage.epochs, 1))
        settings = Settings(
            stage.learning_rate,
            recipe.batch_size,
            recipe.max_tokens,
            precision(recipe.precision),
            seed=recipe.seed + 1_000_000 * recipe.depth(number),
            order=f"{recipe.seed}/{stage.name}/batches",
        )
        save = partial(checkpoint, out / "checkpoint", model, number)
        learn(model, tokenizer, examples, goals, settings, state=state, save=save, log=log)
        if number in recipe.average or any(s.after == number for s in recipe.stages):
            checkpoint(out / "checkpoint" / f"stage_{number}", model, number, 0, None)
        checkpoint(out / "checkpoint", model, number + 1, 0, None)
        state = {"stage": number + 1, "step": 0, "optimizer": None}
    if recipe.average:
        log(f"averaging the ends of the stages {', '.join(map(str, recipe.average))}")
        ends = [_end(out, number, model) for number in recipe.average]
        model.load_state_dict({name: torch.stack([end[name] for end in ends]).mean(0) for name in ends[0]})
    if recipe.kept:
        start = untrained(start_folder(recipe.base, data, out))[0].state_dict()
        model.load_state_dict(between(start, model.state_dict(), recipe.kept))
    reported = any(dataset.format == "reported" for stage in recipe.stages for dataset in stage.sets)
    marks = {key: signs for key, signs in MARKS.items() if reported or key != "statement"}
    write_model(model, tokenizer, out, marks, addressed=ADDRESSED if reported else None, storage=recipe.storage)
    return out


def between(start: Mapping[str, torch.Tensor], end: Mapping[str, torch.Tensor], kept: float) -> dict[str, torch.Tensor]:
    """Weights on the straight line from a start to an end (Wortsman et al. 2022).

    Parameters
    ----------
    start, end
        Weights of one network.
    kept
        The start's share, in [0, 1].

    Examples
    --------
    >>> between({"w": torch.zeros(2)}, {"w": torch.ones(2)}, 0.25)["w"].tolist()
    [0.75, 0.75]
    """
    return {
        name: torch.lerp(end[name], start[name], kept) if end[name].is_floating_point() else end[name] for name in end
    }


def precision(asked: Literal["bf16", "fp32", "auto"]) -> Literal["bf16", "fp32"]:
    """What to compute in: of ``auto``, bf16 where the device does so itself.

    Examples
    --------
    >>> precision("fp32")
    'fp32'
    """
    if asked != "auto":
        return asked
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    processor = torch.cpu.get_capabilities()
    return "bf16" if processor.get("avx512_bf16") or processor.get("amx_bf16") else "fp32"


def _end(out: Path, number: int, model) -> dict[str, torch.Tensor]:
    """The weights at the end of a stage."""
    path = out / "checkpoint" / f"stage_{number}" / "state.pt"
    return torch.load(path, map_location=next(model.parameters()).device, weights_only=True)["model"]


def begun(recipe: Recipe | AttributionRecipe, out: Path, log: Callable[[str], None]) -> bool:
    """Put the recipe into the folder, so that a later run knows it; False if a trained model is there already.

    Parameters
    ----------
    recipe
        What is about to be trained.
    out
        The folder.
    log
        Is told if there is nothing left to train.

    Raises
    ------
    StanceError
        If ``out`` belongs to another recipe.
    """
    record = out / "recipe.json"
    if record.exists() and made_from(record, type(recipe)) != recipe.made_from():
        raise StanceError(f"{out} belongs to another recipe ({record} differs). Give another --out, or delete it.")
    if (out / "config.json").exists():
        log(f"{out} already holds a trained model: training is skipped.")
        return False
    out.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(recipe.model_dump(mode="json"), indent=1) + "\n", encoding="utf-8")
    return True


def made_from(record: Path, kind: type[Recipe] | type[AttributionRecipe]) -> dict[str, Any] | None:
    """What decided the weights of a folder; None if its record cannot be read.

    Parameters
    ----------
    record
        Its ``recipe.json``.
    kind
        Which sort of recipe it should be.
    """
    try:
        return kind.model_validate_json(record.read_bytes()).made_from()
    except ValueError:  # of another version of the project, or damaged
        return None


def trained_on() -> str:
    """The device of this machine, in words; results depend on its kind."""
    if torch.cuda.is_available():
        return f"one {torch.cuda.get_device_name()}"
    cores = torch.get_num_threads()
    return f"{cores} CPU cores ({torch.backends.cpu.get_cpu_capability()}), torch {torch.__version__}"


def untrained(folder: Path, frozen: int = 0) -> tuple[Any, Any]:
    """An encoder with a new three-way head, or a whole inference model, and its tokenizer; the lowest layers frozen."""
    tokenizer = load_tokenizer(folder)
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    model = load_network(folder, eager=True, head=LABELS)
    model.get_input_embeddings().weight.requires_grad_(False)
    if frozen:
        body = model.base_model
        for part in (body.embeddings, *body.encoder.layer[:frozen]):
            part.requires_grad_(False)
    return model.to("cuda" if torch.cuda.is_available() else "cpu"), tokenizer


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of like length: token ids (and types) by name, and the probabilities to be learned."""

    inputs: dict[str, list[list[int]]]
    goals: np.ndarray


def _batches(examples: Sequence[Example], goals: np.ndarray, tokenizer, settings: Settings) -> list[Batch]:
    """Batches of similar length, in an order that depends on the seed only."""
    encoded = tokenizer(
        [e.premise for e in examples],
        [e.hypothesis for e in examples],
        truncation="longest_first",
        max_length=settings.max_tokens,
    )
    columns = [name for name in tokenizer.model_input_names if name != "attention_mask"]
    rng = random.Random(settings.order)
    order = list(range(len(examples)))
    rng.shuffle(order)
    pool = settings.batch_size * 50
    batches = []
    for first in range(0, len(order), pool):
        chunk = sorted(order[first : first + pool], key=lambda i: len(encoded["input_ids"][i]))
        for start in range(0, len(chunk), settings.batch_size):
            rows = chunk[start : start + settings.batch_size]
            batches.append(Batch({name: [encoded[name][i] for i in rows] for name in columns}, goals[rows]))
    rng.shuffle(batches)
    return batches


def learn(
    model,
    tokenizer,
    examples: Sequence[Example],
    goals: np.ndarray,
    settings: Settings,
    *,
    state: Mapping[str, Any] | None = None,
    save: Callable[[int, Any], None] = lambda step, optimizer: None,
    log: Callable[[str], None] = print,
) -> None:
    """One pass of a model over examples.

    Parameters
    ----------
    model, tokenizer
        From :func:`untrained`; the model is changed in place.
    examples
        What it reads.
    goals
        Shape (examples, 3): the probabilities of :data:`LABELS` it learns.
    settings
        Rates, sizes and seed.
    state
        ``step`` and ``optimizer`` of a stopped run, to go on from.
    save
        Called every few steps with the number of steps done and the optimizer.
    log
        Receives one line of progress every few seconds.
    """
    state = state or {"step": 0, "optimizer": None}
    device = next(model.parameters()).device
    optimizer = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], lr=settings.learning_rate, weight_decay=0.01, fused=True
    )
    if state["optimizer"]:
        optimizer.load_state_dict(state["optimizer"])
    batches = _batches(examples, goals, tokenizer, settings)
    model.train()
    for part in model.modules():
        # What does not learn needs no dropout, which takes a ninth of a step on a CPU.
        if next(part.parameters(), None) is not None and not any(p.requires_grad for p in part.parameters()):
            part.eval()
    total, began, seen, losses = len(batches), time.monotonic(), 0, []
    for step in range(state["step"], total):
        torch.manual_seed(settings.seed + step)  # a resumed run draws the same dropout
        for group in optimizer.param_groups:
            group["lr"] = settings.learning_rate * schedule(step, total)
        inputs = tokenizer.pad(batches[step].inputs, padding=True, pad_to_multiple_of=_PAD, return_tensors="pt")
        with torch.autocast(device.type, torch.bfloat16, enabled=settings.precision == "bf16"):
            logits = model(**inputs.to(device)).logits
        goal = torch.tensor(batches[step].goals, dtype=torch.float32, device=device)
        loss = cross_entropy(logits.float(), goal)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        seen += len(goal)
        if (step + 1) % _LOG_EVERY == 0:
            speed = seen / (time.monotonic() - began)
            left = (total - step - 1) * settings.batch_size / speed / 60
            recent = sum(losses[-_LOG_EVERY:]) / _LOG_EVERY
            log(f"step {step + 1}/{total} loss {recent:.3f} {speed:.0f} examples/s, {left:.0f} min left")
        if (step + 1) % _SAVE_EVERY == 0:
            save(step + 1, optimizer)


def schedule(step: int, total: int) -> float:
    """The share of the learning rate: a short rise, then a straight fall to nothing."""
    warm = max(1, int(total * _WARM_UP))
    return min((step + 1) / warm, (total - step) / max(1, total - warm))


def checkpoint(folder: Path, model, stage: int, step: int, optimizer) -> None:
    """Write what a resumed run needs; the one before stays until this one is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "state.part"
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict() if optimizer else None,
        "stage": stage,
        "step": step,
    }
    try:
        torch.save(state, part)
    except (OSError, RuntimeError) as error:  # torch wraps a full disk in a RuntimeError
        part.unlink(missing_ok=True)
        raise StanceError(
            f"The checkpoint {folder} could not be written ({' '.join(str(error).split())[:120]}). "
            "Free some disk and start again: training goes on from the checkpoint before."
        ) from None
    part.replace(folder / "state.pt")


def resume(folder: Path, model, log) -> dict[str, Any]:
    """Stage, step and optimizer of a stopped run, whose weights are loaded into the model."""
    path = folder / "state.pt"
    if not path.exists():
        return {"stage": 0, "step": 0, "optimizer": None}
    state = torch.load(path, map_location=next(model.parameters()).device, weights_only=True)
    model.load_state_dict(state.pop("model"))
    log(f"resuming from stage {state['stage'] + 1}, step {state['step']}")
    return state
