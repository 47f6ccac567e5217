from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.returns import returned
from analysis.models.survival import kaplan_meier, survival_at


def counted(*rows):
    return pd.DataFrame([(0.0, *row) for row in rows], columns=["entry", "exit", "event", "n"])


def test_the_share_back_within_a_year_allows_for_those_who_left_lately():
    """Of 100 who left, 20 are back after 4 months; 30 left half a year ago; of 50 more 10 are back after 10 months."""
    rows = counted((4.0, 1, 20), (6.0, 0, 30), (10.0, 1, 10), (15.0, 0, 40))
    got = returned(rows)
    assert (got.left, got.back) == (100, 30)
    assert got.share == pytest.approx(1 - 0.8 * (1 - 10 / 50))
    at = survival_at(kaplan_meier(rows), [12]).iloc[0]
    assert (got.low, got.high) == pytest.approx((1 - at["high"], 1 - at["low"]))


def test_half_of_those_back_by_then_came_by_the_middle():
    got = returned(counted((2.0, 1, 12), (5.0, 1, 12), (9.0, 1, 12), (20.0, 0, 64)))
    assert got.middle == 5


@pytest.mark.parametrize(
    "rows",
    [
        counted((20.0, 0, 90)),
        counted((4.0, 1, 10), (20.0, 0, 90)),
        counted((4.0, 1, 90), (20.0, 0, 10)),
        counted((4.0, 1, 50), (9.0, 0, 50)),
        counted((14.0, 1, 50), (20.0, 0, 50)),
        counted(),
    ],
    ids=["nobody back", "few back", "few away", "none watched for a year", "nobody back within it", "nobody left"],
)
def test_where_too_few_stand_behind_it_the_share_is_missing(rows):
    assert np.isnan(returned(rows)[2:]).all()
