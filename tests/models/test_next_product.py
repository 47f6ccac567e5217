"""What to offer next, by hand and beside planted chances: nothing held, nothing not offered, the likeliest first."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from analysis.models.adoption import chances, fit_adoption, holds, open_to
from analysis.models.hit_rate import chosen, hit_rates, told_hits
from analysis.models.next_product import METHODS, offers, ranked

PRODUCTS = ["a", "b", "c", "d"]
A, B, C, D = 1, 2, 4, 8
ALL = A + B + C + D


def cells(*rows: tuple, landmark: str = "2026-03-31") -> pd.DataFrame:
    """Rows of (basket, offered, added, customers)."""
    table = pd.DataFrame(rows, columns=["basket", "offered", "added", "customers"])
    return table.assign(landmark=pd.Timestamp(landmark), technology="fibre", customer_type="household")


# Who holds a adds d, who holds b adds c; c is held by more. Nobody adds b.
PAST = cells(
    (A, ALL, 0, 160), (A, ALL, D, 40), (B, ALL, 0, 160), (B, ALL, C, 40), (C, ALL, 0, 300), (D, ALL, 0, 50),
)  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_offered_that_is_held_or_not_offered_there(method):
    every = cells(*[(basket, offered, 0, 1) for basket, offered in itertools.product(range(1, 16), range(16))])
    got = offers(method, every, past=PAST, now=PAST, products=PRODUCTS)
    possible = open_to(every, PRODUCTS)
    assert (~np.isnan(got.confidence) == possible).all()
    first = ranked(got)
    for row, places in enumerate(first):
        named = [place for place in places if place >= 0]
        assert sorted(named) == np.flatnonzero(possible[row]).tolist()
    assert not (holds(every["basket"], PRODUCTS) & possible).any()


def test_each_way_orders_by_what_it_looks_at():
    ask = cells((A, ALL, 0, 1), (B, ALL, 0, 1))
    order = {
        method: [
            [PRODUCTS[place] for place in row if place >= 0]
            for row in ranked(offers(method, ask, past=PAST, now=PAST, products=PRODUCTS))
        ]
        for method in METHODS
    }
    assert order["popularity"] == [["c", "b", "d"], ["c", "a", "d"]]
    assert order["additions"][0][0] == "d" and order["additions"][1][0] == "c"
    assert order["most_added"][0][:2] == ["c", "d"] or order["most_added"][0][:2] == ["d", "c"]


def test_rules_offer_what_holders_of_the_same_hold():
    now = cells((A + D, ALL, 0, 50), (A, ALL, 0, 50), (C, ALL, 0, 200), (B + C, ALL, 0, 20))
    got = offers("rules", cells((A, ALL, 0, 1), (B, ALL, 0, 1)), past=now, now=now, products=PRODUCTS)
    assert ranked(got)[:, 0].tolist() == [PRODUCTS.index("d"), PRODUCTS.index("c")]
    assert got.lift[0, 3] > 2
    assert got.low[0, 3] < got.confidence[0, 3] < got.high[0, 3]


def planted(seed: int, customers: int = 40_000) -> pd.DataFrame:
    """Customers of every basket who add c with log odds -3, and 1.5 more if they hold a, 1 less if they hold b."""
    random = np.random.default_rng(seed)
    basket = random.integers(1, 4, customers)
    chance = expit(-3 + 1.5 * (basket & A > 0) - 1.0 * (basket & B > 0))
    added = np.where(random.random(customers) < chance, C, 0)
    rows = pd.DataFrame({"basket": basket, "added": added, "customers": 1})
    counted = rows.groupby(["basket", "added"], as_index=False)["customers"].sum()
    return cells(*counted.assign(offered=ALL)[["basket", "offered", "added", "customers"]].itertuples(index=False))


def test_planted_chances_lie_in_the_intervals():
    inside = []
    for seed in range(20):
        past = planted(seed)
        got = chances(fit_adoption(past, PRODUCTS), cells((A, ALL, 0, 1), (B, ALL, 0, 1), (A + B, ALL, 0, 1)))
        true = expit([-1.5, -4.0, -2.5])
        inside.append((got.low[:, 2] < true) & (true < got.high[:, 2]))
    assert np.mean(inside) >= 0.88


def test_what_few_customers_show_is_drawn_to_the_rate_of_all():
    past = pd.concat([cells((B, ALL, 0, 950), (B, ALL, C, 50)), cells((A, ALL, 0, 1), (A, ALL, C, 1))])
    got = chances(fit_adoption(past, PRODUCTS), cells((A, ALL, 0, 1), (B, ALL, 0, 1)))
    assert 0.05 < got.chance[0, 2] < 0.35
    assert got.chance[1, 2] == pytest.approx(0.05, abs=0.005)
    assert got.high[0, 2] - got.low[0, 2] > 5 * (got.high[1, 2] - got.low[1, 2])


def test_a_product_that_nobody_could_add_has_no_chance_and_one_nobody_added_a_small_one():
    past = cells((A, A + B, 0, 100))
    got = chances(fit_adoption(past, PRODUCTS), cells((A, ALL, 0, 1)))
    assert 0 < got.chance[0, 1] < 0.02
    assert np.isnan(got.chance[0, [0, 2, 3]]).all()


# ------------------------------------------------------------------------------------------------------------ hit rates


def later(*rows: tuple) -> pd.DataFrame:
    return pd.concat([PAST.assign(landmark=pd.Timestamp("2026-03-31")), cells(*rows, landmark="2026-06-30")])


def test_hits_are_counted_over_customers_who_added_something():
    # By popularity c comes first for everybody: half of the 40 added it. By additions the 20 who hold a get d first.
    got = hit_rates(later((A, ALL, D, 20), (B, ALL, C, 20), (C, ALL, 0, 500)), PRODUCTS).set_index(["method", "places"])
    assert got.loc[("popularity", 1), ["adders", "hits", "rate"]].tolist() == [40, 20, 0.5]
    assert got.loc[("additions", 1), ["hits", "rate", "difference"]].tolist() == [40, 1.0, 0.5]
    assert 0.3 < got.loc[("additions", 1), "difference_low"] < 0.5 < got.loc[("additions", 1), "difference_high"] < 0.7
    assert np.isnan(got.loc[("popularity", 1), "difference"])
    assert (got.xs(3, level="places")["rate"] == 1).all()


def test_a_quarter_is_judged_by_what_was_known_at_its_beginning():
    asked = later((A, ALL, D, 20), (B, ALL, C, 20), (C, ALL, 0, 500))
    shuffled = asked.assign(
        added=np.where(asked["landmark"] == asked["landmark"].max(), B * (asked["added"] > 0), asked["added"])
    )
    got = hit_rates(shuffled[shuffled["basket"] != B], PRODUCTS).set_index(["method", "places"])
    assert got.loc[("additions", 1), "hits"] == 0


def test_hit_rates_do_not_depend_on_the_order_of_rows():
    rows = later((A, ALL, D, 20), (A, ALL, C, 7), (B, ALL, C, 20), (C, ALL, D, 9))
    got = hit_rates(rows.sample(frac=1, random_state=3).reset_index(drop=True), PRODUCTS)
    pd.testing.assert_frame_equal(got, hit_rates(rows, PRODUCTS))


@pytest.mark.parametrize("rows", [PAST, later((A, ALL, D, 10)), PAST.assign(added=np.nan), PAST.head(0)])
def test_too_little_history_is_not_judged(rows):
    assert hit_rates(rows, PRODUCTS).empty


def hits(**low: float) -> pd.DataFrame:
    """Hit rates at three with these lower edges of the difference; the later named the more hits."""
    rows = [
        {"method": name, "places": 3, "hits": 10 + place, "difference_low": edge}
        for place, (name, edge) in enumerate(low.items())
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("table", "method"),
    [
        (hits(rules=0.1, additions=0.1), "additions"),
        (hits(additions=0.1, rules=0.1), "rules"),
        (hits(additions=0.1, rules=-0.1), "additions"),
        (hits(additions=-0.1, rules=-0.1), "popularity"),
        (hits(rules=0.1, most_added=0.2), "rules"),
    ],
)
def test_the_way_with_most_hits_is_used_where_it_clearly_beats_popularity(table, method):
    assert chosen(table, PAST) == method


def test_unjudged_additions_are_used_where_there_are_some_else_rules():
    nothing = hit_rates(PAST, PRODUCTS)
    assert chosen(nothing, PAST) == "additions"
    assert chosen(nothing, PAST.assign(added=np.nan)) == "rules"


def test_rates_that_tell_of_few_customers_are_masked_with_what_they_are_compared_to():
    rows = later((A, ALL, D, 20), (B, ALL, C, 20), (A, ALL, B, 5), (C, ALL, 0, 500))
    got = told_hits(hit_rates(rows, PRODUCTS), smallest=11).set_index(["method", "places"])
    assert got.loc[("additions", 1), "masked"]  # 40 of 45 hit, so that 5 missed
    assert got.loc[("additions", 1), ["hits", "rate", "low", "difference"]].isna().all()
    assert not got.loc[("popularity", 1), "masked"]  # 20 hit, 25 missed
    assert not told_hits(hit_rates(rows, PRODUCTS), smallest=5)["masked"].any()
    assert told_hits(hit_rates(PAST, PRODUCTS), smallest=11).empty


def test_a_difference_to_a_masked_popularity_is_not_told():
    rates = pd.DataFrame(
        {
            "method": ["additions", "popularity"], "places": 3, "adders": 40, "hits": [20, 5], "rate": 0.5, "low": 0.4,
            "high": 0.6, "difference": [0.3, np.nan], "difference_low": 0.2, "difference_high": 0.4,
        }
    )  # fmt: skip
    got = told_hits(rates, smallest=11)
    assert got["masked"].tolist() == [False, True]
    assert got["rate"].isna().tolist() == [False, True]
    assert got["difference"].isna().all()
