"""Contacts per hundred customers by hand: who counts for how much, and whose contacts are in no rate."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.measures.class_rules import Dimension
from analysis.measures.contact_rates import customer_quarters, elsewhere, quarterly_rates, rates_by_class

QUARTER = Quarter(2024, 2)
COVERED = dt.date(2024, 1, 1)


@pytest.fixture
def months(engine):
    """`months(a=3, b=1)`: customers on the books for so many months from April 2024."""

    def made(**lives):
        rows = [(who, f"2024-0{4 + m}-01", 1.0) for who, n in lives.items() for m in range(n)]
        data = pd.DataFrame(rows, columns=["customer_id", "month", "share"]).astype({"month": "datetime64[us]"})
        return engine.table(data).with_columns(nw.col("month").cast(nw.Date))

    return made


@pytest.fixture
def contacts(engine):
    def made(*rows):
        data = pd.DataFrame(rows, columns=["customer_id", "opened_on", "complaint", "cost"])
        typed = data.astype({"opened_on": "datetime64[us]", "customer_id": object})
        return engine.table(typed).with_columns(
            nw.col("opened_on").cast(nw.Date), nw.col("cost").cast(nw.Decimal(18, 4))
        )

    return made


def test_a_customer_counts_for_its_part_of_the_quarter(months, contacts):
    made = contacts(("a", "2024-05-01", 0, 2.0), ("a", "2024-05-02", 1, 4.0), ("b", "2024-04-03", 0, 3.0))
    got = quarterly_rates(customer_quarters(made, months(a=3, b=1, c=2), covered=COVERED), smallest=1).set_index(
        "ratio"
    )["value"]
    assert got["rate"] == pytest.approx(100 * 3 / (6 / 3))
    assert got["complaint_rate"] == pytest.approx(100 * 1 / (6 / 3))
    assert got["cost_month"] == pytest.approx(9 / 6)


def test_unknown_callers_and_who_was_not_there_are_in_no_rate_and_counted(months, contacts):
    made = contacts((None, "2024-05-01", 0, 2.0), ("gone", "2024-05-01", 0, 2.0), ("a", "2024-05-01", 0, 2.0))
    rows = customer_quarters(made, months(a=3), covered=COVERED)
    assert quarterly_rates(rows, smallest=1).set_index("ratio").at["rate", "top"] == 1
    assert elsewhere(made, rows, quarter=QUARTER) == {"all": 3, "unknown": 1, "away": 1}


def test_a_quarter_that_tickets_do_not_cover_whole_has_no_rate(months, contacts):
    rows = customer_quarters(contacts(("a", "2024-05-01", 0, 2.0)), months(a=3), covered=dt.date(2024, 4, 2))
    assert quarterly_rates(rows, smallest=1).empty


def test_classes_of_few_callers_are_hidden_and_those_without_a_call_are_no_secret(engine, months, contacts):
    sizes = {"big": (60, 20), "calm": (40, 0), "few": (30, 3), "other": (50, 15)}
    people = {f"{name}{i}": (name, i < calls) for name, (n, calls) in sizes.items() for i in range(n)}
    rows = customer_quarters(
        contacts(*((who, "2024-05-01", 0, 1.0) for who, (_, calls) in people.items() if calls)),
        months(**dict.fromkeys(people, 3)),
        covered=COVERED,
    )
    exposures = pd.DataFrame(
        [(who, 1, name) for who, (name, _) in people.items()], columns=["customer_id", "spell", "kind_class"]
    )
    rules = {"kind": Dimension("kind", "Kind")}
    got = rates_by_class(rows, engine.table(exposures), dimensions=rules, smallest=11).set_index("class")
    assert got.at["calm", "rate"] == 0
    assert got["masked"].to_dict() == {"big": False, "other": True, "calm": False, "few": True}
    assert got.at["big", "rate"] == pytest.approx(100 * 20 / 60)


def test_a_quarter_in_which_few_called_or_few_did_not_has_no_rate(months, contacts):
    people = months(**dict.fromkeys([f"c{i}" for i in range(40)], 3))
    for calls, told in ((5, False), (20, True), (33, False)):
        made = contacts(*((f"c{i}", "2024-05-01", 0, 1.0) for i in range(calls)))
        got = quarterly_rates(customer_quarters(made, people, covered=COVERED), smallest=11).set_index("ratio")
        assert bool(got["value"].notna()["rate"]) is told


def test_a_quarter_without_a_ticket_is_one_without_tickets(months, contacts):
    rows = customer_quarters(contacts(("else", "2024-05-01", 0, 2.0)), months(a=3), covered=COVERED)
    assert quarterly_rates(rows, smallest=1)["value"].isna().all()
