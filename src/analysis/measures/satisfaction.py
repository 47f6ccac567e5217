"""Satisfaction after a contact with the service desk, beside that of customers who had none."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.frames.after_contact import AFTER, WITHOUT
from analysis.frames.desk import LABELS, NOW
from analysis.measures.interval import standard_normal_quantile
from analysis.measures.ratios_by import published_ratios, ratios_by

Rows = nw.LazyFrame[Any]

CSAT = {"csat": ("csat", "each")}
COLUMNS = ("value", "low", "high", "people", "masked")


def satisfaction(answers: Rows, *, smallest: int) -> pd.DataFrame:
    """Mean satisfaction by period, after a contact and without one, see `ratios_by`.

    Returns
    -------
    Table, one row per period and `after`: `period`, `after`, `value` (1 to 5), `low`, `high`, `people` (customers who
    answered), `masked` (too few of them).
    """
    periods = answers.with_columns(both=nw.concat_str([nw.col("period"), nw.lit("|"), nw.col("after")]))
    found = ratios_by(periods, CSAT, by="both", key="customer_id", amounts=[*CSAT])
    split = found["group"].astype(str).str.split("|", expand=True).reindex(columns=[0, 1])
    told = found.assign(period=split[0], after=split[1])
    small = (told["people"] > 0) & (told["people"] < smallest)
    hidden = {name: told[name].mask(small) for name in ("value", "low", "high", "people")}
    return told.assign(**hidden, masked=small)[["period", "after", *COLUMNS]]


def satisfaction_by_group(answers: Rows, *, smallest: int) -> pd.DataFrame:
    """Mean satisfaction after a contact of the quarter by its channel, category and region, as it may be published.

    Returns
    -------
    Table, one row per `dimension` and `group`: `value`, `low`, `high`, `people`, `masked`.
    """
    now = answers.filter((nw.col("period") == NOW) & (nw.col("after") == AFTER))
    parts = []
    for name in LABELS:
        found = ratios_by(now, CSAT, by=name, key="customer_id", amounts=[*CSAT])
        parts.append(published_ratios(found, smallest=smallest, shares=[]).assign(dimension=name))
    return pd.concat(parts, ignore_index=True)[["dimension", "group", *COLUMNS]]


def difference(told: pd.DataFrame, period: str = NOW) -> tuple[float, float, float]:
    """By how much satisfaction after a contact is above that without, with its 95 % interval; missing of too few."""
    rows = told[told["period"] == period].set_index("after")
    if not {AFTER, WITHOUT} <= set(rows.index):
        return float("nan"), float("nan"), float("nan")
    z = standard_normal_quantile(0.95)
    errors = [(rows.at[name, "high"] - rows.at[name, "low"]) / 2 / z for name in (AFTER, WITHOUT)]
    gap = float(rows.at[AFTER, "value"] - rows.at[WITHOUT, "value"])
    reach = z * float(np.hypot(*errors))
    return gap, gap - reach, gap + reach
