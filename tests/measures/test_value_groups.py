"""Value by behaviour, plan, channel and area."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.value_groups import MOST, OTHER, lumped, value_groups


def plans(sizes: dict[str | None, int]) -> pd.DataFrame:
    names = [name for name, size in sizes.items() for _ in range(size)]
    return pd.DataFrame({"customer_id": [f"C{place:04d}" for place in range(len(names))], "plan": names})


def worth_of(rows: pd.DataFrame, value: float = 10.0) -> np.ndarray:
    return np.full((1, len(rows)), value)


def test_small_classes_and_those_beyond_the_largest_are_one() -> None:
    many = {f"plan {place:02d}": 60 - place for place in range(20)}
    got = lumped(plans(many)["plan"], smallest=11).value_counts()
    assert len(got) == MOST
    assert got[OTHER] == sum(60 - place for place in range(MOST - 1, 20))
    assert lumped(plans({"a": 30, "b": 20, "c": 6, "d": 6})["plan"], smallest=11).value_counts().to_dict() == {
        "a": 30, "b": 20, OTHER: 12,
    }  # fmt: skip


def test_a_few_others_take_one_more_with_them_instead_of_being_masked() -> None:
    got = lumped(plans({"a": 30, "b": 20, "c": 4})["plan"], smallest=11).value_counts().to_dict()
    assert got == {"a": 30, OTHER: 24}


def test_a_dozen_classes_stay_and_missing_is_not_available() -> None:
    twelve = {f"plan {place:02d}": 20 for place in range(11)} | {None: 15}
    got = lumped(plans(twelve)["plan"], smallest=11)
    assert got.nunique() == 12
    assert (got == "not available").sum() == 15


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_no_class_is_small_but_where_all_of_them_together_are(sizes: list[int]) -> None:
    rows = plans({f"plan {place:02d}": size for place, size in enumerate(sizes)})
    got = lumped(rows["plan"], smallest=11).value_counts()
    assert got.sum() == len(rows)
    assert len(got) <= MOST
    assert got.min() >= 11 or len(got) == 1


def test_each_division_has_its_means_and_all_others_stand_last() -> None:
    rows = plans({"a": 30, "b": 12, "c": 8, "d": 8}).assign(acquisition_channel=["web"] * 40 + ["shop"] * 18)
    worth = np.vstack([np.where(rows["plan"] == "a", 100.0, 10.0)] * 3) * np.array([[1], [0.9], [1.1]])
    members = pd.DataFrame({"customer_id": rows["customer_id"].iloc[::-1], "cluster": ["x"] * 29 + ["y"] * 29})
    got = value_groups(rows, members, worth=worth, smallest=11)
    assert got["label"].unique().tolist() == ["Behaviour", "Plan", "Channel"]
    of_plan = got[got["label"] == "Plan"].set_index("class")
    assert of_plan.index.tolist() == ["a", "b", OTHER]
    assert of_plan["mean"].tolist() == pytest.approx([100, 10, 10])
    assert (of_plan["low"] < of_plan["mean"]).all()
    for _, part in got.groupby("dimension"):
        assert part[["customer_share", "share"]].sum().tolist() == pytest.approx([1, 1])


def test_a_division_with_one_class_or_without_a_column_is_left_out() -> None:
    rows = plans({"a": 30, "b": 5}).assign(area_id=None)
    assert value_groups(rows, None, worth=worth_of(rows), smallest=11).empty
    without = value_groups(rows.drop(columns="plan"), None, worth=worth_of(rows), smallest=11)
    assert without.empty and "mean" in without


def test_a_division_into_postal_codes_tells_nothing() -> None:
    codes = {f"{place:05d}": 5 for place in range(100)} | {"big": 60, "next": 40}
    rows = plans(codes)
    assert value_groups(rows, None, worth=worth_of(rows), smallest=11).empty
    some = plans({"big": 60, "next": 40, **{f"{place:05d}": 5 for place in range(40)}})
    assert value_groups(some, None, worth=worth_of(some), smallest=11)["class"].tolist() == ["big", "next", OTHER]


def test_who_is_in_no_group_by_behaviour_is_told_as_that() -> None:
    rows = plans({"a": 60}).drop(columns="plan")
    members = rows.assign(cluster=["x"] * 30 + [None] * 30)
    got = value_groups(rows, members, worth=worth_of(rows), smallest=11)
    assert sorted(got["class"]) == ["in no group", "x"]
    assert value_groups(rows, members.assign(cluster=None), worth=worth_of(rows), smallest=11).empty


def test_who_has_no_value_is_in_no_class() -> None:
    rows = plans({"a": 30, "b": 20})
    worth = worth_of(rows)
    worth[0, :12] = np.nan
    got = value_groups(rows, None, worth=worth, smallest=11).set_index("class")
    assert got["customers"].to_dict() == {"b": 20, "a": 18}
