"""Look-back windows at landmarks: what happened in the months before, missing where the extract does not reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw

Window = tuple[str, range]  # a monthly value, and the months before the landmark to take it from

KEYS = ["customer_id", "landmark"]
QUARTER = 3  # months of the usual look-back window


def events_before(points: nw.LazyFrame[Any], events: nw.LazyFrame[Any], *, day: str, months: int) -> nw.LazyFrame[Any]:
    """The events of the `months` calendar months that end with the landmark's day.

    Parameters
    ----------
    points : table, one row per customer and landmark: `customer_id`, `landmark`.
    events : table with `customer_id` and a date column `day`.

    Returns
    -------
    Table, one row per customer, landmark and event in its window, with the columns of both.
    """
    paired = points.join(events, on="customer_id", how="inner")
    return paired.filter((nw.col(day) <= nw.col("landmark")) & (nw.col(day) >= first_day(months)))


def within(day: str, *, months: int) -> nw.Expr:
    """1 where an event before the landmark lies in the last `months` calendar months, else 0."""
    return (nw.col(day) >= first_day(months)).cast(nw.Int64)


def first_day(months: int) -> nw.Expr:
    """The first of the days in the `months` calendar months that end with the landmark's day."""
    return nw.col("landmark").dt.offset_by("1d").dt.offset_by(f"-{months}mo")


def counted(
    keys: nw.LazyFrame[Any], window: nw.LazyFrame[Any], *, months: Mapping[str, int], covered: dt.date
) -> nw.LazyFrame[Any]:
    """Counts in windows of so many `months` each: none is zero, and a window that reaches before the table is missing.

    Parameters
    ----------
    keys : table, one row per customer and landmark.
    window : table, one row per customer and landmark with anything to count: the counts named by `months`.
    """
    shown = [
        nw.when(reaches(reach, covered)).then(nw.coalesce(nw.col(name).cast(nw.Int64), nw.lit(0))).alias(name)
        for name, reach in months.items()
    ]
    return keys.join(window, on=KEYS, how="left").with_columns(shown)


def months_before(
    points: nw.LazyFrame[Any], monthly: nw.LazyFrame[Any], *, by: str, windows: Mapping[str, Window], covered: dt.date
) -> nw.LazyFrame[Any]:
    """Means of monthly values over whole calendar months before the landmark.

    Months count back from the last one that was over at the landmark: range(0, 3) is the last three, range(3, 6)
    the three before. A month under way at the landmark is not known yet. The mean is over the rows there are;
    no row in the window, or a window that begins before `covered`, means missing.

    Parameters
    ----------
    points : table with `landmark` and `by` (customer or area).
    monthly : table with `by`, `month` and values.
    windows : the value and the months of each mean, by the mean's name.

    Returns
    -------
    Table, one row per `by` and landmark with a row in any window: the means under their names.
    """
    keys = points.select(by, "landmark").unique().with_columns(last=_last_whole_month())
    longest = max(months.stop for _, months in windows.values())
    # A row per month looked back on: joining on equal months is far cheaper than on a range of them.
    wanted = nw.concat([keys.with_columns(month=_earlier(back), back=nw.lit(back)) for back in range(longest)])
    values = sorted({value for value, _ in windows.values()})
    found = wanted.join(monthly.select(by, "month", *values), on=[by, "month"], how="inner")
    means = found.group_by(by, "landmark").agg(**{name: _mean(*window) for name, window in windows.items()})
    return means.with_columns(
        nw.when(reaches_month(months.stop, covered)).then(nw.col(name)).alias(name)
        for name, (_, months) in windows.items()
    )


def _last_whole_month() -> nw.Expr:
    return nw.col("landmark").dt.offset_by("1d").dt.truncate("1mo").dt.offset_by("-1mo")


def _earlier(months: int) -> nw.Expr:
    return (nw.col("last").dt.offset_by(f"-{months}mo") if months else nw.col("last")).cast(nw.Date)


def _mean(value: str, months: range) -> nw.Expr:
    inside = (nw.col("back") >= months.start) & (nw.col("back") < months.stop)
    # Rounded, for a mean of floats differs in its last bit from run to run.
    return nw.when(inside).then(nw.col(value)).mean().round(6)


def reaches(months: int, covered_from: dt.date) -> nw.Expr:
    """True where a window of whole months before the landmark begins on or after `covered_from`."""
    return first_day(months) >= covered_from


def reaches_month(months: int, covered_from: dt.date) -> nw.Expr:
    """True where the first of the last `months` whole calendar months begins on or after `covered_from`."""
    first = nw.col("landmark").dt.offset_by("1d").dt.truncate("1mo").dt.offset_by(f"-{months}mo")
    return first >= covered_from
