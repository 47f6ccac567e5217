"""The engine: what goes in comes out, and files appear whole."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analysis.basis.errors import StorageFailed
from analysis.extracts import engine as module
from analysis.extracts.engine import Engine, SqlError, to_pandas

ROWS = pa.table(
    {
        "id": ["b", "a"],
        "fee": pa.array([Decimal("29.90"), Decimal("0.10")], pa.decimal128(18, 4)),
        "day": pa.array([dt.date(2024, 3, 5), None]),
        "n": pa.array([1, 2]),
        "word": pa.array([None, "é"]),
    }
)


def test_pandas_gets_floats_dates_and_objects(engine: Engine) -> None:
    got = to_pandas(engine.table(ROWS))
    assert list(got["fee"]) == [29.9, 0.1]
    assert got["day"].dtype == np.dtype("datetime64[ns]")
    assert next(iter(got["day"])) == pd.Timestamp("2024-03-05")
    assert got["n"].dtype == np.int64
    assert list(got["word"]) == [None, "é"]


def test_a_column_without_any_value_is_text(engine: Engine) -> None:
    got = engine.table(pd.DataFrame({"id": ["a"], "nothing": [None]}))
    assert got.collect_schema()["nothing"] == nw.String


def test_a_table_is_found_by_its_name_and_replaced(engine: Engine) -> None:
    engine.table(pd.DataFrame({"a": [1, 2]}), "t")
    engine.table(engine.select("SELECT a + 1 AS a FROM t"), "t")
    assert engine.rows("SELECT a FROM t ORDER BY a") == [(2,), (3,)]


def test_rows_are_added_by_the_names_of_their_columns(engine: Engine) -> None:
    engine.append("t", pd.DataFrame({"a": [1], "b": ["x"]}))
    engine.append("t", pd.DataFrame({"b": ["y"], "a": [2]}))
    assert engine.rows("SELECT a, b FROM t ORDER BY a") == [(1, "x"), (2, "y")]


def test_a_select_may_have_parameters(engine: Engine) -> None:
    engine.table(ROWS, "t")
    got = to_pandas(engine.select("SELECT id FROM t WHERE day <= $day", {"day": dt.date(2024, 12, 31)}))
    assert list(got["id"]) == ["b"]


def test_columns_are_told_without_computing_and_as_often_as_they_stand(engine: Engine) -> None:
    engine.table(ROWS, "t")
    assert engine.columns("SELECT id, id, CAST(n AS DOUBLE) AS n FROM t") == [
        ("id", "VARCHAR"),
        ("id", "VARCHAR"),
        ("n", "DOUBLE"),
    ]


@pytest.mark.parametrize(
    ("sql", "trouble"),
    [
        ("SELECT nope FROM t", "column"),
        ("SELECT 1 FROM nope", "table"),
        ("SELECT FROM", "syntax"),
        ("SELECT CAST(word AS INTEGER) FROM t", "value"),
        ("SELECT nope(1)", "other"),
    ],
)
def test_a_statement_that_cannot_run_says_what_kind_of_trouble_it_is(engine: Engine, sql: str, trouble: str) -> None:
    engine.table(ROWS, "t")
    with pytest.raises(SqlError) as error:
        engine.rows(sql)
    assert error.value.trouble == trouble


@pytest.mark.parametrize(
    "sql", ["SET threads = 1", "SET enable_external_access = true", "SET lock_configuration = false"]
)
def test_no_statement_changes_the_engines_settings(engine: Engine, sql: str) -> None:
    with pytest.raises(SqlError):
        engine.rows(sql)


def test_a_variable_of_the_program_is_no_table(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "secrets", pd.DataFrame({"a": [1]}), raising=False)
    with pytest.raises(SqlError, match="secrets"):
        engine.rows("SELECT * FROM secrets")


def test_relations_are_what_a_select_reads(engine: Engine) -> None:
    got = engine.relations("WITH x AS (SELECT 1 AS a) SELECT * FROM x, t, 'f.csv'")
    assert got == {"t", "f.csv"}


def test_a_dropped_table_or_view_is_gone(engine: Engine) -> None:
    engine.table(ROWS, "t")
    engine.execute("CREATE VIEW v AS SELECT * FROM t")
    engine.drop("V")
    engine.drop("t")
    engine.drop("never")
    assert not engine.has("v")
    assert not engine.has("t")


def test_a_table_written_and_read_again_is_the_same(engine: Engine, tmp_path: Path) -> None:
    assert engine.write_parquet(engine.table(ROWS), tmp_path / "t.parquet", order_by=["id"]) == 2
    got = to_pandas(engine.scan_parquet(tmp_path / "t.parquet"))
    assert list(got["id"]) == ["a", "b"]
    assert list(got["fee"]) == [0.1, 29.9]
    assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]


def test_the_same_rows_give_the_same_bytes_whatever_their_order_and_the_threads(tmp_path: Path) -> None:
    numbers = np.random.default_rng(1).permutation(300_000)
    written = []
    for threads, order in ((1, numbers), (2, numbers[::-1]), (4, np.sort(numbers))):
        with Engine(threads=threads) as engine:
            table = engine.table(pd.DataFrame({"id": order, "text": [f"row {n}" for n in order]}))
            engine.write_parquet(table, tmp_path / "t.parquet", order_by=["id"])
            written.append((tmp_path / "t.parquet").read_bytes())
    assert written[0] == written[1] == written[2]


def test_a_folder_that_is_not_there_is_a_storage_error(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match=r"t\.parquet: expected a folder to write in, found") as error:
        engine.write_parquet(engine.table(ROWS), tmp_path / "none" / "t.parquet", order_by=["id"])
    assert error.value.exit_code == 6
    assert str(tmp_path) not in str(error.value)


def test_nothing_half_written_is_left_behind(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "t.parquet").mkdir()
    with pytest.raises(StorageFailed):
        engine.write_parquet(engine.table(ROWS), tmp_path / "t.parquet", order_by=["id"])
    assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]


def test_closing_removes_what_was_spilled(tmp_path: Path) -> None:
    with Engine(memory_limit="100MB", threads=1, temp=tmp_path) as engine:
        engine.execute("CREATE TABLE t AS SELECT hash(i) AS a, md5(i::VARCHAR) AS b FROM range(3000000) AS r (i)")
        assert engine.rows("SELECT count(*) FROM t") == [(3_000_000,)]
        assert any(tmp_path.rglob("*.tmp"))
    assert not any(tmp_path.iterdir())
