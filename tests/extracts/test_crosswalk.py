"""One customer under several keys: whose a key is, and what happens to a key that is nobody's or several people's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analysis.basis.errors import InputRefused

Taken = Callable[..., Any]
MAP = "system,raw_id,customer\n"
CROSSWALK = "{table: id_map, from: raw_id, to: customer}"
BY_SYSTEM = "{table: id_map, from: raw_id, to: customer, system: system}"
USE = "customer_id,month,download_gb\n"


def test_keys_become_customers_in_every_table_and_are_counted(taken: Taken) -> None:
    files = {
        "id_map.csv": f"{MAP}crm,7,A\nnet,n-7,A\ncrm,8,B\n",
        "customers.csv": "customer_id,parent_id,replaces_customer_id\n7,8,n-7\n8,,\n9,,\n",
        "usage.csv": f"{USE}n-7,2024-01,1\n 7 ,2024-02,2\nA,2024-03,3\n9,2024-01,4\n",
        "leads.csv": "lead_id,created_at,converted_customer_id\nL1,2024-01-01,n-7\n",
        "tickets.csv": "ticket_id,opened_at,customer_id\nT1,2024-01-01,\n",
    }
    got = taken(files, crosswalk=CROSSWALK)
    assert got.column("customers", "customer_id") == ["A", "B", "9"]
    assert got.column("customers", "parent_id") == ["B", None, None]
    assert got.column("customers", "replaces_customer_id") == [None, None, None]
    assert got.column("usage", "customer_id") == ["A", "A", "A", "9"]
    assert got.column("leads", "converted_customer_id") == ["A"]
    found = got.extracts.findings
    usage = found[(found["rule"] == "crosswalk") & (found["table"] == "usage")].to_dict("records")
    assert [(row["rows"], row["found"]) for row in usage] == [
        (4, "2 rows under a key it translates, 1 under the customer's own, 1 under another")
    ]
    assert "unread" not in got.rules()
    assert got.extracts.ignored["usage"] == []


def test_two_keys_of_one_customer_meet_in_one_row(taken: Taken) -> None:
    files = {
        "id_map.csv": f"{MAP}crm,7,A\nnet,n-7,A\n",
        "customers.csv": "customer_id,region\n7,North\nn-7,North\n",
        "usage.csv": f"{USE}n-7,2024-01,1\n7,2024-01,2\n",
    }
    got = taken(files, crosswalk=CROSSWALK)
    assert got.door("customers") == (2, 1, 0, 1, 0)
    assert got.door("usage") == (2, 0, 2, 0, 0)


def test_a_key_of_several_customers_is_set_aside_and_given_to_none(taken: Taken) -> None:
    files = {
        "id_map.csv": f"{MAP}crm,7,A\nnet,7,B\ncrm,8,B\ncrm,,C\n",
        "usage.csv": f"{USE}7,2024-01,1\n8,2024-01,2\n",
        "customers.csv": "customer_id,parent_id\n9,7\n8,\n",
    }
    got = taken(files, crosswalk=CROSSWALK)
    assert got.set_aside("usage") == {2: "crosswalk:customer_id"}
    assert got.set_aside("customers") == {2: "crosswalk:parent_id"}
    assert got.sentence("crosswalk:customer_id") == (
        "usage.csv, line 2: expected a customer_id that is one customer's, found one that is several customers' in "
        "the crosswalk. This row is set aside (a run writes it to quarantine/usage.parquet). Correct the crosswalk."
    )
    assert got.sentence("unique:raw_id") == (
        "id_map: expected each key of one customer, found 1 of several. "
        "Rows with such a key are set aside: correct the crosswalk."
    )
    assert "found 1 row without one of them" in got.sentence("not_null")


def test_one_key_may_be_different_customers_in_different_systems(taken: Taken) -> None:
    files = {
        "id_map.csv": f"{MAP}crm,7,A\nnet,7,B\n,7,C\n",
        "crm.csv": "id,month,gb\n7,2024-01,1\n",
        "net.csv": "id,month,gb\n7,2024-01,2\nA,2024-02,2\n",
        "tickets.csv": "ticket_id,opened_at,customer_id\nT1,2024-01-01,7\n",
    }
    one = "SELECT id AS customer_id, month, gb AS download_gb, '{0}' AS _system, _file, _line FROM {0}"
    select = f"{one.format('crm')} UNION ALL {one.format('net')} -- both"
    got = taken(files, selects={"usage": select}, crosswalk=BY_SYSTEM)
    assert sorted(got.column("usage", "customer_id")) == ["A", "A", "B"]
    found = got.extracts.findings
    [told] = found[(found["rule"] == "crosswalk") & (found["table"] == "usage")]["found"]
    assert told == "2 rows under a key it translates, 1 under the customer's own, 0 under another"
    assert got.set_aside("tickets") == {2: "crosswalk:customer_id"}
    assert "found 1 row without one of them" in got.sentence("not_null")


def test_a_placeholder_is_nobodys_key(taken: Taken) -> None:
    files = {"id_map.csv": f"{MAP}crm,NULL,A\ncrm,7,B\n", "customers.csv": "customer_id\nNULL\n7\n"}
    got = taken(files, crosswalk=CROSSWALK)
    assert got.set_aside("customers") == {2: "not_null:customer_id"}


@pytest.mark.parametrize(
    ("crosswalk", "words"),
    [
        (
            "{table: idmap, from: raw_id, to: customer}",
            (
                "params/sources/acme/source.yml: expected a raw table 'idmap', the crosswalk, found none. "
                "Nearest: id_map. Put the file there, or correct `crosswalk:`."
            ),
        ),
        (
            "{table: id_map, from: raw, to: customer}",
            (
                "id_map: expected a column raw, found columns system, raw_id, customer, _file, _line. "
                "Closest: raw_id. Correct `crosswalk:` in params/sources/acme/source.yml."
            ),
        ),
    ],
)
def test_a_crosswalk_that_is_not_there_is_refused(taken: Taken, crosswalk: str, words: str) -> None:
    with pytest.raises(InputRefused) as error:
        taken({"id_map.csv": f"{MAP}crm,7,A\n", "customers.csv": "customer_id\n7\n"}, crosswalk=crosswalk)
    assert str(error.value) == words
