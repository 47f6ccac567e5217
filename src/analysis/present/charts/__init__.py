"""Charts: each function takes a tidy table and the words around it, and returns a `Chart`."""

from __future__ import annotations

from analysis.present.charts.by_class import bars
from analysis.present.charts.completeness import completeness
from analysis.present.charts.composition import shares
from analysis.present.charts.movement import flows
from analysis.present.charts.over_time import trend
from analysis.present.charts.survival import survival_chart

__all__ = ["bars", "completeness", "flows", "shares", "survival_chart", "trend"]
