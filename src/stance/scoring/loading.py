"""load_model(): a bundled model, a local folder, one from the hub, or a language model on a server."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from stance import resources
from stance.resources import TAGGER, WEIGHTS, bundled_folder, how_to_get, model_hash
from stance.schema import StanceError, sha256
from stance.scoring._calibrated import read_calibration
from stance.scoring.cross_encoder import CrossEncoder
from stance.scoring.entailment import recalibrated
from stance.scoring.model import PREFIX, Model
from stance.strict import parse_json

BACKENDS = ("torch", "onnx", "onnx-int8", "onnx-int7")
_REVISION = re.compile(r"[0-9a-f]{40}")
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_SAFE_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]


def load_model(
    name: str | Path | None = None,
    *,
    revision: str | None = None,
    backend: str = "torch",
    cache: str | Path | None = None,
    addressed: float | None = None,
    base_url: str | None = None,
    samples: int = 0,
    calibration: str | Path | None = None,
) -> Model:
    """Load a model that judges whether a premise entails a hypothesis.

    Parameters
    ----------
    name
        Left out: the bundled model *base*. Else the name of a bundled model
        (``"small"``), a local model folder, or a hub name (``organisation/model``), also written
        ``organisation/model@revision``; or ``openai:`` and the name of a language model on a
        server of your own or a paid one (extra ``llm``; texts leave this machine for that server).
    revision
        The commit of a hub model: 40 hexadecimal digits, required for the hub.
    backend
        ``"torch"``: float32, the reference. ``"onnx"``: int8 through ONNX
        Runtime, several times faster on a CPU (extra ``fast``), with weights of 8 bits (``"onnx-int8"``)
        where the processor multiplies them exactly, else of 7 (``"onnx-int7"``).
    cache
        The hub's cache folder, if it is not the usual one.
    addressed
        In [0, 1]: from which ``p_addressed`` on a statement is held to take the target
        up; left out: what the model brings, from development data. 0 counts every
        statement. Results carry it in the model's name.
    calibration
        A file from ``stance calibrate``, fitted for this model on labels of your own: in its measures it takes the
        place of what the model brings. Results carry its hash in the model's name.
    base_url, samples
        Of a language model: see :class:`stance.scoring.language_model.LanguageModel`.

    Returns
    -------
    Model
        Ready to score.

    Raises
    ------
    StanceError
        If the model is not there, has no safetensors weights, needs code of its
        own, or its labels are not those of inference; if the hub cannot be
        reached and its cache does not hold the model; if ``addressed`` is no
        probability, or the model was not taught to tell; if a language model's server cannot be reached,
        or knows neither key nor model.

    Examples
    --------
    >>> model = load_model("small")
    >>> model.predict([("Kyiv welcomed the plan.", "Kyiv supports the plan.")]).shape
    (1, 3)
    """
    if backend not in BACKENDS:
        raise StanceError(f"The 'backend' parameter must be one of {', '.join(BACKENDS)}. Got {backend!r}.")
    if isinstance(name, str) and name.startswith(PREFIX):
        found: Model = _asked(name, revision, backend, base_url, samples)
    elif base_url is not None or samples:
        raise StanceError(f"An address or samples belong to a language model, as {PREFIX}NAME. Got the model {name!r}.")
    else:
        found = _loaded(name, revision, _encoder(backend), cache)
    if calibration is not None:
        _recalibrate(found, Path(calibration))
    if addressed is not None:
        if not 0 <= addressed <= 1:
            raise StanceError(f"The threshold of p_addressed must lie in [0, 1]. Got {addressed!r}.")
        if found.addressed is None:
            raise StanceError(
                f"The model {found.name} was not taught to tell whether a statement takes the target up: it has no "
                "p_addressed to set a threshold for. Leave 'addressed' out, or give a model that was."
            )
        found.addressed = addressed
        found.name += f", addressed from {addressed:g}"
    return found


def _recalibrate(model: Model, path: Path) -> None:
    """Put a file's calibration in the place of the model's own."""
    if path.suffix != ".json":
        raise StanceError(f"The calibration {path} must be a .json file, as 'stance calibrate' writes it.")
    tempering, threshold = read_calibration(path)
    fitted = {entry.get("model", model.name) for entry in parse_json(path.read_bytes()).values()}
    if fitted - {model.name}:
        raise StanceError(
            f"{path} was fitted for {min(fitted)}, not for {model.name}. Run 'stance calibrate' for this one."
        )
    model.calibration = recalibrated(model.calibration, tempering)
    if "addressed" in tempering and model.addressed is not None:
        model.addressed = threshold
    model.name += f", calibration {sha256(path.read_bytes())[:8]}"


def _asked(name: str, revision: str | None, backend: str, base_url: str | None, samples: int) -> Model:
    """A language model on a server, which has neither commit nor backend of ours."""
    if revision is not None or backend != "torch":
        raise StanceError(f"The model {name!r} runs on a server: leave 'revision' and 'backend' out.")
    if not (asked := name.removeprefix(PREFIX).strip()):
        raise StanceError(f"{name!r} names no model. Write {PREFIX} and what the server calls it, as {PREFIX}llama3.2.")
    from stance.scoring.language_model import LanguageModel

    return LanguageModel(asked, base_url, samples=samples)


def _loaded(
    name: str | Path | None,
    revision: str | None,
    encoder: Callable[[Path, str, str], CrossEncoder],
    cache: str | Path | None,
) -> CrossEncoder:
    name = resources.DEFAULT if name is None else name
    text = str(name)
    if text != TAGGER and (bundled := bundled_folder(text)):
        return encoder(bundled, text, model_hash(bundled)[:12])
    folder = Path(name)
    if folder.is_dir():
        return encoder(folder, folder.name, model_hash(folder)[:12])
    if "@" in text and revision is None:
        text, revision = text.rsplit("@", 1)
    if how := how_to_get(text):
        raise StanceError(f"The weights of the model {text!r} are not installed. {how}.")
    if not _HUB_NAME.fullmatch(text):
        known = ", ".join(sorted(p.parent.name for p in WEIGHTS.glob("*/config.json") if p.parent.name != TAGGER))
        raise StanceError(
            f"No model {text!r}. Give a bundled model ({known}), a folder that exists, "
            "or a hub name such as organisation/model with a revision."
        )
    if revision is None or not _REVISION.fullmatch(revision):
        raise StanceError(
            f"The hub model {text!r} needs a pinned revision of 40 hexadecimal digits. Got {revision!r}. "
            "Find it on the model's page under 'Files and versions', and write "
            f"{text}@<revision>."
        )
    folder = _from_hub(text, revision, cache)
    return encoder(folder, text, f"{revision}+{model_hash(folder)[:12]}")  # a cache can be changed


def settled(backend: str) -> str:
    """A backend that computes the same on every machine: ``"onnx"`` becomes what suits this one.

    Examples
    --------
    >>> settled("torch")
    'torch'
    """
    if backend != "onnx":
        return backend
    from stance.scoring.onnx_encoder import best_bits

    return f"onnx-int{best_bits()}"


def _encoder(backend: str) -> Callable[[Path, str, str], CrossEncoder]:
    if backend == "torch":
        return CrossEncoder
    from stance.scoring.onnx_encoder import OnnxEncoder

    return partial(OnnxEncoder, bits=int(settled(backend)[-1]))


def _from_hub(name: str, revision: str, cache: str | Path | None) -> Path:
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    def fetch(local: bool) -> Path:
        return Path(
            snapshot_download(
                name,
                revision=revision,
                cache_dir=cache,
                allow_patterns=_SAFE_FILES,
                local_files_only=local,
                etag_timeout=5,
            )
        )

    try:
        folder = fetch(local=True)
        if (folder / "config.json").is_file() and any(folder.glob("*.safetensors")):
            return folder
    except (LocalEntryNotFoundError, FileNotFoundError):
        pass
    try:
        HfApi().model_info(name, revision=revision, timeout=5)  # one try: a download would retry for half a minute
        return fetch(local=False)
    except Exception as error:  # whatever the client's transport raises, the model is not to be had
        raise StanceError(
            f"The model {name}@{revision[:12]} is not in the hub's cache and could not be fetched "
            f"({type(error).__name__}). Connect to the network once, give a local folder, or leave the "
            "model out to use the bundled one."
        ) from None
