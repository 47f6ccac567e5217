"""Themes counted by period and region: shares add up, changes are tested, small groups are masked."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.measures.theme_figures import theme_shares, themes_by_region

NAMES = ["speed", "bill", "no theme"]


def of(engine, *groups):
    """Tickets in groups of (period, region, theme, how many), each of a caller of its own."""
    rows = [(period, region, theme) for period, region, theme, n in groups for _ in range(n)]
    data = pd.DataFrame(rows, columns=["period", "region", "theme"])
    callers = [f"c{i}" for i in data.index]
    return engine.table(data.assign(caller=callers, person=callers))


def test_a_theme_that_only_unknown_callers_have_may_be_of_one_person_and_is_hidden(engine):
    rows = of(engine, ("now", "N", "speed", 60), ("now", "S", "speed", 40), ("now", "N", "bill", 24))
    one = rows.with_columns(
        person=nw.when(nw.col("theme") == "bill").then(nw.lit("unknown")).otherwise(nw.col("caller"))
    )
    assert theme_shares(rows, NAMES[:2], smallest=11)["masked"].tolist() == [False, False]
    assert theme_shares(one, NAMES[:2], smallest=11).set_index("theme").at["bill", "masked"]
    assert themes_by_region(one, NAMES[:2], smallest=11).set_index("region").at["N", "bill_masked"]


def test_shares_are_of_all_tickets_with_a_text_and_a_clear_change_is_told(engine):
    rows = of(engine, ("now", "N", "speed", 60), ("now", "N", "bill", 20), ("now", "N", "no theme", 20),
              ("before", "N", "speed", 20), ("before", "N", "bill", 60), ("before", "N", "no theme", 20))  # fmt: skip
    got = theme_shares(rows, NAMES, smallest=11).set_index("theme")
    assert got["share"].to_dict() == pytest.approx({"speed": 0.6, "bill": 0.2, "no theme": 0.2})
    assert got["previous"].to_dict() == pytest.approx({"speed": 0.2, "bill": 0.6, "no theme": 0.2})
    assert got["moved"].to_dict() == {"speed": True, "bill": True, "no theme": False}
    assert got["tickets"].tolist() == [60, 20, 20]


def test_a_theme_of_few_customers_is_hidden_and_another_with_it(engine):
    rows = of(engine, ("now", "N", "speed", 60), ("now", "N", "bill", 5), ("now", "N", "no theme", 20))
    got = theme_shares(rows, NAMES, smallest=11).set_index("theme")
    assert got["masked"].to_dict() == {"speed": False, "bill": True, "no theme": True}
    assert np.isnan(got.at["bill", "tickets"])
    assert got["previous"].isna().all()


def test_no_count_by_region_can_be_worked_out_that_is_too_small(engine):
    rows = of(engine, ("now", "N", "speed", 60), ("now", "N", "bill", 30), ("now", "S", "speed", 40),
              ("now", "S", "bill", 3), ("now", "W", "speed", 30), ("now", "W", "bill", 25))  # fmt: skip
    got = themes_by_region(rows, NAMES[:2], smallest=11).set_index("region")
    assert got.index.tolist() == ["N", "W", "S"]
    hidden = got[["speed_masked", "bill_masked"]]
    assert hidden.loc["S"].tolist() == [True, True]
    assert (hidden.sum() >= 2).all()
    assert (hidden.sum(axis=1) != 1).all()
    assert got.at["N", "tickets"] == 90


def test_one_region_alone_or_none_makes_no_table(engine):
    assert themes_by_region(of(engine, ("now", "N", "speed", 60)), NAMES, smallest=11).empty
    assert themes_by_region(of(engine, ("now", None, "speed", 60)), NAMES, smallest=11).empty
    assert themes_by_region(None, NAMES, smallest=11).empty
    assert theme_shares(None, [], smallest=11).empty
