"""Survival after the first year: by hand, and against simulated customers whose hazards are known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.models.extension import GRID, extended, survival_ahead
from analysis.models.remaining import Life, conditional_life, expected_months
from analysis.models.tail import Tail

MONTHS = np.arange(1, 37)


def constant(hazard: float) -> Life:
    return Life(np.array([0.0, 24.0]), np.array([0.0, 24 * hazard]), Tail(hazard, 1.0))


def forecast(hazards, tenure, draws=None):
    ids = pd.Series([f"c{number}" for number in range(len(hazards))])
    return SimpleNamespace(customer_id=ids, tenure=np.asarray(tenure), hazards=hazards, draws=draws)


def grid(*hazards: float) -> np.ndarray:
    """Cumulative hazards of customers with a constant monthly hazard each."""
    return np.outer(hazards, GRID)


# ------------------------------------------------------------------------------------------------------------ by hand


def test_within_the_first_year_the_hazard_is_even_between_the_months_of_the_grid():
    got = extended(np.array([[0.1, 0.3, 0.3, 0.9, 0.9]]), tenure=np.zeros(1), life=constant(0.02), horizon=12)
    hazards = [0.1, 0.2, 0.3, 0.3, 0.3, 0.3, 0.5, 0.7, 0.9, 0.9, 0.9, 0.9]
    assert got == pytest.approx(np.exp([np.negative(hazards)]))


def test_a_customer_like_the_life_table_follows_it():
    life = Life(np.array([0.0, 6, 30]), np.array([0.0, 0.3, 0.6]), Tail(0.01, 1.0))
    tenure = np.array([0.0, 5.0, 17.2, 90.0])
    year = -np.log(life.survival(tenure, GRID))
    assert extended(year, tenure=tenure, life=life) == pytest.approx(life.survival(tenure, MONTHS))


def test_a_single_kind_of_customer_keeps_its_pace():
    got = extended(grid(0.05, 0.05), tenure=np.array([3.0, 40.0]), life=constant(0.02))
    assert got == pytest.approx(np.exp(-0.05 * np.tile(MONTHS, (2, 1))))


def test_the_mean_hazard_of_those_still_there_stays_at_its_level():
    hazards = np.repeat([0.01, 0.06], 500)
    got = extended(grid(*hazards), tenure=np.full(1000, 12.0), life=constant(0.03))
    before, monthly = got[:, 11:-1], -np.diff(np.log(got[:, 11:]), axis=1)
    mean = (before * monthly).sum(axis=0) / before.sum(axis=0)
    assert mean == pytest.approx(mean[0])
    assert (monthly[-1] / monthly[0]) == pytest.approx(6)


def test_a_pace_without_measure_is_bounded():
    got = extended(grid(0.0, 5.0), tenure=np.zeros(2), life=constant(0.02))
    assert got[0, -1] < 1
    assert got[1, -1] > 0


def test_a_short_horizon_and_a_long_one_agree():
    life, hazards, tenure = constant(0.02), grid(0.01, 0.05), np.array([1.0, 9.0])
    long = extended(hazards, tenure=tenure, life=life, horizon=60)
    for horizon in (12, 36):
        assert extended(hazards, tenure=tenure, life=life, horizon=horizon) == pytest.approx(long[:, :horizon])


@pytest.mark.parametrize(
    ("hazards", "found"),
    [
        (np.ones((2, 4)), r"found an array of shape \(2, 4\)"),
        (np.array([[0.1, 0.3, 0.2, 0.4, 0.5]]), "found some that fall or are missing"),
        (np.full((1, 5), np.nan), "found some that fall or are missing"),
    ],
)
def test_hazards_that_are_none_are_refused(hazards, found):
    words = f"survival ahead: expected cumulative hazards at 1, 3, 6, 9, 12 months that rise from 0, {found}"
    with pytest.raises(AnalysisFailed, match=words):
        extended(hazards, tenure=np.zeros(len(hazards)), life=constant(0.02))


def test_the_table_holds_survival_and_how_the_draws_differ():
    draws = np.stack([grid(0.02, 0.04), grid(0.01, 0.08)])
    got = survival_ahead(forecast(grid(0.02, 0.04), [6.0, 30.0], draws), constant(0.02), horizon=36)
    assert list(got.columns[:3]) == ["customer_id", "seen_months", "survival_01"]
    assert list(got.columns[-3:]) == ["survival_36", "pace_01", "pace_02"]
    assert got["seen_months"].tolist() == [18, 0]
    assert got["survival_12"].to_numpy() == pytest.approx(np.exp([-0.24, -0.48]))
    assert got[["pace_01", "pace_02"]].to_numpy() == pytest.approx(np.array([[1, 0.5], [1, 2]]))


def test_a_forecast_without_draws_has_a_table_without_paces():
    got = survival_ahead(forecast(grid(0.02), [6.0]), constant(0.02), horizon=12)
    assert list(got.columns) == ["customer_id", "seen_months", *(f"survival_{month:02d}" for month in range(1, 13))]


# ------------------------------------------------------------------------------------------------------ outside truth


def provider(shares, levels, *, shape=1.0, frailty=0.0, seed=1, size=60_000):
    """Customers of a provider founded twelve years ago: counts of three years' observation, and who is there now.

    The hazard is level * z * shape * t ** (shape - 1), the level known, z (of mean 1 and variance `frailty`) hidden.
    """
    random = np.random.default_rng(seed)
    level = random.choice(levels, size, p=shares)
    hidden = random.gamma(1 / frailty, frailty, size) if frailty else np.ones(size)
    joined = -random.integers(1, 144 * 487 // 16, size) / 30.4375
    life = np.ceil((random.exponential(1, size) / (level * hidden)) ** (1 / shape) * 30.4375) / 30.4375
    entry, stop = np.maximum(-36 - joined, 0), np.minimum(life, -joined)
    days = np.rint(np.stack([entry, stop]) * 30.4375) / 30.4375
    seen = days[1] > days[0]
    counts = pd.DataFrame({"entry": days[0], "exit": days[1], "event": life <= -joined, "n": 1})[seen]
    return conditional_life(counts), -joined[life > -joined], level[life > -joined]


def true_hazard(tenure, level, ahead, *, shape, frailty):
    """Cumulative hazard from a tenure on, the hidden part averaged over those who came so far."""
    at, later = level[:, None] * tenure[:, None] ** shape, level[:, None] * (tenure[:, None] + ahead) ** shape
    return np.log((1 + frailty * later) / (1 + frailty * at)) / frailty if frailty else later - at


@pytest.mark.parametrize(
    ("shares", "levels", "shape", "frailty"),
    [
        ((0.5, 0.5), (0.01, 0.05), 1.0, 0.0),
        ((0.6, 0.4), (0.005, 0.10), 1.0, 0.0),
        ((0.4, 0.3, 0.3), (0.02, 0.05, 0.12), 0.7, 0.0),
        ((0.5, 0.5), (0.001, 0.004), 1.5, 0.0),
        ((1.0,), (0.03,), 1.0, 1.0),
        ((0.5, 0.5), (0.015, 0.05), 1.0, 0.5),
    ],
)
def test_the_months_of_a_mixed_base_are_the_true_ones(shares, levels, shape, frailty):
    life, tenure, level = provider(shares, levels, shape=shape, frailty=frailty)
    truth = true_hazard(tenure, level, np.arange(1.0, 37), shape=shape, frailty=frailty)
    got = extended(truth[:, [month - 1 for month in GRID]], tenure=tenure, life=life)
    months, true = expected_months(got), expected_months(np.exp(-truth))
    assert months.sum() == pytest.approx(true.sum(), rel=0.01)
    assert got[:, -1].sum() == pytest.approx(np.exp(-truth[:, -1]).sum(), rel=0.02)
    for tenth in np.array_split(np.argsort(true, kind="stable"), 10):
        assert months[tenth].sum() == pytest.approx(true[tenth].sum(), rel=0.06)


def test_the_season_of_the_last_quarter_is_not_carried_on():
    """A year whose last quarter is the busy one has the same years after it as a year without seasons."""
    rates = np.array([0.8, 0.8, 0.9, 1.4]) * 0.02
    seasonal = np.array([[rates[0], 3 * rates[0], 3 * rates[:2].sum(), 3 * rates[:3].sum(), 3 * rates.sum()]])
    life = constant(0.02)
    got = extended(seasonal, tenure=np.zeros(1), life=life)[0]
    later = -np.log(got[-1] / got[11])
    assert later == pytest.approx(24 * 0.02 * seasonal[0, -1] / 0.24, rel=0.02)


def test_survival_never_rises_where_the_hazard_pauses():
    paused = np.array([[0.0123456789, 0.0123456789, 0.0371111113, 0.0371111113, 0.0912345677]])
    got = extended(paused, tenure=np.array([7.3]), life=constant(0.02))[0]
    assert (np.diff(got) <= 0).all()
    assert got[0] == pytest.approx(got[2], abs=1e-15)
