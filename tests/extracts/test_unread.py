"""Columns that no SELECT reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.extracts.conftest import Taken

from analysis.extracts.unread import unread_columns

LATERAL = """
    SELECT v FROM (
        SELECT r."Ort", m.v, r."Kd-Nr" AS k FROM Kunden AS r CROSS JOIN LATERAL (VALUES ('a', r."Name")) AS m (l, v)
    ) AS s WHERE k > 1"""
RAWS = {"Kunden": ["Kd-Nr", "Name", "Ort"], "bills": ["id", "Amount", "note"]}


@pytest.mark.parametrize(
    ("sql", "left"),
    [
        ('SELECT "kd-nr" AS customer_id FROM kunden', ["Name", "Ort"]),
        ("SELECT * FROM Kunden", []),
        ("SELECT * EXCLUDE (ort) FROM Kunden", ["Ort"]),
        ('SELECT "Kd-Nr" FROM (SELECT "Kd-Nr", "Name", "Ort" FROM Kunden)', ["Name", "Ort"]),
        ('WITH k AS (SELECT * FROM Kunden) SELECT "Kd-Nr" FROM k WHERE "Ort" = \'X\'', ["Name"]),
        ("SELECT COLUMNS('.*') FROM Kunden", []),
        ('SELECT "Kd-Nr", v FROM Kunden UNPIVOT (v FOR c IN ("Name"))', ["Ort"]),
        (LATERAL, ["Ort"]),
        ('SELECT "Kd-Nr" FROM Kunden UNION ALL BY NAME SELECT "Name" AS "Kd-Nr" FROM Kunden', ["Ort"]),
        ('SELECT "Kd-Nr", try_strptime("Ort", \'%d\') < $snapshot_date AS x FROM Kunden', ["Name"]),
        ('SELECT k."Kd-Nr" FROM Kunden AS k QUALIFY row_number() OVER (PARTITION BY "Ort") = 1', ["Name"]),
    ],
)
def test_what_reaches_no_result_and_no_condition_is_unread(sql: str, left: list[str]):
    assert unread_columns([sql], {"Kunden": RAWS["Kunden"]}).get("Kunden", []) == left


def test_columns_count_for_the_table_they_come_from():
    sql = 'SELECT k."Kd-Nr", b.amount FROM Kunden AS k LEFT JOIN bills AS b ON b.id = k."Kd-Nr"'
    assert unread_columns([sql], RAWS) == {"Kunden": ["Name", "Ort"], "bills": ["note"]}
    assert unread_columns([sql, "SELECT Name, note FROM kunden, bills"], RAWS) == {"Kunden": ["Ort"]}


def test_a_source_s_columns_that_no_select_reads_are_ignored_by_file(taken: Callable[..., Taken]):
    got = taken(
        {
            "crm.csv": "Nr,Seit,Anrede,Ort\nK1,2024-01-01,Frau,Ulm\n",
            "usage.csv": "customer_id,month,download_gb,colour\nK1,2024-01,1,red\n",
        },
        selects={"customers": 'SELECT "Nr" AS customer_id, "Seit" AS signup_date FROM crm WHERE "Ort" IS NOT NULL'},
    )
    assert got.extracts.ignored == {"customers": [], "usage": ["colour"], "crm.csv": ["Anrede"]}
