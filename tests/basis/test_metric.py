"""The KPI dictionary: one name for one figure."""

from __future__ import annotations

import re

from analysis.basis.metric import METRICS


def test_no_two_metrics_have_one_label() -> None:
    labels = [metric.label for metric in METRICS.values()]
    assert len(labels) == len(set(labels))


def test_no_label_or_definition_speaks_in_the_codes_words() -> None:
    texts = [f"{metric.label}. {metric.definition}" for metric in METRICS.values()]
    assert [text for text in texts if re.search(r"`|\w_\w", text)] == []
