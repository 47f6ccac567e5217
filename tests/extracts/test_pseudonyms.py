"""Ids become keyed hashes on reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.intake import Extracts, intake
from analysis.extracts.key import Key
from analysis.extracts.pseudonyms import SCOPES

KEY = Key(b"0123456789abcdef0123456789abcdef")
AS_OF = dt.date(2024, 12, 31)
FILES = {
    "customers.csv": "customer_id,signup_date,household_id,parent_id,replaces_customer_id\n"
    "A,2024-01-01,A,,\nÄ-2,2024-02-01,A,A,A\nSOLO,2024-03-01,,GONE,\n",
    "usage.csv": "customer_id,month,download_gb\nA,2024-05,1\nÄ-2,2024-05,2\nA,2024-06,3\nORPHAN,2024-06,3\n",
    "tickets.csv": "ticket_id,opened_at,customer_id,text\nT1,2024-05-01,A,A here: call 0170\nT2,2024-05-02,,\n",
    "leads.csv": "lead_id,created_at,converted_customer_id,converted_at\nL1,2024-01-01,A,2024-01-01\n",
}
NO_IDS = {"campaign_id", "area_id"}  # they name no customer and nothing of one


@pytest.fixture
def got(written: Callable[..., Any], engine: Engine) -> Extracts:
    return intake(written(FILES), engine, as_of=AS_OF, key=KEY)


def column(extracts: Extracts, table: str, name: str, by: str) -> list[object]:
    values = to_pandas(extracts.tables[table]).sort_values(by)[name].astype(object)
    return [None if pd.isna(value) else value for value in values]


def test_a_customer_has_the_same_pseudonym_wherever_it_is_named(got: Extracts) -> None:
    a, second, solo = (KEY.pseudonym(id) for id in ("A", "Ä-2", "SOLO"))
    assert column(got, "customers", "customer_id", by="signup_date") == [a, second, solo]
    assert column(got, "usage", "customer_id", by="download_gb") == [a, second, a]
    assert column(got, "tickets", "customer_id", by="opened_at") == [a, None]
    assert column(got, "leads", "converted_customer_id", by="created_at") == [a]
    assert column(got, "customers", "replaces_customer_id", by="signup_date") == [None, a, None]


def test_an_account_nobody_has_gets_a_pseudonym_too(got: Extracts) -> None:
    assert column(got, "customers", "parent_id", by="signup_date") == [None, KEY.pseudonym("A"), KEY.pseudonym("GONE")]


def test_what_belongs_to_a_customer_is_hashed_in_a_scope_of_its_own(got: Extracts) -> None:
    assert column(got, "customers", "household_id", by="signup_date")[0] == KEY.pseudonym("A", "household")
    assert column(got, "tickets", "ticket_id", by="opened_at") == [KEY.pseudonym(id, "ticket") for id in ("T1", "T2")]


def test_free_text_is_left_out_and_so_are_file_and_line(got: Extracts) -> None:
    assert column(got, "tickets", "text", by="opened_at") == [None, None]
    assert not [name for table in got.tables.values() for name in table.columns if name in ("_file", "_line")]


def test_nothing_is_lost_or_doubled_on_the_way(got: Extracts) -> None:
    assert {name: len(to_pandas(table)) for name, table in got.tables.items()} == {
        "customers": 3, "usage": 3, "tickets": 2, "leads": 1
    }  # fmt: skip
    assert dict(zip(got.doors["table"], got.doors["accepted"], strict=True)) == {
        "customers": 3, "usage": 3, "tickets": 2, "leads": 1
    }  # fmt: skip


def test_what_was_set_aside_keeps_its_key_for_whoever_repairs_it(got: Extracts) -> None:
    assert to_pandas(got.quarantine["usage"])["key"].tolist() == ["ORPHAN|2024-06-01"]


def test_customers_known_from_other_tables_only_are_pseudonyms(written: Callable[..., Any], engine: Engine) -> None:
    contacts = "customer_id,channel,granted,changed_at\n" + 3 * "A,email,true,2024-01-01\n"
    extracts = intake(written({"consents.csv": contacts}), engine, as_of=AS_OF, key=KEY)
    assert column(extracts, "customers", "customer_id", by="customer_id") == [KEY.pseudonym("A")]
    assert column(extracts, "consents", "customer_id", by="customer_id") == 3 * [KEY.pseudonym("A")]


def test_every_id_of_the_contract_is_hashed_or_named_as_none() -> None:
    ids = {name for table in CONTRACT.values() for name in table.names if name.endswith("_id")}
    assert ids == SCOPES.keys() | NO_IDS
