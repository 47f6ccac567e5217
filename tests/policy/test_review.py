"""What last quarter's actions did: by hand, and found in simulations where it is there and not where it is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.differences import share_difference, shares_of
from analysis.policy.review import (
    EARNED,
    LOST,
    UNKNOWN,
    followed,
    published,
    review,
    review_kpis,
    share_of_both,
    smallest_seen,
)

NAMES = ("price", "service")


def arm(policy: str, name: str, customers: int, left: int, **changes: float) -> pd.DataFrame:
    rows = pd.DataFrame({"policy": policy, "arm": name, "left": [1.0] * left + [0.0] * (customers - left)})
    return rows.assign(**{"cost": 10.0, "expected_benefit": 25.0, "clv": 1_000.0, **changes})


def rows(*parts: pd.DataFrame) -> pd.DataFrame:
    told = pd.concat(parts, ignore_index=True)
    return told.assign(customer_id=[f"C{i}" for i in range(len(told))])


def test_kept_is_the_difference_of_the_arms_and_net_is_its_worth_less_cost():
    got = review(rows(arm("price", "act", 400, 20), arm("price", "control", 200, 20)), NAMES).rows
    one = got[got["policy"] == "price"].iloc[0]
    assert (one["customers"], one["control"], one["left"], one["control_left"]) == (400, 200, 20, 20)
    assert (one["share"], one["control_share"], one["effect"]) == pytest.approx((0.05, 0.1, 0.05))
    expected = share_difference(shares_of([20], [200]), shares_of([20], [400]), [1.0])
    assert (one["low"], one["high"]) == pytest.approx((expected.low, expected.high))
    assert (one["cost"], one["expected"], one["worth"]) == pytest.approx((4_000, 10_000, 1_000))
    assert one["brought"] == pytest.approx(400 * 0.05 * 1_000)
    assert (one["net"], one["net_low"]) == pytest.approx((16_000, 400_000 * expected.low - 4_000))
    whole = got[got["policy"].isna()].iloc[0]
    assert (whole["effect"], whole["net"]) == pytest.approx((one["effect"], one["net"]))


def test_policies_are_strata_that_count_by_customers_and_in_money_by_their_worth():
    parts = [
        arm("price", "act", 300, 15), arm("price", "control", 100, 10),
        arm("service", "act", 100, 20, clv=500.0, cost=1.0), arm("service", "control", 100, 20, clv=500.0),
    ]  # fmt: skip
    whole = review(rows(*parts), NAMES).rows.iloc[-1]
    assert whole["effect"] == pytest.approx((300 * 0.05 + 100 * 0.0) / 400)
    assert whole["brought"] == pytest.approx(300 * 0.05 * 1_000)
    assert whole["cost"] == pytest.approx(300 * 10 + 100 * 1)


def test_policies_of_which_few_are_held_out_are_one_stratum():
    parts = [
        arm("price", "act", 90, 9), arm("price", "control", 10, 0),
        arm("service", "act", 90, 0), arm("service", "control", 10, 5),
    ]  # fmt: skip
    whole = review(rows(*parts), NAMES).rows.iloc[-1]
    one = share_difference(shares_of([5], [20]), shares_of([9], [180]), [1.0])
    assert (whole["effect"], whole["low"], whole["high"]) == pytest.approx((one.value, one.low, one.high))


def test_what_has_no_other_arm_and_who_is_not_known_are_told_apart():
    told = rows(arm("price", "act", 50, 5), arm("service", "act", 50, 5), arm("service", "control", 50, 5))
    told.loc[0, "left"] = np.nan
    got = review(told, NAMES)
    assert got.alone == ("price",)
    assert got.lost == 1
    assert got.rows["policy"].tolist()[:-1] == ["service"]


def test_a_verdict_needs_the_whole_interval():
    def verdict(left: int, control_left: int, cost: float) -> str:
        told = rows(arm("price", "act", 2_000, left, cost=cost), arm("price", "control", 2_000, control_left))
        return review(told, NAMES).rows["verdict"].iloc[0]

    assert verdict(100, 200, cost=1.0) == EARNED
    assert verdict(100, 200, cost=200.0) == LOST
    assert verdict(190, 200, cost=1.0) == UNKNOWN


def test_arms_of_few_leavers_are_masked_and_tell_nothing():
    few = review(rows(arm("price", "act", 300, 15), arm("price", "control", 100, 10)), NAMES)
    assert published(few, smallest=11)["masked"].all()
    assert review_kpis(published(few, smallest=11)) == []
    enough = review(rows(arm("price", "act", 300, 15), arm("price", "control", 100, 12)), NAMES)
    told = review_kpis(published(enough, smallest=11))
    assert [(one.metric, one.dimension, one.n) for one in told] == [
        ("review_effect", "policy", 400), ("review_net", "policy", 400),
        ("review_effect", None, 400), ("review_net", None, 400),
    ]  # fmt: skip


def test_a_masked_policy_does_not_follow_from_the_others_and_the_whole():
    parts = [
        arm("price", "act", 300, 15), arm("price", "control", 100, 10),
        arm("service", "act", 300, 15), arm("service", "control", 100, 15),
    ]  # fmt: skip
    got = published(review(rows(*parts), NAMES), smallest=11).set_index("policy")["masked"]
    assert got["price"]
    assert got.sum() != 1


def test_a_list_of_nobody_has_no_rows():
    nobody = rows(arm("price", "act", 20, 2)).iloc[:0]
    assert review(nobody, NAMES).rows.empty
    assert published(review(nobody, NAMES), smallest=11).empty


def test_who_has_no_value_of_then_counts_as_usual():
    listed = rows(arm("price", "act", 3, 0)).drop(columns=["left", "clv"])
    came = pd.DataFrame({"customer_id": ["C0", "C1"], "left": [1, 0]})
    values = pd.DataFrame({"customer_id": ["C1"], "clv": [700.0]})
    got = followed(listed, came, values, usual=100.0)
    assert got["clv"].tolist() == [100.0, 700.0, 100.0]
    assert got["left"].isna().tolist() == [False, False, True]


def test_the_smallest_effect_that_would_be_seen_shrinks_with_the_arms():
    assert smallest_seen(0.05, 1_000, 1_000) == pytest.approx((1.96 + 0.8416) * np.sqrt(0.05 * 0.95 * 0.002), rel=1e-3)
    assert smallest_seen(0.05, 4_000, 4_000) == pytest.approx(smallest_seen(0.05, 1_000, 1_000) / 2)
    assert np.isnan(smallest_seen(0.05, 10, 0))


def simulated(chance: np.random.Generator, *, kept: float) -> pd.Series:
    """One quarter's review of three policies with risks of their own; `kept` is the share of the risk taken away."""
    parts = []
    for policy, n, risk in (("price", 3_000, 0.12), ("service", 1_200, 0.2), ("use", 150, 0.3)):
        held = chance.random(n) < 0.1
        left = chance.random(n) < np.where(held, risk, risk * (1 - kept))
        names = np.where(held, "control", "act")
        parts.append(pd.DataFrame({"policy": policy, "arm": names, "left": left.astype(float)}))
    told = pd.concat(parts, ignore_index=True).assign(cost=10.0, expected_benefit=25.0, clv=1_000.0)
    return review(told, (*NAMES, "use")).rows.iloc[-1]


