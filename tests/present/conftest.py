"""What the tests of the drawings share: sample tables, and a pen that remembers what it drew."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
import pytest

from analysis.present.charts.sheet import Sheet

QUARTERS = ["2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]


@pytest.fixture
def words() -> dict[str, str]:
    return {
        "finding": "Churn fell to 4.1 %",
        "subtitle": "Leavers ÷ (opening base + joiners), % per quarter",
        "source": "Source: Demo Broadband",
        "alt": "Churn by quarter, falling from 5.1 to 4.1 per cent.",
    }


@pytest.fixture
def pen(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict]]:
    """By kind (text, line, band, dot, box, rule): the arguments of everything drawn, in order."""
    drawn: dict[str, list[dict]] = defaultdict(list)
    places = {
        "text": ("at", "words", "color"),
        "line": ("xs", "ys", "color"),
        "band": ("xs", "low", "high", "color"),
        "dot": ("at", "color"),
        "box": ("start", "end", "color"),
        "rule": ("start", "end", "color"),
    }

    def watched(kind: str):
        draw = getattr(Sheet, kind)

        def wrapper(self, *args, **kwargs):
            drawn[kind].append({"sheet": self, **dict(zip(places[kind], args, strict=False)), **kwargs})
            return draw(self, *args, **kwargs)

        return wrapper

    for kind in places:
        monkeypatch.setattr(Sheet, kind, watched(kind))
    return drawn


@pytest.fixture
def rates() -> pd.DataFrame:
    share = [0.051, 0.048, 0.046, 0.049, 0.045, 0.044, 0.0435, 0.041]
    return pd.DataFrame(
        {"quarter": QUARTERS, "rate": share, "low": [s - 0.003 for s in share], "high": [s + 0.003 for s in share]}
    )


@pytest.fixture
def curve() -> pd.DataFrame:
    """One customer of a hundred leaves every month."""
    months = range(101)
    survival = [1 - month / 100 for month in months]
    return pd.DataFrame(
        {
            "time": [float(month) for month in months],
            "survival": survival,
            "low": [max(s - 0.05, 0) for s in survival],
            "high": [min(s + 0.05, 1) for s in survival],
            "at_risk": [100 - month for month in months],
        }
    )


@pytest.fixture
def classes() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "dimension": ["Contract"] * 3 + ["Internet"] * 2,
            "class": ["Month-to-month", "One year", "Two years", "Fibre", "DSL"],
            "rate": [0.4584, 0.1071, 0.0255, 0.4072, 0.1858],
            "low": [0.44, 0.09, 0.02, 0.39, 0.17],
            "high": [0.48, 0.12, 0.03, 0.42, 0.20],
        }
    )
