"""Sentences of quality, word by word."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
import pytest

from analysis.measures.standing import Measure, grid, quality_table
from analysis.present.wording import quality as words
from analysis.present.wording.quality_rules import ALWAYS, EXPECTED, WHAT, quality_notes

DAY = dt.date(2026, 9, 30)
DOORS = pd.DataFrame([("usage", 100, 100, 0, 0, 0)], columns=["table", "selected", "accepted", "set_aside",
                                                               "duplicates", "later"])  # fmt: skip
ROWS = (
    "100.00 % of the 100 rows dated by 30 September 2026 are used: no row broke a rule, and every row is accounted for."
)
GOOD = Measure("usage", "month", "validity", "valid", 1.0, "good", 0, 0.999)
WRONG = Measure("invoices", "amount", "validity", "valid", 0.97, "bad", 30, 0.999)
STALE = Measure("tickets", "", "freshness", "last_row", 9.0, "watch", 3, 7.0)
FILE = Measure("files", "usage.csv", "validity", "fields", 0.95, "bad", 5, 0.999)
MOVED = Measure("leads", "channel", "distribution", "psi", 0.31, "bad", 500, 0.1)
JUMPED = Measure("invoices", "amount", "distribution", "jump", 2900.0, "bad", 120, 870.0, 29.0)
FAR = Measure("invoices", "amount", "consistency", "total", 0.99, "good", 4, 0.98)
GONE = Measure("surveys", "", "volume", "gone", 0.0, "bad", 1010, previous=1010.0)
FEWER = Measure("tickets", "", "volume", "row_count", 600.0, "bad", 600, 850.0, 1010.0)


def verdict(*measures: Measure) -> str:
    return words.verdict(quality_table(measures), DOORS, as_of=DAY)


def test_the_bottom_line_says_yes_when_every_check_is_good():
    assert verdict(GOOD) == f"Yes: none of 1 check found anything to be careful about. {ROWS}"


def test_it_says_with_care_when_something_is_to_be_watched():
    assert verdict(GOOD, STALE) == f"Yes, with care: of 2 checks, 1 to be watched. {ROWS}"


def test_it_names_the_chapters_that_something_bad_touches():
    got = verdict(GOOD, STALE, WRONG)
    found = "1 bad and 1 to be watched, which touches the chapters on the base, groups, value and service"
    assert got == f"Only with care: of 3 checks, {found}. {ROWS}"
    assert "which touches no chapter" in verdict(MOVED)


def test_cautions_say_what_can_be_used_then_what_cannot_the_worst_first():
    got = words.cautions(quality_table([STALE, WRONG, GOOD, MOVED]))
    old = "the last row is 9 days old, and 7 days were the longest usual gap"
    assert got == [
        "These can be used, nothing bad was found for them: use; service contacts.",
        "Take care with revenue, ARPU, margin and value: 30 values wrong or unreadable (3.00 %), in invoices.amount.",
        f"Keep an eye on service contacts: {old}, in tickets.",
        "No figure of this report rests on leads.channel, where something is not good either.",
    ]
    assert words.cautions(quality_table([GOOD])) == ["Nothing: every check is good."]
    assert words.cautions(quality_table([STALE]))[0] == "Nothing bad was found: all figures can be used."
    nothing = "Something bad was found for all kinds of figures: use none without reading on."
    assert words.cautions(quality_table([WRONG]))[0] == nothing


def test_many_findings_of_one_table_are_cut_and_say_so():
    [_, got] = words.cautions(quality_table([WRONG] * 10))
    assert got.count("30 values wrong") == 3
    assert got.endswith("; and 7 more.")


def test_a_month_that_lacks_rows_or_customers_is_told_with_what_was_expected_and_what_to_do():
    empty = Measure("usage", "", "volume", "month_rows", 0, "bad", 0, 600.0, 1200.0, "2025-11")
    short = Measure("invoices", "", "volume", "month_customers", 0.678, "bad", 399, 0.978, 0.998, "2026-06")
    notes = quality_notes(quality_table([empty, short])).set_index("table")
    assert notes.at["usage", "rule"] == "month_rows:2025-11"
    assert notes.at["usage", "found"] == "no rows in the month, about 1,200 in those around it"
    assert notes.at["invoices", "where"] == "invoices of 2026-06"
    told = "67.8 % of those who held a product all month have a bill, 99.8 % usually: 399 customers lack it"
    assert notes.at["invoices", "found"] == told
    assert "ask whether the file was cut off" in notes.at["invoices", "do"]


def test_months_that_lack_rows_come_before_what_they_explain():
    empty = Measure("invoices", "", "volume", "month_rows", 0, "bad", 0, 600.0, 1200.0, "2025-11")
    got = words.cautions(quality_table([WRONG, empty]))[1]
    assert got.index("no rows in the month") < got.index("30 values wrong")
    assert quality_notes(quality_table([JUMPED, empty]))["rule"].tolist() == ["month_rows:2025-11", "jump:amount"]


def test_the_volume_of_a_table_is_no_better_than_its_worst_month():
    full = Measure("usage", "", "volume", "row_count", 3600, "good", 3600, 3000.0, 3500.0)
    empty = Measure("usage", "", "volume", "month_rows", 0, "bad", 0, 600.0, 1200.0, "2025-11")
    quality = quality_table([full, empty])
    assert words.volumes(quality)["volume"].tolist() == ["bad"]
    assert words.volumes_words(quality)["finding"] == "usage: not as many rows, or not as fresh, as usual"


def test_a_file_is_called_by_its_name():
    told = "Take care with whatever came from these files: 5 records unreadable (5.00 %), in usage.csv."
    assert words.cautions(quality_table([FILE, GOOD]))[1] == told


def test_the_overview_names_what_is_not_good():
    got = words.grid_words(grid(quality_table([GOOD, STALE, WRONG])))
    assert got["finding"] == "Of 3 checks, some in tickets and invoices are not good"
    assert "tickets freshness watch (1) and invoices validity bad (1)" in got["alt"]
    assert words.grid_words(grid(quality_table([GOOD])))["finding"] == "1 check: all good"


def test_many_that_are_not_good_are_counted():
    tables = ("customers", "usage", "tickets", "surveys", "network", "leads")
    rows = [Measure(name, "", "freshness", "last_row", 9.0, "bad", 1, 1.0) for name in tables]
    got = words.grid_words(grid(quality_table(rows)))["finding"]
    assert got == "Of 6 checks, some in customers, usage, tickets, surveys and 2 more tables are not good"


def test_figures_are_written_in_their_own_units():
    got = words.measures_shown(quality_table([FEWER, STALE, MOVED, WRONG, GOOD]), most=10)
    assert got["place"].tolist() == ["tickets", "leads.channel", "invoices.amount", "tickets"]
    assert got["value"].tolist() == ["600", "0.31", "97.00 %", "9 days"]
    assert got["previous"].tolist() == ["1,010", "–", "–", "–"]
    assert got["threshold"].tolist() == ["850", "0.10", "99.90 %", "7 days"]
    tickets = "groups, churn, value and service"
    assert got["chapters"].tolist() == [tickets, "", "the base, groups, value and service", tickets]
    assert words.measures_words(quality_table([GOOD]), 10)["finding"] == "Every check is good"
    assert words.measures_words(quality_table([WRONG]), 10)["finding"] == "1 check is not good"
    said = words.measures_words(quality_table([WRONG] * 12), 10)["finding"]
    assert said == "12 checks are not good, the worst 10 of them here"


def test_columns_are_compared_the_furthest_first():
    near = Measure("leads", "segment", "distribution", "psi", 0.01, "good", 500, 0.1)
    table = quality_table([near, MOVED, JUMPED])
    assert words.compared(table)["column"].tolist() == ["channel", "segment"]
    assert words.compared_words(table)["finding"] == "2 columns compared with the quarter before: 1 has drifted"
    many = words.compared_words(quality_table([MOVED] * 18))
    assert many["subtitle"].endswith("; 12 of 18 are shown")
    assert words.compared_words(quality_table([near]))["finding"].endswith(": none has drifted")
    assert words.compared_words(quality_table([GOOD]))["finding"].startswith("No column can be compared: ")


def test_volume_and_freshness_stand_side_by_side():
    got = words.volumes(quality_table([FEWER, STALE])).iloc[0]
    assert got[["table", "now", "before", "volume", "age", "usual", "freshness"]].tolist() == [
        "tickets", 600, 1010, "bad", 9, 7, "watch",
    ]  # fmt: skip
    said = words.volumes_words(quality_table([FEWER, STALE]))["finding"]
    assert said == "tickets: not as many rows, or not as fresh, as usual"
    assert words.volumes_words(quality_table([GOOD]))["finding"].startswith("No table has enough")


def test_what_the_measures_notice_becomes_findings():
    got = quality_notes(quality_table([GOOD, WRONG, FAR, JUMPED, STALE]))
    assert got["rule"].tolist() == ["jump:amount", "last_row", "total:amount"]
    assert set(got["severity"]) == {"note"}
    assert got["found"].tolist()[2] == "4 customers whose bills are far from monthly fee × tenure (1.00 %)"
    assert got["found"].tolist()[0] == "the median went from 29.00 to 2,900.00, as if written in another unit"
    assert quality_notes(quality_table([GOOD])).empty


def test_a_table_that_is_gone_is_named_with_what_it_had_and_what_to_do():
    table = quality_table([GOOD, GONE])
    assert verdict(GOOD, GONE).startswith(
        "Only with care: of 2 checks, 1 bad, which touches the chapters on churn, value and service; "
        "no row of surveys is there any more. "
    )
    assert words.cautions(table)[1] == (
        "Take care with satisfaction: no row any more, 1,010 rows in the run of the quarter before, in surveys."
    )
    note = quality_notes(table).iloc[0]
    assert (note["table"], note["where"]) == ("surveys", "surveys")
    assert note["do"] == "Ask for the whole extract, and run the report again."
    row = words.volumes(table).iloc[0]
    assert row[["table", "now", "volume"]].tolist() == ["surveys", 0, "bad"]
    assert pd.isna(row["before"])


def test_a_table_of_no_chapter_that_is_gone_is_a_caution_too():
    leads = Measure("leads", "", "volume", "gone", 0.0, "bad", 20, previous=20.0)
    assert "1 bad; no row of leads is there any more. " in verdict(leads)
    assert words.cautions(quality_table([leads]))[1].startswith("Take care with leads: no row any more, 20 rows")


@pytest.mark.parametrize("rule", sorted(WHAT))
def test_every_rule_has_words(rule: str):
    row = {"rows": 3, "value": 0.5, "previous": 0.7, "threshold": 0.6}
    assert WHAT[rule](row)
    assert set(EXPECTED) <= set(WHAT)
    assert set(ALWAYS) <= set(EXPECTED)


def test_rows_of_customers_are_told_about_and_their_age_at_least():
    rows = {"table": "customers", "rows": 0, "value": 10, "previous": 20, "threshold": 19.0}
    assert WHAT["row_count"](rows) == "about 10 rows in the quarter, about 20 in the one before"
    assert WHAT["last_row"](rows | {"value": 60}).startswith("the last row is at least 60 days old")
    assert WHAT["last_row"](rows).startswith("the last row is 10 days old")
    said = words.volumes_words(quality_table([FEWER]))["subtitle"]
    assert said.endswith(
        "Of customers and subscriptions to the nearest 10 rows, and at most 60 days, lest they tell how few joined or "
        "left"
    )


def test_churned_without_a_day_is_a_finding_that_says_what_is_missing():
    undated = Measure("customers", "churn_date", "consistency", "churned_without_a_day", 0.0, "bad", 8, 0.98)
    got = quality_notes(quality_table([undated])).iloc[0]
    assert got["found"] == "8 accounts have status churned without a churn_date (100.00 %)"
    assert got["do"] == "Map churn_date, or the end dates of products."


def test_lines_lost_in_files_of_one_kind_are_one_finding():
    lost = quality_notes(quality_table([FAR])).assign(severity="set_aside", rule="total", rows=2)
    files = [f"bills/{month}.csv" for month in (202401, 202402, 202403)]
    rows = [lost.assign(table=name, where=f"{name}, line 9") for name in [*files, "people.csv"]]
    rows += [lost.assign(table=name, where=name) for name in ("invoices", "usage")]
    got = words.all_findings(pd.concat(rows, ignore_index=True), lost.iloc[:0])
    assert got["where"].tolist() == [
        "bills/202401.csv, line 9 (and in 2 files alike)", "people.csv, line 9", "invoices", "usage",
    ]  # fmt: skip
    assert got["rows"].tolist() == [6, 2, 2, 2]


def test_what_set_rows_aside_comes_first_then_what_the_measures_noticed_then_the_rest():
    notes = quality_notes(quality_table([FAR]))
    doors = pd.concat(
        [notes.assign(rule=rule, severity=rule) for rule in ("note", "fixed", "set_aside")], ignore_index=True
    )
    assert words.all_findings(doors, notes)["rule"].tolist() == ["set_aside", "total:amount", "fixed", "note"]
    assert words.all_findings(doors, notes.iloc[:0])["rule"].tolist() == ["set_aside", "fixed", "note"]
    assert words.all_findings(doors.iloc[:0], notes)["rule"].tolist() == ["total:amount"]
    assert words.all_findings(doors.iloc[:0], notes.iloc[:0]).empty


@pytest.mark.parametrize("rule", sorted(WHAT))
def test_one_case_is_told_in_the_singular(rule: str):
    got = WHAT[rule]({"rule": rule, "rows": 1, "value": 1.0, "previous": 1.0, "threshold": 1.0})
    assert not re.search(r"\b1 (rows|values|records|customers|bill lines|days|closed accounts|customers')(?!\w)", got)
