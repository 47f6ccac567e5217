"""The KPIs of a report as rows: what a BI tool reads, and what a test compares."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.basis.failures import shown
from analysis.basis.metric import METRICS, Kpi, Metric
from analysis.basis.quarter import Quarter

COLUMNS = (
    "quarter", "metric", "label", "unit", "dimension", "class",
    "value", "n", "low", "high", "previous", "target", "status",
)  # fmt: skip
NUMBERS = ("value", "low", "high", "previous", "year_before")
DIGITS = 12  # beyond these a sum depends on the order in which threads added it up


def summary_rows(
    kpis: Sequence[Kpi],
    *,
    quarter: Quarter,
    targets: Mapping[str, float],
    metrics: Mapping[str, Metric] = METRICS,
) -> list[dict[str, Any]]:
    """One row per value, ordered by metric, dimension and class; a missing number is None.

    A target holds for the whole base, never for one class.

    Raises
    ------
    AnalysisFailed
        When a metric has no entry in the dictionary, or one value was recorded twice.
    """
    ordered = sorted(kpis, key=_key)
    for kpi, following in pairwise(ordered):
        if _key(kpi) == _key(following):
            found = f"{kpi.metric} {kpi.dimension or ''} {kpi.klass or ''}".strip() + " twice"
            raise AnalysisFailed("summary", expected="each KPI once", found=found, do="Record it in one notebook only.")
    return [_row(kpi, _metric(kpi, metrics), quarter=quarter, targets=targets) for kpi in ordered]


def plain_kpi(kpi: Kpi) -> Kpi:
    """The same KPI in Python's own numbers, at `DIGITS` significant digits; not-a-number and infinite are None."""
    numbers: dict[str, Any] = {name: _number(getattr(kpi, name)) for name in NUMBERS}
    moved = None if kpi.moved is None else bool(kpi.moved)
    return replace(kpi, n=None if kpi.n is None else int(kpi.n), moved=moved, **numbers)


def status(value: float | None, target: float | None, metric: Metric) -> str:
    """`met` or `missed`; `none` without a target, without a value, or where neither direction is better."""
    if value is None or target is None or metric.better == "neither":
        return "none"
    reached = value >= target if metric.better == "higher" else value <= target
    return "met" if reached else "missed"


def _row(kpi: Kpi, metric: Metric, *, quarter: Quarter, targets: Mapping[str, float]) -> dict[str, Any]:
    kpi = plain_kpi(kpi)
    target = targets.get(kpi.metric) if kpi.dimension is None else None
    return {
        "quarter": str(quarter),
        "metric": kpi.metric,
        "label": metric.label,
        "unit": metric.unit,
        "dimension": kpi.dimension,
        "class": kpi.klass,
        "value": kpi.value,
        "n": kpi.n,
        "low": kpi.low,
        "high": kpi.high,
        "previous": kpi.previous,
        "target": target,
        "status": status(kpi.value, target, metric),
    }


def _metric(kpi: Kpi, metrics: Mapping[str, Metric]) -> Metric:
    if kpi.metric not in metrics:
        do = "Add it to the dictionary with its label, unit and definition."
        raise AnalysisFailed("summary", expected="a metric of the dictionary", found=shown(kpi.metric), do=do)
    return metrics[kpi.metric]


def _number(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) or math.isinf(value) else float(f"{value:.{DIGITS}g}")


def _key(kpi: Kpi) -> tuple[str, str, str]:
    return (kpi.metric, kpi.dimension or "", kpi.klass or "")
