"""The action list: one action each, a lot that leaves some alone, everything a person needs to act on it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.policy.action_figures import NOT_ENOUGH, action_kpis, by_policy, left_out
from analysis.policy.actions import ACT, HOLD_OUT, action_list, held_out, profit_curve
from analysis.policy.effects import stated
from analysis.policy.everyone import CUSTOMER
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
    curve = profit_curve(options, frame(budget=400.0))
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
    told = {kpi.metric: kpi.value for kpi in action_kpis(actions)}
    assert told["actions_net"] == pytest.approx(acted["expected_benefit"].sum() - told["actions_cost"])
    few = by_policy(actions.rows.groupby("policy").head(3), policies, smallest=11)
    assert few["masked"].all()


def of_customers(actions) -> pd.Series:
    return pd.Series(CUSTOMER, actions.rows.index, dtype=object)


def test_the_sentences_tell_the_list_and_its_limits(offered, frame) -> None:
    options, policies = offered
    actions = action_list(options, policies, frame(holdout=0.1, budget=300.0))
    line = " ".join(
        wording.bottom_line(actions, of_customers(actions), frame(budget=300.0), currency="EUR", smallest=11).split()
    )
    acted = actions.rows[actions.rows["arm"] == ACT]
    assert line.startswith(f"Actions for {len(acted)} customers at €{acted['cost'].sum():.0f} of €300")
    told = wording.limits(actions, frame(), {}, smallest=11)
    assert any("no consents" in text for text in told)
    assert any("held out by lot" in text for text in told)
    assert (
        "net: the budget stops short"
        in wording.curve_words(profit_curve(options, frame()), actions, currency="EUR")["finding"]
    )
    nothing = action_list(options.iloc[:0], policies, frame())
    assert wording.bottom_line(nothing, of_customers(nothing), frame(), currency="EUR", smallest=11).startswith(
        "No action is proposed"
    )
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
