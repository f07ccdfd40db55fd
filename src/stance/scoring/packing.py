"""Weights in half the bytes: matrices as int8 with one scale for each output, everything else in half precision.

They are unpacked to float32 when a model is opened, and computed with as any others.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from stance.resources import weight_files
from stance.schema import StanceError

SCALE = ".scale"
"""Ends the name of what an int8 matrix is multiplied by, row by row."""
PACKED = "packed"
"""Key of a weight file's metadata: with :data:`SCALE` as its value, the file is of this kind."""
_LEAST = 256
"""Rows and columns: smaller matrices save too little to be rounded."""


def pack(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Large matrices as int8, symmetric, by output row; the rest in half precision.

    Raises
    ------
    ValueError
        If a number is none, or too large.

    Examples
    --------
    >>> packed = pack({"w": torch.eye(256), "b": torch.ones(256)})
    >>> {name: str(tensor.dtype) for name, tensor in packed.items()}
    {'w': 'torch.int8', 'w.scale': 'torch.float32', 'b': 'torch.float16'}
    """
    packed = {}
    for name, tensor in state.items():
        if tensor.is_floating_point() and not (tensor.abs() <= torch.finfo(torch.float16).max).all():
            raise ValueError(f"{name} holds numbers that half precision cannot")
        if tensor.ndim == 2 and tensor.is_floating_point() and min(tensor.shape) >= _LEAST:
            scale = tensor.float().abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / 127
            packed[name] = (tensor.float() / scale).round().to(torch.int8).contiguous()
            packed[name + SCALE] = scale.contiguous()
        else:
            packed[name] = (tensor.half() if tensor.is_floating_point() else tensor).contiguous()
    return packed


def unpack(packed: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What :func:`pack` made, in float32.

    Examples
    --------
    >>> bool((unpack(pack({"w": torch.eye(256)}))["w"] == torch.eye(256)).all())
    True
    """
    state = {}
    for name, tensor in packed.items():
        if name.endswith(SCALE) and name.removesuffix(SCALE) in packed:
            continue
        scale = packed.get(name + SCALE)
        state[name] = tensor.float() * scale if scale is not None else tensor
    return {name: t.float() if t.is_floating_point() else t for name, t in state.items()}


def load_weights(folder: Path) -> dict[str, Tensor]:
    """The weights of a folder by name, in float32 if they are packed.

    Raises
    ------
    StanceError
        If two files hold the same one.

    Examples
    --------
    >>> from stance.resources import WEIGHTS
    >>> load_weights(WEIGHTS / "small")["classifier.bias"].dtype
    torch.float32
    """
    state: dict[str, Tensor] = {}
    packed = []
    for path in weight_files(folder):
        with safe_open(path, "pt") as file:
            packed.append((file.metadata() or {}).get(PACKED) == SCALE)
        found = load_file(path)
        if twice := sorted(state.keys() & found.keys()):
            raise StanceError(f"{path} holds {twice[0]}, and so does another weight file. Keep one of them.")
        state |= found
    if any(packed) and not all(packed):
        raise StanceError(f"Some weight files in {folder} are packed, and others not. Make the model anew.")
    return unpack(state) if packed and packed[0] else state


def shards(packed: Mapping[str, Tensor], largest: int) -> list[dict[str, Tensor]]:
    """Packed weights in parts of at most so many bytes, a matrix beside its scale.

    Examples
    --------
    >>> [list(part) for part in shards(pack({"a": torch.eye(256), "b": torch.eye(256)}), 70_000)]
    [['a', 'a.scale'], ['b', 'b.scale']]
    """
    parts: list[dict[str, Tensor]] = [{}]
    for name in packed:
        if name.endswith(SCALE) and name.removesuffix(SCALE) in packed:
            continue
        group = {key: packed[key] for key in (name, name + SCALE) if key in packed}
        size = sum(t.numel() * t.element_size() for t in group.values())
        if parts[-1] and size + sum(t.numel() * t.element_size() for t in parts[-1].values()) > largest:
            parts.append({})
        parts[-1] |= group
    return parts
