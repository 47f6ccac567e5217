"""Rule classes: every row in exactly one class, thresholds where they stand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.extracts.engine import to_pandas
from analysis.measures.class_rules import NOT_AVAILABLE, Condition, Dimension, Percentile
from analysis.measures.classes import classified
from analysis.run.class_params import class_rules
from analysis.run.params import shipped_classes

SHIPPED = class_rules(shipped_classes(), currency="EUR")
ONLY_TENURE = {"lifecycle"}  # what tenure alone can tell


@pytest.fixture
def of(engine):
    """`of(dimension, column=[values])`: the classes of rows in one dimension, a shipped one by its name."""

    def made(dimension: str | Dimension, **values: list) -> list[str]:
        size = len(next(iter(values.values())))
        data = pd.DataFrame({"n": range(size), "tenure_months": [20.0] * size} | values)
        rules = SHIPPED if isinstance(dimension, str) else {dimension.name: dimension}
        name = dimension if isinstance(dimension, str) else dimension.name
        got = to_pandas(classified(engine.table(data), rules).sort("n"))
        return got[f"{name}_class"].tolist()

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


@pytest.mark.parametrize("dimension", sorted(set(SHIPPED) - ONLY_TENURE))
def test_a_column_the_source_does_not_give_is_not_available(of, dimension):
    assert of(dimension, tenure_months=[1.0]) == [NOT_AVAILABLE]


def test_every_row_is_in_exactly_one_class_of_each_dimension_and_keeps_its_columns(engine):
    data = pd.DataFrame({"tenure_months": [1.0, 5.0], "customer_type": ["household", None], "region": [None, "north"]})
    got = to_pandas(classified(engine.table(data), SHIPPED))
    assert list(got) == [*data, *(f"{name}_class" for name in SHIPPED)]
    assert not got[[f"{name}_class" for name in SHIPPED]].isna().to_numpy().any()


def test_all_parts_of_a_condition_must_hold_and_a_missing_value_holds_none(of):
    young = Dimension("a", "A", rules={"b": {"age": Condition(bounds={"at_least": 20, "below": 30})}}, otherwise="c")
    assert of(young, age=[19, 20, 29, 30, None]) == ["c", "b", "b", "c", "c"]
    unknown = Dimension("a", "A", rules={"b": {"age": Condition(missing=True)}}, otherwise="c")
    assert of(unknown, age=[None, 1.0]) == ["b", "c"]


def test_bounds_include_their_edge_where_they_say_so(of):
    edges = {name: {"age": Condition(bounds={name: 30})} for name in ("below", "above", "at_least", "at_most")}
    for name, expected in (("below", "100"), ("at_most", "110"), ("at_least", "011"), ("above", "001")):
        got = of(Dimension("a", "A", rules={"1": edges[name]}, otherwise="0"), age=[29, 30, 31])
        assert "".join(got) == expected


def test_below_the_first_edge_of_all_there_is_no_class(of):
    size = Dimension("size", "Size", column="employees", bands={"small": 1.0, "large": 50.0})
    assert of(size, employees=[0, 1, 50]) == [NOT_AVAILABLE, "small", "large"]


def test_where_a_needed_column_is_missing_there_is_no_class(of):
    needy = Dimension("a", "A", column="region", needs=("age",), rules={"old": {"age": Condition(bounds={"above": 9})}})
    assert of(needy, region=["north", "north", "south"], age=[10, None, 5]) == ["old", NOT_AVAILABLE, "south"]
    assert of(needy, region=["north"]) == [NOT_AVAILABLE]


def test_a_percentile_is_the_share_of_customers_who_have_less_or_as_much(of):
    thirds = Dimension("a", "A", column="fee", bands={"low": None, "high": Percentile(60)})
    assert of(thirds, fee=[1.0, 2.0, 3.0, 3.0, 5.0]) == ["low", "low", "high", "high", "high"]
    top = Dimension("a", "A", rules={"top": {"fee": Condition(bounds={"above": Percentile(80)})}}, otherwise="rest")
    assert of(top, fee=[1.0, 2.0, 3.0, 4.0, 5.0, None]) == ["rest", "rest", "rest", "rest", "top", "rest"]


def test_a_percentile_compares_customers_of_one_quarter_and_no_leavers(of):
    half = Dimension("a", "A", column="fee", bands={"low": None, "high": Percentile(50)})
    june, august = dt.date(2026, 6, 30), dt.date(2026, 8, 14)  # the landmarks of who was there, and of who joined
    got = of(half, fee=[1.0, 2.0, 30.0], landmark=[june, august, dt.date(2026, 9, 30)])
    assert got == ["low", "high", "high"]
    assert of(half, fee=[9.0, 1.0, 2.0], state=["left", "active", "active"]) == ["high", "low", "high"]


def test_classes_are_made_of_classes(of, engine):
    size = Dimension("size", "Size", column="employees", bands={"small": None, "large": 50.0})
    need = Dimension("need", "Need", rules={"big": {"size_class": Condition(one_of=("large",))}}, otherwise="other")
    data = engine.table(pd.DataFrame({"n": [0, 1], "employees": [5, 500]}))
    got = to_pandas(classified(data, {"need": need, "size": size}).sort("n"))
    assert got["need_class"].tolist() == ["other", "big"]
