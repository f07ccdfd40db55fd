"""What may stand in a model folder's settings: nothing else is handed to a library.

A library finds code, kernels, files and other models by what a configuration names. So each key that
is handed over is listed here with the values that it may have; strings are words of a closed list.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.codebook import ADDRESSED
from stance.resources import CONFIG, IDLE, read_settings
from stance.schema import StanceError
from stance.scoring.model import CONTRADICTION, ENTAILMENT, NEUTRAL, NOT_ENTAILMENT
from stance.scoring.premises import MARKS

TYPES = frozenset(
    "albert bart bert big_bird camembert deberta deberta-v2 distilbert electra ernie longformer mbart megatron-bert "
    "mobilebert modernbert mpnet rembert roberta roberta-prelayernorm squeezebert xlm-roberta xlm-roberta-xl "
    "xlnet".split()
)
"""Encoders of transformers with a head for labels that inference models are made of; each is opened in the tests."""
_MOST_LAYERS = 256
"""The deepest encoders published have 48 layers; one of thousands takes minutes to build before anything fails."""
_MOST = 10_000_000
"""Of words, columns or tokens: ten times the largest vocabulary in use."""
_WIDE = 1e9
"""Rates, widths and bases of rotary positions lie far below."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Values that a key may have, in words and as a test."""

    says: str
    holds: Callable[[Any], bool]


def whole(most: int, least: int = -1) -> Kind:
    """A whole number; -1 stands for none in several encoders."""
    return Kind(f"a whole number from {least} to {most:,}", lambda v: type(v) is int and least <= v <= most)


def words(*allowed: str) -> Kind:
    """One of a closed list of words."""
    return Kind(f"one of {', '.join(allowed)}", lambda v: isinstance(v, str) and v in allowed)


def listed(kind: Kind, most: int = _MOST_LAYERS) -> Kind:
    """One value of a kind, or a list of them."""
    return Kind(
        f"{kind.says}, or a list of such",
        lambda v: len(v) <= most and all(map(kind.holds, v)) if isinstance(v, list) else kind.holds(v),
    )


FLAG = Kind("true or false", lambda v: isinstance(v, bool))
NUMBER = Kind(
    "a number",
    lambda v: isinstance(v, int | float) and not isinstance(v, bool) and abs(v) <= _WIDE and math.isfinite(v),
)
NOTHING = Kind("empty", lambda v: not v)
_TOKEN = listed(whole(_MOST))
_SIZE, _DEPTH = whole(_MOST), whole(_MOST_LAYERS, 0)
_ACTIVATION = words(
    "gelu", "gelu_new", "gelu_fast", "gelu_python", "gelu_accurate", "gelu_pytorch_tanh", "gelu_10", "quick_gelu",
    "relu", "relu6", "relu2", "silu", "swish", "mish", "selu", "sigmoid", "tanh", "leaky_relu", "linear",
)  # fmt: skip


def _is_rotary(value: Any) -> bool:
    """Bases of rotary positions, by kind of layer or in one."""
    if not isinstance(value, dict):
        return False
    kinds = {"full_attention", "sliding_attention"}
    if set(value) <= kinds and value:
        return all(one is None or (_is_rotary(one) and not set(one) & kinds) for one in value.values())
    return all(
        one == "default" if key in ("rope_type", "type") else key in _ROTARY and (one is None or NUMBER.holds(one))
        for key, one in value.items()
    )


_ROTARY = ("rope_theta", "factor", "partial_rotary_factor")
_ATTENTION = words("eager", "sdpa")


