from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.brier import outcome_auc
from analysis.models.cross_fitted import foretold_alone, foretold_contact
from analysis.models.weighted_difference import (
    SUREST,
    Weighted,
    chance_limit,
    e_value,
    effective_size,
    imbalance,
    likening_weights,
    weighted_difference,
)


def chosen(customers: int, *, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Who shows both signs is contacted in three of five cases, and leaves more often; a contact takes 0.1 away."""
    random = np.random.default_rng(seed)
    signs = pd.DataFrame(random.integers(0, 2, size=(customers, 2)).astype(float), columns=["a", "b"])
    both = signs.min(axis=1).to_numpy()
    treated = (random.random(customers) < 0.6 * both + 0.02).astype("int64")
    left = (random.random(customers) < 0.2 + 0.3 * both - 0.1 * treated).astype("int64")
    return signs, treated, left.astype(float)


def estimate(signs: pd.DataFrame, treated: np.ndarray, left: np.ndarray) -> Weighted:
    members = np.arange(len(left))
    chance = foretold_contact(signs, [False] * signs.shape[1], treated, members)
    expected = foretold_alone(signs.to_numpy(), left, treated, members)
    return weighted_difference(left, treated, likening_weights(chance, treated), members, expected=expected)


def test_who_is_chosen_by_two_signs_at_once_is_compared_with_others_who_show_both():
    signs, treated, left = chosen(6_000)
    got = estimate(signs, treated, left)
    assert got.low < -0.1 < got.high
    assert got.value == pytest.approx(-0.1, abs=0.05)
    assert left[treated == 1].mean() - left[treated == 0].mean() > got.high
    balance = imbalance(signs, treated, likening_weights(foretold_contact(
        signs, [False, False], treated, np.arange(len(left))), treated))  # fmt: skip
    assert balance["before"].min() > 0.5
    assert balance["after"].abs().max() < 0.1


def test_without_the_signs_the_estimate_is_off_and_contact_is_told_by_nothing():
    _, treated, left = chosen(6_000)
    nothing = pd.DataFrame(np.random.default_rng(2).normal(size=(6_000, 1)), columns=["x"])
    assert estimate(nothing, treated, left).low > -0.1
    chance = foretold_contact(nothing, [False], treated, np.arange(len(left)))
    assert outcome_auc(treated, chance) == pytest.approx(0.5, abs=0.06)  # told of rows it had not seen


def test_a_model_of_the_others_mends_weights_that_say_nothing():
    signs, treated, left = chosen(6_000)
    members, same = np.arange(len(left)), np.ones(len(left))
    both = signs.assign(both=signs.min(axis=1)).to_numpy()
    plain = weighted_difference(left, treated, same, members)
    mended = weighted_difference(left, treated, same, members, expected=foretold_alone(both, left, treated, members))
    assert plain.value > 0.05
    assert mended.value == pytest.approx(-0.1, abs=0.05)
    assert mended.treated - mended.others == pytest.approx(mended.value)


def test_what_is_expected_of_a_customer_is_learned_from_other_customers():
    """An outcome that only the customer's own rows tell is not known of that customer."""
    members = np.repeat(np.arange(200), 2)
    own = np.eye(200)[members]
    outcome = np.random.default_rng(3).normal(size=200)[members]
    treated = (members < 20).astype("int64")
    expected = foretold_alone(own, outcome, treated, members)
    assert np.corrcoef(expected, outcome)[0, 1] < 0.2


def test_who_was_nearly_sure_to_be_contacted_counts_for_nothing():
    chance = np.array([0.5, 0.5, SUREST + 0.01, SUREST + 0.01])
    assert likening_weights(chance, np.array([1, 0, 1, 0])).tolist() == [1, 1, 0, 0]


def test_the_limit_of_chance_falls_with_size_and_rises_with_looks():
    assert chance_limit((200, 200)) == pytest.approx(1.96 / 10, abs=1e-3)
    assert chance_limit((20_000, 20_000)) == pytest.approx(1.96 / 100, abs=1e-3)
    assert chance_limit((200, 200), looks=100) > 1.5 * chance_limit((200, 200))
    assert chance_limit((0, 200)) == float("inf")


def test_groups_that_a_lot_made_seldom_differ_beyond_the_limit():
    random, struck = np.random.default_rng(4), 0
    for _ in range(200):
        values = pd.DataFrame(random.normal(size=(300, 20)))
        treated = np.arange(300) % 3 % 2
        after = imbalance(values, treated, np.ones(300))["after"].abs().max()
        struck += after > chance_limit((100.0, 200.0), looks=20)
    assert struck <= 20


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
