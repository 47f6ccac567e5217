"""Foretold and real leavers of those approached and those held out, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.arms import arms, masked_arms
from analysis.models.held_against import Held

GRID_RISK = -np.expm1(-np.array([0.1, 0.3, 0.6, 0.9, 1.2]))  # a hazard of 0.1 a month


def held(*customers: tuple[float, int, float, float]) -> Held:
    """Customers as (months followed, 1 if they left then, days to a contact, days to being held out)."""
    ahead, leaves, contact, held_out = (np.array(of, dtype=float) for of in zip(*customers, strict=True))
    rows = pd.DataFrame(
        {
            "landmark": pd.Timestamp("2026-06-30"), "ahead": ahead, "leaves": leaves.astype(int),
            "contact_days": contact, "held_out_days": held_out,
        }
    )  # fmt: skip
    return Held(rows, np.tile(GRID_RISK, (len(rows), 1)), np.full((len(rows), 5), np.nan))


NEVER = float("nan")


def test_each_customer_counts_in_an_arm_from_the_day_of_it():
    # 31 July is one calendar month after 30 June, 31 August is two.
    got = arms(held((3.0, 0, 31, NEVER), (3.0, 1, NEVER, 62), (3.0, 0, NEVER, NEVER)), horizon=3).set_index("arm")
    assert got["customers"].to_dict() == {"held_out": 1, "contacted": 1, "not_approached": 3}
    assert got["expected"].to_dict() == pytest.approx({"held_out": 0.1, "contacted": 0.2, "not_approached": 0.6})
    assert got["left"].to_dict() == {"held_out": 1, "contacted": 0, "not_approached": 0}
    assert got.loc["held_out", "ratio"] == pytest.approx(10)


def test_who_left_before_a_campaign_could_not_be_approached_by_it():
    got = arms(held((0.5, 1, NEVER, NEVER), (3.0, 0, 31, NEVER)), horizon=3).set_index("arm")
    assert got.loc["not_approached", "left"] == 1
    assert got.loc["contacted", "left"] == 0


def test_who_was_held_out_first_and_contacted_later_changes_arm():
    got = arms(held((3.0, 1, 62, 31)), horizon=3).set_index("arm")
    assert got["expected"].to_dict() == pytest.approx({"held_out": 0.1, "contacted": 0.1, "not_approached": 0.1})
    assert got["left"].to_dict() == {"held_out": 0, "contacted": 1, "not_approached": 0}


def test_where_nobody_was_approached_there_are_no_arms():
    assert arms(held((3.0, 0, NEVER, NEVER)), horizon=3).empty
    late = arms(held((12.0, 0, 200, NEVER)), horizon=3)
    assert late.empty


def test_the_interval_is_the_exact_one_of_poisson_counts():
    got = arms(held(*[(3.0, 1, 31, NEVER)] * 20, (3.0, 0, NEVER, NEVER)), horizon=3).set_index("arm").loc["contacted"]
    assert (got["low"] * got["expected"], got["high"] * got["expected"]) == pytest.approx((12.217, 30.888), abs=1e-3)


def test_one_arm_with_few_leavers_hides_all_for_it_follows_from_the_others():
    customers = [(3.0, 1, 31, NEVER)] * 20 + [(3.0, 0, 31, NEVER)] * 20 + [(3.0, 1, NEVER, NEVER)] * 5
    table = arms(held(*customers, *[(3.0, 0, NEVER, NEVER)] * 50), horizon=3)
    got = masked_arms(table, smallest=11)
    assert got["masked"].all() and got["ratio"].isna().all()
    assert not masked_arms(table, smallest=5)["masked"].any()
