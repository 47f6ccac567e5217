"""Who counts: test, staff and internal lines are left out, and a customer who moved house stays one customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.errors import InputRefused
from analysis.extracts.contract import CONTRACT, KEPT_OUT
from analysis.extracts.engine import Engine, to_pandas


@dataclass(frozen=True)
class Population:
    """Contract tables about customers only, each customer under the key held now.

    `counts` is a table, one row per reason, of accounts left out (test, staff, internal), joined to a later one
    (replaced), or kept with a remark: suspended, in a household of several customers, under a parent account.
    """

    tables: dict[str, nw.LazyFrame[Any]]
    counts: pd.DataFrame


def population(tables: Mapping[str, nw.LazyFrame[Any]], *, engine: Engine) -> Population:
    """The contract tables without test, staff and internal lines, replaced accounts under their successors' keys.

    An account that names another in `replaces_customer_id` (a house move, a change of technology) is the
    same customer. Every table then carries the latest key; `customers` keeps one row per account, with the
    key it had in `account_id`, and `usage` one row per customer and month: use under two keys is added up.

    Raises
    ------
    InputRefused
        When accounts replace each other in a circle.
    """
    kept_out = _kept_out(tables["customers"])
    moves = successors(tables["customers"].join(kept_out, on="customer_id", how="anti"))
    names = engine.table(moves)
    changed = {
        name: _renamed(table.join(kept_out, on="customer_id", how="anti"), names)
        if "customer_id" in CONTRACT[name].names
        else table
        for name, table in tables.items()
    }
    if "usage" in changed:
        changed["usage"] = _merged_use(changed["usage"], names)
    return Population(changed, _counts(kept_out, {"replaced": len(moves)} | _remarks(changed["customers"])))


def _kept_out(customers: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return customers.filter(nw.col("status").is_in(KEPT_OUT)).select("customer_id", "status")


def _counts(kept_out: nw.LazyFrame[Any], remarks: dict[str, int]) -> pd.DataFrame:
    by_status = to_pandas(kept_out.group_by("status").agg(accounts=nw.len()).sort("status"))
    rows = dict(zip(by_status["status"], by_status["accounts"], strict=True))
    reasons = {status: int(rows.get(status, 0)) for status in KEPT_OUT} | remarks
    return pd.DataFrame({"reason": list(reasons), "accounts": list(reasons.values())})


def _remarks(customers: nw.LazyFrame[Any]) -> dict[str, int]:
    """Customers, by the account held now, of whom something is to be said though each counts as one customer.

    Those in a household that holds several, and those under the account of another.
    """
    held = customers.filter(nw.col("account_id") == nw.col("customer_id"))
    homes = held.filter(~nw.col("household_id").is_null()).group_by("household_id").agg(members=nw.len())
    shared = to_pandas(homes.filter(nw.col("members") > 1).select(nw.col("members").sum()))["members"].iloc[0]
    others = nw.col("parent_id") != nw.col("account_id")
    counts = to_pandas(
        held.select(
            suspended=(nw.col("status") == "suspended").cast(nw.Int64).sum(), under_parent=others.cast(nw.Int64).sum()
        )
    ).iloc[0]
    whole = {name: 0 if pd.isna(value) else int(value) for name, value in counts.items()}
    return {
        "suspended": whole["suspended"],
        "shared_household": 0 if pd.isna(shared) else int(shared),
        "under_parent": whole["under_parent"],
    }


def successors(customers: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Table, one row per replaced account: `account_id`, `successor` (the key its customer holds now)."""
    moves = customers.filter(~nw.col("replaces_customer_id").is_null())
    rows = to_pandas(
        moves.select("replaces_customer_id", "customer_id", "signup_date").sort("signup_date", "customer_id")
    )
    latest = dict(zip(rows["replaces_customer_id"], rows["customer_id"], strict=True))
    ends = {account: _end_of_chain(account, latest) for account in latest}
    return pd.DataFrame(
        {"account_id": pd.Series(list(ends), dtype=str), "successor": pd.Series(list(ends.values()), dtype=str)}
    )


def _end_of_chain(account: str, latest: Mapping[str, str]) -> str:
    seen = {account}
    while account in latest:
        account = latest[account]
        if account in seen:
            raise InputRefused(
                "customers.replaces_customer_id",
                expected="each account to replace an earlier one",
                found=f"{len(seen)} accounts that replace each other in a circle",
                do="Correct replaces_customer_id in the extract or in the source's customers.sql.",
            )
        seen.add(account)
    return account


def _renamed(table: nw.LazyFrame[Any], successors: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    joined = table.join(successors, left_on="customer_id", right_on="account_id", how="left")
    columns = [name for name in table.collect_schema().names() if name != "customer_id"]
    return joined.select(
        nw.coalesce("successor", "customer_id").alias("customer_id"),
        nw.col("customer_id").alias("account_id"),
        *columns,
    )


def _merged_use(usage: nw.LazyFrame[Any], successors: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Usage, one row per customer and month again: a month begun under one key and ended under another is one month.

    Amounts are added up, missing only where both are; the evening's share is the mean of the two.
    """
    types = usage.collect_schema()
    columns = [name for name in CONTRACT["usage"].names if name in types.names()]
    values = [name for name in columns if name not in CONTRACT["usage"].key]
    moved = successors.select(customer_id=nw.col("successor")).unique()
    alone = usage.join(moved, on="customer_id", how="anti").select(columns)
    months = usage.join(moved, on="customer_id", how="semi").group_by(*CONTRACT["usage"].key)
    # Mean times count, for a sum of nothing would be zero; rounded, for its last bit differs from run to run.
    means = months.agg(*[nw.col(name).mean() for name in values], *[_filled(name) for name in values])
    totals = [
        (nw.col(name) * (1 if name == "evening_share" else nw.col(f"{name}_rows"))).round(6).cast(types[name])
        for name in values
    ]
    return nw.concat([alone, means.with_columns(totals).select(columns)])


def _filled(name: str) -> nw.Expr:
    return nw.col(name).count().alias(f"{name}_rows")
