"""Bills come late: which months' revenue is not complete yet on the last day the data sees."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import months_later
from analysis.extracts.engine import to_pandas

USUAL = 0.95  # share of a month's bill lines that are issued within the usual delay
SETTLED = 62  # days after which a month's bills are taken to be all there; only such months say what is usual
ENOUGH = 20  # bill lines that say what is usual


def provisional_months(invoices: nw.LazyFrame[Any], *, until: dt.date) -> tuple[list[dt.date], int]:
    """The months whose bills may still be coming in on `until`, and the usual delay in days.

    The delay is that of 19 of 20 bill lines, counted from the end of their month, in months that ended more than 62
    days before `until`; a month is provisional while `until` lies before its end + delay. Bills issued within their
    month are never late, and fewer than 20 lines, or lines without a day of issue, say nothing.

    Returns
    -------
    First days of the months, oldest first, none after that of `until`; days, 0 where nothing is said.
    """
    billed = invoices.filter(~nw.col("issued_on").is_null()).group_by("month", "issued_on").agg(lines=nw.len())
    rows = to_pandas(billed)
    ends = {month: _last_day(month.date()) for month in rows["month"].unique()}
    rows["end"] = pd.to_datetime(rows["month"].map(ends))
    settled = rows[rows["end"] < pd.Timestamp(until) - pd.Timedelta(days=SETTLED)]
    delay = _usual((settled["issued_on"] - settled["end"]).dt.days, settled["lines"])
    found, month = [], until.replace(day=1)
    while delay > 0 and until < _last_day(month) + dt.timedelta(days=delay):
        found.append(month)
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return found[::-1], delay


def _usual(days: pd.Series, lines: pd.Series) -> int:
    """The smallest delay within which the usual share of lines lies; 0 when there are too few."""
    if lines.sum() < ENOUGH:
        return 0
    within = lines.groupby(days).sum().sort_index().cumsum()
    return max(0, int(within.index[within >= USUAL * lines.sum()][0]))


def _last_day(month: dt.date) -> dt.date:
    return months_later(month - dt.timedelta(days=1), 1)
