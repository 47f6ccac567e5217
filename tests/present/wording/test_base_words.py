"""Sentences of the base chapter."""

from __future__ import annotations

import pandas as pd

from analysis.measures.base import published
from analysis.present.wording import base, churn

QUARTERS = pd.DataFrame(
    {
        "quarter": ["2026-Q2", "2026-Q3"],
        "opening": [1000, 980],
        "joiners": [30, 60],
        "leavers": [50, 40],
        "closing": [980, 1000],
        "churn_rate": [50 / 1030, 40 / 1040],
        "low": [0.037, 0.028],
        "high": [0.063, 0.052],
    }
)


def test_where_nobody_can_be_followed_no_quarter_is_said_to_have_had_no_customers():
    nobody = QUARTERS.assign(opening=0, joiners=0, leavers=0, closing=0)
    assert base.base_rows(nobody)[["opening", "joiners", "leavers", "closing"]].isna().all(axis=None)
    assert base.base_table_words(nobody)["finding"] == "The base in 2 quarters is not known: nobody can be followed"
    first = QUARTERS.assign(opening=[0, 30], joiners=[30, 60], leavers=0)
    assert base.base_rows(first)["opening"].tolist() == [0, 30]
    assert base.base_table_words(first)["finding"] == "The base in 2 quarters"


def test_growth_and_loss_are_told_with_their_size():
    assert base.bottom_line(QUARTERS) == "The base grew by 20 to 1,000 customers in Q3 2026: 60 joined, 40 left."
    assert base.bottom_line(QUARTERS.head(1)).startswith("The base shrank by 20 to 980 customers")
    assert base.bottom_line(QUARTERS.tail(1).assign(closing=980)).startswith("The base stayed at 980")
    assert base.bottom_line(QUARTERS.head(0)) == "No quarter was observed whole."


def test_a_base_nobody_can_be_followed_in_is_no_base_of_zero():
    nobody = QUARTERS.tail(1).assign(opening=0, joiners=0, leavers=0, closing=0)
    assert base.bottom_line(nobody) == "Nobody can be followed: the data chapter says why."


def test_the_flow_chart_says_how_often_the_base_shrank():
    assert base.flow_words(QUARTERS)["finding"] == "The base shrank in 1 of 2 quarters"
    assert base.flow_words(QUARTERS.tail(1))["finding"] == "60 joined, 40 left in Q3 2026"
    assert (
        base.flow_words(pd.concat([QUARTERS.tail(1)] * 2))["finding"] == "The base did not shrink in any of 2 quarters"
    )


def test_few_joiners_or_leavers_are_not_told():
    few = published(QUARTERS.assign(leavers=[50, 9], closing=[980, 1031], churn_of_opening=0.1), smallest=11)
    last = few.tail(1)
    assert base.bottom_line(few) == (
        "The base grew by 51 to 1,031 customers in Q3 2026; too few joined, left or stayed to say how many."
    )
    assert base.flow_words(last)["finding"] == "Too few joined, left or stayed to say how many in Q3 2026"
    assert base.flow_words(few)["finding"] == "The base shrank in 1 of 2 quarters"
    assert base.churn_words(last)["finding"] == "No churn rate can be given: too few leave in a quarter"
    assert churn.bottom_line(few, pd.DataFrame()) == "Too few left or stayed in Q3 2026 to give a churn rate."


def test_a_base_of_few_is_not_told():
    few = QUARTERS.tail(1).assign(opening=9, joiners=0, leavers=0, closing=9, churn_of_opening=0.0)
    assert base.bottom_line(published(few, smallest=11)) == "The base is too small to be told in Q3 2026."


def test_churn_is_told_beside_the_quarter_before():
    got = base.churn_words(QUARTERS)
    assert got["finding"] == "3.8 % left in Q3 2026, not clearly different from 4.9 % the quarter before"
    more = base.churn_words(QUARTERS.assign(opening=[10000, 9800]))["finding"]
    assert more == "3.8 % left in Q3 2026, down from 4.9 % the quarter before"
    assert base.churn_words(QUARTERS.assign(churn_rate=[None, 0.04]))["finding"] == "4.0 % left in Q3 2026"
    assert "2.8 to 5.2 %" in got["alt"]


