"""What the products held in a month are due to be paid for it, line by line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw

from analysis.basis.quarter import months_later


def due_lines(subscriptions: nw.LazyFrame[Any], month: dt.date) -> nw.LazyFrame[Any]:
    """The subscription rows held in a calendar month, each with what it is due for it.

    due = (fee · days held − discount · days held while it runs) ÷ days of the month

    Parameters
    ----------
    month : its first day.

    Returns
    -------
    Table, one row per subscription held on any day of the month: its own columns, `days` (held), `due` and `off` (the
    discount in it; both to the cent, source's currency, missing without a fee).
    """
    last = last_day(month)
    after = last + dt.timedelta(days=1)
    begins = nw.max_horizontal(nw.col("start_date"), nw.lit(month))
    ends = nw.min_horizontal(nw.coalesce(nw.col("end_date"), nw.lit(after)), nw.lit(after))
    cheaper = nw.min_horizontal(ends, nw.coalesce(nw.col("discount_end_date"), nw.lit(after)))
    days = {"days": (ends - begins).cast(nw.Int64), "cheaper": (cheaper - begins).cast(nw.Int64)}
    held = subscriptions.with_columns(**days).filter(nw.col("days") > 0)
    fee = nw.col("monthly_fee") * nw.col("days")
    discount = nw.coalesce(nw.col("discount"), nw.lit(0)) * nw.max_horizontal(nw.col("cheaper"), nw.lit(0))
    # Each line to the cent, as a decimal: a float sum would differ in its last bit from run to run.
    cents = {"due": (fee - discount) / last.day, "off": discount / last.day}
    return held.with_columns(**{name: sum_.round(2).cast(nw.Decimal(18, 4)) for name, sum_ in cents.items()})


def last_day(month: dt.date) -> dt.date:
    """The last day of the month that begins on a day."""
    return months_later(month - dt.timedelta(days=1), 1)
