"""What a product costs who takes it for the first time: fees and discounts of lines begun in the year before a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import DAYS_PER_MONTH, months_later
from analysis.extracts.engine import to_pandas
from analysis.frames.fees import EXACT
from analysis.frames.held import known_lines, running_discount
from analysis.frames.observation import Observation

YEAR = 12
TERMS = ["product", "months", "lines", "fee", "discount"]


def first_lines(day: dt.date, tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation) -> pd.DataFrame:
    """Lines of products that their customers had not held before, begun in the twelve months up to a day.

    A change of plan, fee or term opens a new line too; that is no first one.

    Returns
    -------
    Table, one row per product and months that its discount ran from the line's beginning (missing: without end, or no
    discount), by both: `product`, `months`, `lines`, `fee`, `discount` (sums, money a month).
    """
    begun = tables["subscriptions"].filter(nw.col("start_date") <= day).with_columns(landmark=nw.col("start_date"))
    known = known_lines(begun, observation).filter(~nw.col("monthly_fee").is_null())
    one = ["customer_id", "product"]
    firsts = known.group_by(one).agg(first=nw.col("start_date").min())
    recent = known.join(firsts, on=one, how="inner").filter(
        (nw.col("start_date") == nw.col("first")) & (nw.col("start_date") > months_later(day, -YEAR))
    )
    off = running_discount(nw.col("landmark"))
    days = nw.when(off > 0).then((nw.col("discount_end_date") - nw.col("landmark")).cast(nw.Int64))
    rows = recent.with_columns(days=days, off=off.cast(EXACT), fee=nw.col("monthly_fee").cast(EXACT))
    sums = rows.group_by("product", "days").agg(lines=nw.len(), fee=nw.col("fee").sum(), discount=nw.col("off").sum())
    found = to_pandas(sums.sort("product", "days"))
    return found.assign(months=found["days"] / DAYS_PER_MONTH)[TERMS]
