"""Leads followed: since when each is one, for how long, and whether it became a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.frames.observation import Observation

Rows = nw.LazyFrame[Any]
UNTOLD = "not told"


def followed_leads(tables: Mapping[str, Rows], observation: Observation) -> Rows:
    """Every lead made since leads are on record, followed until it became a customer, or to the as-of date.

    Left out are leads that became a customer before they were made, and those of whom a customer is on record and no
    day on which they became one: when that was is not known.

    Parameters
    ----------
    tables : the population's, `leads` and `customers` among them.

    Returns
    -------
    Table, one row per lead: `lead_id`, `channel`, `segment` (`not told` where missing), `area_id`, `created_at`,
    `created` (its day), `days` (from then to becoming a customer, or to the as-of date), `converted` (1 or 0),
    `won` (day of becoming a customer), `customer_id` (the key that customer holds now; missing where none is told).
    """
    leads, as_of = tables["leads"], observation.as_of
    created = leads.with_columns(created=nw.col("created_at").dt.date(), won=nw.col("converted_at").dt.date())
    made = created.filter(
        (nw.col("created") >= observation.covered_from("leads")) & (nw.col("created") <= as_of)
    ).with_columns(won=nw.when(nw.col("won") <= as_of).then(nw.col("won")))
    undated = nw.col("won").is_null() & ~nw.col("converted_customer_id").is_null()
    known = made.filter(~undated & (nw.col("won").is_null() | (nw.col("won") >= nw.col("created"))))
    keys = tables["customers"].select(converted_customer_id=nw.col("account_id"), key=nw.col("customer_id")).unique()
    named = known.join(keys, on="converted_customer_id", how="left")
    return named.select(
        "lead_id",
        "area_id",
        "created_at",
        "created",
        "won",
        channel=nw.coalesce(nw.col("channel"), nw.lit(UNTOLD)),
        segment=nw.coalesce(nw.col("segment"), nw.lit(UNTOLD)),
        days=(nw.coalesce(nw.col("won"), nw.lit(as_of)) - nw.col("created")).cast(nw.Int64),
        converted=(~nw.col("won").is_null()).cast(nw.Int64),
        customer_id=nw.col("key"),
    )
