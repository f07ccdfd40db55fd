"""What a long step shows: how many are done, how fast, and the time left; lines where there is no terminal."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from stance.cli.terminal import err

EVERY = 15.0
"""Seconds between two lines where there is no terminal: the log of an hour stays under 240 lines, and nobody waits
longer to see that it goes on. What is over sooner leaves no line."""


_LONGEST = 999 * 86_400
"""Seconds left that are shown at most: whoever has more has none that count."""


class Steps:
    """Shows one step after another: a bar in a terminal, else a line now and then.

    Parameters
    ----------
    text
        The first step.
    console
        Where it is shown; standard error if left out.
    every
        Seconds between two lines where there is no terminal.
    clock
        Gives seconds.

    Examples
    --------
    >>> import io
    >>> seconds = iter([0, 0, 20, 40])
    >>> out = io.StringIO()
    >>> with Steps("reading", Console(file=out), clock=lambda: next(seconds)) as steps:
    ...     steps.advance(5, 20)
    ...     steps.advance(5, 20)
    >>> print(out.getvalue(), end="")
    reading: 5 of 20, 15.0/min, 0:01:00 left
    reading: 10 of 20, 15.0/min, 0:00:40 left
    """

    def __init__(
        self,
        text: str,
        console: Console | None = None,
        *,
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console or err
        self._every, self._clock = every, clock
        self._bar: Progress | None = None
        self._task = TaskID(0)
        if self._console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(),
                       TextColumn("{task.fields[told]}"))  # fmt: skip
            self._bar = Progress(*columns, console=self._console, transient=True)
        self._shown = self._clock()
        self._text = ""
        self.step(text)

    def __enter__(self) -> Steps:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def step(self, text: str) -> None:
        """Begin another step, of which nothing is counted yet."""
        self._text, self._began, self._done, self._total = text, self._clock(), 0, 0
        if self._bar:
            for task in self._bar.task_ids:
                self._bar.remove_task(task)
            self._task = self._bar.add_task(text, total=None, told="")
        else:
            self._line(self._began)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal to a question."""
        if self._bar:
            self._bar.stop()
        yield
        if self._bar:
            self._bar.start()

    def advance(self, more: int, total: int) -> None:
        """So many more are done, of so many in all; a step that counts anew adds to what it counted before."""
        if self._done >= self._total:
            self._total += total
        self.at(self._done + more, self._total)

    def at(self, done: int, total: int, before: int = 0) -> None:
        """So many are done of so many, ``before`` of them by an earlier run, which counts for no rate."""
        self._done, self._total = done, total
        now = self._clock()
        told = told_of(done, total, done - before, now - self._began)
        if self._bar:
            self._bar.update(self._task, completed=done, total=total, told=told)
        else:
            self._line(now, told)

    def _line(self, now: float, told: str = "") -> None:
        if now - self._shown >= self._every:
            self._shown = now
            self._console.print(f"{self._text}{f': {told}' if told else ''}", soft_wrap=True, markup=False)


def told_of(done: int, total: int, counted: int, seconds: float) -> str:
    """Count, rate and time left in words.

    Parameters
    ----------
    done, total
        How many are done, and of how many.
    counted
        How many were done in the seconds that have passed.
    seconds
        Since they began.

    Examples
    --------
    >>> told_of(30, 90, 20, 10.0)
    '30 of 90, 2.0/s, 0:00:30 left'
    >>> told_of(0, 90, 0, 10.0)
    '0 of 90'
    """
    count = f"{done:,} of {total:,}"
    if counted <= 0 or seconds <= 0:
        return count
    rate = counted / seconds
    shown = f"{rate:,.1f}/s" if rate >= 1 else f"{rate * 60:,.1f}/min"
    left = datetime.timedelta(seconds=round(min(max(total - done, 0) / rate, _LONGEST)))
    return f"{count}, {shown}, {left} left"
