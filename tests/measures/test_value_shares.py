"""How value divides over customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.value_shares import class_values, mean_worth, value_tenths


def active(sizes: dict[str, tuple[int, float]]) -> pd.DataFrame:
    """Customers by class: how many, and what each is worth."""
    names = [name for name, (n, _) in sizes.items() for _ in range(n)]
    worth = [value for n, value in sizes.values() for _ in range(n)]
    ids = [f"C{i:03d}" for i in range(len(names))]
    return pd.DataFrame({"customer_id": ids, "current_value": worth, "contract_class": names})


def estimate(rows: pd.DataFrame) -> np.ndarray:
    """The value without any draw."""
    return rows[["current_value"]].to_numpy().T


OPEN = pd.DataFrame({"dimension": "contract", "label": "Contract", "class": ["a", "b", "c"], "masked": False})


def test_each_class_has_its_customers_mean_and_share_of_the_value():
    rows = active({"a": (20, 100.0), "b": (60, 300.0)})
    worth = rows["current_value"].to_numpy() + np.array([[0], [-10], [10]])
    got = class_values(rows, OPEN, dimensions=["contract"], worth=worth, smallest=11).set_index("class")
    assert got.index.tolist() == ["b", "a"]
    assert got.loc["a", ["customers", "mean", "customer_share", "share"]].tolist() == [20, 100, 0.25, 0.1]
    assert got["share"].sum() == pytest.approx(1)
    assert set(got["label"]) == {"Contract"}
    assert got.loc["a", "high"] - 100 == pytest.approx(1.96 * np.sqrt(200), abs=0.01)


def test_small_classes_are_masked_and_so_is_one_that_would_give_them_away():
    rows = active({"a": (5, 100.0), "b": (60, 300.0), "c": (30, 200.0)})
    got = class_values(rows, OPEN, dimensions=["contract"], worth=estimate(rows), smallest=11).set_index("class")
    assert got["masked"].to_dict() == {"b": False, "c": True, "a": True}
    assert got.loc[["a", "c"], ["customers", "mean", "share"]].isna().all().all()


def test_a_class_that_another_table_masks_is_masked_here():
    rows = active({"a": (20, 100.0), "b": (60, 300.0)})
    classes = OPEN.assign(masked=OPEN["class"] == "a")
    got = class_values(rows, classes, dimensions=["contract"], worth=estimate(rows), smallest=11)
    assert got.set_index("class")["masked"].to_dict() == {"a": True, "b": False}


def test_the_first_tenth_holds_the_most_valuable():
    rows = active({"a": (10, 550.0), "b": (90, 50.0)})
    got = value_tenths(rows["customer_id"], worth=np.vstack([estimate(rows)] * 3))
    assert got["customers"].tolist() == [10] * 10
    assert got.loc[0, ["share", "mean"]].tolist() == pytest.approx([0.55, 550])
    assert got["low"].tolist() == pytest.approx(got["share"].tolist())


def test_tenths_do_not_depend_on_the_order_of_the_rows_and_few_customers_have_none():
    rows = active({"a": (40, 100.0), "b": (35, 10.0)})
    worth, ids = rows["current_value"].to_numpy() * [[1], [0.9], [1.2]], rows["customer_id"]
    chance = np.random.default_rng(1).permutation(len(rows))
    one, other = value_tenths(ids, worth=worth), value_tenths(ids.iloc[chance], worth=worth[:, chance])
    pd.testing.assert_frame_equal(one, other)
    assert value_tenths(ids.head(9), worth=worth[:, :9]).empty
    assert value_tenths(ids, worth=0 * worth).empty


def test_who_has_no_value_is_left_out():
    rows = active({"a": (20, 100.0), "b": (60, 300.0)}).assign(
        current_value=lambda r: r["current_value"].mask(r.index == 0)
    )
    got = class_values(rows, OPEN, dimensions=["contract"], worth=estimate(rows), smallest=11).set_index("class")
    assert got.loc["a", ["customers", "mean"]].tolist() == [19, 100]
    assert value_tenths(rows["customer_id"], worth=estimate(rows))["customers"].sum() == 79


def test_the_mean_has_the_interval_of_the_draws():
    worth = np.array([[1.0, 3.0, np.nan], [0.0, 2.0, 9.0], [2.0, 4.0, 9.0]])
    mean, low, high = mean_worth(worth)
    assert mean == 2
    assert (mean - low, high - mean) == pytest.approx((1.96 * np.sqrt(2),) * 2, abs=0.01)
    assert np.isnan(mean_worth(worth[:, 2:])).all()


def test_tenths_of_few_customers_are_not_told():
    customers, worth = pd.Series([f"C{n}" for n in range(110)]), np.ones((1, 110))
    assert len(value_tenths(customers, worth=worth, smallest=11)) == 10
    assert value_tenths(customers.head(109), worth=worth[:, :109], smallest=11).empty
