"""load_model(): bundled, local or from the hub. The only importer of torch and transformers.

Both are imported when a model is loaded, never when this module is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from stance.schema import StanceError, sha256
from stance.scoring.entailment import CONTRADICTION, ENTAILMENT, NEUTRAL, NOT_ENTAILMENT

WEIGHTS = Path(str(files("stance") / "weights"))
TAGGER = "attribution"
"""The bundled tagger's folder."""
CONFIDENCE = "confidence.json"
"""Beside a tagger's weights: how its probabilities and the rules' agreement become a confidence."""
DEFAULT = "base"
"""What results rest on; ``small`` is for large corpora and for tests."""
CALIBRATION = "calibration.json"
"""Written beside the weights: the temperature and offset of each measure, and how they were found."""
BACKENDS = ("torch", "onnx")
_REVISION = re.compile(r"[0-9a-f]{40}")
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_SAFE_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]
_TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "sentencepiece.bpe.model", "spm.model")
_OVERLAP = 0.25
"""Share of a window that the next one repeats."""


def load_model(
    name: str | Path | None = None,
    *,
    revision: str | None = None,
    backend: str = "torch",
    cache: str | Path | None = None,
) -> CrossEncoder:
    """Load a model that judges whether a premise entails a hypothesis.

    Parameters
    ----------
    name
        Left out: the bundled model *base*. Else the name of a bundled model
        (``"small"``), a local model folder, or a hub name (``organisation/model``), also written
        ``organisation/model@revision``.
    revision
        The commit of a hub model: 40 hexadecimal digits, required for the hub.
    backend
        ``"torch"``: float32, the reference. ``"onnx"``: int8 through ONNX
        Runtime, several times faster on a CPU (extra ``fast``).
    cache
        The hub's cache folder, if it is not the usual one.

    Returns
    -------
    CrossEncoder
        Ready to score.

    Raises
    ------
    StanceError
        If the model is not there, has no safetensors weights, needs code of its
        own, or its labels are not those of inference; if the hub cannot be
        reached and its cache does not hold the model.

    Examples
    --------
    >>> model = load_model("small")
    >>> model.predict([("Kyiv welcomed the plan.", "Kyiv supports the plan.")]).shape
    (1, 3)
    """
    if backend not in BACKENDS:
        raise StanceError(f"The 'backend' parameter must be one of {', '.join(BACKENDS)}. Got {backend!r}.")
    encoder = _encoder(backend)
    name = DEFAULT if name is None else name
    text = str(name)
    if text != TAGGER and (bundled := bundled_folder(text)):
        return encoder(bundled, text, weights_hash(bundled, CALIBRATION)[:12])
    folder = Path(name)
    if folder.is_dir():
        return encoder(folder, folder.name, weights_hash(folder, CALIBRATION)[:12])
    if "@" in text and revision is None:
        text, revision = text.rsplit("@", 1)
    if not _HUB_NAME.fullmatch(text):
        known = ", ".join(sorted(p.parent.name for p in WEIGHTS.glob("*/config.json") if p.parent.name != TAGGER))
        raise StanceError(
            f"No model {text!r}. Give a bundled model ({known}), a folder that exists, "
            "or a hub name such as organisation/model with a revision."
        )
    if revision is None or not _REVISION.fullmatch(revision):
        raise StanceError(
            f"The hub model {text!r} needs a pinned revision of 40 hexadecimal digits. Got {revision!r}. "
            "Find it on the model's page under 'Files and versions', and write "
            f"{text}@<revision>."
        )
    return encoder(_from_hub(text, revision, cache), text, revision)


def _encoder(backend: str) -> type[CrossEncoder]:
    if backend == "torch":
        return CrossEncoder
    from stance.scoring.onnx_encoder import OnnxEncoder

    return OnnxEncoder


def bundled_folder(name: str) -> Path | None:
    """The folder of a bundled model, or None if it is none.

    Examples
    --------
    >>> bundled_folder("no-such-model") is None
    True
    """
    folder = WEIGHTS / name
    return folder if re.fullmatch(r"[\w-]+", name) and (folder / "config.json").is_file() else None


def model_fingerprint(name: str | None = None) -> str:
    """The name a bundled model carries in results, read without loading it.

    Examples
    --------
    >>> model_fingerprint().split("@")[0]
    'base'
    """
    name = DEFAULT if name is None else name
    return f"{name}@{weights_hash(WEIGHTS / name, CALIBRATION)[:12]}/torch"


def tagger_fingerprint() -> str | None:
    """The name the bundled tagger carries in results, read without loading it; None if none is bundled."""
    folder = bundled_folder(TAGGER)
    return None if folder is None else f"{TAGGER}@{weights_hash(folder, CONFIDENCE)[:12]}"


