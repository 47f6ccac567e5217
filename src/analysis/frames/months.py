"""A customer's month: on the books or not, what was billed, how much was used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import narwhals as nw

from analysis.frames.due import due_lines, last_day
from analysis.frames.observation import Observation
from analysis.frames.spells import ended_with_their_account

KINDS = ("recurring", "usage", "one_off", "credit")
USE = ("download_gb", "upload_gb", "voice_minutes", "active_days", "app_logins")


def months(
    spells: nw.LazyFrame[Any], tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation
) -> nw.LazyFrame[Any]:
    """One row per customer and calendar month since observation began.

    Revenue is what was billed for the month, before tax, credits subtracted. Without `invoices` it is the
    fees less discounts of the products held, by the share of the month's days they were held.

    Returns
    -------
    Table, one row per customer and month with a product held or a bill: `customer_id`, `month` (first day),
    `days` (of the month on the books), `share` (of the month's days), `revenue` and its parts by kind
    (source's currency), and the month's use where `usage` is given. `revenue` is missing where
    neither invoices nor subscriptions are given, or before they are covered.
    """
    calendar = _calendar(observation)
    if not calendar:  # no whole month yet: the table has its columns and no rows
        return months(spells, tables, _a_month_of(observation)).filter(nw.col("days") < 0)
    held = nw.concat([_on_the_books(spells, month) for month in calendar])
    billed = _billed(tables, calendar, observation)
    joined = held if billed is None else _outer(held, billed)
    if billed is None:
        joined = joined.with_columns(revenue=nw.lit(None).cast(nw.Float64))
    if "usage" in tables:
        used = tables["usage"].select("customer_id", "month", *USE)
        joined = joined.join(used, on=["customer_id", "month"], how="left")
    return joined


def _calendar(observation: Observation) -> list[dt.date]:
    """Whole months from the first that was observed to the as-of date's."""
    first = observation.begins
    month = first if first.day == 1 else _next(first)
    found = []
    while last_day(month) <= observation.as_of:
        found.append(month)
        month = _next(month)
    return found


def _a_month_of(observation: Observation) -> Observation:
    month = observation.as_of.replace(day=1)
    return replace(observation, as_of=last_day(month), observed_from=month, covers_from={})


def _next(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _on_the_books(spells: nw.LazyFrame[Any], month: dt.date) -> nw.LazyFrame[Any]:
    """Days of the month on which customers were there: from the day of joining, up to and not on that of leaving."""
    after = _next(month)
    until = nw.min_horizontal(nw.coalesce(nw.col("end"), nw.lit(after)), nw.lit(after))
    days = (until - nw.max_horizontal(nw.col("start"), nw.lit(month))).cast(nw.Int64)
    # Two spells of one customer can touch one month.
    here = (
        spells.with_columns(days=days)
        .filter(nw.col("days") > 0)
        .group_by("customer_id")
        .agg(days=nw.col("days").sum().cast(nw.Int64))
    )
    share = nw.col("days") / last_day(month).day
    return here.select("customer_id", nw.lit(month).alias("month"), "days", share=share)


def _billed(
    tables: Mapping[str, nw.LazyFrame[Any]], calendar: list[dt.date], observation: Observation
) -> nw.LazyFrame[Any] | None:
    if "invoices" in tables:
        covered = max(observation.covered_from("invoices"), calendar[0])
        lines = tables["invoices"].filter((nw.col("month") >= covered) & (nw.col("month") <= calendar[-1]))
        return _invoiced(lines)
    if "subscriptions" in tables:
        lines = tables["subscriptions"]
        if observation.leaving_told_by == "accounts":
            lines = ended_with_their_account(lines, tables["customers"])
        return nw.concat([_fees(lines, month) for month in calendar])
    return None


def _invoiced(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    kind = nw.coalesce(nw.col("kind"), nw.lit("recurring"))
    parts = {name: nw.when(kind == name).then(nw.col("amount")).otherwise(0).sum() for name in KINDS}
    return lines.group_by("customer_id", "month").agg(revenue=nw.col("amount").sum(), **parts)


def _fees(subscriptions: nw.LazyFrame[Any], month: dt.date) -> nw.LazyFrame[Any]:
    return (
        due_lines(subscriptions, month)
        .group_by("customer_id")
        .agg(revenue=nw.col("due").sum())
        .select("customer_id", nw.lit(month).alias("month"), "revenue")
    )


def _outer(held: nw.LazyFrame[Any], billed: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Months held and months billed: a last bill after leaving is revenue too."""
    missing = billed.join(held, on=["customer_id", "month"], how="anti").select("customer_id", "month")
    bare = missing.with_columns(days=nw.lit(0).cast(nw.Int64), share=nw.lit(0.0))
    return nw.concat([held.select("customer_id", "month", "days", "share"), bare]).join(
        billed, on=["customer_id", "month"], how="left"
    )
