"""No published figure stands on one to ten customers, neither directly nor by subtraction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.reports.conftest import DEMO, made_once, with_params

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reports.conftest import Project, Report

SMALLEST = 11
OF_CUSTOMERS = {"At its start", "Joined", "Left", "At its end", "At quarter end", "Customers", "At risk"}
COUNTS = {"customers", "customers_active", "joiners", "leavers", "class_customers"}


@pytest.fixture(scope="session")
def tiny(shelf: Path) -> Report:
    """The report of a provider with few customers in many classes: most groups are small."""

    def make(project: Project) -> None:
        with_params(project)
        assert project.linecard("demo", "--customers", "90", "--seed", "5").returncode == 0
        project.make(DEMO)

    return made_once(shelf / "tiny", make).report(DEMO)


@pytest.fixture(params=["demo", "tiny", "ibm"])
def any_report(request: pytest.FixtureRequest) -> Report:
    return request.getfixturevalue(request.param)


def few(number: float | None) -> bool:
    return number is not None and 0 < round(number) < SMALLEST


def value(report: Report, metric: str) -> float | None:
    return next((row["value"] for row in report.rows if row["metric"] == metric and row["dimension"] is None), None)


def customer_cells(table: list[list[str]]) -> list[float]:
    """The whole numbers of the columns that count customers."""
    heads, *rows = table
    places = [at for at, head in enumerate(heads) if head in OF_CUSTOMERS]
    cells = [row[at].replace(",", "") for row in rows for at in places if at < len(row)]
    return [float(cell) for cell in cells if re.fullmatch(r"\d+", cell)]


def test_no_figure_of_the_summary_stands_on_few(any_report: Report) -> None:
    counts = [row for row in any_report.rows if row["metric"] in COUNTS]
    assert [row for row in counts if few(row["value"]) or few(row["previous"])] == []
    assert [row["metric"] for row in any_report.rows if few(row["n"])] == []


def test_no_table_counts_few_customers(any_report: Report) -> None:
    counts = {str(table[0]): customer_cells(table) for table in any_report.tables()}
    assert sum(map(len, counts.values())) > 20
    assert {heads: found for heads, cells in counts.items() if (found := [cell for cell in cells if few(cell)])} == {}


def test_customers_less_active_ones_are_none_or_many(any_report: Report) -> None:
    customers, active = value(any_report, "customers"), value(any_report, "customers_active")
    assert customers is not None and active is not None
    assert not few(customers - active)


def test_rates_tell_of_no_few_leavers_or_stayers(any_report: Report) -> None:
    for row in any_report.rows:
        if row["metric"] in ("churn_rate", "class_churn_rate") and row["value"] is not None:
            assert not few(row["value"] * row["n"]), row
            assert not few(row["n"] - row["value"] * row["n"]), row


def test_the_base_less_the_classes_shown_leaves_none_or_many(any_report: Report) -> None:
    whole = value(any_report, "customers")
    shown: dict[str, list[float]] = {}
    for row in any_report.rows:
        if row["metric"] == "class_customers":
            shown.setdefault(row["dimension"], []).append(row["value"])
    assert shown and whole is not None
    assert {name: whole - sum(sizes) for name, sizes in shown.items() if few(whole - sum(sizes))} == {}


def test_sentences_name_no_few_customers(any_report: Report) -> None:
    prose = any_report.html.select("p, li, caption, figcaption")
    said = "\n".join(" ".join(piece.get_text(" ").split()) for piece in prose)
    assert len(said) > 5_000
    kinds = r"customers?|accounts?|leavers?|joiners?|test lines?|staff lines?"
    assert re.findall(rf"(?<![\d,.<] )(?<![\d,.])\b(?:10|[1-9]) (?:{kinds}|active customers|joined|left)\b", said) == []


def test_a_tiny_base_tells_no_movement_and_no_tenths(tiny: Report) -> None:
    values: dict[str, Any] = {row["metric"]: row["value"] for row in tiny.rows if row["dimension"] is None}
    assert values["customers"] > SMALLEST
    assert (values["joiners"], values["leavers"], values["churn_rate"]) == (None, None, None)
    assert "value_top_tenth" not in values
    assert "too few joined, left or stayed" in tiny.html.get_text()
