"""The KPI dictionary: one name for one figure."""

from __future__ import annotations

from analysis.basis.metric import METRICS


def test_no_two_metrics_have_one_label() -> None:
    labels = [metric.label for metric in METRICS.values()]
    assert len(labels) == len(set(labels))
