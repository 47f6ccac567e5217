"""Thresholds of warning signs: chosen on earlier quarters, judged on the last two; planted ones are found."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.measures.class_rules import Condition, Percentile
from analysis.measures.interval import standard_normal_quantile
from analysis.measures.risk_rules import risk_rule
from analysis.policy.effects import stated
from analysis.policy.threshold_signs import Known, known_at, signs
from analysis.policy.thresholds import Sign, grid, judged_thresholds, numeric_threshold, threshold_kpi

WORDS = {"label": "Words", "version": 1, "says": "Words."}
ENDS = [dt.date(2025, 9, 30), dt.date(2025, 12, 31), dt.date(2026, 3, 31), dt.date(2026, 6, 30)]


def rule(
    column: str = "complaints_3m", bound: str = "at_least", edge: object = 2, of: str | None = None, **more: object
):
    conditions = {column: Condition(bounds={bound: edge}, of=of), **more}
    return risk_rule("complains", conditions, **WORDS)


def sign(*, kept: float = 100.0, cost: float = 10.0, now: float = 2) -> dict[str, Sign]:
    return {"complains": Sign(rule(edge=now), "complaints_3m", "at_least", None, now, kept, cost)}


@pytest.fixture
def past(engine):
    """Rows at past quarter ends from (landmark, complaints, customers, leavers), everybody a customer of their own."""

    def made(*groups: tuple[dt.date, float, int, int], known: bool = True):
        rows = [
            (f"C{place}-{one}", end, complaints, int(one < left), int(one < left) if known else 0)
            for place, (end, complaints, n, left) in enumerate(groups)
            for one in range(n)
        ]
        return engine.table(pd.DataFrame(rows, columns=["customer_id", "landmark", "complaints_3m", "event", "chose"]))

    return made


def everywhere(*, ends: list[dt.date] = ENDS, leavers: dict[float, int], n: int = 100) -> list[tuple]:
    return [(end, complaints, n, left) for end in ends for complaints, left in leavers.items()]


def test_a_sign_has_a_threshold_where_it_has_one_number():
    assert numeric_threshold(rule()) == ("complaints_3m", "at_least", None, 2.0)
    assert numeric_threshold(rule("billed_3m", "below", 0.8, "billed_previous_3m"))[2] == "billed_previous_3m"
    assert numeric_threshold(rule(edge=Percentile(80))) is None
    assert numeric_threshold(rule(products=Condition(bounds={"above": 1}))) is None
    assert numeric_threshold(rule(state=Condition(one_of=("active",))))[0] == "complaints_3m"


def test_thresholds_around_a_small_whole_number_are_whole_and_others_multiples():
    assert grid(3.0, multiple=False) == [1, 2, 3, 4, 5, 6]
    assert grid(1.0, multiple=False) == [1, 2, 3, 4]
    assert grid(0.0, multiple=False) == [0, 1, 2, 3]
    assert grid(0.8, multiple=True) == [0.48, 0.6, 0.72, 0.8, 0.88, 1.0, 1.2]
    assert 50.0 in grid(50.0, multiple=False)
    assert len(grid(50.0, multiple=False)) == 7


def test_the_best_of_the_earlier_quarters_is_judged_on_the_last_two(past):
    # Who complained once brings 100 · 30 - 100 · 10 = 2,000 a quarter, who did three times 100 · 50 - 1,000 = 4,000.
    rows = past(*everywhere(leavers={0: 0, 1: 30, 3: 50}))
    (got,) = judged_thresholds(rows, sign(now=2), smallest=11).to_dict("records")
    assert (got["now"], got["best"]) == (2, 1)
    assert (got["flagged"], got["flagged_best"]) == (100, 200)
    assert (got["precision"], got["precision_best"]) == pytest.approx((0.5, 0.4))
    assert (got["recall"], got["recall_best"]) == pytest.approx((50 / 80, 1.0))
    assert (got["money"], got["money_best"]) == pytest.approx((8_000, 12_000))
    assert got["gain"] == pytest.approx(4_000)
    # 200 customers are flagged more: 60 of them bring 90 each, 140 cost 10 each, of 600 at these ends.
    n, squares = 600, 60 * 90**2 + 140 * 10**2
    spread = np.sqrt((squares - 4_000**2 / n) * n / (n - 1))
    assert got["low"] == pytest.approx(4_000 - standard_normal_quantile(0.95) * spread)
    assert got["verdict"] == "change"


def test_what_was_better_before_but_not_since_is_no_case(past):
    before = everywhere(ends=ENDS[:2], leavers={0: 0, 1: 30, 3: 50})
    since = everywhere(ends=ENDS[2:], leavers={0: 20, 1: 11, 3: 50})
    (got,) = judged_thresholds(past(*before, *since), sign(now=2), smallest=11).to_dict("records")
    assert (got["best"], got["verdict"]) == (1, "no case")
    assert got["low"] < 0


def test_the_present_threshold_stays_where_it_was_the_best(past):
    (got,) = judged_thresholds(
        past(*everywhere(leavers={0: 0, 1: 20, 3: 50})), sign(now=1, cost=5.0), smallest=11
    ).to_dict("records")
    assert (got["best"], got["verdict"]) == (1, "keep")
    assert np.isnan(got["gain"])


def test_no_threshold_is_proposed_for_losing_less(past):
    (got,) = judged_thresholds(
        past(*everywhere(leavers={0: 20, 1: 12, 3: 15})), sign(now=1, cost=60.0), smallest=11
    ).to_dict("records")
    assert got["verdict"] == "never"
    assert np.isnan(got["best"])
    assert got["money"] == pytest.approx(2 * (27 * 100 - 200 * 60))


def test_few_behind_a_figure_tell_nothing(past):
    rows = past(*everywhere(leavers={0: 20, 1: 2, 3: 2}))
    (got,) = judged_thresholds(rows, sign(now=1), smallest=11).to_dict("records")
    assert got["verdict"] == "few"
    assert np.isnan(got["money"])


def test_a_threshold_that_few_leavers_tell_from_the_present_one_is_not_tried(past):
    rows = past(*everywhere(leavers={0: 20, 1: 4, 3: 50}))  # from two on would bring more
    (got,) = judged_thresholds(rows, sign(now=1), smallest=11).to_dict("records")
    assert (got["best"], got["verdict"]) == (1, "keep")
    (got,) = judged_thresholds(rows, sign(now=1), smallest=5).to_dict("records")
    assert (got["best"], got["verdict"]) == (2, "change")  # of equals the nearest


def test_two_quarters_are_too_few_to_choose_and_to_judge(past):
    rows = past(*everywhere(leavers={0: 20, 1: 30, 3: 50}, ends=ENDS[2:]))
    found = judged_thresholds(rows, sign(), smallest=11)
    assert found["verdict"].tolist() == ["short"]
    assert threshold_kpi(found) == []
    assert judged_thresholds(rows, {}, smallest=11).empty


def test_without_kinds_leaving_in_any_way_counts(past):
    rows = past(*everywhere(leavers={0: 0, 1: 30, 3: 50}), known=False)
    found = judged_thresholds(rows, sign(now=2), smallest=11)
    assert found["precision"].tolist() == [0.5]
    assert [one.value for one in threshold_kpi(found)] == [1]


def test_a_sign_is_answered_by_the_policy_for_its_family(policy, past):
    rules = {"complains": rule(), "named": rule("mentions_3m"), "dear": rule("monthly_fee", edge=Percentile(80))}
    policies = [policy("price", reason="price"), policy("service", reason="service", cost=3.0, offer_cost=1.0)]
    effects = {one.name: stated(one) for one in policies}
    known = Known(["complaints_3m", "mentions_3m", "monthly_fee"], pd.DataFrame({"covariate": [], "reason": []}))
    got = signs(rules, policies, effects, value=500.0, known=known)
    assert got.policies == {"complains": "service"}
    assert (got.judged["complains"].kept, got.judged["complains"].cost) == (0.2 * 500, 4.0)
    assert got.left_out == {"named": "no policy", "dear": "no number"}
    unknown = signs(rules, policies, effects, value=float("nan"), known=known)
    assert set(unknown.left_out.values()) == {"no value"}
    rows = past(*everywhere(leavers={0: 1}))
    assert known_at(rows, {"complains": rules["complains"]}, known.refused).columns == ["complaints_3m"]


def quarters(chance: np.random.Generator, engine, *, risk) -> object:
    """Five quarter ends of 1,500 customers who complain as often as it happens, and leave by `risk` of that."""
    parts = []
    for end in [dt.date(2025, 6, 30), *ENDS]:
        complaints = chance.poisson(1.2, 1_500)
        left = (chance.random(1_500) < risk(complaints)).astype(int)
        parts.append(
            pd.DataFrame(
                {
                    "customer_id": [f"C{i}" for i in range(1_500)], "landmark": end, "complaints_3m": complaints * 1.0,
                    "event": left, "chose": left,
                }
            )
        )  # fmt: skip
    return engine.table(pd.concat(parts, ignore_index=True))


def test_a_planted_better_threshold_is_found(engine):
    chance = np.random.default_rng(5)

    def from_three_on(complaints):
        return np.where(complaints >= 3, 0.3, 0.05)

    # A leaver brings 100, a contact costs 10: it pays from a risk of a tenth on, so from three complaints on.
    for _ in range(5):
        (got,) = judged_thresholds(quarters(chance, engine, risk=from_three_on), sign(now=1), smallest=11).to_dict(
            "records"
        )
        assert (got["best"], got["verdict"]) == (3, "change")


def test_noise_seldom_proposes_a_change(engine):
    chance = np.random.default_rng(6)

    def alike(complaints):
        return np.full(len(complaints), 0.1)  # what a contact costs is just what it brings, at every threshold

    found = []
    for _ in range(60):
        got = judged_thresholds(quarters(chance, engine, risk=alike), sign(now=2), smallest=11)
        found.append(got["verdict"].iloc[0] == "change")
    assert np.mean(found) <= 0.05
