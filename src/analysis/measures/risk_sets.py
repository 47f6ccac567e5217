"""Counts by entry, exit and event: all that a survival curve needs, at any number of customers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.extracts.engine import to_pandas
from analysis.frames.episodes import HALF_A_DAY

NOT_KNOWN = "not known"
BEFORE, AFTER = 6.5, 2.5  # months around the end of a contract or promotion: whole months with half a one on each side


def risk_counts(episodes: nw.LazyFrame[Any], *, by: str | None = None) -> pd.DataFrame:
    """Episodes counted by entry, exit and event.

    Returns
    -------
    Table, one row per different (entry, exit, event, class), in that order: `entry`, `exit` (months of
    tenure), `event` (0 or 1), `n` (episodes), and `by` when given.
    """
    keys = ["start", "stop", "event", *([by] if by else [])]
    counted = to_pandas(episodes.group_by(*keys).agg(n=nw.len()).sort(*keys))
    return counted.rename(columns={"start": "entry", "stop": "exit"})


def kind_counts(episodes: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Episodes counted by entry, exit, event and kind of leaving.

    Who came back counts as having left by choice, see `analysis.frames.outlook`.

    Returns
    -------
    Table as of `risk_counts`, with `kind`: "not known" where the source does not say; missing without event.
    """
    known = nw.coalesce(nw.col("left_kind"), nw.lit(NOT_KNOWN))
    return risk_counts(episodes.with_columns(kind=nw.when(nw.col("event") == 1).then(known)), by="kind")


def counts_around(
    episodes: nw.LazyFrame[Any], day: str, *, before: float = BEFORE, after: float = AFTER
) -> pd.DataFrame:
    """Episodes counted by the time to a day that was known at their landmark: the end of a contract, of a promotion.

    After the day a customer is followed to the next landmark, whether the terms were prolonged or not: to look at
    those who prolonged them apart would be to know that they stayed.

    Parameters
    ----------
    day : the column that holds the months from the landmark to the day; missing where there is none.
    before, after : months around the day that are looked at.

    Returns
    -------
    Table, one row per different (entry, exit, event): `entry`, `exit` (months since `before` months before the day, 0
    to `before` + `after`), `event` (0 or 1), `n` (episodes). Empty where the source does not tell the day.
    """
    if day not in episodes.collect_schema().names():
        return pd.DataFrame(columns=["entry", "exit", "event", "n"])
    ahead = (nw.col(day) * DAYS_PER_MONTH).round(0)
    lasts = ((nw.col("stop") - nw.col("start")) * DAYS_PER_MONTH / HALF_A_DAY).round(0) * HALF_A_DAY
    told = episodes.filter(~nw.col(day).is_null()).select("event", ahead=ahead, lasts=lasts)
    near = told.filter(nw.col("ahead") - nw.col("lasts") < before * DAYS_PER_MONTH)
    rows = to_pandas(near.group_by("ahead", "lasts", "event").agg(n=nw.len()).sort("ahead", "lasts", "event"))
    begins = before * DAYS_PER_MONTH - rows["ahead"].astype("float64")
    ends, most = begins + rows["lasts"], (before + after) * DAYS_PER_MONTH
    cut = rows.assign(
        entry=begins.clip(lower=0) / DAYS_PER_MONTH,
        exit=ends.clip(upper=most) / DAYS_PER_MONTH,
        event=rows["event"].where(ends <= most, 0),
    )
    kept = cut[cut["exit"] > cut["entry"]]
    return kept.groupby(["entry", "exit", "event"], as_index=False)["n"].sum()


def counts_as_if_seen_since_signup(spells: nw.LazyFrame[Any], *, as_of: dt.date, seen_after: dt.date) -> pd.DataFrame:
    """The naive reading: every customer in the extract taken as observed from tenure zero.

    It ignores late entry. It is computed to be shown beside the right curve, never used. `seen_after` is the
    eve of observation: spells that ended by then are not in the extract's leavers.
    """
    seen = spells.filter(nw.col("end").is_null() | (nw.col("end") > seen_after))
    event = (~nw.col("end").is_null()).cast(nw.Int64)
    days = (nw.coalesce(nw.col("end"), nw.lit(as_of)) - nw.col("start")).cast(nw.Int64)
    # Who leaves on the day of joining is at risk for half a day, as in the episodes.
    naive = seen.select(
        start=nw.lit(0.0), stop=nw.max_horizontal(days, event * HALF_A_DAY) / DAYS_PER_MONTH, event=event
    )
    return risk_counts(naive.filter(nw.col("stop") > 0))
