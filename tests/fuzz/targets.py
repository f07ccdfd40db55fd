"""What is fuzzed: each target reads a folder of files, and may do nothing but read it or refuse it in a sentence."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

import stance
from stance.attribution.corrections import read_corrections, review_csv
from stance.cli.faults import MENDABLE, sentence_of
from stance.corpus.documents import stream_corpus
from stance.corpus.rows import csv_bytes, read_rows
from stance.resources import SAMPLE_CODEBOOK, WEIGHTS
from stance.results.folder import read_folder
from stance.results.manifest import check
from stance.results.report import render
from stance.schema import Document, StanceError
from stance.training.recipe import RECIPES, read_recipe
from stance.validation.labels import read_sheet
from tests.fuzz.harm import Files

FOUND = Path(__file__).parent / "found"
"""Inputs that once did more than they may, by target: they are tried in every run of the tests."""


@dataclass(frozen=True)
class Target:
    """What is read, and good files to begin with: each of them alone, or all of them together."""

    read: Callable[[Path], object]
    good: Callable[[], list[Files]]
    sign: bool = False
    """Whether the manifest is made to fit the files, so that what follows the check of hashes is reached."""


class Fault(AssertionError):
    """An input was neither read nor refused in a sentence."""


def hold(target: Target, files: Files) -> bool:
    """Whether a target reads the files; False if it refuses them.

    Raises
    ------
    Fault
        If it does neither.
    """
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(place)
        for name, data in (_signed(files) if target.sign else files).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        try:
            target.read(folder)
        except StanceError as error:
            _check_sentence(str(error))
            return False
        except Exception as error:
            raise Fault(f"{type(error).__name__}: {str(error)[:300]}") from error
    return True


def _check_sentence(said: str) -> None:
    if "\n" in said or len(said) > 2000 or sentence_of(StanceError(said))[1] != MENDABLE:
        raise Fault(f"no sentence: {said[:300]!r} ({len(said)} characters)")
    for riddle in ("Traceback", "NoneType", "object has no attribute", "errors.pydantic.dev"):
        if riddle in said:
            raise Fault(f"a riddle: {said[:300]!r}")


def _signed(files: Files) -> Files:
    """The files, and their manifest with their hashes, as far as it can be read."""
    try:
        manifest = json.loads(files["manifest.json"])
        for name, entry in manifest["files"].items():
            if name in files:
                entry["sha256"] = hashlib.sha256(files[name]).hexdigest()
        return files | {"manifest.json": json.dumps(manifest).encode()}
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return files


def alone(files: Files) -> list[Files]:
    """Each file by itself."""
    return [{name: data} for name, data in files.items()]


def inside(folder: Path) -> Path:
    """The only file of a folder."""
    return next(path for path in folder.iterdir() if path.is_file())


TEXT = "Putin said that the talks were “useful”. Trump warned of delay; Kyiv was not asked."


@cache
def _texts() -> list[Files]:
    rows = [
        {"id": f"d{i}", "text": TEXT, "title": "T", "date": "2025-08-15", "outlet": "A", "n": i, "tags": ["x"]}
        for i in range(3)
    ]
    table = pd.DataFrame(rows)
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    sheet = csv_bytes(table)
    page = f"<html><head><title>T</title></head><body><article><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"
    return alone(
        {
            "a.txt": TEXT.encode(), "a.md": f"# T\n\n*{TEXT}*\n".encode(), "a.html": page.encode(),
            "a.jsonl": lines, "a.json": json.dumps(rows).encode(), "a.csv": sheet,
            "a.tsv": table.to_csv(sep="\t", index=False).encode(), "b.csv": b"sep=;\nid;text\n1;" + TEXT.encode(),
            "a.parquet": table.to_parquet(index=False), "a.jsonl.gz": gzip.compress(lines, mtime=0),
            "a.docx": _docx(), "a.rtf": rb"{\rtf1\ansi\deff0 {\b T}\par " + TEXT.encode("cp1252") + rb"\par}",
            "c.txt": TEXT.encode("utf-16"), "d.txt": TEXT.encode("cp1252"),
        }
    )  # fmt: skip


def _docx() -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {space}><w:body><w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p></w:body></w:document>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", body)
    return file.getvalue()


def _read_texts(folder: Path) -> None:
    said: list[str] = []
    for document in stream_corpus(inside(folder), rejected=lambda fault: said.append(fault.reason)):
        if not document.id.strip() or not isinstance(document.text, str):
            raise Fault(f"a document without a name or a text: {document.id!r}")
        document.text.encode()
    for reason in said:
        _check_sentence(reason)


@cache
def _rows() -> list[Files]:
    rows = [{"text": TEXT, "target": "the talks", "holder": "Putin", "label": "favor", "start": 0, "end": 5}] * 3
    table = pd.DataFrame(rows)
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return alone({"a.csv": csv_bytes(table), "a.jsonl": lines, "a.parquet": table.to_parquet(index=False)})


CODEBOOK = {
    "actors": {
        "a": {
            "label": "A",
            "entities": {"x": {"name": "Xi", "aliases": ["X"], "pronouns": "he", "offices": [{"title": "head"}]}},
            "not": ["Xi'an"],
        },
        "b": {"label": "B", "entities": {"y": {"name": "Yo", "aliases": [], "place": ["Yo"]}}},
    },
    "targets": {"t": {"label": "T", "hypotheses": {"favor": ["{actor} likes {target}."], "against": ["No."]}}},
    "frames": {"f": {"label": "F", "hypotheses": ["A risk."]}},
    "publishers": {"x.org": {"actor": "a", "entity": "x"}},
    "groups": {"both sides": ["a", "b.y"]},
}


@cache
def _codebooks() -> list[Files]:
    return [{"a.yml": json.dumps(CODEBOOK).encode()}] * 2 + [{"a.yml": SAMPLE_CODEBOOK.read_bytes()}]


@cache
def _recipes() -> list[Files]:
    return [{"a.yml": path.read_bytes()} for path in sorted(RECIPES.glob("*.yml"))]


@cache
def _segments() -> tuple:
    return tuple(stance.segment([Document("d", TEXT)], stance.read_codebook()))


def _read_corrections(folder: Path) -> None:
    corrections = read_corrections(inside(folder), stance.read_codebook())
    stance.attribution.corrections.absent(corrections, [])


@cache
def _corrections() -> list[Files]:
    table = review_csv(_segments()).replace(b"\n,", b"\nedit,")
    return [{"a.csv": table}]


@cache
def _sheets() -> list[Files]:
    from stance.validation.sheets import sheet, write_sheet

    row = {"document": "d", "segment": "d:1", "role": "source", "actor": "kyiv", "entity": "Kyiv", "text": TEXT}
    row |= {"target": "peace_talks", "p_favor": 0.8, "p_against": 0.1, "p_none": 0.1, "inclusion_probability": 0.5}
    made = sheet(pd.DataFrame([row, row | {"segment": "d:2", "document": "e"}])).assign(label="favor", annotator="A")
    found: Files = {}
    with tempfile.TemporaryDirectory() as place:
        for name, form in (
            ("a.csv", "csv"),
            ("b.json", "label-studio"),
            ("c.jsonl", "prodigy"),
            ("d.jsonl", "doccano"),
        ):
            found[name] = write_sheet(made, Path(place, name), stance.read_codebook(), form)[0].read_bytes()
    return alone(found)


@cache
def _model() -> Files:
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30522, hidden_size=4, num_hidden_layers=1, num_attention_heads=1, intermediate_size=4,
        max_position_embeddings=64, id2label={0: "entailment", 1: "neutral", 2: "contradiction"},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        BertForSequenceClassification(config).save_pretrained(place)
        AutoTokenizer.from_pretrained(WEIGHTS / "small").save_pretrained(place)
        made = {path.name: path.read_bytes() for path in Path(place).iterdir()}
    made["calibration.json"] = json.dumps(
        {"stance": {"temperature": 1.2, "offset": 0.1}, "addressed": {"temperature": 1, "offset": 0, "threshold": 0.4}}
    ).encode()
    settings = json.loads(made["config.json"]) | {
        "marks": {"target": ["* ", " *"]},
        "addressed": "{actor} speaks about {target}.",
    }
    return made | {"config.json": json.dumps(settings).encode()}


def _read_model(folder: Path) -> None:
    model = stance.load_model(folder)
    model.predict([("Kyiv welcomed the plan.", "Kyiv supports the plan.")])


@cache
def _results() -> list[Files]:
    from tests.support.folders import folder_of

    with tempfile.TemporaryDirectory() as place:
        made = Path(folder_of(Path(place, "r")))
        return [{p.relative_to(made).as_posix(): p.read_bytes() for p in made.rglob("*") if p.is_file()}]


def _read_results(folder: Path) -> None:
    check(folder)
    render(read_folder(folder))


TARGETS = {
    "readers": Target(_read_texts, _texts),
    "rows": Target(lambda folder: read_rows(inside(folder)), _rows),
    "codebook": Target(lambda folder: stance.read_codebook(inside(folder)), _codebooks),
    "recipe": Target(lambda folder: read_recipe(inside(folder)), _recipes),
    "sheets": Target(lambda folder: read_sheet(inside(folder)), _sheets),
    "corrections": Target(_read_corrections, _corrections),
    "results": Target(_read_results, _results),
    "results_signed": Target(_read_results, _results, sign=True),
    "models": Target(_read_model, lambda: [_model()]),
}
