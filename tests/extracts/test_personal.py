"""Mail addresses and telephone numbers are known by their looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analysis.basis.errors import InputRefused
from analysis.extracts.personal import looks_personal


@pytest.mark.parametrize(
    "text",
    ["jo@mail.example", "call jo.l@mail.example now", "+49 170 2222333", "0170/2222333", "0170 2222333",
     "00491702222333", "(030) 1234567", "030-12345678", "555-123-4567"],
)  # fmt: skip
def test_mail_addresses_and_telephone_numbers_are_personal(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text",
    ["29.90", "1,234.50", "1.234.567,89", "2026-13-01", "05.03.2024", "2026-09-31 10:00:00", "2026-09-31 10.00.00",
     "20260930", "1727654400", "46022", "123456789012345678", "n/a", "free", "-5", "0", "", "12 GB", "0.45"],
)  # fmt: skip
def test_amounts_days_numbers_and_words_are_not(text: str) -> None:
    assert not looks_personal(text)


def test_a_message_says_that_it_was_personal_and_not_what(taken: Callable[..., Any]) -> None:
    rows = "A,2024-01-01,1970\nB,2024-01-01,jo@mail.example\n"
    got = taken({"customers.csv": "customer_id,signup_date,birth_year\n" + rows})
    assert got.sentence("type:birth_year") == (
        "customers.csv, line 3: expected birth_year as a whole number, found a person's data. This row is set aside "
        "(a run writes it to quarantine/customers.parquet). Correct it there, or translate it in "
        "params/sources/acme/customers.sql."
    )
    lines = "subscription_id,customer_id,product,monthly_fee,start_date\nS,A,tv,5,0170 2222333\n"
    with pytest.raises(InputRefused, match="found a person's data, and no good value in 1 row"):
        taken({"subscriptions.csv": lines})
