"""Who asked to be erased appears nowhere, and every row is still counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.intake import Extracts, intake

HEAD = "customer_id,channel,granted,changed_at\n"
FILES = {
    "customers.csv": "customer_id,signup_date,churn_date,parent_id,replaces_customer_id\n"
    "GONE-1,2024-01-01,,,\nGONE-2,2024-03-01,,,GONE-1\nHERE,2024-02-01,,GONE-2,\nWRONG,2024-05-01,2024-04-01,,\n",
    "usage.csv": "customer_id,month,download_gb\n"
    "GONE-1,2024-05,1\nGONE-1,2024-06,-1\nHERE,2024-05,2\nGONE-2,2025-01,9\n",
    "leads.csv": "lead_id,created_at,converted_customer_id,converted_at\n"
    "L1,2024-01-01,GONE-1,2024-01-01\nL2,2024-01-02,,\n",
    "tickets.csv": "ticket_id,opened_at,customer_id\n"
    "T1,2024-05-01,GONE-2,too many\nT2,2024-05-01,HERE\nT3,2024-05-01,\n",
    "consents.csv": HEAD + "GONE-1,erasure,true,2024-08-01\nHERE,email,true,2024-01-01\n",
}


@pytest.fixture
def got(taken: Callable[..., Any]) -> Any:
    return taken(FILES)


def everything(extracts: Extracts) -> str:
    """All that a run could store of a source."""
    frames = [to_pandas(table) for table in (*extracts.tables.values(), *extracts.quarantine.values())]
    return "\n".join(frame.to_csv() for frame in (*frames, extracts.findings, extracts.doors))


def test_no_row_of_a_person_who_asked_is_used_under_any_of_the_accounts(got: Any) -> None:
    assert got.column("customers", "customer_id") == ["HERE"]
    assert got.column("usage", "customer_id") == ["HERE"]
    assert got.column("leads", "lead_id") == ["L2"]
    assert got.column("tickets", "ticket_id") == ["T2", "T3"]
    assert got.column("consents", "customer_id") == ["HERE"]


def test_nothing_of_the_person_is_left_in_tables_quarantine_or_findings(got: Any) -> None:
    assert "GONE" not in everything(got.extracts)
    assert "WRONG" in everything(got.extracts)
    assert got.column("customers", "parent_id") == [None]


def test_the_rows_are_counted_as_set_aside_and_both_doors_balance(got: Any) -> None:
    assert got.door("customers") == (4, 1, 3, 0, 0)
    assert got.door("usage") == (4, 1, 2, 0, 1)
    assert got.extracts.erased == {"customers": 2, "usage": 2, "leads": 1, "consents": 1}
    assert (got.extracts.raw["lines"] == got.extracts.raw["parsed"] + got.extracts.raw["unreadable"]).all()


def test_one_finding_tells_how_many_rows_and_nobodys_line(got: Any) -> None:
    assert got.sentence("erased:customer_id") == (
        "consents: expected no row of a customer who asked to be erased, found rows of such customers. 6 rows of 4 "
        "tables are left out of every figure, of past quarters too, and nothing they held is kept."
    )


def test_the_quarantine_knows_where_the_rows_stand_and_nothing_they_hold(got: Any) -> None:
    rows = to_pandas(got.extracts.quarantine["customers"]).sort_values("line")
    assert rows["rule"].tolist() == ["erased:customer_id", "erased:customer_id", "dates:churn_date"]
    assert rows[["key", "found", "row"]].isna().all(axis=1).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("rows", "erased"),
    [
        ("A,erasure,true,2024-08-01\n", True),
        ("A,Erasure,yes,2024-12-31 23:00:00\n", True),
        ("A,erasure,true,2025-01-01\n", False),
        ("A,erasure,false,2024-08-01\n", False),
        ("A,do_not_contact,true,2024-08-01\n", False),
        ("A,erasure,true,2024-08-01\nA,erasure,false,2024-09-01\n", False),
        ("A,erasure,false,2024-08-01\nA,erasure,true,2024-09-01\n", True),
        ("A,erasure,true,2024-08-01\nA,erasure,false,2024-08-01\n", True),
    ],
)
def test_the_latest_request_by_the_as_of_date_counts(taken: Callable[..., Any], rows: str, *, erased: bool) -> None:
    got = taken({"customers.csv": "customer_id,signup_date\nA,2024-01-01\nB,2024-01-01\n", "consents.csv": HEAD + rows})
    assert got.column("customers", "customer_id") == (["B"] if erased else ["A", "B"])


def test_a_request_of_a_customer_who_is_not_there_any_more_counts_for_what_other_systems_hold(
    taken: Callable[..., Any],
) -> None:
    files = {
        "customers.csv": "customer_id,signup_date\nB,2024-01-01\n",
        "usage.csv": "customer_id,month,download_gb\nGONE,2024-05,1\nB,2024-05,2\n",
        "consents.csv": HEAD + "GONE,erasure,true,2024-08-01\n",
    }
    got = taken(files)
    assert "GONE" not in everything(got.extracts)
    assert got.rules() == ["erased:customer_id"]


def test_without_a_request_nothing_changes(written: Callable[..., Any], engine: Engine) -> None:
    files = FILES | {"consents.csv": HEAD + "HERE,email,true,2024-01-01\n"}
    extracts = intake(written(files), engine, as_of=dt.date(2024, 12, 31))
    assert extracts.erased == {}
    assert "erased" not in everything(extracts)
