"""Profile columns at a landmark, from the account the customer held then."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw

from analysis.frames.observation import Observation

PROFILE = (
    "customer_type", "industry", "employees", "birth_year", "region", "area_id", "area_type",
    "acquisition_channel", "account_role",
)  # fmt: skip
SNAPSHOT = "snapshot"
ALWAYS = ("signup", "observed_from")  # known at every landmark: none lies before signup or entry


def profile(keys: nw.LazyFrame[Any], customers: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """The profile known at each landmark.

    Profile columns count as known at signup unless the source says otherwise (`known_at`). A customer who
    moved house has a row per account; the one signed last by the landmark counts.

    Returns
    -------
    Table, one row per customer and landmark: profile columns and `attr_` columns of the source, with
    `birth_year` turned into `age` (years, at the landmark).
    """
    columns = [*PROFILE, *(name for name in customers.collect_schema().names() if name.startswith("attr_"))]
    dates = sorted({name for name in observation.known_at.values() if name not in (*ALWAYS, SNAPSHOT)})
    kept = customers.select(
        "customer_id",
        "account_id",
        "signup_date",
        *columns,
        *[d for d in dates if d not in columns and d != "signup_date" and d in customers.collect_schema().names()],
    )
    paired = keys.join(kept, on="customer_id", how="inner")
    held = paired.filter(nw.col("signup_date").is_null() | (nw.col("signup_date") <= nw.col("landmark")))
    latest = _last_signed(held)
    known = latest.with_columns(known_only(name, observation) for name in columns if name in observation.known_at)
    age = nw.col("landmark").dt.year() - nw.col("birth_year")
    return known.select("customer_id", "landmark", *[c for c in columns if c != "birth_year"], age=age)


def known_only(column: str, observation: Observation) -> nw.Expr:
    """The column's values at landmarks at which the source says they were known, else missing."""
    since = observation.known_at.get(column, "signup")
    if since in ALWAYS:
        return nw.col(column)
    known = nw.lit(observation.snapshot_date) if since == SNAPSHOT else nw.col(since)
    return nw.when(known <= nw.col("landmark")).then(nw.col(column)).alias(column)


def _last_signed(held: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The account signed last; the one held now wins a tie, for systems that copy the first signup to its successor."""
    now = (nw.col("account_id") == nw.col("customer_id")).cast(nw.Int64)
    unsigned = nw.when(now == 1).then(nw.lit(dt.date(9999, 12, 31))).otherwise(nw.lit(dt.date(1, 1, 1)))
    order = ["signed", "now", "account_id"]
    numbered = held.with_columns(signed=nw.coalesce(nw.col("signup_date"), unsigned), now=now).with_columns(
        number=nw.col("account_id").cum_count().over("customer_id", "landmark", order_by=order)
    )
    last = numbered.with_columns(last=nw.col("number").max().over("customer_id", "landmark"))
    return last.filter(nw.col("number") == nw.col("last"))
