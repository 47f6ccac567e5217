from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.models.reasons.ranked import Reasons
from analysis.models.scores import Scores, churn_scores, incidence

COLUMNS = [
    "customer_id", "churn_1m", "churn_3m", "churn_12m", "voluntary_1m", "voluntary_3m", "voluntary_12m", "months_left",
    "months_left_horizon", "reason_1", "reason_2", "reason_3",
]  # fmt: skip


def scores(by_choice: float | None = 0.5) -> Scores:
    hazards = np.array([[0.01, 0.03, 0.06, 0.09, 0.12], [0.2, 0.6, 1.2, 1.8, 2.4]])
    voluntary = None if by_choice is None else by_choice * hazards
    return Scores(pd.Series(["A", "B"]), np.array([5.0, 20.0]), hazards, voluntary, np.stack([hazards] * 20))


def ahead(horizon: int = 36) -> pd.DataFrame:
    """The first customer is sure to stay, the second leaves at once."""
    months = {f"survival_{month:02d}": [1.0, 1e-300] for month in range(1, horizon + 1)}
    return pd.DataFrame({"customer_id": ["A", "B"], **months})


def test_the_stage_table_has_the_columns_that_stay():
    got = churn_scores(scores(), ahead(), horizon=36)
    assert list(got.columns) == COLUMNS
    assert got["customer_id"].tolist() == ["A", "B"]
    assert got["months_left_horizon"].tolist() == [36, 36]


def test_a_probability_is_that_of_the_cumulative_hazard():
    got = churn_scores(scores(), ahead(), horizon=36)
    assert got["churn_3m"].tolist() == pytest.approx([1 - np.exp(-0.03), 1 - np.exp(-0.6)], abs=1e-9)
    assert got["churn_12m"].tolist() == pytest.approx([1 - np.exp(-0.12), 1 - np.exp(-2.4)], abs=1e-9)


def test_who_is_sure_to_stay_has_the_whole_horizon_left_and_who_leaves_at_once_nothing():
    got = churn_scores(scores(), ahead(), horizon=36)
    assert got["months_left"].tolist() == pytest.approx([36, 0], abs=0.01)


def test_half_the_hazard_by_choice_is_half_the_probability():
    got = churn_scores(scores(0.5), ahead(), horizon=36)
    assert got["voluntary_12m"].tolist() == pytest.approx((got["churn_12m"] / 2).tolist(), abs=1e-8)


def test_leaving_by_choice_is_never_likelier_than_leaving_at_all():
    hazards = np.array([[0.1, 0.2, 0.3, 0.4, 0.5]])
    got = incidence(hazards, np.array([[0.3, 0.3, 0.3, 0.9, 0.9]]))
    assert (got <= 1 - np.exp(-hazards) + 1e-12).all()
    assert (np.diff(got) >= 0).all()


def test_who_may_leave_otherwise_first_leaves_by_choice_less_often_than_alone():
    got = incidence(np.array([[1.0, 1.0, 1.0, 1.0, 1.0]]), np.array([[0.25, 0.25, 0.25, 0.25, 0.25]]))
    assert got[0].tolist() == pytest.approx([(1 - np.exp(-1)) / 4] * 5)
    assert got[0, 0] < 1 - np.exp(-0.25)


def test_leaving_by_choice_is_missing_where_the_source_gives_no_kinds():
    got = churn_scores(scores(None), ahead(), horizon=36)
    assert got[["voluntary_1m", "voluntary_3m", "voluntary_12m"]].isna().all(axis=None)
    assert got["churn_1m"].notna().all()


def test_reasons_are_those_of_the_model_that_makes_the_forecast():
    rows = pd.DataFrame({"reason_1": ["price", None], "reason_2": ["use", None], "reason_3": [None, None]})
    why = Reasons(rows, np.zeros((2, 6), dtype=np.int64), np.zeros((2, 6)), by_choice=True, trees=False)
    got = churn_scores(replace(scores(), reasons=why), ahead(), horizon=36)
    assert got["reason_1"].tolist() == ["price", None]
    assert list(got.columns) == COLUMNS


def test_reasons_are_missing_where_the_model_knows_none():
    got = churn_scores(scores(), ahead(), horizon=36)
    assert got[["reason_1", "reason_2", "reason_3"]].isna().all(axis=None)
