"""Whose use stands out: jumps, falls, and what is no jump."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.models.unusual_use import unusual_use

QUARTER = Quarter(2026, 3)
MONTHS = pd.date_range(end="2026-09-01", periods=15, freq="MS")
OF_ALL = 800


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as one:
        yield one


@pytest.fixture
def of(engine):
    def made(changes: dict[int, dict[int, float]], *, measures: tuple[str, ...] = ("download_gb",)):
        """Use of 800 customers; `changes` multiplies months, counted from the last, of some."""
        random = np.random.default_rng(0)
        rows = [
            pd.DataFrame({"customer_id": f"c{number:03d}", "month": MONTHS, "share": 1.0}) for number in range(OF_ALL)
        ]
        table = pd.concat(rows, ignore_index=True)
        for measure in measures:
            use = 100 * np.exp(random.normal(0, 0.2, (OF_ALL, len(MONTHS))))
            for number, months in changes.items():
                for back, factor in months.items():
                    use[number, -1 - back] *= factor
            table[measure] = use.ravel()
        dated = engine.table(table).with_columns(month=nw.col("month").cast(nw.Date))
        return unusual_use(dated, QUARTER, engine=engine)

    return made


def test_a_jump_and_a_fall_are_told_with_their_month_and_size(of) -> None:
    got = of({3: {0: 8}, 5: {1: 1 / 8}}).rows
    told = got.set_index("customer_id")
    assert told.at["c003", "direction"] == "up"
    assert told.at["c003", "month"] == pd.Timestamp("2026-09-01")
    assert 5 < told.at["c003", "times"] < 12
    assert told.at["c005", "direction"] == "down"
    assert told.at["c005", "month"] == pd.Timestamp("2026-08-01")
    assert len(got) <= 6


def test_a_jump_in_the_same_month_a_year_ago_explains_this_one(of) -> None:
    got = of({3: {2: 8, 14: 8}, 4: {2: 8}}).rows.set_index("customer_id")
    assert got.at["c003", "explained"] == "season"
    assert got.at["c004", "explained"] is None


def test_first_use_is_no_jump(of) -> None:
    got = of({3: dict.fromkeys(range(1, 15), 0.0)})
    assert "c003" not in set(got.rows["customer_id"])
    assert got.judged["customers"].max() == OF_ALL - 1


def test_measures_that_are_not_on_record_leave_their_share_of_false_alarms_to_the_others(of) -> None:
    one, three = of({}), of({}, measures=("download_gb", "upload_gb", "voice_minutes"))
    total = one.judged["by_chance"].sum()
    assert total == pytest.approx(three.judged["by_chance"].sum())
    assert total == pytest.approx(3 * OF_ALL * 0.75 / 1000)
    assert set(zip(three.judged["measure"], three.judged["direction"], strict=True)) == {
        ("download_gb", "up"), ("download_gb", "down"), ("upload_gb", "up"), ("voice_minutes", "up"),
    }  # fmt: skip


def test_without_use_nothing_is_judged(engine) -> None:
    months = engine.table(pd.DataFrame({"customer_id": ["a"], "month": MONTHS[:1], "share": [1.0]}))
    got = unusual_use(months.with_columns(month=nw.col("month").cast(nw.Date)), QUARTER, engine=engine)
    assert got.rows.empty
    assert got.judged.empty


def test_use_that_never_varies_gives_no_alarm(engine) -> None:
    table = pd.concat(
        [pd.DataFrame({"customer_id": f"c{n}", "month": MONTHS, "share": 1.0, "download_gb": 9.0}) for n in range(30)]
    )
    months = engine.table(table).with_columns(month=nw.col("month").cast(nw.Date))
    assert unusual_use(months, QUARTER, engine=engine).rows.empty
