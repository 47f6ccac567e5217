"""Complaints against their limits by hand, open ones by grade, and the few causes of most."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.engine import to_pandas
from analysis.frames.desk import ServiceRules
from analysis.measures.complaints import by_grade, complaints, in_time_by_period, open_complaints, waiting_in_all
from analysis.measures.root_causes import hidden_alike, hidden_complaints, root_causes

RULES = ServiceRules(severities={"high": ("high",), "low": ("low",)}, limit_hours={"high": 24.0})
COLUMNS = {
    "ticket_id": "", "customer_id": "", "caller": "", "period": "now",
    "grade": "high", "limit": 24.0, "state": "closed",
    "hours": np.nan, "hours_open": np.nan, "age_hours": 1000.0, "complaint": 1, "category": "billing", "cost": 5.0,
    "severity": "high", "repeated": 0, "opened_on": pd.Timestamp("2024-05-01"),
}  # fmt: skip


@pytest.fixture
def made(engine):
    """`made(dict(hours=3.0), …)`: contacts of customers of their own, ready for `complaints`."""

    def table(*rows):
        named = [
            COLUMNS | {"ticket_id": f"t{i:04d}", "customer_id": f"c{i:04d}", "caller": f"c{i:04d}"} | row
            for i, row in enumerate(rows)
        ]
        return engine.table(complaints(engine.table(pd.DataFrame(named))))

    return table


def share(rows):
    found = in_time_by_period(rows)
    row = found[found["ratio"] == "in_time"].iloc[0]
    return row["top"], row["bottom"]


def test_a_complaint_closed_to_the_minute_is_in_time_and_one_minute_later_is_not(made):
    assert share(made({"hours": 24.0}, {"hours": 24.0 + 1 / 60})) == (1, 2)


def test_what_is_open_beyond_its_limit_is_not_in_time(made):
    assert share(made({"hours": 3.0}, {"state": "open", "hours_open": 1000.0})) == (1, 2)


def test_a_complaint_is_judged_only_when_its_limit_has_run_out(made):
    new = {"age_hours": 10.0}
    assert share(made({"hours": 30.0}, {"hours": 2.0} | new, {"state": "open", "hours_open": 10.0} | new)) == (0, 1)


def test_without_a_limit_or_a_day_of_closing_nothing_is_judged(made):
    assert share(made({"hours": 3.0, "grade": "low", "limit": np.nan}, {"hours": np.nan})) == (0, 0)


def test_contacts_that_are_no_complaints_are_left_out(made):
    assert to_pandas(made({"complaint": 0}, {"complaint": 1}))["ticket_id"].tolist() == ["t0001"]


def waiting(grade, hours, n, **more):
    return [{"state": "open", "hours_open": hours, "grade": grade, **more}] * n


def test_open_and_overdue_are_counted_by_grade_whenever_they_were_opened(made):
    rows = made(
        *waiting("high", 30.0, 12), *waiting("high", 3.0, 13, period=None), *waiting("low", 9.0, 20, limit=np.nan)
    )
    got = by_grade(rows, RULES, smallest=11).set_index("grade")
    assert got[["open", "complaints"]].to_numpy().tolist() == [[25, 12], [20, 20]]
    assert got.at["high", "overdue"] == 12
    assert np.isnan(got.at["low", "overdue"])  # without a limit nothing is overdue
    assert got.at["low", "median_hours"] == 9
    assert waiting_in_all(rows)["open"] == 45


def test_few_open_complaints_of_a_grade_are_hidden(made):
    rows = made(*waiting("high", 30.0, 3), *waiting("low", 9.0, 30, limit=np.nan))
    got = by_grade(rows, RULES, smallest=11).set_index("grade")
    assert got.loc["high", ["open_masked", "overdue_masked", "median_hours_masked"]].all()
    assert np.isnan(got.at["high", "open"])


def test_where_few_are_open_and_not_overdue_the_overdue_are_hidden(made):
    rows = made(*waiting("high", 30.0, 20), *waiting("high", 3.0, 4))
    got = by_grade(rows, RULES, smallest=11).set_index("grade")
    assert got.at["high", "open"] == 24
    assert got.at["high", "overdue_masked"]


def test_open_complaints_of_known_customers_are_told_one_by_one(made):
    rows = made(*waiting("high", 30.0, 1), *waiting("high", 3.0, 1, customer_id=None), {"hours": 2.0})
    got = to_pandas(open_complaints(rows))
    assert got[["customer_id", "ticket_id", "grade", "hours_open", "overdue"]].to_numpy().tolist() == [
        ["c0000", "t0000", "high", 30.0, 1]
    ]


def causes(made, **sizes):
    rows = [{"category": name, "hours": 1.0, "cost": cost} for name, (n, cost) in sizes.items() for _ in range(n)]
    return root_causes(made(*rows), smallest=11)


def test_the_vital_few_are_those_that_reach_eighty_per_cent_together(made):
    got = causes(made, billing=(50, 1.0), outage=(30, 1.0), device=(20, 8.0))
    assert got["category"].tolist() == ["billing", "outage", "device"]
    assert got["vital"].tolist() == [True, True, False]
    assert got["cumulated"].tolist() == pytest.approx([0.5, 0.8, 1.0])
    assert got["cost_share"].tolist() == pytest.approx([50 / 240, 30 / 240, 160 / 240])


def test_small_categories_are_told_together_with_the_smallest_other_where_that_is_needed(made):
    got = causes(made, billing=(50, 1.0), outage=(30, 1.0), device=(20, 1.0), move=(4, 1.0))
    assert got["category"].tolist() == ["billing", "outage", "all others"]
    assert got["complaints"].tolist() == [50, 30, 24]
    assert causes(made, billing=(50, 1.0), a=(6, 1.0), b=(7, 1.0))["complaints"].tolist() == [50, 13]


def test_without_categories_or_with_few_complaints_no_cause_is_told(made):
    assert root_causes(made({"category": None}), smallest=11).empty
    assert causes(made, billing=(5, 1.0), outage=(4, 1.0)).empty


def test_a_category_that_another_table_hides_is_told_with_others_and_never_alone(made):
    sizes = {"billing": 50, "outage": 30, "device": 20, "contract": 15}
    rows = made(*({"category": name, "hours": 1.0} for name, n in sizes.items() for _ in range(n)))
    got = root_causes(rows, smallest=11, hidden=["contract"])
    assert got["category"].tolist() == ["billing", "outage", "all others"]
    assert got["complaints"].tolist() == [50, 30, 35]
    assert root_causes(rows, smallest=11)["category"].tolist() == ["billing", "outage", "device", "contract"]


def test_the_table_hides_what_the_causes_tell_only_together():
    groups = pd.DataFrame(
        {
            "dimension": ["channel", "category", "category", "category"],
            "group": ["phone", "billing", "move", "praise"],
            "complaints": [0.5, 0.4, 0.3, 0.0], "complaints_low": 0.1, "complaints_high": 0.6,
            "complaints_masked": False,
        }
    )  # fmt: skip
    got = hidden_alike(groups, pd.DataFrame({"category": ["billing", "all others"]}))
    assert got["complaints_masked"].tolist() == [False, False, True, False]
    assert got["complaints"].isna().tolist() == [False, False, True, False]
    assert hidden_complaints(got) == ["move"]
    assert not hidden_alike(groups, pd.DataFrame({"category": []}))["complaints_masked"].any()
