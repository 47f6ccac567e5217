"""Customers who fall more than two months behind with a bill: what was known before, and when it happens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import narwhals as nw

from analysis.frames.open_bills import CURRENT, OVERDUE
from analysis.frames.window import KEYS

Rows = nw.LazyFrame[Any]

DEFAULT_DAYS = 61  # past the due date: more than 60
AHEAD, BEFORE = 3, 12  # months in which it is foretold, and months looked back on
CUT_OFF = "non_payment"
PAYING = ("state", "defaults_12m")


def default_days(lines: Rows) -> Rows:
    """The days on which a bill became more than 60 days overdue: one row per line, `customer_id`, `on`.

    Parameters
    ----------
    lines : table of `lasting_lines`; credits are none.
    """
    on = nw.col("due").dt.offset_by(f"{DEFAULT_DAYS}d").cast(nw.Date)
    open_then = nw.col("paid").is_null() | (nw.col("paid") > nw.col("on"))
    dated = lines.filter(~nw.col("due").is_null() & (nw.col("gross") > 0)).with_columns(on=on)
    return dated.filter(open_then).select("customer_id", "on")


def payer_rows(points: Rows, worst: Rows, defaults: Rows) -> Rows:
    """Customers at landmarks with how they pay, without those who are more than 60 days overdue already.

    Parameters
    ----------
    points : table, one row per customer and landmark, with `customer_id`, `landmark`.
    worst : table of `worst_bucket` on the landmarks.
    defaults : table of `default_days`.

    Returns
    -------
    The rows of `points` that are left, with `state` (current, 1-30 or 31-60) and `defaults_12m` (bills that became more
    than 60 days overdue in the twelve months before).
    """
    states = worst.select("customer_id", "state", landmark="day")
    known = points.join(states, on=KEYS, how="left").with_columns(state=nw.coalesce(nw.col("state"), nw.lit(CURRENT)))
    paying = known.filter(~nw.col("state").is_in(list(OVERDUE[2:])))
    earlier = paying.select(KEYS).join(defaults, on="customer_id", how="inner")
    first = nw.col("landmark").dt.offset_by("1d").dt.offset_by(f"-{BEFORE}mo").cast(nw.Date)
    past = earlier.filter((nw.col("on") <= nw.col("landmark")) & (nw.col("on") >= first))
    counted = past.group_by(KEYS).agg(defaults_12m=nw.len())
    joined = paying.join(counted, on=KEYS, how="left")
    return joined.with_columns(defaults_12m=nw.coalesce(nw.col("defaults_12m").cast(nw.Int64), nw.lit(0)))


def with_default(rows: Rows, defaults: Rows, landmarks: Sequence[dt.date]) -> Rows:
    """The rows of landmarks with `default`: 1 who became more than 60 days overdue within three months, or was cut off.

    Parameters
    ----------
    rows : table of `payer_rows`, with `left_kind` and `ahead_days` (to leaving, else to the end of what is known).
    landmarks : those whose three months are over.
    """
    known = rows.filter(nw.col("landmark").is_in(list(landmarks)))
    end = nw.col("landmark").dt.offset_by("1d").dt.offset_by(f"{AHEAD}mo").cast(nw.Date)
    events = known.select(KEYS).join(defaults, on="customer_id", how="inner")
    soon = events.filter((nw.col("on") > nw.col("landmark")) & (nw.col("on") < end)).select(KEYS).unique()
    joined = known.join(soon.with_columns(overdue=nw.lit(1)), on=KEYS, how="left")
    days = (end - nw.col("landmark")).cast(nw.Int64)
    cut = (nw.coalesce(nw.col("left_kind"), nw.lit("")) == CUT_OFF) & (nw.col("ahead_days") < days)
    happened = (~nw.col("overdue").is_null()) | cut
    return joined.with_columns(default=happened.cast(nw.Int64)).drop("overdue")
