from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.uplift import FEWEST, qini, uplift_scores


def campaign(customers: int, *, seed: int = 1) -> pd.DataFrame:
    """Half treated; of those with `moved` 1 a contact wins a fifth, of the others nobody."""
    random = np.random.default_rng(seed)
    treated, moved = random.integers(0, 2, customers), random.integers(0, 2, customers)
    good = (random.random(customers) < 0.2 + 0.2 * treated * moved).astype("int64")
    columns = {"treated": treated, "attr_moved": moved.astype(float), "attr_noise": random.normal(size=customers)}
    return pd.DataFrame(columns | {"good": good, "tenure_months": 5.0, "landmark": pd.Timestamp("2026-01-01")})


def test_who_is_moved_is_found_and_choosing_them_beats_the_lot():
    rows = campaign(8_000)
    treated, good = rows["treated"].to_numpy(), rows["good"].to_numpy()
    scores = uplift_scores(rows, ["attr_moved", "attr_noise"], treated=treated, good=good)
    by = pd.Series(scores).groupby(rows["attr_moved"]).mean()
    assert by[1.0] - by[0.0] == pytest.approx(0.2, abs=0.05)
    got = qini(scores, treated=treated, good=good)
    assert got.low > 0
    assert got.coefficient == pytest.approx(
        0.025, abs=0.01
    )  # half of a tenth by the first half: a triangle of 1/4 · 1/10


def test_a_random_score_is_no_better_than_the_lot():
    rows = campaign(8_000)
    treated, good = rows["treated"].to_numpy(), rows["good"].to_numpy()
    for seed in range(3):
        got = qini(np.random.default_rng(seed).random(len(rows)), treated=treated, good=good)
        assert got.low < 0 < got.high


def test_the_curve_ends_at_the_effect_on_all():
    rows = campaign(500)
    treated, good = rows["treated"].to_numpy(), rows["good"].to_numpy()
    curve = qini(np.arange(500.0), treated=treated, good=good).curve
    effect = good[treated == 1].mean() - good[treated == 0].mean()
    assert curve["gain"].iloc[-1] == pytest.approx(effect)
    assert curve["lot"].iloc[-1] == pytest.approx(effect)
    assert curve[["share", "gain"]].iloc[0].tolist() == [0.0, 0.0]


def test_too_few_outcomes_teach_nothing():
    rows = campaign(4 * FEWEST)
    scores = uplift_scores(rows, ["attr_moved"], treated=rows["treated"].to_numpy(), good=rows["good"].to_numpy())
    assert np.isnan(scores).all()
