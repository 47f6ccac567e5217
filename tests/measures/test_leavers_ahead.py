"""Expected leavers, and what of a forecast may be published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.leavers_ahead import joined_groups, leavers_ahead, masked_lift


def test_expected_leavers_are_the_sum_of_the_probabilities_with_chance_around_them():
    got = leavers_ahead([0.5] * 100, draws=[])
    assert (got.customers, got.leavers) == (100, 50)
    assert (got.low, got.high) == pytest.approx((50 - 1.96 * 5, 50 + 1.96 * 5), abs=0.01)
    assert (got.share, got.share_low, got.share_high) == pytest.approx((0.5, 0.402, 0.598), abs=1e-4)


def test_what_is_unknown_of_the_model_widens_the_interval():
    draws = np.full((2, 100), 0.5) + np.array([[-0.1], [0.1]])
    sure, unsure = leavers_ahead([0.5] * 100, draws=[]), leavers_ahead([0.5] * 100, draws=draws)
    assert unsure.leavers == sure.leavers
    assert unsure.high - unsure.leavers == pytest.approx(1.96 * np.sqrt(25 + 200), abs=0.01)


def test_leavers_stay_between_nobody_and_everybody():
    assert leavers_ahead([0.01], draws=[]).low == 0
    assert leavers_ahead([0.99], draws=[]).high == 1


def test_without_customers_there_is_no_share():
    got = leavers_ahead([], draws=np.empty((20, 0)))
    assert got.leavers == 0
    assert np.isnan([got.share, got.share_low, got.share_high]).all()


def groups(*observed: float, customers: int = 100) -> pd.DataFrame:
    shares = list(observed)
    return pd.DataFrame(
        {
            "customers": customers,
            "predicted": shares,
            "observed": shares,
            "low": [share - 0.02 for share in shares],
            "high": [share + 0.02 for share in shares],
        }
    )


def test_groups_of_enough_leavers_stay_as_they_are():
    pd.testing.assert_frame_equal(
        joined_groups(groups(0.11, 0.2), smallest=11).astype(float), groups(0.11, 0.2).astype(float)
    )


def test_groups_of_too_few_leavers_are_joined_with_their_neighbours():
    got = joined_groups(groups(0.04, 0.08, 0.2), smallest=11)
    assert got["customers"].tolist() == [200, 100]
    assert got["observed"].tolist() == pytest.approx([0.06, 0.2])
    assert got.loc[0, "high"] - got.loc[0, "observed"] == pytest.approx(0.02 / np.sqrt(2))


def test_a_last_group_of_too_few_is_joined_with_the_one_before():
    got = joined_groups(groups(0.2, 0.3, 0.05), smallest=11)
    assert got["customers"].tolist() == [100, 200]
    assert got["observed"].tolist() == pytest.approx([0.2, 0.175])


def test_a_group_nobody_left_is_no_secret_and_too_few_in_all_show_nothing():
    assert len(joined_groups(groups(0.0, 0.2), smallest=11)) == 2
    assert joined_groups(groups(0.02, 0.03), smallest=11).empty


def test_the_leavers_of_the_most_at_risk_are_masked_when_few_and_when_few_are_left_over():
    lift = pd.DataFrame({"top": [0.05, 0.1, 0.2], "leavers_held": [0.1, 0.5, 0.95]})
    assert masked_lift(lift, leavers=100, smallest=11)["masked"].tolist() == [True, False, True]


def test_luck_that_all_have_in_common_widens_the_interval():
    plain, lucky = leavers_ahead([0.5] * 100, draws=[]), leavers_ahead([0.5] * 100, draws=[], luck=0.1)
    assert plain.leavers == lucky.leavers == 50
    assert (lucky.high - 50) / (plain.high - 50) == pytest.approx(2**0.5)  # 5 by chance, 5 by luck
