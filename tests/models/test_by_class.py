"""Curves and tests by class."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.measures.class_rules import Dimension
from analysis.models.by_class import (
    class_counts,
    curves_by_class,
    log_rank_tests,
    means_by_class,
    observed_curve,
    survival_shown,
)

CONTRACT, AREA = Dimension("contract", "Contract"), Dimension("area", "Area")
BOTH = {"area": AREA, "contract": CONTRACT}


def counts(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["entry", "exit", "event", "n"])


@pytest.fixture
def episodes():
    data = pd.DataFrame(
        {
            "start": 0.0, "stop": [2.0] * 30 + [4.0] * 30 + [9.0] * 40, "event": [1] * 30 + [1] * 30 + [0] * 40,
            "contract_class": ["month"] * 30 + ["year"] * 30 + ["month"] * 10 + ["year"] * 20 + ["not available"] * 10,
            "area_class": "urban",
        }
    )  # fmt: skip
    with Engine() as engine:
        yield engine.table(data)


def test_unknown_classes_are_in_no_curve(episodes):
    got = class_counts(episodes, dimensions={"contract": CONTRACT})["contract"]
    assert sorted(got["class"].unique()) == ["month", "year"]
    assert got["n"].sum() == 90


def test_a_dimension_that_is_a_matter_of_tenure_has_no_curves(episodes):
    stage = Dimension("contract", "Stage", compared=False)
    assert list(class_counts(episodes, dimensions={"contract": stage, "area": AREA})) == ["area"]


def test_each_class_has_its_own_curve(episodes):
    rows = class_counts(episodes, dimensions={"contract": CONTRACT})
    got = curves_by_class(rows, {"contract": ["year", "month"]})["contract"]
    assert list(got) == ["year", "month"]
    assert got["month"]["survival"].iloc[-1] == pytest.approx(10 / 40)
    assert got["year"]["survival"].iloc[-1] == pytest.approx(20 / 50)


def test_dimensions_with_one_class_are_not_tested(episodes):
    got = log_rank_tests(class_counts(episodes, dimensions=BOTH), dimensions=BOTH)
    assert got[["dimension", "label"]].to_numpy().tolist() == [["contract", "Contract"]]
    assert (got["classes"][0], got["leavers"][0], got["degrees_of_freedom"][0]) == (2, 60, 1)
    assert got["p_value"][0] < 0.001


def test_nobody_under_observation_gives_no_survival():
    got = observed_curve(counts())
    assert len(got) == 1
    assert got[["survival", "low", "high"]].isna().all().all()
    assert survival_shown(got, [12], smallest=11)["survival"].isna().all()


def test_survival_that_rests_on_few_customers_is_not_shown():
    curve = observed_curve(counts((0, 5, 1, 20), (0, 20, 1, 5), (0, 30, 0, 5)))
    got = survival_shown(curve, [3, 6, 24, 36], smallest=11)
    assert got["survival"].isna().tolist() == [False, False, True, True]
    assert got["at_risk"].fillna(-1).tolist() == [30, -1, -1, 0]


def test_beyond_the_last_tenure_the_last_value_is_shown_if_enough_were_at_risk_there():
    curve = observed_curve(counts((0, 5, 1, 20), (0, 30, 0, 60)))
    assert survival_shown(curve, [36], smallest=11)["survival"][0] == pytest.approx(60 / 80)


def test_classes_with_few_expected_leavers_are_left_out_of_the_test():
    rare = [("rare", 0.0, 2.0, 1, 3)]
    large = [(name, 0.0, stop, event, n) for name, n in (("a", 60), ("b", 30)) for stop, event in ((2.0, 1), (9.0, 0))]
    rows = pd.DataFrame([*large, *rare], columns=["class", "entry", "exit", "event", "n"])
    with_it, without = (
        log_rank_tests({"contract": given}, dimensions=BOTH) for given in (rows, rows[rows["class"] != "rare"])
    )
    pd.testing.assert_frame_equal(with_it, without)
    assert (with_it["classes"][0], with_it["leavers"][0]) == (2, 90)


def test_a_dimension_with_one_class_left_is_not_tested():
    rows = [("a", 0.0, 2.0, 1, 60), ("a", 0.0, 9.0, 0, 60), ("rare", 0.0, 2.0, 1, 3)]
    counted = pd.DataFrame(rows, columns=["class", "entry", "exit", "event", "n"])
    assert log_rank_tests({"contract": counted, "area": counted.head(0)}, dimensions=BOTH).empty


def test_restricted_means_are_told_by_class_beside_the_first():
    counts = pd.DataFrame(
        [
            ("large", 0.0, 6.0, 1, 50),
            ("large", 0.0, 40.0, 0, 50),
            ("small", 0.0, 40.0, 0, 30),
            ("small", 0.0, 18.0, 1, 10),
            ("late", 20.0, 40.0, 0, 90),
        ],
        columns=["class", "entry", "exit", "event", "n"],
    )
    got = means_by_class({"contract": counts}, {"contract": ["large", "small", "late"]}, smallest=11)
    assert got["months"].tolist() == [12, 24, 36] * 3
    assert set(got["beside"]) == {"large"}
    told = got.set_index(["class", "months"])
    assert told.loc[("large", 24), "mean"] == pytest.approx(6 + 18 / 2)
    assert told.loc[("small", 24), "difference"] == pytest.approx(18 + 6 * 3 / 4 - 15)
    assert told.loc[("small", 24), "difference_low"] < told.loc[("small", 24), "difference"]
    assert got.loc[got["class"] == "late", ["mean", "difference"]].isna().all(axis=None)


def test_without_classes_worth_drawing_there_are_no_means():
    assert means_by_class({}, {}, smallest=11).empty
