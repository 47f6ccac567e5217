"""Providers of which the effect of a rise is known, or cannot be."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.models.price_controls import read_columns
from analysis.models.price_effect import price_effect, ratio_of
from analysis.models.price_payback import payback

COVERED, START = dt.date(2023, 1, 1), pd.Timestamp("2020-01-01")
ENDS = pd.date_range("2023-03-31", "2025-06-30", freq="QE")
SLOPE, HAZARD = 12.0, 0.02


def provider(*, dearer: float, size: tuple[float, float] = (0.03, 0.08), effect: float = SLOPE, customers: int = 6_000):
    """Customers who leave with a hazard of 2 % a month, and exp(effect x share) times as fast for three months.

    Every April a part `dearer` of them has a rise of a size drawn between the two.
    """
    random = np.random.default_rng(3)
    episodes, rises = [], []
    has_rise = random.random(customers) < dearer
    share = random.uniform(*size, customers)
    there = np.ones(customers, dtype=bool)
    for landmark in ENDS[:-1]:
        for month in range(3):
            begin = landmark + pd.offsets.MonthEnd(month)
            end = landmark + pd.offsets.MonthEnd(month + 1)
            felt = has_rise & (landmark.month == 3)
            chance = -np.expm1(-HAZARD * np.exp(effect * share * felt))
            gone = there & (random.random(customers) < chance)
            if month == 0:
                at_start = np.flatnonzero(there)
                left_on = np.full(customers, np.datetime64("NaT"), dtype="datetime64[D]")
                if landmark.month == 3:
                    day = landmark + pd.Timedelta(days=1)
                    rises += [
                        {"customer_id": f"c{i}", "month": day, "day": day, "share": share[i], "added": 1.0}
                        for i in np.flatnonzero(felt & there)
                    ]
            left_on[gone] = (begin + pd.Timedelta(days=15)).to_datetime64().astype("datetime64[D]")
            there &= ~gone
        until = np.where(np.isnat(left_on), end.to_datetime64().astype("datetime64[D]"), left_on)[at_start]
        episodes.append(
            pd.DataFrame(
                {
                    "customer_id": [f"c{i}" for i in at_start], "spell": 1, "spell_start": START, "landmark": landmark,
                    "start": (landmark - START).days / DAYS_PER_MONTH,
                    "stop": (until - np.datetime64(START, "D")).astype(int) / DAYS_PER_MONTH,
                    "event": (~np.isnat(left_on[at_start])).astype(int),
                    "tenure_months": (landmark - START).days / DAYS_PER_MONTH, "products": 1.0, "monthly_fee": 30.0,
                    "technology": "dsl",
                }
            )
        )  # fmt: skip
    rows = pd.concat(episodes, ignore_index=True)
    rows["kind"] = np.where(rows["event"] == 1, "voluntary", None)
    return rows, pd.DataFrame(rises, columns=["customer_id", "month", "day", "share", "added"])


def told(rows, rises):
    return price_effect(rows, rises, covered=COVERED, felt=3, everyone=rows["customer_id"].nunique())


@pytest.fixture(scope="module")
def half():
    return told(*provider(dearer=0.5))


def test_the_slope_lies_in_its_interval_and_larger_rises_do_more(half):
    assert half.lack == ""
    assert half.low < SLOPE < half.high
    assert half.sizes["ratio"].is_monotonic_increasing
    assert ratio_of(half, 0.05)[0] == pytest.approx(np.exp(0.05 * half.slope))


def test_the_effect_ends_with_the_months_in_which_it_is_felt(half):
    courses = half.courses.set_index("month")
    assert (courses.loc[[0, 1, 2], "low"] > 1).all()
    assert (courses.loc[[3, 4, 5], "low"] < 1.05).all()


def test_who_would_have_stayed_is_a_part_of_who_left(half):
    extra, low, high = half.attributed
    assert 0 < low < extra < high < half.leavers
    assert extra / half.leavers == pytest.approx(1 - np.exp(-SLOPE * 0.058), abs=0.1)


def test_a_rise_that_everybody_has_at_once_is_not_identified():
    got = told(*provider(dearer=1.0, size=(0.05, 0.05)))
    assert got.lack == "all at once"
    assert np.isnan(got.slope)


def test_rises_that_do_nothing_are_told_as_none():
    got = told(*provider(dearer=0.5, effect=0.0))
    assert got.low < 0 < got.high


def test_without_rises_or_with_few_leavers_no_effect_is_told():
    rows, rises = provider(dearer=0.5, customers=300)
    assert told(rows, rises.iloc[:0]).lack == "no rise"
    assert told(rows.head(400), rises).lack in ("few leavers", "no rise", "all at once")
    assert told(rows.iloc[:0], rises).lack == "no rise"


def test_the_order_of_the_rows_does_not_matter(half):
    rows, rises = provider(dearer=0.5)
    again = told(rows.sort_values(["customer_id", "landmark"], ignore_index=True), rises.sample(frac=1, random_state=1))
    assert again.slope == pytest.approx(half.slope, abs=1e-9)


def test_a_rise_is_paid_back_when_it_has_brought_the_value_of_who_left(half):
    paid = payback(half, share=0.05, fees=40.0, value=500.0)
    usual = 1_000 * (half.leavers - half.attributed[0]) / half.rises
    assert paid.extra[0] == pytest.approx(usual * (paid.ratio[0] - 1))
    assert paid.brings == pytest.approx(0.05 * 40 * (1_000 - paid.extra[0]))
    assert paid.months[0] == pytest.approx(paid.extra[0] * 500 / paid.brings)
    assert paid.extra[1] < paid.extra[0] < paid.extra[2]
    assert np.isnan(payback(half, share=0.05, fees=40.0, value=np.nan).months[0])
    assert payback(half._replace(lack="all at once"), share=0.05, fees=40.0, value=500.0) is None


def test_columns_that_are_not_read_change_nothing(half):
    rows, rises = provider(dearer=0.5)
    more = rows.assign(region="north", tickets_3m=1.0)
    kept = read_columns(more.columns)
    assert "region" not in kept and set(rows.columns) == set(kept)
    assert told(more[kept], rises).slope == half.slope
