"""Further sales: chances by hand, what a product brings after it was taken, identities with the value."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from tests.models.test_value import margins, outlook

from analysis.measures.margin import Costs
from analysis.models.growth import Offered, growth
from analysis.models.value import customer_value

COSTS = Costs({"default": 0.5, "tv": 0.4}, 0.0, 0.0)
CELL = ["basket", "technology", "customer_type", "offered"]
BOTH = 3  # broadband (bit 1) and tv (bit 2)


def cells(*rows: tuple[int, int, int], day: dt.date = dt.date(2026, 3, 31)) -> pd.DataFrame:
    """Rows of (basket, added, customers), all of them households with fibre who could have both products."""
    table = pd.DataFrame(rows, columns=["basket", "added", "customers"])
    return table.assign(landmark=pd.Timestamp(day), technology="fibre", customer_type="household", offered=BOTH)


def offered(past: pd.DataFrame, *, baskets: dict[str, int], steps=(), stepped=(), first=None) -> Offered:
    held = pd.DataFrame({"customer_id": list(baskets), "basket": list(baskets.values())})
    plain = [("tv", np.nan, 10, 200.0, 0.0), ("broadband", np.nan, 10, 400.0, 0.0)]
    return Offered(
        ["broadband", "tv"],
        held.assign(technology="fibre", customer_type="household", offered=BOTH),
        past,
        pd.DataFrame(steps, columns=["customer_id", "product", "plan", "customer_type", "gain"]),
        pd.DataFrame(stepped, columns=["product", "plan", "customer_type", "count", "taken", "rate"]),
        pd.DataFrame(first or plain, columns=["product", "months", "lines", "fee", "discount"]),
    )


MANY = cells((1, 2, 30_000), (1, 0, 970_000))  # three per cent of those with broadband added tv within the quarter


def test_a_product_brings_its_margin_times_the_chance_that_it_was_taken_by_then():
    got = growth(offered(MANY, baskets={"a": 1}), costs=COSTS, drift=1.0, horizon=3)
    monthly = 1 - 0.97 ** (1 / 3)
    taken = [monthly * (1 - monthly) ** month for month in range(3)]
    # 20 a month at a margin of 0.4; of the month in which it is taken, half.
    expected = [8 * (sum(taken[:month]) + taken[month] / 2) for month in range(3)]
    assert got.ahead(pd.Series(["a"]), layer=0)[0] == pytest.approx(expected, rel=1e-3)


def test_a_discount_counts_for_as_long_as_first_lines_had_it():
    first = [("tv", 1.0, 5, 100.0, 50.0), ("tv", np.nan, 5, 100.0, 0.0)]
    plain, cheaper = (
        growth(offered(MANY, baskets={"a": 1}, first=one), costs=COSTS, drift=1.0, horizon=2) for one in (None, first)
    )
    got = [one.ahead(pd.Series(["a"]), layer=0)[0] for one in (plain, cheaper)]
    assert got[1][0] == pytest.approx(got[0][0] * 15 / 20, rel=1e-6)
    monthly = 1 - 0.97 ** (1 / 3)
    assert got[0][1] - got[1][1] == pytest.approx(0.4 * 5 * monthly * (1 - monthly) / 2, rel=1e-2)


def test_who_holds_everything_or_nothing_adds_nothing():
    got = growth(offered(MANY, baskets={"a": 1, "b": BOTH}), costs=COSTS, drift=1.0, horizon=6)
    ahead = got.ahead(pd.Series(["b", "a", "stranger"]), layer=0)
    assert ahead[0].sum() == ahead[2].sum() == 0
    assert (np.diff(ahead[1]) > 0).all()


def test_a_step_up_brings_what_the_better_plan_costs_more():
    steps = [("a", "broadband", "S", "household", 10.0)]
    stepped = [("broadband", "S", "household", 1_000_000, 10_000, 0.01)]
    bare, better = (
        growth(offered(MANY, baskets={"a": 1}, steps=one, stepped=stepped), costs=COSTS, drift=1.0, horizon=2)
        for one in ((), steps)
    )
    more = better.ahead(pd.Series(["a"]), layer=0) - bare.ahead(pd.Series(["a"]), layer=0)
    monthly = 1 - 0.99 ** (1 / 3)
    assert more[0] == pytest.approx([5 * monthly / 2, 5 * (monthly + monthly * (1 - monthly) / 2)], rel=1e-3)


def test_nothing_is_told_where_nobody_ever_added_anything():
    assert growth(offered(cells((1, 0, 1000)), baskets={"a": 1}), costs=COSTS, drift=1.0, horizon=3) is None
    assert growth(offered(MANY.iloc[:0], baskets={"a": 1}), costs=COSTS, drift=1.0, horizon=3) is None


def test_draws_spread_with_the_error_of_the_chance_and_with_how_quarters_differed():
    few = cells((1, 2, 30), (1, 0, 970))
    uneven = pd.concat(
        [
            cells((1, 2, share), (1, 0, 10**6 - share), day=day)
            for day, share in zip(DAYS, (10_000, 50_000), strict=True)
        ]
    )
    spread = []
    for past in (MANY, few, uneven):
        got = growth(offered(past, baskets={"a": 1}), costs=COSTS, drift=1.0, horizon=36)
        drawn = np.array([got.ahead(pd.Series(["a"]), layer=layer).sum() for layer in range(1, 21)])
        spread.append(drawn.std(ddof=1) / drawn.mean())
    assert spread[0] < 0.02
    assert 0.1 < spread[1] < 0.3  # thirty additions: 18 %
    assert spread[2] > 0.2


DAYS = (dt.date(2026, 3, 31), dt.date(2025, 12, 31))


def test_current_and_potential_value_add_up_to_the_clv_of_every_customer():
    sold = growth(offered(MANY, baskets={"a": 1, "b": BOTH}), costs=COSTS, drift=1.0, horizon=36)
    ahead = outlook({"a": 0.02, "b": 0.03}, paces=[[0.9, 1.1] * 10, [1.1, 0.9] * 10])
    got = customer_value(margins({"a": 30.0, "b": 40.0}), ahead, discount_rate=0.08, growth=sold)
    rows = got.customers.set_index("customer_id")
    assert (rows["current_value"] + rows["potential_value"] == rows["clv"]).all()
    assert rows.loc["b", "potential_value"] == 0
    survival = np.exp(-0.02 * np.arange(1, 37))
    brings = sold.ahead(pd.Series(["a"]), layer=0)[0] * 1.08 ** (-np.arange(1, 37) / 12)
    assert rows.loc["a", "potential_value"] == pytest.approx(float(survival @ brings))
    assert (
        rows.loc["a", "potential_value_low"] < rows.loc["a", "potential_value"] < rows.loc["a", "potential_value_high"]
    )
    assert got.clv_draws == pytest.approx(got.draws + got.potential_draws)


def test_potential_value_is_missing_where_the_value_is():
    sold = growth(offered(MANY, baskets={"a": 1, "c": 1}), costs=COSTS, drift=1.0, horizon=36)
    got = customer_value(margins({"a": 30.0}), outlook({"a": 0.02, "c": 0.02}), discount_rate=0.08, growth=sold)
    assert got.customers["potential_value"].isna().tolist() == [False, True]
    assert got.customers["clv"].isna().tolist() == [False, True]
