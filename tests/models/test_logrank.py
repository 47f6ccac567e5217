from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.statistics import multivariate_logrank_test

from analysis.basis.errors import AnalysisFailed
from analysis.models.logrank import log_rank


def counted(*rows):
    return pd.DataFrame(rows, columns=["class", "entry", "exit", "event", "n"])


# ------------------------------------------------------------------------------------------------------------ by hand


def two_classes():
    """At 2: four at risk, two in each class, one of a leaves. At 4: one of a, two of b at risk, one of b leaves."""
    return counted(("a", 0, 2, 1, 1), ("a", 0, 5, 0, 1), ("b", 0, 3, 0, 1), ("b", 0, 4, 1, 1), ("b", 2, 6, 0, 1))


def test_expected_leavers_are_those_at_everyones_pace():
    got = log_rank(two_classes(), group="class").groups
    assert got["class"].tolist() == ["a", "b"]
    assert got["observed"].tolist() == [1, 1]
    assert got["expected"].tolist() == pytest.approx([1 / 2 + 1 / 3, 1 / 2 + 2 / 3])


def test_the_statistic_is_the_squared_difference_over_the_hypergeometric_variance():
    got = log_rank(two_classes(), group="class")
    variance = 1 / 2 * 1 / 2 + 1 / 3 * 2 / 3
    assert got.statistic == pytest.approx((1 - 5 / 6) ** 2 / variance)
    assert got.degrees_of_freedom == 1
    assert got.p_value == pytest.approx(0.8083, abs=1e-4)


def test_customers_who_leave_on_the_same_day_are_drawn_without_replacement():
    got = log_rank(counted(("a", 0, 2, 1, 2), ("a", 0, 5, 0, 3), ("b", 0, 2, 1, 1), ("b", 0, 6, 0, 4)), group="class")
    variance = 3 * (1 / 2) * (1 / 2) * (10 - 3) / (10 - 1)
    assert got.statistic == pytest.approx((2 - 1.5) ** 2 / variance)


def test_a_class_that_was_never_at_risk_when_somebody_left_counts_for_nothing():
    rows = two_classes()
    got = log_rank(pd.concat([rows, counted(("c", 8, 9, 0, 50))]), group="class")
    expected = log_rank(rows, group="class")
    assert got.statistic == pytest.approx(expected.statistic)
    assert (got.degrees_of_freedom, got.p_value) == (1, pytest.approx(expected.p_value))
    assert got.groups.iloc[2].to_dict() == {"class": "c", "observed": 0, "expected": 0}


def test_classes_that_never_meet_are_compared_with_those_they_meet():
    early, late = two_classes(), two_classes()
    late["class"] = late["class"].map({"a": "c", "b": "d"})
    late[["entry", "exit"]] += 10
    got = log_rank(pd.concat([early, late]), group="class")
    assert got.degrees_of_freedom == 2
    assert got.statistic == pytest.approx(2 * log_rank(early, group="class").statistic)


@pytest.mark.parametrize(
    "rows",
    [
        counted(("a", 0, 2, 1, 5), ("a", 0, 3, 0, 5)),
        counted(("a", 0, 2, 0, 5), ("b", 0, 3, 0, 5)),
        counted(("a", 0, 2, 1, 5), ("b", 2, 3, 1, 5)),
        counted(("a", 0, 2, 1, 1)),
    ],
    ids=["one class", "nobody left", "never at risk together", "one customer"],
)
def test_where_there_is_nothing_to_compare_the_test_is_missing(rows):
    got = log_rank(rows, group="class")
    assert np.isnan(got.statistic)
    assert np.isnan(got.p_value)
    assert got.degrees_of_freedom == 0
    assert got.groups["expected"].tolist() == pytest.approx(got.groups["observed"].tolist())


