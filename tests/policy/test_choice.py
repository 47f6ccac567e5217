"""The best actions within limits: as good as an exhaustive search, within every limit, and never harmful."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis.policy import prices, rounding_off
from analysis.policy.choice import best_actions


def options(*rows: tuple[str, str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["customer_id", "action", "team", "cost", "net"])


def drawn(seed: int, *, customers: int = 6, actions: int = 3) -> tuple[pd.DataFrame, float, dict[str, int]]:
    random = np.random.default_rng(seed)
    rows = [
        (f"c{customer}", f"a{action}", str(random.choice(["x", "y"])), round(random.uniform(0, 10), 2),
         round(random.normal(3, 6), 2))
        for customer in range(random.integers(1, customers + 1))
        for action in range(random.integers(1, actions + 1))
    ]  # fmt: skip
    return options(*rows), float(random.uniform(0, 25)), {team: int(random.integers(0, 4)) for team in "xy"}


def exhaustive(rows: pd.DataFrame, budget: float, capacity: dict[str, int]) -> float:
    """The most that any choice brings, by trying them all."""
    groups = [[None, *group.itertuples()] for _, group in rows.groupby("customer_id")]
    most = 0.0
    for pick in itertools.product(*groups):
        taken = [one for one in pick if one is not None]
        fits = sum(one.cost for one in taken) <= budget + 1e-9
        if fits and all(sum(one.team == team for one in taken) <= many for team, many in capacity.items()):
            most = max(most, sum(one.net for one in taken))
    return most


@pytest.mark.parametrize("seed", range(200))
def test_a_small_case_is_chosen_as_well_as_by_trying_every_choice(seed: int) -> None:
    rows, budget, capacity = drawn(seed)
    got = best_actions(rows, budget=budget, capacity=capacity)
    assert got.benefit == pytest.approx(exhaustive(rows, budget, capacity), abs=1e-6)
    assert got.bound >= got.benefit - 1e-9


def large(customers: int = 5_000) -> pd.DataFrame:
    random = np.random.default_rng(1)
    many = 3 * customers
    cost = np.tile([6.0, 20.0, 1.0], customers) + random.gamma(2, 3, many).round(2)
    value = np.repeat(random.lognormal(4, 1, customers), 3)
    return pd.DataFrame(
        {
            "customer_id": np.repeat([f"c{number:05d}" for number in range(customers)], 3),
            "action": np.tile(["call", "offer", "mail"], customers),
            "team": np.tile(["care", "care", "post"], customers),
            "cost": cost, "net": (value * random.uniform(0, 0.4, many) - cost).round(4),
        }
    )  # fmt: skip


LIMITS = {"budget": 10_000.0, "capacity": {"care": 300, "post": 900}}


def within(got: pd.DataFrame, *, budget: float, capacity: dict[str, int]) -> bool:
    teams = got["team"].value_counts()
    fits = all(teams.get(team, 0) <= many for team, many in capacity.items())
    return fits and got["cost"].sum() <= budget + 1e-6 and got["customer_id"].is_unique and bool((got["net"] > 0).all())


@pytest.mark.parametrize("sampled", [False, True])
def test_a_large_case_keeps_every_limit_and_proves_a_small_gap(sampled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounding_off, "CORE", 60)
    if sampled:
        monkeypatch.setattr(prices, "MANY", 1_000)
        monkeypatch.setattr(prices, "SAMPLE", 500)
    got = best_actions(large(), **LIMITS)
    assert within(got.rows, **LIMITS)
    assert 0 <= got.gap < 0.001
    assert got.rows["team"].value_counts()["post"] == 900


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = large(400)
    limits = {"budget": 900.0, "capacity": {"care": 30}}
    mixed = rows.sample(frac=1, random_state=5)
    pd.testing.assert_frame_equal(best_actions(rows, **limits).rows, best_actions(mixed, **limits).rows)


def test_a_limit_that_does_not_bind_has_no_price_and_one_that_does_has() -> None:
    rows = large(400)
    free = best_actions(rows, budget=None, capacity={})
    best = rows[rows["net"] > 0].groupby("customer_id")["net"].max()
    assert free.benefit == pytest.approx(best.sum())
    assert free.gap == pytest.approx(0, abs=1e-12)
    loose = best_actions(rows, budget=1e9, capacity={"care": 10_000})
    assert loose.prices == pytest.approx({"budget": 0.0, "care": 0.0})
    tight = best_actions(rows, budget=900.0, capacity={})
    assert tight.prices["budget"] > 0
    # What is chosen is worth more than its money could bring elsewhere, but for few at the margin.
    assert (tight.rows["worth"] > -1e-6).mean() > 0.95


def test_what_brings_less_than_it_costs_is_never_chosen() -> None:
    got = best_actions(options(("a", "call", "x", 1, -0.5), ("b", "call", "x", 1, 0.0)), budget=100, capacity={})
    assert got.rows.empty
    assert (got.benefit, got.bound, got.gap) == (0, 0, 0)


def test_no_money_and_no_time_choose_nothing() -> None:
    rows = options(("a", "call", "x", 1, 5.0), ("b", "mail", "y", 0, 2.0))
    assert best_actions(rows, budget=0, capacity={}).rows["customer_id"].tolist() == ["b"]
    assert best_actions(rows, budget=10, capacity={"x": 0, "y": 0}).rows.empty
