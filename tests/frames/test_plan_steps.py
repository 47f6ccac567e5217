"""Steps up, by hand: which plan is better, where it can be had, and who took it."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from analysis.extracts.engine import to_pandas
from analysis.frames.baskets import baskets
from analysis.frames.observation import Observation
from analysis.frames.plan_steps import plan_steps, steps_between

OBSERVATION = Observation(dt.date(2026, 9, 30), dt.date(2026, 1, 1))
JUNE, SEPTEMBER = dt.date(2026, 6, 30), dt.date(2026, 9, 30)
PLANS = {"S": (20, 50), "M": (30, 100), "L": (40, 500)}  # fee and Mbit/s


def line(
    customer: str, plan: str, start: str = "2026-01-01", end: str | None = None, account: str | None = None
) -> dict:
    fee, speed = PLANS[plan]
    return {
        "subscription_id": f"{customer}/{plan}/{start}", "customer_id": customer, "account_id": account or customer,
        "product": "broadband", "plan": plan, "bandwidth_mbps": speed, "monthly_fee": fee, "start_date": start,
        "end_date": end,
    }  # fmt: skip


@pytest.fixture
def steps(contract, engine):
    """`steps(lines, {"a": {"area_id": "x"}}, day)`: the steps of a day, by customer."""

    def made(lines: list[dict], people: dict[str, dict], day: dt.date = JUNE) -> dict[str, dict]:
        customers = [{"customer_id": key, "signup_date": "2026-01-01", **more} for key, more in people.items()]
        tables = {
            "customers": contract("customers", *customers),
            "subscriptions": contract("subscriptions", *lines, account_id=pa.string()),
        }
        held = baskets(tables, days=[day], observation=OBSERVATION, engine=engine)
        rows = to_pandas(plan_steps(held, as_of=SEPTEMBER, engine=engine))
        return {row["customer_id"]: row for row in rows.to_dict("records")}

    return made


def test_a_step_up_is_dearer_and_larger_and_in_nothing_smaller(contract):
    def plan(name: str, fee: float, speed: float | None, cap: float | None = None, product: str = "mobile") -> dict:
        return {
            "subscription_id": name, "customer_id": name, "product": product, "plan": name, "monthly_fee": fee,
            "bandwidth_mbps": speed, "data_cap_gb": cap, "start_date": "2026-01-01",
        }  # fmt: skip

    table = contract(
        "subscriptions", plan("S", 10, 50, 5), plan("M", 20, 50, 20), plan("faster but capped", 30, 100, 1),
        plan("cheap", 5, 500, 50), plan("untold", 90, None), plan("other", 99, 900, 99, product="broadband"),
    )  # fmt: skip
    got = steps_between(table)
    assert got[["plan", "target"]].to_records(index=False).tolist() == [("S", "M")]


def test_a_plan_costs_what_most_lines_on_it_cost(contract):
    lines = [line("a", "S"), line("b", "S"), line("c", "S") | {"monthly_fee": 99}, line("d", "M")]
    got = steps_between(
        contract("subscriptions", *[{k: v for k, v in one.items() if k != "account_id"} for one in lines])
    )
    assert got["target"].tolist() == ["M"]


def test_only_a_plan_that_somebody_of_the_same_type_in_the_area_holds_can_be_had(steps):
    lines = [line("a", "S"), line("b", "M"), line("c", "S"), line("d", "S"), line("e", "L")]
    house, firm = {"customer_type": "household"}, {"customer_type": "business"}
    people = {
        "a": {"area_id": "x", **house}, "b": {"area_id": "x", **house}, "c": {"area_id": "y", **house},
        "d": {"area_id": "x", **firm}, "e": {"area_id": "y", **firm},
    }  # fmt: skip
    got = steps(lines, people)
    assert {key: row["target"] for key, row in got.items()} == {"a": "M"}


def test_the_step_to_offer_is_the_one_most_took_else_the_cheapest(steps):
    idle = [line("a", "S"), line("m", "M"), line("l", "L")]
    assert steps(idle, {key: {} for key in "aml"})["a"]["target"] == "M"
    risen = [line("b", "S", end="2026-08-01"), line("b", "L", "2026-08-01")]
    got = steps([*idle, *risen], {key: {} for key in "abml"})
    assert got["a"]["target"] == "L"
    assert (got["a"]["upgraded"], got["b"]["upgraded"]) == (0, 1)


def test_who_moves_house_under_a_new_account_takes_no_step_up(steps):
    lines = [line("a", "S", end="2026-08-01"), line("a", "M", "2026-08-01", account="old"), line("m", "M")]
    assert steps(lines, {key: {} for key in "am"})["a"]["upgraded"] == 0


def test_on_the_as_of_date_nobody_is_known_to_step_up(steps):
    got = steps([line("a", "S"), line("m", "M")], {key: {} for key in "am"}, day=SEPTEMBER)
    assert got["a"]["upgraded"] != got["a"]["upgraded"]


def test_without_products_there_is_no_step(steps):
    assert steps([], {"a": {}}) == {}
