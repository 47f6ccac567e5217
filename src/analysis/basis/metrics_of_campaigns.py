"""The KPI dictionary, continued: what campaigns did."""

from __future__ import annotations

from analysis.basis.kpi import Metric

CAMPAIGNS: tuple[Metric, ...] = ()
