"""The KPI dictionary, continued: the network, and unusual use."""

from __future__ import annotations

from analysis.basis.kpi import Metric

NETWORK: tuple[Metric, ...] = ()
