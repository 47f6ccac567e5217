"""Churn by class and by kind: what is shown, what is hidden, and which dimension tells most."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.measures.churn import by_spread, class_rates, clearest, comparable_classes, leavers_by_kind


@pytest.fixture
def exposed(engine):
    """`exposed(x=(100, 20), y=(100, 30))`: customers and leavers of each class of the one dimension, contract."""

    def made(**classes: tuple[int, int]):
        rows = [(name, int(i < left)) for name, (customers, left) in classes.items() for i in range(customers)]
        data = pd.DataFrame(rows, columns=["contract_class", "event"])
        return engine.table(data.assign(kind=data["event"].map({1: "voluntary", 0: None})))

    return made


def rates(exposures, before=None, smallest: int = 11) -> pd.DataFrame:
    return class_rates(exposures, before, dimensions=["contract"], smallest=smallest).set_index("class")


def test_a_rate_is_leavers_by_customers_beside_that_of_the_quarter_before(exposed):
    got = rates(exposed(x=(200, 20), y=(100, 30)), exposed(x=(100, 20), y=(100, 40), z=(100, 50)))
    assert got["churn_rate"].to_dict() == {"x": 0.1, "y": 0.3}
    assert got["previous"].to_dict() == {"x": 0.2, "y": 0.4}
    assert got["low"]["x"] < 0.1 < got["high"]["x"]


def test_without_an_earlier_quarter_there_is_no_previous_rate(exposed):
    assert rates(exposed(x=(200, 20), y=(100, 30)))["previous"].isna().all()


@pytest.mark.parametrize("small", [(5, 0), (100, 10), (100, 90)], ids=["customers", "leavers", "stayers"])
def test_a_class_with_few_customers_leavers_or_stayers_is_masked_and_another_with_it(exposed, small):
    got = rates(exposed(x=(500, 100), y=(400, 90), z=small))
    assert got["masked"].sum() == 2
    assert got.loc["z", "masked"]
    assert got.loc[got["masked"], ["customers", "leavers", "churn_rate", "low", "high"]].isna().all().all()


def test_a_class_nobody_left_needs_no_mask(exposed):
    assert not rates(exposed(x=(500, 100), y=(400, 0)))["masked"].any()


def test_kinds_are_shares_of_all_leavers_and_unknown_is_a_kind(engine):
    data = pd.DataFrame({"event": [1] * 40 + [0] * 5, "kind": ["voluntary"] * 28 + [None] * 12 + [None] * 5})
    got = leavers_by_kind(engine.table(data), smallest=11)
    assert got[["kind", "leavers", "share"]].values.tolist() == [["voluntary", 28, 0.7], ["not known", 12, 0.3]]


def test_rare_kinds_are_masked_with_the_next_smallest(engine):
    kinds = ["voluntary"] * 100 + ["moved"] * 20 + ["deceased"] * 3
    got = leavers_by_kind(engine.table(pd.DataFrame({"event": 1, "kind": kinds})), smallest=11).set_index("kind")
    assert got["masked"].to_dict() == {"voluntary": False, "moved": True, "deceased": True}


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
    tests = pd.DataFrame({"dimension": ["b", "a", "c"], "classes": [2, 2, 20]})
    assert comparable_classes(shown, tests) == {"a": ["x", "y"]}


def test_a_picture_shows_the_dimensions_that_spread_leaving_most():
    rows = table(
        *[
            (name, side, 100, rate)
            for name, gap in (("a", 0.1), ("b", 0.3), ("c", 0.2))
            for side, rate in (("x", 0.1), ("y", 0.1 + gap))
        ]
    )
    assert clearest(rows, dimensions=2)["dimension"].unique().tolist() == ["b", "c"]
