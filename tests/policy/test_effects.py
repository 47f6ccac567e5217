"""What policies are taken to do: measured where a campaign drawn by lot did, else stated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.uplift import Qini, fit_uplift, qini, uplift_scores
from analysis.policy.campaign_uplift import Uplift
from analysis.policy.effects import (
    FEW,
    SILENT,
    UNKNOWN,
    Effect,
    harmed_classes,
    relative,
    stated,
    stray_campaigns,
    taken_effects,
)
from analysis.policy.options import HARMED, open_options
from analysis.present.wording.effects import misnamed, notes

NO_CLASSES = pd.DataFrame(columns=["campaign", "variant", "dimension", "class", "effect", "error"])


def measured(**changes: object) -> dict[str, object]:
    """30 of 1,000 left in the arm that was contacted, 60 of 1,000 in the one held out."""
    usual: dict[str, object] = {
        "campaign": "Stay", "variant": "call", "outcome": "left_3m", "share": 0.03, "control_share": 0.06,
        "events": 30.0, "control_events": 60.0, "treated": 1000.0, "control": 1000.0, "masked": False,
    }  # fmt: skip
    return usual | changes


def taken(policy, *rows: dict[str, object], classes: pd.DataFrame = NO_CLASSES, models=()) -> Effect:
    table = pd.DataFrame(list(rows), columns=list(measured()))
    return taken_effects([policy], table, classes=classes, models=models)[policy.name]


def test_a_measured_effect_is_the_share_of_the_risk_that_was_taken_away_with_the_interval_of_a_ratio(policy) -> None:
    got = taken(policy(campaign="Stay: call", effect=0.2), measured())
    assert (got.share, got.measured, got.lack) == (pytest.approx(0.5), True, None)
    reach = np.exp(1.959964 * np.sqrt(1 / 30 - 1 / 1000 + 1 / 60 - 1 / 1000))
    assert (got.low, got.high) == (pytest.approx(1 - 0.5 * reach), pytest.approx(1 - 0.5 / reach))
    assert taken(policy(campaign="Stay"), measured()) == got


def test_a_campaign_after_which_more_left_takes_nothing_away() -> None:
    got = relative(measured(share=0.09, events=90.0))
    assert got is not None
    assert got.share == pytest.approx(-0.5)
    assert got.low < got.share < got.high


@pytest.mark.parametrize(
    ("rows", "campaign", "lack"),
    [
        ([measured()], None, None),
        ([measured()], "Stay: letter", UNKNOWN),
        ([measured(), measured(variant="letter")], "Stay", UNKNOWN),
        ([measured(outcome="converted")], "Stay: call", SILENT),
        ([measured(masked=True)], "Stay: call", FEW),
        ([measured(events=0.0, share=0.0)], "Stay: call", FEW),
        ([], "Stay: call", UNKNOWN),
    ],
)
def test_what_no_campaign_measured_stays_an_assumption_and_says_why(policy, rows, campaign, lack) -> None:
    line = policy(campaign=campaign, effect=0.2)
    got = taken(line, *rows)
    assert got == stated(line, lack=lack)
    assert (got.share, got.low, got.high) == (0.2, pytest.approx(0.1), pytest.approx(0.3))


@pytest.mark.parametrize(
    ("campaign", "near"),
    [
        ("Stay: cal", ["Stay: call", "Stay: letter", "Win: mail"]),
        ("stay: LETTER", ["Stay: letter", "Stay: call", "Win: mail"]),
        ("Stay", ["Stay: call", "Stay: letter"]),
        ("Stay: call", None),
        ("Win", None),
        (None, None),
    ],
)
def test_a_campaign_that_there_is_not_is_told_with_the_names_nearest_to_it(policy, campaign, near) -> None:
    rows = [
        measured(),
        measured(outcome="converted"),
        measured(variant="letter"),
        measured(campaign="Win", variant="mail"),
    ]
    line = policy(campaign=campaign)
    got = stray_campaigns([line], pd.DataFrame(rows))
    assert got == ({} if near is None else {line.name: near})
    assert [one.partition(": “")[0] for one in misnamed([line], got)] == [f"policies.{name}.campaign" for name in got]


def test_the_nearest_names_stand_in_the_report_and_in_what_the_run_says(policy) -> None:
    line = policy(campaign="Stya: call")
    stray = stray_campaigns([line], pd.DataFrame([measured()]))
    near = " The nearest there are: “Stay: call”."
    (said,) = misnamed([line], stray)
    assert said.startswith(f"policies.{line.name}.campaign: “Stya: call” names no campaign drawn by lot, or more than")
    assert said.endswith(f"what the action does stays as the table states.{near}")
    assert notes([line], {line.name: stated(line, lack=UNKNOWN)}, stray)[0].endswith(f"it stays an assumption.{near}")
    assert stray_campaigns([line], pd.DataFrame(columns=list(measured()))) == {line.name: []}


def classes(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["dimension", "class", "effect", "error"])
    return table.assign(campaign="Stay", variant="call")


def test_classes_that_were_clearly_harmed_are_named_all_that_were_looked_at_reckoned_with() -> None:
    one = ("usage", "light", -0.10, 0.02)
    assert harmed_classes(classes(one, ("usage", "heavy", 0.1, 0.02))) == (("usage", "light"),)
    assert harmed_classes(classes(("usage", "light", -0.05, 0.024))) == (("usage", "light"),)
    many = [("region", f"r{n}", 0.01, 0.02) for n in range(20)]
    assert harmed_classes(classes(("usage", "light", -0.05, 0.024), *many)) == ()
    assert harmed_classes(classes()) == ()


def test_who_a_contact_would_harm_is_left_out(policy, customers) -> None:
    line = policy(campaign="Stay: call")
    effect = taken(line, measured(), classes=classes(("lifecycle", "mature", -0.1, 0.02)))
    rows = customers({"customer_id": "a"})
    got = open_options(rows, [line], {"price": effect})
    assert got["hindered"].tolist() == [HARMED]
    assert "mature (lifecycle)" in notes([line], {"price": effect})[0]


def test_an_uplift_model_leaves_out_whom_it_expects_to_be_harmed_where_it_is_trusted(policy, customers) -> None:
    random = np.random.default_rng(4)
    treated, asleep = random.integers(0, 2, 8000), random.integers(0, 2, 8000)
    good = (random.random(8000) < 0.7 + np.where(asleep == 1, -0.2, 0.2) * treated).astype("int64")
    seen = {"attr_asleep": asleep.astype(float), "tenure_months": 5.0, "landmark": pd.Timestamp("2026-01-01")}
    rows = pd.DataFrame(seen)
    scores = uplift_scores(rows, ["attr_asleep"], treated=treated, good=good)
    judged = qini(scores, treated=treated, good=good)
    model = fit_uplift(rows, ["attr_asleep"], treated=treated, good=good)
    line = policy(campaign="Stay: call")
    two = customers({"customer_id": "a", "attr_asleep": 1.0}, {"customer_id": "b", "attr_asleep": 0.0})
    two = two.assign(tenure_months=5.0, landmark=pd.Timestamp("2026-09-30"))
    effect = taken(line, measured(), models=[Uplift("Stay", "call", judged, model)])
    assert open_options(two, [line], {"price": effect})["hindered"].eq(HARMED).tolist() == [True, False]
    doubtful = Qini(judged.curve, 0.01, -0.01, 0.03, 8000)
    effect = taken(line, measured(), models=[Uplift("Stay", "call", doubtful, model)])
    assert open_options(two, [line], {"price": effect})["hindered"].isna().all()


def test_benefits_carry_the_interval_of_their_effect(policy, customers) -> None:
    line = policy()
    got = open_options(customers({"customer_id": "a"}), [line], {"price": Effect(0.2, -0.1, 0.5, measured=True)})
    assert got[["low", "benefit", "high"]].iloc[0].tolist() == [-10.0, 20.0, 50.0]


def test_words_say_what_was_measured_and_what_is_assumed(policy) -> None:
    line, other = policy(campaign="Stay: call", effect=0.2), policy("letter")
    both = {"price": Effect(0.12, -0.03, 0.25, measured=True), "letter": stated(other)}
    got = notes([line, other], both)
    assert "took away 12 % of the risk" in got[0].replace("\xa0", " ")
    assert "not clearly more than nothing" in got[0]
    assert got[1] == "What the other actions do is assumed."
    assert "no campaign of that name" in notes([line], {"price": stated(line, lack=UNKNOWN)})[0]
    assert "not proposed" in notes([line], {"price": Effect(-0.1, -0.3, 0.1, measured=True)})[0]
    assert notes([other], both)[0].startswith("What every action does is assumed")
