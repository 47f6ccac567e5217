"""Days and months as whole numbers: a day counts from 1970-01-01, a month from January of year 0."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NEVER = np.iinfo(np.int32).max  # a day that does not come; written as an empty cell
DAY = 86_400  # seconds
NEVER_SECOND = NEVER * DAY
EPOCH_MONTH = 1970 * 12
AVERAGE_MONTH = 30.4375


def day_of(when: date) -> int:
    """The number of a day."""
    return (when - date(1970, 1, 1)).days


def date_of(day: int) -> date:
    """The date a day's number stands for."""
    return date(1970, 1, 1) + timedelta(days=int(day))


def month_number(when: date) -> int:
    """The number of the month a date lies in."""
    return when.year * 12 + when.month - 1


def first_days(months: Ints) -> Ints:
    """First day of each month."""
    stamps = (np.asarray(months, dtype=np.int64) - EPOCH_MONTH).astype("datetime64[M]")
    return stamps.astype("datetime64[D]").astype(np.int64)


def first_day(month: int) -> int:
    """First day of a month."""
    return int(first_days(np.array([month]))[0])


def months_of(days: Ints) -> Ints:
    """The month each day lies in."""
    stamps = np.asarray(days, dtype=np.int64).astype("datetime64[D]")
    return stamps.astype("datetime64[M]").astype(np.int64) + EPOCH_MONTH


def add_months(days: Ints, count: Ints | int) -> Ints:
    """The same day of the month, `count` months on; the month's last day where it is shorter."""
    month = months_of(days)
    target = month + count
    latest = first_days(target + 1) - 1
    return np.minimum(first_days(target) + (days - first_days(month)), latest)
