"""What the page of a customer says is to be done."""

from __future__ import annotations

import pandas as pd

from analysis.present.wording.card_proposal import LEFT_ALONE, proposal

ROW = {
    "action": "call back", "reason": "service", "owner": "Head of service", "channel": "phone", "cost": 12.0,
    "due_date": pd.Timestamp("2026-10-03"), "expected_benefit": 28.13, "benefit_low": 14.07, "benefit_high": 42.2,
    "arm": "act",
}  # fmt: skip


def test_the_proposal_says_what_why_by_whom_until_when_and_for_what():
    got = proposal(ROW, currency="EUR")
    assert got == {
        "Action": "Call back", "Reason": "Service and network", "By": "Head of service", "Channel": "phone",
        "Until": "3 October 2026", "Cost": "€12.00", "Expected to keep": "€28.13 (€14.07 to €42.20)",
    }  # fmt: skip


def test_who_is_held_out_is_not_to_be_approached_and_nothing_proposed_says_nothing():
    assert proposal(ROW | {"arm": "control"}, currency="EUR") == {"Action": LEFT_ALONE}
    assert proposal({}, currency="EUR") == {}


def test_what_is_not_known_is_left_out():
    assert proposal({"action": "letter", "due_date": None}, currency="EUR") == {"Action": "Letter"}


def test_who_left_is_not_kept_but_brought_back() -> None:
    got = proposal(ROW | {"months_since": 2}, currency="EUR")
    assert "Expected to keep" not in got
    assert got["Expected to bring"] == "€28.13 (€14.07 to €42.20)"
