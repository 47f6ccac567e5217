"""How reasons are held against the truth; `test_demo` does it on a small provider."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.truth.agreement import agreement, beside
from tests.truth.reasons import by_certainty, by_seed

FAMILIES = ("price", "service", "competitor", "use", "contract", "payment")


def customers() -> pd.DataFrame:
    """Twenty at the highest risk, ten of whom have no contract and ten of whom use less; the others are bound."""
    rows = pd.DataFrame({"customer_id": range(200), "churn_3m": [0.5] * 20 + [0.1] * 180, "again": 1.0, "seed": 1})
    rows = rows.assign(**{f"reason_{name}": 0.0 for name in FAMILIES})
    rows["reason_contract"] = [0.0] * 20 + [-1.0] * 180
    rows["reason_use"] = [0.0] * 10 + [1.5] * 10 + [0.0] * 180
    named = {"reason_1": [*["contract"] * 10, *["use"] * 10], "reason_2": [*["use"] * 10, *["contract"] * 10]}
    return rows.assign(**{name: [*of, *[None] * 180] for name, of in named.items()}, reason_3=None)


def test_a_true_reason_is_what_raises_the_risk_above_the_mean_of_the_base():
    got = beside(customers())
    assert got["true"].tolist() == ["contract"] * 10 + ["use"] * 10
    assert got["clear"].all() and got["same"].all()


def test_without_the_mean_taken_off_no_contract_is_no_reason():
    got = beside(customers())
    assert got["raw_clear"].tolist() == [False] * 10 + [True] * 10
    assert agreement(got)["raw_agree"] == 1


def test_the_two_readings_of_a_true_reason_are_held_against_the_names_apart():
    rows = customers()
    rows["reason_use"] /= 3  # 0.5: less than no contract adds to the mean, and all that adds to zero
    rows.loc[10:19, "reason_1"] = "contract"
    got = agreement(beside(rows))
    assert (got["clear"], got["agree"]) == (20, 1.0)
    assert (got["raw_clear"], got["raw_agree"]) == (10, 0.0)


def test_wrong_first_reasons_are_counted_and_a_close_lead_is_not_judged():
    rows = customers()
    rows.loc[:4, ["reason_1", "reason_2"]] = ["price", "contract"]
    got = agreement(beside(rows))
    assert (got["clear"], got["agree"], got["among_three"]) == (20, 0.75, 1.0)
    rows["reason_use"] *= 0.6  # of those who use less: 0.9 less its mean, beside 0.9 of the contract
    close = agreement(beside(rows))
    assert (close["highest"], close["clear"], close["agree"]) == (20, 10, 0.5)
    assert got["low"] == pytest.approx(0.531, abs=0.001)


def test_a_seed_below_four_of_five_does_not_hold():
    rows = customers()
    assert by_seed([beside(rows)], slack=0.0).holds
    rows.loc[:4, "reason_1"] = "price"
    assert not by_seed([beside(rows)], slack=0.0).holds
    assert by_certainty(beside(rows)).rows["agree"].tolist() == [0.75]
