"""A model folder → its tokenizer and its network, by transformers.

transformers is given a checked configuration, copies of the tokenizer's files and the weights
themselves: never the folder, in which it would look for more.
"""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stance.resources import CONFIG
from stance.schema import StanceError
from stance.scoring._settings import Settings, settings_of
from stance.scoring._tokenizers import GENERIC, copy_tokenizer

_SPARE = 20_000_000
"""Numbers that a network may hold beyond twice its weights: a new head, and tables that are computed."""


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer of a model folder.

    Parameters
    ----------
    folder
        A model folder.

    Raises
    ------
    StanceError
        If it cannot be loaded, or says that it is another than transformers knows.

    Examples
    --------
    >>> from stance.resources import WEIGHTS
    >>> load_tokenizer(WEIGHTS / "small").tokenize("Peace talks")
    ['peace', 'talks']
    """
    import transformers

    settings = settings_of(folder)
    with tempfile.TemporaryDirectory() as copies:
        declared = copy_tokenizer(folder, Path(copies), settings.tokenizer)
        with _loading(folder, copies):
            tokenizer = transformers.AutoTokenizer.from_pretrained(  # nosec B615
                copies, config=_configuration(settings, folder), local_files_only=True, trust_remote_code=False
            )
    tokenizer.name_or_path = folder.name
    expected = getattr(transformers, declared, None) if declared and declared not in GENERIC else None
    if expected is not None and type(tokenizer) is not expected:
        raise StanceError(
            f"The tokenizer of {folder} says that it is a {declared}, and transformers would take a "
            f"{type(tokenizer).__name__} in its place. Save it anew with the class that the model was trained with."
        )
    return tokenizer


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
        If weights are damaged or missing, or the configuration is not to be trusted with them.

    Examples
    --------
    >>> from stance.resources import WEIGHTS
    >>> load_network(WEIGHTS / "small").config.id2label[0]
    'entailment'
    """
    import torch
    import transformers

    from stance.scoring.packing import load_weights

    transformers.utils.logging.disable_progress_bar()
    settings = settings_of(folder)
    options: dict[str, Any] = {"attn_implementation": "eager"} if eager else {}
    with _loading(folder):
        config = _configuration(settings, folder, head or settings.labels, options)
        state = load_weights(folder)
        with torch.device("meta"):
            empty = transformers.AutoModelForSequenceClassification.from_config(config)
        _fits(empty, state, folder)
        network, info = type(empty).from_pretrained(
            None, config=config, state_dict=state, dtype=torch.float32, output_loading_info=True, local_files_only=True
        )
    missing = sorted(map(str, [*info["missing_keys"], *info["mismatched_keys"]]))
    if missing and not head:
        raise StanceError(
            f"The weights in {folder} are incomplete: {missing[0]} (of {len(missing)}) would be random numbers. "
            "Give a model that was trained as an inference classifier, and save all of it."
        )
    return network.eval()


def _configuration(
    settings: Settings, folder: Path, labels: Sequence[str] = (), options: Mapping[str, Any] | None = None
) -> Any:
    """What transformers builds from: listed settings alone.

    Raises
    ------
    StanceError
        If a setting that is not listed is one that this kind of network knows, or a setting that it needs is empty.
    """
    import transformers

    kind = transformers.CONFIG_MAPPING[settings.type]
    parameters = inspect.signature(kind.__init__).parameters
    if known := settings.plain & set(parameters):
        raise StanceError(
            f"{folder / CONFIG} has the key {min(known)!r}, which changes what a {settings.type} network computes and "
            "is not among those that this version of stance knows. Take it out if the model works without."
        )
    if empty := [key for key, value in settings.handed.items() if value is None and _must_be(parameters.get(key))]:
        raise StanceError(f"{folder / CONFIG}: {min(empty)} must not be null. Give its value, or save the model anew.")
    named: dict[str, Any] = {
        "id2label": dict(enumerate(labels)),
        "label2id": {label: i for i, label in enumerate(labels)},
    }
    return kind(**settings.handed, **(named if labels else {}), **(options or {}))


def _must_be(parameter: inspect.Parameter | None) -> bool:
    """Whether a network cannot be built from nothing in this place."""
    return parameter is not None and parameter.default is not None and "None" not in str(parameter.annotation)


def _fits(empty: Any, state: Mapping[str, Any], folder: Path) -> None:
    """Refuse a configuration of a network much larger than the weights, before any memory is taken."""
    described = sum(t.numel() for t in (*empty.parameters(), *empty.buffers()))
    there = sum(t.numel() for t in state.values())
    if described > 2 * there + _SPARE:
        raise StanceError(
            f"{folder / CONFIG} describes a network of {described:,} numbers, and its weights hold {there:,}. "
            "One of them is of another model: download or make it anew."
        )


@contextmanager
def _loading(folder: Path, copies: str = "") -> Iterator[None]:
    """Whatever a library makes of a folder, what comes out is a sentence that names it."""
    try:
        yield
    except StanceError:
        raise
    except _STUMBLES as error:
        raise StanceError(
            f"The model {folder} cannot be loaded: a value in config.json, tokenizer_config.json or tokenizer.json is "
            "not of the form that transformers expects. Download it or save it anew (--debug shows where it stopped)."
        ) from error
    except Exception as error:
        what = " ".join(str(error).split()) or type(error).__name__
        what = what.replace(copies, str(folder)) if copies else what
        raise StanceError(f"The model {folder} cannot be loaded: {what[:300]}") from error


_STUMBLES = (TypeError, AttributeError, KeyError, IndexError, NameError, ZeroDivisionError, AssertionError)
"""What a library raises where it did not look at a value first: its message speaks of its code, not of the file."""
