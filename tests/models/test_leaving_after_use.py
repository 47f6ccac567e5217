"""Who left by choice after a fall in use: the quarters looked at, and a large base by a sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.frames.observation import Observation
from analysis.models import leaving_after_use
from analysis.models.leaving_after_use import after_unusual_use, judged_quarters

SEEN = Observation(dt.date(2026, 9, 30), dt.date(2025, 1, 1))
MONTHS = pd.date_range("2025-01-01", "2026-09-01", freq="MS")
OF_ALL = 600


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as one:
        yield one


def found(engine: Engine, *, fell: int, left: int) -> list[pd.DataFrame]:
    """Of 600 customers the first `fell` use next to nothing in June 2026, and the first `left` leave in July."""
    use = 100 * np.exp(np.random.default_rng(0).normal(0, 0.1, (OF_ALL, len(MONTHS))))
    use[:fell, list(MONTHS).index(pd.Timestamp("2026-06-01"))] = 1.0
    names = [f"c{number:03d}" for number in range(OF_ALL)]
    table = pd.DataFrame(
        {"customer_id": np.repeat(names, len(MONTHS)), "month": np.tile(MONTHS, OF_ALL), "share": 1.0}
    ).assign(download_gb=use.ravel())
    ends = pd.Series(pd.NaT, index=range(OF_ALL))
    ends[:left] = pd.Timestamp("2026-07-15")
    lives = pd.DataFrame({"customer_id": names, "spell": 1, "start": pd.Timestamp("2024-01-01"), "end": ends})
    dates = {name: nw.col(name).cast(nw.Date) for name in ("start", "end")}
    spells = engine.table(lives.assign(kind=np.where(ends.notna(), "voluntary", None))).with_columns(**dates)
    months = engine.table(table).with_columns(month=nw.col("month").cast(nw.Date))
    tables = {"customers": engine.table(pd.DataFrame({"customer_id": names}))}
    return after_unusual_use(months, tables, spells, SEEN, engine=engine)


def test_the_last_quarter_counts_leavers_of_those_whose_use_fell_in_the_one_before(engine) -> None:
    last = found(engine, fell=40, left=10)[-1].set_index("group")
    assert last.loc["down"].tolist() == [40, 10]
    assert last.loc["usual"].tolist() == [OF_ALL - 40, 0]


def test_a_large_base_is_told_by_some_of_its_customers(engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving_after_use, "MANY", 400)
    last = found(engine, fell=40, left=10)[-1].set_index("group")
    assert last.loc["down"].tolist() == [14, 4]  # every third, the first among them
    assert last["customers"].sum() == OF_ALL / 3


def test_a_year_of_quarters_is_looked_at_and_the_first_has_none_before() -> None:
    quarters = [Quarter(2024 + number // 4, 1 + number % 4) for number in range(7)]
    assert judged_quarters(quarters) == quarters[-4:]
    assert judged_quarters(quarters[:3]) == quarters[1:3]
    assert judged_quarters(quarters[:1]) == quarters[:1]
