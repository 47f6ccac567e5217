from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.models.candidates.dated import dated_ahead

NAME = "contract_months_left"


def rows(*days: float, **more: list[float]) -> pd.DataFrame:
    left = [day / DAYS_PER_MONTH for day in days]
    return pd.DataFrame({"landmark": pd.Timestamp("2026-06-30"), NAME: left, **more})


def test_a_contract_that_ends_on_the_last_day_of_a_step_ends_within_it():
    got = dated_ahead(rows(92, 93), [NAME], low=1, high=3)
    assert got[f"{NAME}_inside"].tolist() == [1, 0]


def test_shares_of_the_step_before_and_after_the_end_add_up():
    got = dated_ahead(rows(31 + 31), [NAME], low=1, high=3).iloc[0]
    assert [got[f"{NAME}_{word}"] for word in ("inside", "soon", "lately", "past")] == [1, 0.5, 0.5, 0.5]


def test_an_end_long_before_the_step_is_past_but_not_felt_lately():
    got = dated_ahead(rows(31), [NAME], low=6, high=9).iloc[0]
    assert [got[f"{NAME}_{word}"] for word in ("inside", "soon", "lately", "past")] == [0, 0, 0, 1]


def test_without_a_date_there_is_nothing_ahead():
    got = dated_ahead(rows(np.nan), [NAME], low=0, high=1)
    assert got.to_numpy().tolist() == [[0, 0, 0, 0]]


def test_the_end_of_a_promotion_counts_as_much_as_it_takes_away():
    table = rows(31, discount_share=[0.25]).rename(columns={NAME: "promotion_months_left"})
    got = dated_ahead(table, ["promotion_months_left", "discount_share"], low=0, high=1).iloc[0]
    assert got["promotion_months_left_inside_size"] == pytest.approx(0.25)


def test_columns_that_count_no_months_to_a_date_give_nothing():
    assert dated_ahead(rows(31), ["age"], low=0, high=1).shape == (1, 0)
