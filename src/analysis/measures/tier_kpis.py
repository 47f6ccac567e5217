"""Value tiers as the KPI rows that are published."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import Kpi


def tier_kpis(tiers: pd.DataFrame, *, gini: tuple[float, float, float], moves: pd.DataFrame) -> list[Kpi]:
    """How unevenly value is spread, what the high tier brings now, and who kept a tier; none that cannot be told.

    `tiers` is the table of `tier_revenue`, `moves` that of `tier_moves`.
    """
    customers = tiers["customers"].sum(min_count=1)
    n = None if tiers["masked"].any() or pd.isna(customers) else int(customers)
    told = [Kpi("value_gini", gini[0], n, *gini[1:])] if gini[0] == gini[0] else []
    high = tiers[(tiers["tier"] == "high") & tiers["revenue_share"].notna()].to_dict("records")
    told += [
        Kpi("high_value_revenue", row["revenue_share"], int(row["customers"]), row["revenue_low"], row["revenue_high"])
        for row in high
    ]
    kept = moves[moves["tier"].isna() & moves["kept"].notna()].to_dict("records")
    return told + [
        Kpi("value_tier_kept", row["kept"], int(row["customers"]), row["kept_low"], row["kept_high"]) for row in kept
    ]
