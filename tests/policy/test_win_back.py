"""Whom to ask back, by hand: what it brings, and who is no candidate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.measures.ratio import Ratio
from analysis.models.returns import Returns
from analysis.models.win_back_study import UNTOLD as NO_HALF
from analysis.models.win_back_study import WinBackStudy
from analysis.policy.added_chance import added_chance, added_chances
from analysis.policy.effects import Effect
from analysis.policy.options import LATELY, NO_CONSENT, ORDERED, REFUSES
from analysis.policy.win_back import UNTOLD, candidates, win_back_options
from analysis.policy.win_back_figures import OTHERS, by_reason

NAN = float("nan")
EMPTY = pd.DataFrame(columns=["campaign", "variant", "objective", "outcome", "effect", "low", "high", "masked"])


def study(*, multiple: float = 10.0, share: float = NAN) -> WinBackStudy:
    """Nobody is known to come back: who left within a year has the whole chance, others none."""
    none = pd.DataFrame()
    returns = Returns(100, 0, share, NAN, NAN, NAN)
    return WinBackStudy(returns, none, none, none, NAN, Ratio(multiple, 8.0, 12.0, 50), True, none, NO_HALF)


@pytest.fixture
def asked(engine: Engine):
    """`asked({...}, …)`: left two months ago by choice with a bill of 40, free to be approached, unless said so."""

    def made(*rows: dict[str, object], policies=(), told=None) -> pd.DataFrame:
        usual: dict[str, object] = {
            "churn_kind": "voluntary", "churn_reason": "price too high", "months_since": 2, "monetary_month": 40.0,
            "lifecycle_class": "churned", "refuses": 0, "consents_post": 1, "approached": 0, "ordered": 0,
        }  # fmt: skip
        data = pd.DataFrame([usual | row for row in rows])
        data = data.assign(churn_reason=data["churn_reason"].astype("string"))
        reach = ["customer_id", "refuses", "consents_post", "approached", "ordered"]
        whole = engine.table(data)
        return candidates(whole.drop(reach[1:]), whole.select(reach), told or study(), policies)

    return made


@pytest.fixture
def letter(policy):
    return policy("win_back", who={"lifecycle": ("churned",)}, channel="post", effect=0.05, cost=2.0, offer_cost=4.0)


def of(who: pd.DataFrame, *policies) -> pd.DataFrame:
    return win_back_options(who, policies, added_chances(policies, EMPTY)).set_index("customer_id")


def test_benefit_is_added_chance_times_the_worth_of_coming_back(asked, letter) -> None:
    got = of(asked({"customer_id": "a"}, policies=[letter]), letter)
    # 5 % of ten monthly bills of 40, half and one and a half times as much; less 6.
    assert got.loc["a", ["benefit", "low", "high", "cost", "net"]].tolist() == [20.0, 10.0, 30.0, 6.0, 14.0]
    assert got.loc["a", "reason"] == "price too high"


def test_who_did_not_pay_died_or_moved_away_is_never_asked(asked, letter) -> None:
    kinds = ["voluntary", "non_payment", "deceased", "moved", "other", None]
    who = asked(*({"customer_id": str(kind), "churn_kind": kind} for kind in kinds), policies=[letter])
    assert sorted(who["customer_id"]) == ["None", "other", "voluntary"]


def test_who_still_owes_is_never_asked_whatever_the_way_of_leaving(asked, letter) -> None:
    who = asked({"customer_id": "a", "owes": 1}, {"customer_id": "b", "owes": 0}, policies=[letter])
    assert who["customer_id"].tolist() == ["b"]


def test_the_chance_is_none_for_who_has_long_been_gone_and_reasons_may_be_untold(asked, letter) -> None:
    who = asked({"customer_id": "a", "months_since": 12, "churn_reason": None, "churn_kind": None}, policies=[letter])
    got = of(who, letter)
    assert got.loc["a", "net"] == -6.0
    assert got.loc["a", "reason"] == UNTOLD


def test_of_who_has_no_bill_on_record_the_mean_of_the_others_is_taken(asked, letter) -> None:
    who = asked({"customer_id": "a"}, {"customer_id": "b", "monetary_month": None}, policies=[letter])
    assert who["worth"].tolist() == [400.0, 400.0]


def test_without_a_worth_there_is_no_option(asked, letter) -> None:
    assert of(asked({"customer_id": "a"}, policies=[letter], told=study(multiple=NAN)), letter).empty


@pytest.mark.parametrize(
    ("stands", "hindered"),
    [
        ({}, None), ({"refuses": 1}, REFUSES), ({"consents_post": 0}, NO_CONSENT), ({"approached": 1}, LATELY),
        ({"ordered": 1}, ORDERED), ({"refuses": 1, "consents_post": 0}, REFUSES),
    ],
)  # fmt: skip
@pytest.mark.parametrize("marketing", [True, False])
def test_to_ask_back_is_marketing_whatever_the_policy_says(asked, policy, stands, hindered, marketing) -> None:
    mine = policy("win_back", who={"lifecycle": ("churned",)}, channel="post", marketing=marketing)
    got = of(asked({"customer_id": "a"} | stands, policies=[mine]), mine).loc["a", "hindered"]
    assert got == hindered or (hindered is None and pd.isna(got))


def test_only_policies_that_name_who_left_are_for_them(asked, policy, letter) -> None:
    who = asked({"customer_id": "a"}, policies=[letter])
    assert of(who, policy(who={}), policy("mature")).empty
    heavy = policy("heavy", who={"lifecycle": ("churned",), "usage": ("heavy",)}, channel="post")
    assert of(who, heavy).empty


def test_a_campaign_drawn_by_lot_measures_the_chance_that_an_offer_adds(policy) -> None:
    told = pd.DataFrame(
        [["Back", "letter", "win_back", "converted", 0.07, 0.02, 0.12, False],
         ["Back", "letter", "win_back", "left_3m", -0.5, -0.6, -0.4, False],
         ["Few", "letter", "win_back", "converted", 0.07, 0.02, 0.12, True]],
        columns=EMPTY.columns,
    )  # fmt: skip
    assert added_chance(policy(campaign="Back"), told) == Effect(0.07, 0.02, 0.12, measured=True)
    assert added_chance(policy(campaign="Back: letter"), told).measured
    assert not added_chance(policy(campaign="Few"), told).measured
    assert added_chance(policy(effect=0.04), told) == Effect(0.04, 0.02, 0.06)


def test_reasons_of_few_are_not_printed_and_every_former_customer_counts_once(engine: Engine) -> None:
    rows = [("voluntary", "price")] * 30 + [("voluntary", "I, Jane Doe, moved in with my aunt")] * 3
    rows += [("voluntary", "slow")] * 20 + [("deceased", "Jane died")] * 25
    data = pd.DataFrame(rows, columns=["churn_kind", "churn_reason"]).astype("string")
    former = engine.table(data.assign(customer_id=[f"c{n:03}" for n in range(len(data))]))
    options = pd.DataFrame({"customer_id": [f"c{n:03}" for n in range(53)], "hindered": None, "net": 1.0})
    options.loc[:11, "net"] = -1.0
    got = by_reason(former, options, smallest=11)
    assert got["reason"].tolist() == ["price", "slow", OTHERS, "deceased"]
    assert got["masked"].tolist() == [False, True, True, False]
    price = got.set_index("reason").loc["price"]
    assert price["left"] == 30
    assert got.set_index("reason").loc["deceased", "askable"] == 0
    assert np.isnan(got.set_index("reason").loc[OTHERS, "left"])
    assert not got.astype(str).apply(lambda column: column.str.contains("Jane")).to_numpy().any()


def test_reasons_tell_who_may_be_asked_and_of_whom_it_is_worth_it(engine: Engine) -> None:
    data = pd.DataFrame(
        [("voluntary", "price")] * 40 + [("voluntary", "slow")] * 40, columns=["churn_kind", "churn_reason"]
    )
    ids = [f"c{n:03}" for n in range(len(data))]
    former = engine.table(data.astype("string").assign(customer_id=ids))
    options = pd.DataFrame({"customer_id": ids, "net": [-1.0] * 15 + [1.0] * 65, "hindered": None})
    options.loc[60:, "hindered"] = REFUSES
    twice = pd.concat([options, options.assign(net=-2.0)])  # of two options the better counts
    got = by_reason(former, twice, smallest=11).set_index("reason")
    assert got.loc["price", ["left", "askable", "worthwhile"]].tolist() == [40, 40, 25]
    assert got.loc["slow", ["left", "askable", "worthwhile"]].tolist() == [40, 20, 20]
