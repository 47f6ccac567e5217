"""One demo for all tests of what is in it, read as text and as typed columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.contract import CONTRACT
from analysis.extracts.demo import write_demo
from analysis.extracts.demo.areas import AreaMonth
from analysis.extracts.demo.book import Book
from analysis.extracts.demo.parameters import Parameters
from analysis.extracts.demo.state import State, empty_state
from analysis.extracts.demo.world import Month, World, world

UNTIL = pd.Timestamp("2026-09-30")
OBSERVED_FROM = pd.Timestamp("2023-10-01")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "extracts"
    write_demo(folder, customers=4_000, seed=7)
    return folder


@pytest.fixture(scope="session")
def texts(demo: Path) -> dict[str, pd.DataFrame]:
    return {table: pd.read_csv(demo / f"{table}.csv", dtype=str, keep_default_na=False) for table in CONTRACT}


@pytest.fixture(scope="session")
def tables(texts: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {table: typed(rows, table) for table, rows in texts.items()}


def typed(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Text columns as the contract's types; a cell that cannot be read fails here."""
    got = rows.replace("", None)
    for column in CONTRACT[table].columns:
        if column.type in ("date", "month"):
            got[column.name] = pd.to_datetime(got[column.name], format="%Y-%m-%d")
        elif column.type == "time":
            got[column.name] = pd.to_datetime(got[column.name], format="%Y-%m-%d %H:%M:%S")
        elif column.type in ("money", "number", "integer"):
            got[column.name] = pd.to_numeric(got[column.name])
        elif column.type == "boolean":
            got[column.name] = got[column.name].map({"true": True, "false": False}).astype("boolean")
    return got


@pytest.fixture
def ordinary(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    customers = tables["customers"]
    return customers[~customers["status"].isin(["test", "staff"])]


@pytest.fixture(scope="session")
def small_world() -> World:
    return world(seed=1, months=24, until=date(2026, 9, 30), parameters=Parameters())


@pytest.fixture
def january(small_world: World) -> Month:
    """January 2026, with a quiet network and no offers anywhere."""
    number = 2026 * 12
    count = len(small_world.areas.weight)
    quiet = AreaMonth(*(np.zeros(count) for _ in fields(AreaMonth)))
    there = World(**{**vars(small_world), "months": {number: quiet}, "shocks": {number: 0.0}})
    return Month(there, number, 0, Book())


@pytest.fixture
def households() -> Callable[..., State]:
    """Households of middle age in the first area: cable, 40 euros a month, monthly terms, nothing felt."""

    def made(size: int, *, signup: int) -> State:
        state = empty_state(size)
        state.active[:] = True
        state.birth_year[:] = 1980
        state.signup[:] = state.spell_start[:] = signup
        state.held[:, 0] = True
        state.plan[:, 0] = 2
        state.fee[:, 0] = 4_000
        state.start[:, 0] = signup
        state.term[:, 0] = 1
        return state

    return made
