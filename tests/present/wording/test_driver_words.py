"""What is said of drivers, word by word."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.models.drivers.design import ABSENT
from analysis.models.drivers.fit_quality import NOT_JUDGED, OutOfSample
from analysis.models.drivers.shares import SHARES, Shares
from analysis.models.drivers.study import EFFECTS, Study
from analysis.present.wording import drivers, drivers_trust

NOTHING = Study(
    "There are no answers.", pd.DataFrame(columns=list(EFFECTS)), pd.DataFrame(columns=["driver", "reason"]),
    NOT_JUDGED, {}, 0, 0, False,
)  # fmt: skip


def told(*rows: tuple) -> Study:
    effects = pd.DataFrame([(*row, 1.2, 500) for row in rows], columns=list(EFFECTS))
    return Study("", effects, NOTHING.left_out, OutOfSample(0.12, 0.08, 0.16, 500), {}, 500, 40, True)


NPS = told(("outage_hours", None, 1.0, -0.15, -0.25, -0.05), ("net_fee", None, 10.0, -0.2, -0.3, -0.1),
           ("age", None, 10.0, 0.01, -0.1, 0.12))  # fmt: skip


def test_the_bottom_line_names_the_clearest_steps_with_their_effects():
    assert drivers.bottom_line(NPS, currency="EUR") == (
        "Clearest of what goes with the recommendation score (0 to 10): €10 a month more, same products (−0.20) "
        "and one more hour of outage a month (−0.15)."
    )


def test_without_answers_the_section_says_so():
    assert drivers.bottom_line(NOTHING, currency="EUR") == (
        "What drives satisfaction cannot be told. There are no answers."
    )
    assert drivers.outage_worth(NOTHING, NOTHING, currency="EUR") == (
        "What one less hour of outage would be worth cannot be told: answers and outages are not both on record."
    )
    assert drivers.effect_words(NOTHING, "nps", NOTHING.effects, currency="EUR")["finding"] == (
        "What moves the recommendation score (0 to 10) cannot be told. There are no answers."
    )


def test_one_less_hour_is_told_with_its_interval_and_a_warning():
    got = drivers.outage_worth(NPS, NOTHING, currency="EUR")
    assert got.startswith(
        "One less hour of outage a month, for three months, goes with a recommendation score 0.15 points higher "
        "(95 % interval 0.05 to 0.25). In money it is not told here:"
    )
    assert got.endswith("a trial with a control group would tell.")


def test_one_less_hour_that_may_be_nothing_is_told_as_that():
    unclear = told(("outage_hours", None, 1.0, -0.05, -0.15, 0.05))
    assert ": not clearly different from nothing." in drivers.outage_worth(unclear, NOTHING, currency="EUR")


def test_an_hour_that_goes_with_better_answers_is_told_as_that():
    odd = told(("outage_hours", None, 1.0, 0.05, -0.05, 0.15))
    assert "a recommendation score 0.05 points lower" in drivers.outage_worth(odd, NOTHING, currency="EUR")


def test_the_title_of_effects_names_the_largest_of_what_is_shown():
    worth = told(("download", None, 1.0, 4.0, 3.0, 5.0), ("area", "rural, not urban", 1.0, -4.2, -5.2, -3.2))
    rows = drivers.effect_rows(worth, currency="EUR", smallest=11)
    finding = drivers.effect_words(worth, "margin", rows, currency="EUR")["finding"]
    assert finding.startswith(rows["name"].iloc[0])
    assert finding.endswith("2 of 2 are clear")


def test_classes_of_few_rows_are_left_out():
    rows = told(("technology", "fibre, not dsl", 1.0, 0.3, 0.1, 0.5))
    small = Study(**{**vars(rows), "effects": rows.effects.assign(rows=10)})
    assert drivers.effect_rows(rows, currency="EUR", smallest=11)["name"].tolist() == ["Technology: fibre, not dsl"]
    assert drivers.effect_rows(small, currency="EUR", smallest=11).empty


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        (OutOfSample(0.12, 0.08, 0.16, 500), "the drivers take away 12 % of the squared error"),
        (OutOfSample(0.01, -0.02, 0.03, 500), "The drivers do not foretell satisfaction better than its mean does"),
        (NOT_JUDGED, "How well the drivers foretell satisfaction could not be judged."),
    ],
)
def test_the_fit_is_told_beside_the_mean(fit, words):
    assert words in drivers_trust.fit_sentence(fit, "satisfaction").replace("\N{NO-BREAK SPACE}", " ")


def test_who_answers_is_told():
    table = pd.DataFrame(
        [
            ("all", 900, 300, 0.333, 0.30, 0.36),
            ("60 or older", 300, 150, 0.5, 0.45, 0.55),
            ("under 30", 300, 60, 0.2, 0.16, 0.25),
        ],
        columns=["class", "sent", "answered", "share", "low", "high"],
    )  # fmt: skip
    got = drivers_trust.response_sentence(table).replace("\N{NO-BREAK SPACE}", " ")
    assert got == (
        "33 % of the surveys sent were answered (900 sent), most often by customers 60 or older (50 %), least by those "
        "under 30 (20 %). The effects are those on the answers of who answers; who is silent may feel otherwise."
    )


def test_shares_of_promoters_are_told_in_points_and_the_assumption_with_them():
    effects = pd.DataFrame(
        [("outage_hours", -0.02, -0.03, -0.01, 0.015, 0.005, 0.025)],
        columns=list(SHARES),
    )  # fmt: skip
    first, second = drivers_trust.share_sentences(Shares("", effects, 0.01), currency="EUR")
    assert first == "One more hour of outage a month: promoters −2.0 points (−3.0 to −1.0), detractors +1.5 points."
    assert second.startswith("The two borders, detractor to passive and passive to promoter, do not move alike")
    assert "could not be tested" in drivers_trust.share_sentences(Shares("", effects, np.nan), currency="EUR")[1]


def test_what_was_left_out_is_told_once():
    left = pd.DataFrame({"driver": ["age", "age"], "reason": ["The source does not tell it."] * 2})
    got = drivers_trust.left_out_rows(Study(**{**vars(NOTHING), "left_out": left}))
    assert got.to_numpy().tolist() == [["Age, years", "The source does not tell it."]]
    assert drivers_trust.left_out_words(got)["finding"] == "1 driver was left out"


def test_what_one_regression_has_or_only_holds_constant_is_not_said_to_be_missing():
    absent = [("age", ABSENT), ("outage_hours_now", ABSENT), ("tickets", ABSENT)]
    margin = replace(NOTHING, left_out=pd.DataFrame(absent, columns=["driver", "reason"]))
    assert len(drivers_trust.left_out_rows(NPS, margin)) == 1
