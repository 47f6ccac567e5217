"""The net promoter score and its interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.nps import net_promoter_score


def test_promoters_less_detractors_in_points_per_hundred() -> None:
    assert net_promoter_score([9, 10, 8, 7, 6])[0] == pytest.approx(20)
    assert net_promoter_score([0, 6, 7, 8])[0] == pytest.approx(-50)


def test_the_interval_is_that_of_the_multinomial_with_three_answers_added() -> None:
    scores = [10] * 50 + [7] * 30 + [2] * 20
    up, down, size = 50.75 / 103, 20.75 / 103, 103
    reach = 1.959964 * np.sqrt((up + down - (up - down) ** 2) / size)
    _, low, high = net_promoter_score(scores)
    assert [low, high] == pytest.approx([100 * (up - down - reach), 100 * (up - down + reach)])


def test_answers_that_all_agree_are_not_certain_and_missing_ones_are_none() -> None:
    score, low, high = net_promoter_score([10] * 12)
    assert (score, high) == (100, 100)
    assert low < 90
    assert np.isnan(net_promoter_score([])).all()
    assert net_promoter_score([np.nan, 10, 0])[0] == 0


@given(st.lists(st.integers(0, 10), min_size=1, max_size=80))
def test_the_interval_holds_the_score_and_stays_on_the_scale(scores: list[int]) -> None:
    score, low, high = net_promoter_score(scores)
    assert -100 <= low <= score <= high <= 100


def test_nineteen_of_twenty_intervals_hold_the_truth() -> None:
    random, held = np.random.default_rng(1), 0
    for _ in range(600):
        _, low, high = net_promoter_score(random.choice([10, 7, 3], p=[0.5, 0.3, 0.2], size=60))
        held += low <= 30 <= high
    assert 0.92 <= held / 600 <= 0.98
