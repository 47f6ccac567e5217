"""Which parts of a bridge stand alone."""

from __future__ import annotations

from analysis.measures.bridge_parts import Behind, folded

ORDER = ("left", "joined", "price", "usage", "unexplained", "other")


def test_a_part_of_few_is_told_with_the_next_smallest_as_one() -> None:
    behind = {"left": Behind(1.0, 4), "price": Behind(2.0, 900), "usage": Behind(0.5, 30)}
    got = folded(behind, rest="unexplained", order=ORDER, smallest=11)
    assert got == {"price": ("price",), "other": ("left", "usage")}


def test_without_a_limit_every_part_stands_alone_in_the_order_given() -> None:
    behind = {"price": Behind(2.0, 1), "left": Behind(1.0, 1)}
    assert folded(behind, rest="unexplained", order=ORDER, smallest=1) == {"left": ("left",), "price": ("price",)}


def test_parts_of_nothing_are_left_out() -> None:
    behind = {"left": Behind(0.0, 50), "price": Behind(2.0, 90)}
    assert folded(behind, rest="unexplained", order=ORDER, smallest=11) == {"price": ("price",)}


def test_what_only_rounding_made_goes_with_what_is_not_explained() -> None:
    behind = {"price": Behind(0.02, 0), "usage": Behind(5.0, 90), "unexplained": Behind(1.0, 40)}
    got = folded(behind, rest="unexplained", order=ORDER, smallest=11)
    assert got == {"usage": ("usage",), "unexplained": ("unexplained", "price")}


def test_where_all_are_few_there_is_only_one() -> None:
    behind = {"left": Behind(1.0, 4), "price": Behind(2.0, 9)}
    assert folded(behind, rest="unexplained", order=ORDER, smallest=11) == {"other": ("left", "price")}
