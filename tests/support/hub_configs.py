"""Settings written as well-known inference models of the hub have them, made small where size is meant."""

LABELS = {
    "id2label": {"0": "entailment", "1": "neutral", "2": "contradiction"},
    "label2id": {"contradiction": 2, "entailment": 0, "neutral": 1},
}
SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}
_BERT = {
    "attention_probs_dropout_prob": 0.1, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "initializer_range": 0.02,
    "layer_norm_eps": 1e-12, "max_position_embeddings": 64, "pad_token_id": 0, "type_vocab_size": 2,
    "position_embedding_type": "absolute", "vocab_size": 300, "use_cache": True, **SMALL, **LABELS,
}  # fmt: skip
_BART = {
    "activation_dropout": 0.0, "activation_function": "gelu", "add_final_layer_norm": False, "attention_dropout": 0.0,
    "bos_token_id": 0, "classif_dropout": 0.0, "classifier_dropout": 0.0, "d_model": 16, "decoder_attention_heads": 2,
    "decoder_ffn_dim": 16, "decoder_layerdrop": 0.0, "decoder_layers": 1, "decoder_start_token_id": 2, "dropout": 0.1,
    "encoder_attention_heads": 2, "encoder_ffn_dim": 16, "encoder_layerdrop": 0.0, "encoder_layers": 1,
    "eos_token_id": 2, "forced_eos_token_id": 2, "gradient_checkpointing": False, "init_std": 0.02,
    "is_encoder_decoder": True, "max_position_embeddings": 64, "normalize_before": False, "num_hidden_layers": 1,
    "output_past": False, "pad_token_id": 1, "scale_embedding": False, "use_cache": True, "vocab_size": 300, **LABELS,
}  # fmt: skip

