"""Sentences about last year's value and about further sales."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.models.value_backtest import compared
from analysis.present.wording import value_came as came

DAY = dt.date(2025, 9, 30)
NAN = float("nan")


def plain(text: str) -> str:
    return " ".join(text.split())


def beside(ratio: tuple[float, float, float] = (1.02, 0.99, 1.05), **rules: tuple[float, float, float]) -> pd.DataFrame:
    model = {"rule": "model", "customers": 900, "mean": 400.0, "error": 60.0, "rank": 0.9, "difference": NAN}
    model |= dict(zip(("ratio", "ratio_low", "ratio_high"), ratio, strict=True))
    rows = [model | {"difference_low": NAN, "difference_high": NAN}]
    for name, (value, low, high) in rules.items():
        told = {"rule": name, "error": 60 + value, "difference": value, "difference_low": low, "difference_high": high}
        rows.append(model | told)
    return pd.DataFrame(rows)


def told(table: pd.DataFrame) -> str:
    return plain(came.bottom_line(table, landmark=DAY, currency="EUR"))


def test_a_year_that_came_as_expected_is_said_to_have():
    got = told(beside(last_year=(5.0, 3.0, 7.0)))
    assert got.startswith("The year after 30 September 2025 brought what was expected of it (1.02 times; 0.99 to 1.05)")
    assert "the value was €60 off on average, 15 % of what one brought" in got
    assert got.endswith("It was nearer than last year's margin carried on.")


def test_a_year_that_brought_more_or_less_says_by_how_much():
    assert "brought 5.0 % more than was expected of it (3.0 to 7.0 %)" in told(beside((1.05, 1.03, 1.07)))
    assert "brought 5.0 % less than was expected of it (3.0 to 7.0 %)" in told(beside((0.95, 0.93, 0.97)))


def test_a_rule_that_was_nearer_comes_first():
    got = told(beside(last_year=(-5.0, -7.0, -3.0), rfm=(1.0, -1.0, 3.0), average_life=(90.0, 80.0, 99.0)))
    assert got.index("A simple rule was nearer: last year's margin carried on.") < got.index("It was nearer than")
    assert "It was no nearer than the mean of the same RFM fifths, but for chance." in got


def test_without_a_year_it_is_said_why():
    nothing = compared(pd.DataFrame(columns=["customer_id", "model", "average_life", "last_year", "rfm", "received"]))
    assert told(nothing) == came.WHY_NOT
    assert came.rule_words(nothing, landmark=DAY)["finding"] == "There is nothing to compare yet"
    assert came.whole_ratio(nothing) is None
    rows = came.tenth_rows(pd.DataFrame(columns=["tenth", "customers", "expected", "received", "low", "high"]))
    assert came.tenth_words(rows, landmark=DAY)["finding"] == "There is nothing to draw yet"
    assert "no classes" in came.class_words(pd.DataFrame(columns=["ratio", "ratio_low", "ratio_high"]))["finding"]


def test_classes_that_were_clearly_off_are_counted_with_their_range():
    rows = pd.DataFrame({"ratio": [1.0, 1.1, 0.8], "ratio_low": [0.9, 1.05, 0.7], "ratio_high": [1.1, 1.2, 0.9]})
    assert came.class_words(rows)["finding"] == (
        "2 of 3 classes shown brought clearly more or less than expected: 0.80 to 1.10 times what was expected"
    )
    assert came.class_words(rows.head(1))["finding"] == "Every class brought what was expected of it, but for chance"


def test_tenths_are_named_and_their_range_is_the_title():
    rows = came.tenth_rows(
        pd.DataFrame(
            {"tenth": [1, 2, 3], "expected": [100.0, 50.0, 0.0], "received": [110.0, 50.0, 5.0],
             "low": [105.0, 45.0, 1.0], "high": [115.0, 55.0, 9.0]}
        )
    )  # fmt: skip
    assert rows["name"].tolist() == ["most valuable tenth", "tenth 2", "least valuable tenth"]
    assert rows["ratio"].isna().tolist() == [False, False, True]
    assert came.tenth_words(rows, landmark=DAY)["finding"] == (
        "The tenths brought 1.00 to 1.10 times what was expected of them"
    )


def test_further_sales_are_told_with_their_interval_or_why_not():
    row = pd.Series({"customers": 900, "total": 40_000.0, "low": 30_000.0, "high": 50_000.0})
    whole, clv = row.replace({40_000.0: 1_000_000.0}), row.replace({40_000.0: 1_040_000.0})
    got = plain(came.potential_told(row, whole, clv, horizon=36, currency="EUR"))
    assert "bring €40,000 (€30,000 to €50,000), 4.0 % on top of those held now" in got
    assert "come to €1,040,000" in got
    none = row.replace({900: 0})
    assert "cannot be told" in came.potential_told(none, whole, clv, horizon=36, currency="EUR")
