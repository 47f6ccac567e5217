"""Which work orders are open on a day: those that the source says, and those that we handed out ourselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.policy.actions import ACT

Rows = nw.LazyFrame[Any]

OPEN = "open"
HANDED = ("customer_id", "action", "team", "cost", "origin", "handed_on", "due_date")
ACTIONS, WIN_BACK, WARNINGS = "actions", "win_back", "warnings"  # lists that an order of ours stands in


def open_in_source(orders: Rows) -> Rows:
    """The rows of `work_orders` that are open as of the day they are known at.

    A status that is settled later is missing until then, as is the day of closing: where the source tells either of
    any order, one without both is open.
    """
    told = to_pandas(orders.select(status=nw.col("status").count(), closed_at=nw.col("closed_at").count())).iloc[0]
    is_open = nw.col("status") == OPEN
    if told.sum() > 0:
        is_open = is_open | (nw.col("status").is_null() & nw.col("closed_at").is_null())
    return orders.filter(is_open)


def as_handed(rows: pd.DataFrame, *, origin: str, day: dt.date) -> pd.DataFrame:
    """The orders of a list of ours that was handed out on a day: the columns of `HANDED`; who was held out got none."""
    acted = rows[rows["arm"] == ACT].assign(origin=origin, handed_on=pd.Timestamp(day))
    return acted[list(HANDED)].astype({"due_date": "datetime64[ns]", "handed_on": "datetime64[ns]"})


def together(*lists: pd.DataFrame) -> pd.DataFrame:
    """The orders of several lists, columns of `HANDED`; by day and customer."""
    full = [one for one in lists if len(one)]
    if not full:
        days = {"handed_on": "datetime64[ns]", "due_date": "datetime64[ns]", "cost": "float64"}
        return pd.DataFrame(columns=list(HANDED)).astype(days)
    return pd.concat(full, ignore_index=True).sort_values(["handed_on", "customer_id", "action"], ignore_index=True)


def still_open(
    handed: pd.DataFrame, tables: Mapping[str, Rows], *, engine: Engine, as_of: dt.date, open_days: int
) -> pd.DataFrame:
    """Of the orders that we handed out, those that are still open.

    An order is closed when the source has a work order of the same customer and action, opened on that day or later,
    that is done or refused. While the source has it open it is open. Where the source has none of it, it counts as
    open until so many days after it was due.

    Parameters
    ----------
    handed : table, one row per order of ours: the columns of `HANDED`; under the key that the customer held then.
    tables : tables of `population`, as known on `as_of`.

    Returns
    -------
    The rows of `handed` that are open, under the keys that customers hold now.
    """
    given = handed[pd.to_datetime(handed["handed_on"]) <= pd.Timestamp(as_of)].reset_index(drop=True)
    if given.empty:
        return given
    given = held_now(given, tables["customers"], engine)
    said = _said(given, tables, engine)
    late = pd.to_datetime(given["due_date"]) + pd.Timedelta(days=open_days) < pd.Timestamp(as_of)
    return given[~given.index.isin(said.index[said["closed"]]) & (given.index.isin(said.index) | ~late)]


def held_now(handed: pd.DataFrame, customers: Rows, engine: Engine) -> pd.DataFrame:
    """Rows by `customer_id` under the key each customer holds now: who moved house is the same customer."""
    ids = engine.table(handed[["customer_id"]].drop_duplicates().rename(columns={"customer_id": "account_id"}))
    keys = to_pandas(customers.select("account_id", "customer_id").join(ids, on="account_id", how="inner"))
    now = keys.drop_duplicates("account_id").set_index("account_id")["customer_id"]
    return handed.assign(customer_id=handed["customer_id"].map(now).fillna(handed["customer_id"]))


def _said(handed: pd.DataFrame, tables: Mapping[str, Rows], engine: Engine) -> pd.DataFrame:
    """What the source says of our orders: `closed`, by the row of `handed`; without a row where it says nothing."""
    if "work_orders" not in tables:
        return pd.DataFrame({"closed": pd.Series(dtype=bool)})
    ids = engine.table(handed[["customer_id"]].drop_duplicates())
    columns = ["customer_id", "action", "status", "opened_at", "closed_at"]
    rows = to_pandas(tables["work_orders"].join(ids, on="customer_id", how="semi").select(columns))
    pairs = handed.reset_index().merge(rows, on="customer_id", suffixes=("", "_said"))
    same = pairs["action_said"].isna() | (_plain(pairs["action_said"]) == _plain(pairs["action"]))
    after = pd.to_datetime(pairs["opened_at"]).dt.normalize() >= pd.to_datetime(pairs["handed_on"])
    mine = pairs[same & after]
    closed = (mine["status"].notna() & (mine["status"] != OPEN)) | mine["closed_at"].notna()
    return closed.groupby(mine["index"]).any().to_frame("closed").astype(bool)


def _plain(texts: pd.Series) -> pd.Series:
    return texts.astype("string").str.strip().str.casefold()
