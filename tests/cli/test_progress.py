"""What a long step shows, in a terminal and elsewhere."""

import io
import itertools

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from stance.cli.progress import EVERY, Steps, told_of


def shown(work, seconds, **console):
    """What is shown while every look at the clock finds so many seconds more."""
    out, clock = io.StringIO(), itertools.count(0, seconds)
    with Steps("reading", Console(file=out, width=200, **console), clock=lambda: next(clock)) as steps:
        work(steps)
    return out.getvalue()


def test_what_is_over_soon_leaves_no_line():
    assert shown(lambda steps: [steps.advance(1, 10) for _ in range(10)], seconds=EVERY / 100) == ""


def test_where_there_is_no_terminal_there_is_a_line_now_and_then():
    lines = shown(lambda steps: [steps.advance(1, 100) for _ in range(100)], seconds=EVERY / 10).splitlines()
    assert 9 <= len(lines) <= 11
    assert all("reading: " in line and " of 100, " in line and line.endswith(" left") for line in lines)
    assert "\x1b" not in "".join(lines)


def test_the_next_step_counts_anew_and_is_named():
    def work(steps):
        steps.advance(9, 10)
        steps.step("scoring")
        steps.advance(1, 4)

    assert shown(work, seconds=EVERY).splitlines()[-1].startswith("scoring: 1 of 4, ")


def test_calls_of_one_step_are_added():
    def work(steps):
        for more, total in ((3, 3), (2, 7)):
            steps.advance(more, total)

    assert "reading: 5 of 10, " in shown(work, seconds=EVERY)


def test_what_an_earlier_run_did_counts_for_no_rate():
    assert "90 of 100, 1.0/s, 0:00:10 left" in told_of(90, 100, 10, 10.0)


def test_in_a_terminal_there_is_a_bar():
    out = shown(lambda steps: steps.advance(5, 10), seconds=1, force_terminal=True, legacy_windows=False)
    assert "reading" in out and "5 of 10" in out and "left" in out


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 10**9), st.floats(0, 1e9))
def test_any_state_can_be_told(done, total, counted, seconds):
    assert told_of(done, total, counted, seconds).startswith(f"{done:,} of {total:,}")
