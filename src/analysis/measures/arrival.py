"""When rows arrived: whether a table is as fresh as it usually is, and as full as in the quarters before."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.quarter import Quarter, months_later
from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import to_pandas
from analysis.measures.standing import Measure, Status

ENOUGH_DAYS = 5  # different days with rows, below which no rhythm can be told
LATE_TIMES = 3  # as long as the longest usual gap: bad
ENOUGH_QUARTERS = 5  # before this one, below which there is no history to control by
WIDTH = 2.66  # moving ranges of an individuals chart (Shewhart; Wheeler 1993)
NARROWEST = math.log(1.1)  # a change of less than a tenth is never worth a look
SHORT_OF_HISTORY = math.log(1.5)
RUNNING = ("customers", "subscriptions", "invoices", "usage", "tickets", "network", "leads")
GONE = "gone"  # the rule of a table that was there the quarter before
QUARTERS_BEFORE, FILLED = 4, 30  # rows in each of so many quarters: it is no chance that there is none in this one


def own_date(name: str) -> nw.Expr | None:
    """The day on which a row of the contract table `name` became known; None where the contract has none."""
    dated = CONTRACT[name].own_date
    return nw.coalesce(*(nw.col(column).cast(nw.Date) for column in dated)) if dated else None


def rows_by_day(name: str, table: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Table, one row per day that any row is dated on, in order: `day`, `rows`. One pass."""
    day = own_date(name)
    if day is None:
        return pd.DataFrame({"day": pd.to_datetime([]), "rows": []})
    counts = table.select(day=day).drop_nulls("day").group_by("day").agg(rows=nw.len())
    return to_pandas(counts).sort_values("day", ignore_index=True)


def freshness(name: str, days: pd.DataFrame, *, as_of: dt.date, missing: Collection[dt.date] = ()) -> list[Measure]:
    """Days between the last row and the as-of date, against the longest usual gap between two days with rows.

    The usual gap is the longest of the year before the last row; a month's rows count as dated on its last day. A gap
    in which one of the `missing` months lies is none that is usual.
    """
    if len(days) < ENOUGH_DAYS:
        return []
    dated = pd.to_datetime(days["day"])
    last = dated.iloc[-1]
    gaps = dated[dated > last - pd.Timedelta(days=366)].diff().dt.days[~_spanning(dated, missing)]
    if gaps.isna().all():
        return []  # one day in a year: what is usual is not known
    usual = max(float(gaps.max()), 1.0)
    seen = months_later(last.date() - dt.timedelta(days=1), 1) if _monthly(name) else last.date()
    age = max((as_of - seen).days, 0)
    status: Status = "good" if age <= usual else "watch" if age <= LATE_TIMES * usual else "bad"
    return [Measure(name, "", "freshness", "last_row", age, status, int(days["rows"].iloc[-1]), threshold=usual)]


def volume(name: str, days: pd.DataFrame, quarters: Sequence[Quarter]) -> list[Measure]:
    """Rows dated in the last of `quarters`, against the one before and against how counts changed until then.

    The change is the logarithm of the ratio of two quarters. It is no longer good beyond the natural limits of an
    individuals chart of the earlier changes (mean ± 2.66 mean moving ranges), chance (three standard errors of a
    count) and a tenth, and bad beyond twice that; with too few quarters before, beyond a half more or a third less.
    """
    counts = rows_by_quarter(days, quarters)
    if len(counts) < 2 or not counts[-2]:
        return []
    now, before = int(counts[-1]), int(counts[-2])
    middle, reach = _limits(counts[:-1])
    reach = max(reach, 3 * math.sqrt(1 / before + 1 / max(now, 1)))
    moved = math.log(max(now, 0.5) / before) - middle
    status: Status = "good" if abs(moved) <= reach else "watch" if abs(moved) <= 2 * reach else "bad"
    edge = before * math.exp(middle + math.copysign(reach, moved))
    return [Measure(name, "", "volume", "row_count", now, status, now, threshold=edge, previous=before)]


def gone(before: Mapping[str, int], now: Mapping[str, int]) -> list[Measure]:
    """Contract tables of which the run of the quarter before had rows, and this one has none; from rows by table."""
    lost = [name for name in CONTRACT if before.get(name, 0) and not now.get(name, 0)]
    return [Measure(name, "", "volume", GONE, 0, "bad", before[name], previous=before[name]) for name in lost]


def silent_tables(tables: Mapping[str, nw.LazyFrame[Any]], quarter: Quarter) -> dict[str, dt.date]:
    """Tables that run on by themselves, filled in each of the four quarters before and empty in this one: the last day.

    So an extract of an earlier quarter is told from a quiet one. What the company decides on (campaigns) may stop.
    """
    found = {}
    before = [quarter.previous]
    while len(before) < QUARTERS_BEFORE:
        before.append(before[-1].previous)
    for name in (one for one in RUNNING if one in tables):
        days = rows_by_day(name, tables[name])
        counts = [_rows_in(days, one) for one in before]
        if min(counts) >= FILLED and not _rows_in(days, quarter):
            found[name] = pd.Timestamp(days["day"].iloc[-1]).date()
    return found


def rows_by_quarter(days: pd.DataFrame, quarters: Sequence[Quarter]) -> list[int]:
    """Rows dated in each quarter, from the first quarter that has any."""
    counts = [_rows_in(days, quarter) for quarter in quarters]
    first = next((place for place, count in enumerate(counts) if count), len(counts))
    return counts[first:]


def _spanning(dated: pd.Series, missing: Collection[dt.date]) -> pd.Series:
    """Whether one of the missing months lies between a day and the one before it."""
    found = pd.Series(False, index=dated.index)
    for month in map(pd.Timestamp, missing):
        found |= (dated > month) & (dated.shift() < month + pd.offsets.MonthEnd(1))
    return found


def _rows_in(days: pd.DataFrame, quarter: Quarter) -> int:
    dated = pd.to_datetime(days["day"])
    inside = (dated >= pd.Timestamp(quarter.first_day)) & (dated <= pd.Timestamp(quarter.last_day))
    return int(days["rows"][inside].sum())


def _limits(counts: Sequence[int]) -> tuple[float, float]:
    """The middle of earlier changes and how far from it is usual."""
    if len(counts) < ENOUGH_QUARTERS or not all(counts):
        return 0.0, SHORT_OF_HISTORY
    changes = np.diff(np.log(counts))
    return float(changes.mean()), max(WIDTH * float(np.abs(np.diff(changes)).mean()), NARROWEST)


def _monthly(name: str) -> bool:
    """Whether rows are dated by a month."""
    dated = CONTRACT[name].own_date
    return bool(dated) and CONTRACT[name].column(dated[0]).type == "month"
