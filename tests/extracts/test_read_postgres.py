"""Tables of a database: every value as a file would give it, one moment for all, nothing of the connection told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.postgres_proxy import Proxy
from tests.postgres_server import PASSWORD, SPELLINGS, Server

from analysis.basis.errors import InputRefused, LinecardError
from analysis.extracts.engine import Engine, quoted, to_pandas
from analysis.extracts.inputs import database_inputs
from analysis.extracts.intake import Extracts, intake
from analysis.extracts.mapping import Source, read_source
from analysis.extracts.read import offered, read_raw

pytestmark = pytest.mark.postgres

AS_OF = dt.date(2024, 12, 31)
CUSTOMERS = """
    CREATE TABLE customers (customer_id text PRIMARY KEY, signup_date date, status text);
    INSERT INTO customers VALUES ('a1', '2024-01-05', 'active'), ('a2', '2024-02-05', 'active')
"""
Described = Callable[..., Source]


@pytest.fixture
def described(folder: Path) -> Described:
    """The source of a database: its source.yml and SELECTs, read with the connection string in the environment."""

    def describe(dsn: str, *, schema: str = "public", selects: dict[str, str] | None = None, **keys: str) -> Source:
        lines = ["name: Acme Broadband", "format: postgres", f'postgres: {{dsn: ACME_DSN, schema: "{schema}"}}']
        lines += ["observed_from: 2024-01-01", "currency: EUR"]
        lines += [f"{key}: {value}" for key, value in ({"timezone": "Europe/Berlin"} | keys).items()]
        (folder / "source.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        for table, sql in (selects or {}).items():
            (folder / f"{table}.sql").write_text(sql, encoding="utf-8")
        return read_source(folder, environ={"ACME_DSN": dsn})

    return describe


def raw_rows(source: Source, table: str, engine: Engine) -> list[tuple[object, ...]]:
    """Every cell of one raw table as text, with `_file` and `_line`."""
    with read_raw(source, offered(source), [table], engine=engine):
        return engine.rows(f"SELECT * FROM {quoted(table)} ORDER BY ALL")


def raw_types(source: Source, table: str, engine: Engine) -> dict[str, str]:
    with read_raw(source, offered(source), [table], engine=engine):
        return dict(engine.columns(f"SELECT * EXCLUDE (_file, _line) FROM {quoted(table)}"))


def told(extracts: Extracts) -> list[str]:
    return [f"{r['where']}: expected {r['expected']}, found {r['found']}" for r in extracts.findings.to_dict("records")]


def test_a_table_of_the_contracts_name_is_taken_in_without_a_select(
    postgres: Server, described: Described, engine: Engine
) -> None:
    got = intake(described(postgres.database("plain", CUSTOMERS)), engine, as_of=AS_OF)
    assert list(to_pandas(got.tables["customers"])["customer_id"]) == ["a1", "a2"]
    assert got.raw.to_dict("records") == [{"file": "public.customers", "lines": 2, "parsed": 2, "unreadable": 0}]


def test_numbers_stay_exact_and_days_and_truth_values_keep_their_types(
    postgres: Server, described: Described, engine: Engine
) -> None:
    dsn = postgres.database(
        "kinds",
        """
        CREATE DOMAIN fee AS numeric(10,2);
        CREATE TABLE t (a numeric(12,2), b numeric, c fee, d real, e double precision, f bigint, g boolean, h date,
            i timestamp, j timestamptz, k char(5), l varchar(5), m uuid, n money, o jsonb);
        INSERT INTO t VALUES (0.10, 0.12345678901234567890, 29.99, 0.3, 0.1, 9007199254740993, true, '2024-02-29',
            '2024-01-01 10:00', '2024-06-30 22:30+00', 'ab', '', '00000000-0000-0000-0000-000000000001', 12.5, '{}')
        """,
    )
    source = described(dsn)
    [got] = raw_rows(source, "t", engine)
    assert [str(value) for value in got] == [
        "0.10", "0.12345678901234567890", "29.99", "0.3", "0.1", "9007199254740993", "True", "2024-02-29",
        "2024-01-01 10:00:00", "2024-07-01 00:30:00", "ab", "None", "00000000-0000-0000-0000-000000000001", "12.50",
        "{}", "public.t", "None",
    ]  # fmt: skip
    assert list(raw_types(source, "t", engine).values()) == [
        "DECIMAL(12,2)", "DECIMAL(38,20)", "DECIMAL(10,2)", "DOUBLE", "DOUBLE", "BIGINT", "BOOLEAN", "DATE",
        "TIMESTAMP", "TIMESTAMP", "VARCHAR", "VARCHAR", "VARCHAR", "DECIMAL(38,2)", "VARCHAR",
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e60"])
def test_a_number_no_decimal_can_hold_is_text_and_set_aside_by_its_rule(
    postgres: Server, described: Described, engine: Engine, value: str
) -> None:
    tables = f"""
        {CUSTOMERS};
        CREATE TABLE invoices (invoice_id text, customer_id text, month date, amount numeric);
        INSERT INTO invoices VALUES ('i1', 'a1', '2024-03-01', 12.500), ('i2', 'a1', '2024-03-01', '{value}')
    """
    source = described(postgres.database("numbers", tables), csv='{decimal: ","}')
    got = intake(source, engine, as_of=AS_OF)
    assert list(to_pandas(got.tables["invoices"])["amount"]) == [12.5]
    assert list(to_pandas(got.quarantine["invoices"])["rule"]) == ["type:amount"]


def test_an_endless_day_is_read_as_no_end_and_a_day_before_all_time_is_set_aside(
    postgres: Server, described: Described, engine: Engine
) -> None:
    tables = """
        CREATE TABLE subscriptions (subscription_id text, customer_id text, product text, monthly_fee numeric,
            start_date timestamptz, end_date timestamptz);
        INSERT INTO subscriptions VALUES ('s1', 'a1', 'broadband', 30, '2024-01-01 00:00-05', 'infinity'),
            ('s2', 'a1', 'broadband', 30, '-infinity', NULL)
    """
    source = described(postgres.database("endless", tables), timezone="America/New_York")
    got = intake(source, engine, as_of=AS_OF)
    assert list(got.findings["rule"]) == ["type:start_date", "sentinel:end_date"]
    assert to_pandas(got.tables["subscriptions"])["end_date"].isna().all()


def test_views_and_partitioned_tables_are_raw_tables_and_partitions_are_not(
    postgres: Server, described: Described
) -> None:
    tables = f"""
        {CUSTOMERS};
        CREATE TABLE usage (customer_id text, month date) PARTITION BY RANGE (month);
        CREATE TABLE usage_2024 PARTITION OF usage FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE VIEW crm AS SELECT * FROM customers;
        CREATE MATERIALIZED VIEW kept AS SELECT * FROM customers
    """
    got = offered(described(postgres.database("offered", tables)))
    assert list(got.tables) == ["crm", "customers", "kept", "usage"]


def test_hostile_names_are_names_and_nothing_else(postgres: Server, described: Described, engine: Engine) -> None:
    table, column, schema = 'a"; DROP TABLE customers; --', "b'; DROP TABLE customers; --", 'x"; DROP SCHEMA y; --'
    own = f"{quoted(schema)}.{quoted(table)}"
    dsn = postgres.database(
        "hostile",
        f"""
        CREATE SCHEMA {quoted(schema)}; GRANT USAGE ON SCHEMA {quoted(schema)} TO reader; {CUSTOMERS};
        CREATE TABLE {own} ({quoted(column)} text); INSERT INTO {own} VALUES ('$(1)'); GRANT SELECT ON {own} TO reader
        """,
    )
    escaped = schema.replace('"', '\\"')
    select = f"SELECT {quoted(column)} AS customer_id FROM {quoted(table)}"
    got = intake(described(dsn, schema=escaped, selects={"customers": select}), engine, as_of=AS_OF)
    assert list(to_pandas(got.tables["customers"])["customer_id"]) == ["$(1)"]
    assert postgres.psql("SELECT count(*) FROM customers", "hostile") == "2"


def test_the_database_is_only_ever_read(postgres: Server, described: Described, engine: Engine) -> None:
    writes = f"""
        {CUSTOMERS}; CREATE TABLE log (at timestamptz); GRANT INSERT ON log TO reader;
        CREATE FUNCTION note(t text) RETURNS text LANGUAGE sql AS 'INSERT INTO public.log VALUES (now()); SELECT t';
        CREATE VIEW leads AS SELECT note(customer_id) AS lead_id, signup_date AS created_at FROM customers
    """
    source = described(postgres.database("written", writes))
    with pytest.raises(InputRefused) as error:
        intake(source, engine, as_of=AS_OF)
    assert str(error.value) == (
        "public.leads: expected rows, found an error of the server (SQLSTATE 25006). "
        "Ask who runs 127.0.0.1: its log has the words."
    )
    assert postgres.psql("SELECT count(*) FROM log", "written") == "0"


def test_a_table_that_is_not_there_is_refused_with_the_nearest(
    postgres: Server, described: Described, engine: Engine
) -> None:
    source = described(postgres.database("nearest", CUSTOMERS), selects={"customers": "SELECT * FROM customer"})
    with pytest.raises(InputRefused) as error:
        intake(source, engine, as_of=AS_OF)
    assert str(error.value) == (
        "params/sources/acme/customers.sql: expected a raw table 'customer', found none in the schema public that this "
        "user may read. Nearest: 'customers'. Grant SELECT on customer, or correct the SELECT."
    )


def test_a_schema_without_tables_is_refused(postgres: Server, described: Described, engine: Engine) -> None:
    with pytest.raises(InputRefused) as error:
        intake(described(postgres.database("bare", CUSTOMERS), schema="sales"), engine, as_of=AS_OF)
    assert str(error.value) == (
        "127.0.0.1: expected tables that may be read in the schema 'sales', found none. "
        "Correct `schema:` in params/sources/acme/source.yml, or grant USAGE on it and SELECT on its tables."
    )


def test_a_table_without_rows_is_refused(postgres: Server, described: Described, engine: Engine) -> None:
    tables = "CREATE TABLE customers (customer_id text)"
    with pytest.raises(InputRefused) as error:
        intake(described(postgres.database("empty", tables)), engine, as_of=AS_OF)
    assert str(error.value) == (
        "public.customers: expected rows, found none. "
        "Ask why it has none; a table that may have none is named under `optional` in source.yml."
    )


def test_an_optional_table_without_rows_is_left_out(postgres: Server, described: Described, engine: Engine) -> None:
    tables = f"{CUSTOMERS}; CREATE TABLE leads (lead_id text, created_at date)"
    got = intake(described(postgres.database("spare", tables), optional="[leads]"), engine, as_of=AS_OF)
    assert list(got.tables) == ["customers"]


def test_tables_nobody_names_are_told_in_one_note(postgres: Server, described: Described, engine: Engine) -> None:
    got = intake(
        described(postgres.database("unused", f"{CUSTOMERS}; CREATE TABLE a (i int); CREATE TABLE b (i int)")),
        engine,
        as_of=AS_OF,
    )
    assert told(got) == ["public: expected tables of use, found 2 that no SELECT names ('a', 'b')"]


def test_text_that_is_no_utf8_is_refused(postgres: Server, described: Described, engine: Engine) -> None:
    postgres.psql("DROP DATABASE IF EXISTS bytes; CREATE DATABASE bytes TEMPLATE template0 ENCODING 'SQL_ASCII'")
    tables = "CREATE TABLE customers AS SELECT convert_from('\\x61ff'::bytea, 'SQL_ASCII') AS customer_id"
    postgres.psql(f"{tables}; GRANT SELECT ON customers TO reader", "bytes")
    with pytest.raises(InputRefused) as error:
        intake(described(postgres.dsn("bytes")), engine, as_of=AS_OF)
    assert str(error.value) == (
        "public.customers: expected text in UTF-8, found bytes that are none. "
        "Correct them there, or offer a view without that column."
    )


def test_a_day_beyond_all_calendars_is_set_aside(postgres: Server, described: Described, engine: Engine) -> None:
    tables = """
        CREATE TABLE customers AS SELECT * FROM (VALUES ('a1', timestamp '294276-12-31 23:59:59'), ('a2', '2024-01-01'))
            AS v (customer_id, signup_date)
    """
    got = intake(described(postgres.database("beyond", tables)), engine, as_of=AS_OF)
    assert list(to_pandas(got.tables["customers"])["customer_id"]) == ["a2"]
    assert list(to_pandas(got.quarantine["customers"])["rule"]) == ["type:signup_date"]


def test_a_statement_that_takes_too_long_is_ended(postgres: Server, described: Described, engine: Engine) -> None:
    tables = "CREATE VIEW customers AS SELECT 'a1' AS customer_id FROM (SELECT pg_sleep(20)) AS slow"
    source = described(postgres.database("slow", tables))
    text = (source.folder / "source.yml").read_text().replace("schema:", "minutes_per_statement: 0.01, schema:")
    (source.folder / "source.yml").write_text(text)
    again = read_source(source.folder, environ={"ACME_DSN": postgres.dsn("slow")})
    with pytest.raises(InputRefused) as error:
        intake(again, engine, as_of=AS_OF)
    assert str(error.value) == (
        "public.customers: expected an answer within 0.01 minutes, found none. "
        "Raise `minutes_per_statement`, or read a smaller table."
    )


def test_every_table_is_read_as_it_was_at_one_moment(postgres: Server, described: Described, engine: Engine) -> None:
    """While customers are read, a customer comes with a ticket and another goes with hers: no ticket is an orphan."""
    tables = """
        CREATE TABLE customers (customer_id text);
        CREATE TABLE tickets (ticket_id text, opened_at date, customer_id text);
        INSERT INTO customers SELECT 'c' || i FROM generate_series(1, 50000) AS i;
        INSERT INTO tickets SELECT 't' || i, '2024-05-01', 'c' || i FROM generate_series(1, 50000) AS i
    """
    postgres.database("moving", tables)

    def changed() -> None:
        postgres.psql(
            "BEGIN; INSERT INTO customers VALUES ('new'); INSERT INTO tickets VALUES ('new', '2024-05-01', 'new'); "
            "DELETE FROM customers WHERE customer_id = 'c7'; DELETE FROM tickets WHERE customer_id = 'c7'; COMMIT",
            "moving",
        )

    with Proxy(postgres.port, cut=[changed], after=300_000) as proxy:
        got = intake(described(postgres.dsn("moving", port=proxy.port)), engine, as_of=AS_OF)
    assert proxy.cuts == 1
    assert got.raw.to_dict("list")["parsed"] == [50_000, 50_000]
    assert set(to_pandas(got.tables["tickets"])["ticket_id"]) == {f"t{number}" for number in range(1, 50_001)}
    assert "relationships:customer_id" not in set(got.findings["rule"])
    assert postgres.psql("SELECT count(*) FROM tickets WHERE ticket_id IN ('t7', 'new')", "moving") == "1"  # it changed


BIG = """
    CREATE TABLE customers (customer_id text); INSERT INTO customers VALUES ('c1');
    CREATE TABLE big AS SELECT i AS n, repeat('x', 200) AS filling FROM generate_series(1, 200000) AS i
