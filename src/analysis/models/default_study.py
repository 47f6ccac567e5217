"""Who is likely to stop paying next quarter: learned from past quarter ends, judged on the last, told of today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.quarter import Quarter, months_later
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.defaults import AHEAD, default_days, payer_rows, with_default
from analysis.frames.open_bills import open_bills, worst_bucket
from analysis.measures.interval import share_interval
from analysis.models.credit import Bills
from analysis.models.forecast import learning_rows
from analysis.models.payment_default import RULE, Judged, default_scores, judged

Rows = nw.LazyFrame[Any]

MOST_ROWS, MOST_QUARTERS = 300_000, 9  # rows that are learned from, and quarter ends
TENTH = 10


class Told(NamedTuple):
    """The judgement (None where there is too little), and the customers of today with their chance of default."""

    judged: Judged | None
    scores: pd.DataFrame  # customer_id, default_3m


class Overlap(NamedTuple):
    """Of the tenth likeliest to leave by choice, the share that is also in the tenth likeliest not to pay."""

    share: float
    low: float
    high: float
    customers: int


def default_study(
    bills: Bills, episodes: Rows, customers: Rows, *, quarters: Sequence[Quarter], engine: Engine
) -> Told:
    """Judge what was learned on a later quarter, then tell today's customers by what all known quarters teach.

    Parameters
    ----------
    episodes : stage table of that name; of each quarter end what was known then.
    customers : table, one row per active customer as of the as-of date, with the same columns.
    """
    defaults = engine.table(default_days(bills.lines))
    ends = [quarter.last_day for quarter in quarters]
    known = [end for end in ends if months_later(end, AHEAD) <= bills.as_of][-MOST_QUARTERS:]
    late = engine.table(worst_bucket(open_bills(bills.lines, [*known, bills.as_of], first=bills.told.first)))
    if "late_bills_6m" not in episodes.collect_schema().names() or not known:
        return Told(None, _nobody(customers))
    points = episodes.filter(
        (nw.col("at_quarter_end") == 1) & nw.col("landmark").is_in(known) & ~nw.col("late_bills_6m").is_null()
    )
    rows = learning_rows(with_default(payer_rows(points, late, defaults), defaults, known), most=MOST_ROWS)
    seen = [end for end in known if (rows["landmark"] == pd.Timestamp(end)).any()]
    verdict = judged(rows, seen)
    today = customers.with_columns(landmark=nw.lit(bills.as_of))
    now = to_pandas(payer_rows(today, late, defaults).sort("customer_id"))
    scores = default_scores(rows, now, verdict.used if verdict else RULE)
    return Told(verdict, now[["customer_id"]].assign(default_3m=scores))


def _nobody(customers: Rows) -> pd.DataFrame:
    return to_pandas(customers.select("customer_id").sort("customer_id")).assign(default_3m=np.nan)


def overlap(scores: pd.DataFrame, leaving: pd.DataFrame) -> Overlap | None:
    """How far not paying and leaving by choice meet in the same customers; None where either is not told.

    Parameters
    ----------
    scores : `customer_id`, `default_3m`.
    leaving : `customer_id`, `voluntary_3m`.
    """
    both = scores.merge(leaving, on="customer_id", how="inner").dropna().sort_values("customer_id")
    size = len(both) // TENTH
    if not size or both["default_3m"].nunique() < 2 or both["voluntary_3m"].nunique() < 2:
        return None
    tops = [set(both.sort_values(name, ascending=False, kind="stable").head(size)["customer_id"]) for name in _BOTH]
    shared = len(tops[0] & tops[1])
    return Overlap(shared / size, *share_interval(float(shared), float(size)), size)


_BOTH = ("default_3m", "voluntary_3m")
