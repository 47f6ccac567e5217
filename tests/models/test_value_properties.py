"""What holds of value whatever the customers: more margin and a longer stay are worth more, parts make the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.models.test_value import margins, outlook

from analysis.measures.value_shares import class_values, value_tenths
from analysis.models.value import customer_value

HAZARD = st.floats(0.0, 0.5)
FEE = st.floats(0.0, 200.0)


def value(fee: float, hazard: float, *, cost: float = 0.0, rate: float = 0.08) -> float:
    margin = margins({"a": fee, "z": 1.0}, figures={"service_cost": (cost, np.nan)})
    return float(customer_value(margin, outlook({"a": hazard}), discount_rate=rate).customers["clv"].item())


@settings(deadline=None, max_examples=60)
@given(FEE, FEE, HAZARD, st.floats(0, 20))
def test_value_rises_with_the_margin(fee: float, more: float, hazard: float, cost: float) -> None:
    assert value(fee + more, hazard, cost=cost) >= value(fee, hazard, cost=cost) - 1e-9


@settings(deadline=None, max_examples=60)
@given(FEE, HAZARD, HAZARD)
def test_value_rises_with_survival_where_a_month_brings_something(fee: float, hazard: float, less: float) -> None:
    assert value(fee, hazard) >= value(fee, hazard + less) - 1e-9


@settings(deadline=None, max_examples=60)
@given(FEE, HAZARD, st.floats(0, 1), st.floats(0, 1))
def test_value_falls_with_the_discount_rate(fee: float, hazard: float, rate: float, more: float) -> None:
    assert value(fee, hazard, rate=rate) >= value(fee, hazard, rate=min(rate + more, 1.0)) - 1e-9


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0.01, 1000)), min_size=10, max_size=120))
def test_shares_of_classes_and_of_tenths_sum_to_one(pairs: list[tuple[str, float]]) -> None:
    worth = np.array([[amount for _, amount in pairs]])
    rows = pd.DataFrame({"customer_id": [f"C{place:03d}" for place in range(len(pairs))]})
    rows = rows.assign(**{"contract" + "_class": [name for name, _ in pairs]})
    open_to_all = pd.DataFrame({"dimension": ["contract"], "label": ["Contract"], "class": [""], "masked": [False]})
    got = class_values(rows, open_to_all, dimensions=["contract"], worth=worth, smallest=5)
    if not got["masked"].any():
        assert got[["share", "customer_share"]].sum().tolist() == pytest.approx([1, 1])
    tenths = value_tenths(rows["customer_id"], worth=worth)
    assert tenths["share"].sum() == pytest.approx(1)
    assert tenths["mean"].is_monotonic_decreasing
