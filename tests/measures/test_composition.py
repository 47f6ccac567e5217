"""What the base rests on, in all: by region, kind of customer and product, and of accounts that belong together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest
from tests.frames.conftest import TYPES
from tests.measures.test_concentration import people

from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine
from analysis.frames.observation import Observation
from analysis.measures.composition import Bounds, Composition, composition, listed_accounts
from analysis.measures.credit_kpis import base_kpis
from analysis.measures.exposure import Limits
from analysis.present import composition_page as page
from analysis.present.wording import composition as wording

QUARTER = Observation(dt.date(2026, 9, 30), dt.date(2026, 7, 1))
MONTHS = [dt.date(2026, month, 1) for month in (7, 8, 9)]
IDS = [f"c{n:03d}" for n in range(60)]


def region(place: int) -> str:
    return "north" if place < 30 else "south" if place < 48 else "west"


def customers(engine: Engine, *, profile: bool = True) -> nw.LazyFrame[Any]:
    rows = [{"customer_id": one} | ({"parent_id": "holding"} if n < 2 else {}) for n, one in enumerate(IDS)]
    told = pd.DataFrame(
        {
            "customer_id": IDS,
            "region": [region(n) for n in range(60)],
            "customer_type": ["household"] * 40 + ["business"] * 20,
        }
    )
    if not profile:
        told[["region", "customer_type"]] = pd.Series([None, None])
    return people(engine, *rows).join(engine.table(told), on="customer_id", how="inner")


def months(engine: Engine, amount: Callable[[int], float]) -> nw.LazyFrame[Any]:
    rows = [(one, month, 1.0, amount(n)) for n, one in enumerate(IDS) for month in MONTHS]
    table = engine.table(pd.DataFrame(rows, columns=["customer_id", "month", "share", "revenue"]))
    return table.with_columns(nw.col("month").cast(nw.Date), nw.col("revenue").cast(nw.Decimal(38, 4)))


def found(
    engine: Engine, *, profile: bool = True, amount: Callable[[int], float] = lambda n: 10.0
) -> Composition | None:
    value = engine.table(pd.DataFrame({"customer_id": IDS, "current_value": [100.0 + n for n in range(60)]}))
    stages = {"months": months(engine, amount), "customer_value": value}
    bounds = Bounds(Limits(region=0.4), 11)
    return composition(
        {"customers": customers(engine, profile=profile)}, stages, observation=QUARTER, bounds=bounds, engine=engine
    )


def shown(got: Composition | None) -> str:
    pages = [
        page.exposure_page(got, smallest=11, source="Source."),
        page.largest_page(got, smallest=11, source="Source."),
        page.drift_page(got, smallest=11, source="Source."),
    ]
    return wording.bottom_line(got) + " ".join(one.html for one in pages)


def test_one_quarter_of_equal_customers_by_hand(engine: Engine) -> None:
    got = found(engine)
    assert got is not None
    assert got.quarters == ["2026-Q3"]
    assert got.indices["region"]["hhi"].tolist() == [pytest.approx(0.5**2 + 0.3**2 + 0.2**2)]
    table = got.exposures.set_index("holding")
    assert table.loc["region", ["name", "share", "customers", "status"]].tolist() == ["north", 0.5, 30, "beyond"]
    assert table.at["region", "value_share"] == pytest.approx(
        sum(100 + n for n in range(30)) / sum(100 + n for n in range(60))
    )
    assert table.at["segment", "share"] == pytest.approx(2 / 3)
    # Two customers under one parent are one account of twice the size.
    assert got.accounts.accounts == 59
    listed = listed_accounts(got)
    assert listed.iloc[0][["account", "amount", "customers"]].tolist() == ["c000", 60.0, 2]
    assert got.accounts.tops.iloc[0][["accounts", "share"]].tolist() == pytest.approx([11, 12 / 60])
    assert "The largest region (north) is beyond the limit." in shown(got)
    assert {kpi.metric for kpi in base_kpis(got, smallest=11)} == {
        "largest_accounts_share", "effective_accounts", "region_hhi", "segment_hhi",
    }  # fmt: skip


def test_without_regions_and_kinds_the_accounts_remain(engine: Engine) -> None:
    got = found(engine, profile=False)
    assert got is not None
    assert got.exposures["holding"].tolist() == ["account", "accounts"]
    assert wording.ONE.removesuffix(".") in shown(got)


def test_an_account_that_brings_nearly_everything_is_told_in_a_band_only(engine: Engine) -> None:
    got = found(engine, amount=lambda n: 100_000.0 if n == 30 else 1.0)
    assert got is not None
    assert got.exposures["holding"].tolist()[0] == "account"
    assert "accounts" not in set(got.exposures["holding"])
    text = shown(got)
    assert "50\N{NO-BREAK SPACE}% to 100\N{NO-BREAK SPACE}%" in text
    assert "99.9" not in text
    assert "effective_accounts" not in {kpi.metric for kpi in base_kpis(got, smallest=11)}


def test_nothing_billed_is_nothing_told(engine: Engine) -> None:
    value = engine.table(pd.DataFrame({"customer_id": IDS, "current_value": 1.0}))
    empty = months(engine, lambda n: 1.0).filter(nw.col("share") > 1)
    stages, bounds = {"months": empty, "customer_value": value}, Bounds(Limits(), 11)
    got = composition({"customers": customers(engine)}, stages, observation=QUARTER, bounds=bounds, engine=engine)
    assert got is None
    assert wording.ABSENT in shown(got)
    assert listed_accounts(None).empty and base_kpis(None, smallest=11) == []


def test_products_are_told_by_fees_less_discounts_of_the_last_month(engine: Engine) -> None:
    kinds = {column.name: TYPES[column.type] for column in CONTRACT["subscriptions"].columns}
    fees = {"Broadband": Decimal(30), "mobile": Decimal(10)}
    rows = [
        dict.fromkeys(kinds)
        | {"subscription_id": f"{one}{product}", "customer_id": one, "product": product, "monthly_fee": fee}
        | {"start_date": dt.date(2026, 1, 1)}
        for one in IDS
        for product, fee in fees.items()
    ]
    lines = engine.table(pa.Table.from_pylist(rows, schema=pa.schema(list(kinds.items()))))
    value = engine.table(pd.DataFrame({"customer_id": IDS, "current_value": 1.0}))
    stages, bounds = {"months": months(engine, lambda n: 10.0), "customer_value": value}, Bounds(Limits(), 11)
    tables = {"customers": customers(engine), "subscriptions": lines}
    got = composition(tables, stages, observation=QUARTER, bounds=bounds, engine=engine)
    assert got is not None
    row = got.exposures.set_index("holding").loc["product"]
    assert row[["name", "share", "status", "customers"]].tolist() == ["broadband", 0.75, "beyond", 60]