def _calibration(folder: Path) -> dict[str, tuple[float, float]]:
    path = folder / CALIBRATION
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        values = {str(m): (float(entry["temperature"]), float(entry["offset"])) for m, entry in found.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        values = {"": (0.0, 0.0)}
    if not all(0.01 < temperature < 100 and abs(offset) < 100 for temperature, offset in values.values()):
        example = '{"stance": {"temperature": 1.2, "offset": 0.5}}'
        raise StanceError(f"{path} must be like {example}. Mend or delete it.")
    return values


def weights_hash(folder: Path, *more: str) -> str:
    """One hash of all weight files of a model folder, and of other files in it if they are there.

    Raises
    ------
    StanceError
        If the folder holds no safetensors.
    """
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise StanceError(
            f"The model folder {folder} holds no .safetensors weights. Other formats can run code when "
            "opened and are never loaded: save the model with save_pretrained(safe_serialization=True)."
        )
    weights += [folder / name for name in more if (folder / name).is_file()]
    return sha256("".join(_file_hash(p, p.stat().st_size, p.stat().st_mtime_ns) for p in weights).encode())


@cache
def _file_hash(path: Path, size: int, changed: int) -> str:
    """Read once: a manifest asks for every file it lists."""
    return sha256(path.read_bytes())


def _from_hub(name: str, revision: str, cache: str | Path | None) -> Path:
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    def fetch(local: bool) -> Path:
        return Path(
            snapshot_download(
                name,
                revision=revision,
                cache_dir=cache,
                allow_patterns=_SAFE_FILES,
                local_files_only=local,
                etag_timeout=5,
            )
        )

    try:
        folder = fetch(local=True)
        if (folder / "config.json").is_file() and any(folder.glob("*.safetensors")):
            return folder
    except (LocalEntryNotFoundError, FileNotFoundError):
        pass
    try:
        HfApi().model_info(name, revision=revision, timeout=5)  # one try: a download would retry for half a minute
        return fetch(local=False)
    except Exception as error:  # whatever the client's transport raises, the model is not to be had
        raise StanceError(
            f"The model {name}@{revision[:12]} is not in the hub's cache and could not be fetched "
            f"({type(error).__name__}). Connect to the network once, give a local folder, or leave the "
            "model out to use the bundled one."
        ) from None


def _labels(id2label: dict[str, str], where: Path) -> tuple[str, ...]:
    """The labels of a model in the order of its outputs, under the field's names."""
    names = []
    for i in sorted(id2label, key=int):
        raw = str(id2label[i]).lower().replace("-", "_").replace(" ", "_")
        names.append({"not_entailed": NOT_ENTAILMENT, "entailed": ENTAILMENT}.get(raw, raw))
    if set(names) not in ({ENTAILMENT, NEUTRAL, CONTRADICTION}, {ENTAILMENT, NOT_ENTAILMENT}):
        raise StanceError(
            f"The model {where} has the labels {sorted(map(str, id2label.values()))}. It must be an inference model, "
            "with entailment, neutral and contradiction, or entailment and not_entailment, in config.json's id2label."
        )
    return tuple(names)


class CrossEncoder:
    """An inference model that reads premise and hypothesis together.

    Attributes
    ----------
    name
        ``name@revision/backend``, as results carry it.
    labels
        The columns of :meth:`predict`.
    marks
        What is marked in the premise, as the model was trained: ``"target"``,
        ``"holder"``, both or nothing.
    calibration
        Temperature and offset of each measure, from ``calibration.json`` beside the weights.
    progress
        Called after each batch with its number of pairs and the number of all.
    """

    backend = "torch"
    progress: Callable[[int, int], Any] = staticmethod(lambda done, total: None)

    def __init__(self, folder: Path, name: str, revision: str) -> None:
        weights_hash(folder)  # refuses other weight formats before anything loads
        config = _config(folder)
        self.labels = _labels(config.get("id2label", {}), folder)
        self.name = f"{name}@{revision}/{self.backend}"
        self.marks = frozenset(config.get("marks", {}))
        self.calibration = _calibration(folder)
        self._tokenizer = _load_tokenizer(folder)
        limit = getattr(self._tokenizer, "model_max_length", 512)
        positions = config.get("max_position_embeddings", 512)
        self.max_tokens = int(min(limit, positions if positions > 0 else limit))
        self._open(folder)

    def _open(self, folder: Path) -> None:
        """Make ready to predict."""
        import torch

        self._torch = torch
        self._model = load_network(folder).to("cuda" if torch.cuda.is_available() else "cpu")

    def windows(self, premise: str, hypothesis: str) -> list[str]:
        """The parts in which a premise is read: itself, unless it is too long for the model.

        Parts overlap by a quarter, and together hold every character.

        Raises
        ------
        StanceError
            If the hypothesis alone fills what the model reads at once.
        """
        room = self.max_tokens - len(self._tokenizer(hypothesis)["input_ids"]) - 2
        if room < 16:
            raise StanceError(
                f"The hypothesis {hypothesis[:60]!r}… leaves no room for the text: the model reads "
                f"{self.max_tokens} tokens at once. Shorten the target or the wording."
            )
        offsets = self._tokenizer(premise, add_special_tokens=False, return_offsets_mapping=True, verbose=False)[
            "offset_mapping"
        ]
        if len(offsets) <= room:
            return [premise]
        step = max(1, int(room * (1 - _OVERLAP)))
        parts = []
        for first in range(0, len(offsets), step):
            last = min(first + room, len(offsets))
            start = 0 if first == 0 else offsets[first][0]
            end = len(premise) if last == len(offsets) else offsets[last - 1][1]
            parts.append(premise[start:end])
            if last == len(offsets):
                break
        return parts

    def predict(self, pairs: Sequence[tuple[str, str]], batch_size: int = 16) -> np.ndarray:
        """Probabilities of :attr:`labels` for (premise, hypothesis) pairs.

        Pairs of like length share a batch; a pair's result does not depend on
        the others beyond the last digits of float32.

        Parameters
        ----------
        pairs
            Premises that fit the model (see :meth:`windows`) and hypotheses.
        batch_size
            Pairs computed together.

        Returns
        -------
        numpy.ndarray
            Shape (number of pairs, number of labels); rows sum to 1.
        """
        torch = self._torch
        result = np.zeros((len(pairs), len(self.labels)))
        lengths = [len(premise) + len(hypothesis) for premise, hypothesis in pairs]
        order = sorted(range(len(pairs)), key=lambda i: -lengths[i])
        for first in range(0, len(order), batch_size):
            rows = order[first : first + batch_size]
            encoded = self._tokenizer(
                [pairs[i][0] for i in rows],
                [pairs[i][1] for i in rows],
                padding=True,
                return_tensors="pt",
                verbose=False,
            )
            with torch.inference_mode():
                logits = self._model(**encoded.to(self._model.device)).logits
            result[rows] = torch.softmax(logits.double(), dim=-1).cpu().numpy()
            self.progress(len(rows), len(pairs))
        return result


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise StanceError(f"{path} cannot be read ({error}). A model folder needs config.json.") from None
    id2label = config.get("id2label", {}) if isinstance(config, dict) else None
    if not isinstance(id2label, dict) or not all(str(key).isdigit() for key in id2label):
        raise StanceError(
            f"{path} is no model configuration: it must be an object whose id2label maps numbers to names."
        )
    if not any((folder / name).is_file() for name in _TOKENIZERS):
        raise StanceError(
            f"The model folder {folder} holds no tokenizer ({', '.join(_TOKENIZERS)}). Save it there too."
        )
    if "auto_map" in config:
        raise StanceError(
            f"The model {folder} brings code of its own (auto_map in config.json), which is never run. "
            "Use a model of an architecture that transformers knows."
        )
    return config


_OFFLINE: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}


