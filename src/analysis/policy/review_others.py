"""What became of those on last quarter's lists who were no customers: former ones asked back, and leads called."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.policy.actions import ACT, HOLD_OUT
from analysis.policy.open_orders import held_now
from analysis.policy.review_study import Since

Rows = nw.LazyFrame[Any]

BACK, WON = "back", "won"


class Lists(NamedTuple):
    """Stage tables `win_back` and `open_leads` of the report of the quarter before; None where none is."""

    former: pd.DataFrame | None
    leads: pd.DataFrame | None


class Group(NamedTuple):
    """One list by arm: to be approached (`acted`) and held out (`held`), what the first cost, and who came of each.

    `kind` is `back` (came back) or `won` (became a customer); `came` and `held_came` are None where the source does not
    tell.
    """

    kind: str
    acted: int
    held: int
    cost: float
    came: int | None
    held_came: int | None


def others(lists: Lists, since: Since, spells: Rows, *, before: Quarter) -> list[Group]:
    """What became of former customers and leads within the quarter after; lists on which nobody was are left out.

    Parameters
    ----------
    spells : stage table `spells` of this run.
    before : the quarter of the lists.
    """
    last, until = before.last_day, before.next.last_day
    found = []
    if lists.former is not None and len(lists.former):
        listed = held_now(lists.former, since.tables["customers"], since.engine).drop_duplicates("customer_id")
        begun = spells.filter((nw.col("start") > last) & (nw.col("start") <= until)).select("customer_id")
        found.append(_group(BACK, listed, "customer_id", _among(begun, listed["customer_id"], since)))
    if lists.leads is not None and lists.leads["arm"].notna().any():
        listed = lists.leads[lists.leads["arm"].notna()]
        won = _won(since, last, until)
        found.append(_group(WON, listed, "lead_id", None if won is None else _among(won, listed["lead_id"], since)))
    return [one for one in found if one.acted]


def _won(since: Since, last: dt.date, until: dt.date) -> Rows | None:
    """Leads that became customers in the quarter; None where the source has no leads any more."""
    if "leads" not in since.tables:
        return None
    day = nw.col("converted_at").dt.date()
    return since.tables["leads"].filter((day > last) & (day <= until)).select("lead_id")


def _among(rows: Rows, ids: pd.Series, since: Since) -> set[str]:
    """Those of some ids that are in a table of one column."""
    name = str(ids.name)
    mine = since.engine.table(pd.DataFrame({name: ids.drop_duplicates().astype("string")}))
    return set(to_pandas(rows.join(mine, on=name, how="semi").unique())[name])


def _group(kind: str, listed: pd.DataFrame, key: str, came: set[str] | None) -> Group:
    arms = [listed[listed["arm"] == arm] for arm in (ACT, HOLD_OUT)]
    counts = [None if came is None else int(arm[key].isin(came).sum()) for arm in arms]
    return Group(kind, len(arms[0]), len(arms[1]), float(arms[0]["cost"].sum()), counts[0], counts[1])
