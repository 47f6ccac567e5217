"""What customers brought in a year, and simple rules, by hand on a provider of a few customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.frames.months import months
from analysis.frames.observation import Observation
from analysis.frames.spells import spells
from analysis.measures.margin import Costs
from analysis.models.growth import Sold
from analysis.models.value_then import Source, last_year, year_after

SEEN = Observation(dt.date(2025, 12, 31), dt.date(2023, 1, 1))
DAY = dt.date(2024, 12, 31)
COSTS = Costs({"default": 0.5}, per_month=2.0, per_contact=6.0)
GONE = dt.date(2025, 4, 1)


def table(engine: Engine, rows: list[dict], **kinds: nw.dtypes.DType) -> nw.LazyFrame:
    lazy = engine.table(pd.DataFrame(rows))
    return lazy.with_columns(nw.col(name).cast(kind) for name, kind in kinds.items())


@pytest.fixture
def source() -> Iterator[Source]:
    """Five customers with broadband for 20 a month; "e" left at the end of March 2025, who had rung up in February."""
    date, money = nw.Date, nw.Decimal(18, 4)
    with Engine() as engine:
        end = {"e": GONE}
        people = [
            {"customer_id": one, "account_id": one, "signup_date": dt.date(2022, 1, 1), "churn_date": end.get(one)}
            for one in "abcde"
        ]
        line = {"product": "broadband", "plan": "S", "discount": None, "discount_end_date": None}
        lines = [
            {"subscription_id": one, "customer_id": one, "account_id": one, "monthly_fee": 20.0 + 10 * (one == "a"),
             "start_date": dt.date(2022, 1, 1), "end_date": end.get(one), **line}
            for one in "abcde"
        ]  # fmt: skip
        calls = [
            {"customer_id": "e", "opened_at": pd.Timestamp("2025-02-03"), "cost": 4.0},
            {"customer_id": "a", "opened_at": pd.Timestamp("2024-11-03"), "cost": None},
        ]
        dates = dict.fromkeys(("discount_end_date", "start_date", "end_date"), date)
        accounts = table(engine, people, signup_date=date, churn_date=date)
        tables = {
            "customers": accounts.with_columns(churn_kind=nw.lit(None).cast(nw.String)),
            "subscriptions": table(engine, lines, monthly_fee=money, discount=money, **dates),
            "tickets": table(engine, calls, cost=money),
        }
        spell = engine.table(spells(tables, SEEN))
        monthly = engine.table(months(spell, tables, SEEN))
        nothing = tables["customers"].filter(nw.col("customer_id").is_null())
        text, number = nw.col("account_id"), nw.lit(0).cast(nw.Int64)
        rows = nothing.select(
            "customer_id", landmark=nw.col("signup_date"), basket=number, technology=text, customer_type=text,
            offered=number, added=number,
        )  # fmt: skip
        steps = nothing.select(
            "customer_id", landmark=nw.col("signup_date"), product=text, plan=text, customer_type=text, upgraded=number,
            gain=nw.lit(0.0),
        )  # fmt: skip
        yield Source(monthly, spell, tables, SEEN, COSTS, Sold(rows, steps, []), 0.0)


def foretold(**hazards: float) -> pd.DataFrame:
    columns = {f"survival_{month:02d}": np.exp(-np.array(list(hazards.values())) * month) for month in range(1, 13)}
    return pd.DataFrame({"customer_id": list(hazards), "landmark": pd.Timestamp(DAY)} | columns)


def test_what_was_received_ends_with_leaving_and_counts_products_own_costs_and_service(source):
    got = year_after(source, foretold(a=0.0, b=0.0, e=0.0), day=DAY).set_index("customer_id")["received"]
    assert got["a"] == pytest.approx(12 * (30 * 0.5 - 2))
    assert got["b"] == pytest.approx(12 * (20 * 0.5 - 2))
    assert got["e"] == pytest.approx(3 * (20 * 0.5 - 2) - 4)


def test_money_is_worth_less_the_later_it_comes(source):
    got = year_after(source._replace(discount_rate=0.44), foretold(b=0.0), day=DAY)["received"].item()
    assert got == pytest.approx(8 * sum(1.44 ** (-month / 12) for month in range(1, 13)))


def test_the_model_is_survival_times_what_was_charged_then(source):
    got = year_after(source, foretold(b=0.1), day=DAY)["model"].item()
    contacts = 6 / (12 * 5)  # one call in the sixty customer-months of the year before
    assert got == pytest.approx((10 - 2 - contacts) * sum(np.exp(-0.1 * month) for month in range(1, 13)))


def test_nothing_that_came_later_changes_what_was_expected_then(source):
    later = source.tables["tickets"].with_columns(
        cost=nw.when(nw.col("customer_id") == "e").then(999.0).otherwise(nw.col("cost"))
    )
    changed = source._replace(tables=source.tables | {"tickets": later})
    columns = ["model", "average_life", "last_year", "rfm"]
    one, other = (year_after(each, foretold(a=0.0, b=0.1), day=DAY) for each in (source, changed))
    pd.testing.assert_frame_equal(one[columns], other[columns])


def test_the_rules_by_hand(source):
    got = year_after(source, foretold(a=0.0, b=0.0), day=DAY).set_index("customer_id")
    assert got.loc["b", "last_year"] == pytest.approx(12 * 8)
    assert got.loc["a", "last_year"] == pytest.approx(12 * 13 - 6)  # less the call in November
    quarter = (4 * 8 * 3 + 13 * 3 - 6) / 15
    assert got["average_life"].tolist() == pytest.approx([quarter * 12] * 2)  # nobody had left by then
    # Five customers are too few for a fifth of their own: all brought the same on average.
    assert got["rfm"].tolist() == pytest.approx([(4 * 12 * 8 + 12 * 13 - 6) / 5] * 2)


def test_without_two_years_of_history_the_rule_by_rfm_is_not_told(source):
    young = source._replace(observation=Observation(SEEN.as_of, dt.date(2024, 1, 1)))
    assert year_after(young, foretold(a=0.0), day=DAY)["rfm"].isna().all()


def test_no_row_where_nothing_was_foretold_a_year_ago_or_nothing_was_billed(source):
    assert len(last_year(source, foretold(a=0.0))) == 1
    assert last_year(source, foretold(a=0.0).assign(landmark=pd.Timestamp("2025-09-30"))).empty
    unbilled = source._replace(months=source.months.with_columns(revenue=nw.lit(None).cast(nw.Float64)))
    assert last_year(unbilled, foretold(a=0.0)).empty
