"""What became of last quarter's action list: who of it left by choice, and which of its orders were carried out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.policy.actions import ACT

Rows = nw.LazyFrame[Any]

BY_CHOICE = "voluntary"
DONE, REFUSED, OPEN, NEVER = "done", "refused", "open", "never"


class Came(NamedTuple):
    """Who left in the quarter after a day.

    `left`: table, one row per customer asked for who was on the books: `customer_id`, `left` (1 or 0); `by_choice`:
    whether that is leaving by choice, else leaving in any way; `leavers` of `everybody` on the books then.
    """

    left: pd.DataFrame
    by_choice: bool
    leavers: int
    everybody: int

    @property
    def share(self) -> float:
        """Share of everybody who left so; missing where nobody was there."""
        return self.leavers / self.everybody if self.everybody else float("nan")


def came_since(episodes: Rows, landmark: dt.date, customers: pd.Series, *, engine: Engine) -> Came:
    """Who of some customers left by choice in the quarter after `landmark`.

    Where the source names no kinds of leaving, leaving in any way counts.

    Parameters
    ----------
    episodes : stage table `episodes`: rows that begin on that day, with `event` and `left_kind`.
    """
    there = episodes.filter((nw.col("landmark") == landmark) & (nw.col("at_quarter_end") == 1))
    event = nw.col("event").cast(nw.Int64)
    chose = (event == 1) & (nw.coalesce(nw.col("left_kind"), nw.lit("")) == BY_CHOICE)
    told = there.select("customer_id", event=event, chose=chose.cast(nw.Int64))
    sums = (
        to_pandas(told.select(n=nw.len(), event=nw.col("event").sum(), chose=nw.col("chose").sum())).fillna(0).iloc[0]
    )
    by_choice = bool(sums["chose"] > 0)
    column = "chose" if by_choice else "event"
    ids = engine.table(pd.DataFrame({"customer_id": customers.drop_duplicates().astype("string")}))
    mine = told.join(ids, on="customer_id", how="semi").group_by("customer_id").agg(left=nw.col(column).max())
    return Came(to_pandas(mine.sort("customer_id")), by_choice, int(sums[column]), int(sums["n"]))


class Orders(NamedTuple):
    """Customers of the list by what became of their order, and those held out who were given one all the same."""

    counts: Mapping[str, int]
    strayed: int


def orders(listed: pd.DataFrame, tables: Mapping[str, Rows], *, handed: dt.date, engine: Engine) -> Orders | None:
    """What the source's work orders say of the actions of a list; None where it has none that bears one's name.

    An order is that of the same customer and action, opened on the day the list was made or later; the last word of
    several counts: done before refused before open.

    Parameters
    ----------
    listed : stage table `actions` of the quarter before: `customer_id`, `action`, `arm`.
    handed : the as-of date of that quarter.
    """
    if "work_orders" not in tables or listed.empty:
        return None
    ids = engine.table(listed[["customer_id"]].drop_duplicates())
    columns = ["customer_id", "action", "status", "opened_at", "closed_at"]
    rows = to_pandas(tables["work_orders"].join(ids, on="customer_id", how="semi").select(columns))
    pairs = listed[["customer_id", "action", "arm"]].merge(rows, on="customer_id", suffixes=("", "_said"))
    same = _plain(pairs["action"]) == _plain(pairs["action_said"])
    mine = pairs[same & (pd.to_datetime(pairs["opened_at"]).dt.normalize() >= pd.Timestamp(handed))]
    if mine.empty:
        return None
    state = mine["status"].where(mine["status"].notna(), mine["closed_at"].notna().map({True: DONE, False: OPEN}))
    best = state.map({DONE: 0, REFUSED: 1}).fillna(2).groupby([mine["arm"], mine["customer_id"]]).min()
    acted = (
        best.xs(ACT).map({0.0: DONE, 1.0: REFUSED, 2.0: OPEN}) if ACT in best.index.get_level_values(0) else best[:0]
    )
    told = {name: int((acted == name).sum()) for name in (DONE, REFUSED, OPEN)}
    approached = int((listed["arm"] == ACT).sum())
    return Orders(told | {NEVER: approached - sum(told.values())}, int(len(best) - len(acted)))


def _plain(texts: pd.Series) -> pd.Series:
    return texts.astype("string").str.strip().str.casefold()
