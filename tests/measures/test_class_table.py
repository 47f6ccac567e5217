"""Classes by hand: sizes, rates, and what one table must not give away that another hides."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.measures.class_rules import Dimension
from analysis.measures.class_table import class_table, rates, sizes

CONTRACT = {"contract": Dimension("contract", "Contract")}


@pytest.fixture
def table(engine):
    """`table(x=(active, customers, leavers), …)`: the classes of one dimension; a quarter before is optional."""

    def made(before: dict[str, tuple[int, int]] | None = None, **classes: tuple[int, int, int]) -> pd.DataFrame:
        active = [name for name, (here, _, _) in classes.items() for _ in range(here)]
        customers = pd.DataFrame(
            {"contract_class": [*active, "x"], "state": ["active"] * (len(active) - 1) + ["suspended", "left"]}
        )
        now = {name: (exposed, left) for name, (_, exposed, left) in classes.items()}
        earlier = engine.table(exposed_rows(before)) if before else None
        return class_table(
            engine.table(customers), engine.table(exposed_rows(now)), earlier, dimensions=CONTRACT, smallest=11
        ).set_index("class")

    return made


def exposed_rows(classes: dict[str, tuple[int, int]]) -> pd.DataFrame:
    data = [(name, int(i < left)) for name, (exposed, left) in classes.items() for i in range(exposed)]
    return pd.DataFrame(data, columns=["contract_class", "event"])


def test_a_class_has_its_size_its_rate_and_that_of_the_quarter_before(table):
    got = table({"x": (100, 20), "y": (100, 40)}, x=(180, 200, 20), y=(70, 100, 30))
    assert got["closing"].to_dict() == {"x": 180, "y": 70}
    assert got["share"].to_dict() == {"x": 180 / 250, "y": 70 / 250}
    assert got["churn_rate"].to_dict() == {"x": 0.1, "y": 0.3}
    assert got["previous"].to_dict() == {"x": 0.2, "y": 0.4}
    assert got["low"]["x"] < 0.1 < got["high"]["x"]
    assert got["place"].tolist() == [0, 1]
    assert got["label"].tolist() == ["Contract", "Contract"]


def test_without_an_earlier_quarter_there_is_no_previous_rate(table):
    got = table(x=(180, 200, 20), y=(70, 100, 30))
    assert got["previous"].isna().all()
    assert not got["masked"].any()


@pytest.mark.parametrize("small", [(40, 8, 0), (40, 60, 10), (40, 60, 55)], ids=["customers", "leavers", "stayers"])
def test_a_rate_with_one_small_group_is_masked_with_its_customers_and_another_with_it(table, small):
    got = table(x=(500, 500, 100), y=(400, 400, 90), z=small)
    assert got.loc["z", "rate_masked"]
    assert got["rate_masked"].sum() == 2
    hidden = got.loc[got["rate_masked"], ["customers", "leavers", "churn_rate", "low", "high"]]
    assert hidden.isna().all().all()
    assert got["closing"].tolist() == [500, 400, 40]


def test_a_class_whose_size_is_masked_has_no_rate_either(table):
    got = table(x=(500, 500, 100), y=(30, 60, 20), z=(5, 60, 20))
    assert got["masked"].to_dict() == {"x": False, "y": True, "z": True}
    assert got["rate_masked"].to_dict() == {"x": False, "y": True, "z": True}
    assert got.loc["y", ["closing", "share", "customers", "leavers", "churn_rate"]].isna().all()


def test_a_small_group_of_the_quarter_before_masks_the_rate_before_only(table):
    got = table({"x": (100, 20), "y": (100, 3)}, x=(180, 200, 20), y=(70, 100, 30))
    assert got["previous_masked"].all()
    assert got["previous"].isna().all()
    assert not got["rate_masked"].any()


def test_the_churn_side_says_masked_of_its_rates(table):
    got = rates(table(x=(500, 500, 100), y=(400, 400, 90), z=(40, 60, 10)).reset_index(), CONTRACT)
    assert got["masked"].sum() == 2
    assert "closing" not in got.columns


def test_a_class_nobody_left_needs_no_mask(table):
    got = table(x=(500, 500, 100), y=(400, 400, 0))
    assert not got["masked"].any()
    assert got["churn_rate"]["y"] == 0


def test_a_class_that_only_leavers_held_has_no_active_customer(table):
    got = table(x=(500, 500, 100), gone=(0, 30, 30))
    assert (got["closing"]["gone"], got["churn_rate"]["gone"]) == (0, 1)


def test_each_side_shows_the_classes_that_somebody_is_in(table):
    got = table({"gone before": (60, 20)}, x=(500, 500, 100), gone=(0, 30, 30)).reset_index()
    assert sorted(sizes(got)["class"]) == ["x"]
    assert sorted(rates(got, CONTRACT)["class"]) == ["gone", "x"]
    assert rates(got, {"region": Dimension("region", "Region")}).empty


def test_nobody_gives_an_empty_table(engine):
    nobody = pd.DataFrame({"contract_class": pd.Series(dtype=str), "state": pd.Series(dtype=str)})
    exposed = pd.DataFrame({"contract_class": pd.Series(dtype=str), "event": pd.Series(dtype="int64")})
    got = class_table(engine.table(nobody), engine.table(exposed), None, dimensions=CONTRACT, smallest=11)
    assert got.empty
    assert {"place", "dimension", "class", "closing", "churn_rate", "masked"} <= set(got.columns)
