"""The true value by hand: a base whose hazard is known and whose products bring what the price list says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.basis.documents import read_yaml
from analysis.extracts.demo.days import NEVER, add_months
from analysis.extracts.demo.parameters import PRODUCTS, Bills, Hazard, Parameters, Population, Service, Terms, Use
from analysis.extracts.demo.shapes import PriceRise
from analysis.extracts.demo.state import State
from analysis.extracts.demo.truth import Effort, customer_truth, world_blocks
from analysis.extracts.demo.truth_value import Economics, Ledger
from analysis.extracts.demo.world import World

ECONOMICS = Path(__file__).parents[3] / "params" / "economics.yml"
NEVER_HAPPENS = dict.fromkeys(
    ("promotion", "renewal", "recontract", "upgrade", "downgrade", "fibre_rollout", "dropped_main"), 0.0
)
QUIET = Parameters(
    hazard=Hazard(base=-99.0, unpaid=(0.0,), house_move=0.0, death=(0.0, 0.0), other=0.02),
    population=Population(frailty=0.0),
    terms=Terms(**NEVER_HAPPENS, added=(0.0,) * 7, dropped=(0.0,) * 7),
    service=Service(tickets=0.0),
    bills=Bills(usage_line=0.0, stops_paying=(0.0, 0.0, 0.0), visit_fee=0.0),
    use=Use(),
    rises=(),
)  # fmt: skip
STAYING = np.exp(-0.02 * np.arange(1, 37))
WORTH = 1.08 ** (-np.arange(1, 37) / 12)


@pytest.fixture
def value(small_world) -> Callable[..., float]:
    """The value of the first of some customers where nothing happens but that two in a hundred leave a month."""

    def made(state: State, **changes: object) -> float:
        there: World = replace(small_world, parameters=replace(QUIET, **changes))
        effort = Effort(blocks=1)
        return float(customer_truth(state, world_blocks(there, effort), effort=effort, chunk=0)["current_value"][0])

    return made


def test_gross_margins_and_rates_are_those_of_the_report():
    report = read_yaml(ECONOMICS.read_text(encoding="utf-8"), name=ECONOMICS.name).data
    assert Economics().gross_margin == report["gross_margin"]
    assert Economics().cost_per_month == report["cost_to_serve"]["per_month"]
    assert Economics().discount_rate == report["discount_rate"]
    assert Economics().horizon_months == report["value_horizon_months"]


def test_a_constant_margin_and_hazard_give_the_geometric_sum(households, small_world, value):
    state = households(2, signup=small_world.until - 900)
    ratio = np.exp(-0.02) * 1.08 ** (-1 / 12)
    expected = (40.0 * 0.62 - 1.5) * ratio * (1 - ratio**36) / (1 - ratio)
    assert value(state) == pytest.approx(expected, rel=1e-9)


def test_every_product_has_a_margin_of_its_own(households, small_world, value):
    state = households(2, signup=small_world.until - 900)
    state.held[:, 3], state.fee[:, 3] = True, 1_000
    assert value(state) == pytest.approx(((40 * 0.62 + 10 * 0.35 - 1.5) * STAYING * WORTH).sum(), rel=1e-9)
    assert len(Economics().margins()) == len(PRODUCTS)


def test_a_discount_counts_until_it_ends(households, small_world, value):
    state = households(2, signup=small_world.until - 900)
    state.discount[:, 0] = 800
    state.discount_end[:, 0] = add_months(np.array([small_world.until + 1]), 5)
    # It ends on the first day of the sixth month, whose bill is made at the terms of that day's morning.
    fees = np.where(np.arange(1, 37) <= 6, 32.0, 40.0)
    hazard = replace(QUIET.hazard, discount=0.0, promotion_end=0.0)
    assert value(state, hazard=hazard) == pytest.approx(((fees * 0.62 - 1.5) * STAYING * WORTH).sum())


def test_a_rise_of_the_price_list_counts_from_its_month_on(households, small_world, value):
    state = households(2, signup=small_world.until - 900)
    rise = PriceRise(0, 4, 250, even_years=False)  # April 2027 and 2029
    fees = 40 + np.select([np.arange(1, 37) >= 31, np.arange(1, 37) >= 7], [5.0, 2.5], 0.0)
    hazard = replace(QUIET.hazard, price_rise=0.0)
    assert value(state, rises=(rise,), hazard=hazard) == pytest.approx(((fees * 0.62 - 1.5) * STAYING * WORTH).sum())


def test_a_product_given_up_stops_paying_and_one_taken_later_brings_nothing(households, small_world, value):
    state = households(2, signup=small_world.until - 900)
    state.held[:, 3], state.fee[:, 3] = True, 1_000
    gone = replace(QUIET.terms, dropped=(0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0), added=(0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    expected = ((40 * 0.62 - 1.5) * STAYING * WORTH).sum() + 10 * 0.35 * (STAYING * WORTH)[0]
    assert value(state, terms=gone) == pytest.approx(expected)


def test_a_plan_changed_by_choice_counts_as_kept(households, small_world, value):
    state = households(2, signup=small_world.until - 900)
    up = replace(QUIET.terms, upgrade=1.0)
    assert value(state, terms=up) == pytest.approx(value(state))


def test_charges_tickets_and_credits_are_expected(households, small_world, value):
    state = households(1_500, signup=small_world.until - 900)
    bills = replace(QUIET.bills, usage_line=1.0, usage_amount=(np.log(500.0), 0.0))
    assert value(state, bills=bills) == pytest.approx(((45.1 * 0.62 - 1.5) * STAYING * WORTH).sum(), abs=0.5)
    service = replace(
        QUIET.service, tickets=2.0, unhappy=0.0, outage=0.0, handle_minutes=(np.log(10.0), 0.0), visit=0.0
    )
    assert value(state, service=service) < value(state) - 2 * 8 * STAYING.sum() * 0.7
    state.credit[:], state.credits_left[:], state.term_end[:] = 400, 3, NEVER
    expected = ((40 * 0.62 - 1.5) * STAYING * WORTH).sum() - 4 * 0.62 * (STAYING * WORTH)[:3].sum()
    assert value(state) == pytest.approx(expected)


def test_the_ledger_keeps_charges_credits_and_costs_by_account_and_nothing_else():
    ledger = Ledger(3)
    ledger.add("invoices", customer=np.array([0, 2]), kind=0, amount=np.array([4_000, 4_000]))
    ledger.add("invoices", customer=np.array([2, 2]), kind=1, amount=np.array([300, 50]))
    ledger.add("invoices", customer=np.array([0]), kind=3, amount=np.array([-500]))
    ledger.add("tickets", customer=np.array([-1, 1]), cost=np.array([900, 700]))
    ledger.add("surveys", customer=np.array([1]))
    assert list(ledger.charges) == [-500, 0, 350]
    assert list(ledger.tickets) == [0, 700, 0]
    assert ledger.rows("invoices") == {}