def test_arpu_is_told_with_its_change():
    arpu = pd.DataFrame({"quarter": ["2026-Q2", "2026-Q3"], "arpu": [62.5, 63.71], "low": [61, 62], "high": [64, 65]})
    got = base.arpu_words(arpu, currency="EUR")["finding"]
    assert got == "A customer brought €63.71 a month in Q3 2026 (+€1.21 on the quarter before)"
    same = base.arpu_words(arpu.assign(arpu=62.5), currency="EUR")["finding"]
    assert same.endswith(", as in the quarter before")
    assert "ARPU (revenue per customer and month)" in base.arpu_words(arpu, currency="EUR")["subtitle"]
    assert base.arpu_words(arpu.head(0), currency="EUR")["finding"].startswith("ARPU cannot be given")


def test_products_are_named_as_a_reader_writes_them():
    held = pd.DataFrame({"product": ["tv", "smart_home"], "customers": [80, 20], "share": [0.8, 0.2]})
    got = base.product_words(held, per_customer=1.0)
    assert got["finding"] == "80 % hold TV; a customer holds 1.00 products on average"
    assert "smart home 20.0 %" in got["alt"]


def sizes(*rows: tuple) -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["dimension", "class", "closing", "share"])
    return data.assign(label=data["dimension"].str.capitalize(), masked=False)


def test_the_largest_classes_are_named_and_classes_of_all_are_not():
    got = base.class_words(sizes(("area", "urban", 100, 1.0), ("usage", "heavy", 70, 0.7), ("usage", "light", 30, 0.3)))
    assert got["finding"] == "Largest classes: 70 % usage “heavy”"


def test_classes_that_have_no_room_in_the_table_are_told():
    regions = sizes(*[("region", f"r{i}", 100, 0.05) for i in range(11)])
    got = base.class_table_words(regions, smallest=11)["subtitle"]
    assert got.endswith("; of a dimension with more, the 10 largest classes are shown")
    assert "largest" not in base.class_table_words(regions.head(10), smallest=11)["subtitle"]
    nobody = base.class_table_words(regions.head(0), smallest=11)["finding"]
    assert nobody == "No customer can be shown in a class"


def test_what_the_source_does_not_support_is_told_apart_from_single_gaps():
    rows = sizes(("area", "not available", 100, 1.0), ("usage", "heavy", 70, 0.7), ("usage", "not available", 30, 0.3))
    assert base.unsupported(rows) == (
        "The source does not support a class by area. Customers without a class: usage (30)."
    )
    assert base.unsupported(sizes(("area", "urban", 9, 1.0))).startswith("Every customer has a class")
    assert base.unsupported(sizes()) == "There is no customer at quarter end."


def test_a_masked_class_is_told_apart_from_one_the_source_does_not_give():
    hidden = sizes(("usage", "heavy", 9, 0.3), ("usage", "not available", 5, 0.2), ("area", "not available", 14, 1.0))
    hidden = hidden.assign(masked=True, closing=None, share=None)
    assert base.class_words(hidden)["finding"] == "Every class is too small to be shown"
    assert base.class_words(sizes(("area", "not available", 14, 1.0)))["finding"] == "The source supports no class"
    assert base.unsupported(hidden) == (
        "The source does not support a class by area. Customers without a class: usage (masked)."
    )


def test_steps_of_tenure_that_are_masked_are_named_neighbours_together():
    bins = pd.DataFrame({"low": [0.0, 6.0, 12.0, 18.0], "high": [6.0, 12.0, 18.0, None]})
    bins = bins.assign(customers=[None, None, 40, None], masked=[True, True, False, True])
    got = base.tenure_words(bins, 14.0)["subtitle"]
    assert got.endswith("; masked, to protect small groups: 0 to 12 and 18 and more months")
    assert "masked" not in base.tenure_words(bins.assign(masked=False), 14.0)["subtitle"]


def test_revenue_says_what_it_is_computed_from():
    assert "invoices" in base.revenue_basis(["invoices", "subscriptions"])
    assert base.revenue_basis(["subscriptions"]).startswith(
        "The source gives no invoices: revenue is computed from the fees"
    )
    assert base.revenue_basis([]).endswith("revenue is not known.")
