from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from analysis.models.candidates.recalibrated import Correction, Recalibrated, recalibration
from analysis.models.forecast import GRID


@dataclass
class Fixed:
    values: np.ndarray

    def hazards(self, rows: pd.DataFrame) -> np.ndarray:
        return self.values

    def draws(self, rows: pd.DataFrame) -> np.ndarray:
        return np.stack([self.values, 2 * self.values])


def lived(rows: int = 40_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cumulative hazards over the grid, and months followed and leaving drawn from them, a third lost to sight."""
    random = np.random.default_rng(1)
    monthly = 0.02 * np.exp(random.normal(size=rows))
    life, lost = random.exponential(size=rows) / monthly, random.uniform(0, 36, rows)
    end = np.minimum(lost, 12)
    return monthly[:, None] * np.array(GRID), np.minimum(life, end), (life <= end).astype(float)


def test_probabilities_that_are_right_are_left_as_they_are():
    hazards, ahead, leaves = lived()
    got = recalibration(hazards, ahead=ahead, leaves=leaves, horizon=12)
    assert (got.intercept, got.slope) == pytest.approx((0, 1), abs=0.06)


def test_probabilities_that_are_too_extreme_are_drawn_together():
    hazards, ahead, leaves = lived()
    level = hazards.mean(axis=0)
    extreme = 0.5 * level * (hazards / level) ** 1.6
    got = recalibration(extreme, ahead=ahead, leaves=leaves, horizon=12)
    right = Recalibrated(Fixed(extreme), got).hazards(pd.DataFrame())
    assert got.slope == pytest.approx(1 / 1.6, abs=0.06)
    assert np.log(right / hazards).std() < 0.05
    assert right.mean() / hazards.mean() == pytest.approx(1, abs=0.05)


def test_draws_are_put_right_as_the_estimate_is():
    got = Recalibrated(Fixed(np.ones((1, 5))), Correction(np.log(2), 0.5, 12))
    assert got.hazards(pd.DataFrame())[0].tolist() == pytest.approx([2] * 5)
    assert got.draws(pd.DataFrame())[1, 0].tolist() == pytest.approx([2 * 2**0.5] * 5)


def test_at_the_level_of_other_hazards_only_the_spread_is_changed():
    hazards = np.linspace(0.01, 0.6, 50)[:, None] * np.array(GRID) / 12
    got = Correction(np.log(3), 0.5, 12).at_level(hazards)
    right = got.of(hazards)
    assert (1 - np.exp(-right[:, -1])).mean() == pytest.approx((1 - np.exp(-hazards[:, -1])).mean(), abs=1e-9)
    assert np.log(right[-1, -1] / right[0, -1]) == pytest.approx(0.5 * np.log(hazards[-1, -1] / hazards[0, -1]))
