"""No settings of a model folder make a library fetch or run anything; ordinary ones are taken as they stand."""

import json
import shutil

import pytest
import torch

import stance
from stance.schema import StanceError
from stance.scoring._settings import TYPES, inference_labels, settings_of
from stance.scoring.networks import _configuration, load_network, load_tokenizer
from tests.support.hub_configs import CONFIGS


def write(folder, name, data):
    (folder / name).write_text(data if isinstance(data, str) else json.dumps(data))


def changed(tiny, tmp_path, name="config.json", **changes):
    """A copy of the random model with keys of one file changed."""
    folder = shutil.copytree(tiny, tmp_path / "changed")
    path = folder / name
    write(folder, name, (json.loads(path.read_text()) if path.exists() else {}) | changes)
    return folder


def empty(folder):
    """The network that a folder describes, without memory, and its settings."""
    import transformers

    settings = settings_of(folder)
    with torch.device("meta"):
        config = _configuration(settings, folder, settings.labels)
        return transformers.AutoModelForSequenceClassification.from_config(config), settings


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_models_of_the_hub_are_taken_as_transformers_itself_takes_them(config, tmp_path):
    import transformers

    write(tmp_path, "config.json", config)
    network, settings = empty(tmp_path)
    assert set(inference_labels(settings, tmp_path)) == {"entailment", "neutral", "contradiction"}
    with torch.device("meta"):
        direct = transformers.AutoModelForSequenceClassification.from_config(
            transformers.AutoConfig.from_pretrained(tmp_path, local_files_only=True)
        )
    assert repr(network) == repr(direct)
    mine, theirs = network.config.to_dict(), direct.config.to_dict()
    assert {key for key in mine if mine[key] != theirs.get(key)} <= {
        "dtype",
        "_name_or_path",
        "architectures",
        "id2label",
        "label2id",
    }


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_kind_of_network_can_be_saved_and_opened_again(kind, tmp_path):
    import transformers

    labels = {0: "entailment", 1: "neutral", 2: "contradiction"}
    config = transformers.AutoConfig.for_model(kind, id2label=labels, label2id={v: k for k, v in labels.items()})
    config.save_pretrained(tmp_path)
    network, settings = empty(tmp_path)
    assert network.config.id2label == labels and settings.type == kind


CODE = {
    "a hub kernel": {"attn_implementation": "evil-org/evil-kernel"},
    "a hub kernel, underscored": {"_attn_implementation": "kernels-community/flash-attn2"},
    "a kernel with a revision": {"attn_implementation": "kernels-community/flash-attn3@main:flash_attn"},
    "a kernel by part": {"attn_implementation": {"": "org/kernel"}},
    "a fast attention that is fetched": {"_attn_implementation": "flash_attention_2"},
    "a kernel set inside": {"_attn_implementation_internal": "org/kernel"},
    "kernels for experts": {"experts_implementation": "org/experts"},
    "code of its own": {"auto_map": {"AutoModelForSequenceClassification": "evil.Model"}},
    "code in another repository": {"auto_map": {"AutoConfig": "org/repo--evil.Config"}},
    "another configuration": {"configuration_files": ["config.5.0.0.json"]},
    "other weights": {"transformers_weights": "../other.safetensors"},
    "a fusion": {"fusion_config": {"patch_embeddings": True}},
    "a quantizer": {"quantization_config": {"quant_method": "gptq", "bits": 4}},
    "a quantizer with modules": {"quantization_config": {"quant_method": "torchao", "quant_type": "org.Evil"}},
    "a gguf file": {"gguf_file": "x.gguf"},
    "layers of their own": {"per_layer_config": {"0": {"_attn_implementation": "org/kernel"}}},
    "a pipeline": {"custom_pipelines": {"nli": {"impl": "evil.Pipeline"}}},
    "a backbone": {"backbone": "org/backbone", "use_pretrained_backbone": True},
    "an activation by path": {"hidden_act": "os.system"},
    "an activation that compiles a kernel": {"hidden_act": "xielu"},
    "a type of numbers": {"dtype": "os"},
    "a type of numbers, old key": {"torch_dtype": "os.system"},
    "a network that is not known": {"model_type": "evil"},
    "a network for pictures": {"model_type": "timm_wrapper"},
    "an adapter": {"adapters": {"config_map": {"a": "org/adapter"}}},
    "a parallel plan": {"distributed_config": {"tp_plan": "auto"}},
    "a tokenizer class": {"tokenizer_class": "EvilTokenizer"},
    "a generation module": {"custom_generate": "org/repo"},
    "a nested configuration": {"text_config": {"attn_implementation": "org/kernel"}},
    "rotary positions by name": {"rope_scaling": {"rope_type": "evil"}},
}


