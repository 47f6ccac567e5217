"""How long customers are expected to stay."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.stay import CHUNK, beyond_observed, expected_stay


def ahead(hazards: list[float], *, paces: list[float], months: int = 24) -> pd.DataFrame:
    """Customers who leave at a constant hazard a month."""
    table = {f"survival_{m:02d}": np.exp(-np.array(hazards) * m) for m in range(1, months + 1)}
    table |= {f"pace_{i + 1:02d}": np.full(len(hazards), pace) for i, pace in enumerate(paces)}
    return pd.DataFrame({"customer_id": [f"C{i}" for i in range(len(hazards))]} | table)


def test_a_constant_hazard_gives_the_closed_integral_in_the_estimate_and_in_each_draw():
    got = expected_stay(ahead([0.1, 0.02], paces=[0.5, 2.0]))
    expected = [[(1 - np.exp(-24 * h * pace)) / (h * pace) for h in (0.1, 0.02)] for pace in (1.0, 0.5, 2.0)]
    assert got == pytest.approx(np.array(expected), abs=1e-9)


def test_customers_beyond_a_chunk_are_not_forgotten():
    got = expected_stay(ahead([0.1] * (CHUNK + 1), paces=[1.0], months=2))
    assert got.shape == (2, CHUNK + 1)
    assert np.ptp(got) == pytest.approx(0)


def test_the_share_beyond_what_was_observed_is_that_of_the_months_lived_there():
    rows = ahead([0.1, 0.1], paces=[]).assign(seen_months=[12.0, 100.0])
    whole, late = (1 - np.exp(-2.4)) / 0.1, (np.exp(-1.2) - np.exp(-2.4)) / 0.1
    assert beyond_observed(rows) == pytest.approx(late / (2 * whole))
    assert beyond_observed(rows.assign(seen_months=24.0)) == 0
    assert np.isnan(beyond_observed(rows.iloc[:0]))
