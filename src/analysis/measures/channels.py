"""Everything that is told about winning customers: its cost, what they bring by channel, and when it is paid back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.frames.fees import EXACT
from analysis.measures.acquisition import (
    FIGURES,
    channel_values,
    cost_told,
    costs_nothing,
    with_channel,
    won_lately,
)
from analysis.measures.disclosure import masked
from analysis.measures.payback import followed_months, net_of_channels, net_of_cohorts, payback

Rows = nw.LazyFrame[Any]
PAID = ["cost", "net", "net_low", "net_high", "months", "months_low", "months_high"]


class Seen(NamedTuple):
    """The as-of date, and the first days of the billed months."""

    as_of: dt.date
    billed: list[dt.date]


class Active(NamedTuple):
    """Active customers, and their value: the estimate in the first row, a draw of the model in each further one."""

    customer_id: pd.Series
    worth: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Acquisition:
    """What is told about winning customers, ready to be published.

    told : share of the customers won whose cost is known; missing where nobody was won.
    channels : table of `channel_values`, with `masked`.
    paid, cohorts : tables of `payback`, by `channel` and by `cohort` (quarter of joining), with `masked`.
    courses : table of `net_after` by channel, without masked ones.
    horizon : months that customers of a channel are followed.
    free : whether every cost on record is zero; it is then taken as not told.
    """

    told: float
    channels: pd.DataFrame
    paid: pd.DataFrame
    cohorts: pd.DataFrame
    courses: pd.DataFrame
    horizon: int
    free: bool = False


def acquisition(won: Rows, margins: Rows, *, seen: Seen, active: Active, smallest: int) -> Acquisition:
    """Cost, value and payback of the customers won.

    Parameters
    ----------
    won : table of `frames.won.customers_won`.
    margins : table of `received_margin`, one row per customer and month.
    smallest : customers that a published channel or cohort needs.
    """
    free = costs_nothing(won)
    won = won.with_columns(cost=nw.lit(None).cast(EXACT)) if free else won
    known, billed = with_channel(won), seen.billed
    lately = won_lately(known, margins, as_of=seen.as_of)
    nobody = Active(active.customer_id.iloc[:0], active.worth[:, :0])
    ids, worth = active if billed else nobody  # without bills nothing was received, and no value is told
    values = channel_values(lately, customer_id=ids, worth=worth)
    channels = _published(values, by="channel", values=["share", *FIGURES], smallest=smallest)
    horizon = followed_months(billed)
    if not horizon or not cost_told(won) > 0:
        none = [pd.DataFrame(columns=[by, "month", "followed", *PAID, "masked"]) for by in ("channel", "cohort")]
        return Acquisition(cost_told(won), channels, none[0], none[1], none[0], horizon, free)
    nets = net_of_channels(known, margins, billed=billed, horizon=horizon)
    paid = _published(payback(nets, by="channel"), by="channel", values=PAID, smallest=smallest)
    shown = nets["channel"].isin(paid.loc[~paid["masked"], "channel"].dropna())
    cohorts = payback(net_of_cohorts(known, margins, billed=billed, horizon=horizon), by="cohort")
    by_cohort = _published(cohorts, by="cohort", values=PAID, smallest=smallest)
    return Acquisition(cost_told(won), channels, paid, by_cohort, nets[shown].reset_index(drop=True), horizon)


def _published(table: pd.DataFrame, *, by: str, values: list[str], smallest: int) -> pd.DataFrame:
    if table.empty:
        return table.assign(masked=False)
    return masked(table, by=[by], count="customers", values=values, minimum=smallest)
