"""Customers won: who joined while it was observed, how they came, and what winning them cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.frames.fees import EXACT
from analysis.frames.observation import Observation


def customers_won(
    tables: Mapping[str, nw.LazyFrame[Any]], spells: nw.LazyFrame[Any], observation: Observation
) -> nw.LazyFrame[Any]:
    """Customers whose first account and first spell began since observation did, leavers too.

    Who joined earlier entered observation late: of them only those are seen who stayed, and their first months are not
    on record. Who comes back is not won again, and an account that replaces another (a house moved) wins nobody.

    Returns
    -------
    Table, one row per customer: `customer_id`, `start` (the day of joining), `channel` and `cost` (of the first
    account; missing where the source does not tell them).
    """
    begins, as_of = nw.lit(observation.begins), nw.lit(observation.as_of)
    accounts = tables["customers"].filter(~nw.col("signup_date").is_null())
    place = nw.col("account_id").cum_count().over("customer_id", order_by=["signup_date", "account_id"])
    first = accounts.with_columns(place=place).filter((nw.col("place") == 1) & (nw.col("signup_date") >= begins))
    profile = first.select(
        "customer_id", channel=nw.col("acquisition_channel"), cost=nw.col("acquisition_cost").cast(EXACT)
    )
    begun = spells.filter((nw.col("spell") == 1) & (nw.col("start") >= begins) & (nw.col("start") <= as_of))
    return begun.select("customer_id", "start").join(profile, on="customer_id", how="inner")
