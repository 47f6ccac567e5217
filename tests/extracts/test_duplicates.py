"""People under two ids: what counts as alike, what is told of them, and what is told to nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analysis.extracts.engine import Engine, to_pandas

Taken = Callable[..., Any]
HEAD = "customer_id,last_name,phone,email,address\n"
CUSTOMERS = "customer_id,replaces_customer_id\n" + "".join(f"C{n},\n" for n in range(1, 8))


def _people(*rows: str) -> dict[str, str]:
    return {"customers.csv": CUSTOMERS, "identities.csv": HEAD + "".join(f"{row}\n" for row in rows)}


def test_customers_of_one_name_and_phone_are_counted_and_not_merged(taken: Taken) -> None:
    got = taken(
        _people(
            'C1,Schmidt,+49 30 1234567,a@example.com,"Hauptstr. 12, Berlin"',
            "C2,SCHMIDT ,030/1234567,b@example.com,",
            "C3,Schmidt,0049 (30) 123 45 67,c@example.com,",
            "C4,Weber,030 1234567,d@example.com,",
            "C5,Schmidt,030 7654321,e@example.com,HAUPTSTR 12 BERLIN",
        )
    )
    assert len(got.column("customers", "customer_id")) == 7
    assert got.sentence("possible_duplicate:phone") == (
        "identities: expected each person under one id, found 3 customers who share a phone and a name with another "
        "one, in one group of fewer than 10. They are not merged. A run lists them in "
        "quarantine/possible_duplicates.parquet; `crosswalk` in source.yml makes one customer of those who are one "
        "person."
    )
    assert "2 customers who share an address and a name" in got.sentence("possible_duplicate:address")
    rows = to_pandas(got.extracts.quarantine["possible_duplicates"])
    listed = sorted(zip(rows["rule"], rows["found"], rows["key"], strict=True))
    assert listed == [
        ("possible_duplicate:address", "1", "C1"),
        ("possible_duplicate:address", "1", "C5"),
        *[("possible_duplicate:phone", "1", customer) for customer in ("C1", "C2", "C3")],
    ]


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("Ｍｕｅｌｌｅｒ", "mueller", True),
        ("O'Neil", "ONEIL", True),
        ("张 三", "张三", True),
        ("Jose\u0301", "José", True),
        ("Weiß", "WEISS", True),
        ("Müller", "Muller", True),
        ("Müller", "Mueller", False),
        ("かとう", "がとう", False),
        ("Meier", "Meyer", False),
    ],
)
def test_names_are_alike_whatever_their_case_blanks_and_width(
    taken: Taken, first: str, second: str, alike: bool
) -> None:
    got = taken(_people(f"C1,{first},030 1234567,,", f"C2,{second},030 1234567,,"))
    assert ("possible_duplicate:phone" in got.rules()) == alike


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("+86 138 1234 5678", "13812345678", True),
        ("０３０１２３４５６７", "030-1234567", True),
        ("000000000", "000000000", False),
        ("1111111", "1111111", False),
        ("12345", "12345", False),
        ("030 1234567", "030 1234568", False),
    ],
)
def test_phones_are_alike_with_and_without_a_prefix(taken: Taken, first: str, second: str, alike: bool) -> None:
    got = taken(_people(f"C1,Weber,{first},,", f"C2,Weber,{second},,"))
    assert ("possible_duplicate:phone" in got.rules()) == alike


def test_a_customer_under_a_new_key_is_no_second_person(taken: Taken) -> None:
    files = _people("C1,Weber,030 1234567,,", "C2,Weber,030 1234567,,", "C3,Weber,030 1234567,,")
    files["customers.csv"] = "customer_id,replaces_customer_id\nC1,\nC2,C1\nC3,C2\n"
    assert taken(files).rules() == []
    files["customers.csv"] = "customer_id,replaces_customer_id\nC1,\nC2,C1\nC3,\n"
    assert "found 2 customers who share" in taken(files).sentence("possible_duplicate:phone")


def test_who_is_no_customer_of_the_report_is_not_compared(taken: Taken) -> None:
    files = _people("C1,Weber,030 1234567,,", "X9,Weber,030 1234567,,")
    assert "possible_duplicate:phone" not in taken(files).rules()


def test_a_company_is_compared_by_its_name(taken: Taken) -> None:
    files = {
        "identities.csv": "customer_id,company,email\nA,Acme,x@acme.example\nB,ACME,X@acme.example\nC,Acme,\nD,,\n",
        "usage.csv": "customer_id,month\nA,2024-01\nB,2024-01\nC,2024-01\n",
    }
    assert "2 customers who share an e-mail address" in taken(files).sentence("possible_duplicate:email")


def test_keys_of_one_customer_in_the_crosswalk_are_no_second_person(taken: Taken) -> None:
    files = {
        "id_map.csv": "raw_id,customer\n7,A\nn-7,A\n",
        "customers.csv": "customer_id\n7\n",
        "identities.csv": "customer_id,last_name,phone\n7,Weber,030 1234567\nn-7,Weber,030 1234567\n",
    }
    got = taken(files, crosswalk="{table: id_map, from: raw_id, to: customer}")
    assert got.rules() == ["crosswalk"]


def test_nothing_of_who_they_are_is_left_behind(taken: Taken, engine: Engine) -> None:
    people = ["C1,Canary,030 1234567,c@x.example,Canary Road", "C2,Canary,030 1234567,c@x.example,Canary Road"]
    got = taken(_people(*people, ",Canary,1,2,3", "C5,Canary,1,2,3,4,5", "C6,Canary"))
    assert "identities" not in got.extracts.tables
    assert "identities" not in set(got.extracts.doors["table"])
    assert got.extracts.people["table"].tolist() == ["identities"]
    assert set(got.extracts.quarantine) == {"possible_duplicates"}
    assert [entry["file"] for entry in got.extracts.files] == ["customers.csv", "identities.csv"]
    assert got.extracts.raw.set_index("file").loc["identities.csv"].tolist() == [5, 3, 2]
    assert got.sentence("not_null:customer_id") == (
        "identities: expected a usable customer_id, found none in 1 row. The check for duplicates goes without them."
    )
    assert "records that are no rows. The check for duplicates goes without them." in got.sentence("fields")
    kept = [*got.extracts.tables.values(), *got.extracts.quarantine.values()]
    told = got.extracts.findings.to_csv() + "".join(to_pandas(rows).to_csv() for rows in kept)
    assert "Canary" not in told
    assert "1234567" not in told
    assert not {"C1", "C2"} & set(got.extracts.findings.to_csv().replace(",", " ").split())
    names = [name for (name,) in engine.rows("SELECT table_name FROM duckdb_tables()")]
    texts = "".join(str(engine.rows(f'SELECT * FROM "{name}"')) for name in names)
    assert "canary" not in texts.lower()


def test_people_whom_the_report_does_not_know_are_counted(taken: Taken) -> None:
    got = taken(_people("C1,Schmidt,,,", "00C2,Weber,,,", "00C3,Weber,,,"))
    assert got.extracts.people.iloc[0].tolist() == ["identities", 3, 3, 0, 0, 0]
    assert "found one that the report does not know in 2 rows" in got.sentence("relationships:customer_id")
