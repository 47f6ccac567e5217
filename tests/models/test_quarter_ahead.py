"""The quarter ahead: identities, by hand, and intervals that hold what comes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.measures.leavers_ahead import as_table, leavers_ahead
from analysis.models.quarter_ahead import (
    LEVEL,
    METRICS,
    Past,
    Stayers,
    arpu_ahead,
    joiners_ahead,
    quarter_ahead,
    quarters_told,
    spread_of,
    stayers,
)

QUARTERS = [f"{year}-Q{number}" for year in (2024, 2025, 2026) for number in (1, 2, 3, 4)]


def moved(joiners: list[float], leavers: list[float], *, opening: float = 1000.0) -> pd.DataFrame:
    """The movement of quarters in a row."""
    rows = []
    for quarter, more, fewer in zip(QUARTERS, joiners, leavers, strict=False):
        rows.append((quarter, opening, more, fewer, opening + more - fewer, fewer / (opening + more)))
        opening += more - fewer
    return pd.DataFrame(rows, columns=["quarter", "opening", "joiners", "leavers", "closing", "churn_rate"])


def arpus(values: list[float], occasional: float | list[float] = 0.0) -> pd.DataFrame:
    whole = pd.DataFrame({"quarter": QUARTERS[: len(values)], "arpu": values, "occasional": occasional})
    return whole.assign(revenue=1.0, customer_months=1.0)


def survival(hazard: float, customers: int = 100) -> pd.DataFrame:
    columns = {f"survival_{month:02d}": np.full(customers, np.exp(-hazard * month)) for month in (1, 2, 3)}
    return pd.DataFrame({"customer_id": [f"c{number}" for number in range(customers)]} | columns)


BASE = moved([100.0] * 8, [90.0] * 8)
STAYING = Stayers(expected=90.0, deviation=10.0, months=1.5)


LEAVERS = as_table({"churn_3m": leavers_ahead([0.1] * 1000, draws=[])})


def told(table: pd.DataFrame) -> dict[str, float]:
    return table.set_index("metric")["value"].to_dict()


def test_base_and_revenue_add_up():
    got = told(quarter_ahead(BASE, arpus([20.0] * 8), STAYING, early=0.1))
    opening = BASE["closing"].iloc[-1]
    assert list(got) == list(METRICS)
    assert got["base"] == pytest.approx(opening + got["joiners"] - got["leavers"])
    assert got["leavers"] == pytest.approx(90 + 0.1 * got["joiners"])
    assert got["churn_rate"] == pytest.approx(got["leavers"] / (opening + got["joiners"]))
    assert got["revenue"] == pytest.approx(got["customer_months"] * got["arpu"])
    assert got["joiners"] == pytest.approx(100, abs=1)
    assert got["arpu"] == pytest.approx(20)


def test_customer_months_count_leavers_until_they_leave_and_joiners_from_the_middle():
    got = told(quarter_ahead(moved([0.0] * 4, [0.0] * 4), arpus([20.0] * 4), Stayers(90.0, 0.0, 1.0), early=0.0))
    assert got["customer_months"] == pytest.approx(3 * 1000 - 90 * 2, abs=1)
    more = told(quarter_ahead(BASE, arpus([20.0] * 8), Stayers(0.0, 0.0, 1.5), early=0.0))
    assert more["customer_months"] == pytest.approx(3 * BASE["closing"].iloc[-1] + 1.5 * more["joiners"])


def test_leavers_of_the_base_are_those_of_the_model_spread_to_who_was_not_scored():
    got = stayers(survival(0.02), opening=200, spread=0.1)
    risk = 1 - np.exp(-0.06)
    assert got.expected == pytest.approx(200 * risk)
    assert got.deviation == pytest.approx(20 * risk)
    assert got.months == pytest.approx(1.5, abs=0.05)


def test_the_spread_is_that_of_the_interval_of_the_leavers_ahead():
    ahead = leavers_ahead([0.5] * 100, draws=[], luck=0.1)
    leavers = as_table({"churn_12m": ahead._replace(high=99.0), "churn_3m": ahead})
    assert spread_of(leavers) == pytest.approx(np.hypot(5, 5) / 50)


def test_a_season_of_joiners_that_comes_again_is_expected_again():
    got = joiners_ahead(moved([200.0, 100.0, 100.0, 100.0] * 2, [0.0] * 8))
    assert np.exp(got.mean) * 125 > 150
    flat = joiners_ahead(moved([100.0] * 8, [0.0] * 8))
    assert flat.mean == pytest.approx(0, abs=0.01)
    assert 0.03 < flat.deviation < 0.15


def test_a_season_of_arpu_that_comes_again_is_expected_again_and_luck_is_not():
    steps = np.array([0.0, 0.0, 0.0, 0.04] * 3)[:11]  # in the first quarter of each year
    again = arpu_ahead(arpus(list(20 * np.exp(np.cumsum(np.append(0.0, steps))))))
    assert again.mean == pytest.approx(0.04, abs=1e-3)
    luck = np.random.default_rng(4).normal(0, 0.01, 11)
    drawn = arpu_ahead(arpus(list(20 * np.exp(np.cumsum(np.append(0.0, luck))))))
    assert abs(drawn.mean) < 0.01
    assert drawn.deviation == pytest.approx(0.01, rel=0.5)


def test_one_off_charges_of_the_last_quarter_are_not_expected_to_come_again():
    once = [0.0, 2.0, 0.0, 2.0, 0.0, 2.0, 0.0, 12.0]
    got = quarter_ahead(BASE, arpus([20 + more for more in once], once), STAYING, early=0.0).set_index("metric")
    assert got.loc["arpu", "value"] == pytest.approx(20 + np.mean(once))
    assert got.loc["arpu", "low"] < 20 < 32 > got.loc["arpu", "high"]
    assert got.loc["revenue", "value"] == pytest.approx(got.loc["customer_months", "value"] * got.loc["arpu", "value"])


def test_where_nothing_but_one_off_charges_is_billed_they_go_on_from_the_last_quarter():
    values = [20.0, 21.0, 22.05, 23.1525]
    got = told(quarter_ahead(moved([100.0] * 4, [90.0] * 4), arpus(values, values), STAYING, early=0.0))
    assert got["arpu"] == pytest.approx(23.1525 * 1.05)


def test_with_few_quarters_there_is_a_figure_and_no_interval():
    got = quarter_ahead(moved([100.0] * 2, [90.0] * 2), arpus([20.0, 21.0]), STAYING, early=0.0).set_index("metric")
    assert got.loc["arpu", "value"] == pytest.approx(22.05)
    assert got.loc[["arpu", "revenue"], ["low", "high"]].isna().all(axis=None)
    assert got.loc["base", ["low", "high"]].notna().all()


def test_arpu_and_revenue_are_missing_where_the_last_quarter_is_not_billed():
    got = quarter_ahead(BASE, arpus([20.0] * 7), STAYING, early=0.0).set_index("metric")
    assert got.loc[["arpu", "revenue"], "value"].isna().all()
    assert got.loc["base", "value"] > 0


def test_intervals_hold_what_comes_about_as_often_as_they_say():
    random = np.random.default_rng(7)
    held = dict.fromkeys(("base", "joiners", "arpu", "revenue"), 0)
    for _ in range(200):
        joiners = random.poisson(120 * np.exp(random.normal(0, 0.08, 9))).astype(float)
        leavers = random.poisson(90, 9).astype(float)
        each = 20 * np.exp(np.cumsum(random.normal(0.005, 0.01, 9)))
        base, arpu = moved(list(joiners), list(leavers), opening=2000.0), arpus(list(each))
        table = quarter_ahead(base.iloc[:-1], arpu.iloc[:-1], Stayers(90.0, 90.0**0.5, 1.5), early=0.0)
        low, high = (table.set_index("metric")[edge] for edge in ("low", "high"))
        months = 3 * base["closing"].iloc[-2] - 1.5 * leavers[-1] + 1.5 * joiners[-1]
        came = {
            "base": base["closing"].iloc[-1],
            "joiners": joiners[-1],
            "arpu": each[-1],
            "revenue": months * each[-1],
        }
        for name in held:
            held[name] += low[name] <= came[name] <= high[name]
    assert all(abs(count / 200 - LEVEL) < 0.1 for count in held.values()), held


@pytest.fixture
def past() -> Iterator[Past]:
    nobody = pd.DataFrame({"start": pd.to_datetime([]), "end": pd.to_datetime([])})
    with Engine() as engine:
        yield Past(BASE, arpus([20.0] * 8), engine.table(nobody), pd.Timestamp("2023-12-31").date())


def test_the_last_quarter_is_foretold_from_what_was_known_before_it(past):
    then = survival(0.03).assign(landmark=pd.Timestamp("2025-09-30"))
    got = quarters_told(past, survival(0.02), then, leavers=LEAVERS, stored=None)
    assert not got.stored
    assert told(got.before)["base"] == pytest.approx(
        BASE["closing"].iloc[-2] * np.exp(-0.09) + told(got.before)["joiners"], rel=1e-6
    )
    assert got.came["base"] == BASE["closing"].iloc[-1]
    assert told(got.coming)["base"] != told(got.before)["base"]


def test_what_the_report_before_printed_goes_first(past):
    stored = pd.DataFrame({"quarter": "2025-Q4", "metric": ["base"], "value": [7.0], "low": [6.0], "high": [8.0]})
    got = quarters_told(
        past, survival(0.02), survival(0.03).iloc[:0].assign(landmark=pd.NaT), leavers=LEAVERS, stored=stored
    )
    assert got.stored
    assert told(got.before) == {"base": 7.0}
    other = quarters_told(
        past, survival(0.02), survival(0.03).assign(landmark=pd.NaT), leavers=LEAVERS, stored=stored.assign(quarter="x")
    )
    assert (other.stored, len(other.before)) == (False, 0)


def test_nothing_is_told_where_nobody_was_scored(past):
    got = quarters_told(past, survival(0.02).iloc[:0], survival(0.03).iloc[:0], leavers=LEAVERS, stored=None)
    assert got.coming.empty
    assert got.came == {}
