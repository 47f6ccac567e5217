"""Churn by class and by kind: what is shown, what is hidden, and which dimension tells most."""

from __future__ import annotations

import pandas as pd

from analysis.measures.churn import by_spread, clearest, comparable_classes, gives_reasons, leavers_by_kind


def test_kinds_are_shares_of_all_leavers_and_unknown_is_a_kind(engine):
    data = pd.DataFrame({"event": [1] * 40 + [0] * 5, "kind": ["voluntary"] * 28 + [None] * 12 + [None] * 5})
    got = leavers_by_kind(engine.table(data), smallest=11)
    assert got[["kind", "leavers", "share"]].values.tolist() == [["voluntary", 28, 0.7], ["not known", 12, 0.3]]


def test_rare_kinds_are_masked_with_the_next_smallest(engine):
    kinds = ["voluntary"] * 100 + ["moved"] * 20 + ["deceased"] * 3
    got = leavers_by_kind(engine.table(pd.DataFrame({"event": 1, "kind": kinds})), smallest=11).set_index("kind")
    assert got["masked"].to_dict() == {"voluntary": False, "moved": True, "deceased": True}


def test_reasons_are_given_where_one_customer_has_one(engine):
    for reasons, given in (([None, "moved to Ulm"], True), ([None, None], False)):
        rows = pd.DataFrame({"customer_id": ["A", "B"], "churn_reason": pd.Series(reasons, dtype="object")})
        assert gives_reasons(engine.table(rows)) is given


def table(*rows: tuple) -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["dimension", "class", "customers", "churn_rate"])
    return data.assign(masked=False, leavers=data["customers"] * data["churn_rate"])


def test_many_customers_tell_more_than_one_lucky_corner():
    rows = [("contract", "month", 500, 0.10), ("contract", "year", 500, 0.02)]
    corners = [("region", f"r{i}", 20, 0.06) for i in range(49)] + [("region", "lucky", 20, 0.30)]
    assert by_spread(table(*rows, *corners)) == ["contract", "region"]


def test_unknown_classes_and_single_classes_tell_nothing():
    assert by_spread(table(("usage", "not available", 500, 0.5), ("usage", "light", 500, 0.01))) == []


def test_curves_are_drawn_of_the_clearest_dimensions_and_never_of_masked_classes():
    shown = table(
        ("a", "x", 90, 0.5),
        ("a", "y", 80, 0.2),
        ("b", "x", 90, 0.5),
        ("b", "y", 80, 0.0),
        ("c", "x", 9, 0.1),
        ("c", "y", 9, 0.1),
    )
    tests = log_ranks(("b", 2, 30.0, 0.0001), ("a", 2, 20.0, 0.001), ("c", 20, 99.0, 0.0001))
    assert comparable_classes(shown, tests) == {"a": ["x", "y"]}


def log_ranks(*rows: tuple) -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["dimension", "classes", "statistic", "p_value"])
    return data.assign(degrees_of_freedom=data["classes"] - 1)


def test_the_smallest_p_value_is_drawn_first_and_chance_is_not_drawn():
    shown = table(*[(name, side, 90, 0.5) for name in "abcd" for side in "xy"])
    tests = log_ranks(("a", 2, 9.0, 0.003), ("b", 3, 80.0, 0.0), ("c", 2, 70.0, 0.0), ("d", 2, 5.0, 0.02))
    assert list(comparable_classes(shown, tests)) == ["c", "b", "a"]
    assert comparable_classes(shown, tests.tail(1)) == {}
    assert comparable_classes(shown, tests.head(0)) == {}


def test_a_picture_shows_the_dimensions_that_spread_leaving_most():
    rows = table(
        *[
            (name, side, 100, rate)
            for name, gap in (("a", 0.1), ("b", 0.3), ("c", 0.2))
            for side, rate in (("x", 0.1), ("y", 0.1 + gap))
        ]
    )
    assert clearest(rows, dimensions=2)["dimension"].unique().tolist() == ["b", "c"]
