"""Bills that are not paid, and what the base rests on: figures of a report beside the raw extract."""

from __future__ import annotations

import datetime as dt
import stat
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.measures.ageing import AT_RISK
from analysis.models.credit_study import RISK_COLUMNS
from analysis.present.numbers import money, percent

if TYPE_CHECKING:
    from tests.reports.conftest import Report

END = pd.Timestamp("2026-09-30")
A_YEAR_AGO = pd.Timestamp("2025-09-30")
ALL = [*(("here", place) for place in range(5)), ("left", False), ("left", True)]
CHAPTER = "How are they served?"


def stage(report: Report, name: str) -> pd.DataFrame:
    return pd.read_parquet(report.run / f"{name}.parquet")


def words(report: Report) -> str:
    return " ".join(report.chapter(CHAPTER).get_text().split())


def plain(text: str) -> str:
    return " ".join(text.split())


def bills(report: Report) -> pd.DataFrame:
    """The raw bill lines of customers known by the as-of date: money exact, payments that come later taken out."""
    raw = report.root / "data" / "raw" / "demo"
    lines = pd.read_csv(raw / "invoices.csv", dtype=str)
    for name in ("issued_on", "due_date", "paid_date"):
        lines[name] = pd.to_datetime(lines[name])
    lines["gross"] = [Decimal(a) + Decimal(t) for a, t in zip(lines["amount"], lines["tax"].fillna("0"), strict=True)]
    people = pd.read_csv(raw / "customers.csv", dtype=str)
    kept_out = people.loc[people["status"].isin(["test", "staff", "internal"]), "customer_id"]
    # Who asked to be erased is in no table of the run.
    known = stage(report, "tables/customers")["customer_id"]
    lines = lines[~lines["customer_id"].isin(kept_out) & lines["customer_id"].isin(known)]
    latest = dict(zip(people["replaces_customer_id"], people["customer_id"], strict=True))
    lines["customer_id"] = [latest_key(one, latest) for one in lines["customer_id"]]
    return lines[lines["issued_on"] <= END]


def latest_key(account: str, latest: dict[str, str]) -> str:
    while account in latest:
        account = latest[account]
    return account


