"""Months that are missing from a table, or only partly there: by their rows, and by the customers they should hold."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import months_later
from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import to_pandas
from analysis.measures.standing import Edges, Measure, Status

Tables = Mapping[str, nw.LazyFrame[Any]]
RUN_ON = ("invoices", "usage", "tickets", "network")  # filled month by month, whatever anybody decides
PER_CUSTOMER = ("invoices", "usage")  # a row, or more, of each customer and month
MONTH_RULES = ("month_rows", "month_customers")
NEIGHBOURS = 3  # months with rows on each side that say what a month should hold
FEW, HARDLY_ANY = 0.5, 0.1  # of what the neighbours hold
LOOKED_BACK = 12  # months whose customers are counted
USUAL_STEP = 3.14  # median moving ranges an individuals chart allows (Wheeler 1993)


@dataclass(frozen=True)
class Window:
    """Which months of a table are judged: filled from `first`, whole `until`, and none whose rows are still `late`."""

    first: dt.date
    until: dt.date
    late: Collection[dt.date] = ()


def month_measures(name: str, tables: Tables, window: Window, *, edges: Edges) -> list[Measure]:
    """Months of a table that lack rows, or the rows of customers who held a product all month; one if all are there.

    Parameters
    ----------
    name : a table of `RUN_ON`.
    tables : contract tables of customers who are nobody's test lines; subscriptions say who should have a row.
    edges : shares of the usual customers that are missing, from which a month is watched, and bad.
    """
    counts = rows_by_month(name, tables[name])
    months = [month for month in _months(counts, window) if month not in window.late]
    found = thin_months(name, counts, months)
    if name in PER_CUSTOMER and "subscriptions" in tables:
        struck = {one.month for one in found}
        filled = [month for month in months[-LOOKED_BACK:] if f"{month:%Y-%m}" not in struck]
        found += _short_of_customers(name, tables, filled, edges)
    if found or len(months) < 2:
        return found
    return [Measure(name, "", "volume", "month_rows", counts.get(months[-1], 0), "good", 0)]


def rows_by_month(name: str, table: nw.LazyFrame[Any]) -> dict[dt.date, int]:
    """Rows by the first day of their month: of the month they are for, else of the day they are dated."""
    day = nw.col("month") if "month" in CONTRACT[name].names else nw.col(*CONTRACT[name].own_date)
    counts = to_pandas(table.select(day=day.cast(nw.Date)).drop_nulls("day").group_by("day").agg(rows=nw.len()))
    starts = pd.to_datetime(counts["day"]).dt.to_period("M")
    return {month.start_time.date(): int(rows) for month, rows in counts.groupby(starts)["rows"].sum().items()}


def thin_months(name: str, counts: Mapping[dt.date, int], months: Sequence[dt.date]) -> list[Measure]:
    """Months without rows, or with fewer than half of what the months around them hold.

    What is expected is the smaller of two medians, of the three filled months before and of the three after: so a
    table that grows or shrinks is not struck. After the last filled month only empty months are. Chance explains up to
    three standard errors of a count. A table that is filled every second month, or third, has that rhythm.
    """
    held = [counts.get(month, 0) for month in months]
    if _every_nth(held):
        return []
    found = []
    for place, rows in enumerate(held):
        expected = expected_here([float(one) for one in held], place, alone=rows == 0)
        if rows < FEW * expected and expected - rows > 3 * math.sqrt(expected):
            status: Status = "bad" if rows <= HARDLY_ANY * expected else "watch"
            edge = FEW * expected
            month = f"{months[place]:%Y-%m}"
            found.append(Measure(name, "", "volume", "month_rows", rows, status, rows, edge, expected, month))
    return found


def expected_here(values: Sequence[float], place: int, *, alone: bool) -> float:
    """What the filled neighbours of a place hold; not-a-number where there are none before it.

    With `alone`, those before are enough where nothing follows.
    """
    before = [one for one in values[:place] if one][-NEIGHBOURS:]
    after = [one for one in values[place + 1 :] if one][:NEIGHBOURS]
    if not before or not (after or alone):
        return math.nan
    medians = [float(pd.Series(side).median()) for side in (before, after) if side]
    return min(medians)


def shares_with_a_row(name: str, tables: Tables, months: Sequence[dt.date]) -> pd.DataFrame:
    """Table, one row per month: `month`, `customers` who held a product all month, `found`: those with a row in it."""
    held = nw.concat([_held_throughout(tables["subscriptions"], month) for month in months]).unique()
    rows = tables[name].filter(nw.col("month").is_in(list(months))).select("customer_id", "month").unique()
    both = held.join(rows.with_columns(found=nw.lit(1)), on=["customer_id", "month"], how="left")
    counts = both.group_by("month").agg(customers=nw.len(), found=nw.col("found").sum())
    return to_pandas(counts).fillna(0).sort_values("month", ignore_index=True)


def short_months(name: str, shares: pd.DataFrame, edges: Edges) -> list[Measure]:
    """Months in which fewer of the customers who held a product all month have a row than in the months around them.

    The edges rise to what chance (three standard errors) and the usual step from month to month explain.
    """
    share = (shares["found"] / shares["customers"]).tolist()
    found = []
    for place, one in enumerate(shares.to_dict("records")):
        usual = expected_here(share, place, alone=True)
        if math.isnan(usual) or not usual:
            continue
        error = math.sqrt(usual * (1 - min(usual, 1)) / one["customers"])
        reach = max(3 * error, USUAL_STEP * _usual_step(share, place)) / usual
        lost = 1 - share[place] / usual
        if lost < max(edges[0], reach):
            continue
        status: Status = "bad" if lost >= max(edges[1], 2 * reach) else "watch"
        missing, month = round(lost * usual * one["customers"]), f"{pd.Timestamp(one['month']):%Y-%m}"
        edge = usual * (1 - max(edges[0], reach))
        found.append(Measure(name, "", "volume", "month_customers", share[place], status, missing, edge, usual, month))
    return found


def missing_months(measures: Sequence[Measure]) -> list[dt.date]:
    """First days of the months in which a table has hardly any rows."""
    struck = [one for one in measures if one.rule == "month_rows" and one.status == "bad"]
    return [dt.date.fromisoformat(f"{one.month}-01") for one in struck]


def _short_of_customers(name: str, tables: Tables, months: Sequence[dt.date], edges: Edges) -> list[Measure]:
    if len(months) <= NEIGHBOURS:
        return []
    shares = shares_with_a_row(name, tables, months)
    return short_months(name, shares[shares["customers"] > 0].reset_index(drop=True), edges)


def _usual_step(share: Sequence[float], place: int) -> float:
    """The median change from one month to the next, this one left out."""
    others = pd.Series([one for at, one in enumerate(share) if at != place])
    return float(others.diff().abs().median()) if len(others) > 1 else 0.0


def _months(counts: Mapping[dt.date, int], window: Window) -> list[dt.date]:
    """Every month from the first with rows, and filled whole, to the last that ends by `until`."""
    begun = [month for month in counts if month >= window.first]
    month, found = min(begun, default=window.until), []
    while begun and _last_day(month) <= window.until:
        found.append(month)
        month = _last_day(month) + dt.timedelta(days=1)
    return found


def _every_nth(held: Sequence[int]) -> bool:
    """Whether rows come every second month, or third, and so on."""
    filled = [place for place, rows in enumerate(held) if rows]
    steps = {later - place for place, later in pairwise(filled)}
    return len(filled) > NEIGHBOURS and len(steps) == 1 and steps != {1} and len(held) - filled[-1] <= max(steps)


def _held_throughout(subscriptions: nw.LazyFrame[Any], month: dt.date) -> nw.LazyFrame[Any]:
    """Who held a product from the first day of `month` to its last: `customer_id`, `month`."""
    after = _last_day(month) + dt.timedelta(days=1)
    there = nw.coalesce(nw.col("end_date") >= after, nw.lit(True))
    held = subscriptions.filter((nw.col("start_date") < month) & there)
    return held.select("customer_id", month=nw.lit(month))


def _last_day(month: dt.date) -> dt.date:
    return months_later(month - dt.timedelta(days=1), 1)
