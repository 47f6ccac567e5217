"""Distributions against the quarter before: by hand, and at the edges of what chance does."""

from __future__ import annotations

import math

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.measures.drift import (
    BOTH,
    EARLIER,
    NOW,
    THEN,
    by_chance,
    by_period,
    drift_measures,
    median,
    number_cells,
    stability_index,
)
from analysis.measures.standing import Limits, Measure

Q3 = Quarter(2026, 3)


def periods(engine, name: str, **columns: list) -> list[int]:
    rows = by_period(name, engine.table(pd.DataFrame(columns)), Q3)
    assert rows is not None
    return sorted(nw.to_native(rows.select("period")).df()["period"])


def quarters(engine, column: str, then: list, now: list, earlier: list = ()) -> nw.LazyFrame:  # type: ignore[assignment]
    """Rows of three periods with one column."""
    period = [THEN] * len(then) + [NOW] * len(now) + [EARLIER] * len(earlier)
    return engine.table(pd.DataFrame({"period": period, column: [*then, *now, *earlier]}))


def found(rows: nw.LazyFrame, name: str, column: str, *, compare: bool = True) -> dict[str, Measure]:
    return {one.rule: one for one in drift_measures(name, rows, [column], compare=compare, limits=Limits())}


def test_the_index_is_zero_for_equal_shares_and_worked_out_by_hand_for_others():
    assert stability_index(np.array([10.0, 30.0]), np.array([20.0, 60.0])) == pytest.approx(0)
    by_hand = (0.5 - 0.25) * math.log(0.5 / 0.25) + (0.5 - 0.75) * math.log(0.5 / 0.75)
    assert stability_index(np.array([25.0, 75.0]), np.array([50.0, 50.0])) == pytest.approx(by_hand)
    assert stability_index(np.array([7.0]), np.array([9.0])) == 0


def test_chance_stays_below_its_edge_in_all_but_one_of_a_thousand_samples():
    random = np.random.default_rng(7)
    shares = np.full(10, 0.1)
    drawn = random.multinomial(500, shares, size=(4000, 2)).astype(float)
    above = sum(stability_index(*pair) > by_chance(10, 500, 500) for pair in drawn)
    assert above <= 12
    assert by_chance(1, 5, 5) == 0


def test_rows_are_of_the_quarter_they_are_dated_in(engine):
    months = pd.to_datetime(["2026-03-01", "2026-04-01", "2026-06-01", "2026-07-01", "2026-09-01"])
    assert periods(engine, "usage", customer_id=list("abcde"), month=list(months)) == [EARLIER, THEN, THEN, NOW, NOW]


def test_products_are_of_the_quarters_at_whose_end_they_are_held(engine):
    start = pd.to_datetime(["2024-01-01", "2024-01-01", "2024-01-01", "2026-08-01"])
    end = pd.to_datetime([None, "2026-08-15", "2026-05-01", None])
    got = periods(engine, "subscriptions", start_date=list(start), end_date=list(end))
    assert got == [EARLIER, THEN, NOW, BOTH]


def test_answers_given_after_the_quarter_before_are_not_seen_in_it(engine):
    sent = pd.to_datetime(["2026-06-29", "2026-06-01"])
    answered = pd.to_datetime(["2026-07-02", "2026-06-02"])
    rows = pd.DataFrame({"sent_at": sent, "answered_at": answered, "nps_score": [9, 3], "csat_score": [5, 1]})
    then = by_period("surveys", engine.table(rows), Q3)
    assert then is not None
    assert number_cells(then, "nps_score")["least"].tolist() == [3]


def test_equal_values_have_not_drifted(engine):
    values = [float(number) for number in range(1, 201)]
    got = found(quarters(engine, "download_gb", values, values), "usage", "download_gb")
    assert got["psi"].value == pytest.approx(0)
    assert got["psi"].status == "good"
    assert "jump" not in got


def test_values_in_another_unit_have_jumped(engine):
    values = [float(number) for number in range(1, 201)]
    got = found(quarters(engine, "amount", values, [100 * one for one in values]), "invoices", "amount")
    assert got["psi"].status == got["jump"].status == "bad"
    assert (got["jump"].previous, got["jump"].value, got["jump"].rows) == (100, 10_000, 200)
    back = found(quarters(engine, "amount", [100 * one for one in values], values), "invoices", "amount")
    assert back["jump"].value == 100


def test_a_price_rise_is_no_jump(engine):
    values = [float(number) for number in range(100, 300)]
    assert "jump" not in found(quarters(engine, "amount", values, [3 * one for one in values]), "invoices", "amount")


def test_values_far_beyond_the_median_are_counted_wherever_they_are_dated(engine):
    rows = quarters(engine, "amount", [20.0] * 30, [20.0] * 30, [20.0] * 30 + [20_100.0, 20_000.0, 9e9])
    got = found(rows, "invoices", "amount", compare=False)
    assert list(got) == ["outlier"]
    assert (got["outlier"].rows, got["outlier"].threshold, got["outlier"].status) == (2, 20_000, "watch")


def test_codes_are_compared_by_their_shares(engine):
    same = found(quarters(engine, "channel", ["web"] * 500 + ["shop"] * 500, ["shop"] * 300 + ["web"] * 300), "leads",
                 "channel")  # fmt: skip
    assert (same["psi"].value, same["psi"].status) == (pytest.approx(0), "good")
    new = found(quarters(engine, "channel", ["web"] * 500 + ["shop"] * 500, ["app"] * 1000), "leads", "channel")
    assert new["psi"].status == "bad"


def test_rare_codes_beyond_the_ten_largest_are_one(engine):
    many = [f"code {number:03}" for number in range(300)]
    got = found(quarters(engine, "channel", many, many), "leads", "channel")
    assert got["psi"].value == pytest.approx(0)


def test_a_column_that_is_filled_less_is_told(engine):
    got = found(quarters(engine, "channel", ["web"] * 1000, ["web"] * 700 + [None] * 300), "leads", "channel")
    assert (got["filled"].value, got["filled"].previous, got["filled"].rows) == (0.7, 1.0, 300)
    assert got["filled"].status == "bad"


def test_what_the_company_decides_is_not_compared(engine):
    rows = quarters(engine, "arm", ["control"] * 500, ["call"] * 500)
    assert found(rows, "contacts", "arm") == {}


def test_few_values_are_not_compared(engine):
    assert found(quarters(engine, "amount", [1.0] * 10, [900.0] * 500), "invoices", "amount") == {}


def test_the_median_is_a_value_that_is_there(engine):
    rows = quarters(engine, "amount", [29.9] * 3, [0.0, -5.0, 29.9])
    assert median(number_cells(rows, "amount")) == 29.9
    assert math.isnan(median(number_cells(rows, "amount").iloc[:0]))
