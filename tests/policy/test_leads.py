"""Which leads to call, by hand, and all options in one choice."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.policy.actions import ACT, HOLD_OUT, Actions, action_list
from analysis.policy.added_chance import added_chances, policies_inside
from analysis.policy.everyone import CUSTOMER, FORMER, POTENTIAL, all_options, by_kind, of_customers, whom, won_kpis
from analysis.policy.leads import LEAD, lead_list, lead_options
from analysis.policy.options import COLUMNS
from analysis.policy.table import Team
from analysis.present.wording.actions import bottom_line

NONE = pd.DataFrame(columns=["campaign"])


def waiting(*rows: tuple[str, int, float, float, float]) -> pd.DataFrame:
    """`(id, days, chance, fresh, worth)`"""
    table = pd.DataFrame(rows, columns=["lead_id", "days", "chance", "fresh", "worth"])
    return table.assign(
        channel="web", segment="household", created_at=pd.Timestamp("2026-09-01"),
        expected_value=table["chance"] * table["worth"],
    )  # fmt: skip


@pytest.fixture
def call(policy):
    who = {"lifecycle": ("potential",)}
    return policy("leads", who=who, team="sales", action="sales call", effect=0.1, cost=8.0, offer_cost=2.0)


def test_a_call_adds_less_where_less_of_the_chance_is_left(call) -> None:
    rows = waiting(("new", 0, 0.2, 0.2, 500.0), ("half", 12, 0.1, 0.2, 500.0), ("old", 99, 0.0, 0.2, 500.0))
    got = lead_options(rows, [call], added_chances([call], NONE)).set_index("customer_id")
    assert got["benefit"].tolist() == [50.0, 25.0, 0.0]
    assert got["net"].tolist() == [40.0, 15.0, -10.0]
    assert got.index.tolist() == [f"{LEAD}new", f"{LEAD}half", f"{LEAD}old"]


def test_a_lead_whose_worth_nobody_knows_is_no_option_nor_is_one_of_a_policy_for_a_class(call, policy) -> None:
    rows = waiting(("a", 0, 0.2, 0.2, float("nan")), ("b", 0, 0.2, 0.2, 500.0))
    assert lead_options(rows, [call], added_chances([call], NONE))["customer_id"].tolist() == [f"{LEAD}b"]
    heavy = policy("heavy", who={"lifecycle": ("potential",), "usage": ("heavy",)})
    assert lead_options(rows, [heavy, policy()], added_chances([heavy], NONE)).empty
    assert lead_options(rows.iloc[:0], [call], added_chances([call], NONE)).empty


@pytest.fixture
def choice(call, policy, frame):
    """One customer, one former customer, three leads; money for all but what brings least."""
    letter = policy("win_back", who={"lifecycle": ("churned",)})
    columns = dict.fromkeys(COLUMNS) | {"hindered": None, "team": "retention", "reason": "price"}
    customer = pd.DataFrame([columns | {"customer_id": "c", "policy": "price", "action": "price call", "cost": 10.0,
                                        "benefit": 30.0, "low": 15.0, "high": 45.0, "net": 20.0}])  # fmt: skip
    former = customer.assign(customer_id="f", policy="win_back", action="letter", benefit=14.0, net=4.0)
    rows = waiting(("best", 0, 0.2, 0.2, 500.0), ("next", 12, 0.1, 0.2, 500.0), ("old", 99, 0.0, 0.2, 500.0))
    calls = lead_options(rows, [call], added_chances([call], NONE))
    teams = {"retention": Team("retention", "Head of retention"), "sales": Team("sales", "Head of sales")}
    policies = [policy(), letter, call]
    whole = action_list(all_options(customer, former, calls), policies, frame(budget=30.0, teams=teams))
    return whole, policies, rows, calls, whom(whole.rows, policies, customer["customer_id"])


def test_one_budget_goes_where_it_brings_most(choice) -> None:
    whole, policies, _, _, kinds = choice
    assert whole.rows["customer_id"].tolist() == [f"{LEAD}best", "c", f"{LEAD}next"]
    assert kinds.tolist() == [POTENTIAL, CUSTOMER, POTENTIAL]
    assert of_customers(whole, kinds).rows[["customer_id", "priority"]].to_numpy().tolist() == [["c", 1]]
    told = won_kpis(whole.rows, kinds, by_kind(whole.rows, kinds, policies, smallest=11))
    assert {kpi.metric: kpi.value for kpi in told} == {"leads_called": 2}


def test_the_list_of_leads_holds_every_open_lead_those_to_call_first(choice) -> None:
    whole, _, rows, calls, _ = choice
    got = lead_list(whole.rows, rows, calls)
    assert got["lead_id"].tolist() == ["best", "next", "old"]
    assert got["priority"].tolist() == [1, 2, 3]
    assert got["arm"].fillna("").tolist() == [ACT, ACT, ""]
    assert got["owner"].fillna("").tolist() == ["Head of sales", "Head of sales", ""]
    assert got["reason"].tolist()[1] == "by web, open for 12 days"


def test_who_was_a_customer_is_told_by_the_policy_and_a_lead_by_its_id(policy) -> None:
    both = policy("both", who={"lifecycle": ("mature", "churned")})
    rows = pd.DataFrame({"customer_id": ["c", "f", f"{LEAD}x"], "policy": ["both", "both", "leads"]})
    assert whom(rows, [both], pd.Series(["c"])).tolist() == [CUSTOMER, FORMER, POTENTIAL]


def test_leads_are_held_out_by_the_same_lot_as_customers(call, policy, frame) -> None:
    rows = waiting(*((f"L{n}", 0, 0.2, 0.2, 500.0) for n in range(400)))
    calls = lead_options(rows, [call], added_chances([call], NONE))
    teams = {"sales": Team("sales", "Head of sales")}
    whole = action_list(calls, [call], frame(holdout=0.25, teams=teams))
    got = lead_list(whole.rows, rows, calls)["arm"].value_counts()
    assert got[ACT] + got[HOLD_OUT] == 400
    assert 70 <= got[HOLD_OUT] <= 130
    again = action_list(calls.sample(frac=1, random_state=1), [call], frame(holdout=0.25, teams=teams))
    pd.testing.assert_frame_equal(lead_list(whole.rows, rows, calls), lead_list(again.rows, rows, calls))


def test_policies_for_leads_and_for_who_left_are_none_for_customers(call, policy) -> None:
    letter = policy("win_back", who={"lifecycle": ("churned",)})
    both = policy("both", who={"lifecycle": ("mature", "churned")})
    everyone = policy("everyone", who={})
    assert policies_inside([call, letter, both, everyone]) == [both, everyone]


def test_of_each_kind_the_few_are_hidden_with_what_would_tell_them_and_money_is_of_those_told(policy, frame) -> None:
    letter = policy("win_back", who={"lifecycle": ("churned",)})
    sizes = {"price": 16, "loyalty": 1, "win_back": 15, "leads": 3}
    names = [name for name, many in sizes.items() for _ in range(many)]
    rows = pd.DataFrame({"customer_id": [f"c{n}" for n in range(len(names))], "policy": names, "arm": ACT, "cost": 2.0})
    rows = rows.assign(net=3.0, expected_benefit=5.0, benefit_low=2.5)
    kinds = rows["policy"].map({"win_back": FORMER, "leads": POTENTIAL}).fillna(CUSTOMER)
    policies = [policy(), policy("loyalty"), letter, policy("leads", who={"lifecycle": ("potential",)})]
    told = by_kind(rows, kinds, policies, smallest=11)
    got = told.set_index("policy")
    assert got["masked"].to_dict() == {"price": True, "loyalty": True, "win_back": False, "leads": True}
    choice = action_list(pd.DataFrame(columns=COLUMNS), policies, frame()).choice
    said = bottom_line(Actions(rows, choice), kinds, told, frame(), currency="EUR", smallest=11)
    assert said.startswith(
        "Actions are proposed for 17 customers and 15 former customers. The actions whose numbers may be told "
        "cost €30, and are expected to bring €45 more"
    )
    kpis = {kpi.metric: kpi.value for kpi in won_kpis(rows, kinds, told)}
    assert kpis == {"win_back_asked": 15, "win_back_net": 45.0, "leads_called": 3}
    assert said.endswith("Beside them are actions for fewer than 11 leads.")
    alone = bottom_line(Actions(rows[-3:], choice), kinds[-3:], told, frame(), currency="EUR", smallest=11)
    assert alone == "Actions are proposed for fewer than 11 leads."
