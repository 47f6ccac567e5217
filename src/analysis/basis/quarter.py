"""Calendar quarters, and the day arithmetic every duration uses."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

YEARS = (1900, 2200)  # a typing error in the year must not become a report
DAYS_PER_MONTH = 30.4375  # 365.25 / 12: tenure in months is always days divided by this


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter, written `2026-Q3`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """The quarter written as `YYYY-Qn`, years 1900 to 2200; ValueError when it is not one."""
        match = re.fullmatch(r"(\d{4})-Q([1-4])", text)
        if match is None:
            raise ValueError(f"expected a quarter written like 2026-Q3, found {text!r}")
        year, number = int(match[1]), int(match[2])
        first, last = YEARS
        if not first <= year <= last:
            raise ValueError(f"expected a quarter of the years {first} to {last}, found {text!r}")
        return cls(year, number)

    @classmethod
    def of(cls, day: dt.date) -> Quarter:
        """The quarter a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> dt.date:
        """The as-of date of a run on this quarter."""
        return self.next.first_day - dt.timedelta(days=1)

    @property
    def next(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> Quarter:
        return Quarter(self.year - (self.number == 1), (self.number + 2) % 4 + 1)

    @property
    def year_before(self) -> Quarter:
        """The same quarter of the year before."""
        return Quarter(self.year - 1, self.number)

    @property
    def months(self) -> tuple[dt.date, dt.date, dt.date]:
        """First days of the quarter's three months."""
        first = self.first_day
        return (first, first.replace(month=first.month + 1), first.replace(month=first.month + 2))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def quarter_ends(after: dt.date, until: dt.date) -> list[dt.date]:
    """Quarter ends later than `after` and not later than `until`, in order."""
    ends = []
    quarter = Quarter.of(after)
    while quarter.last_day <= until:
        if quarter.last_day > after:
            ends.append(quarter.last_day)
        quarter = quarter.next
    return ends


def months_later(day: dt.date, months: int) -> dt.date:
    """The day whose end lies `months` calendar months after the end of `day`.

    A day counts as over at 24:00, so month ends lead to month ends: 30 September + 3 = 31 December.
    """
    midnight = day + dt.timedelta(days=1)
    year, month = divmod(midnight.year * 12 + midnight.month - 1 + months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    moved = min(following - dt.timedelta(days=1), dt.date(year, month + 1, 1) + dt.timedelta(days=midnight.day - 1))
    return moved - dt.timedelta(days=1)
