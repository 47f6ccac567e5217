"""The chance of leaving within some months, from survival ahead."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.models.leaving import expected_leaving

AHEAD = pd.DataFrame(
    {
        "customer_id": ["a", "b"],
        "survival_01": [0.99, 0.9],
        "survival_03": [0.9, 0.5],
        "pace_01": [1, 2],
        "pace_02": 0.5,
    }
)


def test_who_does_not_stay_leaves_and_draws_move_the_hazard_by_their_pace() -> None:
    got = expected_leaving(AHEAD, months=3)
    assert got[0].tolist() == pytest.approx([0.1, 0.5])
    assert got[1].tolist() == pytest.approx([0.1, 0.75])
    assert got[2].tolist() == pytest.approx([1 - 0.9**0.5, 1 - 0.5**0.5])


def test_without_draws_there_is_the_estimate_alone() -> None:
    assert expected_leaving(AHEAD.drop(columns=["pace_01", "pace_02"]), months=1).tolist() == [
        pytest.approx([0.01, 0.1])
    ]
