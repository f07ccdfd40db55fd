"""What examples teach: their label, a teacher's probabilities, or both (Hinton et al. 2015)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from stance.resources import bundled_folder, weights_hash
from stance.schema import StanceError, sha256
from stance.scoring.networks import load_network, load_tokenizer
from stance.training.examples import LABELS, Example
from stance.training.recipe import Teacher

_CHUNK = 2048
"""Examples after which a stopped run goes on."""
_BATCH = 32


def goals_of(examples: Sequence[Example]) -> np.ndarray:
    """The labels as probabilities, shape (examples, 3); rows of zeros where there is none.

    Examples
    --------
    >>> goals_of([Example("A text.", "A hypothesis.", 1)]).tolist()
    [[0.0, 1.0, 0.0]]
    """
    goals = np.zeros((len(examples), len(LABELS)), dtype=np.float32)
    for row, example in zip(goals, examples, strict=True):
        if example.label is not None:
            row[example.label] = 1
    return goals


def blend(goals: np.ndarray, taught: np.ndarray, weight: float) -> np.ndarray:
    """Labels and a teacher's probabilities in one; the teacher's alone where there is no label.

    Examples
    --------
    >>> blend(np.array([[1.0, 0, 0], [0, 0, 0]]), np.array([[0.5, 0.5, 0], [0, 0, 1]]), 0.5).tolist()
    [[0.75, 0.25, 0.0], [0.0, 0.0, 1.0]]
    """
    labelled = goals.sum(axis=1, keepdims=True) > 0
    return np.where(labelled, (1 - weight) * goals + weight * taught, taught)


def teach(
    examples: Sequence[Example],
    teacher: Teacher,
    work: Path,
    max_tokens: int,
    log: Callable[[str], None] = print,
    data: Path | None = None,
) -> np.ndarray:
    """A teacher's probabilities for examples; a stopped run goes on where it was.

    Parameters
    ----------
    examples
        What it reads.
    teacher
        A model with the labels of :data:`LABELS`, and the hash of its weights.
    work
        A folder in which what is done is kept, under the examples' hash.
    max_tokens
        Where a pair is cut, as in training.
    log
        Receives one line of progress every few minutes.
    data
        Where an earlier model of the teacher's name may be.

    Returns
    -------
    numpy.ndarray
        Shape (examples, 3).

    Raises
    ------
    StanceError
        If the teacher is not there, is not the recipe's, or has other labels.
    """
    folder = bundled_folder(teacher.model) or Path(teacher.model)
    earlier = data and data / teacher.model
    if earlier and (earlier / "config.json").is_file() and weights_hash(earlier) == teacher.sha256:
        folder = earlier
    if not (folder / "config.json").is_file():
        raise StanceError(f"The teacher {teacher.model!r} is neither a bundled model nor a model folder.")
    if (found := weights_hash(folder)) != teacher.sha256:
        raise StanceError(f"The teacher {folder} is not that of the recipe: its weights' hash is {found}.")
    read = "\n".join(f"{e.premise}\t{e.hypothesis}" for e in examples)
    kept = work / f"teacher_{sha256(f'{found}{max_tokens}{read}'.encode('utf-8', 'replace'))[:12]}.npy"
    done = np.load(kept) if kept.is_file() else np.zeros((0, len(LABELS)), dtype=np.float32)
    if len(done) < len(examples):
        device = "cuda" if torch.cuda.is_available() else "cpu"
        tokenizer, model = load_tokenizer(folder), load_network(folder, eager=True)
        if tuple(model.config.id2label[i] for i in range(len(model.config.id2label))) != LABELS:
            raise StanceError(f"The teacher {teacher.model!r} must have the labels {', '.join(LABELS)} in this order.")
        model = model.to(device)
        for first in range(len(done), len(examples), _CHUNK):
            chunk = _probabilities(model, tokenizer, examples[first : first + _CHUNK], max_tokens)
            done = np.concatenate([done, chunk])
            with kept.with_suffix(".part").open("wb") as part:
                np.save(part, done)
            kept.with_suffix(".part").replace(kept)
            log(f"the teacher has read {len(done)} of {len(examples)} examples")
    return done[: len(examples)]


def _probabilities(model, tokenizer, examples: Sequence[Example], max_tokens: int) -> np.ndarray:
    result = np.zeros((len(examples), len(LABELS)), dtype=np.float32)
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].premise) + len(examples[i].hypothesis))
    for first in range(0, len(order), _BATCH):
        rows = order[first : first + _BATCH]
        encoded = tokenizer(
            [examples[i].premise for i in rows],
            [examples[i].hypothesis for i in rows],
            padding=True,
            pad_to_multiple_of=16,
            truncation="longest_first",
            max_length=max_tokens,
            return_tensors="pt",
        ).to(model.device)
        with torch.inference_mode(), torch.autocast(model.device.type, torch.bfloat16):
            logits = model(**encoded).logits
        result[rows] = torch.softmax(logits.float(), dim=-1).cpu().numpy()
    if not np.isfinite(result).all():
        raise StanceError(
            "The teacher gives what is no probability: its weights are damaged. Download or make it anew."
        )
    return result
