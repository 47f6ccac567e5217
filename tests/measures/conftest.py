"""Spells and class rows, written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import narwhals as nw
import pandas as pd
import pytest

from analysis.extracts.contract import CONTRACT, Table
from analysis.extracts.engine import Engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as one:
        yield one


@pytest.fixture
def spells(engine: Engine) -> Callable[..., nw.LazyFrame]:
    """`spells(("2024-01-01", None), …)`: one spell per customer, from start to end."""

    def made(*lives: tuple[str, str | None]) -> nw.LazyFrame:
        data = pd.DataFrame(
            {
                "customer_id": [f"c{i:04d}" for i in range(len(lives))], "spell": 1,
                "start": pd.to_datetime([start for start, _ in lives]),
                "end": pd.to_datetime(pd.Series([end for _, end in lives], dtype=object)), "kind": "voluntary",
            }
        )  # fmt: skip
        return engine.table(data).with_columns(nw.col("start").cast(nw.Date), nw.col("end").cast(nw.Date))

    return made


@pytest.fixture
def contract() -> dict[str, Table]:
    return CONTRACT
