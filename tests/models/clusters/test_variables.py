from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.clusters.scaling import known_enough, learned
from analysis.models.clusters.variables import change, coded, verdicts

NUMBERS = np.arange(1.0, 101.0)


def test_variables_are_written_on_their_own_scales():
    rows = pd.DataFrame({"gb": [0.0, np.e], "half": [0.5, 1.0], "logins": [0.0, 1.0], "change": [1, 2], "tv": [0, 1]})
    kinds = {"gb": "amount", "half": "share", "logins": "count", "change": "ratio", "tv": "fact"}
    got = coded(rows, kinds)
    assert list(got.columns) == ["gb", "half", "logins"]
    assert got["gb"].isna().tolist() == [True, False]
    assert got.iloc[1].tolist() == pytest.approx([1.0, np.log(199), np.log(2)])


def test_a_change_is_a_log_that_ends_at_twenty_fold_and_makes_no_group():
    assert change(np.array([1.0, 1e9, 0.0])).tolist() == pytest.approx([0.0, 3.0, np.nan], nan_ok=True)
    got = verdicts(pd.DataFrame({"change": NUMBERS}), {"change": "ratio"})
    assert got[["use", "reason"]].values.tolist() == [["describes", "change"]]


def test_every_candidate_has_a_use_and_a_reason():
    rows = pd.DataFrame(
        {
            "gb": NUMBERS,
            "again": NUMBERS * 2,
            "rare": np.where(NUMBERS > 50, NUMBERS, np.nan),
            "alike": np.where(NUMBERS > 60, NUMBERS, 7.0),
            "steps": NUMBERS % 4,
            "tv": NUMBERS % 2,
        }
    )
    kinds = dict.fromkeys(("gb", "again", "rare", "alike", "steps"), "count") | {"tv": "fact", "gone": "amount"}
    got = verdicts(rows, kinds)
    assert got[["variable", "use", "reason"]].values.tolist() == [
        ["gb", "searched", "searched"],
        ["again", "left out", "same"],
        ["rare", "left out", "missing"],
        ["alike", "left out", "one_value"],
        ["steps", "left out", "few_values"],
        ["tv", "describes", "fact"],
        ["gone", "left out", "absent"],
    ]
    assert got.loc[1, "other"] == "gb"


def test_use_is_compared_with_that_of_customers_with_the_same_access():
    rows = pd.DataFrame({"gb": [*[100.0] * 150, *[5.0] * 150], "has_broadband": [*[1] * 150, *[0] * 150]})
    rows.loc[0, "gb"] = 200.0
    scaling = learned(rows, ["gb"], kinds={"gb": "amount"}, method="z_score")
    got = scaling.scaled(rows)[:, 0]
    assert got[1] == pytest.approx(got[299], abs=1e-6)
    assert got[0] > got[1]


def test_the_sigmoid_draws_in_extremes_and_keeps_the_middle():
    rows = pd.DataFrame({"x": [*np.exp(np.linspace(-1, 1, 201)), np.exp(50.0)]})
    robust, sigmoid = (
        learned(rows, ["x"], kinds={"x": "amount"}, method=m).scaled(rows)[:, 0] for m in ("robust", "sigmoid")
    )
    assert sigmoid[-1] < 2.01 < 20 < robust[-1]
    assert sigmoid[101] == pytest.approx(robust[101], rel=0.01)


def test_half_of_the_variables_must_be_known():
    got = known_enough(np.array([[1.0, np.nan], [np.nan, np.nan]]))
    assert got.tolist() == [True, False]
