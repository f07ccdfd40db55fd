"""Peak memory of `stance report` and `stance sample` over a batch's folder, by its number of documents.

python benchmarks/batch_memory.py 2000 20000

Shards are written by rule: no parser and no model has part in it. Each command runs in a process of its own.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from stance.codebook import read_codebook
from stance.pipeline.shard import TABLES, parquet_bytes
from stance.results.inputs import Inputs
from stance.results.manifest import write
from stance.results.origins import codebook_files
from stance.schema import sha256

SHARD = 1000
TEXT = "Putin said that the talks were useful. Zelensky rejected the plan. "


def shard_of(first, actors):
    """The rows of a shard: two statements a document, with nets that vary by rule."""
    rows = {table: [] for table in TABLES}
    for i in range(first, first + SHARD):
        own = {"outlet": f"o{i % 6}", "date": f"2025-0{1 + i % 6}-10", "metadata": '{"desk": "news"}'}
        text = {"text": TEXT * 20, "characters": len(TEXT) * 20}
        rows["documents"].append({"document": f"d{i}"} | own | text)
        for j in range(2):
            ids = {"document": f"d{i}", "role": "source", "actor": actors[j], "voice": actors[j], "confidence": 1.0}
            row = (
                ids
                | {key: own[key] for key in ("outlet", "date")}
                | {"text": TEXT[:30], "status": "stated", "kind": "indirect"}
            )
            rows["segments"].append(row | {"id": f"d{i}:a{j}", "spans": [[0, 30]], "cue": [], "source": []})
            net = ((i * 7 + j * 3) % 19 - 9) / 10
            scored = row | {"segment": f"d{i}:a{j}", "net": net, "net_min": net, "net_max": net}
            label = "favor" if net > 0 else "against"
            rows["stance"].append(scored | {"target": "peace_talks", "label": label, "p_favor": 0.5, "p_against": 0.5})
    return rows


def batch_of(folder, n):
    """A folder as ``stance batch`` leaves it."""
    book, shards = read_codebook(), {}
    write(codebook_files(book), Inputs.of((), book), out=folder)
    names = {"actors": book.names, "targets": {"peace_talks": "the talks"}}
    write({"labels.json": json.dumps(names).encode()}, Inputs.of((), book), out=folder)
    for number in range(n // SHARD):
        files = {}
        for table, rows in shard_of(number * SHARD, list(book.actors)).items():
            file = folder / table / f"{number:06}.parquet"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(parquet_bytes(rows, table))
            files[f"{table}/{number:06}.parquet"] = sha256(file.read_bytes())
        shards[f"{number:06}"] = {"documents": SHARD, "segments": 2 * SHARD, "input": "0" * 64, "files": files}
    told = {"codebook": book.fingerprint, "model": "fake@0/none", "tagger": None, "target": "peace_talks"}
    manifest = json.loads((folder / "manifest.json").read_text()) | {"shards": shards, "configuration": told}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def peak(*arguments):
    """Megabytes that a command held at most."""
    told = "print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    code = (
        f"import atexit, resource; atexit.register(lambda: {told}); "
        f"from stance.cli import main; main({[str(a) for a in arguments]!r})"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    return int(said.rsplit("peak", 1)[1]) / 1024


def main():
    for n in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "batch"
            folder.mkdir()
            batch_of(folder, n)
            sampled = peak("sample", folder, "-n", 100, "-o", Path(place) / "sheet.csv")
            print(f"{n} documents: sample {sampled:.0f} MB, report {peak('report', folder):.0f} MB", flush=True)


if __name__ == "__main__":
    main()
