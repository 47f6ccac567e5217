"""What may be told of rules between products, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.models.product_map import MOST_MAPPED, gives_away, product_map, strongest_rules
from analysis.models.product_rules import product_rules

A, B, C = 1, 2, 4
PRODUCTS = ["a", "b", "c"]


def counted(**customers: int) -> pd.DataFrame:
    """`counted(ab=30, c=20)`: 30 customers who hold a and b, 20 who hold c alone."""
    rows = [(sum(1 << PRODUCTS.index(one) for one in held), number) for held, number in customers.items()]
    return pd.DataFrame(rows, columns=["basket", "customers"])


# 100 hold a, of whom 60 hold b too; 20 of the other 300 hold b. Nobody holds c with another.
CLEAR = counted(a=40, ab=60, b=20, c=280)


def mapped(baskets: pd.DataFrame, smallest: int = 11) -> pd.DataFrame:
    rules = product_rules(baskets, PRODUCTS)
    return product_map(rules, baskets, PRODUCTS, smallest=smallest).set_index(["given", "product"])


def strongest(baskets: pd.DataFrame, smallest: int = 11) -> pd.DataFrame:
    return strongest_rules(product_rules(baskets, PRODUCTS), baskets, PRODUCTS, smallest=smallest)


def test_the_map_tells_each_pair_both_ways_most_held_first():
    got = mapped(CLEAR)
    assert list(got.index) == [("c", "a"), ("c", "b"), ("a", "c"), ("a", "b"), ("b", "c"), ("b", "a")]
    pair = got.loc[("a", "b")]
    told = pair[["customers", "holders", "share", "confidence", "lift"]].astype(float).tolist()
    assert told == pytest.approx([100, 60, 0.2, 0.6, 3])
    assert got.loc[("b", "a"), "confidence"] == 0.75
    assert got.loc[("c", "a"), ["confidence", "lift"]].tolist() == [0, 0]
    assert not got["masked"].any()


@pytest.mark.parametrize("few", [{"ab": 10}, {"a": 10}, {"b": 10}])
def test_a_pair_is_masked_where_both_one_or_the_other_are_held_by_too_few(few):
    got = mapped(counted(**({"a": 40, "ab": 60, "b": 20, "c": 280} | few)))
    assert got.loc[[("a", "b"), ("b", "a")], "masked"].all()
    assert got.loc[("a", "b"), ["customers", "holders", "confidence", "lift", "low"]].isna().all()


def test_a_pair_is_masked_where_too_few_hold_neither():
    assert mapped(counted(a=40, ab=60, b=20, c=10)).loc[("a", "b"), "masked"]


def test_a_difference_of_two_rules_gives_nothing_away():
    # 60 hold a and b, 55 of them c too: the rules a, b -> c and a -> b would tell that 5 do not.
    assert gives_away([0, 1, 2], counted(ab=5, abc=55, c=50, a=50, b=50), smallest=11)
    assert not gives_away([0, 1, 2], counted(ab=11, abc=55, c=50, a=50, b=50), smallest=11)


def test_the_map_has_room_for_the_products_that_most_hold():
    many = [f"p{number}" for number in range(MOST_MAPPED + 2)]
    baskets = pd.DataFrame(
        {"basket": [1 << n | 1 << (n + 1) for n in range(len(many) - 1)], "customers": range(50, 59)}
    )
    got = product_map(product_rules(baskets, many), baskets, many, smallest=11)
    assert got["given"].nunique() == MOST_MAPPED
    assert "p0" not in set(got["given"])


def test_only_rules_clearly_above_the_share_of_all_are_told_one_for_the_same_products():
    got = strongest(CLEAR)
    assert got[["given", "product"]].to_records(index=False).tolist() == [("b", "a")]
    assert (got["low"] > got["share"]).all()
    assert strongest(counted(a=50, ab=50, b=50)).empty


def test_a_longer_rule_is_told_only_where_it_tells_more():
    same = counted(a=400, b=400, ab=400, ac=200, bc=200, abc=200, c=20)
    assert "a and b" not in set(strongest(same)["given"])
    more = counted(a=400, b=400, ab=100, ac=20, bc=20, abc=300, c=20)
    got = strongest(more).set_index(["given", "product"])
    assert got.loc[("a and b", "c"), "confidence"] == 0.75


def test_a_rule_that_gives_away_a_small_group_is_left_out():
    assert strongest(counted(a=40, ab=60, b=5, c=280)).empty
    assert not strongest(counted(a=40, ab=60, b=5, c=280), smallest=5).empty


@pytest.mark.parametrize("baskets", [CLEAR.head(0), counted(a=50)])
def test_without_two_products_there_is_nothing_to_map(baskets):
    assert mapped(baskets).empty
    assert strongest(baskets).empty
