"""Published figures, held against the extracts they came from by another road."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.run.params import shipped_classes

if TYPE_CHECKING:
    from tests.reports.conftest import Report

QUARTER = ("2026-07-01", "2026-08-01", "2026-09-01")


def raw(report: Report, table: str) -> pd.DataFrame:
    return pd.read_csv(report.root / f"data/raw/demo/{table}.csv", on_bad_lines="skip")


def erased(report: Report) -> set[str]:
    """Accounts of persons who asked to be erased by the as-of date, under every key they ever held."""
    consents, customers = raw(report, "consents"), raw(report, "customers")
    asked = consents[(consents["channel"] == "erasure") & (consents["changed_at"] < "2026-10-01")]
    found = set(asked["customer_id"])
    for _ in customers.index[:9]:
        linked = customers[customers["customer_id"].isin(found) | customers["replaces_customer_id"].isin(found)]
        found |= set(linked["customer_id"]) | set(linked["replaces_customer_id"].dropna())
    return found


def test_who_asked_to_be_erased_is_in_no_table_of_the_run(demo: Report) -> None:
    gone = erased(demo)
    assert gone
    for path in demo.run.rglob("*.parquet"):
        rows = pd.read_parquet(path)
        assert "customer_id" not in rows or not gone & set(rows["customer_id"]), path.name
        assert "key" not in rows or not gone & set(rows["key"].dropna().astype(str).str.split("|").str[0]), path.name


def test_revenue_is_what_the_bill_lines_of_the_quarter_add_up_to(demo: Report) -> None:
    customers, lines = raw(demo, "customers"), raw(demo, "invoices")
    nobody = customers.loc[customers["status"].isin(["test", "staff"]), "customer_id"]
    assert len(nobody) > 0
    kept_out = {*nobody, *erased(demo)}
    billed = lines[
        lines["month"].isin(QUARTER) & ~lines["customer_id"].isin(kept_out) & (lines["issued_on"] <= "2026-09-30")
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
    assert set(sums.index) == set(shipped_classes())
    assert sums.max() == either.values["customers",]


def test_rows_used_and_set_aside_are_those_of_the_doors(either: Report) -> None:
    for metric, way in (("rows_accepted", "accepted"), ("rows_set_aside", "set_aside")):
        assert either.values[metric,] == sum(door[way] for door in either.manifest["doors"])
