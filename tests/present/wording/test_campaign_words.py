from __future__ import annotations

import pandas as pd
import pytest
from tests.policy.test_campaign_shown import effect, paid

from analysis.models.uplift import Qini
from analysis.models.weighted_difference import Weighted
from analysis.policy.campaign_money import RETURNS
from analysis.policy.campaign_observed import Observed
from analysis.policy.campaign_shown import masked_effects, masked_returns
from analysis.policy.campaign_study import CHECKS, Study
from analysis.policy.campaign_uplift import Uplift
from analysis.present.wording import campaigns as wording
from analysis.present.wording import campaigns_trust as trust

NONE = pd.DataFrame()
NO_TRIES = pd.DataFrame(columns=["campaign", "variant", "dimension", "classes", "chance", "adjusted"])


def study(**more: object) -> Study:
    plain = Study(
        None,
        None,
        NONE,
        NONE,
        NONE,
        pd.DataFrame(columns=CHECKS),
        NONE,
        NO_TRIES,
        [],
        [],
        [],
        0,
        [],
        "bills",
        922.0,
        NONE,
    )
    return plain._replace(**more)


def said(rows: list[dict], money: list[dict], **more: object) -> str:
    effects = masked_effects(pd.DataFrame(rows), smallest=11)
    returns = masked_returns(pd.DataFrame(money, columns=RETURNS), effects, smallest=11)
    return wording.finding(study(**more), effects, returns, currency="EUR")


def test_what_worked_is_told_per_hundred_with_its_net_gain():
    told = said([effect()], [paid(cost=4.5, net=14.5, net_low=4.5, net_high=24.5)])
    assert told == (
        "Of a hundred contacted with “A: call”, 2.0 fewer left within three months than of those held out (1.0 to 3.0)"
        ", at €4.50 a contact: what the customers kept are worth, less cost, is €14.50 a contact (€4.50 to €24.50)."
    )


def test_what_may_be_chance_is_told_so_with_what_could_have_been_seen():
    told = said([effect(effect=-0.005, low=-0.016, high=0.006)], [paid()])
    assert told.startswith(
        "No contact drawn by lot is shown to work; it may be chance that 0.5 of a hundred fewer left"
    )
    assert told.endswith("(gain −0.6 to 1.6). Effects below 1.4 of a hundred contacted would mostly have gone unseen.")


def test_harm_is_not_passed_over():
    assert "did harm" in said([effect(effect=0.02, low=0.01, high=0.03)], [paid()])


def test_without_costs_on_record_none_is_made_up():
    told = said(
        [effect(outcome="converted", objective="upsell", effect=0.02, low=0.01, high=0.03)], [paid(cost=float("nan"))]
    )
    assert "2.0 more bought" in told and told.endswith("what it cost is not on record.")


def test_few_are_not_told():
    assert (
        said([effect(events=3)], [paid()])
        == "Too few customers are behind the campaigns drawn by lot to tell what they did."
    )


@pytest.mark.parametrize("lack", ["campaigns", "contacts", "nobody"])
def test_a_lack_is_one_sentence(lack):
    told = wording.finding(study(lack=lack), NONE, NONE, currency="EUR")
    assert told.startswith("What campaigns did cannot be told: ") and told.count(".") == 1


def test_titles_say_the_finding():
    effects = masked_effects(pd.DataFrame([effect(), effect(variant="mail", low=-0.03, high=0.01)]), smallest=11)
    assert wording.effect_words(effects)["finding"] == "Shown to work: A: call"
    assert wording.effect_rows(effects)["effect"].tolist() == [2.0, 2.0]
    assert (
        wording.outcome_words(effects, by_choice=True)["finding"] == "1 difference is larger than chance explains, of 2"
    )
    returns = pd.DataFrame([paid(roi_low=-2.0, roi_high=-0.5)])
    assert (
        wording.return_words(returns, study())["finding"] == "Within three months no variant brought back what it cost"
    )
    assert wording.later(returns, value=922.0, currency="EUR")[0].endswith(
        "A: call pays if it keeps or wins 100.0 of 100."
    )


def test_a_lot_that_was_not_kept_is_told():
    checks = pd.DataFrame([["A", True, 1000.0, 300.0, 3.0, 200.0, 1e-6]], columns=CHECKS)
    told = " ".join(wording.checks(study(checks=checks, running=["A"], left_out=2), smallest=11))
    assert "The arms of “A” have sizes that a lot would hardly give" in told
    assert "20 % of those in “A”" in told
    assert "fewer than 11 customers were in more than one arm" in told
    assert "less than three months old" in told and "2 campaigns with fewer contacts" in told


