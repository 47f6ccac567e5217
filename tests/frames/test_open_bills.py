"""What is owed on a day, by hand: a payment that comes later is not known yet."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from tests.bill_lines import Line, bill, bill_lines

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.open_bills import lasting_lines, open_bills, owing, payments, worst_bucket

END = dt.date(2026, 6, 30)


def opened(engine: Engine, *lines: Line, on: dt.date = END, first: dt.date | None = None) -> pd.DataFrame:
    kept = lasting_lines(bill_lines(engine, lines))
    return to_pandas(open_bills(kept, [on], first=first).sort("customer_id", "invoice_id"))


@pytest.mark.parametrize(
    ("due", "bucket"),
    [
        ("2026-07-01", "not due"),
        ("2026-06-30", "not due"),
        ("2026-06-29", "1-30"),
        ("2026-05-31", "1-30"),
        ("2026-05-30", "31-60"),
        ("2026-05-01", "31-60"),
        ("2026-04-30", "61-90"),
        ("2026-04-01", "61-90"),
        ("2026-03-31", "over 90"),
    ],
)
def test_a_bill_is_aged_by_the_days_since_the_day_after_it_was_due(engine: Engine, due: str, bucket: str) -> None:
    assert opened(engine, bill("1", "a", 10, "2026-03-01", due))["bucket"].tolist() == [bucket]


def test_a_payment_after_the_day_is_not_known_yet_and_one_on_it_is(engine: Engine) -> None:
    later = bill("1", "a", 10, "2026-03-01", "2026-03-15", "2026-07-01")
    on_it = bill("2", "a", 10, "2026-03-01", "2026-03-15", "2026-06-30")
    assert opened(engine, later, on_it)["invoice_id"].tolist() == ["1"]


def test_a_bill_issued_after_the_day_is_not_known_yet(engine: Engine) -> None:
    assert opened(engine, bill("1", "a", 10, "2026-07-01", "2026-07-15")).empty


def test_lines_of_one_number_are_one_bill_with_tax_and_less_its_credits(engine: Engine) -> None:
    lines = [
        {**bill("1", "a", "100.00", "2026-04-01", "2026-05-15"), "tax": "19.00"},
        {**bill("1", "a", "-20.00", "2026-04-01", None), "tax": "-3.80", "kind": "credit"},
        bill("1", "b", 7, "2026-06-01", "2026-06-15"),
    ]
    got = opened(engine, *lines)
    assert got["owed"].tolist() == [95.20, 7]
    assert got["bucket"].tolist() == ["31-60", "1-30"]


def test_a_credit_of_its_own_stands_apart_however_old_it_is(engine: Engine) -> None:
    got = opened(
        engine, bill("c", "a", -20, "2026-01-01", "2026-01-15"), bill("1", "a", 50, "2026-04-01", "2026-04-15")
    )
    assert got.set_index("invoice_id")["bucket"].to_dict() == {"1": "61-90", "c": "credit"}
    assert to_pandas(worst_bucket(engine.table(got)))["state"].tolist() == ["61-90"]


def test_who_paid_bills_older_than_payments_on_record_is_not_known(engine: Engine) -> None:
    lines = [bill("1", "a", 10, "2025-11-01", "2025-11-15"), bill("2", "a", 10, "2026-02-01", None)]
    assert opened(engine, *lines, first=dt.date(2026, 1, 1))["bucket"].tolist() == ["not on record", "no due date"]


def test_what_was_paid_by_a_later_day_is_told_of_each_bill(engine: Engine) -> None:
    lines = [
        bill("1", "a", 10, "2026-03-01", "2026-03-15", "2026-09-30"),
        bill("1", "a", 5, "2026-03-01", "2026-03-15"),
    ]
    kept = lasting_lines(bill_lines(engine, lines))
    got = [
        float(to_pandas(open_bills(kept, [END], first=None, until=[later]))["unpaid"].iloc[0])
        for later in (dt.date(2026, 9, 29), dt.date(2026, 9, 30))
    ]
    assert got == [15, 5]
    assert to_pandas(open_bills(kept, [END], first=None))["unpaid"].isna().all()


def test_a_column_of_payments_without_any_is_no_sign_that_nobody_paid(engine: Engine) -> None:
    unpaid = [bill(str(number), "a", 10, "2026-01-01", "2026-01-15") for number in range(3)]
    assert not payments(bill_lines(engine, unpaid), END).told
    mostly = [*unpaid[:1], bill("8", "a", 10, "2026-01-01", "2026-01-15", "2026-01-20")]
    got = payments(bill_lines(engine, mostly), END)
    assert got.told
    assert (got.lines, got.dated, got.paid, got.first, got.last) == (2, 2, 1, dt.date(2026, 1, 1), dt.date(2026, 1, 20))


def test_payments_of_few_old_bills_are_not_all_there_are(engine: Engine) -> None:
    lines = [bill(str(number), "a", 10, "2026-01-01", "2026-01-15") for number in range(3)]
    paid = bill("8", "a", 10, "2026-01-01", "2026-01-15", "2026-01-20")
    assert not payments(bill_lines(engine, [*lines, paid]), END).told


def test_bills_without_due_dates_and_no_bills_tell_nothing(engine: Engine) -> None:
    assert not payments(bill_lines(engine, [bill("1", "a", 10, "2026-01-01", None, "2026-02-01")]), END).told
    assert payments(bill_lines(engine, []), END)[:5] == (0, 0, 0, 0, 0)


def test_who_owes_has_a_bill_past_its_due_date_however_old(engine: Engine) -> None:
    lines = bill_lines(
        engine,
        [
            bill("1", "old", 10, "2025-03-01", "2025-03-15"),
            bill("2", "paid", 10, "2025-03-01", "2025-03-15", "2025-03-10"),
            bill("3", "paid", 10, "2025-04-01", "2025-04-15", "2025-04-10"),
            bill("4", "early", 10, "2026-06-20", "2026-07-15"),
            bill("5", "refund", -10, "2026-03-01", "2026-03-15"),
        ],
    )
    found = owing(lines, END)
    assert found is not None
    assert to_pandas(found)["customer_id"].tolist() == ["old"]
    assert owing(bill_lines(engine, [bill("1", "old", 10, "2025-03-01", "2025-03-15")]), END) is None
