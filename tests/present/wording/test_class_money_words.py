"""Sentences about what the classes bring, and the table of stages."""

from __future__ import annotations

import pandas as pd

from analysis.measures.class_rules import Dimension
from analysis.present.wording import class_money

STAGE = Dimension("lifecycle", "Stage", order=("new", "mature", "churned"), focus={"new": "Welcome them."})
RULES = {"lifecycle": STAGE}


def shares(*rows: tuple, dimension: str = "rfm") -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["class", "closing", "share", "revenue_share"])
    return data.assign(dimension=dimension, label=dimension.capitalize(), masked=data["share"].isna())


GROUPS = shares(("core active", 20, 0.2, 0.45), ("dormant", 80, 0.8, 0.55))


def test_the_class_that_brings_most_beyond_its_size_is_the_title():
    got = class_money.money_words(GROUPS)
    assert got["finding"] == "Rfm “core active”: 20 % of the customers bring 45 % of the revenue"
    assert got["alt"].endswith("core active 20.0 % and 45.0 % and dormant 80.0 % and 55.0 %.")
    nothing = class_money.money_words(GROUPS.assign(revenue_share=None))
    assert nothing["finding"] == "What the classes bring cannot be told"
    assert class_money.money_words(GROUPS.head(0))["finding"] == "What the classes bring cannot be told"


def test_the_table_says_which_class_brings_least_for_its_number():
    got = class_money.money_table_words(GROUPS)["finding"]
    assert got == "Rfm “dormant”: 80 % of the customers bring only 55 % of the revenue"
    even = GROUPS.assign(revenue_share=GROUPS["share"])
    assert class_money.money_table_words(even)["finding"] == "What the classes bring"


def test_each_dimension_has_a_bar_of_customers_above_one_of_revenue():
    got = class_money.money_rows(GROUPS)
    assert got["bar"].unique().tolist() == ["Rfm", "Rfm: revenue"]
    assert got["part"].tolist() == [0.2, 0.8, 0.45, 0.55]


def test_stages_stand_in_their_order_between_leads_and_leavers():
    money = shares(("mature", 90, 0.9, 0.95), ("new", 10, 0.1, 0.05), dimension="lifecycle")
    got = class_money.stage_rows(money, RULES, leads=30, left=12, smallest=11)
    assert got["stage"].tolist() == ["potential", "new", "mature", "churned"]
    assert got["customers"].tolist()[2:] == [90, 12]
    assert got["masked"].tolist() == [False, True, False, False]
    assert got["share"].isna().tolist() == [True, False, False, True]
    assert got["focus"].tolist() == ["–", "Welcome them.", "–", "–"]
    assert class_money.stage_words(got)["finding"] == "90 % of the customers are “mature”"


def test_few_leads_and_few_leavers_are_not_told():
    money = shares(("mature", 90, 0.9, 0.95), dimension="lifecycle")
    got = class_money.stage_rows(money, RULES, leads=3, left=10, smallest=11).set_index("stage")
    assert got.loc[["potential", "churned"], "customers"].isna().all()
    assert got.loc[["potential", "churned"], "masked"].all()
    assert "fewer than 11 leads" in class_money.leads_note(3, smallest=11)


def test_a_source_without_leads_says_so():
    assert class_money.leads_note(None, smallest=11) == "The source gives no leads: potential customers are not known."
    assert class_money.leads_note(4_321, smallest=11).startswith("Potential customers: 4,321 leads were open")
    assert class_money.stage_words(pd.DataFrame({"stage": [], "share": []}))["finding"].startswith("Life-cycle stages")
