"""The KPI dictionary, continued: bills that are not paid, and what the base rests on."""

from __future__ import annotations

from analysis.basis.kpi import Metric

RISK: tuple[Metric, ...] = ()
