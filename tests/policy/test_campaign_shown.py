from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.campaign_kpis import campaign_kpis
from analysis.policy.campaign_classes import class_effects, interactions
from analysis.policy.campaign_effects import COLUMNS
from analysis.policy.campaign_money import INCREMENTS, RETURNS
from analysis.policy.campaign_shown import masked_effects, masked_money, masked_returns
from analysis.policy.campaign_uplift import uplifts


def effect(**more: object) -> dict:
    row = {"campaign": "A", "variant": "call", "objective": "retention", "randomised": True, "outcome": "left_3m"}
    ends = {"effect": -0.02, "low": -0.03, "high": -0.01, "error": 0.005, "detectable": 0.014, "days": 91}
    sizes = {
        "treated": 1000.0,
        "control": 900.0,
        "share": 0.03,
        "control_share": 0.05,
        "events": 30,
        "control_events": 45,
    }
    return row | ends | sizes | more


def paid(**more: object) -> dict:
    row = dict.fromkeys(RETURNS, 1.0) | {"campaign": "A", "variant": "call", "contacts": 1000.0}
    return row | more


@pytest.mark.parametrize(
    "few", [{"events": 10}, {"control_events": 1}, {"treated": 40, "events": 30}, {"control": 50, "control_events": 45}]
)
def test_effects_of_few_with_or_without_the_outcome_are_masked(few):
    got = masked_effects(pd.DataFrame([effect(**few), effect(variant="mail")]), smallest=11)
    assert got["masked"].tolist() == [True, False]
    assert got.loc[0, ["effect", "low", "high", "share", "control_share", "detectable"]].isna().all()
    assert got.loc[1, "effect"] == -0.02


def test_nobody_with_the_outcome_is_no_secret():
    assert not masked_effects(pd.DataFrame([effect(events=0)]), smallest=11)["masked"].any()


def test_what_tells_a_masked_effect_is_masked_too():
    effects = masked_effects(pd.DataFrame([effect(events=3)]), smallest=11)
    got = masked_returns(pd.DataFrame([paid(), paid(variant="mail", contacts=9.0)]), effects, smallest=11)
    assert got.loc[0, ["per_won", "won_low", "net"]].isna().all()
    assert got.loc[0, "cost"] == 1
    assert np.isnan(got.loc[1, "cost"]) and got["masked"].tolist() == [False, True]
    assert {one.metric for one in campaign_kpis(effects, got)} == {"campaign_cost", "campaign_roi"}


def test_published_figures_say_kept_where_fewer_left():
    got = {
        one.metric: one
        for one in campaign_kpis(masked_effects(pd.DataFrame([effect()]), smallest=11), pd.DataFrame([paid()]))
    }
    kept = got["campaign_kept"]
    assert (kept.value, kept.low, kept.high, kept.n) == (0.02, 0.01, 0.03, 1900)
    assert (kept.dimension, kept.klass) == ("campaign", "A: call")
    assert set(got) == {"campaign_kept", "campaign_cost", "campaign_roi", "campaign_cost_per_customer"}


def test_nothing_at_all_is_shown_without_complaint():
    empty = masked_effects(pd.DataFrame(columns=COLUMNS), smallest=11)
    assert masked_money(pd.DataFrame(columns=INCREMENTS), smallest=11).empty
    returns = masked_returns(pd.DataFrame(columns=RETURNS), empty, smallest=11)
    assert campaign_kpis(empty, returns) == []
    assert uplifts(pd.DataFrame(columns=["campaign", "arm", "good"]), []) == []


def contacts(classes: dict[str, tuple[int, int, int, int]]) -> pd.DataFrame:
    """By class: contacted with the outcome and without, held out with the outcome and without."""
    rows = []
    for name, cells in classes.items():
        for (arm, good), n in zip((("call", 1), ("call", 0), ("control", 1), ("control", 0)), cells, strict=True):
            rows += [{"campaign": "A", "arm": arm, "good": good, "region_class": name}] * n
    return pd.DataFrame(rows)


def test_effects_by_class_are_differences_and_differ_where_they_differ():
    rows = contacts({"north": (80, 20, 40, 60), "south": (50, 50, 50, 50)})
    got = class_effects(rows, ["region"])
    assert got.set_index("class")["effect"].to_dict() == pytest.approx({"north": 0.4, "south": 0.0})
    tried = interactions(got)
    assert tried["chance"].iloc[0] < 0.001
    assert tried["adjusted"].iloc[0] == tried["chance"].iloc[0]


def test_the_only_small_class_does_not_follow_from_the_others():
    rows = contacts(
        {"north": (80, 20, 40, 60), "south": (50, 50, 50, 50), "west": (20, 20, 20, 20), "east": (3, 9, 5, 9)}
    )
    assert class_effects(rows, ["region"])["class"].tolist() == ["north", "south"]
