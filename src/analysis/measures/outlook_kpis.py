"""Potential value, what came of last year's value, and the quarter ahead, as the KPI rows that are published."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import Kpi

NEXT = ("base", "churn_rate", "arpu", "revenue")


def potential_kpis(potential: pd.Series, clv: pd.Series) -> list[Kpi]:
    """Totals, rows of `base_value`; none where further sales are not told."""
    if not potential["customers"]:
        return []
    rows = {"potential_total": potential, "clv_total": clv}
    return [Kpi(name, row["total"], int(row["customers"]), row["low"], row["high"]) for name, row in rows.items()]


def came_kpis(beside: pd.DataFrame) -> list[Kpi]:
    """What the year brought of what was expected; errors of the model and of each rule. None without a year."""
    rows = beside.to_dict("records")
    ratios = [
        Kpi("value_came_ratio", row["ratio"], int(row["customers"]), row["ratio_low"], row["ratio_high"])
        for row in rows[:1]
    ]
    errors = [
        Kpi("value_error", row["error"], int(row["customers"]), None, None, None, "told by", row["rule"])
        for row in rows
    ]
    return ratios + errors


def next_kpis(coming: pd.DataFrame) -> list[Kpi]:
    """The quarter ahead; none where it cannot be foretold."""
    known = coming[coming["metric"].isin(NEXT) & coming["value"].notna()]
    return [
        Kpi(f"next_{row['metric']}", row["value"], low=_told(row["low"]), high=_told(row["high"]))
        for row in known.to_dict("records")
    ]


def _told(edge: float) -> float | None:
    return None if pd.isna(edge) else float(edge)
