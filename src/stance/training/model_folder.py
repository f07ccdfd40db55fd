"""A trained model → its folder: weights, tokenizer, configuration."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from safetensors import SafetensorError
from safetensors.torch import save_file

from stance.resources import INDEX
from stance.schema import StanceError
from stance.scoring.packing import PACKED, SCALE, pack, shards

_SHARD = 55_000_000
"""Bytes: no weight file is larger, so that a repository can hold it."""


def write_model(
    model,
    tokenizer,
    out: Path,
    marks: Mapping[str, tuple[str, str]],
    *,
    addressed: str | None = None,
    storage: Literal["half", "int8"] = "half",
) -> None:
    """Write a model folder, config.json last: a folder that has it is complete.

    Parameters
    ----------
    model, tokenizer
        What to write.
    out
        The folder.
    marks
        What the model has seen around target, holder and statement; of :data:`stance.scoring.premises.MARKS`.
    addressed
        The hypothesis by which it was taught to tell whether a statement takes the target up, if it was.
    storage
        See :func:`write_folder`.
    """
    model.config.marks = {key: list(pair) for key, pair in marks.items()}
    model.config.addressed = addressed
    write_folder(model, tokenizer, out, storage)


def write_folder(model, tokenizer, out: Path, storage: Literal["half", "int8"] = "half") -> None:
    """Write a model and its tokenizer; config.json last.

    Parameters
    ----------
    model, tokenizer
        What to write.
    out
        The folder.
    storage
        ``"half"``: half precision, which the model becomes. ``"int8"``: half the bytes,
        rounded as :mod:`stance.scoring.packing` does; only this project reads it.
    """
    tokenizer.model_max_length = 256
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    try:
        tokenizer.save_pretrained(out)
        with tempfile.TemporaryDirectory(dir=out) as part:
            if storage == "int8":
                _save_packed(model.eval().to("cpu"), Path(part))
            else:
                model.eval().half().to("cpu").save_pretrained(part, max_shard_size=_SHARD)
            for path in sorted(Path(part).iterdir(), key=lambda p: p.name == "config.json"):
                path.chmod(0o644)
                path.replace(out / path.name)
    except (OSError, SafetensorError) as error:
        raise StanceError(
            f"The model could not be written to {out} ({error}). Free some disk and start again."
        ) from None


def _save_packed(model, folder: Path) -> None:
    model.config.save_pretrained(folder)
    parts = shards(pack(model.state_dict()), _SHARD)
    names = [f"model-{number:05}-of-{len(parts):05}.safetensors" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        save_file(part, folder / name, metadata={"format": "pt", PACKED: SCALE})
    index = {"metadata": {}, "weight_map": {key: name for name, part in zip(names, parts, strict=True) for key in part}}
    (folder / INDEX).write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")
