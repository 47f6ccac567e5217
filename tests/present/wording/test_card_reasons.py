from __future__ import annotations

import numpy as np
import pytest

from analysis.present.wording.card_reasons import carried, why_at_risk

FACTS = {
    "reason_1": "contract", "carrier_1": "contract_months_left", "contract_months_left": np.nan,
    "adds_contract": np.log(2.1), "reason_2": "use", "carrier_2": "app_logins_1m", "app_logins_1m": 2.0,
    "app_logins_3m": 5.25, "adds_use": np.log(1.5), "reason_3": None, "carrier_3": None, "again": 0.95,
}  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_reasons_are_told_in_their_order_with_what_says_so_and_how_much_they_raise_the_risk():
    got = {name: plain(text) for name, text in why_at_risk(FACTS, currency="EUR").items()}
    assert got == {
        "1. Contract": "No contract runs (risk × 2.10)",
        "2. Use": "App logins, last month: 2; last three months: 5.3 (risk × 1.50)",
        "How sure": "The first reason is the same in 95 % of equally likely estimates",
    }


def test_without_scores_or_reasons_nothing_is_told():
    assert why_at_risk({"state": "left"}, currency="EUR") == {}
    assert why_at_risk({"reason_1": None, "again": np.nan}, currency="EUR") == {}


@pytest.mark.parametrize(
    ("covariate", "value", "said"),
    [
        ("contract_months_left", 1.42, "the contract ends in 1.4 months"),
        ("promotion_months_left", 0.5, "a promotion ends in 0.5 months"),
        ("promotion_months_left", None, "no promotion runs"),
        ("promotion_lost_1m", 0.25, "promotion lost, last month: 25.0 %"),
        ("price_rise_3m", 0.1, "price rise, third last month: 10.0 %"),
        ("monthly_fee", 49.9, "monthly fee: €49.90"),
        ("discount_share", 0.0, "no discount runs"),
        ("complaints_1m", 2.0, "complaints, last month: 2"),
        ("csat_score", np.nan, "satisfaction score: not known"),
        ("payment_method", "bank transfer", "payment method: bank transfer"),
    ],
)
def test_what_carries_a_reason_is_told_with_its_value(covariate, value, said):
    assert plain(carried({covariate: value}, covariate, currency="EUR")) == said


def test_no_markup_of_a_value_survives_as_such():
    got = carried({"payment_method": "a\x1b[31mred"}, "payment_method", currency="EUR")
    assert "\x1b" not in got
