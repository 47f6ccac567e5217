"""What customers cost to win, as the KPI rows that are published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.basis.metric import Kpi

FIGURES = {"acquisition_cost": "cost", "clv_per_cac": "ratio"}


def acquisition_kpis(channels: pd.DataFrame, paid: pd.DataFrame) -> list[Kpi]:
    """Cost of winning a customer, what one brings by it, and months until it is paid back: of all, and by channel.

    No numbers of customers: they would tell how many of those who joined came back, or have no cost on record.

    Parameters
    ----------
    channels : table of `channel_values`.
    paid : masked table of `payback` by channel; what is not paid back within the months followed has no value.
    """
    told = [
        _kpi(metric, row, name)
        for metric, name in FIGURES.items()
        for row in channels[~channels["masked"]].to_dict("records")
    ]
    months = [_kpi("payback_months", row, "months") for row in paid[~paid["masked"]].to_dict("records")]
    return [one for one in [*told, *months] if one.value == one.value]


def _kpi(metric: str, row: Mapping[Any, Any], name: str) -> Kpi:
    channel = None if pd.isna(row["channel"]) else str(row["channel"])
    of = None if channel is None else "channel"
    return Kpi(metric, row[name], None, row[f"{name}_low"], row[f"{name}_high"], None, of, channel)
