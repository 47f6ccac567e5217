"""The dictionary of headers: what it knows, and that it never says two things."""

from __future__ import annotations

import pytest

from analysis.extracts.chinese import is_chinese_header
from analysis.extracts.contract import CONTRACT
from analysis.extracts.header_names import BY_TABLE, EVERYWHERE
from analysis.extracts.spellings import known_names, plain_name


@pytest.mark.parametrize(
    ("header", "plain"),
    [
        ("Customer ID", "customerid"),
        ("customerID", "customerid"),
        ("ＣＵＳＴＯＭＥＲ＿ＩＤ", "customerid"),
        ("fee.1", "fee"),
        ("Download..Mbit.s", "downloadmbits"),
        ("Kündigungsdatum", "kundigungsdatum"),
        ("月租费（元）", "月租费元"),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(header: str, plain: str):
    assert plain_name(header) == plain


@pytest.mark.parametrize("table", list(CONTRACT))
def test_a_spelling_means_one_column_of_a_table(table: str):
    meant: dict[str, set[str]] = {}
    for column in CONTRACT[table].names:
        for spelling in f"{EVERYWHERE.get(column, '')}|{BY_TABLE.get(table, {}).get(column, '')}|{column}".split("|"):
            meant.setdefault(plain_name(spelling), set()).add(column)
    assert {name: columns for name, columns in meant.items() if name and len(columns) > 1} == {}


def test_the_dictionary_speaks_of_columns_that_the_contract_has():
    columns = {column for table in CONTRACT.values() for column in table.names}
    assert set(EVERYWHERE) <= columns
    assert {(table, c) for table in BY_TABLE for c in BY_TABLE[table] if c not in CONTRACT[table].names} == set()


def test_a_contract_name_is_known_under_itself():
    assert known_names("usage")["downloadgb"] == "download_gb"


def test_an_amount_is_known_with_its_currency_behind_it():
    assert known_names("subscriptions")["月租费元"] == "monthly_fee"


@pytest.mark.parametrize(
    ("head", "is_chinese"),
    [
        ("客户编号,地区\n".encode("gb18030"), True),
        ('"客户编号";"地区"\r\n'.encode("gbk"), True),
        ("客户编号,地区\n".encode(), False),
        ("没有见过的名字\n".encode("gb18030"), False),
        ("customer_id,Müller\n".encode("latin-1"), False),
        (b"customer_id\n", False),
        (b"", False),
    ],
)
def test_a_header_is_taken_for_gb18030_where_only_that_makes_known_names_of_it(head: bytes, is_chinese: bool):
    assert is_chinese_header(head) is is_chinese
