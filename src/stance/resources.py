"""All that is bundled: the sample, invented sentences, weights, and the names that weights carry in results."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from stance.schema import StanceError, sha256
from stance.strict import parse_json

_PACKAGE = Path(str(files("stance")))
SAMPLE_ARTICLE = _PACKAGE / "data/alaska_summit.txt"
SAMPLE_CODEBOOK = _PACKAGE / "data/codebook.yml"
ANNOTATIONS = _PACKAGE / "data/annotations"
"""Two AI annotations of the sample, as sheets."""
AUDIT_SENTENCES = _PACKAGE / "data/audit_sentences.jsonl"
"""Neutral sentences with a slot for a name; for the audit alone."""
INVENTED = _PACKAGE / "training/sentences"
"""Sentences written for this project: for training, and ``dev.jsonl`` for measuring."""
WEIGHTS = _PACKAGE / "weights"
TAGGER = "attribution"
"""The bundled tagger's folder."""
CONFIDENCE = "confidence.json"
"""Beside a tagger's weights: how its probabilities and the rules' agreement become a confidence."""
DEFAULT = "base"
"""What results rest on; ``small`` is for large corpora and for tests."""
INDEX = "model.safetensors.index.json"
"""Beside weights in several files: which tensor is in which, as transformers writes it."""
CALIBRATION = "calibration.json"
"""Written beside the weights: the temperature and offset of each measure, and how they were found."""


def bundled_folder(name: str) -> Path | None:
    """The folder of a bundled model, or None if it is none.

    Examples
    --------
    >>> bundled_folder("small").name, bundled_folder("no-such-model")
    ('small', None)
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


def weight_files(folder: Path) -> list[Path]:
    """The safetensors of a model folder: those that its index lists if it has one, else all, by name.

    Raises
    ------
    StanceError
        If there is none, or the index cannot be read or names a file that is not there.

    Examples
    --------
    >>> [path.name for path in weight_files(WEIGHTS / TAGGER)]
    ['model.safetensors']
    """
    index = folder / INDEX
    if index.is_file():
        try:
            names = set(parse_json(index.read_bytes())["weight_map"].values())
            listed = [folder / Path(name).name for name in sorted(names)]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise StanceError(f"{index} is no index of weight files. Download or make the model anew.") from None
        if missing := [path.name for path in listed if not path.is_file()]:
            raise StanceError(f"{index} lists {missing[0]}, which is not there. Download or make the model anew.")
        if listed:
            return listed
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise StanceError(
            f"The model folder {folder} holds no .safetensors weights. Other formats can run code when "
            "opened and are never loaded: save the model with save_pretrained(safe_serialization=True)."
        )
    return weights


def weights_hash(folder: Path, *more: str) -> str:
    """One hash of all weight files of a model folder, and of other files in it if they are there.

    Raises
    ------
    StanceError
        As :func:`weight_files`.
    """
    weights = weight_files(folder)
    weights += [folder / name for name in more if (folder / name).is_file()]
    return sha256("".join(_file_hash(p, p.stat().st_size, p.stat().st_mtime_ns) for p in weights).encode())


@cache
def _file_hash(path: Path, size: int, changed: int) -> str:
    """Read once: a manifest asks for every file it lists."""
    return sha256(path.read_bytes())