def _load_tokenizer(folder: Path) -> Any:
    import transformers

    with _loading(folder):
        return transformers.AutoTokenizer.from_pretrained(folder, **_OFFLINE)


def load_network(folder: Path, *, eager: bool = False) -> Any:
    """The classifier of a model folder, in float32, ready to be asked.

    Parameters
    ----------
    folder
        A model folder with safetensors.
    eager
        With attention in its plainest form, which exports best.

    Raises
    ------
    StanceError
        If weights are damaged or missing.
    """
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()
    attention = {"attn_implementation": "eager"} if eager else {}
    with _loading(folder):
        network, info = transformers.AutoModelForSequenceClassification.from_pretrained(
            folder, use_safetensors=True, dtype=torch.float32, output_loading_info=True, **attention, **_OFFLINE
        )
    missing = sorted(map(str, [*info["missing_keys"], *info["mismatched_keys"]]))
    if missing:
        raise StanceError(
            f"The weights in {folder} are incomplete: {missing[0]} (of {len(missing)}) would be random numbers. "
            "Give a model that was trained as an inference classifier, and save all of it."
        )
    return network.eval()


@contextmanager
def _loading(folder: Path) -> Iterator[None]:
    import safetensors

    try:
        yield
    except (OSError, ValueError, KeyError, RuntimeError, safetensors.SafetensorError) as error:
        raise StanceError(f"The model {folder} cannot be loaded: {' '.join(str(error).split())[:300]}") from None
