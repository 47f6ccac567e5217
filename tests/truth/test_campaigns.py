from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.truth.campaigns import QUICK, made, summary


def test_the_effects_on_a_small_provider_lie_near_the_truth(tmp_path, capfd):
    """C39: a provider of 3,000 accounts; `make truth` judges fifty."""
    [table] = made(QUICK, tmp_path)
    rows = table.rows.set_index("variant")
    assert rows.loc["discount", "true"] == pytest.approx(-0.012, abs=0.006)
    assert (rows["bias"].abs() < 2.5 * rows["half_width"]).all()
    assert rows.loc["care_call", "flagged_without"] == 1
    assert "seed 100" in capfd.readouterr().err


def test_intervals_that_miss_too_often_do_not_hold():
    row = {"campaign": "STAY", "variant": "call", "effect": 0.0, "low": -1.0, "true": 0.5}
    seeds = pd.DataFrame(
        [row | {"high": high, "flagged": np.nan, "flagged_without": np.nan} for high in [1.0] * 8 + [0.1] * 2]
    )
    assert summary(seeds, slack=0.0).rows["holds"].tolist() == [False]
    assert summary(seeds.head(8), slack=0.0).rows["holds"].tolist() == [True]


def test_a_comparison_without_its_confounder_must_be_flagged():
    row = {
        "campaign": "CARE",
        "variant": "care_call",
        "effect": 0.0,
        "low": -1.0,
        "high": 1.0,
        "true": 0.5,
        "flagged": 0.0,
    }
    seeds = pd.DataFrame([row | {"flagged_without": told} for told in (1.0, np.nan, 0.0)])
    assert summary(seeds, slack=0.0).rows["holds"].tolist() == [False]
    assert summary(seeds.head(2), slack=0.0).rows["holds"].tolist() == [True]
    wrong = seeds.head(2).assign(high=0.1)
    assert summary(wrong, slack=0.0).rows["holds"].tolist() == [False]  # believed, and wrong
    assert summary(wrong.assign(flagged=1.0), slack=0.0).rows["holds"].tolist() == [True]