def open_on(lines: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Bills not paid at the end of a day: what is owed, and days since it was due."""
    known = lines[(lines["issued_on"] <= day) & ~(lines["paid_date"] <= day)]
    found = known.groupby(["customer_id", "invoice_id"]).agg(owed=("gross", "sum"), due=("due_date", "min"))
    return found.assign(late=(day - found["due"]).dt.days).reset_index()


def on_the_books(report: Report, day: pd.Timestamp) -> set[str]:
    spells = stage(report, "spells").astype({"start": "datetime64[ns]", "end": "datetime64[ns]"})
    return set(spells.loc[(spells["start"] <= day) & ~(spells["end"] <= day), "customer_id"])


def test_what_is_owed_and_overdue_is_that_of_the_raw_extract_to_the_unit(demo: Report) -> None:
    owing = open_on(bills(demo), END)
    assert demo.values["owed_total",] == pytest.approx(float(owing["owed"].sum()), abs=0.5)
    late = (owing["late"] > 0) & (owing["owed"] > 0)
    if owing.loc[~late, "customer_id"].nunique() in range(1, 11):
        assert ("owed_overdue",) not in demo.values
    elif ("owed_overdue",) in demo.values:
        assert demo.values["owed_overdue",] == pytest.approx(float(owing.loc[late, "owed"].sum()), abs=0.5)
    assert plain(money(float(owing["owed"].sum()), "EUR", places=0)) in words(demo)


def test_overdue_customers_and_their_fees_are_those_of_the_raw_extract(demo: Report) -> None:
    owing = open_on(bills(demo), END)
    late = owing[(owing["late"] > 0) & (owing["owed"] > 0)].groupby("customer_id")["late"].max()
    customers = stage(demo, "customers")
    active = customers[customers["state"] == "active"]
    share = active["customer_id"].isin(late.index).mean()
    assert demo.values["overdue_customers",] == pytest.approx(share)
    far = customers[
        customers["state"].isin(["active", "suspended"]) & customers["customer_id"].isin(late.index[late > 60])
    ]
    fees = (far["monthly_fee"].astype(float) - far["discount"].astype(float).fillna(0)).sum()
    if len(far) >= 11:
        assert demo.values["fees_at_risk",] == pytest.approx(fees)
    else:
        assert ("fees_at_risk",) not in demo.values
    table = stage(demo, "credit_risk").set_index("customer_id")
    worst = late.reindex(table.index).fillna(0)
    assert (table["bucket"].isin(AT_RISK) == (worst > 60)).all()
    assert ((table["bucket"] == "current") == (worst == 0)).all()


def test_what_is_never_paid_is_that_of_the_raw_extract(demo: Report) -> None:
    lines = bills(demo)
    year = lines[(lines["issued_on"] > pd.Timestamp("2024-09-30")) & (lines["issued_on"] <= A_YEAR_AGO)]
    still = year[~(year["paid_date"] <= END)]
    if still["customer_id"].nunique() < 11:
        assert ("never_paid",) not in demo.values
        return
    unpaid = still["gross"].sum()
    assert demo.values["never_paid",] == pytest.approx(float(unpaid / year["gross"].sum()))


def test_the_loss_expected_is_what_became_of_the_money_owed_a_year_ago(demo: Report) -> None:
    lines = bills(demo)
    owed, lost, who = defaultdict(Decimal), defaultdict(Decimal), defaultdict(set)
    for day in pd.date_range("2024-10-31", "2025-09-30", freq="ME"):
        for cell, customer, amount, unpaid in cohort(demo, lines, day, day + pd.offsets.MonthEnd(12)):
            owed[cell] += amount
            lost[cell] += unpaid
            who[cell].add(customer)
    now = defaultdict(Decimal)
    for cell, _, amount, _ in cohort(demo, lines, END, END):
        now[cell] += amount
    rates = {cell: share(cell, owed, lost, who) for cell in now}
    expected = sum(rates[cell] * now[cell] for cell in now)
    assert demo.values["expected_loss",] == pytest.approx(float(expected))
    here = sum(rates[cell] * now[cell] for cell in now if cell[0] == "here")
    if ("expected_loss_here",) in demo.values:
        assert demo.values["expected_loss_here",] == pytest.approx(float(here))
    assert float(stage(demo, "credit_risk")["expected_loss"].sum()) <= float(here) + 0.01


def share(cell: tuple, owed: dict, lost: dict, who: dict) -> Decimal:
    """The share never paid; of few customers, that of all overdue debts beside them."""
    own = [cell]
    if len(who[cell]) < 5 and cell != ("here", 0):
        own = [one for one in ALL if one[0] == cell[0] and one != ("here", 0)]
        own = [one for one in own if one in owed]
    return sum(lost[one] for one in own) / sum(owed[one] for one in own)


def cohort(report: Report, lines: pd.DataFrame, day: pd.Timestamp, later: pd.Timestamp) -> list[tuple]:
    owing = open_on(lines, day)
    still = open_on(lines[lines["issued_on"] <= day], later).set_index(["customer_id", "invoice_id"])["owed"]
    here = on_the_books(report, day)
    found = []
    for row in owing[owing["owed"] > 0].itertuples():
        place = sum(row.late >= edge for edge in (1, 31, 61, 91))
        cell = ("left", place == 4) if row.customer_id not in here else ("here", place)
        found.append((cell, row.customer_id, row.owed, still.get((row.customer_id, row.invoice_id), Decimal(0))))
    return found


def test_every_active_customer_has_a_row_of_risk_and_chances_are_chances(either: Report) -> None:
    table, customers = stage(either, "credit_risk"), stage(either, "customers")
    assert table.columns.tolist() == RISK_COLUMNS
    assert table["customer_id"].tolist() == sorted(customers.loc[customers["state"] == "active", "customer_id"])
    told = table["default_3m"].dropna()
    assert told.between(0, 1).all()


def test_the_largest_accounts_are_for_the_owner_only_and_in_no_report(demo: Report) -> None:
    path = demo.run / "largest_accounts.parquet"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    listed = pd.read_parquet(path)
    assert listed["place"].tolist() == list(range(1, len(listed) + 1))
    text = demo.html.get_text() + demo.pdf_text + str(demo.rows)
    assert not [account for account in listed["account"] if account in text]
    first = listed["share"].iloc[0]
    assert percent(first) not in words(demo) or first < 0.01
    assert (listed["share"].head(11).sum()) == pytest.approx(demo.values["largest_accounts_share",])


def test_the_largest_accounts_are_those_of_the_raw_bills(demo: Report) -> None:
    months = stage(demo, "months").astype({"revenue": "float64"})
    year = months[pd.to_datetime(months["month"]) >= pd.Timestamp(dt.date(2025, 10, 1))]
    people = pd.read_csv(demo.root / "data/raw/demo/customers.csv", dtype=str).set_index("customer_id")
    alone = year.groupby("customer_id")["revenue"].sum()
    listed = stage(demo, "largest_accounts")
    whole = alone[alone > 0].sum()
    single = listed[listed["customers"] == 1].head(20)
    assert single["amount"].tolist() == pytest.approx(alone.loc[single["account"]].tolist())
    assert single["share"].tolist() == pytest.approx((single["amount"] / whole).tolist(), rel=1e-3)
    for row in listed[listed["customers"] > 1].itertuples():
        home = people.at[row.account, "household_id"]
        if not pd.isna(home):
            members = people.index[people["household_id"] == home]
            assert row.amount == pytest.approx(alone.reindex(members).sum())


def test_the_samples_say_what_cannot_be_told(ibm: Report, cdnow: Report) -> None:
    for report in (ibm, cdnow):
        assert "Bills that are not paid cannot be told" in words(report)
        assert not {"owed_total", "expected_loss", "never_paid", "default_auc"} & {row["metric"] for row in report.rows}
    assert stage(ibm, "credit_risk").drop(columns="customer_id").isna().all().all()
