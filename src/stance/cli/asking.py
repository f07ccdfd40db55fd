"""Language models on the command line: where they are, what a run will ask and cost, and what they did not answer."""

from __future__ import annotations

import datetime
import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stance.cli.terminal import note, say
from stance.numbers import counted, listed
from stance.schema import StanceError
from stance.scoring.model import PREFIX

if TYPE_CHECKING:
    from stance.cli.progress import Steps
    from stance.scoring.language_model import Estimate
    from stance.scoring.model import Model

_PANEL = "Language models (--model openai:NAME)"
BaseUrl = Annotated[
    str | None,
    typer.Option(
        help="The server's address, as http://localhost:11434/v1; default: OPENAI_BASE_URL. The key: OPENAI_API_KEY.",
        rich_help_panel=_PANEL,
    ),
]
Samples = Annotated[
    int,
    typer.Option(
        min=0,
        help="How often each question is asked where the server gives no log-probabilities; 0: once.",
        rich_help_panel=_PANEL,
    ),
]
PriceOf = Annotated[
    str | None,
    typer.Option(
        "--price",
        help="Of a million tokens, read and written, as '0.15/0.60 USD': the cost is then estimated, too.",
        rich_help_panel=_PANEL,
    ),
]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes",
        help="Send all questions. Without it, 20 are sent to be timed, and then you are asked.",
        rich_help_panel=_PANEL,
    ),
]
_PRICE = re.compile(r"(\d+(?:\.\d+)?)(?:\s*/\s*(\d+(?:\.\d+)?))?\s*([A-Za-z]{3}|[$€£¥])")


@dataclass(frozen=True, slots=True)
class Price:
    """Of a million tokens, in a currency."""

    read: float
    written: float
    currency: str


def price_of(given: str | None) -> Price | None:
    """A price in figures.

    Raises
    ------
    StanceError
        If it is none, or has no currency.

    Examples
    --------
    >>> price_of("0.15/0.60 USD")
    Price(read=0.15, written=0.6, currency='USD')
    """
    if given is None:
        return None
    found = _PRICE.fullmatch(given.strip())
    if not found:
        raise StanceError(
            f"The price {given!r} must be what a million tokens cost, with its currency: '0.15 USD', or read and "
            "written apart, '0.15/0.60 USD'."
        )
    read, written, currency = found.groups()
    return Price(float(read), float(written or read), currency.upper())


def before_asking(model: Model, steps: Steps, price: str | None, yes: bool) -> None:
    """Let a language model say what it will ask, and a person stop it.

    Parameters
    ----------
    model
        Any; others than language models send nothing off.
    steps
        Shows progress; it pauses for the question.
    price
        From ``--price``.
    yes
        From ``--yes``.
    """
    from stance.scoring.language_model import LanguageModel

    asked = price_of(price)
    if not isinstance(model, LanguageModel):
        check_asked("", price=price, yes=yes)
        return

    def confirm(estimate: Estimate) -> None:
        with steps.paused():
            say(told(estimate, asked))
            if estimate.questions == estimate.known or yes:
                return
            if not sys.stdin.isatty():
                raise StanceError("Nobody is there to say whether to ask them: give --yes. What was answered is kept.")
            if not typer.confirm("Ask them?", default=True, err=True):
                raise StanceError("Nothing more was asked. What was answered is kept for the next run.")

    model.confirm = confirm


def check_asked(model: str | None, **given: object) -> None:
    """Refuse options of a language model where another one is to read.

    Parameters
    ----------
    model
        As ``--model`` names it.
    given
        What was given, by the name of its option.

    Raises
    ------
    StanceError
        If any of it was, and the model is none.

    Examples
    --------
    >>> check_asked("small", price=None, yes=False)
    >>> check_asked("small", price="0.15 USD", yes=True)
    Traceback (most recent call last):
    stance.schema.StanceError: --price and --yes are options of a language model: --model openai:NAME. Leave them out,
    or name one.
    """
    named = [f"--{option.replace('_', '-')}" for option, value in given.items() if value]
    if named and not (model or "").startswith(PREFIX):
        is_, them = ("is an option", "it") if len(named) == 1 else ("are options", "them")
        raise StanceError(
            f"{listed(named)} {is_} of a language model: --model {PREFIX}NAME. Leave {them} out, or name one."
        )


def check_batch(model: str | None, yes: bool) -> None:
    """Refuse to send off a corpus whose questions nobody has counted, unless told to.

    Raises
    ------
    StanceError
        If a language model is to read it without ``--yes``, or another one with it.
    """
    check_asked(model, yes=yes)
    if model and model.startswith(PREFIX) and not yes:
        raise StanceError(
            f"How many questions a corpus holds is not known before it is read, and {model} may cost money. Look at "
            "what 'stance run' says of some of its texts, then give --yes."
        )


def told(estimate: Estimate, price: Price | None = None) -> str:
    """An estimate in words.

    Examples
    --------
    >>> from stance.scoring.language_model import Estimate
    >>> told(Estimate(1200, 200, 300_000, 10_000, 130.0), Price(0.15, 0.6, "USD"))
    '1,200 questions at most, 200 of them answered already; about 0:02:10 and 310,000 tokens, some 0.05 USD.'
    """
    known = f", {estimate.known:,} of them answered already" if estimate.known else ""
    start = f"{counted(estimate.questions, 'question')} at most{known}"
    if estimate.questions == estimate.known:
        return f"{start}."
    time = datetime.timedelta(seconds=round(estimate.seconds))
    cost = ""
    if price:
        sum_ = (estimate.tokens_in * price.read + estimate.tokens_out * price.written) / 1e6
        cost = f", some {sum_:.2f} {price.currency}"
    return f"{start}; about {time} and {estimate.tokens_in + estimate.tokens_out:,} tokens{cost}."


def note_refused(model: Any) -> None:
    """Say how many questions a model did not answer, and why."""
    note_unanswered(getattr(model, "refused", {}))


def note_unanswered(refused: Mapping[str, int]) -> None:
    """Say how many questions got no answer, and why, the commonest reasons first."""
    if refused:
        reasons = "; ".join(f"{n} times: {reason}" for reason, n in Counter(refused).most_common(3))
        note(
            f"{counted(sum(refused.values()), 'question')} got no answer, and what they ask of has no score ({reasons})"
        )
