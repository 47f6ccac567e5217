"""Spells: the stretches of time in which a customer held any product without a gap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.frames.observation import Observation

OPEN = dt.date(9999, 12, 31)  # stands for "not ended" inside this module only


def spells(tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation) -> nw.LazyFrame[Any]:
    """When each customer was on the books, as known at the as-of date.

    Products held one after the other, or with a gap of at most `grace_days`, make one spell; tenure
    restarts with each. A spell ends on the first day on which nothing is held any more. Without
    `subscriptions` every customer has one spell, from signup to churn. Where products have no end dates they
    end with their account; where nothing tells who left, nobody can be followed and there is no spell.

    Returns
    -------
    Table, one row per spell: `customer_id`, `spell` (1, 2, …), `start`, `end` (missing while the customer
    is on the books), `kind` (of leaving; known for the last spell only). Customers without a signup
    date, or without a product where subscriptions are given, have no spell.
    """
    accounts = _accounts(tables["customers"])
    if "subscriptions" in tables:
        held = _held(tables["subscriptions"])
        if observation.leaving_told_by == "accounts":
            held = _held(ended_with_their_account(tables["subscriptions"], tables["customers"]))
        stretches = _merged(held, grace_days=observation.grace_days)
        stretches = _begun_before_the_extract(stretches, accounts, observation)
    else:
        stretches = accounts.filter(~nw.col("signup_date").is_null()).select(
            "customer_id",
            nw.lit(1).cast(nw.Int64).alias("spell"),
            nw.col("signup_date").alias("start"),
            nw.coalesce(nw.col("churn_date"), nw.lit(OPEN)).alias("end"),
        )
    if observation.leaving_told_by == "nothing":
        stretches = stretches.filter(nw.col("spell") < 1)
    return _with_kind(stretches, accounts, as_of=observation.as_of)


def _accounts(customers: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """One row per customer: first signup over all accounts held, churn of the account held last."""
    first = customers.group_by("customer_id").agg(signup_date=nw.col("signup_date").min())
    last = customers.filter(nw.col("account_id") == nw.col("customer_id"))
    return last.select("customer_id", "churn_date", "churn_kind").join(first, on="customer_id", how="inner")


def _held(subscriptions: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return subscriptions.select(
        "customer_id",
        "subscription_id",
        nw.col("start_date").alias("start"),
        nw.coalesce(nw.col("end_date"), nw.lit(OPEN)).alias("end"),
    )


def ended_with_their_account(subscriptions: nw.LazyFrame[Any], customers: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Subscriptions of a source without end dates: each ends on the day its account was closed.

    In tables as they were taken in, where keys that replace each other are not yet one customer, a key is the account.
    """
    key = "account_id" if "account_id" in customers.collect_schema().names() else "customer_id"
    rows = subscriptions.join(customers.select(key, "churn_date"), on=key, how="left")
    return rows.with_columns(end_date=nw.col("churn_date"))


def _merged(held: nw.LazyFrame[Any], *, grace_days: int) -> nw.LazyFrame[Any]:
    order = ["start", "end", "subscription_id"]
    reached = held.with_columns(reach=nw.col("end").cum_max().over("customer_id", order_by=order))
    before = reached.with_columns(before=nw.col("reach").shift(1).over("customer_id", order_by=order))
    gap = (nw.col("start") - nw.coalesce(nw.col("before"), nw.col("start"))).cast(nw.Int64)
    begins = (gap > grace_days).cast(nw.Int64)
    numbered = before.with_columns(begins=begins).with_columns(
        spell=nw.col("begins").cum_sum().over("customer_id", order_by=order) + 1
    )
    return numbered.group_by("customer_id", "spell").agg(start=nw.col("start").min(), end=nw.col("end").max())


def _begun_before_the_extract(
    stretches: nw.LazyFrame[Any], accounts: nw.LazyFrame[Any], observation: Observation
) -> nw.LazyFrame[Any]:
    """First spells that were already running when the subscriptions extract begins start at signup.

    Extracts often lack the rows closed before their first day; the signup date still tells the tenure.
    """
    limit = observation.covered_from("subscriptions")
    joined = stretches.join(accounts.select("customer_id", "signup_date"), on="customer_id", how="left")
    cut = (nw.col("spell") == 1) & (nw.col("start") <= limit) & (nw.col("signup_date") < nw.col("start"))
    started = nw.when(cut).then(nw.col("signup_date")).otherwise(nw.col("start"))
    return joined.with_columns(start=started).select("customer_id", "spell", "start", "end")


def _with_kind(stretches: nw.LazyFrame[Any], accounts: nw.LazyFrame[Any], *, as_of: dt.date) -> nw.LazyFrame[Any]:
    last = stretches.group_by("customer_id").agg(last=nw.col("spell").max())
    joined = stretches.join(last, on="customer_id", how="inner").join(
        accounts.select("customer_id", "churn_kind"), on="customer_id", how="inner"
    )
    ended = nw.col("end") <= as_of
    return joined.filter(nw.col("start") <= as_of).select(
        "customer_id",
        "spell",
        "start",
        nw.when(ended).then(nw.col("end")).alias("end"),
        nw.when(ended & (nw.col("spell") == nw.col("last"))).then(nw.col("churn_kind")).alias("kind"),
    )
