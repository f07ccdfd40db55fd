"""Train the attribution tagger on documents with marked sources, cues and contents (PolNeAR)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy

from stance.attribution.network import Asked, AttributionNetwork, Sizes, Tokens, Tree, asked_about, tokens_of
from stance.attribution.tagger import BEGIN, CONTENT, INSIDE, NONE, OUTSIDE, SOURCE, WEIGHTS_FILE, covered
from stance.corpus.documents import json_rows
from stance.schema import Document, StanceError
from stance.text.parsed import parse
from stance.text.syntax import labels_of_parser, parser_name
from stance.training.fit import begun, checkpoint, resume, schedule
from stance.training.recipe import AttributionRecipe, checked

_LOG_EVERY = 50
_SAVE_EVERY = 500
"""Steps: about half a minute of work."""
_CUE_WEIGHT = 3
"""Of the loss of cues, beside that of roles."""
_LONGEST = 400
"""Tokens of a paragraph that are learned from."""
_IGNORED = -100
"""What torch's cross-entropy passes over: padding."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One cue of a paragraph as the network is asked about it, and the tokens of its source and content."""

    asked: Asked
    source: tuple[int, ...]
    content: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What is learned from: the tokens of a paragraph and the cues marked in it."""

    tokens: Tokens
    goals: tuple[Goal, ...]


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
    if not begun(recipe, out, log):
        return out
    torch.manual_seed(recipe.seed)
    network = AttributionNetwork(_sizes(recipe)).to("cuda" if torch.cuda.is_available() else "cpu")
    state = resume(out / "checkpoint", network, log)
    log("parsing the documents")
    examples = [p for s in recipe.sets for p in read_paragraphs(checked(data, s.file, s.sha256), network.sizes)]
    log(f"{len(examples)} paragraphs, {sum(len(p.goals) for p in examples)} attributions")
    _learn(network, examples, recipe, state, partial(checkpoint, out / "checkpoint", network, 0), log)
    _write(network, out)
    return out


def _write(network: AttributionNetwork, out: Path) -> None:
    """Half-precision weights, then ``config.json``: a folder that has it is whole."""
    try:
        save_file({k: v.half().cpu().contiguous() for k, v in network.state_dict().items()}, out / WEIGHTS_FILE)
        (out / WEIGHTS_FILE).chmod(0o644)
        part = out / "config.part"
        part.write_text(network.sizes.model_dump_json(indent=1) + "\n", encoding="utf-8")
        part.replace(out / "config.json")
    except (OSError, SafetensorError) as error:
        raise StanceError(
            f"The tagger could not be written to {out} ({error}). Free some disk and start again."
        ) from None


def _sizes(recipe: AttributionRecipe) -> Sizes:
    tags, dependencies, vector = labels_of_parser()
    return Sizes(
        tags=tags,
        dependencies=dependencies,
        parser=parser_name(),
        vector=vector,
        hidden=recipe.hidden,
        roles=recipe.roles,
        dropout=recipe.dropout,
    )


def read_paragraphs(path: Path, sizes: Sizes) -> Iterator[Paragraph]:
    """Paragraphs of a file of documents with ``text`` and ``quotes``.

    Parameters
    ----------
    path
        JSON Lines; each quote has ``source``, ``cue`` and ``content``, lists of [start, end].
    sizes
        Of the network.
    """
    for number, row in json_rows(path, path.read_text(encoding="utf-8")):
        text, quotes = row.get("text"), row.get("quotes")
        if not isinstance(text, str) or not isinstance(quotes, list):
            raise StanceError(f"{path}, line {number}: needs 'text' and 'quotes'. Got {', '.join(row)}.")
        parsed = parse(Document(f"{number}", text))
        tokens = tokens_of(parsed, sizes)
        offsets = list(zip(tokens.start.tolist(), tokens.end.tolist(), strict=True))
        try:
            marked = [
                tuple(covered(offsets, quote[key] or ()) for key in ("cue", "source", "content")) for quote in quotes
            ]
        except (KeyError, TypeError, ValueError):
            raise StanceError(
                f"{path}, line {number}: every quote needs 'source', 'cue' and 'content', lists of [start, end]."
            ) from None
        for start, end in parsed.paragraphs:
            inside = covered(offsets, ((start, end),))
            first, last = inside[0], min(inside[-1] + 1, inside[0] + _LONGEST)
            part = tokens.part(first, last)
            tree = Tree(part.head.tolist(), part.dependency.tolist(), len(sizes.dependencies) + 1)
            goals = []
            for quote in marked:
                cue, source, content = (tuple(t - first for t in role if first <= t < last) for role in quote)
                if cue and content:
                    goals.append(Goal(asked_about(0, cue, part, tree), source, content))
            yield Paragraph(part, tuple(goals))


def _learn(
    network: AttributionNetwork,
    examples: Sequence[Paragraph],
    recipe: AttributionRecipe,
    state: dict[str, Any],
    save: Callable[[int, Any], None],
    log: Callable[[str], None],
) -> None:
    """Several passes over the paragraphs."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.learning_rate, weight_decay=0.01)
    if state["optimizer"]:
        optimizer.load_state_dict(state["optimizer"])
    batches = [b for epoch in range(recipe.epochs) for b in _batches(examples, recipe, epoch)]
    network.train()
    began, losses = time.monotonic(), []
    for step in range(state["step"], len(batches)):
        torch.manual_seed(recipe.seed + step)  # a resumed run draws the same dropout
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate * schedule(step, len(batches))
        loss = _loss(network, [examples[i] for i in batches[step]])
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
        chunk = sorted(order[first : first + pool], key=lambda i: len(examples[i].tokens))
        batches += [chunk[i : i + recipe.batch_size] for i in range(0, len(chunk), recipe.batch_size)]
    rng.shuffle(batches)
    return batches


def _loss(network: AttributionNetwork, batch: Sequence[Paragraph]) -> torch.Tensor:
    hidden = network.hidden([p.tokens for p in batch])
    tags = torch.full(hidden.shape[:2], _IGNORED)
    goals = [(row, len(p.tokens), goal) for row, p in enumerate(batch) for goal in p.goals]
    roles = torch.full((len(goals), hidden.shape[1]), _IGNORED)
    for row, paragraph in enumerate(batch):
        tags[row, : len(paragraph.tokens)] = OUTSIDE
    for i, (row, length, goal) in enumerate(goals):
        tags[row, list(goal.asked.cue)] = INSIDE
        tags[row, goal.asked.cue[0]] = BEGIN
        roles[i, :length] = NONE
        roles[i, list(goal.source)], roles[i, list(goal.content)] = SOURCE, CONTENT
    loss = _CUE_WEIGHT * cross_entropy(network.cue(hidden).flatten(0, 1), tags.flatten().to(hidden.device))
    if goals:
        logits = network.role_logits(hidden, [replace(goal.asked, row=row) for row, _, goal in goals])
        loss = loss + cross_entropy(logits.flatten(0, 1), roles.flatten().to(hidden.device))
    return loss
