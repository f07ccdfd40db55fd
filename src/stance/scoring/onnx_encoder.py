"""The fast backend: a model in int8 through ONNX Runtime, one unpadded pair at a time.

In int8 the scale of a matrix product is taken from all it is given, so a pair
would be scored differently beside other pairs. One pair a run cures it; the
processor's cores are used by running several at once, one thread each.
"""

from __future__ import annotations

import importlib.metadata
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.machine import cache_folder, cores
from stance.resources import CALIBRATION, model_hash
from stance.schema import StanceError
from stance.scoring._onnx_session import exact_products, open_session
from stance.scoring.cross_encoder import CrossEncoder
from stance.scoring.networks import load_network

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

RECIPES = {8: "int8-2", 7: "int7-2"}
"""By bits of the weights; change when an export comes out differently. Part of the model's name, and of the file's in
the cache: on a disk that several machines share it holds both."""
_CHUNK = 512
"""Pairs that are tokenized together."""


class OnnxEncoder(CrossEncoder):
    """A :class:`~stance.scoring.cross_encoder.CrossEncoder` whose matrix products are computed in int8.

    The graph is made from the model's weights when first used, and kept in the
    user's cache; see :func:`cache_folder`.

    Parameters
    ----------
    folder, name, revision
        As of any model.
    bits
        Of the weights: 8; or 7, which every processor computes alike. Left out: see :func:`best_bits`.

    Raises
    ------
    StanceError
        If 8 are asked for and this processor's products of int8 overflow: scores would be others under the same name.
    """

    def __init__(self, folder: Path, name: str, revision: str, bits: int | None = None) -> None:
        self.bits = bits or best_bits()
        if self.bits == 8 and not _exact():
            raise StanceError(
                "This processor's products of int8 overflow, so that scores would be others than those of the same "
                "model elsewhere. Use --backend onnx-int7 here and wherever they are to be the same, or torch."
            )
        self.backend = f"onnx-{RECIPES[self.bits]}"
        super().__init__(folder, name, revision)

    def _open(self, folder: Path) -> None:
        self._session = _session(folder, self._tokenizer, self.max_tokens, self.bits)
        self._inputs = [i.name for i in self._session.get_inputs()]

    def predict(self, pairs: Sequence[tuple[str, str]], batch_size: int = _CHUNK) -> np.ndarray:
        """Probabilities of :attr:`labels` for (premise, hypothesis) pairs.

        Parameters
        ----------
        pairs
            Premises that fit the model and hypotheses. A pair's result is the
            same to the last bit whatever stands beside it.
        batch_size
            Pairs tokenized together; without influence on the result.

        Returns
        -------
        numpy.ndarray
            Shape (number of pairs, number of labels); rows sum to 1.
        """
        logits = np.zeros((len(pairs), len(self.labels)))
        with ThreadPoolExecutor(cores()) as pool:
            for first in range(0, len(pairs), batch_size):
                chunk = pairs[first : first + batch_size]
                encoded = self._tokenizer([p for p, _ in chunk], [h for _, h in chunk], verbose=False)
                feeds = [
                    {name: np.array([encoded[name][i]], dtype=np.int64) for name in self._inputs}
                    for i in range(len(chunk))
                ]
                for i, row in enumerate(pool.map(self._run, feeds)):
                    logits[first + i] = row
                self.progress(len(chunk), len(pairs))
        raised = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
        return raised / raised.sum(axis=1, keepdims=True)

    def _run(self, feed: Mapping[str, np.ndarray]) -> np.ndarray:
        (logits,) = self._session.run(None, feed)
        return logits[0]


def best_bits() -> int:
    """Of the weights: 8 where this processor multiplies int8 exactly, else 7.

    Examples
    --------
    >>> best_bits() in (7, 8)
    True
    """
    return 8 if _exact() else 7


def _exact() -> bool:
    try:
        return exact_products()
    except ImportError:
        raise StanceError(
            "The backend 'onnx' needs the extra 'fast': pip install 'stance-suite[fast]', or use --backend torch."
        ) from None


def _session(folder: Path, tokenizer: Any, longest: int, bits: int) -> InferenceSession:
    """The model's graph from the cache; made if it is not there or does not open."""
    path = _cached(folder, bits)
    if path.is_file():
        try:
            return open_session(path)
        except Exception:  # onnxruntime raises errors of its own: what does not open is made anew
            path.unlink(missing_ok=True)
    _make(folder, tokenizer, longest, path, bits)
    return open_session(path)


def _cached(folder: Path, bits: int) -> Path:
    version = importlib.metadata.version("onnxruntime")
    return cache_folder() / "onnx" / f"{model_hash(folder, [CALIBRATION])[:20]}-{RECIPES[bits]}-ort{version}.onnx"


def _make(folder: Path, tokenizer: Any, longest: int, path: Path, bits: int) -> None:
    try:
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401

        from stance.scoring._onnx_export import export
    except ImportError as error:
        raise StanceError(
            f"Exporting a model needs the package {error.name}: pip install 'stance-suite[fast]', "
            "or use --backend torch."
        ) from None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as made:
            export(load_network(folder, eager=True), tokenizer, longest, Path(made) / path.name, bits)
            (Path(made) / path.name).replace(path)
    except OSError as error:
        raise StanceError(
            f"The exported model cannot be kept in {path.parent} ({error.strerror}). Name another folder in the "
            "environment variable STANCE_CACHE, or use --backend torch."
        ) from None
