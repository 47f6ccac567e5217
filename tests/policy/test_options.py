"""Which actions are open for whom, what they bring, and what stands against them."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.policy.effects import stated
from analysis.policy.options import LATELY, NO_CONSENT, ORDERED, REFUSES, open_options
from analysis.policy.reach import reach, unheard_channels, with_ours

AS_OF = dt.date(2026, 9, 30)


def of(rows: pd.DataFrame, *policies) -> pd.DataFrame:
    return open_options(rows, policies, {one.name: stated(one) for one in policies}).set_index("customer_id")


def test_benefit_is_effect_times_risk_times_value_and_net_is_less_its_cost(customers, policy) -> None:
    got = of(customers({"customer_id": "a", "voluntary_3m": 0.1, "clv": 1000.0}), policy(effect=0.25))
    assert got.loc["a", ["cost", "benefit", "net"]].tolist() == [10.0, 25.0, 15.0]
    assert got.loc["a", "reason"] == "mature customer"
    both = policy(who={"lifecycle": ("growing", "mature"), "margin_band": ("high",)})
    likely = customers({"customer_id": "a", "margin_band_class": "high"})
    assert of(likely, both).loc["a", "reason"] == "growing or mature customer; margin band: high"
    assert of(customers({"customer_id": "a"}), policy(reason="price")).loc["a", "reason"] == "price"


def test_a_policy_is_for_its_classes_and_its_reason_only(customers, policy) -> None:
    rows = customers(
        {"customer_id": "a"}, {"customer_id": "new", "lifecycle_class": "new"},
        {"customer_id": "served", "reason_1": "service"},
    )  # fmt: skip
    assert of(rows, policy(reason="price")).index.tolist() == ["a"]
    assert of(rows, policy()).index.tolist() == ["a", "served"]
    assert of(rows, policy(who={})).index.tolist() == ["a", "new", "served"]
    assert of(rows, policy(who={"usage": ("heavy",)})).empty


def test_who_has_no_forecast_or_value_has_no_option_and_a_loss_is_not_worth_keeping(customers, policy) -> None:
    rows = customers(
        {"customer_id": "a", "voluntary_3m": None},
        {"customer_id": "b", "clv": None},
        {"customer_id": "c", "clv": -50.0},
    )
    got = of(rows, policy())
    assert got.index.tolist() == ["c"]
    assert got.at["c", "net"] == -10.0


@pytest.mark.parametrize(
    ("stands", "marketing", "hindered"),
    [
        ({}, True, None),
        ({"refuses": 1}, False, REFUSES),
        ({"refuses": 1, "consents_phone": 0}, True, REFUSES),
        ({"consents_phone": 0}, True, NO_CONSENT),
        ({"consents_phone": 0}, False, None),
        ({"approached": 1}, True, LATELY),
        ({"approached": 1}, False, None),
        ({"ordered": 1}, False, ORDERED),
    ],
)
def test_what_stands_against_an_action(customers, policy, stands, marketing, hindered) -> None:
    got = of(customers({"customer_id": "a"} | stands), policy(marketing=marketing))
    assert got["hindered"].where(got["hindered"].notna(), None).tolist() == [hindered]


@pytest.fixture
def reached(engine, policy):
    def made(ours: str = "", **tables: list[tuple]) -> pd.DataFrame:
        names = {
            "consents": ["customer_id", "channel", "granted", "changed_at"],
            "contacts": ["customer_id", "arm", "contacted_at"],
            "work_orders": ["customer_id", "status", "closed_at"],
        }
        people = engine.table(pd.DataFrame({"customer_id": list("abcd")}))
        given = {}
        for name, rows in tables.items():
            table = pd.DataFrame(rows, columns=names[name])
            for column in {"changed_at", "contacted_at", "closed_at"} & set(table.columns):
                table[column] = pd.to_datetime(table[column])
            given[name] = engine.table(table)
        mine = engine.table(pd.DataFrame({"customer_id": pd.Series(list(ours), dtype=object)}))
        found = reach(people, given, policies=[policy()], as_of=AS_OF, quiet_days=60)
        found = with_ours(found, mine)
        return nw.to_native(found).df().sort_values("customer_id").set_index("customer_id")

    return made


def test_the_latest_consent_counts_and_of_two_at_once_the_refusal(reached) -> None:
    got = reached(
        consents=[
            ("a", "phone", True, "2026-01-01"), ("b", "phone", True, "2026-01-01"), ("b", "phone", False, "2026-02-01"),
            ("c", "phone", True, "2026-01-01"), ("c", "phone", False, "2026-01-01"), ("d", "email", True, "2026-01-01"),
        ]
    )  # fmt: skip
    assert got["consents_phone"].tolist() == [1, 0, 0, 0]


def test_without_consents_nobody_has_consented_and_nobody_refused(reached) -> None:
    got = reached()
    assert got.sum().to_dict() == {"refuses": 0, "consents_phone": 0, "approached": 0, "ordered": 0}


def test_who_was_held_out_was_not_approached_and_closed_orders_are_over(reached) -> None:
    got = reached(
        contacts=[("a", "call", "2026-09-01"), ("b", "control", "2026-09-01"), ("c", "call", "2026-08-01")],
        work_orders=[("a", "open", None), ("b", "done", "2026-09-02"), ("c", None, None)],
    )
    assert got["approached"].tolist() == [1, 0, 0, 0]
    assert got["ordered"].tolist() == [1, 0, 1, 0]


def test_an_order_of_ours_that_is_still_open_counts_as_one_of_the_source(reached) -> None:
    assert reached(ours="bd")["ordered"].tolist() == [0, 1, 0, 1]
    both = reached(ours="bd", work_orders=[("a", "open", None), ("b", "open", None)])
    assert both["ordered"].tolist() == [1, 1, 0, 1]


def test_a_channel_that_no_consent_names_is_found_where_it_is_needed(engine, policy) -> None:
    said = pd.DataFrame({"customer_id": ["a", "b"], "channel": ["Phone", None]})
    lines = [policy(channel="phone"), policy("letter", channel="Fone"), policy("call", channel="bell", marketing=False)]
    assert unheard_channels({"consents": engine.table(said)}, lines) == ["Fone"]
    assert unheard_channels({}, lines) == []
