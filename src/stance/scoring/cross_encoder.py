"""A model folder → a model that reads premise and hypothesis together.

torch and transformers are imported when a folder is opened, never when this module is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stance.resources import weight_files
from stance.schema import StanceError
from stance.scoring._calibrated import read_calibration
from stance.scoring._settings import inference_labels, settings_of
from stance.scoring.model import Model
from stance.scoring.networks import load_network, load_tokenizer

_OVERLAP = 0.25
"""Share of a window that the next one repeats."""


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
    """

    backend = "torch"

    def __init__(self, folder: Path, name: str, revision: str) -> None:
        weight_files(folder)  # refuses other weight formats before anything loads
        settings = settings_of(folder)
        self.labels = inference_labels(settings, folder)
        self.name = f"{name}@{revision}/{self.backend}"
        self.marks = settings.marks
        self.calibration, threshold = read_calibration(folder)
        self.addressed = threshold if settings.addressed else None
        self._tokenizer = load_tokenizer(folder)
        limit = getattr(self._tokenizer, "model_max_length", 512)
        positions = settings.handed.get("max_position_embeddings") or 512
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
