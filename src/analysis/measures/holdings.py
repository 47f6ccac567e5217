"""Who belongs together: business accounts under one parent, and the members of a household, as one account."""

from __future__ import annotations

from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.extracts.engine import to_pandas

Rows = nw.LazyFrame[Any]

LARGEST_HOUSEHOLD = 20  # members; an id that more customers share stands for something else, such as "unknown"


class Accounts(NamedTuple):
    """`joined`: table, one row per customer who belongs to others: `customer_id`, `account` (the smallest id of them).

    `too_large` customers bear the id of a household that is too large to be one.
    """

    joined: pd.DataFrame
    too_large: int


def joined_accounts(customers: Rows) -> Accounts:
    """Customers who are one account: who names the same parent, the parent itself, and who shares a household.

    Parameters
    ----------
    customers : table of the population: `customer_id`, `account_id`, `parent_id`, `household_id`.
    """
    held = customers.filter(nw.col("account_id") == nw.col("customer_id"))
    homes = held.filter(~nw.col("household_id").is_null()).group_by("household_id").agg(members=nw.len())
    shared = homes.filter(nw.col("members") > 1)
    large = to_pandas(shared.filter(nw.col("members") > LARGEST_HOUSEHOLD).select(n=nw.col("members").sum()))["n"].iloc[
        0
    ]
    small = shared.filter(nw.col("members") <= LARGEST_HOUSEHOLD).select("household_id")
    households = held.join(small, on="household_id", how="inner").select("customer_id", other="household_id")
    links = pd.concat([_marked(households, "h"), _parents(customers)], ignore_index=True)
    return Accounts(_components(links), 0 if large is None or large != large else int(large))


def _parents(customers: Rows) -> pd.DataFrame:
    """Who names a parent, and the parent under the key its customer holds now, where it is a customer."""
    named = customers.filter(~nw.col("parent_id").is_null() & (nw.col("parent_id") != nw.col("account_id")))
    links = _marked(named.select("customer_id", other="parent_id"), "p")
    known = customers.select("customer_id", other="account_id").join(
        named.select(other="parent_id").unique(), on="other", how="inner"
    )
    return pd.concat([links, _marked(known, "p")], ignore_index=True)


def _marked(links: Rows, kind: str) -> pd.DataFrame:
    rows = to_pandas(links.unique().sort("customer_id", "other"))
    return rows.assign(other=kind + ":" + rows["other"].astype(str))


def _components(links: pd.DataFrame) -> pd.DataFrame:
    if links.empty:
        return pd.DataFrame({"customer_id": pd.Series(dtype=str), "account": pd.Series(dtype=str)})
    who, ids = pd.factorize(links["customer_id"], sort=True)
    what, others = pd.factorize(links["other"], sort=True)
    size = len(ids) + len(others)
    graph = coo_array((np.ones(len(links)), (who, what + len(ids))), shape=(size, size))
    label = connected_components(graph, directed=False)[1][: len(ids)]
    table = pd.DataFrame({"customer_id": np.asarray(ids, dtype=object), "label": label})
    table["account"] = table.groupby("label")["customer_id"].transform("min")
    several = table.groupby("label")["customer_id"].transform("size") > 1
    return table.loc[several, ["customer_id", "account"]].reset_index(drop=True)


def with_account(rows: Rows, joined: Rows) -> Rows:
    """The rows of customers with the `account` each belongs to: its own id where it belongs to nobody."""
    found = rows.join(joined, on="customer_id", how="left")
    return found.with_columns(account=nw.coalesce(nw.col("account"), nw.col("customer_id")))
