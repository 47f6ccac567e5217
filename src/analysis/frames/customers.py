"""The customer 360: everyone observed, as known at the as-of date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from analysis.frames.features import Part, features
from analysis.frames.observation import Observation


def customers(
    spells: nw.LazyFrame[Any],
    tables: Mapping[str, nw.LazyFrame[Any]],
    observation: Observation,
    more: Sequence[Part] = (),
) -> nw.LazyFrame[Any]:
    """One row per customer on the books at any time since observation began, leavers included.

    Returns
    -------
    Table, one row per customer: `customer_id`, `state` (active, suspended, left; unknown where nothing tells who left:
    then who ever signed has a row, and one spell from signup on), `signup_date` (the first),
    `churn_date`, `churn_kind`, `churn_reason` (of the last spell; missing while on the books), `spells`
    (how many), `spell`, `spell_start` (of the last), then the columns of `features` at the as-of date.
    """
    accounts = tables["customers"]
    unknown = observation.leaving_told_by == "nothing"
    latest = _signed(accounts, observation) if unknown else _latest(spells, observation)
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
        (nw.lit("unknown") if unknown else state).alias("state"),
        nw.coalesce(nw.col("signed"), nw.col("start")).alias("signup_date"),
        nw.col("end").alias("churn_date"),
        nw.col("kind").alias("churn_kind"),
        nw.when(left).then(nw.col("churn_reason")).alias("churn_reason"),
        "spells",
        "spell",
        nw.col("start").alias("spell_start"),
        nw.lit(observation.as_of).alias("landmark"),
    )
    return features(points, tables, observation, more)


def lives(
    spells: nw.LazyFrame[Any], tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation
) -> nw.LazyFrame[Any]:
    """`spells`; of a source that does not tell who left, one without an end for everybody who signed."""
    unknown = observation.leaving_told_by == "nothing"
    return _signed(tables["customers"], observation) if unknown else spells


def _latest(spells: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    seen = spells.filter(nw.col("end").is_null() | (nw.col("end") > observation.entry))
    counted = seen.with_columns(spells=nw.col("spell").max().over("customer_id"))
    return counted.filter(nw.col("spell") == nw.col("spells"))


def _signed(accounts: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Everybody who signed by the as-of date, of a source that does not tell who left."""
    first = accounts.group_by("customer_id").agg(start=nw.col("signup_date").min())
    return first.filter(nw.col("start") <= observation.as_of).select(
        "customer_id",
        "start",
        nw.lit(None).cast(nw.Date).alias("end"),
        nw.lit(None).cast(nw.String).alias("kind"),
        nw.lit(1).cast(nw.Int64).alias("spell"),
        nw.lit(1).cast(nw.Int64).alias("spells"),
    )