_HANDED: Mapping[str, Kind] = {
    key: kind
    for keys, kind in (
        ("num_hidden_layers n_layers n_layer encoder_layers decoder_layers num_hidden_groups inner_group_num", _DEPTH),
        ("num_feedforward_networks global_attn_every_n_layers", whole(_MOST_LAYERS, 1)),
        (
            "hidden_size d_model dim d_head d_inner d_embed embedding_size input_embedding_size output_embedding_size "
            "intermediate_size hidden_dim encoder_ffn_dim decoder_ffn_dim num_attention_heads n_heads n_head "
            "encoder_attention_heads decoder_attention_heads attention_head_size vocab_size type_vocab_size "
            "task_type_vocab_size max_position_embeddings max_relative_positions position_buckets "
            "relative_attention_num_buckets pooler_hidden_size conv_kernel_size conv_groups block_size "
            "num_random_blocks local_attention chunk_size_feed_forward clamp_len mem_len reuse_len start_n_top "
            "end_n_top q_groups k_groups v_groups post_attention_groups intermediate_groups output_groups "
            "true_hidden_size intra_bottleneck_size head_dim",
            _SIZE,
        ),
        ("attention_window", listed(_SIZE)),
        ("sparse_pred_ignore_index", whole(_MOST, -1000)),
        (
            "bos_token_id eos_token_id pad_token_id cls_token_id sep_token_id mask_token_id decoder_start_token_id "
            "forced_eos_token_id forced_bos_token_id",
            _TOKEN,
        ),
        (
            "hidden_dropout_prob attention_probs_dropout_prob hidden_dropout attention_dropout activation_dropout "
            "classifier_dropout classifier_dropout_prob classif_dropout cls_dropout pooler_dropout dropout qa_dropout "
            "seq_classif_dropout embedding_dropout mlp_dropout summary_last_dropout summary_first_dropout "
            "encoder_layerdrop decoder_layerdrop initializer_range initializer_cutoff_factor init_std layer_norm_eps "
            "norm_eps global_rope_theta local_rope_theta rope_theta",
            NUMBER,
        ),
        (
            "is_decoder is_encoder_decoder add_cross_attention tie_word_embeddings relative_attention "
            "position_biased_input share_att_key talking_head legacy scale_embedding attention_bias norm_bias mlp_bias "
            "decoder_bias classifier_bias deterministic_flash_attn sparse_prediction sinusoidal_pos_embds use_task_id "
            "use_bias rescale_embeddings onnx_export summary_use_proj summary_proj_to_labels bi_data same_length "
            "use_mems_eval use_mems_train trigram_input use_bottleneck use_bottleneck_attention "
            "key_query_shared_bottleneck untie_r",
            FLAG,
        ),
        (
            "hidden_act hidden_activation activation activation_function ff_activation pooler_hidden_act conv_act "
            "summary_activation",
            _ACTIVATION,
        ),
        (
            "classifier_activation",
            Kind(f"true, false or {_ACTIVATION.says}", lambda v: FLAG.holds(v) or _ACTIVATION.holds(v)),
        ),
        ("position_embedding_type", words("absolute", "relative_key", "relative_key_query", "rope", "sans_pos")),
        ("pos_att_type", listed(words("c2p", "p2c", "p2p", "c2p|p2c", "p2c|c2p", "c2p|p2p|p2c", "p2c|c2p|p2p"))),
        ("norm_rel_ebd", words("none", "layer_norm")),
        ("classifier_pooling", words("cls", "mean")),
        ("summary_type", words("first", "last", "mean", "cls_index")),
        ("attention_type", words("block_sparse", "original_full")),
        ("attn_type", words("bi")),
        ("normalization_type", words("layer_norm", "no_norm")),
        ("problem_type", words("single_label_classification")),
        ("layer_types", listed(words("full_attention", "sliding_attention"))),
        ("rope_parameters rope_scaling", Kind("bases of rotary positions", _is_rotary)),
    )
    for key in keys.split()
}
"""What a network is built from."""
_READ: Mapping[str, Kind] = {
    "model_type": words(*sorted(TYPES)),
    "attn_implementation": _ATTENTION,
    "_attn_implementation": _ATTENTION,
    "dtype": (
        _DTYPE := words(
            *(f"{before}{name}" for before in ("", "torch.") for name in ("float32", "float16", "bfloat16"))
        )
    ),
    "torch_dtype": _DTYPE,
    **dict.fromkeys(("output_hidden_states", "output_attentions", "return_dict"), FLAG),
    "pruned_heads": NOTHING,
    "id2label": Kind("an object", lambda v: isinstance(v, dict)),
    "label2id": Kind("an object", lambda v: isinstance(v, dict)),
    "tokenizer_class": Kind("a name", lambda v: isinstance(v, str)),
    "marks": Kind(
        f"some of {dict(MARKS)}",
        lambda v: isinstance(v, dict) and all(key in MARKS and pair == list(MARKS[key]) for key, pair in v.items()),
    ),
    "addressed": Kind(repr(ADDRESSED), lambda v: v == ADDRESSED),
}
"""What is read here, and not handed over; how attention is computed is for this project to say."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``config.json`` says of a model.

    Attributes
    ----------
    type
        The kind of network, as transformers calls it.
    handed
        What the network is built from.
    plain
        Numbers, flags and empty keys that are not listed: ignored, if the network does not know them either.
    labels
        As the model was given them, by the number of its output.
    marks, addressed
        What it was taught to see marked, and whether to tell what takes a target up.
    tokenizer
        The class of its tokenizer, where it is named here.
    """

    type: str
    handed: Mapping[str, Any]
    plain: frozenset[str]
    labels: tuple[str, ...]
    marks: frozenset[str]
    addressed: bool
    tokenizer: str | None