CONFIGS = {
    "deberta-v3, fine-tuned by transformers 4.11": {
        **_BERT, "_name_or_path": "microsoft/deberta-v3-base", "architectures": ["DebertaV2ForSequenceClassification"],
        "layer_norm_eps": 1e-07, "max_relative_positions": -1, "model_type": "deberta-v2", "norm_rel_ebd": "layer_norm",
        "pooler_dropout": 0, "pooler_hidden_act": "gelu", "pooler_hidden_size": 16, "pos_att_type": ["p2c", "c2p"],
        "position_biased_input": False, "position_buckets": 256, "relative_attention": True, "share_att_key": True,
        "torch_dtype": "float32", "transformers_version": "4.11.0", "type_vocab_size": 0,
    },
    "deberta-v3, a cross encoder of sentence-transformers": {
        **_BERT, "architectures": ["DebertaV2ForSequenceClassification"], "legacy": True, "model_type": "deberta-v2",
        "max_relative_positions": -1, "norm_rel_ebd": "layer_norm", "pooler_hidden_size": 16, "pos_att_type": "p2c|c2p",
        "position_biased_input": False, "position_buckets": 256, "relative_attention": True, "share_att_key": True,
        "sentence_transformers": {"activation_fn": "torch.nn.modules.linear.Identity", "version": "4.1.0"},
        "type_vocab_size": 0, "id2label": {"0": "contradiction", "1": "entailment", "2": "neutral"},
        "label2id": {"contradiction": 0, "entailment": 1, "neutral": 2},
    },
    "deberta-v2-xlarge": {
        **_BERT, "model_type": "deberta-v2", "attention_head_size": 8, "conv_act": "gelu", "conv_kernel_size": 3,
        "cls_dropout": 0.2, "max_relative_positions": -1, "norm_rel_ebd": "layer_norm", "pooler_hidden_size": 16,
        "pos_att_type": "p2c|c2p", "position_biased_input": False, "position_buckets": 256,
        "relative_attention": True, "share_att_key": True, "type_vocab_size": 0,
        "id2label": {"0": "CONTRADICTION", "1": "NEUTRAL", "2": "ENTAILMENT"},
        "label2id": {"CONTRADICTION": 0, "ENTAILMENT": 2, "NEUTRAL": 1},
    },
    "deberta": {
        **_BERT, "model_type": "deberta", "max_relative_positions": -1, "padding_idx": 0, "pooler_dropout": 0,
        "pooler_hidden_act": "gelu", "pooler_hidden_size": 16, "pos_att_type": ["c2p", "p2c"],
        "position_biased_input": False, "relative_attention": True, "type_vocab_size": 0,
    },
    "bert, multilingual, of 2019": {
        **_BERT, "model_type": "bert", "directionality": "bidi", "finetuning_task": "mnli", "num_labels": 3,
        "output_attentions": False, "output_hidden_states": False, "pooler_fc_size": 768,
        "pooler_num_attention_heads": 12, "pooler_num_fc_layers": 3, "pooler_size_per_head": 128,
        "pooler_type": "first_token_transform", "pruned_heads": {}, "torchscript": False, "use_bfloat16": False,
    },
    "bert, saved with every default": {
        **_BERT, "model_type": "bert", "classifier_dropout": None, "bad_words_ids": None, "chunk_size_feed_forward": 0,
        "cross_attention_hidden_size": None, "do_sample": False, "early_stopping": False, "is_decoder": False,
        "length_penalty": 1.0, "max_length": 20, "num_beams": 1, "output_scores": False, "prefix": None,
        "problem_type": "single_label_classification", "quantization_config": None, "remove_invalid_values": False,
        "repetition_penalty": 1.0, "return_dict": True, "sep_token_id": None, "task_specific_params": None,
        "temperature": 1.0, "tf_legacy_loss": False, "tie_encoder_decoder": False, "tokenizer_class": None, "top_p": 1,
        "_attn_implementation_autoset": True, "dtype": "float32",
    },
    "minilm, a cross encoder": {
        **_BERT, "_name_or_path": "microsoft/MiniLM-L12-H384-uncased", "architectures": ["BertForSequenceClassification"],
        "model_type": "bert", "gradient_checkpointing": False, "transformers_version": "4.57.0",
        "sbert_ce_default_activation_function": "torch.nn.modules.linear.Identity",
    },
    "minilm, multilingual": {**_BERT, "model_type": "bert", "tokenizer_class": "XLMRobertaTokenizer", "layer_norm_eps": 1e-12},
    "roberta-large": {
        **_BERT, "_num_labels": 3, "bos_token_id": 0, "eos_token_id": 2, "layer_norm_eps": 1e-05, "model_type": "roberta",
        "pad_token_id": 1, "type_vocab_size": 1, "id2label": {"0": "CONTRADICTION", "1": "NEUTRAL", "2": "ENTAILMENT"},
        "label2id": {"CONTRADICTION": 0, "NEUTRAL": 1, "ENTAILMENT": 2},
    },
    "xlm-roberta-large": {
        **_BERT, "bos_token_id": 0, "eos_token_id": 2, "layer_norm_eps": 1e-05, "model_type": "xlm-roberta",
        "output_past": True, "pad_token_id": 1, "type_vocab_size": 1, "classifier_dropout": None,
    },
    "bart-large": {**_BART, "_num_labels": 3, "model_type": "bart"},
    "distilbart": {**_BART, "model_type": "bart", "extra_pos_embeddings": 2, "force_bos_token_to_be_generated": False,
                   "static_position_embeddings": False, "add_bias_logits": False, "normalize_embedding": True},
    "modernbert, by transformers 4.48": {
        **LABELS, **SMALL, "architectures": ["ModernBertForSequenceClassification"], "attention_bias": False,
        "attention_dropout": 0.0, "bos_token_id": 281, "classifier_activation": "gelu", "classifier_bias": False,
        "classifier_dropout": 0.0, "classifier_pooling": "mean", "cls_token_id": 281, "decoder_bias": True,
        "deterministic_flash_attn": False, "embedding_dropout": 0.0, "eos_token_id": 282, "global_attn_every_n_layers": 3,
        "global_rope_theta": 160000.0, "gradient_checkpointing": False, "hidden_activation": "gelu",
        "initializer_cutoff_factor": 2.0, "initializer_range": 0.02, "layer_norm_eps": 1e-05, "local_attention": 128,
        "local_rope_theta": 10000.0, "max_position_embeddings": 8192, "mlp_bias": False, "mlp_dropout": 0.0,
        "model_type": "modernbert", "norm_bias": False, "norm_eps": 1e-05, "pad_token_id": 283,
        "position_embedding_type": "absolute", "problem_type": "single_label_classification", "reference_compile": True,
        "repad_logits_with_grad": False, "sep_token_id": 282, "sparse_pred_ignore_index": -100,
        "sparse_prediction": False, "tie_word_embeddings": True, "torch_dtype": "float32", "vocab_size": 300,
    },
    "modernbert, by transformers 5": {
        **LABELS, **SMALL, "model_type": "modernbert", "vocab_size": 300, "bos_token_id": 281, "eos_token_id": 282,
        "pad_token_id": 283, "cls_token_id": 281, "sep_token_id": 282, "dtype": "bfloat16",
        "layer_types": ["full_attention", "sliding_attention"],
        "rope_parameters": {
            "full_attention": {"rope_theta": 160000.0, "rope_type": "default"},
            "sliding_attention": {"rope_theta": 10000.0, "rope_type": "default"},
        },
    },
    "electra": {
        **_BERT, "model_type": "electra", "embedding_size": 16, "summary_activation": "gelu",
        "summary_last_dropout": 0.1, "summary_type": "first", "summary_use_proj": True,
    },
    "distilbert": {
        **LABELS, "activation": "gelu", "attention_dropout": 0.1, "dim": 16, "dropout": 0.1, "finetuning_task": "mnli",
        "hidden_dim": 16, "initializer_range": 0.02, "max_position_embeddings": 64, "model_type": "distilbert",
        "n_heads": 2, "n_layers": 1, "output_past": True, "pad_token_id": 0, "qa_dropout": 0.1,
        "seq_classif_dropout": 0.2, "sinusoidal_pos_embds": False, "tie_weights_": True, "vocab_size": 300,
    },
    "albert-xxlarge": {
        **_BERT, "classifier_dropout_prob": 0.1, "down_scale_factor": 1, "embedding_size": 16, "gap_size": 0,
        "inner_group_num": 1, "model_type": "albert", "net_structure_type": 0, "num_hidden_groups": 1,
        "num_memory_blocks": 0, "hidden_act": "gelu_new",
    },
    "xlnet-large": {
        **LABELS, "attn_type": "bi", "bi_data": False, "bos_token_id": 1, "clamp_len": -1, "d_head": 8, "d_inner": 16,
        "d_model": 16, "dropout": 0.1, "end_n_top": 5, "eos_token_id": 2, "ff_activation": "gelu",
        "initializer_range": 0.02, "layer_norm_eps": 1e-12, "mem_len": None, "model_type": "xlnet", "n_head": 2,
        "n_layer": 1, "pad_token_id": 5, "reuse_len": None, "same_length": False, "start_n_top": 5,
        "summary_activation": "tanh", "summary_last_dropout": 0.1, "summary_type": "last", "summary_use_proj": True,
        "task_specific_params": {"text-generation": {"do_sample": True, "max_length": 250}}, "untie_r": True,
        "vocab_size": 300,
    },
    "mpnet": {**_BERT, "bos_token_id": 0, "eos_token_id": 2, "model_type": "mpnet", "relative_attention_num_buckets": 32},
    "longformer": {**_BERT, "attention_mode": None, "attention_window": [16, 16], "model_type": "longformer",
                   "ignore_attention_mask": False, "pad_token_id": 1, "sep_token_id": 2, "onnx_export": False},
    "camembert": {**_BERT, "model_type": "camembert", "pad_token_id": 1, "tokenizer_class": "CamembertTokenizer"},
}  # fmt: skip