@pytest.mark.parametrize("config", CODE.values(), ids=CODE)
@pytest.mark.parametrize("way", ["a folder", "the hub's cache", "training", "onnx"])
def test_no_configuration_names_code(config, way, tiny, tmp_path, monkeypatch):
    folder = changed(tiny, tmp_path, **config)
    with pytest.raises(StanceError) as refused:
        opened(folder, way, tmp_path)
    assert "config" in str(refused.value) and len(str(refused.value)) < 900


def opened(folder, way, tmp_path):
    """A folder opened in one of the ways in."""
    if way == "a folder":
        return stance.load_model(folder)
    if way == "onnx":
        return stance.load_model(folder, backend="onnx")
    if way == "training":
        from stance.training.fit import untrained

        return untrained(folder)
    revision = "0123456789abcdef0123456789abcdef01234567"
    shutil.copytree(folder, tmp_path / "cache/models--org--tiny/snapshots" / revision)
    return stance.load_model(f"org/tiny@{revision}", cache=tmp_path / "cache")


TOKENIZERS = {
    "code of its own": ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["evil.Evil", "evil.Evil"]}}),
    "code of its own, old form": ("tokenizer_config.json", {"auto_map": ["evil.Evil", None]}),
    "an unknown class": ("tokenizer_config.json", {"tokenizer_class": "Evil"}),
    "a class that needs a dictionary": ("tokenizer_config.json", {"tokenizer_class": "BertJapaneseTokenizer"}),
    "another tokenizer.json": ("tokenizer_config.json", {"fast_tokenizer_files": ["tokenizer.5.0.0.json"]}),
    "a processor": ("tokenizer_config.json", {"processor_class": "org/EvilProcessor"}),
    "a vocabulary elsewhere": ("tokenizer_config.json", {"vocab_file": "/etc/passwd"}),
    "a vocabulary inside": ("tokenizer_config.json", {"vocab": {"a": 0}}),
    "arguments of a class": ("tokenizer_config.json", {"init_inputs": ["/etc/passwd"]}),
    "arguments of a library": ("tokenizer_config.json", {"sp_model_kwargs": {"model_file": "/etc/passwd"}}),
    "a class by a token": ("tokenizer_config.json", {"cls_token": {"__type": "Evil", "content": "[CLS]"}}),
    "a vocabulary by the map": ("special_tokens_map.json", {"vocab_file": "/etc/passwd"}),
    "a file by the map": ("special_tokens_map.json", {"tokenizer_file": "/etc/passwd"}),
    "a token without number": ("added_tokens.json", {"evil": "x"}),
    "a side that is none": ("tokenizer_config.json", {"padding_side": "evil"}),
}


@pytest.mark.parametrize(("name", "keys"), TOKENIZERS.values(), ids=TOKENIZERS)
@pytest.mark.parametrize("way", ["a folder", "training"])
def test_no_tokenizer_names_code_or_files(name, keys, way, tiny, tmp_path):
    if name != "tokenizer_config.json":
        path = tiny / "tokenizer_config.json"
        assert "added_tokens_decoder" not in json.loads(path.read_text())
    with pytest.raises(StanceError):
        opened(changed(tiny, tmp_path, name, **keys), way, tmp_path)


HARMLESS = {
    "a flag that is not known": {"my_flag": True},
    "a number that is not known": {"epochs": 3},
    "code trusted": {"trust_remote_code": True},
    "attention in its usual form": {"attn_implementation": "sdpa", "_attn_implementation": "eager"},
    "no quantizer": {"quantization_config": None},
}


@pytest.mark.parametrize("config", HARMLESS.values(), ids=HARMLESS)
def test_what_names_nothing_is_passed_over(config, tiny, tmp_path):
    network = load_network(changed(tiny, tmp_path, **config))
    assert network.config._attn_implementation == "sdpa"
    assert not hasattr(network.config, next(iter(set(config) - {"attn_implementation", "_attn_implementation"}), "x"))


