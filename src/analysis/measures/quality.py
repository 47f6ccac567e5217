"""How complete the tables are, and what became of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import to_pandas
from analysis.measures.disclosure import masked

Tables = Mapping[str, nw.LazyFrame[Any]]


def completeness(tables: Tables, *, supplied: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The share of rows in which each contract column is filled.

    Returns
    -------
    Table, one row per table and contract column, in the contract's order: `table`, `column`, `rows`,
    `filled` (share, 0 to 1; missing where the source does not give the column, or the table is empty).
    """
    parts = [_filled(name, tables[name], supplied.get(name, ())) for name in CONTRACT if name in tables]
    return pd.concat(parts, ignore_index=True)


def _filled(name: str, table: nw.LazyFrame[Any], supplied: Sequence[str]) -> pd.DataFrame:
    given = [column for column in CONTRACT[name].names if column in supplied]
    counts = to_pandas(table.select(nw.len().alias("__rows"), *[nw.col(column).count() for column in given])).iloc[0]
    rows = int(counts["__rows"])
    shares = [counts[column] / rows if column in given and rows else float("nan") for column in CONTRACT[name].names]
    return pd.DataFrame({"table": name, "column": CONTRACT[name].names, "rows": rows, "filled": shares})


def set_apart(population: pd.DataFrame, *, without_spell: int, erased: int, smallest: int) -> pd.DataFrame:
    """Accounts that are no customers of their own, by reason; what few share is masked, and what would tell it too.

    Parameters
    ----------
    population : table, one row per reason: `reason` (test, staff, replaced), `accounts`.

    Returns
    -------
    Table, one row per reason (further: without_spell, erased): `reason`, `accounts` (missing where masked), `few`
    (1 to `smallest` - 1 accounts), `masked`.
    """
    further = pd.DataFrame({"reason": ["without_spell", "erased"], "accounts": [without_spell, erased]})
    counts = pd.concat([population[["reason", "accounts"]], further], ignore_index=True)
    few = (counts["accounts"] > 0) & (counts["accounts"] < smallest)
    return masked(counts, by=["reason"], count="accounts", values=[], minimum=smallest).assign(few=few)


def door_totals(doors: pd.DataFrame) -> pd.Series:
    """Rows of all tables together: `selected`, `accepted`, `set_aside`, `duplicates`, `later`."""
    return doors[["selected", "accepted", "set_aside", "duplicates", "later"]].sum().astype(int)


def held_after_leaving(customers: nw.LazyFrame[Any], spells: nw.LazyFrame[Any]) -> int:
    """Customers whose account has a churn date by the as-of date, but who still hold a product: they count as there."""
    left = customers.filter((nw.col("account_id") == nw.col("customer_id")) & ~nw.col("churn_date").is_null())
    there = spells.filter(nw.col("end").is_null()).select("customer_id").unique()
    rows = left.select("customer_id").unique().join(there, on="customer_id", how="inner")
    return int(to_pandas(rows.select(n=nw.len()))["n"].iloc[0])


def without_a_spell(customers: nw.LazyFrame[Any], spells: nw.LazyFrame[Any]) -> int:
    """Customers who cannot be followed: no signup date, or no product where subscriptions are given."""
    known = spells.select("customer_id").unique()
    rows = customers.select("customer_id").unique().join(known, on="customer_id", how="anti")
    return int(to_pandas(rows.select(n=nw.len()))["n"].iloc[0])
