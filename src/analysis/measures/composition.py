"""What the revenue rests on: regions, products, kinds of customers, accounts; over quarters, and of the last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.frames.due import due_lines
from analysis.frames.observation import Observation
from analysis.frames.spells import ended_with_their_account
from analysis.measures.arpu import billed_months
from analysis.measures.concentration import concentration
from analysis.measures.exposure import (
    PRODUCT,
    REGION,
    SEGMENT,
    Limits,
    account_holding,
    class_holding,
    exposures,
)
from analysis.measures.holdings import Accounts, joined_accounts, with_account
from analysis.measures.largest import Largest, account_sums, largest

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]

PROFILE = {REGION: "region", SEGMENT: "customer_type"}  # a holding, and the column of customers that tells it
YEAR = 4  # quarters


class Bounds(NamedTuple):
    """What may hang on one holding, and the fewest customers of whom something is told."""

    limits: Limits
    smallest: int


class Composition(NamedTuple):
    """What was found: `indices` by dimension (table of `concentration` by quarter), the accounts, and the exposures."""

    quarters: list[str]
    indices: dict[str, pd.DataFrame]
    accounts: Largest
    joined: Accounts
    exposures: pd.DataFrame
    limits: Limits


def composition(
    tables: Tables, stages: Tables, *, observation: Observation, bounds: Bounds, engine: Engine
) -> Composition | None:
    """What the revenue of the last four quarters rests on; None where no quarter is billed whole.

    Parameters
    ----------
    tables : contract tables of the population.
    stages : stage tables `months` and `customer_value`.
    """
    months, value, (limits, smallest) = stages["months"], stages["customer_value"], bounds
    billed = billed_months(months)
    quarters = [one for one in observation.quarters if set(one.months) <= billed][-12:]
    if not quarters:
        return None
    profile = _profile(tables["customers"])
    money = engine.table(_by_quarter(months, quarters))
    rows = {name: _classed(money, profile, column) for name, column in PROFILE.items()}
    if "subscriptions" in tables:
        rows[PRODUCT] = _by_product(tables, observation, quarters)
    rows = {name: engine.table(one) for name, one in rows.items()}
    indices = {name: concentration(one, engine=engine) for name, one in rows.items()}
    year = quarters[-YEAR:]
    last = {name: concentration(_pooled(one, year), engine=engine) for name, one in rows.items()}
    accounts = joined_accounts(tables["customers"])
    links = engine.table(accounts.joined)
    sums = engine.table(account_sums(with_account(money, links)))
    together = engine.table(account_sums(_pooled(with_account(money, links), year)))
    found = largest(together, sums, smallest=smallest)
    held = [account_holding(found, _members(value, links, found, smallest, engine), smallest=smallest)]
    classed = {name: profile.select("customer_id", **{"class": nw.col(column)}) for name, column in PROFILE.items()}
    classed |= {PRODUCT: _held(tables, observation)} if PRODUCT in rows else {}
    held += [
        class_holding(name, one, _inside(value, classed[name], one), smallest=smallest) for name, one in last.items()
    ]
    told = [str(quarter) for quarter in quarters]
    return Composition(
        told, _named(indices, quarters), _dated(found, quarters), accounts, exposures(held, found, limits), limits
    )


def listed_accounts(found: Composition | None) -> pd.DataFrame:
    """The largest accounts, for whoever looks after them: `account`, `amount`, `share`, `place`, `customers`."""
    if found is None:
        return pd.DataFrame({"place": [], "account": [], "amount": [], "share": [], "customers": []}).astype(
            {"place": "int64", "account": object, "customers": "int64"}
        )
    members = found.joined.joined.groupby("account").size()
    rows = found.accounts.listed
    customers = rows["account"].map(members).fillna(1).astype("int64")
    return rows.assign(place=range(1, len(rows) + 1), customers=customers)


def _profile(customers: Rows) -> Rows:
    held = customers.filter(nw.col("account_id") == nw.col("customer_id"))
    return held.select("customer_id", *PROFILE.values())


def _number(quarter: Quarter) -> int:
    return quarter.year * 4 + quarter.number - 1


def _by_quarter(months: Rows, quarters: Sequence[Quarter]) -> Rows:
    """Revenue by customer and quarter: `customer_id`, `period` (its number), `amount`."""
    inside = (nw.col("month") >= quarters[0].first_day) & (nw.col("month") <= quarters[-1].last_day)
    kept = months.filter(inside & ~nw.col("revenue").is_null())
    period = nw.col("month").dt.year() * 4 + (nw.col("month").dt.month() - 1) // 3
    known = kept.select("customer_id", period=period.cast(nw.Int64), amount="revenue")
    told = known.filter(nw.col("period").is_in([_number(quarter) for quarter in quarters]))
    return told.group_by("customer_id", "period").agg(amount=nw.col("amount").cast(nw.Decimal(38, 4)).sum())


def _classed(money: Rows, profile: Rows, column: str) -> Rows:
    """The revenue of customers whose class is known."""
    joined = money.join(profile.select("customer_id", **{"class": nw.col(column)}), on="customer_id", how="inner")
    return joined.filter(~nw.col("class").is_null())


def _by_product(tables: Tables, observation: Observation, quarters: Sequence[Quarter]) -> Rows:
    """Fees less discounts due for the last month of each quarter, by customer and product."""
    lines = tables["subscriptions"]
    if observation.leaving_told_by == "accounts":
        lines = ended_with_their_account(lines, tables["customers"])
    parts = []
    for quarter in quarters:
        due = due_lines(lines, quarter.months[-1]).with_columns(period=nw.lit(_number(quarter)).cast(nw.Int64))
        kind = {"class": nw.col("product").str.to_lowercase()}
        parts.append(due.select("customer_id", "period", **kind, amount="due"))
    return nw.concat(parts)


def _pooled(rows: Rows, quarters: Sequence[Quarter]) -> Rows:
    """The rows of some quarters as one period."""
    kept = rows.filter(nw.col("period").is_in([_number(quarter) for quarter in quarters]))
    return kept.with_columns(period=nw.lit(0).cast(nw.Int64))


def _members(value: Rows, links: Rows, found: Largest, smallest: int, engine: Engine) -> Rows:
    """Active customers with their account, their value, and whether it is one of the largest."""
    first = found.listed[["account"]].head(smallest).assign(top=1)
    top = engine.table(first.astype({"account": object}))
    joined = with_account(value.select("customer_id", value="current_value"), links).join(top, on="account", how="left")
    return joined.with_columns(top=nw.coalesce(nw.col("top"), nw.lit(0)))


def _held(tables: Tables, observation: Observation) -> Rows:
    """Products held in the as-of month: `customer_id`, `class`."""
    due = due_lines(tables["subscriptions"], observation.as_of.replace(day=1))
    return due.select("customer_id", **{"class": nw.col("product").str.to_lowercase()}).unique()


def _inside(value: Rows, classed: Rows, table: pd.DataFrame) -> Rows:
    """Active customers with their value, and whether they are of the largest class."""
    name = str(table["largest"].iloc[-1]) if len(table) else ""
    within = classed.filter(nw.col("class") == name).select("customer_id").unique().with_columns(inside=nw.lit(1))
    joined = value.select("customer_id", value="current_value").join(within, on="customer_id", how="left")
    return joined.with_columns(inside=nw.coalesce(nw.col("inside"), nw.lit(0)))


def _named(indices: Mapping[str, pd.DataFrame], quarters: Sequence[Quarter]) -> dict[str, pd.DataFrame]:
    names = {_number(quarter): str(quarter) for quarter in quarters}
    return {name: table.assign(quarter=table["period"].map(names)) for name, table in indices.items()}


def _dated(found: Largest, quarters: Sequence[Quarter]) -> Largest:
    names = {_number(quarter): str(quarter) for quarter in quarters}
    return found._replace(quarters=found.quarters.assign(quarter=found.quarters["period"].map(names)))
