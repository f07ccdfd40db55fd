"""Pinned versions, their hashes, and what is said of those with known weaknesses."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([\w.-]+)==([^\s\\]+)", re.M)


def pins(name):
    found = PIN.findall((ROOT / name).read_text())
    return {(re.sub("[-_.]+", "-", package).lower(), version) for package, version in found}


def test_the_lock_has_the_pinned_versions_with_hashes():
    text = (ROOT / "constraints.lock").read_text()
    locked = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]
    left_out = {name for name, _ in pins("constraints.txt") - pins("constraints.lock")}
    assert pins("constraints.lock") < pins("constraints.txt") and left_out == {"torch"}, "run make lock"
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry) for entry in locked)
    assert "://" not in text and "torch" in text.split("==")[0]  # no index of one machine; why torch is left out


@pytest.mark.parametrize(
    ("packages", "code", "sentence"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], 0, "1 packages were audited, and 0 have known weaknesses."),
        (
            [{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}, {"name": "b", "skip_reason": "?"}],
            1,
            "a 1: X-1, mended in 2.\n1 packages were audited, and 1 have known weaknesses. Not in the database: b.",
        ),
        ([{"name": "a", "skip_reason": "not found"}], 2, "the database of weaknesses does not answer (not found)"),
        ([], 2, "does not answer (no package)"),
        (None, 2, "does not answer (no way there)"),
    ],
)  # fmt: skip
def test_an_audit_that_did_not_take_place_is_none_that_was_passed(tmp_path, packages, code, sentence):
    said = (
        "raise SystemExit('no way there')" if packages is None else f"print({json.dumps({'dependencies': packages})!r})"
    )
    program = tmp_path / "pip-audit"
    program.write_text(f"#!{sys.executable}\n{said}\n")
    program.chmod(0o755)
    done = subprocess.run([sys.executable, ROOT / ".ci/audit", program], capture_output=True, text=True)
    assert (done.returncode, sentence in done.stdout, done.stderr) == (code, True, "")


def test_no_program_no_audit(tmp_path):
    done = subprocess.run([sys.executable, ROOT / ".ci/audit", tmp_path / "none"], capture_output=True, text=True)
    assert done.returncode == 2 and "is not there" in done.stdout


@pytest.mark.parametrize(
    ("offered", "gpu", "taken"),
    [
        ("+cpu", False, "the CPU build that is offered here"),
        ("--index-url", False, "the CPU build of https://download.pytorch.org"),
        ("nothing", False, "the build of the package index"),
        ("+cpu", True, "the build of the package index"),
    ],
)
@pytest.mark.skipif(
    not sys.platform.startswith("linux") or bool(shutil.which("nvidia-smi")), reason="Linux without a GPU"
)
def test_make_takes_the_small_build_of_torch_where_it_is_offered_and_says_so(
    tmp_path, monkeypatch, offered, gpu, taken
):
    pip = tmp_path / "pip"
    pip.write_text(f'#!/bin/sh\ncase "$*" in torch) ;; *{offered}*) ;; *) exit 1 ;; esac\n')
    pip.chmod(0o755)
    if gpu:
        (tmp_path / "nvidia-smi").write_text("#!/bin/sh\n")
        (tmp_path / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    done = subprocess.run([ROOT / ".ci/torch", pip], capture_output=True, text=True, check=True)
    assert taken in done.stdout and ("larger build" in done.stdout) == (offered == "nothing")
