"""Products held at a landmark: how many, for how much, and the terms of the main one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.frames.observation import Observation
from analysis.frames.profile import known_only

PRODUCTS = ("broadband", "mobile", "voice", "tv", "cloud", "security", "smart_home")
TERMS = ("plan", "technology", "bandwidth_mbps", "data_cap_gb", "contract_months", "payment_method")


def held_products(
    keys: nw.LazyFrame[Any], subscriptions: nw.LazyFrame[Any], observation: Observation
) -> nw.LazyFrame[Any]:
    """The products held on each landmark (start <= landmark < end), one row per customer and landmark who holds any.

    Gives `products` (count of different ones), `has_<product>` (1 or 0), `monthly_fee` and `discount` (sums;
    a discount counts until its end date), and the terms of the main product, which is the broadband line
    with the highest fee, else the product with the highest fee. Who holds nothing has no terms.
    """
    held = _held(keys.join(subscriptions, on="customer_id", how="inner"))
    later = [name for name in held.collect_schema().names() if name in observation.known_at]
    # A product that was not known to be held is not held as far as the landmark can tell.
    held = held.with_columns(known_only(name, observation) for name in later) if later else held
    held = held.filter(~nw.col("product").is_null())
    totals = held.group_by("customer_id", "landmark").agg(**_totals())
    return totals.join(_main(held), on=["customer_id", "landmark"], how="inner")


def products_on(day: dt.date, tables: Mapping[str, nw.LazyFrame[Any]]) -> nw.LazyFrame[Any]:
    """The products held on a day, one row per customer and different product: `customer_id`, `product`.

    Without rows where the source gives no subscriptions.
    """
    if "subscriptions" not in tables:
        return tables["customers"].filter(nw.col("customer_id").is_null()).select("customer_id", product="account_id")
    held = _held(tables["subscriptions"].with_columns(landmark=nw.lit(day)))
    return held.select("customer_id", "product").unique()


def _held(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Rows of products held on their landmark; "Broadband" and "broadband" are one product."""
    ended = nw.coalesce(nw.col("end_date") <= nw.col("landmark"), nw.lit(False))
    held = rows.filter((nw.col("start_date") <= nw.col("landmark")) & ~ended)
    return held.with_columns(nw.col("product").str.to_lowercase())


def _totals() -> dict[str, nw.Expr]:
    running = nw.col("discount_end_date").is_null() | (nw.col("discount_end_date") > nw.col("landmark"))
    discount = nw.when(running).then(nw.coalesce(nw.col("discount"), nw.lit(0))).otherwise(0)
    has = {f"has_{name}": (nw.col("product") == name).cast(nw.Int64).max() for name in PRODUCTS}
    return {
        "products": nw.col("product").n_unique(),
        "monthly_fee": nw.when(nw.col("monthly_fee").count() > 0).then(nw.col("monthly_fee").sum()),
        "discount": nw.when(nw.col("monthly_fee").count() > 0).then(discount.sum()),
        **has,
    }


def _main(held: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    ranked = held.with_columns(second=(nw.col("product") != "broadband").cast(nw.Int64), dearest=-nw.col("monthly_fee"))
    order = ["second", "dearest", "subscription_id"]
    place = nw.col("subscription_id").cum_count().over("customer_id", "landmark", order_by=order)
    promotion = nw.when(nw.col("discount_end_date") > nw.col("landmark")).then(
        (nw.col("discount_end_date") - nw.col("landmark")).cast(nw.Int64) / DAYS_PER_MONTH
    )
    first = ranked.with_columns(place=place).filter(nw.col("place") == 1)
    return first.select("customer_id", "landmark", *TERMS, promotion_months_left=promotion)
