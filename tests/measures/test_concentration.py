"""How much hangs on few: the index and its intervals, by hand and against resampling."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analysis.extracts.engine import Engine
from analysis.measures.concentration import clearly_changed, concentration, publishable
from analysis.measures.exposure import AMBER, GREEN, RED, UNKNOWN, Limits, band, exposures, light
from analysis.measures.largest import account_sums, largest, squares_tell_the_first, tells_the_first


def people(engine: Engine, *rows: dict[str, str]) -> nw.LazyFrame[Any]:
    """Customers of the population; columns not named are missing."""
    names = ("customer_id", "account_id", "parent_id", "household_id")
    filled = [
        {name: row.get(name) for name in names} | {"account_id": row.get("account_id", row["customer_id"])}
        for row in rows
    ]
    return engine.table(pa.Table.from_pylist(filled, schema=pa.schema([(name, pa.string()) for name in names])))


def revenue(engine: Engine, *rows: tuple[int, str, str | None, float]) -> nw.LazyFrame[Any]:
    kinds = {"period": pa.int64(), "customer_id": pa.string(), "class": pa.string(), "amount": pa.decimal128(18, 4)}
    filled = [dict(zip(kinds, (*row[:3], Decimal(str(row[3]))), strict=True)) for row in rows]
    return engine.table(pa.Table.from_pylist(filled, schema=pa.schema(list(kinds.items()))))


def test_the_index_is_the_sum_of_squared_shares(engine: Engine) -> None:
    rows = [
        (1, "a", "north", 60),
        (1, "b", "south", 30),
        (1, "c", "west", 10),
        (1, "d", None, 500),
        (2, "a", "north", 5),
    ]
    got = concentration(revenue(engine, *rows), engine=engine).set_index("period")
    assert got["hhi"].tolist() == [pytest.approx(0.36 + 0.09 + 0.01), 1.0]
    assert got.loc[1, ["classes", "largest", "customers", "others"]].tolist() == [3, "north", 1, 2]
    assert got["share"].tolist() == [pytest.approx(0.6), 1.0]


def test_equal_classes_have_an_index_of_one_over_their_number(engine: Engine) -> None:
    rows = [(1, f"c{n}", f"r{n % 5}", 10) for n in range(100)]
    assert concentration(revenue(engine, *rows), engine=engine)["hhi"].tolist() == [pytest.approx(0.2)]


def test_intervals_are_those_that_drawing_customers_gives(engine: Engine) -> None:
    rng = np.random.default_rng(3)
    region, amount = rng.choice(5, 600, p=[0.5, 0.2, 0.15, 0.1, 0.05]), rng.gamma(2.0, 20.0, 600).round(2)
    rows = [
        (1, f"c{n:03d}", f"r{where}", float(much)) for n, (where, much) in enumerate(zip(region, amount, strict=True))
    ]
    got = concentration(revenue(engine, *rows), engine=engine).iloc[0]
    drawn = [np.bincount(region[at], amount[at]) / amount[at].sum() for at in rng.integers(600, size=(3000, 600))]
    index, share = [(one**2).sum() for one in drawn], [one[0] for one in drawn]
    assert got["hhi_error"] == pytest.approx(np.std(index), rel=0.06)
    assert got[["share_low", "share_high"]].tolist() == pytest.approx(np.quantile(share, [0.025, 0.975]), rel=0.02)
    assert got["hhi_low"] < got["hhi"] < got["hhi_high"]


def test_the_index_over_accounts_and_its_error(engine: Engine) -> None:
    rng = np.random.default_rng(4)
    amount = rng.gamma(1.5, 40.0, 500).round(2)
    rows = [(1, f"c{n:03d}", None, float(much)) for n, much in enumerate(amount)]
    sums = account_sums(revenue(engine, *rows).with_columns(account=nw.col("customer_id")))
    got = largest(sums, sums, smallest=11)
    share = amount / amount.sum()
    row = got.quarters.iloc[0]
    assert row["hhi"] == pytest.approx((share**2).sum())
    drawn = [(amount[at] ** 2).sum() / amount[at].sum() ** 2 for at in rng.integers(500, size=(3000, 500))]
    assert row["hhi_error"] == pytest.approx(np.std(drawn), rel=0.06)
    top = np.sort(amount)[::-1]
    assert got.tops["accounts"].tolist() == [11, 22, 55, 110]
    assert got.tops["share"].tolist() == pytest.approx([top[:n].sum() / amount.sum() for n in (11, 22, 55, 110)])
    assert got.tops["share_low"].notna().tolist() == [False, False, False, True]
    assert got.tops["share_high"].notna().tolist() == [False, False, False, True]
    assert got.first == pytest.approx(share.max())
    assert got.listed["amount"].tolist() == pytest.approx(top[:110].tolist())


def test_what_would_tell_how_much_the_largest_brings_is_hidden(engine: Engine) -> None:
    rows = [(1, "big", None, 100_000.0), *((1, f"c{n:03d}", None, round(1.0 + n / 100, 2)) for n in range(200))]
    sums = account_sums(revenue(engine, *rows).with_columns(account=nw.col("customer_id")))
    got = largest(sums, sums, smallest=11)
    assert got.tops["masked"].all() and got.tops["share"].isna().all()
    assert got.quarters["masked"].all() and got.quarters["hhi"].isna().all()


def test_the_sum_of_three_accounts_tells_the_first_unless_the_third_is_large_enough() -> None:
    assert tells_the_first(np.array([100.0, 50.0, 14.9]))
    assert not tells_the_first(np.array([100.0, 50.0, 15.1]))
    assert not tells_the_first(np.array([]))


def test_an_interval_whose_squares_would_tell_the_first_is_not_told(engine: Engine) -> None:
    rows = [(1, "big", None, 100.0), *((1, f"c{n:03d}", None, round(2.0 + n / 100, 2)) for n in range(200))]
    sums = account_sums(revenue(engine, *rows).with_columns(account=nw.col("customer_id")))
    got = largest(sums, sums, smallest=11).tops.iloc[-1]
    assert got["accounts"] == 110 and got["share"] > 0
    assert np.isnan(got["share_low"]) and np.isnan(got["share_high"])
    assert squares_tell_the_first(np.array([10.0, 5.0]), 156.0)  # at most the root of 131, or 11.4
    assert not squares_tell_the_first(np.array([10.0, 5.0]), 158.0)  # or of 133, or 11.5 and more


def test_credits_that_outweigh_bills_make_no_account(engine: Engine) -> None:
    rows = [(1, "a", None, 10.0), (1, "b", None, 5.0), (1, "b", None, -6.0)]
    sums = account_sums(revenue(engine, *rows).with_columns(account=nw.col("customer_id")))
    assert largest(sums, sums, smallest=11).accounts == 1


def test_no_revenue_tells_nothing(engine: Engine) -> None:
    assert concentration(revenue(engine), engine=engine).empty
    sums = account_sums(revenue(engine).with_columns(account=nw.col("customer_id")))
    got = largest(sums, sums, smallest=11)
    assert got.tops.empty and got.quarters.empty and got.first != got.first


def test_a_change_is_clear_beyond_what_both_quarters_leave_to_chance() -> None:
    table = pd.DataFrame({"hhi": [0.20, 0.21, 0.30], "hhi_error": [0.01, 0.01, 0.01]})
    assert clearly_changed(table, back=2) == (0.20, 0.30, True)
    assert clearly_changed(table.head(2), back=1) == (0.20, 0.21, False)
    assert clearly_changed(table, back=3) is None


def test_a_holding_stands_within_near_or_beyond_its_limit() -> None:
    assert [light(value, 0.5, 0.8) for value in (0.4, 0.41, 0.5, 0.51, float("nan"))] == [
        GREEN,
        AMBER,
        AMBER,
        RED,
        UNKNOWN,
    ]


@pytest.mark.parametrize(("share", "edges"), [(0.0, (0.0, 0.01)), (0.01, (0.01, 0.02)), (0.6, (0.5, 1.0))])
def test_one_account_is_told_in_a_band(share: float, edges: tuple[float, float]) -> None:
    assert band(share) == edges


def test_the_share_of_the_largest_account_is_in_no_column(engine: Engine) -> None:
    rows = [(1, f"c{n:03d}", None, 10.0 + n) for n in range(100)]
    sums = account_sums(revenue(engine, *rows).with_columns(account=nw.col("customer_id")))
    found = largest(sums, sums, smallest=11)
    got = exposures([None], found, Limits())
    assert got["holding"].tolist() == ["account"]
    assert got[["share", "low", "high"]].isna().all().all()
    assert got[["band_low", "band_high"]].iloc[0].tolist() == [0.01, 0.02]


def test_a_class_that_one_customer_dominates_is_not_published(engine: Engine) -> None:
    rows = [(1, "big", "north", 1000.0), *((1, f"n{n:02d}", "north", 7.0) for n in range(20))]
    rows += [(1, f"s{n:02d}", "south", 10.0) for n in range(20)]
    got = concentration(revenue(engine, *rows), engine=engine)
    assert got["dominated"].tolist() == [True]
    assert publishable(got, smallest=11).empty
    more = [*rows, (1, "n99", "north", 160.0)]
    assert concentration(revenue(engine, *more), engine=engine)["dominated"].tolist() == [True]
    third = [*more, (1, "n98", "north", 50.0)]
    assert concentration(revenue(engine, *third), engine=engine)["dominated"].tolist() == [False]
    twins = [(1, one, "north", 1000.0) for one in ("a", "b")] + rows[1:]
    assert concentration(revenue(engine, *twins), engine=engine)["dominated"].tolist() == [True]


def test_few_customers_or_one_class_are_not_published(engine: Engine) -> None:
    one = [(1, f"n{n:02d}", "north", 7.0) for n in range(30)]
    few = [*one, *((1, f"s{n}", "south", 7.0) for n in range(10))]
    assert publishable(concentration(revenue(engine, *one), engine=engine), smallest=11).empty
    assert publishable(concentration(revenue(engine, *few), engine=engine), smallest=11).empty
    assert len(publishable(concentration(revenue(engine, *few), engine=engine), smallest=10)) == 1
