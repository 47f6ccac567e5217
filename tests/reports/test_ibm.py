"""What must come out of the IBM Telco sample, as printed on the last page of the data contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reports.conftest import Report

HONEST = {3: 0.4682, 12: 0.1567, 24: 0.0580, 48: 0.0142}
NAIVE = {12: 0.8434, 24: 0.7890, 48: 0.7090, 72: 0.5930}
CLASS_RATES = {
    "contract": {"month to month": 0.4584, "one year": 0.1071, "two years": 0.0255},
    "technology": {"fibre": 0.4072, "cable": 0.2566, "dsl": 0.1858, "no broadband": 0.0740},
}
# The same to two places of a per cent, typed by hand: what a reader must find.
PRINTED = {
    "3": ("46.82 %", "91.39 %"),
    "12": ("15.67 %", "84.34 %"),
    "24": ("5.80 %", "78.90 %"),
    "36": ("2.68 %", "74.88 %"),
    "48": ("1.42 %", "70.90 %"),
    "72": ("0.68 %", "59.30 %"),
}


def test_7043_customers_come_in_and_1869_leave(ibm: Report) -> None:
    doors = {door["table"]: door for door in ibm.manifest["doors"]}
    assert doors["customers"] == {
        "table": "customers", "selected": 7043, "accepted": 7043, "set_aside": 0, "duplicates": 0, "later": 0,
    }  # fmt: skip
    files = {row["file"]: row for row in ibm.manifest["files"]}
    assert len(files) == 5
    for table in ("demographics", "location", "services", "status"):
        got = files[f"Telco_customer_churn_{table}.csv"]
        assert (got["lines"], got["parsed"], got["unreadable"]) == (7043, 7043, 0)
    assert ibm.values["leavers",] == 1869
    assert ibm.values["customers",] == 7043 - 1869


def test_the_rows_and_the_leavers_are_printed(ibm: Report) -> None:
    rows = [row for table in ibm.tables() for row in table]
    assert ["customers", "7,043", "7,043", "0", "0", "0"] in rows
    assert "customers 7,043 7,043 0 0 0" in ibm.pdf_text
    assert any(row[0] == "Leavers" and row[1] == "1,869" for row in rows)
    assert "Leavers 1,869" in ibm.pdf_text


@pytest.mark.parametrize("dimension", ["contract", "technology"])
def test_the_churn_rates_of_the_classes_are_those_of_the_contract(ibm: Report, dimension: str) -> None:
    expected = CLASS_RATES[dimension]
    got = {key[2]: value for key, value in ibm.values.items() if key[:2] == ("class_churn_rate", dimension)}
    assert got == pytest.approx(expected, abs=1e-4)


def test_both_readings_of_survival_are_those_of_the_contract(ibm: Report) -> None:
    got = {month: ibm.values["survival", "months", str(month)] for month in HONEST}
    assert got == pytest.approx(HONEST, abs=1e-4)
    got = {month: ibm.values["survival_naive", "months", str(month)] for month in NAIVE}
    assert got == pytest.approx(NAIVE, abs=1e-4)


def test_both_readings_stand_side_by_side_in_one_table(ibm: Report) -> None:
    (table,) = [table for table in ibm.tables() if any({"15.67 %", "84.34 %"} <= set(row) for row in table)]
    rows = {row[0]: row for row in table[1:]}
    assert rows.keys() == PRINTED.keys()
    for month, printed in PRINTED.items():
        assert set(printed) <= set(rows[month])
        assert " ".join(rows[month]) in ibm.pdf_text


@pytest.mark.parametrize(
    ("words", "date"),
    [("misleads", "1 July 2019"), ("day of leaving inside the quarter is unknown", "30 September 2019")],
)
def test_the_cautions_stand_in_the_churn_chapter_and_in_the_pdf(ibm: Report, words: str, date: str) -> None:
    chapter = ibm.chapter("Who leaves, and when?")
    (caution,) = [" ".join(p.get_text().split()) for p in chapter.find_all("p") if words in p.get_text()]
    assert date in caution
    assert caution in ibm.pdf_text


def test_the_methods_say_what_is_assumed_known_when_observation_began(ibm: Report) -> None:
    bullets = [" ".join(item.get_text().split()) for item in ibm.chapter("How was this done?").find_all("li")]
    for column in ("product", "technology", "monthly_fee", "contract_months", "payment_method"):
        (assumption,) = [text for text in bullets if text.startswith(f"“{column}”")]
        assert "known when observation began" in assumption
        assert assumption in ibm.pdf_text
    assert any("This is an assumption" in text for text in bullets)


def test_workbooks_give_the_same_summary_to_the_byte(ibm: Report, ibm_excel: Report) -> None:
    assert {row["file"].rpartition(".")[2] for row in ibm_excel.manifest["files"]} == {"xlsx"}
    assert ibm_excel.bytes("summary.json") == ibm.bytes("summary.json")
