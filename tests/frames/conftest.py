"""Small contract tables, written by hand: a row is a dict, columns not named are missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.features import features
from analysis.frames.observation import Observation

TYPES = {
    "text": pa.string(),
    "date": pa.date32(),
    "month": pa.date32(),
    "time": pa.timestamp("us"),
    "money": pa.decimal128(18, 4),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
}
DAYS = ("date", "month")


def _value(value: object, type: str) -> object:
    if value is None:
        return None
    if type in DAYS:
        return dt.date.fromisoformat(str(value))
    if type == "time":
        return dt.datetime.fromisoformat(str(value))
    if type == "money":
        from decimal import Decimal

        return Decimal(str(value))
    return value


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as one:
        yield one


@pytest.fixture
def contract(engine: Engine) -> Callable[..., nw.LazyFrame]:
    """`contract("usage", {...}, {...})`: a contract table of these rows; `customers` also gets `account_id`."""

    def made(name: str, *rows: dict, **extra: pa.DataType) -> nw.LazyFrame:
        columns = {column.name: TYPES[column.type] for column in CONTRACT[name].columns} | extra
        kinds = {column.name: column.type for column in CONTRACT[name].columns}
        if name == "customers":
            columns["account_id"] = pa.string()
            rows = tuple({"account_id": row["customer_id"], **row} for row in rows)
        for row in rows:
            assert set(row) <= set(columns), set(row) - set(columns)
        arrays = {
            column: pa.array([_value(row.get(column), kinds.get(column, "text")) for row in rows], type=type)
            for column, type in columns.items()
        }
        return engine.table(pa.table(arrays))

    return made


@pytest.fixture
def rows() -> Callable[[nw.LazyFrame], list[dict]]:
    """A table's rows as dicts with ISO days and None for missing, in the order of all columns."""

    def listed(table: nw.LazyFrame) -> list[dict]:
        data = to_pandas(table)
        for column in data.columns:
            if pd.api.types.is_datetime64_any_dtype(data[column]):
                data[column] = data[column].dt.strftime("%Y-%m-%d")
        plain = data.astype(object).where(data.notna(), None)
        return sorted(plain.to_dict("records"), key=lambda row: [str(value) for value in row.values()])

    return listed


@pytest.fixture
def at(contract, rows, engine: Engine) -> Callable[..., dict]:
    """The features of one customer "a", who joined on `start`, at `landmark`."""

    def made(
        landmark: str,
        *,
        start: str = "2023-01-01",
        observation: Observation | None = None,
        customer: dict | None = None,
        **tables: nw.LazyFrame,
    ) -> dict:
        points = engine.table(
            pd.DataFrame(
                {"customer_id": ["a"], "spell_start": pd.to_datetime([start]), "landmark": pd.to_datetime([landmark])}
            )
        ).with_columns(nw.col("spell_start", "landmark").cast(nw.Date))
        accounts = {"customers": contract("customers", {"customer_id": "a", "signup_date": start, **(customer or {})})}
        seen = observation or Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))
        got = rows(features(points, accounts | tables, seen))
        assert len(got) == 1
        return got[0]

    return made
