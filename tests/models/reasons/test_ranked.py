from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.families import FAMILIES
from analysis.models.reasons import ranked
from analysis.models.reasons.contributions import Parts
from analysis.models.reasons.ranked import ACTIONABLE, COLUMNS, at_highest_risk, first_of, reason_rows, reasons

COVARIATES = ["age", "contract_months_left", "monthly_fee", "outage_minutes_3m", "promotion_months_left", "tickets_3m"]
ADDED = np.array(
    [
        # age, contract, fee, outages, promotion, tickets
        [3.0, 0.10, -0.2, 0.30, 0.60, 0.30],
        [-1.0, -0.30, -0.2, 0.50, 0.10, -0.60],
        [0.0, 0.20, 0.0, 0.00, 0.00, 0.00],
    ]
)


@pytest.fixture
def explained(monkeypatch):
    """Three customers, and two further estimates: one in which contracts count for more, one as the first."""

    class Known:
        covariates = COVARIATES

        def __init__(self, fit: object, base: pd.DataFrame) -> None:
            assert (fit, len(base)) == ("fit", 3)

        def states(self, rows: pd.DataFrame) -> dict[str, np.ndarray]:
            names = np.array(["no contract running", "contract ends within 1 month", "contract ends after 12 months"])
            return {"contract_months_left": names.astype(object)[rows.index.to_numpy()]}

        def of(self, rows: pd.DataFrame) -> Parts:
            values = ADDED[rows.index.to_numpy()]
            families = np.zeros((len(values), len(FAMILIES)))
            families[:, FAMILIES.index("contract")] = values[:, 1]
            families[:, FAMILIES.index("price")] = values[:, 2] + values[:, 4]
            families[:, FAMILIES.index("service")] = values[:, 3] + values[:, 5]
            families[:, FAMILIES.index("profile")] = values[:, 0]
            more = families.copy()
            more[:, FAMILIES.index("contract")] += 0.6
            return Parts(values, np.stack([more, families]))

    monkeypatch.setattr(ranked, "Explained", Known)
    monkeypatch.setattr(ranked, "line_of", lambda fit: fit)
    return pd.DataFrame({"customer_id": ["A", "B", "C"]})


def asked(customers: pd.DataFrame):
    return reasons("fit", customers, risk=np.array([0.1, 0.3, 0.2]), by_choice=True)


def test_the_three_families_that_add_most_are_the_reasons_and_each_names_its_strongest_covariate(explained):
    got = asked(explained)
    assert list(got.rows.columns) == COLUMNS
    row = got.rows.iloc[0]
    assert [row["reason_1"], row["reason_2"], row["reason_3"]] == ["service", "price", "contract"]
    assert [row["carrier_1"], row["carrier_2"], row["carrier_3"]] == [
        "outage_minutes_3m", "promotion_months_left", "contract_months_left",
    ]  # fmt: skip
    assert row["adds_price"] == pytest.approx(0.4)


def test_who_somebody_is_is_never_a_reason_but_its_contribution_is_kept(explained):
    got = asked(explained).rows
    assert got["adds_profile"].tolist() == [3.0, -1.0, 0.0]
    assert "profile" not in set(got[["reason_1", "reason_2", "reason_3"]].stack())


def test_reasons_are_missing_where_fewer_families_raise_the_risk(explained):
    got = asked(explained).rows
    assert got.loc[1, ["reason_1", "reason_2", "reason_3"]].isna().all()
    assert got.loc[1, ["carrier_1", "again"]].isna().all()
    assert got.loc[2, ["reason_1", "reason_2"]].tolist() == ["contract", None]


def test_how_often_the_first_reason_stays_is_a_share_of_the_estimates(explained):
    got = asked(explained).rows["again"]
    assert got.iloc[[0, 2]].tolist() == [0.5, 1.0]


def test_first_reasons_are_counted_among_those_at_the_highest_risk_per_estimate(explained):
    got = asked(explained)
    assert got.rows["highest"].tolist() == [0, 1, 0]
    assert got.drawn.tolist() == [[0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0]]


def test_what_a_first_reason_adds_is_summed_over_who_has_it_per_estimate(explained):
    got = reasons("fit", explained, risk=np.array([0.1, 0.2, 0.3]), by_choice=True)
    assert got.drawn_adds[:, ACTIONABLE.index("contract")].tolist() == pytest.approx([0.8, 0.2])
    assert got.drawn_adds.sum() == pytest.approx(1.0)


def test_the_value_of_the_strongest_covariate_is_called_by_its_name_where_it_has_one(explained):
    assert asked(explained).rows["state_1"].tolist() == [None, None, "contract ends after 12 months"]


def test_many_customers_are_explained_in_parts_with_the_same_result(explained, monkeypatch):
    monkeypatch.setattr(ranked, "BASE", 2)
    monkeypatch.setattr(ranked.Explained, "__init__", lambda self, fit, base: None)
    whole, parts = asked(explained), None
    monkeypatch.setattr(ranked, "BASE", 3)
    parts = asked(explained)
    pd.testing.assert_frame_equal(whole.rows, parts.rows)
    assert whole.drawn.tolist() == parts.drawn.tolist()


def test_the_highest_tenth_is_by_risk_and_of_equals_the_first():
    assert np.flatnonzero(at_highest_risk(np.array([0.1] * 10 + [0.9] + [0.5] * 9))).tolist() == [10, 11]
    assert at_highest_risk(np.array([0.1, 0.2])).tolist() == [False, True]


def test_no_family_is_first_where_none_adds_anything():
    assert first_of(np.array([[0.0] * 6 + [9.0], [-1, -1, 0.1, 0, 0, 0, 9]])).tolist() == [-1, 2]


def test_without_reasons_the_stage_table_has_its_columns_and_no_rows():
    got = reason_rows(None)
    assert list(got.columns) == COLUMNS
    assert got.empty
