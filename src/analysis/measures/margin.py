"""The monthly margin of active customers: what their products bring, what serving them costs, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.quarter import DAYS_PER_MONTH, months_later
from analysis.extracts.engine import to_pandas
from analysis.frames.fees import DEFAULT, EXACT, fee_lines, fee_margins, running_discounts
from analysis.frames.observation import Observation
from analysis.measures.arpu import billed_months
from analysis.measures.margin_figures import (
    PARTS,
    YEAR,
    Figure,
    Tables,
    assumed,
    contact_cost,
    drift,
    realisation,
)
from analysis.measures.received import received_months

QUARTER = 3  # months whose bills stand for the fees where no subscriptions tell them
FEES = ["customer_id", "fee", "fee_margin"]
DISCOUNTS = ["customer_id", "months", "discount", "discount_margin"]


class Costs(NamedTuple):
    """Params of the margin: shares of revenue by product (with `default`); money a month, and per contact."""

    gross_margin: Mapping[str, float]
    per_month: float
    per_contact: float


@dataclass(frozen=True)
class Margin:
    """What is needed to look ahead.

    customers : Table, one row per customer who holds products with fees at the as-of date, by id: `customer_id`,
        `fee`, `fee_margin` (what the products' own costs leave of it; both a month, discounts not subtracted),
        `received_value` (margin since observation began; missing where no revenue is known).
    discounts : Table, one row per customer and end, by both: `customer_id`, `months` (until it ends; missing where it
        does not), `discount`, `discount_margin` (a month).
    figures : Table, one row per figure: `item`, `value`, `low`, `high` (95 %), `basis` (measured, assumed, params),
        `remark`. Items: gross_margin, realisation, drift (per year), contact_cost, service_cost (a month).
    followed_months : months of the calendar that observation covers.
    """

    customers: pd.DataFrame
    discounts: pd.DataFrame
    figures: pd.DataFrame
    followed_months: float


def margin(
    months: nw.LazyFrame[Any],
    *,
    tables: Tables,
    spells: nw.LazyFrame[Any],
    observation: Observation,
    costs: Costs,
) -> Margin:
    """The margin of the products held at the as-of date, from fees, bills, tickets and params.

    What a source does not give is assumed, and said in `figures`: without invoices all fees are billed, without a
    year of history prices stay, without tickets contacts cost nothing, without subscriptions the bills of the last
    three months stand for the fees. Of who holds nothing but products without a fee and pays by use alone, as with
    prepaid cards, the bills of the last twelve months do.

    Parameters
    ----------
    months : table of `frames.months.months`, one row per customer and month.
    tables : contract tables about customers only.
    """
    fees, discounts = _fees(months, tables, observation, costs)
    # A source whose fees are all nothing does not tell them: the cost to serve would pass for what customers bring.
    fees = fees if (fees["fee"] > 0).any() else fees.iloc[:0]
    billed_share = realisation(months, tables=tables, spells=spells, observation=observation)
    fees, by_use = _with_use(fees, months, tables, observation, billed_share.value)
    received = _received(months, tables, observation, costs)
    customers = fees.merge(received, on="customer_id", how="left", validate="one_to_one")
    blended = customers["fee_margin"] / customers["fee"].where(customers["fee"] > 0)
    kept = customers["revenue"] * blended.fillna(customers["share_kept"]).fillna(costs.gross_margin[DEFAULT])
    spent = costs.per_month * customers["share"] + customers["contacts"]
    customers = customers.assign(received_value=kept - spent)[[*FEES, "received_value"]]
    figures = [
        _gross_margin(customers, tables),
        billed_share._replace(remark=f"{billed_share.remark}{_and_by_use(by_use)}"),
        drift(tables, observation),
        contact_cost(months, tables=tables, observation=observation, per_contact=costs.per_contact),
        assumed("service_cost", costs.per_month, "cost_to_serve.per_month", basis="params"),
    ]
    followed = (observation.as_of - observation.entry).days / DAYS_PER_MONTH
    return Margin(customers, discounts, pd.DataFrame(figures, columns=list(Figure._fields)), followed)


def _fees(
    months: nw.LazyFrame[Any], tables: Tables, observation: Observation, costs: Costs
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if "subscriptions" not in tables:
        fees = _billed(months, observation, back=QUARTER)
        fees = fees.assign(fee_margin=fees["fee"] * costs.gross_margin[DEFAULT], share_kept=costs.gross_margin[DEFAULT])
        return fees[[*FEES, "share_kept"]], pd.DataFrame(columns=DISCOUNTS).astype({"months": "float64"})
    lines = fee_lines(observation.as_of, tables, observation)
    fees = to_pandas(fee_margins(lines, gross_margin=costs.gross_margin).sort("customer_id"))
    discounts = running_discounts(lines, gross_margin=costs.gross_margin).sort("customer_id", "months")
    return fees.rename(columns={"share": "share_kept"})[[*FEES, "share_kept"]], to_pandas(discounts)[DISCOUNTS]


def _with_use(
    fees: pd.DataFrame, months: nw.LazyFrame[Any], tables: Tables, observation: Observation, billed_share: float
) -> tuple[pd.DataFrame, int]:
    """`fees`, and of how many customers what was billed stands in them, for they hold nothing with a fee.

    A customer's own bills and time count beside a month of the average of all such customers: a single top-up on the
    first day is no monthly habit. What is written is what the share of the fees that is billed makes the bills of.
    """
    free = fees["fee"] == 0
    if not free.any() or not {"invoices", "subscriptions"} <= set(tables) or not billed_share > 0:
        return fees, 0
    bills = _billed(months, observation, back=YEAR).set_index("customer_id").reindex(fees.loc[free, "customer_id"])
    amount, lived = bills["amount"].fillna(0.0).to_numpy(), bills["lived"].fillna(0.0).to_numpy()
    usual = amount.sum() / lived.sum() if lived.sum() > 0 else 0.0
    fee = (amount + usual) / (lived + 1) / billed_share
    told = fees.copy()
    told.loc[free, "fee"], told.loc[free, "fee_margin"] = fee, fee * fees.loc[free, "share_kept"].to_numpy("float64")
    return told, int(free.sum())


def _and_by_use(customers: int) -> str:
    return "; who pays by use alone counts with their own bills" if customers else ""


def _billed(months: nw.LazyFrame[Any], observation: Observation, *, back: int) -> pd.DataFrame:
    """What was billed in the last months, one-off charges left out, of who was still there in the last of them:
    `customer_id`, `amount`, `lived` (months on the books), `fee` (the amount a month).
    """
    if "recurring" not in months.collect_schema().names():
        return pd.DataFrame({"customer_id": pd.Series(dtype=object), "amount": 0.0, "lived": 0.0, "fee": 0.0})
    since = months_later(observation.as_of, -back)
    billed = sorted(month for month in billed_months(months) if month > since)
    there = months.filter((nw.col("month") > months_later(observation.as_of, -1)) & (nw.col("days") > 0))
    parts = [nw.coalesce(nw.col(part), nw.lit(0)).cast(EXACT).sum().alias(part) for part in PARTS]
    rows = months.filter(nw.col("month").is_in(billed)).join(there.select("customer_id"), on="customer_id", how="semi")
    each = to_pandas(rows.group_by("customer_id").agg(*parts, days=nw.col("days").sum()).sort("customer_id"))
    lived = each["days"] / DAYS_PER_MONTH
    amount = each[list(PARTS)].astype("float64").sum(axis=1)
    return each.assign(amount=amount, lived=lived, fee=amount / lived.where(lived > 0))


def _received(months: nw.LazyFrame[Any], tables: Tables, observation: Observation, costs: Costs) -> pd.DataFrame:
    """Per customer: `revenue` of all months that tell it, `share` (months on the books in them), `contacts` (cost)."""
    each = received_months(months, tables, observation, per_contact=costs.per_contact).group_by("customer_id")
    sums = each.agg(nw.col("told").max(), nw.col("revenue", "share", "contacts").sum())
    return to_pandas(sums.filter(nw.col("told") == 1).drop("told"))


def _gross_margin(customers: pd.DataFrame, tables: Tables) -> Figure:
    total = float(customers["fee"].sum())
    value = float(customers["fee_margin"].sum()) / total if total > 0 else float("nan")
    what = "gross_margin, by the fees of products held" if "subscriptions" in tables else "gross_margin.default"
    return assumed("gross_margin", value, what, basis="params")


def ahead_fees(margin: Margin, customer_id: pd.Series, *, horizon: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Fees less running discounts, at the products' gross margins, in each month ahead (1, 2, …).

    A discount counts for the part of the month before it ends.

    Returns
    -------
    Array, one row per customer asked for, in that order, and one column per month; missing for who holds nothing.
    """
    return FeesAhead(margin, customer_id, horizon=horizon).of(0, len(customer_id))


class FeesAhead:
    """The same for customers in an order, a stretch of them at a time: each is looked up once."""

    def __init__(self, margin: Margin, customer_id: pd.Series, *, horizon: int) -> None:
        index, self.horizon = pd.Index(customer_id), horizon
        self.fee = margin.customers.set_index("customer_id")["fee_margin"].reindex(index).to_numpy("float64")
        place = index.get_indexer(margin.discounts["customer_id"])
        order = np.argsort(place, kind="stable")[np.count_nonzero(place < 0) :]
        self.place = place[order]
        self.months = margin.discounts["months"].to_numpy("float64", na_value=np.inf)[order]
        self.discount = margin.discounts["discount_margin"].to_numpy("float64")[order]

    def of(self, begin: int, end: int) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Those of the customers from one place to before another."""
        ahead = np.repeat(self.fee[begin:end, None], self.horizon, axis=1)
        some = slice(*np.searchsorted(self.place, (begin, end)))
        part = np.clip(self.months[some, None] - np.arange(self.horizon), 0.0, 1.0)
        np.subtract.at(ahead, self.place[some] - begin, self.discount[some, None] * part)
        return ahead
