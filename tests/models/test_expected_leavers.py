"""How many are expected to leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.models.expected_leavers import expected_leavers
from analysis.models.scores import Scores

HAZARDS = np.tile(-np.log(1 - np.array([0.05, 0.1, 0.2, 0.3, 0.4])), (200, 1))
SCORES = Scores(
    pd.Series([f"C{i:03d}" for i in range(200)]), np.full(200, 12.0), HAZARDS, HAZARDS / 2, np.stack([HAZARDS] * 20)
)


def test_the_sums_of_the_probabilities_are_the_expected_leavers():
    got = expected_leavers(SCORES)
    assert got["churn_3m"].leavers == pytest.approx(20)
    assert got["churn_12m"].leavers == pytest.approx(80)
    assert got["voluntary_3m"].leavers == pytest.approx(10)
    assert got["churn_3m"].high - 20 == pytest.approx(1.96 * np.sqrt(200 * 0.09), abs=0.01)


def test_draws_that_differ_widen_the_interval_of_all_and_of_those_by_choice():
    unsure = replace(SCORES, draws=np.stack([HAZARDS * pace for pace in (0.8, 1.2)]))
    sure, wide = expected_leavers(SCORES), expected_leavers(unsure)
    for metric in sure:
        assert wide[metric].high > sure[metric].high
        assert wide[metric].leavers == sure[metric].leavers


def test_without_kinds_nothing_is_said_of_leaving_by_choice():
    got = expected_leavers(replace(SCORES, hazards_voluntary=None))
    assert set(got) == {"churn_3m", "churn_12m"}
