from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.overlap_weights import (
    Weighted,
    e_value,
    effective_size,
    imbalance,
    overlap_weights,
    weighted_leaving,
    weighted_means,
)


def chosen(customers: int, *, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Who is at risk (x high) is contacted more often, and leaves more often; a contact takes 0.05 away."""
    random = np.random.default_rng(seed)
    x = random.normal(size=customers)
    treated = (random.random(customers) < 1 / (1 + np.exp(1 - x))).astype("int64")
    left = (random.random(customers) < np.clip(0.2 + 0.05 * x - 0.05 * treated, 0, 1)).astype("int64")
    return pd.DataFrame({"x": x}), treated, left


def test_weights_make_the_groups_alike_and_find_the_effect():
    design, treated, left = chosen(20_000)
    told = overlap_weights(design.to_numpy(), treated)
    balance = imbalance(design, treated, told.weight).iloc[0]
    assert balance["before"] > 0.5
    assert abs(balance["after"]) < 1e-3
    got = weighted_means(left.astype(float), treated, told.weight, np.arange(len(left)))
    plain = left[treated == 1].mean() - left[treated == 0].mean()
    assert got.low < -0.05 < got.high
    assert plain > got.high


def test_without_the_confounder_the_estimate_is_off():
    _, treated, left = chosen(20_000)
    told = overlap_weights(np.random.default_rng(2).normal(size=(20_000, 1)), treated)
    got = weighted_means(left.astype(float), treated, told.weight, np.arange(len(left)))
    assert got.low > -0.05
    assert told.auc == pytest.approx(0.5, abs=0.02)


def test_leaving_is_followed_as_far_as_it_is_known():
    """Of four alike, one leaves on day 2 after one was lost sight of on day 1: a third, and none of the others."""
    lives = pd.DataFrame({"exit": [1, 2, 5, 5, 5, 5], "way": [0, 1, 0, 0, 0, 0]})
    treated = np.array([1, 1, 1, 1, 0, 0])
    got = weighted_leaving(lives, treated, np.ones(6), np.arange(6))
    assert got.treated == pytest.approx(1 / 3)
    assert got.others == 0


def test_effective_size_counts_equal_weights_in_full():
    assert effective_size(np.array([2.0, 2, 2])) == pytest.approx(3)
    assert effective_size(np.array([1.0, 0, 0])) == pytest.approx(1)
    assert effective_size(np.zeros(2)) == 0


def test_e_value_is_that_of_the_paper():
    """VanderWeele and Ding (2017): a ratio of 0.8 with an upper limit of 0.9 has the E-values 1.81 and 1.46."""
    first, second = e_value(Weighted(-0.02, -0.03, -0.01, 0.08, 0.10))
    assert (round(first, 2), round(second, 2)) == (1.81, 1.46)


def test_e_value_is_one_where_nothing_is_shown():
    assert e_value(Weighted(-0.02, -0.03, 0.01, 0.08, 0.10))[1] == 1
    assert e_value(Weighted(0.02, -0.01, 0.05, 0.12, 0.10))[1] == 1
    assert np.isnan(e_value(Weighted(0.0, 0.0, 0.0, 0.0, 0.1))[0])
