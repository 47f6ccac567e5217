"""How far each customer's use of a month lies from the customer's own usual use."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw

from analysis.basis.quarter import Quarter, months_later
from analysis.extracts.engine import Engine

Rows = nw.LazyFrame[Any]

MEASURES = {"download_gb": 0.5, "upload_gb": 0.1, "voice_minutes": 5.0}  # and what is too little to speak of
LOOK_BACK = 12  # months before the quarter that tell what is usual
FEWEST = 6  # of them with use on record
WHOLE = 0.999  # of a month's days on the books
TO_SD = 1.482602  # a normal distribution's sd, in units of its median absolute deviation
KEY = ["customer_id", "month"]


def usual_use(months: Rows, quarter: Quarter, measure: str, *, engine: Engine) -> Rows:
    """The months of a quarter beside what each customer used to use, the season of all customers taken out.

    deviation = log(use + little) − move of all customers that month − the customer's median of the year before

    Months that were not whole on the books, and such without use on record, are left out.

    Parameters
    ----------
    months : table, one row per customer and month: `customer_id`, `month`, `share`, and the measure.
    measure : a name of `MEASURES`.

    Returns
    -------
    Table, one row per customer and month of the quarter: `customer_id`, `month`, `used` (the measure), `usual`
    (the same unit, for that month), `deviation` (log), `spread` (median absolute deviation of the customer's year
    before, as a normal sd), `known` (months behind it, at least six), `a_year_ago` (deviation of the same month of
    the year before; missing where it is not known).
    """
    begins, little = quarter.first_day, MEASURES[measure]
    first = months_later(begins - dt.timedelta(days=1), -LOOK_BACK) + dt.timedelta(days=1)
    inside = (nw.col("month") >= first) & (nw.col("month") <= quarter.last_day)
    told = inside & (nw.col("share") >= WHOLE) & ~nw.col(measure).is_null()
    # The engine's own logarithms may differ in the last bit between machines: rounded, they do not.
    rows = engine.table(months.filter(told).select(*KEY, used=measure, x=(nw.col(measure) + little).log().round(9)))
    past = nw.col("month") < begins
    level = rows.filter(past).group_by("customer_id").agg(level=nw.col("x").median(), known=nw.len())
    steady = engine.table(level.filter(nw.col("known") >= FEWEST))
    beside = rows.join(steady, on="customer_id", how="inner").with_columns(off=nw.col("x") - nw.col("level"))
    common = engine.table(beside.group_by("month").agg(common=nw.col("off").median()))
    settled = engine.table(
        beside.join(common, on="month", how="inner").with_columns(seasonless=nw.col("x") - nw.col("common"))
    )
    own = settled.filter(past).group_by("customer_id").agg(own=nw.col("seasonless").median())
    moved = engine.table(
        settled.join(own, on="customer_id", how="inner").with_columns(deviation=nw.col("seasonless") - nw.col("own"))
    )
    spread = moved.filter(past).group_by("customer_id").agg(spread=nw.col("deviation").abs().median() * TO_SD)
    earlier = moved.filter(past).select(
        "customer_id", month=nw.col("month").dt.offset_by("12mo").cast(nw.Date), a_year_ago="deviation"
    )
    now = moved.filter(~past).join(spread, on="customer_id", how="inner").join(earlier, on=KEY, how="left")
    usual = (nw.col("own") + nw.col("common")).exp() - little
    return now.select(
        *KEY, "used", "deviation", "spread", "known", "a_year_ago", usual=nw.when(usual > 0).then(usual).otherwise(0.0)
    )
