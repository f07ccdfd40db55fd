"""A model folder → a model that reads premise and hypothesis together.

torch and transformers are imported when a folder is opened, never when this module is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from stance.resources import weights_hash
from stance.schema import StanceError
from stance.scoring._calibrated import read_calibration
from stance.scoring.model import CONTRADICTION, ENTAILMENT, NEUTRAL, NOT_ENTAILMENT, Model

_TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "sentencepiece.bpe.model", "spm.model")
_OVERLAP = 0.25
"""Share of a window that the next one repeats."""


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


class CrossEncoder(Model):
    """An inference model that reads premise and hypothesis together.

    Attributes
    ----------
    name
        ``name@revision/backend``, as results carry it.
    labels
        The columns of :meth:`predict`.
    marks
        What is marked in the premise, as the model was trained: ``"target"``,
        ``"holder"`` and ``"statement"``, or some of them.
    calibration
        Temperature and offset of each measure, from ``calibration.json`` beside the weights.
    addressed
        From which probability on a statement takes the target up, from the same file; None
        where ``config.json`` does not say that the model was taught.
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
        self.calibration, threshold = read_calibration(folder)
        self.addressed = threshold if config.get("addressed") else None
        self._tokenizer = load_tokenizer(folder)
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


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer of a model folder.

    Raises
    ------
    StanceError
        If it cannot be loaded.
    """
    import transformers

    with _loading(folder):
        return transformers.AutoTokenizer.from_pretrained(folder, **_OFFLINE)


def load_network(folder: Path, *, eager: bool = False, head: Sequence[str] = ()) -> Any:
    """The classifier of a model folder, in float32, ready to be asked.

    Parameters
    ----------
    folder
        A model folder with safetensors.
    eager
        With attention in its plainest form, which exports best.
    head
        Labels of a new head, for an encoder that has none; to be trained.

    Raises
    ------
    StanceError
        If weights are damaged or missing.
    """
    import torch
    import transformers

    from stance.scoring.packing import packed_weights

    transformers.utils.logging.disable_progress_bar()
    options: dict[str, Any] = {"attn_implementation": "eager"} if eager else {}
    if head:
        options |= {"id2label": dict(enumerate(head)), "label2id": {label: i for i, label in enumerate(head)}}
    classifier = transformers.AutoModelForSequenceClassification
    with _loading(folder):
        if (state := packed_weights(folder)) is not None:
            network = classifier.from_config(transformers.AutoConfig.from_pretrained(folder, **options, **_OFFLINE))
            missing = network.load_state_dict(state, strict=False, assign=True).missing_keys
        else:
            network, info = classifier.from_pretrained(
                folder, use_safetensors=True, dtype=torch.float32, output_loading_info=True, **options, **_OFFLINE
            )
            missing = sorted(map(str, [*info["missing_keys"], *info["mismatched_keys"]]))
    if missing and not head:
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
