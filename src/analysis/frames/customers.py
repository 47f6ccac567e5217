"""The customer 360: everyone observed, as known at the as-of date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.frames.features import features
from analysis.frames.observation import Observation


def customers(
    spells: nw.LazyFrame[Any], tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation
) -> nw.LazyFrame[Any]:
    """One row per customer on the books at any time since observation began, leavers included.

    Returns
    -------
    Table, one row per customer: `customer_id`, `state` (active, suspended, left), `signup_date` (the first),
    `churn_date`, `churn_kind`, `churn_reason` (of the last spell; missing while on the books), `spells`
    (how many), `spell`, `spell_start` (of the last), then the columns of `features` at the as-of date.
    """
    seen = spells.filter(nw.col("end").is_null() | (nw.col("end") > observation.entry))
    latest = _latest(seen)
    accounts = tables["customers"]
    held = accounts.filter(nw.col("account_id") == nw.col("customer_id")).select(
        "customer_id", "status", "churn_reason"
    )
    first = accounts.group_by("customer_id").agg(signed=nw.col("signup_date").min())
    joined = latest.join(held, on="customer_id", how="inner").join(first, on="customer_id", how="inner")
    left = ~nw.col("end").is_null()
    state = (
        nw.when(left)
        .then(nw.lit("left"))
        .otherwise(nw.when(nw.col("status") == "suspended").then(nw.lit("suspended")).otherwise(nw.lit("active")))
    )
    points = joined.select(
        "customer_id",
        state.alias("state"),
        nw.coalesce(nw.col("signed"), nw.col("start")).alias("signup_date"),
        nw.col("end").alias("churn_date"),
        nw.col("kind").alias("churn_kind"),
        nw.when(left).then(nw.col("churn_reason")).alias("churn_reason"),
        "spells",
        "spell",
        nw.col("start").alias("spell_start"),
        nw.lit(observation.as_of).alias("landmark"),
    )
    return features(points, tables, observation)


def _latest(spells: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    counted = spells.with_columns(spells=nw.col("spell").max().over("customer_id"))
    return counted.filter(nw.col("spell") == nw.col("spells"))
