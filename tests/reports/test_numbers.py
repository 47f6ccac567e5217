"""A number is the same wherever it is printed: in `summary.json`, in the HTML and in the PDF."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from analysis.basis.metric import METRICS
from analysis.measures.scorecard import light
from analysis.present.numbers import change, count, formatted, percent, spread
from analysis.run.params import shipped_classes

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
        "95 % interval": plain(spread(row["low"], row["high"], show)),
        "Customers": count(row["n"]),
        "Previous quarter": plain(show(row["previous"])),
        "Change": plain(change(row["value"], row["previous"], row["unit"], currency=CURRENCY[report.name])),
        "Target": plain(f"{show(row['target'])} {stands(row)}"),
    }


def stands(row: dict[str, Any]) -> str:
    """How a figure of the summary stands against its target; nothing without one."""
    if row["status"] == "none":
        return ""
    told = light(row["value"], (row["low"], row["high"]), row["target"], METRICS[row["metric"]])
    return {"met": "met", "missed": "missed", "unclear": "not clear"}[told]


def key_figures(report: Report) -> list[tuple[list[str], list[str]]]:
    """The rows of the tables of all figures of the whole base, each with the head of its table."""
    captions = [table.caption.get_text() for table in report.html.find_all("table")]
    found = zip(captions, report.tables(), strict=True)
    tables = [table for caption, table in found if caption.strip().startswith("Key figures")]
    return [(table[0], row) for table in tables for row in table[1:]]


def test_the_table_of_key_figures_is_the_summary(either: Report) -> None:
    rows = key_figures(either)
    whole = {METRICS[row["metric"]].label: row for row in either.rows if row["dimension"] is None}
    assert sorted(row[0] for _, row in rows) == sorted(
        metric.label for metric in METRICS.values() if metric.label in whole
    )
    for head, (label, *cells) in rows:
        expected = printed(whole[label], either)
        assert cells == [expected[name] for name in head[1:]], label


def test_the_tables_of_all_key_figures_stand_in_the_last_chapter(either: Report) -> None:
    captions = [one for one in either.html.find_all("caption") if one.get_text().strip().startswith("Key figures")]
    titles = {one.find_previous("h2").get_text() for one in captions}
    assert titles == {either.html.find_all("h2")[-1].get_text()}


def test_the_table_of_key_figures_is_the_same_in_the_pdf(either: Report) -> None:
    rows = [row for _, row in key_figures(either)]
    assert len(rows) > 10
    assert [row for row in rows if " ".join(row) not in either.pdf_text] == []


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


@pytest.mark.parametrize(
    ("metric", "head", "number"),
    [("class_customers", "At quarter end", "At quarter end"), ("class_churn_rate", "Churn rate", "Customers")],
)
def test_the_printed_classes_are_the_summary(either: Report, metric: str, head: str, number: str) -> None:
    """Masked classes are not in the summary; every other printed class has the summary's number and value."""
    name = {one.label: name for name, one in shipped_classes().items()}
    summary = {(row["dimension"], row["class"]): row for row in either.rows if row["metric"] == metric}
    (table,) = [table for table in either.tables() if {"Dimension", "Class", head} <= set(table[0])]
    rows = [dict(zip(table[0], cells, strict=True)) for cells in table[1:]]
    masked = [row for row in rows if row[head] == "masked"]
    shown = [row for row in rows if row not in masked]
    assert shown
    assert not {(name[row["Dimension"]], row["Class"]) for row in masked} & summary.keys()
    for row in shown:
        expected = summary[name[row["Dimension"]], row["Class"]]
        value = percent(expected["value"], 2) if metric == "class_churn_rate" else count(expected["value"])
        assert (row[number], row[head]) == (count(expected["n"]), plain(value))
        assert (
            " ".join(list(row.values())[1:]) in either.pdf_text
        )  # there the dimension is printed once for its classes


def test_both_readings_of_survival_are_the_summary(either: Report) -> None:
    values = either.values
    months = [key[2] for key in values if key[0] == "survival"]
    assert len(months) >= 4
    rows = [row for table in either.tables() for row in table]
    for month in months:
        both = [plain(percent(values[metric, "months", month], 2)) for metric in ("survival", "survival_naive")]
        assert any(row[0] == month and set(both) <= set(row) for row in rows), (month, both)
