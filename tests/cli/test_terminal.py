"""The terminal shows texts and obeys none of them; every fault is a sentence, also one that nobody foresaw."""

import errno
import json
import os
import re
import warnings
from pathlib import Path

import pandas as pd
import pytest
from rich.table import Table

from stance import cli
from stance.cli import faults
from stance.cli.progress import Steps
from stance.cli.terminal import note, say, wide
from stance.schema import StanceError
from tests.cli.test_cli import stance_command

ESCAPES = ("\x1b[31m", "\x1b]0;owned\x07", "\x9b2J", "\r", "\x08\x08", "\u202e")
"""Codes that colour, name the window, clear the screen, go back, or turn the direction of writing."""


@pytest.fixture
def run_stance(capsys):
    return lambda *arguments: stance_command(*arguments, capsys=capsys)


def acting(shown):
    """Characters that a terminal would obey."""
    return [c for c in shown if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 or c in "\u202e\u2028"]


@pytest.mark.parametrize("escape", ESCAPES)
def test_what_is_said_is_shown(capsys, escape):
    say(f"Written to {escape}x [red]y[/] :warning:")
    note(f"not read: {escape}x\nstance: all is well")
    table = Table("a", escape, title=f"toward {escape}")
    table.add_row(f"[/b]{escape}", ":skull:")
    wide().print(table)
    with Steps(f"reading {escape}[/x]") as steps:
        steps.step(f"scoring toward {escape}[/b]")
    out, err = capsys.readouterr()
    assert acting(out) == acting(err) == []
    assert "[red]y[/] :warning:" in out and "[/b]" in out and ":skull:" in out
    assert "\\nstance: all is well" in err and err.count("\n") == 1


@pytest.mark.parametrize("escape", [*ESCAPES, "\n", "\udcff"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "{}.txt"],
        ["segment", "{}", "-o", "out.jsonl"],
        ["score", "{}.csv", "--measure", "stance", "-o", "out.csv"],
        ["batch", "{}.jsonl", "--out", "out"],
        ["agreement", "{}.csv"],
        ["run", "--codebook", "{}.yml"],
        ["run", "--target", "{}"],
        ["run", "--model", "{}"],
        ["results", "--dir", "{}", "--check"],
        ["report", "{}"],
        ["evaluate", "--data", "{}"],
        ["train", "--recipe", "{}", "--data", ".", "--out", "m"],
        ["{}"],
        ["run", "--{}"],
        ["batch", "--workers", "{}"],
    ],
)
def test_names_are_shown_and_not_obeyed(run_stance, tmp_path, monkeypatch, arguments, escape):
    monkeypatch.chdir(tmp_path)
    code, out, err = run_stance(*(a.format(f"x{escape}y") for a in arguments))
    assert code == 2
    assert acting(out + err) == []
    (out + err).encode()


@pytest.mark.parametrize("escape", ["\x1b[31m", "\x9b2J", "\r"])
def test_what_files_hold_is_shown_and_not_obeyed(run_stance, tmp_path, escape):
    rows = pd.DataFrame({f"body{escape}": ["It rained."]})
    rows.to_csv(tmp_path / f"rows{escape}.csv", index=False)
    codebook = {
        "actors": {f"a{escape}": {"label": f"A{escape}", "entities": {"e": {"name": "E", "aliases": []}}}},
        "targets": {
            f"t{escape}": {"label": f"T{escape}", "hypotheses": {"favor": [f"{escape}{{x}}"], "against": ["y"]}}
        },
    }
    (tmp_path / "codebook.yml").write_text(json.dumps(codebook))
    for arguments in (
        ["run", tmp_path / f"rows{escape}.csv"],
        ["batch", tmp_path / f"rows{escape}.csv", "--out", tmp_path / "out"],
        ["score", tmp_path / f"rows{escape}.csv", "--measure", "stance", "-o", tmp_path / "out.csv"],
        ["run", "--codebook", tmp_path / "codebook.yml"],
    ):
        code, out, err = run_stance(*arguments)
        assert code in (1, 2), arguments
        assert acting(out + err) == [], arguments


