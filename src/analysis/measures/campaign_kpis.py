"""The published figures of campaigns."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

import pandas as pd

from analysis.basis.metric import Kpi

DIMENSION = "campaign"
METRICS_OF = {"left_3m": "campaign_kept", "converted": "campaign_won"}


def campaign_kpis(effects: pd.DataFrame, returns: pd.DataFrame) -> list[Kpi]:
    """Effects, returns and costs per campaign and variant; a masked effect is not told, nor what follows from it.

    Parameters
    ----------
    effects : one row per campaign, variant and outcome, `masked` among its columns.
    returns : table of `analysis.policy.campaign_money.returns`.
    """
    found: list[Kpi] = []
    told = effects[~effects["masked"].astype(bool) & effects["outcome"].isin(METRICS_OF)]
    for row in told.to_dict("records"):
        sign = -1 if row["outcome"] == "left_3m" else 1
        low, high = sorted((sign * row["low"], sign * row["high"]))
        one = Kpi(METRICS_OF[row["outcome"]], sign * row["effect"], int(row["treated"] + row["control"]), low, high)
        found.append(_named(one, row))
    hidden = {(one.campaign, one.variant) for one in effects[effects["masked"].astype(bool)].itertuples()}
    for row in returns.to_dict("records"):
        n, key = int(row["contacts"]), (row["campaign"], row["variant"])
        tried = [Kpi("campaign_cost", row["cost"], n)]
        tried.append(Kpi("campaign_roi", row["roi"], n, row["roi_low"], row["roi_high"]))
        if key not in hidden:
            tried.append(Kpi("campaign_cost_per_customer", row["per_won"], n, row["won_low"], row["won_high"]))
        found += [_named(one, row) for one in tried if one.value is not None and one.value == one.value]
    return found


def _named(one: Kpi, row: dict[Hashable, object]) -> Kpi:
    return replace(one, dimension=DIMENSION, klass=f"{row['campaign']}: {row['variant']}")
