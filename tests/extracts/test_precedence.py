"""Several systems, one customer: whose word holds, and what is counted where they differ."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.basis.errors import InputRefused, ParamsError
from analysis.extracts.engine import Engine
from analysis.extracts.intake import intake

Taken = Callable[..., Any]
BOTH = {
    "customers": "SELECT id AS customer_id, region, signup AS signup_date, churn AS churn_date, 'crm' AS _system, "
    "_file, _line FROM crm UNION ALL SELECT id, area, since, NULL, 'billing', _file, _line FROM billing"
}
CRM = "id,region,signup,churn\n"
BILLING = "id,area,since\n"


def test_the_first_systems_word_holds_and_every_difference_is_counted(taken: Taken) -> None:
    files = {
        "crm.csv": f"{CRM}A,North,2024-01-01,\nB,South,,\nC,East,2024-03-01,\n",
        "billing.csv": f"{BILLING}A,West,2024-01-01\nB,,2024-02-01\nC,North,2024-03-05\nD,North,2024-04-01\n",
    }
    got = taken(files, selects=BOTH, precedence="[crm, billing]")
    rows = got.accepted("customers").sort_values("customer_id")
    assert list(rows["region"]) == ["North", "South", "East", "North"]
    assert [str(day.date()) for day in rows["signup_date"]] == ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"]
    assert got.door("customers") == (7, 4, 0, 3, 0)
    assert got.extracts.quarantine == {}
    assert got.sentence("merged") == (
        "billing.csv, line 2: expected each customer_id once, found rows of several systems. 3 rows of systems later "
        "in `precedence` were left out: their values stand only where those before had none. Where they differ, "
        "conflict:… says."
    )
    assert got.sentence("conflict:region") == (
        "customers: expected region the same in every system, found 2 rows in which systems differ. "
        "Kept: crm's in 2 rows, by `precedence` in params/sources/acme/source.yml."
    )
    assert "1 row in which systems differ" in got.sentence("conflict:signup_date")
    assert got.sentence("filled:signup_date") == (
        "customers: expected signup_date in the system that goes first, found none in 1 row. "
        "Taken: billing's in 1 row, by `precedence` in params/sources/acme/source.yml."
    )


def test_precedence_the_other_way_round_keeps_the_other_word(taken: Taken) -> None:
    files = {"crm.csv": f"{CRM}A,North,2024-01-01,\n", "billing.csv": f"{BILLING}A,West,2024-01-01\n"}
    got = taken(files, selects=BOTH, precedence="[billing, crm]")
    assert got.column("customers", "region") == ["West"]
    assert "Kept: billing's in 1 row" in got.sentence("conflict:region")


def test_a_system_in_conflict_with_itself_has_no_say(taken: Taken) -> None:
    files = {
        "crm.csv": f"{CRM}A,North,2024-01-01,\nA,South,2024-01-01,\n",
        "billing.csv": f"{BILLING}A,West,2024-01-01\nA,West,2024-01-01\n",
    }
    got = taken(files, selects=BOTH, precedence="[crm, billing]")
    assert got.column("customers", "region") == ["West"]
    assert got.door("customers") == (4, 1, 2, 1, 0)
    assert "conflict:region" not in got.rules()


def test_without_precedence_rows_that_differ_are_all_set_aside(taken: Taken) -> None:
    files = {"crm.csv": f"{CRM}A,North,2024-01-01,\n", "billing.csv": f"{BILLING}A,West,2024-01-01\n"}
    assert taken(files, selects=BOTH).door("customers") == (2, 0, 2, 0, 0)


def test_dates_of_two_systems_that_are_reversed_are_set_aside(taken: Taken) -> None:
    files = {"crm.csv": f"{CRM}A,North,,2024-02-01\n", "billing.csv": f"{BILLING}A,West,2024-05-01\n"}
    got = taken(files, selects=BOTH, precedence="[crm, billing]")
    assert got.set_aside("customers") == {2: "dates:churn_date"}
    assert "found 2024-02-01, before 2024-05-01" in got.sentence("dates:churn_date")


def test_a_row_dated_after_the_as_of_date_has_no_say(taken: Taken) -> None:
    files = {"crm.csv": f"{CRM}A,North,2025-01-01,\n", "billing.csv": f"{BILLING}A,West,2024-01-01\n"}
    got = taken(files, selects=BOTH, precedence="[crm, billing]", as_of=dt.date(2024, 6, 30))
    assert got.column("customers", "region") == ["West"]
    assert got.door("customers") == (2, 1, 0, 0, 1)


def test_a_system_nobody_ranked_is_set_aside(taken: Taken) -> None:
    files = {"crm.csv": f"{CRM}A,North,2024-01-01,\n", "billing.csv": f"{BILLING}B,West,2024-01-01\n"}
    got = taken(files, selects=BOTH, precedence="[crm, erp]")
    assert got.set_aside("customers") == {2: "accepted_values:_system"}
    assert got.sentence("accepted_values:_system").startswith(
        "billing.csv, line 2: expected _system to be crm or erp, found 'billing'."
    )


def test_precedence_that_no_table_can_follow_is_refused(taken: Taken) -> None:
    with pytest.raises(ParamsError) as error:
        taken({"customers.csv": "customer_id\nA\n"}, precedence="[crm, billing]")
    assert str(error.value) == (
        "params/sources/acme/source.yml: expected a column _system in the SELECT of a table with a primary key, found "
        "none. Let the SELECT say which system each row comes from, or remove `precedence`."
    )


_ID = st.sampled_from(["A", "B", "C", "a-1", "x", ""])
_DAY = st.sampled_from(["2024-01-01", "2024-03-01", "2024-05-01", ""])
_ROW = st.tuples(_ID, st.sampled_from(["North", "South", ""]), _DAY, st.sampled_from(["crm", "billing", "erp"]))
_LATER = st.tuples(
    _ID, st.just("East"), st.sampled_from(["2025-01-01", "2025-06-01"]), st.sampled_from(["crm", "billing"])
)
ALL = {
    "customers": "SELECT id AS customer_id, region, since AS signup_date, changed, system AS _system, "
    "_file, _line FROM crm"
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_ROW, min_size=1, max_size=10), later=st.lists(_LATER, max_size=5), keep=st.booleans())
def test_no_row_disappears_between_systems_and_what_comes_later_changes_nothing(
    taken: Taken, rows: list[tuple[str, ...]], later: list[tuple[str, ...]], keep: bool
) -> None:
    keys = {"precedence": "[crm, billing]", "crosswalk": "{table: id_map, from: raw, to: customer}"}
    keys |= {"keep": "{customers: latest by changed}"} if keep else {}
    seen = []
    for all_rows in (rows, [*rows, *later]):
        body = "".join(f"{id},{region},{day},{day},{system}\n" for id, region, day, system in all_rows)
        files = {"crm.csv": f"id,region,since,changed,system\n{body}", "id_map.csv": "raw,customer\na-1,A\nx,B\nx,C\n"}
        try:
            got = taken(files, selects=ALL, **keys)
        except InputRefused:
            return  # not one row had an id
        selected, accepted, aside, again, after = got.door("customers")
        assert selected == accepted + aside + again + after == len(all_rows)
        assert len(got.set_aside("customers")) == aside
        assert got.accepted("customers")["customer_id"].is_unique
        seen.append((got.accepted("customers").to_csv(), aside, again))
    assert seen[0] == seen[1]


# Two sources of one base. What the classic file calls tenure 0 the five tables give 10 months.
IBM = {
    "customers": """
        WITH told AS (
            SELECT 'five' AS _system, "Customer ID" AS id, "Tenure in Months" AS tenure, "Total Charges" AS charges,
                _file, _line FROM "Telco_customer_churn_services"
            UNION ALL
            SELECT 'classic', customerID, tenure, nullif(trim(TotalCharges), ''), _file, _line FROM classic
        )
        SELECT _system, id AS customer_id, CAST(charges AS DECIMAL(18, 2)) AS attr_total_charges,
            $snapshot_date - CAST(floor(CAST(tenure AS INTEGER) * 30.4375) AS INTEGER) AS signup_date, _file, _line
        FROM told
    """,
    "subscriptions": """
        WITH told AS (
            SELECT 'five' AS _system, "Customer ID" AS id, "Contract" AS contract, "Monthly Charge" AS fee,
                _file, _line FROM "Telco_customer_churn_services"
            UNION ALL
            SELECT 'classic', customerID, Contract, MonthlyCharges, _file, _line FROM classic
        )
        SELECT _system, id || '/main' AS subscription_id, id AS customer_id, 'main' AS product, fee AS monthly_fee,
            CASE lower(contract) WHEN 'month-to-month' THEN 1 WHEN 'one year' THEN 12 WHEN 'two year' THEN 24 END
                AS contract_months,
            DATE '2019-07-01' AS start_date, _file, _line
        FROM told
    """,
}


@pytest.mark.parametrize(("first", "second"), [("five", "classic"), ("classic", "five")])
def test_the_classic_ibm_file_and_the_five_tables_differ_where_they_are_known_to(
    shared_data: Path, written: Callable[..., Any], folder: Path, engine: Engine, first: str, second: str
) -> None:
    five = shared_data / "ibm_telco_multitable" / "Telco_customer_churn_services.csv"
    shutil.copy(five, folder / "raw" / five.name)
    [classic] = (shared_data / "ibm_telco_classic").glob("*.csv")
    shutil.copy(classic, folder / "raw" / "classic.csv")
    source = written(selects=IBM, precedence=f"[{first}, {second}]", snapshot_date="2019-09-30")
    got = intake(source, engine, as_of=dt.date(2019, 9, 30))
    found = got.findings.set_index("rule")
    assert dict(found.loc[found.index.str.startswith("conflict:"), "rows"]) == {
        "conflict:signup_date": 11,
        "conflict:contract_months": 265,
    }
    assert f"Kept: {first}'s in 265 rows" in found.loc["conflict:contract_months", "do"]
    assert f"Kept: {first}'s in 11 rows" in found.loc["conflict:signup_date", "do"]
    assert ("filled:attr_total_charges" in found.index) == (first == "classic")
    assert [tuple(door)[1:] for door in got.doors.to_numpy()] == [(14_086, 7_043, 0, 7_043, 0)] * 2
