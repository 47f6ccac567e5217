"""What each column of a table holds, counted with the doors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

USAGE = """customer_id,month,download_gb
A,2024-01-01,1.5
A,2024-02-01,
A,2024-03-01,many
A,2024-04-01,-1
A,2024-05-01,"1,000"
A,2025-05-01,many
"""


def values(got: Any) -> dict[str, tuple[int, ...]]:
    rows = got.extracts.columns.set_index("column")
    return {name: tuple(int(n) for n in rows.loc[name, ["rows", "given", "failed"]]) for name in rows.index}


def test_values_given_and_values_that_failed_are_counted_without_later_rows(taken: Callable[..., Any]) -> None:
    got = taken({"usage.csv": USAGE})
    assert got.door("usage") == (6, 3, 2, 0, 1)
    assert values(got) == {"customer_id": (5, 5, 0), "month": (5, 5, 0), "download_gb": (5, 4, 1)}


def test_a_value_the_contract_does_not_know_failed_too(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": "customer_id,status,churn_date\nA,active,9999-12-31\nB,strange,\n"})
    assert values(got) == {"customer_id": (2, 2, 0), "status": (2, 2, 1), "churn_date": (2, 1, 0)}


def test_a_row_dated_later_says_nothing_about_an_earlier_one_of_its_key(taken: Callable[..., Any]) -> None:
    rows = "customer_id,signup_date,region\nA,2024-01-01,North\nA,2025-01-01,South\nB,2024-02-01,\nB,2025-02-01,\n"
    got = taken({"customers.csv": rows}, as_of=dt.date(2024, 12, 31))
    assert got.column("customers", "customer_id") == ["A", "B"]
    assert got.door("customers") == (4, 2, 0, 0, 2)
    assert taken({"customers.csv": rows}, as_of=dt.date(2025, 12, 31)).set_aside("customers") == {
        2: "unique:customer_id", 3: "unique:customer_id", 4: "unique:customer_id", 5: "unique:customer_id",
    }  # fmt: skip
