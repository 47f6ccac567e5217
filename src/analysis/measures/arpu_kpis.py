"""ARPU and why it moved, as the KPI rows that are published."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import Kpi
from analysis.basis.quarter import Quarter
from analysis.basis.rounding import half_up
from analysis.measures.arpu_bridge import Bridge
from analysis.measures.arpu_season import Season


def arpu_kpis(arpu: pd.DataFrame, *, quarter: str) -> list[Kpi]:
    """The quarter's revenue and ARPU, beside the quarter before and that of a year ago; none where it is not billed."""
    if arpu.empty or arpu["quarter"].iloc[-1] != quarter:
        return []
    last, now = arpu.iloc[-1], Quarter.parse(quarter)
    before, year = (_of(arpu, one) for one in (now.previous, now.year_before))
    # Customers are not counted: opening base and joiners together would tell of few joiners.
    return [
        Kpi("revenue", last["revenue"], previous=before.get("revenue"), year_before=year.get("revenue")),
        Kpi(
            "arpu",
            *(last["arpu"], None, last["low"], last["high"], before.get("arpu")),
            year_before=year.get("arpu"),
        ),
    ]


def _of(arpu: pd.DataFrame, quarter: Quarter) -> pd.Series:
    """The row of a quarter; empty where it is not billed."""
    rows = arpu[arpu["quarter"] == str(quarter)]
    return rows.iloc[0] if len(rows) else pd.Series(dtype=float)


def arpu_step(arpu: pd.DataFrame, quarter: Quarter, *, places: int) -> float | None:
    """ARPU of a quarter less that of the quarter before, both as printed; None where one of them is not billed."""
    ends = [_of(arpu, one).get("arpu") for one in (quarter.previous, quarter)]
    if any(end is None or pd.isna(end) for end in ends):
        return None
    before, now = (half_up(float(end), places) for end in ends)
    return half_up(now - before, places)


def bridge_kpis(bridge: Bridge, *, previous: float | None = None, year_before: float | None = None) -> list[Kpi]:
    """The change of ARPU and its parts, as printed: the parts add up to the change; none where there is no bridge.

    Without the number of customers: that of two quarters would tell of few joiners. `previous` and `year_before` are
    the changes of the quarter before and of the same quarter a year ago (`arpu_step`).
    """
    if bridge.why:
        return []
    parts = [
        Kpi("arpu_change_part", row["shown"], None, row["low"], row["high"], None, "part", row["part"])
        for row in bridge.parts.to_dict("records")
    ]
    whole = Kpi("arpu_change", bridge.change, None, bridge.low, bridge.high, previous, year_before=year_before)
    return [whole, *parts]


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
