"""Mail addresses and telephone numbers are known by their looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analysis.basis.errors import InputRefused
from analysis.extracts.personal import looks_like_code, looks_personal, said, said_code


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


@pytest.mark.parametrize(
    "text", ["active", "Geschäftskunde", "non payment", "B2B-1", "2026-Q3", "5G Home Plus", "gone"]
)
def test_short_words_are_codes(text: str) -> None:
    assert looks_like_code(text)
    assert said_code(text) == f"'{text}'"


@pytest.mark.parametrize(
    "text",
    ["Mrs Jane Roe 07700 900123", "gekündigt Hr. Schmidt", "Frau Roe", "Dr.Roe", "tel 07700 900123", "c/o Roe",
     "jane at home@roe", "moved to the flat above", "王先生", "one-very-long-text-of-just-one-single-word", "12345"],
)  # fmt: skip
def test_of_free_text_a_message_tells_the_length_only(text: str) -> None:
    assert not looks_like_code(text)
    assert said_code(text) == f"a text of {len(text)} characters"


@pytest.mark.parametrize("text", ["12345", "2026-09-31T10:00:00Z", "1.234.567,89 EUR", "5. Mai 2024", "20260930"])
def test_days_amounts_and_numbers_are_shown_where_one_was_expected(text: str) -> None:
    assert said(text) == f"'{text}'"


def test_a_name_and_a_number_in_a_longer_text_reach_no_message(taken: Callable[..., Any]) -> None:
    head = "customer_id,status,customer_type,birth_year,plan\n"
    rows = "A,,household,1970\nB,,Mrs Jane Roe 07700 900123,\nC,gekündigt Hr. Schmidt,,\nD,,,born to Mrs Roe in 1970\n"
    got = taken({"customers.csv": head + rows.replace("\n", ",x\n")})
    assert "expected customer_type to be household, business, government or education, found a text of 25" in (
        got.sentence("accepted_values:customer_type")
    )
    assert "found a text of 21 characters. This row" in got.sentence("accepted_values:status")
    assert "found a text of 23 characters. This row" in got.sentence("type:birth_year")
    assert (
        not got.extracts.findings.astype(str)
        .apply(lambda column: column.str.contains("Roe|Schmidt|0770"))
        .any(axis=None)
    )


def test_a_name_among_codes_reaches_no_message(taken: Callable[..., Any]) -> None:
    files = {"customers.csv": "customer_id,region\nA,North\nB,bei Frau Roe\n"}
    got = taken(files, codes="{region: [North]}")
    assert "found a text of 12 characters. They count as other." in got.sentence("codes:region")


def test_a_column_of_names_in_place_of_codes_is_refused_without_one(refused: Callable[..., str]) -> None:
    got = refused({"campaigns.csv": "campaign_id,name,start_date\nC,x,bei Frau Roe\n"})
    assert "found a text of 12 characters, and no good value in 1 row" in got


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
