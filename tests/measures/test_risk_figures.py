"""Precision, recall and lift of warning signs, by hand and beside the binomial law."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.interval import share_interval
from analysis.measures.risk_figures import risk_figures, risk_kpis
from analysis.measures.risk_overlap import ANY, first_ranked, flag_rows, missed, overlap

RULES = {"sign": None}


@pytest.fixture
def figures(engine):
    def made(rows: pd.DataFrame, **other: object) -> pd.Series:
        table = engine.table(rows.assign(landmark=rows.get("landmark", 1)))
        return risk_figures(table, RULES, target="chose", smallest=11, **other).iloc[0]

    return made


def people(*groups: tuple[int, int, int, int]) -> pd.DataFrame:
    """Groups of (customers, sign, left, by choice), one row each."""
    rows = [group[1:] for group in groups for _ in range(group[0])]
    data = pd.DataFrame(rows, columns=["sign", "event", "chose"])
    return data.assign(customer_id=[f"c{i:05d}" for i in range(len(data))])


CLEAR = people((40, 1, 1, 1), (20, 1, 1, 0), (140, 1, 0, 0), (30, 0, 1, 1), (1000, 0, 0, 0))


def test_figures_are_shares_of_the_flagged_and_of_those_who_left(figures):
    got = figures(CLEAR)
    assert got["precision"] == pytest.approx(40 / 200)
    assert got["precision_all"] == pytest.approx(60 / 200)
    assert got["recall"] == pytest.approx(40 / 70)
    assert got["usual"] == pytest.approx(70 / 1230)
    assert got["lift"] == pytest.approx((40 / 200) / (70 / 1230))
    assert got["rate"] == pytest.approx(200 / 1230)
    assert (got["customers"], got["landmarks"], got["verdict"]) == (200, 1, "earns")


def test_of_customers_seen_once_the_interval_is_wilsons(figures):
    got = figures(CLEAR)
    assert (got["low"], got["high"]) == pytest.approx(share_interval(40, 200))
    assert got["lift_low"] < got["lift"] < got["lift_high"]


def test_who_is_flagged_at_several_quarter_ends_is_one_customer(figures):
    four = pd.concat([CLEAR.assign(landmark=place) for place in range(4)], ignore_index=True)
    once, often = figures(CLEAR), figures(four)
    assert often["precision"] == pytest.approx(once["precision"])
    assert (often["low"], often["high"]) == pytest.approx((once["low"], once["high"]))
    assert (often["lift_low"], often["lift_high"]) == pytest.approx((once["lift_low"], once["lift_high"]))
    assert (often["customers"], often["landmarks"]) == (200, 4)


def test_the_interval_of_the_lift_holds_the_true_lift_as_often_as_it_says(figures, engine):
    rng, inside = np.random.default_rng(5), []
    for _ in range(150):
        sign = rng.random(2000) < 0.2
        left = rng.random(2000) < np.where(sign, 0.2, 0.1)
        rows = pd.DataFrame({"sign": sign * 1, "event": left * 1, "chose": left * 1})
        got = figures(rows.assign(customer_id=[f"c{i}" for i in range(2000)]))
        inside.append(got["lift_low"] <= 0.2 / 0.12 <= got["lift_high"])
    assert np.mean(inside) > 0.9


def test_rows_of_which_the_sign_is_not_known_take_no_part(figures):
    unknown = people((500, 0, 1, 1)).assign(sign=None, landmark=2, customer_id=[f"x{i}" for i in range(500)])
    both = pd.concat([CLEAR.assign(landmark=1), unknown], ignore_index=True).astype({"sign": "Int64"})
    assert figures(both)["recall"] == pytest.approx(40 / 70)
    assert figures(both)["landmarks"] == 1


@pytest.mark.parametrize(
    ("groups", "verdict"),
    [
        (((2000, 1, 0, 0), (440, 1, 1, 1), (8000, 0, 0, 0), (1500, 0, 1, 1)), "little"),
        (((2000, 1, 0, 0), (370, 1, 1, 1), (8000, 0, 0, 0), (1500, 0, 1, 1)), "nothing"),
        (((2000, 1, 0, 0), (100, 1, 1, 1), (8000, 0, 0, 0), (1500, 0, 1, 1)), "fewer"),
        (((100, 1, 0, 0), (20, 1, 1, 1), (8000, 0, 0, 0), (1500, 0, 1, 1)), "few"),
        (((2000, 1, 0, 0), (8000, 0, 0, 0), (1500, 0, 1, 1)), "fewer"),
    ],
)
def test_a_sign_is_judged_by_its_lift_and_how_sure_it_is(figures, groups, verdict):
    assert figures(people(*groups))["verdict"] == verdict


@pytest.mark.parametrize(
    "groups",
    [
        ((10, 1, 0, 0), (500, 0, 1, 1), (500, 0, 0, 0)),
        ((300, 1, 0, 0), (5, 1, 1, 1), (500, 0, 1, 1)),
        ((300, 1, 1, 1), (5, 1, 0, 0), (500, 0, 1, 1)),
        ((300, 1, 1, 1), (300, 1, 0, 0), (5, 0, 1, 1)),
    ],
    ids=["flagged", "leavers", "stayers", "missed"],
)
def test_figures_of_few_are_masked_and_too_few_to_say(figures, groups):
    got = figures(people(*groups))
    assert got["masked"] and got["verdict"] == "few"
    assert got[["precision", "recall", "lift", "customers"]].isna().all()


def test_few_who_left_otherwise_hide_that_figure_alone(figures):
    got = figures(people((40, 1, 1, 1), (5, 1, 1, 0), (140, 1, 0, 0), (30, 0, 1, 1), (1000, 0, 0, 0)))
    assert not got["masked"] and np.isnan(got["precision_all"])


def test_a_sign_nobody_has_and_a_quarter_nobody_left_in_say_nothing(figures):
    for groups in (((500, 0, 0, 0), (50, 0, 1, 1)), ((500, 1, 0, 0), (500, 0, 0, 0))):
        got = figures(people(*groups))
        assert (got["verdict"], np.isnan(got["lift"])) == ("few", True)


def test_kpis_are_of_signs_that_can_be_told(engine):
    table = engine.table(CLEAR.assign(landmark=1, other=0))
    got = risk_kpis(risk_figures(table, {"sign": None, "other": None}, target="chose", smallest=11))
    assert [(one.metric, one.klass) for one in got] == [
        ("risk_rules_earning", None), ("risk_rule_precision", "sign"), ("risk_rule_lift", "sign")
    ]  # fmt: skip
    assert (got[0].value, got[1].n) == (1, 200)
    assert risk_kpis(risk_figures(table, {"other": None}, target="chose", smallest=11)) == []


SCORES = pd.DataFrame({"customer_id": [f"c{i:03d}" for i in range(400)], "churn_3m": 0.1})


def scored(*first: int) -> pd.DataFrame:
    """Scores of 400 customers, these the highest."""
    risk = [0.5 if i in first else 0.1 for i in range(400)]
    return SCORES.assign(voluntary_3m=risk)


def test_the_first_tenth_goes_by_leaving_by_choice_then_by_id():
    assert first_ranked(scored(399), share=0.01) == {"c399", "c000", "c001", "c002"}
    assert first_ranked(scored().assign(voluntary_3m=np.nan), share=0.0025) == {"c000"}


def test_flags_are_rows_and_their_share_in_the_first_tenth_is_told(engine):
    now = pd.DataFrame({"customer_id": SCORES["customer_id"], "sign": [1] * 40 + [0] * 360})
    now["other"] = [1] * 20 + [None] * 380
    flagged = flag_rows(engine.table(now.astype({"other": "Int64"})), ["sign", "other"])
    got = overlap(flagged, scored(*range(20), *range(380, 400)), smallest=11).set_index("rule")
    assert got["flagged"].to_dict() == {ANY: 40, "other": 20, "sign": 40}
    assert got["in_top"].to_dict() == {ANY: 0.5, "other": 1.0, "sign": 0.5}
    few = overlap(flagged, scored(*range(5), *range(365, 400)), smallest=11).set_index("rule")
    assert few.loc["sign", ["flagged", "flagged_masked", "in_top_masked"]].tolist() == [40, False, True]
    unscored = overlap(flagged, scored().head(0), smallest=11)
    assert unscored["in_top"].isna().all() and not unscored["in_top_masked"].any()


def test_what_signs_find_beside_the_model_is_held_against_as_many_of_its_next():
    foretold = scored(*range(40)).assign(left=0, chose=0)
    foretold.loc[[*range(20), *range(40, 60), *range(100, 120), *range(300, 320)], ["left", "chose"]] = 1
    past = pd.DataFrame({"customer_id": SCORES["customer_id"], "sign": [int(100 <= i < 150) for i in range(400)]})
    got = missed(foretold, past, rules=["sign"], smallest=11)
    assert got == {
        "customers": 400, "leavers": 80, "held": 0.25, "extra": 50, "found": 0.25, "rate": 0.4, "usual": 0.2,
        "next": 0.25,
    }  # fmt: skip
    assert missed(foretold, past, rules=["sign"], smallest=21) is None
    assert missed(foretold, past, rules=[], smallest=11) is None
    assert missed(foretold.head(0), past, rules=["sign"], smallest=11) is None


def test_a_sign_that_was_never_known_has_no_figures_and_stops_nothing(figures):
    got = figures(CLEAR.assign(sign=pd.Series(np.nan, CLEAR.index)))
    assert (got["landmarks"], got["customers"], got["verdict"]) == (0, 0, "few")
    assert np.isnan(got["precision"])