@pytest.mark.parametrize(
    "config",
    [
        {"num_hidden_layers": 100_000},
        {"num_hidden_layers": 10**400},
        {"hidden_size": 2**31},
        {"vocab_size": 9_000_000, "hidden_size": 9_000},
        {"intermediate_size": 9_999_999, "num_hidden_layers": 256},
        {"num_hidden_layers": 257},
        {"max_position_embeddings": 10**12},
        {"num_attention_heads": 0},
        {"hidden_size": 17},
        {"max_position_embeddings": "x"},
        {"layer_norm_eps": "small"},
        {"num_hidden_layers": True},
        {"is_decoder": "no"},
        {"hidden_size": [16]},
        {"marks": [["a"]]},
        {"marks": {"target": ["# ", " #"]}},
        {"addressed": "{actor} mentions {target}."},
        {"id2label": {"²": "entailment", "1": "not_entailment"}},
        {"id2label": {"0": "entailment", "2": "not_entailment"}},
        {"id2label": {"0": "entailment", "1": "entailment", "2": "not_entailment"}},
        {"id2label": ["entailment", "not_entailment"]},
        {"label2id": {"entailment": 0, "not_entailment": 1}},
        {"problem_type": "multi_label_classification"},
        {"model_type": None},
    ],
    ids=lambda config: str(config)[:50],
)
def test_unreasonable_settings_are_refused_at_once(config, tiny, tmp_path):
    with pytest.raises(StanceError, match=r"config\.json|cannot be loaded"):
        stance.load_model(changed(tiny, tmp_path, **config))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"model_type": "bert", "model_type": "roberta"}', "'model_type' is given twice"),
        ("[" * 100_000, "nested too deeply|cannot be read"),
        ('{"hidden_size": ' + "9" * 5000 + "}", "cannot be read"),
        ('{"layer_norm_eps": NaN}', "NaN is no number"),
        ("\xff", "cannot be read|must hold"),
        ("null", "must hold an object"),
    ],
    ids=["twice", "deep", "long", "nan", "bytes", "null"],
)
def test_files_that_are_no_settings(text, said, tiny, tmp_path):
    folder = changed(tiny, tmp_path)
    (folder / "config.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(StanceError, match=said):
        stance.load_model(folder)


def test_a_tokenizer_is_never_replaced_by_another(tiny, tmp_path):
    declared = changed(tiny, tmp_path, "tokenizer_config.json", tokenizer_class="BertTokenizerFast")
    assert type(load_tokenizer(declared)).__name__ == "BertTokenizer"
    generic = json.loads((declared / "tokenizer_config.json").read_text()) | {
        "tokenizer_class": "PreTrainedTokenizerFast"
    }
    write(declared, "tokenizer_config.json", generic)
    assert load_tokenizer(declared)("Peace talks")["input_ids"] == load_tokenizer(tiny)("Peace talks")["input_ids"]


def test_only_the_weights_that_are_hashed_are_opened(tiny, tmp_path):
    """An index beside model.safetensors: transformers would open the one, and the name be of the other."""
    from safetensors.torch import load_file, save_file

    folder = changed(tiny, tmp_path)
    weights = load_file(folder / "model.safetensors")
    save_file(weights, folder / "model-00001-of-00001.safetensors", metadata={"format": "pt"})
    index = {"metadata": {}, "weight_map": dict.fromkeys(weights, "model-00001-of-00001.safetensors")}
    write(folder, "model.safetensors.index.json", index)
    save_file({k: v + 1 for k, v in weights.items()}, folder / "model.safetensors", metadata={"format": "pt"})
    assert torch.equal(load_network(folder).classifier.bias, weights["classifier.bias"])


def test_an_adapter_beside_the_weights_is_not_followed(tiny, tmp_path):
    folder = changed(tiny, tmp_path)
    write(folder, "adapter_config.json", {"base_model_name_or_path": "org/evil", "peft_type": "LORA"})
    assert load_network(folder).config.model_type == "bert"


@pytest.mark.parametrize("key", ["hidden_size", "num_attention_heads", "hidden_act", "vocab_size", "layer_norm_eps"])
def test_what_a_network_cannot_be_built_without_may_not_be_null(key, tiny, tmp_path):
    with pytest.raises(StanceError, match=rf"config.json: {key} must not be null. Give its value"):
        load_network(changed(tiny, tmp_path, **{key: None}))


def test_what_may_be_null_is_taken_so(tiny, tmp_path):
    assert load_network(changed(tiny, tmp_path, bos_token_id=None, problem_type=None)).config.bos_token_id is None


@pytest.mark.parametrize("keys", [{"added_tokens": 3}, {"added_tokens": [3]}])
def test_where_a_library_stumbles_the_sentence_names_the_files_not_its_code(keys, tiny, tmp_path):
    with pytest.raises(StanceError, match=r"or tokenizer.json is not of the form that transformers expects"):
        load_tokenizer(changed(tiny, tmp_path, "tokenizer.json", **keys))
