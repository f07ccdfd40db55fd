"""What the commands show goes through here, so that nothing in a text or a name acts on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from stance.inert import visible


class Terminal(Console):
    """A console for which a text is a text: no markup, no codes for pictures, and no escape codes but its own."""

    def __init__(self, *, stderr: bool = False, width: int | None = None) -> None:
        super().__init__(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """As the console does, and what would act is shown as its code."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text, lines=True), segment.style)


out = Terminal()
err = Terminal(stderr=True)


def wide() -> Terminal:
    """The standard output for tables: as wide as the terminal, or wide enough for all columns in a file."""
    return Terminal(width=None if sys.stdout.isatty() else 160)


def say(sentence: str) -> None:
    """Say what was done, in one line of the standard output, whatever a name in it holds."""
    out.print(Text(visible(sentence)), soft_wrap=True)


def note(sentence: str, style: str = "") -> None:
    """Say what somebody should know besides, in one line of the standard error."""
    err.print(Text(visible(sentence), style), soft_wrap=True)