def raising(error):
    def verb(*_, **__):
        raise error

    return verb


FOREIGN = [
    (KeyError("x"), 70, "KeyError: 'x'"),
    (RecursionError("maximum recursion depth exceeded"), 70, "RecursionError"),
    (ValueError("Exceeds the limit (4300 digits)"), 70, "Exceeds the limit"),
    (OverflowError("int too large to convert"), 70, "OverflowError: int too large"),
    (TypeError("unhashable type: 'list'"), 70, "TypeError"),
    (AssertionError(), 70, "AssertionError()"),
    (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), 70, "UnicodeDecodeError"),
    (json.JSONDecodeError("Expecting value", "x\ny", 0), 70, "JSONDecodeError"),
    (RuntimeError("two\nlines \x1b[31m" + "x" * 5000), 70, "RuntimeError: two lines"),
    (MemoryError(), 2, "The memory did not suffice"),
    (OSError(28, "No space left on device", "/disk/full"), 2, "/disk/full cannot be read or written (No space left"),
    (PermissionError(13, "Permission denied", "a.csv"), 2, "a.csv cannot be read or written"),
]


@pytest.mark.parametrize(("error", "code", "sentence"), FOREIGN, ids=lambda value: type(value).__name__)
def test_what_nobody_foresaw_is_a_sentence(run_stance, monkeypatch, error, code, sentence):
    monkeypatch.setattr("stance.results.report.write_report", raising(error))
    found, out, err = run_stance("report", "folder")
    assert (found, out) == (code, "")
    assert err.startswith("stance: ") and err.count("\n") == 1 and len(err) < 700
    assert sentence in err and "Traceback" not in err and acting(err) == []


@pytest.mark.parametrize("where", [0, 1, 2])
def test_debug_shows_the_cause_that_our_sentence_took_the_place_of(run_stance, monkeypatch, where):
    def verb(*_):
        try:
            int("nine\x1b[31m")
        except ValueError:
            raise StanceError("A sentence.") from None

    monkeypatch.setattr("stance.results.report.write_report", verb)
    arguments = ["report", "folder"]
    arguments.insert(where, "--debug")
    code, _, err = run_stance(*arguments)
    assert code == 2 and err.rstrip().endswith("stance: A sentence.")
    assert "invalid literal for int()" in err and "Traceback" in err and acting(err) == []
    assert run_stance("report", "folder")[2] == "stance: A sentence.\n"


def test_debug_after_two_dashes_is_a_name():
    assert faults.without_debug(["report", "--", "--debug"]) == (["report", "--", "--debug"], False)


def test_warnings_of_libraries_are_shown_and_not_obeyed(run_stance, monkeypatch):
    def verb(*_):
        warnings.warn("odd \x1b[31m column", UserWarning, stacklevel=1)
        raise StanceError("A sentence.")

    monkeypatch.setattr("stance.results.report.write_report", verb)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        _, _, err = run_stance("report", "folder")
    assert acting(err) == []


def test_every_verb_speaks_through_the_terminal():
    """A print of its own would send a name to the terminal as it is."""
    for path in Path(cli.__file__).parent.glob("*.py"):
        text = re.sub(r"^ *(>>>|\.\.\.) .*$", "", path.read_text(encoding="utf-8"), flags=re.M)  # examples may
        if path.name != "terminal.py":
            for way in ("typer.echo", " print(", "Console(", "sys.stdout.write", "sys.stderr.write", "err.status"):
                assert way not in text, (path.name, way)


@pytest.mark.parametrize(
    ("code", "named"), [(errno.ENOSPC, "to.json"), (errno.EFBIG, "to.json"), (errno.EACCES, "from.json")]
)
def test_a_copy_without_room_names_what_could_not_be_written(code, named):
    from stance.cli.faults import sentence_of

    sentence, exit_code = sentence_of(OSError(code, os.strerror(code), "from.json", None, "to.json"))
    assert sentence.startswith(f"{named} cannot be read or written") and exit_code == 2
