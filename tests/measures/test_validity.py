"""Completeness, validity, uniqueness and references from what the doors counted."""

from __future__ import annotations

import pandas as pd

from analysis.measures.standing import Limits, Measure
from analysis.measures.validity import door_measures, file_measures

DOORS = pd.DataFrame([("usage", 110, 90, 8, 2, 10)], columns=["table", "selected", "accepted", "set_aside",
                                                               "duplicates", "later"])  # fmt: skip
COLUMNS = pd.DataFrame(
    [
        ("usage", "customer_id", 100, 99, 0),
        ("usage", "month", 100, 100, 2),
        ("usage", "download_gb", 100, 50, 1),
        ("usage", "upload_gb", 100, 0, 0),
    ],
    columns=["table", "column", "rows", "given", "failed"],
)
FINDINGS = pd.DataFrame(
    [
        ("usage", "not_null:customer_id", "set_aside", 1),
        ("usage", "type:month", "set_aside", 2),
        ("usage", "range:download_gb", "set_aside", 3),
        ("usage", "unique:customer_id,month", "set_aside", 2),
        ("usage", "duplicate", "fixed", 2),
        ("usage", "relationships:customer_id", "set_aside", 4),
        ("usage", "erased:customer_id", "set_aside", 60),
        ("usage", "written:download_gb", "fixed", 9),
        ("tickets", "range:cost", "set_aside", 5),
    ],
    columns=["table", "rule", "severity", "rows"],
)


def measured() -> dict[tuple[str, str], Measure]:
    got = door_measures(DOORS, COLUMNS, FINDINGS, Limits())
    assert {one.table for one in got} == {"usage"}
    return {(one.column, one.dimension): one for one in got}


def test_a_required_column_is_complete_but_for_the_rows_set_aside_for_want_of_it():
    got = measured()["customer_id", "completeness"]
    assert (got.value, got.rows, got.status) == (0.99, 1, "bad")


def test_an_optional_column_may_be_empty_but_not_altogether():
    got = measured()
    half, empty = got["download_gb", "completeness"], got["upload_gb", "completeness"]
    assert (half.value, half.rows, half.status) == (0.5, 50, "good")
    assert (empty.value, empty.rows, empty.status) == (0.0, 100, "watch")
    assert ("upload_gb", "validity") not in got


def test_rows_left_out_for_their_customers_sake_make_no_value_wrong():
    got = measured()["customer_id", "validity"]
    assert (got.rows, got.value, got.status) == (0, 1.0, "good")


def test_values_are_wrong_when_they_cannot_be_read_or_break_a_rule():
    got = measured()
    assert (got["month", "validity"].rows, got["month", "validity"].value) == (2, 0.98)
    assert (got["download_gb", "validity"].rows, got["download_gb", "validity"].value) == (4, 0.92)


def test_repaired_values_are_right():
    assert measured()["customer_id", "validity"].status == "good"


def test_rows_of_a_key_that_stands_for_several_are_double():
    got = measured()["customer_id,month", "uniqueness"]
    assert (got.rows, got.value) == (4, 0.96)


def test_rows_that_another_stands_for_as_declared_are_no_want_of_uniqueness():
    doors = DOORS.assign(duplicates=9)
    declared = [("usage", "superseded", "fixed", 4), ("usage", "merged", "fixed", 3)]
    findings = pd.concat([FINDINGS, pd.DataFrame(declared, columns=FINDINGS.columns)])
    got = {(one.column, one.dimension): one for one in door_measures(doors, COLUMNS, findings, Limits())}
    assert got["customer_id,month", "uniqueness"] == measured()["customer_id,month", "uniqueness"]


def test_orphans_are_an_inconsistency():
    got = measured()["customer_id", "consistency"]
    assert (got.rows, round(got.value, 6)) == (4, round(1 - 4 / 99, 6))


def test_a_file_is_valid_in_the_share_of_its_records_that_are_rows():
    raw = pd.DataFrame({"file": ["a.csv"], "lines": [1000], "parsed": [998], "unreadable": [2]})
    [got] = file_measures(raw, Limits())
    assert (got.table, got.column, got.value, got.rows, got.status) == ("files", "a.csv", 0.998, 2, "watch")


def test_a_column_that_only_leavers_fill_is_good_when_empty_where_nobody_left():
    doors = pd.DataFrame([("customers", 40, 40, 0, 0, 0)], columns=DOORS.columns)
    columns = pd.DataFrame([("customers", "churn_date", 40, 0, 0), ("customers", "region", 40, 0, 0)],
                           columns=COLUMNS.columns)  # fmt: skip
    for left, status in ((False, "good"), (True, "watch")):
        got = door_measures(doors, columns, FINDINGS, Limits(), nobody_left=not left)
        assert {one.column: one.status for one in got} == {"churn_date": status, "region": "watch"}
