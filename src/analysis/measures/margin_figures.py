"""What holds for the whole base: how much of the fees is billed, how revenue drifts, what service contacts cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np

from analysis.basis.quarter import months_later
from analysis.frames.fees import EXACT, fee_lines, fees_then_and_now
from analysis.frames.months import months as monthly
from analysis.frames.observation import Observation
from analysis.measures.arpu import billed_months
from analysis.measures.interval import standard_normal_quantile
from analysis.measures.ratio import Ratio, ratio_of_sums

Tables = Mapping[str, nw.LazyFrame[Any]]

YEAR = 12
PARTS = ("recurring", "usage", "credit")  # one-off charges do not come back


class Figure(NamedTuple):
    """One figure behind the margin: `basis` is "measured", "assumed" or "params"; the interval is 95 %."""

    item: str
    value: float
    low: float
    high: float
    basis: str
    remark: str


def assumed(item: str, value: float, remark: str, *, basis: str = "assumed") -> Figure:
    """A figure that no data tell."""
    return Figure(item, value, float("nan"), float("nan"), basis, remark)


def realisation(
    months: nw.LazyFrame[Any], *, tables: Tables, spells: nw.LazyFrame[Any], observation: Observation
) -> Figure:
    """What is billed for products held (fees, usage and credits) ÷ fees less discounts, over the last twelve months.

    Months that are not billed yet are left out, and who held nothing with a fee: see `measures.margin`. 1 where the
    source gives no invoices.
    """
    item = "realisation"
    if not {"invoices", "subscriptions"} <= set(tables):
        return assumed(item, 1.0, "no invoices beside fees: what is charged counts as billed")
    first = months_later(observation.as_of, -YEAR)
    billed = sorted(month for month in billed_months(months) if month > first)
    if not billed:
        return assumed(item, 1.0, "no billed month in the last year: what is charged counts as billed")
    fees = monthly(
        spells,
        {name: table for name, table in tables.items() if name != "invoices"},
        replace(observation, observed_from=billed[0], covers_from={}),
    )
    amount = sum((nw.coalesce(nw.col(part), nw.lit(0)) for part in PARTS[1:]), nw.coalesce(PARTS[0], nw.lit(0)))
    top = months.filter(nw.col("month").is_in(billed)).select("customer_id", top=amount.cast(nw.Float64))
    bottom = fees.filter(nw.col("month").is_in(billed)).select("customer_id", bottom=nw.col("revenue").cast(nw.Float64))
    fee = nw.col("bottom").cast(EXACT).sum()
    by_use = bottom.group_by("customer_id").agg(fee=fee).filter(nw.col("fee") == 0).select("customer_id")
    top = top.join(by_use, on="customer_id", how="anti")
    nothing = nw.lit(0.0)
    sides = [top.with_columns(bottom=nothing), bottom.with_columns(top=nothing).select("customer_id", "top", "bottom")]
    return _measured(item, ratio_of_sums(nw.concat(sides)), _count(len(billed), "billed month"), instead=1.0)


def drift(tables: Tables, observation: Observation) -> Figure:
    """What stayers pay for the products they held a year before ÷ what was to be expected then, per year.

    The mean over all whole years before the as-of date that were observed: price rises do not come alike every year.
    The interval holds the spread between years where there are two or more, else that between customers. 1 where
    less than a year was observed.
    """
    item = "drift"
    if "subscriptions" not in tables:
        return assumed(item, 1.0, "no subscriptions: prices and products stay as they are")
    days = _anniversaries(observation)
    lines = [fee_lines(day, tables, observation) for day in days]
    years = [ratio_of_sums(_sides(then, now)) for now, then in pairwise(lines)]
    known = [year for year in years if year.value > 0]
    if not known:
        return assumed(item, 1.0, "less than a year was observed: prices and products stay as they are")
    values = np.array([year.value for year in known])
    within = float(np.sqrt(sum(year.error**2 for year in known)) / len(known))
    between = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    reach = standard_normal_quantile(0.95) * max(within, between)
    mean = float(values.mean())
    return Figure(item, mean, mean - reach, mean + reach, "measured", _count(len(known), "year") + " observed")


def contact_cost(months: nw.LazyFrame[Any], *, tables: Tables, observation: Observation, per_contact: float) -> Figure:
    """Cost of service contacts per customer and month, over the last twelve months that tickets cover.

    A ticket without a cost counts `per_contact`. 0 where the source gives no tickets.
    """
    item = "contact_cost"
    if "tickets" not in tables:
        return assumed(item, 0.0, "no tickets: service contacts cost nothing beyond the monthly cost to serve")
    first = _first_whole_month(max(observation.covered_from("tickets"), observation.begins), observation)
    window = months.filter(nw.col("month") >= first)
    there = window.select("customer_id", nw.lit(0.0).alias("top"), bottom=nw.col("share"))
    costs = ticket_costs(tables["tickets"], since=first, per_contact=per_contact)
    paid = costs.select("customer_id", nw.lit(0.0).alias("bottom"), top=nw.col("cost").cast(nw.Float64))
    found = ratio_of_sums(nw.concat([there, paid.select("customer_id", "top", "bottom")]))
    return _measured(item, found, f"tickets since {first.isoformat()}", instead=0.0)


def ticket_costs(tickets: nw.LazyFrame[Any], *, since: dt.date, per_contact: float) -> nw.LazyFrame[Any]:
    """What each ticket of a known customer cost since a day: `customer_id`, `month` (its first day), `cost`.

    A ticket without a cost counts `per_contact`.
    """
    known = tickets.filter(~nw.col("customer_id").is_null() & (nw.col("opened_at").dt.date() >= since))
    month = nw.col("opened_at").dt.date().dt.truncate("1mo").cast(nw.Date)
    cost = nw.coalesce(nw.col("cost").cast(nw.Float64), nw.lit(float(per_contact)))
    return known.select("customer_id", month=month, cost=cost.round(4).cast(nw.Decimal(38, 4)))


def _first_whole_month(covered: dt.date, observation: Observation) -> dt.date:
    """The first day of twelve months ago, or of the first whole month that is covered, whichever is later."""
    earliest = months_later(observation.as_of, -YEAR) + dt.timedelta(days=1)
    first = max(covered, earliest)
    return first if first.day == 1 else (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def _anniversaries(observation: Observation) -> list[dt.date]:
    """The as-of date and the days whole years before it, as far back as the eve of observation."""
    days = [observation.as_of]
    while (before := months_later(observation.as_of, -YEAR * len(days))) >= observation.entry:
        days.append(before)
    return days


def _sides(then: nw.LazyFrame[Any], now: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    rows = fees_then_and_now(then, now)
    return rows.select("customer_id", top=nw.col("actual"), bottom=nw.col("expected"))


def _measured(item: str, ratio: Ratio, remark: str, *, instead: float) -> Figure:
    if not np.isfinite(ratio.value):
        return assumed(item, instead, "nothing to measure it by")
    return Figure(item, ratio.value, ratio.low, ratio.high, "measured", remark)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"
