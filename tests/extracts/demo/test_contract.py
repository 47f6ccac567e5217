"""What the demo writes is what the contract says, but for the few flaws that are meant."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.extracts.contract import CONTRACT
from analysis.extracts.demo.parameters import Parameters

UNTIL = pd.Timestamp("2026-09-30")
PLANNED = {"due_date", "discount_end_date", "contract_end_date"}  # known before their day
every_table = pytest.mark.parametrize("table", list(CONTRACT))


@every_table
def test_a_table_has_the_contracts_columns_and_rows(texts, table):
    assert list(texts[table].columns) == list(CONTRACT[table].names)
    assert len(texts[table]) > 0


@every_table
def test_every_column_is_filled_somewhere(texts, table):
    got = {name for name in texts[table].columns if (texts[table][name] == "").all()}
    assert got == set()


@every_table
def test_required_cells_are_filled(texts, table):
    required = [column.name for column in CONTRACT[table].columns if column.required]
    assert (texts[table][required] != "").all(axis=None)


@every_table
def test_words_are_those_the_contract_accepts(texts, table):
    for column in CONTRACT[table].columns:
        found = set(texts[table][column.name]) - {""}
        assert not column.values or found <= set(column.values)


@every_table
def test_numbers_lie_in_their_ranges_but_for_a_few_usage_rows(tables, table):
    for column in CONTRACT[table].columns:
        values = tables[table][column.name]
        low = (values < column.low).sum() if column.low is not None else 0
        high = (values > column.high).sum() if column.high is not None else 0
        assert high == 0
        assert low == 0 or column.name == "download_gb"


def test_about_two_in_ten_thousand_usage_rows_are_negative(tables):
    got = (tables["usage"]["download_gb"] < 0).mean()
    assert Parameters().desk.negative_usage / 3 < got < Parameters().desk.negative_usage * 3


def test_about_five_in_ten_thousand_tickets_came_twice_with_every_cell_equal(texts):
    tickets = texts["tickets"]
    repeated = tickets.duplicated("ticket_id")
    assert 0 < repeated.mean() < 0.002
    assert (tickets.duplicated() == repeated).all()


@every_table
def test_keys_are_unique(texts, table):
    key = list(CONTRACT[table].key)
    rows = texts[table].drop_duplicates() if table == "tickets" else texts[table]
    assert not key or not rows.duplicated(key).any()


@every_table
def test_references_are_found(texts, table):
    for column, other in CONTRACT[table].references.items():
        found = set(texts[table][column]) - {""}
        assert found <= set(texts[other][CONTRACT[other].key[0]])


def test_accounts_named_by_other_accounts_and_leads_are_found(texts):
    known = set(texts["customers"]["customer_id"]) | {""}
    assert set(texts["customers"]["parent_id"]) <= known
    assert set(texts["customers"]["replaces_customer_id"]) <= known
    assert set(texts["leads"]["converted_customer_id"]) <= known


@every_table
def test_nothing_is_dated_after_the_last_day(tables, table):
    for column in CONTRACT[table].columns:
        if column.type in ("date", "time", "month") and column.name not in PLANNED:
            assert not (tables[table][column.name] >= UNTIL + pd.Timedelta(days=1)).any()


@every_table
def test_months_are_first_days(tables, table):
    for column in CONTRACT[table].columns:
        if column.type == "month":
            assert (tables[table][column.name].dt.day == 1).all()


@pytest.mark.parametrize(
    ("table", "earlier", "later"),
    [
        ("customers", "signup_date", "churn_date"),
        ("subscriptions", "start_date", "end_date"),
        ("subscriptions", "start_date", "contract_end_date"),
        ("invoices", "issued_on", "due_date"),
        ("invoices", "issued_on", "paid_date"),
        ("tickets", "opened_at", "closed_at"),
        ("surveys", "sent_at", "answered_at"),
        ("campaigns", "start_date", "end_date"),
        ("contacts", "contacted_at", "converted_at"),
        ("leads", "created_at", "converted_at"),
        ("work_orders", "opened_at", "closed_at"),
    ],
)
def test_what_comes_later_is_dated_later(tables, table, earlier, later):
    rows = tables[table].dropna(subset=[later])
    assert len(rows) > 0
    assert (rows[later] > rows[earlier]).all()


@pytest.mark.parametrize("table", ["tickets", "work_orders"])
def test_what_is_not_closed_is_open(tables, table):
    rows = tables[table]
    assert (rows["closed_at"].isna() == (rows["status"] == "open")).all()


def test_what_an_open_ticket_will_cost_is_not_known(tables):
    rows = tables["tickets"]
    waiting = rows[rows["closed_at"].isna()]
    assert len(waiting) > 0
    assert waiting[["cost", "handle_minutes", "resolved_first_contact"]].isna().all(axis=None)


def test_an_unanswered_survey_has_no_scores(tables):
    rows = tables["surveys"]
    for score in ("nps_score", "csat_score"):
        assert (rows["answered_at"].isna() == rows[score].isna()).all()


@pytest.mark.parametrize("column", ["monthly_fee", "discount"])
def test_money_is_written_with_two_decimals(texts, column):
    assert texts["subscriptions"][column].str.fullmatch(r"\d+\.\d\d").all()


def test_usage_begins_when_the_source_says_it_does(tables):
    assert tables["usage"]["month"].min() == pd.Timestamp("2024-01-01")
    assert tables["network"]["month"].min() == pd.Timestamp("2023-12-01")
    assert tables["invoices"]["month"].min() == pd.Timestamp("2023-10-01")
