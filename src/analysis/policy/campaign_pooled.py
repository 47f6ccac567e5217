"""What all campaigns drawn by lot of a year returned together: the figure of the scorecard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.kpi import Kpi
from analysis.basis.quarter import Quarter
from analysis.frames.contacted import rounds
from analysis.frames.retention import CONTROL
from analysis.models.differences import Means, mean_difference
from analysis.policy.campaign_money import AFTER, BILLS
from analysis.policy.campaign_months import MARGIN
from analysis.policy.campaign_study import Study

Rows = nw.LazyFrame[Any]


class Pooled(NamedTuple):
    """Return of all campaigns of a year with its 95 % interval; `contacts` are those followed, of those `made` in
    all rounds of the year; `control` held out and followed.
    """

    roi: float
    low: float
    high: float
    contacts: int
    control: int
    made: int


class Yearly(NamedTuple):
    """The published figure, none or one; contacts whose three months are over (`followed`), of all `made`."""

    kpis: list[Kpi]
    followed: int
    made: int


NOTHING = Pooled(np.nan, np.nan, np.nan, 0, 0, 0)


def pooled_return(monthly: pd.DataFrame, told: pd.DataFrame, *, quarter: Quarter) -> Pooled:
    """The return of the campaigns drawn by lot that began in the four quarters up to `quarter`, that one included.

    return = (margin per contact more than the control's − cost per contact) ÷ cost per contact

    All variants of a round are one arm against its control group, rounds are strata weighted by their contacts. It is
    what could be known at the quarter's end: contacts made by then cost, and those count whose three months after were
    over by then. Missing where no such contact is, or no cost is on record.

    Parameters
    ----------
    monthly : table of `campaign_months.monthly`, of campaigns drawn by lot.
    told : table of `frames.contacted.rounds`.
    """
    end = pd.Timestamp(quarter.last_day)
    began = pd.to_datetime(told["start"])
    inside = (began >= pd.Timestamp(quarter.year_before.next.first_day)) & (began <= end)
    own = monthly[monthly["round"].isin(set(told.loc[inside, "round"])) & (pd.to_datetime(monthly["month"]) <= end)]
    over = (own["n"] > 0) & (pd.to_datetime(own["month"]) + pd.DateOffset(months=AFTER) <= end)
    held = own["arm"] == CONTROL
    pair = [own[over & side].groupby("round")[MARGIN].sum() for side in (~held, held)]
    both = sorted(set(pair[0].index) & set(pair[1].index))
    if not both:
        return NOTHING
    treated, control = (Means(*side.loc[both].to_numpy("float64").T) for side in pair)
    gain = mean_difference(*(Means(m.n, m.total / 100, m.squares / 10_000) for m in (treated, control)))
    made = own[~held & own["round"].isin(both)]
    cost = _cost(made, float(told.loc[told["round"].isin(both), "fixed_cost"].sum()))
    if not cost > 0:
        return NOTHING
    value, low, high = ((end - cost) / cost for end in (gain.value, gain.low, gain.high))
    counts = (int(treated.n.sum()), int(control.n.sum()), int(own.loc[~held, "contacts"].sum()))
    return Pooled(value, low, high, *counts)


def _cost(made: pd.DataFrame, fixed: float) -> float:
    """Cost of a contact, the fixed cost of its round spread over all that were made; missing where none is known."""
    if fixed == 0 and made["costed"].sum() == 0:
        return float("nan")
    return (float(made["cost"].sum()) / 100 + fixed) / float(made["contacts"].sum())


def pooled_kpi(
    monthly: pd.DataFrame, told: pd.DataFrame, *, quarter: Quarter, smallest: int, dated: bool = True
) -> Yearly:
    """The return of a year's campaigns, beside what was known of it a quarter and a year ago; nothing without one.

    Parameters
    ----------
    dated : whether it is known when money came in; else nothing is said of earlier quarters.
    """
    now = pooled_return(monthly, told, quarter=quarter)
    earlier = (quarter.previous, quarter.year_before) if dated else ()
    then = [pooled_return(monthly, told, quarter=one) for one in earlier]
    if not _tellable(now, smallest):
        return Yearly([], 0, 0)
    before, year = [one.roi if _tellable(one, smallest) else None for one in then] or (None, None)
    n = now.contacts + now.control
    kpi = Kpi("campaigns_roi", now.roi, n, now.low, now.high, before, year_before=year)
    return Yearly([kpi], now.contacts, now.made)


def _tellable(one: Pooled, smallest: int) -> bool:
    return bool(np.isfinite(one.roi)) and min(one.contacts, one.control) >= smallest


def year_return(study: Study, tables: Mapping[str, Rows], *, quarter: Quarter, smallest: int) -> Yearly:
    """The return of a year's campaigns from a study of all of them; nothing where there are no campaigns."""
    if study.counts is None:
        return Yearly([], 0, 0)
    told = rounds(tables["campaigns"], tables["contacts"])
    return pooled_kpi(study.monthly, told, quarter=quarter, smallest=smallest, dated=study.basis == BILLS)