def test_a_known_effect_lies_within_the_interval_and_none_is_seldom_found():
    chance = np.random.default_rng(20261129)
    nothing = [simulated(chance, kept=0.0) for _ in range(200)]
    found = [bool(one["low"] > 0 or one["high"] < 0) for one in nothing]
    assert np.mean(found) <= 0.09  # 5 %, and what 200 draws let vary
    works = [simulated(chance, kept=0.5) for _ in range(100)]
    truth = 0.5 * (3_000 * 0.12 + 1_200 * 0.2 + 150 * 0.3) / 4_350
    covered = [bool(one["low"] <= truth <= one["high"]) for one in works]
    assert np.mean(covered) >= 0.89
    assert np.mean([one["low"] > 0 for one in works]) >= 0.9


def test_the_share_of_both_arms_is_told_only_where_nothing_else_is():
    hidden = review(rows(arm("price", "act", 300, 15), arm("price", "control", 100, 10)), NAMES)
    assert share_of_both(hidden, smallest=11) == pytest.approx(25 / 400)
    few = review(rows(arm("price", "act", 300, 6), arm("price", "control", 100, 4)), NAMES)
    assert share_of_both(few, smallest=11) is None
    told = review(rows(arm("price", "act", 300, 15), arm("price", "control", 100, 12)), NAMES)
    assert share_of_both(told, smallest=11) is None
