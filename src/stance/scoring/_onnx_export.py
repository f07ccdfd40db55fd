"""A loaded model → an int8 graph for ONNX Runtime. Imported only where one has to be made.

Numbers in int8 share one scale for each matrix product, so that a few large
ones take the precision of all others. Two changes that cost almost nothing and
alter no result in float32 prevent it:

- *smoothing* (Xiao et al. 2023): what is large in the same column for every
  text is divided there, and the weights multiplied. Factors are powers of two,
  so that this is exact;
- *a scale for each token*, where single tokens are much larger than others.

Which columns and which products need it is read off :data:`TEXTS`.
"""

from __future__ import annotations

import copy
import json
import logging
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from stance.codebook import STANCE
from stance.resources import INVENTED
from stance.schema import StanceError
from stance.scoring.entailment import phrase

TEXTS = INVENTED / "dev.jsonl"
"""Invented sentences that were written for development; no label is used."""
_SMOOTHING = {8: 0.6, 7: 0.5}
"""By bits of the weights, how much of the range moves from what a text computes into them: 0 nothing, 1 all. With 7
bits small's probabilities shift by .0108 on invented sentences that are not read below; with .6 by .0131, with .4 by
.0111."""
_UNEVEN = 1.5
"""From here on tokens get scales of their own: the largest, as a multiple of the median."""
_FARTHEST = 0.02
"""Mean difference of probabilities from float32 above which an export is refused."""


