"""Counts by entry, exit and event: all that a survival curve needs, at any number of customers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.extracts.engine import to_pandas
from analysis.frames.episodes import HALF_A_DAY


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
