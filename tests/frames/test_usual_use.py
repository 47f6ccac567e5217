"""A customer's month beside the customer's own past, and who began or gave up a product."""

from __future__ import annotations

import datetime as dt
import math

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.frames.changed_products import changed_products
from analysis.frames.usual_use import MEASURES, usual_use

QUARTER = Quarter(2026, 3)
LITTLE = MEASURES["download_gb"]


@pytest.fixture
def of(engine):
    def made(use: dict[str, list[float | None]], *, share: float = 1.0) -> pd.DataFrame:
        """Use of months that end with September 2026."""
        lines = [
            (name, month, share, amount)
            for name, amounts in use.items()
            for month, amount in zip(
                pd.date_range(end="2026-09-01", periods=len(amounts), freq="MS"), amounts, strict=True
            )
        ]
        table = engine.table(pd.DataFrame(lines, columns=["customer_id", "month", "share", "download_gb"]))
        dated = table.with_columns(month=nw.col("month").cast(nw.Date))
        found = to_pandas(usual_use(dated, QUARTER, "download_gb", engine=engine))
        return found.sort_values(["customer_id", "month"], ignore_index=True)

    return made


def test_a_deviation_is_from_the_own_median_and_the_move_of_all_is_taken_out(of) -> None:
    steady = [100.0] * 12
    got = of({"a": [*steady, 100, 100, 500], "b": [*steady, 100, 100, 200], "c": [*steady, 100, 100, 200]})
    last = got[got["month"] == "2026-09-01"].set_index("customer_id")
    everyone = math.log((200 + LITTLE) / (100 + LITTLE))  # the median of the three moves
    assert last.at["a", "deviation"] == pytest.approx(math.log((500 + LITTLE) / (100 + LITTLE)) - everyone)
    assert last.at["b", "deviation"] == pytest.approx(0, abs=1e-8)
    assert last.at["a", "usual"] == pytest.approx(200)
    assert (got["known"] == 12).all()


def test_the_spread_is_the_median_distance_from_the_median(of) -> None:
    wave = [100.0, 110.0] * 6
    got = of({"a": [*wave, 100, 100, 100], "b": [100.0] * 15, "c": [100.0] * 15}).set_index("customer_id")
    half = math.log((110 + LITTLE) / (100 + LITTLE)) / 2
    assert got.loc["a", "spread"].iloc[0] == pytest.approx(1.482602 * half)
    assert got.loc["b", "spread"].iloc[0] == 0


def test_five_months_tell_nothing_usual_and_broken_months_do_not_count(of) -> None:
    assert of({"a": [100.0] * 8}).empty
    assert len(of({"a": [100.0] * 9})) == 3
    assert of({"a": [100.0] * 15}, share=0.9).empty
    assert of({"a": [*([100.0] * 5), *([None] * 7), 100, 100, 100]}).empty


def test_the_same_month_a_year_ago_is_told_beside_it(of) -> None:
    summer = [300.0, *[100.0] * 11, 300.0, 100.0, 100.0]  # from July to September of the year after
    got = of({"a": summer, "b": [100.0] * 15, "c": [100.0] * 15})
    july = got[(got["customer_id"] == "a") & (got["month"] == "2026-07-01")].iloc[0]
    assert july["deviation"] == pytest.approx(july["a_year_ago"])
    assert july["deviation"] > 1


def test_a_change_of_plan_is_no_change_of_products(contract, rows) -> None:
    def line(customer: str, product: str, start: str, end: str | None = None) -> dict:
        return {
            "subscription_id": f"{customer}{product}{start}", "customer_id": customer, "product": product,
            "monthly_fee": 10, "start_date": start, "end_date": end,
        }  # fmt: skip

    held = contract(
        "subscriptions",
        line("planner", "broadband", "2024-01-01", "2026-02-01"), line("planner", "broadband", "2026-02-01"),
        line("began", "broadband", "2024-01-01"), line("began", "mobile", "2026-03-01"),
        line("ended", "broadband", "2024-01-01"), line("ended", "mobile", "2024-01-01", "2026-03-01"),
        line("earlier", "mobile", "2025-12-31"), line("later", "mobile", "2026-07-01"),
    )  # fmt: skip
    got = rows(changed_products(held, after=dt.date(2025, 12, 31), until=dt.date(2026, 6, 30)))
    assert sorted(row["customer_id"] for row in got) == ["began", "ended"]
