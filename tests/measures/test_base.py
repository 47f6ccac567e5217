"""The base by hand, and the identity that closes it."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine, to_pandas
from analysis.measures.base import (
    movement,
    products_earlier,
    products_held,
    products_per_customer,
    published,
    states,
    told_apart,
)

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


@pytest.fixture
def holding(engine):
    """`holding(100, tv=80, voice=5)`: active customers, the first of whom hold each product; and one who left."""

    def made(active: int, **products: int):
        names = [f"c{i}" for i in range(active)]
        counts = [sum(i < holders for holders in products.values()) for i in range(active)]
        customers = {"customer_id": [*names, "x"], "state": ["active"] * active + ["left"], "products": [*counts, None]}
        held = [(names[i], name) for name, holders in products.items() for i in range(holders)]
        return engine.table(pd.DataFrame(customers)), engine.table(
            pd.DataFrame([*held, ("x", "tv")], columns=["customer_id", "product"])
        )

    return made


def test_states_are_counted(holding):
    assert states(holding(3, tv=1)[0]).to_dict() == {"active": 3, "suspended": 0, "left": 1}


def test_penetration_is_the_share_of_active_customers_whatever_the_product_is_called(holding):
    customers, held = holding(100, tv=80, iot=20)
    got = products_held(customers, held, smallest=11)
    assert got.values.tolist() == [["tv", 80, 0.8, False], ["iot", 20, 0.2, False]]
    assert products_per_customer(customers, got) == 1.0


def test_a_product_that_few_hold_or_few_lack_is_masked_and_no_other_with_it(holding):
    customers, held = holding(100, broadband=95, mobile=50, tv=5)
    got = products_held(customers, held, smallest=11).set_index("product")
    assert got["masked"].to_dict() == {"broadband": True, "mobile": False, "tv": True}
    assert got["share"].isna().to_dict() == got["masked"].to_dict()
    assert products_per_customer(customers, got) == 1.5


def test_the_average_is_not_told_where_it_would_give_one_masked_product_away(holding):
    customers, held = holding(100, broadband=80, tv=5)
    assert pd.isna(products_per_customer(customers, products_held(customers, held, smallest=11)))


def lines(engine: Engine, *held: tuple[int, str, str, str | None]):
    """(customer, product, start, end) of products held."""
    rows = pd.DataFrame(held, columns=["customer", "product", "start_date", "end_date"])
    days = {name: pd.to_datetime(rows[name]) for name in ("start_date", "end_date")}
    table = engine.table(rows.assign(customer_id=rows["customer"].map("c{:04d}".format), **days))
    return table.with_columns(nw.col(name).cast(nw.Date) for name in days)


def test_products_of_earlier_quarter_ends_are_those_held_then_by_who_was_there_then(spells, engine):
    there = [("2020-01-01", None)] * 20 + [("2020-01-01", "2024-06-30"), ("2024-07-01", None)]
    held = [(one, "tv", "2020-01-01", None) for one in range(21)]
    held += [(one, "Mobile", "2020-01-01", "2024-06-30") for one in range(5)]
    held += [(one, "mobile", "2024-06-01", None) for one in range(12)] + [(21, "tv", "2024-07-01", None)]
    people = {"subscriptions": lines(engine, *held), "customers": spells(("2020-01-01", None))}
    asked = {"seen_after": dt.date(2024, 3, 31), "smallest": 5}
    got = products_earlier(spells(*there), people, Q3, **asked)
    assert got == ((20 + 12) / 20, None)
    assert products_earlier(spells(*there), people, Quarter(2024, 2), **asked)[0] == (21 + 5) / 21
    bare = {"customers": people["customers"]}
    assert products_earlier(spells(*there), bare, Q3, **asked) == (None, None)


def test_a_product_that_everybody_holds_needs_no_mask(holding):
    assert not products_held(*holding(100, tv=100), smallest=11)["masked"].any()


def quarters(**columns: list[int]) -> pd.DataFrame:
    """Quarters with their rates, as `movement` gives them."""
    counts = pd.DataFrame(columns)
    exposed = counts["opening"] + counts["joiners"]
    closing = exposed - counts["leavers"]
    return counts.assign(
        closing=closing, churn_rate=counts["leavers"] / exposed, low=0.0, high=1.0, churn_of_opening=0.5
    )


def test_a_quarter_in_which_few_joined_or_left_tells_its_base_only():
    base = quarters(opening=[100, 120, 140, 100], joiners=[40, 30, 10, 0], leavers=[20, 10, 20, 20])
    got = published(base, smallest=11)
    assert got["joiners_masked"].tolist() == [False, True, True, False]
    hidden = got[got["joiners_masked"]]
    assert hidden[["joiners", "leavers", "churn_rate", "low", "high", "churn_of_opening"]].isna().all(axis=None)
    assert got["opening"].tolist() == [100, 120, 140, 100]
    assert not got[["opening_masked", "closing_masked"]].any(axis=None)
    assert got.loc[~got["joiners_masked"], "leavers"].tolist() == [20, 20]


def test_that_nobody_left_is_no_secret_nor_are_the_few_joiners_that_the_base_grew_by():
    got = published(quarters(opening=[290, 290], joiners=[10, 10], leavers=[0, 20]), smallest=11)
    assert got["churn_rate_masked"].tolist() == [False, True]
    assert got.loc[0, ["joiners", "leavers", "closing", "churn_rate"]].tolist() == [10, 0, 300, 0]


def test_a_base_that_few_stay_in_or_that_is_small_itself_is_not_told():
    got = published(quarters(opening=[30, 10], joiners=[0, 0], leavers=[25, 0]), smallest=11)
    assert got["churn_rate_masked"].tolist() == [True, True]
    assert got["closing"].isna().tolist() == [True, True]
    assert got["opening"].isna().tolist() == [False, True]


@pytest.mark.parametrize(("suspended", "told"), [(0, "active"), (1, "active"), (10, "active"), (11, "suspended")])
def test_few_suspended_lines_count_as_active(engine: Engine, suspended: int, told: str):
    rows = pd.DataFrame({"customer_id": range(40), "state": "active"})
    rows.loc[: suspended - 1, "state"] = "suspended"
    rows.loc[39, "state"] = "left"
    got = to_pandas(told_apart(engine.table(rows), smallest=11)).sort_values("customer_id")
    assert got["state"].iloc[0] == told
    assert got["state"].iloc[39] == "left"
