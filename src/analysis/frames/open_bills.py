"""Bills that are not paid: what is owed on a day, and for how long it has been due, as far as known then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas

Rows = nw.LazyFrame[Any]

CREDIT, NOT_DUE, NO_DUE_DATE, NOT_ON_RECORD = "credit", "not due", "no due date", "not on record"
CURRENT = "current"
OVERDUE = ("1-30", "31-60", "61-90", "over 90")  # days past the due date
STARTS = (1, 31, 61, 91)  # the first day of each
BUCKETS = (NOT_DUE, *OVERDUE, NO_DUE_DATE, NOT_ON_RECORD, CREDIT)
LONG_AGO, MOSTLY = 90, 0.5  # days after which, and share of the lines of which, most would be paid were it on record
EXACT = nw.Decimal(38, 4)  # a sum of floats would differ in its last bit from run to run


class Payments(NamedTuple):
    """What the bill lines tell about paying: how many there are, are dated, and were paid."""

    lines: int
    dated: int  # with a due date
    paid: int
    long_due: int  # due long ago
    long_paid: int  # and paid by now
    first: dt.date | None  # month of the first bill that has a payment
    last: dt.date | None  # day of the last payment

    @property
    def told(self) -> bool:
        """Whether it is known who pays: lines are due, and most of what was due long ago has a payment."""
        return bool(self.dated and self.paid and self.long_paid >= MOSTLY * self.long_due)


def payments(invoices: Rows, as_of: dt.date) -> Payments:
    """What can be told about paying on a day; nothing is told where no line has a payment, and no line a due date."""
    lines = _lines(invoices)
    paid, dated = ~nw.col("paid").is_null(), ~nw.col("due").is_null()
    long_due = nw.coalesce(nw.col("due") < as_of - dt.timedelta(days=LONG_AGO), nw.lit(False))
    flags = {"dated": dated, "was_paid": paid, "long_due": long_due, "long_paid": long_due & paid}
    counts = {name: flag.cast(nw.Int64).sum() for name, flag in flags.items()}
    month = nw.when(paid).then(nw.col("issued").dt.truncate("1mo")).min()
    row = to_pandas(lines.select(lines=nw.len(), **counts, first=month, last=nw.col("paid").max())).iloc[0]
    lines_, dated_, paid_, due_, settled = (
        0 if row[name] != row[name] else int(row[name]) for name in ("lines", *flags)
    )
    first, last = (None if pd.isna(row[name]) else row[name].date() for name in ("first", "last"))
    return Payments(lines_, dated_, paid_, due_, settled, first, last)


def lasting_lines(invoices: Rows) -> Rows:
    """The bill lines that were open at some month's end: not paid by the end of the month they were issued in.

    Returns
    -------
    Table, one row per line: `customer_id`, `invoice_id`, `issued`, `due`, `paid` (days; missing where the source does
    not say), `gross` (amount and tax, credits below zero).
    """
    lines = _lines(invoices)
    end = nw.col("issued").dt.offset_by("1mo").dt.truncate("1mo")
    return lines.filter(nw.col("paid").is_null() | (nw.col("paid") >= end))


def open_bills(
    lines: Rows, days: Sequence[dt.date], *, first: dt.date | None, until: Sequence[dt.date | None] = ()
) -> Rows:
    """The bills that were not paid at the end of days, as far as known then: a later payment is none yet.

    The lines of one `invoice_id` are one bill, due when its first open line is. A bill whose open lines sum to less
    than nothing is a credit not used yet; others are aged by the days since they were due.

    Parameters
    ----------
    lines : table of `lasting_lines`; `days` are ends of months.
    first : the first month whose payments are on record: who paid older bills is not known.
    until : for each day a later one, by which bills may have been paid.

    Returns
    -------
    Table, one row per customer, bill and day: `customer_id`, `invoice_id`, `owed` (to the cent), `day`, `bucket` (one
    of `BUCKETS`), `unpaid` (of what was owed, still open at the end of the later day; missing without one).
    """
    later = [*until, *[None] * (len(days) - len(until))]
    return nw.concat([_open_on(lines, day, by, first) for day, by in zip(days, later, strict=True)])


def _lines(invoices: Rows) -> Rows:
    gross = nw.col("amount").cast(EXACT) + nw.coalesce(nw.col("tax").cast(EXACT), nw.lit(0).cast(EXACT))
    issued = nw.coalesce(nw.col("issued_on"), nw.col("month"))
    return invoices.select("customer_id", "invoice_id", issued=issued, due="due_date", paid="paid_date", gross=gross)


def _open_on(lines: Rows, day: dt.date, by: dt.date | None, first: dt.date | None) -> Rows:
    known = lines.filter((nw.col("issued") <= day) & (nw.col("paid").is_null() | (nw.col("paid") > day)))
    still = nw.lit(True) if by is None else nw.col("paid").is_null() | (nw.col("paid") > by)
    part = nw.when(still).then(nw.col("gross")).otherwise(nw.lit(0).cast(EXACT))
    sums = {"owed": nw.col("gross").sum().cast(EXACT), "unpaid": nw.col("part").sum().cast(EXACT)}
    days = {"due": nw.col("due").min(), "issued": nw.col("issued").max()}
    bills = known.with_columns(part=part).group_by("customer_id", "invoice_id").agg(**sums, **days)
    unpaid = nw.lit(None).cast(EXACT) if by is None else nw.col("unpaid")
    kept = bills.filter(nw.col("owed") != 0)
    return kept.select("customer_id", "invoice_id", "owed", day=nw.lit(day), bucket=_bucket(day, first), unpaid=unpaid)


def _bucket(day: dt.date, first: dt.date | None) -> nw.Expr:
    late = (nw.lit(day) - nw.col("due")).cast(nw.Int64)
    found = nw.lit(OVERDUE[-1])
    for start, name in zip(reversed(STARTS[1:]), reversed(OVERDUE[:-1]), strict=True):
        found = nw.when(late < start).then(nw.lit(name)).otherwise(found)
    found = nw.when(late < STARTS[0]).then(nw.lit(NOT_DUE)).otherwise(found)
    found = nw.when(nw.col("due").is_null()).then(nw.lit(NO_DUE_DATE)).otherwise(found)
    before = nw.lit(False) if first is None else nw.col("issued") < first
    found = nw.when(before).then(nw.lit(NOT_ON_RECORD)).otherwise(found)
    return nw.when(nw.col("owed") < 0).then(nw.lit(CREDIT)).otherwise(found)


def worst_bucket(bills: Rows) -> Rows:
    """For each customer and day with a bill past its due date: `customer_id`, `day`, `state`, the longest overdue."""
    places = nw.lit(0)
    for place, name in enumerate(OVERDUE):
        places = nw.when(nw.col("bucket") == name).then(nw.lit(place)).otherwise(places)
    late = bills.filter(nw.col("bucket").is_in(list(OVERDUE))).with_columns(place=places)
    worst = late.group_by("customer_id", "day").agg(place=nw.col("place").max())
    state = nw.lit(OVERDUE[0])
    for place, name in enumerate(OVERDUE[1:], 1):
        state = nw.when(nw.col("place") == place).then(nw.lit(name)).otherwise(state)
    return worst.select("customer_id", "day", state=state)


def owing(invoices: Rows, as_of: dt.date) -> Rows | None:
    """Customers with a bill that is past its due date and not paid on a day: `customer_id`; None where nobody knows."""
    told = payments(invoices, as_of)
    if not told.told:
        return None
    bills = open_bills(lasting_lines(invoices), [as_of], first=told.first)
    return bills.filter(nw.col("bucket").is_in(list(OVERDUE))).select("customer_id").unique()


def on_the_books(spells: Rows, day: dt.date) -> Rows:
    """Customers on the books at the end of a day: `customer_id`, `day`."""
    there = spells.filter((nw.col("start") <= day) & (nw.col("end").is_null() | (nw.col("end") > day)))
    return there.select("customer_id").unique().with_columns(day=nw.lit(day))
