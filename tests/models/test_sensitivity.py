"""What the value depends on, held against the valuation itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.models.test_value import margins, outlook

from analysis.models.sensitivity import shorter_horizon, value_sensitivity
from analysis.models.value import customer_value

FEES = {"a": 30.0, "b": 50.0, "c": 20.0}
FIGURES = {"realisation": (0.9, 0.95), "contact_cost": (1.0, 1.2), "service_cost": (2.0, np.nan)}
MARGIN = margins(FEES, discounts=[("a", 6.0, 10.0, 10.0)], figures=FIGURES)
AHEAD = outlook({"a": 0.02, "b": 0.05, "c": 0.01}, paces=[[0.5, 1.0], [1.0, 2.0], [1.0, 1.0]])


def total(margin=MARGIN, ahead=AHEAD, rate=0.08) -> float:
    return float(customer_value(margin, ahead, discount_rate=rate).customers["current_value"].sum())


def effects(margin=MARGIN, ahead=AHEAD, rate=0.08) -> pd.DataFrame:
    return value_sensitivity(margin, ahead, discount_rate=rate).set_index("figure")


def test_the_figure_that_matters_most_comes_first() -> None:
    got = effects()
    widest = got[["lower", "higher"]].abs().max(axis=1)
    assert widest.is_monotonic_decreasing
    assert got.index[0] == "gross_margin"
    assert got["total"].tolist() == pytest.approx([total()] * 4)


def test_a_tenth_more_margin_or_cost_moves_the_value_by_a_tenth_of_them() -> None:
    got, costs = effects(), -effects()["higher"]["cost_to_serve"] / 0.1
    assert got.loc["gross_margin", "higher"] == pytest.approx(0.1 * (total() + costs))
    assert got.loc["gross_margin", "lower"] == pytest.approx(-got.loc["gross_margin", "higher"])
    free = margins(FEES, discounts=[("a", 6.0, 10.0, 10.0)], figures={"realisation": (0.9, np.nan)})
    assert costs == pytest.approx(total(free) - total())


def test_churn_is_every_months_hazard_times_so_much() -> None:
    for factor, column in ((0.9, "lower"), (1.1, "higher")):
        moved = outlook({"a": 0.02 * factor, "b": 0.05 * factor, "c": 0.01 * factor})
        assert effects().loc["churn", column] == pytest.approx(total(ahead=moved) - total())


def test_the_discount_rate_is_so_much_of_itself() -> None:
    assert effects().loc["discount_rate", "higher"] == pytest.approx(total(rate=0.088) - total())
    assert effects(rate=0.0).loc["discount_rate", ["lower", "higher"]].tolist() == [0, 0]


def test_what_is_dear_takes_away_and_what_brings_adds() -> None:
    got = effects()
    assert got.loc["gross_margin", "higher"] > 0 > got.loc["gross_margin", "lower"]
    for name in ("churn", "cost_to_serve", "discount_rate"):
        assert got.loc[name, "lower"] > 0 > got.loc[name, "higher"]


def test_nothing_is_changed_in_what_was_given() -> None:
    before = AHEAD.copy(), MARGIN.customers.copy(), MARGIN.figures.copy()
    effects()
    pd.testing.assert_frame_equal(AHEAD, before[0])
    pd.testing.assert_frame_equal(MARGIN.customers, before[1])
    pd.testing.assert_frame_equal(MARGIN.figures, before[2])


def test_nobody_with_a_value_depends_on_nothing() -> None:
    assert value_sensitivity(MARGIN, AHEAD.head(0), discount_rate=0.08).empty
    nothing = replace(MARGIN, customers=MARGIN.customers.head(0), discounts=MARGIN.discounts.head(0))
    assert value_sensitivity(nothing, AHEAD, discount_rate=0.08).empty


def test_a_year_less_is_the_sum_of_the_months_before() -> None:
    months, value, change = shorter_horizon(customer_value(MARGIN, AHEAD, discount_rate=0.08))
    short = outlook({"a": 0.02, "b": 0.05, "c": 0.01}, horizon=24)
    assert (months, value) == (24, pytest.approx(total(ahead=short)))
    assert change == pytest.approx(value / total() - 1)
    year = customer_value(MARGIN, outlook({"a": 0.02}, horizon=12), discount_rate=0.08)
    assert shorter_horizon(year) is None
    assert shorter_horizon(customer_value(MARGIN, AHEAD.head(0), discount_rate=0.08)) is None
