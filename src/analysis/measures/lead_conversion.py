"""How many leads become customers: quarter by quarter, by channel and by segment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.frames.observation import Observation
from analysis.measures.disclosure import masked
from analysis.measures.interval import share_interval

Rows = nw.LazyFrame[Any]

WITHIN = 90  # days from being made in which a lead becomes a customer, or has not
YEAR = 4  # quarters whose leads tell channels and segments apart
BY = ("channel", "segment")
QUARTERS = ("quarter", "leads", "converted", "share", "low", "high")
COLUMNS = ("dimension", "class", "leads", "converted", "share", "low", "high", "masked")
SHARES = ["share", "low", "high"]


def ripe_quarters(observation: Observation) -> list[Quarter]:
    """Quarters whose leads have all been followed for 90 days, oldest first: none that began before leads are told."""
    longest = observation.as_of - dt.timedelta(days=WITHIN)
    told = observation.covered_from("leads")
    return [one for one in observation.quarters if one.first_day >= told and one.last_day <= longest]


def lead_conversion(leads: Rows, quarters: Sequence[Quarter]) -> pd.DataFrame:
    """The share of the leads made in each quarter that became customers within 90 days of being made.

    Parameters
    ----------
    leads : table of `frames.leads.followed_leads`.
    quarters : quarters whose leads were followed that long, see `ripe_quarters`.

    Returns
    -------
    Table, one row per quarter, in the given order: `quarter`, `leads`, `converted`, `share`, `low`, `high` (Wilson's
    95 %; missing without leads).
    """
    counts = [_counted(_made(leads, [one])).iloc[0] for one in quarters]
    table = pd.DataFrame(counts, columns=["leads", "converted"]).assign(quarter=[str(one) for one in quarters])
    return _with_shares(table.astype({"leads": "int64", "converted": "int64"}).reset_index(drop=True))[list(QUARTERS)]


def conversion_by(leads: Rows, quarters: Sequence[Quarter], *, smallest: int) -> pd.DataFrame:
    """The same over the last four of the quarters together, in all and by channel and segment.

    Returns
    -------
    Table, the whole first (`dimension` is `all`), then channels and segments, the largest first: `dimension`, `class`,
    `leads`, `converted`, `share`, `low`, `high`, `masked` (too few became customers, or did not).
    """
    made = _made(leads, list(quarters)[-YEAR:])
    parts = [_with_shares(_counted(made)).assign(dimension="all", **{"class": "all"})]
    parts += [_of(made, by) for by in BY]
    found = [_hidden(part, smallest) for part in parts]
    return pd.concat(found, ignore_index=True)[list(COLUMNS)]


def _made(leads: Rows, quarters: Sequence[Quarter]) -> Rows:
    """Leads made in consecutive quarters; none without quarters."""
    if not quarters:
        return leads.filter(nw.col("created").is_null())
    return leads.filter((nw.col("created") >= quarters[0].first_day) & (nw.col("created") <= quarters[-1].last_day))


def _counted(made: Rows, *by: str) -> pd.DataFrame:
    told = made.with_columns(soon=nw.when(nw.col("days") <= WITHIN).then(nw.col("converted")).otherwise(nw.lit(0)))
    sums = {"leads": nw.len(), "converted": nw.col("soon").sum()}
    rows = to_pandas(told.group_by(*by).agg(**sums) if by else told.select(**sums))
    return rows.assign(converted=rows["converted"].fillna(0).astype("int64"), leads=rows["leads"].astype("int64"))


def _of(made: Rows, by: str) -> pd.DataFrame:
    rows = _counted(made, by).rename(columns={by: "class"}).assign(dimension=by)
    return _with_shares(rows.sort_values(["leads", "class"], ascending=[False, True], ignore_index=True))


def _with_shares(table: pd.DataFrame) -> pd.DataFrame:
    low, high = share_interval(table["converted"], table["leads"])
    return table.assign(share=table["converted"] / table["leads"].where(table["leads"] > 0), low=low, high=high)


def _hidden(table: pd.DataFrame, smallest: int) -> pd.DataFrame:
    sides = table.assign(others=table["leads"] - table["converted"])
    if sides.empty:
        return sides.assign(masked=False)
    counts = ["leads", "converted", "others"]
    return masked(sides, by=["class"], count=counts, values=SHARES, minimum=smallest)
