"""Fees of the products held on a day: what they leave, which discounts run, and what became of them in a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.extracts.engine import to_pandas
from analysis.frames.billed import billed
from analysis.frames.held import known_lines, lines_held, running_discount
from analysis.frames.observation import Observation
from analysis.frames.spells import ended_with_their_account
from analysis.frames.window import KEYS

DEFAULT = "default"
EXACT = nw.Decimal(38, 6)  # a sum of floats would differ in its last bit from run to run


def fee_lines(day: dt.date, tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation) -> nw.LazyFrame[Any]:
    """The subscription rows held on a day, as far as they were known then (start <= day < end).

    Returns
    -------
    Table, one row per subscription held: its own columns, `product` in small letters, `discount` 0 where none runs
    on that day, and `landmark`, the day.
    """
    lines = tables["subscriptions"]
    if observation.leaving_told_by == "accounts":
        lines = ended_with_their_account(lines, tables["customers"])
    held = (nw.col("start_date") <= day) & ~nw.coalesce(nw.col("end_date") <= day, nw.lit(False))
    known = known_lines(lines.filter(held).with_columns(landmark=nw.lit(day)), observation)
    return known.filter(~nw.col("monthly_fee").is_null()).with_columns(discount=running_discount(nw.col("landmark")))


def fee_margins(lines: nw.LazyFrame[Any], *, gross_margin: Mapping[str, float]) -> nw.LazyFrame[Any]:
    """Fees of each customer, and the part of them that the products' own costs leave; discounts not subtracted.

    Parameters
    ----------
    lines : table of `fee_lines`.
    gross_margin : share by product in small letters, and `default` for any other.

    Returns
    -------
    Table, one row per customer who holds a product with a fee: `customer_id`, `fee`, `fee_margin` (money a month),
    `share` (mean gross margin of the products).
    """
    left, share = _kept(nw.col("monthly_fee"), gross_margin), _share(gross_margin).round(6)
    rows = lines.with_columns(left=left, fee=nw.col("monthly_fee").cast(EXACT), share=share)
    return rows.group_by("customer_id").agg(
        fee=nw.col("fee").sum(), fee_margin=nw.col("left").sum(), share=nw.col("share").mean().round(6)
    )


def monthly_margins(
    keys: nw.LazyFrame[Any],
    tables: Mapping[str, nw.LazyFrame[Any]],
    observation: Observation,
    *,
    gross_margin: Mapping[str, float],
    per_month: float,
) -> nw.LazyFrame[Any]:
    """What the products held at each landmark leave in a month: fees less running discounts at the products' gross
    margins, less the cost of having a customer. Contacts with the service desk are not counted. Who holds nothing but
    products without a fee pays by use: what was billed a month for it, see `frames.billed`, stands for the fees.

    Returns
    -------
    Table, one row per customer and landmark who holds a product with a fee: the keys, `monthly_margin` (source's
    currency).
    """
    lines = tables["subscriptions"]
    if observation.leaving_told_by == "accounts":
        lines = ended_with_their_account(lines, tables["customers"])
    held = lines_held(keys.join(lines.drop("account_id"), on="customer_id", how="inner"))
    known = known_lines(held, observation).filter(~nw.col("monthly_fee").is_null())
    due = nw.col("monthly_fee") - running_discount(nw.col("landmark"))
    rows = known.with_columns(left=_kept(due, gross_margin), share=_share(gross_margin).round(6))
    sums = rows.group_by(KEYS).agg(
        left=nw.col("left").sum().cast(nw.Float64), fee=nw.col("monthly_fee").sum(), share=nw.col("share").mean()
    )
    if "invoices" in tables and has_free_products(tables):
        free = sums.filter(nw.col("fee") == 0).select(KEYS)
        bills = billed(free, tables["invoices"], observation).select(*KEYS, "billed_3m")
        brought = (nw.coalesce(nw.col("billed_3m"), nw.lit(0.0)) * nw.col("share")).round(6)
        joined = sums.join(bills, on=KEYS, how="left")
        sums = joined.with_columns(left=nw.when(nw.col("fee") == 0).then(brought).otherwise(nw.col("left")))
    return sums.select(*KEYS, monthly_margin=nw.col("left") - per_month)


def has_free_products(tables: Mapping[str, nw.LazyFrame[Any]]) -> bool:
    """Whether any product is held without a fee, as where customers pay by use alone."""
    return len(to_pandas(tables["subscriptions"].filter(nw.col("monthly_fee") == 0).select("customer_id").head(1))) > 0


def running_discounts(lines: nw.LazyFrame[Any], *, gross_margin: Mapping[str, float]) -> nw.LazyFrame[Any]:
    """Discounts that run after the day, by the day they end on.

    Returns
    -------
    Table, one row per customer and end: `customer_id`, `months` (from the day until the end's eve; missing where no
    end is set), `discount`, `discount_margin` (money a month; the latter at the products' gross margins).
    """
    last = (nw.col("discount_end_date") - nw.col("landmark")).cast(nw.Int64) - 1
    rows = lines.filter(nw.col("discount") > 0).with_columns(
        days=last, left=_kept(nw.col("discount"), gross_margin), off=nw.col("discount").cast(EXACT)
    )
    ends = rows.group_by("customer_id", "days").agg(discount=nw.col("off").sum(), discount_margin=nw.col("left").sum())
    return ends.select("customer_id", "discount", "discount_margin", months=nw.col("days") / DAYS_PER_MONTH)


def _kept(amount: nw.Expr, gross_margin: Mapping[str, float]) -> nw.Expr:
    return (amount.cast(nw.Float64) * _share(gross_margin)).round(6).cast(EXACT)


def _share(gross_margin: Mapping[str, float]) -> nw.Expr:
    share = nw.lit(gross_margin[DEFAULT])
    for product in sorted(set(gross_margin) - {DEFAULT}):
        share = nw.when(nw.col("product") == product).then(nw.lit(gross_margin[product])).otherwise(share)
    return share


def fees_then_and_now(then: nw.LazyFrame[Any], now: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """What customers still there pay for the products they held before, beside what was to be expected then.

    expected = fees then − discounts that were to run on until now
    actual = fees now − discounts that run now, of the same products; 0 for a product given up

    A product whose plan was changed, up or down, or that has a further line now, is another one than was held: it is
    left out on both sides, for what is sold or given up with a change of plan is no matter of the old one's price.

    Parameters
    ----------
    then, now : tables of `fee_lines` on two days.

    Returns
    -------
    Table, one row per customer who held something on both days: `customer_id`, `expected`, `actual` (money a month).
    """
    later = now.select("customer_id", now=nw.col("landmark")).unique()
    stayed = then.join(later, on="customer_id", how="inner")
    runs_on = nw.col("discount_end_date").is_null() | (nw.col("discount_end_date") > nw.col("now"))
    due = nw.col("monthly_fee") - nw.when(runs_on).then(nw.col("discount")).otherwise(0)
    before = _by_product(stayed.with_columns(due=due), due="due")
    after = _by_product(now.with_columns(due=nw.col("monthly_fee") - nw.col("discount")), due="due")
    both = before.join(after, on=["customer_id", "product"], how="left", suffix="_now")
    plans = (nw.col("first_plan") != nw.col("first_plan_now")) | (nw.col("last_plan") != nw.col("last_plan_now"))
    fewer = nw.col("lines_now") < nw.col("lines")
    changed = (nw.col("lines_now") > nw.col("lines")) | (plans & ~fewer)
    kept = both.filter(~nw.coalesce(changed, nw.lit(False)))
    paid = nw.coalesce(nw.col("due_now"), nw.lit(0)).sum()
    return kept.group_by("customer_id").agg(expected=nw.col("due").sum(), actual=paid)


def _by_product(lines: nw.LazyFrame[Any], *, due: str) -> nw.LazyFrame[Any]:
    plan = nw.coalesce(nw.col("plan"), nw.lit(""))
    rows = lines.with_columns(name=plan)
    return rows.group_by("customer_id", "product").agg(
        nw.col(due).sum(),
        lines=nw.len(),
        first_plan=nw.col("name").min(),
        last_plan=nw.col("name").max(),
    )
