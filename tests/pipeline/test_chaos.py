"""Chaos: whatever is killed, and whenever, a run that is started again ends with the bytes of one left in peace.

The moments are drawn by a seed and counted in files written, not in seconds. ``make chaos`` takes the command itself and
many seeds; a short form with a model that answers at once is in every run of the tests.
"""

import os
import re
import sys

import pytest

from tests.support.chaos import WAYS, Harm, check_halfway, contents, disturbed, harms, left_over, write_corpus

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills groups of processes")
SEEDS = int(os.environ.get("CHAOS", "6"))
"""Of the long form: six runs with ten harms each take some ten minutes on two cores."""
ENDS = {"KILL": {-9}, "TERM": {-15}, "HUP": {-1}, "INT": {-2, 130, 1}, "disk": {2}}
"""Exit codes of what was harmed; zero is one of them for each, where only a worker died or the run was done before."""
HARMS, OF_THE_COMMAND = 10, 5


def survives(command, out, whole, harmed):
    for harm in harmed:
        code, said = disturbed([*command, str(out)], out, harm)
        sign, _, who = harm.way.partition(" ")
        assert code == 0 or (code in ENDS[sign] and who != "worker"), (harm, code, said[-2000:])
        assert "Traceback" not in said or who in ("main", "group") or sign == "INT", (harm, said[-2000:])
        if harm.way == "disk" and code:
            assert re.search(r"cannot be (read or )?written", " ".join(said.split())), said
        check_halfway(out)
    if code:  # where only a worker died, the run went on by itself
        code, said = disturbed([*command, str(out)], out)
    assert code == 0, said[-2000:]
    left_over([*command, str(out)])
    assert contents(out) == whole


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    """A command with a model that answers at once, and what it writes when left in peace."""
    place = tmp_path_factory.mktemp("chaos")
    command = [sys.executable, "-m", "tests.support.chaos", str(write_corpus(place / "c.jsonl", 20))]
    assert disturbed([*command, str(place / "whole")], place / "whole")[0] == 0
    return command, contents(place / "whole")


def test_two_kills_and_the_same_bytes(fake, tmp_path):
    command, whole = fake
    assert sum(name.endswith(".parquet") for name in whole) == 4 * 10 + 1  # four tables of ten shards, and the copies
    survives(command, tmp_path / "out", whole, [Harm("KILL main", 9, 0.01, 0), Harm("KILL worker", 5, 0.0, 0)])


@pytest.mark.chaos
@pytest.mark.parametrize("way", WAYS)
def test_every_way_early_and_late(fake, tmp_path, way):
    command, whole = fake
    survives(command, tmp_path / "out", whole, [Harm(way, files, 0.01, 900) for files in (2, 15)])


@pytest.mark.chaos
@pytest.mark.parametrize("seed", range(SEEDS))
def test_harms_drawn_by_a_seed(fake, tmp_path, seed):
    command, whole = fake
    survives(command, tmp_path / "out", whole, harms(seed, HARMS))


@pytest.mark.chaos
@pytest.mark.parametrize("seed", range(max(1, SEEDS // 3)))
def test_the_command_itself(tiny, tmp_path, seed):
    corpus = write_corpus(tmp_path / "c.jsonl", 20)
    command = [sys.executable, "-m", "stance", "batch", str(corpus), "--model", str(tiny), "--wordings", "one"]
    command += ["--workers", "2", "--shard-size", "2", "--out"]
    assert disturbed([*command, str(tmp_path / "whole")], tmp_path / "whole")[0] == 0
    survives(command, tmp_path / "out", contents(tmp_path / "whole"), harms(seed, OF_THE_COMMAND))
