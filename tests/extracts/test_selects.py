"""What a source's SELECT may and may not say."""

from __future__ import annotations

import pytest

from analysis.basis.errors import ParamsError
from analysis.extracts.selects import checked_select, parameters_of, raw_names

WHERE = "params/sources/acme/usage.sql"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM crm",
        "-- words\nSELECT a AS b FROM crm -- more",
        "WITH t AS (SELECT a FROM crm) SELECT a FROM t UNION ALL SELECT b FROM bills",
        "FROM crm SELECT a",
        "(SELECT a FROM crm)",
        "SELECT a, row_number() OVER (PARTITION BY b ORDER BY c) AS n FROM crm QUALIFY n = 1",
        "SELECT unnest([1, 2]) AS n, m.i FROM crm CROSS JOIN (VALUES (1), (2)) AS m (i), range(3)",
        "SELECT CAST(a AS DECIMAL(18, 4)), strptime(b, '%d/%m/%Y'), $snapshot_date - 3 FROM crm",
        "SELECT a FROM crm WHERE a IN (SELECT a FROM bills)",
        'SELECT a FROM "Telco customers 2024.1"',
        "SELECT COLUMNS(* EXCLUDE (b)) FROM crm",
        "SELECT regexp_replace(a, 'x', 'y'), list_contains(['a'], a), len(a), hash(a), md5(a) FROM crm",
    ],
)
def test_one_select_over_raw_tables_may_run(sql: str) -> None:
    assert checked_select(sql, where=WHERE) == sql


def test_a_closing_semicolon_and_what_follows_it_go(  # it is going to stand in brackets
) -> None:
    assert checked_select("SELECT ';' AS a FROM crm ; -- done\n", where=WHERE) == "SELECT ';' AS a FROM crm"


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("", "no statement"),
        ("-- nothing", "no statement"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("SELECT FROM WHERE", "SQL that does not parse"),
        ("DROP TABLE crm", "DROP"),
        ("INSERT INTO crm SELECT 1", "INSERT"),
        ("CREATE TABLE x AS SELECT 1", "CREATE"),
        ("COPY crm TO 'out.csv'", "COPY"),
        ("ATTACH 'other.db'", "ATTACH"),
        ("INSTALL httpfs", "INSTALL"),
        ("LOAD httpfs", "LOAD"),
        ("PRAGMA database_list", "PRAGMA"),
        ("SET threads = 1", "SET"),
        ("DESCRIBE crm", "DESCRIBE"),
        ("EXPLAIN SELECT 1", "EXPLAIN"),
        ("CALL pragma_version()", "CALL"),
        ("EXPORT DATABASE 'x'", "SQL that does not parse"),
        ("WITH t AS (INSERT INTO crm SELECT 1) SELECT 1", "INSERT"),
        ("SELECT * INTO x FROM crm", "INTO"),
        ("SELECT * FROM read_csv('a.csv')", "the table function read_csv()"),
        ("SELECT * FROM read_parquet('a.parquet')", "the table function read_parquet()"),
        ("SELECT * FROM read_text('a')", "the table function read_text()"),
        ("SELECT * FROM glob('*')", "the table function glob()"),
        ("SELECT * FROM sniff_csv('a')", "the table function sniff_csv()"),
        ("SELECT * FROM query('SELECT 1')", "the table function query()"),
        ("SELECT * FROM query_table('crm')", "the table function query_table()"),
        ("SELECT * FROM duckdb_settings()", "the table function duckdb_settings()"),
        ("SELECT (SELECT max(x) FROM parquet_scan('a')) FROM crm", "the table function parquet_scan()"),
        ("SELECT * FROM crm JOIN (SELECT * FROM read_json('a')) USING (x)", "the table function read_json()"),
        ("SELECT * FROM 'folder/a.csv'", "the path 'folder/a.csv' in FROM"),
        ("SELECT * FROM 'https://example.org/a.csv'", "the path 'https://example.org/a.csv' in FROM"),
        ("SELECT * FROM 's3://b/*.parquet'", "the path"),
        ('WITH "a.csv" AS (SELECT 1) SELECT * FROM "a.csv"', "WITH 'a.csv', a name that could be read as a path"),
        ("SELECT * FROM information_schema.tables", "a table of another database"),
        ("SELECT * FROM other.main.crm", "a table of another database"),
        ("SELECT getenv('HOME') FROM crm", "the function getenv()"),
        ("SELECT current_setting('threads') FROM crm", "the function current_setting()"),
        ("SELECT now() FROM crm", "now, which differs from run to run"),
        ("SELECT current_date FROM crm", "current_date, which differs from run to run"),
        ("SELECT current_timestamp FROM crm", "current_timestamp, which differs from run to run"),
        ("SELECT today() FROM crm", "which differs from run to run"),
        ("SELECT random() FROM crm", "which differs from run to run"),
        ("SELECT uuid() FROM crm", "uuid, which differs from run to run"),
        ("SELECT * FROM crm USING SAMPLE 10%", "tablesample, which differs from run to run"),
        ("SELECT $password FROM crm", "the parameter $password (known: $snapshot_date)"),
        ("SELECT ? FROM crm", "the parameter $? (known: $snapshot_date)"),
    ],
)
def test_anything_else_is_refused_by_name(sql: str, found: str) -> None:
    with pytest.raises(ParamsError) as error:
        checked_select(sql, where=WHERE)
    got = str(error.value)
    assert got.startswith(f"{WHERE}: expected one SELECT")
    assert f"found {found}" in got or found in got.partition("found ")[2]
    assert got.endswith("A source's SQL file holds a single SELECT over its raw tables, and nothing else.")


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ('SELECT * FROM crm JOIN "Bill lines" USING (a)', {"crm", "Bill lines"}),
        ("WITH t AS (SELECT * FROM crm) SELECT * FROM t", {"crm"}),
        (
            "WITH crm AS (SELECT * FROM raw_crm) SELECT * FROM crm WHERE a IN (SELECT a FROM bills)",
            {"raw_crm", "bills"},
        ),
        ("SELECT 1 AS a UNION SELECT a FROM (SELECT * FROM deep)", {"deep"}),
        ("SELECT m.i FROM (VALUES (1)) AS m (i), range(3)", set()),
        ("SELECT a FROM (UNPIVOT wide ON COLUMNS('^20') INTO NAME month VALUE gb)", {"wide"}),
        ("FROM (PIVOT tall ON month USING sum(gb)) SELECT a", {"tall"}),
        ("SELECT a FROM wide UNPIVOT (gb FOR month IN (jan, feb))", {"wide"}),
        ("WITH t AS (UNPIVOT wide ON a INTO NAME m VALUE v) SELECT m FROM t JOIN crm USING (m)", {"wide", "crm"}),
        ("WITH t AS (SELECT a FROM crm) SELECT * FROM (UNPIVOT t ON a INTO NAME m VALUE v)", {"crm"}),
        ("WITH wide AS (UNPIVOT wide ON a INTO NAME m VALUE v) SELECT m FROM wide", {"wide"}),
    ],
)
def test_raw_tables_are_those_a_select_does_not_define(sql: str, names: set[str]) -> None:
    assert raw_names(sql) == names


def test_a_parameter_in_a_comment_or_a_text_is_none() -> None:
    assert parameters_of("SELECT '$snapshot_date' AS a -- $snapshot_date\nFROM crm") == set()
    assert parameters_of("SELECT $snapshot_date AS a") == {"snapshot_date"}