def test_looking_often_is_told_beside_what_is_found():
    tried = pd.DataFrame([["A", "call", "region", 3, 0.03, 0.4]], columns=NO_TRIES.columns)
    told = trust.class_note(study(interactions=tried), {})
    assert told.startswith("No class is shown to be moved more than others: 1 comparison was made")
    assert trust.class_note(study(interactions=tried.assign(adjusted=0.01)), {}).startswith("Effects differ by region")
    assert trust.class_note(study(), {}).startswith("Whether effects differ between classes cannot be told")


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-0.1, 0.2, "no better than by lot"), (0.1, 0.3, "better than by lot"), (-0.3, -0.1, "worse")],
)
def test_a_model_is_no_better_than_the_lot_where_its_interval_holds_zero(low, high, verdict):
    ends = {"low": 0.0, "high": 0.0, "lot": [0.0, 0.01]}
    curve = pd.DataFrame({"share": [0.0, 1.0], "gain": [0.0, 0.01]} | ends)
    one = Uplift("A", "call", Qini(curve, 0.1, low, high, 500))
    assert verdict in trust.uplift_words(one)["finding"]
    assert "Qini coefficient 10.00" in trust.uplift_notes(study(uplifts=[one]))[0]


BALANCE = pd.DataFrame({"column": ["x"], "before": [0.5], "after": [0.0], "covariate": ["tickets_3m"]})


def observed(**more: object) -> Observed:
    left = Weighted(-0.02, -0.03, -0.01, 0.08, 0.10)
    plain = Observed(
        "B", "retention", left, None, 0.0, True, 500, 900, (40, 90), (480.0, 300.0), 1.0, 0.8, BALANCE, 0.0, ()
    )  # fmt: skip
    return plain._replace(**more)


def test_a_comparison_is_told_apart_and_with_what_could_explain_it():
    told = study(observed=[observed()], apart=["C"])
    assert trust.observed_note(told).startswith("Observational: nobody was held out by lot.")
    assert trust.observed_note(told).endswith("too few contacts of customers on the books, followed long enough.")
    assert "1.8 times as likely" in trust.observed_flags(told)[0]
    [row] = trust.observed_rows(told, smallest=11, currency="EUR").to_dict("records")
    assert (row["effect"], row["between"], row["flags"]) == ("−2.0 %", "−3.0 to −1.0 %", "no")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"missing": ("service",)}, "tickets and complaints"),
        ({"auc": 0.55}, "hardly tells"),
        ({"met": 0.4}, "hardly overlap"),
        ({"effective": (480.0, 30.0)}, "hardly overlap"),
        ({"balance": BALANCE.assign(after=0.2)}, "by more than chance"),
        ({"placebo": 0.2}, "before the contact already"),
        ({"again": 0.5}, "contacted soon after"),
        ({"left": Weighted(0.04, 0.01, 0.07, 0.17, 0.13)}, "were at more risk of leaving to begin with"),
        ({"left": Weighted(-0.02, -0.03, -0.01, 0.04, 0.06)}, "were at less risk of leaving to begin with"),
    ],
)
def test_what_speaks_against_a_comparison_is_told(changed, words):
    one = observed(**changed)
    assert one.flags
    told = trust.observed_flags(study(observed=[one]))[0]
    assert told.startswith("“B” is not to be relied on") and words in told
    assert "no campaign without a lot" in trust.observed_words(study(observed=[one]))["finding"]


@pytest.mark.parametrize("changed", [{"placebo": 0.12}, {"balance": BALANCE.assign(after=0.12)}])
def test_a_difference_that_chance_gives_at_this_size_is_no_flag(changed):
    few, many = observed(**changed), observed(**changed, effective=(4_800.0, 3_000.0))
    assert not few.flags
    assert many.flags
    assert "beyond 0.14 counts as different" in trust.balance_words(few)["subtitle"]
    assert "beyond 0.10 counts as different" in trust.balance_words(many)["subtitle"]


@pytest.mark.parametrize("left", [Weighted(0.04, 0.01, 0.07, 0.10, 0.06), Weighted(-0.04, -0.07, -0.01, 0.09, 0.13)])
def test_a_difference_against_what_the_contacted_were_picked_for_is_no_flag(left):
    assert not observed(left=left).flags


def test_few_leavers_are_masked_in_a_comparison():
    [row] = trust.observed_rows(study(observed=[observed(leavers=(4, 90))]), smallest=11, currency="EUR").to_dict(
        "records"
    )
    assert row["share"] == row["effect"] == "masked"


def test_what_a_campaign_to_sell_billed_is_told_beside_leaving():
    one = observed(objective="upsell", money=Weighted(2.0, 1.0, 3.0, 92.0, 90.0))
    rows = trust.observed_rows(study(observed=[one]), smallest=11, currency="EUR")
    assert rows["what"].tolist() == ["left", "billed"]
    assert rows["effect"].tolist() == ["−2.0 %", "€2.00"]
