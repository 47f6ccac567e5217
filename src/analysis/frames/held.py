"""Products held at a landmark: how many, for how much, and the terms of the main one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.extracts.contract import PRODUCTS
from analysis.frames.observation import Observation
from analysis.frames.profile import known_only
from analysis.frames.renewals import contract_ends_are_told
from analysis.frames.window import KEYS

TERMS = ("plan", "technology", "bandwidth_mbps", "data_cap_gb", "contract_months", "payment_method")


def held_products(
    keys: nw.LazyFrame[Any], subscriptions: nw.LazyFrame[Any], observation: Observation
) -> nw.LazyFrame[Any]:
    """The products held on each landmark (start <= landmark < end), one row per customer and landmark who holds any.

    Gives `products` (count of different ones), `has_<product>` (1 or 0), `monthly_fee` and `discount` (sums;
    a discount counts until its end date), and the terms of the main product, which is the broadband line
    with the highest fee, else the product with the highest fee: also `discount_share` (its running discount
    ÷ its fee), `promotion_months_left`, and, where renewals open new rows, `contract_bound` (1 until its
    contract ends, 0 after that or on monthly terms, missing where neither is told) and `contract_months_left`
    (missing where not bound). Who holds nothing has no terms.
    """
    held = known_lines(lines_held(keys.join(subscriptions, on="customer_id", how="inner")), observation)
    terms = _terms() | (_contract() if contract_ends_are_told(subscriptions) else {})
    return held.group_by(KEYS).agg(**_totals()).join(_main(held, terms), on=KEYS, how="inner")


def known_lines(lines: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Lines of subscriptions, each with its landmark: columns not known by then missing, "Broadband" as "broadband".

    A product that was not known to be held is not held as far as the landmark can tell.
    """
    later = [name for name in lines.collect_schema().names() if name in observation.known_at]
    known = lines.with_columns(known_only(name, observation) for name in later) if later else lines
    return known.filter(~nw.col("product").is_null()).with_columns(nw.col("product").str.to_lowercase())


def products_on(day: dt.date, tables: Mapping[str, nw.LazyFrame[Any]]) -> nw.LazyFrame[Any]:
    """The products held on a day, one row per customer and different product: `customer_id`, `product`.

    Without rows where the source gives no subscriptions.
    """
    if "subscriptions" not in tables:
        return tables["customers"].filter(nw.col("customer_id").is_null()).select("customer_id", product="account_id")
    held = lines_held(tables["subscriptions"].with_columns(landmark=nw.lit(day)))
    return held.select("customer_id", product=nw.col("product").str.to_lowercase()).unique()


def lines_held(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Rows of products held on their landmark."""
    ended = nw.coalesce(nw.col("end_date") <= nw.col("landmark"), nw.lit(False))
    return rows.filter((nw.col("start_date") <= nw.col("landmark")) & ~ended)


def running_discount(day: nw.Expr) -> nw.Expr:
    """The discount of a line on a day: it runs until its end date, or on where it has none."""
    running = nw.col("discount_end_date").is_null() | (nw.col("discount_end_date") > day)
    return nw.when(running).then(nw.coalesce(nw.col("discount"), nw.lit(0))).otherwise(0)


def _totals() -> dict[str, nw.Expr]:
    has = {f"has_{name}": (nw.col("product") == name).cast(nw.Int64).max() for name in PRODUCTS}
    priced = nw.col("monthly_fee").count() > 0
    return {
        "products": nw.col("product").n_unique(),
        "monthly_fee": nw.when(priced).then(nw.col("monthly_fee").sum()),
        "discount": nw.when(priced).then(running_discount(nw.col("landmark")).sum()),
        **has,
    }


def _main(held: nw.LazyFrame[Any], terms: Mapping[str, nw.Expr]) -> nw.LazyFrame[Any]:
    ranked = held.with_columns(second=(nw.col("product") != "broadband").cast(nw.Int64), dearest=-nw.col("monthly_fee"))
    order = ["second", "dearest", "subscription_id"]
    place = nw.col("subscription_id").cum_count().over(*KEYS, order_by=order)
    return ranked.with_columns(place=place).filter(nw.col("place") == 1).select(*KEYS, **terms)


def _terms() -> dict[str, nw.Expr]:
    fee = nw.col("monthly_fee").cast(nw.Float64)
    share = running_discount(nw.col("landmark")).cast(nw.Float64) / fee
    return {name: nw.col(name) for name in TERMS} | {
        "discount_share": nw.when(fee > 0).then(share),
        "promotion_months_left": _months_until("discount_end_date"),
    }


def _contract() -> dict[str, nw.Expr]:
    bound = (nw.col("contract_end_date") > nw.col("landmark")).cast(nw.Int64)
    monthly = nw.when(nw.col("contract_months") <= 1).then(0)
    return {
        "contract_bound": nw.coalesce(bound, monthly),
        "contract_months_left": _months_until("contract_end_date"),
    }


def _months_until(day: str) -> nw.Expr:
    """Months from the landmark to a later day, missing where the day has passed or is none."""
    ahead = (nw.col(day) - nw.col("landmark")).cast(nw.Int64) / DAYS_PER_MONTH
    return nw.when(nw.col(day) > nw.col("landmark")).then(ahead)
