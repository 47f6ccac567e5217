"""The base by hand, and the identity that closes it."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.basis.quarter import Quarter
from analysis.measures.base import movement, products_held, states

Q2, Q3 = Quarter(2024, 2), Quarter(2024, 3)
EVE = dt.date(2023, 12, 31)


def test_opening_joiners_leavers_and_closing_of_a_quarter(spells):
    table = spells(
        ("2020-01-01", None), ("2020-01-01", "2024-07-01"), ("2020-01-01", "2024-06-30"), ("2024-07-01", None),
        ("2024-09-30", None), ("2024-10-01", None), ("2024-08-01", "2024-08-01"), ("2020-01-01", "2024-09-30"),
    )  # fmt: skip
    got = movement(table, [Q3], seen_after=EVE).iloc[0]
    assert (got["opening"], got["joiners"], got["leavers"], got["closing"]) == (3, 3, 3, 3)
    assert got["churn_rate"] == 3 / 6
    assert got["churn_of_opening"] == 3 / 3


def test_the_churn_rate_has_wilsons_interval(spells):
    got = movement(
        spells(*[("2020-01-01", None)] * 90, *[("2020-01-01", "2024-07-15")] * 10), [Q3], seen_after=EVE
    ).iloc[0]
    assert (got["low"], got["high"]) == (pytest.approx(0.0552, abs=1e-4), pytest.approx(0.1744, abs=1e-4))


def test_a_quarter_without_anybody_has_no_rate(spells):
    got = movement(spells(("2025-01-01", None)), [Q3], seen_after=EVE).iloc[0]
    assert (got["opening"], got["closing"]) == (0, 0)
    assert pd.isna(got["churn_rate"]) and pd.isna(got["low"])


DAYS = st.integers(0, 400).map(lambda n: (dt.date(2023, 12, 1) + dt.timedelta(days=n)).isoformat())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(lives=st.lists(st.tuples(DAYS, DAYS | st.none()), min_size=1, max_size=40))
def test_closing_is_opening_plus_joiners_less_leavers_and_the_next_opening(spells, lives):
    ordered = [(start, max(start, end) if end else None) for start, end in lives]
    got = movement(spells(*ordered), [Q2, Q3], seen_after=EVE)
    assert (got["closing"] == got["opening"] + got["joiners"] - got["leavers"]).all()
    assert got["closing"].iloc[0] == got["opening"].iloc[1]


def test_states_and_products_count_active_customers_only(engine):
    states_of = ["active"] * 30 + ["suspended", "left"]
    data = {"state": states_of, "has_tv": [1] * 12 + [0] * 18 + [1, None], "has_voice": [0] * 31 + [None]}
    customers = engine.table(pd.DataFrame(data))
    assert states(customers).to_dict() == {"active": 30, "suspended": 1, "left": 1}
    got = products_held(customers, ("tv", "voice", "cloud"), smallest=11)
    assert got[["product", "customers", "share"]].values.tolist() == [["tv", 12, 12 / 30]]


def test_a_product_that_few_hold_or_few_lack_is_masked(engine):
    customers = engine.table(
        pd.DataFrame({"state": ["active"] * 100, "has_tv": [1] * 95 + [0] * 5, "has_voice": [1] * 40 + [0] * 60})
    )
    got = products_held(customers, ("tv", "voice"), smallest=11).set_index("product")
    assert got.loc["tv", "masked"]
    assert pd.isna(got.loc["tv", "share"])