class _Product(nn.Module):
    """A linear layer with columns smoothed, and tokens scaled if asked for."""

    def __init__(self, layer: nn.Linear, factors: Tensor, scaled: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(layer.weight.detach() * factors)
        self.bias = layer.bias
        self.scaled = scaled
        self.divided = nn.Buffer(1 / factors)

    def forward(self, x: Tensor) -> Tensor:
        x = x * self.divided
        if not self.scaled:
            return nn.functional.linear(x, self.weight, self.bias)
        largest = x.abs().amax(-1, keepdim=True).clamp(min=1e-6)
        y = nn.functional.linear(x / largest, self.weight) * largest
        return y if self.bias is None else y + self.bias


class _Positional(nn.Module):
    """The network with its inputs by position and nothing but logits."""

    def __init__(self, network: nn.Module, names: list[str]) -> None:
        super().__init__()
        self.network, self.names = network, names

    def forward(self, *values: Tensor) -> Tensor:
        return self.network.forward(**dict(zip(self.names, values, strict=True))).logits


def export(network: nn.Module, tokenizer: Any, longest: int, path: Path, bits: int = 8) -> None:
    """Write a network as an int8 graph, and refuse one that strays from float32.

    Parameters
    ----------
    network
        A classifier of transformers, in float32; left as it is.
    tokenizer
        Its tokenizer.
    longest
        Tokens it reads at once.
    path
        The ``.onnx`` file to write.
    bits
        Of the weights: 8, or 7 for processors that add up products of int8 in 16 bits.

    Raises
    ------
    StanceError
        If the network cannot be exported, or differs too much in int8.
    """
    texts = _encoded(tokenizer, longest)
    smoothed = _smoothed(copy.deepcopy(network).cpu().eval(), texts, bits)
    with tempfile.TemporaryDirectory() as folder, _quiet():
        graph = Path(folder) / "float.onnx"
        try:
            _write_graph(smoothed, texts[0], longest, graph)
            _quantize(graph, path, bits)
        except Exception as error:  # the exporter raises whatever its passes raise
            raise StanceError(
                f"This model cannot be exported to ONNX ({type(error).__name__}: "
                f"{' '.join(str(error).split())[:200]}). Use --backend torch."
            ) from None
    _check(network, path, texts)


def _encoded(tokenizer: Any, longest: int) -> list[Mapping[str, Tensor]]:
    rows = [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()][::2]
    pairs = [(row["text"], phrase(STANCE.favor[0], row["holder"], row["target"])) for row in rows]
    return [
        {
            name: values
            for name, values in tokenizer(
                *pair, truncation="only_first", max_length=longest, return_tensors="pt"
            ).items()
            if name != "attention_mask"  # one pair at a time: nothing is padded
        }
        for pair in pairs
    ]


def _smoothed(network: nn.Module, texts: list[Mapping[str, Tensor]], bits: int = 8) -> nn.Module:
    """Every linear layer that reads tokens replaced by a :class:`_Product`."""
    largest, shared = _observed(network, texts)
    for names in shared:
        layers = [cast(nn.Linear, network.get_submodule(name)) for name in names]
        columns = torch.stack([x.amax(0) for x in largest[names[0]]]).amax(0).clamp(min=1e-5)
        weights = torch.stack([layer.weight.detach().abs().amax(0) for layer in layers]).amax(0).clamp(min=1e-5)
        factors = columns ** _SMOOTHING[bits] / weights ** (1 - _SMOOTHING[bits])
        factors = torch.exp2((factors.log2() - factors.log2().mean()).round())
        tokens = [(x / factors).amax(-1) for x in largest[names[0]]]
        scaled = float(np.mean([float(t.max() / t.median().clamp(min=1e-6)) for t in tokens])) > _UNEVEN
        for name, layer in zip(names, layers, strict=True):
            parent, _, attribute = name.rpartition(".")
            setattr(network.get_submodule(parent), attribute, _Product(layer, factors, scaled))
    return network


def _observed(
    network: nn.Module, texts: list[Mapping[str, Tensor]]
) -> tuple[dict[str, list[Tensor]], list[tuple[str, ...]]]:
    """The absolute inputs of linear layers that read tokens, and which layers read the same."""
    inputs: dict[str, list[Tensor]] = defaultdict(list)
    readers: dict[int, list[str]] = defaultdict(list)
    held: list[Tensor] = []  # or an address could be used twice

    def observe(name: str, x: Tensor) -> None:
        if x.dim() == 3 and x.shape[1] > 1:
            if not inputs[name]:
                held.append(x)
                readers[id(x)].append(name)
            inputs[name].append(x.detach().abs()[0])

    hooks = [
        layer.register_forward_pre_hook(lambda _, given, name=name: observe(name, given[0]))
        for name, layer in network.named_modules()
        if isinstance(layer, nn.Linear)
    ]
    with torch.inference_mode():
        for text in texts:
            network(**text)
    for hook in hooks:
        hook.remove()
    return inputs, [tuple(names) for names in readers.values()]


def _write_graph(network: nn.Module, text: Mapping[str, Tensor], longest: int, path: Path) -> None:
    names = list(text)
    length = torch.export.Dim("tokens", min=2, max=longest)
    torch.onnx.export(
        _Positional(network, names),
        tuple(text.values()),
        path,
        input_names=names,
        output_names=["logits"],
        dynamic_shapes=(tuple({1: length} for _ in names),),
        dynamo=True,
        external_data=False,
        verbose=False,
    )


def _quantize(graph: Path, path: Path, bits: int) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        graph,
        path,
        per_channel=True,
        reduce_range=bits < 8,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"],
    )


def _check(network: nn.Module, path: Path, texts: list[Mapping[str, Tensor]]) -> None:
    from stance.scoring._onnx_session import open_session

    session = open_session(path)
    device = next(network.parameters()).device
    differences = []
    with torch.inference_mode():
        for text in texts:
            exact = network(**{name: values.to(device) for name, values in text.items()}).logits
            (logits,) = session.run(None, {name: values.numpy() for name, values in text.items()})
            there = torch.softmax(torch.from_numpy(logits).double(), -1)
            differences.append(float((torch.softmax(exact.double().cpu(), -1) - there).abs().mean()))
    if not np.mean(differences) <= _FARTHEST:
        raise StanceError(
            f"In int8 this model's probabilities differ from float32 by {np.mean(differences):.3f} on average, "
            f"more than {_FARTHEST}. Use --backend torch."
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the exporters' notes on what they do."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.ERROR)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.setLevel(before)
