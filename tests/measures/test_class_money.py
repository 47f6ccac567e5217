"""What classes bring, by hand, and leads that are open."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.measures.class_money import class_revenue, open_leads, who_left

QUARTER = Quarter(2026, 3)


@pytest.fixture
def shares(engine):
    """Share of revenue by class: 40 of "a" who pay 10 a month each, 20 of "b" who pay 60, and one who left."""

    def made(masked: bool = False, month: str = "2026-08-01") -> pd.Series:
        names = ["a"] * 40 + ["b"] * 20 + ["b"]
        ids = [f"c{i:02d}" for i in range(61)]
        people = pd.DataFrame({"customer_id": ids, "x_class": names, "state": ["active"] * 60 + ["left"]})
        money = pd.DataFrame({"customer_id": ids, "month": month, "revenue": [10.0] * 40 + [60.0] * 21})
        classes = pd.DataFrame(
            {
                "place": [0, 1], "dimension": "x", "label": "X", "class": ["a", "b"], "closing": [40, 20],
                "share": [2 / 3, 1 / 3], "masked": masked,
            }
        )  # fmt: skip
        bills = engine.table(money).with_columns(nw.col("month").str.to_date(format="%Y-%m-%d"))
        got = class_revenue(engine.table(people), bills, classes, dimensions=["x"], quarter=QUARTER)
        return got.set_index("class")["revenue_share"]

    return made


def test_who_left_is_not_counted_and_shares_are_of_what_the_others_were_billed(shares):
    assert shares().to_dict() == {"a": 400 / 1600, "b": 1200 / 1600}


def test_a_class_whose_size_is_masked_has_no_share_of_revenue(shares):
    assert shares(masked=True).isna().all()


def test_without_a_bill_in_the_quarter_nothing_is_told(shares):
    assert shares(month="2026-06-01").isna().all()


def test_leads_are_open_until_they_become_customers(engine):
    day, later = pd.Timestamp("2026-09-30 23:59"), pd.Timestamp("2026-10-01")
    created = [day, day, day, later]
    leads = pd.DataFrame({"created_at": created, "converted_at": [None, day, later, None]})
    leads["converted_at"] = pd.to_datetime(leads["converted_at"])
    assert open_leads(engine.table(leads), as_of=dt.date(2026, 9, 30)) == 2


def test_who_left_is_counted_where_the_source_tells_it(engine):
    assert who_left(engine.table(pd.DataFrame({"state": ["active", "left", "left"]}))) == 2
    assert who_left(engine.table(pd.DataFrame({"state": ["unknown"]}))) is None
    assert who_left(engine.table(pd.DataFrame({"state": pd.Series(dtype=str)}))) is None
