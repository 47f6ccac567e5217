"""Sentences that hold a forecast against what happened."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.present.wording import judgement

V = dt.date(2025, 9, 30)
GROUPS = pd.DataFrame(
    {"predicted": [0.02, 0.16], "observed": [0.01, 0.18], "low": [0.005, 0.17], "high": [0.03, 0.2], "customers": 500}
)
LIFT = pd.DataFrame({"top": [0.05, 0.1, 0.2], "leavers_held": [0.2, 0.34, 0.5], "low": 0.1, "high": 0.6})


def test_the_title_counts_the_groups_in_which_as_many_left_as_predicted():
    got = judgement.group_words(GROUPS, landmark=V, horizon=12)
    assert got["finding"] == "In 1 of 2 groups as many left as predicted, within chance"
    assert "within 12 months of 30 September 2025" in got["subtitle"]
    assert "to that of the highest (16.0 % predicted, 18.0 % left)" in got["alt"]
    every = judgement.group_words(GROUPS.assign(low=0), landmark=V, horizon=12)
    assert every["finding"] == "In every group as many left as predicted, within chance"


def test_without_anything_observed_nothing_is_held_against_it():
    got = judgement.group_words(GROUPS.head(0), landmark=V, horizon=12)["finding"]
    assert got == "Too few were seen leaving to hold probabilities against what happened"


def test_the_customers_most_at_risk_are_compared_with_chance():
    got = judgement.lift_words(LIFT, landmark=V, horizon=3)
    assert got["finding"] == "Of those who left, 34 % were among the 10 % most at risk, 3.4 times as many as by chance"
    assert "20.0 % among the 5 % most at risk" in got["alt"]
    assert judgement.lift_rows(LIFT)["name"].tolist()[0] == "5 % most at risk"


def test_masked_shares_are_not_told():
    some = judgement.lift_words(LIFT.assign(masked=[True, False, False]), landmark=V, horizon=3)
    assert "20.0 %" not in some["alt"]
    none = judgement.lift_words(LIFT.assign(masked=True), landmark=V, horizon=3)
    assert none["finding"] == "Too few left to tell how well the forecast finds them"


def metrics(*rows: tuple) -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["horizon", "kind", "metric", "value"])
    return data.assign(low=data["value"] - 0.1, high=data["value"] + 0.1)


def test_the_figures_of_a_horizon_stand_side_by_side():
    got = judgement.horizon_rows(
        metrics(
            (1, "all", "auc", 0.75),
            (1, "all", "calibration_ratio", 1.1),
            (1, "all", "ici", 0.01),
            (3, "voluntary", "auc", 0.7),
        )
    )
    assert got[["months", "whose", "auc", "ratio"]].fillna(-1).to_numpy().tolist() == [
        [1, "all", 0.75, 1.1],
        [3, "by choice", 0.7, -1],
    ]
    assert got.loc[0, ["ratio_low", "ratio_high"]].tolist() == [1.0, 1.2000000000000002]
    words = judgement.horizon_words(got)
    assert words["finding"] == "The same model held against what happened 1 and 3 months ahead"
    assert judgement.horizon_words(got.head(0))["finding"].startswith("No horizon could be judged")


def test_a_horizon_is_judged_from_the_last_quarter_end_it_can_be_followed_from():
    as_of = dt.date(2026, 9, 30)
    got = [judgement.judged_from(as_of, months=months) for months in (1, 3, 12)]
    assert got == [dt.date(2026, 6, 30), dt.date(2026, 6, 30), dt.date(2025, 9, 30)]
