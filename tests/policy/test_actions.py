"""The action list: one action each, a lot that leaves some alone, everything a person needs to act on it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.policy.action_figures import (
    NOT_ENOUGH,
    action_kpis,
    by_policy,
    left_out,
    list_kpis,
    list_point,
    shown_money,
)
from analysis.policy.actions import ACT, HOLD_OUT, action_list, held_out, profit_curve
from analysis.policy.effects import Effect, stated
from analysis.policy.everyone import CUSTOMER, by_kind
from analysis.policy.options import HARMS, NO_CONSENT, open_options
from analysis.policy.table import Team
from analysis.present.wording import actions as wording


@pytest.fixture
def offered(customers, policy):
    """400 customers of rising value with two policies; who is in a tenth of them has not consented."""
    policies = [policy("price", reason="price"), policy("letter", team="post", cost=1, offer_cost=0, effect=0.05)]
    rows = customers(
        *[
            {"customer_id": f"c{n:03d}", "clv": 10.0 * n, "consents_phone": int(n % 10 != 0)}
            for n in range(400)
        ]
    )  # fmt: skip
    return open_options(rows, policies, {one.name: stated(one) for one in policies}), policies


def test_every_customer_on_the_list_has_all_that_is_needed(offered, frame) -> None:
    options, policies = offered
    got = action_list(options, policies, frame()).rows
    assert got["customer_id"].is_unique
    assert got.notna().all().all()
    assert set(got["owner"]) == {"Head of retention", "Head of post"} & set(got["owner"])
    assert (got["due_date"] == pd.Timestamp("2026-10-07")).all()
    assert got["net"].is_monotonic_decreasing
    assert (got["net"] > 0).all()
    assert got["priority"].tolist() == list(range(1, len(got) + 1))


def test_nobody_without_consent_is_on_a_marketing_list(offered, frame) -> None:
    options, policies = offered
    hindered = set(options.loc[options["hindered"] == NO_CONSENT, "customer_id"])
    got = action_list(options, policies, frame(holdout=0.1)).rows
    assert hindered
    assert not hindered & set(got["customer_id"])


def test_the_lot_is_the_customers_own_and_takes_no_money(offered, frame) -> None:
    options, policies = offered
    got = action_list(options, policies, frame(holdout=0.2, budget=500.0)).rows
    held = got[got["arm"] == HOLD_OUT]
    drawn = held_out(options["customer_id"], 0.2, frame().as_of)
    assert set(held["customer_id"]) <= set(options.loc[drawn, "customer_id"])
    assert not set(got.loc[got["arm"] == ACT, "customer_id"]) & set(options.loc[drawn, "customer_id"])
    assert got.loc[got["arm"] == ACT, "cost"].sum() <= 500
    # Those held out are worth as much as those on the list: the same rule chose them.
    acted = got[got["arm"] == ACT]
    assert held["net"].mean() == pytest.approx(acted["net"].mean(), rel=0.3)
    assert len(held) / len(got) == pytest.approx(0.2, abs=0.07)


def test_the_lot_is_fair_and_another_one_next_quarter() -> None:
    names = pd.Series([f"C{n:06d}" for n in range(20_000)])
    one, other = (held_out(names, 0.1, day) for day in (dt.date(2026, 9, 30), dt.date(2026, 12, 31)))
    assert one.mean() == pytest.approx(0.1, abs=0.01)
    assert (one & other).mean() == pytest.approx(0.01, abs=0.003)


def test_teams_do_no_more_than_they_can(offered, frame) -> None:
    options, policies = offered
    teams = {"retention": Team("retention", "R", 5), "post": Team("post", "P", 7)}
    got = action_list(options, policies, frame(teams=teams)).rows
    assert got["team"].value_counts().to_dict() == {"post": 7, "retention": 5}


def test_more_money_never_brings_less_and_ever_less_more(offered, frame) -> None:
    options, _ = offered
    curve = profit_curve(options, frame(budget=400.0), None)
    steps = np.diff(curve["net"])
    assert (steps >= -1e-6).all()
    assert (np.diff(steps) <= 1.0).all()
    assert (curve["low"] <= curve["net"]).all()
    assert curve["budget"].max() == pytest.approx(800)


def test_everyone_left_out_has_one_reason(offered, frame) -> None:
    options, policies = offered
    rows = action_list(options, policies, frame(budget=300.0)).rows
    got = left_out(options, rows, smallest=5).set_index("why")["customers"]
    assert got[NO_CONSENT] == 40
    assert got[NOT_ENOUGH] > 0
    assert got.sum() == options["customer_id"].nunique() - len(rows)
    poor = options.assign(net=-1.0)
    alone = left_out(poor, rows.iloc[:0], smallest=11).set_index("why")["customers"]
    assert alone[HARMS] == 360


def test_figures_by_policy_add_up_and_small_lists_are_masked(offered, frame) -> None:
    options, policies = offered
    actions = action_list(options, policies, frame(holdout=0.1))
    got = by_policy(actions.rows, policies, smallest=11)
    acted = actions.rows[actions.rows["arm"] == ACT]
    assert got["customers"].sum() == len(acted)
    assert got["net"].sum() == pytest.approx(acted["net"].sum())
    told = {kpi.metric: kpi.value for kpi in action_kpis(actions, got)}
    assert told["actions_net"] == pytest.approx(acted["expected_benefit"].sum() - told["actions_cost"])
    few = by_policy(actions.rows.groupby("policy").head(3), policies, smallest=11)
    assert few["masked"].all()


def of_customers(actions) -> pd.Series:
    return pd.Series(CUSTOMER, actions.rows.index, dtype=object)


def test_the_sentences_tell_the_list_and_its_limits(offered, frame) -> None:
    options, policies = offered
    actions = action_list(options, policies, frame(holdout=0.1, budget=900.0))
    kinds = of_customers(actions)
    parts = by_kind(actions.rows, kinds, policies, smallest=11)
    line = wording.bottom_line(actions, kinds, parts, frame(budget=900.0), currency="EUR", smallest=11)
    acted = actions.rows[actions.rows["arm"] == ACT]
    assert line.startswith(f"Actions for {len(acted)} customers at €{acted['cost'].sum():.0f} of €900 together")
    told = wording.limits(actions, frame(), {}, smallest=11)
    assert any("no consents" in text for text in told)
    assert any("held out by lot" in text for text in told)
    assert (
        "net: the budget stops short"
        in wording.curve_words(profit_curve(options, frame(), None), actions, currency="EUR")["finding"]
    )
    nothing = action_list(options.iloc[:0], policies, frame())
    none = by_kind(nothing.rows, of_customers(nothing), policies, smallest=11)
    said = wording.bottom_line(nothing, of_customers(nothing), none, frame(), currency="EUR", smallest=11)
    assert said.startswith("No action is proposed")
    assert "too short" in wording.marginal(nothing, currency="EUR", smallest=11)
    assert wording.list_words(by_policy(nothing.rows, policies, smallest=11), policies, frame())["finding"].startswith(
        "No"
    )


def test_a_list_of_nobody_has_the_types_of_any_other_list(offered, frame, engine) -> None:
    options, policies = offered
    full, none = (action_list(rows, policies, frame(holdout=0.1)).rows for rows in (options, options.iloc[:0]))
    assert (len(none), len(full) > 0) == (0, True)
    stored = [engine.table(rows).collect_schema() for rows in (full, none)]
    assert stored[0] == stored[1]


def on_the_list(costs: dict[str, float], **sizes: int) -> pd.DataFrame:
    """Rows of a list: so many customers of each policy at its cost; the effect is assumed."""
    names = [name for name, many in sizes.items() for _ in range(many)]
    rows = pd.DataFrame({"customer_id": [f"c{n}" for n in range(len(names))], "policy": names, "arm": ACT})
    rows = rows.assign(cost=rows["policy"].map(costs), expected_benefit=20.0, benefit_low=10.0)
    return rows.assign(net=rows["expected_benefit"] - rows["cost"])


def test_numbers_in_hidden_rows_do_not_follow_from_money(policy, offered, frame) -> None:
    # 168 customers less 51 and 106 are 11; at 12 and 6 each they cost 126: ten and one.
    costs = {"a": 8.0, "b": 1.0, "c": 12.0, "d": 6.0}
    policies = [policy(name) for name in costs]
    rows = on_the_list(costs, a=51, b=106, c=10, d=1)
    kinds = pd.Series(CUSTOMER, rows.index, dtype=object)
    told = by_kind(rows, kinds, policies, smallest=11)
    assert told.set_index("policy")["masked"].to_dict() == {"a": False, "b": False, "c": True, "d": True}
    published = {"customers": 157, "cost": 51 * 8 + 106, "net": 157 * 20 - 514, "doubted": 157 * 10 - 514}
    assert shown_money(told).to_dict() == published
    whole = action_list(offered[0], policies=offered[1], frame=frame())
    actions = type(whole)(rows, whole.choice)
    kpis = {kpi.metric: kpi.value for kpi in action_kpis(actions, told)}
    assert kpis == {"actions": 168, "actions_cost": 514, "actions_net": 2626}
    both = {kpi.metric: kpi.value for kpi in list_kpis(told)}
    assert both == {"list_cost": 514, "list_net": 2626, "list_low": 1056}
    line = wording.bottom_line(actions, kinds, told, frame(budget=5000.0), currency="EUR", smallest=11)
    assert line == (
        "Actions are proposed for 168 customers. The actions whose numbers may be told cost €514 of €5,000, and "
        "are expected to bring €2,626 more than that; €1,056 if every effect is at its low end."
    )
    assert list_point(actions, told) is None
    short = type(whole)(rows.tail(11), whole.choice)
    few = by_kind(short.rows, kinds.tail(11), policies, smallest=11)
    assert [kpi.metric for kpi in action_kpis(short, few)] == ["actions"]
    line = wording.bottom_line(short, kinds.tail(11), few, frame(), currency="EUR", smallest=11)
    assert (
        line == "Actions are proposed for 11 customers. Their cost is not told: it would tell of actions that few get."
    )


def test_the_number_held_out_in_hidden_cells_does_not_follow_from_all(policy) -> None:
    costs = dict.fromkeys("abcd", 1.0)
    held = {"a": 19, "b": 12, "c": 4}  # 35 in all are told: less 19 and 12 they would be four
    rows = on_the_list(costs, a=50, b=40, c=30)
    control = on_the_list(costs, **held).assign(arm=HOLD_OUT)
    got = by_policy(pd.concat([rows, control]), [policy(name) for name in costs], smallest=11).set_index("policy")
    assert got["control_masked"].to_dict() == {"a": False, "b": True, "c": True}
    assert not got["masked"].any()
    # Four of a policy whose customers all drew the lot have no row, and would be told as well.
    absent = on_the_list(costs, a=19, b=12, d=4).assign(arm=HOLD_OUT)
    got = by_policy(pd.concat([rows, absent]), [policy(name) for name in costs], smallest=11).set_index("policy")
    assert got["control_masked"].to_dict() == {"a": False, "b": True, "c": False}


def test_the_curve_passes_through_the_list_and_is_blunt_where_the_list_may_not_be_told(offered, frame) -> None:
    options, policies = offered
    here = frame(holdout=0.2, budget=900.0)
    actions = action_list(options, policies, here)
    point = list_point(actions, by_policy(actions.rows, policies, smallest=11))
    curve = profit_curve(options, here, point).set_index("budget")
    assert curve.loc[point[0], "net"] == pytest.approx(point[1])
    assert (curve["low"] < curve["high"]).iloc[1:].all()
    blunt = profit_curve(options, frame(holdout=0.2), None)
    spent = action_list(options, policies, frame(holdout=0.2)).rows.query("arm == 'act'")["cost"].sum()
    assert blunt["budget"].max() > spent
    assert (blunt["low"] == blunt["high"]).all()


def test_the_policy_table_says_where_an_effect_comes_from_and_whether_it_is_clear(policy, frame) -> None:
    policies = [policy(name) for name in "abc"]
    effects = {
        "a": stated(policies[0]), "b": Effect(0.18, -0.26, 0.46, measured=True),
        "c": Effect(0.18, 0.02, 0.3, measured=True),
    }  # fmt: skip
    got = wording.policy_rows(policies, frame(), effects, {})["known"].tolist()
    assert got == ["assumed", "measured, not clear", "measured"]
    assert wording.policy_words(policies, effects)["finding"] == "3 policies, 2 with a measured effect"


def test_the_title_of_the_list_speaks_of_what_it_shows(policy, frame) -> None:
    policies = [policy(name) for name in "abc"]
    rows = on_the_list({"a": 8.0, "b": 1.0, "c": 2.0}, a=51, b=106)
    full = wording.list_words(by_policy(rows, policies, smallest=11), policies, frame())
    assert full["finding"] == "B call is expected to bring most"
    some = on_the_list({"a": 8.0, "b": 1.0, "c": 2.0}, a=11, b=106, c=2)
    part = wording.list_words(by_policy(some, policies, smallest=11), policies, frame())
    assert part["finding"] == "B call is expected to bring most of the actions whose numbers may be told"
