"""What is made again on another processor stays as it is, unless it says something else."""

import json

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from stance import read_codebook, read_corpus
from stance.results._agreement import agree
from stance.results.inputs import Inputs
from stance.results.manifest import check, save


@pytest.mark.parametrize(
    ("path", "before", "after", "same"),
    [
        ("a.csv", "kyiv,-0.8612\n", "kyiv,-0.8605\n", True),
        ("a.csv", "kyiv,-0.8612\n", "kyiv,-0.8590\n", False),
        ("a.csv", "kyiv,-0.0001\n", "kyiv,0.0001\n", True),
        ("a.csv", "kyiv,12\n", "kyiv,13\n", False),
        ("a.csv", "kyiv,0.5\n", "kiev,0.5\n", False),
        ("a.csv", "kyiv,0.5\n", "kyiv,\n", False),
        ("a.csv", "kyiv,0.5\n", "kyiv,0.5\nbiden,0.5\n", False),
        ("a.md", "mean −0.331", "mean −0.332", True),
        ("a.svg", '<path d="M 10.25 3.5" fill="#a0b0c0"/>', '<path d="M 10.31 3.5" fill="#a1b0bf"/>', True),
        ("a.svg", '<path d="M 10.25 3.5"/>', '<path d="M 12.25 3.5"/>', False),
        ("a.svg", '<path fill="#a0b0c0"/>', '<path fill="#a9b0c0"/>', False),
        ("a.svg", '<g id="p0a1b2c3d4e"/>#p0a1b2c3d4e', '<g id="p9f8e7d6c5b"/>#p9f8e7d6c5b', True),
        ("a.svg", '<g id="p0a1b2c3d4e"/>#p0a1b2c3d4e', '<g id="p9f8e7d6c5b"/>#p0000000000', False),
        ("a.html", "0.8612", "0.8613", False),
        ("a.csv", b"\xff0.5", b"\xff0.6", False),
    ],
)
def test_only_last_digits_may_differ(path, before, after, same):
    pair = [part if isinstance(part, bytes) else part.encode() for part in (before, after)]
    assert agree(path, *pair) == same == agree(path, *reversed(pair))


def drawn(value: float):
    figure, axes = plt.subplots()
    figure.suptitle("Nets")
    axes.plot([0.0, value])
    return figure


def test_a_result_made_again_leaves_the_folder_as_it_was_unless_it_says_something_else(tmp_path):
    inputs = Inputs.of(read_corpus(), read_codebook())

    def made(value: float) -> dict[str, bytes]:
        save("00_x", drawn(value), pd.DataFrame({"net": [value]}), inputs, out=tmp_path)
        assert check(tmp_path) == []
        return {p.name: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    first = made(0.51230)
    assert made(0.51234) == first
    other = made(0.6)
    assert {name for name in other if other[name] != first[name]} == set(first)
    (tmp_path / "tables/00_x.csv").write_text("net\n0.6001\n")  # by hand: not a result
    assert made(0.6) == other


def test_other_inputs_are_written_though_the_numbers_agree(tmp_path):
    mine = Inputs({"d": "0" * 64}, "c", "model-1")
    table = pd.DataFrame({"net": [0.5]})
    save("00_x", None, table, mine, out=tmp_path)
    save("00_x", None, table + 0.0001, Inputs({"d": "0" * 64}, "c", "model-2"), out=tmp_path)
    entry = json.loads((tmp_path / "manifest.json").read_text())["files"]["tables/00_x.csv"]
    assert entry["inputs"]["model"] == "model-2" and check(tmp_path) == []
    assert "0.5001" in (tmp_path / "tables/00_x.csv").read_text()


def test_a_table_made_again_with_a_byte_order_mark_is_the_same():
    assert agree("t.csv", "actor\nZoë\n".encode(), "actor\nZoë\n".encode("utf-8-sig"))
