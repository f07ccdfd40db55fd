"""A date as people write it → ISO, only where it can mean one day; what cannot is counted and asked about."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from stance.schema import StanceError

Order = Literal["day-first", "month-first"]
ORDERS = ("day-first", "month-first")
_MONTHS = ("january february march april may june july august september october november december").split()
_DAYS = ("monday tuesday wednesday thursday friday saturday sunday").split()
_ZONE = r"(?:Z|[A-Z]{2,5}|(?:[A-Z]{3})?[+-]\d{2}:?\d{2})?"
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?\s*(?:[ap]\.?m\.?)?"
_TIME = rf"(?:[\s,T]+(?:at\s+)?{_CLOCK}[\s,]*{_ZONE})?"
_WEEKDAY = r"(?P<weekday>[A-Za-z]{3,9})\.?"
_ISO = (
    re.compile(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})" + _TIME),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T?\d{6}Z?)?"),
)
_PARTIAL = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2]))?")
_NUMERIC = re.compile(r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})" + _TIME)
_WORDED = tuple(
    re.compile(pattern + _TIME, re.I)
    for pattern in (
        rf"(?:{_WEEKDAY},?\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:of\s+)?(?P<month>[A-Za-z]{{3,9}})\.?,?[\s-]+(?P<year>\d{{4}})",
        rf"(?:{_WEEKDAY},?\s+)?(?P<month>[A-Za-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})\s+(?P<month>[A-Za-z]{{3,9}})\s+(?P<year>\d{{4}}),?\s+{_WEEKDAY}",
        rf"(?P<month>[A-Za-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}),?\s+{_WEEKDAY}",
    )
)

_LONGEST = 80
"""Characters of a date: more than any has, with its weekday, its time and its zone."""


def known_order(order: str | None) -> Order | None:
    """The order of day and month that was declared.

    Raises
    ------
    StanceError
        If it is neither of the two.

    Examples
    --------
    >>> known_order("day-first")
    'day-first'
    """
    if order is None or order in ORDERS:
        return order  # type: ignore[return-value]
    raise StanceError(f"--dates is day-first (25/12/2025) or month-first (12/25/2025). Got {order!r}.")


def iso_date(written: str) -> str | None:
    """The day that a date means, if it begins with the year or names its month.

    A year, or a year and a month, stays as it is; a time of day is dropped.

    Examples
    --------
    >>> iso_date("2025-08-15T10:00:00Z"), iso_date("Friday, August 15, 2025"), iso_date("15 Aug 2025")
    ('2025-08-15', '2025-08-15', '2025-08-15')
    >>> iso_date("03/04/2025"), iso_date("last week"), iso_date("2025-02-30")
    (None, None, None)
    """
    written = " ".join(written.split())
    if len(written) > _LONGEST:
        return None
    if _PARTIAL.fullmatch(written):
        return written
    for pattern in _ISO:
        if found := pattern.fullmatch(written):
            return _day(found["year"], found["month"], found["day"])
    for pattern in _WORDED:
        if (found := pattern.fullmatch(written)) and (month := _named(found["month"], _MONTHS)):
            day = _day(found["year"], str(month), found["day"])
            return day if day and _fits(day, found.groupdict().get("weekday")) else None
    return None


def _named(word: str, names: list[str]) -> int | None:
    """The number of a month or a weekday, from 1, written out or short (three letters, or ``Sept``, ``Tues``)."""
    word = word.lower()
    return next(
        (i for i, name in enumerate(names, 1) if name.startswith(word) and (len(word) <= 5 or word == name)), None
    )


def _fits(day: str, weekday: str | None) -> bool:
    return weekday is None or _named(weekday, _DAYS) == datetime.date.fromisoformat(day).isoweekday()


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


@dataclass
class DateColumn:
    """The dates of one file, row by row, and what could not be read of them.

    A date of digits such as 25/12/2025 is read where only one order gives a day. Where both do, it is asked about;
    so is whatever stands against the order that was declared, or seen in the rows before.

    Parameters
    ----------
    order
        What the user says of dates of digits.

    Examples
    --------
    >>> dates = DateColumn()
    >>> dates.read("25/12/2025", 2), dates.read("03/04/2025", 3), dates.read("soon", 4)
    ('2025-12-25', None, None)
    >>> [notice.split(",")[0] for notice in dates.notices()]
    ['1 date could be day-first or month-first', '1 date could not be read']
    """

    order: Order | None = None
    _seen: tuple[str, str, int] | None = field(default=None, init=False)
    _unread: dict[str, tuple[int, str, int]] = field(default_factory=dict, init=False)

    def read(self, written: str, row: int | None) -> str | None:
        """The date in ISO, or None: then it is counted.

        Parameters
        ----------
        written
            As it stands in the file.
        row
            Where it stands.
        """
        if day := iso_date(written):
            return day
        found = _NUMERIC.fullmatch(" ".join(written.split()))
        days = _readings(found) if found else {}
        if not days:
            self._count("none", written, row)
            return None
        if len(set(days.values())) > 1:
            if self.order:
                return days[self.order]
            self._count("either", written, row)
            return None
        if len(days) == 1:
            mine = next(iter(days))
            before = self.order or (self._seen[0] if self._seen else mine)
            if mine != before:
                self._count("against", written, row)
                return None
            self._seen = self._seen or (mine, written, row or 0)
        return next(iter(days.values()))

    def _count(self, why: str, written: str, row: int | None) -> None:
        n, first, where = self._unread.get(why, (0, written[:60], row or 0))
        self._unread[why] = (n + 1, first, where)

    def notices(self) -> Iterator[str]:
        """A sentence for each reason why dates were left out."""
        for why, sentence in _SAID.items():
            if why in self._unread:
                n, first, row = self._unread[why]
                against = f"--dates {self.order}" if self.order else _quoted(*self._seen[1:]) if self._seen else ""
                yield sentence.format(
                    dates=f"{n:,} date{'' if n == 1 else 's'}",
                    first=f"the first of them {_quoted(first, row)}",
                    left="It was left out" if n == 1 else "They were left out",
                    against=against,
                )


def _readings(found: re.Match[str]) -> dict[Order, str]:
    """The day that each order gives, if it gives one."""
    first, second, year = found["first"], found["second"], found["year"]
    days: dict[Order, str | None] = {
        "day-first": _day(year, second, first),
        "month-first": _day(year, first, second),
    }
    return {order: day for order, day in days.items() if day}


def _quoted(written: str, row: int) -> str:
    return f"{written!r}{f' (row {row})' if row else ''}"


_SAID = {
    "either": "{dates} could be day-first or month-first, {first}. {left}. "
    "Say which: --dates day-first or month-first (in Python dates=…).",
    "against": "{dates} stood against {against}, {first}. {left}. Write dates as 2025-08-15.",
    "none": "{dates} could not be read, {first}. {left}. Write dates as 2025-08-15.",
}
