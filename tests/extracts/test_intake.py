"""The whole way of a row: read, mapped, checked, masked, counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.basis.errors import InputRefused, LinecardError, ParamsError
from analysis.extracts import intake as module
from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source

CUSTOMERS = "customer_id,signup_date,churn_date\nA,2024-01-01,\nB,2024-02-01,2025-03-01\nC,2025-02-01,\n"
IBM = "Telco_customer_churn_"
IBM_TABLES = ("demographics", "location", "services", "status")
IBM_FILES = {"csv": "ibm_telco_multitable", "excel": "ibm_telco_multitable/xlsx"}


def test_a_raw_table_with_a_contracts_name_is_taken_as_it_is(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": CUSTOMERS})
    assert got.column("customers", "customer_id") == ["A", "B"]
    assert got.column("customers", "_line") == [2, 3]
    assert got.door("customers") == (3, 2, 0, 0, 1)


def test_every_contract_column_is_there_and_typed(taken: Callable[..., Any]) -> None:
    got = taken({"tickets.csv": "ticket_id,opened_at\nT1,2024-03-01 10:00:00\n"})
    names = {
        column.name: str(kind)
        for column, kind in zip(
            CONTRACT["tickets"].columns, got.extracts.tables["tickets"].collect_schema().values(), strict=False
        )
    }
    assert names["opened_at"].startswith("Datetime")
    assert names["text"] == "String"
    assert names["is_complaint"] == "Boolean"
    assert names["cost"] == "Decimal(precision=18, scale=4)"
    assert got.extracts.supplied["tickets"] == ["ticket_id", "opened_at"]


def test_a_row_dated_after_the_as_of_date_is_left_out_and_no_defect(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": CUSTOMERS}, as_of=dt.date(2024, 1, 31))
    assert got.column("customers", "customer_id") == ["A"]
    assert got.door("customers") == (3, 1, 0, 0, 2)
    assert got.rules() == ["empty:churn_date"]  # who leaves, leaves later


def test_a_row_dated_on_the_as_of_date_is_known(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": CUSTOMERS}, as_of=dt.date(2024, 2, 1))
    assert got.column("customers", "customer_id") == ["A", "B"]
    assert got.door("customers") == (3, 2, 0, 0, 1)


def test_columns_are_found_whatever_their_case(taken: Callable[..., Any]) -> None:
    got = taken({"Customers.csv": "CUSTOMER_ID,Signup_Date\nA,2024-01-01\n"})
    assert got.column("customers", "customer_id") == ["A"]
    assert got.extracts.supplied["customers"] == ["customer_id", "signup_date"]


def test_a_relation_only_the_engines_parser_sees_is_refused(
    taken: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.extracts.selected.raw_names", lambda _: {"crm"})
    select = "SELECT id AS customer_id FROM crm, 'other.csv'"
    with pytest.raises(
        ParamsError, match=r"customers\.sql: expected raw tables in FROM, found 'other\.csv'\. A SELECT"
    ):
        taken({"crm.csv": "id\nA\n"}, selects={"customers": select})


def test_a_leaver_after_the_as_of_date_is_still_active(taken: Callable[..., Any]) -> None:
    rows = "customer_id,signup_date,churn_date,churn_reason,status\nB,2024-02-01,2025-03-01,moved away,churned\n"
    got = taken({"customers.csv": rows}).accepted("customers")
    assert got[["churn_date", "churn_reason"]].isna().all(axis=None)
    assert list(got["status"]) == ["active"]


def test_moving_the_as_of_date_back_makes_no_row_defective_and_later_ones_no_longer_are(
    taken: Callable[..., Any],
) -> None:
    files = {
        "customers.csv": CUSTOMERS + "D,2024-05-01,2024-04-01\nE,2024-01-05,2024-01-01\nB,2024-02-01,2025-03-01\n",
        "usage.csv": "customer_id,month,download_gb\n"
        "A,2024-03-01,5\nC,2025-03-01,7\nX,2024-03-01,1\nB,2024-03-01,-1\nA,2024-01-01,-1\nA,soon,1\n",
    }
    now, then = taken(files, as_of=dt.date(2025, 12, 31)), taken(files, as_of=dt.date(2024, 1, 31))
    assert now.set_aside("customers") == {5: "dates:churn_date", 6: "dates:churn_date"}
    assert then.set_aside("customers") == {6: "dates:churn_date"}
    assert now.set_aside("usage") == {
        4: "relationships:customer_id",
        5: "range:download_gb",
        6: "range:download_gb",
        7: "type:month",
    }
    assert then.set_aside("usage") == {6: "range:download_gb", 7: "type:month"}
    assert [now.door(table)[2:] for table in ("customers", "usage")] == [(2, 1, 0), (4, 0, 0)]
    assert [then.door(table)[2:] for table in ("customers", "usage")] == [(1, 0, 4), (2, 0, 4)]
    assert now.sentence("relationships:customer_id").startswith("usage.csv, line 4: expected a customer_id that")
    assert "relationships:customer_id" not in then.rules()
    assert "duplicate" in now.rules()
    assert "duplicate" not in then.rules()


def test_a_row_refers_to_no_better_customer_for_that_one_being_later(taken: Callable[..., Any]) -> None:
    files = {
        "customers.csv": "customer_id,signup_date,status\nA,2024-01-01,active\nB,2025-01-01,gone\n",
        "usage.csv": "customer_id,month\nA,2024-01-01\nB,2024-01-01\n",
    }
    got = taken(files, as_of=dt.date(2024, 6, 30))
    assert got.set_aside("usage") == {3: "follows:customer_id"}
    assert got.door("customers") == (2, 1, 0, 0, 1)


def test_of_several_dates_the_first_that_is_filled_must_be_readable_to_make_a_row_later(
    taken: Callable[..., Any],
) -> None:
    head = "invoice_id,customer_id,month,amount,issued_on\n"
    rows = (
        "I1,A,2024-01,5,2024-01-05\n"
        "I2,A,2025-02,5,soon\n"
        "I3,A,soon,5,2025-02-05\n"
        "I4,A,2025-02,x,\n"
        "I5,A,2025-02,x,2024-01-05\n"
    )
    got = taken({"invoices.csv": head + rows})
    assert got.set_aside("invoices") == {3: "type:issued_on", 6: "type:amount"}
    assert got.door("invoices") == (5, 1, 2, 0, 2)


def test_customers_are_made_from_the_other_tables_ids(taken: Callable[..., Any]) -> None:
    usage = "customer_id,month\nB,2024-01-01\nA,2024-01-01\nA,2024-02-01\nC,2025-02-01\n"
    got = taken(
        {"usage.csv": usage, "tickets.csv": "ticket_id,opened_at,customer_id\nT1,2024-01-01,D\nT2,2024-01-01,\n"}
    )
    rows = to_pandas(got.extracts.tables["customers"]).sort_values("customer_id")
    assert list(rows["customer_id"]) == ["A", "B", "D"]
    assert rows["signup_date"].isna().all()
    assert got.extracts.supplied["customers"] == ["customer_id"]
    assert "customers" not in set(got.extracts.doors["table"])


def test_a_source_that_names_nobody_has_an_empty_table_of_customers(taken: Callable[..., Any]) -> None:
    got = taken({"leads.csv": "lead_id,created_at\nL1,2024-01-01\n"})
    assert got.accepted("customers").empty
    assert "signup_date" in got.accepted("customers")


def test_an_attr_column_is_kept_and_another_is_ignored_and_listed(taken: Callable[..., Any]) -> None:
    select = "SELECT id AS customer_id, nick AS attr_level, colour FROM crm"
    got = taken({"crm.csv": "id,nick,colour\nA, gold ,red\nB, ,red\n"}, selects={"customers": select})
    assert got.column("customers", "attr_level") == ["gold", None]
    assert got.extracts.ignored == {"customers": ["colour"]}
    assert got.sentence("ignored") == (
        "customers: expected columns of the contract, found one it does not know. "
        "It is ignored. To keep it, select it as attr_colour."
    )


def test_a_select_that_drops_the_lines_gets_none(taken: Callable[..., Any]) -> None:
    got = taken({"crm.csv": "id\nA\n"}, selects={"customers": "SELECT id AS customer_id FROM crm"})
    assert "_line" not in got.accepted("customers")


def test_a_raw_table_no_table_uses_is_listed_and_not_read(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": CUSTOMERS, "odds.csv": b"\x00\xff no text at all"})
    assert list(got.extracts.raw["file"]) == ["customers.csv"]
    assert got.sentence("unread").endswith("It is not read. Name it in a SELECT to use it.")


def test_identities_are_no_table_of_a_run(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": CUSTOMERS, "identities.csv": "customer_id,last_name\nA,Canary\n"})
    assert "identities" not in got.extracts.tables
    assert got.rules() == ["later:churn_date"]
    assert [entry["file"] for entry in got.extracts.files] == ["customers.csv", "identities.csv"]


def test_no_raw_table_is_left_in_the_engine(written: Callable[..., Any], engine: Engine) -> None:
    intake(written({"customers.csv": CUSTOMERS}), engine, as_of=dt.date(2024, 12, 31))
    assert not engine.has("customers")


def test_the_snapshot_date_reaches_a_select(taken: Callable[..., Any]) -> None:
    select = """
        -- signup is the snapshot less the tenure
        SELECT id AS customer_id,
            $snapshot_date - CAST(floor(CAST(tenure AS INTEGER) * 30.4375) AS INTEGER) AS signup_date
        FROM crm; -- done
    """
    got = taken({"crm.csv": "id,tenure\nA,1\nB,9\n"}, selects={"customers": select}, snapshot_date="2024-09-30")
    assert got.column("customers", "signup_date") == [pd.Timestamp("2024-08-31"), pd.Timestamp("2024-01-01")]


def test_a_select_that_names_a_missing_file_says_where_it_looked(refused: Callable[..., str]) -> None:
    got = refused({"usages.csv": "a\n1\n"}, selects={"usage": "SELECT * FROM usage_2024 JOIN usages USING (a)"})
    assert got == (
        "params/sources/acme/usage.sql: expected a raw table 'usage_2024', found none of usage_2024.csv, "
        "usage_2024.tsv, usage_2024.txt, usage_2024.csv.gz, usage_2024.tsv.gz, usage_2024.txt.gz and no "
        "folder usage_2024/ in raw/. "
        "Nearest: 'usages'. Put the file there, or correct the SELECT."
    )


def test_a_source_without_any_contract_table_is_refused(refused: Callable[..., str]) -> None:
    got = refused({"crm.csv": "id\nA\n"})
    assert got.startswith("params/sources/acme/source.yml: expected a contract table, found raw tables 'crm'. Write a")


def test_months_side_by_side_are_unpivoted_in_from(taken: Callable[..., Any]) -> None:
    months = "(UNPIVOT wide ON COLUMNS('^20') INTO NAME month VALUE gb)"
    sql = f"SELECT k AS customer_id, month, gb AS download_gb FROM {months}"
    got = taken({"wide.csv": "k,2024-01,2024-02\nA,1,2\nB,3,\n"}, selects={"usage": sql})
    assert sorted(got.column("usage", "download_gb")) == [1, 2, 3]
    assert "unread" not in got.rules()


def test_a_select_in_which_no_raw_table_is_named_is_refused(taken: Callable[..., Any]) -> None:
    sql = "SELECT * FROM (VALUES ('A', '2024-01')) AS v (customer_id, month)"
    with pytest.raises(ParamsError) as error:
        taken({"customers.csv": "customer_id\nA\n"}, selects={"usage": sql})
    assert str(error.value) == (
        "params/sources/acme/usage.sql: expected a SELECT from a raw table, found none that it names. "
        "Name the raw table it reads in FROM, or remove the file."
    )


def test_a_select_that_names_a_missing_column_suggests_the_closest(refused: Callable[..., str]) -> None:
    got = refused({"crm.csv": "cust_id,town\nA,x\n"}, selects={"customers": "SELECT cust_no AS customer_id FROM crm"})
    assert got == (
        "params/sources/acme/customers.sql: expected a column 'cust_no' in its raw tables, found columns "
        "'_file', '_line', 'cust_id', 'town'. Closest: 'cust_id'. "
        "Correct the SELECT, or ask for the extract with that column."
    )


def test_a_select_the_engine_cannot_run_is_an_error_of_the_select(taken: Callable[..., Any]) -> None:
    with pytest.raises(ParamsError, match=r"customers\.sql: expected a SELECT that runs, found .*nonsense"):
        taken({"crm.csv": "id\nA\n"}, selects={"customers": "SELECT nonsense(id) AS customer_id FROM crm"})


def test_a_column_selected_twice_is_refused(taken: Callable[..., Any]) -> None:
    select = "SELECT id AS customer_id, town AS customer_id FROM crm"
    with pytest.raises(ParamsError, match=r"customers\.sql: expected each column once, found customer_id twice"):
        taken({"crm.csv": "id,town\nA,x\n"}, selects={"customers": select})


def test_a_cast_that_fails_inside_a_select_shows_no_value(refused: Callable[..., str]) -> None:
    select = "SELECT CAST(id AS INTEGER) AS customer_id FROM crm"
    got = refused({"crm.csv": "id\nCANARY-1\n"}, selects={"customers": select})
    assert got.startswith("params/sources/acme/customers.sql: expected values the SELECT can convert, found one")
    assert "CANARY" not in got


def test_a_row_lost_inside_is_an_internal_error(taken: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    lossy = {"selected": 3, "accepted": 1, "set_aside": 0, "duplicates": 0, "later": 1}
    monkeypatch.setattr(module, "doors_of", lambda *_, **__: (lossy, []))
    with pytest.raises(
        LinecardError, match=r"customers: expected 3 rows, found 2\. This is an error in Linecard"
    ) as error:
        taken({"customers.csv": CUSTOMERS})
    assert error.value.exit_code == 1


_ID = st.sampled_from(["A", "B", "C", "", " A ", "NULL", "0", "Z9"])
_MONTH = st.sampled_from(["2024-01-01", "2024-02", "2024-02-15", "2025-06-01", "2024-13-01", "", "x"])
_GB = st.sampled_from(["1", "-1", "2.5", "", "nan", "1e400", "1,000"])
_ROW = st.tuples(_ID, _MONTH, _GB)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_ROW, min_size=1, max_size=12), as_of=st.sampled_from([dt.date(2024, 1, 31), dt.date(2026, 1, 1)]))
def test_no_row_disappears_by_either_door(
    written: Callable[..., Any], engine: Engine, rows: list[tuple[str, ...]], as_of: dt.date
) -> None:
    body = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    usage = f"customer_id,month,download_gb\n{body}"
    source = written({"customers.csv": "customer_id\nA\nB\nC\n", "usage.csv": usage})
    try:
        got = intake(source, engine, as_of=as_of)
    except InputRefused:
        return  # a whole column was bad: refused at once, so nothing was lost
    door = got.doors.set_index("table").loc["usage"]
    raw = got.raw.set_index("file").loc["usage.csv"]
    quarantined = len(to_pandas(got.quarantine["usage"])) if "usage" in got.quarantine else 0
    assert raw["lines"] == raw["parsed"] + raw["unreadable"] == len(rows)
    assert door["selected"] == raw["parsed"]
    assert door["selected"] == door["accepted"] + door["set_aside"] + door["duplicates"] + door["later"]
    assert (len(to_pandas(got.tables["usage"])), quarantined) == (door["accepted"], door["set_aside"])


def test_the_ibm_tables_are_the_same_from_csv_and_from_excel(shared_data: Path, folder: Path) -> None:
    got = {form: _ibm(shared_data / files, folder, form) for form, files in IBM_FILES.items()}
    assert got["csv"].shape == got["excel"].shape == (7043, 55)
    unequal = [name for name in got["csv"] if not _equal(got["csv"][name], got["excel"][name])]
    assert unequal == []


def _ibm(files: Path, folder: Path, form: str) -> pd.DataFrame:
    """Every column of the four customer tables as text, one row per customer."""
    (folder / "source.yml").write_text(
        f"name: IBM\nformat: {form}\nfiles: {files}\nobserved_from: 2019-07-01\n"
        "currency: USD\ntimezone: America/Los_Angeles\n"
    )
    joined = " ".join(f'JOIN {IBM}{table} AS {table} USING ("Customer ID")' for table in IBM_TABLES[1:])
    columns = ", ".join(f'COLUMNS({table}.*) AS "attr_{table}_\\0"' for table in IBM_TABLES)
    select = f'SELECT "Customer ID" AS customer_id, {columns} FROM {IBM}{IBM_TABLES[0]} AS {IBM_TABLES[0]} {joined}'
    (folder / "customers.sql").write_text(select)
    with Engine() as engine:
        got = intake(read_source(folder, environ={}), engine, as_of=dt.date(2019, 9, 30))
        assert got.doors.iloc[0, 1:].tolist() == [7043, 7043, 0, 0, 0]
        assert got.raw.iloc[:, 1:].to_numpy().tolist() == [[7043, 7043, 0]] * 4
        kept = [name for name in got.tables["customers"].collect_schema().names() if name.startswith("attr_")]
        rows = to_pandas(got.tables["customers"].select("customer_id", *kept)).set_index("customer_id").sort_index()
    return rows[[name for name in rows if not name.endswith(("_file", "_line", "Customer ID"))]]


def _equal(first: pd.Series, second: pd.Series) -> bool:
    """Whether two columns say the same; numbers to the fifteen digits a sheet shows."""
    if first.equals(second):
        return True
    return np.allclose(first.astype(float), second.astype(float), rtol=1e-12, atol=0)
