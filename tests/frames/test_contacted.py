from __future__ import annotations

import datetime as dt

import pytest

from analysis.extracts.engine import to_pandas
from analysis.frames.contacted import SEVERAL, contacted, rounds
from analysis.frames.observation import Observation
from analysis.frames.spells import spells

SEEN = Observation(dt.date(2026, 9, 30), dt.date(2025, 1, 1))


def campaign(number: str, name: str, **more: object) -> dict:
    return {"campaign_id": number, "name": name, "randomised": True, "start_date": "2026-01-01"} | more


def contact(customer: str, arm: str, at: str = "2026-03-02 10:00", **more: object) -> dict:
    return {"campaign_id": "c1", "customer_id": customer, "arm": arm, "contacted_at": at} | more


@pytest.mark.parametrize(
    "name", ["Stay 2026-07", "Stay (Q3 2026)", "Stay 07/2026", "Stay, 2026", "Stay - 2026Q3", "Stay"]
)
def test_rounds_are_pooled_under_the_name_without_its_date(contract, name):
    got = rounds(contract("campaigns", campaign("c1", name), campaign("c2", "Stay 2025-07")))
    assert got["campaign"].tolist() == ["Stay", "Stay"]


def test_a_name_that_is_a_date_or_ends_in_a_number_stays(contract):
    got = rounds(contract("campaigns", campaign("c1", "2026-07"), campaign("c2", "Fibre 500")))
    assert got["campaign"].tolist() == ["2026-07", "Fibre 500"]


def test_rounds_drawn_by_lot_and_others_are_not_pooled(contract):
    told = contract("campaigns", campaign("c1", "Stay 2025"), campaign("c2", "Stay 2026", randomised=None))
    got = rounds(told)
    assert got["campaign"].tolist() == ["Stay 2025", "Stay 2026"]
    assert got["randomised"].tolist() == [True, False]


@pytest.fixture
def followed(contract, engine):
    def made(*contacts: dict):
        held = {"product": "broadband", "monthly_fee": "30"}
        tables = {
            "customers": contract("customers", *[{"customer_id": name} for name in "abc"]),
            "subscriptions": contract(
                "subscriptions",
                {"subscription_id": "1", "customer_id": "a", "start_date": "2025-01-01", "end_date": "2026-04-01"}
                | held,
                {"subscription_id": "2", "customer_id": "b", "start_date": "2025-01-01"} | held,
                {"subscription_id": "3", "customer_id": "c", "start_date": "2026-03-20"} | held,
            ),
            "campaigns": contract("campaigns", campaign("c1", "Stay 2026-03")),
            "contacts": contract("contacts", *contacts),
        }
        lives = spells(tables, SEEN)
        return to_pandas(contacted(tables, lives, SEEN, engine=engine)).set_index("customer_id").sort_index()

    return made


def test_contacts_are_followed_to_the_end_of_the_spell_or_the_as_of_date(followed):
    got = followed(contact("a", "call"), contact("b", "Control"), contact("c", "call"))
    assert got["arm"].tolist() == ["call", "control", "call"]
    assert got.loc["a", ["ahead_days", "left"]].tolist() == [30, 1]
    assert got.loc["b", ["ahead_days", "left"]].tolist() == [212, 0]
    assert got["spell"].isna().tolist() == [False, False, True]  # c was no customer yet


def test_several_contacts_of_a_round_are_one_at_the_cost_of_all(followed):
    again = contact("a", "call", "2026-03-09 10:00", contact_cost="2.50", responded=True, outcome_amount="9.99")
    got = followed(contact("a", "call", contact_cost="1.25", offer_cost="3"), again).loc["a"]
    assert got[["cost", "amount", "responded", "costed"]].tolist() == [675, 999, 1, 1]
    assert str(got["day"])[:10] == "2026-03-02"


def test_who_is_in_several_arms_is_marked(followed):
    got = followed(contact("a", "call"), contact("a", "control"), contact("b", "call"))
    assert got["arm"].tolist() == [SEVERAL, "call"]
    assert got["costed"].tolist() == [0, 0]


AGAIN = (contact("a", "control"), contact("b", "call"), contact("b", "control", "2026-06-01 10:00"),
         contact("c", "call", "2026-06-01 10:00"))  # fmt: skip


def test_a_campaign_that_draws_the_same_customers_again_after_weeks_is_a_round_each_time(contract, followed):
    got = followed(*AGAIN)
    assert sorted(zip(got.index, got["round"], got["arm"], strict=True)) == [
        ("a", "c1", "control"), ("b", "c1", "call"), ("b", "c1 #2", "control"), ("c", "c1 #2", "call"),
    ]  # fmt: skip
    campaigns = contract("campaigns", campaign("c1", "Stay", fixed_cost="90"), campaign("c2", "Other", fixed_cost="7"))
    told = rounds(campaigns, contract("contacts", *AGAIN, contact("a", "call", "2026-06-02")))
    assert told["round"].tolist() == ["c1", "c1 #2", "c2"]
    assert told["start"].dt.strftime("%m-%d").tolist() == ["01-01", "06-01", "01-01"]
    assert told["fixed_cost"].tolist() == pytest.approx([36, 54, 7])
    assert told["campaign"].tolist() == ["Stay", "Stay", "Other"]


def test_a_campaign_that_never_pauses_or_asks_nobody_twice_is_one_round(followed):
    steady = [contact("c", "call", f"2026-03-{day:02d} 10:00") for day in (2, 20)] + [
        contact("c", "call", "2026-04-07")
    ]
    assert followed(*steady)["round"].tolist() == ["c1"]
    assert followed(contact("a", "call"), contact("b", "call", "2026-06-01"))["round"].tolist() == ["c1", "c1"]
