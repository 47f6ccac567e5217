from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.differences import share_difference, shares_of
from analysis.policy.campaign_effects import Counts, drawn_by_lot, effects, left_by, primary


def arm(campaign: str, name: str, contacts: float, converted: float = 0.0, **more: object) -> dict:
    known = {"objective": "upsell", "randomised": True, "round": "c1", "known": contacts, "responded": converted}
    return {"campaign": campaign, "arm": name, "contacts": contacts, "converted": converted} | known | more


def lives(name: str, *rows: tuple[float, int, str, float], number: str = "c1") -> list[dict]:
    """Rows of exit, event, kind and customers."""
    columns = ("exit", "event", "kind", "n")
    return [
        {"campaign": "A", "round": number, "arm": name, "entry": 0.0} | dict(zip(columns, r, strict=True)) for r in rows
    ]


NOBODY = pd.DataFrame(columns=["campaign", "round", "arm", "exit", "event", "kind", "n", "entry"])


def test_a_campaign_is_drawn_by_lot_only_with_a_control_arm():
    arms = pd.DataFrame(
        [
            arm("A", "call", 50), arm("A", "control", 50), arm("B", "call", 50), arm("C", "control", 50),
            arm("D", "call", 50, randomised=False), arm("D", "control", 50, randomised=False),
        ]
    )  # fmt: skip
    assert drawn_by_lot(arms) == ["A"]


def test_an_effect_equals_a_direct_computation():
    arms = pd.DataFrame([arm("A", "mail", 200, 40), arm("A", "control", 100, 10)])
    got = effects(Counts(arms, NOBODY, False)).set_index("outcome").loc["converted"]
    want = share_difference(shares_of(40, 200), shares_of(10, 100), [1.0])
    assert got[["effect", "low", "high"]].tolist() == list(want[:3])
    assert got[["treated", "control", "events", "control_events"]].tolist() == [200, 100, 40, 10]


def test_of_a_control_arm_without_answers_no_difference_is_told():
    arms = pd.DataFrame([arm("A", "mail", 200, 40), arm("A", "control", 100, 0, known=0.0, responded=0.0)])
    assert effects(Counts(arms, NOBODY, False)).empty


def test_leaving_counts_by_choice_and_late_contacts_as_far_as_they_go():
    """Of 100 contacted, 10 are lost sight of at once, and 9 of the 90 others leave: a tenth."""
    rows = lives("call", (1.0, 0, "other", 10), (50.0, 1, "voluntary", 9), (92.0, 0, "other", 81))
    rows += lives("control", (50.0, 1, "voluntary", 20), (60.0, 1, "other", 5), (92.0, 0, "other", 75))
    arms = pd.DataFrame([arm("A", "call", 100, objective="retention"), arm("A", "control", 100, objective="retention")])
    got = effects(Counts(arms, pd.DataFrame(rows), True)).set_index("outcome").loc["left_3m"]
    assert got["share"] == pytest.approx(0.1)
    assert got["control_share"] == pytest.approx(0.2)
    assert got["low"] < -0.1 < got["high"]
    assert got["days"] == 91


def test_rounds_weigh_by_their_contacted():
    rows = [
        *lives("call", (50.0, 1, "voluntary", 30), (92.0, 0, "other", 270)),
        *lives("control", (50.0, 1, "voluntary", 20), (92.0, 0, "other", 80)),
        *lives("call", (50.0, 1, "voluntary", 50), (92.0, 0, "other", 50), number="c2"),
        *lives("control", (50.0, 1, "voluntary", 150), (92.0, 0, "other", 150), number="c2"),
    ]
    arms = pd.DataFrame([arm("A", "call", 400), arm("A", "control", 400)])
    got = effects(Counts(arms, pd.DataFrame(rows), True)).set_index("outcome").loc["left_3m"]
    assert got["effect"] == pytest.approx(0.75 * -0.1 + 0.25 * 0.0)


def test_a_round_too_young_to_be_followed_is_told_as_far_as_it_goes():
    rows = lives("call", (20.0, 1, "voluntary", 3), (31.0, 0, "other", 97))
    rows += lives("control", (20.0, 1, "voluntary", 8), (31.0, 0, "other", 92))
    arms = pd.DataFrame([arm("A", "call", 100), arm("A", "control", 100)])
    got = effects(Counts(arms, pd.DataFrame(rows), True)).set_index("outcome").loc["left_3m"]
    assert got["days"] == 30
    assert got["effect"] == pytest.approx(-0.05)


def test_nobody_who_left_has_an_honest_upper_edge():
    rows = pd.DataFrame(lives("call", (92.0, 0, "other", 50)))
    share, low, high = left_by(rows, 91)
    assert (share, low) == (0, 0)
    assert high == pytest.approx(0.0713, abs=1e-4)


@pytest.mark.parametrize(
    ("objective", "followed", "want"),
    [("retention", True, "left_3m"), (None, True, "left_3m"), (np.nan, True, "left_3m"), ("upsell", True, "converted"),
     ("retention", False, "converted")],
)  # fmt: skip
def test_a_campaign_is_judged_by_what_it_is_for(objective, followed, want):
    assert primary(objective, followed=followed) == want
