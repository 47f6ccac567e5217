"""A number is the same wherever it is printed: in `summary.json`, in the HTML and in the PDF."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis.basis.metric import METRICS
from analysis.measures.classes import DIMENSIONS
from analysis.present.numbers import change, count, formatted, interval, percent

if TYPE_CHECKING:
    from tests.reports.conftest import Report

CURRENCY = {"2026-Q3": "EUR", "ibm-2019-Q3": "USD"}


def plain(text: str) -> str:
    return " ".join(text.split())


def printed(row: dict[str, Any], report: Report) -> dict[str, str]:
    """What a reader must see of a row of the summary, by the head of the column."""
    show: Callable[[Any], str] = partial(formatted, unit=row["unit"], currency=CURRENCY[report.name])
    return {
        "Value": plain(show(row["value"])),
        "95 % interval": plain(interval(row["low"], row["high"], show)),
        "Customers": count(row["n"]),
        "Previous quarter": plain(show(row["previous"])),
        "Change": plain(change(row["value"], row["previous"], row["unit"], currency=CURRENCY[report.name])),
    }


def test_the_table_of_key_figures_is_the_summary(either: Report) -> None:
    (table,) = [t for t in either.tables() if {"Leavers", "Quarterly churn rate"} <= {row[0] for row in t}]
    head, *rows = table
    whole = {METRICS[row["metric"]].label: row for row in either.rows if row["dimension"] is None}
    assert [row[0] for row in rows] == [metric.label for metric in METRICS.values() if metric.label in whole]
    for label, *cells in rows:
        expected = printed(whole[label], either)
        assert cells == [expected[name] for name in head[1:]], label


def test_the_table_of_key_figures_is_the_same_in_the_pdf(either: Report) -> None:
    (table,) = [t for t in either.tables() if {"Leavers", "Quarterly churn rate"} <= {row[0] for row in t}]
    assert len(table) > 10
    assert [row for row in table[1:] if " ".join(row) not in either.pdf_text] == []


def test_the_cards_are_the_summary(either: Report) -> None:
    whole = {row["metric"]: row for row in either.rows if row["dimension"] is None}
    cards = either.html.select("li.card")
    assert len(cards) >= 5
    for card in cards:
        row = whole[str(card["data-metric"])]
        expected = printed(row, either)
        label, value, detail = (
            plain(found.get_text()) if (found := card.select_one(f".{name}")) else ""
            for name in ("label", "value", "detail")
        )
        assert (label, value) == (row["label"], expected["Value"])
        parts = [expected["95 % interval"], f"previous {expected['Previous quarter']}"]
        assert detail == " · ".join(part for part in parts if "–" not in part)
        assert plain(f"{label} {value} {detail}") in either.pdf_text


def test_the_classes_are_the_summary(either: Report) -> None:
    """Masked cells have no row in the summary; every other printed class has the summary's value and number."""
    labels = {label: name for name, label in DIMENSIONS.items()}
    rows = {(row["metric"], row["dimension"], row["class"]): row for row in either.rows}
    checked = {"class_customers": 0, "class_churn_rate": 0}
    for table in either.tables():
        metric = {"Active customers": "class_customers", "Churn rate": "class_churn_rate"}.get(
            next((name for name in table[0] if name in ("Active customers", "Churn rate") and "Class" in table[0]), "")
        )
        for row in (dict(zip(table[0], cells, strict=True)) for cells in table[1:] if metric):
            key = (metric, labels[row["Dimension"]], row["Class"])
            if "masked" in row.values():
                assert key not in rows
                continue
            number = "Active customers" if metric == "class_customers" else "Customers"
            assert row[number] == count(rows[key]["n"])
            if metric == "class_churn_rate":
                assert row["Churn rate"] == plain(percent(rows[key]["value"], 2))
            assert " ".join(row.values()) in either.pdf_text
            checked[str(metric)] += 1
    assert checked["class_customers"] > 5
    assert checked["class_churn_rate"] >= 1


def test_both_readings_of_survival_are_the_summary(either: Report) -> None:
    values = either.values
    months = [key[2] for key in values if key[0] == "survival"]
    assert len(months) >= 4
    rows = [row for table in either.tables() for row in table]
    for month in months:
        both = [plain(percent(values[metric, "months", month], 2)) for metric in ("survival", "survival_naive")]
        assert any(row[0] == month and set(both) <= set(row) for row in rows), (month, both)
