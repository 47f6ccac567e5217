"""When customers have brought in what winning them cost, with those who left counted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.frames.fees import EXACT
from analysis.measures.interval import mean_interval

Rows = nw.LazyFrame[Any]
LONGEST = 24  # months followed at most
NET = ["month", "net", "low", "high"]


def followed_months(billed: list[dt.date]) -> int:
    """How many months customers are followed: half of those billed, so that the other half's joiners all can be.

    At most 24; 0 without a billed month.
    """
    return min(LONGEST, _span(billed) // 2)


def net_of_channels(won: Rows, received: Rows, *, billed: list[dt.date], horizon: int) -> pd.DataFrame:
    """What customers of each channel have brought less what winning them cost, by month since joining.

    Those who joined in a billed month and early enough that all their first `horizon` months are billed.

    Parameters
    ----------
    won : table of `frames.won.customers_won`, with `cost` known.
    received : table, one row per customer and month: `customer_id`, `month`, `margin` (received, money).
    billed : first days of the billed months, in order.

    Returns
    -------
    Table as of `net_after`, by `channel`; `channel` missing is all of them together.
    """
    kept = _joined(won, since=_number(billed[0]), until=_number(billed[-1]) - horizon + 1)
    whole = kept.with_columns(channel=nw.lit(None).cast(nw.String))
    return net_after(nw.concat([kept, whole]), received, by="channel", horizon=horizon)


def net_of_cohorts(won: Rows, received: Rows, *, billed: list[dt.date], horizon: int) -> pd.DataFrame:
    """The same by the quarter of joining, `cohort`, as far as every month of all its customers is billed."""
    kept = _joined(won, since=_number(billed[0]), until=_number(billed[-1]))
    cohort = nw.col("start").dt.year() * 4 + (nw.col("start").dt.month() + 2) // 3
    found = net_after(kept.with_columns(cohort=cohort), received, by="cohort", horizon=horizon)
    quarters = [Quarter((int(number) - 1) // 4, (int(number) - 1) % 4 + 1) for number in found["cohort"]]
    seen = np.array([_number(billed[-1]) - _number(quarter.months[-1]) + 1 for quarter in quarters])
    whole = np.array([quarter.first_day >= billed[0] for quarter in quarters], dtype=bool)
    named = found.assign(cohort=[str(quarter) for quarter in quarters])
    return named[whole & (named["month"] <= seen)].reset_index(drop=True)


def net_after(won: Rows, received: Rows, *, by: str, horizon: int) -> pd.DataFrame:
    """The mean over customers won of the margin received up to the end of each month, less the cost of winning them.

    net_n = Σ_customers (margin of their first n months − cost) ÷ customers

    Month 1 is the calendar month of joining. Who left brings nothing more and stays in the sum and in the count: so
    churn is in it. The interval is Student's, for a mean over customers.

    Returns
    -------
    Table, one row per group and month: `by`, `customers`, `cost` (mean), `month` (1 …), `net`, `low`, `high` (95 %).
    """
    of = won.select("customer_id", "cost", by, number=_month_number("start"))
    lines = received.with_columns(now=_month_number("month")).select("customer_id", "now", "margin")
    dated = of.join(lines, on="customer_id", how="left")
    since = nw.col("now") - nw.col("number") + 1
    upto = {
        f"n{month}": nw.when((since >= 1) & (since <= month)).then(nw.col("margin")).otherwise(nw.lit(0)).sum()
        for month in range(1, horizon + 1)
    }
    each = dated.group_by("customer_id", by).agg(cost=nw.col("cost").max(), **upto)
    nets = each.select(by, "cost", *((nw.col(name) - nw.col("cost")).cast(nw.Float64).alias(name) for name in upto))
    squares = {f"s{name}": (nw.col(name) * nw.col(name)).round(6).cast(EXACT).sum() for name in upto}
    sums = {name: nw.col(name).round(6).cast(EXACT).sum() for name in upto}
    found = to_pandas(nets.group_by(by).agg(nw.col("cost").sum(), customers=nw.len(), **sums, **squares))
    return _long(found.sort_values(by, na_position="first", kind="stable", ignore_index=True), by, horizon)


def payback(nets: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """The first month by whose end what was received makes up for the cost of winning customers.

    Its interval is that of the crossing: from the first month whose net may be above zero to the first whose net surely
    is, each at 95 %.

    Returns
    -------
    Table, one row per group: `by`, `customers`, `cost`, `followed` (months), `net`, `net_low`, `net_high` (at the end
    of these), `months`, `months_low`, `months_high` (missing where not reached within the months followed).
    """
    rows = []
    for group, some in nets.groupby(by, dropna=False, sort=False):
        last = some.iloc[-1]
        lines = {"months": "net", "months_low": "high", "months_high": "low"}
        reached = {name: _first(some, line) for name, line in lines.items()}
        ends = {"net": last["net"], "net_low": last["low"], "net_high": last["high"]}
        same = {by: group, "customers": last["customers"], "cost": last["cost"], "followed": last["month"]}
        rows.append(same | ends | reached)
    columns = [by, "customers", "cost", "followed", "net", "net_low", "net_high", "months", "months_low", "months_high"]
    return pd.DataFrame(rows, columns=columns)


def _first(some: pd.DataFrame, name: str) -> float:
    """The first month from whose end on the column is never below zero again; missing where the last is."""
    below = some.loc[~(some[name] >= 0), "month"]
    first = 1 if below.empty else int(below.max()) + 1
    return float(first) if first <= some["month"].max() else float("nan")


def _long(found: pd.DataFrame, by: str, horizon: int) -> pd.DataFrame:
    parts = []
    for month in range(1, horizon + 1):
        n = found["customers"].to_numpy("float64")
        mean = found[f"n{month}"].to_numpy("float64") / n
        spread = np.maximum(found[f"sn{month}"].to_numpy("float64") - n * mean**2, 0.0)
        low, high = mean_interval(mean, np.sqrt(spread / np.maximum(n - 1, 1)), n)
        values = {"cost": found["cost"] / n, "month": month, "net": mean, "low": low, "high": high}
        parts.append(found[[by, "customers"]].assign(place=range(len(found)), **values))
    if not parts:
        return pd.DataFrame(columns=[by, "customers", "cost", *NET])
    whole = pd.concat(parts).sort_values(["place", "month"], kind="stable", ignore_index=True)
    return whole[[by, "customers", "cost", *NET]]


def _joined(won: Rows, *, since: int, until: int) -> Rows:
    number = _month_number("start")
    return won.filter((number >= since) & (number <= until))


def _month_number(day: str) -> nw.Expr:
    return nw.col(day).dt.year() * 12 + nw.col(day).dt.month()


def _number(month: dt.date) -> int:
    return month.year * 12 + month.month


def _span(billed: list[dt.date]) -> int:
    return _number(billed[-1]) - _number(billed[0]) + 1 if billed else 0
