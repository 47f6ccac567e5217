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
from analysis.policy.campaign_effects import drawn_by_lot
from analysis.policy.campaign_study import Study

Rows = nw.LazyFrame[Any]

MARGIN = ["n", "margin_total", "margin_squares"]


class Pooled(NamedTuple):
    """Return of all campaigns of a year with its 95 % interval; `contacts` are those followed, `control` held out."""

    roi: float
    low: float
    high: float
    contacts: int
    control: int


NOTHING = Pooled(np.nan, np.nan, np.nan, 0, 0)


def pooled_return(sums: pd.DataFrame, arms: pd.DataFrame, told: pd.DataFrame, *, quarter: Quarter) -> Pooled:
    """The return of the campaigns drawn by lot that began in the four quarters up to `quarter`, that one included.

    return = (margin per contact more than the control's − cost per contact) ÷ cost per contact

    All variants of a round are one arm against its control group, rounds are strata weighted by their contacts. A round
    counts once the three months after its contacts are billed, its other contacts as far as theirs are. Missing where
    no such round is, or no cost is on record.

    Parameters
    ----------
    sums : table of `campaign_money.money_sums`, one row per campaign, round and arm, amounts in cents.
    arms : contacts and costs, one row per round and arm (`campaign_effects.counts`).
    told : table of `frames.contacted.rounds`.
    """
    first = quarter.year_before.next.first_day
    began = pd.to_datetime(told["start"])
    inside = (began >= pd.Timestamp(first)) & (began <= pd.Timestamp(quarter.last_day))
    ours = set(told.loc[inside, "round"]) & set(arms.loc[arms["campaign"].isin(drawn_by_lot(arms)), "round"])
    own = sums[sums["round"].isin(ours)]
    held = own["arm"] == CONTROL
    pair = [side.groupby("round")[MARGIN].sum() for side in (own[~held], own[held])]
    both = sorted(set(pair[0].index) & set(pair[1].index))
    if not both:
        return NOTHING
    treated, control = (Means(*side.loc[both].to_numpy("float64").T) for side in pair)
    gain = mean_difference(*(Means(m.n, m.total / 100, m.squares / 10_000) for m in (treated, control)))
    cost = _cost(arms, told, both)
    if not cost > 0:
        return NOTHING
    value, low, high = ((end - cost) / cost for end in (gain.value, gain.low, gain.high))
    return Pooled(value, low, high, int(treated.n.sum()), int(control.n.sum()))


def _cost(arms: pd.DataFrame, told: pd.DataFrame, own: list[str]) -> float:
    """Cost of a contact, the fixed cost of its round spread over all that were made; missing where none is known."""
    made = arms[arms["round"].isin(own) & (arms["arm"] != CONTROL)]
    fixed = float(told.loc[told["round"].isin(own), "fixed_cost"].sum())
    if fixed == 0 and made["costed"].sum() == 0:
        return float("nan")
    return (float(made["cost"].sum()) / 100 + fixed) / float(made["contacts"].sum())


def pooled_kpi(
    sums: pd.DataFrame, arms: pd.DataFrame, told: pd.DataFrame, *, quarter: Quarter, smallest: int
) -> list[Kpi]:
    """The return of a year's campaigns, beside that as of the quarter before and of a year ago; none without one."""
    found = [pooled_return(sums, arms, told, quarter=one) for one in (quarter, quarter.previous, quarter.year_before)]
    now, before, year = (one if min(one.contacts, one.control) >= smallest else NOTHING for one in found)
    if not np.isfinite(now.roi):
        return []
    n = now.contacts + now.control
    return [Kpi("campaigns_roi", now.roi, n, now.low, now.high, before.roi, year_before=year.roi)]


def year_return(study: Study, tables: Mapping[str, Rows], *, quarter: Quarter, smallest: int) -> list[Kpi]:
    """The return of a year's campaigns from a study of all of them; none where there are no campaigns."""
    if study.counts is None:
        return []
    told = rounds(tables["campaigns"])
    return pooled_kpi(study.sums, study.counts.arms, told, quarter=quarter, smallest=smallest)
