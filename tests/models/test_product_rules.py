"""Rules between products, by hand: ten customers, three products."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

from analysis.models.product_rules import COLUMNS, best_rules, drawn_share, product_rules, product_sets

A, B, C = 1, 2, 4
PRODUCTS = ["a", "b", "c"]
# 4 hold a alone, 3 a and b, 2 a, b and c, 1 c alone: 9 hold a, 5 b, 3 c.
TEN = pd.DataFrame({"basket": [A, A | B, A | B | C, C], "customers": [4, 3, 2, 1]})


def rule(rules, given, product):
    found = rules[(rules["given"] == given) & (rules["product"] == product)]
    assert len(found) == 1
    return found.iloc[0]


def test_sets_are_counted_over_customers_and_not_over_different_baskets():
    got = product_sets(TEN, PRODUCTS)
    support = {tuple(sorted(one)): share for one, share in zip(got["itemsets"], got["support"], strict=True)}
    assert support == pytest.approx(
        {(0,): 0.9, (1,): 0.5, (2,): 0.3, (0, 1): 0.5, (0, 2): 0.2, (1, 2): 0.2, (0, 1, 2): 0.2}
    )


def test_a_rule_says_how_many_of_those_who_hold_one_hold_the_other():
    rules = product_rules(TEN, PRODUCTS)
    got = rule(rules, B, 2)
    assert (got["customers"], got["holders"]) == (5, 2)
    assert (got["share"], got["support"], got["confidence"], got["lift"]) == pytest.approx((0.3, 0.2, 0.4, 0.4 / 0.3))
    assert got["drawn"] == pytest.approx(4 / (5 + 2 / 0.3))
    assert got["low"] < got["drawn"] < got["high"]
    assert rule(rules, A | C, 1)["confidence"] == 1


def test_a_product_that_everyone_holds_makes_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = product_rules(pd.DataFrame({"basket": [A, A | B, A | C], "customers": [4, 3, 2]}), PRODUCTS)
    assert rule(got, B, 0)["lift"] == 1


def test_a_pair_that_nobody_holds_is_a_rule_without_holders():
    apart = pd.DataFrame({"basket": [A | B, C], "customers": [6, 4]})
    got = rule(product_rules(apart, PRODUCTS), A, 2)
    assert (got["customers"], got["holders"], got["lift"]) == (6, 0, 0)
    assert 0 < got["drawn"] < 0.4


def test_few_customers_are_drawn_to_the_share_of_all_and_many_are_not():
    drawn, low, high = drawn_share([0, 3, 300, 0], [0, 3, 300, 300], [0.2, 0.2, 0.2, 0.2])
    assert drawn == pytest.approx([0.2, 5 / 13, 302 / 310, 2 / 310])
    assert (low < drawn).all() and (drawn < high).all()
    assert high[1] - low[1] > high[2] - low[2]


def test_the_best_rule_is_the_most_specific_one_and_never_names_what_is_held():
    rules = product_rules(TEN, PRODUCTS)
    best = best_rules(rules, pd.Series([A | B, B, A | B | C]), PRODUCTS)
    assert (rules.at[best[0, 2], "given"], rules.at[best[0, 2], "product"]) == (A | B, 2)
    assert rules.at[best[1, 2], "given"] == B
    assert (best[0, :2] == -1).all() and (best[2] == -1).all()


def test_rules_do_not_depend_on_the_order_of_rows():
    assert product_rules(TEN.sample(frac=1, random_state=1), PRODUCTS).equals(product_rules(TEN, PRODUCTS))


@pytest.mark.parametrize(
    "baskets",
    [
        TEN.head(0),
        pd.DataFrame({"basket": [A, B], "customers": [9, 9]}),
        pd.DataFrame({"basket": [A], "customers": [9]}),
    ],
)
def test_where_nobody_holds_two_products_there_is_no_rule(baskets):
    got = product_rules(baskets, PRODUCTS)
    assert list(got.columns) == list(COLUMNS)
    assert got.empty
