"""Warning orders: one each, most at risk first, within time and money, and beside nothing that is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.policy.actions import ACT, HOLD_OUT
from analysis.policy.effects import stated
from analysis.policy.options import HARMS, ORDERED, REFUSES
from analysis.policy.table import Policy, Team
from analysis.policy.warning_figures import THIRDS, counts, left_alone, order_groups, warning_kpis
from analysis.policy.warnings import FULL, HELD, LISTED, UNVALUED, Month, Warnings, warnings
from analysis.present import warning_page
from analysis.present.wording import warnings as wording

AS_OF = dt.date(2026, 9, 30)
TEAMS = {"retention": Team("retention", "Head of retention", 300), "desk": Team("desk", "Head of the desk", 30)}
CHECK = Policy("check", "look", "", "desk", "none", 0.05, 3, {}, marketing=False, cost=1.0)
NONE = pd.DataFrame(columns=["rule", "within", "precision", "recall", "by_choice"])


@pytest.fixture
def made(customers, policy) -> Callable[..., Warnings]:
    """The orders for customers of a chance of 4 %, one policy (call, 10 each, keeps 20 %) and the check."""

    def orders(*rows: dict[str, object], time=None, money=None, holdout=0.0, **call: object) -> Warnings:
        usual = {"listed": None, "chance": 0.04, "warned_by": "sign"}
        told = customers(*rows).pipe(lambda one: one.assign(**{k: v for k, v in usual.items() if k not in one}))
        cause = told[["customer_id", "chance", "warned_by"]].assign(reason="price", reasons="price", signs="")
        lines = [policy(**call)]
        month = Month(AS_OF, AS_OF, holdout, TEAMS, time or {}, money, CHECK)
        people = told.drop(columns=["chance", "warned_by"])
        return warnings(cause, people, lines, {one.name: stated(one) for one in lines}, month)

    return orders


def test_every_order_has_all_that_is_needed(made) -> None:
    got = made({"customer_id": "a", "clv": 1000.0}).rows
    row = got.iloc[0]
    # 20 % of a risk of 10 % of 1,000 is 20, less 10; the check keeps 5 and costs 1.
    assert (row["action"], row["expected_benefit"], row["cost"], row["net"]) == ("price call", 20.0, 10.0, 10.0)
    assert row["at_risk"] == pytest.approx(0.04 * 1000)
    assert (row["owner"], row["team"], row["due_date"]) == (
        "Head of retention",
        "retention",
        pd.Timestamp("2026-10-07"),
    )
    assert got.notna().all().all()


def test_where_no_policy_pays_the_account_is_looked_at_and_where_that_does_not_either_nothing_is_done(made) -> None:
    got = made({"customer_id": "a", "clv": 400.0}, {"customer_id": "b", "clv": 100.0})
    assert got.rows[["customer_id", "action", "cost"]].to_numpy().tolist() == [["a", "look", 1.0]]
    assert got.why.to_dict() == {"b": HARMS}


@pytest.mark.parametrize(
    ("stands", "why"),
    [
        ({"listed": ACT}, LISTED), ({"listed": HOLD_OUT}, HELD), ({"ordered": 1}, ORDERED), ({"refuses": 1}, REFUSES),
        ({"clv": np.nan}, UNVALUED), ({"voluntary_3m": np.nan}, UNVALUED), ({"listed": ACT, "ordered": 1}, LISTED),
    ],
)  # fmt: skip
def test_who_is_left_alone_and_why(made, stands, why) -> None:
    got = made({"customer_id": "a"} | stands, {"customer_id": "b"})
    assert got.rows["customer_id"].tolist() == ["b"]
    assert got.why.to_dict() == {"a": why}


def test_without_consent_no_marketing_is_done_but_the_account_can_be_looked_at(made) -> None:
    got = made({"customer_id": "a", "consents_phone": 0}).rows
    assert got[["action", "marketing"]].to_numpy().tolist() == [["look", False]]


def test_those_most_at_risk_come_first_and_time_and_money_end_the_list(made) -> None:
    rows = [{"customer_id": f"c{n}", "clv": 1000.0 + n} for n in range(6)]
    got = made(*rows, time={"retention": 2, "desk": 3})
    assert got.rows["customer_id"].tolist() == ["c5", "c4", "c3", "c2", "c1"]
    assert got.rows["team"].tolist() == ["retention"] * 2 + ["desk"] * 3
    assert got.rows["priority"].tolist() == [1, 2, 3, 4, 5]
    assert got.why.to_dict() == {"c0": FULL}
    poor = made(*rows, money=12.0).rows
    assert poor["cost"].tolist() == [10.0, 1.0, 1.0]


def test_of_equals_the_smaller_id_comes_first(made) -> None:
    got = made({"customer_id": "b"}, {"customer_id": "a"}, time={"retention": 1, "desk": 0}).rows
    assert got["customer_id"].tolist() == ["a"]


def test_who_is_held_out_by_lot_takes_no_time_and_comes_last(made) -> None:
    rows = [{"customer_id": f"c{n:03d}", "clv": 2000.0 - n} for n in range(200)]
    got = made(*rows, holdout=0.2, time={"retention": 50, "desk": 0})
    held = got.rows[got.rows["arm"] == HOLD_OUT]
    assert len(got.acted) == 50
    assert 0 < len(held) < 25
    assert got.rows["arm"].tolist() == [ACT] * 50 + [HOLD_OUT] * len(held)
    assert (got.why[held["customer_id"]] == HELD).all()
    # Held out are those who would have had their turn: nobody beyond the last order.
    assert held["at_risk"].min() >= got.acted["at_risk"].min()


def test_nobody_gives_cause_and_nothing_breaks(made, customers) -> None:
    got = made({"customer_id": "a"})
    cause = pd.DataFrame(columns=["customer_id", "chance", "warned_by", "reason", "reasons", "signs"])
    month = Month(AS_OF, AS_OF, 0.1, TEAMS, {}, None, CHECK)
    empty = warnings(cause, customers({"customer_id": "a"}).assign(listed=None), [], {}, month)
    assert empty.rows.empty
    assert list(empty.rows.columns) == list(got.rows.columns)
    assert wording.bottom_line(empty, currency="EUR", smallest=11).startswith("Nobody gives cause")
    assert len(wording.limits(empty, left_alone(empty, smallest=11), month, chance=0.03, signs=[])) == 1
    none = left_alone(empty, smallest=11)
    assert wording.out_rows(none).empty
    assert wording.out_words(none)["finding"] == "Nobody who gives cause for warning is left without an order"


@pytest.fixture
def many(made) -> Warnings:
    rows = [{"customer_id": f"c{n:03d}", "clv": 1100.0 - n, "warned_by": ("sign", "model")[n % 2]} for n in range(66)]
    rows += [{"customer_id": f"x{n:03d}", "ordered": 1} for n in range(12)]
    return made(*rows, time={"retention": 33, "desk": 33})


def test_orders_in_groups_add_up_and_thirds_are_of_the_priority(many) -> None:
    got = order_groups(many, TEAMS, smallest=11)
    assert got.groupby("kind")["orders"].sum().to_dict() == dict.fromkeys(
        ["priority", "reason", "team", "warned_by"], 66
    )
    thirds = got[got["kind"] == "priority"]
    assert thirds["class"].tolist() == list(THIRDS)
    assert thirds["at_risk"].is_monotonic_decreasing
    assert thirds["at_risk"].sum() == pytest.approx(many.acted["at_risk"].sum())
    assert "Head of the desk" in set(got["class"])


def test_small_groups_are_masked(many) -> None:
    few = Warnings(many.rows.head(20), many.why)
    got = order_groups(few, TEAMS, smallest=11).set_index("class")
    assert got.loc["first third", "masked"]
    assert got.loc["first third", ["orders", "cost", "at_risk", "benefit"]].isna().all()
    told = left_alone(Warnings(many.rows, many.why.iloc[:3]), smallest=11).set_index("why")
    assert told.loc[ORDERED, "masked"]


def test_counts_of_the_manifest_tell_everybody_once(many) -> None:
    got = counts(many)
    assert got["orders"] == 66
    assert got["warned_of"] == 78
    assert got["orders_by"] == {"by signs alone": 33, "by the model alone": 33, "by both": 0}
    assert got["left_out"][ORDERED] == 12
    assert got["orders"] + sum(got["left_out"].values()) == got["warned_of"]


def plain(texts: list[str]) -> str:
    return " ".join(" ".join(texts).split())


def test_the_sentences_say_what_the_rows_hold(many) -> None:
    line = wording.bottom_line(many, currency="EUR", smallest=11)
    assert line.startswith("78 customers give cause for warning; 66 work orders go to those with most at risk: ")
    assert f"€{many.acted['at_risk'].sum():,.0f} are expected to be lost" in line
    month = Month(AS_OF, AS_OF, 0.1, TEAMS, {"retention": 33, "desk": 33}, None, CHECK)
    alone = left_alone(many, smallest=11)
    told = plain(wording.limits(many, alone, month, chance=0.03, signs=["Promotion about to end"]))
    assert (
        "flags the customer (Promotion about to end), or the chance of leaving within a month is at least 3.0 %" in told
    )
    assert "Neither time nor money stops any order" in told
    assert "12 customers got none, because an order for them is still open." in told
    full = Warnings(many.rows, pd.concat([many.why, pd.Series({"z": FULL})]))
    told = plain(wording.limits(full, left_alone(full, smallest=11), month, chance=0.03, signs=[]))
    assert "What limits the orders: the month’s time of Head of retention and Head of the desk." in told
    assert "no sign earns its place" in told


def test_the_page_shows_the_groups_and_few_orders_are_not_counted_out(many) -> None:
    page = warning_page.orders_page(
        order_groups(many, TEAMS, smallest=11), as_of=AS_OF, currency="EUR", source="S", smallest=11
    )
    assert "First third" in page.html
    few = Warnings(many.rows.head(3), many.why.iloc[:0])
    assert (
        wording.bottom_line(few, currency="EUR", smallest=11)
        == "Fewer than 11 customers give cause for warning; fewer than 11 orders are handed out."
    )


def test_key_figures_are_those_of_the_orders(many) -> None:
    got = {kpi.metric: kpi.value for kpi in warning_kpis(many, NONE, smallest=11)}
    assert got == {
        "warnings": 66,
        "warnings_cost": pytest.approx(33 * 10 + 33),
        "warnings_at_risk": pytest.approx(many.acted["at_risk"].sum()),
    }


def test_orders_for_nobody_have_the_types_of_any_other_orders(made, engine) -> None:
    full, none = made({"customer_id": "a", "clv": 1000.0}).rows, made({"customer_id": "a", "clv": 1.0}).rows
    assert (len(full), len(none)) == (1, 0)
    assert engine.table(none).collect_schema() == engine.table(full).collect_schema()


def test_the_cost_of_orders_is_not_told_where_it_would_tell_how_many_get_a_rare_action(many) -> None:
    rows = many.acted
    names = sorted(rows["policy"].unique())
    rare = Warnings(pd.concat([rows[rows["policy"] == names[0]], rows[rows["policy"] == names[1]].head(4)]), many.why)
    assert "warnings_cost" not in {kpi.metric for kpi in warning_kpis(rare, NONE, smallest=11)}
    line = wording.bottom_line(rare, currency="EUR", smallest=11)
    assert "cost" not in line
    assert "Most of them are: " in line
    assert "The orders cost €363" in wording.bottom_line(many, currency="EUR", smallest=11)
    same = Warnings(rows[rows["policy"] == names[0]], many.why)
    said = wording.bottom_line(same, currency="EUR", smallest=11)
    assert f"All of them are the same: {same.acted['action'].iloc[0]}." in said


def test_sentences_tell_nothing_that_the_table_of_those_left_alone_hides(many) -> None:
    month = Month(AS_OF, AS_OF, 0.1, TEAMS, {"retention": 33, "desk": 33}, None, CHECK)
    why = pd.Series([HELD] * 24 + [FULL] * 3 + [ORDERED] * 40, [f"w{n}" for n in range(67)])
    found = Warnings(many.rows, why)
    alone = left_alone(found, smallest=11)
    assert alone.set_index("why")["masked"][[HELD, FULL]].all()
    told = plain(wording.limits(found, alone, month, chance=0.03, signs=[]))
    assert "24" not in told
    assert "How many got none because the quarter’s lot holds them out" in told
    assert "40 customers got none, because an order for them is still open." in told
