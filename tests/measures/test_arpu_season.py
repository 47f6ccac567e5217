"""Trend and season of ARPU, against histories made with known ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.basis.quarter import Quarter
from analysis.measures.arpu_season import arpu_season

SEASON = (0.6, -0.2, -0.6, 0.2)  # Q1 to Q4


def history(
    count: int, *, trend: float = 0.3, season: tuple = SEASON, noise: float = 0.0, seed: int = 1
) -> pd.DataFrame:
    quarters = [Quarter(2023, 4)]
    while len(quarters) < count:
        quarters.append(quarters[-1].next)
    errors = np.random.default_rng(seed).normal(0, noise, count) if noise else np.zeros(count)
    arpu = [60 + trend * i + season[q.number - 1] + errors[i] for i, q in enumerate(quarters)]
    return pd.DataFrame({"quarter": [str(q) for q in quarters], "arpu": arpu})


def test_a_history_without_chance_gives_back_what_it_was_made_of() -> None:
    got = arpu_season(history(9))
    assert got.trend.value == pytest.approx(0.3)
    assert got.quarters["effect"].tolist() == pytest.approx(SEASON)
    assert got.p < 1e-6


def test_the_four_effects_add_up_to_nothing() -> None:
    assert arpu_season(history(11, noise=0.5)).quarters["effect"].sum() == pytest.approx(0, abs=1e-9)


def test_seven_quarters_or_a_quarter_of_the_year_seen_once_tell_nothing() -> None:
    assert arpu_season(history(7)) is None
    with_gap = history(12)
    assert arpu_season(with_gap[~with_gap["quarter"].isin(["2024-Q1", "2025-Q1"])]) is None
    assert arpu_season(history(1).head(0)) is None


def test_a_missing_quarter_does_not_bend_the_trend() -> None:
    assert arpu_season(history(11).drop(index=4)).trend.value == pytest.approx(0.3)


def test_intervals_and_the_test_are_those_of_statsmodels() -> None:
    rows = history(12, noise=0.3)
    time = np.arange(12.0)
    number = np.array([Quarter.parse(text).number for text in rows["quarter"]])
    part = np.column_stack([(number == n).astype(float) - (number == 4) for n in (1, 2, 3)])
    fit = sm.OLS(rows["arpu"], np.column_stack([np.ones(12), time, part])).fit()
    got = arpu_season(rows)
    assert [got.trend.low, got.trend.high] == pytest.approx(fit.conf_int().loc["x1"].tolist())
    assert got.quarters["high"].tolist()[:3] == pytest.approx(fit.conf_int().loc[["x2", "x3", "x4"], 1].tolist())
    assert got.p == pytest.approx(float(fit.f_test(np.eye(5)[2:]).pvalue))


def test_where_there_is_no_season_one_is_told_as_often_as_chance_allows() -> None:
    told = [arpu_season(history(12, season=(0, 0, 0, 0), noise=0.4, seed=seed)).p < 0.05 for seed in range(400)]
    assert 0.02 < np.mean(told) < 0.09
