"""The KPI dictionary, continued: what to do next."""

from __future__ import annotations

from analysis.basis.kpi import Metric

ACTIONS: tuple[Metric, ...] = ()