def settings_of(folder: Path) -> Settings:
    """The settings of a model folder.

    Raises
    ------
    StanceError
        If ``config.json`` cannot be read, or holds a key or a value that is not listed.
    """
    path = folder / CONFIG
    found = read_settings(path)
    if "auto_map" in found:
        raise StanceError(brings_code(folder, CONFIG))
    handed, plain = sifted(found, {**_HANDED, **_READ}, IDLE[CONFIG], path)
    if not isinstance(found.get("model_type"), str):
        raise StanceError(f"{path} names no model_type. Known are: {', '.join(sorted(TYPES))}.")
    return Settings(
        found["model_type"],
        {key: value for key, value in handed.items() if key not in _READ},
        frozenset(plain) - {"num_labels", "_num_labels"},
        _labels(found, path),
        frozenset(found.get("marks") or ()),
        found.get("addressed") is not None,
        found.get("tokenizer_class"),
    )


def brings_code(folder: Path, name: str) -> str:
    """Why a folder with code of its own is refused."""
    return (
        f"The model {folder} brings code of its own (auto_map in {name}), which is never run. "
        "Use a model of an architecture that transformers knows."
    )


def sifted(
    found: Mapping[str, Any], kinds: Mapping[str, Kind], idle: frozenset[str], path: Path
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings that are listed, and those that are not but are mere numbers, flags or empty.

    Raises
    ------
    StanceError
        If a listed key has a value it may not have, or one that is not listed names or holds something.
    """
    listed_here: dict[str, Any] = {}
    plain: dict[str, Any] = {}
    for key, value in found.items():
        kind = kinds.get(key)
        if kind is None and key in idle:
            continue
        if kind is None and not (value is None or FLAG.holds(value) or NUMBER.holds(value)):
            raise StanceError(
                f"{path} has the key {key[:60]!r}, which is not among those that an inference model needs, and which a "
                "library might follow to code or files elsewhere. Take it out if the model works without; "
                "else give a model that does."
            )
        if kind is not None and value is not None and not kind.holds(value):
            raise StanceError(f"{path}: {key} must be {kind.says}. Got {repr(value)[:80]}.")
        (plain if kind is None else listed_here)[key] = value
    return listed_here, plain


def _labels(found: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    """The labels in the order of the outputs; () where none are given.

    Raises
    ------
    StanceError
        If they are not numbered from 0, or ``label2id`` numbers them otherwise.
    """
    labels = found.get("id2label") or {}
    if set(labels) != {str(i) for i in range(len(labels))} or not all(isinstance(v, str) for v in labels.values()):
        raise StanceError(
            f"{path} is no model configuration: its id2label must map the numbers from 0 on to names. "
            f"Got {repr(labels)[:80]}."
        )
    ordered = tuple(labels[str(i)] for i in range(len(labels)))
    other = found.get("label2id") or {}
    if set(other) == set(labels.values()) and {name: str(i) for i, name in enumerate(ordered)} != {
        name: str(i) for name, i in other.items()
    }:
        raise StanceError(
            f"{path}: id2label and label2id contradict each other ({repr(labels)[:80]}, {repr(other)[:80]}). "
            "Ask whoever made the model which is right, and correct the other."
        )
    return ordered


def inference_labels(settings: Settings, where: Path) -> tuple[str, ...]:
    """The labels under the field's names.

    Raises
    ------
    StanceError
        If they are not those of inference.
    """
    names = []
    for label in settings.labels:
        raw = label.lower().replace("-", "_").replace(" ", "_")
        names.append({"not_entailed": NOT_ENTAILMENT, "entailed": ENTAILMENT}.get(raw, raw))
    if sorted(names) not in (sorted([ENTAILMENT, NEUTRAL, CONTRADICTION]), [ENTAILMENT, NOT_ENTAILMENT]):
        raise StanceError(
            f"The model {where} has the labels {sorted(settings.labels)[:9]}. It must be an inference model, "
            "with entailment, neutral and contradiction, or entailment and not_entailment, in config.json's id2label."
        )
    return tuple(names)
