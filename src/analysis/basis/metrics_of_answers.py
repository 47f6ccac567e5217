"""The KPI dictionary, continued: what customers say."""

from __future__ import annotations

from analysis.basis.kpi import Metric

ANSWERS: tuple[Metric, ...] = ()
