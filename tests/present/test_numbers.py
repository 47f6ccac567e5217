from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.present import numbers


def spaced(text: str) -> str:
    """`text` with a visible mark for the no-break space."""
    return text.replace(numbers.NO_BREAK, "~")


def test_counts_are_grouped_in_thousands():
    assert numbers.count(7043) == "7,043"


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pd.NA, pd.NaT, float("inf")])
def test_whatever_is_missing_prints_as_a_dash_in_every_unit(missing):
    got = [numbers.formatted(missing, unit, currency="EUR") for unit in ("count", "share", "money", "months", "score")]
    assert got == ["–"] * 5
    assert numbers.interval(missing, 0.2, numbers.percent) == "–"
    assert numbers.change(0.1, missing, "share") == "–"


def test_a_share_is_a_percentage_with_a_space_that_does_not_break():
    assert spaced(numbers.percent(0.2654)) == "26.5~%"


@pytest.mark.parametrize(
    ("share", "places", "expected"), [(0.285, 0, "29~%"), (0.00125, 1, "0.1~%"), (0.1285, 1, "12.9~%")]
)
def test_percentages_round_half_up_once_from_the_share_itself(share, places, expected):
    assert spaced(numbers.percent(share, places)) == expected


def test_a_count_of_two_and_a_half_rounds_up_not_to_even():
    assert numbers.count(2.5) == "3"


def test_nothing_is_ever_minus_zero():
    assert numbers.decimal(-0.04) == "0.0"


def test_negative_numbers_carry_a_minus_sign():
    assert numbers.decimal(-1234.5) == "−1,234.5"


def test_money_carries_its_currency_and_the_currencys_own_decimals():
    assert numbers.money(Decimal("63.205"), "EUR") == "€63.21"
    assert numbers.money(63.4, "JPY") == "¥63"


def test_sums_of_money_are_shown_without_cents_and_monthly_amounts_with_them():
    assert numbers.formatted(1512345.2, "money", currency="EUR") == "€1,512,345"
    assert numbers.formatted(63.2, "money_per_month", currency="EUR") == "€63.20"


def test_money_without_a_currency_is_refused():
    with pytest.raises(ValueError, match="expected a currency for an amount in money, found none"):
        numbers.formatted(1.0, "money")


def test_one_month_is_singular():
    assert spaced(numbers.months(1.0)) == "1.0~month"
    assert spaced(numbers.months(32.44)) == "32.4~months"


def test_an_interval_names_its_unit_once():
    assert spaced(numbers.interval(0.255, 0.276, numbers.percent)) == "25.5 to 27.6~%"
    assert spaced(numbers.interval(12, 14.04, numbers.months)) == "12.0 to 14.0~months"


def test_an_interval_that_prints_as_one_number_is_none():
    assert numbers.spread(0.2129, 0.2131, numbers.percent) == "–"
    assert spaced(numbers.spread(0.2129, 0.2139, numbers.percent)) == "21.3 to 21.4~%"
    assert numbers.spread(None, 0.2, numbers.percent) == "–"


def test_an_interval_of_money_repeats_the_currency_that_stands_in_front():
    assert numbers.interval(61.2, 65.1, lambda end: numbers.money(end, "EUR")) == "€61.20 to €65.10"


def test_a_change_of_a_share_is_in_points():
    assert spaced(numbers.change(0.044, 0.041, "share")) == "+0.3~points"
    assert spaced(numbers.change(0.041, 0.051, "share")) == "−1.0~point"


def test_a_return_is_a_percentage_without_decimals_and_its_change_is_in_points():
    assert numbers.formatted(-1.284, "return") == f"{numbers.MINUS}128{numbers.NO_BREAK}%"
    assert numbers.change(-0.64, -0.65, "return") == f"+1{numbers.NO_BREAK}point"


def test_a_change_of_a_count_is_signed():
    assert numbers.change(7764, 8012, "count") == "−248"


def test_a_change_too_small_to_print_is_no_change():
    assert numbers.change(0.04101, 0.0410, "share") == "no change"


def test_a_change_is_rounded_once_from_the_exact_difference():
    assert spaced(numbers.change(0.0444, 0.0435, "share")) == "+0.1~points"  # printed values: 4.4 and 4.4


def test_a_quarter_reads_in_words():
    assert spaced(numbers.quarter(Quarter(2026, 3))) == "Q3~2026"
    assert spaced(numbers.quarter("2026-Q3")) == "Q3~2026"
    assert numbers.quarter(None) == "–"


def test_a_day_reads_in_words():
    assert numbers.day(dt.date(2026, 9, 30)) == "30 September 2026"
    assert numbers.day(pd.NaT) == "–"
