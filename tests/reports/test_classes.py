"""Every customer is in exactly one class of each dimension, and all that is printed of classes agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.measures.class_rules import NOT_AVAILABLE, READABLE
from analysis.run.params import shipped_classes

if TYPE_CHECKING:
    from tests.reports.conftest import Report

SHIPPED = shipped_classes()
FEWEST = 11


@pytest.fixture(params=["demo", "ibm", "cdnow"])
def any_report(request: pytest.FixtureRequest) -> Report:
    return request.getfixturevalue(request.param)


def customers(report: Report) -> pd.DataFrame:
    return pd.read_parquet(report.run / "customers.parquet")


def counted(report: Report) -> dict[str, dict[str, int]]:
    """Customers of each class in the summary, by dimension."""
    found: dict[str, dict[str, int]] = {name: {} for name in SHIPPED}
    for row in report.rows:
        if row["metric"] == "class_customers":
            found[row["dimension"]][row["class"]] = row["value"]
    return found


def test_every_customer_has_one_class_of_each_dimension_and_unknown_is_one(any_report: Report) -> None:
    rows = customers(any_report)
    assert rows["customer_id"].is_unique
    for name in SHIPPED:
        got = rows[f"{name}_class"]
        assert got.notna().all(), name
        assert (got.str.len() > 0).all(), name
        assert got.value_counts().sum() == len(rows)


def test_the_summary_counts_what_the_table_of_customers_holds(any_report: Report) -> None:
    rows = customers(any_report)
    there = rows[rows["state"] != "left"]
    for name, classes in counted(any_report).items():
        sizes = there[f"{name}_class"].value_counts()
        assert {klass: sizes[klass] for klass in classes} == classes, name
        hidden = sizes.drop(list(classes))
        assert hidden.empty or len(hidden) > 1 or hidden.iloc[0] == len(there), name
        assert sum(classes.values()) + hidden.sum() == len(there), name


def test_the_pages_print_what_the_summary_counts(any_report: Report) -> None:
    name = {one.label: name for name, one in SHIPPED.items()}
    counts = counted(any_report)
    printed = 0
    for table in any_report.tables():
        if not {"Dimension", "Class", "At quarter end"} <= set(table[0]):
            continue
        for cells in table[1:]:
            row = dict(zip(table[0], cells, strict=True))
            if row["At quarter end"] == "masked":
                assert row["Class"] not in counts[name[row["Dimension"]]]
                continue
            assert int(row["At quarter end"].replace(",", "")) == counts[name[row["Dimension"]]][row["Class"]], row
            printed += 1
    assert printed >= 5


def test_what_the_source_cannot_support_is_not_available_for_everybody(ibm: Report, cdnow: Report) -> None:
    for report, missing in ((ibm, ["customer_type", "rfm", "account_role"]), (cdnow, ["usage", "contract", "region"])):
        rows = customers(report)
        for name in missing:
            assert set(rows[f"{name}_class"]) == {NOT_AVAILABLE}
            there = int((rows["state"] != "left").sum())
            assert counted(report)[name] == {NOT_AVAILABLE: there}


def test_age_describes_and_nothing_is_compared_by_it(demo: Report) -> None:
    assert counted(demo)["age"]
    assert not [row for row in demo.rows if row["dimension"] == "age" and row["metric"] != "class_customers"]


def test_the_methods_print_every_rule_with_its_version(demo: Report) -> None:
    [rules] = [table for table in demo.tables() if table[0] == ["Dimension", "Version", "Rule"]]
    assert [row[:2] for row in rules[1:]] == [[one.label, str(one.version)] for one in SHIPPED.values()]
    for row, one in zip(rules[1:], SHIPPED.values(), strict=True):
        assert row[2].startswith(one.says)


def test_what_rules_may_read_is_what_the_table_of_customers_holds(demo: Report) -> None:
    assert READABLE - set(customers(demo).columns) == set()