"""
PAIR = {
    "customers": "SELECT customer_id FROM customers",
    "leads": "SELECT n AS lead_id, '2024-01-01' AS created_at FROM big",
}


def test_a_connection_lost_in_the_middle_begins_its_table_again_at_the_same_moment(
    postgres: Server, described: Described, engine: Engine
) -> None:
    postgres.database("lost_once", BIG)

    def ended_and_changed() -> None:
        assert postgres.end_reading() == 1
        postgres.psql("DELETE FROM big WHERE n > 5; INSERT INTO customers VALUES ('c2')", "lost_once")

    with Proxy(postgres.port, cut=[ended_and_changed], after=5_000_000) as proxy:
        source = described(postgres.dsn("lost_once", port=proxy.port), selects=PAIR)
        got = intake(source, engine, as_of=AS_OF)
    assert proxy.cuts == 1
    assert got.raw.to_dict("list")["parsed"] == [200_000, 1]


def test_a_connection_lost_twice_leaves_no_table_and_is_refused(
    postgres: Server, described: Described, engine: Engine
) -> None:
    postgres.database("lost_twice", BIG)
    with Proxy(postgres.port, cut=[postgres.end_reading] * 2, after=5_000_000) as proxy:
        source = described(postgres.dsn("lost_twice", port=proxy.port), selects=PAIR)
        before = engine.rows("SELECT table_name FROM duckdb_tables()")
        with pytest.raises(InputRefused) as error:
            intake(source, engine, as_of=AS_OF)
    assert proxy.cuts == 2
    assert engine.rows("SELECT table_name FROM duckdb_tables()") == before
    assert error.value.exit_code == 3
    assert str(error.value) == (
        "public.big: expected a connection that lasts, found that it was lost. "
        "Ask why 127.0.0.1 ended it, and run again."
    )


def test_a_table_is_known_by_its_content_whatever_the_order_of_its_rows(
    postgres: Server, described: Described, engine: Engine
) -> None:
    def digest(rows: str) -> object:
        dsn = postgres.database(
            "content", f"CREATE TABLE customers AS SELECT * FROM (VALUES {rows}) AS v (customer_id)"
        )
        [file] = intake(described(dsn), engine, as_of=AS_OF).files
        assert file["file"] == "public.customers"
        assert file["bytes"] is None
        return file["sha256"]

    assert digest("('a'), ('b')") == digest("('b'), ('a')")
    assert len({digest("('a'), ('b')"), digest("('a'), ('c')"), digest("('a'), ('b'), ('b')")}) == 3


def test_whoever_asks_what_the_tables_hold_now_reads_what_was_taken_in(
    postgres: Server, described: Described, engine: Engine
) -> None:
    tables = f"""
        {CUSTOMERS}; CREATE TABLE leads (lead_id text, created_at date); CREATE TABLE unused (a text);
        CREATE TABLE identities (customer_id text, phone text); INSERT INTO identities VALUES ('a1', '0151 234567')
    """
    source = described(postgres.database("asked", tables), optional="[leads]")
    taken_in = {str(file["file"]): file["sha256"] for file in intake(source, engine, as_of=AS_OF).files}
    assert database_inputs(source) == taken_in
    assert "public.identities" in taken_in
    postgres.psql("UPDATE identities SET phone = '0151 234568'", "asked")
    assert {file for file, digest in database_inputs(source).items() if taken_in[file] != digest} == {
        "public.identities"
    }


def test_a_server_that_is_down_is_asked_three_times_and_named_without_the_password(described: Described) -> None:
    source = described(f"postgresql://reader:{PASSWORD.replace('/', '%2F')}@127.0.0.1:1/acme")
    with pytest.raises(InputRefused) as error:
        offered(source)
    assert error.value.exit_code == 3
    assert str(error.value) == (
        "127.0.0.1: expected a PostgreSQL server that answers, found none in 3 tries. "
        "Check that it runs, that this machine may reach it, and what ACME_DSN says."
    )


@pytest.mark.parametrize(
    ("database", "password", "found"),
    [
        ("postgres", "CANARY-wrong", "that it refuses this user, or the password"),
        ("CANARY", PASSWORD, "no database of the name asked for"),
    ],
)
def test_a_wrong_word_is_refused_at_once_and_not_repeated(
    postgres: Server, described: Described, database: str, password: str, found: str
) -> None:
    with pytest.raises(InputRefused) as error:
        offered(described(postgres.dsn(database, password=password)))
    assert f"expected a PostgreSQL server that lets us in, found {found}." in str(error.value)
    assert_nothing_told(error.value)


@pytest.mark.parametrize(
    "dsn", ["CANARY", "host=127.0.0.1 CANARY", "postgresql://[CANARY@127.0.0.1/x", "postgresql://a:%zzCANARY@b/c"]
)
def test_a_text_that_is_no_connection_string_is_not_repeated(described: Described, dsn: str) -> None:
    with pytest.raises(LinecardError) as error:
        offered(described(dsn))
    assert_nothing_told(error.value)


def assert_nothing_told(error: BaseException) -> None:
    """Neither the message, nor the errors behind it, nor a printed traceback holds a spelling of the password."""
    import traceback

    said = "".join(traceback.format_exception(error)) + repr(error)
    assert [word for word in SPELLINGS if word in said] == []
