"""Episodes: every observed spell without gap, cut at quarter ends, so that each row has a landmark."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import narwhals as nw

from analysis.basis.quarter import DAYS_PER_MONTH, Quarter, quarter_ends
from analysis.frames.observation import Observation

HALF_A_DAY = 0.5  # the time at risk of who leaves on the day of joining


def episodes(spells: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Start–stop rows of tenure: what was lived through under observation, from landmark to landmark.

    A spell is covered on (max(start, entry), min(end, as-of date)] and cut at each quarter end. Who joined
    before observation began enters late, at the tenure reached by then (left truncation).

    Returns
    -------
    Table, one row per customer, spell and landmark: `customer_id`, `spell`, `spell_start`, `landmark`
    (date), `start`, `stop` (months of tenure = days / 30.4375, start < stop), `event` (1 when the customer
    left at `stop`, else 0), `kind` (of leaving; missing without event).
    """
    as_of, entry = observation.as_of, observation.entry
    bounds = [entry, *quarter_ends(entry, as_of)]
    if bounds[-1] < as_of:
        bounds.append(as_of)
    observed = spells.with_columns(
        lower=nw.max_horizontal(nw.col("start"), nw.lit(entry)),
        upper=nw.coalesce(nw.col("end"), nw.lit(as_of)),
    ).rename({"start": "spell_start"})
    pieces = [_between(observed, low, high) for low, high in pairwise(bounds)]
    return nw.concat(pieces).select(
        "customer_id",
        "spell",
        "spell_start",
        "landmark",
        (_days("landmark") / DAYS_PER_MONTH).alias("start"),
        (nw.max_horizontal(_days("until"), _days("landmark") + HALF_A_DAY) / DAYS_PER_MONTH).alias("stop"),
        "event",
        nw.when(nw.col("event") == 1).then(nw.col("kind")).alias("kind"),
    )


def _between(observed: nw.LazyFrame[Any], low: dt.date, high: dt.date) -> nw.LazyFrame[Any]:
    """What the spells spend in (low, high]; who joined and left on one day keeps a row."""
    lasts = nw.col("lower") < high
    same_day = (nw.col("lower") == high) & (nw.col("end") == high)
    return observed.filter((nw.col("upper") > low) & (lasts | same_day)).with_columns(
        landmark=nw.max_horizontal(nw.col("lower"), nw.lit(low)),
        until=nw.min_horizontal(nw.col("upper"), nw.lit(high)),
        event=nw.coalesce((nw.col("end") <= high).cast(nw.Int64), nw.lit(0)),
    )


def _days(column: str) -> nw.Expr:
    return (nw.col(column) - nw.col("spell_start")).cast(nw.Int64).cast(nw.Float64)


def exposures(spells: nw.LazyFrame[Any], quarter: Quarter, *, seen_after: dt.date) -> nw.LazyFrame[Any]:
    """Everyone on the books at some time of a quarter: the denominator of the quarterly churn rate.

    Opening base plus joiners, each at its landmark: the previous quarter's end, or the day of joining.
    `seen_after` is the eve of observation; a quarter that began earlier is counted from then on.

    Returns
    -------
    Table, one row per spell: `customer_id`, `spell`, `spell_start`, `landmark`, `event` (1 when the
    customer left within the quarter), `joined` (1 when the spell began in it), `kind`.
    """
    opening, closing = max(quarter.previous.last_day, seen_after), quarter.last_day
    present = spells.filter((nw.col("start") <= closing) & (nw.col("end").is_null() | (nw.col("end") > opening)))
    event = nw.coalesce((nw.col("end") <= closing).cast(nw.Int64), nw.lit(0))
    return present.with_columns(event=event).select(
        "customer_id",
        "spell",
        nw.col("start").alias("spell_start"),
        nw.max_horizontal(nw.col("start"), nw.lit(opening)).alias("landmark"),
        "event",
        (nw.col("start") > opening).cast(nw.Int64).alias("joined"),
        nw.when(nw.col("event") == 1).then(nw.col("kind")).alias("kind"),
    )
