"""Published figures, held against the extracts they came from by another road."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from tests.reports.conftest import Report

QUARTER = ("2026-07-01", "2026-08-01", "2026-09-01")


def raw(report: Report, table: str) -> pd.DataFrame:
    return pd.read_csv(report.root / f"data/raw/demo/{table}.csv", on_bad_lines="skip")


def test_revenue_is_what_the_bill_lines_of_the_quarter_add_up_to(demo: Report) -> None:
    customers, lines = raw(demo, "customers"), raw(demo, "invoices")
    nobody = customers.loc[customers["status"].isin(["test", "staff"]), "customer_id"]
    assert len(nobody) > 0
    billed = lines[
        lines["month"].isin(QUARTER) & ~lines["customer_id"].isin(nobody) & (lines["issued_on"] <= "2026-09-30")
    ]
    assert demo.values["revenue",] == pytest.approx(billed["amount"].sum(), abs=1e-6)


def test_a_customer_has_one_row_a_month(demo: Report) -> None:
    months = pd.read_parquet(demo.run / "months.parquet")
    assert len(months) > 10_000
    assert not months.duplicated(["customer_id", "month"]).any()


def test_the_base_closes_with_who_was_there_joined_and_left(demo: Report) -> None:
    values = demo.values
    opening = {row["metric"]: row["previous"] for row in demo.rows if row["dimension"] is None}["customers"]
    assert values["customers",] == opening + values["joiners",] - values["leavers",]
    assert values["churn_rate",] == pytest.approx(values["leavers",] / (opening + values["joiners",]), abs=1e-9)
    assert values["churn_of_opening",] == pytest.approx(values["leavers",] / opening, abs=1e-9)


def test_no_dimension_divides_more_customers_than_there_are(either: Report) -> None:
    rows = [row for row in either.rows if row["metric"] == "class_customers"]
    sums = pd.DataFrame(rows).groupby("dimension")["value"].sum()
    assert len(sums) == 8
    assert sums.max() == either.values["customers",]


def test_rows_used_and_set_aside_are_those_of_the_doors(either: Report) -> None:
    for metric, way in (("rows_accepted", "accepted"), ("rows_set_aside", "set_aside")):
        assert either.values[metric,] == sum(door[way] for door in either.manifest["doors"])
