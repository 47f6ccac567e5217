"""The whole study on small sources: what it says of them, and that nothing it may lack stops it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from tests.frames.conftest import TYPES

from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine
from analysis.frames.months import months
from analysis.frames.observation import Observation
from analysis.frames.population import population
from analysis.frames.spells import spells
from analysis.measures.margin import Costs
from analysis.policy.campaign_study import Sources, Study, campaign_study, effects_table, mean_value
from analysis.run.class_params import class_rules
from analysis.run.params import shipped_classes

SEEN = Observation(dt.date(2026, 9, 30), dt.date(2025, 1, 1))
COSTS = Costs({"default": 0.6}, 1.5, 6.0)
SIZE = 400


def made(engine: Engine, **changed: pd.DataFrame | None) -> Study:
    """The study of a provider of 400 customers, half of them contacted on 2 March; tables changed or taken away."""
    names = [f"c{number:03d}" for number in range(SIZE)]
    left = [dt.date(2026, 4, 1) if number % 10 == 0 else None for number in range(SIZE)]
    held = pd.DataFrame({"subscription_id": names, "customer_id": names, "product": "broadband", "plan": "a"})
    tables: dict[str, pd.DataFrame | None] = {
        "customers": pd.DataFrame({"customer_id": names, "signup_date": dt.date(2025, 1, 1), "churn_date": left}),
        "subscriptions": held.assign(start_date=dt.date(2025, 1, 1), end_date=left, monthly_fee=30.0),
        "campaigns": CAMPAIGNS,
        "contacts": contacts(names),
    }
    kept = {name: table for name, table in (tables | changed).items() if table is not None}
    people = population({name: whole(engine, name, table) for name, table in kept.items()}, engine=engine).tables
    lives = engine.table(spells(people, SEEN))
    sources = Sources(people, lives, engine.table(months(lives, people, SEEN)), SEEN, engine)
    return campaign_study(sources, rules=RULES, costs=COSTS, value=500.0)


RULES = class_rules(shipped_classes(), currency="EUR")
CAMPAIGNS = pd.DataFrame(
    {"campaign_id": ["c1"], "name": ["Stay 2026-03"], "objective": ["retention"], "randomised": [True],
     "start_date": [dt.date(2026, 3, 1)], "fixed_cost": [100.0]}
)  # fmt: skip


def contacts(names: list[str], *, day: str = "2026-03-02 10:00") -> pd.DataFrame:
    arms = ["call" if number % 2 else "control" for number in range(len(names))]
    told = pd.DataFrame({"campaign_id": "c1", "customer_id": names, "arm": arms, "contacted_at": pd.Timestamp(day)})
    return told.assign(contact_cost=[4.0 if arm == "call" else 0.0 for arm in arms])


def whole(engine: Engine, name: str, table: pd.DataFrame):
    """A contract table with every column, those not given missing."""
    types = {column.name: column.type for column in CONTRACT[name].columns}
    rows = {one: list(table[one]) if one in table else [None] * len(table) for one in types}
    arrays = {
        one: pa.array([_cell(cell, types[one]) for cell in cells], TYPES[types[one]]) for one, cells in rows.items()
    }
    return engine.table(pa.table(arrays))


def _cell(cell: object, kind: str) -> object:
    if cell is None or pd.isna(cell):
        return None
    return Decimal(str(cell)) if kind == "money" else cell


@pytest.fixture
def study() -> Callable[..., Study]:
    with Engine() as engine:
        yield lambda **changed: made(engine, **changed)


def test_who_was_contacted_leaves_less_and_it_is_said_at_what_cost(study):
    """Of the 200 held out 40 left, of the 200 contacted nobody: only even numbers leave."""
    got = study()
    row = got.effects.set_index("outcome").loc["left_3m"]
    assert row[["share", "control_share", "effect"]].tolist() == pytest.approx([0.0, 0.2, -0.2])
    paid = got.returns.iloc[0]
    assert paid["cost"] == pytest.approx(4.5)
    assert paid["per_won"] == pytest.approx(22.5)
    assert paid["break_even"] == pytest.approx(0.009)
    revenue = got.money.set_index("outcome").loc["revenue"]
    assert revenue["effect"] == pytest.approx(0.2 * 90)  # three months of thirty of a fifth who would be gone
    assert got.checks.iloc[0][["contacts", "control", "chance"]].tolist() == [400, 200, 1.0]


def test_the_stage_table_has_a_row_per_outcome_with_its_cost(study):
    table = effects_table(study())
    assert table["outcome"].tolist() == ["left_3m", "revenue", "margin"]
    assert table["cost_per_contact"].tolist() == pytest.approx([4.5] * 3)
    assert table["randomised"].all()


@pytest.mark.parametrize(
    ("changed", "lack"),
    [({"campaigns": None}, "campaigns"), ({"contacts": None}, "contacts"), ({"contacts": contacts([])}, "nobody")],
)
def test_without_campaigns_the_study_says_so_and_its_tables_are_empty(study, changed, lack):
    got = study(**changed)
    assert got.lack == lack
    assert effects_table(got).empty
    assert got.classes.empty and got.interactions.empty


def test_a_campaign_without_a_control_arm_is_not_drawn_by_lot(study):
    names = [f"c{number:03d}" for number in range(SIZE)]
    got = study(contacts=contacts(names).assign(arm="call"))
    assert got.effects.empty
    assert got.apart == ["Stay"]  # everybody was contacted: there is nobody to compare with


def test_a_campaign_without_a_lot_is_compared_with_others(study):
    names = [f"c{number:03d}" for number in range(SIZE)]
    own = contacts(names)
    got = study(campaigns=CAMPAIGNS.assign(randomised=False), contacts=own[own["arm"] == "call"])
    assert got.effects.empty
    [one] = got.observed
    assert (one.treated, one.others) == (200, 200)
    assert one.left.value == pytest.approx(-0.2, abs=0.05)
    assert one.auc == pytest.approx(0.5, abs=0.1)  # by lot in truth: nothing on record tells who was contacted
    assert "missing" in one.flags and "service" in one.missing
    assert effects_table(got)["randomised"].tolist() == [False]


def test_a_campaign_under_way_is_followed_as_far_as_it_goes(study):
    names = [f"c{number:03d}" for number in range(SIZE)]
    got = study(contacts=contacts(names, day="2026-09-20 10:00"))
    assert got.running == ["Stay"]
    assert got.effects["days"].tolist() == [10]
    assert got.money["effect"].isna().all()


def test_columns_without_a_value_stop_nothing(study):
    names = [f"c{number:03d}" for number in range(SIZE)]
    bare = CAMPAIGNS.assign(objective=None, fixed_cost=None)
    got = study(campaigns=bare, contacts=contacts(names).assign(contact_cost=None))
    assert got.effects["outcome"].tolist() == ["left_3m"]
    assert got.returns[["cost", "roi"]].isna().all(axis=None)


def test_without_a_table_of_values_no_worth_is_known():
    assert np.isnan(mean_value(None))