def test_a_row_without_a_class_is_refused():
    rows = two_classes()
    rows.loc[[1, 3], "class"] = None
    with pytest.raises(AnalysisFailed) as refusal:
        log_rank(rows, group="class")
    assert str(refusal.value) == (
        "log-rank test: expected a class in every row, found 2 rows without one. "
        "Give them a class of their own, such as 'not available', or leave them out."
    )


def test_impossible_counts_are_refused():
    with pytest.raises(AnalysisFailed, match="expected event 0 or 1, found entry 0, exit 2, event 3, n 1"):
        log_rank(counted(("a", 0, 2, 3, 1)), group="class")


# ------------------------------------------------------------------------------------------------------ outside truth


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("monthly", 4),
        ("daily", 2),
        ("weighted", 2),
        ("gaps", 2),
        ("emptied", 2),
        ("level_at_half", 2),
        ("lung_by_performance", 4),
        ("lung_by_sex", 2),
    ],
)
def test_the_statistic_equals_that_of_r(yardsticks, name, groups):
    expected = yardsticks[name]["log_rank"]
    got = log_rank(pd.DataFrame(yardsticks[name]["rows"]), group="group")
    assert got.statistic == pytest.approx(expected["statistic"], rel=1e-8)
    assert got.degrees_of_freedom == expected["degrees_of_freedom"] == groups - 1


@pytest.mark.parametrize("name", ["lung_by_performance", "lung_by_sex"])
def test_observed_expected_and_p_value_equal_those_of_r(yardsticks, name):
    expected = yardsticks[name]["log_rank"]
    got = log_rank(pd.DataFrame(yardsticks[name]["rows"]), group="group")
    assert got.groups["observed"].tolist() == expected["observed"]
    assert got.groups["expected"].tolist() == pytest.approx(expected["expected"], rel=1e-8)
    assert got.p_value == pytest.approx(expected["p_value"], rel=1e-8)


@pytest.mark.parametrize("name", ["lung_by_performance", "lung_by_sex"])
def test_the_statistic_equals_that_of_lifelines_without_late_entry(yardsticks, name):
    rows = pd.DataFrame(yardsticks[name]["rows"])
    expected = multivariate_logrank_test(rows["exit"], rows["group"], rows["event"])
    got = log_rank(rows, group="group")
    assert (got.statistic, got.p_value) == pytest.approx((expected.test_statistic, expected.p_value), rel=1e-8)


# --------------------------------------------------------------------------------------------------------- identities

EPISODES = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 20), st.integers(1, 20), st.integers(0, 1), st.integers(1, 9)),
    min_size=1,
    max_size=30,
).map(lambda rows: counted(*[(name, entry, entry + length, event, n) for name, entry, length, event, n in rows]))


@settings(max_examples=60, deadline=None)
@given(EPISODES)
def test_observed_and_expected_leavers_add_up_to_the_same(rows):
    got = log_rank(rows, group="class").groups
    assert got["observed"].sum() == (rows["n"] * rows["event"]).sum()
    assert got["expected"].sum() == pytest.approx(got["observed"].sum())


@settings(max_examples=60, deadline=None)
@given(EPISODES)
def test_counts_as_weights_give_the_same_test_as_single_rows(rows):
    single = rows.loc[rows.index.repeat(rows["n"])].assign(n=1)
    got, expected = log_rank(rows, group="class"), log_rank(single, group="class")
    assert got.degrees_of_freedom == expected.degrees_of_freedom
    assert (got.statistic, got.p_value) == pytest.approx((expected.statistic, expected.p_value), nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(EPISODES)
def test_one_class_under_many_names_leaves_at_the_same_pace_as_itself(rows):
    twice = pd.concat([rows.assign(**{"class": name}) for name in "xyz"])
    got = log_rank(twice, group="class")
    assert got.groups["expected"].tolist() == pytest.approx(got.groups["observed"].tolist())
    assert np.isnan(got.statistic) or got.statistic == pytest.approx(0, abs=1e-9)
