"""`linecard map` on extracts of other companies: how many columns it finds, and that what it drafts runs."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.extracts.renamed import CHINESE, ENGLISH, Renaming, write_renamed

from analysis.extracts.contract import CONTRACT
from analysis.extracts.demo import write_demo
from analysis.extracts.draft.drafting import Draft, draft
from analysis.extracts.draft.told import told
from analysis.extracts.engine import Engine
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source

Column = tuple[str, str]  # contract table, column
Truth = Mapping[Column, tuple[str, ...]]  # what may stand for it: raw columns, any of which is right
AS_OF = dt.date(2026, 9, 30)

SERVICES, STATUS = "Telco_customer_churn_services", "Telco_customer_churn_status"
IBM_TRUTH: Truth = {
    ("customers", "customer_id"): ("Customer ID",),
    ("customers", "signup_date"): ("Tenure in Months",),
    ("customers", "churn_date"): ("Churn Value", "Churn Label"),
    ("customers", "churn_reason"): ("Churn Reason",),
    ("customers", "churn_kind"): ("Churn Category", "Churn Reason"),
    ("customers", "status"): ("Customer Status", "Churn Value", "Churn Label"),
    ("customers", "birth_year"): ("Age",),
    ("customers", "region"): ("State", "City"),
    ("customers", "area_id"): ("Zip Code",),
    ("subscriptions", "customer_id"): ("Customer ID",),
    ("subscriptions", "technology"): ("Internet Type",),
    ("subscriptions", "monthly_fee"): ("Monthly Charge",),
    ("subscriptions", "contract_months"): ("Contract",),
    ("subscriptions", "payment_method"): ("Payment Method",),
    ("subscriptions", "start_date"): ("Tenure in Months",),
    ("subscriptions", "end_date"): ("Churn Value", "Churn Label"),
    ("usage", "download_gb"): ("Avg Monthly GB Download",),
}
COMCAST_TRUTH: Truth = {
    ("tickets", "ticket_id"): ("Ticket #",),
    ("tickets", "opened_at"): ("Date", "Date_month_year"),
    ("tickets", "status"): ("Status",),
    ("tickets", "channel"): ("Received Via",),
    ("tickets", "text"): ("Customer Complaint",),
    ("tickets", "region"): ("State", "City"),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "demo"
    write_demo(folder, customers=300, months=24, seed=5, names="en", truth=False)
    return folder


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


def drafted(folder: Path, engine: Engine) -> Draft:
    return draft(folder, name="acme", files="raw", engine=engine)


def taken_from(got: Draft) -> dict[Column, str]:
    """Contract column → the raw column its drafted line is made of; for lines reckoned from others, their SQL."""
    lines = {(one.plan.table, line.name): line.raw or line.sql for one in got.tables for line in one.lines}
    matches = {(one.plan.table, match.target.name): match.column.name for one in got.tables for match in one.plan.found}
    return lines | {column: name for column, name in matches.items() if not column[1].startswith("_")}


def right(got: Draft, truth: Truth) -> list[Column]:
    found = taken_from(got)
    return [column for column, names in truth.items() if any(name in found.get(column, "") for name in names)]


def truth_of(renaming: Renaming) -> Truth:
    return {
        (table, column): (header,) for table, (_, headers) in renaming.items() for column, header in headers.items()
    }


def is_key(column: Column) -> bool:
    table = CONTRACT[column[0]]
    return column[1] in (*table.key, *table.references) and column[1] != "month"


@pytest.mark.parametrize(("renaming", "at_least"), [(CHINESE, 0.95), (ENGLISH, 0.95)], ids=["chinese", "english"])
def test_a_renamed_export_is_found_again(
    renaming: Renaming, at_least: float, demo: Path, tmp_path: Path, engine: Engine
):
    write_renamed(demo, tmp_path / "raw", renaming)
    got, truth = drafted(tmp_path / "raw", engine), truth_of(renaming)
    found = taken_from(got)
    assert len(right(got, truth)) / len(truth) >= at_least
    assert {column: found.get(column) for column in truth if is_key(column)} == {
        column: names[0] for column, names in truth.items() if is_key(column)
    }
    wrong = {column: name for column, name in found.items() if name not in truth.get(column, ())}
    assert wrong == {}
    assert {one.plan.table: one.plan.raws[0].name for one in got.tables} == {
        t: name for t, (name, _) in renaming.items()
    }


def test_what_is_drafted_of_a_renamed_export_reads_every_row_of_it(demo: Path, tmp_path: Path, engine: Engine):
    folder = tmp_path / "params" / "sources" / "acme"
    folder.mkdir(parents=True)
    write_renamed(demo, folder / "raw", ENGLISH)
    for name, text in drafted(folder / "raw", engine).files.items():
        (folder / name).write_text(_filled_in(text) if name == "source.yml" else text, encoding="utf-8")
    write_renamed(
        demo,
        tmp_path / "plain",
        {table: (table, dict(zip(names, names, strict=True))) for table, (_, names) in ENGLISH.items()},
    )
    source = read_source(folder, environ={})
    got = intake(source, engine, as_of=AS_OF).doors.set_index("table")
    want = intake(replace(source, files=tmp_path / "plain", selects={}), engine, as_of=AS_OF).doors.set_index("table")
    assert got.equals(want)
    assert got["accepted"].min() > 0


def test_ibm_s_five_tables_need_a_handful_of_edits(shared_data: Path, tmp_path: Path, engine: Engine):
    for path in (shared_data / "ibm_telco_multitable").glob("*.csv"):
        shutil.copy(path, tmp_path)
    got = drafted(tmp_path, engine)
    assert sorted(right(got, IBM_TRUTH)) == sorted(IBM_TRUTH)
    assert [one.plan.table for one in got.tables] == ["customers", "subscriptions", "usage"]
    assert got.unused == ["Telco_customer_churn_population"]
    assert "customer_id || '/' || product AS subscription_id" in got.files["subscriptions.sql"]


def test_ibm_s_draft_counts_its_customers_and_leavers(shared_data: Path, tmp_path: Path, engine: Engine):
    folder = tmp_path / "params" / "sources" / "acme"
    (folder / "raw").mkdir(parents=True)
    for path in (shared_data / "ibm_telco_multitable").glob("*.csv"):
        shutil.copy(path, folder / "raw")
    for name, text in drafted(folder / "raw", engine).files.items():
        known = _filled_in(text).replace("2024-10-01", "2019-07-01").replace("2024-12-31", "2019-09-30")
        (folder / name).write_text(known, encoding="utf-8")
    got = intake(read_source(folder, environ={}), engine, as_of=dt.date(2019, 9, 30)).tables
    customers = got["customers"].collect("pandas").to_native()
    held = got["subscriptions"].collect("pandas").to_native()
    assert len(customers) == 7043
    assert customers["status"].value_counts().to_dict() == {"active": 5174, "churned": 1869}
    assert round(float(held["monthly_fee"].sum()), 2) == 456_116.60  # as the sample's own sum: no fee counted twice
    assert held["contract_months"].isin([1, 12, 24]).all()
    assert min(got["usage"].collect("pandas").to_native()["month"].astype(str).unique()) == "2019-07-01"


def test_comcast_s_complaints_need_a_handful_of_edits(shared_data: Path, tmp_path: Path, engine: Engine):
    shutil.copy(shared_data / "comcast_complaints" / "Comcast_telecom_complaints_data.csv", tmp_path)
    got = drafted(tmp_path, engine)
    assert sorted(right(got, COMCAST_TRUTH)) == sorted(COMCAST_TRUTH)
    assert "-- unsure: read as %d-%m-%y, for so it agrees with 'Date_month_year'" in got.files["tickets.sql"]
    assert 'date_format: "%d-%m-%y"' in got.files["source.yml"]


def test_comcast_s_draft_and_the_order_of_its_tickets_give_the_true_months(
    shared_data: Path, tmp_path: Path, engine: Engine
):
    folder = tmp_path / "params" / "sources" / "acme"
    (folder / "raw").mkdir(parents=True)
    shutil.copy(shared_data / "comcast_complaints" / "Comcast_telecom_complaints_data.csv", folder / "raw")
    files = drafted(folder / "raw", engine).files
    (folder / "tickets.sql").write_text(files["tickets.sql"], encoding="utf-8")
    known = _filled_in(files["source.yml"]).replace("2024-10-01", "2015-01-01")
    order = "date_order: {column: opened_at, by: ticket_id}\n"
    (folder / "source.yml").write_text(known + order, encoding="utf-8")
    got = intake(read_source(folder, environ={}), engine, as_of=dt.date(2015, 12, 31)).tables["tickets"]
    months = got.collect("pandas").to_native()["opened_at"].dt.month
    assert months.value_counts().to_dict() == {4: 545, 5: 399, 6: 1280}


def test_what_was_drafted_is_told_with_what_to_do_next(demo: Path, tmp_path: Path, engine: Engine):
    write_renamed(demo, tmp_path / "raw", CHINESE)
    got = "\n".join(told(drafted(tmp_path / "raw", engine), shown="params/sources/acme"))
    assert "  customers      16 columns, 2 unsure  from 客户主档.csv" in got
    assert "  invoices.paid_date from '实际缴费日': its name says so only in part." in got
    assert "  客户主档: 获客费用, 上级单位客户ID, 离网缘由" in got
    assert "  1. Fill in observed_from, timezone in params/sources/acme/source.yml." in got


def _filled_in(text: str) -> str:
    """source.yml as somebody who knows fills it in."""
    for marked, known in {
        "# observed_from: 2024-01-01": "observed_from: 2024-10-01",
        "# snapshot_date:": "snapshot_date:",
        'currency: "?"': "currency: EUR",
        'timezone: "?"': "timezone: Europe/Berlin",
    }.items():
        text = text.replace(marked, known)
    return text
