"""Train the attribution tagger on documents with marked sources, cues and contents (PolNeAR)."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from transformers import AutoConfig, AutoTokenizer

from stance.corpus import json_rows
from stance.layout import paragraphs
from stance.schema import StanceError
from stance.tagger import BEGIN, CONTENT, INSIDE, NONE, OUTSIDE, SOURCE, AttributionNetwork, covered
from stance.training.encoders import encoder_folder
from stance.training.fit import checkpoint, made_from, resume, schedule, write_folder
from stance.training.recipe import AttributionRecipe, checked

_LOG_EVERY = 50
_SAVE_EVERY = 500
_HEADS_FASTER = 10
"""How many times the encoder's learning rate the new layers have."""
_CUE_WEIGHT = 3
"""Of the loss of cues, beside that of roles."""
_IGNORED = -100


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Token ids, and for each cue the tokens of cue, source and content."""

    ids: tuple[int, ...]
    cues: tuple[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...]


def fit_tagger(recipe: AttributionRecipe, data: Path, out: Path, log: Callable[[str], None] = print) -> Path:
    """Train the tagger of a recipe and write its folder; a stopped run goes on where it was.

    Parameters
    ----------
    recipe
        What to train on, and how.
    data
        Folder that holds the files of the recipe.
    out
        Where the folder is written.
    log
        Receives one line of progress every few seconds.

    Raises
    ------
    StanceError
        If ``out`` belongs to another recipe, or a file is not the recipe's.
    """
    record = out / "recipe.json"
    if record.exists() and made_from(record, AttributionRecipe) != recipe.made_from():
        raise StanceError(f"{out} belongs to another recipe ({record} differs). Give another --out, or delete it.")
    if (out / "config.json").exists():
        log(f"{out} already holds a trained model: training is skipped.")
        return out
    out.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(recipe.model_dump(mode="json"), indent=1) + "\n", encoding="utf-8")
    torch.manual_seed(recipe.seed)
    network, tokenizer = _untrained(recipe, out)
    state = resume(out / "checkpoint", network, log)
    examples = [p for s in recipe.sets for p in read_paragraphs(checked(data, s.file, s.sha256), tokenizer, recipe)]
    log(f"{len(examples)} paragraphs, {sum(len(p.cues) for p in examples)} attributions")
    _learn(network, examples, recipe, state, partial(checkpoint, out / "checkpoint", network, 0), log)
    write_folder(network, tokenizer, out)
    return out


def _untrained(recipe: AttributionRecipe, out: Path) -> tuple[AttributionNetwork, Any]:
    folder = encoder_folder(recipe.base, out)
    config = AutoConfig.from_pretrained(folder, local_files_only=True)
    config.num_hidden_layers, config.role_size = recipe.layers, recipe.role_size
    network = AttributionNetwork.from_pretrained(
        folder, config=config, local_files_only=True, use_safetensors=True, dtype=torch.float32,
        attn_implementation="eager",
    )  # fmt: skip
    network.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    device: Any = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    return network.to(device), tokenizer


def read_paragraphs(path: Path, tokenizer: Any, recipe: AttributionRecipe) -> Iterator[Paragraph]:
    """Paragraphs of a file of documents with ``text`` and ``quotes``.

    Parameters
    ----------
    path
        JSON Lines; each quote has ``source``, ``cue`` and ``content``, lists of [start, end].
    tokenizer
        Of the encoder.
    recipe
        How many tokens of a paragraph are read.
    """
    for number, row in json_rows(path, path.read_text(encoding="utf-8")):
        if not isinstance(row.get("text"), str) or not isinstance(row.get("quotes"), list):
            raise StanceError(f"{path}, line {number}: needs 'text' and 'quotes'. Got {', '.join(row)}.")
        for start, end in paragraphs(row["text"]):
            encoded = tokenizer(
                row["text"][start:end], return_offsets_mapping=True, truncation=True, max_length=recipe.max_tokens
            )
            offsets = [(a + start, b + start) for a, b in encoded["offset_mapping"]]
            offsets[0], offsets[-1] = (start, start), (end, end)  # the special tokens cover nothing
            marked = []
            for quote in row["quotes"]:
                cue, source, content = (
                    tuple(covered(offsets, quote[key] or ())) for key in ("cue", "source", "content")
                )
                if cue and content:
                    marked.append((cue, source, content))
            if len(offsets) > 2:
                yield Paragraph(tuple(encoded["input_ids"]), tuple(marked))


def _learn(
    network: AttributionNetwork,
    examples: Sequence[Paragraph],
    recipe: AttributionRecipe,
    state: dict[str, Any],
    save: Callable[[int, Any], None],
    log: Callable[[str], None],
) -> None:
    """Several passes over the paragraphs."""
    encoder = [p for p in network.bert.parameters() if p.requires_grad]
    heads = [p for name, p in network.named_parameters() if not name.startswith("bert.")]
    rates = (recipe.learning_rate, recipe.learning_rate * _HEADS_FASTER)
    groups = [{"params": p, "lr": rate} for p, rate in zip((encoder, heads), rates, strict=True)]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    if state["optimizer"]:
        optimizer.load_state_dict(state["optimizer"])
    batches = [b for epoch in range(recipe.epochs) for b in _batches(examples, recipe, epoch)]
    network.train()
    began, losses = time.monotonic(), []
    for step in range(state["step"], len(batches)):
        torch.manual_seed(recipe.seed + step)  # a resumed run draws the same dropout
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * schedule(step, len(batches))
        loss = _loss(network, [examples[i] for i in batches[step]], recipe.precision)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        if (step + 1) % _LOG_EVERY == 0:
            left = (len(batches) - step - 1) * (time.monotonic() - began) / (step + 1 - state["step"]) / 60
            recent = sum(losses[-_LOG_EVERY:]) / _LOG_EVERY
            log(f"step {step + 1}/{len(batches)} loss {recent:.3f}, {left:.0f} min left")
        if (step + 1) % _SAVE_EVERY == 0:
            save(step + 1, optimizer)


def _batches(examples: Sequence[Paragraph], recipe: AttributionRecipe, epoch: int) -> list[list[int]]:
    """Paragraphs of similar length together, in an order that depends on seed and epoch only."""
    rng = random.Random(f"{recipe.seed}/{epoch}")
    order = list(range(len(examples)))
    rng.shuffle(order)
    pool = recipe.batch_size * 50
    batches = []
    for first in range(0, len(order), pool):
        chunk = sorted(order[first : first + pool], key=lambda i: len(examples[i].ids))
        batches += [chunk[i : i + recipe.batch_size] for i in range(0, len(chunk), recipe.batch_size)]
    rng.shuffle(batches)
    return batches


def _loss(network: AttributionNetwork, batch: Sequence[Paragraph], precision: str) -> torch.Tensor:
    device = next(network.parameters()).device
    width = -(-max(len(p.ids) for p in batch) // 16) * 16
    ids, mask = np.zeros((len(batch), width), dtype=np.int64), np.zeros((len(batch), width), dtype=np.int64)
    tags = np.full((len(batch), width), _IGNORED)
    cues, rows, roles = [], [], []
    for row, paragraph in enumerate(batch):
        length = len(paragraph.ids)
        ids[row, :length], mask[row, :length], tags[row, 1 : length - 1] = paragraph.ids, 1, OUTSIDE
        for cue, source, content in paragraph.cues:
            tags[row, list(cue)] = INSIDE
            tags[row, cue[0]] = BEGIN
            role = np.full(width, _IGNORED)
            role[:length] = NONE
            role[list(source)], role[list(content)] = SOURCE, CONTENT
            cues.append(cue)
            rows.append(row)
            roles.append(role)
    with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16"):
        hidden = network.hidden(torch.tensor(ids, device=device), torch.tensor(mask, device=device))
    loss = _CUE_WEIGHT * cross_entropy(network.cue(hidden).flatten(0, 1), torch.tensor(tags, device=device).flatten())
    if cues:
        logits = network.role_logits(hidden, cues, rows)
        goals = torch.tensor(np.array(roles), device=device)
        per_cue = cross_entropy(logits.transpose(1, 2), goals, ignore_index=_IGNORED, reduction="none").sum(dim=1)
        loss = loss + (per_cue / (goals != _IGNORED).sum(dim=1)).mean()
    return loss
