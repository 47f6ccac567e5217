"""Rule classes by hand: edges, precedence, and "not available"."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.extracts.engine import to_pandas
from analysis.measures.classes import DIMENSIONS, NOT_AVAILABLE, ORDERED, ClassEdges, classified

EDGES = ClassEdges((50, 300), (50, 300), new_below_months=3, mature_from_months=12, declining_drop=0.3)


@pytest.fixture
def of(engine):
    def made(column: str, **values: list) -> list[str]:
        size = len(next(iter(values.values())))
        data = pd.DataFrame({"n": range(size), "tenure_months": [20.0] * size} | values)
        got = to_pandas(classified(engine.table(data), EDGES).sort("n"))
        return got[f"{column}_class"].tolist()

    return made


def test_usage_bands_begin_at_their_edges(of):
    got = of("usage", download_gb_3m=[0.0, 49.9, 50.0, 299.9, 300.0, None])
    assert got == ["light", "light", "medium", "medium", "heavy", NOT_AVAILABLE]


def test_bandwidth_bands_begin_at_their_edges(of):
    assert of("bandwidth", bandwidth_mbps=[16.0, 50.0, 300.0, None]) == ["low", "medium", "high", NOT_AVAILABLE]


def test_who_has_no_broadband_and_uses_none_is_no_light_user(of):
    got = of("usage", download_gb_3m=[0.0, 0.0, 9.0, None], has_broadband=[0, 1, 0, 0])
    assert got == ["no broadband, no use", "light", "light", "no broadband, no use"]
    assert of("bandwidth", bandwidth_mbps=[None, 100.0], has_broadband=[0, 0]) == ["no broadband", "medium"]


def test_life_cycle_edges_are_new_below_three_and_mature_from_twelve_months(of):
    got = of("lifecycle", tenure_months=[0.0, 2.99, 3.0, 11.99, 12.0, 100.0])
    assert got == ["new", "new", "growing", "growing", "mature", "mature"]


def test_churned_comes_before_new_and_new_before_declining_and_declining_before_the_rest(of):
    got = of(
        "lifecycle", tenure_months=[1.0, 1.0, 5.0, 50.0, 50.0], state=["left", "active", "active", "active", "active"],
        download_gb_3m=[1.0, 1.0, 69.9, 69.9, 70.0], download_gb_previous_3m=[100.0] * 5,
    )  # fmt: skip
    assert got == ["churned", "new", "declining", "declining", "mature"]


def test_without_earlier_use_nobody_is_declining(of):
    assert of("lifecycle", download_gb_3m=[1.0], download_gb_previous_3m=[float("nan")]) == ["mature"]


def test_contracts_are_named_by_their_term(of):
    got = of("contract", contract_months=[0, 1, 12, 24, 36, None])
    assert got == ["month to month", "month to month", "one year", "two years", "other term", NOT_AVAILABLE]


def test_technology_is_that_of_broadband_or_no_broadband(of):
    got = of("technology", technology=["fibre", None, None, "5g"], has_broadband=[1, 0, None, 0])
    assert got == ["fibre", "no broadband", NOT_AVAILABLE, "no broadband"]


def test_a_column_the_source_does_not_give_is_not_available(of):
    for dimension in set(DIMENSIONS) - {"lifecycle"}:
        assert of(dimension, tenure_months=[1.0]) == [NOT_AVAILABLE]


def test_every_row_is_in_exactly_one_class_of_each_dimension(engine):
    data = pd.DataFrame({"tenure_months": [1.0, 5.0], "customer_type": ["household", None], "region": [None, "north"]})
    got = to_pandas(classified(engine.table(data), EDGES))
    assert not got[[f"{name}_class" for name in DIMENSIONS]].isna().to_numpy().any()
    assert set(ORDERED) <= set(DIMENSIONS)
