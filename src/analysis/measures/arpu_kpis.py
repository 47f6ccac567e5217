"""Why ARPU moved, as the KPI rows that are published."""

from __future__ import annotations

from analysis.basis.metric import Kpi
from analysis.measures.arpu_bridge import Bridge
from analysis.measures.arpu_season import Season


def bridge_kpis(bridge: Bridge) -> list[Kpi]:
    """The change of ARPU and its parts, as printed: the parts add up to the change; none where there is no bridge.

    Without the number of customers: that of two quarters would tell of few joiners.
    """
    if bridge.why:
        return []
    parts = [
        Kpi("arpu_change_part", row["shown"], None, row["low"], row["high"], None, "part", row["part"])
        for row in bridge.parts.to_dict("records")
    ]
    return [Kpi("arpu_change", bridge.change, None, bridge.low, bridge.high), *parts]


def season_kpis(season: Season | None) -> list[Kpi]:
    """Trend and season of ARPU; none where they cannot be told apart."""
    if season is None:
        return []
    quarters = [
        Kpi("arpu_season", row["effect"], None, row["low"], row["high"], None, "quarter", f"Q{row['number']}")
        for row in season.quarters.to_dict("records")
    ]
    value, low, high = season.trend
    return [Kpi("arpu_trend", value, low=low, high=high), *quarters]
