"""What is written into a cell: never a formula, and ids, phones and addresses as they were."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.policy.handover_text import cells, mails, neutralised, phones, plain_text, unfit_ids

STARTS = "=+-@\t\r＝＋－＠﹢﹣﹦﹫"


def texts(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="object")


def plain(*values: str | None, swap: dict[str, str] | None = None) -> list[str | None]:
    return [None if pd.isna(value) else value for value in plain_text(texts(*values), swap=swap)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "−"])
def test_a_text_that_begins_as_a_formula_gets_an_apostrophe(start: str) -> None:
    assert plain(f"{start}cmd|' /C calc'!A0", f"  {start}1") == [f"'{start}cmd|' /C calc'!A0", f"'{start}1"]


def test_what_is_unseen_before_a_formula_does_not_hide_it() -> None:
    assert plain("\u200f=1+1", "\ufeff@x", "\t=1", "\r\n-2", "\u200d=3", "\u202e+4") == [
        "'=1+1", "'@x", "'=1", "'-2", "'=3", "'+4",
    ]  # fmt: skip


def test_line_breaks_become_blanks_and_writing_keeps_its_direction() -> None:
    assert plain("Anna\r\nMaria\x00\x85Berg", "\u202eevil\u2066", "a\u2028b", "  ", "", None) == [
        "Anna Maria Berg", "evil", "a b", None, None, None,
    ]  # fmt: skip


def test_names_of_the_world_stay_as_they_are() -> None:
    names = ['O\'Neill "Bo"', "李小龙", "👨‍👩‍👧 Ltd", "Müller-Lüdenscheidt", "שלום", "1 & 1"]
    assert plain(*names) == names


def test_what_a_crm_forbids_is_replaced_before_a_formula_is_looked_for() -> None:
    assert plain('<script>"a"|b', '"=1', swap={'"': "'", "|": "/", "<": "‹", ">": "›"}) == ["‹script›'a'/b", "'=1"]


def test_texts_with_an_apostrophe_are_counted_and_those_that_always_had_one_are_not() -> None:
    assert neutralised(plain_text(texts("=1", "x", "'t Hooft", None, "-y"))) == 2


@given(st.lists(st.text(max_size=12), min_size=1))
def test_no_text_whatever_begins_as_a_formula(values: list[str]) -> None:
    got = [value for value in plain(*values) if value is not None]
    assert not [value for value in got if value[0] in STARTS or value != value.strip() or "\n" in value]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("+49 30 23125 639", "+49 30 23125 639"),
        ("+49 (30) 231-25", "+49 30 231 25"),
        ("＋86 138/0013", "+86 138 0013"),
        ("0049 30 1", "0049 30 1"),
        ("030-123456", "030 123456"),
        ("\u202a+49 30 1\u202c", "+49 30 1"),
        ("+49*30", None),
        ("=1+2", None),
        ("-", None),
        ("call me", None),
    ],
)
def test_a_telephone_number_is_a_plus_digits_and_blanks(raw: str, expected: str | None) -> None:
    [got] = phones(texts(raw))
    assert (None if pd.isna(got) else got) == expected


def test_an_address_that_begins_as_a_formula_is_left_empty_for_it_cannot_be_changed() -> None:
    got = mails(texts("a.b+c@mail.example", "=a@mail.example", "-a@b.example", "none", "a@b", "李@邮件.中国"))
    assert [None if pd.isna(one) else one for one in got] == [
        "a.b+c@mail.example",
        None,
        None,
        None,
        None,
        "李@邮件.中国",
    ]


def test_ids_that_would_be_changed_are_named_and_numbers_with_a_sign_are_not() -> None:
    ids = ["0012", "12345678901234567890", "+4917012", "-7", "=7", "@a", "-a", "a\nb", " a", "a\u200b", "a|b", "ok-1"]
    got = unfit_ids(texts(*ids), forbidden="|")
    assert [one for one, unfit in zip(ids, got, strict=True) if unfit] == [
        "=7", "@a", "-a", "a\nb", " a", "a\u200b", "a|b",
    ]  # fmt: skip


def test_numbers_days_and_truth_are_written_the_same_everywhere() -> None:
    assert list(cells(pd.Series([0.12346, 3.0, -0.00001]), decimals=4)) == ["0.1235", "3", "0"]
    assert list(cells(pd.Series(pd.to_datetime(["2026-09-30"])), decimals=2)) == ["2026-09-30"]
    assert list(cells(pd.Series([True, False]), decimals=2)) == ["true", "false"]
    assert list(cells(pd.Series([7, 10_000_000]), decimals=2)) == ["7", "10000000"]
    assert cells(pd.Series([float("nan")]), decimals=2).isna().all()
