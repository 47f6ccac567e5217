"""The KPI dictionary, continued: whether plans and prices fit."""

from __future__ import annotations

from analysis.basis.kpi import Metric

PRICES: tuple[Metric, ...] = ()
