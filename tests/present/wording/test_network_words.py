"""Sentences about areas with a signal, and whom to call."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.fault_notices import STEPS, CallRule, Notices
from analysis.models.area_signals import BOTH, COMPLAINTS, NETWORK
from analysis.present.wording import network

QUARTER = Quarter(2026, 3)


def areas(*rows: tuple[str, bool, str]) -> pd.DataFrame:
    found = pd.DataFrame(list(rows), columns=["area_id", "standing", "evidence"])
    return found.assign(since=pd.Timestamp("2026-08-01"), speed_share=0.5, speed_usual=1.0)


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_bottom_line_names_the_areas_whose_signal_stands():
    told = areas(("N", True, BOTH), ("S", False, NETWORK))
    assert network.bottom_line(told, judged=40, quarter=QUARTER) == (
        "1 of the 40 areas judged has a signal in September 2026: N."
    )
    many = areas(*[(f"A{n}", True, BOTH) for n in range(7)])
    assert network.bottom_line(many, judged=40, quarter=QUARTER).endswith("A0, A1, A2, A3 and 3 more.")


def test_a_quiet_month_says_what_was_earlier_and_no_history_says_so():
    over = areas(("S", False, NETWORK))
    got = network.bottom_line(over, judged=40, quarter=QUARTER)
    assert got == "None of the 40 areas judged has a signal in September 2026; 1 area had one earlier in the quarter."
    assert network.bottom_line(areas(), judged=40, quarter=QUARTER).endswith("has a signal in September 2026.")
    assert "6 earlier months" in network.bottom_line(areas(), judged=0, quarter=QUARTER)


def test_what_the_source_does_not_give_is_said_first():
    assert "neither" in network.basis({}, judged=0, marked=True)[0]
    assert "rests on complaints alone" in network.basis({"tickets": 1}, judged=3, marked=True)[0]
    assert "measured network alone" in network.basis({"network": 1}, judged=3, marked=True)[0]
    both = {"tickets": 1, "network": 1}
    assert len(network.basis(both, judged=3, marked=True)) == 1
    assert "every contact counts" in network.basis(both, judged=3, marked=False)[0]
    assert network.basis(both, judged=0, marked=True) == []


def test_the_list_says_whether_complaints_and_network_agree():
    assert network.area_words(areas(("N", True, BOTH), ("S", True, NETWORK)), judged=9)["finding"].startswith(
        "In 1 area"
    )
    assert "network alone" in network.area_words(areas(("S", True, NETWORK)), judged=9)["finding"]
    assert "no area shows" in network.area_words(areas(("S", True, COMPLAINTS)), judged=9)["finding"].lower()
    rows = network.area_rows(areas(("N", True, BOTH), ("S", False, NETWORK)))
    assert rows["state"].tolist() == ["since Aug 2026", "over, since Aug 2026"]
    assert rows["speed"].tolist() == [-0.5, -0.5]


def notices(many: int) -> Notices:
    return Notices(pd.DataFrame({"clv": [100.0] * many}), pd.DataFrame({"step": STEPS, "customers": [0, 0, 0, many]}))


def called(many: int, failing: pd.DataFrame) -> str:
    return plain(network.call_line(notices(many), failing, judged=9, currency="EUR", smallest=11))


def test_who_is_called_is_told_with_what_they_are_worth_and_few_are_masked():
    failing = areas(("N", True, BOTH))
    assert called(44, failing) == (
        "44 customers in the 1 area with a failing network should be called first, together worth €4,400."
    )
    assert called(3, failing).startswith("Fewer than 11 customers")
    assert "worth" not in called(3, failing)
    assert called(0, failing).startswith("Nobody is to be called in the 1 area")
    assert "no area has a signal" in called(0, areas())


def test_the_rule_of_the_call_is_told_with_what_it_comes_to():
    rule = CallRule(["high", "medium"], 14, dt.date(2026, 9, 30))
    steps = pd.DataFrame({"step": STEPS, "customers": [60, 0, 0, 20], "masked": False})
    got = network.step_words(steps, areas(("N", True, BOTH)), rule)
    assert plain(got["finding"]) == "25 % of the active customers of these areas are to be called"
    assert "high and medium value" in got["subtitle"]
    assert "14 days" in plain(got["subtitle"])
    hidden = network.step_words(steps.assign(masked=True), areas(("N", True, BOTH)), rule)
    assert hidden["finding"].startswith("Some of the active customers")
    assert "nobody to place" in network.step_words(steps, areas(), rule)["finding"]
    assert network.step_rows(notices(3).steps, areas()).empty


def test_where_no_area_could_be_judged_nothing_is_cleared():
    assert "could be judged" in network.area_words(areas(), judged=0)["finding"]
    none = network.call_line(notices(0), areas(), judged=0, currency="EUR", smallest=11)
    assert "cannot be told" in none


def test_a_single_area_is_no_share_of_areas():
    got = network.bottom_line(areas(), judged=1, quarter=QUARTER)
    assert got == "The only area that can be judged has no signal in September 2026."
