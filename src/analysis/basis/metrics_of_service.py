"""The KPI dictionary, continued: how customers are served."""

from __future__ import annotations

from analysis.basis.kpi import Metric

SERVICE: tuple[Metric, ...] = ()
