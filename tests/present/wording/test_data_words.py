"""Sentences of the data chapter."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.extracts.contract import CONTRACT
from analysis.measures.quality import set_apart
from analysis.present.wording import data

DAY = dt.date(2026, 9, 30)


def doors(**more: int) -> pd.DataFrame:
    row = {"table": "usage", "selected": 1000, "accepted": 1000, "set_aside": 0, "duplicates": 0, "later": 0} | more
    return pd.DataFrame([row])


def test_clean_data_is_called_clean():
    got = data.bottom_line(doors(), as_of=DAY)
    assert got == (
        "100.00 % of the 1,000 rows dated by 30 September 2026 are used: no row broke a rule, "
        "and every row is accounted for."
    )


def test_rows_dated_later_are_no_loss():
    got = data.bottom_line(doors(accepted=690, set_aside=7, duplicates=3, later=300), as_of=DAY)
    assert got.startswith("98.57 % of the 700 rows dated by 30 September 2026 are used: 7 rows set aside")
    assert "3 repeated rows dropped" in got


def test_few_of_many_set_aside_are_not_rounded_away():
    got = data.bottom_line(doors(selected=1_000_000, accepted=999_974, set_aside=26), as_of=DAY)
    assert got.startswith("> 99.99 % of the 1,000,000 rows")


def test_extracts_without_a_row_by_the_as_of_date_say_so():
    got = data.bottom_line(doors(accepted=0, later=1000), as_of=DAY)
    assert got == "The extracts hold no row dated by 30 September 2026."


def test_files_are_told_by_what_could_not_be_read():
    raw = pd.DataFrame({"file": ["a", "b"], "lines": [10, 1], "parsed": [8, 1], "unreadable": [2, 0]})
    assert data.files_words(raw)["finding"] == "2 files with 11 records: 2 records could not be read"
    assert data.troubled_files(raw)["file"].tolist() == ["a"]
    assert data.files_words(raw.tail(1))["finding"] == "1 file with 1 record: every record could be read"


def test_the_emptiest_columns_are_named_in_the_alternative_text():
    filled = pd.DataFrame(
        {"table": "customers", "column": ["a", "b", "c"], "rows": 9, "filled": [1.0, 0.04, float("nan")]}
    )
    got = data.completeness_words(filled)
    assert got["finding"] == "1 of 2 columns given are filled in nearly every row"
    assert "customers.b (4 %)" in got["alt"]


def test_rules_that_struck_are_counted():
    severity = ["set_aside", "set_aside", "fixed", "note", "note"]
    struck = pd.DataFrame({"severity": severity, "rows": [24, 8, 1, 12_000, 7]})
    got = data.findings_words(struck, 5)
    assert got["finding"] == "2 rules set aside 32 rows and 1 rule repaired 1 row; 2 notes change nothing"
    assert got["subtitle"] == "Rows by table and rule, the gravest first, with the first case"
    assert data.findings_words(struck, 3)["subtitle"].endswith("; the worst 3 of 5 are shown")
    assert data.findings_words(struck.tail(1), 5)["finding"] == (
        "No rule of the contract was broken; 1 note changes nothing"
    )
    assert data.findings_words(struck.head(0), 5)["finding"] == "No rule of the contract was broken"


def test_files_that_the_table_has_no_room_for_are_counted():
    files = [f"{month:02d}.csv" for month in range(34)]
    raw = pd.DataFrame({"file": files, "lines": 9, "parsed": 8, "unreadable": 1})
    assert len(data.troubled_files(raw)) == 20
    assert data.files_words(raw)["subtitle"].startswith("20 of the 34 files with unreadable records, the worst first")
    assert data.files_words(raw.head(20))["subtitle"].startswith("Files with unreadable records, the worst first")


def test_tables_that_are_not_given_are_named_and_those_no_run_reads_are_not():
    got = data.remarks([name for name in CONTRACT if name not in ("leads", "identities")], {"usage": ["x"]})
    assert got == (
        "The source does not give leads; what depends on them is not in this report. "
        "Columns that are not used: usage: x."
    )
    assert data.remarks(list(CONTRACT), {}) == "The source gives every table of the contract. No column was ignored."


def apart(**more: object) -> pd.DataFrame:
    counts = {"test": 11, "staff": 12, "internal": 0, "replaced": 13, "suspended": 40, "shared_household": 1200}
    counts |= {"under_parent": 15, "without_spell": 14, "erased": 0} | more
    population = pd.DataFrame({"reason": list(counts)[:7], "accounts": list(counts.values())[:7]})
    return set_apart(population, without_spell=counts["without_spell"], erased=counts["erased"], smallest=11)


def test_who_is_left_out_is_counted_by_reason():
    assert data.left_out(apart(), smallest=11) == (
        "Left out of the population: 11 test lines, 12 staff lines and 0 internal lines. 13 accounts were replaced by "
        "a later one of the same customer (a move, a change of technology) and joined to it. 40 lines are suspended: "
        "on the books, but neither active nor left. 1,200 customers share a household with another, and 15 customers "
        "belong to a parent account: each counts alone. 14 customers cannot be followed, for want of a signup date, a "
        "product, or anything that tells who left, and are in no rate."
    )


def test_few_who_are_left_out_are_not_told_nor_what_would_tell_them():
    got = data.left_out(apart(staff=3), smallest=11)
    assert got.startswith("Left out of the population: some test lines, fewer than 11 staff lines")
    assert data.left_out(apart(staff=3, test=4, replaced=1, without_spell=2), smallest=11).count("ewer than 11") == 4


def test_who_asked_to_be_erased_is_counted_and_few_are_not():
    assert "20 accounts are left out because their customers asked to be erased" in data.left_out(
        apart(erased=20), smallest=11
    )
    assert "Fewer than 11 accounts are left out because their customers" in data.left_out(apart(erased=2), smallest=11)


def test_what_tells_who_left_is_said():
    def told(by: str, still_there: int) -> str:
        return data.leaving(by, still_there=still_there, smallest=11)

    assert told("products", 0) == "In this report a customer leaves when the last product ends."
    assert told("accounts", 0) == "In this report a customer leaves when the account is closed."
    assert "12 customers whose accounts were closed still hold a product" in told("products", 12)
    assert "Fewer than 11 customers whose accounts were closed still hold a product" in told("products", 2)
    assert "who left cannot be told" in told("nothing", 0)


def test_one_row_is_told_in_the_singular():
    one = doors(selected=1, accepted=1)
    assert "of the 1 row dated by" in data.bottom_line(one, as_of=DAY)
    assert data.doors_words(one)["finding"] == "1 row came in, 1 is used, none is lost"


def test_what_became_of_rows_is_told_in_words():
    struck = pd.DataFrame({"severity": ["set_aside", "fixed", "note", "note"], "rows": 1})
    assert data.findings_rows(struck, 3)["severity"].tolist() == ["set aside", "repaired", "note"]
