"""What became of former customers and leads of a list, by hand; and how it is told without telling the few."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.policy.review_others import BACK, WON, Group, Lists, others
from analysis.policy.review_study import Since
from analysis.present.wording.review_others import others_told

BEFORE = Quarter(2026, 2)


@pytest.fixture
def since(engine) -> Since:
    keys = pd.DataFrame({"account_id": ["A", "B", "C", "D"], "customer_id": ["A", "B", "C", "D2"]})
    day = pd.to_datetime(["2026-07-01 09:00", "2026-10-01 09:00", None, "2026-06-30 23:00"])
    leads = pd.DataFrame({"lead_id": ["L1", "L2", "L3", "L4"], "converted_at": day})
    tables = {"customers": engine.table(keys), "leads": engine.table(leads)}
    return Since(engine.table(keys), tables, engine, 100.0)


def spells(engine) -> nw.LazyFrame:
    begun = pd.DataFrame(
        {"customer_id": ["A", "B", "C", "D2"], "start": ["2026-07-01", "2026-06-30", "2026-10-01", "2026-09-30"]}
    )
    return engine.table(begun).with_columns(nw.col("start").str.to_datetime(format="%Y-%m-%d").dt.date())


def test_who_came_back_within_the_quarter_counts_under_the_key_held_now(engine, since):
    former = pd.DataFrame(
        {"customer_id": ["A", "B", "C", "D"], "arm": ["act", "act", "control", "control"], "cost": [6.0, 6.0, 6.0, 6.0]}
    )
    assert others(Lists(former, None), since, spells(engine), before=BEFORE) == [Group(BACK, 2, 2, 12.0, 1, 1)]


def test_leads_count_that_became_customers_within_the_quarter_and_were_on_the_list(engine, since):
    leads = pd.DataFrame(
        {"lead_id": ["L1", "L2", "L3", "L4"], "arm": ["act", "control", "act", None], "cost": [38.0] * 4}
    )
    assert others(Lists(None, leads), since, spells(engine), before=BEFORE) == [Group(WON, 2, 1, 76.0, 1, 0)]
    bare = since._replace(tables={"customers": since.tables["customers"]})
    assert others(Lists(None, leads), bare, spells(engine), before=BEFORE)[0].came is None
    assert others(Lists(None, leads.assign(arm=None)), since, spells(engine), before=BEFORE) == []
    assert others(Lists(None, None), since, spells(engine), before=BEFORE) == []


def told(one: Group) -> str:
    (said,) = others_told([one], currency="EUR", smallest=11)
    return said.replace("\u00a0", " ")


def test_few_are_not_told():
    assert told(Group(BACK, 252, 18, 1_512.0, 12, 1)) == (
        "252 former customers were to be asked back, at a cost of €1,512, beside 18 former customers held out by lot: "
        "too few of them came back within the quarter, or did not, to tell what that did."
    )
    few = told(Group(WON, 7, 4, 266.0, 2, 0))
    assert few.startswith("Fewer than 11 leads were to be called, beside fewer than 11 leads held out by lot")
    assert "266" not in few


def test_the_two_arms_are_compared_where_enough_are_in_both():
    got = told(Group(WON, 1_000, 1_000, 38_000.0, 200, 100))
    assert "20.0 % of those became customers within the quarter and 10.0 % of those held out, 10.0 % more (" in got
    assert got.endswith("%).")
    assert told(Group(WON, 1_000, 1_000, 38_000.0, 105, 100)).endswith("which may be chance.")
    assert "cannot be told apart" in told(Group(WON, 1_000, 0, 38_000.0, 105, 0))
    assert "is not on record" in told(Group(WON, 1_000, 100, 38_000.0, None, None))
