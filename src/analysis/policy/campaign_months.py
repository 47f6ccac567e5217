"""Contacts of campaigns drawn by lot month by month: made, paid for, and followed to the end of their three months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.contacted import SEVERAL
from analysis.policy.campaign_money import Rates, money_sums

Rows = nw.LazyFrame[Any]

KEYS = ["campaign", "round", "arm", "month"]
MADE, MARGIN = ["contacts", "cost", "costed"], ["n", "margin_total", "margin_squares"]
COLUMNS = [*KEYS, *MADE, *MARGIN]


def monthly(contacts: Rows, followed: Rows, rates: Rates, *, campaigns: Sequence[str]) -> pd.DataFrame:
    """What contacts cost and brought by the month they were made in: what could be known of them at an earlier day.

    Parameters
    ----------
    contacts : table of `frames.contacted.contacted`.
    followed : those whose three months after are over, with `money` and `stayed`.
    campaigns : names of those drawn by lot.

    Returns
    -------
    Table, one row per campaign, round, arm and month: `contacts`, `cost` (cents), `costed` (contacts whose cost is on
    record), and of those followed `n`, `margin_total`, `margin_squares` (cents).
    """
    if not campaigns:
        return pd.DataFrame(columns=COLUMNS)
    own = contacts.filter(nw.col("campaign").is_in(list(campaigns)) & (nw.col("arm") != SEVERAL))
    made = own.group_by(KEYS).agg(contacts=nw.len(), cost=nw.col("cost").sum(), costed=nw.col("costed").sum())
    table = to_pandas(made.sort(KEYS)).astype(dict.fromkeys(MADE, "float64"))
    table = table.assign(month=pd.to_datetime(table["month"]))
    sums = money_sums(followed, rates, by=KEYS)
    sums = sums.assign(month=pd.to_datetime(sums["month"]))[[*KEYS, *MARGIN]]
    return table.merge(sums, on=KEYS, how="left").fillna(dict.fromkeys(MARGIN, 0.0))
