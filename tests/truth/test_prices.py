from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.truth.prices import FIRST_SEED, QUICK, Lived, made, summary, true_slope


def test_the_effect_of_rises_on_a_small_provider_is_found(tmp_path, capfd):
    """C32: a provider of 4,000 accounts; `make truth` judges fifty of 8,000."""
    [table] = made(QUICK, tmp_path)
    [row] = table.rows.to_dict("records")
    assert row["true"] == pytest.approx(14, abs=1.5)
    assert abs(row["bias"]) < 4 * row["error_told"]
    assert f"seed {FIRST_SEED}" in capfd.readouterr().err


def test_the_true_slope_is_that_of_the_hazards_with_and_without():
    share, without = np.array([0.02, 0.05, 0.08]), np.array([0.01, 0.03, 0.02])
    assert true_slope(Lived(share, without * np.exp(9 * share), without)) == pytest.approx(9)


def test_intervals_that_miss_too_often_do_not_hold():
    seeds = pd.DataFrame({"slope": 10.0, "low": 8.0, "high": [12.0] * 8 + [9.0] * 2, "true": 11.0})
    assert summary(seeds, slack=0.0).rows["holds"].tolist() == [False]
    assert summary(seeds.head(9), slack=0.0).rows["holds"].tolist() == [True]
