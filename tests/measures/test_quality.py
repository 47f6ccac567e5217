"""Completeness and the totals of the second door, by hand."""

from __future__ import annotations

import pandas as pd

from analysis.measures.quality import completeness, door_totals, held_after_leaving, without_a_spell


def test_a_column_is_filled_in_the_share_of_rows_that_have_it(engine):
    network = engine.table(pd.DataFrame({"area_id": ["x", "y", "z", "w"], "latency_ms": [1.0, None, None, None]}))
    got = completeness({"network": network}, supplied={"network": ["area_id", "latency_ms"]}).set_index("column")
    assert got.loc["area_id", "filled"] == 1
    assert got.loc["latency_ms", "filled"] == 0.25
    assert pd.isna(got.loc["outage_minutes", "filled"])
    assert set(got["rows"]) == {4}


def test_door_totals_add_up_over_tables():
    doors = pd.DataFrame(
        {
            "table": ["a", "b"],
            "selected": [10, 5],
            "accepted": [7, 5],
            "set_aside": [1, 0],
            "duplicates": [2, 0],
            "later": [0, 0],
        }
    )
    got = door_totals(doors)
    assert got.to_dict() == {"selected": 15, "accepted": 12, "set_aside": 1, "duplicates": 2, "later": 0}


def test_customers_without_a_spell_are_counted_once(engine):
    customers = engine.table(pd.DataFrame({"customer_id": ["a", "a", "b", "b", "c"]}))
    assert without_a_spell(customers, engine.table(pd.DataFrame({"customer_id": ["a"]}))) == 2


def test_who_has_a_churn_date_and_still_holds_a_product_is_counted(engine):
    day = pd.to_datetime(["2024-01-01", "2024-01-01", None])
    customers = pd.DataFrame({"customer_id": ["a", "b", "c"], "account_id": ["a", "b", "c"], "churn_date": day})
    spells = pd.DataFrame({"customer_id": ["a", "b", "c"], "end": pd.to_datetime([None, "2024-01-01", None])})
    assert held_after_leaving(engine.table(customers), engine.table(spells)) == 1
