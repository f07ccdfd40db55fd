"""Every fault as one sentence: ours, which say how to mend it, and whatever else a library may raise."""

from __future__ import annotations

import errno
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from rich.text import Text
from typer.core import TyperGroup

from stance.cli.terminal import err, note
from stance.inert import visible
from stance.schema import CorpusWarning, StanceError

MENDABLE = 2
"""Exit code of what a user can mend, as of a wrong option."""
OURS = 70
"""Exit code of what should not have happened: EX_SOFTWARE, as other programs of Unix give it (sysexits.h)."""
DEBUG = "--debug"
_LONGEST = 300
"""Characters of what a library said: some repeat all that they were given."""


class Verbs(TyperGroup):
    """The commands; a name that is repeated in a complaint about options is shown, and not obeyed."""

    def make_context(self, *given: Any, **more: Any) -> Any:
        """As any group does."""
        with _shown():
            return super().make_context(*given, **more)

    def invoke(self, ctx: Any) -> Any:
        """As any group does."""
        with _shown():
            return super().invoke(ctx)


@contextmanager
def _shown() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if hasattr(error, "format_message") and isinstance(message := getattr(error, "message", None), str):
            error.message = visible(message, lines=True)  # type: ignore[attr-defined]
        raise


def without_debug(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """The arguments without ``--debug``, which may stand anywhere, and whether it stood there.

    Examples
    --------
    >>> without_debug(["run", "--debug", "a.txt"]), without_debug(["run", "--", "--debug"])
    ((['run', 'a.txt'], True), (['run', '--', '--debug'], False))
    """
    given = list(arguments)
    end = given.index("--") if "--" in given else len(given)
    return [a for i, a in enumerate(given) if i > end or a != DEBUG], DEBUG in given[:end]


@contextmanager
def told(debug: bool) -> Iterator[None]:
    """Turn every exception into a sentence and an exit code, and every warning into a sentence.

    Parameters
    ----------
    debug
        Whether to show where it arose, too, and what caused it.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a character shows its code
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default", CorpusWarning)
            warnings.showwarning = _show_warning
            yield
    except Exception as error:
        if debug:
            err.print(Text(traced(error)), soft_wrap=True)
        sentence, code = sentence_of(error)
        err.print(Text.assemble(("stance:", "bold red"), " ", visible(sentence)), soft_wrap=True)
        sys.exit(code)


def sentence_of(error: BaseException) -> tuple[str, int]:
    """What to say of an exception, and the exit code.

    Examples
    --------
    >>> sentence_of(StanceError("The file a.csv is empty. Give one that holds text."))
    ('The file a.csv is empty. Give one that holds text.', 2)
    >>> sentence_of(PermissionError(13, "Permission denied", "a.csv"))
    ('a.csv cannot be read or written (Permission denied). See whether it is there, and whose it is.', 2)
    """
    if isinstance(error, StanceError):
        return str(error), MENDABLE
    if isinstance(error, MemoryError):
        return "The memory did not suffice. Give fewer or shorter texts at once, or take 'stance batch'.", MENDABLE
    if isinstance(error, OSError) and error.strerror:
        full = error.errno in _FULL and error.filename2 is not None  # of a copy, what could not be written
        named = error.filename2 if full else error.filename
        name = "A file" if named is None else str(named)
        return (
            f"{name} cannot be read or written ({error.strerror}). See whether it is there, and whose it is.",
            MENDABLE,
        )
    said = " ".join(str(error).split())
    what = f"{type(error).__name__}: {said[:_LONGEST]}{'…' if len(said) > _LONGEST else ''}" if said else repr(error)
    return (
        f"Something happened that stance does not foresee{_place(error.__traceback__)}: {what.rstrip('.')}. "
        f"This is a fault of stance: please report it, with what the same command says with {DEBUG}.",
        OURS,
    )


_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
"""What an error says where there is no room for what is written."""


def _place(trace: TracebackType | None) -> str:
    """The last line of the package that was being executed."""
    frames = [(frame, line) for frame, line in traceback.walk_tb(trace)]
    ours = [(f.f_globals["__name__"], n) for f, n in frames if str(f.f_globals.get("__name__")).startswith("stance.")]
    return f" (in {ours[-1][0]}, line {ours[-1][1]})" if ours else ""


def traced(error: BaseException) -> str:
    """Where an exception arose, and those that caused it, also where our sentence took their place."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        cause.__suppress_context__ = False
        cause = cause.__cause__ or cause.__context__
    return visible("".join(traceback.format_exception(error)), lines=True)


def _show_warning(message: Warning | str, category: type[Warning], *place: Any, **_: Any) -> None:
    """Show a warning: one about texts as a sentence, any other as Python writes it."""
    if issubclass(category, CorpusWarning):
        note(str(message))
    else:
        filename, line = place[0], place[1]
        err.print(Text(warnings.formatwarning(message, category, filename, line).rstrip()), soft_wrap=True)
