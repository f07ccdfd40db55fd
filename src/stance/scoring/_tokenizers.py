"""What may stand in a tokenizer's files, and copies of them for a library to open."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stance.resources import IDLE, TOKENIZER_CONFIG, TOKENIZER_MAPS, VOCABULARIES, read_settings
from stance.schema import StanceError
from stance.scoring._settings import FLAG, NOTHING, NUMBER, Kind, brings_code, listed, sifted, whole, words

GENERIC = ("PreTrainedTokenizer", "TokenizersBackend")
"""What a tokenizer.json says is taken as it stands."""
CLASSES = (
    *GENERIC,
    *(
        f"{name}Tokenizer"
        for name in (
            "Albert Bart Barthez BigBird Bert Camembert Deberta DebertaV2 DistilBert Electra Ernie GPT2 Longformer "
            "MBart MBart50 MPNet MobileBert RemBert Roberta SqueezeBert XLMRoberta XLNet"
        ).split()
    ),
)
_TEXT = Kind("a short text", lambda v: isinstance(v, str) and len(v) <= 1000)
_ADDED = {"content", "lstrip", "rstrip", "normalized", "single_word", "special", "id", "__type"}
_TOKEN = Kind(
    "a text, or an object with content",
    lambda v: (
        _TEXT.holds(v)
        or (
            isinstance(v, dict)
            and _TEXT.holds(v.get("content"))
            and v.get("__type", "AddedToken") == "AddedToken"
            and set(v) <= _ADDED
            and all(isinstance(one, bool) for key, one in v.items() if key not in ("content", "id", "__type"))
        )
    ),
)
_NAMED = Kind(
    "tokens",
    lambda v: all(map(_TOKEN.holds, v.values() if isinstance(v, dict) else v)) if isinstance(v, dict | list) else not v,
)
_NUMBERED = Kind(
    "tokens by their numbers",
    lambda v: isinstance(v, dict) and all(key.isascii() and key.isdigit() for key in v) and _NAMED.holds(v),
)
_TOKENS = {
    **{f"{name}_token": _TOKEN for name in ("bos", "eos", "unk", "sep", "pad", "cls", "mask")},
    "additional_special_tokens": _NAMED,
    "extra_special_tokens": _NAMED,
}
_HANDED: Mapping[str, Kind] = {
    **_TOKENS,
    "added_tokens_decoder": _NUMBERED,
    **dict.fromkeys(
        "do_lower_case do_basic_tokenize strip_accents tokenize_chinese_chars add_prefix_space trim_offsets "
        "clean_up_tokenization_spaces split_special_tokens keep_accents remove_space split_by_punct legacy "
        "add_bos_token add_eos_token clean_text".split(),
        FLAG,
    ),
    "model_max_length": Kind("a number above 0", lambda v: isinstance(v, int | float) and v > 0),
    "pad_token_type_id": whole(1000),
    "padding_side": words("left", "right"),
    "truncation_side": words("left", "right"),
    "errors": words("replace", "strict", "ignore"),
    "wordpieces_prefix": _TEXT,
    "model_input_names": listed(words("input_ids", "token_type_ids", "attention_mask")),
    "src_lang": _TEXT,
    "tgt_lang": _TEXT,
}
_READ: Mapping[str, Kind] = {
    "tokenizer_class": Kind("a name", lambda v: isinstance(v, str)),
    "vocab_type": words("spm", "bpe", "wordpiece"),
    "sp_model_kwargs": NOTHING,
    "init_inputs": NOTHING,
    "never_split": NOTHING,
    "unk_id": NUMBER,
}


def declared_class(found: Mapping[str, Any], default: str | None, path: Path) -> str | None:
    """The class that a tokenizer says it is of, without ``Fast``; None where it does not say.

    Raises
    ------
    StanceError
        If it is none of :data:`CLASSES`: transformers would take another in its place, without a word.
    """
    names = [name for name in (found.get("tokenizer_class"), default) if name is not None]
    if unknown := [name for name in names if str(name).removesuffix("Fast") not in CLASSES]:
        raise StanceError(
            f"{path} or config.json names the tokenizer class {str(unknown[0])[:60]!r}, which is not among those known "
            f"({', '.join(CLASSES)}): another would read the texts otherwise than the model was taught. "
            "Save the tokenizer anew as one of them, or take the line out if tokenizer.json holds all of it."
        )
    return str(names[0]).removesuffix("Fast") if names else None


def copy_tokenizer(folder: Path, to: Path, default: str | None) -> str | None:
    """Copy the files of a tokenizer, settings sifted; the class it says it is of.

    Parameters
    ----------
    folder
        The model folder.
    to
        An empty folder.
    default
        The class that ``config.json`` names.

    Raises
    ------
    StanceError
        If there is no tokenizer, or its files hold a key or a value that is not listed.
    """
    there = [name for name in VOCABULARIES if (folder / name).is_file()]
    if not set(there) - {"merges.txt"}:
        raise StanceError(
            f"The model folder {folder} holds no tokenizer ({', '.join(VOCABULARIES)}). Save it there too."
        )
    path = folder / TOKENIZER_CONFIG
    found = read_settings(path) if path.is_file() else {}
    if "auto_map" in found:
        raise StanceError(brings_code(folder, TOKENIZER_CONFIG))
    handed, _ = sifted(found, {**_HANDED, **_READ}, IDLE[TOKENIZER_CONFIG], path)
    declared = declared_class(found, default, path)
    kept = {key: value for key, value in handed.items() if key not in _READ}
    _write(to / TOKENIZER_CONFIG, kept | ({"tokenizer_class": declared} if declared else {}))
    for name, kinds in zip(TOKENIZER_MAPS, (_TOKENS, None), strict=True):
        if (folder / name).is_file():
            found = read_settings(folder / name)
            of = kinds if kinds is not None else dict.fromkeys(found, whole(10_000_000, 0))
            _write(to / name, sifted(found, of, frozenset(), folder / name)[0])
    for name in there:
        shutil.copyfile(folder / name, to / name)
    return declared


def _write(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(data), encoding="utf-8")
